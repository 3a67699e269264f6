package wizard

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"cadastro/internal/contact"
	"cadastro/internal/errs"
	"cadastro/internal/importer"
	"cadastro/internal/web/page"
)

// The filters of a review, as addresses have them.
const (
	filterAll     = "all"
	filterNew     = "new"
	filterUpdated = "updated"
	filterSkipped = "skipped"
	filterErrors  = "errors"
)

// reviewPage is the third step: what would become of each row.
type reviewPage struct {
	base
	State string // validating, review, expired or failed
	Why   string // of failed: what was the matter, and what helps
	File  string

	Percent int    // of the file that was read
	Read    string // how many rows those are

	Counts []countLink
	Ribbon page.Ribbon
	Filter string
	Head   string // of the rows at hand
	Sub    string
	Until  string // when the review's time is over; of expired: how long it was
	ToGo   int64  // contacts that would be added or updated
	Fixed  int64  // rows that were corrected

	Errors, Warnings []causeLink
	Corrected        []causeLink
	Chips            []chip
	Cause            string // that is chosen
	Cures            []cureOffer
	CuresLater       string // where cures come from that take a while, "" where they are here
	CuresHere        string // this page with them, for browsers without scripts
	Cured            []curedNote
	Erased           string // what would be erased, in words
	Notes            []note
	Grid             *grid
	Table            *rowTable
	Prev, Next       string
	Shown            string

	Said string // to who cannot see that the page has changed
	OOB  bool   // parts of a page that stays

	imp *importer.Import
	cat *contact.Catalogue
	q   url.Values
}

// countLink is one of the five numbers.
type countLink struct {
	Class, Dot, Label, Detail, URL string
	N                              int64
	On, Harm                       bool
}

// causeLink is a cause with its rows.
type causeLink struct {
	Key, Title, Why, URL string
	Dot                  string
	Text                 string // Rows, as the language writes it
	Rows                 int64
	On                   bool
	column               int
	field                string
}

// chip is a filter of the rows at hand.
type chip struct {
	Text, URL string
	N         int64
	On, Harm  bool
}

// pageRows is how many rows stand on a page.
const pageRows = 50

func (p *pages) reviewPage(r *http.Request, imp *importer.Import) (f *reviewPage, err error) {
	ctx := r.Context()
	f = &reviewPage{base: p.base(r, 3, imp.ID), File: imp.FileName, imp: imp, q: r.URL.Query()}
	switch {
	case imp.State == importer.Failed:
		f.State, f.Why = "failed", f.T("error.internal")
		if imp.Err != nil {
			f.Why = f.Text.Error(imp.Err)
		}
		return f, nil
	case imp.State == importer.Validating:
		f.State, f.Read = "validating", f.T("web.wizard.rows", "count", imp.Progress.Rows)
		if imp.Progress.Total > 0 {
			f.Percent = int(min(100, imp.Progress.Done*100/imp.Progress.Total))
		}
		return f, nil
	case p.late(imp):
		f.State, f.Until = "expired", f.Text.Duration(p.app.Imports.ReviewExpiry)
		return f, nil
	}
	f.State = "review"
	if f.cat, err = p.app.Contacts.Catalogue(ctx, imp.Workspace); err != nil {
		return nil, err
	}
	f.Until = p.expiry(imp).In(f.Zone()).Format("15:04")
	if err := p.fill(ctx, f); err != nil {
		return nil, err
	}
	return f, nil
}

// fill puts the numbers, the causes and a page of rows into a review.
func (p *pages) fill(ctx context.Context, f *reviewPage) (err error) {
	sum := &f.imp.Summary
	f.ToGo = sum.Counts.Imported + sum.Counts.Updated
	f.Filter = f.q.Get("f")
	if f.Filter == "" {
		f.Filter = firstFilter(sum)
	}
	f.counts()
	if f.Fixed, err = p.countFixed(ctx, f.imp); err != nil {
		return err
	}
	causes, err := p.app.Imports.Causes(ctx, f.imp)
	if err != nil {
		return err
	}
	f.causes(causes)
	for _, is := range sum.Notes {
		f.Notes = append(f.Notes, note{f.Text.Issue(is), is.Severity >= errs.Warning})
	}
	rq := importer.RowQuery{Limit: pageRows}
	rq.After, _ = strconv.ParseInt(f.q.Get("after"), 10, 64)
	rq.Before, _ = strconv.ParseInt(f.q.Get("before"), 10, 64)
	switch f.Filter {
	case filterNew:
		rq.Outcome = importer.RowImported.String()
	case filterUpdated:
		rq.Outcome, rq.Change, rq.Cleared = importer.RowUpdated.String(), f.q.Get("field"), f.q.Get("erased") != ""
		f.changeChips(rq.Change, rq.Cleared)
	case filterSkipped:
		rq.Outcome, rq.Cause = importer.RowSkipped.String(), f.q.Get("cause")
		f.skipChips(causes, rq.Cause)
	case filterErrors:
		if f.Cause == "" {
			rq.Outcome = importer.RowError.String()
		}
		rq.Cause = f.Cause
	default:
		f.Filter = filterAll
	}
	rows, err := p.app.Imports.Rows(ctx, f.imp, rq)
	if err != nil {
		return err
	}
	if rows.Prev > 0 {
		f.Prev = f.link("before", strconv.FormatInt(rows.Prev, 10), "after", "")
	}
	if rows.Next > 0 {
		f.Next = f.link("after", strconv.FormatInt(rows.Next, 10), "before", "")
	}
	f.Shown = f.T("web.wizard.rows_of", "shown", len(rows.Rows), "count", rows.Total)
	f.titles(rows.Total)
	switch f.Filter {
	case filterErrors:
		f.cures(ctx, p)
		f.Grid, err = p.grid(ctx, f, rows)
	case filterUpdated:
		f.cures(ctx, p)
		f.Table = f.changesTable(rows)
	default:
		f.Table = f.plainTable(rows)
	}
	return err
}

// firstFilter is what a review opens with: what needs a look first.
func firstFilter(sum *importer.Summary) string {
	switch c := &sum.Counts; {
	case c.Errors > 0:
		return filterErrors
	case sum.Cleared > 0:
		return filterUpdated
	case c.Imported > 0:
		return filterNew
	case c.Updated > 0:
		return filterUpdated
	case c.Skipped > 0:
		return filterSkipped
	}
	return filterAll
}

// link gives the address of this page with some of its query's values changed, "" for one that is left out.
func (f *reviewPage) link(pairs ...string) string {
	q := url.Values{"f": {f.Filter}}
	for k, v := range f.q {
		if slices.Contains([]string{"f", "cause", "field", "erased"}, k) {
			q[k] = v
		}
	}
	for i := 0; i < len(pairs); i += 2 {
		if q.Del(pairs[i]); pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	return f.At + "/review?" + q.Encode()
}

// Here gives the address of the rows at hand, for forms that come back to it.
func (f *reviewPage) Here() string {
	if f.Cause != "" {
		return f.link("cause", f.Cause, "after", f.q.Get("after"), "before", f.q.Get("before"))
	}
	return f.link("after", f.q.Get("after"), "before", f.q.Get("before"))
}

func (f *reviewPage) counts() {
	sum := &f.imp.Summary
	c := &sum.Counts
	f.Ribbon = f.base.Ribbon(*c, "")
	add := func(filter, class, dot, label, detail string, n int64, harm bool) {
		f.Counts = append(f.Counts, countLink{Class: class, Dot: dot, Label: label, Detail: detail, N: n, URL: f.At + "/review?f=" + filter, On: f.Filter == filter, Harm: harm})
	}
	add(filterAll, "f-", "", f.T("web.wizard.count.all"), f.File, sum.Rows, false)
	add(filterNew, "f-new", "new", f.T("web.wizard.count.new"), f.T("web.wizard.count.new_what"), c.Imported, false)
	updated := f.T("web.wizard.count.updated_what")
	if sum.Cleared > 0 {
		updated = f.T("web.wizard.count.erased", "count", sum.Cleared)
	}
	add(filterUpdated, "f-upd", "upd", f.T("web.wizard.count.updated"), updated, c.Updated, sum.Cleared > 0)
	add(filterSkipped, "f-skip", "skip", f.T("web.wizard.count.skipped"), f.skippedWhat(), c.Skipped, false)
	failed := f.T("web.wizard.count.errors_what")
	if sum.Warnings > 0 {
		failed = f.T("web.wizard.count.warnings", "count", sum.Warnings)
	}
	add(filterErrors, "f-err", "err", f.T("web.wizard.count.errors"), failed, c.Errors, false)
}

// skippedWhat says the one reason of the skipped rows, where there is one.
func (f *reviewPage) skippedWhat() string {
	only := ""
	for key, n := range f.imp.Summary.Reasons {
		if code, ok := strings.CutPrefix(key, "skip."); ok && n > 0 {
			if only != "" {
				return f.T("web.wizard.count.skipped_several")
			}
			only = code
		}
	}
	if only == "" {
		return f.T("web.wizard.count.skipped_none")
	}
	return importer.Cause{Key: "skip." + only, Code: only, Severity: importer.CauseSkip}.Title(f.Text)
}

// causes sorts the causes into the lists of the page and finds the chosen one.
func (f *reviewPage) causes(list []importer.Cause) {
	chosen := f.q.Get("cause")
	if f.Filter == filterErrors && !(chosen == causeFixed && f.Fixed > 0) && !slices.ContainsFunc(list, func(c importer.Cause) bool { return c.Key == chosen }) {
		chosen = ""
		for _, c := range list {
			if c.Severity != importer.CauseSkip {
				chosen = c.Key // the most frequent error, else the most frequent warning
				break
			}
		}
	}
	for _, c := range list {
		l := causeLink{Key: c.Key, Title: c.Title(f.Text), Why: c.Explanation(f.Text), Rows: c.Rows, Text: f.N(c.Rows), On: c.Key == chosen, column: c.Column, field: c.Field,
			URL: f.At + "/review?" + url.Values{"f": {filterErrors}, "cause": {c.Key}}.Encode()}
		switch c.Severity {
		case importer.CauseError:
			l.Dot = "err"
			f.Errors = append(f.Errors, l)
		case importer.CauseWarning:
			l.Dot = "warn"
			f.Warnings = append(f.Warnings, l)
		}
	}
	if f.Fixed > 0 {
		f.Corrected = []causeLink{{Key: causeFixed, Dot: "new", Title: f.T("web.wizard.corrected"), Why: f.T("web.wizard.corrected_why"), Rows: f.Fixed, Text: f.N(f.Fixed), On: chosen == causeFixed,
			URL: f.At + "/review?f=" + filterErrors + "&cause=" + causeFixed, column: -1}}
	}
	if f.Filter == filterErrors {
		f.Cause = chosen
	}
}

// cause gives the chosen cause, nil for none.
func (f *reviewPage) cause() *causeLink {
	for _, list := range [][]causeLink{f.Errors, f.Warnings, f.Corrected} {
		for i := range list {
			if list[i].On {
				return &list[i]
			}
		}
	}
	return nil
}
