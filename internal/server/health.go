package server

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"cadastro/internal/server/route"
)

const (
	healthPath  = "/healthz"
	readyPath   = "/readyz"
	metricsPath = "/metrics"
)

// readyTime is how long one question of readiness may take.
const readyTime = 5 * time.Second

// own gives the routes that belong to no face.
func (s *Server) own() []route.Route {
	return []route.Route{
		{Method: "GET", Pattern: healthPath, Access: route.Static(), Handler: http.HandlerFunc(s.health), API: true},
		{Method: "GET", Pattern: readyPath, Access: route.Static(), Handler: http.HandlerFunc(s.ready), API: true},
		{Method: "GET", Pattern: metricsPath, Access: route.Static(), Handler: http.HandlerFunc(s.metricsByToken), API: true},
	}
}

// inner answers on the second address, which is for the inner network.
func (s *Server) inner() http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("GET "+healthPath, s.health)
	m.HandleFunc("GET "+readyPath, s.ready)
	m.Handle("GET "+metricsPath, s.stats)
	return m
}

// health says that the process is alive: who restarts it on a no must not restart it because the base is away.
func (s *Server) health(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, map[string]string{"status": "ok"})
}

// ready says whether requests should come here: base and files answer, the schema is this program's, the runner works, and nobody has
// asked the process to end. Each part is told by "ok" or a word of what is wrong, without details: everybody may ask.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyTime)
	defer cancel()
	parts, status := map[string]string{}, http.StatusOK
	for _, p := range []struct {
		name string
		is   func() error
	}{
		{"database", func() error { return s.app.CheckBase(ctx) }},
		{"files", func() error { return s.app.CheckFiles(ctx) }},
	} {
		parts[p.name] = "ok"
		if err := p.is(); err != nil {
			parts[p.name], status = "failing", http.StatusServiceUnavailable
			s.log.WarnContext(ctx, "not ready", "part", p.name, "error", err)
		}
	}
	parts["jobs"] = "ok"
	if !s.working.Load() {
		parts["jobs"], status = "not running", http.StatusServiceUnavailable
	}
	parts["status"] = "ok"
	switch {
	case s.ending.Load():
		parts["status"], status = "stopping", http.StatusServiceUnavailable
	case status != http.StatusOK:
		parts["status"] = "not ready"
	}
	answer(w, status, parts)
}

// metricsByToken gives the measurements on the main address, where everybody is: to who has the token, and where none is set to nobody.
func (s *Server) metricsByToken(w http.ResponseWriter, r *http.Request) {
	token := s.app.Config.Metrics.Token
	given, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if token == "" {
		s.refuse(w, r, true, http.StatusNotFound, errNoPage())
		return
	}
	if !ok || subtle.ConstantTimeCompare([]byte(given), []byte(token)) != 1 {
		w.Header().Set("WWW-Authenticate", "Bearer")
		s.refuse(w, r, true, http.StatusUnauthorized, errNoMetrics())
		return
	}
	s.stats.ServeHTTP(w, r)
}

func answer(w http.ResponseWriter, status int, body map[string]string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the caller may be gone
}
