package api

import (
	"io"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"

	"cadastro/internal/errs"
	"cadastro/internal/i18n"
	"cadastro/internal/table"
	"cadastro/internal/upload"
	"cadastro/internal/xlsx"
)

// writeSilence is how long a reader of a file may take nothing.
const writeSilence = 2 * time.Minute

// download is a file on its way out. Its headers go out with the first bytes, so that what fails before them is still told
// as a problem.
type download struct {
	w     http.ResponseWriter
	name  string
	kind  string // media type
	begun bool
}

// Write writes on, for as long as the reader takes something now and then.
func (d *download) Write(p []byte) (int, error) {
	_ = http.NewResponseController(d.w).SetWriteDeadline(time.Now().Add(writeSilence))
	if !d.begun {
		d.begun = true
		h := d.w.Header()
		h.Set("Content-Type", d.kind)
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": d.name}))
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		d.w.WriteHeader(http.StatusOK)
	}
	return d.w.Write(p)
}

// rows takes the rows of a file, header first.
type rows interface{ Write(cells []string) error }

// send sends a file of rows that f writes: as CSV as a spreadsheet program of the language takes it, or as a workbook.
func (a *API) send(w http.ResponseWriter, r *http.Request, asWorkbook bool, stem, sheet string, lang i18n.Lang, f func(rows) error) {
	d := &download{w: w, name: stem + ".csv", kind: "text/csv; charset=utf-8"}
	var err error
	if asWorkbook {
		d.name, d.kind = stem+".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
		err = writeWorkbook(d, sheet, f)
	} else {
		err = writeText(d, lang, f)
	}
	a.ended(w, r, d, err)
}

// ended answers where a file failed before its first byte. One that fails later is cut, which the reader notices.
func (a *API) ended(w http.ResponseWriter, r *http.Request, d *download, err error) {
	switch {
	case err == nil && !d.begun:
		_, _ = d.Write(nil)
	case err != nil && !d.begun:
		a.refuse(w, r, 0, err)
	case err != nil:
		if r.Context().Err() == nil {
			a.app.Log.Error("api: a download was cut", "error", err)
		}
		panic(http.ErrAbortHandler)
	}
}

func writeText(to io.Writer, lang i18n.Lang, f func(rows) error) error {
	d := table.Dialect{Format: table.CSV, Charset: "utf-8", Delimiter: ";", Quote: '"'}
	if lang == i18n.English {
		d.Delimiter = ","
	}
	w, err := table.NewWriter(to, d, table.WriterOptions{BOM: true, Guard: true})
	if err != nil {
		return err
	}
	if err := f(w); err != nil {
		return err
	}
	return w.Flush()
}

func writeWorkbook(to io.Writer, sheet string, f func(rows) error) error {
	w := &workbook{x: xlsx.NewWriter(to, xlsx.WriterOptions{RollOver: true}), sheet: sheet}
	if err := f(w); err != nil {
		return err
	}
	return w.x.Close()
}

// workbook writes rows into a sheet. Every cell is text, so that phones and codes stay as they are and nothing is run as a
// formula.
type workbook struct {
	x     *xlsx.Writer
	sheet string
	begun bool
}

// Write writes a row; the first is the header.
func (w *workbook) Write(cells []string) error {
	if w.begun {
		return w.x.Write(cells)
	}
	w.begun = true
	columns := make([]xlsx.Column, len(cells))
	for i, c := range cells {
		columns[i].Header = c
	}
	return w.x.Sheet(w.sheet, columns)
}

// stemOf gives a file's name without its extension.
func stemOf(name string) string {
	name = upload.CleanName(name)
	if stem := strings.TrimSuffix(name, path.Ext(name)); stem != "" {
		return errs.Clip(stem, 150)
	}
	return name
}
