package table

import (
	"context"
	"errors"
	"io"
	"slices"

	"cadastro/internal/errs"
	"cadastro/internal/sheet"
)

// maxBlank bounds the rows without cells that are given between two rows with cells.
const maxBlank = 1 << 16

// displayed is the Reader of a sheet as it looks.
type displayed struct {
	*sheetReader
	line  int64 // of the row that comes next
	ready bool  // row holds the next row with cells
}

// Displayed reads a sheet of a workbook as Excel saves it as CSV: every row from the first to the last that has cells,
// hidden ones included, from column A to the last column with a cell; each cell as the text that Excel shows (en-US).
// There is no header, and no row is left out. The sheet is read twice, as its width is known at the end only.
func Displayed(ctx context.Context, src Source, d Dialect, lim Limits) (Reader, error) {
	lim = lim.WithDefaults()
	if err := checkSize(src, lim); err != nil {
		return nil, err
	}
	inner, remove, err := unpack(ctx, src, d.Compression, lim)
	if err != nil {
		return nil, err
	}
	b, err := openBook(ctx, inner, d.Format, lim)
	if err != nil {
		return nil, errors.Join(err, remove())
	}
	r, err := newDisplayed(ctx, b, inner.Size, d, lim)
	if err != nil {
		return nil, errors.Join(err, b.Close(), remove())
	}
	return &spooled{Reader: r, remove: remove}, nil
}

func newDisplayed(ctx context.Context, b sheet.Book, size int64, d Dialect, lim Limits) (*displayed, error) {
	i, err := pickSheet(b, d.Sheet)
	if err != nil {
		return nil, err
	}
	r := &displayed{sheetReader: &sheetReader{book: b, size: size, d: d, lim: lim, ctx: ctx}, line: 1}
	if r.rows, err = b.Rows(i); err != nil {
		return nil, readError(err)
	}
	for err == nil {
		if err = r.next(); err == nil {
			r.width = max(r.width, r.row.Width())
			r.number++
		}
	}
	if closing := r.rows.Close(); err == io.EOF {
		err = closing
	}
	if err != nil {
		return nil, err
	}
	r.number = 0
	if r.rows, err = b.Rows(i); err != nil {
		return nil, readError(err)
	}
	r.header = make([]string, r.width)
	return r, nil
}

// Read implements Reader.
func (r *displayed) Read(row *Row) error {
	if !r.ready {
		if err := r.next(); err != nil {
			return err
		}
		r.ready = true
		r.line = max(r.line, r.row.Line-maxBlank)
	}
	if r.number == r.lim.Rows {
		return errs.New(errs.TooLarge, "file.too_many_rows", "limit", r.lim.Rows)
	}
	r.number++
	row.Number, row.Line, row.Issues, row.Extra = r.number, r.line, nil, row.Extra[:0]
	row.Cells = slices.Grow(row.Cells[:0], r.width)[:r.width]
	clear(row.Cells)
	if r.line < r.row.Line {
		r.line++
		return nil
	}
	for i := range r.row.Cells {
		c := &r.row.Cells[i]
		if c.Col < r.width {
			row.Cells[c.Col] = c.Shown()
		}
	}
	r.line, r.ready = r.row.Line+1, false
	return nil
}
