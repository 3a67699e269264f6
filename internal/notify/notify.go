// Package notify tells people and programs that something has ended: a mail, a notice in the app and a webhook event,
// all written in the transaction of what they tell of, each under a key that makes a second telling none.
//
// Nothing here waits for a mail server or a receiver: that is the work of the jobs of packages mail and webhook.
package notify

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/i18n"
	"cadastro/internal/notify/mail"
	"cadastro/internal/notify/notice"
	"cadastro/internal/notify/webhook"
)

// Service tells. URL is where people reach the server, without a slash at the end.
type Service struct {
	Texts    *i18n.Catalogue
	Mails    *mail.Texts
	Outbox   *mail.Outbox
	Notices  *notice.Center
	Webhooks *webhook.Service
	URL      string
}

// Cause is a reason that rows were errors or skipped, in the words of each reader.
type Cause struct {
	Code string // stable, for programs, e.g. "error.phone.no_area_code"
	Rows int64
	Text func(*i18n.Printer) string
}

// ImportEnd is an import that has ended. The counts sum to Rows, those not processed included.
type ImportEnd struct {
	Workspace   int64
	ID          int64
	State       string // done, cancelled, failed, undone
	File        string
	Rows        int64
	Imported    int64
	Updated     int64
	Skipped     int64
	Errors      int64
	Unprocessed int64
	StartedAt   time.Time
	FinishedAt  time.Time
	Causes      []Cause     // in any order
	Fault       *errs.Error // why it failed
	Members     []int64     // who is told: by notice, and by mail where they have an address
}

// ImportEnded tells of the end of an import, in the transaction that ends it. Called again for the same end it does nothing.
func (s *Service) ImportEnded(ctx context.Context, tx *db.Tx, e *ImportEnd) error {
	if sum := e.Imported + e.Updated + e.Skipped + e.Errors + e.Unprocessed; sum != e.Rows {
		return fmt.Errorf("notify: import %d: outcomes sum to %d of %d rows", e.ID, sum, e.Rows)
	}
	causes := slices.Clone(e.Causes)
	slices.SortFunc(causes, func(a, b Cause) int {
		if a.Rows != b.Rows {
			return int(min(1, max(-1, b.Rows-a.Rows)))
		}
		return strings.Compare(a.Code, b.Code)
	})
	kind, event, err := kinds(e.State)
	if err != nil {
		return err
	}
	once := "import " + strconv.FormatInt(e.ID, 10) + " " + e.State
	if err := s.Notices.Give(ctx, tx, e.Workspace, e.Members, notice.New{Kind: kind, Subject: e.ID, Once: once, Args: errs.Args{
		"file": mail.Line(e.File, 120), "imported": e.Imported, "updated": e.Updated, "skipped": e.Skipped, "errors": e.Errors, "unprocessed": e.Unprocessed}}); err != nil {
		return fmt.Errorf("notify: notices: %w", err)
	}
	if _, err := s.Webhooks.Emit(ctx, tx, e.Workspace, event, once, s.payload(e, causes)); err != nil {
		return fmt.Errorf("notify: webhooks: %w", err)
	}
	if err := s.mails(ctx, tx, e, causes, once); err != nil {
		return fmt.Errorf("notify: mails: %w", err)
	}
	return nil
}

func kinds(state string) (noticeKind, event string, err error) {
	switch state {
	case "done":
		return notice.ImportFinished, webhook.ImportFinished, nil
	case "cancelled":
		return notice.ImportCancelled, webhook.ImportCancelled, nil
	case "failed":
		return notice.ImportFailed, webhook.ImportFailed, nil
	case "undone":
		return notice.ImportUndone, webhook.ImportUndone, nil
	}
	return "", "", fmt.Errorf("notify: an import does not end as %q", state)
}

// payload is the data of an import event: numbers, codes and the link; the name of the file is the only text of people.
type payload struct {
	ImportID    int64            `json:"import_id"`
	WorkspaceID int64            `json:"workspace_id"`
	State       string           `json:"state"`
	File        string           `json:"file"`
	Rows        int64            `json:"rows"`
	Imported    int64            `json:"imported"`
	Updated     int64            `json:"updated"`
	Skipped     int64            `json:"skipped"`
	Errors      int64            `json:"errors"`
	Unprocessed int64            `json:"unprocessed"`
	Reasons     map[string]int64 `json:"reasons"`
	ErrorCode   string           `json:"error_code,omitempty"`
	StartedAt   *time.Time       `json:"started_at,omitempty"`
	FinishedAt  *time.Time       `json:"finished_at,omitempty"`
	URL         string           `json:"url"`
}

func (s *Service) payload(e *ImportEnd, causes []Cause) payload {
	p := payload{ImportID: e.ID, WorkspaceID: e.Workspace, State: e.State, File: e.File, Rows: e.Rows, Imported: e.Imported, Updated: e.Updated, Skipped: e.Skipped,
		Errors: e.Errors, Unprocessed: e.Unprocessed, Reasons: map[string]int64{}, StartedAt: utc(e.StartedAt), FinishedAt: utc(e.FinishedAt), URL: s.link(e)}
	for _, c := range causes {
		p.Reasons[c.Code] += c.Rows
	}
	if e.Fault != nil {
		p.ErrorCode = e.Fault.Code
	}
	return p
}

func utc(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC().Truncate(time.Millisecond)
	return &t
}

func (s *Service) link(e *ImportEnd) string { return s.URL + "/imports/" + strconv.FormatInt(e.ID, 10) }

// reader is a member who gets a mail.
type reader struct {
	name, email string
	lang        i18n.Lang
}

func (s *Service) mails(ctx context.Context, tx *db.Tx, e *ImportEnd, causes []Cause, once string) error {
	var workspace string
	if err := tx.QueryRow(ctx, "SELECT name FROM workspace WHERE id = $1", e.Workspace).Scan(&workspace); err != nil {
		return err
	}
	for _, member := range e.Members {
		to, err := db.Collect(ctx, tx, func(r *sql.Rows) (v reader, err error) { return v, r.Scan(&v.name, &v.email, &v.lang) },
			"SELECT name, email, language FROM member WHERE workspace_id = $1 AND id = $2 AND removed_at IS NULL AND email <> ''", e.Workspace, member)
		if err != nil {
			return err
		}
		for _, r := range to {
			m, err := s.Mails.Finished(r.lang, s.finished(e, causes, workspace, r.lang))
			if err != nil {
				return err
			}
			m.Name, m.Email, m.Once = r.name, r.email, once+" to "+strconv.FormatInt(member, 10)
			if _, err := s.Outbox.Queue(ctx, tx, e.Workspace, m); errs.CodeOf(err) == "mail.address" {
				continue // a member with a faulty address must not keep the import from ending
			} else if err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Service) finished(e *ImportEnd, causes []Cause, workspace string, lang i18n.Lang) mail.Finished {
	p := s.Texts.Printer(lang)
	f := mail.Finished{Workspace: workspace, File: e.File, State: e.State, Rows: e.Rows, Imported: e.Imported, Updated: e.Updated, Skipped: e.Skipped, Errors: e.Errors,
		Unprocessed: e.Unprocessed, Link: s.link(e)}
	if !e.StartedAt.IsZero() && !e.FinishedAt.IsZero() {
		f.Took = max(0, e.FinishedAt.Sub(e.StartedAt))
	}
	if e.Errors > 0 {
		f.ErrorsLink = f.Link + "/errors"
	}
	for _, c := range causes {
		f.Reasons = append(f.Reasons, mail.Reason{Text: c.Text(p), Rows: c.Rows})
	}
	if e.Fault != nil {
		f.Fault = p.Error(e.Fault)
	}
	return f
}
