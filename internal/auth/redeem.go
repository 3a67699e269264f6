package auth

import (
	"context"
	"errors"

	"cadastro/internal/db"
	"cadastro/internal/errs"
)

// Redeem is what a person enters behind a link. Name, Email and Language count for the first administrator, Name and
// Language also for an invitation.
type Redeem struct {
	Password string
	Name     string
	Email    string
	Language string
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
