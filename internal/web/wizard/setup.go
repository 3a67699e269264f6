package wizard

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"cadastro/internal/contact"
	"cadastro/internal/errs"
	"cadastro/internal/importer"
	"cadastro/internal/mapping"
	"cadastro/internal/normalize"
)

// countries are those that are offered as the default of phones and documents, with their calling code. Others come
// with the number itself.
var countries = []struct{ code, calls string }{
	{"BR", "55"}, {"AR", "54"}, {"BO", "591"}, {"CL", "56"}, {"CO", "57"}, {"CR", "506"}, {"CU", "53"}, {"DO", "1"}, {"EC", "593"}, {"SV", "503"},
	{"GT", "502"}, {"HN", "504"}, {"MX", "52"}, {"NI", "505"}, {"PA", "507"}, {"PY", "595"}, {"PE", "51"}, {"PR", "1"}, {"UY", "598"}, {"VE", "58"},
	{"US", "1"}, {"CA", "1"}, {"ES", "34"}, {"PT", "351"}, {"AO", "244"}, {"MZ", "258"}, {"GB", "44"}, {"FR", "33"}, {"DE", "49"}, {"IT", "39"},
}

// Names of choices, as forms send them.
var (
	purposes    = []mapping.Purpose{mapping.PurposeAdd, mapping.PurposeUpdate, mapping.PurposeUpsert, mapping.PurposeAddAll}
	identifiers = []mapping.Identifier{mapping.ByPhone, mapping.ByEmail, mapping.ByTaxID, mapping.ByExternalID, mapping.ByContactID}
	presets     = []string{"any", "plus", "13", "ddi", "exact"}
	repeats     = []importer.Repeated{importer.RepeatedError, importer.RepeatedFirst, importer.RepeatedLast, importer.RepeatedJoin}
	bases       = []string{"consent", "legitimate_interest", "contract", "legal_duty", "credit_protection"}
)

// newGroup is the option that makes a group.
const newGroup = "+"

// maxName is the longest name of a tag or a group, in bytes.
const maxName = 100

// setup fills in what is to be done with the file.
func (d *draft) setup(f *filePage) {
	b, set := &f.base, &d.set
	for _, p := range purposes {
		f.Purposes = append(f.Purposes, choiceOption{Value: string(p), Text: b.T("import.purpose." + string(p)), Hint: b.T("web.wizard.purpose." + string(p)), On: p == set.Purpose})
	}
	f.Identifiers = d.identifierChoice(b)
	f.Country = choice{Name: "country", Label: b.T("web.wizard.country")}
	known := false
	for _, c := range countries {
		known = known || c.code == set.Country
		f.Country.add(c.code, b.T("web.wizard.country."+c.code)+" +"+c.calls, c.code == set.Country)
	}
	if !known && set.Country != "" {
		f.Country.add(set.Country, set.Country, true)
	}
	f.Preset = choice{Name: "preset", Label: b.T("web.wizard.preset")}
	for _, p := range presets {
		f.Preset.add(p, b.T("web.wizard.preset."+p), p == set.PhonePreset || p == "any" && set.PhonePreset == "")
	}
	d.groupChoice(f)
	f.Tags, f.ImportTag = set.Tags, set.ImportTag
	for _, t := range d.cat.Tags {
		if !d.cat.ImportTags[t.ID] && !slices.Contains(set.Tags, t.Name) {
			f.AllTags = append(f.AllTags, t.Name)
		}
	}
	slices.SortFunc(f.AllTags, func(a, b string) int { return strings.Compare(normalize.Fold(a), normalize.Fold(b)) })
	f.AllTags = f.AllTags[:min(len(f.AllTags), 200)]
	f.Repeated = choice{Name: "repeated", Label: b.T("web.wizard.repeated")}
	for _, r := range repeats {
		f.Repeated.add(string(r), b.T("web.wizard.repeated."+string(r)), r == set.Repeated || r == importer.RepeatedError && set.Repeated == "")
	}
	f.Basis, f.BasisAsked = choice{Name: "basis", Label: b.T("web.wizard.basis")}, d.house.AskBasis
	f.Basis.add("", b.T("web.wizard.basis.none"), set.LegalBasis == "")
	for _, v := range bases {
		f.Basis.add(v, b.T("web.wizard.basis."+v), v == set.LegalBasis)
	}
	f.Saved = d.savedChoice(b)
	f.More = set.PhonePreset != "" && set.PhonePreset != "any" || set.Repeated != "" && set.Repeated != importer.RepeatedError || set.LegalBasis != "" || f.BasisAsked
}

func (d *draft) identifierChoice(b *base) choice {
	set := &d.set
	c := choice{Name: "identifier", Label: b.T("web.wizard.identifier")}
	for _, id := range identifiers {
		text := b.T("field." + string(id))
		mapped := slices.ContainsFunc(set.Mapping.Columns, func(c mapping.Column) bool { return identifies(c.Field, id) })
		if id == mapping.ByContactID && !mapped && set.Identifier != id {
			continue // only files of our own have it
		}
		if !mapped {
			text = b.T("web.wizard.identifier_missing", "field", text)
		}
		c.add(string(id), text, id == set.Identifier)
	}
	switch set.Identifier {
	case mapping.ByPhone:
		c.Hint = b.T("web.wizard.identifier.phone")
	case mapping.ByEmail:
		c.Hint = b.T("web.wizard.identifier.email")
	case mapping.ByTaxID:
		c.Hint = b.T("web.wizard.identifier.tax_id")
	}
	if set.Purpose == mapping.PurposeAddAll {
		c.Hint = b.T("web.wizard.identifier.none")
	}
	return c
}

// identifies tells whether a field carries an identifier.
func identifies(field string, id mapping.Identifier) bool {
	if field == mapping.FieldChannelValue {
		return id == mapping.ByPhone || id == mapping.ByEmail
	}
	return field == string(id) || field == mapping.FieldWhatsApp && id == mapping.ByPhone
}

func (d *draft) groupChoice(f *filePage) {
	b := &f.base
	f.GroupNeeded = d.house.GroupRequired
	f.Group = choice{Name: "group", Label: b.T("web.wizard.group"), Other: &other{Name: "group_new", Label: b.T("web.wizard.group_new")}}
	none := "web.wizard.group_none"
	if f.GroupNeeded {
		none = "web.wizard.group_choose"
	}
	f.Group.add("", b.T(none), d.set.Group == "")
	names := make([]string, 0, len(d.cat.Groups))
	for _, g := range d.cat.Groups {
		names = append(names, g.Name)
	}
	slices.SortFunc(names, func(a, b string) int { return strings.Compare(normalize.Fold(a), normalize.Fold(b)) })
	for _, n := range names {
		f.Group.add(n, n, normalize.Fold(n) == normalize.Fold(d.set.Group) && d.set.Group != "")
	}
	on := d.set.Group != "" && f.Group.Value == ""
	f.Group.add(newGroup, b.T("web.wizard.group_make"), on)
	if f.Group.Other.On = on; on {
		f.Group.Other.Value = d.set.Group
	}
}

// savedChoice offers the mappings that were used for files like this one.
func (d *draft) savedChoice(b *base) choice {
	c := choice{Name: "saved", Label: b.T("web.wizard.saved")}
	for _, m := range d.saved {
		if mapping.Similarity(m.Mapping.Headers(), d.in.Header) >= likeness && len(c.Options) < 20 {
			if len(c.Options) == 0 {
				c.add("", b.T("web.wizard.saved_none"), true)
			}
			c.add(strconv.FormatInt(m.ID, 10), m.Name, false)
		}
	}
	return c
}

// likeness is the part of their headers that two files share at least for one's mapping to be offered for the other.
const likeness = 0.5

// takeSetup puts into the draft what the form says is to be done with the file. What the form does not name stays.
func takeSetup(d *draft, form url.Values) {
	set := &d.set
	if v := mapping.Purpose(form.Get("purpose")); slices.Contains(purposes, v) {
		set.Purpose = v
	}
	if v := mapping.Identifier(form.Get("identifier")); slices.Contains(identifiers, v) && form.Get("identifier") != form.Get("was_identifier") {
		set.Identifier = v
	}
	if v := form.Get("country"); len(v) == 2 {
		set.Country = strings.ToUpper(v)
	}
	if v := form.Get("preset"); slices.Contains(presets, v) {
		if set.PhonePreset = v; v == "any" {
			set.PhonePreset = ""
		}
	}
	if has(form, "group") {
		if set.Group = form.Get("group"); set.Group == newGroup {
			set.Group = nameOf(form.Get("group_new"))
		}
	}
	takeTags(set, form)
	if v := importer.Repeated(form.Get("repeated")); slices.Contains(repeats, v) {
		set.Repeated = v
	}
	if v := form.Get("basis"); has(form, "basis") && (v == "" || slices.Contains(bases, v)) {
		set.LegalBasis = v
	}
	if v := form.Get("dates"); has(form, "dates") && v != form.Get("was_dates") {
		for i := range set.Mapping.Columns {
			if c := &set.Mapping.Columns[i]; d.isDate(*c) {
				c.DateOrder = v
			}
		}
	}
	if id, err := strconv.ParseInt(form.Get("saved"), 10, 64); err == nil {
		d.useSaved(id)
	}
}

// takeTags reads the tags for all contacts: those that are there, one that was typed, less one that was taken off.
func takeTags(set *importer.Settings, form url.Values) {
	if !has(form, "tagged") {
		return
	}
	var tags []string
	add := func(name string) {
		same := func(t string) bool { return normalize.Fold(t) == normalize.Fold(name) }
		if name = nameOf(name); name != "" && !slices.ContainsFunc(tags, same) && len(tags) < 50 {
			tags = append(tags, name)
		}
	}
	for _, t := range form["tags"] {
		if t != form.Get("drop_tag") {
			add(t)
		}
	}
	for _, t := range strings.Split(form.Get("tag_add"), ",") {
		add(t)
	}
	set.Tags = tags
	switch {
	case has(form, "drop_import_tag"):
		set.ImportTag = ""
	case form.Get("import_tag") != "":
		set.ImportTag = nameOf(form.Get("import_tag"))
	}
}

func nameOf(typed string) string { return errs.Clip(normalize.Trim(typed), maxName) }

// useSaved takes the columns of a saved mapping over, by their headers.
func (d *draft) useSaved(id int64) {
	at := slices.IndexFunc(d.saved, func(m mapping.Saved) bool { return m.ID == id })
	if at < 0 {
		return
	}
	used := map[int]bool{}
	from := d.saved[at].Mapping.Columns
	for i := range d.set.Mapping.Columns {
		c := &d.set.Mapping.Columns[i]
		for j := range from {
			if id, custom := contact.CustomID(from[j].Field); custom {
				if _, there := d.cat.Field(id); !there {
					continue // the field has gone since
				}
			}
			if !used[j] && from[j].Header == c.Header {
				used[j] = true
				*c = from[j]
				break
			}
		}
	}
	if d.set.Mapping.Validate(d.set.Purpose, d.set.Identifier) != nil {
		d.set.Identifier = importer.IdentifierOf(&d.set.Mapping)
	}
}

// has tells whether a form holds a control, empty or not.
func has(form url.Values, name string) bool {
	_, ok := form[name]
	return ok
}
