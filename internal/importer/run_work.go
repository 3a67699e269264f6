package importer

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync/atomic"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/job"
)

// runReview does the job of [Service.StartReview]. It has no cursor: one that was stopped begins the file again.
func (s *Service) runReview(ctx context.Context, run *job.Run) error {
	id, err := subject(run)
	if err != nil {
		return err
	}
	ctx, stop := begun(ctx, run)
	defer stop()
	imp, err := s.load(ctx, run.Workspace, id)
	if err != nil {
		return err
	}
	if imp.State != Validating || len(run.IDs) > 1 && imp.round != run.IDs[1] {
		return nil // cancelled, or other settings came
	}
	progress, end := s.report(ctx, imp)
	err = s.guarded(func() error { return s.review(ctx, imp, run.Hold, progress) })
	end()
	return s.outcome(ctx, run, imp, err)
}

// runApply does the job of [Service.Start].
func (s *Service) runApply(ctx context.Context, run *job.Run) error {
	return s.inLine(ctx, run, func(ctx context.Context, imp *Import) error {
		if imp.State != Queued && imp.State != Importing {
			return nil // done already, by the command line, or cancelled
		}
		return s.apply(ctx, imp, run.Hold, nil)
	})
}

// runUndo does the job of [Service.StartUndo].
func (s *Service) runUndo(ctx context.Context, run *job.Run) error {
	return s.inLine(ctx, run, func(ctx context.Context, imp *Import) error {
		if imp.State != Undoing {
			return nil
		}
		return s.undo(ctx, imp, run.Hold, nil)
	})
}

// inLine does a job of the line, behind what another run left half done.
func (s *Service) inLine(ctx context.Context, run *job.Run, work func(context.Context, *Import) error) error {
	id, err := subject(run)
	if err != nil {
		return err
	}
	ctx, stop := begun(ctx, run)
	defer stop()
	release, err := s.lock(ctx, run.Workspace)
	if errs.KindOf(err) == errs.Busy {
		return job.RetryAfter(busyWait, err) // the command line is at work
	}
	if err != nil {
		return err
	}
	defer release()
	half, err := s.Unfinished(ctx, run.Workspace)
	if err != nil {
		return err
	}
	for _, other := range half {
		if other.ID == id || other.State == Undoing && other.UndoSet == 0 {
			continue
		}
		err := s.guarded(func() error { return s.goOn(ctx, other, run.Hold) })
		if err := s.outcome(ctx, run, other, err); err != nil {
			return err
		}
	}
	imp, err := s.load(ctx, run.Workspace, id)
	if err != nil {
		return err
	}
	err = s.guarded(func() error { return work(ctx, imp) })
	return s.outcome(ctx, run, imp, err)
}

// guarded makes an error of a panic, so that an import at which the program fails ends some day like any other fault.
func (s *Service) guarded(work func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			// The value of a panic may hold what was in hand, and that may be a person's data.
			s.Log.Error("import panicked", "stack", string(debug.Stack()))
			err = errs.Wrap(fmt.Errorf("panic of type %T", p), errs.Internal, "job.panic")
		}
	}()
	return work()
}

// goOn goes on with an import that was begun.
func (s *Service) goOn(ctx context.Context, imp *Import, hold holder) error {
	if imp.State == Undoing {
		return s.undo(ctx, imp, hold, nil)
	}
	return s.apply(ctx, imp, hold, nil)
}

// outcome says what the error of an import's run means for its job: to be gone on with, tried again, or the end of the
// import, which then says why.
func (s *Service) outcome(ctx context.Context, run *job.Run, imp *Import, err error) error {
	switch {
	case err == nil:
		return nil
	case stopped(ctx):
		return job.ErrGoOn
	case imp.State == Failed, errs.CodeOf(err) == "import.state":
		return nil
	case passing(ctx, err), !lasting(err) && run.Failures+1 < maxFailures:
		return err
	}
	s.Log.Error("import given up", "import_id", int64(imp.ID), "error", err)
	if e := s.fail(ctx, imp, run.Hold, err); e != nil && imp.State != Failed {
		return e
	}
	return nil
}

// lasting tells whether the same work will meet err again.
func lasting(err error) bool {
	switch errs.KindOf(err) {
	case errs.Internal, errs.Busy, errs.Cancelled:
		return false
	}
	return true
}

// passing tells whether err says nothing of the work: it was stopped, or taken over, or what it stands on was away.
func passing(ctx context.Context, err error) bool {
	return ctx.Err() != nil || errors.Is(err, job.ErrLost) || !lasting(err) && job.Infrastructure(err)
}

// runSweep does the jobs of KindSweep, over all workspaces.
func (s *Service) runSweep(ctx context.Context, _ *job.Run) error {
	list, err := s.workspaces(ctx)
	for _, ws := range list {
		err = errors.Join(err, s.Sweep(ctx, ws), s.adopt(ctx, ws))
	}
	return err
}

// subject gives the import that a job is about.
func subject(run *job.Run) (ID, error) {
	if len(run.IDs) == 0 {
		return 0, fmt.Errorf("job %d has no import", run.ID)
	}
	return ID(run.IDs[0]), nil
}

// errStopping is the cause with which work ends because the process does.
var errStopping = errors.New("the process ends")

// begun gives the context of a job's work: the program's own, and ended when the process wants to end.
func begun(ctx context.Context, run *job.Run) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(auth.With(ctx, auth.SystemActor(run.Workspace)))
	go func() {
		select {
		case <-run.Stopping():
			cancel(errStopping)
		case <-ctx.Done():
		}
	}()
	return ctx, func() { cancel(nil) }
}

func stopped(ctx context.Context) bool {
	cause := context.Cause(ctx)
	return errors.Is(cause, errStopping) || errors.Is(cause, job.ErrStopped)
}

// reportEvery is how often the progress of a review is written.
const reportEvery = 500 * time.Millisecond

// report gives a progress that is written into the import's row now and then, beside the work, and what ends it.
func (s *Service) report(ctx context.Context, imp *Import) (Progress, func()) {
	var latest atomic.Pointer[Step]
	ctx, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(reportEvery)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			if step := latest.Swap(nil); step != nil {
				if err := s.saveStep(ctx, imp, step); err != nil && ctx.Err() == nil {
					s.Log.Warn("progress not written", "import_id", int64(imp.ID), "error", err)
				}
			}
		}
	}()
	progress := func(phase Phase, done, total, rows int64) {
		latest.Store(&Step{Phase: phase, Done: done, Total: total, Rows: rows})
	}
	return progress, func() { stop(); <-done }
}

func (s *Service) saveStep(ctx context.Context, imp *Import, p *Step) error {
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE import SET phase = $3, phase_done = $4, phase_total = $5, phase_rows = $6, phase_at = $7
			WHERE workspace_id = $1 AND id = $2 AND state = 'validating' AND round = $8`, imp.Workspace, int64(imp.ID), string(p.Phase), p.Done, p.Total, p.Rows, s.micros(), imp.round)
		return err
	})
}
