// Package page is what all pages stand on: the frame, the templates, the files they load, errors, and the words of
// the reader's language.
//
// A package of pages embeds its templates, has them read by [Kit.Pages], and answers with handlers that return an error
// ([Handler]); the kit turns the error into a page, or into a note on the page at hand where htmx asked. Pages work
// as plain forms: htmx only saves the way round. There is no inline style or script anywhere, since the content security
// policy allows none; what has to be drawn to scale is SVG with its measures as attributes.
package page

import (
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"time"

	"cadastro/internal/app"
)

//go:embed templates/*.html
var templates embed.FS

// Kit is what the pages of one server share. It is safe for concurrent use.
type Kit struct {
	App    *app.App
	Assets *Assets
	Zone   *time.Location // of the times shown
	frame  *template.Template
	errors *Pages
}

// NewKit reads the frame and the static files. It fails only where the build is at fault, or the settings name no time zone.
func NewKit(a *app.App) (*Kit, error) {
	zone, err := a.Config.Location()
	if err != nil {
		return nil, err
	}
	assets, err := newAssets()
	if err != nil {
		return nil, err
	}
	k := &Kit{App: a, Assets: assets, Zone: zone}
	if k.frame, err = template.New("").Funcs(funcs()).Option("missingkey=error").ParseFS(templates, "templates/frame.html", "templates/parts.html", "templates/control.html"); err != nil {
		return nil, fmt.Errorf("page: frame: %w", err)
	}
	if k.errors, err = k.Pages(templates, "templates", "error.html"); err != nil {
		return nil, err
	}
	return k, nil
}

// funcs are what templates have beside the methods of their data: args hands several things to a fragment.
func funcs() template.FuncMap {
	return template.FuncMap{"args": func(list ...any) []any { return list }}
}

// Log gives the logger.
func (k *Kit) Log() *slog.Logger { return k.App.Log }

// Pages are the templates of one package, each file with the frame around it.
//
// A page's file defines "main" (what stands in the sheet), and may define other fragments that htmx asks for by name.
// Files that begin with an underscore are parts that all pages of the package share.
type Pages struct {
	kit *Kit
	set map[string]*template.Template
}

// Pages reads the templates in the folder dir of fsys; only those named where names are given.
func (k *Kit) Pages(fsys fs.FS, dir string, names ...string) (*Pages, error) {
	if len(names) == 0 {
		list, err := fs.ReadDir(fsys, dir)
		if err != nil {
			return nil, err
		}
		for _, f := range list {
			names = append(names, f.Name())
		}
	}
	base, err := k.frame.Clone()
	if err != nil {
		return nil, err
	}
	for _, n := range names {
		if n[0] == '_' {
			if base, err = base.ParseFS(fsys, dir+"/"+n); err != nil {
				return nil, fmt.Errorf("page: %s: %w", n, err)
			}
		}
	}
	p := &Pages{kit: k, set: map[string]*template.Template{}}
	for _, n := range names {
		if n[0] == '_' {
			continue
		}
		t, err := base.Clone()
		if err == nil {
			t, err = t.ParseFS(fsys, dir+"/"+n)
		}
		if err != nil {
			return nil, fmt.Errorf("page: %s: %w", n, err)
		}
		p.set[n] = t
	}
	return p, nil
}
