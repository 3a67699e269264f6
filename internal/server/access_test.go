package server_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cadastro/internal/api"
	"cadastro/internal/app/apptest"
	"cadastro/internal/auth"
	"cadastro/internal/config"
	"cadastro/internal/db"
	"cadastro/internal/server"
	"cadastro/internal/server/route"
	"cadastro/internal/web"
)

// faces gives the whole table of the program.
func faces(t *testing.T, k *apptest.Kit) ([]route.Route, *web.Site) {
	t.Helper()
	site, err := web.New(k.App)
	if err != nil {
		t.Fatal(err)
	}
	routes := slices.Concat(site.Routes(), api.New(k.App).Routes())
	if len(routes) < 40 {
		t.Fatalf("only %d routes", len(routes))
	}
	return routes, site
}

// unlimited lets a test ask as often as it likes.
func unlimited(c *config.Config) { c.Limit = config.Limit{API: 1 << 20, Address: 1 << 20} }

// path gives an address of a pattern: {id} is id, all else a number that nothing has.
func path(pattern, id string) string {
	pattern = strings.ReplaceAll(pattern, "{id}", url.PathEscape(id))
	pattern = strings.TrimSuffix(pattern, "{$}")
	return regexp.MustCompile(`\{[^}]*\}`).ReplaceAllString(pattern, "999999999")
}

func named(r route.Route) string { return r.Method + " " + r.Pattern }

// TestAccess: every route × everybody who could ask. What must come of it is worked out here from the words of the route alone, and the
// handlers are replaced, so that this is the gate's answer and no other.
func TestAccess(t *testing.T) {
	t.Parallel()
	k := apptest.New(t, unlimited)
	routes, _ := faces(t, k)
	for i := range routes {
		routes[i].Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	}
	s, err := server.New(server.Options{App: k.App, Routes: routes})
	if err != nil {
		t.Fatal(err)
	}
	type who struct {
		name    string
		with    func(*http.Request)
		session bool
		role    auth.Role // 0 for nobody
		scopes  auth.Scopes
	}
	everybody := []who{{name: "nobody", with: func(*http.Request) {}}}
	for _, role := range auth.Roles() {
		everybody = append(everybody, who{role.String(), cookie(k.Session(role)), true, role, auth.AllScopes})
		for _, scopes := range []auth.Scopes{role.Scopes(), auth.ScopeRead} {
			everybody = append(everybody, who{"token of " + role.String() + ", " + scopes.String(), header("Authorization", "Bearer "+k.Token(role, scopes)), false, role, scopes})
		}
	}
	everybody = append(everybody, who{"admin of another workspace", cookie(k.Other().Session(auth.Admin)), true, auth.Admin, auth.AllScopes})

	for _, r := range routes {
		permission, asks := r.Access.Permission()
		if !asks && !r.Access.IsPerson() && !r.Access.IsPublic() {
			t.Errorf("%s does not say who may take it", named(r))
		}
		for _, w := range everybody {
			in := w.role != 0 && (w.session || r.API) // a token is nobody on a page
			may := r.Access.IsPublic() || in && (r.Access.IsPerson() && w.session || asks && w.role.May(permission) && w.scopes.Has(permission.Scope()))
			want := http.StatusTeapot
			switch {
			case may:
			case in:
				want = http.StatusForbidden
			case r.API:
				want = http.StatusUnauthorized
			default:
				want = http.StatusSeeOther
			}
			method := r.Method
			if method == "" {
				method = http.MethodGet
			}
			if got := ask(s, method, path(r.Pattern, "7"), w.with, header("Sec-Fetch-Site", "same-origin")); got.Code != want {
				t.Errorf("%s, %s: %d, want %d", named(r), w.name, got.Code, want)
			} else if want == http.StatusSeeOther && !strings.HasPrefix(got.Header().Get("Location"), server.SignInPath) {
				t.Errorf("%s, %s: led to %s", named(r), w.name, got.Header().Get("Location"))
			}
			// Whoever may, may not be made to by another site; a token is sent by no browser on its own.
			if may && method != http.MethodGet && method != http.MethodHead && method != http.MethodOptions && !r.Access.IsStatic() && (w.session || w.role == 0) {
				if got := ask(s, method, path(r.Pattern, "7"), w.with, header("Sec-Fetch-Site", "cross-site")); got.Code != http.StatusForbidden {
					t.Errorf("%s, %s, from another site: %d", named(r), w.name, got.Code)
				}
			}
		}
	}
}

// TestObjects: a thing of another workspace is answered for exactly as one that does not exist, whatever is asked of it, and nothing of
// that workspace changes.
func TestObjects(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, k *apptest.Kit) {
		routes, site := faces(t, k)
		s, err := server.New(server.Options{App: k.App, Routes: routes, Page: func(w http.ResponseWriter, r *http.Request, status int, err error) {
			site.Fail(server.WithStatus(w, status), r, err)
		}})
		if err != nil {
			t.Fatal(err)
		}
		other, me := k.Other(), cookie(k.Session(auth.Admin))
		theirs := map[string][]string{}
		for _, r := range routes {
			if strings.Contains(r.Pattern, "{id}") && r.Object == "" && !r.Access.IsPublic() && !r.Access.IsPerson() {
				t.Errorf("%s does not say what {id} names", named(r))
			}
			if r.Object == "" || theirs[r.Object] != nil {
				continue
			}
			id, ok := other.Object(r.Object)
			if !ok {
				t.Errorf("%s: apptest can make no %q", named(r), r.Object)
				continue
			}
			theirs[r.Object] = []string{id}
			if r.Object == "import" { // other states let other things be done
				id, _ := other.Object("review")
				theirs[r.Object] = append(theirs[r.Object], id)
			}
		}
		shapes := openShapes(t, s)
		before := contents(t, k.App.DB, other.Workspace)
		for _, r := range routes {
			for _, id := range theirs[r.Object] {
				none := "2000000001"
				if strings.Trim(id, "0123456789") != "" {
					none = strings.Repeat("x", len(id))
				}
				for _, body := range bodies(r, shapes) {
					got, want := plain(send(s, r, path(r.Pattern, id), body, me), id), plain(send(s, r, path(r.Pattern, none), body, me), none)
					if got != want {
						t.Errorf("%s (%s):\n%.300s\nwhere there is none:\n%.300s", named(r), body, got, want)
					}
					// A list of what belongs to nothing may be empty; what changes something finds nothing to change.
					if got[0] == '2' && r.Method != http.MethodGet || got[0] == '5' {
						t.Errorf("%s (%s): %s", named(r), body, got[:3])
					}
				}
			}
		}
		if after := contents(t, k.App.DB, other.Workspace); after != before {
			t.Errorf("the other workspace was changed: before\n%s\nafter\n%s", before, after)
		}
	}, unlimited)
}

// TestServices: behind the gate the services ask again. Every handler is called without it, by somebody of the workspace who may
// do everything but this, on a thing that is there.
func TestServices(t *testing.T) {
	t.Parallel()
	k := apptest.New(t, unlimited)
	routes, _ := faces(t, k)
	s, err := server.New(server.Options{App: k.App, Routes: routes})
	if err != nil {
		t.Fatal(err)
	}
	shapes, things := openShapes(t, s), map[string]string{}
	for _, r := range routes {
		if r.Object != "" && things[r.Object] == "" {
			things[r.Object], _ = k.Object(r.Object)
		}
	}
	before := contents(t, k.App.DB, k.Workspace)
	for _, r := range routes {
		permission, ok := r.Access.Permission()
		// A page is put together from several answers, and a form from none: those are the gate's. What a protocol can do is no secret.
		if page := !r.API && r.Method == http.MethodGet; !ok || page || r.Method == http.MethodOptions {
			continue
		}
		somebody := auth.Actor{Kind: auth.Token, Workspace: k.Workspace, Token: 1, Role: auth.Admin, Scopes: auth.AllScopes &^ permission.Scope()}
		open := http.NewServeMux()
		open.Handle(strings.TrimSpace(r.Method+" "+r.Pattern), http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
			r.Handler.ServeHTTP(w, req.WithContext(auth.With(req.Context(), somebody)))
		}))
		for _, body := range bodies(r, shapes) {
			got := send(open, r, path(r.Pattern, things[r.Object]), body, func(*http.Request) {})
			if again := got.Code == http.StatusSeeOther && !r.API; got.Code < 400 && !again { // a form that is shown again: see what has changed, below
				t.Errorf("%s (%s), without %s: %d", named(r), body, permission, got.Code)
			}
		}
	}
	if after := contents(t, k.App.DB, k.Workspace); after != before {
		t.Errorf("something was changed: before\n%s\nafter\n%s", before, after)
	}
}

// bodies gives what to send to a route: nothing, a form, and what the description of the API asks for.
func bodies(r route.Route, shapes map[string]string) []string {
	if r.Method == http.MethodGet || r.Method == http.MethodHead || r.Method == http.MethodDelete {
		return []string{""}
	}
	out := []string{"", "name=x&version=1&state=a&value=x&row=1&column=0"}
	if shape := shapes[named(r)]; shape != "" {
		out = append(out, shape)
	}
	return out
}

// openShapes gives, for each operation of the API with a body of JSON, the least one that its description takes: a body that is
// refused for its shape would say nothing about whose the thing is.
func openShapes(t *testing.T, s http.Handler) map[string]string {
	t.Helper()
	var doc struct {
		Paths map[string]map[string]struct {
			RequestBody struct {
				Content map[string]struct{ Schema map[string]any }
			}
		}
		Components struct{ Schemas map[string]map[string]any }
	}
	if err := json.Unmarshal(ask(s, "GET", "/api/openapi.json").Body.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	var least func(schema map[string]any) any
	least = func(schema map[string]any) any {
		if ref, ok := schema["$ref"].(string); ok {
			return least(doc.Components.Schemas[ref[strings.LastIndex(ref, "/")+1:]])
		}
		if enum, ok := schema["enum"].([]any); ok {
			return enum[0]
		}
		kind, _ := schema["type"].(string)
		if kinds, ok := schema["type"].([]any); ok {
			kind, _ = kinds[0].(string)
		}
		switch kind {
		case "object":
			out := map[string]any{}
			properties, _ := schema["properties"].(map[string]any)
			required, _ := schema["required"].([]any)
			for _, name := range required {
				if p, ok := properties[name.(string)].(map[string]any); ok {
					out[name.(string)] = least(p)
				}
			}
			return out
		case "array":
			items, _ := schema["items"].(map[string]any)
			return []any{least(items)}
		case "integer", "number":
			return 1
		case "boolean":
			return true
		}
		return "x"
	}
	out := map[string]string{}
	for path, methods := range doc.Paths {
		for method, op := range methods {
			if content, ok := op.RequestBody.Content["application/json"]; ok {
				body, err := json.Marshal(least(content.Schema))
				if err != nil {
					t.Fatal(err)
				}
				out[strings.ToUpper(method)+" "+path] = string(body)
			}
		}
	}
	if len(out) < 4 {
		t.Fatalf("only %d bodies", len(out))
	}
	return out
}

// send asks for a route as an administrator's browser or script does.
func send(s http.Handler, r route.Route, to, body string, who func(*http.Request)) *httptest.ResponseRecorder {
	method := r.Method
	if method == "" {
		method = http.MethodGet
	}
	req := httptest.NewRequest(method, to, strings.NewReader(body))
	who(req)
	header("Sec-Fetch-Site", "same-origin", "Tus-Resumable", "1.0.0", "Upload-Offset", "0")(req)
	switch {
	case strings.HasPrefix(body, "{") || strings.HasPrefix(body, "["):
		req.Header.Set("Content-Type", "application/json")
	case strings.HasSuffix(r.Pattern, "/uploads/{id}"):
		req.Header.Set("Content-Type", "application/offset+octet-stream")
	case body != "":
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, req)
	return w
}

// plain gives an answer without what differs from request to request.
func plain(w *httptest.ResponseRecorder, id string) string {
	body := regexp.MustCompile(`"request_id":"[^"]*"`).ReplaceAllString(w.Body.String(), "")
	return strings.ReplaceAll(fmt.Sprintf("%d %s %s", w.Code, w.Header().Get("Location"), body), id, "ID")
}

// contents gives a line for each table with rows of a workspace: how many, and a hash of all.
func contents(t *testing.T, d *db.DB, workspace int64) string {
	t.Helper()
	query := "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c ON c.name = 'workspace_id' WHERE m.type = 'table' ORDER BY 1"
	if d.Engine() == db.Postgres {
		query = "SELECT table_name FROM information_schema.columns WHERE column_name = 'workspace_id' AND table_schema = current_schema() ORDER BY 1"
	}
	var out strings.Builder
	err := d.Read(t.Context(), func(ctx context.Context, q db.Querier) error {
		tables, err := db.Collect(ctx, q, func(r *sql.Rows) (s string, err error) { return s, r.Scan(&s) }, query)
		if err != nil {
			return err
		}
		for _, table := range tables {
			rows, err := db.Collect(ctx, q, allColumns, "SELECT * FROM "+table+" WHERE workspace_id = $1", workspace)
			if err != nil {
				return err
			}
			slices.Sort(rows)
			h := fnv.New64a()
			for _, row := range rows {
				io.WriteString(h, row)
			}
			fmt.Fprintf(&out, "%s: %d rows, %x\n", table, len(rows), h.Sum64())
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(out.String(), "\n") < 15 {
		t.Fatalf("too few tables:\n%s", &out)
	}
	return out.String()
}

func allColumns(rows *sql.Rows) (string, error) {
	names, err := rows.Columns()
	if err != nil {
		return "", err
	}
	values := make([]any, len(names))
	for i := range values {
		values[i] = new(any)
	}
	if err := rows.Scan(values...); err != nil {
		return "", err
	}
	var b strings.Builder
	for i, v := range values {
		fmt.Fprintf(&b, "%s=%v;", names[i], *v.(*any))
	}
	return b.String(), nil
}
