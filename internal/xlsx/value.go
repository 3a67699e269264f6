package xlsx

import (
	"bytes"

	"cadastro/internal/sheet"
	"cadastro/internal/sheet/numfmt"
)

// number appends the text of the number in r.value. What is no number is taken as text.
func (r *rows) number(c *sheet.Cell) {
	raw := bytes.TrimSpace(r.value)
	v, ok := numfmt.ParseFloat(raw)
	if !ok {
		r.text = append(r.text, finishText(r.value)...)
		return
	}
	c.Type, c.Num = sheet.Number, v
	if numfmt.DigitsLost(raw, v) {
		c.Flags |= sheet.DigitsLost
	}
	if c.Format == nil {
		r.text = numfmt.AppendPlain(r.text, raw)
		return
	}
	date := false
	if r.text, date = c.Format.AppendText(r.text, raw, v, r.book.date1904); date {
		c.Type = sheet.Date
	}
	c.Set1904(r.book.date1904)
}

// isoDate appends the text of the ISO 8601 date in r.value, which strict workbooks may have.
func (r *rows) isoDate(c *sheet.Cell) {
	raw := bytes.TrimSpace(r.value)
	v, kind, ok := numfmt.ParseISO(string(raw), r.book.date1904)
	if !ok {
		r.text = append(r.text, finishText(r.value)...)
		return
	}
	c.Type, c.Num = sheet.Date, v
	c.Set1904(r.book.date1904)
	if c.Format != nil && c.Format.IsDate() {
		r.text, _ = c.Format.AppendText(r.text, raw, v, r.book.date1904)
		return
	}
	r.text, _ = numfmt.AppendISO(r.text, v, kind, r.book.date1904)
}

// parseIndex reads a style number; a wrong one is that of no style.
func parseIndex(b []byte) int {
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' || n > 1<<24 {
			return 1 << 30
		}
		n = n*10 + int(c-'0')
	}
	return n
}
