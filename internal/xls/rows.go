package xls

import (
	"encoding/binary"
	"errors"
	"io"
	"slices"

	"cadastro/internal/errs"
	"cadastro/internal/sheet"
)

const (
	sheetRows = 1 << 16
	// maxUnsorted bounds the cells of a sheet that is sorted in memory.
	maxUnsorted = 4 << 20
)

var errRef = errors.New("xls: reference out of range")

// rows streams one sheet.
type rows struct {
	book   *Book
	recs   *records
	length int64 // bytes of the sheet's records
	hidden *[sheetRows / 64]uint64
	depth  int // of charts within the sheet

	pending []cell // the first cells of the next row
	ended   bool
	text    []byte

	sorted []cell // all cells, where they come in any order
	inRAM  bool
	count  int64
}

// cell is a cell with its row, counted from 0.
type cell struct {
	row int
	sheet.Cell
}

// Rows implements sheet.Book. A sheet that is no worksheet has no rows.
func (b *Book) Rows(i int) (sheet.Rows, error) {
	if i < 0 || i >= len(b.list) {
		return nil, sheet.NoSheet()
	}
	t := &b.list[i]
	if t.Kind != sheet.Worksheet {
		return &rows{ended: true, inRAM: true}, nil
	}
	r := &rows{book: b, hidden: new([sheetRows / 64]uint64)}
	if err := r.seek(t.at); err != nil {
		return nil, wrap(err)
	}
	ordered, err := r.survey()
	if err != nil {
		return nil, wrap(err)
	}
	if err := r.seek(t.at); err != nil {
		return nil, wrap(err)
	}
	if !ordered {
		if err := r.sort(); err != nil {
			return nil, wrap(err)
		}
	}
	return r, nil
}

func wrap(err error) error {
	if errs.CodeOf(err) != "" {
		return err
	}
	return sheet.Corrupt(err)
}

// Done implements sheet.Rows.
func (r *rows) Done() float64 {
	if r.recs == nil || r.length == 0 {
		return 1
	}
	return min(1, float64(r.recs.n)/float64(r.length))
}

// Close implements sheet.Rows.
func (r *rows) Close() error { return nil }

// seek goes to the beginning of the sheet.
func (r *rows) seek(at int64) error {
	stream, err := r.book.open()
	if err != nil {
		return err
	}
	if at <= 0 || at >= r.book.size {
		return errBadSheet
	}
	if _, err := stream.Seek(at, io.SeekStart); err != nil {
		return err
	}
	r.recs = newRecords(stream)
	kind, _, err := r.recs.next()
	if err == nil && kind != recBOF {
		err = errBadSheet
	}
	return err
}

// survey runs through the sheet for the hidden rows, whose records may come late, and tells whether cells come by
// rows.
func (r *rows) survey() (ordered bool, err error) {
	ordered = true
	last, depth := 0, 0
	for {
		kind, data, err := r.recs.next()
		if err != nil {
			return false, cut(err)
		}
		switch kind {
		case recBOF:
			depth++
		case recEOF:
			if depth--; depth < 0 {
				r.length = r.recs.n
				return ordered, nil
			}
		case recRow:
			if len(data) >= 13 && data[12]&0x20 != 0 && depth == 0 {
				row := binary.LittleEndian.Uint16(data)
				r.hidden[row/64] |= 1 << (row % 64)
			}
		case recNumber, recLabel, recRString, recLabelSST, recRK, recMulRK, recFormula, recBoolErr:
			if len(data) < 2 || depth > 0 {
				continue
			}
			row := int(binary.LittleEndian.Uint16(data))
			ordered = ordered && row >= last
			last = row
		}
	}
}

func cut(err error) error {
	if err == io.EOF {
		return errCut
	}
	return err
}

// sort reads all cells and puts them in order.
func (r *rows) sort() error {
	r.inRAM = true
	for {
		err := r.readCells(func(c cell) error {
			if len(r.sorted) == maxUnsorted {
				return errs.New(errs.TooLarge, "sheet.too_many_repeats", "limit", maxUnsorted)
			}
			r.sorted = append(r.sorted, c)
			return nil
		})
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
	}
	slices.SortStableFunc(r.sorted, func(a, b cell) int { return a.row - b.row })
	return nil
}

// Next implements sheet.Rows.
func (r *rows) Next(row *sheet.Row) error {
	row.Cells = row.Cells[:0]
	line, started := 0, len(r.pending) > 0
	for _, c := range r.pending {
		line = c.row
		row.Cells = append(row.Cells, c.Cell)
	}
	r.pending = r.pending[:0]
	add := func(c cell) error {
		switch {
		case !started:
			line, started = c.row, true
		case c.row != line:
			r.pending = append(r.pending, c)
			return nil
		}
		row.Cells = append(row.Cells, c.Cell)
		return nil
	}
	for len(r.pending) == 0 && !r.ended {
		if err := r.step(add); err == io.EOF {
			r.ended = true
		} else if err != nil {
			return wrap(err)
		}
	}
	if !started {
		return io.EOF
	}
	row.Line = int64(line) + 1
	row.Hidden = r.hidden[line/64]>>(line%64)&1 != 0
	if r.count++; r.count > r.book.lim.Rows {
		return sheet.TooManyRows(r.book.lim.Rows)
	}
	return r.tidy(row)
}

// step hands on the cells of the next record, or the next cell of those in memory.
func (r *rows) step(add func(cell) error) error {
	if !r.inRAM {
		return r.readCells(add)
	}
	if len(r.sorted) == 0 {
		return io.EOF
	}
	c := r.sorted[0]
	r.sorted = r.sorted[1:]
	return add(c)
}

// tidy puts the cells of a row in order; of two for one column the later one counts.
func (r *rows) tidy(row *sheet.Row) error {
	size, ordered := 0, true
	for i := range row.Cells {
		size += len(row.Cells[i].Text)
		ordered = ordered && (i == 0 || row.Cells[i-1].Col < row.Cells[i].Col)
	}
	if size > r.book.lim.RowBytes {
		return sheet.RowTooLong(r.book.lim.RowBytes, row.Line)
	}
	if !ordered {
		slices.SortStableFunc(row.Cells, func(a, b sheet.Cell) int { return a.Col - b.Col })
		out := row.Cells[:0]
		for i, c := range row.Cells {
			if i+1 == len(row.Cells) || row.Cells[i+1].Col != c.Col {
				out = append(out, c)
			}
		}
		row.Cells = out
	}
	if n := len(row.Cells); n > 0 && row.Cells[n-1].Col >= r.book.lim.Columns {
		return sheet.TooManyColumns(r.book.lim.Columns, row.Cells[n-1].Col+1)
	}
	return nil
}
