package oidc

import (
	"context"
	"crypto/rsa"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/db"
	"cadastro/internal/db/dbtest"
	"cadastro/internal/errs"
)

// world is a provider and a client of it, with a clock that the test moves.
type world struct {
	*provider
	c   *Client
	d   *db.DB
	now time.Time
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{d: d, now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return w.now }
	w.provider = newProvider(t, clock)
	w.c = New(d, w.config(), &http.Client{Timeout: 10 * time.Second}, clock)
	return w
}

func (w *world) config() Provider {
	return Provider{Name: "test", Issuer: w.URL, ClientID: clientID, ClientSecret: clientSecret, RedirectURL: redirect}
}

func TestSignIn(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx := newWorld(t, d), context.Background()
		address, cookie, err := w.c.Begin(ctx, "/imports?page=2")
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(address, cookie) {
			t.Error("the secret of the browser goes to the provider")
		}
		answer := w.browse(address)
		who, to, err := w.c.Finish(ctx, cookie, answer)
		want := auth.Identity{Issuer: w.URL, Subject: "person-1", Email: "ana@example.com", EmailVerified: true, Name: "Ana"}
		if err != nil || who != want || to != "/imports?page=2" {
			t.Fatalf("%+v, %q, %v", who, to, err)
		}
		asked := w.asked
		if _, _, err := w.c.Finish(ctx, cookie, answer); errs.CodeOf(err) != "auth.oidc_flow" {
			t.Errorf("the same answer twice: %v", err)
		}
		if w.asked != asked {
			t.Error("the second answer went to the provider")
		}
	})
}

// TestIntoSession: from the invitation over the provider to an open session, and again without the invitation.
func TestIntoSession(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx := newWorld(t, d), context.Background()
		service := auth.New(d, auth.Options{Now: w.c.now})
		if _, _, err := service.AddMember(auth.With(ctx, auth.ConsoleActor(1)), auth.NewMember{Email: "ana@example.com", Role: auth.Manager}); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			address, cookie, err := w.c.Begin(ctx, "/")
			if err != nil {
				t.Fatal(err)
			}
			who, _, err := w.c.Finish(ctx, cookie, w.browse(address))
			if err != nil {
				t.Fatal(err)
			}
			in, err := service.SignInIdentity(ctx, who, auth.Client{IP: "192.0.2.1"})
			if err != nil {
				t.Fatal(err)
			}
			a, err := service.Authenticate(ctx, in.Session)
			if err != nil || a.Role != auth.Manager || a.Workspace != 1 {
				t.Fatalf("%+v, %v", a, err)
			}
		}
	})
}

// TestRefused: an answer that is not whole, not to this browser's question or not the provider's signs nobody in.
func TestRefused(t *testing.T) {
	t.Parallel()
	foreign := newKey(t)
	for name, tt := range map[string]struct {
		before func(*world)
		spoil  func(w *world, cookie *string, answer url.Values)
		want   string
	}{
		"whole":             {want: ""},
		"other state":       {spoil: func(_ *world, _ *string, v url.Values) { v.Set("state", random()) }, want: "auth.oidc_flow"},
		"no state":          {spoil: func(_ *world, _ *string, v url.Values) { v.Del("state") }, want: "auth.oidc_flow"},
		"other browser":     {spoil: func(_ *world, c *string, _ url.Values) { *c = random() }, want: "auth.oidc_flow"},
		"no cookie":         {spoil: func(_ *world, c *string, _ url.Values) { *c = "" }, want: "auth.oidc_flow"},
		"too late":          {spoil: func(w *world, _ *string, _ url.Values) { w.now = w.now.Add(flowLife) }, want: "auth.oidc_flow"},
		"person says no":    {spoil: func(_ *world, _ *string, v url.Values) { v.Del("code"); v.Set("error", "access_denied") }, want: "auth.oidc_denied"},
		"no code":           {spoil: func(_ *world, _ *string, v url.Values) { v.Del("code") }, want: "auth.oidc_failed"},
		"other code":        {spoil: func(_ *world, _ *string, v url.Values) { v.Set("code", random()) }, want: "auth.oidc_failed"},
		"other issuer":      {spoil: func(_ *world, _ *string, v url.Values) { v.Set("iss", "https://evil.example.com") }, want: "auth.oidc_failed"},
		"no issuer":         {spoil: func(_ *world, _ *string, v url.Values) { v.Del("iss") }, want: "auth.oidc_failed"},
		"foreign signature": {before: func(w *world) { w.sign = foreign }, want: "auth.oidc_failed"},
		"no signature":      {before: func(w *world) { w.alg = "none" }, want: "auth.oidc_failed"},
		"wrong algorithm":   {before: func(w *world) { w.alg = "HS256" }, want: "auth.oidc_failed"},
		"token's issuer":    {before: claim("iss", "https://evil.example.com"), want: "auth.oidc_failed"},
		"other audience":    {before: claim("aud", "another-client"), want: "auth.oidc_failed"},
		"two audiences":     {before: claim("aud", []string{clientID, "another-client"}), want: "auth.oidc_failed"},
		"other party":       {before: claim("azp", "another-client"), want: "auth.oidc_failed"},
		"own party":         {before: claim("azp", clientID), want: ""},
		"expired":           {before: claim("exp", int64(1)), want: "auth.oidc_failed"},
		"other nonce":       {before: claim("nonce", "bm90IHlvdXJz"), want: "auth.oidc_failed"},
		"no nonce":          {before: claim("nonce", nil), want: "auth.oidc_failed"},
		"word for true":     {before: claim("email_verified", "true"), want: ""},
		"client's secret":   {before: func(w *world) { p := w.config(); p.ClientSecret = "wrong"; w.c = New(w.d, p, w.c.web, w.c.now) }, want: "auth.oidc_failed"},
		"provider is down":  {spoil: func(w *world, _ *string, _ url.Values) { w.Close() }, want: "auth.oidc_unreachable"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, ctx := newWorld(t, dbtest.SQLite(t)), context.Background()
			if tt.before != nil {
				tt.before(w)
			}
			address, cookie, err := w.c.Begin(ctx, "/")
			if err != nil {
				t.Fatal(err)
			}
			answer := w.browse(address)
			if tt.spoil != nil {
				tt.spoil(w, &cookie, answer)
			}
			who, _, err := w.c.Finish(ctx, cookie, answer)
			if errs.CodeOf(err) != tt.want {
				t.Fatalf("error %v, want %q", err, tt.want)
			}
			if (err == nil) != (who.Subject == "person-1") {
				t.Errorf("%+v with error %v", who, err)
			}
		})
	}
}

func claim(name string, value any) func(*world) {
	return func(w *world) {
		w.claims = func(c map[string]any) {
			if c[name] = value; value == nil {
				delete(c, name)
			}
		}
	}
}

// TestUnverified: an address that the provider has not verified is handed on as such.
func TestUnverified(t *testing.T) {
	t.Parallel()
	for _, value := range []any{false, nil, "false", 1, "yes"} {
		w, ctx := newWorld(t, dbtest.SQLite(t)), context.Background()
		claim("email_verified", value)(w)
		address, cookie, err := w.c.Begin(ctx, "/")
		if err != nil {
			t.Fatal(err)
		}
		if who, _, err := w.c.Finish(ctx, cookie, w.browse(address)); err != nil || who.EmailVerified {
			t.Errorf("%v: %+v, %v", value, who, err)
		}
	}
}

// TestProviderComesBack: a provider that is down at first, and one that changes its keys, cost no restart.
func TestProviderComesBack(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t, dbtest.SQLite(t)), context.Background()
	w.down = true
	if _, _, err := w.c.Begin(ctx, "/"); errs.CodeOf(err) != "auth.oidc_unreachable" || errs.KindOf(err) != errs.Busy {
		t.Fatalf("down: %v", err)
	}
	w.down = false
	for i, key := range []*rsa.PrivateKey{w.key, newKey(t)} {
		w.mu.Lock()
		w.key, w.kid = key, "key "+string(rune('a'+i))
		w.mu.Unlock()
		began, cancel := context.WithCancel(ctx)
		address, cookie, err := w.c.Begin(began, "/")
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.c.Finish(ctx, cookie, w.browse(address)); err != nil {
			t.Errorf("key %d: %v", i, err)
		}
	}
}

func TestLocalPath(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"/": "/", "/imports": "/imports", "/a?b=c%20d": "/a?b=c%20d", "": "/", "imports": "/", "//evil.example.com": "/", "/\\evil.example.com": "/",
		"https://evil.example.com/": "/", "javascript:alert(1)": "/", "/a\nb": "/", "/\t/evil.example.com": "/", "///x": "/", "/%zz": "/",
	} {
		if got := LocalPath(in); got != want {
			t.Errorf("LocalPath(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzLocalPath(f *testing.F) {
	for _, s := range []string{"/", "//x", "/\\x", "/a?b#c", "http:/x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		base, _ := url.Parse("https://cadastro.example.com/signin")
		u, err := base.Parse(LocalPath(s))
		if err != nil || u.Host != base.Host || u.Scheme != base.Scheme {
			t.Fatalf("%q leads to %v, %v", s, u, err)
		}
	})
}
