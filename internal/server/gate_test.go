package server_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"cadastro/internal/app/apptest"
	"cadastro/internal/auth"
	"cadastro/internal/config"
	"cadastro/internal/server"
	"cadastro/internal/server/route"
)

// greet answers with who asks.
func greet(w http.ResponseWriter, r *http.Request) {
	if a, ok := auth.From(r.Context()); ok {
		io.WriteString(w, "hello "+a.String())
		return
	}
	io.WriteString(w, "hello nobody")
}

// table is a small table with every kind of route.
func table() []route.Route {
	var out []route.Route
	for _, method := range []string{"GET", "POST"} {
		for _, r := range []route.Route{
			{Pattern: "/public", Access: route.Public()},
			{Pattern: "/static", Access: route.Static()},
			{Pattern: "/account", Access: route.Person()},
			{Pattern: "/imports/{id}", Access: route.Needs(auth.ImportsRun)},
			{Pattern: "/api/imports/{id}", Access: route.Needs(auth.ImportsRun), API: true},
			{Pattern: "/api/account", Access: route.Person(), API: true},
		} {
			r.Method, r.Handler = method, http.HandlerFunc(greet)
			out = append(out, r)
		}
	}
	return out
}

// mounted gives an app with a server that is asked directly.
func mounted(t *testing.T, routes []route.Route, change ...func(*config.Config)) (*apptest.Kit, *server.Server) {
	t.Helper()
	k := apptest.New(t, change...)
	s, err := server.New(server.Options{App: k.App, Routes: routes})
	if err != nil {
		t.Fatal(err)
	}
	return k, s
}

// ask sends a request and gives the answer.
func ask(s http.Handler, method, target string, change ...func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, nil)
	for _, f := range change {
		f(r)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func header(pairs ...string) func(*http.Request) {
	return func(r *http.Request) {
		for i := 0; i < len(pairs); i += 2 {
			r.Header.Set(pairs[i], pairs[i+1])
		}
	}
}

func cookie(secret string) func(*http.Request) {
	return func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "cadastro", Value: secret}) }
}

// TestGate: who gets through, and what the others are told.
func TestGate(t *testing.T) {
	t.Parallel()
	k, s := mounted(t, table())
	agent, manager := cookie(k.Session(auth.Agent)), cookie(k.Session(auth.Manager))
	bearer := func(secret string) func(*http.Request) { return header("Authorization", "Bearer "+secret) }
	runner, reader := bearer(k.Token(auth.Manager, auth.ScopeImport)), bearer(k.Token(auth.Manager, auth.ScopeRead))
	weak := bearer(k.Token(auth.Agent, auth.ScopeRead|auth.ScopeWrite))
	wrong := bearer(auth.TokenPrefix + strings.Repeat("A", 58))
	for _, tt := range []struct {
		name, method, path string
		with               []func(*http.Request)
		status             int
		want               string // in the body, or in Location
	}{
		{"public", "GET", "/public", nil, 200, "hello nobody"},
		{"public, signed in", "GET", "/public", []func(*http.Request){agent}, 200, "hello member"},
		{"static does not look", "GET", "/static", []func(*http.Request){agent}, 200, "hello nobody"},
		{"page, nobody", "GET", "/imports/7?tab=errors", nil, 303, "/sign-in?next=%2Fimports%2F7%3Ftab%3Derrors"},
		{"page, agent", "GET", "/imports/7", []func(*http.Request){agent}, 403, "administrador"},
		{"page, manager", "GET", "/imports/7", []func(*http.Request){manager}, 200, "hello member"},
		{"page, token", "GET", "/imports/7", []func(*http.Request){runner}, 303, "/sign-in?next=%2Fimports%2F7"},
		{"account, token", "GET", "/account", []func(*http.Request){runner}, 303, "/sign-in?next=%2Faccount"},
		{"account, agent", "GET", "/account", []func(*http.Request){agent}, 200, "hello member"},
		{"API, nobody", "GET", "/api/imports/7", nil, 401, "auth.signed_out"},
		{"API, agent", "GET", "/api/imports/7", []func(*http.Request){agent}, 403, "auth.forbidden"},
		{"API, session", "GET", "/api/imports/7", []func(*http.Request){manager}, 200, "hello member"},
		{"API, token", "GET", "/api/imports/7", []func(*http.Request){runner}, 200, "hello token"},
		{"API, token without scope", "GET", "/api/imports/7", []func(*http.Request){reader}, 403, "auth.forbidden"},
		{"API, token of a lesser role", "GET", "/api/imports/7", []func(*http.Request){weak}, 403, "auth.forbidden"},
		{"API, wrong token", "GET", "/api/imports/7", []func(*http.Request){wrong}, 401, "auth.token_bad"},
		{"API, wrong token beside a session", "GET", "/api/imports/7", []func(*http.Request){wrong, manager}, 401, "auth.token_bad"},
		{"API, another scheme", "GET", "/api/imports/7", []func(*http.Request){header("Authorization", "Basic YTpi")}, 401, "auth.token_bad"},
		{"API account, token", "GET", "/api/account", []func(*http.Request){runner}, 403, "auth.person_only"},
		{"ended session", "GET", "/imports/7", []func(*http.Request){cookie(strings.Repeat("x", 43))}, 303, "/sign-in?next=%2Fimports%2F7"},

		{"form from our page", "POST", "/imports/7", []func(*http.Request){manager, header("Sec-Fetch-Site", "same-origin")}, 200, "hello member"},
		{"form from another site", "POST", "/imports/7", []func(*http.Request){manager, header("Sec-Fetch-Site", "cross-site")}, 403, "outro site"},
		{"form from a neighbour", "POST", "/imports/7", []func(*http.Request){manager, header("Sec-Fetch-Site", "same-site")}, 403, "outro site"},
		{"older browser, another site", "POST", "/imports/7", []func(*http.Request){manager, header("Origin", "https://evil.example.com")}, 403, "outro site"},
		{"older browser, our page", "POST", "/imports/7", []func(*http.Request){manager, header("Origin", "http://example.com")}, 200, "hello member"},
		{"older browser, address of the settings", "POST", "/imports/7", []func(*http.Request){manager, header("Origin", k.URL)}, 200, "hello member"},
		{"sign-in from another site", "POST", "/public", []func(*http.Request){header("Sec-Fetch-Site", "cross-site")}, 403, "outro site"},
		{"API with a session from another site", "POST", "/api/imports/7", []func(*http.Request){manager, header("Sec-Fetch-Site", "cross-site")}, 403, "server.other_site"},
		{"API with a token from another site", "POST", "/api/imports/7", []func(*http.Request){runner, header("Sec-Fetch-Site", "cross-site")}, 200, "hello token"},
		{"API with a wrong token and a session from another site", "POST", "/api/imports/7", []func(*http.Request){manager, wrong, header("Sec-Fetch-Site", "cross-site")}, 403, "server.other_site"},

		{"script, nobody", "GET", "/imports/7", []func(*http.Request){header("HX-Request", "true", "HX-Current-URL", "http://example.com/contacts?q=a")}, 401, "/sign-in?next=%2Fcontacts%3Fq%3Da"},
		{"script, from elsewhere", "GET", "/imports/7", []func(*http.Request){header("HX-Request", "true", "HX-Current-URL", "http://evil.example.com/x")}, 401, "/sign-in"},
		{"form, nobody", "POST", "/imports/7", []func(*http.Request){header("Referer", "http://example.com/imports/7/review")}, 303, "/sign-in?next=%2Fimports%2F7%2Freview"},
		{"form, nobody, evil referer", "POST", "/imports/7", []func(*http.Request){header("Referer", "http://example.com//evil.example.com")}, 303, "/sign-in"},

		{"no such page", "GET", "/nothing", nil, 404, "Não há nada"},
		{"no such operation", "GET", "/api/nothing", nil, 404, "server.no_page"},
		{"method", "DELETE", "/imports/7", nil, 405, "DELETE"},
	} {
		w := ask(s, tt.method, "http://example.com"+tt.path, tt.with...)
		at := w.Body.String()
		switch {
		case w.Header().Get("Location") != "":
			at = w.Header().Get("Location")
		case w.Header().Get("HX-Redirect") != "":
			at = w.Header().Get("HX-Redirect")
		}
		if w.Code != tt.status || !strings.Contains(at, tt.want) {
			t.Errorf("%s: %d %q, want %d %q", tt.name, w.Code, at, tt.status, tt.want)
		}
		if strings.HasPrefix(at, "/sign-in") && strings.HasSuffix(tt.want, "/sign-in") && at != "/sign-in" {
			t.Errorf("%s: led on to %s", tt.name, at)
		}
		if strings.HasPrefix(tt.path, "/api/") && w.Code >= 400 {
			var p struct {
				Status      int
				Code, Title string
			}
			if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || p.Status != w.Code || p.Code == "" || strings.HasPrefix(p.Title, "[") ||
				w.Header().Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s: no problem: %s", tt.name, w.Body)
			}
			if (w.Code == 401) != (w.Header().Get("WWW-Authenticate") != "") {
				t.Errorf("%s: WWW-Authenticate: %q", tt.name, w.Header().Get("WWW-Authenticate"))
			}
		}
	}
	if w := ask(s, "GET", "/imports/7", cookie(strings.Repeat("x", 43))); len(w.Result().Cookies()) != 1 || w.Result().Cookies()[0].MaxAge != -1 {
		t.Error("the cookie of an ended session stays")
	}
	for path, want := range map[string]string{"/imports/7": "private, no-store", "/public": "private, no-store", "/static": ""} {
		if w := ask(s, "GET", path, manager); w.Header().Get("Cache-Control") != want {
			t.Errorf("%s: Cache-Control: %q, want %q", path, w.Header().Get("Cache-Control"), want)
		}
	}
	if w := ask(s, "DELETE", "/imports/7"); w.Header().Get("Allow") != "GET, HEAD, POST" {
		t.Errorf("Allow: %q", w.Header().Get("Allow"))
	}
	if w := ask(s, "GET", "/api/imports/7", header("Accept-Language", "es")); !strings.Contains(w.Body.String(), "Inicia sesión") {
		t.Errorf("not in the caller's language: %s", w.Body)
	}
}

// TestRefused: a table that leaves open who may take a route, or that has two for the same requests, is no server.
func TestRefused(t *testing.T) {
	t.Parallel()
	k := apptest.New(t)
	ok := route.Route{Method: "GET", Pattern: "/a/{x}", Access: route.Public(), Handler: http.HandlerFunc(greet)}
	for name, bad := range map[string]route.Route{
		"no access":  {Method: "GET", Pattern: "/b", Handler: http.HandlerFunc(greet)},
		"no handler": {Method: "GET", Pattern: "/b", Access: route.Public()},
		"twice":      {Method: "GET", Pattern: "/a/{y}", Access: route.Public(), Handler: http.HandlerFunc(greet)},
		"no pattern": {Method: "GET", Pattern: "b", Access: route.Public(), Handler: http.HandlerFunc(greet)},
		"ours":       {Method: "GET", Pattern: "/healthz", Access: route.Public(), Handler: http.HandlerFunc(greet)},
	} {
		if _, err := server.New(server.Options{App: k.App, Routes: []route.Route{ok, bad}}); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

// TestLimit: a token has its own limit, those without one have one by address, and both are told what is left.
func TestLimit(t *testing.T) {
	t.Parallel()
	k := apptest.New(t, func(c *config.Config) { c.Limit = config.Limit{API: 4, Address: 2} })
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	s, err := server.New(server.Options{App: k.App, Routes: table(), Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	one, two := k.Token(auth.Manager, auth.ScopeImport), k.Token(auth.Manager, auth.ScopeImport)
	with := func(secret string) *httptest.ResponseRecorder {
		return ask(s, "GET", "/api/imports/7", header("Authorization", "Bearer "+secret))
	}
	for i := range 4 {
		if w := with(one); w.Code != 200 || w.Header().Get("RateLimit-Policy") != `"default";q=4;w=60` || !strings.HasPrefix(w.Header().Get("RateLimit"), `"default";r=`+string(rune('3'-i))+";") {
			t.Fatalf("request %d: %d %v", i, w.Code, w.Header())
		}
	}
	w := with(one)
	if w.Code != 429 || w.Header().Get("Retry-After") != "15" || !strings.Contains(w.Body.String(), "server.too_often") {
		t.Errorf("over the limit: %d %v %s", w.Code, w.Header(), w.Body)
	}
	if w := with(two); w.Code != 200 {
		t.Errorf("another token: %d", w.Code)
	}
	for range 2 {
		if w := with("guessed"); w.Code != 401 {
			t.Errorf("a guess: %d", w.Code)
		}
	}
	if w := with("guessed"); w.Code != 429 {
		t.Errorf("the third guess: %d", w.Code)
	}
	if w := ask(s, "GET", "/imports/7"); w.Code != 303 {
		t.Errorf("a page is limited: %d", w.Code)
	}
	now = now.Add(15 * time.Second)
	if w := with(one); w.Code != 200 {
		t.Errorf("after the wait: %d", w.Code)
	}
}

// TestWritten: of a request the log has pattern, status and actor, and nothing that a person or a secret stands in; a panic is told to
// the log alone.
func TestWritten(t *testing.T) {
	t.Parallel()
	k := apptest.New(t)
	var out bytes.Buffer
	k.App.Log = slog.New(slog.NewJSONHandler(&out, nil))
	routes := append(table(),
		route.Route{Method: "GET", Pattern: "/panic", Access: route.Public(), Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("private detail") })},
		route.Route{Method: "GET", Pattern: "/api/panic", Access: route.Public(), API: true, Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("private detail") })},
	)
	s, err := server.New(server.Options{App: k.App, Routes: routes})
	if err != nil {
		t.Fatal(err)
	}
	ask(s, "GET", "/imports/secret-path?q=secret-query", cookie(k.Session(auth.Manager)), header("User-Agent", "secret-agent"))
	line := out.String()
	if strings.Contains(line, "secret") || !strings.Contains(line, `"pattern":"/imports/{id}"`) || !strings.Contains(line, `"status":200`) || !strings.Contains(line, `"actor":"member `) {
		t.Errorf("logged %s", line)
	}
	for _, path := range []string{"/panic", "/api/panic"} {
		out.Reset()
		w := ask(s, "GET", path)
		id := w.Header().Get("X-Request-Id")
		if w.Code != 500 || strings.Contains(w.Body.String(), "private") || id == "" || w.Header().Get("Content-Security-Policy") == "" {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
		if line := out.String(); !strings.Contains(line, "private detail") || strings.Count(line, id) != 2 || !strings.Contains(line, "gate_test.go") {
			t.Errorf("%s: logged %s", path, line)
		}
	}
	out.Reset()
	ask(s, "GET", "/healthz")
	if out.Len() > 0 {
		t.Errorf("health is logged: %s", &out)
	}
}
