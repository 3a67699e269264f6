package upload_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"cadastro/internal/db"
	"cadastro/internal/db/dbtest"
	"cadastro/internal/errs"
	"cadastro/internal/upload"
)

// tus speaks the protocol with a handler.
type tus struct {
	t   *testing.T
	mux *http.ServeMux
	ctx context.Context
}

func newTus(t *testing.T, w *world, ctx context.Context) *tus {
	h := &upload.Tus{Service: w.Service, Base: "/files", Imports: "/imports", Problem: func(rw http.ResponseWriter, _ *http.Request, status int, err error) {
		if status == 0 {
			status = map[errs.Kind]int{errs.Conflict: 409, errs.NotFound: 404, errs.TooLarge: 413, errs.Busy: 503}[errs.KindOf(err)]
		}
		if status == 0 {
			status = 400
		}
		http.Error(rw, errs.CodeOf(err), status)
	}}
	mux := http.NewServeMux()
	mux.HandleFunc("OPTIONS /files", h.Options)
	mux.HandleFunc("POST /files", h.Create)
	mux.HandleFunc("HEAD /files/{id}", h.Head)
	mux.HandleFunc("PATCH /files/{id}", h.Patch)
	mux.HandleFunc("DELETE /files/{id}", h.Delete)
	mux.HandleFunc("POST /files/{id}", h.Override)
	return &tus{t, mux, ctx}
}

func (c *tus) do(method, path, body string, headers ...string) *http.Response {
	c.t.Helper()
	r := httptest.NewRequest(method, path, bytes.NewReader([]byte(body))).WithContext(c.ctx)
	r.Header.Set("Tus-Resumable", "1.0.0")
	for i := 0; i < len(headers); i += 2 {
		if headers[i+1] == "-" {
			r.Header.Del(headers[i])
			continue
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	c.mux.ServeHTTP(w, r)
	res := w.Result()
	if res.Header.Get("Tus-Resumable") != "1.0.0" {
		c.t.Errorf("%s %s: no Tus-Resumable", method, path)
	}
	return res
}

func want(t *testing.T, what string, res *http.Response, status int, headers ...string) {
	t.Helper()
	body, _ := io.ReadAll(res.Body)
	if res.StatusCode != status {
		t.Fatalf("%s: %d, want %d: %s", what, res.StatusCode, status, body)
	}
	for i := 0; i < len(headers); i += 2 {
		if got := res.Header.Get(headers[i]); got != headers[i+1] {
			t.Errorf("%s: %s = %q, want %q", what, headers[i], got, headers[i+1])
		}
	}
}

const chunk = "application/offset+octet-stream"

// TestTus: the protocol's text, sentence by sentence (tus.io/protocols/resumable-upload).
func TestTus(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, upload.Config{MaxSize: 1000})
		c := newTus(t, w, as(1, 7))
		b64 := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

		want(t, "OPTIONS", c.do("OPTIONS", "/files", "", "Tus-Resumable", "-"), 204, "Tus-Version", "1.0.0", "Tus-Max-Size", "1000",
			"Tus-Extension", "creation,creation-with-upload,expiration,checksum,termination", "Tus-Checksum-Algorithm", "sha1,sha256")
		want(t, "no version", c.do("POST", "/files", "", "Tus-Resumable", "-", "Upload-Length", "5"), 412, "Tus-Version", "1.0.0")
		want(t, "other version", c.do("POST", "/files", "", "Tus-Resumable", "0.2.2", "Upload-Length", "5"), 412)
		want(t, "no length", c.do("POST", "/files", ""), 400)
		want(t, "negative length", c.do("POST", "/files", "", "Upload-Length", "-1"), 400)
		want(t, "too long", c.do("POST", "/files", "", "Upload-Length", "1001"), 413)
		want(t, "bad metadata", c.do("POST", "/files", "", "Upload-Length", "5", "Upload-Metadata", "filename !!!"), 400)

		meta := "filename " + b64("relação 2026.csv") + ",is_confidential"
		res := c.do("POST", "/files", "", "Upload-Length", "11", "Upload-Metadata", meta)
		want(t, "create", res, 201, "Upload-Offset", "0")
		url := res.Header.Get("Location")
		if !strings.HasPrefix(url, "/files/") || res.Header.Get("Upload-Expires") == "" {
			t.Fatal(res.Header)
		}
		if _, err := http.ParseTime(res.Header.Get("Upload-Expires")); err != nil {
			t.Error(err)
		}
		want(t, "HEAD", c.do("HEAD", url, ""), 200, "Upload-Offset", "0", "Upload-Length", "11", "Cache-Control", "no-store", "Upload-Metadata", meta)
		want(t, "HEAD of none", c.do("HEAD", "/files/00000000000000000000000000000000", ""), 404, "Upload-Offset", "")

		want(t, "other type", c.do("PATCH", url, "hello", "Upload-Offset", "0", "Content-Type", "text/plain"), 415)
		want(t, "other offset", c.do("PATCH", url, "hello", "Upload-Offset", "3", "Content-Type", chunk), 409)
		want(t, "no offset", c.do("PATCH", url, "hello", "Content-Type", chunk), 400)
		want(t, "bad checksum", c.do("PATCH", url, "hello", "Upload-Offset", "0", "Content-Type", chunk, "Upload-Checksum", "sha1 "+b64(strings.Repeat("x", 20))), 460)
		want(t, "unknown checksum", c.do("PATCH", url, "hello", "Upload-Offset", "0", "Content-Type", chunk, "Upload-Checksum", "crc32 AAAA"), 400)
		want(t, "nothing counted", c.do("HEAD", url, ""), 200, "Upload-Offset", "0")
		// sha1("hello ")
		want(t, "checksum", c.do("PATCH", url, "hello ", "Upload-Offset", "0", "Content-Type", chunk, "Upload-Checksum", "sha1 xNhxrROtAP3pp7t/9+0lQ67FQkE="), 204, "Upload-Offset", "6")
		want(t, "beyond", c.do("PATCH", url, "world and more", "Upload-Offset", "6", "Content-Type", chunk), 413)
		want(t, "override", c.do("POST", url, "wo", "Upload-Offset", "6", "Content-Type", chunk, "X-HTTP-Method-Override", "PATCH"), 204, "Upload-Offset", "8")
		res = c.do("PATCH", url, "rld", "Upload-Offset", "8", "Content-Type", chunk)
		want(t, "last", res, 204, "Upload-Offset", "11", "Import-Id", "1", "Location", "/imports/1")
		if w.files[1] != "hello world" || w.names[1] != "relação 2026.csv" {
			t.Errorf("%q %q", w.names[1], w.files[1])
		}
		want(t, "HEAD behind the end", c.do("HEAD", url, ""), 200, "Upload-Offset", "11", "Upload-Length", "11", "Import-Id", "1")
		want(t, "nothing more", c.do("PATCH", url, "", "Upload-Offset", "11", "Content-Type", chunk), 204, "Upload-Offset", "11", "Import-Id", "1")

		res = c.do("POST", "/files", "abc", "Upload-Length", "3", "Content-Type", chunk, "Upload-Metadata", "filename "+b64("b.csv"))
		want(t, "creation with upload", res, 201, "Upload-Offset", "3", "Import-Id", "2")
		if !strings.HasPrefix(res.Header.Get("Location"), "/files/") {
			t.Error(res.Header)
		}
		want(t, "empty file", c.do("POST", "/files", "", "Upload-Length", "0"), 201, "Import-Id", "3")

		res = c.do("POST", "/files", "", "Upload-Length", "9")
		url = res.Header.Get("Location")
		want(t, "some", c.do("PATCH", url, "abc", "Upload-Offset", "0", "Content-Type", chunk), 204, "Upload-Offset", "3")
		want(t, "not mine", newTus(t, w, as(1, 8)).do("HEAD", url, ""), 404)
		want(t, "not mine", newTus(t, w, as(2, 7)).do("PATCH", url, "x", "Upload-Offset", "3", "Content-Type", chunk), 404)
		want(t, "DELETE", c.do("DELETE", url, ""), 204)
		want(t, "gone", c.do("HEAD", url, ""), 404)
		want(t, "gone", c.do("PATCH", url, "x", "Upload-Offset", "3", "Content-Type", chunk), 404)
		if left := w.blobsLeft(); len(left) != 0 {
			t.Errorf("left %v", left)
		}
	})
}

// TestBrokenConnection: a real connection that dies in the middle of a part; the client goes on where HEAD says.
func TestBrokenConnection(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t), upload.Config{PartSize: 1 << 20})
	c := newTus(t, w, as(1, 7))
	srv := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		c.mux.ServeHTTP(rw, r.WithContext(mergeContext(c.ctx, r.Context())))
	}))
	t.Cleanup(srv.Close)
	content := bytes.Repeat([]byte("0123456789abcdef"), 20_000)
	send := func(method, url string, body io.Reader, length int64, offset int64) (*http.Response, error) {
		r, err := http.NewRequest(method, url, body)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Tus-Resumable", "1.0.0")
		r.ContentLength = length
		if method == http.MethodPatch {
			r.Header.Set("Content-Type", chunk)
			r.Header.Set("Upload-Offset", strconv.FormatInt(offset, 10))
		}
		if method == http.MethodPost {
			r.Header.Set("Upload-Length", strconv.Itoa(len(content)))
		}
		res, err := http.DefaultClient.Do(r)
		if err == nil {
			res.Body.Close()
		}
		return res, err
	}
	res, err := send(http.MethodPost, srv.URL+"/files", nil, 0, 0)
	if err != nil || res.StatusCode != 201 {
		t.Fatal(res, err)
	}
	url := srv.URL + res.Header.Get("Location")
	// The body breaks after 100,000 bytes of what was announced: net/http then closes the connection.
	if _, err := send(http.MethodPatch, url, io.MultiReader(bytes.NewReader(content[:100_000]), errReader{errors.New("the cable")}), int64(len(content)), 0); err == nil {
		t.Fatal("the request went through")
	}
	offset := int64(-1)
	for offset != 100_000 { // the server notices in its own time
		if res, err = send(http.MethodHead, url, nil, 0, 0); err != nil || res.StatusCode != 200 {
			t.Fatal(res, err)
		}
		if offset, err = strconv.ParseInt(res.Header.Get("Upload-Offset"), 10, 64); err != nil || offset > 100_000 {
			t.Fatal(offset, err)
		}
	}
	if res, err = send(http.MethodPatch, url, bytes.NewReader(content[offset:]), int64(len(content))-offset, offset); err != nil || res.StatusCode != 204 {
		t.Fatal(res, err)
	}
	if w.files[1] != string(content) {
		t.Errorf("%d bytes of %d", len(w.files[1]), len(content))
	}
}

// mergeContext has the values of one context and the end of another.
func mergeContext(values, end context.Context) context.Context { return merged{end, values} }

type merged struct {
	context.Context
	values context.Context
}

func (m merged) Value(key any) any {
	if v := m.values.Value(key); v != nil {
		return v
	}
	return m.Context.Value(key)
}
