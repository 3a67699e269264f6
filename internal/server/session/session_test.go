package session

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"cadastro/internal/server/request"
)

// TestCookies: what is set is read back, by the flags that each connection asks for, and is gone after Clear.
func TestCookies(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		secure bool
		life   time.Duration
		cookie string
		maxAge int
	}{
		{"plain", false, 0, "cadastro", int(defaultLife / time.Second)},
		{"tls at a proxy", true, 30 * 24 * time.Hour, "__Host-cadastro", 30 * 24 * 3600},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest("GET", "http://contacts.example.com/", nil)
			r = r.WithContext(request.With(r.Context(), request.Info{Secure: tt.secure, SessionLife: tt.life}))
			w := httptest.NewRecorder()
			Set(w, r, "s3cret")
			Keep(w, r, "oidc", "flow", time.Millisecond)
			got := w.Result().Cookies()
			if len(got) != 2 {
				t.Fatalf("cookies: %v", got)
			}
			c := got[0]
			if c.Name != tt.cookie || !c.HttpOnly || c.Secure != tt.secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" ||
				c.Domain != "" || c.MaxAge != tt.maxAge {
				t.Errorf("cookie: %+v", c)
			}
			if got[1].Name != tt.cookie+"-oidc" || got[1].MaxAge != 1 {
				t.Errorf("short cookie: %+v", got[1])
			}
			if w.Header().Get("Cache-Control") != "no-store" {
				t.Error("a cache may keep the answer")
			}
			if Read(r) != "" || Kept(r, "oidc") != "" {
				t.Error("read before it was set")
			}
			r.AddCookie(c)
			r.AddCookie(got[1])
			if Read(r) != "s3cret" || Kept(r, "oidc") != "flow" || Kept(r, "second") != "" {
				t.Errorf("read %q, %q", Read(r), Kept(r, "oidc"))
			}
			w = httptest.NewRecorder()
			Clear(w, r)
			Drop(w, r, "oidc")
			for _, c := range w.Result().Cookies() {
				if c.MaxAge != -1 || c.Value != "" {
					t.Errorf("not cleared: %+v", c)
				}
			}
		})
	}
}

// TestNotTaken: over TLS a cookie without the prefix, which a neighbouring host can set, is none.
func TestNotTaken(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest("GET", "https://contacts.example.com/", nil)
	r.AddCookie(&http.Cookie{Name: "cadastro", Value: "slipped in"})
	if got := Read(r); got != "" {
		t.Errorf("took %q", got)
	}
}
