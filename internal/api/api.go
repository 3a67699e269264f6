// Package api is the REST face: operations under /api/v1, their description (OpenAPI 3.1) and the page that shows it.
//
// An operation is a request type, a response type and a few lines; [add] makes a route of it, with the permission that it
// names once. Its errors come out as problem+json in the caller's language (problem.go), its lists page by cursor (page.go),
// its POSTs may carry an Idempotency-Key (package idempotency).
package api

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"cadastro/internal/api/idempotency"
	"cadastro/internal/app"
	"cadastro/internal/auth"
	"cadastro/internal/i18n"
	"cadastro/internal/safehttp"
	"cadastro/internal/server/route"
	"cadastro/internal/upload"
)

// Prefix is where the operations stand.
const Prefix = "/api/v1"

// Version is the version of the API's contract.
const Version = "1.0.0"

// API is the REST face of an app. Make one with [New].
type API struct {
	app    *app.App
	fetch  *safehttp.Client // imports by URL
	keys   *idempotency.Keeper
	tus    *upload.Tus
	now    func() time.Time
	huma   huma.API
	routes []route.Route
	order  []*huma.Operation // as they were registered
	docs   documents
}

// How long a file may take to be fetched from a URL, and how often its server may send us on.
const (
	fetchTime      = 10 * time.Minute
	fetchRedirects = 5
)

// New makes the face of an app.
func New(a *app.App) *API {
	api := &API{app: a, now: time.Now}
	api.fetch = a.Outgoing(safehttp.Options{Timeout: fetchTime, MaxBody: int64(a.Config.Max.FileSize), Redirects: fetchRedirects})
	api.keys = &idempotency.Keeper{DB: a.DB, Log: a.Log, Now: time.Now, Problem: func(w http.ResponseWriter, r *http.Request, err error) { api.refuse(w, r, 0, err) }}
	api.tus = &upload.Tus{Service: a.Uploads, Base: Prefix + "/uploads", Imports: Prefix + "/imports", Problem: api.refuse}
	api.huma = huma.NewAPI(api.config(), adapter{api})
	api.imports()
	api.uploads()
	api.mappings()
	api.contacts()
	api.views()
	api.duplicates()
	api.catalogue()
	api.exports()
	api.doNotContact()
	api.access()
	api.webhooks()
	api.document()
	return api
}

// Routes gives the face's part of the table of routes.
func (a *API) Routes() []route.Route { return a.routes }

func (a *API) config() huma.Config {
	c := huma.Config{
		OpenAPI:       &huma.OpenAPI{OpenAPI: "3.1.0", Info: &huma.Info{Title: "Cadastro", Version: Version, Description: intro}, Servers: []*huma.Server{{URL: Prefix}}},
		Formats:       map[string]huma.Format{"application/json": format(), "json": format()},
		DefaultFormat: "application/json",
		Transformers:  []huma.Transformer{a.translate},
	}
	c.Components = &huma.Components{
		Schemas: huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer),
		SecuritySchemes: map[string]*huma.SecurityScheme{
			"token":   {Type: "http", Scheme: "bearer", Description: "An API token, made by `cadastro token add` or on the settings page."},
			"session": {Type: "apiKey", In: "cookie", Name: "cadastro", Description: "The session of a browser; its name is `__Host-cadastro` over TLS."},
		},
	}
	c.Security = []map[string][]string{{"token": {}}, {"session": {}}}
	c.RejectUnknownQueryParameters = true
	return c
}

// format is JSON in which no HTML can stand, wherever it is pasted.
func format() huma.Format {
	return huma.Format{Marshal: func(w io.Writer, v any) error { return json.NewEncoder(w).Encode(v) }, Unmarshal: json.Unmarshal}
}

// op is what an operation is, beside its types.
type op struct {
	id      string
	method  string
	path    string
	tag     string
	may     auth.Permission
	object  string // what {id} names
	summary string
	text    string // more to know, CommonMark
	status  int    // of success, 0 for 200 or 204
	maxBody int64  // of JSON, 0 for 1 MiB
	stream  bool   // the handler reads the body itself
	once    bool   // an Idempotency-Key is taken; so of every POST that makes something
}

// metadata is where an op goes along with its operation.
const metadata = "op"

// add makes a route of an operation. The handler's errors become problems.
func add[I, O any](a *API, o op, f func(context.Context, *I) (*O, error)) {
	h := huma.Operation{
		OperationID: o.id, Method: o.method, Path: o.path, Tags: []string{o.tag}, Summary: o.summary, Description: o.text, DefaultStatus: o.status,
		MaxBodyBytes: o.maxBody, BodyReadTimeout: -1, // the server has its own deadlines, which move along
		Metadata: map[string]any{metadata: o}, Extensions: map[string]any{"x-permission": o.may.String()},
		Responses: map[string]*huma.Response{},
	}
	if o.once {
		h.Parameters = append(h.Parameters, &huma.Param{Name: idempotency.Header, In: "header", Schema: &huma.Schema{Type: "string", MaxLength: new(255)},
			Description: "Any text of the caller's. A second request with it is answered as the first was, and nothing is done twice. Kept for 24 hours."})
	}
	huma.Register(a.huma, h, func(ctx context.Context, in *I) (*O, error) {
		// The server has asked, too. A face that is mounted otherwise is closed all the same.
		if err := auth.Require(ctx, o.may); err != nil {
			return nil, a.problem(ctx, 0, err)
		}
		out, err := f(ctx, in)
		if err != nil {
			return nil, a.problem(ctx, 0, err)
		}
		return out, nil
	})
}

// adapter makes routes of huma's operations.
type adapter struct{ api *API }

// Handle adds an operation to the table.
func (ad adapter) Handle(h *huma.Operation, handler func(huma.Context)) {
	a := ad.api
	o, _ := h.Metadata[metadata].(op)
	r := route.Route{Method: h.Method, Pattern: Prefix + h.Path, Object: o.object, API: true, MaxBody: o.maxBody}
	if o.may != 0 {
		r.Access = route.Needs(o.may)
	}
	if o.stream {
		r.MaxBody = -1
	}
	r.Handler = http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		p := a.printer(req)
		w.Header().Set("Content-Language", string(p.Lang))
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Add("Vary", "Accept-Language")
		req = req.WithContext(context.WithValue(req.Context(), callKey{}, &call{w: w, r: req, text: p}))
		handler(humago.NewContext(h, req, w))
	})
	if o.once {
		limit := max(r.MaxBody, 1<<20)
		if o.stream {
			limit = int64(a.app.Config.Max.FileSize) + 1<<20
		}
		r.Handler = a.keys.Wrap(r.Handler, limit)
	}
	a.routes, a.order = append(a.routes, r), append(a.order, h)
}

// ServeHTTP answers a request without a server around it, for whom its context says.
func (ad adapter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	mux := http.NewServeMux()
	for _, one := range ad.api.routes {
		mux.Handle(one.Method+" "+one.Pattern, one.Handler)
	}
	mux.ServeHTTP(w, r)
}

// call is what a handler may want to know of its request beyond its input.
type call struct {
	w    http.ResponseWriter
	r    *http.Request
	text *i18n.Printer
}

type callKey struct{}

func callOf(ctx context.Context) *call { return ctx.Value(callKey{}).(*call) }

// printer gives the printer of the caller's language: what the request accepts, else what the member chose.
func (a *API) printer(r *http.Request) *i18n.Printer {
	accept := r.Header.Get("Accept-Language")
	if who, ok := auth.From(r.Context()); ok && accept == "" && who.Language != "" {
		accept = who.Language
	}
	if accept == "" {
		accept = a.app.Config.Language
	}
	return a.app.Texts.Printer(i18n.Match(accept))
}

// workspace gives the actor's workspace.
func workspace(ctx context.Context) int64 {
	who, _ := auth.From(ctx)
	return who.Workspace
}

// actor gives the actor's name in the journal.
func actor(ctx context.Context) string {
	who, _ := auth.From(ctx)
	return who.String()
}

// moment gives a time for an answer, nil for none.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// micros gives a time for an answer from microseconds since 1970, nil for 0.
func micros(n int64) *time.Time {
	if n == 0 {
		return nil
	}
	return moment(time.UnixMicro(n))
}

// place is the path of a thing.
func place(kind string, id int64) string {
	return Prefix + "/" + kind + "/" + strconv.FormatInt(id, 10)
}
