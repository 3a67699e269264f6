package runs

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"cadastro/internal/contact"
	"cadastro/internal/errs"
	"cadastro/internal/exporter"
	"cadastro/internal/i18n"
	"cadastro/internal/web/page"
)

// exportPage asks what an export is to hold.
type exportPage struct {
	page.Base
	Scope   string // all, filter, ids
	Search  string
	Filter  string
	IDs     string
	Picked  int
	Count   string // of contacts, where it is known
	Formats []pick
	All     bool // every field that has a value somewhere
	Fields  []pick
	Keys    bool
	Delims  []pick
	Sets    []pick
}

// pick is one of several values to choose.
type pick struct {
	Value string
	Word  string
	Note  string
	On    bool
}

// maxPicked bounds the contacts that a form names one by one.
const maxPicked = 10_000

// askExport shows the form. What the list of contacts shows can come along in the query: search, filter or ids.
func (p *pages) askExport(w http.ResponseWriter, r *http.Request) error {
	d := &exportPage{Base: p.Base(r, "exports", "web.runs.export.title"), All: true}
	d.take(r, exporter.CSV)
	return p.showExport(w, r, http.StatusOK, d)
}

// take reads the form, or the query that leads to it.
func (d *exportPage) take(r *http.Request, format exporter.Format) {
	d.Search, d.Filter, d.IDs = strings.TrimSpace(r.FormValue("search")), strings.TrimSpace(r.FormValue("filter")), strings.Join(r.Form["ids"], ",")
	d.Picked = len(strings.FieldsFunc(d.IDs, func(c rune) bool { return c == ',' }))
	d.Scope = r.FormValue("scope")
	if d.Scope == "" {
		switch {
		case d.Picked > 0:
			d.Scope = "ids"
		case d.Filter != "" || d.Search != "":
			d.Scope = "filter"
		default:
			d.Scope = "all"
		}
	}
	for _, f := range []exporter.Format{exporter.CSV, exporter.XLSX, exporter.VCard, exporter.NDJSON} {
		d.Formats = append(d.Formats, pick{Value: string(f), Word: formatName(f), Note: d.T("web.runs.export.format." + string(f)), On: f == format})
	}
	d.Keys = r.FormValue("keys") != ""
	delimiter := r.FormValue("delimiter")
	for _, v := range []string{";", ",", "\t", "|"} {
		d.Delims = append(d.Delims, pick{Value: v, Word: d.T("web.runs.read." + signs[v]), On: v == delimiter || delimiter == "" && v == ";"})
	}
	set := r.FormValue("charset")
	for _, v := range []pick{{Value: "utf-8", Word: "UTF-8"}, {Value: "windows-1252", Word: "Windows-1252"}, {Value: "utf-16le", Word: "UTF-16"}} {
		v.On = v.Value == set || set == "" && v.Value == "utf-8"
		d.Sets = append(d.Sets, v)
	}
}

func (p *pages) showExport(w http.ResponseWriter, r *http.Request, status int, d *exportPage) error {
	cat, err := p.App.Contacts.Catalogue(r.Context(), workspace(r))
	if err != nil {
		return err
	}
	chosen := r.Form["fields"]
	for _, key := range fieldKeys(cat) {
		d.Fields = append(d.Fields, pick{Value: key, Word: d.FieldName(cat, key), On: slices.Contains(chosen, key)})
	}
	if n, err := p.App.Contacts.Count(r.Context(), workspace(r)); err == nil {
		d.Count = d.N(n)
	}
	return p.tpl.Show(w, r, status, "export.html", d)
}

// fieldKeys gives the fields that can be exported, in the order of the columns.
func fieldKeys(cat *contact.Catalogue) []string {
	keys := []string{exporter.FieldID}
	for s := range contact.NumScalars {
		if s == contact.Company { // addresses stand behind the name
			for _, k := range contact.ChannelKinds() {
				keys = append(keys, string(k))
			}
		}
		keys = append(keys, s.Key())
	}
	keys = append(keys, contact.FieldTags, contact.FieldGroups)
	for _, f := range cat.Fields {
		keys = append(keys, contact.CustomKey(f.ID))
	}
	return keys
}

// export begins an export.
func (p *pages) export(w http.ResponseWriter, r *http.Request) error {
	d := &exportPage{Base: p.Base(r, "exports", "web.runs.export.title")}
	format := exporter.Format(r.PostFormValue("format"))
	if formatName(format) == "" {
		format = exporter.CSV
	}
	d.take(r, format)
	d.All = r.PostFormValue("fields_of") != "some"
	spec := exporter.Spec{Format: format, Keys: d.Keys, Language: i18n.Lang(d.Lang)}
	if format == exporter.CSV {
		spec.Delimiter, spec.Charset = r.PostFormValue("delimiter"), r.PostFormValue("charset")
	}
	switch d.Scope {
	case "filter":
		spec.Filter, spec.Search = d.Filter, d.Search
		if d.Filter == "" && d.Search == "" {
			d.Faults = append(d.Faults, page.Fault{Field: "filter", Text: d.T("web.runs.export.filter_missing")})
		}
	case "ids":
		ids, err := readIDs(d.IDs)
		if err := d.Faults.Add(d.Text, "", err); err != nil {
			return err
		}
		spec.IDs = ids
	}
	if !d.All && format != exporter.VCard { // a card has fields of its own
		if spec.Fields = r.PostForm["fields"]; len(spec.Fields) == 0 {
			d.Faults = append(d.Faults, page.Fault{Field: "some", Text: d.T("web.runs.export.fields_missing")})
		}
	}
	if len(d.Faults) == 0 {
		_, err := p.App.Exports.Start(r.Context(), workspace(r), spec)
		if err == nil {
			page.Flash(w, d.T("web.runs.export.begun"))
			return page.Redirect(w, r, "/exports")
		}
		if err := d.Faults.Add(d.Text, filterFault(err), err); err != nil {
			return err
		}
	}
	return p.showExport(w, r, http.StatusUnprocessableEntity, d)
}

// readIDs reads the numbers of contacts that were selected.
func readIDs(text string) ([]contact.ID, error) {
	ids := []contact.ID{}
	for one := range strings.SplitSeq(text, ",") {
		if one == "" {
			continue
		}
		n, err := strconv.ParseInt(one, 10, 64)
		if err != nil || n <= 0 || len(ids) == maxPicked {
			return nil, errs.New(errs.Invalid, "web.export_selection", "limit", maxPicked)
		}
		ids = append(ids, contact.ID(n))
	}
	return ids, nil
}
