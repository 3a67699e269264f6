package runs

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/importer"
	"cadastro/internal/web/page"
)

// resultPage is an import that has ended, however it did.
type resultPage struct {
	page.Base
	Imp     *importer.Import
	URL     string
	State   status
	Big     string // the one number
	Count   int64
	Ribbon  page.Ribbon
	Numbers []number
	Took    string
	Who     string
	Fault   string // why it failed
	Files   files
	Errors  []cause
	More    int // causes of errors that are not shown
	Undo    undoing
	Report  *importer.UndoReport
	Kept    []kept
	Fixed   []cause // what a person corrected at the review
	Mended  []cause // what was repaired or should be looked at
	Notes   []string
	How     []setting
	Values  int64 // that changed in contacts that were there
	Skipped string
	Again   bool // may be done again
	Correct bool // the rows with errors may be brought into a review of their own
}

// files says which of an import's files are there.
type files struct {
	Result bool
	Until  string
	Plan   bool // rows and their reasons are kept still
}

// cause is a reason with its rows.
type cause struct {
	Title string
	Why   string
	Rows  string
	URL   string
}

// undoing says whether an import can be taken back.
type undoing struct {
	Ok    bool
	Until string
}

// kept is a contact that an undoing left alone.
type kept struct {
	URL    string
	Name   string
	Fields string
}

// causesShown bounds the causes of a list on the result.
const causesShown = 5

// keptShown bounds the contacts that the page of an undoing lists.
const keptShown = 50

func (p *pages) result(w http.ResponseWriter, r *http.Request, imp *importer.Import) error {
	d := &resultPage{Base: p.Base(r, "imports", "web.runs.result.title"), Imp: imp, URL: address(imp)}
	d.Title = imp.FileName
	d.State = statusOf(&d.Base, imp)
	if err := p.fill(r.Context(), d); err != nil {
		return err
	}
	d.TakeFlash(w, r)
	return p.tpl.Show(w, r, http.StatusOK, "result.html", d)
}

func (p *pages) fill(ctx context.Context, d *resultPage) error {
	imp, s := d.Imp, p.App.Imports
	d.Count = imp.Counts.Imported + imp.Counts.Updated
	if imp.State == importer.Undone && imp.UndoReport != nil {
		d.Report = imp.UndoReport
		d.Count = d.Report.Binned + d.Report.Restored
	}
	d.Big = d.N(d.Count)
	d.Ribbon = d.Base.Ribbon(imp.Counts, "l")
	d.Numbers = numbers(&d.Base, imp, imp.Counts)
	d.Who = d.who(imp)
	if took := imp.Took(s.Now()); took > 0 {
		d.Took = d.Text.Duration(took)
	}
	if imp.Err != nil {
		d.Fault = d.Text.Error(imp.Err)
	}
	d.Files = files{Result: imp.HasResult(), Plan: imp.Started() && s.Now().Before(s.KeptUntil(imp))}
	if d.Files.Result {
		d.Files.Until = d.Day(s.ResultsUntil(imp))
	}
	if until, ok := s.MayUndo(imp); ok && d.May("imports.run") {
		d.Undo = undoing{true, d.Day(until)}
	}
	if imp.State != importer.Undone && imp.Drifted == 0 {
		for _, n := range imp.Summary.Changes {
			d.Values += n
		}
	}
	d.Again = d.May("imports.run") && len(imp.Settings.Mapping.Columns) > 0
	d.Correct = d.Again && imp.Counts.Errors > 0
	if err := p.causes(ctx, d); err != nil {
		return err
	}
	cat, err := p.App.Contacts.Catalogue(ctx, imp.Workspace)
	if err != nil {
		return err
	}
	d.How = how(&d.Base, imp, cat)
	d.notes()
	p.kept(ctx, d, cat)
	return nil
}

// who names the one who brought the file.
func (d *resultPage) who(imp *importer.Import) string { return whoBrought(&d.Base, imp) }

func whoBrought(b *page.Base, imp *importer.Import) string {
	switch {
	case imp.MemberName != "":
		return imp.MemberName
	case imp.MemberID != 0:
		return b.T("web.runs.former_member")
	}
	return b.T("web.runs.by_console")
}

// causes sorts the reasons into what kept rows out, what left them as they were, and what was repaired.
func (p *pages) causes(ctx context.Context, d *resultPage) error {
	if !d.Imp.Started() {
		return nil
	}
	list, err := p.App.Imports.Causes(ctx, d.Imp)
	if err != nil {
		return err
	}
	var skips []cause
	for _, c := range list {
		one := cause{Title: c.Title(d.Text), Why: c.Explanation(d.Text), Rows: d.N(c.Rows), URL: d.URL + "/rows?cause=" + url.QueryEscape(c.Key)}
		switch c.Severity {
		case importer.CauseError:
			d.Errors = append(d.Errors, one)
		case importer.CauseSkip:
			skips = append(skips, one)
		case importer.CauseWarning:
			d.Mended = append(d.Mended, one)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(d.Imp.Summary.Reasons)) {
		if title := fixTitle(&d.Base, key); title != "" && d.Imp.Summary.Reasons[key] > 0 {
			d.Fixed = append(d.Fixed, cause{Title: title, Rows: d.N(d.Imp.Summary.Reasons[key]), URL: d.URL + "/rows?cause=" + url.QueryEscape(key)})
		}
	}
	if len(d.Errors) > causesShown {
		d.More = len(d.Errors) - causesShown + 1
		d.Errors = d.Errors[:causesShown-1]
	}
	switch {
	case len(skips) == 1:
		d.Skipped = lowerFirst(skips[0].Title)
	case len(skips) > 1:
		d.Skipped = d.T("web.runs.result.reasons", "count", len(skips))
	}
	return nil
}

// lowerFirst has a title go on a line of words: its first letter is small, but for an abbreviation.
func lowerFirst(s string) string {
	r := []rune(s)
	if len(r) > 1 && unicode.IsLower(r[1]) {
		r[0] = unicode.ToLower(r[0])
	}
	return string(r)
}

// fixTitle names what corrected rows at the review, "" where the key of a count is none of a correction.
func fixTitle(b *page.Base, key string) string {
	origin, ok := strings.CutPrefix(key, "fixed.")
	if !ok {
		return ""
	}
	kind, _, _ := strings.Cut(origin, ":")
	return b.T("cure." + kind + ".title")
}

// notes tells what was recognised in the file as a whole.
func (d *resultPage) notes() {
	for _, n := range d.Imp.Summary.Notes {
		d.Notes = append(d.Notes, d.Text.Issue(n))
	}
}

// kept names the contacts that an undoing left alone, as far as the reader may see them.
func (p *pages) kept(ctx context.Context, d *resultPage, cat *contact.Catalogue) {
	if d.Report == nil {
		return
	}
	for _, k := range d.Report.List[:min(len(d.Report.List), keptShown)] {
		one := kept{URL: "/contacts/" + plain(int64(k.Contact)), Name: d.T("web.runs.contact", "id", int64(k.Contact))}
		if c, err := p.App.Contacts.Get(ctx, d.Imp.Workspace, k.Contact); err == nil && c.Scalars[contact.Name] != "" {
			one.Name = c.Scalars[contact.Name]
		}
		if len(k.Fields) > 0 {
			var names []string
			for _, f := range k.Fields {
				names = append(names, d.FieldName(cat, f))
			}
			slices.Sort(names)
			one.Fields = d.Text.List(slices.Compact(names))
		}
		d.Kept = append(d.Kept, one)
	}
}

// member gives the member who asks, 0 for none.
func member(r *http.Request) int64 {
	who, _ := auth.From(r.Context())
	return int64(who.Member)
}
