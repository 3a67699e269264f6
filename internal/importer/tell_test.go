package importer_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/db"
	"cadastro/internal/db/dbtest"
	"cadastro/internal/importer"
	"cadastro/internal/notify"
	"cadastro/internal/notify/mail"
	"cadastro/internal/notify/notice"
	"cadastro/internal/notify/webhook"
	"cadastro/internal/safehttp"
	"cadastro/internal/secret"
)

// TestTold: mail, notice and event of every end carry the same numbers as the import, which make up its rows, and the
// reasons in the reader's words.
func TestTold(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 10)
		center := tellers(t, w).Notices
		s := settings(upsert, "phone", peopleColumns...)
		bea := as(2, auth.Manager)
		brought := func(text string) *importer.Import {
			imp, err := w.imports.Review(bea, ws, w.upload(bea, text).ID, s, nil)
			if err != nil {
				t.Fatal(err)
			}
			return imp
		}
		done := w.apply(brought(people(100)))
		cancelled, err := w.imports.Apply(console(), ws, brought(people(200)).ID, func(importer.Phase, int64, int64, int64) {
			if err := w.imports.Cancel(console(), ws, 2); err != nil {
				t.Error(err)
			}
		})
		if err != nil || cancelled.State != importer.Cancelled {
			t.Fatal(cancelled, err)
		}
		undone, err := w.imports.Undo(bea, ws, done.ID, nil)
		if err != nil {
			t.Fatal(err)
		}
		list, err := center.List(bea, ws, 2, 0, 10)
		if err != nil || len(list) != 3 {
			t.Fatal(list, err)
		}
		for i, imp := range []*importer.Import{undone, cancelled, done} {
			c := imp.Counts
			if c.Sum()+c.Unprocessed != imp.Rows {
				t.Errorf("%+v of %d", c, imp.Rows)
			}
			told := list[i].Args
			for name, n := range map[string]int64{"imported": c.Imported, "updated": c.Updated, "skipped": c.Skipped, "errors": c.Errors, "unprocessed": c.Unprocessed} {
				if got, ok := told[name].(int64); !ok || got != n {
					t.Errorf("%s: the notice says %v %s, the import %d", imp.State, told[name], name, n)
				}
			}
		}
		var events, mails []string
		err = d.Read(context.Background(), func(ctx context.Context, q db.Querier) (err error) {
			text := func(r *sql.Rows) (s string, err error) { return s, r.Scan(&s) }
			if events, err = db.Collect(ctx, q, text, "SELECT body FROM webhook_event WHERE workspace_id = $1 ORDER BY id", ws); err != nil {
				return err
			}
			mails, err = db.Collect(ctx, q, text, "SELECT text FROM mail_outbox WHERE workspace_id = $1 ORDER BY id", ws)
			return err
		})
		if err != nil || len(events) != 3 || len(mails) != 3 {
			t.Fatal(len(events), len(mails), err)
		}
		for i, imp := range []*importer.Import{done, cancelled, undone} {
			var e struct {
				Data struct {
					State                                                 string
					Rows, Imported, Updated, Skipped, Errors, Unprocessed int64
					Reasons                                               map[string]int64
				}
			}
			if err := json.Unmarshal([]byte(events[i]), &e); err != nil {
				t.Fatal(err)
			}
			v := e.Data
			if got := (importer.Counts{Imported: v.Imported, Updated: v.Updated, Skipped: v.Skipped, Errors: v.Errors, Unprocessed: v.Unprocessed}); got != imp.Counts || v.Rows != imp.Rows {
				t.Errorf("%s: the event says %+v of %d, the import %+v of %d", imp.State, got, v.Rows, imp.Counts, imp.Rows)
			}
			if v.Reasons["error.phone.no_area_code"] != imp.Counts.Errors {
				t.Errorf("%s: reasons %v of %+v", imp.State, v.Reasons, imp.Counts)
			}
		}
		if !strings.Contains(mails[0], "Teléfono sin código de área") {
			t.Error(mails[0])
		}
	})
}

// tellers has the world's importer tell by the real service, in a workspace with a member and an endpoint.
func tellers(t *testing.T, w *world) *notify.Service {
	t.Helper()
	texts, err := mail.NewTexts(w.imports.Texts)
	if err != nil {
		t.Fatal(err)
	}
	ring, err := secret.OpenFile(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	err = w.db.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		if _, err := tx.Exec(ctx, "INSERT INTO workspace (id, name, created_at) VALUES ($1, 'Padaria Girassol', 0)", ws); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "INSERT INTO member (workspace_id, id, name, email, role, language, created_at) VALUES ($1, 2, 'Bea', 'bea@example.com', 'manager', 'es', 0)", ws)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	hooks := &webhook.Service{DB: w.db, Client: safehttp.New(safehttp.Options{}), Seal: ring, Now: time.Now}
	if _, _, err := hooks.Add(console(), ws, "https://example.com/hook", nil); err != nil {
		t.Fatal(err)
	}
	s := &notify.Service{Texts: w.imports.Texts, Mails: texts, Outbox: &mail.Outbox{Domain: "cadastro.example.com", Now: time.Now},
		Notices: &notice.Center{DB: w.db, Now: time.Now}, Webhooks: hooks, URL: "https://cadastro.example.com"}
	w.imports.Tell = s.ImportEnded
	return s
}
