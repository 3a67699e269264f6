package mail

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/job"
)

// Transport hands a mail to a server. messageID stays the same for all attempts at one mail.
type Transport interface {
	Send(ctx context.Context, messageID string, at time.Time, m Message) error
}

// Refused marks an error after which another attempt has no sense: the server will never take this mail.
type Refused struct{ Err error }

func (r *Refused) Error() string { return "refused: " + r.Err.Error() }

// Unwrap gives the cause.
func (r *Refused) Unwrap() error { return r.Err }

// giveUpAfter is how long a mail is tried for; RFC 5321, section 4.5.4.1, has 4 to 5 days for servers, but nobody needs
// word of an import that long after.
const giveUpAfter = 48 * time.Hour

// Sender sends what is in the outbox.
type Sender struct {
	DB        *db.DB
	Transport Transport
	Now       func() time.Time
	Backoff   func(attempt int) time.Duration // after that many attempts; nil for [Backoff]
}

// Backoff is the wait after a number of attempts: 15 s, 1, 4, 16 minutes, then an hour; give or take a fifth.
func Backoff(attempt int) time.Duration {
	d := 15 * time.Second
	for range max(0, attempt-1) {
		if d *= 4; d > time.Hour {
			d = time.Hour
			break
		}
	}
	return d - d/5 + rand.N(2*d/5)
}

// Worker does the jobs of [Kind].
func (s *Sender) Worker() job.Worker {
	return job.Worker{Kind: Kind, Slots: 4, Timeout: 2 * time.Minute, Run: s.run}
}

func (s *Sender) run(ctx context.Context, r *job.Run) error {
	var m *stored
	err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) (err error) {
		m, err = load(ctx, q, r.Workspace, r.IDs[0])
		return err
	})
	if err != nil || m == nil {
		return err
	}
	sendErr := s.Transport.Send(ctx, m.messageID, m.created, m.Message)
	ctx = context.WithoutCancel(ctx) // what the server said is worth a note even when time is up
	if sendErr == nil {
		return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
			// The bodies may name people; what remains is that a mail went out, and when.
			_, err := tx.Exec(ctx, `UPDATE mail_outbox SET state = 'sent', sent_at = $3, attempts = attempts + 1, text = '', html = '', error_code = ''
				WHERE workspace_id = $1 AND id = $2`, m.workspace, m.id, s.Now().UnixMicro())
			if err != nil {
				return err
			}
			return r.Finish(ctx, tx)
		})
	}
	state, code := "waiting", "mail.unreachable"
	_, refused := errors.AsType[*Refused](sendErr)
	if refused {
		state, code = "failed", "mail.refused"
	} else if s.Now().Sub(m.created) > giveUpAfter {
		state = "failed"
	}
	err = s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE mail_outbox SET state = $3, attempts = attempts + 1, error_code = $4 WHERE workspace_id = $1 AND id = $2",
			m.workspace, m.id, state, code)
		return err
	})
	if err != nil {
		return err
	}
	if state == "failed" {
		return errs.Wrap(sendErr, errs.Invalid, code) // ends the job; the log tells the server's words
	}
	backoff := s.Backoff
	if backoff == nil {
		backoff = Backoff
	}
	return job.RetryAfter(backoff(m.attempts+1), errs.Wrap(sendErr, errs.Busy, code))
}

// Prune forgets mails that were sent or given up before the given time.
func Prune(ctx context.Context, tx *db.Tx, before time.Time) error {
	_, err := tx.Exec(ctx, "DELETE FROM mail_outbox WHERE state <> 'waiting' AND created_at < $1", before.UnixMicro())
	if err != nil {
		return fmt.Errorf("prune mails: %w", err)
	}
	return nil
}
