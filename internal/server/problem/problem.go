// Package problem answers programs what went wrong, as RFC 9457 has it, in the caller's language.
package problem

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"

	"cadastro/internal/errs"
	"cadastro/internal/i18n"
	"cadastro/internal/server/request"
)

// Problem is the answer's body, application/problem+json.
type Problem struct {
	Type    string `json:"type"`   // always "about:blank": Code tells the kinds apart
	Title   string `json:"title"`  // what the status means
	Status  int    `json:"status"` // as in the answer
	Detail  string `json:"detail"` // what happened and the cure
	Code    string `json:"code"`   // stable, e.g. "auth.signed_out"; "internal" for what is our fault
	Request string `json:"request_id,omitempty"`
}

// Status gives the status for an error by its kind.
func Status(err error) int {
	switch errs.KindOf(err) {
	case errs.Invalid:
		return http.StatusUnprocessableEntity
	case errs.NotFound:
		return http.StatusNotFound
	case errs.Conflict, errs.Cancelled:
		return http.StatusConflict
	case errs.Unauthenticated:
		return http.StatusUnauthorized
	case errs.Forbidden:
		return http.StatusForbidden
	case errs.TooLarge:
		return http.StatusRequestEntityTooLarge
	case errs.Busy:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// Title gives what a status means, in a few words; for one that has no words of its own those of its class.
func Title(p *i18n.Printer, status int) string {
	switch {
	case slices.Contains([]int{401, 403, 404, 405, 409, 413, 429, 503}, status):
	case status < 500:
		status = http.StatusUnprocessableEntity
	default:
		status = http.StatusInternalServerError
	}
	return p.T("problem.title." + strconv.Itoa(status))
}

// Of gives the problem that an error is. Errors that are not ours come out as one that gives nothing away.
func Of(p *i18n.Printer, r *http.Request, status int, err error) Problem {
	code := errs.CodeOf(err)
	if code == "" {
		code = "internal"
	}
	return Problem{Type: "about:blank", Title: Title(p, status), Status: status, Detail: p.Error(err), Code: code, Request: request.Of(r.Context()).ID}
}

// Write answers with an error, in the language that the request accepts.
func Write(w http.ResponseWriter, r *http.Request, texts *i18n.Catalogue, status int, err error) {
	p := texts.Printer(i18n.Match(r.Header.Get("Accept-Language")))
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Content-Language", string(p.Lang))
	h.Set("Cache-Control", "no-store")
	h.Del("Content-Length")
	body, failed := json.Marshal(Of(p, r, status, err))
	if failed != nil {
		status, body = http.StatusInternalServerError, nil
	}
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n')) // the caller may be gone
}
