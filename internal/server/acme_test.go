package server_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"cadastro/internal/app/apptest"
	"cadastro/internal/config"
	"cadastro/internal/server"
	"cadastro/internal/server/route"
)

// authority is a certificate authority that speaks as much of RFC 8555 as one certificate takes, and really asks for the challenge. It
// trusts signatures of requests: those are the client library's matter.
type authority struct {
	t         *testing.T
	srv       *httptest.Server
	key       *ecdsa.PrivateKey
	root      *x509.Certificate
	challenge string // the one type that it offers
	ask       func(token string) error

	mu     sync.Mutex
	valid  bool
	cert   []byte
	orders []string
}

func newAuthority(t *testing.T, challenge string) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test authority"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(48 * time.Hour), KeyUsage: x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	root, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	a := &authority{t: t, key: key, root: root, challenge: challenge}
	a.srv = httptest.NewTLSServer(a)
	t.Cleanup(a.srv.Close)
	return a
}

const token = "dG9rZW4tb2YtdGhlLXRlc3Q"

// ServeHTTP answers one question of the protocol.
func (a *authority) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	at := func(path string) string { return a.srv.URL + path }
	say := func(status int, body any) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		if err := json.NewEncoder(w).Encode(body); err != nil {
			a.t.Error(err)
		}
	}
	w.Header().Set("Replay-Nonce", rand.Text())
	var signed struct{ Payload string }
	if r.Method == http.MethodPost {
		if err := json.NewDecoder(r.Body).Decode(&signed); err != nil {
			a.t.Error(err)
		}
	}
	payload, err := base64.RawURLEncoding.DecodeString(signed.Payload)
	if err != nil {
		a.t.Error(err)
	}
	state := func(done bool, yes, no string) string {
		if done {
			return yes
		}
		return no
	}
	order := func() map[string]any {
		o := map[string]any{"status": state(a.valid, "ready", "pending"), "authorizations": []string{at("/authz")}, "finalize": at("/finalize"),
			"identifiers": []any{map[string]string{"type": "dns", "value": domain}}}
		if a.cert != nil {
			o["status"], o["certificate"] = "valid", at("/cert")
		}
		return o
	}
	switch r.URL.Path {
	case "/directory":
		say(200, map[string]string{"newNonce": at("/nonce"), "newAccount": at("/account"), "newOrder": at("/order"), "revokeCert": at("/revoke"), "keyChange": at("/key")})
	case "/nonce":
	case "/account":
		w.Header().Set("Location", at("/account/1"))
		say(201, map[string]string{"status": "valid"})
	case "/order":
		a.orders = append(a.orders, string(payload))
		w.Header().Set("Location", at("/order/1"))
		say(201, order())
	case "/order/1":
		say(200, order())
	case "/authz":
		say(200, map[string]any{"status": state(a.valid, "valid", "pending"), "identifier": map[string]string{"type": "dns", "value": domain},
			"challenges": []any{map[string]string{"type": a.challenge, "url": at("/challenge"), "token": token, "status": state(a.valid, "valid", "pending")}}})
	case "/challenge":
		if err := a.ask(token); err != nil {
			a.t.Errorf("challenge %s: %v", a.challenge, err)
		}
		a.valid = true
		say(200, map[string]string{"type": a.challenge, "url": at("/challenge"), "token": token, "status": "valid"})
	case "/finalize":
		a.issue(payload)
		w.Header().Set("Location", at("/order/1"))
		say(200, order())
	case "/cert":
		w.Header().Set("Content-Type", "application/pem-certificate-chain")
		_, _ = w.Write(a.cert)
	default:
		a.t.Errorf("asked for %s", r.URL.Path)
	}
}

func (a *authority) issue(payload []byte) {
	var in struct{ CSR string }
	if err := json.Unmarshal(payload, &in); err != nil {
		a.t.Error(err)
	}
	der, err := base64.RawURLEncoding.DecodeString(in.CSR)
	if err != nil {
		a.t.Error(err)
	}
	csr, err := x509.ParseCertificateRequest(der)
	if err != nil {
		a.t.Error(err)
		return
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: domain}, DNSNames: csr.DNSNames,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(47 * time.Hour), KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	leaf, err := x509.CreateCertificate(rand.Reader, template, a.root, csr.PublicKey, a.key)
	if err != nil {
		a.t.Error(err)
	}
	for _, der := range [][]byte{leaf, a.root.Raw} {
		a.cert = append(a.cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...)
	}
}

const domain = "contacts.example.com"

// TestACME: the server gets its certificate by itself, by either challenge, for its own domains alone, and keeps it with the data.
func TestACME(t *testing.T) {
	t.Parallel()
	for _, challenge := range []string{"tls-alpn-01", "http-01"} {
		t.Run(challenge, func(t *testing.T) {
			t.Parallel()
			a := newAuthority(t, challenge)
			l, err := server.Listen(t.Context(), "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			plain := l.Addr().String()
			l.Close() // free again, and nobody else asks for it
			k := apptest.New(t, func(c *config.Config) {
				roots := filepath.Join(c.Data, "roots.pem")
				if err := os.WriteFile(roots, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.srv.Certificate().Raw}), 0o600); err != nil {
					t.Fatal(err)
				}
				c.URL, c.TLS.Redirect = "https://"+domain, plain
				c.ACME = config.ACME{Domains: []string{domain}, Email: "ops@example.com", Directory: a.srv.URL + "/directory", Roots: roots}
			})
			address := k.App.Config.Listen
			a.ask = func(token string) error {
				if challenge == "http-01" {
					return askHTTP(plain, token)
				}
				return askTLS(address)
			}
			k.Serve([]route.Route{{Method: "GET", Pattern: "/page", Access: route.Public(), Handler: http.HandlerFunc(greet)}}, nil)

			trusted := x509.NewCertPool()
			trusted.AddCert(a.root)
			web := &http.Client{Transport: &http.Transport{ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{RootCAs: trusted, ServerName: domain}}}
			defer web.CloseIdleConnections()
			for range 2 {
				res, err := web.Get("https://" + address + "/page")
				if err != nil {
					t.Fatal(err)
				}
				if got := text(t, res.Body); got != "hello nobody" || res.ProtoMajor != 2 || res.Header.Get("Strict-Transport-Security") == "" {
					t.Errorf("%s %q %v", res.Proto, got, res.Header)
				}
				res.Body.Close()
			}
			if len(a.orders) != 1 || !strings.Contains(a.orders[0], domain) {
				t.Errorf("orders: %q", a.orders)
			}
			if kept, err := os.ReadDir(filepath.Join(k.App.Config.Data, "acme")); err != nil || len(kept) < 2 {
				t.Errorf("kept: %v, %v", kept, err)
			}
			if _, err := tls.Dial("tcp", address, &tls.Config{ServerName: "evil.example.com", InsecureSkipVerify: true}); err == nil || len(a.orders) != 1 {
				t.Errorf("a certificate for another name: %v, %q", err, a.orders)
			}
			res := do(t, "GET", "http://"+plain+"/imports", nil)
			if res.StatusCode != http.StatusMovedPermanently || res.Header.Get("Location") != "https://"+domain+"/imports" {
				t.Errorf("plain HTTP: %s to %s", res.Status, res.Header.Get("Location"))
			}
		})
	}
}

// askHTTP asks for the answer of HTTP-01 (RFC 8555, section 8.3).
func askHTTP(plain, token string) error {
	r, err := http.NewRequest("GET", "http://"+plain+"/.well-known/acme-challenge/"+token, nil)
	if err != nil {
		return err
	}
	r.Host = domain
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != 200 || !strings.HasPrefix(string(body), token+".") {
		return fmt.Errorf("%s %q: %w", res.Status, body, err)
	}
	return nil
}

// askTLS asks for the certificate of TLS-ALPN-01 (RFC 8737, section 3).
func askTLS(address string) error {
	c, err := tls.DialWithDialer(&net.Dialer{Timeout: 5 * time.Second}, "tcp", address,
		&tls.Config{ServerName: domain, NextProtos: []string{"acme-tls/1"}, InsecureSkipVerify: true})
	if err != nil {
		return err
	}
	defer c.Close()
	state := c.ConnectionState()
	for _, e := range state.PeerCertificates[0].Extensions {
		if e.Id.Equal(asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 31}) && state.NegotiatedProtocol == "acme-tls/1" {
			return nil
		}
	}
	return fmt.Errorf("no answer in the certificate, protocol %q", state.NegotiatedProtocol)
}

// TestTLSFiles: a server with certificate files speaks TLS on its address and nothing else, and does not start with files that are none.
func TestTLSFiles(t *testing.T) {
	t.Parallel()
	a := httptest.NewUnstartedServer(nil)
	a.StartTLS() // for its certificate
	defer a.Close()
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	raw, err := x509.MarshalPKCS8PrivateKey(a.TLS.Certificates[0].PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: a.Certificate().Raw}, key: {Type: "PRIVATE KEY", Bytes: raw}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	with := func(cert, key string) func(*config.Config) {
		return func(c *config.Config) { c.TLS = config.TLS{Cert: cert, Key: key} }
	}
	k := apptest.New(t, with(cert, key))
	k.Serve([]route.Route{{Method: "GET", Pattern: "/page", Access: route.Public(), Handler: http.HandlerFunc(greet)}}, nil)
	res, err := a.Client().Get("https://" + k.App.Config.Listen + "/page")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != 200 || res.TLS.Version < tls.VersionTLS12 {
		t.Errorf("%s, %v", res.Status, res.TLS)
	}
	if _, err := tls.Dial("tcp", k.App.Config.Listen, &tls.Config{MaxVersion: tls.VersionTLS11, InsecureSkipVerify: true}); err == nil {
		t.Error("TLS 1.1 is spoken")
	}
	if res := do(t, "GET", "http://"+k.App.Config.Listen+"/page", nil); res.StatusCode != http.StatusBadRequest {
		t.Errorf("plain HTTP: %s", res.Status)
	}

	bad := apptest.New(t, with(key, cert))
	s, err := server.New(server.Options{App: bad.App})
	if err != nil {
		t.Fatal(err)
	}
	l, err := server.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Serve(t.Context(), l, server.Moments{}); err == nil || !strings.Contains(err.Error(), "config.tls_files") {
		t.Errorf("files that are no certificate: %v", err)
	}
}
