package job_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"cadastro/internal/db"
	"cadastro/internal/db/dbtest"
	"cadastro/internal/job"
)

// BenchmarkThroughput works off jobs that do nothing, eight at a time: what the queue itself costs.
func BenchmarkThroughput(b *testing.B) {
	benchEach(b, func(b *testing.B, d *db.DB, url string) {
		done := make(chan struct{}, b.N)
		r := job.New(d, slog.New(slog.DiscardHandler), job.Config{ListenURL: url})
		r.Handle(job.Worker{Kind: "work", Slots: 8, Run: func(context.Context, *job.Run) error { done <- struct{}{}; return nil }})
		err := d.Write(context.Background(), func(ctx context.Context, tx *db.Tx) error {
			for i := range b.N {
				if _, err := job.Enqueue(ctx, tx, 1, "work", int64(i)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		b.ResetTimer()
		start(b, r)
		for range b.N {
			<-done
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "jobs/s")
	})
}

// BenchmarkPickUp is the time from a commit to the worker, with nothing else to do. On SQLite the enqueuer wakes the
// runner, on PostgreSQL the database does.
func BenchmarkPickUp(b *testing.B) {
	benchEach(b, func(b *testing.B, d *db.DB, url string) {
		begun := make(chan time.Time)
		r := job.New(d, slog.New(slog.DiscardHandler), job.Config{ListenURL: url})
		r.Handle(job.Worker{Kind: "work", Run: func(context.Context, *job.Run) error { begun <- time.Now(); return nil }})
		start(b, r)
		time.Sleep(50 * time.Millisecond)
		var sum, worst time.Duration
		for b.Loop() {
			err := d.Write(context.Background(), func(ctx context.Context, tx *db.Tx) error {
				_, err := job.Enqueue(ctx, tx, 1, "work")
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
			at := time.Now()
			if d.Engine() == db.SQLite {
				r.Wake()
			}
			took := (<-begun).Sub(at)
			sum += took
			worst = max(worst, took)
		}
		b.ReportMetric(float64(sum.Microseconds())/float64(b.N), "µs/pick-up")
		b.ReportMetric(float64(worst.Microseconds()), "µs-worst")
	})
}

func start(b *testing.B, r *job.Runner) {
	b.Helper()
	if err := r.Start(context.Background()); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = r.Stop(context.Background()) })
}

func benchEach(b *testing.B, body func(b *testing.B, d *db.DB, url string)) {
	open := func(b *testing.B, url string) *db.DB {
		b.Helper()
		d, err := db.Open(context.Background(), url)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { d.Close() })
		if err := d.Migrate(context.Background()); err != nil {
			b.Fatal(err)
		}
		return d
	}
	b.Run("sqlite", func(b *testing.B) { body(b, open(b, filepath.Join(b.TempDir(), "jobs.db")), "") })
	if os.Getenv(dbtest.PostgresEnv) != "" {
		b.Run("postgres", func(b *testing.B) {
			url := dbtest.PostgresURL(b)
			body(b, open(b, url), url)
		})
	}
}
