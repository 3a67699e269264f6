package importer

import (
	"context"
	"database/sql"

	"cadastro/internal/auth"
	"cadastro/internal/db"
)

// Cancel asks an import that is under way to stop at the next border between chunks; one that has not started
// is cancelled at once. An undoing that waits for its turn is called off.
func (s *Service) Cancel(ctx context.Context, workspace int64, id ID) error {
	if err := auth.RequireIn(ctx, workspace, auth.ImportsRun); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		imp, err := lockImport(ctx, tx, workspace, id)
		if err != nil {
			return err
		}
		switch {
		case imp.State == Importing:
			_, err := tx.Exec(ctx, "UPDATE import SET cancel_requested = TRUE WHERE workspace_id = $1 AND id = $2", workspace, int64(id))
			return err
		case imp.State == Undoing && imp.UndoSet == 0:
			if err := setState(ctx, tx, imp, imp.endedAs(), Undoing); err != nil {
				return err
			}
		default:
			if err := setState(ctx, tx, imp, Cancelled, Uploaded, Validating, InReview, Queued); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, "UPDATE import SET finished_at = $3 WHERE workspace_id = $1 AND id = $2", workspace, int64(id), s.micros())
			if err != nil {
				return err
			}
		}
		return dropJob(ctx, tx, imp)
	})
}

// endedAs gives the state in which a run of the import ended.
func (i *Import) endedAs() State {
	switch {
	case i.Err != nil:
		return Failed
	case i.NextChunk < i.Chunks:
		return Cancelled
	}
	return Done
}

// Unfinished lists the imports of a workspace that a run began and did not end, and undoings that were asked for, the
// oldest first.
func (s *Service) Unfinished(ctx context.Context, workspace int64) ([]*Import, error) {
	if err := auth.RequireIn(ctx, workspace, auth.ImportsRead); err != nil {
		return nil, err
	}
	var list []*Import
	err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) (err error) {
		list, err = db.Collect(ctx, q, func(r *sql.Rows) (*Import, error) { return scanImport(r, workspace) },
			"SELECT "+importCols+" FROM import WHERE workspace_id = $1 AND state IN ('importing', 'undoing') ORDER BY id", workspace)
		return err
	})
	return list, err
}
