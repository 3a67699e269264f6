package db

import (
	"context"
	"fmt"
	"math"
)

// Reserve takes n ids of the named sequence of a workspace and gives the first; they follow one another. Ids
// start at 1 and are not given back by a rollback of other transactions, so there may be gaps.
func (tx *Tx) Reserve(ctx context.Context, workspace int64, name string, n int64) (int64, error) {
	if n < 1 || n > math.MaxInt32*int64(1000) {
		return 0, fmt.Errorf("reserve %d ids of %s", n, name)
	}
	var next int64
	err := tx.QueryRow(ctx, `INSERT INTO sequence (workspace_id, name, next) VALUES ($1, $2, $3 + 1)
		ON CONFLICT (workspace_id, name) DO UPDATE SET next = sequence.next + $3 RETURNING next`,
		workspace, name, n).Scan(&next)
	if err != nil {
		return 0, fmt.Errorf("reserve ids of %s: %w", name, err)
	}
	return next - n, nil
}

// ForUpdate ends a SELECT whose rows the transaction is going to change: nothing on SQLite, where the one
// writer already has the base for itself.
func (tx *Tx) ForUpdate() string {
	if tx.engine == Postgres {
		return " FOR UPDATE"
	}
	return ""
}
