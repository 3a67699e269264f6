package auth

import (
	"context"

	"cadastro/internal/db"
)

// What ends with what:
//
//	password set, second factor set or taken away   all sessions of the login, its reset links and half-done sign-ins
//	role changed                                     the member's sessions in the workspace
//	member removed                                   also the links, the teams, and the tokens the member made
//	sign out everywhere                              all sessions of the login and half-done sign-ins

// endLogin ends all sessions of a login but the one with hash keep, its reset links and half-done sign-ins. Invitations
// to other workspaces stay: no password gave them.
func endLogin(ctx context.Context, tx *db.Tx, id LoginID, keep string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM session WHERE login_id = $1 AND hash <> $2`, int64(id), keep); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM one_time WHERE login_id = $1 AND purpose IN ('reset', 'second')`, int64(id))
	return err
}

func endMemberSessions(ctx context.Context, tx *db.Tx, workspace int64, id MemberID) error {
	_, err := tx.Exec(ctx, `DELETE FROM session WHERE workspace_id = $1 AND member_id = $2`, workspace, int64(id))
	return err
}

func removeMember(ctx context.Context, tx *db.Tx, workspace int64, m Member, now int64) error {
	if err := endMemberSessions(ctx, tx, workspace, m.ID); err != nil {
		return err
	}
	for _, query := range []string{
		`UPDATE member SET removed_at = $3 WHERE workspace_id = $1 AND id = $2`,
		`UPDATE api_token SET revoked_at = $3 WHERE workspace_id = $1 AND made_by = $2 AND revoked_at IS NULL`,
	} {
		if _, err := tx.Exec(ctx, query, workspace, int64(m.ID), now); err != nil {
			return err
		}
	}
	for _, query := range []string{
		`DELETE FROM api_token_hash WHERE workspace_id = $1 AND token_id IN (SELECT id FROM api_token WHERE workspace_id = $1 AND made_by = $2)`,
		`DELETE FROM team_member WHERE workspace_id = $1 AND member_id = $2`,
		`DELETE FROM group_access WHERE workspace_id = $1 AND member_id = $2`,
		`DELETE FROM login_member WHERE workspace_id = $1 AND member_id = $2`,
	} {
		if _, err := tx.Exec(ctx, query, workspace, int64(m.ID)); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, `DELETE FROM one_time WHERE workspace_id = $1 AND login_id = $2`, workspace, int64(m.Login)); err != nil {
		return err
	}
	return dropUnusedLogin(ctx, tx, m.Login)
}

// dropUnusedLogin forgets a person who is in no workspace any more.
func dropUnusedLogin(ctx context.Context, tx *db.Tx, id LoginID) error {
	var left int64
	if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM login_member WHERE login_id = $1`, int64(id)).Scan(&left); err != nil || left > 0 {
		return err
	}
	for _, query := range []string{
		`DELETE FROM login WHERE id = $1`,
		`DELETE FROM login_identity WHERE login_id = $1`,
		`DELETE FROM recovery_code WHERE login_id = $1`,
		`DELETE FROM session WHERE login_id = $1`,
		`DELETE FROM one_time WHERE login_id = $1`,
	} {
		if _, err := tx.Exec(ctx, query, int64(id)); err != nil {
			return err
		}
	}
	return nil
}

// Sweep deletes what has expired. It may run as often as one likes, on any node.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.micros()
	return s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		for query, limit := range map[string]int64{
			`DELETE FROM session WHERE expires_at <= $1`:   now,
			`DELETE FROM session WHERE seen_at <= $1`:      now - s.opt.SessionIdle.Microseconds(),
			`DELETE FROM one_time WHERE expires_at <= $1`:  now,
			`DELETE FROM oidc_flow WHERE expires_at <= $1`: now,
			`DELETE FROM sign_in_try WHERE last_at <= $1`:  now - longestMemory.Microseconds(),
		} {
			if _, err := tx.Exec(ctx, query, limit); err != nil {
				return err
			}
		}
		return nil
	})
}
