// Package match finds which contacts of the base a record speaks of. What makes two values one identity is
// [contact.KeyOf]'s to say; here the keys of a whole batch are looked up at once.
package match

import (
	"context"
	"fmt"

	"cadastro/internal/contact"
	"cadastro/internal/db"
)

// Hits maps identity keys to the contacts that have them, those in the bin included.
type Hits map[contact.Key][]contact.ID

var cols = db.Cols("kind TEXT", "key TEXT")

// FindQuery looks up the staged keys of a batch.
const FindQuery = `SELECT k.kind, k.key, k.contact_id FROM stage_keys s
	JOIN contact_key k ON k.workspace_id = $1 AND k.kind = s.kind AND k.key = s.key`

// Find looks up keys with one statement. Keys that nobody has are not in the answer.
func Find(ctx context.Context, q db.Querier, workspace int64, keys []contact.Key) (Hits, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	b := &db.Batch{Width: 2}
	seen := make(map[contact.Key]struct{}, len(keys))
	for _, k := range keys {
		if _, ok := seen[k]; !ok {
			seen[k] = struct{}{}
			b.Add(string(k.Kind), k.Text)
		}
	}
	if err := q.Stage(ctx, "keys", cols, b); err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, FindQuery, workspace)
	if err != nil {
		return nil, fmt.Errorf("look up keys: %w", err)
	}
	defer rows.Close()
	hits := Hits{}
	for rows.Next() {
		var k contact.Key
		var id contact.ID
		if err := rows.Scan(&k.Kind, &k.Text, &id); err != nil {
			return nil, err
		}
		hits[k] = append(hits[k], id)
	}
	return hits, rows.Err()
}

// AnyKeys tells whether the workspace has any identity key at all; an import into an empty base saves its
// look-ups by it.
func AnyKeys(ctx context.Context, q db.Querier, workspace int64) (bool, error) {
	var n int
	err := q.QueryRow(ctx, "SELECT COUNT(*) FROM (SELECT 1 FROM contact_key WHERE workspace_id = $1 LIMIT 1) AS some", workspace).Scan(&n)
	return n > 0, err
}
