package server

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"cadastro/internal/server/request"
)

// seen is what the chain finds out about a request on its way in, for what is written of it on the way out.
type seen struct {
	pattern string
	actor   string
}

type seenKey struct{}

func seenOf(ctx context.Context) *seen {
	if s, ok := ctx.Value(seenKey{}).(*seen); ok {
		return s
	}
	return new(seen)
}

// observe is the outermost link: it names the request, tells where it comes from, guards against panics, and writes one line and the
// measurements at the end.
func (s *Server) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start, of := time.Now(), new(seen)
		ip, secure, trusted := s.origin(r)
		info := request.Info{ID: requestID(r, trusted), IP: ip, Secure: secure,
			SessionLife: s.app.Config.Session.Life.Duration(), Stopping: s.stopping}
		ctx := context.WithValue(request.With(r.Context(), info), seenKey{}, of)
		rec := &recorder{ResponseWriter: w, control: http.NewResponseController(w)}
		rec.Header().Set("X-Request-Id", info.ID)
		rec.patience(0) // what the request before left on the connection
		ctx, span := s.app.Spans.Request(ctx, r, trusted)
		r = r.WithContext(ctx)

		done := s.stats.begin()
		defer func() {
			fault := recover()
			if fault != nil {
				s.fault(rec, r, of, fault)
			}
			took := time.Since(start)
			status := rec.status
			if status == 0 {
				status = http.StatusOK
			}
			done(of.pattern, r.Method, status, took)
			span(of.pattern, status)
			s.line(r.Context(), r.Method, of, status, rec.bytes, took, info.ID)
			if fault != nil && rec.status != 0 && !rec.ours {
				panic(http.ErrAbortHandler) // half an answer is out: the client must see that it was cut
			}
			rec.patience(writeSilence) // the server writes out what is still buffered
		}()
		next.ServeHTTP(rec, r)
	})
}

// fault writes down a panic and answers with one sentence. http.ErrAbortHandler is a handler's way to cut an answer off.
func (s *Server) fault(rec *recorder, r *http.Request, of *seen, fault any) {
	if err, ok := fault.(error); !ok || !errors.Is(err, http.ErrAbortHandler) {
		s.log.LogAttrs(r.Context(), slog.LevelError, "panic in a handler", slog.String("pattern", of.pattern),
			slog.String("request_id", request.Of(r.Context()).ID), slog.Any("panic", fault), slog.String("stack", string(debug.Stack())))
	}
	if rec.status == 0 {
		rec.ours = true
		s.refuse(rec, r, isAPI(r.URL.Path), http.StatusInternalServerError, errPanic)
	}
}

var errPanic = errors.New("server: a handler panicked")

// line writes one line. What is asked for all the time and tells nothing is for who looks for it.
func (s *Server) line(ctx context.Context, method string, of *seen, status int, bytes int64, took time.Duration, id string) {
	level := slog.LevelInfo
	switch {
	case status >= 500:
		level = slog.LevelError
	case quiet(of.pattern):
		level = slog.LevelDebug
	}
	s.log.LogAttrs(ctx, level, "request", slog.String("method", method), slog.String("pattern", of.pattern), slog.Int("status", status),
		slog.Float64("ms", float64(took.Microseconds())/1000), slog.Int64("bytes", bytes), slog.String("actor", of.actor),
		slog.String("request_id", id))
}

func quiet(pattern string) bool {
	return pattern == healthPath || pattern == readyPath || pattern == metricsPath || strings.HasPrefix(pattern, "/assets/")
}

// requestID takes over the id that a trusted proxy gave, where it is one that can stand in a line, else makes one.
func requestID(r *http.Request, trusted bool) string {
	id := r.Header.Get("X-Request-Id")
	if trusted && len(id) >= 8 && len(id) <= 64 && strings.Trim(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == "" {
		return id
	}
	return rand.Text()[:16]
}

// recorder notes what goes out, and has the connection wait for a client that takes nothing for a while and no longer.
type recorder struct {
	http.ResponseWriter
	control *http.ResponseController
	status  int
	bytes   int64
	ours    bool // the answer is the panic guard's
}

// Unwrap lets http.ResponseController through.
func (rec *recorder) Unwrap() http.ResponseWriter { return rec.ResponseWriter }

// WriteHeader notes the status. Those of 1xx are no answer yet.
func (rec *recorder) WriteHeader(status int) {
	if rec.status == 0 && status >= 200 {
		rec.status = status
	}
	rec.ResponseWriter.WriteHeader(status)
}

// Write counts the bytes.
func (rec *recorder) Write(p []byte) (int, error) {
	if rec.status == 0 {
		rec.status = http.StatusOK
	}
	rec.patience(writeSilence)
	n, err := rec.ResponseWriter.Write(p)
	rec.patience(0)
	rec.bytes += int64(n)
	return n, err
}

// Flush sends what is buffered, for handlers that look for the method.
func (rec *recorder) Flush() { _ = rec.FlushError() }

// FlushError sends what is buffered.
func (rec *recorder) FlushError() error {
	if rec.status == 0 {
		rec.status = http.StatusOK
	}
	rec.patience(writeSilence)
	err := rec.control.Flush()
	rec.patience(0)
	return err
}

// patience sets how long a write may take from now on, 0 for as long as it likes. Between two writes there is no deadline: one that
// passes ends a stream of HTTP/2 although nobody waits for anything.
func (rec *recorder) patience(d time.Duration) {
	var until time.Time
	if d > 0 {
		until = time.Now().Add(d)
	}
	_ = rec.control.SetWriteDeadline(until) // a writer of a test knows no deadlines
}
