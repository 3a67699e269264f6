//go:build unix

package job_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"cadastro/internal/db"
	"cadastro/internal/db/dbtest"
	"cadastro/internal/errs"
	"cadastro/internal/job"
	"cadastro/internal/job/jobtest"
)

// The environment of the process that is killed.
const (
	childURL = "CADASTRO_TEST_JOB_URL"
	childDir = "CADASTRO_TEST_JOB_DIR"
)

// TestWorkerProcess is the process that other tests start, stop and kill; by itself it does nothing.
func TestWorkerProcess(t *testing.T) {
	url, dir := os.Getenv(childURL), os.Getenv(childDir)
	if url == "" {
		return
	}
	d, err := db.Open(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	r := jobtest.Own(d, jobtest.Quick())
	r.Handle(job.Worker{Kind: "work", Run: func(ctx context.Context, run *job.Run) error {
		touch(t, dir, "begun")
		for !exists(dir, "go") {
			time.Sleep(5 * time.Millisecond)
		}
		err := effect(context.WithoutCancel(ctx), d, run)
		if errors.Is(err, job.ErrLost) {
			touch(t, dir, "lost")
		}
		return err
	}})
	if err := r.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	select {}
}

// effect does something once and ends the job, in one transaction.
func effect(ctx context.Context, d *db.DB, run *job.Run) error {
	return d.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := tx.Reserve(ctx, 1, "effect", 1); err != nil {
			return err
		}
		return run.Finish(ctx, tx)
	})
}

func effects(t *testing.T, d *db.DB) (n int64) {
	t.Helper()
	err := d.Write(context.Background(), func(ctx context.Context, tx *db.Tx) (err error) {
		n, err = tx.Reserve(ctx, 1, "effect", 1)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n - 1
}

// TestKilledProcess: what a killed process had in hand is done by the next one (SQLite) or by another (PostgreSQL).
func TestKilledProcess(t *testing.T) {
	t.Parallel()
	eachURL(t, func(t *testing.T, url string) {
		d, id, dir, child := withChild(t, url)
		if d.Engine() == db.SQLite {
			r := jobtest.Own(d, jobtest.Quick())
			if err := r.Start(t.Context()); errs.CodeOf(err) != "job.other_runner" {
				t.Errorf("a second runner beside the first: %v", err)
			}
		}
		kill(t, child)
		touch(t, dir, "go")
		startEffect(t, d)
		j := waitDone(t, d, id)
		if j.Starts != 2 || j.Failures != 0 || effects(t, d) != 1 {
			t.Errorf("%+v, %d effects", j, effects(t, d)-1)
		}
	})
}

// TestPausedProcess: a process that slept longer than its lease finds its job taken over and does nothing.
func TestPausedProcess(t *testing.T) {
	t.Parallel()
	if os.Getenv(dbtest.PostgresEnv) == "" {
		t.Skip("needs PostgreSQL: SQLite has one process")
	}
	d, id, dir, child := withChild(t, dbtest.PostgresURL(t))
	defer kill(t, child)
	if err := child.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	startEffect(t, d)
	waitDone(t, d, id)
	touch(t, dir, "go")
	if err := child.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	waitFile(t, dir, "lost")
	if n := effects(t, d); n != 1 {
		t.Errorf("%d effects", n)
	}
}

// TestKilledOften: processes that are killed again and again lose nothing and repeat nothing.
func TestKilledOften(t *testing.T) {
	t.Parallel()
	eachURL(t, func(t *testing.T, url string) {
		const jobs = 60
		ctx := context.Background()
		d, err := db.Open(ctx, url)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { d.Close() })
		if err := d.Migrate(ctx); err != nil {
			t.Fatal(err)
		}
		err = d.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
			for i := range int64(jobs) {
				if _, err := job.Enqueue(ctx, tx, 1, "work", i); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for range 5 {
			dir := t.TempDir()
			touch(t, dir, "go")
			child := exec.Command(os.Args[0], "-test.run=^TestWorkerProcess$")
			child.Env = append(os.Environ(), childURL+"="+url, childDir+"="+dir)
			if err := child.Start(); err != nil {
				t.Fatal(err)
			}
			waitFile(t, dir, "begun")
			time.Sleep(rand.N(30 * time.Millisecond))
			kill(t, child)
		}
		startEffect(t, d)
		wait(t, "all done", func() bool {
			var n int
			err := d.Read(ctx, func(ctx context.Context, q db.Querier) error {
				return q.QueryRow(ctx, "SELECT count(*) FROM job WHERE state = 'done'").Scan(&n)
			})
			return err == nil && n == jobs
		})
		if n := effects(t, d); n != jobs {
			t.Errorf("%d effects of %d jobs", n, jobs)
		}
	})
}

func eachURL(t *testing.T, body func(t *testing.T, url string)) {
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); body(t, filepath.Join(t.TempDir(), "jobs.db")) })
	if os.Getenv(dbtest.PostgresEnv) != "" {
		t.Run("postgres", func(t *testing.T) { t.Parallel(); body(t, dbtest.PostgresURL(t)) })
	}
}

// withChild opens a base with one job and a process that has begun it.
func withChild(t *testing.T, url string) (*db.DB, job.ID, string, *exec.Cmd) {
	t.Helper()
	ctx := context.Background()
	d, err := db.Open(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	if err := d.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	var id job.ID
	err = d.Write(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		id, err = job.Enqueue(ctx, tx, 1, "work", 7)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	child := exec.Command(os.Args[0], "-test.run=^TestWorkerProcess$")
	child.Env = append(os.Environ(), childURL+"="+url, childDir+"="+dir)
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { kill(t, child) })
	waitFile(t, dir, "begun")
	return d, id, dir, child
}

func startEffect(t *testing.T, d *db.DB) {
	t.Helper()
	r := jobtest.Own(d, jobtest.Quick())
	r.Handle(job.Worker{Kind: "work", Run: func(ctx context.Context, run *job.Run) error { return effect(ctx, d, run) }})
	if err := r.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Stop(context.Background()) })
}

func waitDone(t *testing.T, d *db.DB, id job.ID) (j *job.Job) {
	t.Helper()
	wait(t, "done", func() bool {
		err := d.Read(context.Background(), func(ctx context.Context, q db.Querier) (err error) {
			j, err = job.Get(ctx, q, 1, id)
			return err
		})
		return err == nil && j.State == job.Done
	})
	return j
}

func kill(t *testing.T, c *exec.Cmd) {
	t.Helper()
	if c.ProcessState == nil {
		_ = c.Process.Kill()
		_ = c.Wait() // the state of a killed process is an error
	}
}

func touch(t *testing.T, dir, name string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
		t.Fatal(err)
	}
}

func exists(dir, name string) bool { _, err := os.Stat(filepath.Join(dir, name)); return err == nil }

func waitFile(t *testing.T, dir, name string) {
	t.Helper()
	wait(t, name, func() bool { return exists(dir, name) })
}

func wait(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not %s in time", what)
		}
	}
}
