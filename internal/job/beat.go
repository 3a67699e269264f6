package job

import (
	"context"
	"database/sql"
	"time"

	"github.com/jackc/pgx/v5"

	"cadastro/internal/db"
)

// beatLoop says that this process lives, takes over the jobs of dead ones, passes on cancels, enqueues what is due, and
// forgets what is long over.
func (r *Runner) beatLoop() {
	defer r.loops.Done()
	tick := time.NewTicker(min(r.cfg.Poll, r.cfg.Heartbeat))
	defer tick.Stop()
	idle := make(chan struct{}) // closed when the last job of a stopping runner is over
	go func() { <-r.quit; r.jobs.Wait(); close(idle) }()
	var lastPrune time.Time
	for {
		select {
		case <-idle:
			return
		case <-tick.C:
		}
		// Jobs still run while the runner stops, and so do the lease and the cancels.
		if err := r.look(); err != nil {
			r.log.Warn("job runner", "error", err)
		}
		if time.Since(r.lastBeat) >= r.cfg.Heartbeat {
			if err := r.pulse(); err == nil {
				r.lastBeat = time.Now()
			} else {
				r.log.Warn("job runner without heartbeat", "error", err)
			}
			if time.Since(r.lastBeat) > r.cfg.Expiry && r.db.Engine() == db.Postgres {
				r.endAll(ErrLost) // others have these jobs by now
			}
		}
		if time.Since(lastPrune) > time.Hour && !r.stopping() {
			lastPrune = time.Now()
			if err := r.prune(); err != nil {
				r.log.Warn("old jobs not removed", "error", err)
			}
		}
	}
}

// look reads what changed for this node: jobs to be cancelled or lost, schedules that are due. It writes only
// where there is something to write.
func (r *Runner) look() error {
	ctx, done := background()
	defer done()
	r.mu.Lock()
	ids := make([]int64, 0, len(r.running))
	for id := range r.running {
		ids = append(ids, int64(id))
	}
	r.mu.Unlock()
	var mine []*Job
	due := false
	err := r.db.Read(ctx, func(ctx context.Context, q db.Querier) (err error) {
		if len(ids) > 0 {
			mine, err = db.Collect(ctx, q, func(rows *sql.Rows) (*Job, error) { return scanJob(rows) },
				"SELECT "+jobCols+" FROM job WHERE id IN ("+list(ids)+")")
			if err != nil {
				return err
			}
		}
		due, err = r.due(ctx, q)
		return err
	})
	if err != nil {
		return err
	}
	r.mu.Lock()
	for _, j := range mine {
		switch run := r.running[j.ID]; {
		case run == nil:
		case j.fence > run.fence || j.fence == run.fence && j.State == Waiting:
			run.cancel(ErrLost)
		case j.fence == run.fence && j.State == Running && j.Cancel:
			run.cancel(ErrCancelled)
		}
	}
	r.mu.Unlock()
	if due && !r.stopping() {
		if err := r.db.Write(ctx, r.plan); err != nil {
			return err
		}
		r.Wake()
	}
	return nil
}

// pulse is the heartbeat, and on PostgreSQL the takeover of what dead nodes had.
func (r *Runner) pulse() error {
	if r.db.Engine() != db.Postgres {
		return nil // one process, and its lock says that it lives
	}
	ctx, done := background()
	defer done()
	taken := int64(0)
	err := r.db.Write(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if err := r.beat(ctx, tx); err != nil {
			return err
		}
		now, err := clock(ctx, tx)
		if err != nil {
			return err
		}
		dead := now - r.cfg.Expiry.Microseconds()
		taken, err = tx.Exec(ctx, `UPDATE job SET state = 'waiting', node = '', run_at = $2 WHERE state = 'running'
			AND NOT EXISTS (SELECT 1 FROM job_node n WHERE n.node = job.node AND n.seen_at >= $1)`, dead, now)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "DELETE FROM job_node WHERE seen_at < $1", dead-time.Hour.Microseconds())
		return err
	})
	if taken > 0 {
		r.log.Info("jobs of dead processes taken over", "jobs", taken)
		r.Wake()
	}
	return err
}

func (r *Runner) beat(ctx context.Context, tx *db.Tx) error {
	now, err := clock(ctx, tx)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO job_node (node, seen_at) VALUES ($1, $2)
		ON CONFLICT (node) DO UPDATE SET seen_at = excluded.seen_at`, r.cfg.Node, now)
	return err
}

// prune forgets jobs that have been over for as long as they are kept.
func (r *Runner) prune() error {
	ctx, done := background()
	defer done()
	return r.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		now, err := clock(ctx, tx)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "DELETE FROM job WHERE finished_at IS NOT NULL AND finished_at < $1", now-r.cfg.Keep.Microseconds())
		return err
	})
}

// listenLoop wakes the runner when any node enqueues.
func (r *Runner) listenLoop() {
	defer r.loops.Done()
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	go func() {
		select {
		case <-r.quit:
			stop()
		case <-ctx.Done():
		}
	}()
	for try := 0; ctx.Err() == nil; try++ {
		if err := r.listen(ctx, func() { try = 0 }); err != nil && ctx.Err() == nil {
			r.log.Warn("job runner does not hear of new work, and polls", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(jitter(doubled(infraFirst, try, infraMost))):
		}
	}
}

func (r *Runner) listen(ctx context.Context, up func()) error {
	conn, err := pgx.Connect(ctx, r.cfg.ListenURL)
	if err != nil {
		return err
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(ctx, "LISTEN "+channel); err != nil {
		return err
	}
	up()
	r.Wake()
	for {
		if _, err := conn.WaitForNotification(ctx); err != nil {
			return err
		}
		r.Wake()
	}
}
