package contact

import (
	"context"
	"fmt"
	"slices"

	"cadastro/internal/auth"
	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/job"
	"cadastro/internal/journal"
)

// bulkRows is how many contacts go into one transaction of a bulk act.
const bulkRows = 1000

func (s *Service) bulkWorker() job.Worker {
	return job.Worker{Kind: KindBulk, Run: func(ctx context.Context, r *job.Run) error {
		id := BulkID(r.IDs[0])
		for {
			select {
			case <-r.Stopping():
				return job.ErrGoOn
			default:
			}
			more := false
			err := s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
				if err := r.Hold(ctx, tx); err != nil {
					return err
				}
				var err error
				more, err = s.bulkStep(ctx, tx, r.Workspace, id)
				return err
			})
			if err != nil {
				return s.bulkFailed(ctx, r, id, err)
			}
			if !more {
				return nil
			}
		}
	}}
}

// bulkFailed writes the end of an act down that will not be tried again.
func (s *Service) bulkFailed(ctx context.Context, r *job.Run, id BulkID, err error) error {
	if job.NextRetry(err, r.Failures, 0, 0).Again || ctx.Err() != nil {
		return err
	}
	code := errs.CodeOf(err)
	if code == "" {
		code = "internal"
	}
	if e := s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE bulk SET state = $3, error_code = $4, finished_at = $5 WHERE workspace_id = $1 AND id = $2", r.Workspace, int64(id), string(BulkFailed), code, s.Now().UnixMicro())
		return err
	}); e != nil {
		return fmt.Errorf("%w, and it could not be written down: %w", err, e)
	}
	return err
}

// runBulk does the next part of a bulk act, as its job does; more tells that there is another.
func (s *Service) runBulk(ctx context.Context, workspace int64, id BulkID) (more bool, err error) {
	err = s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		more, err = s.bulkStep(ctx, tx, workspace, id)
		return err
	})
	return more, err
}

func (s *Service) bulkStep(ctx context.Context, tx *db.Tx, workspace int64, id BulkID) (more bool, err error) {
	b, err := getBulk(ctx, tx, workspace, id, tx.ForUpdate())
	if err != nil || !b.State.Live() {
		return false, err
	}
	who := b.Actor
	if b.State == BulkUndoing {
		who = b.undoActor
	}
	if ctx, err = ActAs(ctx, tx, workspace, who); err != nil {
		return false, err
	}
	sight, err := sightOf(ctx, tx, workspace, b.Action.permission())
	if err != nil {
		return false, err
	}
	actor, _ := auth.From(ctx) // ActAs put it there
	a := &act{s: s, workspace: workspace, actor: actor, sight: sight, now: s.Now().UnixMicro()}
	if b.State == BulkUndoing {
		more, err = a.undoStep(ctx, tx, b)
	} else {
		more, err = a.bulkStep(ctx, tx, b)
	}
	if err != nil {
		return false, err
	}
	var finished any
	if !more {
		finished = a.now
	}
	_, err = tx.Exec(ctx, `UPDATE bulk SET state = $3, total = $4, done = $5, changed = $6, kept = $7, cursor = $8, top = $9, change_set_id = $10, undo_set_id = $11, finished_at = $12
		WHERE workspace_id = $1 AND id = $2`, workspace, int64(id), string(b.State), b.Total, b.Done, b.Changed, b.Kept, int64(b.cursor), int64(b.top), b.set, b.undoSet, finished)
	return more, err
}

func (a *act) bulkStep(ctx context.Context, tx *db.Tx, b *Bulk) (more bool, err error) {
	p := b.Action.permission()
	if b.State == BulkWaiting {
		if b.Total, b.top, err = a.s.CountSelected(ctx, tx, a.workspace, &b.selection, p); err != nil {
			return false, err
		}
		kind := journal.KindBulk
		switch b.Action {
		case BulkDelete:
			kind = journal.KindDelete
		case BulkRestore:
			kind = journal.KindRestore
		}
		if err := a.open(ctx, tx, kind); err != nil {
			return false, err
		}
		b.set, b.State = int64(a.set), BulkRunning
	}
	if b.cancel {
		b.State = BulkCancelled
		return false, nil
	}
	ids, err := a.s.Selected(ctx, tx, a.workspace, &b.selection, p, b.cursor, b.top, bulkRows)
	if err != nil {
		return false, err
	}
	if len(ids) == 0 {
		b.State = BulkDone
		return false, nil
	}
	b.cursor, b.Done = ids[len(ids)-1], b.Done+int64(len(ids))
	a.set = journal.SetID(b.set)
	n, err := a.apply(ctx, tx, b, ids)
	b.Changed += int64(n)
	return true, err
}

// apply does the act to contacts and tells how many were not so before.
func (a *act) apply(ctx context.Context, tx *db.Tx, b *Bulk, ids []ID) (int, error) {
	switch b.Action {
	case BulkDelete:
		live, err := a.some(ctx, tx, ids, false)
		if err != nil {
			return 0, err
		}
		return len(live), Bin(ctx, tx, a.stamp(), live)
	case BulkRestore:
		gone, err := a.some(ctx, tx, ids, true)
		if err != nil {
			return 0, err
		}
		return len(gone), unbin(ctx, tx, a.stamp(), gone)
	}
	found, err := Load(ctx, tx, a.workspace, ids, Part{Scalars: []Scalar{Owner}, Sets: true}, true)
	if err != nil {
		return 0, err
	}
	var ups []Update
	for _, id := range ids {
		old := found[id]
		if old == nil {
			continue
		}
		c := old.Clone()
		switch b.Action {
		case BulkTag:
			c.Tags = with(c.Tags, b.target)
		case BulkUntag:
			c.Tags = sans(c.Tags, b.target)
		case BulkGroup:
			c.Groups = with(c.Groups, b.target)
		case BulkUngroup:
			c.Groups = sans(c.Groups, b.target)
		case BulkOwner:
			c.Scalars[Owner] = micros(b.target) // "" for none
		}
		if changes := Diff(old, c); len(changes) > 0 {
			c.MarkTyped(changes, true)
			ups = append(ups, Update{Old: old, New: c, Changes: Diff(old, c)})
		}
	}
	return len(ups), Write(ctx, tx, a.stamp(), nil, ups)
}

func with(ids []int64, id int64) []int64 { return sortedSet(append(slices.Clone(ids), id)) }

func sans(ids []int64, id int64) []int64 {
	return slices.DeleteFunc(slices.Clone(ids), func(v int64) bool { return v == id })
}

// undoStep takes the act back from the next contacts.
func (a *act) undoStep(ctx context.Context, tx *db.Tx, b *Bulk) (more bool, err error) {
	if b.undoSet == 0 {
		if a.set, err = journal.Open(ctx, tx, a.workspace, journal.Set{Kind: journal.KindUndo, Actor: a.actor.String(), Undoes: journal.SetID(b.set), MadeAt: a.now}); err != nil {
			return false, err
		}
		b.undoSet = int64(a.set)
	}
	a.set = journal.SetID(b.undoSet)
	entries, err := journal.Entries(ctx, tx, a.workspace, journal.SetID(b.set), int64(b.cursor), bulkRows)
	if err != nil {
		return false, err
	}
	if len(entries) == 0 {
		b.State = BulkUndone
		return false, nil
	}
	ids := make([]ID, len(entries))
	for i, e := range entries {
		ids[i] = ID(e.ContactID)
	}
	found, err := Load(ctx, tx, a.workspace, ids, Whole(), true)
	if err != nil {
		return false, err
	}
	var ups []Update
	for _, e := range entries {
		old := found[ID(e.ContactID)]
		if old == nil || !a.sight.Sees(old.Groups) {
			b.Kept++
			continue
		}
		c := old.Clone()
		kept, err := c.Revert(e.Changes)
		if err != nil {
			return false, fmt.Errorf("%v: %w", old, err)
		}
		if slices.ContainsFunc(kept, func(f string) bool { return f != FieldTyped }) {
			b.Kept++
		}
		if changes := Diff(old, c); len(changes) > 0 {
			ups = append(ups, Update{Old: old, New: c, Changes: changes})
		}
	}
	b.cursor, b.Done = ids[len(ids)-1], b.Done+int64(len(ids))
	return true, Write(ctx, tx, a.stamp(), nil, ups)
}
