package api

import (
	"encoding/json"
	"net/http"
	"reflect"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"cadastro/internal/server/route"
)

// intro opens the description of the API.
const intro = "Contacts and imports by program. Every request carries an API token (`Authorization: Bearer cad_…`).\n\n" +
	"Lists page by cursor: pass `next` of one page as `after` of the next; `Link` has the address. Errors are `application/problem+json` with a stable `code` and a " +
	"sentence in the language of `Accept-Language` (pt-BR, es, en). A POST may carry `Idempotency-Key`: a second one with the same key is answered as the first was. " +
	"Times are RFC 3339 in UTC. Ids are whole numbers within the workspace, those of uploads are text. What can be edited has a `version`, also as `ETag`; send it as `If-Match`."

// documents are what tells of the API, made once.
type documents struct {
	json, yaml, html []byte
}

// Where the documents stand.
const (
	pathJSON = "/api/openapi.json"
	pathYAML = "/api/openapi.yaml"
	pathDocs = "/api/docs"
	pathCSS  = "/api/docs.css"
)

// document completes the description by what the types do not say, and registers the documents.
func (a *API) document() {
	o := a.huma.OpenAPI()
	file := func(summary string) *huma.Response {
		binary := &huma.MediaType{Schema: &huma.Schema{Type: "string", Format: "binary"}}
		return &huma.Response{Description: summary, Content: map[string]*huma.MediaType{
			"text/csv": binary, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": binary}}
	}
	o.Paths["/imports"].Post.RequestBody = fileBody()
	again := fileBody()
	again.Required = false
	o.Paths["/imports/{id}/again"].Post.RequestBody = again
	o.Paths["/imports/{id}/result"].Get.Responses["200"] = file("The file.")
	o.Paths["/imports/{id}/errors"].Get.Responses["200"] = file("The file.")
	o.Paths["/imports/{id}/events"].Get.Responses["200"] = &huma.Response{Description: "Events.", Content: map[string]*huma.MediaType{"text/event-stream": {Schema: &huma.Schema{Type: "string"}}}}
	problem := a.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")
	for _, path := range o.Paths {
		for _, h := range []*huma.Operation{path.Get, path.Put, path.Post, path.Patch, path.Delete} {
			if h != nil {
				h.Responses["default"] = &huma.Response{Description: "What went wrong.", Content: map[string]*huma.MediaType{"application/problem+json": {Schema: problem}}}
			}
		}
	}
	// Schemas of huma's own errors, which nobody gets to see; see translate.
	all := o.Components.Schemas.Map()
	delete(all, "ErrorModel")
	delete(all, "ErrorDetail")

	for _, h := range a.order {
		if !slices.ContainsFunc(o.Tags, func(t *huma.Tag) bool { return t.Name == h.Tags[0] }) {
			o.Tags = append(o.Tags, &huma.Tag{Name: h.Tags[0]})
		}
	}

	var err error
	if a.docs.json, err = json.MarshalIndent(o, "", "  "); err != nil {
		panic(err) // the types of this package cannot be described: a fault of the build that every test meets
	}
	if a.docs.yaml, err = o.YAML(); err != nil {
		panic(err)
	}
	a.docs.html = page(o, a.order)
	for _, d := range []struct {
		path, kind string
		body       []byte
	}{
		{pathJSON, "application/vnd.oai.openapi+json", a.docs.json},
		{pathYAML, "application/vnd.oai.openapi", a.docs.yaml},
		{pathDocs, "text/html; charset=utf-8", a.docs.html},
		{pathCSS, "text/css; charset=utf-8", docsCSS},
	} {
		a.routes = append(a.routes, route.Route{Method: http.MethodGet, Pattern: d.path, API: true, Access: route.Static(), Handler: document(d.kind, d.body)})
	}
}

// document gives a document.
func document(kind string, body []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Cache-Control", "public, max-age=300")
		_, _ = w.Write(body) // the reader may be gone
	})
}

// fileBody describes a request that is a file.
func fileBody() *huma.RequestBody {
	binary := func() *huma.Schema { return &huma.Schema{Type: "string", Format: "binary"} }
	form := &huma.Schema{Type: "object", Properties: map[string]*huma.Schema{"file": binary()}, Required: []string{"file"}}
	object := &huma.Schema{Type: "object", AdditionalProperties: true}
	return &huma.RequestBody{Required: true, Description: "The file.", Content: map[string]*huma.MediaType{
		"multipart/form-data":      {Schema: form},
		"application/octet-stream": {Schema: binary()},
		"text/csv":                 {Schema: binary()},
		"application/json":         {Schema: &huma.Schema{Type: "array", Items: object, Description: "Rows. The columns are the union of the keys."}},
		"application/x-ndjson":     {Schema: &huma.Schema{Type: "string", Description: "Rows, one JSON object a line."}},
	}}
}
