package contact

import (
	"context"
	"slices"
	"strings"

	"cadastro/internal/db"
	"cadastro/internal/normalize"
)

// Added is a batch of contacts made ready to be inserted. Making it takes as long as half of the insert and needs
// no transaction, so an import makes it while the batch before is being written.
type Added struct {
	cols     []db.Column
	rows     *db.Batch
	children *children
	ids      []ID
}

// optional are the columns of contact that are left out of an insert where no contact of the batch has them.
var optional = []struct {
	def  string
	text func(*Contact) string
}{
	{"custom TEXT", func(c *Contact) string { return FormatCustom(c.Custom) }},
	{"tags TEXT", func(c *Contact) string { return FormatIDs(c.Tags) }},
	{"groups TEXT", func(c *Contact) string { return FormatIDs(c.Groups) }},
	{"typed TEXT", func(c *Contact) string { return c.Typed }},
}

// NewAdded makes contacts ready. They have their ids already.
func NewAdded(add []*Contact) *Added {
	var used [NumScalars]bool
	var custom, tags, groups, typed bool
	for _, c := range add {
		for s := range NumScalars {
			used[s] = used[s] || c.Scalars[s] != ""
		}
		custom, tags, groups, typed = custom || len(c.Custom) > 0, tags || len(c.Tags) > 0, groups || len(c.Groups) > 0, typed || c.Typed != ""
	}
	a := &Added{cols: db.Cols("id BIGINT", "name_key TEXT"), children: newChildren()}
	var scalars []Scalar
	for s := range NumScalars {
		if used[s] {
			scalars = append(scalars, s)
			a.cols = append(a.cols, db.Column{Name: s.Column(), Type: db.Text})
		}
	}
	var texts []func(*Contact) string
	for i, on := range []bool{custom, tags, groups, typed} {
		if on {
			a.cols = append(a.cols, db.Cols(optional[i].def)...)
			texts = append(texts, optional[i].text)
		}
	}
	a.rows = &db.Batch{Width: len(a.cols)}
	row := make([]any, len(a.cols))
	a.ids = make([]ID, 0, len(add))
	for _, c := range add {
		a.ids = append(a.ids, c.ID)
		v := append(row[:0], int64(c.ID), normalize.Fold(c.Scalars[Name]))
		for _, s := range scalars {
			v = append(v, c.Scalars[s])
		}
		for _, text := range texts {
			v = append(v, text(c))
		}
		a.rows.Add(v...)
		a.children.add(c)
	}
	a.children.sort()
	return a
}

func (a *Added) insert(ctx context.Context, tx *db.Tx, st Stamp) error {
	fixed := []db.Fixed{
		{Name: "workspace_id", Value: st.Workspace}, {Name: "source", Value: st.Source}, {Name: "version", Value: int64(1)},
		{Name: "created_at", Value: st.Now}, {Name: "updated_at", Value: st.Now},
		{Name: "created_by", Value: int64(st.Set)}, {Name: "changed_by", Value: int64(st.Set)},
	}
	if err := tx.InsertRows(ctx, "contact", fixed, a.cols, a.rows); err != nil {
		return err
	}
	if err := a.children.insert(ctx, tx, st.Workspace); err != nil {
		return err
	}
	return index(ctx, tx, st.Workspace, a.ids)
}

// children gathers the rows that hang on contacts.
type children struct {
	channels, labelled, consents *db.Batch
	keys                         map[Kind][]keyRow
	tags, groups                 []pair
	scratch                      []Key
}

type keyRow struct {
	text string
	id   int64
}

// pair is a tag or group and a contact.
type pair struct{ set, contact int64 }

var (
	channelCols  = db.Cols("contact_id BIGINT", "kind TEXT", "position BIGINT", "value TEXT", "raw TEXT")
	labelledCols = append(slices.Clone(channelCols), db.Cols("label TEXT")...)
	consentCols  = append(slices.Clone(labelledCols), db.Cols("basis TEXT", "basis_source TEXT", "basis_at BIGINT", "opted_out_at BIGINT")...)
	keyCols      = db.Cols("key TEXT", "contact_id BIGINT")
	tagCols      = db.Cols("tag_id BIGINT", "contact_id BIGINT")
	groupCols    = db.Cols("group_id BIGINT", "contact_id BIGINT")
)

func newChildren() *children {
	return &children{
		channels: &db.Batch{Width: len(channelCols)}, labelled: &db.Batch{Width: len(labelledCols)},
		consents: &db.Batch{Width: len(consentCols)}, keys: map[Kind][]keyRow{},
	}
}

func (ch *children) add(c *Contact) {
	id := int64(c.ID)
	ch.addChannels(id, c.Channels)
	ch.scratch = c.Keys(ch.scratch[:0])
	for _, k := range ch.scratch {
		ch.keys[k.Kind] = append(ch.keys[k.Kind], keyRow{k.Text, id})
	}
	for _, t := range c.Tags {
		ch.tags = append(ch.tags, pair{t, id})
	}
	for _, g := range c.Groups {
		ch.groups = append(ch.groups, pair{g, id})
	}
}

// addChannels numbers the channels of each kind from 0. Most have neither label nor consent, and empty columns
// cost as much as full ones, so there are three sorts of rows. The kinds of a contact go in the order of the
// primary key, which makes the insert an append.
func (ch *children) addChannels(id int64, cs []Channel) {
	if len(cs) > 1 {
		cs = slices.Clone(cs)
		slices.SortStableFunc(cs, func(a, b Channel) int { return strings.Compare(string(a.Kind), string(b.Kind)) })
	}
	var kind Kind
	var pos int64
	for i := range cs {
		c := &cs[i]
		if c.Kind != kind {
			kind, pos = c.Kind, 0
		}
		switch {
		case c.Basis != "" || c.BasisSource != "" || c.BasisAt != 0 || c.OptedOutAt != 0:
			ch.consents.Add(id, string(c.Kind), pos, c.Value, c.Raw, c.Label, c.Basis, c.BasisSource, orNil(c.BasisAt), orNil(c.OptedOutAt))
		case c.Label != "":
			ch.labelled.Add(id, string(c.Kind), pos, c.Value, c.Raw, c.Label)
		default:
			ch.channels.Add(id, string(c.Kind), pos, c.Value, c.Raw)
		}
		pos++
	}
}

// sort brings the rows into the order of their primary keys, in which they touch the fewest pages.
func (ch *children) sort() {
	for _, rows := range ch.keys {
		slices.SortFunc(rows, func(a, b keyRow) int { return strings.Compare(a.text, b.text) })
	}
	for _, rows := range [][]pair{ch.tags, ch.groups} {
		slices.SortFunc(rows, func(a, b pair) int {
			if a.set != b.set {
				return int(a.set - b.set)
			}
			return int(a.contact - b.contact)
		})
	}
}

func (ch *children) insert(ctx context.Context, tx *db.Tx, workspace int64) error {
	fixed := []db.Fixed{{Name: "workspace_id", Value: workspace}}
	for _, t := range []struct {
		table string
		cols  []db.Column
		rows  *db.Batch
	}{
		{"channel", channelCols, ch.channels}, {"channel", labelledCols, ch.labelled}, {"channel", consentCols, ch.consents},
		{"tag_contact", tagCols, pairs(ch.tags)}, {"group_contact", groupCols, pairs(ch.groups)},
	} {
		if err := tx.InsertRows(ctx, t.table, fixed, t.cols, t.rows); err != nil {
			return err
		}
	}
	for kind, rows := range ch.keys {
		b := &db.Batch{Width: len(keyCols)}
		for _, r := range rows {
			b.Add(r.text, r.id)
		}
		if err := tx.InsertRows(ctx, "contact_key", append(fixed[:1:1], db.Fixed{Name: "kind", Value: string(kind)}), keyCols, b); err != nil {
			return err
		}
	}
	return nil
}

func pairs(list []pair) *db.Batch {
	b := &db.Batch{Width: 2}
	for _, p := range list {
		b.Add(p.set, p.contact)
	}
	return b
}
