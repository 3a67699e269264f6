package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"strconv"
	"sync"

	sqlite "modernc.org/sqlite"
)

// Row is one row of [Querier.Each]. It is valid until the callback returns; the texts stay.
type Row struct {
	vals []any
	text string  // all texts of the row, one allocation
	at   []int32 // where each begins, with the end of the last; nil where vals hold the texts themselves
}

// Int gives column i as a number, 0 for NULL.
func (r *Row) Int(i int) int64 {
	n, _ := r.vals[i].(int64)
	return n
}

// Text gives column i as a text, "" for NULL.
func (r *Row) Text(i int) string {
	if r.at != nil {
		return r.text[r.at[i]:r.at[i+1]]
	}
	s, _ := r.vals[i].(string)
	return s
}

// Bool gives column i as a truth value. SQLite has numbers for them.
func (r *Row) Bool(i int) bool {
	b, _ := r.vals[i].(bool)
	return b || r.Int(i) != 0
}

// Null tells whether column i is NULL.
func (r *Row) Null(i int) bool { return r.vals[i] == nil }

// Each implements [Querier]. On SQLite the rows are handed over by a function called inside the statement, which
// takes half the time of stepping through a result.
func (tx *Tx) Each(ctx context.Context, f func(*Row) error, cols, from string, args ...any) error {
	if tx.engine == SQLite {
		return tx.eachCall(ctx, f, cols, from, args)
	}
	query := "SELECT " + cols + " FROM " + from
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	row := Row{vals: make([]any, len(names))}
	dest := make([]any, len(names))
	for i := range dest {
		dest[i] = &row.vals[i]
	}
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return fmt.Errorf("%s: %w", verb(query), err)
		}
		if err := f(&row); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("%s: %w", verb(query), err)
	}
	return nil
}

func (tx *Tx) eachCall(ctx context.Context, f func(*Row) error, cols, from string, args []any) error {
	s := eachFunction()
	token := s.put(f)
	defer s.drop(token)
	query := "SELECT COUNT(" + eachName + "($" + strconv.Itoa(len(args)+1) + ", " + cols + ")) FROM " + from
	var n int64
	err := tx.tx.QueryRowContext(ctx, query, append(args[:len(args):len(args)], token)...).Scan(&n)
	if c := s.drop(token); c != nil && c.err != nil {
		return c.err
	}
	if err != nil {
		return fmt.Errorf("%s: %w", verb(query), err)
	}
	return nil
}

const eachName = "cadastro_each"

// eachFunction registers the function once for the process, since the driver keeps functions for all its
// connections.
var eachFunction = sync.OnceValue(func() *callbacks {
	s := &callbacks{calls: map[int64]*call{}}
	if err := sqlite.RegisterFunction(eachName, &sqlite.FunctionImpl{NArgs: -1, VolatileArgs: true, Scalar: s.row}); err != nil {
		panic("db: register " + eachName + ": " + err.Error())
	}
	return s
})

// callbacks finds the callback of a statement by the token that is its first argument.
type callbacks struct {
	mu    sync.RWMutex
	next  int64
	calls map[int64]*call
}

type call struct {
	f   func(*Row) error
	row Row
	buf []byte
	err error // of f, which does not survive the way through SQLite
}

func (s *callbacks) put(f func(*Row) error) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next++
	s.calls[s.next] = &call{f: f}
	return s.next
}

func (s *callbacks) drop(token int64) *call {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.calls[token]
	delete(s.calls, token)
	return c
}

var errNoCallback = errors.New("no callback of this token")

func (s *callbacks) row(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
	token, _ := args[0].(int64)
	s.mu.RLock()
	c := s.calls[token]
	s.mu.RUnlock()
	if c == nil {
		return nil, errNoCallback
	}
	c.take(args[1:])
	if err := c.f(&c.row); err != nil {
		c.err = err
		return nil, err
	}
	return int64(1), nil
}

// take copies the values out of SQLite's memory, all texts of the row into one string.
func (c *call) take(args []driver.Value) {
	r := &c.row
	if len(r.vals) != len(args) {
		r.vals, r.at = make([]any, len(args)), make([]int32, len(args)+1)
	}
	c.buf = c.buf[:0]
	for i, v := range args {
		r.at[i] = int32(len(c.buf))
		r.vals[i] = v
		switch v := v.(type) {
		case string:
			c.buf = append(c.buf, v...)
			r.vals[i] = "" // the original is SQLite's
		case []byte:
			r.vals[i] = append([]byte(nil), v...)
		}
	}
	r.at[len(args)] = int32(len(c.buf))
	r.text = string(c.buf)
}
