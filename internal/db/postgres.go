package db

import (
	"database/sql"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// openPostgres opens a pool through database/sql, so that both engines share every statement.
func openPostgres(url string) (*sql.DB, error) {
	cfg, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	if cfg.RuntimeParams["application_name"] == "" {
		cfg.RuntimeParams["application_name"] = "cadastro"
	}
	pool := stdlib.OpenDB(*cfg)
	pool.SetMaxOpenConns(readers() + 4)
	pool.SetMaxIdleConns(readers())
	return pool, nil
}

func pgState(err error) string {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code
	}
	return ""
}

// retryable tells whether a transaction that failed with err lost a race and may be run again:
// serialization_failure or deadlock_detected.
func retryable(err error) bool {
	s := pgState(err)
	return s == "40001" || s == "40P01"
}

// IsStorageFull tells whether err says that the disk or the quota of the base is used up (SQLite's
// SQLITE_FULL, PostgreSQL's class 53).
func IsStorageFull(err error) bool {
	s := pgState(err)
	return s == "53100" || s == "53000" || sqliteFull(err)
}

// IsUnique tells whether err is the violation of a unique constraint.
func IsUnique(err error) bool {
	const sqliteConstraint = 19
	return pgState(err) == "23505" || sqliteCode(err) == sqliteConstraint
}
