package runs

import (
	"bufio"
	"io"
	"mime"
	"net/http"
	"path"
	"strings"

	"cadastro/internal/errs"
	"cadastro/internal/i18n"
	"cadastro/internal/importer"
	"cadastro/internal/table"
	"cadastro/internal/upload"
	"cadastro/internal/xlsx"
)

// file sends one of an import's files: result.csv, result.xlsx, errors.csv, errors.xlsx or the original.
func (p *pages) file(w http.ResponseWriter, r *http.Request) error {
	imp, err := p.load(r)
	if err != nil {
		return err
	}
	switch r.PathValue("name") {
	case "result.csv":
		return p.resultCSV(w, r, imp)
	case "result.xlsx":
		if !imp.HasResult() {
			return errs.New(errs.NotFound, "import.no_result", "id", int64(imp.ID))
		}
		return p.workbook(w, r, imp, "result", func(to importer.Sink) error { return p.App.Imports.WriteResult(r.Context(), imp, to) })
	case "errors.csv":
		return p.errorsCSV(w, r, imp)
	case "errors.xlsx":
		if err := p.hasRows(r, imp); err != nil {
			return err
		}
		return p.workbook(w, r, imp, "errors", func(to importer.Sink) error { return p.App.Imports.WriteErrors(r.Context(), imp, to) })
	case "original":
		return p.original(w, r, imp)
	}
	return errs.New(errs.NotFound, "web.not_found")
}

// resultCSV sends the result file as it was written while the import ran.
func (p *pages) resultCSV(w http.ResponseWriter, r *http.Request, imp *importer.Import) error {
	f, err := p.App.Imports.OpenResult(r.Context(), imp)
	if err != nil {
		return err
	}
	defer f.Close()
	p.head(w, r, imp, "result", ".csv", f.Size())
	return sent(io.Copy(w, io.NewSectionReader(f, 0, f.Size())))
}

// hasRows tells whether the file and the plan, of which the errors are written, are still kept.
func (p *pages) hasRows(r *http.Request, imp *importer.Import) error {
	_, c, err := p.App.Imports.Source(r.Context(), imp)
	if err != nil {
		return err
	}
	return c.Close()
}

func (p *pages) errorsCSV(w http.ResponseWriter, r *http.Request, imp *importer.Import) error {
	if err := p.hasRows(r, imp); err != nil {
		return err
	}
	d := table.Dialect{Format: table.CSV, Charset: "utf-8", Delimiter: ";", Quote: '"'}
	if p.Base(r, "", "web.runs.result.title").Lang == i18n.English {
		d.Delimiter = ","
	}
	out := p.begin(w, r, imp, "errors", ".csv")
	tw, err := table.NewWriter(out, d, table.WriterOptions{BOM: true, Guard: true})
	if err != nil {
		return err
	}
	if err := p.App.Imports.WriteErrors(r.Context(), imp, tw); err != nil {
		return out.fail(err)
	}
	return out.end(tw.Flush())
}

// workbook sends rows as a workbook whose cells are all text.
func (p *pages) workbook(w http.ResponseWriter, r *http.Request, imp *importer.Import, name string, write func(importer.Sink) error) error {
	out := p.begin(w, r, imp, name, ".xlsx")
	b := p.Base(r, "", "web.runs.result.title")
	s := &sheet{x: xlsx.NewWriter(out, xlsx.WriterOptions{RollOver: true}), name: b.T("web.runs.sheet." + name)}
	if err := write(s); err != nil {
		return out.fail(err)
	}
	return out.end(s.x.Close())
}

// sheet takes rows, the first of them as the header.
type sheet struct {
	x     *xlsx.Writer
	name  string
	begun bool
}

// Write writes a row.
func (s *sheet) Write(cells []string) error {
	if s.begun {
		return s.x.Write(cells)
	}
	s.begun = true
	columns := make([]xlsx.Column, len(cells))
	for i, c := range cells {
		columns[i].Header = c
	}
	return s.x.Sheet(s.name, columns)
}

// original sends the file as it came.
func (p *pages) original(w http.ResponseWriter, r *http.Request, imp *importer.Import) error {
	src, c, err := p.App.Imports.Source(r.Context(), imp)
	if err != nil {
		return err
	}
	defer c.Close()
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream") // whatever it is, no browser is to show it as a page of ours
	disposition(w, upload.CleanName(imp.FileName))
	h.Set("Content-Length", plain(src.Size))
	return sent(io.Copy(w, io.NewSectionReader(src.Data, 0, src.Size)))
}

// head begins the answer with a file of ours; size is less than 0 where it is not known.
func (p *pages) head(w http.ResponseWriter, r *http.Request, imp *importer.Import, name, ext string, size int64) {
	kinds := map[string]string{".csv": "text/csv; charset=utf-8", ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
	b := p.Base(r, "", "web.runs.result.title")
	w.Header().Set("Content-Type", kinds[ext])
	w.Header().Set("Cache-Control", "no-store")
	own := upload.CleanName(imp.FileName)
	own = strings.TrimSuffix(own, path.Ext(own))
	disposition(w, upload.CleanName(own+" - "+b.T("web.runs.file."+name)+ext))
	if size >= 0 {
		w.Header().Set("Content-Length", plain(size))
	}
}

// disposition has the browser keep the answer as a file of that name. mime writes names beyond ASCII as RFC 5987 has it.
func disposition(w http.ResponseWriter, name string) {
	v := mime.FormatMediaType("attachment", map[string]string{"filename": name})
	if v == "" {
		v = "attachment"
	}
	w.Header().Set("Content-Disposition", v)
}

// sent ends an answer that has begun: the reader has gone, or is to see that the file is not whole.
func sent(_ int64, err error) error {
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	return nil
}

// download is a file that is written while it is sent. Nothing goes out before the first bytes are there, so that a
// fault at the start is a page and not half a file.
type download struct {
	*bufio.Writer
	begun *begun
}

// begun knows whether anything has gone out.
type begun struct {
	w    http.ResponseWriter
	head func()
	any  bool
}

// Write sends bytes, the headers before the first.
func (b *begun) Write(p []byte) (int, error) {
	if !b.any {
		b.any = true
		b.head()
	}
	return b.w.Write(p)
}

func (p *pages) begin(w http.ResponseWriter, r *http.Request, imp *importer.Import, name, ext string) *download {
	b := &begun{w: w, head: func() { p.head(w, r, imp, name, ext, -1) }}
	return &download{bufio.NewWriterSize(b, 64<<10), b}
}

// fail ends a file that cannot be written to its end.
func (d *download) fail(err error) error {
	if d.begun.any {
		panic(http.ErrAbortHandler)
	}
	return err
}

// end completes a file.
func (d *download) end(err error) error {
	if err != nil {
		return d.fail(err)
	}
	if err := d.Flush(); err != nil {
		panic(http.ErrAbortHandler)
	}
	return nil
}
