package server

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// selfSigned writes a certificate for a host and its key into a directory.
func selfSigned(t *testing.T, dir, host string, serial int64) (cert, key string) {
	t.Helper()
	priv, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: host}, DNSNames: []string{host},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, priv.Public(), priv)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalECPrivateKey(priv)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	write(t, cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	write(t, key, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: raw}))
	return cert, key
}

func write(t *testing.T, name string, content []byte) {
	t.Helper()
	if err := os.WriteFile(name, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestCertificateFiles: new files are taken up within seconds; while they are damaged or half there, the old certificate serves on.
func TestCertificateFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cert, key := selfSigned(t, dir, "contacts.example.com", 1)
	now := time.Now()
	var log bytes.Buffer
	f := &certificateFiles{cert: cert, key: key, log: slog.New(slog.NewTextHandler(&log, nil)), now: func() time.Time { return now }}
	if err := f.load(); err != nil {
		t.Fatal(err)
	}
	serial := func() int64 {
		t.Helper()
		c, err := f.get(nil)
		if err != nil {
			t.Fatal(err)
		}
		leaf, err := x509.ParseCertificate(c.Certificate[0])
		if err != nil {
			t.Fatal(err)
		}
		return leaf.SerialNumber.Int64()
	}
	old, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}
	selfSigned(t, dir, "contacts.example.com", 2)
	fresh, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}
	write(t, key, append(old, '\n')) // the new certificate is there, its key is not yet
	if serial() != 1 {
		t.Error("looked at before it is time")
	}
	now = now.Add(lookEvery)
	if serial() != 1 || !strings.Contains(log.String(), "cannot be used") {
		t.Errorf("half a change was taken: %s", &log)
	}
	write(t, key, fresh)
	now = now.Add(lookEvery)
	if serial() != 2 || !strings.Contains(log.String(), "read again") {
		t.Errorf("the change was not taken: %s", &log)
	}
	if err := os.Remove(cert); err != nil {
		t.Fatal(err)
	}
	now = now.Add(lookEvery)
	if serial() != 2 {
		t.Error("a file that is gone ends the certificate")
	}
	if f.load() == nil {
		t.Error("a start without the file is fine")
	}
}

// TestRedirect: plain HTTP leads to the address of the settings, whatever host the client names, and nothing is sent on.
func TestRedirect(t *testing.T) {
	t.Parallel()
	h := new(certificates).redirect("https://contacts.example.com:8443/")
	for _, tt := range []struct {
		method, target string
		status         int
		to             string
	}{
		{"GET", "http://evil.example.com/imports/7?tab=a%2Fb", 301, "https://contacts.example.com:8443/imports/7?tab=a%2Fb"},
		{"HEAD", "http://contacts.example.com/a%2Fb", 301, "https://contacts.example.com:8443/a%2Fb"},
		{"GET", "http://contacts.example.com//evil.example.com/x", 301, "https://contacts.example.com:8443//evil.example.com/x"},
		{"POST", "http://contacts.example.com/sign-in", 426, ""},
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(tt.method, tt.target, nil))
		if w.Code != tt.status || w.Header().Get("Location") != tt.to {
			t.Errorf("%s %s: %d %s", tt.method, tt.target, w.Code, w.Header().Get("Location"))
		}
	}
	if (&certificates{}).config() != nil {
		t.Error("TLS without a certificate")
	}
}
