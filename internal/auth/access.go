package auth

import (
	"context"
	"database/sql"

	"cadastro/internal/db"
)

// GroupAccess is who sees the contacts of a restricted group, beside the admins.
type GroupAccess struct {
	Teams   []TeamID   // ascending
	Members []MemberID // ascending
}

// Restricted gives the restricted contact groups of the workspace and who is let into each. A group that is not there is open.
func (s *Service) Restricted(ctx context.Context) (map[int64]GroupAccess, error) {
	a, err := require(ctx, GroupsManage)
	if err != nil {
		return nil, err
	}
	var out map[int64]GroupAccess
	err = s.db.Read(ctx, func(ctx context.Context, q db.Querier) error {
		type row struct{ group, team, member int64 }
		rows, err := db.Collect(ctx, q, func(r *sql.Rows) (v row, err error) { return v, r.Scan(&v.group, &v.team, &v.member) },
			`SELECT g.id, COALESCE(x.team_id, 0), COALESCE(x.member_id, 0) FROM contact_group g
			LEFT JOIN group_access x ON x.workspace_id = g.workspace_id AND x.group_id = g.id
			WHERE g.workspace_id = $1 AND g.restricted ORDER BY g.id, x.team_id, x.member_id`, a.Workspace)
		out = map[int64]GroupAccess{}
		for _, v := range rows {
			access := out[v.group]
			if v.team != 0 {
				access.Teams = append(access.Teams, TeamID(v.team))
			}
			if v.member != 0 {
				access.Members = append(access.Members, MemberID(v.member))
			}
			out[v.group] = access
		}
		return err
	})
	return out, err
}
