package api

import (
	"cmp"
	"context"
	"net/http"

	"cadastro/internal/auth"
	"cadastro/internal/importer"
)

// importWork registers what moves an import on.
func (a *API) importWork() {
	add(a, op{id: "save-settings", method: http.MethodPut, path: "/imports/{id}/settings", tag: tagImports, may: auth.ImportsRun, object: "import",
		summary: "Save an import's settings", text: "Without a review. What is left out is proposed from the file. A review that was done with other settings is dropped."}, a.saveSettings)
	add(a, op{id: "review-import", method: http.MethodPost, path: "/imports/{id}/review", tag: tagImports, may: auth.ImportsRun, object: "import", status: http.StatusAccepted, once: true,
		summary: "Review an import",
		text: "Reads every row in the background and changes no contact. What the body leaves out is proposed from the file, so that `{}` is a whole review; without a body " +
			"the settings that were saved are taken, if there are some. " +
			"A review may be done again with other settings until the import starts; the newest settings win."}, a.reviewImport)
	add(a, op{id: "start-import", method: http.MethodPost, path: "/imports/{id}/start", tag: tagImports, may: auth.ImportsRun, object: "import", status: http.StatusAccepted, once: true,
		summary: "Start a reviewed import", text: "One import of a workspace runs at a time; ahead tells how many are to end before this one begins."}, a.startImport)
	add(a, op{id: "cancel-import", method: http.MethodPost, path: "/imports/{id}/cancel", tag: tagImports, may: auth.ImportsRun, object: "import", status: http.StatusAccepted, once: true,
		summary: "Cancel an import", text: "What is done stays done; the rest of the rows is unprocessed."}, a.cancelImport)
	add(a, op{id: "preview-undo", method: http.MethodGet, path: "/imports/{id}/undo", tag: tagImports, may: auth.ImportsRun, object: "import",
		summary: "Ask what undoing an import would do"}, a.previewUndo)
	add(a, op{id: "undo-import", method: http.MethodPost, path: "/imports/{id}/undo", tag: tagImports, may: auth.ImportsRun, object: "import", status: http.StatusAccepted, once: true,
		summary: "Undo an import", text: "Contacts that it added go to the bin, fields that it changed get their old values. What was edited since stays, and is listed."}, a.undoImport)
	add(a, op{id: "watch-import", method: http.MethodGet, path: "/imports/{id}/events", tag: tagImports, may: auth.ImportsRead, object: "import",
		summary: "Watch an import", text: watchText}, a.watchImport)
}

type reviewInput struct {
	ImportPath
	Body *Settings
}

func (a *API) reviewImport(ctx context.Context, in *reviewInput) (*struct{ Body *Import }, error) {
	imp, err := a.find(ctx, in.ImportPath)
	if err != nil {
		return nil, err
	}
	set := imp.Settings
	if in.Body != nil || len(set.Mapping.Columns) == 0 {
		if set, err = a.settle(ctx, imp, cmp.Or(in.Body, new(Settings))); err != nil {
			return nil, err
		}
	}
	if imp, err = a.app.Imports.StartReview(ctx, imp.Workspace, imp.ID, set); err != nil {
		return nil, err
	}
	return a.told(ctx, imp)
}

type settingsInput struct {
	ImportPath
	Body Settings
}

func (a *API) saveSettings(ctx context.Context, in *settingsInput) (*struct{ Body *Import }, error) {
	imp, err := a.find(ctx, in.ImportPath)
	if err != nil {
		return nil, err
	}
	set, err := a.settle(ctx, imp, &in.Body)
	if err != nil {
		return nil, err
	}
	if imp, err = a.app.Imports.SaveDraft(ctx, imp.Workspace, imp.ID, set); err != nil {
		return nil, err
	}
	return a.told(ctx, imp)
}

func (a *API) startImport(ctx context.Context, in *ImportPath) (*struct{ Body *Import }, error) {
	imp, err := a.app.Imports.Start(ctx, workspace(ctx), importer.ID(in.ID))
	if err != nil {
		return nil, err
	}
	return a.told(ctx, imp)
}

func (a *API) cancelImport(ctx context.Context, in *ImportPath) (*struct{ Body *Import }, error) {
	if err := a.app.Imports.Cancel(ctx, workspace(ctx), importer.ID(in.ID)); err != nil {
		return nil, err
	}
	return a.getImport(ctx, in)
}

func (a *API) previewUndo(ctx context.Context, in *ImportPath) (*struct{ Body *Undo }, error) {
	r, err := a.app.Imports.PreviewUndo(ctx, workspace(ctx), importer.ID(in.ID))
	if err != nil {
		return nil, err
	}
	return &struct{ Body *Undo }{undoOf(r)}, nil
}

func (a *API) undoImport(ctx context.Context, in *ImportPath) (*struct{ Body *Import }, error) {
	imp, err := a.app.Imports.StartUndo(ctx, workspace(ctx), importer.ID(in.ID))
	if err != nil {
		return nil, err
	}
	return a.told(ctx, imp)
}
