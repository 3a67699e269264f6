package auth

import (
	"context"
	"crypto/rand"
	"database/sql"
	"time"

	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/secret"
)

const (
	secondLife    = 10 * time.Minute // between the steps of a sign-in
	recoveryCodes = 10
	recoverySize  = 10 // bytes, 16 characters
)

// Enrolment is a second factor that waits for its first code. Both hold the secret: it is shown now or never.
type Enrolment struct {
	Secret string // base32, to be typed
	URI    string // as a QR code
}

// StartTOTP makes a secret for an authenticator app; [Service.ConfirmTOTP] puts it in force. The password is asked for
// where there is one. Errors: auth.second_on (Conflict), auth.wrong_credentials, auth.too_many_tries.
func (s *Service) StartTOTP(ctx context.Context, password string, from Client) (Enrolment, error) {
	a, err := requirePerson(ctx)
	if err != nil {
		return Enrolment{}, err
	}
	l, err := s.ownLogin(ctx, a)
	if err != nil {
		return Enrolment{}, err
	}
	if l.password != "" {
		if err := s.confirmPassword(ctx, l, password, from); err != nil {
			return Enrolment{}, err
		}
	}
	key := make([]byte, totpSize)
	rand.Read(key)
	err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE login SET totp = $2, totp_step = 0 WHERE id = $1 AND totp_on_at IS NULL`,
			int64(l.id), s.opt.Keys.Seal(totpPlace(l.id), key))
		if err == nil && n == 0 {
			err = errs.New(errs.Conflict, "auth.second_on")
		}
		return err
	})
	return Enrolment{base32Plain.EncodeToString(key), totpURI(key, s.opt.AppName, l.email)}, err
}

// ConfirmTOTP puts the second factor in force by its first code, and gives the recovery codes, which are shown once. All
// other sessions of the person end. Errors: auth.second_wrong (Invalid), auth.second_on, auth.second_off (Conflict),
// auth.too_many_tries.
func (s *Service) ConfirmTOTP(ctx context.Context, code string) (recovery []string, err error) {
	a, err := requirePerson(ctx)
	if err != nil {
		return nil, err
	}
	tries := secondTries(a.Login)
	if err := s.charge(ctx, tries); err != nil {
		return nil, err
	}
	err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		l, found, err := lockLogin(ctx, tx, a.Login)
		switch {
		case err != nil:
			return err
		case !found:
			return signedOut()
		case l.totpOn:
			return errs.New(errs.Conflict, "auth.second_on")
		case len(l.totp) == 0:
			return errs.New(errs.Conflict, "auth.second_off")
		}
		if err := s.useTOTP(ctx, tx, l, plainCode(code)); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE login SET totp_on_at = $2 WHERE id = $1`, int64(l.id), s.micros()); err != nil {
			return err
		}
		if recovery, err = newRecoveryCodes(ctx, tx, l.id); err != nil {
			return err
		}
		if err := s.forgive(ctx, tx, tries); err != nil {
			return err
		}
		return endLogin(ctx, tx, l.id, a.session)
	})
	if err != nil {
		return nil, err
	}
	return recovery, nil
}

// SecondStep ends a sign-in by a code of the app or a recovery code. Errors: auth.second_wrong (Unauthenticated), also
// for a code that was used before; auth.link_dead (NotFound) where the first step is too long ago; auth.too_many_tries.
func (s *Service) SecondStep(ctx context.Context, second, code string, from Client) (SignedIn, error) {
	hash := hashOf(second)
	var info LinkInfo
	err := s.db.Read(ctx, func(ctx context.Context, q db.Querier) (err error) {
		if info, err = s.linkInfo(ctx, q, hash); err == nil && info.Purpose != purposeSecond {
			err = linkDead()
		}
		return err
	})
	if err != nil {
		return SignedIn{}, err
	}
	var in SignedIn
	err = s.withSecond(ctx, info.login.id, code, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.Exec(ctx, `DELETE FROM one_time WHERE hash = $1 AND purpose = 'second' AND expires_at > $2`, hash, s.micros())
		if err != nil {
			return err
		}
		if n == 0 {
			return linkDead()
		}
		in, err = s.newSession(ctx, tx, info.login.id, info.Workspace, from)
		return err
	})
	return in, err
}

// StopTOTP takes the second factor away by a code of it. All other sessions end.
func (s *Service) StopTOTP(ctx context.Context, code string) error {
	a, err := requirePerson(ctx)
	if err != nil {
		return err
	}
	return s.withSecond(ctx, a.Login, code, func(ctx context.Context, tx *db.Tx) error {
		if err := dropTOTP(ctx, tx, a.Login); err != nil {
			return err
		}
		return endLogin(ctx, tx, a.Login, a.session)
	})
}

// NewRecoveryCodes gives new recovery codes in place of all old ones, by a code of the app or an old one.
func (s *Service) NewRecoveryCodes(ctx context.Context, code string) (recovery []string, err error) {
	a, err := requirePerson(ctx)
	if err != nil {
		return nil, err
	}
	err = s.withSecond(ctx, a.Login, code, func(ctx context.Context, tx *db.Tx) (err error) {
		recovery, err = newRecoveryCodes(ctx, tx, a.Login)
		return err
	})
	return recovery, err
}

// DropSecond takes away the second factor of a member who lost the device and the recovery codes. All sessions of the
// person end. Errors as of [Service.MemberLink].
func (s *Service) DropSecond(ctx context.Context, id MemberID) error {
	a, err := require(ctx, MembersManage)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		m, err := s.memberFor(ctx, tx, a, id)
		if err != nil {
			return err
		}
		if err := ownWorkspaceOnly(ctx, tx, a, m.Login); err != nil {
			return err
		}
		if err := dropTOTP(ctx, tx, m.Login); err != nil {
			return err
		}
		return endLogin(ctx, tx, m.Login, "")
	})
}

// Reseal brings all second factors under the current key, after [secret.Rotate], and tells how many it changed.
func (s *Service) Reseal(ctx context.Context) (changed int, err error) {
	err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		changed = 0
		all, err := db.Collect(ctx, tx, func(r *sql.Rows) (l login, err error) { return l, r.Scan(&l.id, &l.totp) },
			`SELECT id, totp FROM login WHERE totp IS NOT NULL ORDER BY id`+tx.ForUpdate())
		if err != nil {
			return err
		}
		for _, l := range all {
			sealed, was, err := s.opt.Keys.Reseal(totpPlace(l.id), l.totp)
			if err != nil {
				return err
			}
			if !was {
				continue
			}
			changed++
			if _, err := tx.Exec(ctx, `UPDATE login SET totp = $2 WHERE id = $1`, int64(l.id), sealed); err != nil {
				return err
			}
		}
		return nil
	})
	return changed, err
}

// withSecond uses up a code of the app or a recovery code, together with what f does.
func (s *Service) withSecond(ctx context.Context, id LoginID, code string, f func(context.Context, *db.Tx) error) error {
	tries := secondTries(id)
	if err := s.charge(ctx, tries); err != nil {
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		l, found, err := lockLogin(ctx, tx, id)
		if err != nil {
			return err
		}
		if !found || !l.totpOn {
			return errs.New(errs.Conflict, "auth.second_off")
		}
		plain := plainCode(code)
		if len(plain) == totpDigits {
			err = s.useTOTP(ctx, tx, l, plain)
		} else {
			err = useRecovery(ctx, tx, id, plain)
		}
		if err != nil {
			return err
		}
		if err := s.forgive(ctx, tx, tries); err != nil {
			return err
		}
		return f(ctx, tx)
	})
}

// useTOTP checks a code and remembers its step: that one and those before it are not taken again (RFC 6238, section 5.2).
func (s *Service) useTOTP(ctx context.Context, tx *db.Tx, l login, code string) error {
	key, err := s.opt.Keys.Open(totpPlace(l.id), l.totp)
	if err != nil {
		return err
	}
	step, ok := matchTOTP(key, code, s.opt.Now())
	if !ok {
		return secondWrong()
	}
	n, err := tx.Exec(ctx, `UPDATE login SET totp_step = $2 WHERE id = $1 AND totp_step < $2`, int64(l.id), step)
	if err == nil && n == 0 {
		err = secondWrong()
	}
	return err
}

func useRecovery(ctx context.Context, tx *db.Tx, id LoginID, code string) error {
	n, err := tx.Exec(ctx, `DELETE FROM recovery_code WHERE login_id = $1 AND hash = $2`, int64(id), hashOf(code))
	if err == nil && n == 0 {
		err = secondWrong()
	}
	return err
}

// newRecoveryCodes makes codes like "ABCD-EFGH-IJKL-MNOP": 80 random bits, for which a plain hash is enough.
func newRecoveryCodes(ctx context.Context, tx *db.Tx, id LoginID) ([]string, error) {
	if _, err := tx.Exec(ctx, `DELETE FROM recovery_code WHERE login_id = $1`, int64(id)); err != nil {
		return nil, err
	}
	codes := make([]string, recoveryCodes)
	for i := range codes {
		var b [recoverySize]byte
		rand.Read(b[:])
		c := base32Plain.EncodeToString(b[:])
		if _, err := tx.Exec(ctx, `INSERT INTO recovery_code (login_id, hash) VALUES ($1, $2)`, int64(id), hashOf(c)); err != nil {
			return nil, err
		}
		codes[i] = c[:4] + "-" + c[4:8] + "-" + c[8:12] + "-" + c[12:]
	}
	return codes, nil
}

func dropTOTP(ctx context.Context, tx *db.Tx, id LoginID) error {
	if _, err := tx.Exec(ctx, `DELETE FROM recovery_code WHERE login_id = $1`, int64(id)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE login SET totp = NULL, totp_on_at = NULL, totp_step = 0 WHERE id = $1`, int64(id))
	return err
}

// totpPlace is where a second factor is sealed for. A login is over all workspaces, so it is of none.
func totpPlace(id LoginID) secret.Place { return secret.Place{Field: "login.totp", Row: int64(id)} }

func secondWrong() error { return errs.New(errs.Unauthenticated, "auth.second_wrong") }
