package api

import (
	"context"
	"strings"
	"unicode/utf8"

	"cadastro/internal/charset"
	"cadastro/internal/errs"
	"cadastro/internal/importer"
	"cadastro/internal/table"
)

// Dialect says how a file is read. What is left out is detected.
type Dialect struct {
	Charset   *string `json:"charset,omitempty" doc:"Such as utf-8 or windows-1252." example:"windows-1252"`
	Delimiter *string `json:"delimiter,omitempty" maxLength:"10" doc:"One or more characters, or comma, semicolon, tab, pipe, colon, space, none." example:"semicolon"`
	Quote     *string `json:"quote,omitempty" maxLength:"10" doc:"One character, or none."`
	Escape    *string `json:"escape,omitempty" maxLength:"10" doc:"What stands before a quote inside quotes: a character, or double."`
	Header    *int    `json:"header,omitempty" minimum:"0" maximum:"1000" doc:"Records of the header, 0 for none."`
	Skip      *int    `json:"skip,omitempty" minimum:"0" maximum:"1000" doc:"Lines above the header that are no data."`
	Totals    *bool   `json:"totals,omitempty" doc:"Whether totals at the end are rows, too."`
	Sheet     *string `json:"sheet,omitempty" maxLength:"200" doc:"Of a workbook: name of the sheet, or its number from 1."`
}

// DialectQuery is a dialect in a query.
type DialectQuery struct {
	Charset   string `query:"charset" maxLength:"40" doc:"Such as utf-8 or windows-1252."`
	Delimiter string `query:"delimiter" maxLength:"10" doc:"One or more characters, or comma, semicolon, tab, pipe, colon, space, none."`
	Quote     string `query:"quote" maxLength:"10" doc:"One character, or none."`
	Escape    string `query:"escape" maxLength:"10" doc:"What stands before a quote inside quotes: a character, or double."`
	Header    int    `query:"header" minimum:"-1" maximum:"1000" default:"-1" doc:"Records of the header, 0 for none, -1 to detect it."`
	Skip      int    `query:"skip" minimum:"-1" maximum:"1000" default:"-1" doc:"Lines above the header that are no data, -1 to detect them."`
	Totals    string `query:"totals" enum:"true,false" doc:"Whether totals at the end are rows, too."`
	Sheet     string `query:"sheet" maxLength:"200" doc:"Of a workbook: name of the sheet, or its number from 1."`
}

func (q *DialectQuery) dialect() *Dialect {
	d := &Dialect{}
	for from, to := range map[*string]**string{&q.Charset: &d.Charset, &q.Delimiter: &d.Delimiter, &q.Quote: &d.Quote, &q.Escape: &d.Escape, &q.Sheet: &d.Sheet} {
		if *from != "" {
			*to = from
		}
	}
	if q.Header >= 0 {
		d.Header = &q.Header
	}
	if q.Skip >= 0 {
		d.Skip = &q.Skip
	}
	if q.Totals != "" {
		totals := q.Totals == "true"
		d.Totals = &totals
	}
	return d
}

// word gives the character that a word stands for, which is hard to write in a URL.
func word(s string) string {
	switch strings.ToLower(s) {
	case "comma":
		return ","
	case "semicolon":
		return ";"
	case "tab", `\t`:
		return "\t"
	case "pipe":
		return "|"
	case "space":
		return " "
	case "colon":
		return ":"
	case "none":
		return ""
	}
	return s
}

// wordOf is the other way round.
func wordOf(s string) string {
	for _, w := range []string{"comma", "semicolon", "tab", "pipe", "space", "colon", "none"} {
		if word(w) == s {
			return w
		}
	}
	return s
}

// dialectOf tells how a file is read, every property named.
func dialectOf(d table.Dialect) *Dialect {
	quote, escape, totals := "none", "double", !d.DropFooter
	if d.Quote != 0 {
		quote = string(d.Quote)
	}
	if d.Escape != 0 {
		escape = string(d.Escape)
	}
	out := &Dialect{Header: &d.Header, Skip: &d.Skip, Totals: &totals}
	if d.Sheet != "" {
		out.Sheet = &d.Sheet
	}
	if d.Format == table.CSV {
		delimiter := wordOf(d.Delimiter)
		out.Charset, out.Delimiter, out.Quote, out.Escape = &d.Charset, &delimiter, &quote, &escape
	}
	return out
}

// fixed names the parts that the caller fixed, as the importer keeps them.
func (d *Dialect) fixed() (list []string) {
	for _, part := range []struct {
		name string
		set  bool
	}{
		{importer.FixSheet, d.Sheet != nil}, {importer.FixCharset, d.Charset != nil}, {importer.FixDelimiter, d.Delimiter != nil},
		{importer.FixQuote, d.Quote != nil}, {importer.FixHeader, d.Header != nil || d.Skip != nil}, {importer.FixFooter, d.Totals != nil && *d.Totals},
	} {
		if part.set {
			list = append(list, part.name)
		}
	}
	return list
}

// detect finds out how a file is read, with what the caller fixed.
func (d *Dialect) detect(ctx context.Context, src table.Source, lim table.Limits, where string) (table.Guess, error) {
	hint, zeros, err := d.fix(where)
	if err != nil {
		return table.Guess{}, err
	}
	g, err := table.Redetect(ctx, src, hint, lim)
	if err != nil {
		return g, err
	}
	was := g.Dialect
	for _, zero := range zeros {
		zero(&g.Dialect)
	}
	if g.Dialect != was {
		g.Sample, err = table.Preview(ctx, src, g.Dialect, lim, max(len(g.Sample.Rows), 1))
		g.Width = max(g.Width, len(g.Sample.Header))
	}
	return g, err
}

// fix gives what is fixed. A zero value of a dialect is left to the detection, so what is fixed at zero is put in
// afterwards.
func (d *Dialect) fix(where string) (hint table.Dialect, zeros []func(*table.Dialect), err error) {
	zero := func(f func(*table.Dialect)) { zeros = append(zeros, f) }
	if d.Sheet != nil {
		hint.Sheet = *d.Sheet
	}
	if d.Delimiter != nil {
		if hint.Delimiter = word(*d.Delimiter); hint.Delimiter == "" {
			zero(func(d *table.Dialect) { d.Delimiter = "" })
		}
	}
	if d.Quote != nil {
		if hint.Quote, err = character(where+".quote", *d.Quote, "none", ""); err != nil {
			return hint, nil, err
		}
		if hint.Quote == 0 {
			zero(func(d *table.Dialect) { d.Quote, d.Escape, d.Wrapped = 0, 0, false })
		}
	}
	if d.Escape != nil {
		if hint.Escape, err = character(where+".escape", *d.Escape, "double", "none", ""); err != nil {
			return hint, nil, err
		}
		if hint.Escape == 0 {
			zero(func(d *table.Dialect) { d.Escape = 0 })
		}
	}
	if d.Charset != nil && *d.Charset != "" {
		name, ok := charset.Lookup(*d.Charset)
		if !ok {
			return hint, nil, at(where+".charset", errs.New(errs.Invalid, "api.charset", "value", errs.Clip(*d.Charset, maxEcho), "names", strings.Join(charset.Names(), ", ")))
		}
		hint.Charset = name
	}
	if d.Header != nil {
		if hint.Header = *d.Header; hint.Header == 0 {
			zero(func(d *table.Dialect) { d.Header = 0 })
		}
	}
	if d.Skip != nil {
		if hint.Skip = *d.Skip; hint.Skip == 0 {
			zero(func(d *table.Dialect) { d.Skip = 0 })
		}
	}
	if d.Totals != nil {
		drop := !*d.Totals
		zero(func(d *table.Dialect) { d.DropFooter = drop && d.Footer > 0 })
	}
	return hint, zeros, nil
}

// character reads the one character of a value, 0 for the words that mean none.
func character(where, value string, none ...string) (rune, error) {
	for _, n := range none {
		if strings.EqualFold(value, n) {
			return 0, nil
		}
	}
	r, size := utf8.DecodeRuneInString(value)
	if size != len(value) || r == utf8.RuneError || r < 0x20 && r != '\t' {
		return 0, at(where, errs.New(errs.Invalid, "api.character", "value", errs.Clip(value, maxEcho)))
	}
	return r, nil
}
