package runs

import (
	"net/http"
	"strings"

	"cadastro/internal/importer"
	"cadastro/internal/web/page"
)

// askPage asks before an act: to cancel an import, or to take one back.
type askPage struct {
	page.Base
	Imp     *importer.Import
	URL     string
	Preview *importer.UndoReport
	Since   string
	Typed   string
	Written int64
	Rest    int64
}

func (p *pages) ask(r *http.Request, title string) (*askPage, error) {
	imp, err := p.load(r)
	if err != nil {
		return nil, err
	}
	d := &askPage{Base: p.Base(r, "imports", title), Imp: imp, URL: address(imp)}
	d.Since = d.Moment(imp.StartedAt)
	d.Written, d.Rest = imp.Counts.Imported+imp.Counts.Updated, imp.Counts.Unprocessed
	return d, nil
}

// askUndo tells what taking an import back would do now.
func (p *pages) askUndo(w http.ResponseWriter, r *http.Request) error {
	d, err := p.ask(r, "web.runs.undo.title")
	if err != nil {
		return err
	}
	return p.showUndo(w, r, http.StatusOK, d)
}

func (p *pages) showUndo(w http.ResponseWriter, r *http.Request, status int, d *askPage) (err error) {
	if d.Preview, err = p.App.Imports.PreviewUndo(r.Context(), d.Imp.Workspace, d.Imp.ID); err != nil {
		return err
	}
	if page.IsHTMX(r) {
		return p.tpl.Fragment(w, r, status, "undo.html", "dialog", d)
	}
	return p.tpl.Show(w, r, status, "undo.html", d)
}

// undo takes an import back, once its number is typed.
func (p *pages) undo(w http.ResponseWriter, r *http.Request) error {
	d, err := p.ask(r, "web.runs.undo.title")
	if err != nil {
		return err
	}
	d.Typed = strings.TrimSpace(r.PostFormValue("number"))
	if d.Typed != plain(int64(d.Imp.ID)) {
		d.Faults = page.Faults{{Field: "number", Text: d.T("web.runs.undo.number_wrong", "id", int64(d.Imp.ID))}}
		return p.showUndo(w, r, http.StatusUnprocessableEntity, d)
	}
	if _, err := p.App.Imports.StartUndo(r.Context(), d.Imp.Workspace, d.Imp.ID); err != nil {
		return err
	}
	return page.Redirect(w, r, d.URL)
}

// askCancel asks before an import is stopped, for those without scripts.
func (p *pages) askCancel(w http.ResponseWriter, r *http.Request) error {
	d, err := p.ask(r, "web.runs.cancel.title")
	if err != nil {
		return err
	}
	if !d.Imp.State.Running() {
		return page.Redirect(w, r, d.URL) // it has ended meanwhile
	}
	return p.tpl.Show(w, r, http.StatusOK, "cancel.html", d)
}

// cancel stops an import, takes one out of the line, or calls an undoing off that waits there.
func (p *pages) cancel(w http.ResponseWriter, r *http.Request) error {
	imp, err := p.load(r)
	if err != nil {
		return err
	}
	if imp.State.Running() {
		if err := p.App.Imports.Cancel(r.Context(), imp.Workspace, imp.ID); err != nil {
			return err
		}
	}
	return page.Redirect(w, r, address(imp))
}
