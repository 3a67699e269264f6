package mapping

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"cadastro/internal/auth"
	"cadastro/internal/db"
	"cadastro/internal/errs"
)

// maxName bounds the name of a saved mapping, in bytes.
const maxName = 200

// List gives the saved mappings, the last used first, at most limit of them.
func (s *Store) List(ctx context.Context, workspace int64, limit int) ([]Saved, error) {
	if err := auth.RequireIn(ctx, workspace, auth.ImportsRun); err != nil {
		return nil, err
	}
	var list []Saved
	err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) (err error) {
		list, err = db.Collect(ctx, q, scanSaved, `SELECT id, name, settings, used_at FROM mapping WHERE workspace_id = $1
			ORDER BY used_at DESC, id DESC LIMIT $2`, workspace, limit)
		return err
	})
	return list, err
}

// Get gives a saved mapping. Error: NotFound mapping.unknown.
func (s *Store) Get(ctx context.Context, workspace, id int64) (Saved, error) {
	if err := auth.RequireIn(ctx, workspace, auth.ImportsRun); err != nil {
		return Saved{}, err
	}
	var list []Saved
	err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) (err error) {
		list, err = db.Collect(ctx, q, scanSaved, `SELECT id, name, settings, used_at FROM mapping WHERE workspace_id = $1 AND id = $2`, workspace, id)
		return err
	})
	if err == nil && len(list) == 0 {
		err = unknown()
	}
	if err != nil {
		return Saved{}, err
	}
	return list[0], nil
}

// Rename gives a saved mapping another name. Errors: Invalid mapping.name {max}; Conflict mapping.name_taken {name} where
// another one of the same headers has it; NotFound mapping.unknown.
func (s *Store) Rename(ctx context.Context, workspace, id int64, name string) error {
	if err := auth.RequireIn(ctx, workspace, auth.ImportsRun); err != nil {
		return err
	}
	name = strings.Join(strings.Fields(strings.ToValidUTF8(name, "")), " ")
	if name == "" || len(name) > maxName {
		return errs.New(errs.Invalid, "mapping.name", "max", maxName)
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		var print string
		err := tx.QueryRow(ctx, "SELECT fingerprint FROM mapping WHERE workspace_id = $1 AND id = $2"+tx.ForUpdate(), workspace, id).Scan(&print)
		if errors.Is(err, sql.ErrNoRows) {
			return unknown()
		}
		if err != nil {
			return err
		}
		var taken int64
		err = tx.QueryRow(ctx, "SELECT COUNT(*) FROM mapping WHERE workspace_id = $1 AND fingerprint = $2 AND name = $3 AND id <> $4", workspace, print, name, id).Scan(&taken)
		if err == nil && taken > 0 {
			err = errs.New(errs.Conflict, "mapping.name_taken", "name", name)
		}
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "UPDATE mapping SET name = $3 WHERE workspace_id = $1 AND id = $2", workspace, id, name)
		return err
	})
}

// Delete forgets a saved mapping. Imports that used it keep their settings. Error: NotFound mapping.unknown.
func (s *Store) Delete(ctx context.Context, workspace, id int64) error {
	if err := auth.RequireIn(ctx, workspace, auth.ImportsRun); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.Exec(ctx, "DELETE FROM mapping WHERE workspace_id = $1 AND id = $2", workspace, id)
		if err == nil && n == 0 {
			err = unknown()
		}
		return err
	})
}

func unknown() error { return errs.New(errs.NotFound, "mapping.unknown") }
