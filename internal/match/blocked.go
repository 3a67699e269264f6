package match

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strconv"

	"cadastro/internal/contact"
	"cadastro/internal/db"
)

// AnyBlocked tells whether the workspace has a do-not-contact list or erased people at all.
func AnyBlocked(ctx context.Context, q db.Querier, workspace int64) (bool, error) {
	var n int
	err := q.QueryRow(ctx, `SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM do_not_contact WHERE workspace_id = $1 LIMIT 1) AS a)
		+ (SELECT COUNT(*) FROM (SELECT 1 FROM erased_key WHERE workspace_id = $1 LIMIT 1) AS b)`, workspace).Scan(&n)
	return n > 0, err
}

// Blocked gives those keys that are on the do-not-contact list (false) or belong to an erased person (true).
func Blocked(ctx context.Context, q db.Querier, workspace int64, keys []contact.Key) (map[contact.Key]bool, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	b := &db.Batch{Width: 3}
	seen := make(map[contact.Key]struct{}, len(keys))
	for _, k := range keys {
		if _, ok := seen[k]; !ok {
			seen[k] = struct{}{}
			b.Add(string(k.Kind), k.Text, EraseHash(workspace, k))
		}
	}
	if err := q.Stage(ctx, "blocked", db.Cols("kind TEXT", "key TEXT", "hash TEXT"), b); err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, `SELECT s.kind, s.key, FALSE FROM stage_blocked s
			JOIN do_not_contact d ON d.workspace_id = $1 AND d.kind = s.kind AND d.key = s.key
		UNION ALL SELECT s.kind, s.key, TRUE FROM stage_blocked s
			JOIN erased_key e ON e.workspace_id = $1 AND e.kind = s.kind AND e.hash = s.hash`, workspace)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[contact.Key]bool{}
	for rows.Next() {
		var k contact.Key
		var erased bool
		if err := rows.Scan(&k.Kind, &k.Text, &erased); err != nil {
			return nil, err
		}
		out[k] = out[k] || erased
	}
	return out, rows.Err()
}

// EraseHash gives the form in which the key of an erased person is remembered, so that an import knows it again
// and nobody can read it.
func EraseHash(workspace int64, k contact.Key) string {
	h := sha256.Sum256([]byte("cadastro erased " + strconv.FormatInt(workspace, 10) + " " + string(k.Kind) + " " + k.Text))
	return hex.EncodeToString(h[:])
}
