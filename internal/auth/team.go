package auth

import (
	"context"
	"database/sql"

	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/normalize"
)

// Team is members who share access.
type Team struct {
	ID      TeamID
	Name    string
	Members []MemberID // ascending
}

// Teams lists the teams of the workspace by name.
func (s *Service) Teams(ctx context.Context) ([]Team, error) {
	a, err := require(ctx, MembersRead)
	if err != nil {
		return nil, err
	}
	var out []Team
	err = s.db.Read(ctx, func(ctx context.Context, q db.Querier) error {
		type pair struct {
			id     TeamID
			name   string
			member MemberID
		}
		rows, err := db.Collect(ctx, q, func(r *sql.Rows) (p pair, err error) { return p, r.Scan(&p.id, &p.name, &p.member) },
			`SELECT t.id, t.name, COALESCE(m.member_id, 0) FROM team t
			LEFT JOIN team_member m ON m.workspace_id = t.workspace_id AND m.team_id = t.id
			WHERE t.workspace_id = $1 ORDER BY t.name_key, t.id, m.member_id`, a.Workspace)
		out = nil
		for _, r := range rows {
			if len(out) == 0 || out[len(out)-1].ID != r.id {
				out = append(out, Team{ID: r.id, Name: r.name})
			}
			if t := &out[len(out)-1]; r.member != 0 {
				t.Members = append(t.Members, r.member)
			}
		}
		return err
	})
	return out, err
}

// AddTeam makes a team. Errors: auth.name_bad, auth.team_exists {name} (Conflict): names are compared without regard
// to case or accents.
func (s *Service) AddTeam(ctx context.Context, name string) (Team, error) {
	a, err := require(ctx, MembersManage)
	if err != nil {
		return Team{}, err
	}
	if name, err = checkName(name); err != nil {
		return Team{}, err
	}
	t := Team{Name: name}
	err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		id, err := tx.Reserve(ctx, a.Workspace, "team", 1)
		if err != nil {
			return err
		}
		t.ID = TeamID(id)
		n, err := tx.Exec(ctx, `INSERT INTO team (workspace_id, id, name, name_key, created_at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (workspace_id, name_key) DO NOTHING`, a.Workspace, id, name, normalize.Fold(name), s.micros())
		if err == nil && n == 0 {
			err = errs.New(errs.Conflict, "auth.team_exists", "name", name)
		}
		return err
	})
	return t, err
}

// SetTeamMembers makes the given members, and no others, the team's. Errors, NotFound: auth.team_unknown {value},
// auth.member_unknown {value}.
func (s *Service) SetTeamMembers(ctx context.Context, id TeamID, members []MemberID) error {
	return s.setTeam(ctx, id, members, func(ctx context.Context, tx *db.Tx, workspace int64) error {
		return teamExists(ctx, tx, workspace, id)
	})
}

// SetTeam gives a team another name, and makes the given members, and no others, the team's. Errors: those of
// [Service.SetTeamMembers] and [Service.AddTeam].
func (s *Service) SetTeam(ctx context.Context, id TeamID, name string, members []MemberID) error {
	name, err := checkName(name)
	if err != nil {
		return err
	}
	return s.setTeam(ctx, id, members, func(ctx context.Context, tx *db.Tx, workspace int64) error {
		var others int64
		err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM team WHERE workspace_id = $1 AND name_key = $2 AND id <> $3`, workspace, normalize.Fold(name), int64(id)).Scan(&others)
		if err != nil {
			return err
		}
		if others > 0 {
			return errs.New(errs.Conflict, "auth.team_exists", "name", name)
		}
		n, err := tx.Exec(ctx, `UPDATE team SET name = $3, name_key = $4 WHERE workspace_id = $1 AND id = $2`, workspace, int64(id), name, normalize.Fold(name))
		if err == nil && n == 0 {
			err = errs.New(errs.NotFound, "auth.team_unknown", "value", int64(id))
		}
		return err
	})
}

func (s *Service) setTeam(ctx context.Context, id TeamID, members []MemberID, first func(context.Context, *db.Tx, int64) error) error {
	a, err := require(ctx, MembersManage)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := first(ctx, tx, a.Workspace); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM team_member WHERE workspace_id = $1 AND team_id = $2`, a.Workspace, int64(id)); err != nil {
			return err
		}
		for _, m := range members {
			if err := memberExists(ctx, tx, a.Workspace, m); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `INSERT INTO team_member (workspace_id, team_id, member_id) VALUES ($1, $2, $3)
				ON CONFLICT (workspace_id, team_id, member_id) DO NOTHING`, a.Workspace, int64(id), int64(m)); err != nil {
				return err
			}
		}
		return nil
	})
}

// RemoveTeam removes a team, and what it gave its members to see. Error: auth.team_unknown {value}.
func (s *Service) RemoveTeam(ctx context.Context, id TeamID) error {
	a, err := require(ctx, MembersManage)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := teamExists(ctx, tx, a.Workspace, id); err != nil {
			return err
		}
		for _, query := range []string{
			`DELETE FROM group_access WHERE workspace_id = $1 AND team_id = $2`,
			`DELETE FROM team_member WHERE workspace_id = $1 AND team_id = $2`,
			`DELETE FROM team WHERE workspace_id = $1 AND id = $2`,
		} {
			if _, err := tx.Exec(ctx, query, a.Workspace, int64(id)); err != nil {
				return err
			}
		}
		return nil
	})
}

func teamExists(ctx context.Context, q db.Querier, workspace int64, id TeamID) error {
	return mustCount(ctx, q, errs.New(errs.NotFound, "auth.team_unknown", "value", int64(id)),
		`SELECT COUNT(*) FROM team WHERE workspace_id = $1 AND id = $2`, workspace, int64(id))
}

func memberExists(ctx context.Context, q db.Querier, workspace int64, id MemberID) error {
	return mustCount(ctx, q, errs.New(errs.NotFound, "auth.member_unknown", "value", int64(id)),
		`SELECT COUNT(*) FROM member WHERE workspace_id = $1 AND id = $2 AND removed_at IS NULL`, workspace, int64(id))
}

func mustCount(ctx context.Context, q db.Querier, none error, query string, args ...any) error {
	var n int64
	if err := q.QueryRow(ctx, query, args...).Scan(&n); err != nil {
		return err
	}
	if n == 0 {
		return none
	}
	return nil
}
