package server

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"cadastro/internal/config"
	"cadastro/internal/errs"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// certificates is where the certificate comes from; the zero value is a server without TLS.
type certificates struct {
	files *certificateFiles
	acme  *autocert.Manager
}

// certificates opens what the settings name. A certificate file that cannot be used ends the start, not the first connection.
func (s *Server) certificates() (*certificates, error) {
	cfg := &s.app.Config
	switch {
	case cfg.TLS.Cert != "":
		f := &certificateFiles{cert: cfg.TLS.Cert, key: cfg.TLS.Key, log: s.log, now: s.now}
		if err := f.load(); err != nil {
			return nil, errs.Wrap(err, errs.Invalid, "config.tls_files", "cert", cfg.TLS.Cert, "key", cfg.TLS.Key)
		}
		return &certificates{files: f}, nil
	case len(cfg.ACME.Domains) > 0:
		m, err := acmeManager(cfg)
		return &certificates{acme: m}, err
	}
	return &certificates{}, nil
}

// config gives the settings of TLS, nil where there is none.
func (c *certificates) config() *tls.Config {
	switch {
	case c.files != nil:
		return &tls.Config{MinVersion: tlsVersion, GetCertificate: c.files.get, NextProtos: []string{"h2", "http/1.1"}}
	case c.acme != nil:
		t := c.acme.TLSConfig() // with the protocol of the challenge TLS-ALPN-01 (RFC 8737)
		t.MinVersion = tlsVersion
		return t
	}
	return nil
}

// redirect leads plain HTTP to the address of the server, and answers the challenge HTTP-01 where certificates come by ACME. It goes by
// the settings, not by the Host that the client names.
func (c *certificates) redirect(address string) http.Handler {
	to, err := url.Parse(address)
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err != nil || r.Method != http.MethodGet && r.Method != http.MethodHead {
			http.Error(w, "Use TLS.", http.StatusUpgradeRequired)
			return
		}
		there := url.URL{Scheme: "https", Host: to.Host, Path: r.URL.Path, RawPath: r.URL.RawPath, RawQuery: r.URL.RawQuery}
		w.Header().Set("Connection", "close")
		http.Redirect(w, r, there.String(), http.StatusMovedPermanently)
	})
	if c.acme != nil {
		return c.acme.HTTPHandler(h)
	}
	return h
}

// acmeManager gets certificates for the domains of the settings and no others, and keeps them with the data.
func acmeManager(cfg *config.Config) (*autocert.Manager, error) {
	web := &http.Client{Timeout: time.Minute}
	if cfg.ACME.Roots != "" {
		pem, err := os.ReadFile(cfg.ACME.Roots)
		roots := x509.NewCertPool()
		if err != nil || !roots.AppendCertsFromPEM(pem) {
			return nil, errs.Wrap(err, errs.Invalid, "config.acme_roots", "path", cfg.ACME.Roots)
		}
		web.Transport = &http.Transport{Proxy: http.ProxyFromEnvironment, TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tlsVersion}}
	}
	return &autocert.Manager{Prompt: autocert.AcceptTOS, Email: cfg.ACME.Email, HostPolicy: autocert.HostWhitelist(cfg.ACME.Domains...),
		Cache: autocert.DirCache(filepath.Join(cfg.Data, "acme")), Client: &acme.Client{DirectoryURL: cfg.ACME.Directory, HTTPClient: web}}, nil
}

// certificateFiles is a certificate that somebody else renews: the files are read again when they change. While they are half written
// or damaged the one before stays.
type certificateFiles struct {
	cert, key string
	log       *slog.Logger
	now       func() time.Time

	mu      sync.Mutex
	current *tls.Certificate
	stamp   [2]fileStamp
	looked  time.Time
}

type fileStamp struct {
	at   time.Time
	size int64
}

// lookEvery is how often the files are looked at, at most.
const lookEvery = 5 * time.Second

func (f *certificateFiles) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now := f.now(); now.Sub(f.looked) >= lookEvery {
		f.looked = now
		if f.stamps() != f.stamp {
			if err := f.read(); err != nil {
				f.log.LogAttrs(context.Background(), slog.LevelWarn, "the changed certificate cannot be used", slog.String("error", err.Error()))
			} else {
				f.log.LogAttrs(context.Background(), slog.LevelInfo, "certificate read again")
			}
		}
	}
	return f.current, nil
}

func (f *certificateFiles) load() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.looked = f.now()
	return f.read()
}

func (f *certificateFiles) read() error {
	stamp := f.stamps()
	c, err := tls.LoadX509KeyPair(f.cert, f.key)
	if err != nil {
		return err
	}
	f.current, f.stamp = &c, stamp
	return nil
}

func (f *certificateFiles) stamps() (s [2]fileStamp) {
	for i, name := range []string{f.cert, f.key} {
		if info, err := os.Stat(name); err == nil {
			s[i] = fileStamp{info.ModTime(), info.Size()}
		}
	}
	return s
}
