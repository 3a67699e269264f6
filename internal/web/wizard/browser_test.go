package wizard_test

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"cadastro/examples"
	"cadastro/internal/api"
	"cadastro/internal/app/apptest"
	"cadastro/internal/auth"
	"cadastro/internal/web"
	"cadastro/internal/web/webtest"
)

// serve gives an app with its pages on the network.
func serve(t *testing.T) *apptest.Kit {
	t.Helper()
	k := apptest.New(t)
	site, err := web.New(k.App)
	if err != nil {
		t.Fatal(err)
	}
	k.Serve(slices.Concat(site.Routes(), api.New(k.App).Routes()), func(w http.ResponseWriter, r *http.Request, _ int, err error) { site.Fail(w, r, err) })
	return k
}

// file writes a file to be chosen.
func file(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestLook walks the steps with the example file and looks at each page.
func TestLook(t *testing.T) {
	k := serve(t)
	b := webtest.Open(t, k.URL, webtest.Look{Session: k.Session(auth.Manager)})
	b.Go("/imports/new")
	b.Everywhere("03-novo")
	b.Upload("#file", file(t, examples.Name, examples.Clients))
	b.At("/imports/1/file")
	b.See("#l2")
	b.Everywhere("03-arquivo")
	b.Click(".foot .pri")
	b.At("/imports/1/columns")
	b.Everywhere("04-colunas")
	b.Click(".foot .pri")
	b.At("/imports/1/review")
	b.See("#numbers")
	b.Everywhere("05-revisao")
}
