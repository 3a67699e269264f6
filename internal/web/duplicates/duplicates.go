// Package duplicates is the page of contacts that are taken for one person: groups with their reasons, the choice field by field,
// merging, taking apart again, and all certain ones in one go.
package duplicates

import (
	"embed"
	"net/http"
	"net/url"
	"strconv"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/dedupe"
	"cadastro/internal/errs"
	"cadastro/internal/journal"
	"cadastro/internal/server/route"
	"cadastro/internal/web/page"
)

//go:embed templates/*.html
var templates embed.FS

// shown is how many groups the list has at once.
const shown = 40

type pages struct {
	*page.Kit
	show *page.Pages
}

// Routes gives the part of the route table that these pages are.
func Routes(k *page.Kit) ([]route.Route, error) {
	show, err := k.Pages(templates, "templates")
	if err != nil {
		return nil, err
	}
	p := &pages{k, show}
	merge := route.Needs(auth.ContactsMerge)
	return []route.Route{
		{Method: http.MethodGet, Pattern: "/duplicates", Access: merge, Handler: k.Handle(p.list)},
		{Method: http.MethodGet, Pattern: "/duplicates/choose", Access: merge, Handler: k.Handle(p.choose)},
		{Method: http.MethodGet, Pattern: "/duplicates/work", Access: merge, Handler: k.Handle(p.work)},
		{Method: http.MethodPost, Pattern: "/duplicates/merge", Access: merge, Handler: k.Handle(p.merge)},
		{Method: http.MethodPost, Pattern: "/duplicates/unmerge", Access: merge, Handler: k.Handle(p.unmerge)},
		{Method: http.MethodPost, Pattern: "/duplicates/apart", Access: merge, Handler: k.Handle(p.apart)},
		{Method: http.MethodPost, Pattern: "/duplicates/scan", Access: merge, Handler: k.Handle(p.scan)},
		{Method: http.MethodPost, Pattern: "/duplicates/certain", Access: merge, Handler: k.Handle(p.certain)},
		{Method: http.MethodPost, Pattern: "/duplicates/undo", Access: merge, Handler: k.Handle(p.undo)},
	}, nil
}

// reasons are the tabs of the list.
var reasons = []struct {
	word string
	bits dedupe.Reasons
}{{"phone", dedupe.SamePhone}, {"email", dedupe.SameEmail}, {"tax_id", dedupe.SameTaxID}, {"name", dedupe.SimilarName | dedupe.SameName}}

// Place is where in the list somebody is: it is kept over every act.
type Place struct {
	Reason string
	From   string     // where the shown part of the list begins
	At     contact.ID // the group at hand, 0 for the first
}

func placeOf(v url.Values) Place {
	p := Place{Reason: v.Get("reason"), From: v.Get("after")}
	id, _ := strconv.ParseInt(v.Get("group"), 10, 64) // 0 is the first of the list
	p.At = contact.ID(id)
	return p
}

// URL gives the address of the list at a group.
func (p Place) URL(group contact.ID) string {
	v := url.Values{}
	if p.Reason != "" {
		v.Set("reason", p.Reason)
	}
	if p.From != "" {
		v.Set("after", p.From)
	}
	if group != 0 {
		v.Set("group", strconv.FormatInt(int64(group), 10))
	}
	if len(v) == 0 {
		return "/duplicates"
	}
	return "/duplicates?" + v.Encode()
}

func (p Place) query() dedupe.Query {
	q := dedupe.Query{Limit: shown}
	for _, r := range reasons {
		if r.word == p.Reason {
			q.Reason = r.bits
		}
	}
	q.After = cursorOf(p.From)
	return q
}

func (p *pages) workspace(r *http.Request) int64 {
	who, _ := auth.From(r.Context())
	return who.Workspace
}

func (p *pages) merge(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return errs.Wrap(err, errs.Invalid, "web.form")
	}
	ids, choices, versions := chosen(r.PostForm)
	set, err := p.App.Dedupe.Merge(r.Context(), p.workspace(r), ids, choices, versions)
	at := placeOf(r.PostForm)
	if errs.KindOf(err) == errs.Conflict || errs.KindOf(err) == errs.NotFound {
		b := p.Base(r, "duplicates", "web.duplicates.title")
		page.Flash(w, b.Text.Error(err))
		return page.Redirect(w, r, at.URL(at.At))
	}
	if err != nil {
		return err
	}
	to := at.URL(next(r.PostForm))
	return page.Redirect(w, r, with(to, "merged", strconv.FormatInt(int64(set), 10)))
}

func (p *pages) unmerge(w http.ResponseWriter, r *http.Request) error {
	set, _ := strconv.ParseInt(r.PostFormValue("set"), 10, 64) // 0 is no merge
	kept, err := p.App.Dedupe.Unmerge(r.Context(), p.workspace(r), journal.SetID(set))
	if err != nil {
		return err
	}
	b := p.Base(r, "duplicates", "web.duplicates.title")
	if len(kept) == 0 {
		page.Flash(w, b.T("web.duplicates.unmerged"))
	} else {
		page.Flash(w, b.T("web.duplicates.unmerged_kept", "count", len(kept)))
	}
	return page.Redirect(w, r, page.Local(r.PostFormValue("next")))
}

func (p *pages) apart(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return errs.Wrap(err, errs.Invalid, "web.form")
	}
	ids, _, _ := chosen(r.PostForm)
	if err := p.App.Dedupe.Apart(r.Context(), p.workspace(r), ids); err != nil {
		return err
	}
	b := p.Base(r, "duplicates", "web.duplicates.title")
	page.Flash(w, b.T("web.duplicates.kept_apart", "count", len(ids)))
	return page.Redirect(w, r, placeOf(r.PostForm).URL(next(r.PostForm)))
}

func (p *pages) scan(w http.ResponseWriter, r *http.Request) error {
	if err := p.App.Dedupe.StartScan(r.Context(), p.workspace(r)); err != nil {
		return err
	}
	return page.Redirect(w, r, "/duplicates")
}

func (p *pages) certain(w http.ResponseWriter, r *http.Request) error {
	if _, err := p.App.Dedupe.MergeCertain(r.Context(), p.workspace(r)); err != nil {
		return err
	}
	return page.Redirect(w, r, "/duplicates")
}

func (p *pages) undo(w http.ResponseWriter, r *http.Request) error {
	id, _ := strconv.ParseInt(r.PostFormValue("batch"), 10, 64) // 0 is no batch
	if _, err := p.App.Dedupe.UndoBatch(r.Context(), p.workspace(r), dedupe.BatchID(id)); err != nil {
		return err
	}
	return page.Redirect(w, r, "/duplicates")
}
