package db

import (
	"database/sql/driver"
	"errors"
	"strconv"
	"strings"
	"sync"

	"modernc.org/sqlite/vtab"
)

const stageModuleName = "cadastro_stage"

// stageModule registers the virtual table module once for the process, since the driver keeps modules for
// all its connections.
var stageModule = sync.OnceValue(func() *stager {
	s := &stager{batches: map[string]stagedBatch{}}
	if err := vtab.RegisterModule(nil, stageModuleName, s); err != nil {
		panic("db: register " + stageModuleName + ": " + err.Error())
	}
	return s
})

// stager gives SQLite batches of Go memory to read as tables. A table finds its batch by the token that it was
// made with; a table whose batch was dropped has no rows.
type stager struct {
	mu      sync.RWMutex
	next    uint64
	batches map[string]stagedBatch
}

type stagedBatch struct {
	cols []Column
	rows *Batch
}

func (s *stager) put(cols []Column, rows *Batch) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next++
	token := "t" + strconv.FormatUint(s.next, 36)
	s.batches[token] = stagedBatch{cols, rows}
	return token
}

func (s *stager) drop(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.batches, token)
}

// Create implements vtab.Module.
func (s *stager) Create(ctx vtab.Context, args []string) (vtab.Table, error) {
	return s.Connect(ctx, args)
}

// Connect implements vtab.Module; args[3] is the token.
func (s *stager) Connect(ctx vtab.Context, args []string) (vtab.Table, error) {
	if len(args) != 4 {
		return nil, errors.New("a staged table takes its token")
	}
	s.mu.RLock()
	b, ok := s.batches[args[3]]
	s.mu.RUnlock()
	if !ok {
		// A transaction that was rolled back leaves the table of an earlier one, whose batch is gone. SQLite connects to it once
		// more, only to drop it.
		return &stagedTable{s, args[3]}, ctx.Declare("CREATE TABLE x(gone)")
	}
	defs := make([]string, len(b.cols))
	for i, c := range b.cols {
		defs[i] = c.Name + " " + string(c.Type)
	}
	return &stagedTable{s, args[3]}, ctx.Declare("CREATE TABLE x(" + strings.Join(defs, ", ") + ")")
}

type stagedTable struct {
	s     *stager
	token string
}

// BestIndex offers the one plan there is, a scan. It is said to cost far more than it does: the planner has no
// statistics, takes a workspace to have ten contacts and would walk through all of them, a scan of the batch for
// each, if scans were cheap. As it is, the batch becomes the outer side of every join.
func (t *stagedTable) BestIndex(info *vtab.IndexInfo) error {
	t.s.mu.RLock()
	defer t.s.mu.RUnlock()
	n := int64(0)
	if b, ok := t.s.batches[t.token]; ok {
		n = int64(b.rows.Len())
	}
	info.EstimatedRows = n + 1
	info.EstimatedCost = float64(n+1) * 1e6
	return nil
}

func (t *stagedTable) Open() (vtab.Cursor, error) {
	t.s.mu.RLock()
	defer t.s.mu.RUnlock()
	b, ok := t.s.batches[t.token]
	if !ok {
		return &stagedCursor{rows: &Batch{Width: 1}}, nil
	}
	return &stagedCursor{rows: b.rows}, nil
}

func (t *stagedTable) Disconnect() error { return nil }
func (t *stagedTable) Destroy() error    { return nil }

type stagedCursor struct {
	rows *Batch
	i, n int
	row  []any
}

func (c *stagedCursor) Filter(int, string, []vtab.Value) error {
	c.i, c.n = 0, c.rows.Len()
	c.load()
	return nil
}

func (c *stagedCursor) Next() error {
	c.i++
	c.load()
	return nil
}

func (c *stagedCursor) load() {
	if c.i < c.n {
		c.row = c.rows.Row(c.i)
	}
}

// Eof implements vtab.Cursor.
//
//lint:ignore ST1003 the interface's name
func (c *stagedCursor) Eof() bool { return c.i >= c.n }

func (c *stagedCursor) Column(col int) (driver.Value, error) { return c.row[col], nil }

func (c *stagedCursor) Rowid() (int64, error) { return int64(c.i), nil }
func (c *stagedCursor) Close() error          { return nil }
