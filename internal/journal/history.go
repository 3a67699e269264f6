package journal

import (
	"context"
	"database/sql"
	"encoding/json"

	"cadastro/internal/db"
)

// Part is what a change set did to one contact, with the set.
type Part struct {
	Set
	Changes []Change
}

const setCols = "s.id, s.kind, s.actor, COALESCE(s.import_id, 0), COALESCE(s.undoes, 0), s.made_at"

// OfContact gives the entries of a contact, the newest first, those of sets before the given one (0 for all), at most
// limit of them.
func OfContact(ctx context.Context, q db.Querier, workspace, contact int64, before SetID, limit int) ([]Part, error) {
	if before == 0 {
		before = 1<<63 - 1
	}
	return db.Collect(ctx, q, func(r *sql.Rows) (p Part, err error) {
		var text string
		if err := r.Scan(&p.ID, &p.Kind, &p.Actor, &p.ImportID, &p.Undoes, &p.MadeAt, &text); err != nil {
			return p, err
		}
		return p, json.Unmarshal([]byte(text), &p.Changes)
	}, "SELECT "+setCols+`, j.changes FROM journal j JOIN change_set s ON s.workspace_id = j.workspace_id AND s.id = j.change_set_id
		WHERE j.workspace_id = $1 AND j.contact_id = $2 AND j.change_set_id < $3 ORDER BY j.change_set_id DESC LIMIT $4`,
		workspace, contact, int64(before), limit)
}

// Get gives a change set; ok is false where there is none of the id.
func Get(ctx context.Context, q db.Querier, workspace int64, id SetID) (s Set, ok bool, err error) {
	list, err := db.Collect(ctx, q, func(r *sql.Rows) (s Set, err error) {
		return s, r.Scan(&s.ID, &s.Kind, &s.Actor, &s.ImportID, &s.Undoes, &s.MadeAt)
	}, "SELECT "+setCols+" FROM change_set s WHERE s.workspace_id = $1 AND s.id = $2", workspace, int64(id))
	if err != nil || len(list) == 0 {
		return s, false, err
	}
	return list[0], true, nil
}
