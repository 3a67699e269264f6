// Package jobtest is the suite that every runner of jobs passes.
package jobtest

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/job"
)

// Runner is what is put to the test.
type Runner interface {
	Handle(job.Worker)
	Every(name, spec string, j job.Spec) error
	Start(context.Context) error
	Stop(context.Context) error
	Wake()
}

// Maker makes a runner on a base.
type Maker func(d *db.DB, cfg job.Config) Runner

// Quick is a configuration whose times a test can wait for.
func Quick() job.Config {
	return job.Config{Poll: 20 * time.Millisecond, Heartbeat: 100 * time.Millisecond, Expiry: time.Second}
}

// Own makes the runner of package job, silent.
func Own(d *db.DB, cfg job.Config) Runner {
	return job.New(d, slog.New(slog.NewTextHandler(io.Discard, nil)), cfg)
}

// Exercise runs the suite; open gives each test an empty base.
func Exercise(t *testing.T, open func(t *testing.T) *db.DB, mk Maker) {
	for _, c := range []struct {
		name string
		body func(s *suite)
	}{
		{"order", order},
		{"line runs one at a time and tells the place", line},
		{"once", once},
		{"rolled back enqueue", rolledBack},
		{"retries until it works", retry},
		{"gives up", givesUp},
		{"infrastructure counts no failure", infrastructure},
		{"panic", panics},
		{"timeout", timeout},
		{"cancel of a waiting job", cancelWaiting},
		{"cancel of a running job", cancelRunning},
		{"stop waits for the chunk", stopWaits},
		{"stop gives a job back when time is up", stopGivesBack},
		{"delay", delay},
		{"schedule", schedule},
		{"fair between workspaces", fair},
		{"finish within the work's transaction", finish},
		{"many jobs once each", many},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.body(&suite{T: t, db: open(t), make: mk})
		})
	}
}

type suite struct {
	*testing.T
	db   *db.DB
	make Maker
}

// start starts a runner of workers, stopped with the test.
func (s *suite) start(workers ...job.Worker) Runner {
	s.Helper()
	r := s.make(s.db, Quick())
	for _, w := range workers {
		r.Handle(w)
	}
	s.run(r)
	return r
}

func (s *suite) run(r Runner) {
	s.Helper()
	if err := r.Start(s.Context()); err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() {
		ctx, done := context.WithTimeout(context.Background(), 5*time.Second)
		defer done()
		if err := r.Stop(ctx); err != nil {
			s.Error(err)
		}
	})
}

func (s *suite) add(specs ...job.Spec) (ids []job.ID) {
	s.Helper()
	err := s.db.Write(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		ids = nil
		for _, spec := range specs {
			if spec.Workspace == 0 {
				spec.Workspace = 1
			}
			if spec.Kind == "" {
				spec.Kind = "work"
			}
			id, err := job.Add(ctx, tx, spec)
			if err != nil {
				return err
			}
			ids = append(ids, id)
		}
		return nil
	})
	if err != nil {
		s.Fatal(err)
	}
	return ids
}

func (s *suite) get(id job.ID) (j *job.Job) {
	s.Helper()
	err := s.db.Read(context.Background(), func(ctx context.Context, q db.Querier) (err error) {
		j, err = job.Get(ctx, q, 1, id)
		return err
	})
	if err != nil {
		s.Fatal(err)
	}
	return j
}

func (s *suite) place(id job.ID) (n int) {
	s.Helper()
	err := s.db.Read(context.Background(), func(ctx context.Context, q db.Querier) (err error) {
		n, err = job.Place(ctx, q, 1, id)
		return err
	})
	if err != nil {
		s.Fatal(err)
	}
	return n
}

// ends waits for a job to be in a state and gives it.
func (s *suite) ends(id job.ID, want job.State) (j *job.Job) {
	s.Helper()
	s.until(string(want), func() bool { j = s.get(id); return j.State == want })
	return j
}

func (s *suite) until(what string, ok func() bool) {
	s.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			s.Fatalf("not %s in time", what)
		}
	}
}

func order(s *suite) {
	var mu sync.Mutex
	var got []int64
	ids := s.add(job.Spec{IDs: []int64{1}}, job.Spec{IDs: []int64{2, 20}}, job.Spec{IDs: []int64{3}})
	s.start(job.Worker{Kind: "work", Run: func(_ context.Context, r *job.Run) error {
		mu.Lock()
		defer mu.Unlock()
		got = append(got, r.IDs...)
		return nil
	}})
	s.ends(ids[2], job.Done)
	mu.Lock()
	defer mu.Unlock()
	if len(got) != 4 || got[0] != 1 || got[1] != 2 || got[2] != 20 || got[3] != 3 {
		s.Errorf("order %v", got)
	}
	err := s.db.Read(s.Context(), func(ctx context.Context, q db.Querier) error {
		_, err := job.Get(ctx, q, 2, ids[0])
		return err
	})
	if errs.CodeOf(err) != "job.not_found" {
		s.Errorf("another workspace's job: %v", err)
	}
}

func line(s *suite) {
	var now, most atomic.Int32
	release := make(chan struct{})
	var ids []job.ID
	for range 4 {
		ids = append(ids, s.add(job.Spec{Queue: "import"})...)
	}
	s.add(job.Spec{Queue: "import", Workspace: 2})
	begun := make(chan int64, 8)
	s.start(job.Worker{Kind: "work", Slots: 4, Run: func(_ context.Context, r *job.Run) error {
		begun <- r.Workspace
		if r.Workspace == 1 {
			most.Store(max(most.Load(), now.Add(1)))
			defer now.Add(-1)
		}
		<-release
		return nil
	}})
	if a, b := <-begun, <-begun; a == b { // the two workspaces do not wait for each other
		s.Errorf("two jobs of workspace %d at once", a)
	}
	for i, id := range ids {
		if n := s.place(id); n != i {
			s.Errorf("job %d of the line: place %d", i, n)
		}
	}
	close(release)
	s.ends(ids[3], job.Done)
	if most.Load() != 1 {
		s.Errorf("%d jobs of one line at once", most.Load())
	}
	if s.place(ids[3]) != 0 {
		s.Error("a job that is over has a place")
	}
}

func once(s *suite) {
	a := s.add(job.Spec{Once: "17"}, job.Spec{Once: "17"}, job.Spec{Once: "18"}, job.Spec{})
	if a[0] != a[1] || a[1] == a[2] || a[3] == a[2] {
		s.Fatalf("ids %v", a)
	}
	s.start(job.Worker{Kind: "work", Run: func(context.Context, *job.Run) error { return nil }})
	s.ends(a[0], job.Done)
	if again := s.add(job.Spec{Once: "17"}); again[0] == a[0] {
		s.Error("a job that is over keeps a new one out")
	}
}

func rolledBack(s *suite) {
	var ran atomic.Int32
	r := s.start(job.Worker{Kind: "work", Run: func(context.Context, *job.Run) error { ran.Add(1); return nil }})
	boom := errors.New("boom")
	err := s.db.Write(s.Context(), func(ctx context.Context, tx *db.Tx) error {
		if _, err := job.Enqueue(ctx, tx, 1, "work", 7); err != nil {
			return err
		}
		return boom
	})
	if !errors.Is(err, boom) {
		s.Fatal(err)
	}
	r.Wake()
	s.ends(s.add(job.Spec{IDs: []int64{8}})[0], job.Done)
	if ran.Load() != 1 {
		s.Errorf("%d jobs ran", ran.Load())
	}
}

func retry(s *suite) {
	var starts atomic.Int32
	s.start(job.Worker{Kind: "work", Run: func(context.Context, *job.Run) error {
		if starts.Add(1) < 4 {
			return job.RetryAfter(10*time.Millisecond, errors.New("not yet"))
		}
		return nil
	}})
	if j := s.ends(s.add(job.Spec{})[0], job.Done); j.Starts != 4 || j.Failures != 0 {
		s.Errorf("%+v", j)
	}
}

func givesUp(s *suite) {
	s.start(job.Worker{Kind: "work", MaxFailures: 2, Run: func(_ context.Context, r *job.Run) error {
		if r.IDs[0] == 1 {
			return errs.New(errs.NotFound, "import.not_found", "id", 1)
		}
		return errors.New("a fault with a phone number in it: +5511987654321")
	}})
	ids := s.add(job.Spec{IDs: []int64{1}}, job.Spec{IDs: []int64{2}})
	if j := s.ends(ids[0], job.Failed); j.Starts != 1 || j.ErrorCode != "import.not_found" {
		s.Errorf("a fault that stays: %+v", j)
	}
	if j := s.ends(ids[1], job.Failed); j.Starts != 2 || j.Failures != 2 || j.ErrorCode != "internal" {
		s.Errorf("a fault that may go: %+v", j)
	}
}

func infrastructure(s *suite) {
	var starts atomic.Int32
	s.start(job.Worker{Kind: "work", MaxFailures: 1, Run: func(context.Context, *job.Run) error {
		if starts.Add(1) < 3 {
			return io.ErrUnexpectedEOF
		}
		return nil
	}})
	if j := s.ends(s.add(job.Spec{})[0], job.Done); j.Starts != 3 || j.Failures != 0 {
		s.Errorf("%+v", j)
	}
}

func panics(s *suite) {
	s.start(job.Worker{Kind: "work", MaxFailures: 1, Run: func(context.Context, *job.Run) error { panic("+5511987654321") }})
	if j := s.ends(s.add(job.Spec{})[0], job.Failed); j.ErrorCode != "job.panic" {
		s.Errorf("%+v", j)
	}
}

func timeout(s *suite) {
	s.start(job.Worker{Kind: "work", MaxFailures: 1, Timeout: 20 * time.Millisecond, Run: func(ctx context.Context, _ *job.Run) error {
		<-ctx.Done()
		return ctx.Err()
	}})
	if j := s.ends(s.add(job.Spec{})[0], job.Failed); j.ErrorCode != "job.timeout" {
		s.Errorf("%+v", j)
	}
}

func (s *suite) cancel(id job.ID) (over bool) {
	s.Helper()
	err := s.db.Write(s.Context(), func(ctx context.Context, tx *db.Tx) (err error) {
		over, err = job.Cancel(ctx, tx, 1, id)
		return err
	})
	if err != nil {
		s.Fatal(err)
	}
	return over
}

func cancelWaiting(s *suite) {
	ids := s.add(job.Spec{Queue: "q"}, job.Spec{Queue: "q"}, job.Spec{Queue: "q"})
	if s.cancel(ids[1]) {
		s.Error("a waiting job is told to be over")
	}
	if n := s.place(ids[2]); n != 1 {
		s.Errorf("place %d behind a cancelled job", n)
	}
	var ran atomic.Int32
	s.start(job.Worker{Kind: "work", Run: func(context.Context, *job.Run) error { ran.Add(1); return nil }})
	s.ends(ids[2], job.Done)
	if j := s.get(ids[1]); j.State != job.Cancelled || ran.Load() != 2 {
		s.Errorf("%+v, %d ran", j, ran.Load())
	}
	if !s.cancel(ids[2]) {
		s.Error("a job that is over can be cancelled")
	}
}

func cancelRunning(s *suite) {
	begun := make(chan struct{}, 2)
	var cause atomic.Value
	s.start(job.Worker{Kind: "work", Slots: 2, Run: func(ctx context.Context, r *job.Run) error {
		begun <- struct{}{}
		<-ctx.Done()
		cause.Store(context.Cause(ctx))
		if r.IDs[0] == 2 {
			return nil // the work was just done
		}
		return ctx.Err()
	}})
	ids := s.add(job.Spec{IDs: []int64{1}}, job.Spec{IDs: []int64{2}})
	<-begun
	<-begun
	s.cancel(ids[0])
	s.cancel(ids[1])
	s.ends(ids[0], job.Cancelled)
	s.ends(ids[1], job.Done)
	if cause.Load() != job.ErrCancelled {
		s.Errorf("cause %v", cause.Load())
	}
}

func stopWaits(s *suite) {
	begun := make(chan struct{})
	var after atomic.Bool
	r := s.make(s.db, Quick())
	r.Handle(job.Worker{Kind: "work", Run: func(ctx context.Context, run *job.Run) error {
		close(begun)
		<-run.Stopping()
		time.Sleep(150 * time.Millisecond) // the rest of the chunk
		after.Store(ctx.Err() == nil)
		return job.ErrGoOn
	}})
	ids := s.add(job.Spec{}, job.Spec{})
	if err := r.Start(s.Context()); err != nil {
		s.Fatal(err)
	}
	<-begun
	if err := r.Stop(context.Background()); err != nil {
		s.Fatal(err)
	}
	if !after.Load() {
		s.Error("the chunk was cut short")
	}
	for _, id := range ids {
		if j := s.get(id); j.State != job.Waiting || j.Failures != 0 {
			s.Errorf("%+v", j)
		}
	}
	var ran atomic.Int32 // the next process goes on
	s.start(job.Worker{Kind: "work", Run: func(context.Context, *job.Run) error { ran.Add(1); return nil }})
	if j := s.ends(ids[0], job.Done); j.Starts != 2 {
		s.Errorf("%+v", j)
	}
	s.ends(ids[1], job.Done)
}

func stopGivesBack(s *suite) {
	begun := make(chan struct{})
	r := s.make(s.db, Quick())
	r.Handle(job.Worker{Kind: "work", Run: func(ctx context.Context, _ *job.Run) error {
		close(begun)
		<-ctx.Done() // does not look at Stopping
		return ctx.Err()
	}})
	id := s.add(job.Spec{})[0]
	if err := r.Start(s.Context()); err != nil {
		s.Fatal(err)
	}
	<-begun
	ctx, done := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer done()
	if err := r.Stop(ctx); err != nil {
		s.Fatal(err)
	}
	if j := s.get(id); j.State != job.Waiting || j.Failures != 0 {
		s.Errorf("%+v", j)
	}
}

func delay(s *suite) {
	begun := make(chan time.Time, 1)
	s.start(job.Worker{Kind: "work", Run: func(context.Context, *job.Run) error { begun <- time.Now(); return nil }})
	at := time.Now()
	s.add(job.Spec{Delay: 200 * time.Millisecond})
	if early := (200 * time.Millisecond) - (<-begun).Sub(at); early > 5*time.Millisecond {
		s.Errorf("begun %v early", early)
	}
}

func schedule(s *suite) {
	var ran atomic.Int32
	worker := job.Worker{Kind: "tidy", Run: func(context.Context, *job.Run) error { ran.Add(1); return nil }}
	r := s.make(s.db, Quick())
	r.Handle(worker)
	if err := r.Every("tidy", "not a time", job.Spec{Kind: "tidy"}); err == nil {
		s.Error("a bad spec is taken")
	}
	if err := r.Every("tidy", "@every 1s", job.Spec{Kind: "tidy", Once: "tidy"}); err != nil {
		s.Fatal(err)
	}
	s.run(r)
	s.until("two rounds", func() bool { return ran.Load() >= 2 })
	var rows int
	err := s.db.Read(s.Context(), func(ctx context.Context, q db.Querier) error {
		return q.QueryRow(ctx, "SELECT count(*) FROM job_schedule").Scan(&rows)
	})
	if err != nil || rows != 1 {
		s.Errorf("%d rows, %v", rows, err)
	}
}

func fair(s *suite) {
	for range 20 {
		s.add(job.Spec{Workspace: 1})
	}
	s.add(job.Spec{Workspace: 2})
	var mu sync.Mutex
	var got []int64
	hold := make(chan struct{})
	done := make(chan struct{}, 32)
	s.start(job.Worker{Kind: "work", Slots: 2, Run: func(_ context.Context, r *job.Run) error {
		mu.Lock()
		got = append(got, r.Workspace)
		n := len(got)
		mu.Unlock()
		switch {
		case n == 1:
			<-hold // a long job of workspace 1
		case r.Workspace == 2:
			close(hold)
		}
		done <- struct{}{}
		return nil
	}})
	for range 21 {
		<-done
	}
	mu.Lock()
	defer mu.Unlock()
	for i, w := range got {
		if w == 2 {
			if i > 3 {
				s.Errorf("the other workspace was served as number %d", i+1)
			}
			return
		}
	}
}

func finish(s *suite) {
	var committed atomic.Int32
	s.start(job.Worker{Kind: "work", Run: func(ctx context.Context, r *job.Run) error {
		err := s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
			if _, err := tx.Reserve(ctx, 1, "effect", 1); err != nil {
				return err
			}
			if err := r.Finish(ctx, tx); err != nil {
				return err
			}
			if r.Starts == 1 {
				return io.ErrUnexpectedEOF // the connection breaks before the commit
			}
			return nil
		})
		if err == nil {
			committed.Add(1)
		}
		return err
	}})
	if j := s.ends(s.add(job.Spec{})[0], job.Done); j.Starts != 2 {
		s.Errorf("%+v", j)
	}
	var next int64
	err := s.db.Write(s.Context(), func(ctx context.Context, tx *db.Tx) (err error) {
		next, err = tx.Reserve(ctx, 1, "effect", 1)
		return err
	})
	if err != nil || next != 2 || committed.Load() != 1 {
		s.Errorf("%d effects, %d commits, %v", next-1, committed.Load(), err)
	}
}

func many(s *suite) {
	const n = 200
	var specs []job.Spec
	for i := range n {
		specs = append(specs, job.Spec{IDs: []int64{int64(i)}})
	}
	ids := s.add(specs...)
	var times [n]atomic.Int32
	worker := job.Worker{Kind: "work", Slots: 8, Run: func(_ context.Context, r *job.Run) error {
		times[r.IDs[0]].Add(1)
		return nil
	}}
	s.start(worker)
	if s.db.Engine() == db.Postgres {
		s.start(worker) // a second node
	}
	for _, id := range ids {
		s.ends(id, job.Done)
	}
	for i := range times {
		if k := times[i].Load(); k != 1 {
			s.Errorf("job %d ran %d times", i, k)
		}
	}
}
