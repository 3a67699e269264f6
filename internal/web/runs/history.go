package runs

import (
	"math"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"cadastro/internal/contact"
	"cadastro/internal/importer"
	"cadastro/internal/web/page"
)

// historyPage is the list of all imports, the newest first.
type historyPage struct {
	page.Base
	Tabs     []tab
	Rows     []entry
	First    int64 // the import under way, 0 for none
	Poll     bool  // something is under way: the list looks again by itself
	Filtered bool
	Newest   string
	Older    string
}

// entry is one import in the list.
type entry struct {
	ID      int64
	URL     string
	File    string
	Purpose string
	How     []setting
	State   status
	Ribbon  page.Ribbon
	Numbers []number
	Fault   string
	Faded   bool // undone
	Plan    bool // nothing is written yet: what it would come to
	At      time.Time
	Who     string
	Took    string
	Follow  string // what the button says that leads to one under way
	Result  bool
	Days    string // for which the result is still kept
	Gone    bool
	Menu    []choice
}

// choice is an entry of a menu.
type choice struct {
	URL      string
	Word     string
	Icon     string
	Download bool
}

// historyShown is how many imports a page has.
const historyShown = 25

func (p *pages) history(w http.ResponseWriter, r *http.Request) error {
	d := &historyPage{Base: p.Base(r, "imports", "web.nav.imports")}
	before, _ := strconv.ParseInt(r.FormValue("before"), 10, 64)
	q := importer.HistoryQuery{Filter: importer.HistoryFilter(r.FormValue("state")), Before: importer.ID(max(before, 0)), Limit: historyShown}
	if err := p.list(r, d, q); err != nil {
		return err
	}
	if page.IsHTMX(r) {
		return p.tpl.Fragment(w, r, http.StatusOK, "history.html", "list", d)
	}
	if err := p.filters(r, d, q); err != nil {
		return err
	}
	d.TakeFlash(w, r)
	return p.tpl.Show(w, r, http.StatusOK, "history.html", d)
}

func (p *pages) list(r *http.Request, d *historyPage, q importer.HistoryQuery) error {
	list, err := p.App.Imports.History(r.Context(), workspace(r), q)
	if err != nil {
		return err
	}
	if list.Next > 0 {
		d.Older = historyURL(q.Filter, list.Next)
	}
	if q.Before > 0 {
		d.Newest = historyURL(q.Filter, 0)
	}
	d.Filtered = q.Filter != importer.HistoryAll || q.Before > 0
	cat, err := p.App.Contacts.Catalogue(r.Context(), workspace(r))
	if err != nil {
		return err
	}
	for _, imp := range list.Imports {
		d.Rows = append(d.Rows, p.entry(d, imp, cat))
		d.Poll = d.Poll || imp.State.Running()
	}
	first, err := p.App.Imports.Running(r.Context(), workspace(r))
	if err == nil && first != nil {
		d.First = int64(first.ID)
	}
	return err
}

func historyURL(f importer.HistoryFilter, before importer.ID) string {
	v := url.Values{}
	if f != importer.HistoryAll {
		v.Set("state", string(f))
	}
	if before > 0 {
		v.Set("before", plain(int64(before)))
	}
	if len(v) == 0 {
		return "/imports"
	}
	return "/imports?" + v.Encode()
}

// filters lead to the imports of a kind. Kinds that there are none of are left out.
func (p *pages) filters(r *http.Request, d *historyPage, q importer.HistoryQuery) error {
	counts, err := p.App.Imports.HistoryCounts(r.Context(), workspace(r))
	if err != nil {
		return err
	}
	for _, f := range importer.HistoryFilters() {
		n, here := counts[f], f == q.Filter
		if n == 0 && !here && f != importer.HistoryAll {
			continue
		}
		word := "all"
		if f != importer.HistoryAll {
			word = string(f)
		}
		d.Tabs = append(d.Tabs, tab{Word: d.T("web.runs.tab." + word), Count: d.N(n), URL: historyURL(f, 0), Here: here})
	}
	return nil
}

func (p *pages) entry(d *historyPage, imp *importer.Import, cat *contact.Catalogue) entry {
	b := &d.Base
	e := entry{ID: int64(imp.ID), URL: address(imp), File: imp.FileName, State: statusOf(b, imp), At: imp.CreatedAt, Who: whoBrought(b, imp)}
	if e.How = how(b, imp, cat); len(e.How) > 0 {
		e.Purpose, e.How = e.How[0].Value, e.How[1:]
	}
	if !imp.StartedAt.IsZero() {
		e.At = imp.StartedAt
	}
	counts := imp.Counts
	if !imp.Started() {
		counts = imp.Summary.Counts // what it would come to
	}
	switch {
	case imp.State == importer.Failed && imp.Err != nil && !imp.Started():
		e.Fault = b.Text.Error(imp.Err)
	case imp.Summary.Rows > 0 || imp.Started():
		e.Ribbon, e.Numbers = b.Ribbon(counts, "s"), numbers(b, imp, counts)
		e.Numbers = e.Numbers[:4]
	}
	e.Faded = imp.State == importer.Undone
	e.Plan = !imp.Started()
	p.times(d, imp, &e)
	p.menu(d, imp, &e)
	return e
}

// times tells how long an import took and what is left of it, by its state.
func (p *pages) times(d *historyPage, imp *importer.Import, e *entry) {
	now := p.App.Imports.Now()
	switch imp.State {
	case importer.Uploaded, importer.InReview, importer.Expired:
		if d.May("imports.run") {
			e.Follow = d.T("web.runs.continue")
		}
	case importer.Validating, importer.Queued, importer.Importing, importer.Undoing:
		e.Follow = d.T("web.runs.follow")
		if imp.State == importer.Importing && imp.Rows > 0 {
			e.State.Word = strconv.FormatInt(100*imp.Counts.Sum()/imp.Rows, 10) + "%"
		}
	}
	if took := imp.Took(now); took > 0 {
		if imp.State == importer.Importing {
			took = took.Round(time.Second)
		}
		e.Took = d.Text.Duration(took)
	}
	if imp.FinishedAt.IsZero() || imp.State == importer.Undone || imp.State.Running() || !imp.Started() {
		return
	}
	if e.Result = imp.HasResult(); e.Result {
		left := p.App.Imports.ResultsUntil(imp).Sub(now)
		e.Days = d.T("web.runs.days", "count", int64(math.Ceil(max(left.Hours(), 0)/24)))
	}
	e.Gone = !e.Result
}

// menu is what else can be done with an import.
func (p *pages) menu(d *historyPage, imp *importer.Import, e *entry) {
	e.Menu = []choice{{URL: e.URL, Word: d.T("web.runs.menu.open"), Icon: "eye"}}
	kept := imp.FinishedAt.IsZero() || p.App.Imports.Now().Before(p.App.Imports.KeptUntil(imp))
	if imp.Started() && kept {
		e.Menu = append(e.Menu, choice{URL: e.URL + "/rows", Word: d.T("web.runs.menu.rows"), Icon: "rows-3"})
		if imp.Counts.Errors > 0 {
			e.Menu = append(e.Menu, choice{URL: e.URL + "/files/errors.xlsx", Word: d.T("web.runs.menu.errors"), Icon: "file-x", Download: true})
		}
	}
	if kept {
		e.Menu = append(e.Menu, choice{URL: e.URL + "/files/original", Word: d.T("web.runs.menu.original"), Icon: "file-text", Download: true})
	}
	if !d.May("imports.run") {
		return
	}
	if len(imp.Settings.Mapping.Columns) > 0 {
		e.Menu = append(e.Menu, choice{URL: e.URL + "/again", Word: d.T("web.runs.menu.again"), Icon: "rotate-cw"})
	}
	if _, ok := p.App.Imports.MayUndo(imp); ok {
		e.Menu = append(e.Menu, choice{URL: e.URL + "/undo", Word: d.T("web.runs.menu.undo"), Icon: "undo-2"})
	}
}
