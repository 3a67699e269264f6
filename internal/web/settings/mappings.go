package settings

import (
	"net/http"
	"strings"

	"cadastro/internal/auth"
	"cadastro/internal/errs"
	"cadastro/internal/mapping"
	"cadastro/internal/server/route"
)

func (p *pages) mappingRoutes(t *table) {
	run := route.Needs(auth.ImportsRun)
	t.get("/settings/mappings", run, "", p.mappings)
	t.get("/settings/mappings/{id}", run, "mapping", p.mapping)
	t.post("/settings/mappings/{id}", run, "mapping", p.mappingRename)
	t.post("/settings/mappings/{id}/delete", run, "mapping", p.mappingDelete)
}

// mappingsShown bounds the list; the newest used come first.
const mappingsShown = 500

type mappingsData struct {
	frame
	List []mapping.Saved
}

// Headers gives the headers of a saved mapping, for the list.
func (d mappingsData) Headers(s mapping.Saved) string {
	return strings.Join(s.Mapping.Headers(), " · ")
}

func (p *pages) mappings(w http.ResponseWriter, r *http.Request) error {
	list, err := p.App.Mappings.List(r.Context(), workspaceOf(r), mappingsShown)
	if err != nil {
		return err
	}
	d := mappingsData{p.frame(r, "mappings"), list}
	d.TakeFlash(w, r)
	return p.show.Show(w, r, http.StatusOK, "mappings.html", d)
}

type mappingData struct {
	frame
	One  mapping.Saved
	Name string
}

func (p *pages) mappingData(r *http.Request) (d mappingData, err error) {
	n, err := id(r, "id")
	if err != nil {
		return d, err
	}
	d.frame = p.frame(r, "mappings")
	d.One, err = p.App.Mappings.Get(r.Context(), workspaceOf(r), n)
	d.Name = d.One.Name
	return d, err
}

func (p *pages) mapping(w http.ResponseWriter, r *http.Request) error {
	d, err := p.mappingData(r)
	if err != nil {
		return err
	}
	return p.show.Show(w, r, http.StatusOK, "mapping.html", d)
}

func (p *pages) mappingRename(w http.ResponseWriter, r *http.Request) error {
	d, err := p.mappingData(r)
	if err != nil {
		return err
	}
	d.Name = r.PostFormValue("name")
	if err := p.App.Mappings.Rename(r.Context(), workspaceOf(r), d.One.ID, d.Name); err != nil {
		if err := d.Faults.Add(d.Text, "name", err); err != nil {
			return err
		}
		return p.show.Show(w, r, http.StatusUnprocessableEntity, "mapping.html", d)
	}
	return p.done(w, r, "/settings/mappings", d.T("web.settings.mapping.saved"))
}

func (p *pages) mappingDelete(w http.ResponseWriter, r *http.Request) error {
	n, err := id(r, "id")
	if err != nil {
		return err
	}
	if err := p.App.Mappings.Delete(r.Context(), workspaceOf(r), n); err != nil && errs.KindOf(err) != errs.NotFound {
		return err
	}
	return p.done(w, r, "/settings/mappings", p.frame(r, "mappings").T("web.settings.mapping.deleted"))
}
