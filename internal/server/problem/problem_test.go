package problem

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"cadastro/internal/errs"
	"cadastro/internal/i18n"
	"cadastro/internal/server/request"
)

// TestWrite: an error comes out under its status, in the caller's language; one that is not ours gives nothing away.
func TestWrite(t *testing.T) {
	t.Parallel()
	texts, err := i18n.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		err    error
		accept string
		status int
		code   string
		title  string
	}{
		{errs.New(errs.Forbidden, "auth.forbidden", "permission", "x"), "en", 403, "auth.forbidden", "Not allowed"},
		{fmt.Errorf("import 7: %w", errs.New(errs.NotFound, "server.no_page")), "es-MX,es;q=0.9", 404, "server.no_page", "No encontrado"},
		{errs.New(errs.Busy, "server.too_often", "seconds", 3), "fr", 503, "server.too_often", "Ocupado"},
		{errs.New(errs.TooLarge, "server.body_too_large", "limit", int64(10)), "", 413, "server.body_too_large", "Grande demais"},
		{errors.New("connect to postgres://u:secret@db"), "en", 500, "internal", "Failure on our side"},
	} {
		r := httptest.NewRequest("GET", "/api/v1/imports", nil)
		r.Header.Set("Accept-Language", tt.accept)
		r = r.WithContext(request.With(r.Context(), request.Info{ID: "request-1"}))
		w := httptest.NewRecorder()
		w.Header().Set("Content-Length", "3") // of the answer that there was to be
		Write(w, r, texts, Status(tt.err), tt.err)
		var p Problem
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		if w.Code != tt.status || p.Status != tt.status || p.Code != tt.code || p.Title != tt.title || p.Request != "request-1" || p.Detail == "" ||
			strings.HasPrefix(p.Detail, "[") || w.Header().Get("Content-Type") != "application/problem+json" || w.Header().Get("Content-Length") != "" {
			t.Errorf("%v: %d %s %v", tt.err, w.Code, w.Body, w.Header())
		}
		if strings.Contains(w.Body.String(), "secret") {
			t.Errorf("told: %s", w.Body)
		}
	}
	for status, want := range map[int]string{415: "Request refused", 410: "Request refused", 502: "Failure on our side", 409: "Conflict"} {
		if got := Title(texts.Printer(i18n.English), status); got != want {
			t.Errorf("%d: %q, want %q", status, got, want)
		}
	}
}
