package table

import (
	"context"
	"io"
	"slices"

	"cadastro/internal/charset"
	"cadastro/internal/errs"
	"cadastro/internal/jsonrows"
	"cadastro/internal/vcard"
)

// records is what readers of formats give whose records name their own fields: cards, JSON objects.
type records interface {
	// Header gives the columns, in an order that is the same for every reading.
	Header() []string
	// Next gives the next record: the line on which it starts, one text per column (reused by the next call), and
	// what is wrong with it; io.EOF after the last.
	Next() (line int64, cells []string, issues []errs.Issue, err error)
}

// recordReader is the Reader of records.
type recordReader struct {
	records
	count  *counter
	lim    Limits
	header []string
	number int64
}

// openRecords reads src twice: once to learn the columns, once for the rows.
func openRecords(ctx context.Context, src Source, d Dialect, lim Limits) (Reader, error) {
	r := &recordReader{lim: lim.WithDefaults()}
	name := d.Charset
	if name == "" {
		name = charset.UTF8
	}
	open := func() (io.Reader, error) {
		r.count = &counter{src: &cancellable{ctx, src.Reader()}}
		return charset.NewReader(r.count, name)
	}
	var err error
	switch d.Format {
	case VCard:
		r.records, err = vcard.Open(open, vcard.Limits{CardBytes: 4 * lim.RecordBytes, CellBytes: lim.CellBytes, Columns: lim.Columns})
	case JSON, NDJSON:
		r.records, err = jsonrows.Open(open, d.Format == NDJSON, jsonrows.Limits{RecordBytes: 4 * lim.RecordBytes, CellBytes: lim.CellBytes, Columns: lim.Columns})
	default:
		return nil, errs.New(errs.Invalid, "file.format_unsupported", "format", string(d.Format))
	}
	if err != nil {
		return nil, readError(err)
	}
	r.header = tellApart(r.records.Header())
	return r, nil
}

// Header implements Reader.
func (r *recordReader) Header() []string { return r.header }

// Offset implements Reader.
func (r *recordReader) Offset() int64 { return r.count.n }

// Close implements Reader.
func (r *recordReader) Close() error { return nil }

// Read implements Reader.
func (r *recordReader) Read(row *Row) error {
	line, cells, issues, err := r.Next()
	if err != nil {
		return readError(err)
	}
	if r.number == r.lim.Rows {
		return errs.New(errs.TooLarge, "file.too_many_rows", "limit", r.lim.Rows)
	}
	r.number++
	row.Number, row.Line, row.Issues, row.Extra = r.number, line, issues, row.Extra[:0]
	row.Cells = slices.Grow(row.Cells[:0], len(r.header))[:len(r.header)]
	clear(row.Cells)
	copy(row.Cells, cells)
	return nil
}

var _ Reader = (*recordReader)(nil)
