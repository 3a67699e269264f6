// Package runs are the pages of imports that have left the wizard: under way, ended, taken back, and the history of
// them all, with the files that they leave; and the exports.
package runs

import (
	"embed"
	"net/http"
	"strconv"
	"strings"

	"cadastro/internal/auth"
	"cadastro/internal/errs"
	"cadastro/internal/importer"
	"cadastro/internal/server/route"
	"cadastro/internal/web/page"
)

//go:embed templates/*.html
var templates embed.FS

// pages are the handlers of the package.
type pages struct {
	*page.Kit
	tpl *page.Pages
}

// Routes reads the templates and gives the pages' part of the route table.
func Routes(k *page.Kit) ([]route.Route, error) {
	tpl, err := k.Pages(templates, "templates")
	if err != nil {
		return nil, err
	}
	p := &pages{k, tpl}
	read := func(pattern string, h page.Handler) route.Route {
		return route.Route{Method: http.MethodGet, Pattern: pattern, Access: route.Needs(auth.ImportsRead), Handler: k.Handle(h), Object: object(pattern)}
	}
	run := func(method, pattern string, h page.Handler) route.Route {
		return route.Route{Method: method, Pattern: pattern, Access: route.Needs(auth.ImportsRun), Handler: k.Handle(h), Object: object(pattern)}
	}
	export := func(method, pattern string, h page.Handler) route.Route {
		return route.Route{Method: method, Pattern: pattern, Access: route.Needs(auth.ExportsRun), Handler: k.Handle(h), Object: object(pattern)}
	}
	again := run(http.MethodPost, "/imports/{id}/again", p.again)
	again.MaxBody = -1 // the importer's own bound holds
	return []route.Route{
		read("/imports", p.history),
		read("/imports/{id}", p.show),
		read("/imports/{id}/rows", p.rows),
		read("/imports/{id}/errors", p.errorRows),
		read("/imports/{id}/files/{name}", p.file),
		run(http.MethodGet, "/imports/{id}/cancel", p.askCancel),
		run(http.MethodPost, "/imports/{id}/cancel", p.cancel),
		run(http.MethodGet, "/imports/{id}/undo", p.askUndo),
		run(http.MethodPost, "/imports/{id}/undo", p.undo),
		run(http.MethodGet, "/imports/{id}/again", p.askAgain),
		again,
		run(http.MethodPost, "/imports/{id}/same", p.same),
		run(http.MethodPost, "/imports/{id}/correct", p.correct),
		run(http.MethodPost, "/imports/{id}/validate", p.validate),
		export(http.MethodGet, "/exports", p.exports),
		export(http.MethodGet, "/exports/new", p.askExport),
		export(http.MethodPost, "/exports", p.export),
		export(http.MethodGet, "/exports/{id}/file", p.exportFile),
		export(http.MethodPost, "/exports/{id}/cancel", p.cancelExport),
	}, nil
}

// object names what {id} is in a pattern.
func object(pattern string) string {
	switch {
	case strings.HasPrefix(pattern, "/imports/{id}"):
		return "import"
	case strings.HasPrefix(pattern, "/exports/{id}"):
		return "export"
	}
	return ""
}

// workspace gives the workspace of who asks.
func workspace(r *http.Request) int64 {
	who, _ := auth.From(r.Context())
	return who.Workspace
}

// load gives the import that the path names.
func (p *pages) load(r *http.Request) (*importer.Import, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil || id <= 0 {
		return nil, errs.New(errs.NotFound, "web.not_found")
	}
	return p.App.Imports.Get(r.Context(), workspace(r), importer.ID(id))
}

// address gives the path of an import's page.
func address(imp *importer.Import) string { return "/imports/" + strconv.FormatInt(int64(imp.ID), 10) }

// show is the page of an import, by its state.
func (p *pages) show(w http.ResponseWriter, r *http.Request) error {
	imp, err := p.load(r)
	if err != nil {
		return err
	}
	switch imp.State {
	case importer.Uploaded:
		return page.Redirect(w, r, address(imp)+"/file")
	case importer.Expired:
		if len(imp.Settings.Mapping.Columns) == 0 {
			return page.Redirect(w, r, address(imp)+"/file")
		}
		return page.Redirect(w, r, address(imp)+"/review")
	case importer.Validating, importer.InReview:
		return page.Redirect(w, r, address(imp)+"/review")
	case importer.Queued, importer.Importing, importer.Undoing:
		return p.progress(w, r, imp)
	}
	if page.IsHTMX(r) {
		return page.Redirect(w, r, address(imp)) // the progress that asked has come to its end
	}
	return p.result(w, r, imp)
}

// plain writes a number as addresses and people's own typing have it.
func plain(n int64) string { return strconv.FormatInt(n, 10) }
