// Package db opens the base and hides where its two engines differ.
//
// # One text
//
// SQL is written once, in the words that SQLite and PostgreSQL share ($1, ON CONFLICT, RETURNING, row values,
// FILTER, IS DISTINCT FROM), with BIGINT, TEXT, BOOLEAN and BYTEA as its only types and microseconds since
// 1970, UTC, as its only time. What no shared word expresses is a method here with two bodies: bulk rows go
// in by [Tx.InsertRows], a batch of keys or changes becomes a relation by [Tx.Stage], and a lock that dies
// with its process is taken by [DB.TryLock].
//
// # Who may write
//
// SQLite has one connection that writes and many that read. [DB.Write] runs a function in a write
// transaction, [DB.Read] in a read transaction with a stable view of the base.
package db

import (
	"context"
	"database/sql"
	"fmt"
	"runtime"
	"strings"

	"cadastro/internal/errs"
)

// Engine names the database behind a DB.
type Engine string

// The engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// DB is an open base. It is safe for concurrent use.
type DB struct {
	engine Engine
	url    string
	write  *sql.DB
	read   *sql.DB // the same pool as write on PostgreSQL
}

// Querier reads. Both a read and a write transaction are one.
type Querier interface {
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRow(ctx context.Context, query string, args ...any) *sql.Row
	// Each calls f with every row of "SELECT cols FROM from", for queries that give many, in no order. from may have
	// a WHERE but neither ORDER BY nor LIMIT of its own. f must not use the transaction.
	Each(ctx context.Context, f func(*Row) error, cols, from string, args ...any) error
	// Stage makes rows readable as a relation called "stage_<name>" for the rest of the transaction; a
	// second call with the same name replaces it.
	Stage(ctx context.Context, name string, cols []Column, rows *Batch) error
	Engine() Engine
}

// Open opens the base at url: "postgres://…" or "postgresql://…" for PostgreSQL, else the path of a SQLite
// file, which is made when it does not exist. It does not migrate.
func Open(ctx context.Context, url string) (*DB, error) {
	d := &DB{engine: SQLite, url: url}
	var err error
	if strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://") {
		d.engine = Postgres
		d.write, err = openPostgres(url)
		d.read = d.write
	} else {
		d.write, d.read, err = openSQLite(url)
	}
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	for _, h := range []*sql.DB{d.write, d.read} {
		if err := h.PingContext(ctx); err != nil {
			d.Close()
			return nil, errs.Wrap(err, errs.Internal, "database.unreachable")
		}
	}
	return d, nil
}

// Engine tells which engine is behind the base.
func (d *DB) Engine() Engine { return d.engine }

// Close closes all connections. Locks taken by TryLock are the holder's to release first.
func (d *DB) Close() error {
	err := d.write.Close()
	if d.read != d.write {
		if e := d.read.Close(); err == nil {
			err = e
		}
	}
	return err
}

// Write runs f in a write transaction and commits it, or rolls it back where f fails or ctx ends. On SQLite
// writers queue for the one writing connection. f may run again after a serialisation failure or a
// deadlock, so it must have no effect outside tx.
func (d *DB) Write(ctx context.Context, f func(ctx context.Context, tx *Tx) error) error {
	for attempt := 0; ; attempt++ {
		err := d.once(ctx, d.write, &sql.TxOptions{}, f)
		if err == nil || attempt == maxRetries || !retryable(err) {
			return err
		}
	}
}

// maxRetries bounds how often a transaction that lost a race is run again.
const maxRetries = 5

// Read runs f in a read transaction, which sees one state of the base throughout.
func (d *DB) Read(ctx context.Context, f func(ctx context.Context, q Querier) error) error {
	opt := &sql.TxOptions{ReadOnly: true}
	if d.engine == Postgres {
		// Staging needs temporary tables, which PostgreSQL refuses in a read-only transaction.
		opt = &sql.TxOptions{Isolation: sql.LevelRepeatableRead}
	}
	return d.once(ctx, d.read, opt, func(ctx context.Context, tx *Tx) error { return f(ctx, tx) })
}

func (d *DB) once(ctx context.Context, pool *sql.DB, opt *sql.TxOptions, f func(context.Context, *Tx) error) (err error) {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer conn.Close()
	raw, err := conn.BeginTx(ctx, opt)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	tx := &Tx{conn: conn, tx: raw, engine: d.engine}
	defer tx.unstage()
	defer func() {
		if p := recover(); p != nil {
			_ = raw.Rollback()
			panic(p)
		}
	}()
	if err := f(ctx, tx); err != nil {
		_ = raw.Rollback()
		return err
	}
	if err := raw.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// Tx is a transaction. A function that writes takes one; a function that only reads takes a [Querier].
type Tx struct {
	conn   *sql.Conn
	tx     *sql.Tx
	engine Engine
	staged map[string]string // SQLite: staged relation -> token of its batch
}

// Engine tells which engine the transaction runs on.
func (tx *Tx) Engine() Engine { return tx.engine }

// Exec runs a statement and gives the number of rows that it changed.
func (tx *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	res, err := tx.tx.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", verb(query), err)
	}
	return res.RowsAffected()
}

// Query runs a query. The caller closes the rows; see [Collect].
func (tx *Tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	rows, err := tx.tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", verb(query), err)
	}
	return rows, nil
}

// QueryRow runs a query that gives one row; Scan reports sql.ErrNoRows where there is none.
func (tx *Tx) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	return tx.tx.QueryRowContext(ctx, query, args...)
}

// Collect reads all rows of a query by scan and closes them.
func Collect[T any](ctx context.Context, q Querier, scan func(*sql.Rows) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("%s: scan: %w", verb(query), err)
		}
		out = append(out, v)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", verb(query), err)
	}
	return out, nil
}

// verb names a statement in an error by its first words, never by its values.
func verb(query string) string {
	f := strings.Fields(query)
	return strings.Join(f[:min(4, len(f))], " ")
}

// readers is how many connections may read a SQLite file at once.
func readers() int { return max(4, 2*runtime.NumCPU()) }
