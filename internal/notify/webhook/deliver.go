package webhook

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"

	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/job"
)

// Schedule are the waits before each further attempt, ten attempts over three days; each varies by a fifth.
func Schedule() []time.Duration {
	return []time.Duration{5 * time.Second, time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 22 * time.Hour, 32 * time.Hour}
}

// The breaker: after so many failures in a row an endpoint is left alone, at first for breakFirst, twice as long with
// each probe that fails, at most breakMost. An endpoint without one success for disableAfter is switched off.
const (
	breakAt      = 5
	breakFirst   = 30 * time.Second
	breakMost    = time.Hour
	disableAfter = 5 * 24 * time.Hour
	probeLease   = time.Minute // longer than an exchange may take
	maxAnswer    = 1024        // bytes of an answer that the log keeps
	maxWait      = 24 * time.Hour
)

// work is a delivery with all that it takes.
type work struct {
	workspace          int64
	id                 DeliveryID
	state              string
	attempts, round    int
	eventID, body      string
	endpoint           ID
	url                string
	enabled            bool
	secret, oldSecret  string
	oldUntil           int64
	failing            int
	failingSince, open int64
}

// Worker does the jobs of [Kind].
func (s *Service) Worker() job.Worker {
	return job.Worker{Kind: Kind, Slots: 8, Timeout: probeLease, Run: s.run}
}

func (s *Service) run(ctx context.Context, r *job.Run) error {
	w, wait, err := s.begin(ctx, r)
	if err != nil || w == nil {
		return err
	}
	if wait > 0 {
		return job.RetryAfter(wait, errs.New(errs.Busy, "webhook.breaker"))
	}
	begun := s.Now()
	a := s.post(ctx, w, begun)
	a.At, a.Took = begun, s.Now().Sub(begun)
	var again time.Duration
	err = s.DB.Write(context.WithoutCancel(ctx), func(ctx context.Context, tx *db.Tx) error {
		again, err = s.settle(ctx, tx, r, w, &a)
		return err
	})
	if err == nil && again > 0 {
		return job.RetryAfter(again, errs.New(errs.Busy, "webhook.status", "status", a.Status))
	}
	return err
}

// begin loads a delivery and asks the breaker. nil where there is nothing to do any more; wait is above zero where the
// endpoint is to be left alone for so long.
func (s *Service) begin(ctx context.Context, r *job.Run) (w *work, wait time.Duration, err error) {
	now := s.Now()
	err = s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		w, wait = &work{workspace: r.Workspace, id: DeliveryID(r.IDs[0])}, 0
		err := tx.QueryRow(ctx, `SELECT d.state, d.attempts, d.round, v.event_id, v.body, e.id, e.url, e.enabled, e.secret, e.old_secret, e.old_until, e.failing,
			e.failing_since, e.open_until FROM webhook_delivery d
			JOIN webhook_event v ON v.workspace_id = d.workspace_id AND v.id = d.event_row
			JOIN webhook_endpoint e ON e.workspace_id = d.workspace_id AND e.id = d.endpoint_id
			WHERE d.workspace_id = $1 AND d.id = $2`+tx.ForUpdate(), w.workspace, int64(w.id)).
			Scan(&w.state, &w.attempts, &w.round, &w.eventID, &w.body, &w.endpoint, &w.url, &w.enabled, &w.secret, &w.oldSecret, &w.oldUntil, &w.failing,
				&w.failingSince, &w.open)
		if errors.Is(err, sql.ErrNoRows) || err == nil && w.state != "waiting" {
			w = nil
			return nil
		}
		if err != nil {
			return err
		}
		if !w.enabled {
			err := s.end(ctx, tx, r, w, "failed")
			w = nil
			return err
		}
		if w.failing < breakAt || w.round < 0 {
			return nil
		}
		if left := time.UnixMicro(w.open).Sub(now); left > 0 {
			wait = left + rand.N(time.Second+left/10)
			_, err := tx.Exec(ctx, "UPDATE webhook_delivery SET next_at = $3 WHERE workspace_id = $1 AND id = $2", w.workspace, int64(w.id), now.Add(wait).UnixMicro())
			return err
		}
		// This one is the probe; the others wait for what it finds.
		_, err = tx.Exec(ctx, "UPDATE webhook_endpoint SET open_until = $3 WHERE workspace_id = $1 AND id = $2", w.workspace, int64(w.endpoint), now.Add(probeLease).UnixMicro())
		return err
	})
	return w, wait, err
}

// post sends the event once.
func (s *Service) post(ctx context.Context, w *work, now time.Time) (a Attempt) {
	secrets, err := s.secrets(w, now)
	if err != nil {
		return Attempt{Code: "webhook.secret"}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.url, bytes.NewReader([]byte(w.body)))
	if err != nil {
		return Attempt{Code: "url.host"}
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "Cadastro-Webhooks/1")
	if err := Sign(req.Header, secrets, w.eventID, now, []byte(w.body)); err != nil {
		return Attempt{Code: "webhook.secret"}
	}
	resp, err := s.Client.Do(req)
	if err != nil {
		code := errs.CodeOf(err)
		if code == "" {
			code = "url.unreachable"
		}
		return Attempt{Code: code}
	}
	defer resp.Body.Close()
	answer, _ := io.ReadAll(io.LimitReader(resp.Body, maxAnswer)) // what came counts, even if the rest breaks off
	a = Attempt{Status: resp.StatusCode, Answer: printable(answer)}
	if a.Status/100 != 2 {
		a.Code = "webhook.status"
		a.wait = retryAfter(resp.Header.Get("Retry-After"), now)
	}
	return a
}

func (s *Service) secrets(w *work, now time.Time) ([]string, error) {
	current, err := s.open(w.workspace, w.endpoint, "secret", w.secret)
	if err != nil {
		return nil, err
	}
	list := []string{current}
	if w.oldSecret != "" && w.oldUntil > now.UnixMicro() {
		old, err := s.open(w.workspace, w.endpoint, "old_secret", w.oldSecret)
		if err != nil {
			return nil, err
		}
		list = append(list, old)
	}
	return list, nil
}

// settle logs an attempt, moves the breaker, and gives the wait before the next attempt, 0 for none.
func (s *Service) settle(ctx context.Context, tx *db.Tx, r *job.Run, w *work, a *Attempt) (time.Duration, error) {
	if err := r.Hold(ctx, tx); err != nil {
		return 0, err
	}
	a.Number = w.attempts + 1
	_, err := tx.Exec(ctx, `INSERT INTO webhook_attempt (workspace_id, delivery_id, attempt, at, took_ms, status, error_code, answer)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, w.workspace, int64(w.id), a.Number, a.At.UnixMicro(), a.Took.Milliseconds(), a.Status, a.Code, a.Answer)
	if err != nil {
		return 0, err
	}
	if a.Code == "" {
		_, err := tx.Exec(ctx, "UPDATE webhook_endpoint SET failing = 0, failing_since = 0, open_until = 0 WHERE workspace_id = $1 AND id = $2", w.workspace, int64(w.endpoint))
		if err != nil {
			return 0, err
		}
		return 0, s.end(ctx, tx, r, w, "delivered")
	}
	gone, err := s.failed(ctx, tx, w, a)
	if err != nil {
		return 0, err
	}
	waits := s.Schedule
	if waits == nil {
		waits = Schedule()
	}
	round := max(0, w.round)
	if gone || round >= len(waits) {
		return 0, s.end(ctx, tx, r, w, "failed")
	}
	wait := waits[round]
	wait = max(a.wait, wait-wait/5+rand.N(2*wait/5+1))
	_, err = tx.Exec(ctx, "UPDATE webhook_delivery SET attempts = $3, round = $4, next_at = $5 WHERE workspace_id = $1 AND id = $2",
		w.workspace, int64(w.id), a.Number, round+1, s.Now().Add(wait).UnixMicro())
	return wait, err
}

// failed counts a failure against the endpoint; gone tells that it is off now.
func (s *Service) failed(ctx context.Context, tx *db.Tx, w *work, a *Attempt) (gone bool, err error) {
	now := s.Now()
	var failing int
	var since int64
	err = tx.QueryRow(ctx, `UPDATE webhook_endpoint SET failing = failing + 1, failing_since = CASE WHEN failing_since = 0 THEN $3 ELSE failing_since END
		WHERE workspace_id = $1 AND id = $2 RETURNING failing, failing_since`, w.workspace, int64(w.endpoint), now.UnixMicro()).Scan(&failing, &since)
	if err != nil {
		return false, err
	}
	why := ""
	if a.Status == http.StatusGone {
		why = "gone" // as the specification has it: the receiver wants no more
	} else if now.Sub(time.UnixMicro(since)) > disableAfter {
		why = "failing"
	}
	if why != "" {
		_, err := tx.Exec(ctx, "UPDATE webhook_endpoint SET enabled = FALSE, disabled_why = $3 WHERE workspace_id = $1 AND id = $2", w.workspace, int64(w.endpoint), why)
		return true, err
	}
	if failing >= breakAt {
		_, err = tx.Exec(ctx, "UPDATE webhook_endpoint SET open_until = $3 WHERE workspace_id = $1 AND id = $2",
			w.workspace, int64(w.endpoint), now.Add(breakFor(failing)).UnixMicro())
	}
	return false, err
}

// breakFor is how long an endpoint is left alone after so many failures in a row.
func breakFor(failing int) time.Duration {
	d := breakFirst
	for range failing - breakAt {
		if d *= 2; d >= breakMost {
			return breakMost
		}
	}
	return d
}

// end ends a delivery together with its job.
func (s *Service) end(ctx context.Context, tx *db.Tx, r *job.Run, w *work, state string) error {
	_, err := tx.Exec(ctx, `UPDATE webhook_delivery SET state = $3, done_at = $4, round = 0,
		attempts = (SELECT count(*) FROM webhook_attempt a WHERE a.workspace_id = $1 AND a.delivery_id = $2) WHERE workspace_id = $1 AND id = $2`,
		w.workspace, int64(w.id), state, s.Now().UnixMicro())
	if err != nil {
		return err
	}
	return r.Finish(ctx, tx)
}

// retryAfter reads the header of RFC 9110, section 10.2.3: seconds or a date, at most a day.
func retryAfter(h string, now time.Time) time.Duration {
	if h == "" {
		return 0
	}
	d := time.Duration(0)
	if n, err := strconv.Atoi(h); err == nil {
		d = time.Duration(min(n, int(maxWait/time.Second))) * time.Second
	} else if at, err := http.ParseTime(h); err == nil {
		d = at.Sub(now)
	}
	return min(max(0, d), maxWait)
}

// printable makes an answer fit for the log: text that PostgreSQL stores and a page shows.
func printable(b []byte) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(string(b), "\uFFFD"))
}
