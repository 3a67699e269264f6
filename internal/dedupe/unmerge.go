package dedupe

import (
	"context"
	"database/sql"
	"slices"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/journal"
)

// Merged is a merge as the contact's page tells of it.
type Merged struct {
	Set      journal.SetID
	Survivor contact.ID
	Gone     []contact.ID
	Undone   bool
}

// MergesOf gives the merges that a contact was in, the newest first.
func (s *Service) MergesOf(ctx context.Context, workspace int64, id contact.ID) ([]Merged, error) {
	if err := auth.RequireIn(ctx, workspace, auth.ContactsMerge); err != nil {
		return nil, err
	}
	var out []Merged
	err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		sight, err := new(auth.Service).Sight(ctx, q)
		if err != nil {
			return err
		}
		seen, err := contact.Visible(ctx, q, workspace, sight, []contact.ID{id})
		if err != nil {
			return err
		}
		if !seen[id] {
			return errs.New(errs.NotFound, "contact.not_found", "id", int64(id))
		}
		rows, err := q.Query(ctx, `SELECT set_id, survivor, merged, undone_set FROM contact_merge WHERE workspace_id = $1 AND set_id IN
			(SELECT set_id FROM contact_merge WHERE workspace_id = $1 AND (survivor = $2 OR merged = $2)) ORDER BY set_id DESC, merged`, workspace, int64(id))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var set, survivor, merged, undone int64
			if err := rows.Scan(&set, &survivor, &merged, &undone); err != nil {
				return err
			}
			if n := len(out); n == 0 || out[n-1].Set != journal.SetID(set) {
				out = append(out, Merged{Set: journal.SetID(set), Survivor: contact.ID(survivor), Undone: undone != 0})
			}
			m := &out[len(out)-1]
			m.Gone = append(m.Gone, contact.ID(merged))
		}
		return rows.Err()
	})
	return out, err
}

// Unmerge takes a merge apart: the survivor is as it was, the others come back from the bin. What somebody edited
// since stays; kept names those fields. Errors: dedupe.no_merge (NotFound), dedupe.unmerged (Conflict) where it was taken apart already.
func (s *Service) Unmerge(ctx context.Context, workspace int64, set journal.SetID) (kept []string, err error) {
	if err := auth.RequireIn(ctx, workspace, auth.ContactsMerge); err != nil {
		return nil, err
	}
	err = s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		kept, err = s.unmerge(ctx, tx, workspace, set)
		return err
	})
	return kept, err
}

func (s *Service) unmerge(ctx context.Context, tx *db.Tx, workspace int64, set journal.SetID) ([]string, error) {
	type row struct{ merged, survivor, undone int64 }
	rows, err := db.Collect(ctx, tx, func(r *sql.Rows) (x row, err error) { return x, r.Scan(&x.merged, &x.survivor, &x.undone) },
		"SELECT merged, survivor, undone_set FROM contact_merge WHERE workspace_id = $1 AND set_id = $2 ORDER BY merged", workspace, int64(set))
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, errs.New(errs.NotFound, "dedupe.no_merge")
	}
	if rows[0].undone != 0 {
		return nil, errs.New(errs.Conflict, "dedupe.unmerged")
	}
	ids := []contact.ID{contact.ID(rows[0].survivor)}
	for _, r := range rows {
		ids = append(ids, contact.ID(r.merged))
	}
	sight, err := new(auth.Service).Sight(ctx, tx)
	if err != nil {
		return nil, err
	}
	found, err := contact.Load(ctx, tx, workspace, ids, contact.Whole(), true)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if c := found[id]; c == nil || !sight.Sees(c.Groups) {
			return nil, errs.New(errs.NotFound, "dedupe.no_merge") // purged meanwhile, or none of the actor's business
		}
	}
	st, err := s.open(ctx, tx, workspace, journal.KindUndo, set)
	if err != nil {
		return nil, err
	}
	entries, err := journal.Entries(ctx, tx, workspace, set, 0, maxMerge+1)
	if err != nil {
		return nil, err
	}
	var kept []string
	var updates []contact.Update
	for _, e := range entries {
		old := found[contact.ID(e.ContactID)]
		if old == nil {
			continue
		}
		c := old.Clone()
		left, err := c.Revert(e.Changes)
		if err != nil {
			return nil, err
		}
		kept = append(kept, left...)
		if changes := contact.Diff(old, c); len(changes) > 0 {
			updates = append(updates, contact.Update{Old: old, New: c, Changes: changes})
		}
	}
	if len(updates) > 0 {
		if err := contact.Write(ctx, tx, st, nil, updates); err != nil {
			return nil, err
		}
	}
	_, err = tx.Exec(ctx, "UPDATE contact_merge SET undone_set = $3 WHERE workspace_id = $1 AND set_id = $2", workspace, int64(set), int64(st.Set))
	slices.Sort(kept)
	return slices.Compact(kept), err
}
