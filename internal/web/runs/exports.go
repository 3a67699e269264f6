package runs

import (
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"cadastro/internal/errs"
	"cadastro/internal/exporter"
	"cadastro/internal/upload"
	"cadastro/internal/web/page"
)

// exportsPage lists the exports, the newest first.
type exportsPage struct {
	page.Base
	Rows []exported
	Poll bool // one is under way: the list looks again by itself
}

// exported is one export in the list.
type exported struct {
	ID     int64
	URL    string
	File   string
	What   string
	Format string
	State  status
	At     time.Time
	Count  string
	Size   string
	Done   int64
	Total  int64
	Fault  string
	Ready  bool
	Days   string
	Gone   bool
	Cancel bool
}

// exportsShown is how many exports the list has: older ones are over their days.
const exportsShown = 100

func (p *pages) exports(w http.ResponseWriter, r *http.Request) error {
	d := &exportsPage{Base: p.Base(r, "exports", "web.nav.exports")}
	list, err := p.App.Exports.List(r.Context(), workspace(r), exportsShown)
	if err != nil {
		return err
	}
	for i := range list {
		one := p.exported(d, &list[i])
		d.Poll = d.Poll || one.Cancel
		d.Rows = append(d.Rows, one)
	}
	if page.IsHTMX(r) {
		return p.tpl.Fragment(w, r, http.StatusOK, "exports.html", "list", d)
	}
	d.TakeFlash(w, r)
	return p.tpl.Show(w, r, http.StatusOK, "exports.html", d)
}

func (p *pages) exported(d *exportsPage, x *exporter.Export) exported {
	e := exported{ID: int64(x.ID), URL: "/exports/" + plain(int64(x.ID)), File: x.FileName, Format: formatName(x.Spec.Format), State: exportState(&d.Base, x.State), At: x.CreatedAt,
		What: d.what(&x.Spec), Done: x.Done, Total: x.Total}
	switch x.State {
	case exporter.Waiting, exporter.Running:
		e.Cancel = true
		if x.Total > 0 {
			e.State.Word = strconv.FormatInt(100*x.Done/x.Total, 10) + "%"
			e.Count = d.T("web.runs.exports.of", "done", x.Done, "total", x.Total)
		}
	case exporter.Done:
		e.Ready, e.Count, e.Size = true, d.N(x.Done), d.Size(x.Size)
		if left := time.Until(x.ExpiresAt); !x.ExpiresAt.IsZero() {
			e.Days = d.T("web.runs.days", "count", int64(math.Ceil(max(left.Hours(), 0)/24)))
			if left < 24*time.Hour {
				e.Days = d.T("web.runs.exports.hours", "count", int64(math.Ceil(max(left.Hours(), 0))))
			}
		}
	case exporter.Expired:
		e.Gone, e.Count = true, d.N(x.Done)
	case exporter.Failed:
		e.Fault = d.T("web.runs.exports.failed")
		if x.Error != "" && d.Text.Has("error."+x.Error) {
			e.Fault = d.T("error." + x.Error)
		}
	}
	return e
}

// what tells which contacts an export is of.
func (d *exportsPage) what(s *exporter.Spec) string {
	switch {
	case s.IDs != nil:
		return d.T("web.runs.exports.selected", "count", len(s.IDs))
	case s.Filter != "" && s.Search != "":
		return s.Search + " · " + s.Filter
	case s.Filter != "" || s.Search != "":
		return s.Search + s.Filter
	case s.Bin:
		return d.T("web.runs.exports.bin")
	}
	return d.T("web.runs.exports.all")
}

func formatName(f exporter.Format) string {
	return map[exporter.Format]string{exporter.CSV: "CSV", exporter.XLSX: "XLSX", exporter.VCard: "vCard", exporter.NDJSON: "NDJSON"}[f]
}

func exportState(b *page.Base, s exporter.State) status {
	st := status{Word: b.T("web.runs.exports.state." + string(s)), Class: "acc", Icon: "loader"}
	switch s {
	case exporter.Waiting:
		st.Icon = "clock"
	case exporter.Done:
		st.Class, st.Icon = "new", "check"
	case exporter.Cancelled:
		st.Class, st.Icon = "warn", "ban"
	case exporter.Failed:
		st.Class, st.Icon = "err", "x"
	case exporter.Expired:
		st.Class, st.Icon = "skip", "timer-off"
	}
	return st
}

func exportID(r *http.Request) (exporter.ID, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil || id <= 0 {
		return 0, errs.New(errs.NotFound, "web.not_found")
	}
	return exporter.ID(id), nil
}

// exportFile sends the file of an export.
func (p *pages) exportFile(w http.ResponseWriter, r *http.Request) error {
	id, err := exportID(r)
	if err != nil {
		return err
	}
	x, f, err := p.App.Exports.Open(r.Context(), workspace(r), id)
	if err != nil {
		return err
	}
	defer f.Close()
	kinds := map[exporter.Format]string{exporter.CSV: "text/csv", exporter.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		exporter.VCard: "text/vcard; charset=utf-8", exporter.NDJSON: "application/x-ndjson"}
	h := w.Header()
	h.Set("Content-Type", kinds[x.Spec.Format])
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Length", plain(f.Size()))
	disposition(w, upload.CleanName(x.FileName))
	return sent(io.Copy(w, io.NewSectionReader(f, 0, f.Size())))
}

// cancelExport ends an export that waits or runs.
func (p *pages) cancelExport(w http.ResponseWriter, r *http.Request) error {
	id, err := exportID(r)
	if err != nil {
		return err
	}
	if _, err := p.App.Exports.Cancel(r.Context(), workspace(r), id); err != nil && errs.KindOf(err) != errs.Conflict {
		return err // a conflict: it has ended meanwhile, which the list says
	}
	return page.Redirect(w, r, "/exports")
}

// filterFault names the control that an error is of: the filter's, or none.
func filterFault(err error) string {
	if strings.HasPrefix(errs.CodeOf(err), "filter.") {
		return "filter"
	}
	return ""
}
