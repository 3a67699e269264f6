package importer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/db"
)

// uploadExpiry is how long a file waits for its first review.
const uploadExpiry = 24 * time.Hour

// Sweep expires reviews that nobody started in time and removes result files, originals and plans whose days are over: as
// long as an import can be taken back its plan stays, and that of one which never started as long as results do. The
// history stays. It is the program's own housekeeping and asks nobody for leave.
func (s *Service) Sweep(ctx context.Context, workspace int64) error {
	ctx = auth.With(ctx, auth.SystemActor(workspace))
	now := s.Now()
	ago := func(d time.Duration) int64 { return now.Add(-d).UnixMicro() }
	results, undo := s.kept(workspace)
	var list []*Import
	err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) (err error) {
		list, err = db.Collect(ctx, q, func(r *sql.Rows) (*Import, error) { return scanImport(r, workspace) }, "SELECT "+importCols+` FROM import WHERE workspace_id = $1 AND (
			state = 'review' AND reviewed_at < $2 OR state = 'uploaded' AND created_at < $3
			OR state = 'validating' AND job_id = 0 AND phase_at < $2
			OR result_key <> '' AND finished_at < $4
			OR file_key <> '' AND state NOT IN ('uploaded', 'validating', 'review', 'queued', 'importing', 'undoing') 
				AND COALESCE(finished_at, created_at) < CASE WHEN change_set_id = 0 THEN $4 ELSE $5 END) ORDER BY id`,
			workspace, ago(s.ReviewExpiry), ago(uploadExpiry), ago(results), ago(undo))
		return err
	})
	if err != nil {
		return err
	}
	for _, imp := range list {
		if err := s.sweep(ctx, imp, now); err != nil {
			return fmt.Errorf("sweep import %d: %w", imp.ID, err)
		}
	}
	return nil
}

func (s *Service) sweep(ctx context.Context, imp *Import, now time.Time) error {
	switch {
	case imp.State == InReview && s.expired(imp), imp.State == Uploaded, imp.State == Validating: // the last was left by the command line
		return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
			if err := setState(ctx, tx, imp, Expired, imp.State); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, "UPDATE import SET finished_at = $3 WHERE workspace_id = $1 AND id = $2", imp.Workspace, int64(imp.ID), now.UnixMicro())
			return err
		})
	case imp.State.Running(): // since the list was read
		return nil
	}
	results, _ := s.kept(imp.Workspace)
	if imp.resultKey != "" && over(imp.FinishedAt, now, results) {
		if err := s.Blobs.Delete(ctx, imp.resultKey); err != nil {
			return err
		}
		if err := s.forget(ctx, imp, "result_key"); err != nil {
			return err
		}
	}
	if !now.After(s.KeptUntil(imp)) {
		return nil
	}
	for info, err := range s.Blobs.List(ctx, fmt.Sprintf("w%d/imports/%d/", imp.Workspace, imp.ID)) {
		if err == nil {
			err = s.Blobs.Delete(ctx, info.Key)
		}
		if err != nil {
			return err
		}
	}
	return errors.Join(s.forgetFixes(ctx, imp), s.forget(ctx, imp, "result_key"), s.forget(ctx, imp, "plan_key"), s.forget(ctx, imp, "file_key"))
}

// forget empties a column that named a blob.
func (s *Service) forget(ctx context.Context, imp *Import, column string) error {
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE import SET "+column+" = '' WHERE workspace_id = $1 AND id = $2", imp.Workspace, int64(imp.ID))
		return err
	})
}

// adopt gives imports that are under way and have no job, one that goes on with them. The command line may be at work on
// one: then the job waits for the lock and finds it done.
func (s *Service) adopt(ctx context.Context, workspace int64) error {
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		list, err := db.Collect(ctx, tx, func(r *sql.Rows) (*Import, error) { return scanImport(r, workspace) }, "SELECT "+importCols+` FROM import
			WHERE workspace_id = $1 AND state IN ('validating', 'queued', 'importing', 'undoing') AND (state <> 'validating' OR job_id <> 0)
			AND NOT EXISTS (SELECT 1 FROM job j WHERE j.id = import.job_id AND j.state IN ('waiting', 'running')) ORDER BY id`, workspace)
		if err != nil {
			return err
		}
		for _, imp := range list {
			kind := KindApply
			switch imp.State {
			case Undoing:
				kind = KindUndo
			case Validating:
				kind = KindReview
			}
			if err := enqueue(ctx, tx, imp, kind); err != nil {
				return err
			}
		}
		return nil
	})
}
