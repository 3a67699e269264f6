package db_test

import (
	"context"
	"testing"

	"cadastro/internal/db"
	"cadastro/internal/db/dbtest"
	"cadastro/internal/errs"
)

// TestCurrent: a base that was migrated is current; one that was brought further, or not far enough, is told.
func TestCurrent(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		if err := d.Current(ctx); err != nil {
			t.Fatal(err)
		}
		if n, err := d.Size(ctx); err != nil || n < 4096 {
			t.Errorf("size %d, %v", n, err)
		}
		exec := func(query string) {
			t.Helper()
			if err := d.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
				_, err := tx.Exec(ctx, query)
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, TRUE)")
		if err := d.Current(ctx); errs.CodeOf(err) != "database.newer" {
			t.Errorf("newer: %v", err)
		}
		exec("DELETE FROM goose_db_version WHERE version_id > 2")
		if err := d.Current(ctx); errs.CodeOf(err) != "database.older" {
			t.Errorf("older: %v", err)
		}
		exec("DROP TABLE goose_db_version")
		if d.Current(ctx) == nil {
			t.Error("a base without versions is current")
		}
	})
}
