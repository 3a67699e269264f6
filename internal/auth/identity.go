package auth

import (
	"context"
	"database/sql"
	"errors"

	"cadastro/internal/db"
	"cadastro/internal/errs"
)

// Identity is what an OpenID Connect provider says of who signed in there; see package oidc.
type Identity struct {
	Issuer        string
	Subject       string
	Email         string
	EmailVerified bool
	Name          string
}

// SignInIdentity signs in by an identity. The rules:
//
//   - An identity that is linked signs its login in.
//   - One that is not, with a verified e-mail of a login that has no password and no other identity of the issuer, is
//     linked and signs in; what the login is invited to, it joins.
//   - A login with a password is not given away on a provider's word: the person signs in and links it by
//     [Service.LinkIdentity].
//   - Nobody is let in uninvited. A second factor is asked for as after a password.
//
// Errors: auth.oidc_unverified, auth.oidc_no_member, auth.oidc_link_first, auth.oidc_other_account, all Forbidden.
func (s *Service) SignInIdentity(ctx context.Context, who Identity, from Client) (SignedIn, error) {
	if err := who.check(); err != nil {
		return SignedIn{}, err
	}
	var in SignedIn
	err := s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		id, err := linkedLogin(ctx, tx, who)
		if err != nil {
			return err
		}
		if id == 0 {
			if id, err = s.linkByEmail(ctx, tx, who); err != nil {
				return err
			}
		}
		in, err = s.enter(ctx, tx, id, 0, from)
		if errs.CodeOf(err) == "auth.wrong_credentials" {
			err = errs.New(errs.Forbidden, "auth.oidc_no_member")
		}
		return err
	})
	return in, err
}

// LinkIdentity lets the person who is signed in sign in by an identity from now on. Errors, Conflict:
// auth.oidc_taken where it is another login's, auth.oidc_other_account where the login has another one of the issuer.
func (s *Service) LinkIdentity(ctx context.Context, who Identity) error {
	a, err := requirePerson(ctx)
	if err != nil {
		return err
	}
	if err := who.check(); err != nil {
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		id, err := linkedLogin(ctx, tx, who)
		if err != nil || id == a.Login {
			return err
		}
		if id != 0 {
			return errs.New(errs.Conflict, "auth.oidc_taken")
		}
		return insertIdentity(ctx, tx, who, a.Login, s.micros())
	})
}

// UnlinkIdentity takes an issuer's identity away from the person, unless there is no other way left to sign in:
// auth.oidc_last, Conflict. All other sessions end.
func (s *Service) UnlinkIdentity(ctx context.Context, issuer string) error {
	a, err := requirePerson(ctx)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		l, _, err := lockLogin(ctx, tx, a.Login)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM login_identity WHERE login_id = $1 AND issuer = $2`, int64(l.id), issuer); err != nil {
			return err
		}
		var left int64
		if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM login_identity WHERE login_id = $1`, int64(l.id)).Scan(&left); err != nil {
			return err
		}
		if left == 0 && l.password == "" {
			return errs.New(errs.Conflict, "auth.oidc_last")
		}
		return endLogin(ctx, tx, l.id, a.session)
	})
}

func (w Identity) check() error {
	if w.Issuer == "" || w.Subject == "" || len(w.Issuer) > 500 || len(w.Subject) > 255 {
		return errs.New(errs.Forbidden, "auth.oidc_failed")
	}
	return nil
}

// linkedLogin gives the login of an identity, 0 where there is none.
func linkedLogin(ctx context.Context, q db.Querier, who Identity) (id LoginID, err error) {
	err = q.QueryRow(ctx, `SELECT login_id FROM login_identity WHERE issuer = $1 AND subject = $2`, who.Issuer, who.Subject).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return id, err
}

func (s *Service) linkByEmail(ctx context.Context, tx *db.Tx, who Identity) (LoginID, error) {
	if !who.EmailVerified {
		return 0, errs.New(errs.Forbidden, "auth.oidc_unverified")
	}
	_, key, err := readEmail(who.Email)
	if err != nil {
		return 0, errs.New(errs.Forbidden, "auth.oidc_no_member")
	}
	l, found, err := loginByKey(ctx, tx, key)
	if err != nil {
		return 0, err
	}
	if !found {
		return 0, errs.New(errs.Forbidden, "auth.oidc_no_member")
	}
	// Read again under the lock: the invitation may be taken up at this moment, with a password.
	if l, found, err = lockLogin(ctx, tx, l.id); err != nil {
		return 0, err
	}
	if !found || l.password != "" {
		return 0, errs.New(errs.Forbidden, "auth.oidc_link_first")
	}
	now := s.micros()
	if err := insertIdentity(ctx, tx, who, l.id, now); err != nil {
		return 0, err
	}
	if _, err := tx.Exec(ctx, `UPDATE login_member SET joined_at = $2 WHERE login_id = $1 AND joined_at IS NULL`, int64(l.id), now); err != nil {
		return 0, err
	}
	// Links that would set a first password end with the invitation.
	_, err = tx.Exec(ctx, `DELETE FROM one_time WHERE login_id = $1`, int64(l.id))
	return l.id, err
}

func insertIdentity(ctx context.Context, tx *db.Tx, who Identity, id LoginID, now int64) error {
	n, err := tx.Exec(ctx, `INSERT INTO login_identity (issuer, subject, login_id, linked_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (login_id, issuer) DO NOTHING`, who.Issuer, who.Subject, int64(id), now)
	if err == nil && n == 0 {
		err = errs.New(errs.Forbidden, "auth.oidc_other_account")
	}
	return err
}
