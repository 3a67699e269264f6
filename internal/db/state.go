package db

import (
	"context"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"cadastro/internal/errs"
)

// Current tells whether the base answers and has this program's schema; "database.newer" where another program has brought it
// further, "database.older" where migrations are missing.
func (d *DB) Current(ctx context.Context) error {
	want, err := newest()
	if err != nil {
		return err
	}
	return d.Read(ctx, func(ctx context.Context, q Querier) error {
		var have int64
		if err := q.QueryRow(ctx, "SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version WHERE is_applied").Scan(&have); err != nil {
			return err
		}
		switch {
		case have > want:
			return errs.New(errs.Conflict, "database.newer", "have", have, "want", want)
		case have < want:
			return errs.New(errs.Busy, "database.older", "have", have, "want", want)
		}
		return nil
	})
}

// newest gives the number of the last migration of this program.
func newest() (n int64, err error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return 0, err
	}
	for _, name := range names {
		number, _, _ := strings.Cut(path.Base(name), "_")
		v, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return 0, err
		}
		n = max(n, v)
	}
	return n, nil
}

// Size gives the bytes that the base takes up on its disk, indexes and all.
func (d *DB) Size(ctx context.Context) (n int64, err error) {
	query := "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
	if d.engine == Postgres {
		query = "SELECT pg_database_size(current_database())"
	}
	err = d.Read(ctx, func(ctx context.Context, q Querier) error { return q.QueryRow(ctx, query).Scan(&n) })
	return n, err
}
