package auth

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"cadastro/internal/db"
	"cadastro/internal/errs"
)

// seenEvery is how exact the last use of a session or token is kept: a read request is not to become a write.
const seenEvery = time.Minute

// maxAgent bounds what is kept of a User-Agent header, in bytes.
const maxAgent = 200

// Session is an open session, as its owner sees it. ID names it and opens nothing.
type Session struct {
	ID        string
	Current   bool
	Workspace int64
	CreatedAt time.Time
	SeenAt    time.Time
	Client    Client
}

// Authenticate gives the actor of a session's secret, and marks the session as used. Error: auth.signed_out,
// Unauthenticated, for a session that never was, has ended, was idle for too long or whose member is gone.
func (s *Service) Authenticate(ctx context.Context, secret string) (Actor, error) {
	if len(secret) != secretLen {
		return Actor{}, signedOut()
	}
	hash, now := hashOf(secret), s.micros()
	var a Actor
	var last int64
	err := s.db.Read(ctx, func(ctx context.Context, q db.Querier) (err error) {
		a, last, err = s.sessionActor(ctx, q, hash, now)
		return err
	})
	if err == nil && now-last >= seenEvery.Microseconds() {
		err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
			if _, err := tx.Exec(ctx, `UPDATE session SET seen_at = $2 WHERE hash = $1 AND seen_at < $2`, hash, now); err != nil {
				return err
			}
			return seen(ctx, tx, a, now)
		})
	}
	if err != nil {
		return Actor{}, err
	}
	return a, nil
}

func (s *Service) sessionActor(ctx context.Context, q db.Querier, hash string, now int64) (a Actor, seen int64, err error) {
	a = Actor{Kind: Person, Scopes: AllScopes, session: hash}
	err = q.QueryRow(ctx, `SELECT login_id, workspace_id, member_id, seen_at FROM session WHERE hash = $1 AND expires_at > $2 AND seen_at > $3`,
		hash, now, now-s.opt.SessionIdle.Microseconds()).Scan(&a.Login, &a.Workspace, &a.Member, &seen)
	if errors.Is(err, sql.ErrNoRows) {
		return Actor{}, 0, signedOut()
	}
	if err != nil {
		return Actor{}, 0, err
	}
	var role string
	err = q.QueryRow(ctx, `SELECT role, name, language, time_zone, keys_off FROM member WHERE workspace_id = $1 AND id = $2 AND removed_at IS NULL`,
		a.Workspace, int64(a.Member)).Scan(&role, &a.Name, &a.Language, &a.TimeZone, &a.KeysOff)
	if errors.Is(err, sql.ErrNoRows) {
		return Actor{}, 0, signedOut()
	}
	if err != nil {
		return Actor{}, 0, err
	}
	a.Role, err = ParseRole(role)
	return a, seen, err
}

// SignOut ends the session of ctx.
func (s *Service) SignOut(ctx context.Context) error {
	a, err := requirePerson(ctx)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error { return endSession(ctx, tx, a.session) })
}

// SignOutEverywhere ends all sessions of the person, in all workspaces, this one too.
func (s *Service) SignOutEverywhere(ctx context.Context) error {
	a, err := requirePerson(ctx)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error { return endLogin(ctx, tx, a.Login, "") })
}

// Sessions lists the person's open sessions, the last used first.
func (s *Service) Sessions(ctx context.Context) ([]Session, error) {
	a, err := requirePerson(ctx)
	if err != nil {
		return nil, err
	}
	var out []Session
	now := s.micros()
	err = s.db.Read(ctx, func(ctx context.Context, q db.Querier) (err error) {
		out, err = db.Collect(ctx, q, func(r *sql.Rows) (v Session, err error) {
			var hash string
			var created, seen int64
			err = r.Scan(&hash, &v.Workspace, &created, &seen, &v.Client.IP, &v.Client.UserAgent)
			v.ID, v.Current, v.CreatedAt, v.SeenAt = sessionID(hash), hash == a.session, timeOf(created), timeOf(seen)
			return v, err
		}, `SELECT hash, workspace_id, created_at, seen_at, ip, user_agent FROM session
			WHERE login_id = $1 AND expires_at > $2 AND seen_at > $3 ORDER BY seen_at DESC, hash`,
			int64(a.Login), now, now-s.opt.SessionIdle.Microseconds())
		return err
	})
	return out, err
}

// EndSession ends one of the person's own sessions. Error: auth.session_unknown, NotFound.
func (s *Service) EndSession(ctx context.Context, id string) error {
	a, err := requirePerson(ctx)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.Exec(ctx, `DELETE FROM session WHERE login_id = $1 AND substr(hash, 1, 16) = $2`, int64(a.Login), id)
		if err == nil && n == 0 {
			err = errs.New(errs.NotFound, "auth.session_unknown")
		}
		return err
	})
}

// Workspaces lists the workspaces that the person has joined.
func (s *Service) Workspaces(ctx context.Context) ([]int64, error) {
	a, err := requirePerson(ctx)
	if err != nil {
		return nil, err
	}
	var out []int64
	err = s.db.Read(ctx, func(ctx context.Context, q db.Querier) (err error) {
		out, err = joinedWorkspaces(ctx, q, a.Login)
		return err
	})
	return out, err
}

// Switch gives a session in another workspace of the person in place of this one. Error: auth.forbidden.
func (s *Service) Switch(ctx context.Context, workspace int64, from Client) (SignedIn, error) {
	a, err := requirePerson(ctx)
	if err != nil {
		return SignedIn{}, err
	}
	var in SignedIn
	err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		if in, err = s.newSession(ctx, tx, a.Login, workspace, from); err != nil {
			return err
		}
		return endSession(ctx, tx, a.session)
	})
	return in, err
}

// newSession opens a session of a login in a workspace that it has joined, with a secret that never was before.
func (s *Service) newSession(ctx context.Context, tx *db.Tx, id LoginID, workspace int64, from Client) (SignedIn, error) {
	var member int64
	err := tx.QueryRow(ctx, `SELECT member_id FROM login_member WHERE login_id = $1 AND workspace_id = $2 AND joined_at IS NOT NULL`,
		int64(id), workspace).Scan(&member)
	if errors.Is(err, sql.ErrNoRows) {
		return SignedIn{}, errs.New(errs.Forbidden, "auth.forbidden", "permission", "")
	}
	if err != nil {
		return SignedIn{}, err
	}
	secret, hash := newSecret()
	now := s.micros()
	_, err = tx.Exec(ctx, `INSERT INTO session (hash, login_id, workspace_id, member_id, created_at, seen_at, expires_at, ip, user_agent)
		VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8)`, hash, int64(id), workspace, member, now, now+s.opt.SessionLife.Microseconds(),
		errs.Clip(plainText(from.IP), 64), errs.Clip(plainText(from.UserAgent), maxAgent))
	if err != nil {
		return SignedIn{}, err
	}
	a, _, err := s.sessionActor(ctx, tx, hash, now)
	if err == nil {
		err = seen(ctx, tx, a, now)
	}
	return SignedIn{Session: secret, Actor: a}, err
}

// seen notes when a member was last here.
func seen(ctx context.Context, tx *db.Tx, a Actor, now int64) error {
	_, err := tx.Exec(ctx, `UPDATE member SET seen_at = $3 WHERE workspace_id = $1 AND id = $2`, a.Workspace, int64(a.Member), now)
	return err
}

func endSession(ctx context.Context, tx *db.Tx, hash string) error {
	_, err := tx.Exec(ctx, `DELETE FROM session WHERE hash = $1`, hash)
	return err
}

func joinedWorkspaces(ctx context.Context, q db.Querier, id LoginID) ([]int64, error) {
	return db.Collect(ctx, q, func(r *sql.Rows) (w int64, err error) { return w, r.Scan(&w) },
		`SELECT workspace_id FROM login_member WHERE login_id = $1 AND joined_at IS NOT NULL ORDER BY workspace_id`, int64(id))
}

func sessionID(hash string) string { return hash[:16] }

func signedOut() error { return errs.New(errs.Unauthenticated, "auth.signed_out") }

// plainText leaves of a header what a database takes as text: printable ASCII.
func plainText(s string) string {
	out := make([]byte, 0, len(s))
	for i := range len(s) {
		if s[i] >= ' ' && s[i] < 0x7f {
			out = append(out, s[i])
		}
	}
	return string(out)
}
