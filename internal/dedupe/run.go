package dedupe

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/job"
	"cadastro/internal/journal"
)

// BatchID numbers merges that were made in one go.
type BatchID int64

// The states of a batch.
const (
	BatchRunning = "running"
	BatchDone    = "done"
	BatchUndoing = "undoing"
	BatchUndone  = "undone"
)

// Batch is merges that were made in one go.
type Batch struct {
	ID         BatchID
	State      string
	Actor      string
	Groups     int64 // that were merged
	Merged     int64 // contacts that went to the bin
	Kept       int64 // fields that an undo left, since somebody had edited them
	MadeAt     time.Time
	FinishedAt time.Time

	after int64
}

// Workers gives the workers of the package's jobs.
func (s *Service) Workers() []job.Worker {
	return []job.Worker{
		{Kind: KindDaily, Run: s.runDaily},
		{Kind: KindScan, Run: s.runScan},
		{Kind: KindMerge, Run: s.runMerge},
		{Kind: KindUnmerge, Run: s.runUnmerge},
	}
}

// MergeCertain merges every group that is certain, in the background. Groups of which the actor does not see each contact are left
// alone.
func (s *Service) MergeCertain(ctx context.Context, workspace int64) (*Batch, error) {
	if err := auth.RequireIn(ctx, workspace, auth.ContactsMerge); err != nil {
		return nil, err
	}
	who, _ := auth.From(ctx)
	b := &Batch{State: BatchRunning, Actor: who.String(), MadeAt: s.Now()}
	err := s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		id, err := tx.Reserve(ctx, workspace, "merge_batch", 1)
		if err != nil {
			return err
		}
		b.ID = BatchID(id)
		// The member is in the job, so that the work sees what the member sees.
		j, err := job.Add(ctx, tx, job.Spec{Workspace: workspace, Kind: KindMerge, IDs: []int64{id, int64(who.Member)}, Queue: line})
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "INSERT INTO merge_batch (workspace_id, id, job_id, actor, state, made_at) VALUES ($1, $2, $3, $4, $5, $6)",
			workspace, id, int64(j), b.Actor, b.State, b.MadeAt.UnixMicro())
		return err
	})
	if err == nil && s.Wake != nil {
		s.Wake()
	}
	return b, err
}

// MergeCertainNow does the work of [Service.MergeCertain] before it returns. progress, which may be nil, gets how many
// groups were merged. Each group is a transaction, and the batch is a done one from the beginning: where ctx or the process ends, what was
// merged stays merged, and can be undone.
func (s *Service) MergeCertainNow(ctx context.Context, workspace int64, progress func(groups int64)) (*Batch, error) {
	if err := auth.RequireIn(ctx, workspace, auth.ContactsMerge); err != nil {
		return nil, err
	}
	who, _ := auth.From(ctx)
	var id int64
	err := s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if id, err = tx.Reserve(ctx, workspace, "merge_batch", 1); err != nil {
			return err
		}
		now := s.Now().UnixMicro()
		_, err = tx.Exec(ctx, "INSERT INTO merge_batch (workspace_id, id, job_id, actor, state, made_at, finished_at) VALUES ($1, $2, 0, $3, $4, $5, $5)",
			workspace, id, who.String(), BatchDone, now)
		return err
	})
	for over := false; err == nil && !over; {
		var b *Batch
		err = s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
			if b, err = getBatch(ctx, tx, workspace, BatchID(id)); err != nil {
				return err
			}
			if b.State != BatchDone { // somebody undoes it meanwhile
				return errs.New(errs.Conflict, "dedupe.batch_state")
			}
			over, err = s.mergeNext(ctx, tx, workspace, b)
			return err
		})
		if err == nil && progress != nil {
			progress(b.Groups)
		}
	}
	if err != nil {
		return nil, err
	}
	return s.Batch(ctx, workspace, BatchID(id))
}

// UndoBatch takes all merges of a batch apart, in the background.
func (s *Service) UndoBatch(ctx context.Context, workspace int64, id BatchID) (*Batch, error) {
	if err := auth.RequireIn(ctx, workspace, auth.ContactsMerge); err != nil {
		return nil, err
	}
	err := s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		b, err := getBatch(ctx, tx, workspace, id)
		if err != nil {
			return err
		}
		if b.State != BatchDone {
			return errs.New(errs.Conflict, "dedupe.batch_state")
		}
		who, _ := auth.From(ctx)
		j, err := job.Add(ctx, tx, job.Spec{Workspace: workspace, Kind: KindUnmerge, IDs: []int64{int64(id), int64(who.Member)}, Queue: line})
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "UPDATE merge_batch SET state = $3, job_id = $4, finished_at = NULL WHERE workspace_id = $1 AND id = $2", workspace, int64(id), BatchUndoing, int64(j))
		return err
	})
	if err != nil {
		return nil, err
	}
	if s.Wake != nil {
		s.Wake()
	}
	return s.Batch(ctx, workspace, id)
}

// Batch gives one batch.
func (s *Service) Batch(ctx context.Context, workspace int64, id BatchID) (*Batch, error) {
	if err := auth.RequireIn(ctx, workspace, auth.ContactsMerge); err != nil {
		return nil, err
	}
	var b *Batch
	err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) (err error) {
		b, err = getBatch(ctx, q, workspace, id)
		return err
	})
	return b, err
}

// LastBatch gives the newest batch, nil where there is none.
func (s *Service) LastBatch(ctx context.Context, workspace int64) (*Batch, error) {
	if err := auth.RequireIn(ctx, workspace, auth.ContactsMerge); err != nil {
		return nil, err
	}
	var b *Batch
	err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		var id sql.NullInt64
		if err := q.QueryRow(ctx, "SELECT MAX(id) FROM merge_batch WHERE workspace_id = $1", workspace).Scan(&id); err != nil || !id.Valid {
			return err
		}
		var err error
		b, err = getBatch(ctx, q, workspace, BatchID(id.Int64))
		return err
	})
	return b, err
}

func getBatch(ctx context.Context, q db.Querier, workspace int64, id BatchID) (*Batch, error) {
	b := &Batch{ID: id}
	var made int64
	var finished sql.NullInt64
	err := q.QueryRow(ctx, "SELECT state, actor, groups, merged, kept, after_group, made_at, finished_at FROM merge_batch WHERE workspace_id = $1 AND id = $2", workspace, int64(id)).
		Scan(&b.State, &b.Actor, &b.Groups, &b.Merged, &b.Kept, &b.after, &made, &finished)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, errs.New(errs.NotFound, "dedupe.batch_not_found", "id", int64(id))
	}
	b.MadeAt = time.UnixMicro(made)
	if finished.Valid {
		b.FinishedAt = time.UnixMicro(finished.Int64)
	}
	return b, err
}

// runDaily has every workspace searched in which something has changed since the last search.
func (s *Service) runDaily(ctx context.Context, _ *job.Run) error {
	var list []int64
	err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) (err error) {
		list, err = db.Collect(ctx, q, func(r *sql.Rows) (id int64, err error) { return id, r.Scan(&id) },
			`SELECT w.id FROM workspace w LEFT JOIN duplicate_scan d ON d.workspace_id = w.id
			WHERE EXISTS (SELECT 1 FROM change_set c WHERE c.workspace_id = w.id AND c.made_at > COALESCE(d.started_at, 0)) ORDER BY w.id`)
		return err
	})
	for _, ws := range list {
		err = errors.Join(err, s.StartScan(auth.With(ctx, auth.SystemActor(ws)), ws))
	}
	return err
}

func (s *Service) runScan(ctx context.Context, r *job.Run) error {
	ctx = auth.With(ctx, auth.SystemActor(r.Workspace))
	last := time.Now()
	var fault error
	tell := func(done, total int64) {
		if fault != nil || time.Since(last) < 500*time.Millisecond {
			return
		}
		last = time.Now()
		fault = s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, "UPDATE duplicate_scan SET done = $2, total = $3 WHERE workspace_id = $1", r.Workspace, done, total)
			return err
		})
	}
	return errors.Join(s.scan(ctx, r.Workspace, r.Hold, tell), fault)
}

// actor gives the member for whom a job works, as it is now: with the role and the sight that it has when the work is done.
func (s *Service) actor(ctx context.Context, r *job.Run) (context.Context, error) {
	if len(r.IDs) < 2 || r.IDs[1] == 0 {
		return auth.With(ctx, auth.SystemActor(r.Workspace)), nil
	}
	a := auth.Actor{Kind: auth.Person, Workspace: r.Workspace, Member: auth.MemberID(r.IDs[1]), Scopes: auth.AllScopes}
	var role string
	err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		return q.QueryRow(ctx, "SELECT role FROM member WHERE workspace_id = $1 AND id = $2 AND removed_at IS NULL", r.Workspace, r.IDs[1]).Scan(&role)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, errs.New(errs.Forbidden, "auth.forbidden", "permission", auth.ContactsMerge.String())
	}
	if err != nil {
		return nil, err
	}
	if a.Role, err = auth.ParseRole(role); err != nil {
		return nil, err
	}
	ctx = auth.With(ctx, a)
	return ctx, auth.Require(ctx, auth.ContactsMerge)
}

// runMerge merges one group after the other, each in a transaction with the cursor.
func (s *Service) runMerge(ctx context.Context, r *job.Run) error {
	ctx, err := s.actor(ctx, r)
	if err != nil {
		return err
	}
	for {
		select {
		case <-r.Stopping():
			return job.ErrGoOn
		default:
		}
		over := false
		err := s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
			if err := r.Hold(ctx, tx); err != nil {
				return err
			}
			b, err := getBatch(ctx, tx, r.Workspace, BatchID(r.IDs[0]))
			if err != nil {
				return err
			}
			over, err = s.mergeNext(ctx, tx, r.Workspace, b)
			if err == nil && over {
				err = r.Finish(ctx, tx)
			}
			return err
		})
		if err != nil || over {
			return err
		}
	}
}

// mergeNext merges the next certain group behind the batch's cursor.
func (s *Service) mergeNext(ctx context.Context, tx *db.Tx, workspace int64, b *Batch) (over bool, err error) {
	var id int64
	err = tx.QueryRow(ctx, "SELECT group_id FROM duplicate_group WHERE workspace_id = $1 AND certain AND group_id > $2 ORDER BY group_id LIMIT 1", workspace, b.after).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		_, err = tx.Exec(ctx, "UPDATE merge_batch SET state = $3, finished_at = $4 WHERE workspace_id = $1 AND id = $2", workspace, int64(b.ID), BatchDone, s.Now().UnixMicro())
		return true, err
	}
	if err != nil {
		return false, err
	}
	pairs, err := db.Collect(ctx, tx, scanPair, "SELECT a, b, score, certain, reasons FROM duplicate_pair WHERE workspace_id = $1 AND group_id = $2", workspace, id)
	if err != nil {
		return false, err
	}
	members := map[contact.ID]bool{}
	for _, p := range pairs {
		members[contact.ID(p.A)], members[contact.ID(p.B)] = true, true
	}
	ids := make([]contact.ID, 0, len(members))
	for m := range members {
		ids = append(ids, m)
	}
	merged := int64(0)
	_, err = s.merge(ctx, tx, workspace, ids, Choices{}, nil, int64(b.ID))
	switch {
	case err == nil:
		merged = int64(len(ids) - 1)
	case errs.KindOf(err) == errs.NotFound || errs.KindOf(err) == errs.Invalid:
		// One is in the bin by now, or the actor does not see it: the group is left to others. Nothing was written yet.
	default:
		return false, err
	}
	_, err = tx.Exec(ctx, "UPDATE merge_batch SET groups = groups + $3, merged = merged + $4, after_group = $5 WHERE workspace_id = $1 AND id = $2",
		workspace, int64(b.ID), min(merged, 1), merged, id)
	return false, err
}

// runUnmerge takes the merges of a batch apart, the last one first.
func (s *Service) runUnmerge(ctx context.Context, r *job.Run) error {
	ctx, err := s.actor(ctx, r)
	if err != nil {
		return err
	}
	for {
		select {
		case <-r.Stopping():
			return job.ErrGoOn
		default:
		}
		over := false
		err := s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
			if err := r.Hold(ctx, tx); err != nil {
				return err
			}
			var set sql.NullInt64
			err := tx.QueryRow(ctx, "SELECT MAX(set_id) FROM contact_merge WHERE workspace_id = $1 AND batch_id = $2 AND undone_set = 0", r.Workspace, r.IDs[0]).Scan(&set)
			if err != nil {
				return err
			}
			if over = !set.Valid; over {
				_, err := tx.Exec(ctx, "UPDATE merge_batch SET state = $3, finished_at = $4 WHERE workspace_id = $1 AND id = $2", r.Workspace, r.IDs[0], BatchUndone, s.Now().UnixMicro())
				if err != nil {
					return err
				}
				return r.Finish(ctx, tx)
			}
			kept, err := s.unmerge(ctx, tx, r.Workspace, journal.SetID(set.Int64))
			if errs.CodeOf(err) == "dedupe.no_merge" { // purged meanwhile: there is nothing to take apart
				_, err = tx.Exec(ctx, "UPDATE contact_merge SET undone_set = -1 WHERE workspace_id = $1 AND set_id = $2", r.Workspace, set.Int64)
			}
			if err != nil {
				return err
			}
			_, err = tx.Exec(ctx, "UPDATE merge_batch SET kept = kept + $3 WHERE workspace_id = $1 AND id = $2", r.Workspace, r.IDs[0], int64(len(kept)))
			return err
		})
		if err != nil || over {
			return err
		}
	}
}
