package auth

import (
	"context"
	"database/sql"
	"slices"

	"cadastro/internal/db"
	"cadastro/internal/errs"
)

// RestrictGroup leaves a contact group to the given teams and members, and to admins; with none of either, to admins
// alone. Errors, NotFound: auth.group_unknown, auth.team_unknown, auth.member_unknown {value}.
func (s *Service) RestrictGroup(ctx context.Context, group int64, teams []TeamID, members []MemberID) error {
	return s.setAccess(ctx, group, true, func(ctx context.Context, tx *db.Tx, workspace int64) error {
		for _, t := range teams {
			if err := teamExists(ctx, tx, workspace, t); err != nil {
				return err
			}
			if err := grant(ctx, tx, workspace, group, t, 0); err != nil {
				return err
			}
		}
		for _, m := range members {
			if err := memberExists(ctx, tx, workspace, m); err != nil {
				return err
			}
			if err := grant(ctx, tx, workspace, group, 0, m); err != nil {
				return err
			}
		}
		return nil
	})
}

// OpenGroup lets everybody in the workspace see a contact group.
func (s *Service) OpenGroup(ctx context.Context, group int64) error {
	return s.setAccess(ctx, group, false, func(context.Context, *db.Tx, int64) error { return nil })
}

func (s *Service) setAccess(ctx context.Context, group int64, restricted bool, grants func(context.Context, *db.Tx, int64) error) error {
	a, err := require(ctx, GroupsRestrict)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE contact_group SET restricted = $3 WHERE workspace_id = $1 AND id = $2`, a.Workspace, group, restricted)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.NotFound, "auth.group_unknown", "value", group)
		}
		if _, err := tx.Exec(ctx, `DELETE FROM group_access WHERE workspace_id = $1 AND group_id = $2`, a.Workspace, group); err != nil {
			return err
		}
		return grants(ctx, tx, a.Workspace)
	})
}

func grant(ctx context.Context, tx *db.Tx, workspace, group int64, t TeamID, m MemberID) error {
	_, err := tx.Exec(ctx, `INSERT INTO group_access (workspace_id, group_id, team_id, member_id) VALUES ($1, $2, $3, $4)
		ON CONFLICT (workspace_id, group_id, team_id, member_id) DO NOTHING`, workspace, group, int64(t), int64(m))
	return err
}

// Sight says which contacts of its workspace an actor sees, by the contact groups that they are in.
type Sight struct {
	All    bool    // every contact, but see Only
	Only   int64   // where not 0: none but those of this group
	Hidden []int64 // restricted groups that the actor is not let into, ascending
	Shown  []int64 // restricted groups that it is let into, ascending
}

// Sees tells whether a contact in the given groups is seen: it is in no restricted group, or in one that the actor is
// let into.
func (v Sight) Sees(groups []int64) bool {
	only, shown, hidden := v.Only == 0, v.All, false
	for _, g := range groups {
		only = only || g == v.Only
		shown = shown || inSorted(v.Shown, g)
		hidden = hidden || inSorted(v.Hidden, g)
	}
	return only && (shown || !hidden)
}

// Sight gives what the actor of ctx sees, in the transaction of the question, so that both are of one moment.
func (s *Service) Sight(ctx context.Context, q db.Querier) (Sight, error) {
	a, err := require(ctx, ContactsRead)
	if err != nil {
		return Sight{Only: -1}, err
	}
	v := Sight{All: a.Role == Admin, Only: a.Group}
	if v.All {
		return v, nil
	}
	type group struct{ id, let int64 }
	restricted, err := db.Collect(ctx, q, func(r *sql.Rows) (g group, err error) { return g, r.Scan(&g.id, &g.let) },
		`SELECT g.id, (SELECT COUNT(*) FROM group_access x WHERE x.workspace_id = g.workspace_id AND x.workspace_id = $1 AND x.group_id = g.id AND $2 <> 0
			AND (x.member_id = $2 OR x.team_id IN (SELECT t.team_id FROM team_member t WHERE t.workspace_id = $1 AND t.member_id = $2)))
		FROM contact_group g WHERE g.workspace_id = $1 AND g.restricted ORDER BY g.id`, a.Workspace, int64(a.Member))
	for _, g := range restricted {
		if g.let > 0 {
			v.Shown = append(v.Shown, g.id)
		} else {
			v.Hidden = append(v.Hidden, g.id)
		}
	}
	if err != nil {
		return Sight{Only: -1}, err
	}
	return v, nil
}

func inSorted(sorted []int64, g int64) bool {
	_, found := slices.BinarySearch(sorted, g)
	return found
}
