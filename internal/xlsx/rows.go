package xlsx

import (
	"bytes"
	"io"
	"slices"

	"cadastro/internal/sheet"
	"cadastro/internal/sheet/pack"
	"cadastro/internal/sheet/xmlscan"
)

// rows streams one worksheet.
type rows struct {
	book   *Book
	zip    *pack.Reader
	s      *xmlscan.Scanner
	shared *stringTable
	line   int64
	count  int64
	ended  bool

	text  []byte // texts of the row's cells, but those of shared strings
	spans []span
	value []byte // of the cell that is being read
	bytes int    // text of the row so far, shared strings included
}

// span is where the text of a cell stands in rows.text.
type span struct{ cell, start, end int }

// Rows implements sheet.Book. A sheet that is no worksheet has no rows.
func (b *Book) Rows(i int) (sheet.Rows, error) {
	if i < 0 || i >= len(b.list) {
		return nil, sheet.NoSheet()
	}
	t := &b.list[i]
	if t.Kind != sheet.Worksheet {
		return &rows{book: b, ended: true}, nil
	}
	e := b.zip.Find(t.part)
	if e == nil {
		return nil, sheet.Corrupt(errNoPart)
	}
	shared, err := b.table()
	if err != nil {
		return nil, err
	}
	z, err := b.zip.Open(e, 0)
	if err != nil {
		return nil, err
	}
	r := &rows{book: b, zip: z, s: xmlscan.New(xmlscan.Decode(z), b.lim.Depth), shared: shared}
	return r, nil
}

// Done implements sheet.Rows.
func (r *rows) Done() float64 {
	if r.zip == nil {
		return 1
	}
	return r.zip.Done()
}

// Close implements sheet.Rows.
func (r *rows) Close() error {
	if r.zip == nil {
		return nil
	}
	return r.zip.Close()
}

// Next implements sheet.Rows.
func (r *rows) Next(row *sheet.Row) error {
	row.Cells = row.Cells[:0]
	for !r.ended {
		tok, err := r.s.Next()
		if err != nil {
			return err
		}
		switch {
		case tok == xmlscan.EOF:
			r.ended = true
		case tok == xmlscan.Start && r.s.Is("row") && r.s.Depth == 3:
			if err := r.readRow(row); err != nil {
				return err
			}
			if len(row.Cells) > 0 {
				if r.count++; r.count > r.book.lim.Rows {
					return sheet.TooManyRows(r.book.lim.Rows)
				}
				return nil
			}
		}
	}
	return io.EOF
}

func (r *rows) readRow(row *sheet.Row) error {
	r.line++
	row.Hidden = false
	for {
		name, value, ok := r.s.NextAttr()
		if !ok {
			break
		}
		switch string(name) {
		case "r":
			if n, ok := parseRow(value); ok {
				r.line = n
			}
		case "hidden":
			row.Hidden = isTrue(string(value))
		}
	}
	row.Line = r.line
	row.Cells = row.Cells[:0]
	r.text, r.spans, r.bytes = r.text[:0], r.spans[:0], 0
	last, sorted := -1, true
	for {
		tok, err := r.s.Next()
		if err != nil {
			return err
		}
		switch {
		case tok == xmlscan.Start && r.s.Is("c"):
			col, err := r.readCell(row, last+1)
			if err != nil {
				return err
			}
			sorted = sorted && col > last
			last = col
		case tok == xmlscan.Start:
			if err := r.s.Skip(); err != nil {
				return err
			}
		case tok == xmlscan.End:
			r.finishRow(row, sorted)
			return nil
		}
	}
}

// finishRow makes the row's texts one string and cuts the cells out of it.
func (r *rows) finishRow(row *sheet.Row, sorted bool) {
	all := string(r.text)
	for _, s := range r.spans {
		row.Cells[s.cell].Text = all[s.start:s.end]
	}
	if sorted {
		return
	}
	// Some programs write cells in any order; of two for one column the later one counts.
	slices.SortStableFunc(row.Cells, func(a, b sheet.Cell) int { return a.Col - b.Col })
	out := row.Cells[:0]
	for i, c := range row.Cells {
		if i+1 < len(row.Cells) && row.Cells[i+1].Col == c.Col {
			continue
		}
		out = append(out, c)
	}
	row.Cells = out
}

// readCell reads one cell and gives its column, which is next where the file does not say.
func (r *rows) readCell(row *sheet.Row, next int) (int, error) {
	col, styleIndex, kind := next, 0, []byte(nil)
	var kindBuf [16]byte
	for {
		name, value, ok := r.s.NextAttr()
		if !ok {
			break
		}
		if len(name) != 1 {
			continue
		}
		switch name[0] {
		case 'r':
			if c, _, ok := parseRef(value); ok {
				col = c
			}
		case 's':
			styleIndex = parseIndex(value)
		case 't':
			kind = append(kindBuf[:0], value...)
		}
	}
	if col >= r.book.lim.Columns {
		return col, sheet.TooManyColumns(r.book.lim.Columns, col+1)
	}
	var flags sheet.Flags
	inline, valued, err := r.readValue(&flags, row.Line, col)
	if err != nil {
		return col, err
	}
	if !valued || len(r.value) == 0 && len(kind) == 0 {
		if flags&sheet.Formula != 0 {
			row.Cells = append(row.Cells, sheet.Cell{Col: col, Flags: flags | sheet.NoValue})
		}
		return col, nil
	}
	cell := sheet.Cell{Col: col, Flags: flags}
	if styleIndex < len(r.book.styles) {
		cell.Format = r.book.styles[styleIndex].format
	}
	switch {
	case inline:
		kind = append(kindBuf[:0], "inlineStr"...)
	case len(kind) == 0:
		kind = append(kindBuf[:0], 'n')
	}
	return col, r.addCell(row, cell, string(kind))
}

// readValue reads what is inside the cell into r.value.
func (r *rows) readValue(flags *sheet.Flags, line int64, col int) (inline, valued bool, err error) {
	r.value = r.value[:0]
	want := false
	for depth := r.s.Depth; ; {
		tok, err := r.s.Next()
		if err != nil {
			return inline, valued, err
		}
		switch tok {
		case xmlscan.Start:
			switch string(r.s.Name) {
			case "v":
				want, valued = true, true
			case "is":
				inline, valued = true, true
			case "t":
				want = inline
			case "r":
			case "f":
				*flags |= sheet.Formula
				err = r.s.Skip()
			default:
				err = r.s.Skip()
			}
			if err != nil {
				return inline, valued, err
			}
		case xmlscan.Text:
			if !want {
				continue
			}
			if r.value = r.s.AppendRaw(r.value); len(r.value) > r.book.lim.CellBytes {
				return inline, valued, sheet.CellTooLong(r.book.lim.CellBytes, line, col)
			}
		case xmlscan.End:
			if r.s.Depth == depth {
				return inline, valued, nil
			}
			want = false
		case xmlscan.EOF:
			return inline, valued, io.ErrUnexpectedEOF
		}
	}
}

// addCell makes the cell of the given type out of r.value; empty ones are left out.
func (r *rows) addCell(row *sheet.Row, c sheet.Cell, kind string) error {
	start := len(r.text)
	switch kind {
	case "s":
		text, err := r.shared.get(bytes.TrimSpace(r.value))
		if err != nil || text == "" && c.Flags == 0 {
			return err
		}
		c.Text = text
		r.bytes += len(text)
		row.Cells = append(row.Cells, c)
		return r.checkRow(row.Line)
	case "n":
		r.number(&c)
	case "b":
		c.Type = sheet.Bool
		if isTrue(string(bytes.TrimSpace(r.value))) {
			c.Num = 1
			r.text = append(r.text, "TRUE"...)
		} else {
			r.text = append(r.text, "FALSE"...)
		}
	case "e":
		c.Type = sheet.Error
		r.text = append(r.text, r.value...)
	case "d":
		r.isoDate(&c)
	default:
		r.value = finishText(r.value)
		r.text = append(r.text, r.value...)
	}
	end := len(r.text)
	if end == start && c.Flags == 0 {
		return nil
	}
	r.bytes += end - start
	r.spans = append(r.spans, span{len(row.Cells), start, end})
	row.Cells = append(row.Cells, c)
	return r.checkRow(row.Line)
}

func (r *rows) checkRow(line int64) error {
	if r.bytes > r.book.lim.RowBytes {
		return sheet.RowTooLong(r.book.lim.RowBytes, line)
	}
	return nil
}
