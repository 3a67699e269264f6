package wizard

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"cadastro/internal/contact"
	"cadastro/internal/errs"
	"cadastro/internal/importer"
	"cadastro/internal/mapping"
	"cadastro/internal/table"
)

// signs are the delimiters that are offered, under the names that forms send.
var signs = []struct{ name, sign string }{{"semicolon", ";"}, {"comma", ","}, {"tab", "\t"}, {"pipe", "|"}, {"colon", ":"}, {"space", " "}, {"none", ""}}

// quotes are the quotes that are offered.
var quotes = []struct {
	name string
	sign rune
}{{"double", '"'}, {"single", '\''}, {"none", 0}}

// otherSign marks the option whose value is typed.
const otherSign = "other"

// kindOf names what a file is by its content.
func kindOf(d *draft) string {
	k := strings.ToUpper(string(d.set.Dialect.Format))
	if d.set.Dialect.Compression != "" {
		k += " · " + strings.ToUpper(d.set.Dialect.Compression)
	}
	return k
}

// readingChoices gives the selects that say how the file is read; of workbooks other ones than of text.
func (d *draft) readingChoices(b *base) []choice {
	di := &d.set.Dialect
	var out []choice
	switch {
	case di.Format == table.CSV:
		c := choice{Name: "delimiter", Label: b.T("web.wizard.delimiter"), Other: &other{Name: "delimiter_other", Label: b.T("web.wizard.delimiter_other")}}
		for _, s := range signs {
			c.add(s.name, b.T("web.wizard.delimiter."+s.name), s.sign == di.Delimiter)
		}
		c.rest(b, di.Delimiter)
		out = append(out, c)
		c = choice{Name: "quote", Label: b.T("web.wizard.quote"), Other: &other{Name: "quote_other", Label: b.T("web.wizard.quote_other")}}
		for _, s := range quotes {
			c.add(s.name, b.T("web.wizard.quote."+s.name), s.sign == di.Quote)
		}
		c.rest(b, string(di.Quote))
		out = append(out, c)
	case di.Format.IsSheet() && len(d.in.Guess.Sheets) > 0:
		c := choice{Name: "sheet", Label: b.T("web.wizard.sheet")}
		for _, s := range d.in.Guess.Sheets {
			text := s.Name
			if s.Hidden {
				text = b.T("web.wizard.sheet_hidden", "name", s.Name)
			}
			c.add(s.Name, text, s.Name == di.Sheet || strconv.Itoa(s.Number) == di.Sheet)
		}
		out = append(out, c)
	}
	if di.Format == table.CSV || di.Format.IsSheet() {
		out = append(out, d.headerChoice(b))
	}
	if c, ok := d.dateChoice(b); ok {
		out = append(out, c)
	}
	return out
}

func (c *choice) add(value, text string, on bool) {
	c.Options = append(c.Options, choiceOption{Value: value, Text: text, On: on})
	if on {
		c.Value = value
	}
}

// rest adds the option whose value is typed, chosen where none of the others is.
func (c *choice) rest(b *base, value string) {
	on := c.Value == ""
	c.add(otherSign, b.T("web.wizard.other"), on)
	if c.Other.On = on; on {
		c.Other.Value = value
	}
}

// headerLines is how many lines are offered as the header, beside the one that was found.
const headerLines = 8

func (d *draft) headerChoice(b *base) choice {
	di := &d.set.Dialect
	c := choice{Name: "header", Label: b.T("web.wizard.header")}
	now := headerValue(di.Skip, di.Header)
	add := func(skip, lines int) {
		v := headerValue(skip, lines)
		switch {
		case lines == 0 && skip == 0:
			c.add(v, b.T("web.wizard.header_none"), v == now)
		case lines == 0:
			c.add(v, b.T("web.wizard.header_none_from", "line", skip+1), v == now)
		case lines == 1:
			c.add(v, b.T("web.wizard.header_line", "line", skip+1), v == now)
		default:
			c.add(v, b.T("web.wizard.header_lines", "first", skip+1, "last", skip+lines), v == now)
		}
	}
	for n := range headerLines {
		if n == di.Skip && di.Header > 1 {
			add(di.Skip, di.Header)
		}
		add(n, 1)
	}
	if di.Skip >= headerLines && di.Header > 0 {
		add(di.Skip, di.Header)
	}
	add(0, 0)
	if di.Header == 0 && di.Skip > 0 {
		add(di.Skip, 0)
	}
	return c
}

func headerValue(skip, lines int) string { return strconv.Itoa(skip) + ":" + strconv.Itoa(lines) }

// dateChoice offers the order of dates where a column has some.
func (d *draft) dateChoice(b *base) (choice, bool) {
	c := choice{Name: "dates", Label: b.T("web.wizard.dates")}
	first := slices.IndexFunc(d.set.Mapping.Columns, d.isDate)
	if first < 0 {
		return c, false
	}
	found := d.dates(first).Order.String()
	now := d.set.Mapping.Columns[first].DateOrder
	for _, o := range []string{"dmy", "mdy", "ymd"} {
		value := o
		if o == found {
			value = "" // decided over the whole column
		}
		c.add(value, b.T("web.wizard.dates."+o), o == cmp.Or(now, found))
	}
	return c, true
}

// isDate tells whether a column feeds a date.
func (d *draft) isDate(c mapping.Column) bool {
	if id, ok := contact.CustomID(c.Field); ok {
		f, ok := d.cat.Field(id)
		return ok && f.Type == contact.TypeDate
	}
	return c.Field == mapping.FieldBirthDate || c.Field == mapping.NewCustom && c.Type == string(contact.TypeDate)
}

// takeReading puts into the settings how the person wants the file to be read. What they changed is fixed from now on, and
// what follows from it is found anew.
func takeReading(set *importer.Settings, form url.Values) error {
	d := &set.Dialect
	fix := func(part string, frees ...string) {
		set.Fixed = slices.DeleteFunc(slices.Clone(set.Fixed), func(f string) bool { return slices.Contains(frees, f) })
		if !slices.Contains(set.Fixed, part) {
			set.Fixed = append(set.Fixed, part)
		}
	}
	if has(form, "detect") {
		set.Fixed = nil
		return nil
	}
	was := func(name string) string { return form.Get("was_" + name) }
	changed := func(name string) bool { return has(form, name) && form.Get(name) != was(name) }
	if changed("sheet") {
		d.Sheet = form.Get("sheet")
		set.Fixed = nil // another sheet is another table
		fix(importer.FixSheet)
	}
	if changed("charset") {
		d.Charset, d.Fallback = form.Get("charset"), ""
		fix(importer.FixCharset)
	}
	if changed("delimiter") || form.Get("delimiter") == otherSign && changed("delimiter_other") {
		sign, err := signOf(form.Get("delimiter"), form.Get("delimiter_other"))
		if err != nil {
			return err
		}
		d.Delimiter = sign
		fix(importer.FixDelimiter, importer.FixHeader)
	}
	if changed("quote") || form.Get("quote") == otherSign && changed("quote_other") {
		sign, err := quoteOf(form.Get("quote"), form.Get("quote_other"))
		if err != nil {
			return err
		}
		d.Quote = sign
		fix(importer.FixQuote, importer.FixHeader)
	}
	if changed("header") {
		skip, lines, ok := strings.Cut(form.Get("header"), ":")
		n, err := strconv.Atoi(skip)
		m, err2 := strconv.Atoi(lines)
		if !ok || err != nil || err2 != nil || n < 0 || m < 0 || n > 10_000 || m > 20 {
			return errs.New(errs.Invalid, "web.wizard.form")
		}
		d.Skip, d.Header = n, m
		fix(importer.FixHeader)
	}
	if has(form, "footer_asked") {
		if form.Get("footer") == "keep" {
			fix(importer.FixFooter)
		} else {
			set.Fixed = slices.DeleteFunc(slices.Clone(set.Fixed), func(f string) bool { return f == importer.FixFooter })
		}
	}
	return nil
}

func signOf(name, typed string) (string, error) {
	for _, s := range signs {
		if s.name == name {
			return s.sign, nil
		}
	}
	if typed == "" || len(typed) > 10 || strings.ContainsAny(typed, "\r\n\"") || !utf8.ValidString(typed) {
		return "", errs.New(errs.Invalid, "web.wizard.delimiter", "value", typed)
	}
	return typed, nil
}

func quoteOf(name, typed string) (rune, error) {
	for _, s := range quotes {
		if s.name == name {
			return s.sign, nil
		}
	}
	r, n := utf8.DecodeRuneInString(typed)
	if n == 0 || n != len(typed) || r == utf8.RuneError || r < 0x20 {
		return 0, errs.New(errs.Invalid, "web.wizard.quote", "value", typed)
	}
	return r, nil
}
