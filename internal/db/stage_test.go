package db_test

import (
	"context"
	"errors"
	"testing"

	"cadastro/internal/db"
	"cadastro/internal/db/dbtest"
)

// TestStageAfterRollback: a name that was staged in a transaction that failed can be staged again.
func TestStageAfterRollback(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		stage := func(n int64, fault error) (sum int64, err error) {
			err = d.Write(context.Background(), func(ctx context.Context, tx *db.Tx) error {
				rows := &db.Batch{Width: 1}
				rows.Add(n)
				rows.Add(n)
				if err := tx.Stage(ctx, "ids", db.Cols("id BIGINT"), rows); err != nil {
					return err
				}
				if err := tx.QueryRow(ctx, "SELECT SUM(id) FROM stage_ids").Scan(&sum); err != nil {
					return err
				}
				return fault
			})
			return sum, err
		}
		fault := errors.New("rolled back")
		for i, f := range []error{nil, fault, nil, fault, fault, nil} {
			if sum, err := stage(int64(i), f); sum != int64(2*i) || !errors.Is(err, f) {
				t.Fatalf("%d: %d %v", i, sum, err)
			}
		}
	})
}
