package contacts

import (
	"net/http"
	"strconv"
	"strings"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/errs"
	"cadastro/internal/web/page"
)

// viewTab is a saved view, or one of those that everybody has.
type viewTab struct {
	URL, Name string
	On        bool
}

// views makes the tabs: all, those that everybody has, and those that were saved.
func (p *pages) views(r *http.Request, d *listData) error {
	list, err := p.App.Contacts.Views(r.Context(), workspace(r))
	if err != nil {
		return err
	}
	d.Views = append(d.Views, viewTab{"/contacts", d.T("web.contacts.all"), d.plain() && d.View == 0})
	for _, v := range []struct{ name, filter string }{
		{d.T("web.contacts.view.no_owner"), "not has:owner"}, {d.T("web.contacts.view.week"), "created>-7d"},
	} {
		q := query{Filter: v.filter, Sort: contact.SortUpdated}
		d.Views = append(d.Views, viewTab{q.URL(), v.name, d.View == 0 && d.Filter == v.filter && d.Search == "" && !d.Bin})
	}
	for i := range list {
		v := &list[i]
		q := query{Search: v.Search, Filter: v.Filter, Sort: v.Sort, Asc: v.Asc, Columns: v.Columns, View: v.ID}
		d.Views = append(d.Views, viewTab{q.URL(), v.Name, d.View == v.ID})
		if d.View == v.ID {
			d.Current = v
		}
	}
	return nil
}

// saveView keeps the list at hand under a name.
func (p *pages) saveView(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return errs.Wrap(err, errs.Invalid, "web.form")
	}
	q := queryOf(r.PostForm)
	v := contact.View{Name: strings.TrimSpace(r.PostFormValue("name")), Filter: q.Filter, Search: q.Search, Columns: q.Columns, Sort: q.Sort, Asc: q.Asc,
		Shared: r.PostFormValue("shared") == "1"}
	if r.PostFormValue("replace") == "1" {
		v.ID = q.View
	}
	id, err := p.App.Contacts.SaveView(r.Context(), workspace(r), v)
	if err != nil {
		return err
	}
	q.View = id
	b := p.Base(r, "contacts", "web.nav.contacts")
	page.Flash(w, b.T("web.contacts.view.saved", "name", v.Name))
	return page.Redirect(w, r, q.URL())
}

func (p *pages) dropView(w http.ResponseWriter, r *http.Request) error {
	id, _ := strconv.ParseInt(r.PostFormValue("view"), 10, 64) // 0 is no view, and not found
	if err := p.App.Contacts.DeleteView(r.Context(), workspace(r), id); err != nil {
		return err
	}
	b := p.Base(r, "contacts", "web.nav.contacts")
	page.Flash(w, b.T("web.contacts.view.dropped"))
	return page.Redirect(w, r, "/contacts")
}

// MayShare tells whether the member may make a view everybody's.
func (d listData) MayShare() bool { return d.May(auth.GroupsManage.String()) }
