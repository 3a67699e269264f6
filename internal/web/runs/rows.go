package runs

import (
	"context"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"cadastro/internal/errs"
	"cadastro/internal/importer"
	"cadastro/internal/web/page"
)

// rowsPage are the rows of an import with what became of each.
type rowsPage struct {
	page.Base
	Imp     *importer.Import
	URL     string
	Tabs    []tab
	Cause   cause
	AllOf   string // the same outcome, of all causes
	Headers []string
	Rows    []row
	Total   int64
	First   string
	Prev    string
	Next    string
	Errors  bool // there is a file of errors
	Gone    bool // the rows are no longer kept
}

// tab is one way to see a list.
type tab struct {
	Word  string
	Count string
	Dot   string
	URL   string
	Here  bool
}

// row is one row of the file.
type row struct {
	Line    string
	Word    string
	Class   string
	Icon    string
	Why     string
	Contact int64
	Cells   []cell
}

// cell is one cell of the file.
type cell struct {
	Header string
	Value  string
	Bad    bool
}

// rowsShown is how many rows a page has, columnsShown how many of the file's columns.
const (
	rowsShown    = 50
	columnsShown = 40
	maxCell      = 400 // bytes of a cell
)

// rows shows the rows of an outcome or a cause.
func (p *pages) rows(w http.ResponseWriter, r *http.Request) error {
	imp, err := p.load(r)
	if err != nil {
		return err
	}
	if !imp.Started() {
		return page.Redirect(w, r, address(imp))
	}
	d := &rowsPage{Base: p.Base(r, "imports", "web.runs.rows.title"), Imp: imp, URL: address(imp)}
	d.Title = d.T("web.runs.rows.tab", "file", imp.FileName)
	q := importer.RowQuery{Outcome: r.FormValue("outcome"), Cause: r.FormValue("cause"), Drifted: r.FormValue("drifted") != "", Limit: rowsShown}
	q.After, _ = strconv.ParseInt(r.FormValue("after"), 10, 64)
	q.Before, _ = strconv.ParseInt(r.FormValue("before"), 10, 64)
	if err := p.findRows(r.Context(), d, q); err != nil {
		return err
	}
	return p.tpl.Show(w, r, http.StatusOK, "rows.html", d)
}

// errorRows leads to the rows that are errors, as the mails name them.
func (p *pages) errorRows(w http.ResponseWriter, r *http.Request) error {
	imp, err := p.load(r)
	if err != nil {
		return err
	}
	return page.Redirect(w, r, address(imp)+"/rows?outcome=error")
}

func (p *pages) findRows(ctx context.Context, d *rowsPage, q importer.RowQuery) error {
	imp := d.Imp
	list, err := p.App.Imports.Rows(ctx, imp, q)
	if errs.CodeOf(err) == "import.no_rows" || errs.KindOf(err) == errs.NotFound {
		d.Gone, err = true, nil
		list = &importer.RowPage{}
	}
	if err != nil {
		return err
	}
	d.Total, d.Errors = list.Total, imp.Counts.Errors > 0 && !d.Gone
	d.tabs(q)
	if q.Cause != "" {
		if err := p.nameCause(ctx, d, q); err != nil {
			return err
		}
	}
	columns := d.columns(list)
	for i, res := range list.Rows {
		d.Rows = append(d.Rows, d.row(res, list.Cells[i], columns))
	}
	if list.Next > 0 {
		d.Next = d.query(q, "after", list.Next)
	}
	if list.Prev > 0 {
		d.Prev, d.First = d.query(q, "before", list.Prev), d.query(q, "", 0)
	}
	return nil
}

// query gives the address of another page of the same rows.
func (d *rowsPage) query(q importer.RowQuery, key string, value int64) string {
	v := url.Values{}
	if q.Outcome != "" {
		v.Set("outcome", q.Outcome)
	}
	if q.Cause != "" {
		v.Set("cause", q.Cause)
	}
	if q.Drifted {
		v.Set("drifted", "1")
	}
	if key != "" {
		v.Set(key, plain(value))
	}
	if len(v) == 0 {
		return d.URL + "/rows"
	}
	return d.URL + "/rows?" + v.Encode()
}

// tabs lead to the rows of each outcome. Their counts are the rows of the file.
func (d *rowsPage) tabs(q importer.RowQuery) {
	imp := d.Imp
	here := q.Outcome
	if sort, _, ok := strings.Cut(q.Cause, "."); here == "" && ok {
		here = map[string]string{"error": "error", "skip": "skipped"}[sort]
	}
	d.Tabs = []tab{{Word: d.T("web.runs.rows.all"), Count: d.N(imp.Rows), URL: d.URL + "/rows", Here: here == "" && !q.Drifted}}
	for _, o := range outcomes {
		n := countOf(&imp.Counts, o.outcome)
		if o.outcome == importer.RowUnprocessed && n == 0 {
			continue
		}
		name := o.outcome.String()
		d.Tabs = append(d.Tabs, tab{Word: d.T("import.outcome." + name), Count: d.N(n), Dot: o.dot, URL: d.URL + "/rows?outcome=" + name, Here: here == name})
	}
	if imp.Drifted > 0 {
		d.Tabs = append(d.Tabs, tab{Word: d.T("web.runs.rows.drifted"), Count: d.N(imp.Drifted), URL: d.URL + "/rows?drifted=1", Here: q.Drifted})
	}
}

// nameCause says which cause the rows are of.
func (p *pages) nameCause(ctx context.Context, d *rowsPage, q importer.RowQuery) error {
	list, err := p.App.Imports.Causes(ctx, d.Imp)
	if err != nil {
		return err
	}
	for _, c := range list {
		if c.Key == q.Cause {
			d.Cause = cause{Title: c.Title(d.Text), Why: c.Explanation(d.Text)}
		}
	}
	if title := fixTitle(&d.Base, q.Cause); title != "" {
		d.Cause.Title = title
	}
	q.Cause = ""
	d.AllOf = d.query(q, "", 0)
	return nil
}

// columns are the columns of the file that are shown: those that feed a field, and those that have a fault.
func (d *rowsPage) columns(list *importer.RowPage) (columns []int) {
	faulty := map[int]bool{}
	for _, r := range list.Rows {
		for _, is := range r.Issues {
			faulty[is.Column] = true
		}
	}
	for i := range d.Imp.Settings.Mapping.Columns {
		col := &d.Imp.Settings.Mapping.Columns[i]
		if (col.Field != "" || faulty[i]) && len(columns) < columnsShown {
			columns = append(columns, i)
			d.Headers = append(d.Headers, errs.Clip(columnName(&d.Base, col.Header, i), maxCell))
		}
	}
	return columns
}

func (d *rowsPage) row(res *importer.RowResult, cells []string, columns []int) row {
	r := row{Line: d.N(res.Line), Word: d.T("import.outcome." + res.Outcome.String()), Why: importer.Explain(d.Text, res, d.Imp.Settings.Mapping.Headers()), Contact: int64(res.Contact)}
	switch res.Outcome {
	case importer.RowImported:
		r.Class, r.Icon = "new", "plus"
	case importer.RowUpdated:
		r.Class, r.Icon = "upd", "refresh-cw"
	case importer.RowSkipped:
		r.Class, r.Icon = "skip", "minus"
	case importer.RowError:
		r.Class, r.Icon = "err", "x"
	case importer.RowUnprocessed:
		r.Class, r.Icon = "skip", "clock"
	}
	for k, i := range columns {
		c := cell{Header: d.Headers[k]}
		if i < len(cells) {
			c.Value = errs.Clip(cells[i], maxCell)
		}
		for _, is := range res.Issues {
			c.Bad = c.Bad || is.Column == i && is.Severity == errs.Reject
		}
		r.Cells = append(r.Cells, c)
	}
	return r
}

// fault is one of the last rows with an error, for the page of an import that is under way.
type fault struct {
	Line  string
	Text  string
	Value string
}

// faultsShown is how many of them there are.
const faultsShown = 5

// lastFaults gives the rows that were the last to be errors.
func (p *pages) lastFaults(ctx context.Context, d *progressPage) ([]fault, error) {
	if d.Imp.Counts.Errors == 0 {
		return nil, nil
	}
	list, err := p.App.Imports.Rows(ctx, d.Imp, importer.RowQuery{Outcome: importer.RowError.String(), Before: math.MaxInt64, Limit: faultsShown})
	if err != nil {
		return nil, err
	}
	var faults []fault
	for _, res := range list.Rows {
		f := fault{Line: d.N(res.Line)}
		for _, is := range res.Issues {
			if is.Severity == errs.Reject {
				f.Text = importer.Cause{Code: is.Code, Severity: importer.CauseError}.Title(d.Text)
				f.Value = errs.Clip(is.Value, maxCell)
				break
			}
		}
		faults = append(faults, f)
	}
	return faults, nil
}
