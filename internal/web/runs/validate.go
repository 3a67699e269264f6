package runs

import (
	"net/http"

	"cadastro/internal/importer"
	"cadastro/internal/web/page"
)

// validate has the file of a review that was not started in time read again, with its settings.
func (p *pages) validate(w http.ResponseWriter, r *http.Request) error {
	imp, err := p.load(r)
	if err != nil {
		return err
	}
	if imp.State == importer.Validating || imp.State == importer.InReview {
		return page.Redirect(w, r, address(imp)+"/review")
	}
	if _, err := p.App.Imports.StartReview(r.Context(), imp.Workspace, imp.ID, imp.Settings); err != nil {
		return err
	}
	return page.Redirect(w, r, address(imp)+"/review")
}
