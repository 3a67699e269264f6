// Package web is the face for people: the pages, as plain HTML that htmx makes quick. No rule lives here; each group of
// pages is a package of its own beneath, all standing on package page.
package web

import (
	"net/http"

	"cadastro/internal/app"
	"cadastro/internal/server/route"
	"cadastro/internal/web/account"
	"cadastro/internal/web/contacts"
	"cadastro/internal/web/duplicates"
	"cadastro/internal/web/notices"
	"cadastro/internal/web/page"
	"cadastro/internal/web/runs"
	"cadastro/internal/web/settings"
	"cadastro/internal/web/wizard"
)

// Site is all pages.
type Site struct {
	Kit    *page.Kit
	routes []route.Route
}

// New reads the templates of all pages. It fails only where the build is at fault.
func New(a *app.App) (*Site, error) {
	k, err := page.NewKit(a)
	if err != nil {
		return nil, err
	}
	s := &Site{Kit: k, routes: k.Routes()}
	for _, group := range groups {
		routes, err := group(k)
		if err != nil {
			return nil, err
		}
		s.routes = append(s.routes, routes...)
	}
	return s, nil
}

// groups are the packages of pages: each reads its templates and gives its part of the route table.
var groups = []func(*page.Kit) ([]route.Route, error){
	account.Routes,
	settings.Routes,
	notices.Routes,
	runs.Routes,
	wizard.Routes,
	contacts.Routes,
	duplicates.Routes,
}

// Routes gives the part of the route table that is pages.
func (s *Site) Routes() []route.Route { return s.routes }

// NotFound answers where no route does.
func (s *Site) NotFound() http.Handler { return s.Kit.NotFound() }

// Fail answers with an error as a page; the server has refusals of access shown by it.
func (s *Site) Fail(w http.ResponseWriter, r *http.Request, err error) { s.Kit.Fail(w, r, err) }
