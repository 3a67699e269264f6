package job

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"time"

	"cadastro/internal/db"
	"cadastro/internal/errs"
)

// Causes with which a worker's context ends, and what a worker may return.
var (
	// ErrCancelled is the cause where somebody cancelled the job. A worker that returns an error after it ends as
	// cancelled; one that returns nil has done its work.
	ErrCancelled = errors.New("job: cancelled")
	// ErrStopped is the cause where the process has no more time to wait. The job goes on elsewhere or later.
	ErrStopped = errors.New("job: runner stopped")
	// ErrLost is the cause where another process has taken the job over.
	ErrLost = errors.New("job: taken over by another process")
	// ErrGoOn is returned by a worker that stopped between two pieces of work, e.g. because [Run.Stopping] says so:
	// the job goes back into the queue at once, and no failure is counted.
	ErrGoOn = errors.New("job: to be gone on with")
)

// Bounds of retries.
const (
	infraFirst  = 100 * time.Millisecond
	infraMost   = 5 * time.Second
	faultFirst  = time.Second
	faultMost   = 5 * time.Minute
	maxFailures = 10
)

// after asks for a retry at a time of the worker's choice.
type after struct {
	delay time.Duration
	err   error
}

func (a *after) Error() string { return a.err.Error() }
func (a *after) Unwrap() error { return a.err }

// RetryAfter makes err one after which the job is begun again after d, for as long as the worker says so: no failure is
// counted. For work that keeps its own account of attempts.
func RetryAfter(d time.Duration, err error) error { return &after{delay: max(0, d), err: err} }

// Verdict is what is to be done after a failure.
type Verdict struct {
	Again   bool
	Delay   time.Duration
	Counted bool // against the worker's MaxFailures
}

// NextRetry decides what follows the failure of a job: failures counts those before it that were the job's own fault,
// infra those in a row that were the surroundings'.
//
//   - surroundings ([Infrastructure]): again, as often as it takes, after 0.1 s and twice as long each time, at most 5 s;
//   - a fault that the same input will have again (errs kinds from Invalid to TooLarge): given up;
//   - anything else: again after 1 s and twice as long each time, at most 5 minutes, most times in all.
//
// Delays vary by a fifth, so that jobs that failed together do not come back together.
func NextRetry(err error, failures, infra, most int) Verdict {
	if a, ok := errors.AsType[*after](err); ok {
		return Verdict{Again: true, Delay: a.delay}
	}
	if errors.Is(err, ErrGoOn) || errors.Is(err, ErrStopped) {
		return Verdict{Again: true}
	}
	if Infrastructure(err) {
		return Verdict{Again: true, Delay: min(infraMost, jitter(doubled(infraFirst, infra, infraMost)))}
	}
	switch errs.KindOf(err) {
	case errs.Invalid, errs.NotFound, errs.Conflict, errs.Unauthenticated, errs.Forbidden, errs.TooLarge:
		return Verdict{Counted: true}
	}
	if most <= 0 {
		most = maxFailures
	}
	return Verdict{Again: failures+1 < most, Delay: jitter(doubled(faultFirst, failures, faultMost)), Counted: true}
}

// Infrastructure tells whether err comes from what the work stands on (database, disk, network) and not from the
// work: a lost connection, a server that is starting, a full disk, a lost race.
func Infrastructure(err error) bool {
	if err == nil {
		return false
	}
	if errs.KindOf(err) == errs.Busy || db.IsStorageFull(err) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	// Not net.Error: every error of a system call has its methods, that of a missing file too.
	if _, ok := errors.AsType[*net.OpError](err); ok {
		return true
	}
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return true
	}
	if s, ok := errors.AsType[sqlState](err); ok {
		// PostgreSQL, appendix A: connection exception, transaction rollback, insufficient resources, operator
		// intervention, system error.
		switch state := s.SQLState(); {
		case strings.HasPrefix(state, "08"), strings.HasPrefix(state, "40"), strings.HasPrefix(state, "53"),
			strings.HasPrefix(state, "57P"), strings.HasPrefix(state, "58"):
			return true
		}
	}
	return false
}

// sqlState is what errors of PostgreSQL's driver implement.
type sqlState interface {
	error
	SQLState() string
}

func doubled(first time.Duration, times int, most time.Duration) time.Duration {
	d := first
	for range times {
		if d *= 2; d >= most {
			return most
		}
	}
	return d
}

// jitter varies d by up to a fifth.
func jitter(d time.Duration) time.Duration {
	return d - d/5 + time.Duration(rand.Int64N(int64(d)*2/5+1))
}
