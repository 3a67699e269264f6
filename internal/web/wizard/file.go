package wizard

import (
	"net/http"
	"slices"

	"cadastro/internal/charset"
	"cadastro/internal/errs"
	"cadastro/internal/importer"
	"cadastro/internal/mapping"
	"cadastro/internal/normalize"
	"cadastro/internal/web/page"
)

// filePage is the first step: how the file is read, and what is to be done with it.
type filePage struct {
	base
	d *draft

	File     fileCard
	Reading  []choice // the selects of how the file is read
	Auto     bool     // all of it was found by itself
	Charsets []charsetCard
	Notes    []note
	Header   []string
	Rows     []rawRow
	Total    string

	Purposes    []choiceOption
	Identifiers choice
	Country     choice
	Preset      choice
	Group       choice
	NewGroup    string
	GroupNeeded bool
	Tags        []string
	ImportTag   string
	AllTags     []string
	Repeated    choice
	Basis       choice
	BasisAsked  bool
	Saved       choice
	Footer      int // rows of totals at the end
	FooterKept  bool
	More        bool // something beyond the usual was chosen

	Mapped, Columns int
	Sure            bool
	System          string // the system that wrote the file, "" where it is not known
}

// fileCard says which file it is.
type fileCard struct {
	Name, Kind string
	Size       int64
	Rows       string
	Columns    int
}

// choice is a select.
type choice struct {
	Name    string // of the control
	Label   string
	Hint    string
	Fault   string
	Value   string
	Options []choiceOption
	Other   *other // a free value beside the options
}

// other is the text field of a select's last option.
type other struct {
	Name, Label, Value string
	On                 bool
}

// choiceOption is one option of a select or a set of radio buttons.
type choiceOption struct {
	Value, Text, Hint string
	On, Off           bool // chosen; cannot be chosen
}

// charsetCard is one way to read the letters of the file.
type charsetCard struct {
	Name, Label, Words string
	On                 bool
}

// note is something that was recognised in the file.
type note struct {
	Text    string
	Warning bool
}

// rawRow is a row as the file has it.
type rawRow struct {
	Line  string
	Cells []string
}

// shownRows is how many rows of the file are shown.
const shownRows = 10

// shownColumns is how many columns of the file are shown: of wider ones the beginning tells how they are read.
const shownColumns = 100

// shownCell is the most bytes of a cell that are shown.
const shownCell = 120

func (p *pages) showFile(w http.ResponseWriter, r *http.Request) error {
	id, err := importID(r)
	if err != nil {
		return err
	}
	b := p.base(r, 1, id)
	d, err := p.open(r.Context(), who(r), id, &b, nil)
	if err != nil {
		return p.unreadable(w, r, id, err)
	}
	if to := laterStep(d.imp); to != "" {
		return page.Redirect(w, r, to)
	}
	f := p.filePage(b, d)
	f.TakeFlash(w, r)
	return p.Show(w, r, http.StatusOK, "file.html", f)
}

// unreadable shows the choice of a file with why this one cannot be read; any other error comes back.
func (p *pages) unreadable(w http.ResponseWriter, r *http.Request, id importer.ID, err error) error {
	if !reading(err) {
		return err
	}
	imp, gone := p.app.Imports.Get(r.Context(), who(r), id)
	if gone != nil {
		return gone
	}
	d, bad := p.newPage(r)
	if bad != nil {
		return bad
	}
	d.File = imp.FileName
	return p.refuse(w, r, d, err)
}

// laterStep says where an import is that has begun, "" for one that can still be set up.
func laterStep(imp *importer.Import) string {
	switch imp.State {
	case importer.Uploaded, importer.Validating, importer.InReview, importer.Expired:
		return ""
	case importer.Failed:
		if !imp.Started() {
			return ""
		}
	}
	return importPath(imp.ID)
}

// saveFile keeps what was chosen, and goes on or draws the page anew.
func (p *pages) saveFile(w http.ResponseWriter, r *http.Request) error {
	id, err := importID(r)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return errs.New(errs.Invalid, "web.wizard.form")
	}
	b := p.base(r, 1, id)
	d, err := p.open(r.Context(), who(r), id, &b, func(set *importer.Settings) error { return takeReading(set, r.PostForm) })
	if err != nil {
		if reading(err) && page.IsHTMX(r) {
			return err // said above the page at hand, which stays as it is
		}
		return p.unreadable(w, r, id, err)
	}
	if to := laterStep(d.imp); to != "" {
		return page.Redirect(w, r, to)
	}
	takeSetup(d, r.PostForm)
	goOn := r.PostForm.Get("go") == "on"
	var faults page.Faults
	if goOn {
		faults = d.setupFaults(&b)
	}
	d.imp, err = p.app.Imports.SaveDraft(r.Context(), who(r), id, d.set)
	if err != nil {
		return err
	}
	switch {
	case len(faults) > 0 || !goOn && page.IsHTMX(r):
	case !goOn:
		return page.Redirect(w, r, b.At+"/file")
	case d.sure():
		return p.review(w, r, d)
	default:
		return page.Redirect(w, r, b.At+"/columns")
	}
	f := p.filePage(b, d)
	f.Faults = faults
	if page.IsHTMX(r) {
		return p.Fragment(w, r, http.StatusOK, "file.html", "step", f)
	}
	return p.Show(w, r, http.StatusUnprocessableEntity, "file.html", f)
}

// setupFaults tells what the workspace asks for and was not chosen.
func (d *draft) setupFaults(b *base) (f page.Faults) {
	if d.house.GroupRequired && d.set.Group == "" {
		f = append(f, page.Fault{Field: "group", Text: b.T("web.wizard.group_needed")})
	}
	if d.house.AskBasis && d.set.LegalBasis == "" {
		f = append(f, page.Fault{Field: "basis", Text: b.T("web.wizard.basis_needed")})
	}
	return f
}

func (p *pages) filePage(b base, d *draft) *filePage {
	f := &filePage{base: b, d: d, Mapped: d.mapped(), Columns: len(d.in.Header), Sure: d.sure(), Header: d.headers(&b)}
	f.Header = f.Header[:min(len(f.Header), shownColumns)]
	f.File = fileCard{Name: d.imp.FileName, Kind: kindOf(d), Size: d.imp.FileSize, Columns: len(d.in.Header), Rows: d.rowsText(&b)}
	f.Auto = len(d.set.Fixed) == 0
	f.Footer, f.FooterKept = d.set.Dialect.Footer, slices.Contains(d.set.Fixed, importer.FixFooter)
	f.Reading = d.readingChoices(&b)
	f.Charsets = d.charsetCards()
	f.Notes = d.notes(&b)
	for _, row := range d.rows[:min(len(d.rows), shownRows)] {
		cells := make([]string, len(f.Header))
		for i := range cells {
			if i < len(row.Cells) {
				cells[i] = errs.Clip(row.Cells[i], shownCell)
			}
		}
		f.Rows = append(f.Rows, rawRow{b.N(row.Line), cells})
	}
	f.Total = b.T("web.wizard.rows_shown", "shown", len(f.Rows), "rows", f.File.Rows)
	if d.in.Layout != nil {
		f.System = b.T("layout.name." + d.in.Layout.Key)
	}
	d.setup(f)
	return f
}

// headers gives what the columns are called: by their place where they have no header.
func (d *draft) headers(b *base) []string {
	out := make([]string, len(d.in.Header))
	for i := range out {
		out[i] = d.header(b, i)
	}
	return out
}

func (d *draft) header(b *base, i int) string {
	if d.in.Header[i] == "" {
		return b.T("import.column_n", "n", i+1)
	}
	return errs.Clip(d.in.Header[i], shownCell)
}

func (d *draft) rowsText(b *base) string {
	if d.exact {
		return b.T("web.wizard.rows", "count", d.total)
	}
	round := d.total
	for unit := int64(10); unit <= round/100; unit *= 10 {
		round = round / unit * unit
	}
	return b.T("web.wizard.rows_about", "count", round)
}

// charsetCards gives the ways to read the letters, with words of the file, the one in force first.
func (d *draft) charsetCards() []charsetCard {
	var out []charsetCard
	now := d.set.Dialect.Charset
	for _, a := range d.chars.Alternatives {
		if len(a.Lines) == 0 {
			continue
		}
		c := charsetCard{Name: a.Name, Label: charset.Label(a.Name), Words: telling(a.Lines), On: a.Name == now}
		if len(out) < 3 || c.On {
			out = append(out, c)
		}
	}
	if len(out) > 0 && !slices.ContainsFunc(out, func(c charsetCard) bool { return c.On }) {
		out = append([]charsetCard{{Name: now, Label: charset.Label(now), On: true}}, out...)
	}
	if len(out) < 2 {
		return nil
	}
	return out
}

func (d *draft) notes(b *base) (out []note) {
	for _, is := range d.in.Guess.Notes {
		out = append(out, note{b.Text.Issue(is), is.Severity >= errs.Warning})
	}
	for i := range d.set.Mapping.Columns {
		if c := &d.set.Mapping.Columns[i]; c.Field == mapping.FieldBirthDate && c.DateOrder == "" {
			if dec := d.dates(i); dec.Ask {
				is := errs.NewIssue(errs.Warning, "column.date_order_open", dec.OpenExample, "order", dec.Order.String(), "header", c.Header)
				out = append(out, note{b.Text.Issue(is), true})
			}
		}
	}
	return out
}

// dates tells in which order the dates of a column are written, as far as the sample says.
func (d *draft) dates(i int) normalize.DateDecision {
	var col normalize.DateColumn
	for _, row := range d.rows {
		if i < len(row.Cells) {
			col.Add(row.Cells[i])
		}
	}
	return col.Decide(d.set.Country)
}
