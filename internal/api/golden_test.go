package api_test

import (
	"bytes"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"cadastro/internal/api"
	"cadastro/internal/app/apptest"
)

var update = flag.Bool("update", false, "write the golden files anew")

const golden = "openapi.yaml"

// TestOpenAPI: the contract is the one that was agreed. A difference is a change of the contract, to be read before
// -update writes it.
func TestOpenAPI(t *testing.T) {
	t.Parallel()
	routes := api.New(apptest.New(t).App).Routes()
	var got []byte
	for _, r := range routes {
		if r.Pattern == "/api/openapi.yaml" {
			w := httptest.NewRecorder()
			r.Handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, r.Pattern, nil))
			got = w.Body.Bytes()
		}
	}
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(got, want) {
		return
	}
	g, w := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range g {
		if i >= len(w) || g[i] != w[i] {
			t.Fatalf("%s:%d differs: %q; run go test ./internal/api -run TestOpenAPI -update and read the difference", golden, i+1, g[i])
		}
	}
	t.Fatalf("%s is longer than what is served", golden)
}

// TestRoutesSay: every route says who may take it, stands once, and is the API's; what {id} names is told.
func TestRoutesSay(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, r := range api.New(apptest.New(t).App).Routes() {
		name := r.Method + " " + r.Pattern
		if !r.Access.IsSaid() {
			t.Errorf("%s does not say who may take it", name)
		}
		if _, ok := r.Access.Permission(); !ok && !r.Access.IsStatic() {
			t.Errorf("%s asks for no permission", name)
		}
		if seen[name] {
			t.Errorf("%s stands twice", name)
		}
		seen[name] = true
		if !r.API {
			t.Errorf("%s is not of the API", name)
		}
		if strings.Contains(r.Pattern, "{id}") != (r.Object != "") {
			t.Errorf("%s: object %q", name, r.Object)
		}
	}
}
