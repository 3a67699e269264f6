package webtest

import (
	"net/http"
	"slices"
	"testing"

	"cadastro/internal/api"
	"cadastro/internal/app/apptest"
	"cadastro/internal/web"
)

// Serve gives a whole app with all pages and the API on the network, as `cadastro serve` does.
func Serve(t testing.TB) *apptest.Kit {
	t.Helper()
	k := apptest.New(t)
	site, err := web.New(k.App)
	if err != nil {
		t.Fatal(err)
	}
	k.Serve(slices.Concat(site.Routes(), api.New(k.App).Routes()), func(w http.ResponseWriter, r *http.Request, _ int, err error) { site.Fail(w, r, err) })
	return k
}
