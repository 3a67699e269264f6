package ods

import (
	"io"
	"strconv"

	"cadastro/internal/errs"
	"cadastro/internal/sheet"
	"cadastro/internal/sheet/pack"
	"cadastro/internal/sheet/xmlscan"
)

// maxRepeated bounds the filled cells that repetition may make of a sheet: a few bytes can ask for 17 thousand million.
const maxRepeated = 50 << 20

// rows streams one table.
type rows struct {
	book  *Book
	zip   *pack.Reader
	s     *xmlscan.Scanner
	line  int64 // of the row that was given last
	count int64
	ended bool

	kept     []sheet.Cell // the row that is being repeated
	hidden   bool
	repeat   int64 // how many times more
	repeated int64 // cells made by repetition
	bytes    int   // text of the row
	text     []byte
}

// Rows implements sheet.Book.
func (b *Book) Rows(i int) (sheet.Rows, error) {
	if i < 0 || i >= len(b.list) {
		return nil, sheet.NoSheet()
	}
	s, zip, err := b.content()
	if err != nil {
		return nil, err
	}
	r := &rows{book: b, zip: zip, s: s}
	if err := r.find(i); err != nil {
		_ = zip.Close()
		return nil, err
	}
	return r, nil
}

// find goes to the table of the given number.
func (r *rows) find(i int) error {
	for {
		tok, err := r.s.Next()
		if err != nil {
			return err
		}
		switch {
		case tok == xmlscan.EOF:
			return sheet.NoSheet()
		case tok != xmlscan.Start:
		case r.s.Is("tracked-changes"):
			err = r.s.Skip()
		case r.s.Is("table") && r.s.Depth == tableDepth:
			if i == 0 {
				return nil
			}
			i--
			err = r.book.skip(r.s)
		}
		if err != nil {
			return err
		}
	}
}

// Done implements sheet.Rows.
func (r *rows) Done() float64 { return r.zip.Done() }

// Close implements sheet.Rows.
func (r *rows) Close() error { return r.zip.Close() }

// Next implements sheet.Rows.
func (r *rows) Next(row *sheet.Row) error {
	row.Cells = row.Cells[:0]
	for r.repeat == 0 {
		if r.ended {
			return io.EOF
		}
		tok, err := r.s.Next()
		if err != nil {
			return err
		}
		switch {
		case tok == xmlscan.Start && r.s.Is("table-row"):
			err = r.readRow()
		case tok == xmlscan.Start && (r.s.Is("shapes") || r.s.Is("forms") || r.s.Is("named-expressions") || r.s.Is("dde-source")):
			err = r.s.Skip()
		case tok == xmlscan.End && r.s.Is("table") && r.s.Depth == tableDepth, tok == xmlscan.EOF:
			r.ended = true
		}
		if err != nil {
			return err
		}
	}
	r.repeat--
	r.line++
	if r.count++; r.count > r.book.lim.Rows {
		return sheet.TooManyRows(r.book.lim.Rows)
	}
	row.Line, row.Hidden = r.line, r.hidden
	row.Cells = append(row.Cells, r.kept...)
	return nil
}

// readRow reads a row into kept, and sets repeat where it has cells.
func (r *rows) readRow() error {
	times := int64(1)
	r.hidden = false
	for {
		name, value, ok := r.s.NextAttr()
		if !ok {
			break
		}
		switch string(name) {
		case "number-rows-repeated":
			times = repeats(value)
		case "visibility":
			r.hidden = string(value) == "collapse" || string(value) == "filter"
		}
	}
	r.kept, r.bytes = r.kept[:0], 0
	col := 0
	for depth := r.s.Depth; ; {
		tok, err := r.s.Next()
		if err != nil {
			return err
		}
		if tok == xmlscan.End && r.s.Depth == depth {
			break
		}
		if tok != xmlscan.Start {
			continue
		}
		switch {
		case r.s.Is("table-cell"):
			col, err = r.readCell(col)
		case r.s.Is("covered-table-cell"):
			col += int(repeats([]byte(r.s.Attr("number-columns-repeated"))))
			err = r.s.Skip()
		}
		if err != nil {
			return err
		}
	}
	if len(r.kept) == 0 {
		r.line += times
		return nil
	}
	if r.repeated += (times - 1) * int64(len(r.kept)); r.repeated > maxRepeated {
		return errs.New(errs.TooLarge, "sheet.too_many_repeats", "limit", maxRepeated)
	}
	r.repeat = times
	return nil
}

// add appends the cell to the row as many times as it is repeated.
func (r *rows) add(c sheet.Cell, times int) error {
	if c.Col+times > r.book.lim.Columns {
		return sheet.TooManyColumns(r.book.lim.Columns, c.Col+times)
	}
	if r.bytes += len(c.Text) * times; r.bytes > r.book.lim.RowBytes {
		return sheet.RowTooLong(r.book.lim.RowBytes, r.line+1)
	}
	r.repeated += int64(times - 1)
	for range times {
		r.kept = append(r.kept, c)
		c.Col++
	}
	return nil
}

// repeats reads a number of repetitions, 1 where there is none or it is wrong; it is at most 2^31.
func repeats(b []byte) int64 {
	n, err := strconv.ParseInt(string(b), 10, 32)
	if err != nil || n < 1 {
		return 1
	}
	return n
}
