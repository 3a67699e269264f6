package job

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"cadastro/internal/db"
	"cadastro/internal/errs"
)

// Run is one start of a job, given to its worker.
type Run struct {
	Job
	runner *Runner
	cancel context.CancelCauseFunc
}

// Stopping is closed when the process wants to end. A worker that takes long looks at it between two pieces of work
// and returns [ErrGoOn].
func (run *Run) Stopping() <-chan struct{} { return run.runner.quit }

// Hold makes sure, within the transaction that acts, that the job is still this start's: until the transaction ends
// nobody can take it over. [ErrLost] where somebody did, e.g. because this process was paused for longer than its lease.
func (run *Run) Hold(ctx context.Context, tx *db.Tx) error {
	var n int
	err := tx.QueryRow(ctx, `SELECT count(*) FROM (SELECT id FROM job WHERE id = $1 AND state = 'running' AND fence = $2`+tx.ForUpdate()+`) AS held`,
		int64(run.ID), run.fence).Scan(&n)
	if err == nil && n == 0 {
		err = ErrLost
	}
	return err
}

// Finish ends the job as done in the transaction that completes its work, so that no crash can come between the two. The
// worker returns nil once that transaction is committed; where it is rolled back, an error.
func (run *Run) Finish(ctx context.Context, tx *db.Tx) error {
	if err := run.Hold(ctx, tx); err != nil {
		return err
	}
	return run.end(ctx, tx, Done, "")
}

// run does a claimed job on a goroutine of its own.
func (r *Runner) run(w *worker, j *Job) {
	ctx, cancel := context.WithCancelCause(context.Background())
	run := &Run{Job: *j, runner: r, cancel: cancel}
	r.mu.Lock()
	w.busy++
	r.running[j.ID] = run
	ended := r.ended
	r.mu.Unlock()
	r.jobs.Add(1)
	if ended != nil { // begun while the runner was out of patience
		cancel(ended)
	}
	if j.Cancel { // asked for while an earlier start was dying
		cancel(ErrCancelled)
	}
	go func() {
		defer r.jobs.Done()
		begun := time.Now()
		err := work(ctx, w, run)
		cause := context.Cause(ctx)
		cancel(nil)
		r.settle(w, run, err, cause, begun)
		r.mu.Lock()
		w.busy--
		delete(r.running, j.ID)
		r.mu.Unlock()
		r.Wake()
	}()
}

// work calls the worker; a panic becomes an error.
func work(ctx context.Context, w *worker, run *Run) (err error) {
	if w.Timeout > 0 {
		var done context.CancelFunc
		ctx, done = context.WithTimeout(ctx, w.Timeout)
		defer done()
	}
	defer func() {
		if p := recover(); p != nil {
			// The value of a panic may hold what the worker had in hand, and that may be a person's data.
			run.runner.log.Error("job panicked", "job_id", int64(run.ID), "kind", run.Kind, "stack", string(debug.Stack()))
			err = errs.Wrap(fmt.Errorf("panic of type %T", p), errs.Internal, "job.panic")
		}
	}()
	err = w.Run(ctx, run)
	if err != nil && w.Timeout > 0 && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		// Not wrapped: a deadline within would look like a network that is away, and be tried for ever.
		return errs.New(errs.Internal, "job.timeout", "limit", w.Timeout)
	}
	return err
}

// settle writes what became of a start. It tries until it is written or the job is not this start's any more: a
// database that is away for a moment must not make a finished job run again, nor leave it running for ever.
func (r *Runner) settle(w *worker, run *Run, err, cause error, begun time.Time) {
	if errors.Is(cause, ErrLost) || errors.Is(err, ErrLost) {
		r.log.Warn("job lost", "job_id", int64(run.ID), "kind", run.Kind)
		return
	}
	for try := 0; ; try++ {
		ctx, done := background()
		e := r.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error { return r.write(ctx, tx, w, run, err, cause) })
		done()
		if e == nil {
			break
		}
		if errors.Is(e, ErrLost) || r.stopping() && try > 5 {
			return // the next start of a runner, or another node, takes it back
		}
		r.log.Warn("job not settled", "job_id", int64(run.ID), "kind", run.Kind, "error", e)
		time.Sleep(jitter(doubled(infraFirst, try, infraMost)))
	}
	took := time.Since(begun).Milliseconds()
	if err != nil {
		r.log.Warn("job failed", "job_id", int64(run.ID), "kind", run.Kind, "starts", run.Starts, "took_ms", took, "error", err)
		return
	}
	r.log.Debug("job done", "job_id", int64(run.ID), "kind", run.Kind, "took_ms", took)
}

func (r *Runner) write(ctx context.Context, tx *db.Tx, w *worker, run *Run, err, cause error) error {
	if err == nil {
		n, e := tx.Exec(ctx, "UPDATE job SET state = 'done', node = '', finished_at = "+clockSQL(tx)+", error_code = '' WHERE id = $1 AND fence = $2 AND state = 'running'",
			int64(run.ID), run.fence)
		if e != nil || n == 1 {
			return e
		}
	}
	var finished int
	e := tx.QueryRow(ctx, "SELECT count(*) FROM job WHERE id = $1 AND fence = $2 AND state = 'done'", int64(run.ID), run.fence).Scan(&finished)
	if e != nil || finished > 0 { // by Finish, in the worker's own transaction
		return e
	}
	if e := run.Hold(ctx, tx); e != nil {
		return e
	}
	var cancelled bool
	if e := tx.QueryRow(ctx, "SELECT cancel_requested FROM job WHERE id = $1", int64(run.ID)).Scan(&cancelled); e != nil {
		return e
	}
	if cancelled && (errors.Is(cause, ErrCancelled) || errors.Is(err, ErrCancelled) || errors.Is(err, ErrGoOn)) {
		return run.end(ctx, tx, Cancelled, "")
	}
	if errors.Is(cause, ErrStopped) {
		err = ErrStopped
	}
	v := NextRetry(err, run.Failures, run.Starts-1-run.Failures, w.MaxFailures)
	if !v.Again {
		return run.end(ctx, tx, Failed, codeOf(err))
	}
	now, e := clock(ctx, tx)
	if e != nil {
		return e
	}
	failures := run.Failures
	if v.Counted {
		failures++
	}
	_, e = tx.Exec(ctx, "UPDATE job SET state = 'waiting', node = '', run_at = $2, failures = $3, error_code = $4 WHERE id = $1",
		int64(run.ID), now+v.Delay.Microseconds(), failures, codeOf(err))
	return e
}

func (run *Run) end(ctx context.Context, tx *db.Tx, s State, code string) error {
	counted := 0
	if s == Failed {
		counted = 1
	}
	_, err := tx.Exec(ctx, "UPDATE job SET state = $2, node = '', finished_at = "+clockSQL(tx)+", error_code = $3, failures = failures + $4 WHERE id = $1",
		int64(run.ID), string(s), code, counted)
	return err
}

// codeOf gives what the base keeps of an error: its code alone, since its text may hold a person's data.
func codeOf(err error) string {
	switch c := errs.CodeOf(err); {
	case c != "":
		return c
	case errors.Is(err, ErrGoOn), errors.Is(err, ErrStopped):
		return ""
	}
	return "internal"
}
