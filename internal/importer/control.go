package importer

import (
	"context"
	"slices"

	"cadastro/internal/db"
)

// Cancel asks an import that is under way to stop at the next border between chunks; one that has not started
// is cancelled at once.
func (s *Service) Cancel(ctx context.Context, workspace int64, id ID) error {
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		imp, err := getImport(ctx, tx, workspace, id)
		if err != nil {
			return err
		}
		if imp.State == Importing {
			_, err := tx.Exec(ctx, "UPDATE import SET cancel_requested = TRUE WHERE workspace_id = $1 AND id = $2", workspace, int64(id))
			return err
		}
		return setState(ctx, tx, imp, Cancelled, Uploaded, Validating, InReview, Queued)
	})
}

// Unfinished lists the imports of a workspace that a run began and did not end, the oldest first.
func (s *Service) Unfinished(ctx context.Context, workspace int64) ([]*Import, error) {
	all, err := s.List(ctx, workspace, 0, 1000)
	if err != nil {
		return nil, err
	}
	var out []*Import
	for _, i := range slices.Backward(all) {
		if i.State == Importing || i.State == Undoing {
			out = append(out, i)
		}
	}
	return out, nil
}
