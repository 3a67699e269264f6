package wizard

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strconv"

	"cadastro/examples"
	"cadastro/internal/errs"
	"cadastro/internal/importer"
	"cadastro/internal/server/problem"
	"cadastro/internal/table"
	"cadastro/internal/template"
	"cadastro/internal/upload"
	"cadastro/internal/web/page"
)

// newPage is the first page: choose a file.
type newPage struct {
	base
	From    *importer.Import // its settings are taken over; nil for none
	MaxSize int64
	File    string // the file that was refused
	Refusal string // why, and what to do
	Accept  string
	Resume  string // where pieces of a file are sent
}

// accepted are the names' ends that a file dialog offers; what a file is, its content says.
const accepted = ".csv,.tsv,.txt,.xlsx,.xlsm,.xls,.ods,.vcf,.json,.ndjson,.jsonl,.gz,.zip"

// uploads is where the protocol of resumable uploads is spoken.
const uploads = "/api/v1/uploads"

func (p *pages) newPage(r *http.Request) (*newPage, error) {
	d := &newPage{base: p.base(r, 1, 0), MaxSize: p.app.Imports.Limits.WithDefaults().Bytes, Accept: accepted, Resume: uploads}
	from, _ := strconv.ParseInt(r.URL.Query().Get("from"), 10, 64)
	if from > 0 {
		imp, err := p.app.Imports.Get(r.Context(), who(r), importer.ID(from))
		if err != nil {
			return nil, err
		}
		d.From = imp
	}
	return d, nil
}

func (p *pages) showNew(w http.ResponseWriter, r *http.Request) error {
	d, err := p.newPage(r)
	if err != nil {
		return err
	}
	d.TakeFlash(w, r)
	return p.Show(w, r, http.StatusOK, "new.html", d)
}

// upload takes the file of a plain form.
func (p *pages) upload(w http.ResponseWriter, r *http.Request) error {
	if r.URL.Query().Get("example") == "1" {
		return p.takeExample(w, r)
	}
	d, err := p.newPage(r)
	if err != nil {
		return err
	}
	r.Body = upload.Patient(w, r.Body)
	name, body, _, err := upload.FromForm(r)
	if err == nil {
		d.File = name
		var imp *importer.Import
		if imp, err = p.take(r.Context(), who(r), d.From, name, body); err == nil {
			return page.Redirect(w, r, importPath(imp.ID)+"/file")
		}
	}
	if !mendable(err) {
		return err
	}
	return p.refuse(w, r, d, err)
}

// refuse shows the first page with why a file cannot be taken.
func (p *pages) refuse(w http.ResponseWriter, r *http.Request, d *newPage, why error) error {
	d.Refusal = d.Text.Error(why)
	if page.IsHTMX(r) {
		return p.Fragment(w, r, problem.Status(why), "new.html", "refusal", d)
	}
	return p.Show(w, r, problem.Status(why), "new.html", d)
}

// take stores a file and looks whether it can be read at all; one that cannot be is dropped again.
func (p *pages) take(ctx context.Context, workspace int64, from *importer.Import, name string, body io.Reader) (imp *importer.Import, err error) {
	if from != nil && len(from.Settings.Mapping.Columns) > 0 {
		imp, err = p.app.Imports.Again(ctx, workspace, from.ID, name, body, nil)
	} else {
		imp, err = p.app.Imports.Upload(ctx, workspace, name, body, nil)
	}
	if err != nil {
		return nil, err
	}
	if err := p.readable(ctx, imp); err != nil {
		if !mendable(err) {
			return nil, err
		}
		if drop := p.app.Imports.Cancel(ctx, workspace, imp.ID); drop != nil {
			return nil, drop
		}
		return nil, err
	}
	if from != nil && (from.State == importer.Uploaded || from.State == importer.InReview) {
		// The file at hand takes the place of one that nobody will start any more.
		if err := p.app.Imports.Cancel(ctx, workspace, from.ID); err != nil && errs.KindOf(err) != errs.Conflict {
			return nil, err
		}
	}
	return imp, nil
}

func (p *pages) readable(ctx context.Context, imp *importer.Import) error {
	src, done, err := p.app.Imports.Source(ctx, imp)
	if err != nil {
		return err
	}
	defer done.Close()
	g, err := table.Detect(ctx, src, p.app.Imports.Limits)
	if err != nil {
		return err
	}
	return noRows(&g)
}

// noRows is the error of a file in which there is nothing to import.
func noRows(g *table.Guess) error {
	for _, n := range g.Notes {
		switch {
		case n.Code == "file.header_only":
			return errs.New(errs.Invalid, "file.header_only")
		case n.Severity == errs.Reject:
			return errs.New(errs.Invalid, "file.no_rows")
		}
	}
	return nil
}

// takeExample opens an import of the file that comes with the program.
func (p *pages) takeExample(w http.ResponseWriter, r *http.Request) error {
	imp, err := p.take(r.Context(), who(r), nil, examples.Name, bytes.NewReader(examples.Clients))
	if err != nil {
		return err
	}
	return page.Redirect(w, r, importPath(imp.ID)+"/file")
}

func (p *pages) templateCSV(w http.ResponseWriter, r *http.Request) error {
	return p.template(w, r, "csv", "text/csv; charset=utf-8", template.WriteCSV)
}

func (p *pages) templateXLSX(w http.ResponseWriter, r *http.Request) error {
	return p.template(w, r, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", template.WriteXLSX)
}

// template sends the file to fill in, in the reader's language and with the workspace's own fields.
func (p *pages) template(w http.ResponseWriter, r *http.Request, ext, kind string, write func(io.Writer, template.Options) error) error {
	b := p.kit.Base(r, "imports", "web.wizard.title")
	cat, err := p.app.Contacts.Catalogue(r.Context(), who(r))
	if err != nil {
		return err
	}
	var buf bytes.Buffer
	if err := write(&buf, template.Options{Text: b.Text, Country: p.app.Config.Country, Fields: cat.Fields}); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", `attachment; filename="`+b.T("web.wizard.template_name")+"."+ext+`"`)
	h.Set("Content-Length", strconv.Itoa(buf.Len()))
	_, err = w.Write(buf.Bytes())
	return err
}
