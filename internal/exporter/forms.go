package exporter

import (
	"bufio"
	"encoding/json"
	"io"

	"cadastro/internal/contact"
	"cadastro/internal/table"
	"cadastro/internal/xlsx"
)

// text writes delimited text, which begins with a byte order mark and whose cells no spreadsheet runs.
type text struct {
	rows
	w *table.Writer
}

func newText(to io.Writer, name, delimiter string) (*text, error) {
	w, err := table.NewWriter(to, table.Dialect{Format: table.CSV, Charset: name, Delimiter: delimiter, Quote: '"'}, table.WriterOptions{BOM: true, Guard: true})
	if err != nil {
		return nil, err
	}
	return &text{rows{to: w}, w}, nil
}

func (t *text) end() error { return t.w.Flush() }

// workbook writes the sheet of a workbook, every cell as text, so that phones and codes stay as they are.
type workbook struct {
	x     *export
	w     *xlsx.Writer
	sheet string
}

func newWorkbook(to io.Writer, sheet string) *workbook {
	return &workbook{w: xlsx.NewWriter(to, xlsx.WriterOptions{RollOver: true}), sheet: sheet}
}

func (b *workbook) begin(x *export) error {
	b.x = x
	header := x.header()
	columns := make([]xlsx.Column, len(header))
	for i, h := range header {
		columns[i].Header = h
	}
	return b.w.Sheet(b.sheet, columns)
}

func (b *workbook) contact(c *contact.Contact) error { return b.w.Write(b.x.row(c)) }

func (b *workbook) end() error { return b.w.Close() }

// lines writes a JSON object a line: fields by key, custom fields by name, lists as lists; what is empty is left out.
type lines struct {
	x      *export
	to     *bufio.Writer
	fields []string
}

func (l *lines) begin(x *export) error {
	l.x = x
	for _, c := range x.columns {
		if c.nth == 0 {
			l.fields = append(l.fields, c.field)
		}
	}
	return nil
}

func (l *lines) contact(c *contact.Contact) error {
	first := true
	put := func(key string, v any) error {
		sep := byte(',')
		if first {
			sep, first = '{', false
		}
		k, err := json.Marshal(key)
		if err != nil {
			return err
		}
		b, err := json.Marshal(v)
		if err != nil {
			return err
		}
		_ = l.to.WriteByte(sep) // Flush tells of the first fault
		_, _ = l.to.Write(k)
		_ = l.to.WriteByte(':')
		_, err = l.to.Write(b)
		return err
	}
	for _, f := range l.fields {
		var v any
		switch {
		case f == FieldID:
			v = int64(c.ID)
		case f == contact.FieldTags:
			v = list(c.Tags, l.x.cat.TagName)
		case f == contact.FieldGroups:
			v = list(c.Groups, l.x.cat.GroupName)
		case contact.IsChannel(f):
			var all []string
			for i := range c.Channels {
				if c.Channels[i].Kind == contact.Kind(f) {
					all = append(all, c.Channels[i].Value)
				}
			}
			v = all
		default:
			v = l.x.cell(c, column{field: f})
		}
		switch v := v.(type) {
		case string:
			if v == "" {
				continue
			}
		case []string:
			if len(v) == 0 {
				continue
			}
		}
		key := f
		if id, ok := contact.CustomID(f); ok && !l.x.keys {
			d, _ := l.x.cat.Field(id)
			key = d.Label
		}
		if err := put(key, v); err != nil {
			return err
		}
	}
	if first {
		_ = l.to.WriteByte('{')
	}
	_, err := l.to.WriteString("}\n")
	return err
}

func (l *lines) end() error { return l.to.Flush() }

func list(ids []int64, name func(int64) string) []string {
	var out []string
	for _, id := range ids {
		if n := name(id); n != "" {
			out = append(out, n)
		}
	}
	return out
}
