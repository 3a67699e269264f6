package xml2003

import (
	"bytes"
	"io"
	"strconv"

	"cadastro/internal/sheet"
	"cadastro/internal/sheet/numfmt"
	"cadastro/internal/sheet/xmlscan"
)

// rows streams one table.
type rows struct {
	book  *Book
	s     *xmlscan.Scanner
	read  *counter
	line  int64
	count int64
	bytes int
	ended bool
	value []byte
	text  []byte
}

// Rows implements sheet.Book.
func (b *Book) Rows(i int) (sheet.Rows, error) {
	if i < 0 || i >= len(b.list) {
		return nil, sheet.NoSheet()
	}
	r := &rows{book: b}
	r.s, r.read = b.scan()
	for {
		tok, err := r.s.Next()
		if err != nil {
			return nil, err
		}
		switch {
		case tok == xmlscan.EOF:
			return nil, sheet.NoSheet()
		case tok != xmlscan.Start:
		case r.s.Is("Worksheet") && r.s.Depth == sheetDepth:
			if i == 0 {
				return r, nil
			}
			i--
		case r.s.Is("Table") && r.s.Depth == tableDepth:
			if err := b.skip(r.s); err != nil {
				return nil, err
			}
		}
	}
}

// Done implements sheet.Rows.
func (r *rows) Done() float64 { return float64(r.read.n) / float64(max(r.book.size, 1)) }

// Close implements sheet.Rows.
func (r *rows) Close() error { return nil }

// Next implements sheet.Rows.
func (r *rows) Next(row *sheet.Row) error {
	row.Cells = row.Cells[:0]
	for !r.ended {
		tok, err := r.s.Next()
		if err != nil {
			return err
		}
		switch {
		case tok == xmlscan.Start && r.s.Is("Row") && r.s.Depth == tableDepth+1:
			if err := r.readRow(row); err != nil {
				return err
			}
			if len(row.Cells) > 0 {
				if r.count++; r.count > r.book.lim.Rows {
					return sheet.TooManyRows(r.book.lim.Rows)
				}
				return nil
			}
		case tok == xmlscan.End && r.s.Depth == sheetDepth, tok == xmlscan.EOF:
			r.ended = true
		}
	}
	return io.EOF
}

func (r *rows) readRow(row *sheet.Row) error {
	r.line++
	row.Hidden = false
	span := int64(0)
	for {
		name, value, ok := r.s.NextAttr()
		if !ok {
			break
		}
		switch string(name) {
		case "Index":
			if n, err := strconv.ParseInt(string(value), 10, 32); err == nil && n > 0 {
				r.line = n
			}
		case "Hidden":
			row.Hidden = string(value) == "1"
		case "Span":
			span, _ = strconv.ParseInt(string(value), 10, 32)
		}
	}
	row.Line, r.bytes = r.line, 0
	r.line += max(span, 0)
	col := 0
	for depth := r.s.Depth; ; {
		tok, err := r.s.Next()
		if err != nil {
			return err
		}
		switch {
		case tok == xmlscan.End && r.s.Depth == depth:
			return nil
		case tok != xmlscan.Start:
		case r.s.Is("Cell"):
			if col, err = r.readCell(row, col); err != nil {
				return err
			}
		default:
			if err := r.s.Skip(); err != nil {
				return err
			}
		}
	}
}

// readCell reads the cell at col, or where it says itself, and gives the column behind it.
func (r *rows) readCell(row *sheet.Row, col int) (int, error) {
	var c sheet.Cell
	across := 0
	for {
		name, value, ok := r.s.NextAttr()
		if !ok {
			break
		}
		switch string(name) {
		case "Index":
			if n, err := strconv.Atoi(string(value)); err == nil && n > col {
				col = n - 1
			}
		case "StyleID":
			c.Format = r.book.formats[string(value)]
		case "Formula":
			c.Flags |= sheet.Formula
		case "MergeAcross", "MergeDown":
			if n, err := strconv.Atoi(string(value)); err == nil && n > 0 {
				c.Flags |= sheet.Merged
				if string(name) == "MergeAcross" {
					across = min(n, r.book.lim.Columns)
				}
			}
		case "HRef":
			c.Flags |= sheet.Link
		}
	}
	if c.Col = col; col >= r.book.lim.Columns {
		return 0, sheet.TooManyColumns(r.book.lim.Columns, col+1)
	}
	kind, err := r.readData(col)
	if err != nil {
		return 0, err
	}
	r.fill(&c, kind)
	if c.Text == "" && c.Flags&sheet.Formula == 0 {
		return col + 1 + across, nil
	}
	if c.Text == "" && kind == "" {
		c.Flags |= sheet.NoValue
	}
	if r.bytes += len(c.Text); r.bytes > r.book.lim.RowBytes {
		return 0, sheet.RowTooLong(r.book.lim.RowBytes, row.Line)
	}
	row.Cells = append(row.Cells, c)
	return col + 1 + across, nil
}

// readData reads the text of the cell's Data, with or without markup inside, into r.value, and gives its type.
func (r *rows) readData(col int) (kind string, err error) {
	r.value = r.value[:0]
	data := 0
	for depth := r.s.Depth; ; {
		tok, err := r.s.Next()
		if err != nil {
			return "", err
		}
		switch tok {
		case xmlscan.EOF:
			return "", io.ErrUnexpectedEOF
		case xmlscan.End:
			if r.s.Depth == depth {
				return kind, nil
			}
			if r.s.Depth == data {
				data = 0
			}
		case xmlscan.Text:
			if data > 0 {
				r.value = r.s.AppendRaw(r.value)
			}
		case xmlscan.Start:
			switch {
			case r.s.Is("Data") && r.s.Depth == depth+1:
				kind, data = r.s.Attr("Type"), r.s.Depth
			case data == 0:
				err = r.s.Skip()
			case r.s.Is("br"):
				r.value = append(r.value, '\n')
			}
		}
		if err != nil {
			return "", err
		}
		if len(r.value) > r.book.lim.CellBytes {
			return "", sheet.CellTooLong(r.book.lim.CellBytes, r.line, col)
		}
	}
}

// fill sets type, text and number of the cell from r.value.
func (r *rows) fill(c *sheet.Cell, kind string) {
	raw := bytes.TrimSpace(r.value)
	switch kind {
	case "Number":
		v, ok := numfmt.ParseFloat(raw)
		if !ok {
			break
		}
		c.Type, c.Num = sheet.Number, v
		if numfmt.DigitsLost(raw, v) {
			c.Flags |= sheet.DigitsLost
		}
		date := false
		if r.text, date = c.Format.AppendText(r.text[:0], raw, v, false); date {
			c.Type = sheet.Date
		}
		c.Text = string(r.text)
		return
	case "DateTime":
		v, shape, ok := numfmt.ParseISO(string(raw), false)
		if !ok {
			break
		}
		c.Type, c.Num = sheet.Date, v
		if c.Format != nil && c.Format.IsDate() {
			r.text, ok = c.Format.AppendText(r.text[:0], raw, v, false)
		} else {
			r.text, ok = numfmt.AppendISO(r.text[:0], v, shape, false)
		}
		if ok {
			c.Text = string(r.text)
			return
		}
	case "Boolean":
		c.Type, c.Text = sheet.Bool, "FALSE"
		if string(raw) == "1" {
			c.Num, c.Text = 1, "TRUE"
		}
		return
	case "Error":
		c.Type = sheet.Error
	}
	c.Text = string(bytes.ToValidUTF8(r.value, []byte("\uFFFD")))
}
