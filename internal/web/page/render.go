package page

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"

	"cadastro/internal/errs"
	"cadastro/internal/server/problem"
)

// Handler answers a request, or gives the error that is to be shown instead. One that has begun to write an answer
// returns nil.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Handle makes a Handler one of net/http.
func (k *Kit) Handle(h Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			k.Fail(w, r, err)
		}
	})
}

// Show answers with a page: the frame with "main" of the file name in it. data embeds a [Base].
func (p *Pages) Show(w http.ResponseWriter, r *http.Request, status int, name string, data any) error {
	return p.execute(w, status, name, "frame", data)
}

// Fragment answers with one fragment of the file name, for htmx.
func (p *Pages) Fragment(w http.ResponseWriter, r *http.Request, status int, name, fragment string, data any) error {
	return p.execute(w, status, name, fragment, data)
}

// execute writes nothing before the template has come to its end, so that a fault in it is a clean error.
func (p *Pages) execute(w http.ResponseWriter, status int, name, fragment string, data any) error {
	t := p.set[name]
	if t == nil {
		return fmt.Errorf("page: no template %q", name)
	}
	var buf bytes.Buffer
	if err := t.ExecuteTemplate(&buf, fragment, data); err != nil {
		return fmt.Errorf("page: %s: %w", name, err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(buf.Len()))
	h.Add("Vary", "HX-Request, Accept-Language")
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-store") // pages hold what only this person may see
	}
	w.WriteHeader(status)
	_, err := w.Write(buf.Bytes())
	if err != nil {
		return nil // the reader has gone; there is nobody to tell
	}
	return nil
}

// Redirect leads to another page with GET; htmx is told to load it whole.
func Redirect(w http.ResponseWriter, r *http.Request, to string) error {
	if IsHTMX(r) {
		w.Header().Set("HX-Redirect", to)
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// IsHTMX tells whether htmx asks and wants a fragment.
func IsHTMX(r *http.Request) bool {
	return r.Header.Get("HX-Request") == "true" && r.Header.Get("HX-History-Restore-Request") != "true"
}

// Fail shows an error: a page, or a note on the page at hand where htmx asked. What is not meant for people is told to
// the log alone.
func (k *Kit) Fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, r.Context().Err()) && r.Context().Err() != nil {
		return // nobody waits for the answer
	}
	status := problem.Status(err)
	if status == http.StatusInternalServerError {
		k.Log().LogAttrs(r.Context(), slog.LevelError, "page failed", slog.String("pattern", r.Pattern), slog.String("error", err.Error()))
	}
	b := k.Base(r, "", "web.error.title")
	data := struct {
		Base
		Status int
		Text   string
	}{b, status, b.Text.Error(err)}
	fragment := "frame"
	if IsHTMX(r) {
		w.Header().Set("HX-Retarget", "#notes")
		w.Header().Set("HX-Reswap", "innerHTML")
		fragment = "error-note"
	} else if !b.SignedIn {
		data.Bare = true
	}
	if err := k.errors.execute(w, status, "error.html", fragment, data); err != nil {
		k.Log().LogAttrs(r.Context(), slog.LevelError, "error page failed", slog.String("error", err.Error()))
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
	}
}

// NotFound answers for a path that leads nowhere.
func (k *Kit) NotFound() http.Handler {
	return k.Handle(func(w http.ResponseWriter, r *http.Request) error { return errs.New(errs.NotFound, "web.not_found") })
}
