package wizard

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"cadastro/internal/contact"
	"cadastro/internal/errs"
	"cadastro/internal/mapping"
	"cadastro/internal/web/page"
)

// columnsPage is the second step: what each column feeds.
type columnsPage struct {
	base
	d       *draft
	Rows    []columnRow
	Mapped  int
	Confirm []string // headers of offers that may be wrong
	Decide  []string // headers of columns that have no place yet
	ToMake  int      // how many those are
	KeepAll bool
	MayKeep bool // existing contacts may be changed at all
	Saved   choice
	SaveAs  string
	Card    *card
	RowAt   int
	Total   int // columns of the file
	First   int // the first one on the page
	Last    int // the one behind the last
	Prev    int // first of the page before, -1 for none
	Next    int // first of the next page, -1 for none
}

// pageColumns is how many columns stand on a page: a form of thousands of selects is of no use to anybody.
const pageColumns = 100

// columnRow is one column of the file.
type columnRow struct {
	I          int
	Header     string
	Fill       int // percent of the sample's rows that have something
	Samples    []string
	Fields     []optionGroup
	Was        string
	On         bool
	Undecided  bool
	Identifier bool
	Combined   bool   // its text goes before another column's
	Sign       string // h, m2 or lo: how sure the field is
	Reason     string
	Keep       bool
	Note       string
	New        *newField
	Options    []option
	OptionsSet int // how many options are not as usual
}

// optionGroup is a group of fields in a select.
type optionGroup struct {
	Label   string
	Options []choiceOption
}

// newField is the form of a custom field that a column makes.
type newField struct {
	Label string
	Type  choice
}

// shownSamples is how many values of a column are shown.
const shownSamples = 3

// fieldGroups are the fields that a column may feed, as they are offered.
var fieldGroups = []struct {
	name   string
	fields []string
}{
	{"person", []string{mapping.FieldName, mapping.FieldFirstName, mapping.FieldLastName, mapping.FieldTaxID, mapping.FieldBirthDate, mapping.FieldCompany,
		mapping.FieldJobTitle, mapping.FieldExternalID, mapping.FieldGender, mapping.FieldLanguage}},
	{"channels", []string{mapping.FieldPhone, mapping.FieldEmail, mapping.FieldWhatsApp, mapping.FieldTelegramID, mapping.FieldChannelType, mapping.FieldChannelValue}},
	{"work", []string{mapping.FieldTags, mapping.FieldGroups, mapping.FieldOwner, mapping.FieldPriority, mapping.FieldConsent, mapping.FieldNotes, mapping.FieldWebsite, mapping.FieldContactID}},
	{"address", []string{mapping.FieldStreet, mapping.FieldNumber, mapping.FieldComplement, mapping.FieldDistrict, mapping.FieldCity, mapping.FieldState, mapping.FieldPostalCode, mapping.FieldCountry}},
}

// fieldTypes are the types that a new custom field may have.
var fieldTypes = []contact.FieldType{contact.TypeText, contact.TypeNumber, contact.TypeDate, contact.TypeBoolean, contact.TypeChoice, contact.TypeURL}

func (p *pages) showColumns(w http.ResponseWriter, r *http.Request) error {
	id, err := importID(r)
	if err != nil {
		return err
	}
	b := p.base(r, 2, id)
	d, err := p.open(r.Context(), who(r), id, &b, nil)
	if err != nil {
		return p.unreadable(w, r, id, err)
	}
	if to := laterStep(d.imp); to != "" {
		return page.Redirect(w, r, to)
	}
	at, _ := strconv.Atoi(r.URL.Query().Get("row"))
	from, _ := strconv.Atoi(r.URL.Query().Get("from"))
	f, err := p.columnsPage(r.Context(), b, d, at, from)
	if err != nil {
		return err
	}
	f.TakeFlash(w, r)
	return p.Show(w, r, http.StatusOK, "columns.html", f)
}

// saveColumns keeps what the columns feed, and goes on or draws the page anew.
func (p *pages) saveColumns(w http.ResponseWriter, r *http.Request) error {
	id, err := importID(r)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return errs.New(errs.Invalid, "web.wizard.form")
	}
	b := p.base(r, 2, id)
	d, err := p.open(r.Context(), who(r), id, &b, nil)
	if err != nil {
		return err
	}
	if to := laterStep(d.imp); to != "" {
		return page.Redirect(w, r, to)
	}
	takeColumns(d, r.PostForm)
	if d.imp, err = p.app.Imports.SaveDraft(r.Context(), who(r), id, d.set); err != nil {
		return err
	}
	at, from := place(r.PostForm, "row"), place(r.PostForm, "from")
	path := b.At + "/columns"
	q := url.Values{}
	if at > 0 {
		q.Set("row", strconv.Itoa(at))
	}
	if from > 0 {
		q.Set("from", strconv.Itoa(from))
	}
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	var faults page.Faults
	if r.PostForm.Get("go") == "on" {
		err := d.set.Mapping.Validate(d.set.Purpose, d.set.Identifier)
		if err == nil {
			if err = p.review(w, r, d); err == nil {
				return nil
			}
		}
		if err := faults.Add(b.Text, d.faultyControl(err), err); err != nil {
			return err
		}
	} else if !page.IsHTMX(r) {
		return page.Redirect(w, r, path)
	}
	f, err := p.columnsPage(r.Context(), b, d, at, from)
	if err != nil {
		return err
	}
	f.Faults = faults
	if page.IsHTMX(r) {
		w.Header().Set("HX-Replace-Url", path)
		return p.Fragment(w, r, http.StatusOK, "columns.html", "step", f)
	}
	return p.Show(w, r, http.StatusUnprocessableEntity, "columns.html", f)
}

// faultyControl names the control by which a fault of the mapping is mended, "" where it is none alone.
func (d *draft) faultyControl(err error) string {
	field := ""
	switch errs.CodeOf(err) {
	case "mapping.field_twice":
		seen := map[string]bool{}
		for _, c := range d.set.Mapping.Columns {
			if seen[c.Field] && !mapping.Multi(c.Field) {
				field = c.Field
			}
			seen[c.Field] = c.Field != ""
		}
	}
	for i := len(d.set.Mapping.Columns) - 1; i >= 0; i-- {
		if d.set.Mapping.Columns[i].Field == field && field != "" {
			return "f" + strconv.Itoa(i)
		}
	}
	return "f0"
}

// place reads where the page is, or where a button of it leads to.
func place(form url.Values, name string) int {
	v := form.Get("to_" + name)
	if v == "" {
		v = form.Get(name)
	}
	n, _ := strconv.Atoi(v)
	return max(0, n)
}

func (p *pages) columnsPage(ctx context.Context, b base, d *draft, at, from int) (*columnsPage, error) {
	f := &columnsPage{base: b, d: d, Mapped: d.mapped(), MayKeep: d.set.Purpose.Updates(), Saved: d.savedChoice(&b), SaveAs: mappingName(d.imp.FileName)}
	f.KeepAll = f.MayKeep
	f.Total = len(d.set.Mapping.Columns)
	f.First = min(from, max(0, f.Total-1)) / pageColumns * pageColumns
	f.Last = min(f.First+pageColumns, f.Total)
	if f.Prev, f.Next = f.First-pageColumns, f.Last; f.Next >= f.Total {
		f.Next = -1
	}
	for i := range d.set.Mapping.Columns {
		if i >= f.First && i < f.Last {
			f.Rows = append(f.Rows, d.columnRow(&b, i))
		}
		if c := &d.set.Mapping.Columns[i]; c.Field != "" && !c.DoNotOverwrite && !d.isIdentifier(i) {
			f.KeepAll = false
		}
		switch {
		case d.undecided(i):
			f.Decide = append(f.Decide, d.header(&b, i))
		case d.unsure(i):
			f.Confirm = append(f.Confirm, d.header(&b, i))
		}
	}
	f.ToMake = len(f.Decide)
	f.Confirm, f.Decide = some(&b, f.Confirm), some(&b, f.Decide)
	var err error
	f.RowAt = max(0, min(at, len(d.rows)-1))
	f.Card, err = p.card(ctx, &b, d, f.RowAt)
	return f, err
}

// someNames is how many columns are named in a sentence.
const someNames = 4

// some shortens a list of names that no sentence could hold.
func some(b *base, names []string) []string {
	if len(names) <= someNames {
		return names
	}
	return append(names[:someNames-1:someNames-1], b.T("web.wizard.and_more", "count", len(names)-someNames+1))
}
