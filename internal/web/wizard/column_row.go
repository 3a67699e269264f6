package wizard

import (
	"slices"

	"cadastro/internal/contact"
	"cadastro/internal/errs"
	"cadastro/internal/mapping"
	"cadastro/internal/normalize"
)

func (d *draft) columnRow(b *base, i int) columnRow {
	c := &d.set.Mapping.Columns[i]
	row := columnRow{I: i, Header: d.header(b, i), Was: c.Field, On: c.Field != "", Undecided: d.undecided(i), Combined: d.combined(i), Keep: c.DoNotOverwrite}
	full := 0
	for _, r := range d.rows {
		if i >= len(r.Cells) || normalize.Trim(r.Cells[i]) == "" {
			continue
		}
		full++
		if v := errs.Clip(r.Cells[i], shownCell); len(row.Samples) < shownSamples && !slices.Contains(row.Samples, v) {
			row.Samples = append(row.Samples, v)
		}
	}
	if len(d.rows) > 0 {
		row.Fill = (full*100 + len(d.rows)/2) / len(d.rows)
	}
	row.Identifier = d.isIdentifier(i)
	row.Fields = d.fieldOptions(b, i)
	row.Sign, row.Reason = d.confidence(b, i)
	if c.Field == mapping.NewCustom {
		row.New = &newField{Label: c.Label}
		if row.New.Label == "" {
			row.New.Label = c.Header
		}
		for _, t := range fieldTypes {
			row.New.Type.add(string(t), b.T("web.wizard.type."+string(t)), string(t) == c.Type || c.Type == "" && t == contact.TypeText)
		}
	}
	row.Note = d.columnNote(b, i)
	if row.On {
		row.Options = d.options(b, i)
		for _, o := range row.Options {
			if o.Set {
				row.OptionsSet++
			}
		}
	}
	return row
}

// isIdentifier tells whether contacts are recognised by the column: the first of its field.
func (d *draft) isIdentifier(i int) bool {
	for j := range d.set.Mapping.Columns {
		if identifies(d.set.Mapping.Columns[j].Field, d.set.Identifier) {
			return i == j && d.set.Purpose != mapping.PurposeAddAll
		}
	}
	return false
}

// confidence gives the sign and the word of how sure the field of a column is.
func (d *draft) confidence(b *base, i int) (sign, word string) {
	c, s := &d.set.Mapping.Columns[i], &d.in.Suggestions[i]
	switch {
	case d.combined(i):
		return "h", b.T("mapping.proposal.combined")
	case c.Field == "" && s.Field == "" && d.undecided(i):
		return "lo", b.T("mapping.reason." + string(mapping.NoMatch))
	case c.Field == "":
		return "", ""
	case c.Field != s.Field:
		return "h", b.T("web.wizard.chosen")
	case s.Confirm:
		return "m2", b.T("mapping.reason." + string(s.Reason))
	}
	return "h", b.T("mapping.reason." + string(s.Reason))
}

// fieldOptions gives the fields that a column may feed.
func (d *draft) fieldOptions(b *base, i int) []optionGroup {
	now := d.set.Mapping.Columns[i].Field
	out := []optionGroup{{Options: []choiceOption{{Text: b.T("web.wizard.leave_out"), On: now == ""}, {Value: mapping.NewCustom, Text: b.T("web.wizard.make_field"), On: now == mapping.NewCustom}}}}
	for _, g := range fieldGroups {
		group := optionGroup{Label: b.T("web.wizard.fields." + g.name)}
		for _, f := range g.fields {
			group.Options = append(group.Options, choiceOption{Value: f, Text: b.T("field." + f), On: f == now})
		}
		out = append(out, group)
	}
	if len(d.cat.Fields) > 0 {
		group := optionGroup{Label: b.T("web.wizard.fields.custom")}
		for _, f := range d.cat.Fields {
			key := contact.CustomKey(f.ID)
			group.Options = append(group.Options, choiceOption{Value: key, Text: f.Label, On: key == now})
		}
		out = append(out, group)
	}
	return out
}

// columnNote tells what the sample shows of a column, beyond its values.
func (d *draft) columnNote(b *base, i int) string {
	switch d.set.Mapping.Columns[i].Field {
	case mapping.FieldTags:
		var col normalize.ListColumn
		for _, r := range d.rows {
			if i < len(r.Cells) {
				col.Add(r.Cells[i])
			}
		}
		seen, fresh := map[string]bool{}, 0
		for _, r := range d.rows {
			if i >= len(r.Cells) {
				continue
			}
			names, _ := normalize.List(nil, r.Cells[i], col.Separator())
			for _, n := range names {
				if key := normalize.Fold(n); !seen[key] {
					seen[key] = true
					if _, there := d.cat.Tags[key]; !there {
						fresh++
					}
				}
			}
		}
		return b.T("web.wizard.tags_found", "count", len(seen), "fresh", fresh)
	}
	return ""
}
