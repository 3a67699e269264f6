package notify

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/db"
	"cadastro/internal/db/dbtest"
	"cadastro/internal/errs"
	"cadastro/internal/i18n"
	"cadastro/internal/notify/mail"
	"cadastro/internal/notify/notice"
	"cadastro/internal/notify/webhook"
	"cadastro/internal/safehttp"
	"cadastro/internal/secret"
)

func newService(t *testing.T, d *db.DB) *Service {
	t.Helper()
	cat, err := i18n.New()
	if err != nil {
		t.Fatal(err)
	}
	texts, err := mail.NewTexts(cat)
	if err != nil {
		t.Fatal(err)
	}
	ring, err := secret.OpenFile(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	err = d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		for _, q := range []string{
			"INSERT INTO workspace (id, name, created_at) VALUES (1, 'Padaria Girassol', 0)",
			"INSERT INTO member (workspace_id, id, name, email, role, language, created_at) VALUES (1, 1, 'Ana', 'ana@example.com', 'admin', 'pt-BR', 0)",
			"INSERT INTO member (workspace_id, id, name, email, role, language, created_at) VALUES (1, 2, 'Bea', 'bea@example.com', 'manager', 'es', 0)",
			"INSERT INTO member (workspace_id, id, name, email, role, language, created_at) VALUES (1, 3, 'Caio', '', 'manager', 'en', 0)",
			"INSERT INTO member (workspace_id, id, name, email, role, language, created_at) VALUES (1, 4, 'Davi', 'not an address', 'manager', 'en', 0)",
			"INSERT INTO member (workspace_id, id, name, email, role, language, created_at, removed_at) VALUES (1, 5, 'Eva', 'eva@example.com', 'admin', 'en', 0, 1)",
			"INSERT INTO member (workspace_id, id, name, email, role, language, created_at) VALUES (2, 1, 'Other', 'other@example.com', 'admin', 'en', 0)",
		} {
			if _, err := tx.Exec(ctx, q); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	hooks := &webhook.Service{DB: d, Client: safehttp.New(safehttp.Options{}), Seal: ring, Now: time.Now}
	for _, w := range []int64{1, 2} {
		if _, _, err := hooks.Add(auth.With(t.Context(), auth.ConsoleActor(w)), w, "https://example.com/hook", nil); err != nil {
			t.Fatal(err)
		}
	}
	return &Service{Texts: cat, Mails: texts, Outbox: &mail.Outbox{Domain: "cadastro.example.com", Now: time.Now}, Notices: &notice.Center{DB: d, Now: time.Now},
		Webhooks: hooks, URL: "https://cadastro.example.com"}
}

func end(state string) *ImportEnd {
	text := func(s string) func(*i18n.Printer) string {
		return func(p *i18n.Printer) string { return string(p.Lang) + " " + s }
	}
	at := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	e := &ImportEnd{Workspace: 1, ID: 7, State: state, File: "clientes.csv", Rows: 100, Imported: 50, Updated: 30, Skipped: 12, Errors: 8, StartedAt: at, FinishedAt: at.Add(2 * time.Second),
		Causes: []Cause{{"skip.exists", 3, text("rare")}, {"error.phone.no_area_code", 8, text("often")}}, Members: []int64{1, 2, 3, 4, 5}}
	if state == "cancelled" {
		e.Imported, e.Unprocessed = 40, 10
	}
	if state == "failed" {
		e.Fault = errs.New(errs.NotFound, "import.source_gone", "id", int64(7))
	}
	return e
}

// TestImportEnded: each end is told once, to each as they can be told, with the same numbers everywhere; and not at all
// where the transaction is rolled back.
func TestImportEnded(t *testing.T) {
	t.Parallel()
	for _, state := range []string{"done", "cancelled", "failed", "undone"} {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				s := newService(t, d)
				e := end(state)
				boom := errors.New("boom")
				tell := func(fail error) error {
					return d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
						if err := s.ImportEnded(ctx, tx, e); err != nil {
							return err
						}
						return fail
					})
				}
				if err := tell(boom); !errors.Is(err, boom) {
					t.Fatal(err)
				}
				if n := rows(t, d, "mail_outbox") + rows(t, d, "notice") + rows(t, d, "webhook_delivery") + rows(t, d, "job"); n != 0 {
					t.Errorf("%d rows after a rollback", n)
				}
				for range 2 {
					if err := tell(nil); err != nil {
						t.Fatal(err)
					}
				}
				// Ana and Bea by mail, five by notice, one endpoint of the workspace; a job for each mail and delivery.
				if m, n, w, j := rows(t, d, "mail_outbox"), rows(t, d, "notice"), rows(t, d, "webhook_delivery"), rows(t, d, "job"); m != 2 || n != 5 || w != 1 || j != 3 {
					t.Errorf("%d mails, %d notices, %d deliveries, %d jobs", m, n, w, j)
				}
				check(t, d, s, e)
			})
		})
	}
}

// check compares the four numbers in mail, notice and event with the import's.
func check(t *testing.T, d *db.DB, s *Service, e *ImportEnd) {
	t.Helper()
	var text, subject, body string
	err := d.Read(t.Context(), func(ctx context.Context, q db.Querier) error {
		if err := q.QueryRow(ctx, "SELECT text, subject FROM mail_outbox WHERE to_email = 'bea@example.com'").Scan(&text, &subject); err != nil {
			return err
		}
		return q.QueryRow(ctx, "SELECT body FROM webhook_event WHERE workspace_id = 1").Scan(&body)
	})
	if err != nil {
		t.Fatal(err)
	}
	p := s.Texts.Printer(i18n.Spanish)
	for _, line := range []string{
		p.T("import.outcome.imported") + ": " + p.Number(e.Imported), p.T("import.outcome.updated") + ": " + p.Number(e.Updated),
		p.T("import.outcome.skipped") + ": " + p.Number(e.Skipped), p.T("import.outcome.error") + ": " + p.Number(e.Errors),
		"https://cadastro.example.com/imports/7", "- es often (8)\n- es rare (3)",
	} {
		if !strings.Contains(text, line) {
			t.Errorf("%q is missing in\n%s", line, text)
		}
	}
	if !strings.Contains(subject, "clientes.csv") {
		t.Errorf("subject %q", subject)
	}
	if e.Fault != nil && !strings.Contains(text, p.Error(e.Fault)) {
		t.Errorf("no cause in\n%s", text)
	}
	var event struct {
		Type string
		Data payload
	}
	if err := json.Unmarshal([]byte(body), &event); err != nil {
		t.Fatal(err)
	}
	v := event.Data
	if v.Imported != e.Imported || v.Updated != e.Updated || v.Skipped != e.Skipped || v.Errors != e.Errors || v.Unprocessed != e.Unprocessed ||
		v.Imported+v.Updated+v.Skipped+v.Errors+v.Unprocessed != v.Rows || v.Reasons["skip.exists"] != 3 || v.State != e.State || !strings.HasPrefix(event.Type, "import.") {
		t.Errorf("%s", body)
	}
	list, err := s.Notices.List(t.Context(), 1, 3, 0, 10)
	if err != nil || len(list) != 1 || list[0].Subject != 7 || list[0].Args["imported"] != e.Imported {
		t.Errorf("%+v %v", list, err)
	}
}

// TestSumIsChecked: numbers that do not add up are told to nobody.
func TestSumIsChecked(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	s := newService(t, d)
	for _, e := range []*ImportEnd{func() *ImportEnd { e := end("done"); e.Skipped++; return e }(), func() *ImportEnd { e := end("done"); e.State = "importing"; return e }()} {
		if err := d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error { return s.ImportEnded(ctx, tx, e) }); err == nil {
			t.Errorf("%+v is told", e)
		}
	}
}

// TestTidy: what is old goes, what is still on its way stays.
func TestTidy(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newService(t, d)
		if err := d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error { return s.ImportEnded(ctx, tx, end("done")) }); err != nil {
			t.Fatal(err)
		}
		tidy := func(after time.Duration) {
			t.Helper()
			w := TidyWorker(d, func() time.Time { return time.Now().Add(after) })
			if err := w.Run(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
		}
		tidy(0)
		if m, n, w := rows(t, d, "mail_outbox"), rows(t, d, "notice"), rows(t, d, "webhook_event"); m != 2 || n != 5 || w != 1 {
			t.Errorf("%d mails, %d notices, %d events after a day", m, n, w)
		}
		tidy(365 * 24 * time.Hour)
		if m, n, w := rows(t, d, "mail_outbox"), rows(t, d, "notice"), rows(t, d, "webhook_event"); m != 2 || n != 0 || w != 1 {
			t.Errorf("%d mails, %d notices, %d events after a year", m, n, w)
		}
	})
}

func rows(t *testing.T, d *db.DB, table string) (n int) {
	t.Helper()
	err := d.Read(t.Context(), func(ctx context.Context, q db.Querier) error {
		return q.QueryRow(ctx, "SELECT count(*) FROM "+table).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
