package contact

import (
	"context"
	"database/sql"
	"strings"
	"testing"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/db"
	"cadastro/internal/db/dbtest"
)

// TestStatementsUseTheirKeys asks SQLite how it would run the statements that see a whole batch: each must go from
// the batch to the table by the primary key, never through the table.
func TestStatementsUseTheirKeys(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	ctx := context.Background()
	err := d.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		ids := &db.Batch{Width: 1}
		keys := &db.Batch{Width: 3}
		rows := &db.Batch{Width: 2}
		pairs := &db.Batch{Width: 2}
		for i := range 5000 {
			ids.Add(int64(i))
			keys.Add("phone", "x", int64(i))
			rows.Add(int64(i), "x")
			pairs.Add(int64(1), int64(i))
		}
		for _, c := range []struct {
			stage string
			cols  []db.Column
			rows  *db.Batch
			query string
			want  string
		}{
			{"ids", idCols, ids, "SELECT c.id FROM stage_ids s JOIN contact c ON c.workspace_id = 1 AND c.id = s.id", "SEARCH c USING COVERING INDEX sqlite_autoindex_contact_1 (workspace_id=? AND id=?)"},
			{"ids", idCols, ids, "SELECT ch.value FROM " + strings.ReplaceAll(channelsOfStaged, "$1", "1"), "SEARCH ch USING PRIMARY KEY (workspace_id=? AND contact_id=?)"},
			{"contact", db.Cols("id BIGINT", "name TEXT"), rows, "UPDATE contact SET name = s.name FROM stage_contact s WHERE contact.workspace_id = 1 AND contact.id = s.id", "SEARCH contact USING COVERING INDEX sqlite_autoindex_contact_1 (workspace_id=? AND id=?)"},
			{"gone", goneKeyCols, keys, "DELETE FROM contact_key WHERE workspace_id = 1 AND (kind, key, contact_id) IN (SELECT kind, key, contact_id FROM stage_gone)", "SEARCH contact_key USING PRIMARY KEY (workspace_id=? AND key=? AND kind=? AND contact_id=?)"},
			{"gone", kindCols, rows, "DELETE FROM channel WHERE workspace_id = 1 AND (contact_id, kind) IN (SELECT contact_id, kind FROM stage_gone)", "SEARCH channel USING PRIMARY KEY (workspace_id=? AND contact_id=? AND kind=?)"},
			{"gone", tagCols, pairs, "DELETE FROM tag_contact WHERE workspace_id = 1 AND (tag_id, contact_id) IN (SELECT tag_id, contact_id FROM stage_gone)", "SEARCH tag_contact USING PRIMARY KEY (workspace_id=? AND tag_id=? AND contact_id=?)"},
		} {
			if err := tx.Stage(ctx, c.stage, c.cols, c.rows); err != nil {
				return err
			}
			plan, err := db.Collect(ctx, tx, func(r *sql.Rows) (string, error) {
				var a, b, n int
				var s string
				return s, r.Scan(&a, &b, &n, &s)
			}, "EXPLAIN QUERY PLAN "+c.query)
			if err != nil {
				return err
			}
			if text := strings.Join(plan, "\n"); !strings.Contains(text, c.want) {
				t.Errorf("%s\nplan:\n%s", c.query, text)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestListsUseTheirIndexes: a page is found by walking an index from the place where the page before ended, without a sort.
func TestListsUseTheirIndexes(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	ctx := auth.With(context.Background(), auth.ConsoleActor(1))
	s := &Service{DB: d, Now: time.Now}
	err := d.Read(ctx, func(ctx context.Context, q db.Querier) error {
		for _, c := range []struct {
			lq    ListQuery
			after *cursor
			want  string
		}{
			{ListQuery{Sort: SortUpdated}, nil, "SEARCH c USING INDEX contact_updated (workspace_id=?)"},
			{ListQuery{Sort: SortUpdated}, &cursor{Num: 7, ID: 3}, "SEARCH c USING INDEX contact_updated (workspace_id=? AND (updated_at,id)<(?,?))"},
			{ListQuery{Sort: SortUpdated, Filter: "city:x and has:email and ana"}, &cursor{Num: 7, ID: 3}, "SEARCH c USING INDEX contact_updated (workspace_id=? AND (updated_at,id)<(?,?))"},
			{ListQuery{Sort: SortName, Asc: true}, &cursor{Text: "a", ID: 3}, "SEARCH o USING PRIMARY KEY (workspace_id=? AND (name_key,contact_id)>(?,?))"},
			{ListQuery{Sort: SortName, Asc: true, Search: "an"}, nil, "SEARCH o USING PRIMARY KEY (workspace_id=?)"},
			{ListQuery{Sort: SortCreated}, &cursor{ID: 3}, "SEARCH c USING INDEX sqlite_autoindex_contact_1 (workspace_id=? AND id<?)"},
		} {
			f, err := s.find(ctx, q, 1, &c.lq, auth.ContactsRead)
			if err != nil {
				return err
			}
			order, behind := f.order(&c.lq, c.after)
			conds := f.conds
			if behind != "" {
				conds = append(conds, behind)
			}
			where, end := " WHERE c.workspace_id = $1 AND "+strings.Join(conds, " AND "), " ORDER BY "+order+" LIMIT 51"
			query := "SELECT c.id FROM contact c" + where + end
			if c.lq.Sort == SortName {
				if query, err = f.byName(ctx, &c.lq, where, end); err != nil {
					return err
				}
			}
			plan, err := db.Collect(ctx, q, func(r *sql.Rows) (string, error) {
				var a, b, n int
				var s string
				return s, r.Scan(&a, &b, &n, &s)
			}, "EXPLAIN QUERY PLAN "+query, f.where.args...)
			if err != nil {
				return err
			}
			if text := strings.Join(plan, "\n"); !strings.HasPrefix(text, c.want) || strings.Contains(text, "TEMP B-TREE FOR ORDER BY") {
				t.Errorf("%s\nplan:\n%s", query, text)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
