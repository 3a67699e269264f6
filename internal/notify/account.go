package notify

import (
	"context"
	"time"

	"cadastro/internal/db"
	"cadastro/internal/i18n"
	"cadastro/internal/notify/mail"
)

// Invited is somebody to whom an invitation goes. Until is in the zone to be shown.
type Invited struct {
	Workspace     int64
	WorkspaceName string
	Name          string
	Email         string
	Language      string
	By            string // who invites
	Link          string
	Until         time.Time
}

// Forgot is somebody who forgot a password.
type Forgot struct {
	Name     string
	Email    string
	Language string
	Link     string
	Life     time.Duration
}

// CanMail tells whether mails are sent at all.
func (s *Service) CanMail() bool { return s.Outbox.Domain != "" }

// Invite sends an invitation. It is written into the outbox of the workspace; the body goes once it is sent.
func (s *Service) Invite(ctx context.Context, v Invited) error {
	m, err := s.Mails.Invitation(i18n.Match(v.Language), mail.Invitation{Workspace: v.WorkspaceName, By: v.By, Link: v.Link, Until: v.Until})
	if err != nil {
		return err
	}
	m.Name, m.Email = v.Name, v.Email
	return s.send(ctx, v.Workspace, m)
}

// ForgotPassword sends the link by which a new password is set. It is of no workspace: a password is for all of them.
func (s *Service) ForgotPassword(ctx context.Context, v Forgot) error {
	m, err := s.Mails.Reset(i18n.Match(v.Language), mail.Reset{Email: v.Email, Link: v.Link, Life: v.Life})
	if err != nil {
		return err
	}
	m.Name, m.Email = v.Name, v.Email
	return s.send(ctx, 0, m)
}

// send writes a mail into the outbox, in a transaction of its own: the link that it tells of is made already, and who
// made it can make another.
func (s *Service) send(ctx context.Context, workspace int64, m mail.Message) error {
	return s.Notices.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := s.Outbox.Queue(ctx, tx, workspace, m)
		return err
	})
}
