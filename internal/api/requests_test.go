package api_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"cadastro/internal/api"
	"cadastro/internal/app/apptest"
	"cadastro/internal/auth"
	"cadastro/internal/config"
)

// TestProblems: what is wrong is told with a stable code, in the caller's language, with its place.
func TestProblems(t *testing.T) {
	t.Parallel()
	k := apptest.New(t, small)
	c := serve(t, k)
	for lang, want := range map[string]string{"en": "There is no import 99", "pt-BR": "99", "es-MX, en;q=0.2": "99", "fr": "99"} {
		c.lang = lang
		r := c.get("/imports/99")
		if p := r.problem(404, "import.not_found"); !strings.Contains(p.Detail, want) {
			t.Errorf("%s: %q", lang, p.Detail)
		}
		if got := r.Header.Get("Content-Language"); got != map[string]string{"en": "en", "pt-BR": "pt-BR", "es-MX, en;q=0.2": "es", "fr": "pt-BR"}[lang] {
			t.Errorf("%s: answered in %s", lang, got)
		}
	}
	c.lang = "en"

	if p := c.get("/imports/abc").problem(422, "api.invalid"); len(p.Errors) != 1 || p.Errors[0].Location != "path.id" || p.Errors[0].Code != "api.fault.integer" {
		t.Errorf("%+v", p)
	}
	if p := c.get("/imports?limit=1000").problem(422, "api.invalid"); p.Errors[0].Location != "query.limit" || p.Errors[0].Code != "api.fault.most" || !strings.Contains(p.Errors[0].Detail, "200") {
		t.Errorf("%+v", p)
	}
	if p := c.get("/imports?lmit=10").problem(422, "api.invalid"); p.Errors[0].Location != "query.lmit" || p.Errors[0].Code != "api.fault.unknown" {
		t.Errorf("%+v", p)
	}
	if p := c.get("/imports?after=zzz").problem(422, "api.cursor"); p.Errors[0].Location != "query.after" {
		t.Errorf("%+v", p)
	}
	if p := c.post("/imports/from-url", map[string]any{"name": 5}).problem(422, "api.invalid"); len(p.Errors) != 2 {
		t.Errorf("%+v", p.Errors)
	}
	c.post("/imports/from-url", "{", header("Content-Type", "application/json")).problem(400, "api.not_json")
	c.post("/imports/from-url", "a=b", header("Content-Type", "application/x-www-form-urlencoded")).problem(415, "api.media_type")
	c.post("/imports", nil).problem(422, "api.no_body")
	c.post("/imports?name=a.csv", strings.Repeat("x", 2<<20)).problem(413, "file.too_large")
	c.do(http.MethodPut, "/imports", nil).want(405)
	c.get("/nowhere").want(404)

	imp := parsed[*api.Import](c.post("/imports?name=a.csv", people).want(201))
	review := at("/imports", imp.ID, "/review")
	if p := c.post(review, map[string]any{"columns": []any{map[string]any{"header": "Não há"}}}).problem(422, "api.column_unknown"); p.Errors[0].Location != "body.columns[0]" {
		t.Errorf("%+v", p)
	}
	if p := c.post(review, map[string]any{"columns": []any{map[string]any{"column": 0, "field": "custom.999"}}}).problem(422, "api.field_unknown"); p.Errors[0].Location != "body.columns[0].field" {
		t.Errorf("%+v", p)
	}
	if p := c.post(review, map[string]any{"purpose": "destroy"}).problem(422, "api.invalid"); p.Errors[0].Location != "body.purpose" || p.Errors[0].Code != "api.fault.one_of" {
		t.Errorf("%+v", p)
	}
	if p := c.post(review, map[string]any{"dialect": map[string]any{"charset": "klingon"}}).problem(422, "api.charset"); p.Errors[0].Location != "body.dialect.charset" {
		t.Errorf("%+v", p)
	}
	c.post(review, map[string]any{"identifier": "tax_id"}).want(422)
	c.get(at("/imports", imp.ID, "/rows")).problem(409, "api.not_reviewed")
	c.get(at("/imports", imp.ID, "/result")).problem(404, "import.no_result")
	c.post(at("/imports", imp.ID, "/start"), nil).problem(409, "import.state")
}

// TestAccess: who may not do a thing is told so, and is told nothing else.
func TestAccess(t *testing.T) {
	t.Parallel()
	k := apptest.New(t)
	c := serve(t, k)
	imp := parsed[*api.Import](c.post("/imports?name=a.csv", people).want(201))
	nobody := &client{t: t, kit: k, lang: "en"}
	nobody.get("/imports").problem(401, "auth.signed_out")
	nobody.get("/imports/abc?x=y").problem(401, "auth.signed_out")
	agent := as(t, k, auth.Agent)
	agent.get("/imports").problem(403, "auth.forbidden")
	agent.post("/imports?name=a.csv", people).problem(403, "auth.forbidden")
	reader := &client{t: t, kit: k, token: k.Token(auth.Manager, auth.ScopeRead), lang: "en"}
	reader.get("/imports").problem(403, "auth.forbidden")
	if me := parsed[api.Me](reader.get("/me").want(200)); me.Kind != "token" || me.Role != "manager" || me.Scopes != "read" || me.Workspace != k.Workspace {
		t.Errorf("%+v", me)
	}
	other := as(t, k.Other(), auth.Admin)
	for _, path := range []string{"", "/inspection", "/causes", "/rows", "/result", "/errors", "/undo", "/events"} {
		other.get(at("/imports", imp.ID, path)).problem(404, "import.not_found")
	}
	if list := parsed[api.Page[*api.Import]](other.get("/imports").want(200)); len(list.Items) != 0 {
		t.Errorf("%+v", list)
	}
	browser := &client{t: t, kit: k, lang: "en"}
	session := func(r *http.Request) { k.SignIn(r, auth.Manager) }
	browser.get("/imports", session).want(200)
	browser.post("/imports?name=a.csv", people, session, header("Sec-Fetch-Site", "cross-site"), header("Origin", "https://evil.example")).want(403)
}

// TestForms: a form with its file last, as pages and curl send it.
func TestForms(t *testing.T) {
	t.Parallel()
	c := serve(t, apptest.New(t, small))
	body, kind := form(t, map[string]string{"anything": "x"}, "clientes julho.csv", people)
	imp := parsed[*api.Import](c.post("/imports", body, kind).want(201))
	if imp.File.Name != "clientes julho.csv" || imp.File.Bytes != int64(len(people)) {
		t.Errorf("%+v", imp.File)
	}
	body, kind = form(t, nil, "", "")
	c.post("/imports", body, kind).problem(422, "upload.no_file")
	body, kind = form(t, nil, "big.csv", strings.Repeat("x", 2<<20))
	c.post("/imports", body, kind).problem(413, "file.too_large")
	named := parsed[*api.Import](c.post("/imports", people, header("Content-Disposition", `attachment; filename="lista.csv"`)).want(201))
	if named.File.Name != "lista.csv" {
		t.Errorf("%+v", named.File)
	}
}

// TestJSONRows: rows of JSON are a file as any other.
func TestJSONRows(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, k *apptest.Kit) {
		c := serve(t, k)
		rows := []map[string]any{{"name": "Ana Prado", "phone": "+5511987654321", "address": map[string]any{"city": "Recife"}}, {"name": "Beto Lima", "phone": "+5521998765432", "tags": []string{"a", "b"}}}
		imp := parsed[*api.Import](c.post("/imports", rows).want(201))
		c.post(at("/imports", imp.ID, "/review"), nil).want(202)
		if imp = c.wait(imp.ID, "review"); imp.Rows != 2 || imp.Review.Imported != 2 || imp.File.Name != "rows.json" {
			t.Fatalf("%+v %+v", imp, imp.Review)
		}
		lines := "{\"name\":\"Caio\",\"phone\":\"+5531998765432\"}\n{\"name\":\"Davi\",\"phone\":\"+5531998765433\"}\n{\"name\":\"Eva\",\"phone\":\"+5531998765434\"}\n"
		imp = parsed[*api.Import](c.post("/imports", lines, header("Content-Type", "application/x-ndjson")).want(201))
		c.post(at("/imports", imp.ID, "/review"), map[string]any{}).want(202)
		if imp = c.wait(imp.ID, "review"); imp.Rows != 3 || imp.File.Name != "rows.ndjson" {
			t.Fatalf("%+v", imp)
		}
	})
}

// TestHostileNames: what a client calls its file or its columns is text everywhere.
func TestHostileNames(t *testing.T) {
	t.Parallel()
	c := serve(t, apptest.New(t))
	const script = "<script>alert(1)</script>"
	file := "Nome;\"" + script + "\";\u202eenofeleT;=cmd|' /C calc'!A1\nAna;" + script + ";(11) 98765-4321;=1+1\n"
	for given, want := range map[string]string{"..%2F..%2Fetc%2Fpasswd": "passwd", "a%0D%0ASet-Cookie:%20x=1.csv": "a Set-Cookie: x=1.csv", "%E2%80%AEvsc.exe": "vsc.exe", "%3Cimg%20src=x%3E.csv": "<img src=x>.csv"} {
		r := c.post("/imports?name="+given, file).want(201)
		imp := parsed[*api.Import](r)
		if imp.File.Name != want {
			t.Errorf("%s: %q, want %q", given, imp.File.Name, want)
		}
		if strings.Contains(string(r.Body), "<img") || r.Header.Get("X-Content-Type-Options") != "nosniff" || r.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s: %v %s", given, r.Header, r.Body)
		}
	}
	imp := parsed[*api.Import](c.post("/imports?name=x.csv", file).want(201))
	r := c.get(at("/imports", imp.ID, "/inspection")).want(200)
	if strings.Contains(string(r.Body), "<script") {
		t.Error("a script stands in JSON as it is")
	}
	if in := parsed[api.Inspection](r); in.Columns[1].Header != script {
		t.Errorf("%q", in.Columns[1].Header)
	}
	c.post(at("/imports", imp.ID, "/review"), map[string]any{"columns": []any{map[string]any{"column": 2, "field": "phone"}}}).want(202)
	c.wait(imp.ID, "review")
	c.post(at("/imports", imp.ID, "/start"), nil).want(202)
	c.wait(imp.ID, "done")
	res := c.get(at("/imports", imp.ID, "/result")).want(200)
	for _, line := range strings.Split(string(res.Body), "\n") {
		for _, cell := range strings.Split(line, ",") {
			if strings.HasPrefix(strings.Trim(cell, `"`), "=") {
				t.Errorf("a formula in %q", line)
			}
		}
	}
	if !strings.HasPrefix(res.Header.Get("Content-Disposition"), "attachment") {
		t.Error(res.Header)
	}
}

// TestFromURL: a file on another server, and no way into our own network.
func TestFromURL(t *testing.T) {
	t.Parallel()
	k := apptest.New(t, small)
	c := serve(t, k)
	for _, u := range []string{k.URL + "/x.csv", "http://127.0.0.1/x.csv", "http://[::1]/", "http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "http://0x7f000001/", "http://localhost/x"} {
		p := c.post("/imports/from-url", map[string]any{"url": u})
		if p.Status != 422 && p.Status != 503 {
			t.Errorf("%s: %d %s", u, p.Status, p.Body)
		}
	}
	for u, code := range map[string]string{"ftp://example.com/x": "url.scheme", "http://u:p@example.com/x": "url.userinfo", "http://10.0.0.1/": "url.private", "http://example.com:22/": "url.port", "not a url": "url.scheme"} {
		if p := c.post("/imports/from-url", map[string]any{"url": u}).problem(422, code); p.Errors[0].Location != "body.url" {
			t.Errorf("%+v", p)
		}
	}
}

// TestFromURLAllowed: the network that the administrator opened is asked, and its answers are bounded.
func TestFromURLAllowed(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/named":
			w.Header().Set("Content-Disposition", `attachment; filename="../clientes.csv"`)
			io.WriteString(w, people)
		case "/dir/lista.csv":
			io.WriteString(w, people)
		case "/big":
			io.WriteString(w, strings.Repeat("x", 2<<20))
		case "/away":
			http.Redirect(w, r, "http://192.168.0.1/", http.StatusFound)
		default:
			http.NotFound(w, r)
		}
	})}
	go srv.Serve(l)
	t.Cleanup(func() { srv.Close() })
	k := apptest.New(t, small, func(c *config.Config) {
		c.Outgoing.Allow, c.Outgoing.Ports = []config.Network{config.Network(netip.MustParsePrefix("127.0.0.1/32"))}, []int{l.Addr().(*net.TCPAddr).Port, 80}
	})
	c := serve(t, k)
	base := "http://" + l.Addr().String()
	for path, name := range map[string]string{"/named": "clientes.csv", "/dir/lista.csv": "lista.csv"} {
		imp := parsed[*api.Import](c.post("/imports/from-url", map[string]any{"url": base + path}).want(201))
		if imp.File.Name != name || imp.File.Bytes != int64(len(people)) {
			t.Errorf("%+v", imp.File)
		}
	}
	c.post("/imports/from-url", map[string]any{"url": base + "/none"}).problem(422, "url.status")
	c.post("/imports/from-url", map[string]any{"url": base + "/big"}).problem(413, "url.too_large")
	c.post("/imports/from-url", map[string]any{"url": base + "/away"}).problem(422, "url.private")
}

// TestIdempotency: a request that comes again is done once, and answered as before.
func TestIdempotency(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, k *apptest.Kit) {
		c := serve(t, k)
		key := func(s string) request { return header("Idempotency-Key", s) }
		count := func() int { return len(parsed[api.Page[*api.Import]](c.get("/imports").want(200)).Items) }

		first := c.post("/imports?name=a.csv", people, key("one")).want(201)
		again := c.post("/imports?name=a.csv", people, key("one")).want(201)
		if string(first.Body) != string(again.Body) || again.Header.Get("Idempotency-Replayed") != "true" || again.Header.Get("Location") != first.Header.Get("Location") || first.Header.Get("Idempotency-Replayed") != "" {
			t.Errorf("%v %s\n%v %s", first.Header, first.Body, again.Header, again.Body)
		}
		c.post("/imports?name=a.csv", people+"x", key("one")).problem(422, "api.idempotency_other")
		c.post("/imports?name=b.csv", people, key("one")).problem(422, "api.idempotency_other")
		if n := count(); n != 1 {
			t.Fatalf("%d imports", n)
		}
		c.post("/imports?name=a.csv", people, key(strings.Repeat("x", 300))).problem(422, "api.idempotency_key")

		// A form has another border each time.
		for range 2 {
			body, kind := form(t, map[string]string{"a": "b"}, "form.csv", people)
			c.post("/imports", body, kind, key("form")).want(201)
		}
		body, kind := form(t, map[string]string{"a": "c"}, "form.csv", people)
		c.post("/imports", body, kind, key("form")).problem(422, "api.idempotency_other")
		if n := count(); n != 2 {
			t.Fatalf("%d imports", n)
		}

		// What was refused may come again, put right.
		c.post("/imports/from-upload", map[string]any{"upload": strings.Repeat("0", 32)}, key("two")).problem(404, "upload.not_found")
		c.post("/imports?name=c.csv", people, key("two")).want(201)

		// Another caller's key is another key.
		as(t, k, auth.Manager).post("/imports?name=d.csv", people, key("one")).want(201)
		if n := count(); n != 4 {
			t.Fatalf("%d imports", n)
		}

		// At the same time: one is done, the others hear of it or are told to wait.
		var wg sync.WaitGroup
		statuses := make(chan int, 8)
		for range 8 {
			wg.Go(func() {
				r := c.post("/imports?name=e.csv", people, key("many"))
				if r.Status != 201 {
					r.problem(409, "api.idempotency_running")
				}
				statuses <- r.Status
			})
		}
		wg.Wait()
		close(statuses)
		done := 0
		for s := range statuses {
			if s == 201 {
				done++
			}
		}
		if n := count(); n != 5 || done == 0 {
			t.Fatalf("%d imports, %d answered", n, done)
		}

		imp := parsed[*api.Import](first)
		c.post(at("/imports", imp.ID, "/review"), map[string]any{}, key("review")).want(202)
		c.wait(imp.ID, "review")
		c.post(at("/imports", imp.ID, "/start"), map[string]any{}, key("start")).want(202)
		c.wait(imp.ID, "done")
		if again := c.post(at("/imports", imp.ID, "/start"), map[string]any{}, key("start")).want(202); again.Header.Get("Idempotency-Replayed") != "true" {
			t.Error("started again")
		}
	})
}

// TestPaging: a list is gone through by its own addresses.
func TestPaging(t *testing.T) {
	t.Parallel()
	c := serve(t, apptest.New(t))
	for i := range 5 {
		c.post(fmt.Sprintf("/imports?name=%d.csv", i), people).want(201)
	}
	var seen []int64
	next := "/imports?limit=2"
	for next != "" {
		r := c.get(next).want(200)
		page := parsed[api.Page[*api.Import]](r)
		for _, i := range page.Items {
			seen = append(seen, i.ID)
		}
		link, ok := strings.CutSuffix(r.Header.Get("Link"), `>; rel="next"`)
		if (page.Next != "") != ok {
			t.Fatalf("%q %q", page.Next, link)
		}
		next = strings.TrimPrefix(strings.TrimPrefix(link, "<"), api.Prefix)
	}
	if len(seen) != 5 || seen[0] <= seen[4] {
		t.Errorf("%v", seen)
	}
}

// TestDocuments: the description is JSON and YAML, the page needs nothing from elsewhere and runs nothing.
func TestDocuments(t *testing.T) {
	t.Parallel()
	k := apptest.New(t)
	serve(t, k)
	c := &client{t: t, kit: k}
	var doc map[string]any
	if err := json.Unmarshal(c.get("/api/openapi.json").want(200).Body, &doc); err != nil || doc["openapi"] != "3.1.0" {
		t.Fatal(err, doc["openapi"])
	}
	if got := string(c.get("/api/openapi.yaml").want(200).Body); !strings.Contains(got, "openapi: 3.1.0") {
		t.Error(got[:100])
	}
	r := c.get("/api/docs").want(200)
	page := string(r.Body)
	for _, no := range []string{"<script", "style=", "onclick", "http://", "https://"} {
		if strings.Contains(page, no) {
			t.Errorf("the docs have %q", no)
		}
	}
	for _, yes := range []string{"/api/v1/imports/{id}/review", `id="schema-Import"`, "imports.run"} {
		if !strings.Contains(page, yes) {
			t.Errorf("the docs lack %q", yes)
		}
	}
	if got := r.Header.Get("Content-Security-Policy"); !strings.Contains(got, "default-src 'self'") {
		t.Errorf("CSP %q", got)
	}
	if got := c.get("/api/docs.css").want(200).Header.Get("Content-Type"); got != "text/css; charset=utf-8" {
		t.Error(got)
	}
}
