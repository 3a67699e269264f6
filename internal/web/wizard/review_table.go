package wizard

import (
	"slices"

	"cadastro/internal/contact"
	"cadastro/internal/errs"
	"cadastro/internal/importer"
	"cadastro/internal/mapping"
	"cadastro/internal/web/page"
)

// rowTable is a page of rows that are only shown.
type rowTable struct {
	Cols    []string
	Rows    []tableRow
	Changes bool
}

// tableRow is one of them.
type tableRow struct {
	Line     string
	Name     string
	Initials string
	Contact  int64
	Cells    []tableCell
	Class    string
	Icon     string
	Result   string
	Why      string
}

// tableCell is a value, or what becomes of one.
type tableCell struct {
	Label             string
	Was, Is           string
	Same, Kept, Clear bool
	Mono              bool
	Tags              []cardTag
}

// tableCols is how many columns stand beside the name.
const tableCols = 5

// plainTable shows rows as the file has them, with their result.
func (f *reviewPage) plainTable(rows *importer.RowPage) *rowTable {
	t := &rowTable{}
	cols := slices.DeleteFunc(f.columnsOfGrid(), func(c gridCol) bool { return c.I == f.nameColumn() })
	cols = cols[:min(len(cols), tableCols)]
	for _, c := range cols {
		t.Cols = append(t.Cols, c.Name)
	}
	headers := f.imp.Settings.Mapping.Headers()
	for i, r := range rows.Rows {
		row := f.tableRow(r, rows.Cells[i])
		for _, c := range cols {
			v := ""
			if c.I < len(rows.Cells[i]) {
				v = errs.Clip(rows.Cells[i][c.I], shownCell)
			}
			row.Cells = append(row.Cells, tableCell{Label: c.Name, Is: v, Mono: true})
		}
		row.Why = importer.Explain(f.Text, r, headers)
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (f *reviewPage) nameColumn() int {
	return slices.IndexFunc(f.imp.Settings.Mapping.Columns, func(c mapping.Column) bool { return c.Field == mapping.FieldName || c.Field == mapping.FieldFirstName })
}

func (f *reviewPage) tableRow(r *importer.RowResult, cells []string) tableRow {
	row := tableRow{Line: f.N(r.Line), Contact: int64(r.Contact)}
	if i := f.nameColumn(); i >= 0 && i < len(cells) {
		row.Name = errs.Clip(cells[i], shownCell)
	}
	if r.Outcome == importer.RowImported {
		row.Contact = 0
	}
	row.Initials = page.Initials(row.Name)
	switch r.Outcome {
	case importer.RowImported:
		row.Class, row.Icon, row.Result = "new", "plus", f.T("web.wizard.result.new")
	case importer.RowUpdated:
		row.Class, row.Icon, row.Result = "upd", "refresh-cw", f.T("web.wizard.result.updated")
	case importer.RowSkipped:
		row.Class, row.Icon, row.Result = "skip", "minus", f.T("web.wizard.result.skipped")
	default:
		row.Class, row.Icon, row.Result = "err", "x", f.T("web.wizard.result.error")
	}
	return row
}

// changesTable shows what updates change: the old value and the new one, field by field.
func (f *reviewPage) changesTable(rows *importer.RowPage) *rowTable {
	t := &rowTable{Changes: true}
	fields := changedFields(&f.imp.Summary)
	if one := f.q.Get("field"); one != "" {
		fields = slices.DeleteFunc(fields, func(k string) bool { return k == one })
		fields = append([]string{one}, fields...)
	} else if f.q.Get("erased") != "" {
		slices.SortStableFunc(fields, func(a, b string) int { return int(f.imp.Summary.ClearedFields[b] - f.imp.Summary.ClearedFields[a]) })
	}
	fields = fields[:min(len(fields), tableCols+1)]
	protected := map[string]bool{}
	for _, c := range f.imp.Settings.Mapping.Columns {
		protected[c.Field] = protected[c.Field] || c.DoNotOverwrite
	}
	for _, k := range fields {
		t.Cols = append(t.Cols, f.FieldName(f.cat, k))
	}
	for i, r := range rows.Rows {
		row := f.tableRow(r, rows.Cells[i])
		for k, field := range fields {
			c := tableCell{Label: t.Cols[k], Same: true, Kept: protected[field]}
			if r.Plan != nil {
				for _, ch := range r.Plan.Changes {
					if ch.Field == field {
						c = f.changeCell(t.Cols[k], field, ch.Old, ch.New)
					}
				}
			}
			row.Cells = append(row.Cells, c)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (f *reviewPage) changeCell(label, field, old, now string) tableCell {
	c := tableCell{Label: label}
	if field == contact.FieldTags || field == contact.FieldGroups {
		before, after := f.namesOf(field, old), f.namesOf(field, now)
		for _, n := range after {
			c.Tags = append(c.Tags, cardTag{n, colourOf(&f.base, n, f.imp.Settings.ImportTag), !slices.Contains(before, n)})
		}
		slices.SortStableFunc(c.Tags, addedLast)
		if len(after) == 0 {
			c.Was, c.Clear = f.Text.List(before), true
		} else {
			var gone []string
			for _, n := range before {
				if !slices.Contains(after, n) {
					gone = append(gone, n)
				}
			}
			c.Was = f.Text.List(gone)
		}
		return c
	}
	c.Was, c.Is = errs.Clip(f.ValueText(f.cat, field, old), shownCell), errs.Clip(f.ValueText(f.cat, field, now), shownCell)
	c.Clear = now == ""
	return c
}

// namesOf names tags or groups; those that do not exist yet stand in the review's list of new ones.
func (f *reviewPage) namesOf(field, value string) []string {
	ids, err := contact.ParseIDs(value)
	if err != nil {
		return nil
	}
	var out []string
	for _, id := range ids {
		switch {
		case id < 0 && field == contact.FieldTags && int(-id) <= len(f.imp.Summary.NewTags):
			out = append(out, f.imp.Summary.NewTags[-id-1])
		case id < 0 && field == contact.FieldGroups:
			out = append(out, f.imp.Settings.Group)
		case id > 0 && field == contact.FieldTags:
			out = append(out, f.cat.TagName(id))
		case id > 0:
			out = append(out, f.cat.GroupName(id))
		}
	}
	return out
}
