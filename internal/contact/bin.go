package contact

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/db"
	"cadastro/internal/job"
	"cadastro/internal/journal"
)

// Delete puts contacts that the actor sees into the bin as one act, under the name of actor; those that are there
// already, or nowhere, are passed over. It tells how many went.
func (s *Service) Delete(ctx context.Context, workspace int64, actor string, ids []ID) (int, error) {
	n := 0
	err := s.act(ctx, workspace, auth.ContactsDelete, func(ctx context.Context, tx *db.Tx, a *act) error {
		live, err := a.some(ctx, tx, ids, false)
		if n = len(live); err != nil || n == 0 {
			return err
		}
		if a.set, err = journal.Open(ctx, tx, workspace, journal.Set{Kind: journal.KindDelete, Actor: actor, MadeAt: a.now}); err != nil {
			return err
		}
		return Bin(ctx, tx, a.stamp(), live)
	})
	return n, err
}

// Restore takes contacts that the actor sees out of the bin and tells how many came.
func (s *Service) Restore(ctx context.Context, workspace int64, ids []ID) (int, error) {
	n := 0
	err := s.act(ctx, workspace, auth.ContactsDelete, func(ctx context.Context, tx *db.Tx, a *act) error {
		gone, err := a.some(ctx, tx, ids, true)
		if n = len(gone); err != nil || n == 0 {
			return err
		}
		if err := a.open(ctx, tx, journal.KindRestore); err != nil {
			return err
		}
		return unbin(ctx, tx, a.stamp(), gone)
	})
	return n, err
}

// some gives those of the contacts that the actor sees and that are in the bin, or that are not.
func (a *act) some(ctx context.Context, tx *db.Tx, ids []ID, binned bool) ([]ID, error) {
	found, err := Load(ctx, tx, a.workspace, ids, Part{Sets: true}, true)
	var out []ID
	for id, c := range found {
		if c.Deleted == binned && a.sight.Sees(c.Groups) {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out, err
}

// unbin takes contacts that are in the bin out of it.
func unbin(ctx context.Context, tx *db.Tx, st Stamp, ids []ID) error {
	found, err := Load(ctx, tx, st.Workspace, ids, Part{}, true)
	if err != nil {
		return err
	}
	ups := make([]Update, 0, len(ids))
	for _, id := range ids {
		old := found[id]
		c := old.Clone()
		c.Deleted = false
		ups = append(ups, Update{Old: old, New: c, Changes: Diff(old, c)})
	}
	return Write(ctx, tx, st, nil, ups)
}

// KindPurge is the kind of the job that removes for good what has been in the bin for its days.
const KindPurge = "contact.purge"

// DefaultBin is how long a deleted contact can be restored.
const DefaultBin = 30 * 24 * time.Hour

const purgeRows = 1000

func (s *Service) purgeWorker() job.Worker {
	return job.Worker{Kind: KindPurge, Run: func(ctx context.Context, r *job.Run) error {
		for {
			select {
			case <-r.Stopping():
				return job.ErrGoOn
			default:
			}
			n, err := s.Purge(ctx)
			if err != nil || n < purgeRows {
				return err
			}
		}
	}}
}

// Purge removes up to a thousand contacts of all workspaces that have been in the bin for their days, with all that is
// known of them, and tells how many went.
func (s *Service) Purge(ctx context.Context) (int, error) {
	n := 0
	err := s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		n = 0
		workspaces, err := db.Collect(ctx, tx, scanID, "SELECT id FROM workspace ORDER BY id")
		if err != nil {
			return err
		}
		for _, w := range workspaces {
			ids, err := db.Collect(ctx, tx, scanID, "SELECT id FROM contact WHERE workspace_id = $1 AND deleted_at IS NOT NULL AND deleted_at < $2 ORDER BY deleted_at, id LIMIT $3",
				int64(w), s.Now().Add(-s.binLife(int64(w))).UnixMicro(), purgeRows-n)
			if err != nil {
				return err
			}
			if err := Remove(ctx, tx, int64(w), ids); err != nil {
				return err
			}
			n += len(ids)
		}
		return nil
	})
	return n, err
}

// binLife gives for how long a workspace's deleted contacts can be restored.
func (s *Service) binLife(workspace int64) time.Duration {
	switch {
	case s.BinOf != nil:
		return s.BinOf(workspace)
	case s.Bin != 0:
		return s.Bin
	}
	return DefaultBin
}

// Remove removes contacts for good: their rows, addresses, keys, tags, groups, what searches know and their history.
func Remove(ctx context.Context, tx *db.Tx, workspace int64, ids []ID) error {
	if len(ids) == 0 {
		return nil
	}
	found, err := Load(ctx, tx, workspace, ids, Whole(), true)
	if err != nil {
		return err
	}
	g, all, plain := newGone(), make([]*Contact, 0, len(ids)), make([]int64, 0, len(ids))
	for id, c := range found {
		g.compare(Update{Old: c, New: &Contact{ID: id}}, newChildren())
		all = append(all, c)
		plain = append(plain, int64(id))
	}
	if err := g.remove(ctx, tx, workspace); err != nil {
		return err
	}
	if err := dropOrder(ctx, tx, workspace, all); err != nil {
		return err
	}
	if err := tx.UnindexTexts(ctx, searchTable, workspace, plain); err != nil {
		return err
	}
	b := &db.Batch{Width: 1}
	for _, id := range plain {
		b.Add(id)
	}
	if err := tx.Stage(ctx, "gone", idCols, b); err != nil {
		return err
	}
	for _, t := range []struct{ table, column string }{{"journal", "contact_id"}, {"contact", "id"}} {
		if _, err := tx.Exec(ctx, "DELETE FROM "+t.table+" WHERE workspace_id = $1 AND "+t.column+" IN (SELECT id FROM stage_gone)", workspace); err != nil {
			return err
		}
	}
	return nil
}

// Bin puts contacts that are not in the bin into it. They stay there with all that is theirs, nobody is
// recognised by them, and they can be restored.
func Bin(ctx context.Context, tx *db.Tx, st Stamp, ids []ID) error {
	if len(ids) == 0 {
		return nil
	}
	b := &db.Batch{Width: 1}
	entries := make([]journal.Entry, len(ids))
	for i, id := range ids {
		b.Add(int64(id))
		entries[i] = journal.Entry{ContactID: int64(id), Changes: []journal.Change{{Field: FieldDeleted, New: "true"}}}
	}
	if err := tx.Stage(ctx, "ids", idCols, b); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE contact SET deleted_at = $2, updated_at = $2, changed_by = $3, version = contact.version + 1
		FROM stage_ids s WHERE contact.workspace_id = $1 AND contact.id = s.id AND contact.deleted_at IS NULL`, st.Workspace, st.Now, int64(st.Set))
	if err != nil {
		return err
	}
	if n != int64(len(ids)) {
		return fmt.Errorf("put %d of %d contacts into the bin", n, len(ids))
	}
	return journal.Write(ctx, tx, st.Workspace, st.Set, entries)
}
