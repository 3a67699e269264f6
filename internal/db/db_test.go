package db_test

import (
	"context"
	"database/sql"
	"errors"
	"testing"

	"cadastro/internal/db"
	"cadastro/internal/db/dbtest"
	"cadastro/internal/errs"
)

var (
	keyFixed = []db.Fixed{{Name: "workspace_id", Value: int64(1)}}
	keyCols  = db.Cols("kind TEXT", "key TEXT", "contact_id BIGINT")
)

func TestInsertAndStage(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		rows := &db.Batch{Width: 3}
		for i := range 5000 {
			rows.Add("phone", string(rune('a'+i%26)), int64(i))
		}
		err := d.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
			return tx.InsertRows(ctx, "contact_key", keyFixed, keyCols, rows)
		})
		if err != nil {
			t.Fatal(err)
		}
		err = d.Read(ctx, func(ctx context.Context, q db.Querier) error {
			for _, want := range []struct{ key, other string }{{"a", "zz"}, {"b", "yy"}} {
				b := &db.Batch{Width: 2}
				b.Add(int64(7), want.key)
				b.Add(int64(8), want.other)
				if err := q.Stage(ctx, "keys", db.Cols("ref BIGINT", "k TEXT"), b); err != nil {
					return err
				}
				got, err := db.Collect(ctx, q, func(r *sql.Rows) ([2]int64, error) {
					var v [2]int64
					return v, r.Scan(&v[0], &v[1])
				}, `SELECT s.ref, count(*) FROM stage_keys s JOIN contact_key k
					ON k.workspace_id = $1 AND k.kind = $2 AND k.key = s.k GROUP BY s.ref`, 1, "phone")
				if err != nil {
					return err
				}
				if len(got) != 1 || got[0][0] != 7 || got[0][1] < 192 {
					t.Errorf("key %q: %v", want.key, got)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestWriteRollsBack(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		boom := errors.New("boom")
		err := d.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
			b := &db.Batch{Width: 3}
			b.Add("phone", "x", int64(1))
			if err := tx.InsertRows(ctx, "contact_key", keyFixed, keyCols, b); err != nil {
				return err
			}
			return boom
		})
		if !errors.Is(err, boom) {
			t.Fatal(err)
		}
		var n int
		err = d.Read(ctx, func(ctx context.Context, q db.Querier) error {
			return q.QueryRow(ctx, "SELECT count(*) FROM contact_key").Scan(&n)
		})
		if err != nil || n != 0 {
			t.Fatalf("%d rows, %v", n, err)
		}
	})
}

func TestTryLock(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		release, ok, err := d.TryLock(ctx, "w1")
		if err != nil || !ok {
			t.Fatalf("first: %v %v", ok, err)
		}
		if _, ok, err := d.TryLock(ctx, "w1"); err != nil || ok {
			t.Fatalf("second while held: %v %v", ok, err)
		}
		other, ok, err := d.TryLock(ctx, "w2")
		if err != nil || !ok {
			t.Fatalf("another name: %v %v", ok, err)
		}
		other()
		release()
		release, ok, err = d.TryLock(ctx, "w1")
		if err != nil || !ok {
			t.Fatalf("after release: %v %v", ok, err)
		}
		release()
	})
}

func TestMigrate(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		if err := d.Migrate(ctx); err != nil {
			t.Fatalf("a second time: %v", err)
		}
		err := d.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, TRUE)")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Migrate(ctx); errs.CodeOf(err) != "database.newer" {
			t.Fatalf("a base from the future: %v", err)
		}
	})
}
