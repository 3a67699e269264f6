package account_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"math/big"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"cadastro/internal/app/apptest"
	"cadastro/internal/auth"
	"cadastro/internal/config"
)

// provider is an OpenID Connect provider where one person is always signed in and always agrees. What a client has to prove is
// checked by the tests of package oidc.
type provider struct {
	*httptest.Server
	t      *testing.T
	key    *rsa.PrivateKey
	mu     sync.Mutex
	nonces map[string]string // by code
	email  string
	refuse bool
}

func newProvider(t *testing.T) (*provider, func(*config.Config)) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := &provider{t: t, key: key, nonces: map[string]string{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, r *http.Request) {
		p.reply(w, map[string]any{"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
			"response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"}, "id_token_signing_alg_values_supported": []string{"RS256"}})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, r *http.Request) {
		p.reply(w, map[string]any{"keys": []any{map[string]any{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "k",
			"n": b64(key.N.Bytes()), "e": b64(big.NewInt(int64(key.E)).Bytes())}}})
	})
	mux.HandleFunc("GET /authorize", p.authorize)
	mux.HandleFunc("POST /token", p.token)
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p, func(c *config.Config) {
		c.OIDC.Issuer, c.OIDC.ClientID, c.OIDC.ClientSecret, c.OIDC.Name = p.URL, "cadastro", "secret of the test", "Girassol ID"
	}
}

func (p *provider) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	p.mu.Lock()
	defer p.mu.Unlock()
	answer := url.Values{"state": {q.Get("state")}}
	if p.refuse {
		answer.Set("error", "access_denied")
	} else {
		code := rand.Text()
		p.nonces[code] = q.Get("nonce")
		answer.Set("code", code)
	}
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+answer.Encode(), http.StatusFound)
}

func (p *provider) token(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now().Unix()
	claims := map[string]any{"iss": p.URL, "sub": "of " + p.email, "aud": "cadastro", "iat": now, "exp": now + 300, "nonce": p.nonces[r.FormValue("code")],
		"email": p.email, "email_verified": true, "name": "Ana"}
	body, err := json.Marshal(claims)
	if err != nil {
		p.t.Error(err)
	}
	text := b64([]byte(`{"alg":"RS256","kid":"k","typ":"JWT"}`)) + "." + b64(body)
	sum := sha256.Sum256([]byte(text))
	sig, err := rsa.SignPKCS1v15(rand.Reader, p.key, crypto.SHA256, sum[:])
	if err != nil {
		p.t.Error(err)
	}
	p.reply(w, map[string]any{"access_token": "x", "token_type": "Bearer", "expires_in": 300, "id_token": text + "." + b64(sig)})
}

func (p *provider) reply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		p.t.Error(err)
	}
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// visitor is a browser without eyes: it keeps cookies and follows redirects.
type visitor struct {
	t *testing.T
	k *apptest.Kit
	*http.Client
}

func visit(t *testing.T, k *apptest.Kit, session string) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v := &visitor{t, k, &http.Client{Jar: jar, Timeout: 20 * time.Second}}
	if session != "" {
		u, err := url.Parse(k.URL)
		if err != nil {
			t.Fatal(err)
		}
		jar.SetCookies(u, []*http.Cookie{{Name: "cadastro", Value: session, Path: "/"}})
	}
	return v
}

// get follows an address, of this server where it is a path, and gives where it ended, the answer and its text.
func (v *visitor) get(address string) (path string, resp *http.Response, text string) {
	v.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = v.k.URL + address
	}
	resp, err := v.Get(address)
	return v.read(resp, err)
}

// send sends a form.
func (v *visitor) send(path string, form url.Values) (string, *http.Response, string) {
	v.t.Helper()
	resp, err := v.PostForm(v.k.URL+path, form)
	return v.read(resp, err)
}

func (v *visitor) read(resp *http.Response, err error) (string, *http.Response, string) {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return resp.Request.URL.RequestURI(), resp, string(body)
}

// TestProvider: who is invited signs in through the provider; who has a password links it first, by a form of our own.
func TestProvider(t *testing.T) {
	t.Parallel()
	idp, setting := newProvider(t)
	k := serve(t, setting)
	ctx := k.As(auth.Admin)

	// Nobody is let in uninvited.
	v := visit(t, k, "")
	idp.email = "stranger@example.com"
	if path, resp, text := v.get("/sign-in/oidc"); resp.StatusCode != 422 || !strings.HasPrefix(path, "/sign-in/oidc/done") || !strings.Contains(text, "Girassol ID") {
		t.Errorf("%s %d", path, resp.StatusCode)
	}

	// The person goes where they wanted to, but to no other server.
	idp.email = "nina@example.com"
	if _, _, err := k.App.Auth.AddMember(ctx, auth.NewMember{Email: idp.email, Name: "Nina", Role: auth.Manager}); err != nil {
		t.Fatal(err)
	}
	if path, resp, _ := v.get("/sign-in/oidc?next=%2Fsettings%2Fteams"); resp.StatusCode != 200 || path != "/settings/teams" {
		t.Errorf("%s %d", path, resp.StatusCode)
	}
	if path, _, _ := visit(t, k, "").get("/sign-in/oidc?next=" + url.QueryEscape("//evil.example.com/")); path != "/contacts" {
		t.Errorf("led to %s", path)
	}
	if _, _, text := v.get("/account"); !strings.Contains(text, "Girassol ID") || !strings.Contains(text, "não tem senha aqui") {
		t.Error("the account does not tell how the person signs in")
	}
	if _, resp, text := v.send("/account/provider/unlink", url.Values{"issuer": {idp.URL}}); resp.StatusCode != 422 || !strings.Contains(text, "Sem isto você não poderia mais entrar") {
		t.Errorf("%d: the only way in was taken away", resp.StatusCode)
	}

	// An account with a password is not given away on a provider's word, nor linked by an address that somebody was led to.
	idp.email = "manager@example.com"
	m := visit(t, k, k.Session(auth.Manager))
	for _, address := range []string{"/sign-in/oidc?next=%2Faccount", "/sign-in/oidc"} {
		if _, resp, text := m.get(address); resp.StatusCode != 422 || !strings.Contains(text, "A sua conta tem senha") {
			t.Errorf("%s: %d", address, resp.StatusCode)
		}
	}
	if self, err := k.App.Auth.Self(k.As(auth.Manager)); err != nil || len(self.Identities) != 0 {
		t.Fatalf("%+v, %v", self.Identities, err)
	}
	_, resp, _ := m.send("/account/provider/link", url.Values{})
	wait, address, _ := strings.Cut(resp.Header.Get("Refresh"), ";url=")
	if resp.StatusCode != 200 || wait != "0" || !strings.HasPrefix(address, idp.URL+"/authorize?") {
		t.Fatalf("%d %q", resp.StatusCode, resp.Header.Get("Refresh"))
	}
	if path, resp, text := m.get(address); resp.StatusCode != 200 || path != "/account" || !strings.Contains(text, "Ligado. Agora você também entra por Girassol ID.") {
		t.Errorf("%s %d", path, resp.StatusCode)
	}
	if path, _, _ := visit(t, k, "").get("/sign-in/oidc"); path != "/contacts" {
		t.Errorf("the linked account does not sign in: %s", path)
	}
	if path, resp, _ := m.send("/account/provider/unlink", url.Values{"issuer": {idp.URL}}); resp.StatusCode != 200 || path != "/account" {
		t.Errorf("%s %d", path, resp.StatusCode)
	}

	// What the provider refuses, and an answer to nothing, are told on the sign-in.
	idp.refuse = true
	if _, resp, text := visit(t, k, "").get("/sign-in/oidc"); resp.StatusCode != 422 || !strings.Contains(text, "não autorizou") {
		t.Error(resp.StatusCode)
	}
	if _, resp, _ := visit(t, k, "").get("/sign-in/oidc/done?code=x&state=y"); resp.StatusCode != 422 {
		t.Error(resp.StatusCode)
	}
	idp.Close()
	if _, resp, _ := visit(t, serve(t, setting), "").get("/sign-in/oidc"); resp.StatusCode != 503 {
		t.Error(resp.StatusCode)
	}
}

// TestNoProvider: without one there is no button and no route that does anything.
func TestNoProvider(t *testing.T) {
	t.Parallel()
	k := serve(t)
	v := visit(t, k, "")
	if _, resp, text := v.get("/sign-in"); resp.StatusCode != 200 || strings.Contains(text, "/sign-in/oidc") {
		t.Error(resp.StatusCode)
	}
	for _, path := range []string{"/sign-in/oidc", "/sign-in/oidc/done"} {
		if _, resp, _ := v.get(path); resp.StatusCode != 404 {
			t.Errorf("%s: %d", path, resp.StatusCode)
		}
	}
	if _, resp, _ := visit(t, k, k.Session(auth.Agent)).send("/account/provider/link", url.Values{}); resp.StatusCode != 404 {
		t.Error(resp.StatusCode)
	}
}
