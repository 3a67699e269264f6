package contact

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"cadastro/internal/db"
	"cadastro/internal/journal"
)

// update writes changes of contacts that were loaded in this transaction. Only the columns that some contact of
// the batch changes are written; all others stay as they are.
func update(ctx context.Context, tx *db.Tx, st Stamp, change []Update) error {
	if len(change) == 0 {
		return nil
	}
	var t touched
	var texts []ID // of contacts whose texts for searches change
	var renamed []*Contact
	entries := make([]journal.Entry, len(change))
	for i, u := range change {
		if slices.ContainsFunc(u.Changes, func(ch journal.Change) bool { return searchable(ch.Field) }) {
			texts = append(texts, u.New.ID)
		}
		for _, ch := range u.Changes {
			t.note(ch)
			if ch.Field == scalarNames[Name].key {
				renamed = append(renamed, u.Old)
			}
		}
		entries[i] = journal.Entry{ContactID: int64(u.New.ID), Changes: u.Changes}
	}
	cols := t.columns()
	rows := &db.Batch{Width: len(cols)}
	gone, come := newGone(), newChildren()
	row := make([]any, 0, len(cols))
	for _, u := range change {
		row = t.row(row[:0], u.New, st.Now)
		rows.Add(row...)
		gone.compare(u, come)
	}
	if err := tx.Stage(ctx, "contact", cols, rows); err != nil {
		return err
	}
	set := make([]string, 0, len(cols)+2)
	for _, c := range cols[1:] {
		set = append(set, c.Name+" = s."+c.Name)
	}
	set = append(set, "version = contact.version + 1", "updated_at = $2", "changed_by = $3")
	n, err := tx.Exec(ctx, "UPDATE contact SET "+strings.Join(set, ", ")+
		" FROM stage_contact s WHERE contact.workspace_id = $1 AND contact.id = s.id", st.Workspace, st.Now, int64(st.Set))
	if err != nil {
		return err
	}
	if n != int64(len(change)) {
		return fmt.Errorf("changed %d of %d contacts", n, len(change))
	}
	come.sort()
	if err := gone.remove(ctx, tx, st.Workspace); err != nil {
		return err
	}
	if err := come.insert(ctx, tx, st.Workspace); err != nil {
		return err
	}
	if err := dropOrder(ctx, tx, st.Workspace, renamed); err != nil {
		return err
	}
	if err := index(ctx, tx, st.Workspace, texts); err != nil {
		return err
	}
	return journal.Write(ctx, tx, st.Workspace, st.Set, entries)
}

// gone gathers the rows that updates take away.
type gone struct {
	channels, keys *db.Batch
	tags, groups   []pair
}

var (
	kindCols    = db.Cols("contact_id BIGINT", "kind TEXT")
	goneKeyCols = db.Cols("kind TEXT", "key TEXT", "contact_id BIGINT")
)

func newGone() *gone {
	return &gone{channels: &db.Batch{Width: len(kindCols)}, keys: &db.Batch{Width: len(goneKeyCols)}}
}

// compare puts what u takes away into g and what it brings into come.
func (g *gone) compare(u Update, come *children) {
	id := int64(u.New.ID)
	if !slices.Equal(u.Old.Channels, u.New.Channels) {
		for _, kind := range ChannelKinds() {
			old, new := ofKind(u.Old.Channels, kind), ofKind(u.New.Channels, kind)
			if slices.Equal(old, new) {
				continue
			}
			if len(old) > 0 {
				g.channels.Add(id, string(kind))
			}
			come.addChannels(id, new)
		}
	}
	before, after := u.Old.Keys(nil), u.New.Keys(nil)
	for _, k := range before {
		if !slices.Contains(after, k) {
			g.keys.Add(string(k.Kind), k.Text, id)
		}
	}
	for _, k := range after {
		if !slices.Contains(before, k) {
			come.keys[k.Kind] = append(come.keys[k.Kind], keyRow{k.Text, id})
		}
	}
	setDiff(u.Old.Tags, u.New.Tags, id, &g.tags, &come.tags)
	setDiff(u.Old.Groups, u.New.Groups, id, &g.groups, &come.groups)
}

func ofKind(cs []Channel, kind Kind) []Channel {
	lo := slices.IndexFunc(cs, func(c Channel) bool { return c.Kind == kind })
	if lo < 0 {
		return nil
	}
	hi := lo
	for hi < len(cs) && cs[hi].Kind == kind {
		hi++
	}
	return cs[lo:hi]
}

func setDiff(old, new []int64, id int64, gone, come *[]pair) {
	for _, v := range old {
		if !slices.Contains(new, v) {
			*gone = append(*gone, pair{v, id})
		}
	}
	for _, v := range new {
		if !slices.Contains(old, v) {
			*come = append(*come, pair{v, id})
		}
	}
}

func (g *gone) remove(ctx context.Context, tx *db.Tx, workspace int64) error {
	for _, t := range []struct {
		table string
		cols  []db.Column
		rows  *db.Batch
	}{{"channel", kindCols, g.channels}, {"contact_key", goneKeyCols, g.keys}, {"tag_contact", tagCols, pairs(g.tags)}, {"group_contact", groupCols, pairs(g.groups)}} {
		if t.rows.Len() == 0 {
			continue
		}
		if err := tx.Stage(ctx, "gone", t.cols, t.rows); err != nil {
			return err
		}
		names := make([]string, len(t.cols))
		for i, c := range t.cols {
			names[i] = c.Name
		}
		list := strings.Join(names, ", ")
		_, err := tx.Exec(ctx, "DELETE FROM "+t.table+" WHERE workspace_id = $1 AND ("+list+") IN (SELECT "+list+" FROM stage_gone)", workspace)
		if err != nil {
			return err
		}
	}
	return nil
}
