package cli

import (
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"cadastro/internal/app"
	"cadastro/internal/charset"
	"cadastro/internal/contact"
	"cadastro/internal/errs"
	"cadastro/internal/exporter"
	"cadastro/internal/table"
)

type exportCmd struct {
	Output    string   `short:"o" help:"File to write, instead of the standard output." placeholder:"FILE"`
	Fields    []string `help:"Fields to write, by key: id, name, phone, email, tax_id, external_id, tags, address.city, ... Without it, all that are used." placeholder:"KEY,..."`
	Keys      bool     `help:"Write field keys as headers, instead of names."`
	Headers   []string `help:"Headers to write instead, one for each field." placeholder:"NAME,..."`
	Filter    string   `help:"Contacts that meet this filter alone, as in: tag:vip and not has:email." placeholder:"TEXT"`
	Format    string   `help:"Format of the file: csv, xlsx, vcf (vCard) or ndjson; without it, by the name of the file." enum:"csv,xlsx,vcf,ndjson," default:"" placeholder:"FORMAT"`
	Delimiter string   `help:"Delimiter: any characters, or comma, semicolon, tab, pipe." default:"," placeholder:"SIGN"`
	Charset   string   `help:"Charset of the file." default:"utf-8" aliases:"encoding" placeholder:"NAME"`
	Raw       bool     `help:"Write cells that a spreadsheet would run as a formula as they are."`
}

// Help is the second part of the help text.
func (*exportCmd) Help() string {
	return "A file begins with a byte order mark, so that spreadsheets know its charset; the standard output does not. A spreadsheet of Brazil " +
		"wants --delimiter semicolon. Imported again, an export changes nothing."
}

// Run exports contacts.
func (c *exportCmd) Run(s *session) error {
	name, ok := charset.Lookup(c.Charset)
	if !ok {
		return errs.New(errs.Invalid, "cli.charset", "value", c.Charset, "names", strings.Join(charset.Names(), ", "))
	}
	delimiter := sign(c.Delimiter)
	if delimiter == "" {
		return errs.New(errs.Invalid, "cli.not_a_sign", "flag", "--delimiter", "value", c.Delimiter)
	}
	a, err := s.open()
	if err != nil {
		return err
	}
	defer a.Close()
	var written int64
	d := table.Dialect{Format: table.CSV, Charset: name, Delimiter: delimiter, Quote: '"'}
	opt := table.WriterOptions{BOM: c.Output != "" && c.Output != standardInput, Guard: !c.Raw}
	what := exporter.Options{Selection: contact.Selection{Filter: c.Filter}, Fields: c.Fields, Keys: c.Keys, Language: s.text.Lang}
	err = s.output(c.Output, func(w io.Writer) error {
		if f := c.form(); f != "" {
			n, err := a.Exports.Write(s.ctx, app.FirstWorkspace, exporter.Spec{Selection: what.Selection, Format: f, Fields: c.Fields, Keys: c.Keys, Language: s.text.Lang}, w)
			written = n
			return err
		}
		return s.writeRows(w, isWorkbook(c.Format, c.Output), s.text.T("cli.sheet_contacts"), true, d, opt, func(to rowWriter) error {
			n, err := a.Exports.Export(s.ctx, app.FirstWorkspace, what, &renamed{to: to, headers: c.Headers})
			written = n
			return err
		})
	})
	if err != nil {
		return err
	}
	s.tell("cli.exported", "count", written)
	return nil
}

// form gives the format of a file that is no table, "" for a table.
func (c *exportCmd) form() exporter.Format {
	name := c.Format
	if name == "" {
		name = strings.ToLower(strings.TrimPrefix(filepath.Ext(c.Output), "."))
	}
	switch f := exporter.Format(name); f {
	case exporter.VCard, exporter.NDJSON:
		return f
	}
	return ""
}

// renamed writes other headers in the place of the first row.
type renamed struct {
	to      exporter.Sink
	headers []string
	begun   bool
}

// Write writes a row.
func (r *renamed) Write(cells []string) error {
	if !r.begun && len(r.headers) > 0 {
		headers, ok := rename(cells, r.headers)
		if !ok {
			return errs.New(errs.Invalid, "cli.headers", "have", len(r.headers), "want", len(cells), "columns", strings.Join(cells, ", "))
		}
		cells = headers
	}
	r.begun = true
	return r.to.Write(cells)
}

// rename puts other names in the place of headers: one for each column, or one for each field, whose further
// columns ("Phone 2") then have the new name with their number.
func rename(old, names []string) ([]string, bool) {
	if len(old) == len(names) {
		return names, true
	}
	out := make([]string, 0, len(old))
	field, nth := -1, 1
	for i, h := range old {
		if nth++; i > 0 && h == old[i-nth+1]+" "+strconv.Itoa(nth) {
			out = append(out, names[field]+" "+strconv.Itoa(nth))
			continue
		}
		if field, nth = field+1, 1; field == len(names) {
			return nil, false
		}
		out = append(out, names[field])
	}
	return out, field == len(names)-1
}
