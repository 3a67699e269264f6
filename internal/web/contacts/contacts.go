// Package contacts is the pages that people live in all day: the list with search, filters as chips, saved views, chosen columns and work
// on many contacts at once, all of which stands in its address; and the page of one contact with its history.
package contacts

import (
	"embed"
	"net/http"

	"cadastro/internal/auth"
	"cadastro/internal/server/route"
	"cadastro/internal/web/page"
)

//go:embed templates/*.html
var templates embed.FS

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
	read, write := route.Needs(auth.ContactsRead), route.Needs(auth.ContactsWrite)
	home := func(w http.ResponseWriter, r *http.Request) error { return page.Redirect(w, r, "/contacts") }
	return []route.Route{
		{Method: http.MethodGet, Pattern: "/{$}", Access: route.Person(), Handler: k.Handle(home)},
		{Method: http.MethodGet, Pattern: "/contacts", Access: read, Handler: k.Handle(p.list)},
		{Method: http.MethodGet, Pattern: "/contacts/new", Access: write, Handler: k.Handle(p.blank)},
		{Method: http.MethodPost, Pattern: "/contacts/new", Access: write, Handler: k.Handle(p.add)},
		{Method: http.MethodGet, Pattern: "/contacts/check", Access: write, Handler: k.Handle(p.check)},
		{Method: http.MethodGet, Pattern: "/contacts/{id}", Access: read, Handler: k.Handle(p.person), Object: "contact"},
		{Method: http.MethodPost, Pattern: "/contacts/{id}", Access: write, Handler: k.Handle(p.save), Object: "contact"},
		{Method: http.MethodPost, Pattern: "/contacts/{id}/delete", Access: route.Needs(auth.ContactsDelete), Handler: k.Handle(p.remove), Object: "contact"},
		{Method: http.MethodPost, Pattern: "/contacts/{id}/restore", Access: route.Needs(auth.ContactsDelete), Handler: k.Handle(p.restore), Object: "contact"},
		{Method: http.MethodPost, Pattern: "/contacts/bulk", Access: write, Handler: k.Handle(p.bulk)},
		{Method: http.MethodPost, Pattern: "/contacts/export", Access: route.Needs(auth.ExportsRun), Handler: k.Handle(p.export)},
		{Method: http.MethodGet, Pattern: "/contacts/work", Access: read, Handler: k.Handle(p.work)},
		{Method: http.MethodPost, Pattern: "/contacts/work", Access: write, Handler: k.Handle(p.turn)},
		{Method: http.MethodPost, Pattern: "/contacts/views", Access: read, Handler: k.Handle(p.saveView)},
		{Method: http.MethodPost, Pattern: "/contacts/views/delete", Access: read, Handler: k.Handle(p.dropView)},
	}, nil
}

func workspace(r *http.Request) int64 {
	who, _ := auth.From(r.Context())
	return who.Workspace
}
