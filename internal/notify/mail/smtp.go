package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// Security says how the connection to the mail server is protected.
type Security string

// The ways.
const (
	StartTLS Security = "starttls" // required; the default
	TLS      Security = "tls"      // from the first byte, usually port 465
	Plain    Security = "none"     // for a server on the same machine
)

// SMTP is a [Transport] over the Simple Mail Transfer Protocol (RFC 5321).
type SMTP struct {
	Host      string
	Port      int // default 587, 465 for TLS, 25 for none
	User      string
	Password  string // used where User is set
	Security  Security
	FromName  string
	From      string
	Timeout   time.Duration // of dialling and of each exchange; default 15 s
	TLSConfig *tls.Config   // e.g. with the roots of an own authority; nil for the system's
}

// Send implements [Transport]. A mail that the server refuses for good (5yz to the sender, the recipient or the
// content) is [Refused]; a faulty password is not, since somebody will mend it.
func (s *SMTP) Send(ctx context.Context, messageID string, at time.Time, m Message) error {
	msg, err := s.message(messageID, at, m)
	if err != nil {
		return &Refused{errors.New("an address cannot be written into a mail")}
	}
	c, err := gomail.NewClient(s.Host, s.options()...)
	if err != nil {
		return fmt.Errorf("mail server: %w", err)
	}
	err = c.DialAndSendWithContext(ctx, msg)
	e, ok := errors.AsType[*gomail.SendError](err)
	if !ok {
		return err
	}
	// The server's own words often repeat the reader's address, and an error ends in the log.
	err = fmt.Errorf("mail server answered %d %s (%s)", e.ErrorCode(), e.EnhancedStatusCode(), e.Reason)
	if !e.IsTemp() && e.ErrorCode() >= 500 {
		return &Refused{err}
	}
	return err
}

func (s *SMTP) message(messageID string, at time.Time, m Message) (*gomail.Msg, error) {
	msg := gomail.NewMsg()
	if err := msg.FromFormat(s.FromName, s.From); err != nil {
		return nil, err
	}
	if err := msg.AddToFormat(m.Name, m.Email); err != nil {
		return nil, err
	}
	msg.SetMessageIDWithValue(messageID)
	msg.SetDateWithValue(at)
	msg.Subject(m.Subject)
	// RFC 3834: programs that answer mails leave this one alone, so no two of them write to each other for ever.
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader("X-Auto-Response-Suppress", "All")
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	return msg, nil
}

func (s *SMTP) options() []gomail.Option {
	timeout := s.Timeout
	if timeout == 0 {
		timeout = 15 * time.Second
	}
	port := s.Port
	opts := []gomail.Option{gomail.WithTimeout(timeout)}
	switch s.Security {
	case TLS:
		if port == 0 {
			port = 465
		}
		opts = append(opts, gomail.WithSSL())
	case Plain:
		if port == 0 {
			port = 25
		}
		opts = append(opts, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		if port == 0 {
			port = 587
		}
		opts = append(opts, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	opts = append(opts, gomail.WithPort(port))
	if s.TLSConfig != nil {
		cfg := s.TLSConfig.Clone()
		cfg.ServerName, cfg.MinVersion = s.Host, tls.VersionTLS12
		opts = append(opts, gomail.WithTLSConfig(cfg))
	}
	if s.User != "" {
		auth := gomail.SMTPAuthAutoDiscover
		if s.Security == Plain {
			auth = gomail.SMTPAuthPlainNoEnc
		}
		opts = append(opts, gomail.WithSMTPAuth(auth), gomail.WithUsername(s.User), gomail.WithPassword(s.Password))
	}
	return opts
}
