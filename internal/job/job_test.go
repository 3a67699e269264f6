package job_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cadastro/internal/db"
	"cadastro/internal/db/dbtest"
	"cadastro/internal/errs"
	"cadastro/internal/job"
	"cadastro/internal/job/jobtest"
)

func TestRunner(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		jobtest.Exercise(t, func(t *testing.T) *db.DB { return dbtest.SQLite(t) }, jobtest.Own)
	})
	if os.Getenv(dbtest.PostgresEnv) != "" {
		t.Run("postgres", func(t *testing.T) {
			jobtest.Exercise(t, func(t *testing.T) *db.DB { return dbtest.Postgres(t) }, jobtest.Own)
		})
	}
}

type stateError string

func (e stateError) Error() string    { return "sql state " + string(e) }
func (e stateError) SQLState() string { return string(e) }

func TestNextRetry(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err            error
		again, counted bool
		most           time.Duration
	}{
		{io.ErrUnexpectedEOF, true, false, 5 * time.Second},
		{fmt.Errorf("query: %w", &net.OpError{Op: "dial", Err: errors.New("refused")}), true, false, 5 * time.Second},
		{stateError("57P01"), true, false, 5 * time.Second},
		{stateError("40P01"), true, false, 5 * time.Second},
		{stateError("53100"), true, false, 5 * time.Second},
		{stateError("08006"), true, false, 5 * time.Second},
		{stateError("23505"), true, true, 6 * time.Minute},
		{errs.New(errs.Busy, "import.busy"), true, false, 5 * time.Second},
		{errs.New(errs.Invalid, "file.no_rows"), false, true, 0},
		{errs.New(errs.TooLarge, "file.too_large"), false, true, 0},
		{errors.New("anything"), true, true, 6 * time.Minute},
		{job.ErrGoOn, true, false, 0},
		{job.RetryAfter(time.Hour, errors.New("later")), true, false, time.Hour},
	} {
		for _, n := range []int{0, 1, 5, 8} {
			v := job.NextRetry(c.err, n, n, 10)
			if v.Again != c.again || v.Counted != c.counted || v.Again && v.Delay > c.most {
				t.Errorf("%v after %d: %+v", c.err, n, v)
			}
		}
	}
	if v := job.NextRetry(errors.New("anything"), 9, 0, 10); v.Again {
		t.Error("not given up after ten failures")
	}
}

// TestNextRetryBounds: however often the surroundings fail, the next try is there within 5 s, and never at once.
func TestNextRetryBounds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 1<<40).Draw(t, "failures")
		v := job.NextRetry(io.ErrUnexpectedEOF, 0, n, 10)
		if !v.Again || v.Delay <= 0 || v.Delay > 5*time.Second {
			t.Fatalf("%+v", v)
		}
	})
}
