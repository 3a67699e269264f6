// Package webhook tells other programs what happened.
//
// An event is written in the transaction of what it tells of, with one delivery, and its job, for each endpoint that wants
// it. Deliveries are signed by the Standard Webhooks specification, repeated until the receiver says 2xx or the
// schedule is used up, and logged attempt by attempt. A receiver may get an event twice, under the same webhook-id.
// What receivers have to know stands in docs/webhooks.md.
package webhook

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/safehttp"
	"cadastro/internal/secret"
)

// The events.
const (
	ImportFinished  = "import.finished"
	ImportCancelled = "import.cancelled"
	ImportFailed    = "import.failed"
	ImportUndone    = "import.undone"
	Test            = "webhook.test" // sent on request, whatever the filter
)

// Events lists what an endpoint may ask for.
func Events() []string { return []string{ImportFinished, ImportCancelled, ImportFailed, ImportUndone} }

// ID numbers the endpoints of a workspace.
type ID int64

// maxEndpoints bounds the endpoints of a workspace: each event costs a delivery for each.
const maxEndpoints = 20

// OldSecretLife is how long the secret before a rotation still signs.
const OldSecretLife = 24 * time.Hour

// Endpoint is one address that events are sent to.
type Endpoint struct {
	ID          ID
	URL         string
	Events      []string // empty for all
	Enabled     bool
	DisabledWhy string // person, gone (it answered 410), failing (for five days)
	Failing     int    // failures in a row
	OpenUntil   time.Time
	OldUntil    time.Time // two secrets sign until then; zero where one does
	CreatedAt   time.Time
}

// Sealer keeps secrets unreadable at rest; [secret.Keyring] is one.
type Sealer interface {
	Seal(at secret.Place, plain []byte) []byte
	Open(at secret.Place, sealed []byte) ([]byte, error)
}

// Service keeps endpoints and sends events. It is safe for concurrent use. Endpoints and deliveries are settings: reading them asks for
// settings.read, everything else for settings.manage; what happened is told by Emit, whoever made it happen.
type Service struct {
	DB     *db.DB
	Client *safehttp.Client // must not follow redirects
	Seal   Sealer
	Now    func() time.Time
	// Schedule are the waits before each further attempt; nil for [Schedule].
	Schedule []time.Duration
}

// Add makes an endpoint and gives its secret, which is shown this once. Errors: the Invalid ones of [safehttp.Client.Check],
// "webhook.event_unknown", "webhook.too_many".
func (s *Service) Add(ctx context.Context, workspace int64, url string, events []string) (*Endpoint, string, error) {
	if err := auth.RequireIn(ctx, workspace, auth.SettingsManage); err != nil {
		return nil, "", err
	}
	if err := s.check(url, events); err != nil {
		return nil, "", err
	}
	e := &Endpoint{URL: url, Events: slices.Clone(events), Enabled: true, CreatedAt: s.Now()}
	plain := newSecret()
	list, err := json.Marshal(append([]string{}, events...))
	if err != nil {
		return nil, "", err
	}
	err = s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		id, err := tx.Reserve(ctx, workspace, "webhook_endpoint", 1) // also makes two adds at once wait for each other
		if err != nil {
			return err
		}
		e.ID = ID(id)
		var n int
		err = tx.QueryRow(ctx, "SELECT count(*) FROM webhook_endpoint WHERE workspace_id = $1 AND removed_at IS NULL", workspace).Scan(&n)
		if err != nil {
			return err
		}
		if n >= maxEndpoints {
			return errs.New(errs.Conflict, "webhook.too_many", "limit", maxEndpoints)
		}
		_, err = tx.Exec(ctx, "INSERT INTO webhook_endpoint (workspace_id, id, url, events, secret, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
			workspace, id, url, string(list), s.seal(workspace, e.ID, "secret", plain), e.CreatedAt.UnixMicro())
		return err
	})
	if err != nil {
		return nil, "", err
	}
	return e, plain, nil
}

// Change gives an endpoint another address, filter or state. Enabling it again closes its breaker.
func (s *Service) Change(ctx context.Context, workspace int64, id ID, url string, events []string, enabled bool) error {
	if err := auth.RequireIn(ctx, workspace, auth.SettingsManage); err != nil {
		return err
	}
	if err := s.check(url, events); err != nil {
		return err
	}
	list, err := json.Marshal(append([]string{}, events...))
	if err != nil {
		return err
	}
	why := ""
	if !enabled {
		why = "person"
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE webhook_endpoint SET url = $3, events = $4, enabled = $5, disabled_why = $6, failing = 0, failing_since = 0, open_until = 0
			WHERE workspace_id = $1 AND id = $2 AND removed_at IS NULL`, workspace, int64(id), url, string(list), enabled, why)
		return found(n, err)
	})
}

// Rotate gives an endpoint a new secret, shown this once. The one before signs too for [OldSecretLife], so that the receiver
// can change over without missing an event; one before that signs no more.
func (s *Service) Rotate(ctx context.Context, workspace int64, id ID) (string, error) {
	if err := auth.RequireIn(ctx, workspace, auth.SettingsManage); err != nil {
		return "", err
	}
	plain := newSecret()
	err := s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		var sealed string
		err := tx.QueryRow(ctx, "SELECT secret FROM webhook_endpoint WHERE workspace_id = $1 AND id = $2 AND removed_at IS NULL"+tx.ForUpdate(),
			workspace, int64(id)).Scan(&sealed)
		if errors.Is(err, sql.ErrNoRows) {
			return found(0, nil)
		}
		if err != nil {
			return err
		}
		old, err := s.open(workspace, id, "secret", sealed)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "UPDATE webhook_endpoint SET secret = $3, old_secret = $4, old_until = $5 WHERE workspace_id = $1 AND id = $2", workspace, int64(id),
			s.seal(workspace, id, "secret", plain), s.seal(workspace, id, "old_secret", old), s.Now().Add(OldSecretLife).UnixMicro())
		return err
	})
	return plain, err
}

// Remove ends an endpoint; what is still to be delivered to it is not.
func (s *Service) Remove(ctx context.Context, workspace int64, id ID) error {
	if err := auth.RequireIn(ctx, workspace, auth.SettingsManage); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE webhook_endpoint SET removed_at = $3, enabled = FALSE, secret = '', old_secret = '' WHERE workspace_id = $1 AND id = $2
			AND removed_at IS NULL`, workspace, int64(id), s.Now().UnixMicro())
		return found(n, err)
	})
}

// List gives a workspace's endpoints, the oldest first.
func (s *Service) List(ctx context.Context, workspace int64) ([]*Endpoint, error) {
	if err := auth.RequireIn(ctx, workspace, auth.SettingsRead); err != nil {
		return nil, err
	}
	var list []*Endpoint
	err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) (err error) {
		list, err = endpoints(ctx, q, workspace)
		return err
	})
	return list, err
}

func endpoints(ctx context.Context, q db.Querier, workspace int64) ([]*Endpoint, error) {
	return db.Collect(ctx, q, func(r *sql.Rows) (*Endpoint, error) {
		var e Endpoint
		var events string
		var open, old, created int64
		err := r.Scan(&e.ID, &e.URL, &events, &e.Enabled, &e.DisabledWhy, &e.Failing, &open, &old, &created)
		if err != nil {
			return nil, err
		}
		e.OpenUntil, e.OldUntil, e.CreatedAt = moment(open), moment(old), moment(created)
		return &e, json.Unmarshal([]byte(events), &e.Events)
	}, `SELECT id, url, events, enabled, disabled_why, failing, open_until, old_until, created_at FROM webhook_endpoint
		WHERE workspace_id = $1 AND removed_at IS NULL ORDER BY id`, workspace)
}

func (s *Service) check(url string, events []string) error {
	if _, err := s.Client.CheckText(url); err != nil {
		return err
	}
	for _, e := range events {
		if !slices.Contains(Events(), e) {
			return errs.New(errs.Invalid, "webhook.event_unknown", "event", e)
		}
	}
	return nil
}

// Secrets are sealed for their row and column: one endpoint's is of no use in another's place.
func place(workspace int64, id ID, column string) secret.Place {
	return secret.Place{Workspace: workspace, Field: "webhook_endpoint." + column, Row: int64(id)}
}

func (s *Service) seal(workspace int64, id ID, column, plain string) string {
	return base64.StdEncoding.EncodeToString(s.Seal.Seal(place(workspace, id, column), []byte(plain)))
}

func (s *Service) open(workspace int64, id ID, column, sealed string) (string, error) {
	b, err := base64.StdEncoding.DecodeString(sealed)
	if err == nil {
		b, err = s.Seal.Open(place(workspace, id, column), b)
	}
	if err != nil {
		return "", fmt.Errorf("secret of webhook %d: %w", id, err)
	}
	return string(b), nil
}

func found(n int64, err error) error {
	if err == nil && n == 0 {
		return errs.New(errs.NotFound, "webhook.not_found")
	}
	return err
}

func moment(micros int64) time.Time {
	if micros == 0 {
		return time.Time{}
	}
	return time.UnixMicro(micros)
}
