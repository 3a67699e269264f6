package table

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"cadastro/internal/errs"
	"cadastro/internal/sheet"
)

// probeSheet is how many rows of a sheet are looked at to learn the table's place and width.
const probeSheet = shapeRows

// sheetReader is the Reader of one sheet of a workbook.
type sheetReader struct {
	book  sheet.Book
	rows  sheet.Rows
	size  int64
	d     Dialect
	lim   Limits
	ctx   context.Context
	ahead []sheet.Row // rows looked at to learn the width
	at    int         // of ahead

	header []string
	heads  [][]string // the header rows as they are, to know them again
	left   int        // columns left of the table
	width  int
	number int64
	row    sheet.Row
	held   heldBack
	tally  Tally
}

func openSheet(ctx context.Context, src Source, d Dialect, lim Limits) (*sheetReader, error) {
	b, err := openBook(ctx, src, d.Format, lim)
	if err != nil {
		return nil, err
	}
	i, err := pickSheet(b, d.Sheet)
	if err == nil {
		var r *sheetReader
		if r, err = newSheetReader(ctx, b, i, src.Size, d, lim); err == nil {
			return r, nil
		}
	}
	return nil, errors.Join(err, b.Close())
}

// newSheetReader reads sheet i of b as d says; size is that of the file, in bytes. Closing it closes b.
func newSheetReader(ctx context.Context, b sheet.Book, i int, size int64, d Dialect, lim Limits) (*sheetReader, error) {
	rows, err := b.Rows(i)
	if err != nil {
		return nil, readError(err)
	}
	d.Strict = false // a sheet's cells cannot be out of place
	r := &sheetReader{book: b, rows: rows, size: size, d: d, lim: lim.WithDefaults(), ctx: ctx}
	if err = r.look(); err == nil {
		r.settle()
		if r.width > r.lim.Columns {
			err = tooManyColumns(r.width, r.lim.Columns)
		}
	}
	if err != nil {
		_ = rows.Close()
		return nil, err
	}
	return r, nil
}

// look reads the header and the first rows.
func (r *sheetReader) look() error {
	cells := 0
	for len(r.ahead) < probeSheet && cells < maxProbeCells {
		var row sheet.Row
		if err := r.rows.Next(&row); err == io.EOF {
			return nil
		} else if err != nil {
			return readError(err)
		}
		if row.Line <= int64(r.d.Skip) || blankSheetRow(&row) {
			continue
		}
		cells += row.Width()
		r.ahead = append(r.ahead, row) // a new Row each time: its slice is its own
	}
	return nil
}

// settle learns from the first rows where the table stands and names its columns.
func (r *sheetReader) settle() {
	texts := make([][]string, len(r.ahead))
	for i := range r.ahead {
		texts[i] = sheetTexts(&r.ahead[i])
	}
	s := newShaper(texts, false)
	var shape ShapeResult
	s.extent(&shape)
	r.left, r.width = shape.Left, shape.Width
	if s.usual == 1 {
		r.left, r.width = oneColumn(texts), 1
	}
	n := min(r.d.Header, len(texts))
	for _, head := range texts[:n] {
		r.width = max(r.width, len(head)-r.left)
		for i, c := range head {
			if !isBlank(c) && i < r.left {
				r.left, r.width = i, r.width+r.left-i
			}
		}
	}
	r.at = n
	names := make([]string, r.width)
	for _, head := range texts[:n] {
		cells := make([]string, r.width)
		copy(cells, head[min(r.left, len(head)):])
		r.heads = append(r.heads, cells)
		for i, c := range cells {
			if c = headerName(c); c != "" {
				names[i] = strings.TrimPrefix(names[i]+" "+c, " ")
			}
		}
	}
	r.header = tellApart(names)
}

// oneColumn gives the first column in which a row has its only cell.
func oneColumn(rows [][]string) int {
	left := -1
	for _, row := range rows {
		for i, c := range row {
			if !isBlank(c) {
				if left < 0 || i < left {
					left = i
				}
				break
			}
		}
	}
	return max(left, 0)
}

// Header implements Reader.
func (r *sheetReader) Header() []string { return r.header }

// Offset implements Reader.
func (r *sheetReader) Offset() int64 { return int64(r.rows.Done() * float64(r.size)) }

// Tally tells what was passed over so far.
func (r *sheetReader) Tally() Tally { return r.tally }

// Close implements Reader.
func (r *sheetReader) Close() error {
	if r.rows == nil {
		return nil
	}
	err := errors.Join(r.rows.Close(), r.book.Close())
	r.rows = closedRows{}
	return err
}

// Read implements Reader.
func (r *sheetReader) Read(row *Row) error {
	if r.d.Footer <= 0 || !r.d.DropFooter {
		return r.readRow(row)
	}
	err := r.held.read(row, r.d.Footer, r.readRow)
	r.tally.Footer = int64(r.held.dropped())
	return err
}

func (r *sheetReader) readRow(row *Row) error {
	for {
		if err := r.next(); err != nil {
			return err
		}
		row.Issues, row.Extra = nil, row.Extra[:0]
		if filled := r.fill(row); !filled && len(row.Extra) == 0 {
			r.tally.Blank++
			continue
		}
		if r.isHeader(row.Cells) {
			r.tally.Headers++
			continue
		}
		if r.number == r.lim.Rows {
			return errs.New(errs.TooLarge, "file.too_many_rows", "limit", r.lim.Rows)
		}
		r.number++
		row.Number, row.Line = r.number, r.row.Line
		for _, is := range r.row.Issues() {
			if is.Column >= 0 {
				if is.Column -= r.left; is.Column < 0 || is.Column >= r.width {
					is.Column = -1
				}
			}
			row.Issues = append(row.Issues, is)
		}
		if len(row.Extra) > 0 {
			row.Issues = append(row.Issues, errs.NewIssue(errs.Warning, "sheet.beyond", joinFilled(row.Extra)))
		}
		return nil
	}
}

// next sets row to the next row of the sheet.
func (r *sheetReader) next() error {
	if r.at < len(r.ahead) {
		r.row = r.ahead[r.at]
		r.ahead[r.at] = sheet.Row{}
		if r.at++; r.at == len(r.ahead) {
			r.ahead, r.at = nil, 0
		}
		return nil
	}
	if r.number&1023 == 0 {
		if err := r.ctx.Err(); err != nil {
			return errs.Wrap(err, errs.Cancelled, "cancelled")
		}
	}
	return readError(r.rows.Next(&r.row))
}

// fill puts the texts of the sheet's row into those of the table's; filled tells if there is any.
func (r *sheetReader) fill(row *Row) (filled bool) {
	row.Cells = slices.Grow(row.Cells[:0], r.width)[:r.width]
	clear(row.Cells)
	for i := range r.row.Cells {
		c := &r.row.Cells[i]
		switch col := c.Col - r.left; {
		case c.Text == "":
		case col >= 0 && col < r.width:
			row.Cells[col] = c.Text
			filled = filled || !isBlank(c.Text)
		case !isBlank(c.Text):
			row.Extra = append(row.Extra, c.Text)
		}
	}
	return filled
}

// isHeader tells if cells repeat one of the header rows.
func (r *sheetReader) isHeader(cells []string) bool {
	for _, h := range r.heads {
		if len(h) > 1 && h[0] == cells[0] && slices.Equal(h, cells) {
			return true
		}
	}
	return false
}

// sheetTexts gives the texts of a row from column A on.
func sheetTexts(row *sheet.Row) []string {
	out := make([]string, row.Width())
	row.Fill(out)
	return out
}

func blankSheetRow(row *sheet.Row) bool {
	for i := range row.Cells {
		if !isBlank(row.Cells[i].Text) {
			return false
		}
	}
	return true
}

// closedRows stands where the rows were, once they are closed.
type closedRows struct{}

func (closedRows) Next(*sheet.Row) error { return io.EOF }
func (closedRows) Done() float64         { return 1 }
func (closedRows) Close() error          { return nil }

var _ Reader = (*sheetReader)(nil)
