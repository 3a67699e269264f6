package ods

import (
	"io"
	"strconv"

	"cadastro/internal/sheet"
	"cadastro/internal/sheet/numfmt"
	"cadastro/internal/sheet/xmlscan"
)

// attributes are those of a cell that matter.
type attributes struct {
	kind  string // office:value-type
	value string // office:value, date-value, time-value, boolean-value or string-value
	has   bool   // there is a value
	bad   bool   // calcext:value-type is error
	flags sheet.Flags
	times int
}

func (r *rows) attributes() attributes {
	a := attributes{times: 1}
	for {
		name, value, ok := r.s.NextAttr()
		if !ok {
			return a
		}
		switch string(name) {
		case "value-type":
			if a.kind == "" {
				a.kind = string(value)
			}
			a.bad = a.bad || string(value) == "error"
		case "value", "date-value", "time-value", "boolean-value", "string-value":
			if !a.has {
				a.value, a.has = string(xmlscan.AppendText(nil, value)), true
			}
		case "formula":
			a.flags |= sheet.Formula
		case "number-columns-repeated":
			a.times = int(repeats(value))
		case "number-columns-spanned", "number-rows-spanned":
			if repeats(value) > 1 {
				a.flags |= sheet.Merged
			}
		}
	}
}

// readCell reads the cell at col and gives the column behind it.
func (r *rows) readCell(col int) (int, error) {
	a := r.attributes()
	link, err := r.readText(col)
	if err != nil {
		return 0, err
	}
	next := min(col+a.times, 1<<30)
	if len(r.text) == 0 && a.value == "" && a.flags&sheet.Formula == 0 {
		return next, nil
	}
	c := sheet.Cell{Col: col, Flags: a.flags}
	if link {
		c.Flags |= sheet.Link
	}
	a.fill(&c, string(r.text))
	if c.Text == "" && c.Flags&sheet.Formula == 0 {
		return next, nil
	}
	if c.Text == "" && !a.has {
		c.Flags |= sheet.NoValue
	}
	return next, r.add(c, a.times)
}

// fill sets type, texts and number of the cell, of which shown is the displayed text.
func (a *attributes) fill(c *sheet.Cell, shown string) {
	c.Text, c.Display = shown, shown
	if a.bad {
		c.Type = sheet.Error
		return
	}
	raw := []byte(a.value)
	switch a.kind {
	case "float", "currency", "percentage":
		v, ok := numfmt.ParseFloat(raw)
		if !ok {
			return
		}
		c.Type, c.Num = sheet.Number, v
		if numfmt.DigitsLost(raw, v) {
			c.Flags |= sheet.DigitsLost
		}
		if a.kind == "percentage" {
			c.Text = numfmt.Percentage(v)
			return
		}
		plain := string(numfmt.AppendPlain(nil, raw))
		if c.Text = plain; a.kind == "float" {
			c.Text = sheet.PreferShown(plain, shown)
		}
		if shown == "" {
			c.Display = plain
		}
	case "date":
		if v, kind, ok := numfmt.ParseISO(a.value, false); ok {
			c.Type, c.Num = sheet.Date, v
			setDate(c, v, kind)
		}
	case "time":
		if v, ok := numfmt.ParsePeriod(a.value); ok {
			kind := numfmt.Time
			if v >= 1 {
				kind = numfmt.Duration
			}
			c.Type, c.Num = sheet.Date, v
			setDate(c, v, kind)
		}
	case "boolean":
		c.Type, c.Text = sheet.Bool, "FALSE"
		if a.value == "true" {
			c.Num, c.Text = 1, "TRUE"
		}
	case "string":
		if shown == "" {
			c.Text, c.Display = a.value, a.value
		}
	}
}

func setDate(c *sheet.Cell, v float64, kind numfmt.Kind) {
	if iso, ok := numfmt.AppendISO(nil, v, kind, false); ok {
		c.Text = string(iso)
	}
}

// readText reads the paragraphs of the cell into r.text, by the rules for white space of OpenDocument 1.3, part 3,
// 6.1.2. Comments, drawings and readings of East Asian text are passed over. It tells whether there is a hyperlink.
func (r *rows) readText(col int) (link bool, err error) {
	r.text = r.text[:0]
	paragraphs, inside := 0, 0
	space := true // white space is due to be left out
	for depth := r.s.Depth; ; {
		tok, err := r.s.Next()
		if err != nil {
			return link, err
		}
		switch tok {
		case xmlscan.EOF:
			return link, io.ErrUnexpectedEOF
		case xmlscan.End:
			if r.s.Depth == depth {
				return link, nil
			}
			if inside > 0 && r.s.Depth == inside {
				inside = 0
			}
		case xmlscan.Text:
			if inside > 0 {
				start := len(r.text)
				r.text = r.s.AppendRaw(r.text)
				r.text, space = collapse(r.text, start, space)
			}
		case xmlscan.Start:
			switch string(r.s.Name) {
			case "p", "h":
				if paragraphs++; paragraphs > 1 {
					r.text = append(r.text, '\n')
				}
				inside, space = r.s.Depth, true
			case "a":
				link = true
			case "span", "ruby", "ruby-base", "list", "list-item":
			case "s":
				n, _ := strconv.Atoi(r.s.Attr("c"))
				for range min(max(n, 1), r.book.lim.CellBytes) {
					r.text = append(r.text, ' ')
				}
				space = false
			case "tab":
				r.text, space = append(r.text, '\t'), false
			case "line-break":
				r.text, space = append(r.text, '\n'), true
			default:
				if err := r.s.Skip(); err != nil {
					return link, err
				}
			}
		}
		if len(r.text) > r.book.lim.CellBytes {
			return link, sheet.CellTooLong(r.book.lim.CellBytes, r.line+1, col)
		}
	}
}

// collapse makes each run of white space in b[start:] one space, none where space is set, in place.
func collapse(b []byte, start int, space bool) ([]byte, bool) {
	out := b[:start]
	for _, c := range b[start:] {
		if c == ' ' || c == '\t' || c == '\n' || c == '\r' {
			if !space {
				out = append(out, ' ')
			}
			space = true
			continue
		}
		out, space = append(out, c), false
	}
	return out, space
}
