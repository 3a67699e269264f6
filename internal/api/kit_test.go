package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"cadastro/internal/api"
	"cadastro/internal/app/apptest"
	"cadastro/internal/auth"
	"cadastro/internal/config"
)

// client asks the API of an app behind its real server, by a token.
type client struct {
	t     *testing.T
	kit   *apptest.Kit
	token string
	lang  string
}

// serve gives a client with a token of a manager with all scopes of one.
func serve(t *testing.T, k *apptest.Kit) *client {
	t.Helper()
	k.Serve(api.New(k.App).Routes(), nil)
	return as(t, k, auth.Manager)
}

func as(t *testing.T, k *apptest.Kit, role auth.Role) *client {
	t.Helper()
	return &client{t: t, kit: k, token: k.Token(role, role.Scopes()), lang: "en"}
}

// reply is an answer.
type reply struct {
	t      *testing.T
	what   string
	Status int
	Header http.Header
	Body   []byte
}

// request is an option of [client.do].
type request func(*http.Request)

func header(name, value string) request {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

func (c *client) do(method, path string, body any, change ...request) *reply {
	c.t.Helper()
	var from io.Reader
	kind := ""
	switch b := body.(type) {
	case nil:
	case string:
		from, kind = strings.NewReader(b), "text/csv"
	case []byte:
		from, kind = bytes.NewReader(b), "application/octet-stream"
	case io.Reader:
		from = b
	default:
		text, err := json.Marshal(b)
		if err != nil {
			c.t.Fatal(err)
		}
		from, kind = bytes.NewReader(text), "application/json"
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	c.t.Cleanup(cancel)
	if !strings.HasPrefix(path, "/api/") {
		path = api.Prefix + path
	}
	r, err := http.NewRequestWithContext(ctx, method, c.kit.URL+path, from)
	if err != nil {
		c.t.Fatal(err)
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	if c.lang != "" {
		r.Header.Set("Accept-Language", c.lang)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	for _, f := range change {
		f(r)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return &reply{c.t, method + " " + path, res.StatusCode, res.Header, text}
}

func (c *client) get(path string, change ...request) *reply {
	c.t.Helper()
	return c.do(http.MethodGet, path, nil, change...)
}

func (c *client) post(path string, body any, change ...request) *reply {
	c.t.Helper()
	return c.do(http.MethodPost, path, body, change...)
}

// want ends the test where the status is another one.
func (r *reply) want(status int) *reply {
	r.t.Helper()
	if r.Status != status {
		r.t.Fatalf("%s: status %d, want %d: %s", r.what, r.Status, status, r.Body)
	}
	return r
}

// into reads the body.
func (r *reply) into(v any) *reply {
	r.t.Helper()
	if err := json.Unmarshal(r.Body, v); err != nil {
		r.t.Fatalf("%s: %v in %s", r.what, err, r.Body)
	}
	return r
}

// problem reads a problem of a status and a code.
func (r *reply) problem(status int, code string) *api.Problem {
	r.t.Helper()
	r.want(status)
	if got := r.Header.Get("Content-Type"); got != "application/problem+json" {
		r.t.Errorf("%s: content type %q", r.what, got)
	}
	var p api.Problem
	r.into(&p)
	if p.Code != code || p.Status != status || p.Title == "" || p.Detail == "" {
		r.t.Fatalf("%s: problem %+v, want code %s", r.what, p, code)
	}
	return &p
}

// parsed reads the body as a T.
func parsed[T any](r *reply) T {
	r.t.Helper()
	var v T
	r.into(&v)
	return v
}

// form makes a form with fields and a file behind them.
func form(t *testing.T, fields map[string]string, name, content string) (io.Reader, request) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for k, v := range fields {
		if err := w.WriteField(k, v); err != nil {
			t.Fatal(err)
		}
	}
	if name != "" {
		p, err := w.CreateFormFile("file", name)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(p, content)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return &b, header("Content-Type", w.FormDataContentType())
}

// wait asks for an import until it is in one of the states.
func (c *client) wait(id int64, states ...string) *api.Import {
	c.t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for {
		imp := parsed[*api.Import](c.get(at("/imports", id)).want(200))
		sums(c.t, imp)
		for _, s := range states {
			if imp.State == s {
				return imp
			}
		}
		if imp.State == "failed" || time.Now().After(deadline) {
			c.t.Fatalf("import %d is %s: %+v", id, imp.State, imp.Error)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// sums checks the numbers of an import.
func sums(t *testing.T, i *api.Import) {
	t.Helper()
	if got := i.Imported + i.Updated + i.Skipped + i.Errors + i.Unprocessed; got != i.Rows {
		t.Errorf("import %d, %s: %d rows, but %d + %d + %d + %d + %d", i.ID, i.State, i.Rows, i.Imported, i.Updated, i.Skipped, i.Errors, i.Unprocessed)
	}
	if r := i.Review; r != nil && r.Imported+r.Updated+r.Skipped+r.Errors != r.Rows {
		t.Errorf("import %d, %s: review of %d rows: %+v", i.ID, i.State, r.Rows, r)
	}
}

// small bounds files to a size that a test can pass.
func small(c *config.Config) { c.Max.FileSize = 1 << 20 }
