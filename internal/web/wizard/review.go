package wizard

import (
	"context"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"cadastro/internal/errs"
	"cadastro/internal/importer"
	"cadastro/internal/web/page"
)

// review begins the review of a draft, or goes to the one that there is.
func (p *pages) review(w http.ResponseWriter, r *http.Request, d *draft) error {
	to := importPath(d.imp.ID) + "/review"
	if d.imp.State == importer.Validating || d.imp.State == importer.InReview && !p.late(d.imp) {
		return page.Redirect(w, r, to) // nothing was changed
	}
	imp, err := p.app.Imports.StartReview(r.Context(), d.imp.Workspace, d.imp.ID, d.set)
	if err != nil {
		return err
	}
	name := nameOf(r.PostForm.Get("save_as"))
	if name == "" {
		name = mappingName(imp.FileName)
	}
	// The next file with these headers needs no hand.
	if err := p.app.Mappings.Save(r.Context(), imp.Workspace, name, imp.Settings.Mapping, imp.Settings); err != nil {
		return err
	}
	return page.Redirect(w, r, to)
}

// late tells whether a review's time is over.
func (p *pages) late(imp *importer.Import) bool {
	return imp.State == importer.Expired || imp.State == importer.InReview && p.app.Imports.Now().After(p.expiry(imp))
}

func (p *pages) expiry(imp *importer.Import) time.Time {
	return imp.ReviewedAt.Add(p.app.Imports.ReviewExpiry)
}

// mappingName names a saved mapping after its file, without the numbers and dates that differ from day to day.
func mappingName(file string) string {
	name := strings.TrimSuffix(file, filepath.Ext(file))
	name = strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, name)
	if name = strings.Trim(name, " -_.()"); name == "" {
		return "import"
	}
	return errs.Clip(name, maxName)
}

// quickly is how long a page waits for a review that will be through at once, so that a small file shows no bar.
const quickly = 700 * time.Millisecond

// step between two looks.
const lookEvery = 40 * time.Millisecond

func (p *pages) showReview(w http.ResponseWriter, r *http.Request) error {
	id, err := importID(r)
	if err != nil {
		return err
	}
	imp, err := p.settled(r.Context(), who(r), id)
	if err != nil {
		return err
	}
	switch imp.State {
	case importer.Uploaded:
		return page.Redirect(w, r, importPath(id)+"/file")
	case importer.Validating, importer.InReview, importer.Expired:
	default:
		if imp.State != importer.Failed || imp.Started() {
			return page.Redirect(w, r, importPath(id))
		}
	}
	f, err := p.reviewPage(r, imp)
	if err != nil {
		return err
	}
	if page.IsHTMX(r) {
		if f.State == "review" {
			f.Said = f.T("web.wizard.ready", "rows", imp.Summary.Rows, "errors", imp.Summary.Counts.Errors)
		}
		return p.Fragment(w, r, http.StatusOK, "review.html", "rev", f)
	}
	f.TakeFlash(w, r)
	return p.Show(w, r, http.StatusOK, "review.html", f)
}

// settled gives an import, and waits a moment for one whose review is about to be through.
func (p *pages) settled(ctx context.Context, workspace int64, id importer.ID) (*importer.Import, error) {
	until := time.Now().Add(quickly)
	for {
		imp, err := p.app.Imports.Get(ctx, workspace, id)
		if err != nil || imp.State != importer.Validating || time.Now().After(until) {
			return imp, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(lookEvery):
		}
	}
}

// startReview does the review again, with the settings that were chosen.
func (p *pages) startReview(w http.ResponseWriter, r *http.Request) error {
	id, err := importID(r)
	if err != nil {
		return err
	}
	imp, err := p.app.Imports.Get(r.Context(), who(r), id)
	if err != nil {
		return err
	}
	if _, err := p.app.Imports.StartReview(r.Context(), who(r), id, imp.Settings); err != nil {
		return err
	}
	return page.Redirect(w, r, importPath(id)+"/review")
}

// start has the import done as it was reviewed.
func (p *pages) start(w http.ResponseWriter, r *http.Request) error {
	id, err := importID(r)
	if err != nil {
		return err
	}
	if _, err := p.app.Imports.Start(r.Context(), who(r), id); err != nil {
		switch errs.CodeOf(err) {
		case "import.expired":
			return page.Redirect(w, r, importPath(id)+"/review") // which says so, and offers to validate again
		}
		return err
	}
	return page.Redirect(w, r, importPath(id))
}
