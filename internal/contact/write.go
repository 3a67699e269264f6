package contact

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"cadastro/internal/db"
	"cadastro/internal/journal"
	"cadastro/internal/normalize"
)

// Update is a change of one contact that was loaded in the same transaction.
type Update struct {
	Old, New *Contact
	Changes  []journal.Change // as Diff(Old, New)
}

// Stamp says who writes and when.
type Stamp struct {
	Workspace int64
	Set       journal.SetID
	Now       int64  // microseconds since 1970, UTC
	Source    string // of contacts that are made: import, manual, api, inbound
}

// Write adds contacts and changes others, with their channels, identity keys, tags, groups and the journal, in a
// number of statements that does not depend on theirs. The contacts to add have their ids already.
func Write(ctx context.Context, tx *db.Tx, st Stamp, add []*Contact, change []Update) error {
	if err := insert(ctx, tx, st, add); err != nil {
		return fmt.Errorf("add contacts: %w", err)
	}
	if err := update(ctx, tx, st, change); err != nil {
		return fmt.Errorf("change contacts: %w", err)
	}
	return nil
}

func insert(ctx context.Context, tx *db.Tx, st Stamp, add []*Contact) error {
	if len(add) == 0 {
		return nil
	}
	cols := db.Cols("id BIGINT")
	var used [NumScalars]bool
	for _, c := range add {
		for s := range NumScalars {
			used[s] = used[s] || c.Scalars[s] != ""
		}
	}
	var scalars []Scalar
	for s := range NumScalars {
		if used[s] {
			scalars = append(scalars, s)
			cols = append(cols, db.Column{Name: s.Column(), Type: db.Text})
		}
	}
	cols = append(cols, db.Cols("name_key TEXT", "custom TEXT", "tags TEXT", "groups TEXT", "typed TEXT")...)
	rows := &db.Batch{Width: len(cols)}
	row := make([]any, len(cols))
	children := newChildren()
	for _, c := range add {
		v := append(row[:0], int64(c.ID))
		for _, s := range scalars {
			v = append(v, c.Scalars[s])
		}
		v = append(v, normalize.Fold(c.Scalars[Name]), FormatCustom(c.Custom), FormatIDs(c.Tags), FormatIDs(c.Groups), c.Typed)
		rows.Add(v...)
		children.add(c)
	}
	fixed := []db.Fixed{
		{Name: "workspace_id", Value: st.Workspace}, {Name: "source", Value: st.Source}, {Name: "version", Value: int64(1)},
		{Name: "created_at", Value: st.Now}, {Name: "updated_at", Value: st.Now},
		{Name: "created_by", Value: int64(st.Set)}, {Name: "changed_by", Value: int64(st.Set)},
	}
	if err := tx.InsertRows(ctx, "contact", fixed, cols, rows); err != nil {
		return err
	}
	return children.insert(ctx, tx, st.Workspace)
}

// children gathers the rows that hang on contacts.
type children struct {
	channels, consents, keys, tags, groups *db.Batch
	scratch                                []Key
}

var (
	channelCols = db.Cols("contact_id BIGINT", "kind TEXT", "position BIGINT", "value TEXT", "raw TEXT", "label TEXT")
	consentCols = append(slices.Clone(channelCols), db.Cols("basis TEXT", "basis_source TEXT", "basis_at BIGINT", "opted_out_at BIGINT")...)
	keyCols     = db.Cols("kind TEXT", "key TEXT", "contact_id BIGINT")
	tagCols     = db.Cols("tag_id BIGINT", "contact_id BIGINT")
	groupCols   = db.Cols("group_id BIGINT", "contact_id BIGINT")
)

func newChildren() *children {
	return &children{
		channels: &db.Batch{Width: len(channelCols)}, consents: &db.Batch{Width: len(consentCols)},
		keys: &db.Batch{Width: len(keyCols)}, tags: &db.Batch{Width: len(tagCols)}, groups: &db.Batch{Width: len(groupCols)},
	}
}

func (ch *children) add(c *Contact) {
	id := int64(c.ID)
	ch.addChannels(id, c.Channels)
	ch.scratch = c.Keys(ch.scratch[:0])
	for _, k := range ch.scratch {
		ch.keys.Add(string(k.Kind), k.Text, id)
	}
	for _, t := range c.Tags {
		ch.tags.Add(t, id)
	}
	for _, g := range c.Groups {
		ch.groups.Add(g, id)
	}
}

// addChannels numbers the channels of each kind from 0. Those with consent on record go by themselves, since
// most have none and four empty columns cost as much as the rest.
func (ch *children) addChannels(id int64, cs []Channel) {
	var kind Kind
	var pos int64
	for i := range cs {
		c := &cs[i]
		if c.Kind != kind {
			kind, pos = c.Kind, 0
		}
		if c.Basis == "" && c.BasisSource == "" && c.BasisAt == 0 && c.OptedOutAt == 0 {
			ch.channels.Add(id, string(c.Kind), pos, c.Value, c.Raw, c.Label)
		} else {
			ch.consents.Add(id, string(c.Kind), pos, c.Value, c.Raw, c.Label, c.Basis, c.BasisSource, orNil(c.BasisAt), orNil(c.OptedOutAt))
		}
		pos++
	}
}

func (ch *children) insert(ctx context.Context, tx *db.Tx, workspace int64) error {
	fixed := []db.Fixed{{Name: "workspace_id", Value: workspace}}
	for _, t := range []struct {
		table string
		cols  []db.Column
		rows  *db.Batch
	}{
		{"channel", channelCols, ch.channels}, {"channel", consentCols, ch.consents}, {"contact_key", keyCols, ch.keys},
		{"tag_contact", tagCols, ch.tags}, {"group_contact", groupCols, ch.groups},
	} {
		if err := tx.InsertRows(ctx, t.table, fixed, t.cols, t.rows); err != nil {
			return err
		}
	}
	return nil
}

func orNil(t int64) any {
	if t == 0 {
		return nil
	}
	return t
}

// touched gathers which columns and channel kinds a batch of updates changes.
type touched struct {
	scalars             [NumScalars]bool
	custom, tags        bool
	groups, typed, bins bool
}

func (t *touched) note(ch journal.Change) {
	if s, ok := ScalarByKey(ch.Field); ok {
		t.scalars[s] = true
		return
	}
	switch ch.Field {
	case FieldTags:
		t.tags = true
	case FieldGroups:
		t.groups = true
	case FieldTyped:
		t.typed = true
	case FieldDeleted:
		t.bins = true
	default:
		t.custom = t.custom || strings.HasPrefix(ch.Field, customPrefix)
	}
}

func (t *touched) columns() []db.Column {
	cols := db.Cols("id BIGINT")
	for s := range NumScalars {
		if t.scalars[s] {
			cols = append(cols, db.Column{Name: s.Column(), Type: db.Text})
		}
	}
	for _, c := range []struct {
		on  bool
		def string
	}{{t.scalars[Name], "name_key TEXT"}, {t.custom, "custom TEXT"}, {t.tags, "tags TEXT"}, {t.groups, "groups TEXT"}, {t.typed, "typed TEXT"}, {t.bins, "deleted_at BIGINT"}} {
		if c.on {
			cols = append(cols, db.Cols(c.def)...)
		}
	}
	return cols
}

func (t *touched) row(dst []any, c *Contact, now int64) []any {
	dst = append(dst, int64(c.ID))
	for s := range NumScalars {
		if t.scalars[s] {
			dst = append(dst, c.Scalars[s])
		}
	}
	if t.scalars[Name] {
		dst = append(dst, normalize.Fold(c.Scalars[Name]))
	}
	if t.custom {
		dst = append(dst, FormatCustom(c.Custom))
	}
	if t.tags {
		dst = append(dst, FormatIDs(c.Tags))
	}
	if t.groups {
		dst = append(dst, FormatIDs(c.Groups))
	}
	if t.typed {
		dst = append(dst, c.Typed)
	}
	if t.bins {
		if c.Deleted {
			dst = append(dst, now)
		} else {
			dst = append(dst, nil)
		}
	}
	return dst
}
