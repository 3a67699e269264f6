// Package server puts the faces on the network: it mounts the one table of routes behind one chain of checks, listens,
// and stops without cutting anybody off.
//
// # The chain
//
// From outside to inside: request id, client address, access log, metrics and panic guard ([observe.go]); traces; security headers;
// compression; the choice of the route; and for each route its gate ([gate.go]): who asks, whether a page of another site makes
// them ask, how often they ask, whether they may, how long the body is.
//
// # What is written of a request
//
// Method, pattern, status, time, bytes, who. Neither the path, in which a one-time link may stand, nor the query nor the body.
package server

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"time"

	"cadastro/internal/app"
	"cadastro/internal/config"
	"cadastro/internal/server/route"
)

// Refusal answers a request with an error, under a status that fits it.
type Refusal func(w http.ResponseWriter, r *http.Request, status int, err error)

// Options are what a server is made of.
type Options struct {
	App    *app.App
	Routes []route.Route // of all faces; those of [Server.Routes] are added
	// Page answers a refusal to a person; nil for a line of text. The routes with API set are answered with problem+json.
	Page Refusal
	Now  func() time.Time // time.Now
}

// Server serves an app. Make one with [New].
type Server struct {
	app      *app.App
	log      *slog.Logger
	now      func() time.Time
	page     Refusal
	routes   []route.Route
	mux      *http.ServeMux
	handler  http.Handler
	origins  *http.CrossOriginProtection
	proxies  []netip.Prefix
	limits   limits
	stats    *stats
	stopping chan struct{}
	working  atomic.Bool // the job runner is at work
	ending   atomic.Bool

	readiness readiness
}

// New mounts the routes. It refuses a table with a route that does not say who may take it, or two for the same requests.
func New(o Options) (*Server, error) {
	cfg := &o.App.Config
	s := &Server{app: o.App, log: o.App.Log, now: o.Now, page: o.Page, mux: http.NewServeMux(),
		proxies: config.Prefixes(cfg.TrustedProxies), stopping: make(chan struct{}), origins: http.NewCrossOriginProtection()}
	if s.now == nil {
		s.now = time.Now
	}
	if s.page == nil {
		s.page = s.plainPage
	}
	s.limits = newLimits(cfg.Limit, s.now)
	s.stats = newStats(o.App)
	// Behind a proxy that gives us another Host, an older browser's Origin is known by the address of the settings.
	if err := s.origins.AddTrustedOrigin(originOf(cfg.URL)); err != nil {
		return nil, fmt.Errorf("server: %w", err)
	}
	s.routes = append(s.own(), o.Routes...)
	for _, r := range s.routes {
		if err := s.mount(r); err != nil {
			return nil, err
		}
	}
	compress, err := compression()
	if err != nil {
		return nil, err
	}
	s.handler = s.observe(s.headers(compress(http.HandlerFunc(s.choose))))
	return s, nil
}

// Routes gives the whole table, the server's own routes included.
func (s *Server) Routes() []route.Route { return s.routes }

// ServeHTTP answers a request through the whole chain.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

func (s *Server) mount(r route.Route) (err error) {
	pattern := strings.TrimSpace(r.Method + " " + r.Pattern)
	switch {
	case !r.Access.IsSaid():
		return fmt.Errorf("server: route %q does not say who may take it", pattern)
	case r.Handler == nil:
		return fmt.Errorf("server: route %q has no handler", pattern)
	}
	defer func() {
		if fault := recover(); fault != nil { // ServeMux panics on two patterns for the same requests
			err = fmt.Errorf("server: route %q: %v", pattern, fault)
		}
	}()
	s.mux.Handle(pattern, s.gate(r))
	return nil
}

// choose hands a request to its route. Where there is none, the answer is ours: the mux has only a line of text for it.
func (s *Server) choose(w http.ResponseWriter, r *http.Request) {
	if _, pattern := s.mux.Handler(r); pattern != "" {
		s.mux.ServeHTTP(w, r)
		return
	}
	probe := &probe{header: http.Header{}}
	s.mux.ServeHTTP(probe, r)
	status, err := http.StatusNotFound, errNoPage()
	if probe.status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", probe.header.Get("Allow"))
		status, err = http.StatusMethodNotAllowed, errNoMethod(r.Method)
	}
	s.refuse(w, s.known(w, r), isAPI(r.URL.Path), status, err)
}

// known has a page that says no still know who asks, so that it can greet them as the others do.
func (s *Server) known(w http.ResponseWriter, r *http.Request) *http.Request {
	c, err := s.credential(w, r, false)
	if err != nil || !c.ok {
		return r
	}
	return r.WithContext(c.in(r.Context()))
}

// isAPI tells whether a path that no route has was meant for the API.
func isAPI(path string) bool { return strings.HasPrefix(path, "/api/") }

// probe takes an answer of the mux's own, which is thrown away.
type probe struct {
	header http.Header
	status int
}

func (p *probe) Header() http.Header         { return p.header }
func (p *probe) Write(b []byte) (int, error) { return len(b), nil }
func (p *probe) WriteHeader(status int) {
	if p.status == 0 {
		p.status = status
	}
}
