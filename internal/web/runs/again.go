package runs

import (
	"context"
	"io"
	"net/http"
	"path"
	"strings"

	"cadastro/internal/errs"
	"cadastro/internal/importer"
	"cadastro/internal/server/problem"
	"cadastro/internal/table"
	"cadastro/internal/upload"
	"cadastro/internal/web/page"
)

// againPage asks for a file that is to be imported as an earlier one was.
type againPage struct {
	page.Base
	Imp *importer.Import
	URL string
	How []setting
}

func (p *pages) againPage(r *http.Request) (*againPage, error) {
	imp, err := p.load(r)
	if err != nil {
		return nil, err
	}
	d := &againPage{Base: p.Base(r, "imports", "web.runs.again"), Imp: imp, URL: address(imp)}
	cat, err := p.App.Contacts.Catalogue(r.Context(), imp.Workspace)
	if err != nil {
		return nil, err
	}
	d.How = how(&d.Base, imp, cat)
	return d, nil
}

func (p *pages) askAgain(w http.ResponseWriter, r *http.Request) error {
	d, err := p.againPage(r)
	if err != nil {
		return err
	}
	return p.tpl.Show(w, r, http.StatusOK, "again.html", d)
}

// again takes a file in with the settings of an earlier import.
func (p *pages) again(w http.ResponseWriter, r *http.Request) error {
	imp, err := p.load(r)
	if err != nil {
		return err
	}
	r.Body = upload.Patient(w, r.Body)
	name, body, _, err := upload.FromForm(r)
	if err == nil {
		var next *importer.Import
		if next, err = p.App.Imports.Again(r.Context(), imp.Workspace, imp.ID, name, body, nil); next != nil {
			return p.goOn(w, r, next)
		}
	}
	d, fault := p.againPage(r)
	if fault != nil {
		return fault
	}
	if err := d.Faults.Add(d.Text, "file", err); err != nil {
		return err
	}
	w.Header().Set("Connection", "close") // the rest of the file is not read
	return p.tpl.Show(w, r, problem.Status(err), "again.html", d)
}

// correct opens a new import of the rows that were errors, with the same settings, so that they are mended in its review.
func (p *pages) correct(w http.ResponseWriter, r *http.Request) error {
	imp, err := p.load(r)
	if err != nil {
		return err
	}
	if !imp.Started() || imp.Counts.Errors == 0 {
		return errs.New(errs.Conflict, "web.no_errors")
	}
	ctx, stop := context.WithCancel(r.Context())
	defer stop()
	rows, to := io.Pipe()
	go func() { to.CloseWithError(p.writeErrors(ctx, imp, to)) }()
	defer rows.Close()
	b := p.Base(r, "imports", "web.runs.result.title")
	own := upload.CleanName(imp.FileName)
	name := upload.CleanName(strings.TrimSuffix(own, path.Ext(own)) + " - " + b.T("web.runs.file.errors") + ".csv")
	next, err := p.App.Imports.Again(ctx, imp.Workspace, imp.ID, name, rows, nil)
	if err != nil {
		return err
	}
	return p.goOn(w, r, next)
}

// writeErrors writes the rows that are errors, their cells as they came: the file is read again by us alone.
func (p *pages) writeErrors(ctx context.Context, imp *importer.Import, to io.Writer) error {
	tw, err := table.NewWriter(to, table.Dialect{Format: table.CSV, Charset: "utf-8", Delimiter: ";", Quote: '"'}, table.WriterOptions{BOM: true})
	if err != nil {
		return err
	}
	if err := p.App.Imports.WriteErrors(ctx, imp, tw); err != nil {
		return err
	}
	return tw.Flush()
}

// goOn reviews an import that took over settings, where they hold for its columns; else a person settles them first.
func (p *pages) goOn(w http.ResponseWriter, r *http.Request, imp *importer.Import) error {
	set := imp.Settings
	if len(set.Mapping.Columns) == 0 || set.Mapping.Validate(set.Purpose, set.Identifier) != nil {
		return page.Redirect(w, r, address(imp)+"/file")
	}
	if _, err := p.App.Imports.StartReview(r.Context(), imp.Workspace, imp.ID, set); err != nil {
		return err
	}
	return page.Redirect(w, r, address(imp)+"/review")
}

// same takes the very file of an earlier import in again, with its settings.
func (p *pages) same(w http.ResponseWriter, r *http.Request) error {
	imp, err := p.load(r)
	if err != nil {
		return err
	}
	next, err := p.App.Imports.Again(r.Context(), imp.Workspace, imp.ID, "", nil, nil)
	if err != nil {
		return err
	}
	return p.goOn(w, r, next)
}
