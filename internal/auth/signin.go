package auth

import (
	"context"

	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/normalize"
)

// SignIn checks an e-mail address and a password. An address that nobody has costs the same time and gives the same
// answer as a wrong password. Errors: auth.wrong_credentials (Unauthenticated), auth.too_many_tries {seconds} (Busy).
func (s *Service) SignIn(ctx context.Context, email, password string, from Client) (SignedIn, error) {
	_, key, err := readEmail(email)
	if err != nil {
		key = "" // which no login has
	}
	tries := signInTries(key, from.IP)
	if err := s.charge(ctx, tries); err != nil {
		return SignedIn{}, err
	}
	var l login
	err = s.db.Read(ctx, func(ctx context.Context, q db.Querier) (err error) {
		l, _, err = loginByKey(ctx, q, key)
		return err
	})
	if err != nil {
		return SignedIn{}, err
	}
	renewed, err := s.checkPasswordOf(ctx, l, password)
	if err != nil {
		return SignedIn{}, err
	}
	var in SignedIn
	err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		// The password may have been changed while this one was hashed.
		now, found, err := lockLogin(ctx, tx, l.id)
		if err != nil {
			return err
		}
		if !found || now.password != l.password {
			return wrongCredentials()
		}
		if renewed != "" {
			if _, err := tx.Exec(ctx, `UPDATE login SET password = $2 WHERE id = $1`, int64(l.id), renewed); err != nil {
				return err
			}
		}
		if err := s.forgive(ctx, tx, tries); err != nil {
			return err
		}
		in, err = s.enter(ctx, tx, l.id, 0, from)
		return err
	})
	return in, err
}

// ChangePassword sets a new password for the person, or a first one for who signs in through a provider only. All
// sessions end; the one that is given takes this one's place. Errors: auth.wrong_credentials, auth.too_many_tries, those
// of a password.
func (s *Service) ChangePassword(ctx context.Context, old, password string, from Client) (SignedIn, error) {
	a, err := requirePerson(ctx)
	if err != nil {
		return SignedIn{}, err
	}
	l, err := s.ownLogin(ctx, a)
	if err != nil {
		return SignedIn{}, err
	}
	if err := checkPassword(password, l.email); err != nil {
		return SignedIn{}, err
	}
	if l.password != "" {
		if err := s.confirmPassword(ctx, l, old, from); err != nil {
			return SignedIn{}, err
		}
	}
	encoded, err := s.hasher.hash(ctx, password)
	if err != nil {
		return SignedIn{}, err
	}
	var in SignedIn
	err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE login SET password = $2 WHERE id = $1 AND password = $3`, int64(l.id), encoded, l.password)
		if err != nil {
			return err
		}
		if n == 0 {
			return wrongCredentials()
		}
		if err := endLogin(ctx, tx, l.id, ""); err != nil {
			return err
		}
		in, err = s.newSession(ctx, tx, l.id, a.Workspace, from)
		return err
	})
	return in, err
}

// enter ends a first step that was right: with a session, or with the secret of the second step.
func (s *Service) enter(ctx context.Context, tx *db.Tx, id LoginID, workspace int64, from Client) (SignedIn, error) {
	l, found, err := loginByID(ctx, tx, id)
	if err != nil {
		return SignedIn{}, err
	}
	if workspace == 0 {
		joined, err := joinedWorkspaces(ctx, tx, id)
		if err != nil {
			return SignedIn{}, err
		}
		if !found || len(joined) == 0 {
			return SignedIn{}, wrongCredentials()
		}
		workspace = joined[0]
	}
	if l.totpOn {
		link, err := newLink(ctx, tx, purposeSecond, workspace, id, s.micros(), secondLife)
		return SignedIn{Second: link.Secret}, err
	}
	return s.newSession(ctx, tx, id, workspace, from)
}

// checkPasswordOf checks a password and gives its hash at today's cost where the one in the base is of another cost.
func (s *Service) checkPasswordOf(ctx context.Context, l login, password string) (renewed string, err error) {
	right, stale, err := s.hasher.check(ctx, password, l.password)
	if err != nil {
		return "", err
	}
	if !right {
		return "", wrongCredentials()
	}
	if stale {
		return s.hasher.hash(ctx, password)
	}
	return "", nil
}

// confirmPassword asks a known person for the password, with the limits of a sign-in.
func (s *Service) confirmPassword(ctx context.Context, l login, password string, from Client) error {
	tries := signInTries(normalize.EmailKey(l.email), from.IP)
	if err := s.charge(ctx, tries); err != nil {
		return err
	}
	if _, err := s.checkPasswordOf(ctx, l, password); err != nil {
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error { return s.forgive(ctx, tx, tries) })
}

func (s *Service) ownLogin(ctx context.Context, a Actor) (l login, err error) {
	err = s.db.Read(ctx, func(ctx context.Context, q db.Querier) error {
		var found bool
		if l, found, err = loginByID(ctx, q, a.Login); err == nil && !found {
			err = signedOut()
		}
		return err
	})
	return l, err
}

func wrongCredentials() error { return errs.New(errs.Unauthenticated, "auth.wrong_credentials") }
