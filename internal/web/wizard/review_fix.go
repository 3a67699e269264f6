package wizard

import (
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

// fixPage is the answer to a correction: the row that was corrected, the other rows on the page that it changed, and the
// numbers.
type fixPage struct {
	*reviewPage
	Row    gridRow
	Others []gridRow
}

// fix corrects cells of one row: those of the form that are not as they were shown.
func (p *pages) fix(w http.ResponseWriter, r *http.Request) error {
	id, number, err := rowOf(r)
	if err != nil {
		return err
	}
	var put []importer.CellFix
	var back []importer.CellAt
	for name, v := range r.PostForm {
		col, err := strconv.Atoi(strings.TrimPrefix(name, "c"))
		if !strings.HasPrefix(name, "c") || err != nil || col < 0 {
			continue
		}
		n := strconv.Itoa(col)
		value := v[0]
		if r.PostForm.Get("use") == n {
			value = r.PostForm.Get("offer" + n)
		}
		switch {
		case value == r.PostForm.Get("now"+n):
		case value == r.PostForm.Get("file"+n):
			back = append(back, importer.CellAt{Row: number, Column: col})
		default:
			put = append(put, importer.CellFix{Row: number, Column: col, Value: value})
		}
	}
	if r.PostForm.Get("back") != "" { // all of the row as the file has it
		put, back = nil, nil
		for name := range r.PostForm {
			if col, err := strconv.Atoi(strings.TrimPrefix(name, "c")); err == nil && strings.HasPrefix(name, "c") && r.PostForm.Get("now"+strconv.Itoa(col)) != r.PostForm.Get("file"+strconv.Itoa(col)) {
				back = append(back, importer.CellAt{Row: number, Column: col})
			}
		}
	}
	var changed []*importer.RowResult
	if len(back) > 0 {
		_, rows, err := p.app.Imports.UnfixCells(r.Context(), who(r), id, back)
		if err != nil {
			return err
		}
		changed = append(changed, rows...)
	}
	if len(put) > 0 {
		_, rows, err := p.app.Imports.FixCells(r.Context(), who(r), id, put)
		if err != nil {
			return err
		}
		changed = append(changed, rows...)
	}
	return p.fixed(w, r, id, number, changed)
}

// resolve decides about a row as a whole.
func (p *pages) resolve(w http.ResponseWriter, r *http.Request) error {
	id, number, err := rowOf(r)
	if err != nil {
		return err
	}
	choice, of := importer.ChooseContact, int64(0)
	switch v := r.PostForm.Get("choice"); v {
	case "new":
		choice = importer.ChooseNew
	case "out":
		choice = importer.ChooseLeaveOut
	case "":
		choice = importer.ChooseNothing
	default:
		if of, err = strconv.ParseInt(v, 10, 64); err != nil {
			return errs.New(errs.Invalid, "web.wizard.form")
		}
	}
	_, rows, err := p.app.Imports.ResolveRow(r.Context(), who(r), id, number, choice, contact.ID(of))
	if err != nil {
		return err
	}
	return p.fixed(w, r, id, number, rows)
}

// rowOf reads which row a form speaks of.
func rowOf(r *http.Request) (importer.ID, int64, error) {
	id, err := importID(r)
	if err != nil {
		return 0, 0, err
	}
	if err := r.ParseForm(); err != nil {
		return 0, 0, errs.New(errs.Invalid, "web.wizard.form")
	}
	number, err := strconv.ParseInt(r.PostForm.Get("row"), 10, 64)
	if err != nil || number < 1 {
		return 0, 0, errs.New(errs.Invalid, "web.wizard.form")
	}
	return id, number, nil
}

// fixed answers a correction: the way back to the page, or its rows and numbers anew.
func (p *pages) fixed(w http.ResponseWriter, r *http.Request, id importer.ID, number int64, changed []*importer.RowResult) error {
	here := page.Local(r.PostForm.Get("here"))
	if !page.IsHTMX(r) {
		return page.Redirect(w, r, here+"#r"+strconv.FormatInt(number, 10))
	}
	ctx := r.Context()
	imp, err := p.app.Imports.Get(ctx, who(r), id)
	if err != nil {
		return err
	}
	if imp.State != importer.InReview {
		return page.Redirect(w, r, importPath(id)+"/review") // it is being validated anew
	}
	f := &fixPage{reviewPage: &reviewPage{base: p.base(r, 3, id), File: imp.FileName, imp: imp, State: "review", OOB: true}}
	if at, err := url.Parse(here); err == nil {
		f.q = at.Query()
	}
	if f.cat, err = p.app.Contacts.Catalogue(ctx, imp.Workspace); err != nil {
		return err
	}
	if f.Filter = f.q.Get("f"); f.Filter == "" {
		f.Filter = filterErrors
	}
	sum := &imp.Summary
	f.ToGo = sum.Counts.Imported + sum.Counts.Updated
	f.Until = p.expiry(imp).In(f.Zone()).Format("15:04")
	f.counts()
	if f.Fixed, err = p.countFixed(ctx, imp); err != nil {
		return err
	}
	causes, err := p.app.Imports.Causes(ctx, imp)
	if err != nil {
		return err
	}
	f.causesKeep(causes)
	cols := f.shownColumns(r.PostForm)
	numbers := []int64{number}
	for _, row := range changed {
		if row.Number != number {
			numbers = append(numbers, row.Number)
		}
	}
	for i, n := range numbers[:min(len(numbers), pageRows)] {
		result, cells, err := p.app.Imports.Row(ctx, imp, n)
		if err != nil {
			return err
		}
		fixes, err := p.fixesOf(ctx, imp, []*importer.RowResult{result})
		if err != nil {
			return err
		}
		row, err := p.gridRow(ctx, f.reviewPage, cols, result, cells, fixes[n], nil)
		if err != nil {
			return err
		}
		row.Here = here
		if i == 0 {
			f.Row, f.Said = row, f.T("web.wizard.row_says", "line", result.Line, "says", row.Text)
		} else {
			row.Out = true
			f.Others = append(f.Others, row)
		}
	}
	return p.Fragment(w, r, http.StatusOK, "review.html", "fixed", f)
}

// causesKeep is causes for a page that stays: a chosen cause that no row has any more is still the one at hand.
func (f *reviewPage) causesKeep(list []importer.Cause) {
	chosen := f.q.Get("cause")
	f.causes(list)
	if chosen != "" && f.Cause != chosen {
		for _, l := range [][]causeLink{f.Errors, f.Warnings, f.Corrected} {
			for i := range l {
				l[i].On = false
			}
		}
		f.Cause = chosen
	}
}

// shownColumns gives the columns that the row of a form shows, in their order.
func (f *reviewPage) shownColumns(form url.Values) []gridCol {
	all := f.imp.Settings.Mapping.Columns
	var out []gridCol
	for _, n := range strings.Split(form.Get("cols"), ",") {
		i, err := strconv.Atoi(n)
		if err != nil || i < 0 || i >= len(all) || slices.ContainsFunc(out, func(c gridCol) bool { return c.I == i }) {
			continue
		}
		name := f.FieldName(f.cat, all[i].Field)
		if name == "" {
			name = f.T("import.column_n", "n", i+1)
		}
		out = append(out, gridCol{i, name})
	}
	return out
}

// cure corrects all rows of a cause.
func (p *pages) cure(w http.ResponseWriter, r *http.Request) error {
	id, err := importID(r)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return errs.New(errs.Invalid, "web.wizard.form")
	}
	args := map[string]string{}
	for name, v := range r.PostForm {
		if k, ok := strings.CutPrefix(name, "arg_"); ok {
			args[k] = v[0]
		}
	}
	imp, n, err := p.app.Imports.ApplyCure(r.Context(), who(r), id, r.PostForm.Get("cause"), r.PostForm.Get("key"), args)
	if err != nil {
		return err
	}
	b := p.base(r, 3, id)
	if imp.State == importer.InReview {
		page.Flash(w, b.T("web.wizard.cure_done", "count", n))
	}
	to := importPath(id) + "/review"
	if r.PostForm.Get("cause") == importer.CauseCleared {
		to += "?f=" + filterUpdated
	}
	return page.Redirect(w, r, to)
}

// uncure takes back what a cure did.
func (p *pages) uncure(w http.ResponseWriter, r *http.Request) error {
	id, err := importID(r)
	if err != nil {
		return err
	}
	imp, n, err := p.app.Imports.DropCure(r.Context(), who(r), id, r.PostFormValue("key"))
	if err != nil {
		return err
	}
	b := p.base(r, 3, id)
	if imp.State == importer.InReview {
		page.Flash(w, b.T("web.wizard.cure_dropped", "count", n))
	}
	return page.Redirect(w, r, importPath(id)+"/review")
}
