package mapping

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"cadastro/internal/db"
)

// Store keeps the mappings that were used, so that the next file with the same headers needs no hand.
type Store struct {
	DB  *db.DB
	Now func() time.Time
}

// Saved is a mapping that was used before. Settings is what the caller kept with it.
type Saved struct {
	ID       int64
	Name     string
	Mapping  Mapping
	Settings json.RawMessage
	UsedAt   time.Time
}

type savedDoc struct {
	Mapping  Mapping         `json:"mapping"`
	Settings json.RawMessage `json:"settings,omitempty"`
}

// Save keeps a mapping under a name; one of the same name and headers is replaced.
func (s *Store) Save(ctx context.Context, workspace int64, name string, m Mapping, settings any) error {
	doc := savedDoc{Mapping: m}
	var err error
	if settings != nil {
		if doc.Settings, err = json.Marshal(settings); err != nil {
			return err
		}
	}
	text, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	print, now := Fingerprint(m.Headers()), s.Now().UnixMicro()
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.Exec(ctx, "UPDATE mapping SET settings = $4, used_at = $5 WHERE workspace_id = $1 AND fingerprint = $2 AND name = $3",
			workspace, print, name, string(text), now)
		if err != nil || n > 0 {
			return err
		}
		id, err := tx.Reserve(ctx, workspace, "mapping", 1)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "INSERT INTO mapping (workspace_id, id, name, fingerprint, settings, used_at) VALUES ($1, $2, $3, $4, $5, $6)",
			workspace, id, name, print, string(text), now)
		return err
	})
}

// Recent gives the saved mappings, those of the same headers first, then the newest, at most limit of them.
func (s *Store) Recent(ctx context.Context, workspace int64, headers []string, limit int) ([]Saved, error) {
	var list []Saved
	err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) (err error) {
		list, err = db.Collect(ctx, q, scanSaved, `SELECT id, name, settings, used_at FROM mapping WHERE workspace_id = $1
			ORDER BY CASE WHEN fingerprint = $2 THEN 0 ELSE 1 END, used_at DESC, id DESC LIMIT $3`, workspace, Fingerprint(headers), limit)
		return err
	})
	return list, err
}

func scanSaved(r *sql.Rows) (Saved, error) {
	var s Saved
	var text string
	var used int64
	if err := r.Scan(&s.ID, &s.Name, &text, &used); err != nil {
		return s, err
	}
	s.UsedAt = time.UnixMicro(used)
	var doc savedDoc
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		return s, fmt.Errorf("saved mapping %d: %w", s.ID, err)
	}
	s.Mapping, s.Settings = doc.Mapping, doc.Settings
	return s, nil
}
