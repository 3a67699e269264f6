package match_test

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"cadastro/internal/contact"
	"cadastro/internal/db"
	"cadastro/internal/db/dbtest"
	"cadastro/internal/match"
)

// TestFindUsesTheKey asks SQLite how it would look up a batch: by the primary key of contact_key, the batch outside.
func TestFindUsesTheKey(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	ctx := context.Background()
	err := d.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		rows := &db.Batch{Width: 3}
		for i := range 20000 {
			rows.Add("phone", fmt.Sprintf("+5511%09d", i), int64(i))
		}
		return tx.InsertRows(ctx, "contact_key", []db.Fixed{{Name: "workspace_id", Value: int64(1)}}, db.Cols("kind TEXT", "key TEXT", "contact_id BIGINT"), rows)
	})
	if err != nil {
		t.Fatal(err)
	}
	err = d.Read(ctx, func(ctx context.Context, q db.Querier) error {
		keys := make([]contact.Key, 5000)
		for i := range keys {
			keys[i] = contact.Key{Kind: contact.Phone, Text: fmt.Sprintf("+5511%09d", i)}
		}
		hits, err := match.Find(ctx, q, 1, keys)
		if err != nil {
			return err
		}
		if len(hits) != 5000 {
			t.Errorf("%d hits", len(hits))
		}
		plan, err := db.Collect(ctx, q, func(r *sql.Rows) (string, error) {
			var a, b, c int
			var s string
			return s, r.Scan(&a, &b, &c, &s)
		}, "EXPLAIN QUERY PLAN SELECT s.ref, k.contact_id FROM "+match.FindFrom, 1)
		if err != nil {
			return err
		}
		text := strings.Join(plan, "\n")
		if !strings.Contains(text, "SEARCH k USING PRIMARY KEY (workspace_id=? AND key=? AND kind=?)") || !strings.HasPrefix(text, "SCAN s VIRTUAL TABLE") {
			t.Errorf("plan:\n%s", text)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
