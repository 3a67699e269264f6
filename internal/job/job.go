// Package job does work in the background: enqueued in the transaction that makes the work, begun at least once,
// one at a time where asked, retried, cancelled, scheduled, and taken over from a process that died.
//
// # The queue says "go on", nothing more
//
// A job is a kind and a few numbers ("go on with import 17"). State, cursor, progress and result of the work are rows
// of the noun that it works on, written in that noun's transactions. So a worker can be run twice, stopped anywhere,
// and go on in another process. A worker that must not act once another has taken its job over calls [Run.Hold] in the
// transaction that acts.
//
// # Lines
//
// Jobs with the same Queue name in one workspace stand in line: they run in the order of their numbers, one at a
// time, over all processes; a job that waits for its retry keeps its place. [Place] tells how many are ahead.
//
// # Who runs what
//
// Each process has a [Runner]. On PostgreSQL a claim skips rows that others are claiming, and a runner's claim holds
// as long as its heartbeat does, by the database's clock: 3 s between beats, 10 s to be given up for dead. SQLite
// is one process: the runner holds a lock that dies with it, and takes back at once what the last one left.
//
// Why the two engines share one runner: docs/adr/0012-own-job-runner.md.
package job

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"cadastro/internal/db"
	"cadastro/internal/errs"
)

// ID numbers jobs within a base, in the order in which they were enqueued.
type ID int64

// State is where a job stands.
type State string

// The states.
const (
	Waiting   State = "waiting"
	Running   State = "running"
	Done      State = "done"
	Cancelled State = "cancelled"
	Failed    State = "failed" // given up
)

// Live tells whether the job is still to be worked on.
func (s State) Live() bool { return s == Waiting || s == Running }

// Spec is a job to be enqueued.
type Spec struct {
	Workspace int64
	Kind      string
	IDs       []int64       // what it works on; a person's data has no place here
	Queue     string        // stand in line behind the workspace's jobs of this queue; "" for no line
	Once      string        // do nothing where a live job of the kind in the workspace has this key; "" for always
	Delay     time.Duration // not before so much later
}

// Job is one piece of work as the base has it.
type Job struct {
	ID        ID
	Workspace int64
	Kind      string
	IDs       []int64
	Queue     string
	State     State
	Starts    int // how often it was begun, this time included
	Failures  int // how often it failed by its own fault
	Cancel    bool
	ErrorCode string // of the last failure

	fence int64
}

// Enqueue adds a job of that kind in tx, to be begun once tx is committed. Nothing of it stays where tx is rolled back.
func Enqueue(ctx context.Context, tx *db.Tx, workspace int64, kind string, ids ...int64) (ID, error) {
	return Add(ctx, tx, Spec{Workspace: workspace, Kind: kind, IDs: ids})
}

// Add is [Enqueue] with all there is to choose. Where a live job has the same Once key, that job's id comes back.
func Add(ctx context.Context, tx *db.Tx, s Spec) (ID, error) {
	if s.Kind == "" {
		return 0, errors.New("job: no kind")
	}
	now, err := clock(ctx, tx)
	if err != nil {
		return 0, err
	}
	for range 3 {
		var id ID
		err = tx.QueryRow(ctx, `INSERT INTO job (workspace_id, kind, ids, queue, once, run_at, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING id`,
			s.Workspace, s.Kind, joinIDs(s.IDs), s.Queue, s.Once, now+s.Delay.Microseconds(), now).Scan(&id)
		if err == nil {
			return id, notify(ctx, tx)
		}
		if !errors.Is(err, sql.ErrNoRows) {
			break
		}
		err = tx.QueryRow(ctx, `SELECT id FROM job WHERE workspace_id = $1 AND kind = $2 AND once = $3 AND state IN ('waiting', 'running')`,
			s.Workspace, s.Kind, s.Once).Scan(&id)
		if err == nil {
			return id, nil
		}
		if !errors.Is(err, sql.ErrNoRows) { // else it ended between the two statements
			break
		}
	}
	return 0, fmt.Errorf("enqueue job of kind %s: %w", s.Kind, err)
}

const jobCols = "id, workspace_id, kind, ids, queue, state, starts, failures, cancel_requested, error_code, fence"

// Get gives a job of a workspace; NotFound "job.not_found" where there is none, or no longer.
func Get(ctx context.Context, q db.Querier, workspace int64, id ID) (*Job, error) {
	j, err := scanJob(q.QueryRow(ctx, "SELECT "+jobCols+" FROM job WHERE workspace_id = $1 AND id = $2", workspace, int64(id)))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, errs.New(errs.NotFound, "job.not_found", "id", int64(id))
	}
	return j, err
}

// Place tells how many jobs are to end before this one begins: those ahead of it in its line, the running one
// included. 0 for a job that runs, is over, or stands in no line.
func Place(ctx context.Context, q db.Querier, workspace int64, id ID) (int, error) {
	j, err := Get(ctx, q, workspace, id)
	if err != nil || j.Queue == "" || j.State != Waiting {
		return 0, err
	}
	var n int
	err = q.QueryRow(ctx, `SELECT count(*) FROM job WHERE workspace_id = $1 AND queue = $2 AND queue <> ''
		AND (state = 'running' OR state = 'waiting' AND id < $3)`, workspace, j.Queue, int64(id)).Scan(&n)
	return n, err
}

// Cancel ends a job that waits, and asks the worker of one that runs to end: its context is cancelled with cause
// [ErrCancelled] within about a second, on whatever node. A job that is over is left alone; over tells of it.
func Cancel(ctx context.Context, tx *db.Tx, workspace int64, id ID) (over bool, err error) {
	now, err := clock(ctx, tx)
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(ctx, `UPDATE job SET cancel_requested = TRUE,
		finished_at = CASE WHEN state = 'waiting' THEN $3 ELSE finished_at END,
		state = CASE WHEN state = 'waiting' THEN 'cancelled' ELSE state END
		WHERE workspace_id = $1 AND id = $2 AND state IN ('waiting', 'running')`, workspace, int64(id), now)
	if err != nil {
		return false, fmt.Errorf("cancel job %d: %w", id, err)
	}
	if n == 0 {
		_, err := Get(ctx, tx, workspace, id)
		return err == nil, err
	}
	return false, notify(ctx, tx)
}

// Hurry has a job that waits for its time begin as soon as it may.
func Hurry(ctx context.Context, tx *db.Tx, workspace int64, id ID) error {
	now, err := clock(ctx, tx)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "UPDATE job SET run_at = $3 WHERE workspace_id = $1 AND id = $2 AND state = 'waiting' AND run_at > $3", workspace, int64(id), now)
	if err != nil {
		return fmt.Errorf("hurry job %d: %w", id, err)
	}
	return notify(ctx, tx)
}

func scanJob(row interface{ Scan(...any) error }) (*Job, error) {
	var j Job
	var ids string
	err := row.Scan(&j.ID, &j.Workspace, &j.Kind, &ids, &j.Queue, &j.State, &j.Starts, &j.Failures, &j.Cancel, &j.ErrorCode, &j.fence)
	if err != nil {
		return nil, err
	}
	j.IDs, err = splitIDs(ids)
	return &j, err
}

func joinIDs(ids []int64) string {
	var b []byte
	for i, id := range ids {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, id, 10)
	}
	return string(b)
}

func splitIDs(s string) ([]int64, error) {
	if s == "" {
		return nil, nil
	}
	parts := strings.Split(s, ",")
	ids := make([]int64, len(parts))
	for i, p := range parts {
		var err error
		if ids[i], err = strconv.ParseInt(p, 10, 64); err != nil {
			return nil, fmt.Errorf("job: ids: %w", err)
		}
	}
	return ids, nil
}
