package auth

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"log/slog"
	"strings"
	"time"

	"cadastro/internal/db"
	"cadastro/internal/errs"
)

// A token is TokenPrefix and 58 letters and digits: 256 random bits and a checksum, which tells a mistyped token, or
// a find in somebody's source, without asking the base. The first shownLen characters stay on view.
const (
	TokenPrefix = "cad_"
	tokenLen    = len(TokenPrefix) + 58
	shownLen    = len(TokenPrefix) + 8
)

// The lives that a token may have.
const (
	MinTokenLife     = time.Hour
	DefaultTokenLife = 90 * 24 * time.Hour
	MaxTokenLife     = 730 * 24 * time.Hour
)

var base32Lower = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// NewToken is what a token is to be. Life 0 is [DefaultTokenLife]; Group 0 is no limit to one contact group.
type NewToken struct {
	Name   string
	Role   Role
	Scopes Scopes
	Group  int64
	Life   time.Duration
}

// APIToken is a token as it is listed: without its secret, which nobody has but its user.
type APIToken struct {
	ID        TokenID
	Name      string
	Shown     string // its first characters
	Role      Role
	Scopes    Scopes
	Group     int64
	MadeBy    MemberID // 0: the command line
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    time.Time // zero: never, else to the minute
	Revoked   bool
}

// AddToken makes a token and gives its secret, once. Nobody makes a token that could do or last more than they
// themselves; of a token so too. Errors: auth.name_bad, auth.scopes_none, auth.scope_beyond_role {scopes, role},
// auth.token_life {days}, auth.group_unknown (NotFound), auth.too_strong {role}.
func (s *Service) AddToken(ctx context.Context, n NewToken) (secret string, t APIToken, err error) {
	a, err := require(ctx, TokensManage)
	if err != nil {
		return "", t, err
	}
	if err := checkRole(n.Role); err != nil {
		return "", t, err
	}
	if n.Name, err = checkName(n.Name); err != nil {
		return "", t, err
	}
	if n.Scopes == 0 || n.Scopes > AllScopes {
		return "", t, errs.New(errs.Invalid, "auth.scopes_none")
	}
	if beyond := n.Scopes &^ n.Role.Scopes(); beyond != 0 {
		return "", t, errs.New(errs.Invalid, "auth.scope_beyond_role", "scopes", beyond.String(), "role", n.Role.String())
	}
	if n.Life == 0 {
		n.Life = DefaultTokenLife
	}
	if n.Life < MinTokenLife || n.Life > MaxTokenLife {
		return "", t, errs.New(errs.Invalid, "auth.token_life", "days", int(MaxTokenLife/(24*time.Hour)))
	}
	now := s.micros()
	expires := now + n.Life.Microseconds()
	if !a.covers(n.Role, n.Scopes) || a.Kind == Token && expires > a.expires {
		return "", t, tooStrong(n.Role)
	}
	secret = newToken()
	t = APIToken{Name: n.Name, Shown: secret[:shownLen], Role: n.Role, Scopes: n.Scopes, Group: n.Group, MadeBy: a.Member,
		CreatedAt: timeOf(now), ExpiresAt: timeOf(expires)}
	err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := groupExists(ctx, tx, a.Workspace, n.Group); err != nil {
			return err
		}
		id, err := tx.Reserve(ctx, a.Workspace, "api_token", 1)
		if err != nil {
			return err
		}
		t.ID = TokenID(id)
		hash := hashOf(secret)
		if _, err := tx.Exec(ctx, `INSERT INTO api_token (workspace_id, id, name, prefix, hash, role, scopes, group_id, made_by, created_at, expires_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, a.Workspace, id, t.Name, t.Shown, hash, t.Role.String(), t.Scopes.String(),
			t.Group, int64(t.MadeBy), now, expires); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO api_token_hash (hash, workspace_id, token_id) VALUES ($1, $2, $3)`, hash, a.Workspace, id)
		return err
	})
	if err != nil {
		return "", APIToken{}, err
	}
	s.opt.Log.LogAttrs(ctx, slog.LevelInfo, "token made", slog.Int64("workspace_id", a.Workspace), slog.Int64("token_id", int64(t.ID)),
		slog.String("role", t.Role.String()), slog.String("scopes", t.Scopes.String()), slog.String("actor", a.String()))
	return secret, t, nil
}

// Tokens lists the tokens of the workspace, the newest first, the revoked ones too.
func (s *Service) Tokens(ctx context.Context) ([]APIToken, error) {
	a, err := require(ctx, TokensManage)
	if err != nil {
		return nil, err
	}
	var out []APIToken
	err = s.db.Read(ctx, func(ctx context.Context, q db.Querier) (err error) {
		out, err = db.Collect(ctx, q, func(r *sql.Rows) (APIToken, error) { return scanToken(r.Scan) },
			selectToken+`WHERE workspace_id = $1 ORDER BY id DESC`, a.Workspace)
		return err
	})
	return out, err
}

// RevokeToken ends a token at once. Error: auth.token_unknown {value}, NotFound, also for one that was revoked before.
func (s *Service) RevokeToken(ctx context.Context, id TokenID) error {
	a, err := require(ctx, TokensManage)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE api_token SET revoked_at = $3 WHERE workspace_id = $1 AND id = $2 AND revoked_at IS NULL`, a.Workspace, int64(id), s.micros())
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.NotFound, "auth.token_unknown", "value", int64(id))
		}
		_, err = tx.Exec(ctx, `DELETE FROM api_token_hash WHERE workspace_id = $1 AND token_id = $2`, a.Workspace, int64(id))
		return err
	})
}

// AuthenticateToken gives the actor of a token, and marks the token as used. Its role is the lesser of its own and that
// of the member who made it has today. Errors, Unauthenticated: auth.token_bad, auth.token_expired.
func (s *Service) AuthenticateToken(ctx context.Context, token string) (Actor, error) {
	if !isToken(token) {
		return Actor{}, tokenBad()
	}
	now := s.micros()
	var a Actor
	var used int64
	err := s.db.Read(ctx, func(ctx context.Context, q db.Querier) (err error) {
		a, used, err = tokenActor(ctx, q, hashOf(token), now)
		return err
	})
	if err == nil && now-used >= seenEvery.Microseconds() {
		err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE api_token SET used_at = $3 WHERE workspace_id = $1 AND id = $2 AND COALESCE(used_at, 0) < $3`, a.Workspace, int64(a.Token), now)
			return err
		})
	}
	if err != nil {
		return Actor{}, err
	}
	return a, nil
}

func tokenActor(ctx context.Context, q db.Querier, hash string, now int64) (a Actor, used int64, err error) {
	var id int64
	err = q.QueryRow(ctx, `SELECT workspace_id, token_id FROM api_token_hash WHERE hash = $1`, hash).Scan(&a.Workspace, &id)
	if errors.Is(err, sql.ErrNoRows) {
		return Actor{}, 0, tokenBad()
	}
	if err != nil {
		return Actor{}, 0, err
	}
	t, err := scanToken(q.QueryRow(ctx, selectToken+`WHERE workspace_id = $1 AND id = $2 AND hash = $3`, a.Workspace, id, hash).Scan)
	if errors.Is(err, sql.ErrNoRows) || err == nil && t.Revoked {
		return Actor{}, 0, tokenBad()
	}
	if err != nil {
		return Actor{}, 0, err
	}
	if t.ExpiresAt.UnixMicro() <= now {
		return Actor{}, 0, errs.New(errs.Unauthenticated, "auth.token_expired")
	}
	a.Kind, a.Token, a.Member, a.Role, a.Scopes, a.Group = Token, t.ID, t.MadeBy, t.Role, t.Scopes, t.Group
	a.Name, a.expires = t.Name, t.ExpiresAt.UnixMicro()
	if !t.UsedAt.IsZero() {
		used = t.UsedAt.UnixMicro()
	}
	if t.MadeBy == 0 {
		return a, used, nil
	}
	var word string
	err = q.QueryRow(ctx, `SELECT role, language FROM member WHERE workspace_id = $1 AND id = $2 AND removed_at IS NULL`, a.Workspace, int64(t.MadeBy)).Scan(&word, &a.Language)
	if errors.Is(err, sql.ErrNoRows) {
		return Actor{}, 0, tokenBad()
	}
	if err != nil {
		return Actor{}, 0, err
	}
	maker, err := ParseRole(word)
	a.Role = min(a.Role, maker)
	return a, used, err
}

const selectToken = `SELECT id, name, prefix, role, scopes, group_id, made_by, created_at, expires_at, COALESCE(used_at, 0), revoked_at IS NOT NULL FROM api_token `

func scanToken(scan func(...any) error) (t APIToken, err error) {
	var role, scopes string
	var created, expires, used int64
	if err := scan(&t.ID, &t.Name, &t.Shown, &role, &scopes, &t.Group, &t.MadeBy, &created, &expires, &used, &t.Revoked); err != nil {
		return t, err
	}
	t.CreatedAt, t.ExpiresAt = timeOf(created), timeOf(expires)
	if used != 0 {
		t.UsedAt = timeOf(used)
	}
	if t.Role, err = ParseRole(role); err != nil {
		return t, err
	}
	t.Scopes, err = ParseScopes(scopes)
	return t, err
}

// groupExists refuses a contact group that the workspace has not; 0 is none and all right.
func groupExists(ctx context.Context, q db.Querier, workspace, group int64) error {
	if group == 0 {
		return nil
	}
	var n int64
	err := q.QueryRow(ctx, `SELECT COUNT(*) FROM contact_group WHERE workspace_id = $1 AND id = $2`, workspace, group).Scan(&n)
	if err == nil && n == 0 {
		err = errs.New(errs.NotFound, "auth.group_unknown", "value", group)
	}
	return err
}

func newToken() string {
	var b [secretBytes + crc32.Size]byte
	rand.Read(b[:secretBytes])
	binary.BigEndian.PutUint32(b[secretBytes:], crc32.ChecksumIEEE(b[:secretBytes]))
	return TokenPrefix + base32Lower.EncodeToString(b[:])
}

// isToken tells whether a text is a token, ours or another installation's.
func isToken(s string) bool {
	rest, ok := strings.CutPrefix(s, TokenPrefix)
	if !ok || len(s) != tokenLen {
		return false
	}
	b, err := base32Lower.DecodeString(rest)
	return err == nil && len(b) == secretBytes+crc32.Size && binary.BigEndian.Uint32(b[secretBytes:]) == crc32.ChecksumIEEE(b[:secretBytes])
}

func tokenBad() error { return errs.New(errs.Unauthenticated, "auth.token_bad") }
