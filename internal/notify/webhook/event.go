package webhook

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/job"
)

// Kind is the kind of the jobs that deliver; their one number is the delivery's.
const Kind = "webhook.deliver"

// DeliveryID numbers the deliveries of a workspace.
type DeliveryID int64

// envelope is the body of every event.
type envelope struct {
	Type      string    `json:"type"`
	Timestamp time.Time `json:"timestamp"`
	Data      any       `json:"data"`
}

// Emit tells the endpoints that ask for it of an event, in the transaction of what happened. A second event with the
// same once key in the workspace is none. It gives the stable id of the event, "" where nobody asks or it is a repeat.
func (s *Service) Emit(ctx context.Context, tx *db.Tx, workspace int64, event, once string, data any) (string, error) {
	all, err := endpoints(ctx, tx, workspace)
	if err != nil {
		return "", err
	}
	var to []ID
	for _, e := range all {
		if e.Enabled && (len(e.Events) == 0 || slices.Contains(e.Events, event)) {
			to = append(to, e.ID)
		}
	}
	if len(to) == 0 {
		return "", nil
	}
	id, _, err := s.emit(ctx, tx, workspace, event, once, data, to)
	return id, err
}

// Try sends a test event to one endpoint, whatever its filter.
func (s *Service) Try(ctx context.Context, workspace int64, id ID) (DeliveryID, error) {
	if err := auth.RequireIn(ctx, workspace, auth.SettingsManage); err != nil {
		return 0, err
	}
	var ids []DeliveryID
	err := s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		var n int
		err := tx.QueryRow(ctx, "SELECT count(*) FROM webhook_endpoint WHERE workspace_id = $1 AND id = $2 AND enabled", workspace, int64(id)).Scan(&n)
		if err := found(int64(n), err); err != nil {
			return err
		}
		_, ids, err = s.emit(ctx, tx, workspace, Test, rand.Text(), struct{}{}, []ID{id})
		return err
	})
	if err != nil {
		return 0, err
	}
	return ids[0], nil
}

func (s *Service) emit(ctx context.Context, tx *db.Tx, workspace int64, event, once string, data any, to []ID) (string, []DeliveryID, error) {
	now := s.Now()
	body, err := json.Marshal(envelope{event, now.UTC().Truncate(time.Millisecond), data})
	if err != nil {
		return "", nil, fmt.Errorf("webhook event %s: %w", event, err)
	}
	row, err := tx.Reserve(ctx, workspace, "webhook_event", 1)
	if err != nil {
		return "", nil, err
	}
	id := "msg_" + strings.ToLower(rand.Text())
	n, err := tx.Exec(ctx, `INSERT INTO webhook_event (workspace_id, id, event_id, type, body, once, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (workspace_id, once) DO NOTHING`, workspace, row, id, event, string(body), once, now.UnixMicro())
	if err != nil || n == 0 {
		return "", nil, err
	}
	first, err := tx.Reserve(ctx, workspace, "webhook_delivery", int64(len(to)))
	if err != nil {
		return "", nil, err
	}
	ids := make([]DeliveryID, len(to))
	for i, e := range to {
		ids[i] = DeliveryID(first + int64(i))
		_, err := tx.Exec(ctx, "INSERT INTO webhook_delivery (workspace_id, id, endpoint_id, event_row, created_at) VALUES ($1, $2, $3, $4, $5)",
			workspace, int64(ids[i]), int64(e), row, now.UnixMicro())
		if err != nil {
			return "", nil, err
		}
		if _, err := s.enqueue(ctx, tx, workspace, ids[i]); err != nil {
			return "", nil, err
		}
	}
	return id, ids, nil
}

func (s *Service) enqueue(ctx context.Context, tx *db.Tx, workspace int64, id DeliveryID) (job.ID, error) {
	return job.Add(ctx, tx, job.Spec{Workspace: workspace, Kind: Kind, IDs: []int64{int64(id)}, Once: strconv.FormatInt(int64(id), 10)})
}

// Delivery is one event on its way to one endpoint.
type Delivery struct {
	ID        DeliveryID
	Endpoint  ID
	EventID   string
	Event     string
	State     string // waiting, delivered, failed
	Attempts  int
	NextAt    time.Time // of the next attempt, zero where none is planned
	CreatedAt time.Time
	DoneAt    time.Time
}

// Attempt is one time that a delivery was tried. Status is 0 where there was no answer; Code is that of an error.
type Attempt struct {
	Number int
	At     time.Time
	Took   time.Duration
	Status int
	Code   string
	Answer string // its beginning

	wait time.Duration // that the receiver asks for
}

// Deliveries gives the deliveries to an endpoint, the newest first, those before the given one (0 for the newest).
func (s *Service) Deliveries(ctx context.Context, workspace int64, endpoint ID, before DeliveryID, limit int) ([]*Delivery, error) {
	if err := auth.RequireIn(ctx, workspace, auth.SettingsRead); err != nil {
		return nil, err
	}
	if before == 0 {
		before = 1 << 62
	}
	var list []*Delivery
	err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) (err error) {
		list, err = db.Collect(ctx, q, func(r *sql.Rows) (*Delivery, error) {
			var d Delivery
			var next, created int64
			var done sql.NullInt64
			err := r.Scan(&d.ID, &d.Endpoint, &d.EventID, &d.Event, &d.State, &d.Attempts, &next, &created, &done)
			d.CreatedAt, d.DoneAt = moment(created), moment(done.Int64)
			if d.State == "waiting" {
				d.NextAt = moment(next)
			}
			return &d, err
		}, `SELECT d.id, d.endpoint_id, e.event_id, e.type, d.state, d.attempts, d.next_at, d.created_at, d.done_at FROM webhook_delivery d
			JOIN webhook_event e ON e.workspace_id = d.workspace_id AND e.id = d.event_row
			WHERE d.workspace_id = $1 AND d.endpoint_id = $2 AND d.id < $3 ORDER BY d.id DESC LIMIT $4`, workspace, int64(endpoint), int64(before), limit)
		return err
	})
	return list, err
}

// Attempts gives the log of a delivery, the first attempt first.
func (s *Service) Attempts(ctx context.Context, workspace int64, id DeliveryID) ([]Attempt, error) {
	if err := auth.RequireIn(ctx, workspace, auth.SettingsRead); err != nil {
		return nil, err
	}
	var list []Attempt
	err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) (err error) {
		list, err = db.Collect(ctx, q, func(r *sql.Rows) (a Attempt, err error) {
			var at, took int64
			err = r.Scan(&a.Number, &at, &took, &a.Status, &a.Code, &a.Answer)
			a.At, a.Took = moment(at), time.Duration(took)*time.Millisecond
			return a, err
		}, "SELECT attempt, at, took_ms, status, error_code, answer FROM webhook_attempt WHERE workspace_id = $1 AND delivery_id = $2 ORDER BY attempt",
			workspace, int64(id))
		return err
	})
	return list, err
}

// Resend sends a delivery again, at once and past the breaker, under the same webhook-id; further attempts follow as for a
// new one. NotFound "webhook.delivery_not_found", or "webhook.not_found" where its endpoint is gone or disabled.
func (s *Service) Resend(ctx context.Context, workspace int64, id DeliveryID) error {
	if err := auth.RequireIn(ctx, workspace, auth.SettingsManage); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		var enabled bool
		err := tx.QueryRow(ctx, `SELECT e.enabled FROM webhook_delivery d JOIN webhook_endpoint e ON e.workspace_id = d.workspace_id AND e.id = d.endpoint_id
			WHERE d.workspace_id = $1 AND d.id = $2`, workspace, int64(id)).Scan(&enabled)
		if errors.Is(err, sql.ErrNoRows) {
			return errs.New(errs.NotFound, "webhook.delivery_not_found")
		}
		if err != nil {
			return err
		}
		if !enabled {
			return found(0, nil)
		}
		_, err = tx.Exec(ctx, "UPDATE webhook_delivery SET state = 'waiting', round = -1, done_at = NULL WHERE workspace_id = $1 AND id = $2", workspace, int64(id))
		if err != nil {
			return err
		}
		queued, err := s.enqueue(ctx, tx, workspace, id)
		if err != nil {
			return err
		}
		return job.Hurry(ctx, tx, workspace, queued)
	})
}

// Prune forgets the events that were made before the given time and are on their way no more, with their log.
func Prune(ctx context.Context, tx *db.Tx, before time.Time) error {
	for _, q := range []string{
		`DELETE FROM webhook_attempt WHERE EXISTS (SELECT 1 FROM webhook_delivery d WHERE d.workspace_id = webhook_attempt.workspace_id
			AND d.id = webhook_attempt.delivery_id AND d.state <> 'waiting' AND d.created_at < $1)`,
		"DELETE FROM webhook_delivery WHERE state <> 'waiting' AND created_at < $1",
		`DELETE FROM webhook_event WHERE created_at < $1 AND NOT EXISTS (SELECT 1 FROM webhook_delivery d
			WHERE d.workspace_id = webhook_event.workspace_id AND d.event_row = webhook_event.id)`,
	} {
		if _, err := tx.Exec(ctx, q, before.UnixMicro()); err != nil {
			return fmt.Errorf("prune webhooks: %w", err)
		}
	}
	return nil
}
