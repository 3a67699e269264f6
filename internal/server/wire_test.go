package server_test

import (
	"bufio"
	"compress/gzip"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"cadastro/internal/app/apptest"
	"cadastro/internal/auth"
	"cadastro/internal/config"
	"cadastro/internal/server"
	"cadastro/internal/server/request"
	"cadastro/internal/server/route"
)

// do sends a request over the network; the caller need not close the body.
func do(t *testing.T, method, url string, body io.Reader, headers ...string) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{DisableCompression: true}}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { res.Body.Close() })
	return res
}

func text(t *testing.T, r io.Reader) string {
	t.Helper()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestAnswers: headers of safety on every answer; what can be compressed is, and events come one by one.
func TestAnswers(t *testing.T) {
	t.Parallel()
	k := apptest.New(t, func(c *config.Config) {
		var loopback config.Network
		if err := loopback.UnmarshalText([]byte("127.0.0.1")); err != nil {
			t.Error(err)
		}
		c.TrustedProxies = []config.Network{loopback}
	})
	long := strings.Repeat("uma linha de texto ", 500)
	next := make(chan struct{})
	typed := func(kind, body string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", kind)
			io.WriteString(w, body)
		})
	}
	k.Serve([]route.Route{
		{Method: "GET", Pattern: "/long", Access: route.Public(), Handler: typed("text/html; charset=utf-8", long)},
		{Method: "GET", Pattern: "/short", Access: route.Public(), Handler: typed("text/html", "short")},
		{Method: "GET", Pattern: "/workbook", Access: route.Public(), Handler: typed("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", long)},
		{Method: "GET", Pattern: "/client", Access: route.Public(), Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, request.Client(r).IP, " ", request.Of(r.Context()).Secure, " ", request.Of(r.Context()).ID)
		})},
		{Method: "GET", Pattern: "/cut", Access: route.Public(), Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, strings.Repeat("x", 100_000))
			panic("after the beginning")
		})},
		{Method: "GET", Pattern: "/events", Access: route.Public(), Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/event-stream")
			for i := range 3 {
				fmt.Fprintf(w, "data: %d\n\n", i)
				w.(http.Flusher).Flush()
				<-next
			}
		})},
	}, nil)

	res := do(t, "GET", k.URL+"/long", nil, "Accept-Encoding", "gzip")
	z, err := gzip.NewReader(res.Body)
	if err != nil {
		t.Fatal(err, res.Header)
	}
	if got := text(t, z); got != long || res.Header.Get("Content-Encoding") != "gzip" || !strings.Contains(res.Header.Get("Vary"), "Accept-Encoding") {
		t.Errorf("compressed: %d bytes, %v", len(got), res.Header)
	}
	for path, with := range map[string]string{"/short": "gzip", "/workbook": "gzip", "/long": "identity"} {
		if res := do(t, "GET", k.URL+path, nil, "Accept-Encoding", with); res.Header.Get("Content-Encoding") != "" {
			t.Errorf("%s, %s: %v", path, with, res.Header)
		}
	}
	for _, path := range []string{"/long", "/nothing", "/healthz"} {
		h := do(t, "GET", k.URL+path, nil).Header
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
			"X-Content-Type-Options":  "nosniff", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin", "Strict-Transport-Security": "",
		} {
			if h.Get(name) != want {
				t.Errorf("%s: %s: %q, want %q", path, name, h.Get(name), want)
			}
		}
		if h.Get("Permissions-Policy") == "" || len(h.Get("X-Request-Id")) != 16 {
			t.Errorf("%s: %v", path, h)
		}
	}
	res = do(t, "GET", k.URL+"/client", nil, "X-Forwarded-For", "198.51.100.7", "X-Forwarded-Proto", "https", "X-Request-Id", "proxy-gave-this")
	if got := text(t, res.Body); got != "198.51.100.7 true proxy-gave-this" || res.Header.Get("Strict-Transport-Security") == "" {
		t.Errorf("behind a proxy: %q %v", got, res.Header)
	}
	res = do(t, "GET", k.URL+"/cut", nil)
	if b, err := io.ReadAll(res.Body); err == nil {
		t.Errorf("an answer that was cut looks whole: %d bytes", len(b))
	}
	res = do(t, "GET", k.URL+"/events", nil, "Accept-Encoding", "gzip")
	lines := bufio.NewScanner(res.Body)
	for i := range 3 {
		if !lines.Scan() || lines.Text() != fmt.Sprintf("data: %d", i) || !lines.Scan() {
			t.Fatalf("event %d: %q", i, lines.Text())
		}
		next <- struct{}{}
	}
}

// TestBodies: a body over its route's bound is refused, whether it says its length or not; an upload is its handler's to bound.
func TestBodies(t *testing.T) {
	t.Parallel()
	k := apptest.New(t)
	count := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, err := io.Copy(io.Discard, r.Body)
		if _, over := errors.AsType[*http.MaxBytesError](err); over {
			w.WriteHeader(http.StatusRequestEntityTooLarge)
		}
		fmt.Fprint(w, n)
	})
	k.Serve([]route.Route{
		{Method: "POST", Pattern: "/form", Access: route.Public(), Handler: count},
		{Method: "POST", Pattern: "/api/small", Access: route.Public(), Handler: count, MaxBody: 10, API: true},
		{Method: "POST", Pattern: "/upload", Access: route.Public(), Handler: count, MaxBody: -1},
		{Method: "POST", Pattern: "/guarded", Access: route.Needs(auth.ImportsRun), Handler: count, MaxBody: -1},
	}, nil)
	unsaid := func(n int64) io.Reader { return struct{ io.Reader }{io.LimitReader(rand.Reader, n)} }
	for _, tt := range []struct {
		path   string
		body   io.Reader
		status int
		want   string
	}{
		{"/form", strings.NewReader(strings.Repeat("x", route.DefaultBody)), 200, "1048576"},
		{"/form", strings.NewReader(strings.Repeat("x", route.DefaultBody+1)), 413, "1 MiB"},
		{"/form", unsaid(route.DefaultBody + 1), 413, "1048576"},
		{"/api/small", strings.NewReader("0123456789"), 200, "10"},
		{"/api/small", strings.NewReader("0123456789a"), 413, "server.body_too_large"},
		{"/upload", unsaid(3 << 20), 200, "3145728"},
		{"/form", nil, 200, "0"},
	} {
		res := do(t, "POST", k.URL+tt.path, tt.body)
		if got := text(t, res.Body); res.StatusCode != tt.status || !strings.Contains(got, tt.want) {
			t.Errorf("%s: %d %q, want %d %q", tt.path, res.StatusCode, got, tt.status, tt.want)
		}
	}
	if res := do(t, "POST", k.URL+"/guarded", strings.NewReader("x")); res.StatusCode != http.StatusSeeOther {
		t.Errorf("an upload of nobody: %d", res.StatusCode)
	}
}

// TestStop: at the end requests under way are answered, answers that go on and on are told, new ones find nobody, and readiness says no.
func TestStop(t *testing.T) {
	t.Parallel()
	k := apptest.New(t)
	var s *server.Server
	inside, goOn := make(chan struct{}), make(chan struct{})
	routes := []route.Route{
		{Method: "GET", Pattern: "/slow", Access: route.Public(), Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			close(inside)
			<-goOn
			io.WriteString(w, "whole")
		})},
		{Method: "GET", Pattern: "/events", Access: route.Public(), Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.(http.Flusher).Flush()
			select {
			case <-request.Of(r.Context()).Stopping:
				io.WriteString(w, "told")
			case <-r.Context().Done():
			}
		})},
	}
	s, err := server.New(server.Options{App: k.App, Routes: routes})
	if err != nil {
		t.Fatal(err)
	}
	l, err := server.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "http://" + l.Addr().String()
	ctx, cancel := context.WithCancel(t.Context())
	ready, stopping, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	if w := ask(s, "GET", "/readyz"); w.Code != 503 || !strings.Contains(w.Body.String(), "not running") {
		t.Errorf("ready before the start: %d %s", w.Code, w.Body)
	}
	go func() {
		ended <- s.Serve(ctx, l, server.Moments{Ready: func() { close(ready) }, Stopping: func() { close(stopping) }})
	}()
	<-ready
	if res := do(t, "GET", url+"/readyz", nil); res.StatusCode != 200 {
		t.Errorf("not ready: %s", text(t, res.Body))
	}
	slow := make(chan string, 1)
	go func() {
		res, err := http.Get(url + "/slow")
		if err != nil {
			slow <- err.Error()
			return
		}
		defer res.Body.Close()
		b, _ := io.ReadAll(res.Body)
		slow <- string(b)
	}()
	events := do(t, "GET", url+"/events", nil)
	<-inside
	cancel()
	<-stopping
	if got := text(t, events.Body); got != "told" {
		t.Errorf("events: %q", got)
	}
	for { // the listener closes after the moment that was told
		c, err := net.DialTimeout("tcp", l.Addr().String(), time.Second)
		if err != nil {
			break
		}
		c.Close()
	}
	if w := ask(s, "GET", "/readyz"); w.Code != 503 || !strings.Contains(w.Body.String(), "stopping") {
		t.Errorf("ready at the end: %d %s", w.Code, w.Body)
	}
	if w := ask(s, "GET", "/healthz"); w.Code != 200 {
		t.Errorf("not healthy at the end: %d", w.Code)
	}
	close(goOn)
	if got := <-slow; got != "whole" {
		t.Errorf("the request under way: %q", got)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if w := ask(s, "GET", "/readyz"); !strings.Contains(w.Body.String(), "not running") {
		t.Errorf("the runner works on: %s", w.Body)
	}
}

// TestSecond: on SQLite a second server on the same base does not start.
func TestSecond(t *testing.T) {
	t.Parallel()
	k := apptest.New(t)
	k.Serve(nil, nil)
	s, err := server.New(server.Options{App: k.App})
	if err != nil {
		t.Fatal(err)
	}
	l, err := server.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Serve(t.Context(), l, server.Moments{}); err == nil {
		t.Error("it started")
	}
}
