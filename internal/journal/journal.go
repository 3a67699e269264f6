// Package journal keeps what was: every act that changes contacts is a change set, and for every contact that a
// change set altered there is an entry with each field's old and new value. A contact's making needs no entry,
// since the contact names the change set that made it.
package journal

import (
	"context"
	"database/sql"
	"encoding/json"

	"cadastro/internal/db"
)

// SetID numbers change sets within a workspace, in the order in which they were opened.
type SetID int64

// The kinds of act.
const (
	KindImport  = "import"
	KindUndo    = "undo"
	KindEdit    = "edit"
	KindDelete  = "delete"
	KindRestore = "restore"
	KindMerge   = "merge"
	KindBulk    = "bulk"
)

// Set is one change set. Times are microseconds since 1970, UTC.
type Set struct {
	ID       SetID
	Kind     string
	Actor    string
	ImportID int64 // 0 for none
	Undoes   SetID // 0 for none
	MadeAt   int64
}

// Change is one field of one contact: its key, and its value before and after in the text form of package
// contact.
type Change struct {
	Field, Old, New string
}

// MarshalJSON writes a change as [field, old, new].
func (c Change) MarshalJSON() ([]byte, error) { return json.Marshal([3]string{c.Field, c.Old, c.New}) }

// UnmarshalJSON reads what MarshalJSON writes.
func (c *Change) UnmarshalJSON(b []byte) error {
	var v [3]string
	if err := json.Unmarshal(b, &v); err != nil {
		return err
	}
	c.Field, c.Old, c.New = v[0], v[1], v[2]
	return nil
}

// Entry is what a change set did to one contact.
type Entry struct {
	Set       SetID
	ContactID int64
	Changes   []Change
}

// Open records a new change set and gives it its id.
func Open(ctx context.Context, tx *db.Tx, workspace int64, s Set) (SetID, error) {
	id, err := tx.Reserve(ctx, workspace, "change_set", 1)
	if err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO change_set (workspace_id, id, kind, actor, import_id, undoes, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, workspace, id, s.Kind, s.Actor, null(s.ImportID), null(int64(s.Undoes)), s.MadeAt)
	return SetID(id), err
}

// Latest gives the id of the newest change set of a workspace, 0 where there is none.
func Latest(ctx context.Context, q db.Querier, workspace int64) (SetID, error) {
	var id int64
	err := q.QueryRow(ctx, "SELECT COALESCE(MAX(id), 0) FROM change_set WHERE workspace_id = $1", workspace).Scan(&id)
	return SetID(id), err
}

// ChangedSince tells whether a change set other than own is newer than seen. It is exact where writers queue
// for one lock (SQLite). On PostgreSQL a set with an older number may still be under way, so the answer is
// always true there and the caller looks again.
func ChangedSince(ctx context.Context, q db.Querier, workspace int64, seen, own SetID) (bool, error) {
	if q.Engine() != db.SQLite {
		return true, nil
	}
	var n int
	err := q.QueryRow(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM change_set
		WHERE workspace_id = $1 AND id > $2 AND id <> $3 LIMIT 1) AS newer`, workspace, int64(seen), int64(own)).Scan(&n)
	return n > 0, err
}

var entryCols = db.Cols("contact_id BIGINT", "changes TEXT")

// Write adds the entries of one change set; a contact has one entry at most in a set.
func Write(ctx context.Context, tx *db.Tx, workspace int64, set SetID, entries []Entry) error {
	b := &db.Batch{Width: len(entryCols)}
	for i := range entries {
		b.Add(entries[i].ContactID, string(appendChanges(nil, entries[i].Changes)))
	}
	fixed := []db.Fixed{{Name: "workspace_id", Value: workspace}, {Name: "change_set_id", Value: int64(set)}}
	return tx.InsertRows(ctx, "journal", fixed, entryCols, b)
}

// Entries gives the entries of a change set in the order of contacts, those after the given contact first, at
// most limit of them.
func Entries(ctx context.Context, q db.Querier, workspace int64, set SetID, after int64, limit int) ([]Entry, error) {
	return db.Collect(ctx, q, scanEntry, `SELECT change_set_id, contact_id, changes FROM journal
		WHERE workspace_id = $1 AND change_set_id = $2 AND contact_id > $3 ORDER BY contact_id LIMIT $4`,
		workspace, int64(set), after, limit)
}

func scanEntry(r *sql.Rows) (Entry, error) {
	var e Entry
	var set int64
	var text string
	if err := r.Scan(&set, &e.ContactID, &text); err != nil {
		return e, err
	}
	e.Set = SetID(set)
	return e, json.Unmarshal([]byte(text), &e.Changes)
}

func null(id int64) sql.NullInt64 { return sql.NullInt64{Int64: id, Valid: id != 0} }
