package importer

import (
	"context"
	"slices"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/db"
	"cadastro/internal/errs"
)

// resolve puts the ids of new tags and groups in the place of those below zero.
func (a *applier) resolve(rows []PlanRow) {
	for i := range rows {
		r := &rows[i].Record
		r.Tags, r.Groups = resolveIDs(r.Tags, a.tags), resolveIDs(r.Groups, a.groups)
		for j := range rows[i].Changes {
			c := &rows[i].Changes[j]
			switch c.Field {
			case contact.FieldTags:
				c.New = resolveText(c.New, a.tags)
			case contact.FieldGroups:
				c.New = resolveText(c.New, a.groups)
			}
		}
		r.Keys = a.l.appendKeys(nil, r)
	}
}

func resolveIDs(ids, made []int64) []int64 {
	if len(ids) == 0 || ids[0] >= 0 {
		return ids // in order, so that those below zero come first
	}
	for i, id := range ids {
		if id < 0 && -id <= int64(len(made)) {
			ids[i] = made[-id-1]
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func resolveText(text string, made []int64) string {
	if text == "" || text[0] != '-' {
		return text
	}
	ids, err := contact.ParseIDs(text)
	if err != nil {
		return text
	}
	return contact.FormatIDs(resolveIDs(ids, made))
}

// decidePlanned lets the rows of a chunk become what the plan says. The contacts that it changes are read again, for
// the journal and for their lock.
func (a *applier) decidePlanned(ctx context.Context, tx *db.Tx, rows []PlanRow) (out []applied, change []contact.Update, err error) {
	k := &known{own: a.imp.Set, hits: map[contact.Key][]contact.ID{}}
	var ids []contact.ID
	for i := range rows {
		if p := &rows[i]; p.Outcome == RowUpdated {
			ids = append(ids, p.Target)
			k.hits[p.Record.Identity] = []contact.ID{p.Target}
		}
	}
	if k.contacts, err = contact.Load(ctx, tx, a.imp.Workspace, ids, a.l.part(), true); err != nil {
		return nil, nil, err
	}
	out = make([]applied, len(rows))
	now := a.s.micros()
	for i := range rows {
		p := &rows[i]
		out[i] = applied{outcome: p.Outcome, reason: p.Reason, contact: p.Target}
		switch p.Outcome {
		case RowImported:
			out[i].contact = contact.ID(a.imp.idBase + p.Record.Number)
		case RowUpdated:
			d := a.l.decide(&p.Record, k)
			out[i].set(p, &d)
			if d.Outcome == RowUpdated {
				change = append(change, d.update(now))
			}
		}
	}
	return out, change, nil
}

// decideAgain decides the rows of a chunk by what the base holds now.
func (a *applier) decideAgain(ctx context.Context, tx *db.Tx, rows []PlanRow, v auth.Sight) (out []applied, added *contact.Added, change []contact.Update, err error) {
	lk, err := newLooker(ctx, tx, a.imp.Workspace, a.l, a.imp.Set, v)
	if err != nil {
		return nil, nil, nil, err
	}
	records := make([]Record, len(rows))
	for i := range rows {
		records[i] = rows[i].Record
	}
	k, err := lk.find(ctx, records)
	if err != nil {
		return nil, nil, nil, err
	}
	now := a.s.micros()
	out = make([]applied, len(rows))
	var add []*contact.Contact
	changed := map[contact.ID]int64{} // contact -> line of the row that changes it
	for i := range rows {
		p := &rows[i]
		if p.Reason == BadCells || p.Reason == RepeatedRow || p.Reason == Joined || p.Reason == LeftOut {
			out[i] = applied{outcome: p.Outcome, reason: p.Reason} // the file says so, whatever the base holds
			continue
		}
		d := a.l.decide(&p.Record, k)
		switch d.Outcome {
		case RowImported:
			d.New.ID = contact.ID(a.imp.idBase + p.Record.Number)
			stampConsent(d.New, now)
			add = append(add, d.New)
		case RowUpdated:
			if line, twice := changed[d.Target]; twice {
				// Two rows have come to be one contact's since the review; the second waits for a person.
				d = Decision{Outcome: RowError, Reason: RepeatedRow, Issues: []errs.Issue{errs.NewIssue(errs.Reject, "row.same_contact", "", "line", line)}}
				break
			}
			changed[d.Target] = p.Record.Line
			change = append(change, d.update(now))
		}
		out[i].set(p, &d)
	}
	return out, contact.NewAdded(add), change, nil
}

// set records a decision, and whether it is another than the plan's.
func (o *applied) set(p *PlanRow, d *Decision) {
	o.outcome, o.reason, o.contact = d.Outcome, d.Reason, d.Target
	if d.Outcome == RowImported {
		o.contact = d.New.ID
	}
	if o.drifted = d.Outcome != p.Outcome || d.Reason != p.Reason || d.Target != p.Target || !slices.Equal(d.Changes, p.Changes); o.drifted {
		o.issues = d.Issues
	}
}

// update gives the change that a decision asks for, with the time of consent in it.
func (d *Decision) update(now int64) contact.Update {
	u := contact.Update{Old: d.Old, New: d.New, Changes: d.Changes}
	if stampConsent(d.New, now) {
		u.Changes = contact.Diff(d.Old, d.New)
	}
	return u
}

// stampConsent puts the time in the place of importTime and tells whether there was any.
func stampConsent(c *contact.Contact, now int64) bool {
	any := false
	for i := range c.Channels {
		ch := &c.Channels[i]
		if ch.BasisAt == importTime {
			ch.BasisAt, any = now, true
		}
		if ch.OptedOutAt == importTime {
			ch.OptedOutAt, any = now, true
		}
	}
	return any
}
