package xlsx

import (
	"bytes"
	"io"

	"cadastro/internal/sheet"
	"cadastro/internal/sheet/xmlscan"
)

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
	raw, valued := r.s.Leaf("<v>", "</v></c>")
	if !valued {
		raw, inline = r.s.Leaf("<is><t>", "</t></is></c>")
		valued = inline
	}
	if valued { // as nearly every cell is
		if r.value = xmlscan.AppendText(r.value, raw); len(r.value) > r.book.lim.CellBytes {
			err = sheet.CellTooLong(r.book.lim.CellBytes, line, col)
		}
		return inline, true, err
	}
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
