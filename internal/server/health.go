package server

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"

	"cadastro/internal/server/route"
)

const (
	healthPath  = "/healthz"
	readyPath   = "/readyz"
	metricsPath = "/metrics"
)

// readyTime is how long one question of readiness may take, readyFresh how long its answer is good: everybody may ask, and each answer
// costs a write to the disk.
const (
	readyTime  = 5 * time.Second
	readyFresh = time.Second
)

// readiness is the last answer of what the server stands on.
type readiness struct {
	mu     sync.Mutex
	at     time.Time
	failed map[string]bool
}

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
	failed := s.standing(r.Context())
	parts, status := map[string]string{"database": "ok", "files": "ok", "jobs": "ok", "status": "ok"}, http.StatusOK
	for part := range failed {
		parts[part], status = "failing", http.StatusServiceUnavailable
	}
	if !s.working.Load() {
		parts["jobs"], status = "not running", http.StatusServiceUnavailable
	}
	switch {
	case s.ending.Load():
		parts["status"], status = "stopping", http.StatusServiceUnavailable
	case status != http.StatusOK:
		parts["status"] = "not ready"
	}
	answer(w, status, parts)
}

// standing tells which parts that the server stands on fail.
func (s *Server) standing(ctx context.Context) map[string]bool {
	f := &s.readiness
	f.mu.Lock()
	defer f.mu.Unlock()
	now := s.now()
	if f.failed != nil && now.Sub(f.at) < readyFresh {
		return f.failed
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readyTime) // others wait for the answer, too
	defer cancel()
	failed := map[string]bool{}
	for part, check := range map[string]func(context.Context) error{"database": s.app.CheckBase, "files": s.app.CheckFiles} {
		if err := check(ctx); err != nil {
			failed[part] = true
			s.log.WarnContext(ctx, "not ready", "part", part, "error", err)
		}
	}
	f.at, f.failed = now, failed
	return failed
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
