package api

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"cadastro/internal/auth"
	"cadastro/internal/exporter"
	"cadastro/internal/i18n"
)

const tagExports = "Exports"

// exports registers what is done with exports.
func (a *API) exports() {
	add(a, op{id: "create-export", method: http.MethodPost, path: "/exports", tag: tagExports, may: auth.ExportsRun, status: http.StatusAccepted, once: true,
		summary: "Export contacts", text: "In the background: the whole base, the contacts of a search or filter, or those named. An export that is imported again changes nothing."}, a.createExport)
	add(a, op{id: "list-exports", method: http.MethodGet, path: "/exports", tag: tagExports, may: auth.ExportsRun, summary: "List the newest exports"}, a.listExports)
	add(a, op{id: "get-export", method: http.MethodGet, path: "/exports/{id}", tag: tagExports, may: auth.ExportsRun, object: "export", summary: "Get an export"}, a.getExport)
	add(a, op{id: "get-export-file", method: http.MethodGet, path: "/exports/{id}/file", tag: tagExports, may: auth.ExportsRun, object: "export", summary: "Download the file of an export"}, a.getExportFile)
	add(a, op{id: "cancel-export", method: http.MethodPost, path: "/exports/{id}/cancel", tag: tagExports, may: auth.ExportsRun, object: "export", once: true, summary: "Cancel an export"}, a.cancelExport)
}

// ExportInput says what a file holds.
type ExportInput struct {
	Selection
	Format    string   `json:"format,omitempty" enum:"csv,xlsx,vcf,ndjson" default:"csv"`
	Fields    []string `json:"fields,omitempty" maxItems:"1000" doc:"Field keys in the order of the columns. Left out: all that the base uses."`
	Keys      bool     `json:"keys,omitempty" doc:"Headers are field keys instead of names in the caller's language."`
	Delimiter string   `json:"delimiter,omitempty" maxLength:"10" doc:"Of CSV: one character, or comma, semicolon, tab, pipe."`
	Charset   string   `json:"charset,omitempty" maxLength:"40" doc:"Of CSV, utf-8 where it is left out."`
}

// Export is an export as it stands.
type Export struct {
	ID         int64      `json:"id"`
	State      string     `json:"state" enum:"waiting,running,done,cancelled,failed,expired"`
	Format     string     `json:"format"`
	Actor      string     `json:"actor"`
	FileName   string     `json:"file_name"`
	Total      int64      `json:"total"`
	Done       int64      `json:"done" doc:"Contacts written."`
	Bytes      int64      `json:"bytes"`
	Error      string     `json:"error,omitempty" doc:"Code."`
	CreatedAt  time.Time  `json:"created_at"`
	FinishedAt *time.Time `json:"finished_at,omitempty"`
	ExpiresAt  *time.Time `json:"expires_at,omitempty" doc:"When the file goes."`
}

func exportOf(e *exporter.Export) *Export {
	return &Export{ID: int64(e.ID), State: string(e.State), Format: string(e.Spec.Format), Actor: e.Actor, FileName: e.FileName, Total: e.Total, Done: e.Done, Bytes: e.Size,
		Error: e.Error, CreatedAt: e.CreatedAt.UTC(), FinishedAt: moment(e.FinishedAt), ExpiresAt: moment(e.ExpiresAt)}
}

// ExportPath names an export.
type ExportPath struct {
	ID int64 `path:"id" minimum:"1"`
}

type oneExport struct {
	Location string `header:"Location"`
	Body     *Export
}

func answerExport(e *exporter.Export, err error) (*oneExport, error) {
	if err != nil {
		return nil, err
	}
	return &oneExport{Location: place("exports", int64(e.ID)), Body: exportOf(e)}, nil
}

func (a *API) createExport(ctx context.Context, in *struct{ Body ExportInput }) (*oneExport, error) {
	b := &in.Body
	return answerExport(a.app.Exports.Start(ctx, workspace(ctx), exporter.Spec{Selection: b.selection(), Format: exporter.Format(b.Format), Fields: b.Fields, Keys: b.Keys,
		Language: i18n.Lang(callOf(ctx).text.Lang), Delimiter: word(b.Delimiter), Charset: b.Charset}))
}

func (a *API) listExports(ctx context.Context, _ *struct{}) (*all[*Export], error) {
	found, err := a.app.Exports.List(ctx, workspace(ctx), recent)
	if err != nil {
		return nil, err
	}
	items := make([]*Export, len(found))
	for i := range found {
		items[i] = exportOf(&found[i])
	}
	return allOf(items), nil
}

func (a *API) getExport(ctx context.Context, in *ExportPath) (*oneExport, error) {
	return answerExport(a.app.Exports.Get(ctx, workspace(ctx), exporter.ID(in.ID)))
}

func (a *API) cancelExport(ctx context.Context, in *ExportPath) (*oneExport, error) {
	return answerExport(a.app.Exports.Cancel(ctx, workspace(ctx), exporter.ID(in.ID)))
}

func (a *API) getExportFile(ctx context.Context, in *ExportPath) (*fileOutput, error) {
	e, r, err := a.app.Exports.Open(ctx, workspace(ctx), exporter.ID(in.ID))
	if err != nil {
		return nil, err
	}
	c := callOf(ctx)
	return &fileOutput{func(huma.Context) {
		defer r.Close()
		d := &download{w: c.w, name: e.FileName, kind: mediaType(e.Spec.Format)}
		_, err := io.Copy(d, r)
		a.ended(c.w, c.r, d, err)
	}}, nil
}

func mediaType(f exporter.Format) string {
	switch f {
	case exporter.XLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case exporter.VCard:
		return "text/vcard; charset=utf-8"
	case exporter.NDJSON:
		return "application/x-ndjson"
	}
	return "text/csv"
}
