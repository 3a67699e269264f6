package api

import (
	"context"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"

	"cadastro/internal/auth"
	"cadastro/internal/errs"
	"cadastro/internal/importer"
	"cadastro/internal/upload"
)

const tagImports = "Imports"

// imports registers what is done with imports.
func (a *API) imports() {
	add(a, op{id: "create-import", method: http.MethodPost, path: "/imports", tag: tagImports, may: auth.ImportsRun, status: http.StatusCreated, stream: true, once: true,
		summary: "Open an import for a file",
		text: "The body is the file: as a form (multipart/form-data, the file as its last part), or as it is, with its name in `name` or in Content-Disposition. " +
			"JSON rows are such a file: an array of objects, or one object a line. What the file is, is told by its content. A file over the server's limit is refused while it is read."},
		a.createImport)
	add(a, op{id: "create-import-from-url", method: http.MethodPost, path: "/imports/from-url", tag: tagImports, may: auth.ImportsRun, status: http.StatusCreated, once: true,
		summary: "Open an import for a file on another server",
		text:    "The file is fetched before the answer is given. Addresses of internal networks are refused, behind names and redirects, too."},
		a.createFromURL)
	add(a, op{id: "create-import-from-upload", method: http.MethodPost, path: "/imports/from-upload", tag: tagImports, may: auth.ImportsRun, status: http.StatusCreated, once: true,
		summary: "Open an import for a finished upload",
		text:    "The last request of an upload has done so already and told the import's number; asking again gives the same import."},
		a.createFromUpload)
	add(a, op{id: "list-imports", method: http.MethodGet, path: "/imports", tag: tagImports, may: auth.ImportsRead, summary: "List imports, the newest first"}, a.listImports)
	add(a, op{id: "get-import", method: http.MethodGet, path: "/imports/{id}", tag: tagImports, may: auth.ImportsRead, object: "import", summary: "Get an import"}, a.getImport)
	add(a, op{id: "inspect-import", method: http.MethodGet, path: "/imports/{id}/inspection", tag: tagImports, may: auth.ImportsRead, object: "import",
		summary: "Look at an import's file", text: "How it is read, its first rows, and what its columns would feed. The query fixes parts of the dialect and changes nothing."}, a.getInspection)
	a.importWork()
	a.importRows()
	a.importFiles()
}

// ImportPath names an import.
type ImportPath struct {
	ID int64 `path:"id" minimum:"1" doc:"Number of the import."`
}

// find gives the import that a request names.
func (a *API) find(ctx context.Context, p ImportPath) (*importer.Import, error) {
	return a.app.Imports.Get(ctx, workspace(ctx), importer.ID(p.ID))
}

type CreateInput struct {
	Name string `query:"name" maxLength:"500" doc:"Name of the file, where the body is the file as it is."`
}

func (a *API) createImport(ctx context.Context, in *CreateInput) (*one, error) {
	name, body, _, err := a.file(ctx, in.Name)
	if err != nil {
		return nil, err
	}
	imp, err := a.app.Imports.Upload(ctx, workspace(ctx), name, body, nil)
	if err != nil {
		return nil, err
	}
	return a.made(ctx, imp)
}

// file gives the file that a request brings, by form or as its whole body, and the form's fields.
func (a *API) file(ctx context.Context, name string) (string, io.Reader, url.Values, error) {
	c := callOf(ctx)
	c.r.Body = upload.Patient(c.w, c.r.Body)
	kind, _, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err == nil && kind == "multipart/form-data" {
		given, body, fields, err := upload.FromForm(c.r)
		if name != "" {
			given = upload.CleanName(name)
		}
		return given, body, fields, err
	}
	if c.r.ContentLength == 0 {
		return "", nil, nil, errs.New(errs.Invalid, "api.no_body")
	}
	if name == "" {
		if _, params, err := mime.ParseMediaType(c.r.Header.Get("Content-Disposition")); err == nil {
			name = params["filename"]
		}
	}
	if name == "" {
		switch kind {
		case "application/json":
			name = "rows.json"
		case "application/x-ndjson", "application/jsonl":
			name = "rows.ndjson"
		}
	}
	return upload.CleanName(name), c.r.Body, nil, nil
}

type fromURLInput struct {
	Body struct {
		URL  string `json:"url" maxLength:"2000" doc:"http or https, public."`
		Name string `json:"name,omitempty" maxLength:"500" doc:"Name of the file; left out: the one that the server gives, or the end of the address."`
	}
}

func (a *API) createFromURL(ctx context.Context, in *fromURLInput) (*one, error) {
	name, body, err := upload.FromURL(ctx, a.fetch, in.Body.URL)
	if err != nil {
		return nil, at("body.url", err)
	}
	defer body.Close()
	if in.Body.Name != "" {
		name = upload.CleanName(in.Body.Name)
	}
	imp, err := a.app.Imports.Upload(ctx, workspace(ctx), name, body, nil)
	if err != nil {
		return nil, err
	}
	return a.made(ctx, imp)
}

type fromUploadInput struct {
	Body struct {
		Upload string `json:"upload" pattern:"^[0-9a-f]{32}$" doc:"Id of the upload: the end of its address."`
	}
}

func (a *API) createFromUpload(ctx context.Context, in *fromUploadInput) (*one, error) {
	id, err := a.tus.Service.Complete(ctx, workspace(ctx), in.Body.Upload)
	if err != nil {
		return nil, at("body.upload", err)
	}
	imp, err := a.find(ctx, ImportPath{id})
	if err != nil {
		return nil, err
	}
	return a.made(ctx, imp)
}

func (a *API) getImport(ctx context.Context, in *ImportPath) (*struct{ Body *Import }, error) {
	imp, err := a.find(ctx, *in)
	if err != nil {
		return nil, err
	}
	return a.told(ctx, imp)
}

type listImportsInput struct {
	Paging
	Filter string `query:"filter" enum:"running,review,errors,undone,not_started" doc:"Those under way or in line, those that wait for a person, those with rows in error, those taken back, those that came to nothing."`
}

func (a *API) listImports(ctx context.Context, in *listImportsInput) (*list[*Import], error) {
	before, err := in.number()
	if err != nil {
		return nil, err
	}
	page, err := a.app.Imports.History(ctx, workspace(ctx), importer.HistoryQuery{Filter: importer.HistoryFilter(in.Filter), Before: importer.ID(before), Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	items := make([]*Import, len(page.Imports))
	for i, imp := range page.Imports {
		if items[i], err = a.importOf(ctx, imp, false); err != nil {
			return nil, err
		}
	}
	next := ""
	if page.Next != 0 {
		next = strconv.FormatInt(int64(page.Next), 10)
	}
	return pageOf(ctx, items, next), nil
}
