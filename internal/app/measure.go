package app

import (
	"context"
	"crypto/rand"
	"database/sql"
	"strings"

	"cadastro/internal/db"
)

// Measures are numbers of the whole base, all workspaces together.
type Measures struct {
	Rows map[string]int64 // rows of imports by what became of them: imported, updated, skipped, error, unprocessed
	Jobs []JobCount
	Size int64 // bytes of the base
}

// JobCount is how many jobs of a kind are in a state.
type JobCount struct {
	Kind  string
	State string
	Count int64
}

// Measure counts.
func (a *App) Measure(ctx context.Context) (m Measures, err error) {
	err = a.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		var imported, updated, skipped, errors, left int64
		// Sums of BIGINT are NUMERIC on PostgreSQL. Rows that an import has not come to count once it has begun.
		err := q.QueryRow(ctx, `SELECT CAST(COALESCE(SUM(imported), 0) AS BIGINT), CAST(COALESCE(SUM(updated), 0) AS BIGINT),
			CAST(COALESCE(SUM(skipped), 0) AS BIGINT), CAST(COALESCE(SUM(errors), 0) AS BIGINT),
			CAST(COALESCE(SUM(row_count - imported - updated - skipped - errors), 0) AS BIGINT)
			FROM import WHERE started_at IS NOT NULL`).Scan(&imported, &updated, &skipped, &errors, &left)
		if err != nil {
			return err
		}
		m.Rows = map[string]int64{"imported": imported, "updated": updated, "skipped": skipped, "error": errors, "unprocessed": left}
		m.Jobs, err = db.Collect(ctx, q, func(rows *sql.Rows) (c JobCount, err error) {
			return c, rows.Scan(&c.Kind, &c.State, &c.Count)
		}, "SELECT kind, state, COUNT(*) FROM job GROUP BY kind, state ORDER BY kind, state")
		return err
	})
	if err != nil {
		return Measures{}, err
	}
	m.Size, err = a.DB.Size(ctx)
	return m, err
}

// CheckBase tells whether the base answers and has this program's schema.
func (a *App) CheckBase(ctx context.Context) error { return a.DB.Current(ctx) }

// CheckFiles tells whether files can be kept, by keeping one for a moment.
func (a *App) CheckFiles(ctx context.Context) error {
	key := "check/" + strings.ToLower(rand.Text())
	w, err := a.Blobs.Create(ctx, key)
	if err != nil {
		return err
	}
	defer w.Abort()
	if _, err := w.Write([]byte("ok\n")); err != nil {
		return err
	}
	if err := w.Commit(); err != nil {
		return err
	}
	return a.Blobs.Delete(ctx, key)
}
