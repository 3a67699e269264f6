package contact

import (
	"context"
	"fmt"
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
// number of statements that does not depend on theirs. add may be nil.
func Write(ctx context.Context, tx *db.Tx, st Stamp, add *Added, change []Update) error {
	if add != nil {
		if err := add.insert(ctx, tx, st); err != nil {
			return fmt.Errorf("add contacts: %w", err)
		}
	}
	if err := update(ctx, tx, st, change); err != nil {
		return fmt.Errorf("change contacts: %w", err)
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
	blocked             bool
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
	case FieldBlocked:
		t.blocked = true
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
	}{{t.scalars[Name], "name_key TEXT"}, {t.custom, "custom TEXT"}, {t.tags, "tags TEXT"}, {t.groups, "groups TEXT"}, {t.typed, "typed TEXT"}, {t.blocked, "do_not_contact BOOLEAN"},
		{t.bins, "deleted_at BIGINT"}} {
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
	if t.blocked {
		dst = append(dst, c.DoNotContact)
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
