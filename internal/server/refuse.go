package server

import (
	"net/http"
	"net/url"
	"strings"

	"cadastro/internal/errs"
	"cadastro/internal/i18n"
	"cadastro/internal/server/problem"
)

// SignInPath is where a page leads who is not signed in.
const SignInPath = "/sign-in"

func errNoPage() error { return errs.New(errs.NotFound, "server.no_page") }

func errNoMethod(method string) error {
	return errs.New(errs.Invalid, "server.no_method", "method", method)
}

func errOtherSite() error { return errs.New(errs.Forbidden, "server.other_site") }

func errTooOften(seconds int) error {
	return errs.New(errs.Busy, "server.too_often", "seconds", seconds)
}

func errBodyTooLarge(limit int64) error {
	return errs.New(errs.TooLarge, "server.body_too_large", "limit", limit)
}

// refuse answers with an error: programs with problem+json, people with a page.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, api bool, status int, err error) {
	w.Header().Set("Cache-Control", "no-store")
	if api {
		problem.Write(w, r, s.app.Texts, status, err)
		return
	}
	s.page(w, r, status, err)
}

// plainPage is the refusal of a server that was given no page for it.
func (s *Server) plainPage(w http.ResponseWriter, r *http.Request, status int, err error) {
	p := s.app.Texts.Printer(i18n.Match(r.Header.Get("Accept-Language")))
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Content-Language", string(p.Lang))
	w.WriteHeader(status)
	_, _ = w.Write([]byte(problem.Title(p, status) + "\n\n" + p.Error(err) + "\n"))
}

// toSignIn leads a person who is not signed in to the sign-in, and back afterwards. A request of a script gets the address in
// the header that htmx follows: its own redirects would put the sign-in into a corner of the page.
func (s *Server) toSignIn(w http.ResponseWriter, r *http.Request) {
	to := SignInPath
	if next := nextOf(r); next != "" && next != "/" {
		to += "?next=" + url.QueryEscape(next)
	}
	w.Header().Set("Cache-Control", "no-store")
	if r.Header.Get("HX-Request") == "true" {
		w.Header().Set("HX-Redirect", to)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// nextOf gives where to go on after the sign-in: the page asked for; for a form or a fragment the page that it stands on.
func nextOf(r *http.Request) string {
	fragment := r.Header.Get("HX-Request") == "true"
	if !fragment && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		return r.URL.RequestURI()
	}
	from := r.Header.Get("Referer")
	if fragment {
		from = r.Header.Get("HX-Current-URL")
	}
	u, err := url.Parse(from)
	if err != nil || u.Host != r.Host || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(u.Path, "//") {
		return ""
	}
	return u.RequestURI()
}

func errNoMetrics() error { return errs.New(errs.Unauthenticated, "server.metrics_token") }

// WithStatus gives a writer that answers with one status, whatever the handler says: for a page that shows errors and knows them by
// their kind alone.
func WithStatus(w http.ResponseWriter, status int) http.ResponseWriter {
	return statusWriter{ResponseWriter: w, status: status}
}

type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader sends the one status.
func (w statusWriter) WriteHeader(int) { w.ResponseWriter.WriteHeader(w.status) }

// Unwrap lets http.ResponseController through.
func (w statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
