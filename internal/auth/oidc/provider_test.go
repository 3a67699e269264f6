package oidc

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"
)

// provider is an OpenID Connect provider of one client and one person, who is always signed in and always agrees: discovery,
// keys, authorization and token endpoints, RS256. It checks what a client must send; its fields spoil what it gives.
type provider struct {
	*httptest.Server
	t   *testing.T
	now func() time.Time

	mu    sync.Mutex
	key   *rsa.PrivateKey
	kid   string
	codes map[string]grant
	asked int // calls of the token endpoint

	claims func(map[string]any) // changes the claims of the ID token
	sign   *rsa.PrivateKey      // signs in place of key
	alg    string               // in the token's header, RS256 where ""
	down   bool
}

type grant struct{ challenge, nonce, redirect string }

const (
	clientID     = "cadastro"
	clientSecret = "client-secret of the test"
	redirect     = "https://cadastro.example.com/signin/test/return"
)

func newProvider(t *testing.T, now func() time.Time) *provider {
	t.Helper()
	p := &provider{t: t, now: now, kid: "k1", codes: map[string]grant{}, key: newKey(t)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", p.discovery)
	mux.HandleFunc("GET /keys", p.keys)
	mux.HandleFunc("GET /authorize", p.authorize)
	mux.HandleFunc("POST /token", p.token)
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

func newKey(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func (p *provider) discovery(w http.ResponseWriter, _ *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.down {
		http.Error(w, "down", http.StatusServiceUnavailable)
		return
	}
	reply(w, map[string]any{
		"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
		"response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"},
		"id_token_signing_alg_values_supported": []string{"RS256"}, "code_challenge_methods_supported": []string{"S256"},
		"authorization_response_iss_parameter_supported": true,
	})
}

func (p *provider) keys(w http.ResponseWriter, _ *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	reply(w, map[string]any{"keys": []any{map[string]any{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": p.kid,
		"n": b64(p.key.N.Bytes()), "e": b64(big.NewInt(int64(p.key.E)).Bytes())}}})
}

// authorize sends the browser back with a code, where the request is one that a client may make.
func (p *provider) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Get("client_id") != clientID || q.Get("redirect_uri") != redirect || q.Get("response_type") != "code" ||
		q.Get("code_challenge_method") != "S256" || len(q.Get("code_challenge")) != 43 || len(q.Get("state")) < 22 || len(q.Get("nonce")) < 22 ||
		q.Get("scope") != "openid email profile" {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	code := random()
	p.mu.Lock()
	p.codes[code] = grant{q.Get("code_challenge"), q.Get("nonce"), q.Get("redirect_uri")}
	p.mu.Unlock()
	http.Redirect(w, r, redirect+"?"+url.Values{"code": {code}, "state": {q.Get("state")}, "iss": {p.URL}}.Encode(), http.StatusFound)
}

// token trades a code, once, for who proves to have begun the flow (RFC 7636, section 4.6).
func (p *provider) token(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	id, secret, _ := r.BasicAuth()
	if id == "" {
		id, secret = r.FormValue("client_id"), r.FormValue("client_secret")
	} else {
		secret, _ = url.QueryUnescape(secret)
	}
	g, ok := p.codes[r.FormValue("code")]
	delete(p.codes, r.FormValue("code"))
	sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	if id != clientID || secret != clientSecret {
		w.WriteHeader(http.StatusUnauthorized)
		reply(w, map[string]any{"error": "invalid_client"})
		return
	}
	if !ok || b64(sum[:]) != g.challenge || r.FormValue("redirect_uri") != g.redirect || r.FormValue("grant_type") != "authorization_code" {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		reply(w, map[string]any{"error": "invalid_grant"})
		return
	}
	now := p.now().Unix()
	claims := map[string]any{"iss": p.URL, "sub": "person-1", "aud": clientID, "iat": now, "exp": now + 300, "nonce": g.nonce,
		"email": "ana@example.com", "email_verified": true, "name": "Ana"}
	if p.claims != nil {
		p.claims(claims)
	}
	w.Header().Set("Content-Type", "application/json")
	reply(w, map[string]any{"access_token": random(), "token_type": "Bearer", "expires_in": 300, "id_token": p.jwt(claims)})
}

func (p *provider) jwt(claims map[string]any) string {
	alg, key := "RS256", p.key
	if p.alg != "" {
		alg = p.alg
	}
	if p.sign != nil {
		key = p.sign
	}
	head, err1 := json.Marshal(map[string]string{"alg": alg, "kid": p.kid, "typ": "JWT"})
	body, err2 := json.Marshal(claims)
	if err1 != nil || err2 != nil {
		p.t.Error(err1, err2)
	}
	text := b64(head) + "." + b64(body)
	if alg == "none" {
		return text + "."
	}
	sum := sha256.Sum256([]byte(text))
	sig, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		p.t.Error(err)
	}
	return text + "." + b64(sig)
}

// browse does what the browser does between Begin and Finish: follows the address and brings the answer.
func (p *provider) browse(address string) url.Values {
	p.t.Helper()
	web := &http.Client{Timeout: 10 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := web.Get(address)
	if err != nil {
		p.t.Fatal(err)
	}
	res.Body.Close()
	to, err := res.Location()
	if err != nil {
		p.t.Fatalf("status %d: %v", res.StatusCode, err)
	}
	if got := to.Scheme + "://" + to.Host + to.Path; got != redirect {
		p.t.Fatalf("sent to %s", got)
	}
	return to.Query()
}

func reply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
