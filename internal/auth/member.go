package auth

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"strings"
	"time"

	"cadastro/internal/db"
	"cadastro/internal/errs"
)

// maxName bounds the names of members, teams and tokens, in bytes.
const maxName = 200

// Member is a person in a workspace.
type Member struct {
	ID        MemberID
	Login     LoginID
	Name      string
	Email     string
	Role      Role
	Language  string
	Joined    bool // false: invited
	Second    bool // signs in with a second factor
	CreatedAt time.Time
	SeenAt    time.Time // zero: never, else to the minute
}

// NewMember is who is to be invited. Language "" is pt-BR.
type NewMember struct {
	Email    string
	Name     string
	Role     Role
	Language string
}

const selectMember = `SELECT m.id, l.login_id, m.name, m.email, m.role, m.language, l.joined_at IS NOT NULL, m.created_at, COALESCE(m.seen_at, 0),
	(SELECT COUNT(*) FROM login o WHERE o.id = l.login_id AND o.totp_on_at IS NOT NULL)
	FROM member m JOIN login_member l ON l.workspace_id = m.workspace_id AND l.member_id = m.id
	WHERE m.workspace_id = $1 AND m.removed_at IS NULL `

func scanMember(scan func(...any) error) (Member, error) {
	var m Member
	var role string
	var created, seen, second int64
	err := scan(&m.ID, &m.Login, &m.Name, &m.Email, &role, &m.Language, &m.Joined, &created, &seen, &second)
	if err != nil {
		return m, err
	}
	m.CreatedAt, m.Second = timeOf(created), second > 0
	if seen != 0 {
		m.SeenAt = timeOf(seen)
	}
	m.Role, err = ParseRole(role)
	return m, err
}

// Members lists the members of the actor's workspace, the oldest first.
func (s *Service) Members(ctx context.Context) ([]Member, error) {
	a, err := require(ctx, MembersRead)
	if err != nil {
		return nil, err
	}
	var out []Member
	err = s.db.Read(ctx, func(ctx context.Context, q db.Querier) (err error) {
		out, err = db.Collect(ctx, q, func(r *sql.Rows) (Member, error) { return scanMember(r.Scan) }, selectMember+`ORDER BY m.id`, a.Workspace)
		return err
	})
	return out, err
}

// MemberByEmail finds a member. Error: auth.member_unknown {value}, NotFound.
func (s *Service) MemberByEmail(ctx context.Context, email string) (Member, error) {
	_, key, err := readEmail(email)
	if err != nil {
		return Member{}, err
	}
	list, err := s.Members(ctx)
	if err != nil {
		return Member{}, err
	}
	for _, m := range list {
		if _, k, err := readEmail(m.Email); err == nil && k == key {
			return m, nil
		}
	}
	return Member{}, errs.New(errs.NotFound, "auth.member_unknown", "value", email)
}

// AddMember invites a person: the member is there at once, and joins by the link. An actor invites only whom it is
// itself a match for. Errors: auth.email_bad, auth.name_bad, auth.member_exists {email}, auth.too_strong {role}.
func (s *Service) AddMember(ctx context.Context, n NewMember) (Member, Link, error) {
	a, err := require(ctx, MembersManage)
	if err != nil {
		return Member{}, Link{}, err
	}
	if err := checkRole(n.Role); err != nil {
		return Member{}, Link{}, err
	}
	if !a.covers(n.Role, AllScopes) {
		return Member{}, Link{}, tooStrong(n.Role)
	}
	email, key, err := readEmail(n.Email)
	if err != nil {
		return Member{}, Link{}, err
	}
	if n.Name == "" {
		n.Name, _, _ = strings.Cut(email, "@")
	}
	if n.Name, err = checkName(n.Name); err != nil {
		return Member{}, Link{}, err
	}
	m := Member{Name: n.Name, Email: email, Role: n.Role, Language: language(n.Language)}
	var link Link
	err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		now := s.micros()
		m.CreatedAt = timeOf(now)
		m.Login, err = ensureLogin(ctx, tx, email, key, now)
		if err != nil {
			return err
		}
		m.ID, err = insertMember(ctx, tx, a.Workspace, m, now, false)
		if err != nil {
			return err
		}
		link, err = newLink(ctx, tx, PurposeInvite, a.Workspace, m.Login, now, s.opt.InviteLife)
		return err
	})
	if err != nil {
		return Member{}, Link{}, err
	}
	s.opt.Log.LogAttrs(ctx, slog.LevelInfo, "member invited", slog.Int64("workspace_id", a.Workspace),
		slog.Int64("member_id", int64(m.ID)), slog.String("role", m.Role.String()), slog.String("actor", a.String()))
	return m, link, nil
}

// SetRole gives a member another role, which ends the member's sessions in the workspace. Errors: auth.member_unknown,
// auth.last_admin, auth.too_strong {role}.
func (s *Service) SetRole(ctx context.Context, id MemberID, role Role) error {
	a, err := require(ctx, MembersManage)
	if err != nil {
		return err
	}
	if err := checkRole(role); err != nil {
		return err
	}
	if !a.covers(role, AllScopes) {
		return tooStrong(role)
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		m, err := s.memberFor(ctx, tx, a, id)
		if err != nil || m.Role == role {
			return err
		}
		if m.Role == Admin {
			if err := notLastAdmin(ctx, tx, a.Workspace, m); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `UPDATE member SET role = $3 WHERE workspace_id = $1 AND id = $2`, a.Workspace, int64(id), role.String()); err != nil {
			return err
		}
		return endMemberSessions(ctx, tx, a.Workspace, id)
	})
}

// RemoveMember takes a member out of the workspace, with sessions, links, teams and the tokens that the member made; the
// row stays for the history. A login that is in no other workspace goes too. Errors as of [Service.SetRole].
func (s *Service) RemoveMember(ctx context.Context, id MemberID) error {
	a, err := require(ctx, MembersManage)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		m, err := s.memberFor(ctx, tx, a, id)
		if err != nil {
			return err
		}
		if m.Role == Admin && m.Joined {
			if err := notLastAdmin(ctx, tx, a.Workspace, m); err != nil {
				return err
			}
		}
		return removeMember(ctx, tx, a.Workspace, m, s.micros())
	})
}

// memberFor reads a member that the actor wants to change, whom it must be a match for.
func (s *Service) memberFor(ctx context.Context, tx *db.Tx, a Actor, id MemberID) (Member, error) {
	m, err := scanMember(tx.QueryRow(ctx, selectMember+`AND m.id = $2`, a.Workspace, int64(id)).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return m, errs.New(errs.NotFound, "auth.member_unknown", "value", int64(id))
	}
	if err != nil {
		return m, err
	}
	if !a.covers(m.Role, AllScopes) {
		return m, tooStrong(m.Role)
	}
	return m, nil
}

// notLastAdmin refuses where nobody but m could administer the workspace. It locks the admins, so that two cannot
// take away each other's role at once.
func notLastAdmin(ctx context.Context, tx *db.Tx, workspace int64, m Member) error {
	admins, err := db.Collect(ctx, tx, func(r *sql.Rows) (id int64, err error) { return id, r.Scan(&id) },
		`SELECT id FROM member WHERE workspace_id = $1 AND role = 'admin' AND removed_at IS NULL ORDER BY id`+tx.ForUpdate(), workspace)
	if err != nil {
		return err
	}
	var others int64
	for _, id := range admins {
		if id == int64(m.ID) {
			continue
		}
		var joined int64
		err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM login_member WHERE workspace_id = $1 AND member_id = $2 AND joined_at IS NOT NULL`, workspace, id).Scan(&joined)
		if err != nil {
			return err
		}
		others += joined
	}
	if others == 0 {
		return errs.New(errs.Conflict, "auth.last_admin")
	}
	return nil
}

// ensureLogin finds or makes the login of an address.
func ensureLogin(ctx context.Context, tx *db.Tx, email, key string, now int64) (LoginID, error) {
	l, found, err := loginByKey(ctx, tx, key)
	if err != nil || found {
		return l.id, err
	}
	id, err := tx.Reserve(ctx, 0, "login", 1)
	if err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO login (id, email, email_key, created_at) VALUES ($1, $2, $3, $4)`, id, email, key, now)
	return LoginID(id), err
}

func insertMember(ctx context.Context, tx *db.Tx, workspace int64, m Member, now int64, joined bool) (MemberID, error) {
	id, err := tx.Reserve(ctx, workspace, "member", 1)
	if err != nil {
		return 0, err
	}
	var joinedAt any
	if joined {
		joinedAt = now
	}
	n, err := tx.Exec(ctx, `INSERT INTO login_member (login_id, workspace_id, member_id, joined_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (login_id, workspace_id) DO NOTHING`, int64(m.Login), workspace, id, joinedAt)
	if err != nil {
		return 0, err
	}
	if n == 0 {
		return 0, errs.New(errs.Conflict, "auth.member_exists", "email", m.Email)
	}
	_, err = tx.Exec(ctx, `INSERT INTO member (workspace_id, id, name, email, role, language, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		workspace, id, m.Name, m.Email, m.Role.String(), m.Language, now)
	return MemberID(id), err
}

func checkRole(r Role) error {
	if r.String() == "" {
		return errs.New(errs.Invalid, "auth.role_unknown", "value", "")
	}
	return nil
}

func tooStrong(r Role) error { return errs.New(errs.Forbidden, "auth.too_strong", "role", r.String()) }

// checkName trims a name and refuses what is none. Error: auth.name_bad {max}, Invalid.
func checkName(name string) (string, error) {
	name = strings.Join(strings.Fields(strings.ToValidUTF8(name, "")), " ")
	if name == "" || len(name) > maxName || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return "", errs.New(errs.Invalid, "auth.name_bad", "max", maxName)
	}
	return name, nil
}

func language(l string) string {
	switch l {
	case "es", "en":
		return l
	}
	return "pt-BR"
}
