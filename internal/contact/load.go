package contact

import (
	"context"
	"slices"
	"strings"

	"cadastro/internal/db"
)

// Part says how much of a contact Load brings. The id, version, change sets and bin state always come.
type Part struct {
	Scalars  []Scalar
	Custom   bool
	Sets     bool // tags and groups
	Channels bool
}

// Whole is all of a contact.
func Whole() Part {
	p := Part{Custom: true, Sets: true, Channels: true}
	for s := range NumScalars {
		p.Scalars = append(p.Scalars, s)
	}
	return p
}

var idCols = db.Cols("id BIGINT")

// channelsOfStaged is the FROM clause of the channels of the contacts in stage_ids.
const channelsOfStaged = "stage_ids s JOIN channel ch ON ch.workspace_id = $1 AND ch.contact_id = s.id"

// Load gives the contacts with the given ids, those in the bin included, ids that are nobody's left out. One
// statement reads the contacts and one their channels, however many there are. lock keeps other writers off
// them until the transaction ends; q must then be a *db.Tx.
func Load(ctx context.Context, q db.Querier, workspace int64, ids []ID, part Part, lock bool) (map[ID]*Contact, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	b := &db.Batch{Width: 1}
	for _, id := range ids {
		b.Add(int64(id))
	}
	if err := q.Stage(ctx, "ids", idCols, b); err != nil {
		return nil, err
	}
	suffix := ""
	if tx, ok := q.(*db.Tx); ok && lock && tx.ForUpdate() != "" {
		suffix = tx.ForUpdate() + " OF c"
	}
	list, err := loadRows(ctx, q, workspace, part, "stage_ids s JOIN contact c ON c.workspace_id = $1 AND c.id = s.id"+suffix, len(ids))
	if err != nil {
		return nil, err
	}
	out := make(map[ID]*Contact, len(list))
	for i := range list {
		out[list[i].ID] = &list[i]
	}
	if part.Channels {
		err = loadChannels(ctx, q, workspace, out, channelsOfStaged)
	}
	return out, err
}

// loadRows reads contacts (alias c) from a FROM clause whose first argument is the workspace.
func loadRows(ctx context.Context, q db.Querier, workspace int64, part Part, from string, hint int, args ...any) ([]Contact, error) {
	cols := []string{"c.id", "c.version", "c.created_by", "c.changed_by", "c.created_at", "c.updated_at", "c.deleted_at", "c.typed", "c.source", "c.do_not_contact"}
	if part.Custom {
		cols = append(cols, "c.custom")
	}
	if part.Sets {
		cols = append(cols, "c.tags", "c.groups")
	}
	for _, s := range part.Scalars {
		cols = append(cols, "c."+s.Column())
	}
	list := make([]Contact, 0, hint)
	err := q.Each(ctx, func(row *db.Row) error {
		list = append(list, Contact{})
		return list[len(list)-1].fill(row, part)
	}, strings.Join(cols, ", "), from, append([]any{workspace}, args...)...)
	return list, err
}

// fill takes the columns of loadRows.
func (c *Contact) fill(row *db.Row, part Part) (err error) {
	c.ID, c.Version, c.CreatedBy, c.ChangedBy = ID(row.Int(0)), row.Int(1), row.Int(2), row.Int(3)
	c.CreatedAt, c.UpdatedAt, c.Deleted = row.Int(4), row.Int(5), !row.Null(6)
	c.Typed, c.Source, c.DoNotContact = row.Text(7), row.Text(8), row.Bool(9)
	at := 10
	if part.Custom {
		if c.Custom, err = ParseCustom(row.Text(at)); err != nil {
			return err
		}
		at++
	}
	if part.Sets {
		if c.Tags, err = ParseIDs(row.Text(at)); err != nil {
			return err
		}
		if c.Groups, err = ParseIDs(row.Text(at + 1)); err != nil {
			return err
		}
		at += 2
	}
	for i, s := range part.Scalars {
		c.Scalars[s] = row.Text(at + i)
	}
	return nil
}

// loadChannels reads the channels (alias ch) of the contacts in a FROM clause into them.
func loadChannels(ctx context.Context, q db.Querier, workspace int64, into map[ID]*Contact, from string) error {
	type placed struct {
		pos int64
		ch  Channel
	}
	var unordered map[ID][]placed // engines may give positions in any order; nearly all contacts have one of a kind
	err := q.Each(ctx, func(row *db.Row) error {
		id, pos := ID(row.Int(0)), row.Int(2)
		owner := into[id]
		if owner == nil {
			return nil
		}
		c := Channel{Kind: kindOf(row.Text(1)), Value: row.Text(3), Raw: row.Text(4), Label: row.Text(5),
			Basis: row.Text(6), BasisSource: row.Text(7), BasisAt: row.Int(8), OptedOutAt: row.Int(9)}
		if pos == 0 && unordered[id] == nil {
			if owner.Channels == nil {
				owner.Channels = make([]Channel, 0, 2)
			}
			owner.Channels = append(owner.Channels, c)
			return nil
		}
		if unordered == nil {
			unordered = map[ID][]placed{}
		}
		unordered[id] = append(unordered[id], placed{pos, c})
		return nil
	}, "ch.contact_id, ch.kind, ch.position, ch.value, ch.raw, ch.label, ch.basis, ch.basis_source, ch.basis_at, ch.opted_out_at", from, workspace)
	if err != nil {
		return err
	}
	for id, ps := range unordered {
		slices.SortFunc(ps, func(a, b placed) int { return int(a.pos - b.pos) })
		for _, p := range ps {
			into[id].Channels = append(into[id].Channels, p.ch)
		}
	}
	for _, c := range into {
		if len(c.Channels) > 1 {
			SortChannels(c.Channels)
		}
	}
	return nil
}

// kindOf gives the kind of a stored channel, as one of our own strings where it can.
func kindOf(s string) Kind {
	switch s {
	case string(Phone):
		return Phone
	case string(Email):
		return Email
	}
	return Kind(s)
}
