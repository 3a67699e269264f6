package contact

import (
	"context"
	"database/sql"
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
	rows, err := q.Query(ctx, "SELECT "+strings.Join(cols, ", ")+" FROM "+from, append([]any{workspace}, args...)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := make([]Contact, 0, hint)
	for rows.Next() {
		var c Contact
		var deleted sql.NullInt64
		var custom, tags, groups string
		dest := append(make([]any, 0, len(cols)), &c.ID, &c.Version, &c.CreatedBy, &c.ChangedBy, &c.CreatedAt, &c.UpdatedAt, &deleted, &c.Typed, &c.Source, &c.DoNotContact)
		if part.Custom {
			dest = append(dest, &custom)
		}
		if part.Sets {
			dest = append(dest, &tags, &groups)
		}
		for _, s := range part.Scalars {
			dest = append(dest, &c.Scalars[s])
		}
		if err := rows.Scan(dest...); err != nil {
			return nil, err
		}
		c.Deleted = deleted.Valid
		if c.Custom, err = ParseCustom(custom); err != nil {
			return nil, err
		}
		if c.Tags, err = ParseIDs(tags); err != nil {
			return nil, err
		}
		if c.Groups, err = ParseIDs(groups); err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, rows.Err()
}

// loadChannels reads the channels (alias ch) of the contacts in a FROM clause into them.
func loadChannels(ctx context.Context, q db.Querier, workspace int64, into map[ID]*Contact, from string) error {
	rows, err := q.Query(ctx, `SELECT ch.contact_id, ch.kind, ch.position, ch.value, ch.raw, ch.label,
		ch.basis, ch.basis_source, COALESCE(ch.basis_at, 0), COALESCE(ch.opted_out_at, 0) FROM `+from, workspace)
	if err != nil {
		return err
	}
	defer rows.Close()
	type placed struct {
		pos int64
		ch  Channel
	}
	var unordered map[ID][]placed // engines may give positions in any order; nearly all contacts have one of a kind
	for rows.Next() {
		var id ID
		var p placed
		c := &p.ch
		if err := rows.Scan(&id, &c.Kind, &p.pos, &c.Value, &c.Raw, &c.Label, &c.Basis, &c.BasisSource, &c.BasisAt, &c.OptedOutAt); err != nil {
			return err
		}
		owner := into[id]
		if owner == nil {
			continue
		}
		if p.pos == 0 && unordered[id] == nil && !slices.ContainsFunc(owner.Channels, func(o Channel) bool { return o.Kind == c.Kind }) {
			owner.Channels = append(owner.Channels, *c)
			continue
		}
		if unordered == nil {
			unordered = map[ID][]placed{}
		}
		unordered[id] = append(unordered[id], p)
	}
	for id, ps := range unordered {
		slices.SortFunc(ps, func(a, b placed) int { return int(a.pos - b.pos) })
		for _, p := range ps {
			// A primary that came after a secondary of its kind was set aside with it and goes first here.
			into[id].Channels = append(into[id].Channels, p.ch)
		}
	}
	for _, c := range into {
		if len(c.Channels) > 1 {
			SortChannels(c.Channels)
		}
	}
	return rows.Err()
}
