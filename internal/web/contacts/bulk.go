package contacts

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/errs"
	"cadastro/internal/web/page"
)

// work is a change of many contacts, as the note above the list tells of it.
type work struct {
	page.Base
	contact.Bulk
	Say     string
	Percent int64
	Failed  string
}

// selection reads which contacts a form is about: those that were ticked, or the whole list that the page shows.
func selection(r *http.Request) contact.Selection {
	q := queryOf(r.Form)
	if r.FormValue("all") == "1" {
		return contact.Selection{Search: q.Search, Filter: q.Filter, Bin: q.Bin}
	}
	ids := []contact.ID{} // nobody, and not everybody
	for _, text := range r.Form["id"] {
		if id, err := strconv.ParseInt(text, 10, 64); err == nil && id > 0 {
			ids = append(ids, contact.ID(id))
		}
	}
	return contact.Selection{IDs: ids, Bin: q.Bin}
}

// bulk begins a change of many contacts.
func (p *pages) bulk(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return errs.Wrap(err, errs.Invalid, "web.form")
	}
	q := queryOf(r.PostForm)
	spec := contact.BulkSpec{Selection: selection(r), Action: contact.BulkAction(r.PostFormValue("act")), Tag: strings.TrimSpace(r.PostFormValue("tag"))}
	switch spec.Action {
	case contact.BulkGroup, contact.BulkUngroup:
		spec.Target, _ = strconv.ParseInt(r.PostFormValue("group"), 10, 64) // 0 is no group, and not found
	case contact.BulkOwner:
		spec.Target, _ = strconv.ParseInt(r.PostFormValue("owner"), 10, 64) // 0 takes the owner away
	}
	b, err := p.App.Contacts.StartBulk(r.Context(), workspace(r), spec)
	if err != nil {
		return err
	}
	v := q.values()
	v.Set("work", strconv.FormatInt(int64(b.ID), 10))
	return page.Redirect(w, r, address(v))
}

// export leads to the page that exports what was picked.
func (p *pages) export(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return errs.Wrap(err, errs.Invalid, "web.form")
	}
	sel := selection(r)
	v := url.Values{}
	if sel.IDs == nil {
		v.Set("search", sel.Search)
		v.Set("filter", sel.Filter)
		return page.Redirect(w, r, "/exports/new?"+v.Encode())
	}
	ids := make([]string, len(sel.IDs))
	for i, id := range sel.IDs {
		ids[i] = strconv.FormatInt(int64(id), 10)
	}
	v.Set("ids", strings.Join(ids, ","))
	return page.Redirect(w, r, "/exports/new?"+v.Encode())
}

// workOf gives the change that the address names, nil for none.
func (p *pages) workOf(r *http.Request, b *page.Base) (*work, error) {
	id, err := strconv.ParseInt(r.URL.Query().Get("work"), 10, 64)
	if err != nil || !b.May(auth.ContactsWrite.String()) {
		return nil, nil
	}
	one, err := p.App.Contacts.GetBulk(r.Context(), workspace(r), contact.BulkID(id))
	if errs.KindOf(err) == errs.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	out := &work{Base: *b, Bulk: *one}
	if one.Total > 0 {
		out.Percent = one.Done * 100 / one.Total
	}
	switch {
	case one.State == contact.BulkFailed:
		out.Failed = b.T("web.contacts.failed", "count", one.Changed)
	case one.State.Live():
		out.Say = b.Text.T("web.contacts.doing."+string(one.Action), "name", one.Name)
	case one.State == contact.BulkUndone:
		out.Say = b.T("web.contacts.undone", "count", one.Changed)
	default:
		out.Say = b.Text.T("web.contacts.done."+string(one.Action), "count", one.Changed, "name", one.Name)
	}
	return out, nil
}

// work is the note of a change under way; once it is over the list is shown anew.
func (p *pages) work(w http.ResponseWriter, r *http.Request) error {
	b := p.Base(r, "contacts", "web.nav.contacts")
	one, err := p.workOf(r, &b)
	if err != nil {
		return err
	}
	if one == nil || !one.State.Live() {
		w.Header().Set("HX-Refresh", "true")
		w.WriteHeader(http.StatusOK)
		return nil
	}
	return p.show.Fragment(w, r, http.StatusOK, "list.html", "work", one)
}

// turn stops a change, or takes it back.
func (p *pages) turn(w http.ResponseWriter, r *http.Request) error {
	id, _ := strconv.ParseInt(r.PostFormValue("work"), 10, 64) // 0 is no change, and not found
	var err error
	if r.PostFormValue("act") == "undo" {
		_, err = p.App.Contacts.UndoBulk(r.Context(), workspace(r), contact.BulkID(id))
	} else {
		_, err = p.App.Contacts.CancelBulk(r.Context(), workspace(r), contact.BulkID(id))
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, page.Local(r.PostFormValue("next")))
}
