package job

import (
	"context"
	"strconv"
	"time"

	"cadastro/internal/db"
)

// clock gives the time that leases, delays and schedules go by, in microseconds since 1970. On PostgreSQL it is the
// server's, so that nodes whose clocks differ agree on who is alive; SQLite is on the machine of its one process.
func clock(ctx context.Context, q db.Querier) (int64, error) {
	if q.Engine() != db.Postgres {
		return time.Now().UnixMicro(), nil
	}
	var now int64
	err := q.QueryRow(ctx, "SELECT "+clockSQL(q)).Scan(&now)
	return now, err
}

// clockSQL is the same moment as an expression, which saves a statement.
func clockSQL(q db.Querier) string {
	if q.Engine() != db.Postgres {
		return strconv.FormatInt(time.Now().UnixMicro(), 10)
	}
	return "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
}

// channel is where PostgreSQL tells the runners of all nodes that there is something to do.
const channel = "cadastro_job"

// notify wakes the runners that listen, when tx is committed and only then. SQLite's one runner is woken by
// [Runner.Wake] and by its poll.
func notify(ctx context.Context, tx *db.Tx) error {
	if tx.Engine() != db.Postgres {
		return nil
	}
	_, err := tx.Exec(ctx, "SELECT pg_notify($1, '')", channel)
	return err
}

// skipLocked lets claims of several nodes pass one another.
func skipLocked(tx *db.Tx) string {
	if s := tx.ForUpdate(); s != "" {
		return s + " OF j SKIP LOCKED"
	}
	return ""
}
