package server_test

import (
	"context"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"cadastro/internal/app/apptest"
	"cadastro/internal/auth"
	"cadastro/internal/config"
	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/server"
	"cadastro/internal/server/route"
)

// TestReady: each part that fails is told, without its details.
func TestReady(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, k *apptest.Kit) {
		now := time.Now()
		s, err := server.New(server.Options{App: k.App, Now: func() time.Time { return now }})
		if err != nil {
			t.Fatal(err)
		}
		ready := func(status int, want string) {
			t.Helper()
			w := ask(s, "GET", "/readyz")
			if w.Code != status || !strings.Contains(w.Body.String(), want) || strings.Contains(w.Body.String(), "/") {
				t.Errorf("%d %s, want %d %s", w.Code, w.Body, status, want)
			}
		}
		if w := ask(k.Serve(nil, nil), "GET", "/readyz"); w.Code != 200 || strings.Count(w.Body.String(), `"ok"`) != 4 {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		ready(503, `"files":"ok"`) // for its runner alone
		if err := os.RemoveAll(k.App.Config.BlobDir()); err != nil {
			t.Fatal(err)
		}
		ready(503, `"files":"ok"`) // asked again within the second
		now = now.Add(time.Second)
		ready(503, `"files":"failing"`)
		if err := k.App.DB.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, TRUE)")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		now = now.Add(time.Second)
		ready(503, `"database":"failing"`)
		if w := ask(s, "GET", "/healthz"); w.Code != http.StatusOK {
			t.Errorf("health: %d", w.Code)
		}
	})
}

// TestMetrics: they are for who has the token, or who reaches the second address, and tell what happened.
func TestMetrics(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, k *apptest.Kit) {
		k.App.Config.Metrics.Token = ""
		s, err := server.New(server.Options{App: k.App, Routes: table()})
		if err != nil {
			t.Fatal(err)
		}
		if w := ask(s, "GET", "/metrics"); w.Code != 404 {
			t.Errorf("without a token set: %d", w.Code)
		}
		k.App.Config.Metrics.Token = "a-token-of-metrics"
		for _, h := range []string{"", "Bearer wrong", "a-token-of-metrics", "Bearer a-token-of-metrics2"} {
			if w := ask(s, "GET", "/metrics", header("Authorization", h)); w.Code != 401 || strings.Contains(w.Body.String(), "cadastro_") {
				t.Errorf("%q: %d", h, w.Code)
			}
		}
		ask(s, "GET", "/imports/7", cookie(k.Session(auth.Manager)))
		ask(s, "BREW", "/nothing")
		w := ask(s, "GET", "/metrics", header("Authorization", "Bearer a-token-of-metrics"))
		for _, want := range []string{
			`cadastro_http_requests_total{method="GET",pattern="/imports/{id}",status="200"} 1`,
			`cadastro_http_requests_total{method="other",pattern="",status="404"} 1`,
			`cadastro_http_request_seconds_count{pattern="/imports/{id}"} 1`,
			`cadastro_http_requests_open 1`, `cadastro_database_up 1`, `cadastro_import_rows{outcome="imported"} 0`, "\ngo_goroutines ", "\ncadastro_database_bytes ",
		} {
			if !strings.Contains(w.Body.String(), want) {
				t.Errorf("no %s", want)
			}
		}
		if t.Failed() {
			t.Log(w.Body)
		}
	})
}

// TestSecondAddress: the second address answers measurements and health, and nothing else.
func TestSecondAddress(t *testing.T) {
	t.Parallel()
	l, err := server.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close() // free again, and nobody else asks for it
	k := apptest.New(t, func(c *config.Config) { c.Metrics.Listen = address })
	k.Serve([]route.Route{{Method: "GET", Pattern: "/page", Access: route.Public(), Handler: http.HandlerFunc(greet)}}, nil)
	for path, want := range map[string]int{"/metrics": 200, "/healthz": 200, "/readyz": 200, "/page": 404, "/": 404} {
		if res := do(t, "GET", "http://"+address+path, nil); res.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, res.StatusCode, want)
		}
	}
	if res := do(t, "GET", k.URL+"/metrics", nil); res.StatusCode != 404 {
		t.Errorf("on the main address: %d", res.StatusCode)
	}
}

// TestSecondAddressTaken: a second address that is taken ends the start, by a sentence that names it, and leaves nothing at work.
func TestSecondAddressTaken(t *testing.T) {
	t.Parallel()
	taken, err := server.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	k := apptest.New(t, func(c *config.Config) { c.Metrics.Listen = taken.Addr().String() })
	s, err := server.New(server.Options{App: k.App})
	if err != nil {
		t.Fatal(err)
	}
	l, err := server.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Serve(t.Context(), l, server.Moments{}); errs.CodeOf(err) != "config.listen" {
		t.Errorf("it went on: %v", err)
	}
	if w := ask(s, "GET", "/readyz"); !strings.Contains(w.Body.String(), "not running") {
		t.Errorf("the runner works on: %s", w.Body)
	}
}
