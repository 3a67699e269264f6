package page

import (
	"context"
	"io/fs"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"cadastro/internal/app"
	"cadastro/internal/config"
	"cadastro/internal/errs"
	"cadastro/internal/importer"

	"pgregory.net/rapid"
)

func newKit(t *testing.T) *Kit {
	t.Helper()
	cfg, err := config.Default()
	if err != nil {
		t.Fatal(err)
	}
	cfg.Data = t.TempDir()
	a, err := app.Open(context.Background(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	k, err := NewKit(a)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// TestFail: an error is a page in the reader's language, with the status of its kind, and tells nothing of the inside.
func TestFail(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	for _, c := range []struct {
		err    error
		lang   string
		htmx   bool
		status int
		want   string
	}{
		{errs.New(errs.NotFound, "web.not_found"), "pt-BR", false, 404, "Esta página não existe"},
		{errs.New(errs.NotFound, "web.not_found"), "es-MX", false, 404, "Esta página no existe"},
		{errs.New(errs.NotFound, "web.not_found"), "en", true, 404, `<div class="note err" role="alert">`},
		{os.ErrPermission, "en", false, 500, "The server had a fault"},
	} {
		r := httptest.NewRequest("GET", "/x", nil)
		r.Header.Set("Accept-Language", c.lang)
		if c.htmx {
			r.Header.Set("HX-Request", "true")
		}
		w := httptest.NewRecorder()
		k.Handle(func(http.ResponseWriter, *http.Request) error { return c.err }).ServeHTTP(w, r)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.want) || strings.Contains(w.Body.String(), "permission denied") {
			t.Errorf("%v in %s: %d\n%s", c.err, c.lang, w.Code, w.Body)
		}
	}
}

// TestRibbon: the colours fill the ribbon, in order, and whatever has rows is seen.
func TestRibbon(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.OneOf(rapid.Int64Range(0, 3), rapid.Int64Range(0, 5_000_000))
		c := importer.Counts{Imported: n.Draw(t, "new"), Updated: n.Draw(t, "updated"), Skipped: n.Draw(t, "skipped"), Errors: n.Draw(t, "errors"), Unprocessed: n.Draw(t, "left")}
		end := 0.0
		for _, s := range (Ribbon{Counts: c}).Segments() {
			x, w := number(t, s.X), number(t, s.Width)
			if x < end-0.01 || x > end+gap+0.01 || w < minShare-0.01 {
				t.Fatalf("segment %+v after %g", s, end)
			}
			end = x + w
		}
		if math.Abs(end-100) > 0.05 {
			t.Fatalf("ends at %g", end)
		}
	})
}

func number(t *rapid.T, percent string) float64 {
	v, err := strconv.ParseFloat(strings.TrimSuffix(percent, "%"), 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestNothingInline: no template holds a style or a script, which the content security policy would stop, nor loads
// anything from another host.
func TestNothingInline(t *testing.T) {
	t.Parallel()
	forbidden := regexp.MustCompile(`(?i)\sstyle\s*=|<style|\son[a-z]+\s*=\s*"|<script(?:>|\s+[^>]*[^c]>)|javascript:|(?:src|href)="(?:https?:)?//`)
	script := regexp.MustCompile(`<script src="\{\{`)
	seen := 0
	err := filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) != ".html" || strings.Contains(name, "testdata") {
			return err
		}
		seen++
		buf, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		for i, line := range strings.Split(string(buf), "\n") {
			if m := forbidden.FindString(line); m != "" && !script.MatchString(line) {
				t.Errorf("%s:%d: %q", name, i+1, m)
			}
		}
		return nil
	})
	if err != nil || seen < 3 {
		t.Fatalf("%d templates, %v", seen, err)
	}
}

// TestAssets: a file is served under the version of the build for good.
func TestAssets(t *testing.T) {
	t.Parallel()
	a, err := newAssets()
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET "+a.Route().Pattern, a.Route().Handler)
	for _, c := range []struct{ path, kind, cache string }{
		{a.URL("cadastro.css"), "text/css; charset=utf-8", "immutable"},
		{a.URL("fonts/inter-latin-opsz-normal.woff2"), "font/woff2", "immutable"},
		{a.URL("icons.svg"), "image/svg+xml", "immutable"},
		{"/assets/older/app.js", "text/javascript; charset=utf-8", "no-cache"},
	} {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest("GET", c.path, nil))
		if w.Code != 200 || w.Header().Get("Content-Type") != c.kind || !strings.Contains(w.Header().Get("Cache-Control"), c.cache) {
			t.Errorf("%s: %d %v", c.path, w.Code, w.Header())
		}
	}
	w := httptest.NewRecorder()
	if mux.ServeHTTP(w, httptest.NewRequest("GET", a.URL("nothing.css"), nil)); w.Code != 404 {
		t.Errorf("nothing.css: %d", w.Code)
	}
}
