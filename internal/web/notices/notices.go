// Package notices is the page of what a member is told: imports that ended, while they were elsewhere.
package notices

import (
	"embed"
	"net/http"
	"strconv"

	"cadastro/internal/auth"
	"cadastro/internal/errs"
	"cadastro/internal/notify/notice"
	"cadastro/internal/server/route"
	"cadastro/internal/web/page"
)

//go:embed templates/*.html
var templates embed.FS

// shown is how many notices stand on a page.
const shown = 30

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
	person := route.Person()
	return []route.Route{
		{Method: http.MethodGet, Pattern: "/notices", Access: person, Handler: k.Handle(p.list)},
		{Method: http.MethodPost, Pattern: "/notices/read", Access: person, Handler: k.Handle(p.readAll)},
		{Method: http.MethodPost, Pattern: "/notices/{id}/open", Access: person, Object: "notice", Handler: k.Handle(p.open)},
		{Method: http.MethodPost, Pattern: "/notices/{id}/mark", Access: person, Object: "notice", Handler: k.Handle(p.mark)},
	}, nil
}

type data struct {
	page.Base
	List   []row
	UpTo   notice.ID // the newest on the page
	Older  string    // address of the page of older ones, "" for none
	Newest bool      // it is the first page
}

type row struct {
	*notice.Notice
	Icon, Class string
	Text        string
	Unread      bool
}

func (p *pages) list(w http.ResponseWriter, r *http.Request) error {
	who, _ := auth.From(r.Context())
	before, _ := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64) // 0 is the newest
	list, err := p.App.Notify.Notices.List(r.Context(), who.Workspace, int64(who.Member), notice.ID(max(0, before)), shown+1)
	if err != nil {
		return err
	}
	d := data{Base: p.Base(r, "notices", "web.notices.title"), Newest: before <= 0}
	if len(list) > shown {
		list = list[:shown]
		d.Older = "/notices?before=" + strconv.FormatInt(int64(list[shown-1].ID), 10)
	}
	for _, n := range list {
		icon, class := look(n.Kind)
		d.List = append(d.List, row{Notice: n, Icon: icon, Class: class, Text: n.Text(d.Base.Text), Unread: n.ReadAt.IsZero()})
		d.UpTo = max(d.UpTo, n.ID)
	}
	d.TakeFlash(w, r)
	return p.show.Show(w, r, http.StatusOK, "notices.html", d)
}

// look gives the icon of a kind of notice and its colour.
func look(kind string) (icon, class string) {
	switch kind {
	case notice.ImportFinished:
		return "circle-check", "new"
	case notice.ImportFailed:
		return "circle-alert", "err"
	case notice.ImportUndone:
		return "undo-2", ""
	case notice.ImportCancelled:
		return "circle-x", ""
	}
	return "bell", ""
}

// readAll marks all as read that were there when the page was drawn.
func (p *pages) readAll(w http.ResponseWriter, r *http.Request) error {
	who, _ := auth.From(r.Context())
	upTo, err := strconv.ParseInt(r.PostFormValue("up_to"), 10, 64)
	if err != nil {
		return errs.New(errs.NotFound, "notice.not_found")
	}
	if err := p.App.Notify.Notices.MarkAllRead(r.Context(), who.Workspace, int64(who.Member), notice.ID(upTo)); err != nil {
		return err
	}
	return page.Redirect(w, r, "/notices")
}

// open marks a notice as read and leads to what it is about.
func (p *pages) open(w http.ResponseWriter, r *http.Request) error {
	if err := p.set(r, true); err != nil {
		return err
	}
	about, err := strconv.ParseInt(r.PostFormValue("import"), 10, 64)
	if err != nil || about < 1 {
		return page.Redirect(w, r, "/notices")
	}
	return page.Redirect(w, r, "/imports/"+strconv.FormatInt(about, 10))
}

// mark marks a notice as read, or as unread again.
func (p *pages) mark(w http.ResponseWriter, r *http.Request) error {
	if err := p.set(r, r.PostFormValue("read") == "1"); err != nil {
		return err
	}
	return page.Redirect(w, r, "/notices")
}

func (p *pages) set(r *http.Request, read bool) error {
	who, _ := auth.From(r.Context())
	n, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return errs.New(errs.NotFound, "notice.not_found")
	}
	return p.App.Notify.Notices.MarkRead(r.Context(), who.Workspace, int64(who.Member), notice.ID(n), read)
}
