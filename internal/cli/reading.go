package cli

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"cadastro/internal/charset"
	"cadastro/internal/errs"
	"cadastro/internal/importer"
	"cadastro/internal/table"
)

// readingFlags say how a file is to be read, where the person knows better.
type readingFlags struct {
	Sheet     string `help:"Sheet of a spreadsheet." placeholder:"NAME" group:"reading"`
	Delimiter string `help:"Delimiter: any characters, or comma, semicolon, tab, pipe, space, none." placeholder:"SIGN" group:"reading"`
	Quote     string `help:"Quote character, or none." placeholder:"SIGN" group:"reading"`
	Escape    string `help:"What stands before a quote inside quotes: a character such as \\, or double." placeholder:"SIGN" group:"reading"`
	Charset   string `help:"Charset, such as utf-8 or windows-1252." aliases:"encoding" placeholder:"NAME" group:"reading"`
	Header    *int   `help:"Lines of the header, 0 for none." placeholder:"N" group:"reading"`
	Skip      *int   `help:"Lines above the header that are no data." placeholder:"N" group:"reading"`
	Totals    bool   `help:"Take lines of totals at the end as rows, too." group:"reading"`
}

// signs are names for delimiters that a shell makes hard to write.
func sign(name string) string {
	switch strings.ToLower(name) {
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
	return name
}

// one gives the only character of a flag's value; 0 for none.
func one(flag, value string, none ...string) (rune, error) {
	for _, n := range none {
		if strings.EqualFold(value, n) {
			return 0, nil
		}
	}
	r, size := utf8.DecodeRuneInString(value)
	if size != len(value) || r == utf8.RuneError || r < 0x20 && r != '\t' {
		return 0, errs.New(errs.Invalid, "cli.not_a_sign", "flag", flag, "value", value)
	}
	return r, nil
}

// fixed is what the flags fix of a dialect. The zero value of a field of a dialect is left to the detection, so
// what a flag fixes at zero is put in afterwards.
type fixed struct {
	hint  table.Dialect
	zeros []func(*table.Dialect)
}

func (f *readingFlags) fix() (x fixed, err error) {
	x.hint.Sheet = f.Sheet
	if f.Delimiter != "" {
		if x.hint.Delimiter = sign(f.Delimiter); x.hint.Delimiter == "" {
			x.zeros = append(x.zeros, func(d *table.Dialect) { d.Delimiter = "" })
		}
	}
	if f.Quote != "" {
		if x.hint.Quote, err = one("--quote", f.Quote, "none"); err != nil {
			return x, err
		}
		if x.hint.Quote == 0 {
			x.zeros = append(x.zeros, func(d *table.Dialect) { d.Quote, d.Escape, d.Wrapped = 0, 0, false })
		}
	}
	if f.Escape != "" {
		if x.hint.Escape, err = one("--escape", f.Escape, "double", "none", f.Quote); err != nil {
			return x, err
		}
		if x.hint.Escape == 0 {
			x.zeros = append(x.zeros, func(d *table.Dialect) { d.Escape = 0 })
		}
	}
	if f.Charset != "" {
		name, ok := charset.Lookup(f.Charset)
		if !ok {
			return x, errs.New(errs.Invalid, "cli.charset", "value", f.Charset, "names", strings.Join(charset.Names(), ", "))
		}
		x.hint.Charset = name
	}
	for _, n := range []struct {
		flag  string
		value *int
		into  *int
		zero  func(*table.Dialect)
	}{
		{"--header", f.Header, &x.hint.Header, func(d *table.Dialect) { d.Header = 0 }},
		{"--skip", f.Skip, &x.hint.Skip, func(d *table.Dialect) { d.Skip = 0 }},
	} {
		switch {
		case n.value == nil:
		case *n.value < 0 || *n.value > 1000:
			return x, errs.New(errs.Invalid, "cli.lines", "flag", n.flag, "limit", 1000)
		case *n.value == 0:
			x.zeros = append(x.zeros, n.zero)
		default:
			*n.into = *n.value
		}
	}
	if f.Totals {
		x.zeros = append(x.zeros, func(d *table.Dialect) { d.DropFooter = false })
	}
	return x, nil
}

// detect finds out how a file is to be read.
func (s *session) detect(src table.Source, f *readingFlags, lim table.Limits) (table.Guess, error) {
	x, err := f.fix()
	if err != nil {
		return table.Guess{}, err
	}
	g, err := table.Redetect(s.ctx, src, x.hint, lim)
	if err != nil || len(x.zeros) == 0 {
		return g, err
	}
	was := g.Dialect
	for _, zero := range x.zeros {
		zero(&g.Dialect)
	}
	if g.Dialect == was {
		return g, nil
	}
	g.Sample, err = table.Preview(s.ctx, src, g.Dialect, lim, max(len(g.Sample.Rows), 1))
	return g, err
}

// inspect finds out how a file is to be read and what its columns are.
func (s *session) inspect(src table.Source, f *readingFlags, lim table.Limits, k importer.Known) (*importer.Inspection, error) {
	g, err := s.detect(src, f, lim)
	if err != nil {
		return nil, err
	}
	return importer.Understand(g, k), nil
}

// reading is how a file is read, as JSON. Escape is "" where a quote inside quotes is doubled.
type reading struct {
	Format      table.Format `json:"format"`
	Compression string       `json:"compression,omitempty"`
	Encoding    string       `json:"encoding"`
	Delimiter   string       `json:"delimiter"`
	Quote       string       `json:"quote"`
	Escape      string       `json:"escape"`
	Header      int          `json:"header"`
	Skip        int          `json:"skip"`
	Footer      int          `json:"footer"`
	Sheet       string       `json:"sheet,omitempty"`
}

func readingOf(d table.Dialect) reading {
	r := reading{Format: d.Format, Compression: d.Compression, Encoding: d.Charset, Delimiter: d.Delimiter, Header: d.Header, Skip: d.Skip, Sheet: d.Sheet}
	if d.Quote != 0 {
		r.Quote = string(d.Quote)
	}
	if d.Escape != 0 {
		r.Escape = string(d.Escape)
	}
	if d.DropFooter {
		r.Footer = d.Footer
	}
	return r
}

// readingText tells in one line how a file is read.
func (s *session) readingText(d table.Dialect) string {
	parts := []string{formatName(d)}
	if d.Charset != "" {
		parts = append(parts, charset.Label(d.Charset))
	}
	if d.Format == table.CSV {
		if d.Delimiter == "" {
			parts = append(parts, s.text.T("cli.one_column"))
		} else {
			parts = append(parts, s.text.T("cli.delimiter", "sign", s.signName(d.Delimiter)))
		}
		if d.Quote != '"' && d.Quote != 0 {
			parts = append(parts, s.text.T("cli.quote", "sign", string(d.Quote)))
		}
	}
	if d.Sheet != "" {
		parts = append(parts, s.text.T("cli.sheet", "name", d.Sheet))
	}
	switch {
	case d.Header == 0:
		parts = append(parts, s.text.T("cli.no_header"))
	case d.Skip > 0:
		parts = append(parts, s.text.T("cli.header_at", "line", d.Skip+1))
	}
	return oneLine(strings.Join(parts, " · "), 0)
}

func formatName(d table.Dialect) string {
	name := strings.ToUpper(string(d.Format))
	if d.Compression != "" {
		name += " (" + d.Compression + ")"
	}
	return name
}

// signName names a delimiter so that it can be seen.
func (s *session) signName(delimiter string) string {
	switch delimiter {
	case ",", ";", "\t", "|", " ", ":":
		return s.text.T("cli.sign." + map[string]string{",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe", " ": "space", ":": "colon"}[delimiter])
	}
	if oneLine(delimiter, 0) != delimiter {
		return strconv.QuoteToASCII(delimiter)
	}
	return delimiter
}
