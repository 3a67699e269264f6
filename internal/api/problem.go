package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/errs"
	"cadastro/internal/i18n"
	"cadastro/internal/server/problem"
	"cadastro/internal/server/request"
)

// Problem is the body of every error (RFC 9457), application/problem+json.
type Problem struct {
	Type    string  `json:"type" doc:"Always about:blank: code tells the kinds apart."`
	Title   string  `json:"title" doc:"What the status means, in the caller's language."`
	Status  int     `json:"status" doc:"The HTTP status."`
	Detail  string  `json:"detail" doc:"What is wrong and the cure, in the caller's language."`
	Code    string  `json:"code" doc:"Stable name of the error, e.g. import.not_found." example:"import.not_found"`
	Request string  `json:"request_id,omitempty" doc:"Names the request in the server's log."`
	Errors  []Fault `json:"errors,omitempty" doc:"Each place of the request that is wrong."`

	header http.Header
}

// Fault is one place of a request that is wrong.
type Fault struct {
	Location string `json:"location" doc:"Where it is, e.g. body.columns[3].field or query.limit."`
	Code     string `json:"code" doc:"Stable name of the fault."`
	Detail   string `json:"detail" doc:"What is wrong there, in the caller's language."`
	Value    any    `json:"value,omitempty" doc:"What was sent, where it is short."`
}

// Error makes a problem an error, for the log of a test.
func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

// GetStatus gives the status, as huma asks for it.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders gives the headers that belong to the problem.
func (p *Problem) GetHeaders() http.Header { return p.header }

// ContentType makes JSON the media type of problems.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// located is an error of one place of the request.
type located struct {
	error
	location string
}

func (l *located) Unwrap() error { return l.error }

// at says where in the request an error lies.
func at(location string, err error) error {
	if err == nil {
		return nil
	}
	return &located{err, location}
}

// problem makes a problem of an error; status 0 stands for that of its kind. An error of ours goes to the log.
func (a *API) problem(ctx context.Context, status int, err error) *Problem {
	return a.problemOf(callOf(ctx).r, callOf(ctx).text, status, err)
}

func (a *API) problemOf(r *http.Request, text *i18n.Printer, status int, err error) *Problem {
	if p, ok := errors.AsType[*Problem](err); ok {
		return p
	}
	if status == 0 {
		status = statusOf(err)
	}
	if status == http.StatusInternalServerError && r.Context().Err() == nil {
		a.app.Log.Error("api", "request_id", request.Of(r.Context()).ID, "error", err)
	}
	of := problem.Of(text, r, status, err)
	p := &Problem{Type: of.Type, Title: of.Title, Status: status, Detail: of.Detail, Code: of.Code, Request: of.Request, header: http.Header{}}
	p.header.Set("Cache-Control", "no-store")
	if status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests {
		p.header.Set("Retry-After", strconv.Itoa(retryAfter))
	}
	if l, ok := errors.AsType[*located](err); ok {
		p.Errors = []Fault{{Location: l.location, Code: p.Code, Detail: p.Detail}}
	}
	p.Errors = append(p.Errors, contactFaults(text, p, err)...)
	return p
}

// contactFaults tells which fields of a contact are wrong, or were changed by others since the caller saw them.
func contactFaults(text *i18n.Printer, p *Problem, err error) (list []Fault) {
	if faults, ok := errors.AsType[contact.Faults](err); ok {
		for _, is := range faults {
			list = append(list, Fault{Location: fieldPlace(is.Field), Code: is.Code, Detail: text.Issue(is), Value: echo(is.Value)})
		}
	}
	if changed, ok := errors.AsType[*contact.Changed](err); ok {
		for _, key := range changed.Fields {
			list = append(list, Fault{Location: fieldPlace(key), Code: p.Code, Detail: p.Detail})
		}
	}
	return list
}

// fieldPlace says where in a body the value of a field stands; an address is "phone.0".
func fieldPlace(key string) string {
	if kind, n, ok := strings.Cut(key, "."); ok && contact.IsChannel(kind) {
		return "body.channels." + kind + "[" + n + "]"
	}
	switch {
	case contact.IsChannel(key):
		return "body.channels." + key
	case key == contact.FieldTags, key == contact.FieldGroups:
		return "body." + key
	}
	return "body.fields." + key
}

// echo gives a value that is said back, nil for none.
func echo(s string) any {
	if s == "" {
		return nil
	}
	return errs.Clip(s, maxEcho)
}

// retryAfter is when what was busy is worth another try, in seconds.
const retryAfter = 5

// statusOf gives the status of an error: that of its kind, with the exceptions that programs count on.
func statusOf(err error) int {
	switch errs.CodeOf(err) {
	case "upload.too_many", "auth.too_many_tries":
		return http.StatusTooManyRequests
	case "contact.changed":
		return http.StatusPreconditionFailed
	case "api.version_missing":
		return http.StatusPreconditionRequired
	}
	return problem.Status(err)
}

// refuse answers with an error outside of huma.
func (a *API) refuse(w http.ResponseWriter, r *http.Request, status int, err error) {
	p := a.problemOf(r, a.printer(r), status, err)
	h := w.Header()
	for name, values := range p.header {
		h[name] = values
	}
	h.Set("Content-Type", p.ContentType(""))
	h.Set("Content-Language", string(a.printer(r).Lang))
	w.WriteHeader(p.Status)
	if r.Method == http.MethodHead {
		return
	}
	_ = json.NewEncoder(w).Encode(p) // the caller may be gone
}

// translate makes problems of what huma finds wrong with a request before a handler sees it.
func (a *API) translate(ctx huma.Context, _ string, v any) (any, error) {
	m, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	c := callOf(ctx.Context())
	if _, signedIn := auth.From(ctx.Context()); !signedIn {
		// Who may not ask is not told what is wrong with the question; see [add].
		return a.problemOf(c.r, c.text, m.Status, errs.New(errs.Unauthenticated, "auth.signed_out")), nil
	}
	p := a.problemOf(c.r, c.text, m.Status, requestError(m))
	for _, d := range m.Errors {
		p.Errors = append(p.Errors, fault(c.text, d))
	}
	return p, nil
}

// requestError gives the error as a whole for what huma says of a request.
func requestError(m *huma.ErrorModel) error {
	switch m.Status {
	case http.StatusRequestEntityTooLarge:
		return errs.New(errs.TooLarge, "api.body_too_large")
	case http.StatusUnsupportedMediaType:
		return errs.New(errs.Invalid, "api.media_type")
	case http.StatusRequestTimeout:
		return errs.New(errs.Invalid, "upload.cut")
	case http.StatusBadRequest:
		return errs.New(errs.Invalid, "api.not_json")
	case http.StatusUnprocessableEntity:
		return errs.New(errs.Invalid, "api.invalid", "count", len(m.Errors))
	}
	return errors.New("huma: " + m.Detail)
}
