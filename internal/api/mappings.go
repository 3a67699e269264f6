package api

import (
	"context"
	"net/http"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/errs"
	"cadastro/internal/importer"
)

// mappings registers saved mappings.
func (a *API) mappings() {
	add(a, op{id: "list-mappings", method: http.MethodGet, path: "/mappings", tag: tagImports, may: auth.ImportsRead,
		summary: "List saved mappings", text: "The last used first. They speak for the columns of files with headers like theirs by themselves."}, a.listMappings)
	add(a, op{id: "save-mapping", method: http.MethodPost, path: "/mappings", tag: tagImports, may: auth.ImportsRun, once: true,
		summary: "Save the mapping of an import", text: "One of the same name and headers is replaced."}, a.saveMapping)
}

// Mapping is a mapping that was saved.
type Mapping struct {
	ID      int64     `json:"id"`
	Name    string    `json:"name"`
	Columns []Column  `json:"columns" nullable:"false"`
	UsedAt  time.Time `json:"used_at"`
}

func (a *API) listMappings(ctx context.Context, _ *struct{}) (*all[Mapping], error) {
	found, err := a.app.Mappings.Recent(ctx, workspace(ctx), nil, recent)
	if err != nil {
		return nil, err
	}
	var items []Mapping
	for _, s := range found {
		m := Mapping{ID: s.ID, Name: s.Name, UsedAt: s.UsedAt.UTC(), Columns: []Column{}}
		for i := range s.Mapping.Columns {
			m.Columns = append(m.Columns, columnOf(i, &s.Mapping.Columns[i]))
		}
		items = append(items, m)
	}
	return allOf(items), nil
}

type saveMappingInput struct {
	Body struct {
		Import int64  `json:"import_id" minimum:"1" doc:"Import whose columns are mapped."`
		Name   string `json:"name" minLength:"1" maxLength:"200"`
	}
}

func (a *API) saveMapping(ctx context.Context, in *saveMappingInput) (*struct{}, error) {
	imp, err := a.app.Imports.Get(ctx, workspace(ctx), importer.ID(in.Body.Import))
	if err != nil {
		return nil, at("body.import_id", err)
	}
	if len(imp.Settings.Mapping.Columns) == 0 {
		return nil, at("body.import_id", errs.New(errs.Conflict, "api.not_reviewed", "id", in.Body.Import))
	}
	return nil, a.app.Mappings.Save(ctx, imp.Workspace, in.Body.Name, imp.Settings.Mapping, imp.Settings)
}
