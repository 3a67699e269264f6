package auth

import (
	"context"
	"database/sql"
	"time"

	"cadastro/internal/db"
	"cadastro/internal/errs"
)

// Self is what a person sees of their own account.
type Self struct {
	Email       string
	HasPassword bool // false: signs in through a provider only
	Second      bool // a second factor is asked for
	Recovery    int  // recovery codes left
	Preferences Preferences
	Identities  []LinkedIdentity
	Workspaces  []OwnWorkspace // that the person has joined, by name
}

// LinkedIdentity is an OpenID Connect provider that signs the person in.
type LinkedIdentity struct {
	Issuer   string
	LinkedAt time.Time
}

// OwnWorkspace is a workspace that the person has joined.
type OwnWorkspace struct {
	ID   int64
	Name string
	Role Role
}

// Preferences are what a member chooses for the pages of one workspace. TimeZone is an IANA name, "" for the workspace's.
type Preferences struct {
	Name     string
	Language string
	TimeZone string
	KeysOff  bool // single keys do nothing on pages
}

// Self gives the person's own account.
func (s *Service) Self(ctx context.Context) (Self, error) {
	a, err := requirePerson(ctx)
	if err != nil {
		return Self{}, err
	}
	var out Self
	err = s.db.Read(ctx, func(ctx context.Context, q db.Querier) error {
		out = Self{}
		l, found, err := loginByID(ctx, q, a.Login)
		if err != nil {
			return err
		}
		if !found {
			return signedOut()
		}
		out.Email, out.HasPassword, out.Second = l.email, l.password != "", l.totpOn
		if err := q.QueryRow(ctx, `SELECT COUNT(*) FROM recovery_code WHERE login_id = $1`, int64(a.Login)).Scan(&out.Recovery); err != nil {
			return err
		}
		p := &out.Preferences
		err = q.QueryRow(ctx, `SELECT name, language, time_zone, keys_off FROM member WHERE workspace_id = $1 AND id = $2`,
			a.Workspace, int64(a.Member)).Scan(&p.Name, &p.Language, &p.TimeZone, &p.KeysOff)
		if err != nil {
			return err
		}
		out.Identities, err = db.Collect(ctx, q, func(r *sql.Rows) (i LinkedIdentity, err error) {
			var at int64
			err = r.Scan(&i.Issuer, &at)
			i.LinkedAt = timeOf(at)
			return i, err
		}, `SELECT issuer, linked_at FROM login_identity WHERE login_id = $1 ORDER BY issuer`, int64(a.Login))
		if err != nil {
			return err
		}
		out.Workspaces, err = db.Collect(ctx, q, func(r *sql.Rows) (w OwnWorkspace, err error) {
			var role string
			if err := r.Scan(&w.ID, &w.Name, &role); err != nil {
				return w, err
			}
			w.Role, err = ParseRole(role)
			return w, err
		}, `SELECT w.id, w.name, m.role FROM login_member l JOIN workspace w ON w.id = l.workspace_id
			JOIN member m ON m.workspace_id = l.workspace_id AND m.id = l.member_id
			WHERE l.login_id = $1 AND l.joined_at IS NOT NULL AND m.removed_at IS NULL ORDER BY w.name, w.id`, int64(a.Login))
		return err
	})
	return out, err
}

// SetPreferences keeps what a member chose for the workspace at hand. Errors, Invalid: auth.name_bad {max},
// auth.time_zone_unknown {value}.
func (s *Service) SetPreferences(ctx context.Context, p Preferences) error {
	a, err := requirePerson(ctx)
	if err != nil {
		return err
	}
	if p.Name, err = checkName(p.Name); err != nil {
		return err
	}
	if err := checkZone(p.TimeZone); err != nil {
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE member SET name = $3, language = $4, time_zone = $5, keys_off = $6 WHERE workspace_id = $1 AND id = $2`,
			a.Workspace, int64(a.Member), p.Name, language(p.Language), p.TimeZone, p.KeysOff)
		return err
	})
}

// checkZone refuses what is no IANA time zone. "Local" is the server's accident, not a zone.
func checkZone(name string) error {
	if name == "" {
		return nil
	}
	if _, err := time.LoadLocation(name); err != nil || name == "Local" {
		return errs.New(errs.Invalid, "auth.time_zone_unknown", "value", errs.Clip(name, 80))
	}
	return nil
}
