package job

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"cadastro/internal/db"
	"cadastro/internal/errs"
)

// Config says how a runner keeps time. Zero values stand for the defaults.
type Config struct {
	Poll      time.Duration // how often it looks for work by itself; default 1 s
	Heartbeat time.Duration // default 3 s
	Expiry    time.Duration // a node not heard of for so long is dead; default 10 s
	Keep      time.Duration // jobs that are over are forgotten after; default 7 days
	// Node is the name of this process; one that comes back under its old name takes its jobs back at once. Two
	// processes must not share one. Default: host name and a random part.
	Node string
	// ListenURL is a PostgreSQL URL for one connection that waits for news, not through a transaction pooler. ""
	// leaves it at the poll.
	ListenURL string
	TimeZone  *time.Location // of schedules; default UTC
}

// Worker does the jobs of one kind.
type Worker struct {
	Kind        string
	Slots       int           // how many at once in this process; default 1
	Timeout     time.Duration // of one start; 0 for none. A worker that takes long returns [ErrGoOn] between pieces
	MaxFailures int           // default 10
	// Run does the work. nil ends the job as done; what other errors lead to is [NextRetry]'s to say. A panic counts
	// as a failure.
	Run func(ctx context.Context, r *Run) error
}

// Runner runs the jobs of a base in this process.
type Runner struct {
	db       *db.DB
	log      *slog.Logger
	cfg      Config
	workers  map[string]*worker
	periodic []periodic
	wake     chan struct{}

	mu      sync.Mutex
	running map[ID]*Run
	ended   error // why jobs are ended, once Stop is out of patience
	started bool

	quit     chan struct{} // closed by Stop: no new work
	loops    sync.WaitGroup
	jobs     sync.WaitGroup
	unlock   func()
	lastBeat time.Time
}

type worker struct {
	Worker
	busy int // guarded by Runner.mu
}

// New returns a runner that is yet to be told its workers and schedules and to be started.
func New(d *db.DB, log *slog.Logger, cfg Config) *Runner {
	cfg.Poll = cmp.Or(cfg.Poll, time.Second)
	cfg.Heartbeat = cmp.Or(cfg.Heartbeat, 3*time.Second)
	cfg.Expiry = cmp.Or(cfg.Expiry, 10*time.Second)
	cfg.Keep = cmp.Or(cfg.Keep, 7*24*time.Hour)
	cfg.TimeZone = cmp.Or(cfg.TimeZone, time.UTC)
	if cfg.Node == "" {
		host, err := os.Hostname()
		if err != nil {
			host = "node"
		}
		cfg.Node = host + "-" + rand.Text()[:10]
	}
	return &Runner{db: d, log: log, cfg: cfg, workers: map[string]*worker{}, wake: make(chan struct{}, 1),
		running: map[ID]*Run{}, quit: make(chan struct{})}
}

// Handle has w do the jobs of its kind. It is called before Start, once for each kind.
func (r *Runner) Handle(w Worker) {
	if w.Slots <= 0 {
		w.Slots = 1
	}
	if w.Kind == "" || w.Run == nil || r.workers[w.Kind] != nil || r.started {
		panic("job: a worker needs a kind of its own and a Run, before Start")
	}
	r.workers[w.Kind] = &worker{Worker: w}
}

// Wake has the runner look for work now. Whoever enqueued calls it behind the commit, to save the wait for the poll.
func (r *Runner) Wake() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// Start takes back what an earlier process left and begins to work. On SQLite a second runner on the same file is refused
// with Busy "job.other_runner".
func (r *Runner) Start(ctx context.Context) error {
	if r.started || r.stopping() {
		return errors.New("job: started twice")
	}
	if r.db.Engine() == db.SQLite {
		release, ok, err := r.db.TryLock(ctx, "jobs")
		if err != nil {
			return fmt.Errorf("lock of the job runner: %w", err)
		}
		if !ok {
			return errs.New(errs.Busy, "job.other_runner")
		}
		r.unlock = release
	}
	if err := r.begin(ctx); err != nil {
		if r.unlock != nil {
			r.unlock()
		}
		return err
	}
	r.started = true
	r.lastBeat = time.Now()
	r.loops.Add(2)
	r.jobs.Add(1)
	go r.claimLoop()
	go r.beatLoop()
	if r.db.Engine() == db.Postgres && r.cfg.ListenURL != "" {
		r.loops.Add(1)
		go r.listenLoop()
	}
	r.Wake()
	return nil
}

func (r *Runner) begin(ctx context.Context) error {
	return r.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := r.beat(ctx, tx); err != nil {
			return err
		}
		// SQLite: whoever had jobs is dead, since the lock was to be had.
		q, args := "UPDATE job SET state = 'waiting', node = '' WHERE state = 'running'", []any(nil)
		if r.db.Engine() == db.Postgres {
			q, args = q+" AND node = $1", []any{r.cfg.Node}
		}
		if _, err := tx.Exec(ctx, q, args...); err != nil {
			return err
		}
		return r.plan(ctx, tx)
	})
}

// Stop begins no more jobs, tells those that run ([Run.Stopping]) and waits for them. When ctx ends first, their
// contexts are cancelled with cause [ErrStopped], and they go back into the queue. It returns when none runs.
func (r *Runner) Stop(ctx context.Context) error {
	if !r.started {
		return nil
	}
	close(r.quit)
	over := make(chan struct{})
	go func() { r.jobs.Wait(); close(over) }()
	select {
	case <-over:
	case <-ctx.Done():
		r.endAll(ErrStopped)
		<-over
	}
	r.loops.Wait()
	r.started = false
	leave := context.WithoutCancel(ctx)
	err := r.db.Write(leave, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, "DELETE FROM job_node WHERE node = $1", r.cfg.Node)
		return err
	})
	if r.unlock != nil {
		r.unlock()
	}
	return err
}

func (r *Runner) endAll(cause error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ended = cause
	for _, run := range r.running {
		run.cancel(cause)
	}
}

func (r *Runner) stopping() bool {
	select {
	case <-r.quit:
		return true
	default:
		return false
	}
}

// background is the context of the runner's own statements: bounded, so that a database that hangs does not hold up
// Stop for ever.
func background() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), 30*time.Second)
}
