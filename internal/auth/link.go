package auth

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"cadastro/internal/db"
	"cadastro/internal/errs"
)

// Purpose says what a one-time secret is for.
type Purpose string

// The purposes of links.
const (
	PurposeFirst  Purpose = "first"  // makes the first administrator of a workspace
	PurposeInvite Purpose = "invite" // a member joins
	PurposeReset  Purpose = "reset"  // a forgotten password

	purposeSecond Purpose = "second" // between the two steps of a sign-in; no link
)

// LinkPath is the path of links: the secret follows it.
const LinkPath = "/link/"

// Link is a secret that works once. Only its hash is kept: it is shown or sent now or never.
type Link struct {
	Purpose Purpose
	Secret  string
	Expires time.Time
}

// URL gives the link's address under the address of the server.
func (l Link) URL(base string) string { return strings.TrimRight(base, "/") + LinkPath + l.Secret }

// LinkInfo is what a page must know to ask the right things.
type LinkInfo struct {
	Purpose   Purpose
	Workspace int64
	Email     string // "" for the first administrator's
	// HasPassword is true for an invitation of somebody who has a password, in another workspace: that one is asked
	// for, not a new one. Who holds the link cannot take over the account.
	HasPassword bool
	// SignInFirst is true for an invitation of somebody who signs in without a password elsewhere, see [Service.Join].
	SignInFirst bool

	login login
}

// FirstLink gives the link by which a workspace gets its first administrator; links given before end. Only the console
// gets one, and none once there is an administrator: auth.has_admin, Conflict.
func (s *Service) FirstLink(ctx context.Context) (Link, error) {
	a, err := require(ctx, MembersManage)
	if err != nil {
		return Link{}, err
	}
	if a.Kind != Console {
		return Link{}, errs.New(errs.Forbidden, "auth.forbidden", "permission", MembersManage.String())
	}
	var link Link
	err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := noAdminYet(ctx, tx, a.Workspace); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM one_time WHERE purpose = 'first' AND workspace_id = $1`, a.Workspace); err != nil {
			return err
		}
		link, err = newLink(ctx, tx, PurposeFirst, a.Workspace, 0, s.micros(), s.opt.ResetLife)
		return err
	})
	return link, err
}

// MemberLink gives a new link for a member: an invitation for who has not joined, else a password reset. Links given
// before end. A reset of somebody who is in other workspaces too is the person's own to ask for: auth.other_workspaces,
// Forbidden, except for the console. Other errors as of [Service.SetRole].
func (s *Service) MemberLink(ctx context.Context, id MemberID) (Link, error) {
	a, err := require(ctx, MembersManage)
	if err != nil {
		return Link{}, err
	}
	var link Link
	err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		m, err := s.memberFor(ctx, tx, a, id)
		if err != nil {
			return err
		}
		purpose, life := PurposeInvite, s.opt.InviteLife
		if m.Joined {
			purpose, life = PurposeReset, s.opt.ResetLife
			if err := ownWorkspaceOnly(ctx, tx, a, m.Login); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `DELETE FROM one_time WHERE login_id = $1 AND purpose = $2 AND workspace_id = $3`,
			int64(m.Login), string(purpose), a.Workspace); err != nil {
			return err
		}
		link, err = newLink(ctx, tx, purpose, a.Workspace, m.Login, s.micros(), life)
		return err
	})
	return link, err
}

// Reset is a link and where to send it, in the name and the language that the person has in the workspace joined first.
type Reset struct {
	Link     Link
	Email    string
	Name     string
	Language string
}

// RequestReset gives the link for who forgot a password. ok is false, and nothing is to be sent, for an address that
// nobody signs in with or that was asked for too often; the page says the same in every case.
func (s *Service) RequestReset(ctx context.Context, email string, from Client) (r Reset, ok bool, err error) {
	_, key, err := readEmail(email)
	if err != nil {
		return r, false, err
	}
	if err := s.charge(ctx, resetTries(key, from.IP)); err != nil {
		if errs.KindOf(err) == errs.Busy {
			return r, false, nil
		}
		return r, false, err
	}
	err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		l, found, err := loginByKey(ctx, tx, key)
		if err != nil || !found {
			return err
		}
		var joined int64
		if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM login_member WHERE login_id = $1 AND joined_at IS NOT NULL`, int64(l.id)).Scan(&joined); err != nil || joined == 0 {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM one_time WHERE login_id = $1 AND purpose = 'reset'`, int64(l.id)); err != nil {
			return err
		}
		r.Link, err = newLink(ctx, tx, PurposeReset, 0, l.id, s.micros(), s.opt.ResetLife)
		if err != nil {
			return err
		}
		r.Email, ok = l.email, true
		return tx.QueryRow(ctx, `SELECT m.name, m.language FROM login_member l JOIN member m ON m.workspace_id = l.workspace_id AND m.id = l.member_id
			WHERE l.login_id = $1 AND l.joined_at IS NOT NULL ORDER BY l.workspace_id LIMIT 1`, int64(l.id)).Scan(&r.Name, &r.Language)
	})
	return r, ok && err == nil, err
}

// LinkInfo tells what a link is for, without using it up. Error: auth.link_dead, NotFound, for a link that was used,
// has expired, was replaced or never was.
func (s *Service) LinkInfo(ctx context.Context, secret string) (LinkInfo, error) {
	var info LinkInfo
	err := s.db.Read(ctx, func(ctx context.Context, q db.Querier) (err error) {
		info, err = s.linkInfo(ctx, q, hashOf(secret))
		if err == nil && info.Purpose == purposeSecond {
			err = linkDead()
		}
		return err
	})
	return info, err
}

// linkInfo reads the row of a one-time secret that still works.
func (s *Service) linkInfo(ctx context.Context, q db.Querier, hash string) (info LinkInfo, err error) {
	var purpose string
	var id int64
	err = q.QueryRow(ctx, `SELECT purpose, workspace_id, login_id FROM one_time WHERE hash = $1 AND expires_at > $2`, hash, s.micros()).
		Scan(&purpose, &info.Workspace, &id)
	if errors.Is(err, sql.ErrNoRows) {
		return info, linkDead()
	}
	if err != nil {
		return info, err
	}
	info.Purpose = Purpose(purpose)
	if info.Purpose == PurposeFirst {
		return info, noAdminYet(ctx, q, info.Workspace)
	}
	var found bool
	if info.login, found, err = loginByID(ctx, q, LoginID(id)); err == nil && !found {
		err = linkDead()
	}
	info.Email = info.login.email
	if err != nil || info.Purpose != PurposeInvite {
		return info, err
	}
	info.HasPassword = info.login.password != ""
	var known int64
	err = q.QueryRow(ctx, `SELECT (SELECT COUNT(*) FROM login_member WHERE login_id = $1 AND joined_at IS NOT NULL)
		+ (SELECT COUNT(*) FROM login_identity WHERE login_id = $1)`, id).Scan(&known)
	info.SignInFirst = !info.HasPassword && known > 0
	return info, err
}

func newLink(ctx context.Context, tx *db.Tx, p Purpose, workspace int64, id LoginID, now int64, life time.Duration) (Link, error) {
	secret, hash := newSecret()
	expires := now + life.Microseconds()
	_, err := tx.Exec(ctx, `INSERT INTO one_time (hash, purpose, workspace_id, login_id, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		hash, string(p), workspace, int64(id), now, expires)
	return Link{Purpose: p, Secret: secret, Expires: timeOf(expires)}, err
}

func noAdminYet(ctx context.Context, q db.Querier, workspace int64) error {
	var n int64
	err := q.QueryRow(ctx, `SELECT COUNT(*) FROM member m JOIN login_member l ON l.workspace_id = m.workspace_id AND l.member_id = m.id
		WHERE m.workspace_id = $1 AND m.role = 'admin' AND m.removed_at IS NULL AND l.joined_at IS NOT NULL`, workspace).Scan(&n)
	if err == nil && n > 0 {
		err = errs.New(errs.Conflict, "auth.has_admin")
	}
	return err
}

// ownWorkspaceOnly refuses what one workspace's admin must not do to an account that others rely on too.
func ownWorkspaceOnly(ctx context.Context, q db.Querier, a Actor, id LoginID) error {
	if a.Kind == Console {
		return nil
	}
	var others int64
	err := q.QueryRow(ctx, `SELECT COUNT(*) FROM login_member WHERE login_id = $1 AND workspace_id <> $2`, int64(id), a.Workspace).Scan(&others)
	if err == nil && others > 0 {
		err = errs.New(errs.Forbidden, "auth.other_workspaces")
	}
	return err
}

func linkDead() error { return errs.New(errs.NotFound, "auth.link_dead") }
