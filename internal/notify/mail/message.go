// Package mail writes mails and gets them out.
//
// # Outbox
//
// A mail is written into the outbox in the transaction of what it tells of, with a job that sends it. The work never
// waits for a mail server, and a mail is neither lost with a crash nor sent for work that was rolled back. It goes out at
// least once: a crash between the server's yes and our note of it sends it again, under the same Message-ID, which
// lets the reader's server see that it is one mail.
//
// # What a name cannot do
//
// Names and subjects come from people and files. Line ends and other control characters in them become spaces before
// anything is stored, and addresses have to be one plain address, so nobody adds a header or a recipient.
package mail

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	netmail "net/mail"
	"strings"
	"time"
	"unicode"

	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/job"
)

// Kind is the kind of the jobs that send mails; their one number is the mail's.
const Kind = "mail.send"

// Message is one mail to one person.
type Message struct {
	Name    string // of the reader
	Email   string
	Subject string
	Text    string
	HTML    string // "" for text alone
	Once    string // a second mail with this key in the workspace is not queued; "" for always
}

// Outbox takes mails in. Domain is the right side of Message-IDs; a zero Outbox (no Domain) means that mail is not set
// up, and takes nothing.
type Outbox struct {
	Domain string
	Now    func() time.Time
}

// Queue writes a mail into the outbox, with the job that sends it. It gives 0 where the mail is there already or mail
// is not set up, and Invalid "mail.address" where the address is none.
func (o *Outbox) Queue(ctx context.Context, tx *db.Tx, workspace int64, m Message) (int64, error) {
	if o.Domain == "" {
		return 0, nil
	}
	address, err := Address(m.Email)
	if err != nil {
		return 0, err
	}
	token := rand.Text()
	if m.Once == "" {
		m.Once = token
	}
	id, err := tx.Reserve(ctx, workspace, "mail", 1)
	if err != nil {
		return 0, err
	}
	n, err := tx.Exec(ctx, `INSERT INTO mail_outbox (workspace_id, id, message_id, to_name, to_email, subject, text, html, once, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (workspace_id, once) DO NOTHING`,
		workspace, id, strings.ToLower(token)+"@"+o.Domain, Line(m.Name, 120), address, Line(m.Subject, 250), m.Text, m.HTML, m.Once, o.Now().UnixMicro())
	if err != nil || n == 0 {
		return 0, err
	}
	_, err = job.Enqueue(ctx, tx, workspace, Kind, id)
	return id, err
}

// Address gives the one plain address that s is, or Invalid "mail.address".
func Address(s string) (string, error) {
	a, err := netmail.ParseAddress(s)
	if err != nil || a.Address != s || a.Name != "" || strings.ContainsFunc(s, unsafe) || len(s) > 254 {
		return "", errs.New(errs.Invalid, "mail.address")
	}
	return s, nil
}

// Line makes s fit for a header: one line, without control, format or direction characters, at most most bytes.
func Line(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		if unsafe(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return errs.Clip(strings.Join(strings.Fields(s), " "), most)
}

func unsafe(r rune) bool {
	return unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r)
}

// stored is a mail of the outbox.
type stored struct {
	Message
	workspace, id int64
	messageID     string
	attempts      int
	created       time.Time
}

// load gives a mail that waits, nil where it is gone, sent or given up.
func load(ctx context.Context, q db.Querier, workspace, id int64) (*stored, error) {
	m := &stored{workspace: workspace, id: id}
	var created int64
	err := q.QueryRow(ctx, `SELECT message_id, to_name, to_email, subject, text, html, attempts, created_at FROM mail_outbox
		WHERE workspace_id = $1 AND id = $2 AND state = 'waiting'`, workspace, id).
		Scan(&m.messageID, &m.Name, &m.Email, &m.Subject, &m.Text, &m.HTML, &m.attempts, &created)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("mail %d: %w", id, err)
	}
	m.created = time.UnixMicro(created)
	return m, nil
}
