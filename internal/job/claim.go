package job

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"cadastro/internal/db"
)

// candidates bounds how many waiting jobs of a kind a claim weighs against each other.
const candidates = 100

// claimable is the condition on a waiting job j under which it may begin at $1: it is due, and first in its line.
const claimable = `j.state = 'waiting' AND j.run_at <= $1 AND (j.queue = '' OR NOT EXISTS (
	SELECT 1 FROM job o WHERE o.workspace_id = j.workspace_id AND o.queue = j.queue AND o.queue <> '' AND o.state IN ('waiting', 'running')
	AND o.id <> j.id AND (o.state = 'running' OR o.id < j.id)))`

// claimLoop begins jobs until the runner stops.
func (r *Runner) claimLoop() {
	defer r.loops.Done()
	defer r.jobs.Done() // counted by Start: while it may begin jobs, Stop has to wait
	t := time.NewTimer(r.cfg.Poll)
	defer t.Stop()
	for {
		select {
		case <-r.quit:
			return
		case <-r.wake:
		case <-t.C:
		}
		if err := r.claimAll(); err != nil {
			r.log.Warn("jobs not claimed", "error", err)
		}
		t.Reset(r.cfg.Poll)
	}
}

// claimAll begins what may begin, as far as there are free slots.
func (r *Runner) claimAll() error {
	ctx, done := background()
	defer done()
	for _, kind := range r.free() {
		if r.stopping() {
			return nil
		}
		if r.db.Engine() == db.SQLite {
			// A look at the reading handle first: the one writer may be at a long chunk of an import.
			any, err := r.anyClaimable(ctx, kind)
			if err != nil {
				return err
			}
			if !any {
				continue
			}
		}
		r.mu.Lock()
		w := r.workers[kind]
		slots := w.Slots - w.busy
		r.mu.Unlock()
		jobs, err := r.claim(ctx, kind, slots)
		if db.IsUnique(err) { // two nodes began one line at once, and this one lost
			r.Wake()
			continue
		}
		if err != nil {
			return err
		}
		for _, j := range jobs {
			r.run(w, j)
		}
	}
	return nil
}

// free lists the kinds that have a slot, in a fixed order.
func (r *Runner) free() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var kinds []string
	for k, w := range r.workers {
		if w.busy < w.Slots {
			kinds = append(kinds, k)
		}
	}
	slices.Sort(kinds)
	return kinds
}

func (r *Runner) anyClaimable(ctx context.Context, kind string) (any bool, err error) {
	err = r.db.Read(ctx, func(ctx context.Context, q db.Querier) error {
		now, err := clock(ctx, q)
		if err != nil {
			return err
		}
		return q.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM job j WHERE j.kind = $2 AND "+claimable+")", now, kind).Scan(&any)
	})
	return any, err
}

// claim takes up to n jobs of a kind, of workspaces with fewer running jobs of that kind first, then the oldest.
func (r *Runner) claim(ctx context.Context, kind string, n int) ([]*Job, error) {
	var jobs []*Job
	err := r.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		now, err := clock(ctx, tx)
		if err != nil {
			return err
		}
		ids, err := db.Collect(ctx, tx, func(rows *sql.Rows) (int64, error) {
			var id int64
			return id, rows.Scan(&id)
		}, `SELECT j.id FROM job j WHERE j.id IN (SELECT j.id FROM job j WHERE j.kind = $2 AND `+claimable+` ORDER BY j.run_at, j.id LIMIT $4) AND j.state = 'waiting'
			ORDER BY (SELECT count(*) FROM job b WHERE b.state = 'running' AND b.kind = $2 AND b.workspace_id = j.workspace_id), j.run_at, j.id
			LIMIT $3`+skipLocked(tx), now, kind, n, max(candidates, 4*n))
		if err != nil || len(ids) == 0 {
			jobs = nil
			return err
		}
		jobs, err = db.Collect(ctx, tx, func(rows *sql.Rows) (*Job, error) { return scanJob(rows) },
			`UPDATE job SET state = 'running', node = $1, starts = starts + 1, fence = fence + 1, started_at = $2
			WHERE id IN (`+list(ids)+`) RETURNING `+jobCols, r.cfg.Node, now)
		slices.SortFunc(jobs, func(a, b *Job) int { return int(a.ID - b.ID) })
		return err
	})
	return jobs, err
}

// list writes numbers for IN; they are ours, not a user's text.
func list(ids []int64) string {
	s := joinIDs(ids)
	if s == "" {
		return "NULL"
	}
	return strings.ReplaceAll(s, ",", ", ")
}
