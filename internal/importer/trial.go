package importer

import (
	"context"
	"io"
	"slices"
	"strings"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/mapping"
	"cadastro/internal/table"
)

// Trial is what one row of a file would come to, by the same code that the review runs.
type Trial struct {
	Number, Line int64
	Outcome      Outcome
	Reason       Reason
	Contact      contact.ID // that the row speaks of, 0 for none
	Issues       []errs.Issue
	Fields       []TrialField
}

// TrialField is one field of a contact before and after a row. Old and New are in the text form of package contact, ""
// for an empty value; tags and groups are names.
type TrialField struct {
	Key      string // of the field; that of a custom field that is yet to be made is "custom.new" and Label says which
	Label    string
	Raw      string // the cell, where it is written otherwise than the value
	Old, New string
	Names    []string // of tags and groups afterwards
	Added    []string // those of Names that are new to the contact
	Given    string   // what the row says, in normal form
}

// Kept tells whether the row says something else, and the contact keeps what it has.
func (f *TrialField) Kept() bool {
	return f.Old != "" && f.Old == f.New && f.Given != "" && f.Given != f.Old
}

// Cleared tells whether the value would be erased.
func (f *TrialField) Cleared() bool { return f.Old != "" && f.New == "" }

// TryRow tells what a row of a sample would come to with these settings. rows are those of the sample, which also tell
// the order of dates and the like; at is the place of the row among them. cat is the workspace's catalogue. It reads
// the base and changes nothing. Errors are those of settings that no import could have.
func (s *Service) TryRow(ctx context.Context, workspace int64, set Settings, cat *contact.Catalogue, rows []table.Row, at int) (t *Trial, err error) {
	if err := auth.RequireIn(ctx, workspace, auth.ImportsRun); err != nil {
		return nil, err
	}
	set, cat, made := withNewFields(set, cat)
	err = s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		actor, _ := auth.From(ctx) // RequireIn has seen it
		v, err := sightOfActor(ctx, q, actor)
		if err != nil {
			return err
		}
		cat, err := withHiddenGroups(ctx, q, workspace, cat, v)
		if err != nil {
			return err
		}
		r := &reviewer{s: s, imp: &Import{Workspace: workspace, Settings: set}, q: q, names: newNamer(cat, nil, nil)}
		ev, err := gather(ctx, func() (table.Reader, error) { return &sampleReader{rows: rows}, nil }, &set, customTypes(&set, cat), s.Now())
		if err != nil {
			return err
		}
		if r.l, err = newLayout(&set, cat, ev); err != nil {
			return err
		}
		if err := r.names.wishes(r.l, &set); err != nil {
			return err
		}
		if r.look, err = newLooker(ctx, q, workspace, r.l, 0, v); err != nil {
			return err
		}
		c := newCleaner(r.l, ev)
		c.reset(1)
		records := make([]Record, 1)
		c.clean(&records[0], &rows[at])
		k, err := r.look.find(ctx, records)
		if err != nil {
			return err
		}
		r.names.names(&records[0])
		d := r.l.decide(&records[0], k)
		if d.Reason == OutOfSight {
			hidden := func(g int64) bool { return slices.Contains(v.Hidden, g) }
			records[0].Groups = slices.DeleteFunc(slices.Clone(records[0].Groups), hidden)
			if hidden(r.l.group) {
				r.l.group = 0
			}
		}
		t = r.trial(&records[0], &rows[at], d)
		for i := range t.Fields {
			if id, ok := contact.CustomID(t.Fields[i].Key); ok && made[id] != "" {
				t.Fields[i].Key, t.Fields[i].Label = mapping.NewCustom, made[id]
			}
		}
		return nil
	})
	return t, err
}

// trial lists the fields that the row's layout touches, in the order of forms.
func (r *reviewer) trial(rec *Record, row *table.Row, d Decision) *Trial {
	t := &Trial{Number: rec.Number, Line: rec.Line, Outcome: d.Outcome, Reason: d.Reason, Contact: d.Target, Issues: joinIssues(rec.Issues, d.Issues)}
	after := d.New
	if after == nil {
		after = d.Old
	}
	if after == nil {
		after = r.l.build(rec) // an error or a skip: what the row says
	}
	given := r.l.build(rec)
	before := d.Old
	if before == nil {
		before = &contact.Contact{}
	}
	seen := map[string]bool{}
	add := func(key string) {
		if seen[key] {
			return
		}
		seen[key] = true
		f := TrialField{Key: key, Old: before.Text(key), New: after.Text(key), Given: given.Text(key), Raw: r.rawOf(key, row)}
		switch key {
		case contact.FieldTags:
			f.Names, f.Added = r.setNames(after.Tags, before.Tags, r.names.cat.TagName, r.names.tags)
		case contact.FieldGroups:
			f.Names, f.Added = r.setNames(after.Groups, before.Groups, r.names.cat.GroupName, r.names.groups)
		default:
			if f.Old == "" && f.New == "" {
				return
			}
		}
		t.Fields = append(t.Fields, f)
	}
	add(contact.Name.Key())
	for i := range r.l.columns {
		switch col := &r.l.columns[i]; col.to {
		case toPhone, toWhatsApp:
			add(string(contact.Phone))
		case toEmail:
			add(string(contact.Email))
		case toChannelValue:
			add(string(contact.Phone))
			add(string(contact.Email))
		case toTelegram:
			add(string(contact.Telegram))
		case toSlot:
			add(r.l.slots[col.slot].key)
		}
	}
	if len(after.Tags) > 0 || r.l.setRules.tags.mapped {
		add(contact.FieldTags)
	}
	if len(after.Groups) > 0 {
		add(contact.FieldGroups)
	}
	return t
}

// rawOf gives the cell that a field is fed from, "" where several are or none.
func (r *reviewer) rawOf(key string, row *table.Row) string {
	raw, n := "", 0
	for i := range r.l.columns {
		col := &r.l.columns[i]
		field := ""
		switch col.to {
		case toPhone, toWhatsApp:
			field = string(contact.Phone)
		case toEmail:
			field = string(contact.Email)
		case toSlot:
			field = r.l.slots[col.slot].key
		}
		if field == key {
			if v := cellAt(row.Cells, i); v != "" {
				raw, n = v, n+1
			}
		}
	}
	if n != 1 {
		return ""
	}
	return raw
}

// setNames names the tags or groups of a contact, and those that it did not have before. Ids below zero are names that
// do not exist yet.
func (r *reviewer) setNames(after, before []int64, name func(int64) string, fresh []string) (all, added []string) {
	for _, id := range after {
		n := ""
		if id < 0 && int(-id) <= len(fresh) {
			n = fresh[-id-1]
		} else {
			n = name(id)
		}
		if all = append(all, n); !slices.Contains(before, id) {
			added = append(added, n)
		}
	}
	return all, added
}

// withHiddenGroups gives a catalogue in which the groups that its reader does not see have their names again: a row that
// names one is no row that makes one.
func withHiddenGroups(ctx context.Context, q db.Querier, workspace int64, cat *contact.Catalogue, v auth.Sight) (*contact.Catalogue, error) {
	if len(v.Hidden) == 0 {
		return cat, nil
	}
	all, err := contact.LoadCatalogue(ctx, q, workspace)
	if err != nil {
		return nil, err
	}
	more := *cat
	more.Groups = all.Groups
	return &more, nil
}

// withNewFields gives settings and a catalogue in which the custom fields that the mapping would make exist already.
// made has their labels.
func withNewFields(set Settings, cat *contact.Catalogue) (Settings, *contact.Catalogue, map[int64]string) {
	const above = int64(1) << 40 // ids that no field has
	made := map[int64]string{}
	set.Mapping.Columns = slices.Clone(set.Mapping.Columns)
	more := *cat
	more.Fields = slices.Clone(cat.Fields)
	for i := range set.Mapping.Columns {
		c := &set.Mapping.Columns[i]
		if c.Field != mapping.NewCustom {
			continue
		}
		label := strings.TrimSpace(c.Label)
		if label == "" {
			label = c.Header
		}
		id := above + int64(i)
		if f, ok := cat.FieldByLabel(label); ok {
			id = f.ID
		} else {
			kind := contact.FieldType(c.Type)
			if kind == "" {
				kind = contact.TypeText
			}
			more.Fields = append(more.Fields, contact.CustomField{ID: id, Label: label, Type: kind})
			made[id] = label
		}
		c.Field = contact.CustomKey(id)
	}
	return set, &more, made
}

// sampleReader reads rows that are at hand.
type sampleReader struct {
	rows []table.Row
	at   int
}

func (r *sampleReader) Header() []string { return nil }
func (r *sampleReader) Offset() int64    { return 0 }
func (r *sampleReader) Close() error     { return nil }

func (r *sampleReader) Read(row *table.Row) error {
	if r.at >= len(r.rows) {
		return io.EOF
	}
	*row = r.rows[r.at]
	r.at++
	return nil
}
