package notify

import (
	"context"
	"strings"
	"testing"
	"time"

	"cadastro/internal/db"
	"cadastro/internal/db/dbtest"
)

// TestAccountMails: an invitation and a reset are in the outbox as text and HTML, in the reader's language, with the link, and a
// name that somebody chose is no markup.
func TestAccountMails(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newService(t, d)
		link := "https://contacts.example.com/link/abc"
		for _, lang := range []string{"pt-BR", "es", "en"} {
			for range 2 { // a second one is sent too: it holds another link
				if err := s.Invite(t.Context(), Invited{Workspace: 1, WorkspaceName: `<b>Loja</b>`, Name: "Rui", Email: "rui@example.com", Language: lang,
					By: "Ana\r\nBcc: x@example.com", Link: link, Until: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}); err != nil {
					t.Fatal(err)
				}
			}
			if err := s.ForgotPassword(t.Context(), Forgot{Name: "Ana", Email: "ana@example.com", Language: lang, Link: link, Life: 30 * time.Minute}); err != nil {
				t.Fatal(err)
			}
		}
		type row struct {
			workspace               int64
			to, subject, text, html string
		}
		var rows []row
		err := d.Read(t.Context(), func(ctx context.Context, q db.Querier) error {
			r, err := q.Query(ctx, "SELECT workspace_id, to_email, subject, text, html FROM mail_outbox ORDER BY workspace_id, id")
			if err != nil {
				return err
			}
			defer r.Close()
			for r.Next() {
				var v row
				if err := r.Scan(&v.workspace, &v.to, &v.subject, &v.text, &v.html); err != nil {
					return err
				}
				rows = append(rows, v)
			}
			return r.Err()
		})
		if err != nil || len(rows) != 9 {
			t.Fatalf("%d mails, %v", len(rows), err)
		}
		subjects := map[string]bool{}
		for _, m := range rows {
			subjects[m.subject] = true
			if strings.Count(m.text, link) != 1 || !strings.Contains(m.html, `href="`+link+`"`) || strings.ContainsAny(m.subject, "\r\n[") ||
				strings.Contains(m.html, "<b>") || strings.Contains(m.text, "\nBcc") {
				t.Errorf("%+v", m)
			}
			if want := map[int64]string{0: "ana@example.com", 1: "rui@example.com"}[m.workspace]; m.to != want {
				t.Errorf("workspace %d: to %s", m.workspace, m.to)
			}
		}
		if len(subjects) != 6 || !strings.Contains(rows[0].text, "30 minutos") {
			t.Errorf("%v\n%s", subjects, rows[0].text)
		}
	})
}
