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

// Redeem is what a person enters behind a link. Name, Email and Language count for the first administrator, Name and
// Language also for an invitation.
type Redeem struct {
	Password string
	Name     string
	Email    string
	Language string
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

// Reset is a link and where to send it.
type Reset struct {
	Link  Link
	Email string
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
		r.Email, ok = l.email, err == nil
		return err
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

// Redeem uses a link up: sets the password, lets the member join or makes the first administrator, and signs in. All
// older sessions of the login end; a second factor is still asked for. Errors: auth.link_dead, auth.has_admin, those of
// a password (auth.password_short, auth.password_long, auth.password_simple), auth.wrong_credentials,
// auth.too_many_tries {seconds}.
func (s *Service) Redeem(ctx context.Context, secret string, r Redeem, from Client) (SignedIn, error) {
	info, err := s.LinkInfo(ctx, secret)
	if err != nil {
		return SignedIn{}, err
	}
	if info.SignInFirst {
		return SignedIn{}, errs.New(errs.Conflict, "auth.sign_in_first")
	}
	if info.Purpose == PurposeFirst {
		if info.Email, _, err = readEmail(r.Email); err != nil {
			return SignedIn{}, err
		}
		if r.Name, err = checkName(r.Name); err != nil {
			return SignedIn{}, err
		}
	}
	encoded := ""
	if info.HasPassword {
		err = s.confirmPassword(ctx, info.login, r.Password, from)
	} else if err = checkPassword(r.Password, info.Email); err == nil {
		encoded, err = s.hasher.hash(ctx, r.Password)
	}
	if err != nil {
		return SignedIn{}, err
	}
	var in SignedIn
	err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		in, err = s.redeem(ctx, tx, hashOf(secret), info, r, encoded, from)
		return err
	})
	return in, err
}

// Join accepts an invitation as the person who is signed in, and gives a session in that workspace in place of this one.
func (s *Service) Join(ctx context.Context, secret string, from Client) (SignedIn, error) {
	a, err := requirePerson(ctx)
	if err != nil {
		return SignedIn{}, err
	}
	info, err := s.LinkInfo(ctx, secret)
	if err != nil {
		return SignedIn{}, err
	}
	if info.Purpose != PurposeInvite || info.login.id != a.Login {
		return SignedIn{}, linkDead()
	}
	var in SignedIn
	err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		now := s.micros()
		if n, err := tx.Exec(ctx, `DELETE FROM one_time WHERE hash = $1 AND expires_at > $2`, hashOf(secret), now); err != nil || n == 0 {
			return errors.Join(err, linkDead())
		}
		if err := join(ctx, tx, a.Login, info.Workspace, now); err != nil {
			return err
		}
		if err := endSession(ctx, tx, a.session); err != nil {
			return err
		}
		in, err = s.newSession(ctx, tx, a.Login, info.Workspace, from)
		return err
	})
	return in, err
}

func (s *Service) redeem(ctx context.Context, tx *db.Tx, hash string, info LinkInfo, r Redeem, encoded string, from Client) (SignedIn, error) {
	now := s.micros()
	n, err := tx.Exec(ctx, `DELETE FROM one_time WHERE hash = $1 AND expires_at > $2`, hash, now)
	if err != nil {
		return SignedIn{}, err
	}
	if n == 0 {
		return SignedIn{}, linkDead()
	}
	id := info.login.id
	switch info.Purpose {
	case PurposeFirst:
		if id, err = s.firstAdmin(ctx, tx, info, r, now); err != nil {
			return SignedIn{}, err
		}
	case PurposeInvite:
		// What was asked for, a new password or the one that is there, must still be the question.
		l, found, err := lockLogin(ctx, tx, id)
		if err != nil {
			return SignedIn{}, err
		}
		if !found || l.password != info.login.password {
			return SignedIn{}, linkDead()
		}
		if err := join(ctx, tx, id, info.Workspace, now); err != nil {
			return SignedIn{}, err
		}
		if r.Name, err = checkName(r.Name); err == nil {
			_, err = tx.Exec(ctx, `UPDATE member SET name = $3, language = $4 WHERE workspace_id = $1 AND id =
				(SELECT member_id FROM login_member WHERE workspace_id = $1 AND login_id = $2)`, info.Workspace, int64(id), r.Name, language(r.Language))
			if err != nil {
				return SignedIn{}, err
			}
		}
	}
	if encoded != "" {
		if _, err := tx.Exec(ctx, `UPDATE login SET password = $2 WHERE id = $1`, int64(id), encoded); err != nil {
			return SignedIn{}, err
		}
		if err := endLogin(ctx, tx, id, ""); err != nil {
			return SignedIn{}, err
		}
	}
	return s.enter(ctx, tx, id, info.Workspace, from)
}

// firstAdmin makes the first administrator of a workspace. An address that signs in elsewhere already is refused: the
// link would set its password.
func (s *Service) firstAdmin(ctx context.Context, tx *db.Tx, info LinkInfo, r Redeem, now int64) (LoginID, error) {
	if err := noAdminYet(ctx, tx, info.Workspace); err != nil {
		return 0, err
	}
	email, key, err := readEmail(r.Email)
	if err != nil {
		return 0, err
	}
	if _, found, err := loginByKey(ctx, tx, key); err != nil || found {
		if found {
			err = errs.New(errs.Conflict, "auth.member_exists", "email", email)
		}
		return 0, err
	}
	id, err := ensureLogin(ctx, tx, email, key, now)
	if err != nil {
		return 0, err
	}
	_, err = insertMember(ctx, tx, info.Workspace, Member{Login: id, Name: r.Name, Email: email, Role: Admin, Language: language(r.Language)}, now, true)
	return id, err
}

// join ends the invitation of a login in a workspace.
func join(ctx context.Context, tx *db.Tx, id LoginID, workspace, now int64) error {
	n, err := tx.Exec(ctx, `UPDATE login_member SET joined_at = $3 WHERE login_id = $1 AND workspace_id = $2 AND joined_at IS NULL`, int64(id), workspace, now)
	if err == nil && n == 0 {
		err = linkDead()
	}
	return err
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
