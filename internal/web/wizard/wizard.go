// Package wizard is how a file comes in by the browser, in three steps: the file and what to do with it (new.go,
// file.go), what its columns feed (columns.go), and the review of what would become of each row (review.go).
//
// What is chosen is kept with the import (importer.Settings) at every step, so that a reload, the way back or another
// device goes on with it. All steps are plain forms; htmx redraws parts of the same templates.
package wizard

import (
	"embed"
	"hash/fnv"
	"net/http"
	"strconv"

	"cadastro/internal/app"
	"cadastro/internal/auth"
	"cadastro/internal/errs"
	"cadastro/internal/importer"
	"cadastro/internal/server/route"
	"cadastro/internal/web/page"
)

//go:embed templates/*.html
var templates embed.FS

// pages answers for the wizard.
type pages struct {
	*page.Pages
	kit   *page.Kit
	app   *app.App
	found cureCache
}

// Routes gives the wizard's part of the route table.
func Routes(k *page.Kit) ([]route.Route, error) {
	set, err := k.Pages(templates, "templates")
	if err != nil {
		return nil, err
	}
	p := &pages{Pages: set, kit: k, app: k.App}
	run := func(method, pattern string, h page.Handler) route.Route {
		return route.Route{Method: method, Pattern: pattern, Access: route.Needs(auth.ImportsRun), Handler: k.Handle(h)}
	}
	of := func(method, pattern string, h page.Handler) route.Route {
		r := run(method, "/imports/{id}/"+pattern, h)
		r.Object = "import"
		return r
	}
	upload := run(http.MethodPost, "/imports/new", p.upload)
	upload.MaxBody = -1 // the importer holds the file to its limit while it reads
	return []route.Route{
		run(http.MethodGet, "/imports/new", p.showNew), upload,
		run(http.MethodPost, "/imports/example", p.takeExample),
		run(http.MethodGet, "/imports/template.csv", p.templateCSV),
		run(http.MethodGet, "/imports/template.xlsx", p.templateXLSX),
		of(http.MethodPost, "discard", p.discard),
		of(http.MethodGet, "file", p.showFile), of(http.MethodPost, "file", p.saveFile),
		of(http.MethodGet, "columns", p.showColumns), of(http.MethodPost, "columns", p.saveColumns),
		of(http.MethodGet, "review", p.showReview), of(http.MethodPost, "review", p.startReview), of(http.MethodPost, "start", p.start),
		of(http.MethodPost, "fix", p.fix), of(http.MethodPost, "resolve", p.resolve), of(http.MethodPost, "cure", p.cure), of(http.MethodPost, "uncure", p.uncure),
		of(http.MethodGet, "cures", p.showCures),
	}, nil
}

// base is what all steps have.
type base struct {
	page.Base
	Step   int    // 1 to 3
	Import int64  // 0 before there is one
	At     string // path under which the import's steps stand
	Done   int    // steps behind this one that may be gone to
}

// Steps gives the steps in their order, for the head of the page.
func (b base) Steps() []step {
	out := []step{{N: 1, Text: b.T("web.wizard.step.file"), URL: b.At + "/file"}, {N: 2, Text: b.T("web.wizard.step.columns"), URL: b.At + "/columns"}, {N: 3, Text: b.T("web.wizard.step.review")}}
	for i := range out {
		s := &out[i]
		s.Now, s.Done = s.N == b.Step, s.N < b.Step
		if !s.Done || b.Import == 0 {
			s.URL = ""
		}
	}
	return out
}

// step is one step in the head of the page.
type step struct {
	N         int
	Text, URL string
	Now, Done bool
}

func (p *pages) base(r *http.Request, step int, id importer.ID) base {
	b := base{Base: p.kit.Base(r, "imports", "web.wizard.title"), Step: step, Import: int64(id)}
	b.Rail = true
	if id != 0 {
		b.At = importPath(id)
	}
	return b
}

func importPath(id importer.ID) string { return "/imports/" + strconv.FormatInt(int64(id), 10) }

// who gives the workspace of the request.
func who(r *http.Request) int64 {
	a, _ := auth.From(r.Context())
	return a.Workspace
}

// importID reads the import that the path names.
func importID(r *http.Request) (importer.ID, error) {
	n, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil || n < 1 {
		return 0, errs.New(errs.NotFound, "web.not_found")
	}
	return importer.ID(n), nil
}

// discard drops an import that has not begun. Its history row stays.
func (p *pages) discard(w http.ResponseWriter, r *http.Request) error {
	id, err := importID(r)
	if err != nil {
		return err
	}
	if err := p.app.Imports.Cancel(r.Context(), who(r), id); err != nil {
		return err
	}
	return page.Redirect(w, r, "/imports")
}

// mendable tells whether an error is one that the person can do something about on the page at hand.
func mendable(err error) bool {
	switch errs.KindOf(err) {
	case errs.Invalid, errs.TooLarge, errs.Conflict, errs.Busy:
		return true
	}
	return false
}

// TagColour gives the class of a tag's colour: the same for the same name.
func (b base) TagColour(name string) string {
	h := fnv.New32a()
	h.Write([]byte(name))
	return "c" + strconv.Itoa(int(h.Sum32()%7)+1)
}
