package htmltable

import (
	"bytes"
	"strconv"
	"strings"

	"cadastro/internal/sheet"
	"cadastro/internal/sheet/numfmt"
)

func (r *rows) startCell(more bool) {
	for r.col < len(r.spans) && r.spans[r.col] > 0 {
		r.col++
	}
	r.inCell, r.space, r.text, r.value = true, true, r.text[:0], ""
	r.cell = sheet.Cell{Col: r.col}
	r.width, r.height = 1, 1
	r.attributes(more, func(key, value string) {
		switch key {
		case "colspan":
			r.width = span(value, maxSpan)
		case "rowspan":
			r.height = span(value, 1<<16)
		case "x:num", "sdval":
			r.value = value
		case "x:fmla":
			r.cell.Flags |= sheet.Formula
		}
	})
}

func span(value string, most int) int {
	n, err := strconv.Atoi(strings.TrimSpace(value))
	if err != nil || n < 1 {
		return 1
	}
	return min(n, most)
}

// addText appends text with its white space collapsed, as a browser shows it.
func (r *rows) addText(b []byte) error {
	if !r.inCell || r.level > 0 || r.raw != 0 {
		return nil
	}
	for _, c := range b {
		if c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' {
			if !r.space {
				r.text = append(r.text, ' ')
			}
			r.space = true
			continue
		}
		r.text, r.space = append(r.text, c), false
	}
	if len(r.text) > r.book.lim.CellBytes {
		return sheet.CellTooLong(r.book.lim.CellBytes, r.line, r.cell.Col)
	}
	return nil
}

// breakLine ends a line of the cell; one that is not forced does so only where there is text.
func (r *rows) breakLine(forced bool) {
	if !r.inCell {
		return
	}
	r.text = bytes.TrimRight(r.text, " ")
	if forced || len(r.text) > 0 && r.text[len(r.text)-1] != '\n' {
		r.text = append(r.text, '\n')
	}
	r.space = true
}

func (r *rows) endCell() error {
	if !r.inCell {
		return nil
	}
	r.inCell, r.raw = false, 0
	if r.col+r.width > r.book.lim.Columns {
		return sheet.TooManyColumns(r.book.lim.Columns, r.col+r.width)
	}
	for i := r.col; r.height > 1 && i < r.col+r.width; i++ {
		for len(r.spans) <= i {
			r.spans = append(r.spans, 0)
		}
		r.spans[i] = r.height
	}
	if r.width > 1 || r.height > 1 {
		r.cell.Flags |= sheet.Merged
	}
	r.col += r.width
	text := strings.Trim(string(bytes.ToValidUTF8(r.text, []byte("\uFFFD"))), " \n")
	if strings.Trim(text, "\u00A0") == "" {
		text = "" // a space that browsers need to draw the frame of an empty cell
	}
	r.cell.Text, r.cell.Display = text, text
	r.number(text)
	if r.cell.Text == "" && r.cell.Flags&sheet.Formula == 0 {
		return nil
	}
	if r.bytes += len(text); r.bytes > r.book.lim.RowBytes {
		return sheet.RowTooLong(r.book.lim.RowBytes, r.line)
	}
	r.cells = append(r.cells, r.cell)
	return nil
}

// number takes the number that Excel and LibreOffice write beside the text, where that has lost digits to an exponent.
func (r *rows) number(shown string) {
	raw := []byte(r.value)
	v, ok := numfmt.ParseFloat(raw)
	if r.value == "" || !ok {
		return
	}
	r.cell.Type, r.cell.Num = sheet.Number, v
	if strings.ContainsAny(shown, "eE") && strings.Trim(shown, "0123456789.,+-eE") == "" {
		r.cell.Text = string(numfmt.AppendPlain(nil, raw))
	}
}
