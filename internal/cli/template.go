package cli

import (
	"io"

	"cadastro/internal/app"
	"cadastro/internal/template"
)

type templateCmd struct {
	Output string `short:"o" help:"File to write, instead of the standard output." placeholder:"FILE"`
	Format string `help:"Format of the file: csv or xlsx. Without it, by the name of the file." enum:",csv,xlsx" default:"" placeholder:"FORMAT"`
}

// Help is the second part of the help text.
func (*templateCmd) Help() string {
	return "Has a column for each field of a contact, the workspace's own fields too, in the language of --lang, and two example rows. " +
		"Fill it in and import it: no column needs a choice."
}

// Run writes the template.
func (c *templateCmd) Run(s *session) error {
	a, err := s.open()
	if err != nil {
		return err
	}
	defer a.Close()
	cat, err := a.Contacts.Catalogue(s.ctx, app.FirstWorkspace)
	if err != nil {
		return err
	}
	o := template.Options{Text: s.text, Country: s.cfg.Country, Fields: cat.Fields}
	return s.output(c.Output, func(w io.Writer) error {
		if isWorkbook(c.Format, c.Output) {
			return template.WriteXLSX(w, o)
		}
		return template.WriteCSV(w, o)
	})
}
