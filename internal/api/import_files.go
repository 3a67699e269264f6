package api

import (
	"context"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"cadastro/internal/auth"
	"cadastro/internal/errs"
	"cadastro/internal/i18n"
	"cadastro/internal/importer"
)

// importFiles registers the files that an import gives back.
func (a *API) importFiles() {
	add(a, op{id: "get-import-result", method: http.MethodGet, path: "/imports/{id}/result", tag: tagImports, may: auth.ImportsRead, object: "import",
		summary: "Download the result file", text: "The original rows and columns, with what became of each row and why. Kept for some days (a setting of the server)."}, a.getResult)
	add(a, op{id: "get-import-errors", method: http.MethodGet, path: "/imports/{id}/errors", tag: tagImports, may: auth.ImportsRead, object: "import",
		summary: "Download the rows with errors", text: "In their original columns, with row number and reasons. There from the review on."}, a.getErrors)
	add(a, op{id: "repeat-import", method: http.MethodPost, path: "/imports/{id}/again", tag: tagImports, may: auth.ImportsRun, object: "import", status: http.StatusCreated, stream: true, once: true,
		summary: "Open an import for another file with the same settings",
		text:    "The body is the file, as for create-import: a corrected one, or next month's; without a body it is the same file again. Settings are carried over by the columns' headers, and the review takes them where its body is left out."}, a.repeatImport)
}

type fileInput struct {
	ImportPath
	Format string `query:"format" enum:"csv,xlsx" default:"csv"`
}

type fileOutput struct {
	Body func(huma.Context)
}

func (a *API) getResult(ctx context.Context, in *fileInput) (*fileOutput, error) {
	imp, err := a.find(ctx, in.ImportPath)
	if err != nil {
		return nil, err
	}
	if !imp.HasResult() {
		return nil, errs.New(errs.NotFound, "import.no_result", "id", in.ID)
	}
	c, stem := callOf(ctx), stemOf(imp.FileName)+"-result"
	if in.Format == "xlsx" {
		return a.rowFile(c, true, stem, imp, func(to rows) error { return a.app.Imports.WriteResult(ctx, imp, to) }), nil
	}
	r, err := a.app.Imports.OpenResult(ctx, imp)
	if err != nil {
		return nil, err
	}
	return &fileOutput{func(huma.Context) {
		defer r.Close()
		d := &download{w: c.w, name: stem + ".csv", kind: "text/csv; charset=utf-8"}
		_, err := io.Copy(d, r)
		a.ended(c.w, c.r, d, err)
	}}, nil
}

func (a *API) getErrors(ctx context.Context, in *fileInput) (*fileOutput, error) {
	imp, err := a.find(ctx, in.ImportPath)
	if err != nil {
		return nil, err
	}
	if imp.ReviewedAt.IsZero() {
		return nil, errs.New(errs.Conflict, "api.not_reviewed", "id", in.ID)
	}
	return a.rowFile(callOf(ctx), in.Format == "xlsx", stemOf(imp.FileName)+"-errors", imp, func(to rows) error { return a.app.Imports.WriteErrors(ctx, imp, to) }), nil
}

func (a *API) rowFile(c *call, asWorkbook bool, stem string, imp *importer.Import, f func(rows) error) *fileOutput {
	return &fileOutput{func(huma.Context) { a.send(c.w, c.r, asWorkbook, stem, stem, i18n.Lang(imp.Settings.Language), f) }}
}

type againInput struct {
	ImportPath
	CreateInput
}

func (a *API) repeatImport(ctx context.Context, in *againInput) (*one, error) {
	if _, err := a.find(ctx, in.ImportPath); err != nil {
		return nil, err
	}
	var name string
	var body io.Reader // nil for the same file again
	if r := callOf(ctx).r; r.ContentLength != 0 {
		var err error
		if name, body, _, err = a.file(ctx, in.Name); err != nil {
			return nil, err
		}
	}
	imp, err := a.app.Imports.Again(ctx, workspace(ctx), importer.ID(in.ID), name, body, nil)
	if err != nil {
		return nil, err
	}
	return a.made(ctx, imp)
}
