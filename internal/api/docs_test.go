package api_test

import (
	"testing"

	"cadastro/internal/api"
	"cadastro/internal/app/apptest"
	"cadastro/internal/web/webtest"
)

// TestDocsPage: the page of the docs in a browser, light and dark, wide and narrow.
func TestDocsPage(t *testing.T) {
	t.Parallel()
	k := apptest.New(t)
	k.Serve(api.New(k.App).Routes(), nil)
	b := webtest.Open(t, k.URL, webtest.Look{})
	b.Go("/api/docs")
	b.Axe()
	b.Picture("api-docs")
	b.Resize(390, 844)
	b.Dark(true)
	b.Axe()
	b.Picture("api-docs")
	b.Resize(360, 800)
	b.NoSideways()
	b.Resize(1440, 900)
	b.Click(`nav a[href="#review-import"]`)
	b.Click("#review-import summary")
	b.Click(`#review-import a[href="#schema-Settings"]`)
	b.See("#schema-Settings")
}
