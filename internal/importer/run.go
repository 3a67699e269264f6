package importer

import (
	"context"
	"errors"
	"strconv"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/job"
)

// The kinds of the importer's jobs. KindSweep is to be scheduled; its workspace does not matter.
const (
	KindReview = "import.review"
	KindApply  = "import.apply"
	KindUndo   = "import.undo"
	KindSweep  = "import.sweep"
)

// line is the queue in which imports and undoings of a workspace stand, since one runs at a time.
const line = "import"

// holder makes sure, in a transaction that acts, that the job which acts is still this process's. nil for work that
// nobody can take over: that of the command line, which holds a lock.
type holder func(ctx context.Context, tx *db.Tx) error

func (h holder) hold(ctx context.Context, tx *db.Tx) error {
	if h == nil {
		return nil
	}
	return h(ctx, tx)
}

// wake has the runner look for work.
func (s *Service) wake() {
	if s.Wake != nil {
		s.Wake()
	}
}

// Start puts a reviewed import into the line of the workspace: one runs at a time.
func (s *Service) Start(ctx context.Context, workspace int64, id ID) (*Import, error) {
	if err := auth.RequireIn(ctx, workspace, auth.ImportsRun); err != nil {
		return nil, err
	}
	var imp *Import
	var late error
	err := s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if imp, err = lockImport(ctx, tx, workspace, id); err != nil {
			return err
		}
		if imp.State == InReview && s.expired(imp) {
			late = expiredError(imp)
			return setState(ctx, tx, imp, Expired, InReview)
		}
		if err := setState(ctx, tx, imp, Queued, InReview); err != nil {
			return err
		}
		return enqueue(ctx, tx, imp, KindApply)
	})
	if err = errors.Join(err, late); err != nil {
		return nil, err
	}
	s.wake()
	return imp, nil
}

func (s *Service) expired(imp *Import) bool { return s.Now().Sub(imp.ReviewedAt) > s.ReviewExpiry }

func expiredError(imp *Import) error {
	return errs.New(errs.Conflict, "import.expired", "id", int64(imp.ID))
}

// StartUndo puts the undoing of an import into the line. The import's state is Undoing from then on.
func (s *Service) StartUndo(ctx context.Context, workspace int64, id ID) (*Import, error) {
	if err := auth.RequireIn(ctx, workspace, auth.ImportsRun); err != nil {
		return nil, err
	}
	var imp *Import
	err := s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if imp, err = lockImport(ctx, tx, workspace, id); err != nil {
			return err
		}
		if imp.State == Undoing {
			return stateError(imp)
		}
		if err := s.mayUndo(imp); err != nil {
			return err
		}
		if err := setState(ctx, tx, imp, Undoing, imp.State); err != nil {
			return err
		}
		imp.undoActor, imp.undoMember = actorOf(ctx)
		_, err = tx.Exec(ctx, "UPDATE import SET undo_actor = $3, undo_member_id = $4, phase = $5, phase_done = 0, phase_total = $6, phase_rows = 0, phase_at = $7 WHERE workspace_id = $1 AND id = $2",
			workspace, int64(id), imp.undoActor, imp.undoMember, string(PhaseUndo), imp.Counts.Imported+imp.Counts.Updated, s.micros())
		if err != nil {
			return err
		}
		imp.Progress = Step{Phase: PhaseUndo, Total: imp.Counts.Imported + imp.Counts.Updated, At: s.Now()}
		return enqueue(ctx, tx, imp, KindUndo)
	})
	if err != nil {
		return nil, err
	}
	s.wake()
	return imp, nil
}

// enqueue gives an import a job: in the workspace's line, but for a review.
func enqueue(ctx context.Context, tx *db.Tx, imp *Import, kind string) error {
	spec := job.Spec{Workspace: imp.Workspace, Kind: kind, IDs: []int64{int64(imp.ID)}, Queue: line, Once: strconv.FormatInt(int64(imp.ID), 10)}
	if kind == KindReview {
		spec.IDs, spec.Queue, spec.Once = append(spec.IDs, imp.round), "", ""
	}
	id, err := job.Add(ctx, tx, spec)
	if err != nil {
		return err
	}
	imp.job = int64(id)
	_, err = tx.Exec(ctx, "UPDATE import SET job_id = $3 WHERE workspace_id = $1 AND id = $2", imp.Workspace, int64(imp.ID), imp.job)
	return err
}

// dropJob cancels the job of an import, if there is one that lives.
func dropJob(ctx context.Context, tx *db.Tx, imp *Import) error {
	if imp.job == 0 {
		return nil
	}
	_, err := job.Cancel(ctx, tx, imp.Workspace, job.ID(imp.job))
	if errs.CodeOf(err) == "job.not_found" {
		err = nil // jobs that are over are forgotten some day
	}
	return err
}

// jobLives tells whether the job of an import is still to be worked on.
func jobLives(ctx context.Context, q db.Querier, imp *Import) (bool, error) {
	if imp.job == 0 {
		return false, nil
	}
	j, err := job.Get(ctx, q, imp.Workspace, job.ID(imp.job))
	if errs.CodeOf(err) == "job.not_found" {
		return false, nil
	}
	return err == nil && j.State.Live() && !j.Cancel, err
}

// Place tells how many imports and undoings are to end before this one begins: 0 for one that is under way, or stands
// in no line.
func (s *Service) Place(ctx context.Context, workspace int64, id ID) (ahead int, err error) {
	if err := auth.RequireIn(ctx, workspace, auth.ImportsRead); err != nil {
		return 0, err
	}
	err = s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		imp, err := getImport(ctx, q, workspace, id)
		if err != nil || imp.job == 0 || imp.State != Queued && imp.State != Undoing {
			return err
		}
		ahead, err = job.Place(ctx, q, workspace, job.ID(imp.job))
		if errs.CodeOf(err) == "job.not_found" {
			err = nil
		}
		return err
	})
	return ahead, err
}

// Workers gives what does the importer's jobs.
func (s *Service) Workers() []job.Worker {
	return []job.Worker{
		{Kind: KindReview, Slots: 2, MaxFailures: maxFailures, Run: s.runReview},
		{Kind: KindApply, Slots: 2, MaxFailures: maxFailures, Run: s.runApply},
		{Kind: KindUndo, Slots: 2, MaxFailures: maxFailures, Run: s.runUndo},
		{Kind: KindSweep, Run: s.runSweep},
	}
}

// maxFailures is how often a job may fail by its own fault before the import is failed for good.
const maxFailures = 5

// busyWait is how long a job waits where the command line is at work on the same workspace.
const busyWait = 2 * time.Second
