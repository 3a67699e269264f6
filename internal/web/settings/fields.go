package settings

import (
	"net/http"
	"strings"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/errs"
	"cadastro/internal/server/route"
	"cadastro/internal/web/page"
)

func (p *pages) fieldRoutes(t *table) {
	manage := route.Needs(auth.FieldsManage)
	t.get("/settings/fields", route.Needs(auth.FieldsRead), "", p.fields)
	t.get("/settings/fields/new", manage, "", p.fieldNew)
	t.post("/settings/fields", manage, "", p.fieldAdd)
	t.get("/settings/fields/{id}", manage, "field", p.field)
	t.post("/settings/fields/{id}", manage, "field", p.fieldSet)
	t.post("/settings/fields/{id}/retire", manage, "field", p.fieldRetire)
}

// fieldTypes are the types of custom fields, in the order of the form, with their icons.
var fieldTypes = [...]struct {
	is   contact.FieldType
	icon string
}{
	{contact.TypeText, "type"}, {contact.TypeNumber, "hash"}, {contact.TypeDate, "calendar"}, {contact.TypeBoolean, "toggle-right"},
	{contact.TypeChoice, "list"}, {contact.TypeURL, "link"},
}

type fieldsData struct {
	frame
	List []fieldRow
}

type fieldRow struct {
	contact.FieldDefinition
	Key  string
	Icon string
	Type string // in words
}

func (p *pages) fields(w http.ResponseWriter, r *http.Request) error {
	list, err := p.App.Contacts.Fields(r.Context(), workspaceOf(r))
	if err != nil {
		return err
	}
	d := fieldsData{frame: p.frame(r, "fields")}
	for _, retired := range []bool{false, true} { // those out of use come last
		for _, f := range list {
			if f.Retired == retired {
				row := fieldRow{FieldDefinition: f, Key: contact.CustomKey(f.ID), Type: d.T("web.settings.field.type_" + string(f.Type))}
				if f.Type == contact.TypeChoice {
					row.Type = d.T("web.settings.field.choices_of", "count", len(f.Choices))
				}
				for _, t := range fieldTypes {
					if t.is == f.Type {
						row.Icon = t.icon
					}
				}
				d.List = append(d.List, row)
			}
		}
	}
	d.TakeFlash(w, r)
	return p.show.Show(w, r, http.StatusOK, "fields.html", d)
}

type fieldData struct {
	frame
	One              contact.FieldDefinition // ID 0 for a new one
	Label            string
	Choices, Headers string // one a line
	Types            []page.Option
	Type             string
}

func (p *pages) fieldNew(w http.ResponseWriter, r *http.Request) error {
	return p.show.Show(w, r, http.StatusOK, "field.html", p.fieldForm(r, contact.FieldDefinition{}))
}

// fieldForm begins the form of a field, with what was sent where something was.
func (p *pages) fieldForm(r *http.Request, f contact.FieldDefinition) fieldData {
	d := fieldData{frame: p.frame(r, "fields"), One: f, Label: f.Label, Choices: strings.Join(f.Choices, "\n"), Headers: strings.Join(f.Headers, "\n"), Type: string(f.Type)}
	if sent(r, "label") {
		d.Label, d.Choices, d.Headers = r.PostFormValue("label"), r.PostFormValue("choices"), r.PostFormValue("headers")
		if f.ID == 0 {
			d.Type = r.PostFormValue("type")
		}
	}
	for _, t := range fieldTypes {
		d.Types = append(d.Types, page.Option{Value: string(t.is), Text: d.T("web.settings.field.type_" + string(t.is)), On: string(t.is) == d.Type})
	}
	return d
}

// sentField reads a field from the form.
func sentField(r *http.Request) contact.CustomField {
	return contact.CustomField{Label: r.PostFormValue("label"), Type: contact.FieldType(r.PostFormValue("type")), Choices: lines(r.PostFormValue("choices")), Headers: lines(r.PostFormValue("headers"))}
}

// lines gives the lines of a text that have something on them.
func lines(text string) []string {
	var list []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}

func (p *pages) fieldAdd(w http.ResponseWriter, r *http.Request) error {
	f := sentField(r)
	if f.Type != contact.TypeChoice {
		f.Choices = nil
	}
	if _, err := p.App.Contacts.AddField(r.Context(), workspaceOf(r), f); err != nil {
		return p.fieldFaulty(w, r, contact.FieldDefinition{}, err)
	}
	return p.done(w, r, "/settings/fields", p.frame(r, "fields").T("web.settings.field.made", "name", f.Label))
}

func (p *pages) fieldFaulty(w http.ResponseWriter, r *http.Request, f contact.FieldDefinition, wrong error) error {
	d := p.fieldForm(r, f)
	field := map[string]string{"field.choices_none": "choices", "field.choices_many": "choices", "field.header_taken": "headers", "field.type_unknown": "type"}[errs.CodeOf(wrong)]
	if field == "" {
		field = "label"
	}
	if err := d.Faults.Add(d.Text, field, wrong); err != nil {
		return err
	}
	return p.show.Show(w, r, http.StatusUnprocessableEntity, "field.html", d)
}

// fieldOf gives the field that the path names.
func (p *pages) fieldOf(r *http.Request) (contact.FieldDefinition, error) {
	n, err := id(r, "id")
	if err != nil {
		return contact.FieldDefinition{}, err
	}
	list, err := p.App.Contacts.Fields(r.Context(), workspaceOf(r))
	for _, f := range list {
		if f.ID == n {
			return f, nil
		}
	}
	if err == nil {
		err = errs.New(errs.NotFound, "web.not_found")
	}
	return contact.FieldDefinition{}, err
}

func (p *pages) field(w http.ResponseWriter, r *http.Request) error {
	f, err := p.fieldOf(r)
	if err != nil {
		return err
	}
	return p.show.Show(w, r, http.StatusOK, "field.html", p.fieldForm(r, f))
}

func (p *pages) fieldSet(w http.ResponseWriter, r *http.Request) error {
	was, err := p.fieldOf(r)
	if err != nil {
		return err
	}
	f := sentField(r)
	f.ID, f.Type = was.ID, was.Type
	if f.Type != contact.TypeChoice {
		f.Choices = nil
	}
	if err := p.App.Contacts.SetField(r.Context(), workspaceOf(r), f); err != nil {
		return p.fieldFaulty(w, r, was, err)
	}
	return p.done(w, r, "/settings/fields", p.frame(r, "fields").T("web.settings.field.saved", "name", f.Label))
}

func (p *pages) fieldRetire(w http.ResponseWriter, r *http.Request) error {
	f, err := p.fieldOf(r)
	if err != nil {
		return err
	}
	retire := r.PostFormValue("retire") == "1"
	if err := p.App.Contacts.RetireField(r.Context(), workspaceOf(r), f.ID, retire); err != nil {
		return p.fieldFaulty(w, r, f, err)
	}
	said := "web.settings.field.restored"
	if retire {
		said = "web.settings.field.retired"
	}
	return p.done(w, r, "/settings/fields", p.frame(r, "fields").T(said, "name", f.Label))
}
