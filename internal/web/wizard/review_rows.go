package wizard

import (
	"context"
	"slices"
	"strconv"

	"cadastro/internal/contact"
	"cadastro/internal/errs"
	"cadastro/internal/importer"
	"cadastro/internal/mapping"
	"cadastro/internal/web/page"
)

// grid is a page of rows whose cells can be corrected in place.
type grid struct {
	Cols []gridCol
	Rows []gridRow
	Here string // the address that corrections come back to
	At   string
}

// gridCol is a column of the file.
type gridCol struct {
	I    int
	Name string
}

// gridRow is a row of the file with what is the matter with it.
type gridRow struct {
	base
	N      int64
	Line   string
	Cells  []gridCell
	State  string // error, fixed or warn
	Text   string // what is the matter, in short
	More   string // all of it
	Whole  *wholeRow
	Out    bool // an answer beside the row that was asked for
	Here   string
	Tabbed bool
}

// gridCell is one cell.
type gridCell struct {
	I            int
	ID           string
	Name, Value  string
	Was          string // the file's
	Faulty       bool
	Fixed        bool
	Why          string // what is the matter with the cell
	Offer        string // the value that a cure would give it
	Long         bool   // too long to be corrected here
	First        bool
	Label, Shown string
}

// wholeRow is what can be decided about a row as a whole.
type wholeRow struct {
	Candidates []candidate
	Chosen     string
	LeftOut    bool
}

// candidate is a contact that the row may speak of.
type candidate struct {
	ID   int64
	Name string
	Keys string
}

// gridCols is how many columns of the file stand in the grid.
const gridCols = 8

// longCell is the longest cell that is corrected in a field of one line, in bytes.
const longCell = 2000

// columnsOfGrid chooses the columns of the file that are shown: the name, where the fault is, what the row is recognised by,
// and then the others that feed something.
func (f *reviewPage) columnsOfGrid() []gridCol {
	cols := f.imp.Settings.Mapping.Columns
	var order []int
	add := func(i int) {
		if !slices.Contains(order, i) {
			order = append(order, i)
		}
	}
	for i := range cols {
		if mapping.Name(cols[i].Field) && cols[i].Field != mapping.FieldCompany {
			add(i)
			break
		}
	}
	if c := f.cause(); c != nil && c.column >= 0 && c.column < len(cols) {
		add(c.column)
	}
	for i := range cols {
		if identifies(cols[i].Field, f.imp.Settings.Identifier) {
			add(i)
		}
	}
	for i := range cols {
		if cols[i].Field != "" {
			add(i)
		}
	}
	order = order[:min(len(order), gridCols)]
	count := map[string]int{}
	for _, i := range order {
		count[cols[i].Field]++
	}
	out := make([]gridCol, len(order))
	for k, i := range order {
		name := f.FieldName(f.cat, cols[i].Field)
		if count[cols[i].Field] > 1 || cols[i].Field == "" {
			name = cols[i].Header
		}
		if name == "" {
			name = f.T("import.column_n", "n", i+1)
		}
		out[k] = gridCol{i, errs.Clip(name, shownCell)}
	}
	return out
}

// grid makes the page of rows that can be corrected.
func (p *pages) grid(ctx context.Context, f *reviewPage, rows *importer.RowPage) (*grid, error) {
	g := &grid{Cols: f.columnsOfGrid(), Here: f.Here(), At: f.At}
	fixes, err := p.fixesOf(ctx, f.imp, rows.Rows)
	if err != nil {
		return nil, err
	}
	offers := f.offers(ctx, p, rows)
	for i, r := range rows.Rows {
		row, err := p.gridRow(ctx, f, g.Cols, r, rows.Cells[i], fixes[r.Number], offers[r.Number])
		if err != nil {
			return nil, err
		}
		row.Tabbed = i == 0
		g.Rows = append(g.Rows, row)
	}
	return g, nil
}

// fixesOf gives the corrections of rows, by their number.
func (p *pages) fixesOf(ctx context.Context, imp *importer.Import, rows []*importer.RowResult) (map[int64][]importer.Fix, error) {
	out := map[int64][]importer.Fix{}
	if len(rows) == 0 || len(fixedRows(&imp.Summary)) == 0 {
		return out, nil
	}
	list, err := p.app.Imports.Fixes(ctx, imp, rows[0].Number, rows[len(rows)-1].Number)
	if err != nil {
		return nil, err
	}
	for _, fix := range list {
		out[fix.Row] = append(out[fix.Row], fix)
	}
	return out, nil
}

// offers gives what the first cure would make of the cells of a page, by row.
func (f *reviewPage) offers(ctx context.Context, p *pages, rows *importer.RowPage) map[int64][]importer.CureSample {
	out := map[int64][]importer.CureSample{}
	if len(rows.Rows) == 0 || len(f.Cures) == 0 || f.Cures[0].Ask != "" {
		return out
	}
	ctx, cancel := context.WithTimeout(ctx, soon) // where few rows can be cured, the search goes far beyond the page
	defer cancel()
	list, err := p.app.Imports.CureRows(ctx, f.imp, f.Cause, f.Cures[0].Key, nil, rows.Rows[0].Number-1, len(rows.Rows))
	if err != nil {
		return out // the rows are shown without
	}
	for _, s := range list {
		if s.Column >= 0 && s.After != "" {
			out[s.Row] = append(out[s.Row], s)
		}
	}
	return out
}

func (p *pages) gridRow(ctx context.Context, f *reviewPage, cols []gridCol, r *importer.RowResult, cells []string, fixes []importer.Fix, offers []importer.CureSample) (gridRow, error) {
	row := gridRow{base: f.base, N: r.Number, Line: f.N(r.Line), Here: f.Here()}
	headers := f.imp.Settings.Mapping.Headers()
	for _, c := range cols {
		cell := gridCell{I: c.I, ID: "c" + strconv.FormatInt(r.Number, 10) + "-" + strconv.Itoa(c.I), Name: c.Name, Label: f.T("web.wizard.cell", "column", c.Name, "line", r.Line)}
		if c.I < len(cells) {
			cell.Value = cells[c.I]
		}
		cell.Was = cell.Value
		for _, fix := range fixes {
			if fix.Column == c.I {
				cell.Was, cell.Value, cell.Fixed = fix.Was, fix.Value, true
			}
		}
		for _, is := range r.Issues {
			if is.Column == c.I && is.Severity == errs.Reject && r.Outcome == importer.RowError {
				cell.Faulty, cell.Why = true, f.Text.Issue(is)
			}
		}
		for _, o := range offers {
			if o.Column == c.I && !cell.Fixed {
				cell.Offer = o.After
			}
		}
		cell.Long = len(cell.Value) > longCell
		row.Cells = append(row.Cells, cell)
	}
	fixed := len(fixes) > 0
	row.State, row.Text, row.More = f.verdict(r, fixed, headers)
	for _, fix := range fixes {
		if fix.Column < 0 && fix.Choice == importer.ChooseLeaveOut {
			row.Text = f.T("web.wizard.left_out_row")
		}
	}
	if r.Outcome == importer.RowError && (r.Reason == importer.KeyConflict || r.Reason == importer.SharedIdentifier) || slices.ContainsFunc(fixes, func(x importer.Fix) bool { return x.Column < 0 }) {
		whole, err := p.wholeRow(ctx, f, r.Number, fixes)
		if err != nil {
			return row, err
		}
		row.Whole = whole
	}
	return row, nil
}

// verdict says in a few words how a row stands.
func (f *reviewPage) verdict(r *importer.RowResult, fixed bool, headers []string) (state, text, more string) {
	more = importer.Explain(f.Text, r, headers)
	switch {
	case r.Outcome == importer.RowError:
		state = "error"
		for _, is := range r.Issues {
			if is.Severity == errs.Reject {
				return state, importer.Cause{Code: is.Code, Severity: importer.CauseError}.Title(f.Text), more
			}
		}
		return state, f.T("import.outcome.error"), more
	case fixed:
		return "fixed", f.T("web.wizard.fixed"), more
	}
	for _, is := range r.Issues {
		if is.Severity == errs.Warning {
			return "warn", importer.Cause{Code: is.Code, Severity: importer.CauseWarning}.Title(f.Text), more
		}
	}
	return "ok", f.T("import.outcome." + r.Outcome.String()), more
}

func (p *pages) wholeRow(ctx context.Context, f *reviewPage, number int64, fixes []importer.Fix) (*wholeRow, error) {
	list, err := p.app.Imports.Candidates(ctx, f.imp, number)
	if err != nil {
		return nil, err
	}
	w := &wholeRow{}
	for _, c := range list {
		one := candidate{ID: int64(c.Contact), Name: c.Name}
		var keys []string
		for _, k := range c.Keys {
			if keys = append(keys, k.Text); k.Kind == contact.Phone {
				keys[len(keys)-1] = page.PhoneText(k.Text)
			}
		}
		one.Keys = f.Text.List(keys)
		w.Candidates = append(w.Candidates, one)
	}
	for _, fix := range fixes {
		if fix.Column < 0 {
			switch fix.Choice {
			case importer.ChooseLeaveOut:
				w.LeftOut, w.Chosen = true, "out"
			case importer.ChooseNew:
				w.Chosen = "new"
			case importer.ChooseContact:
				w.Chosen = strconv.FormatInt(int64(fix.Contact), 10)
			}
		}
	}
	return w, nil
}
