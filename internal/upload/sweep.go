package upload

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"cadastro/internal/db"
	"cadastro/internal/job"
)

// SweepKind is the kind of the job that drops uploads that nobody went on with; it is to be scheduled hourly.
const SweepKind = "upload.sweep"

// SweepWorker does the jobs of [SweepKind].
func (s *Service) SweepWorker() job.Worker {
	return job.Worker{Kind: SweepKind, Run: func(ctx context.Context, _ *job.Run) error { return s.Sweep(ctx) }}
}

// Sweep drops the uploads of all workspaces whose time is over, and blobs that a crash left without an upload.
func (s *Service) Sweep(ctx context.Context) error {
	type row struct {
		workspace int64
		id        string
	}
	now := s.Now()
	var list []row
	var known []string
	var workspaces []int64
	err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) (err error) {
		list, err = db.Collect(ctx, q, func(r *sql.Rows) (one row, err error) { return one, r.Scan(&one.workspace, &one.id) },
			"SELECT workspace_id, id FROM upload WHERE expires_at <= $1", now.UnixMicro())
		if err != nil {
			return err
		}
		workspaces, err = db.Collect(ctx, q, func(r *sql.Rows) (id int64, err error) { return id, r.Scan(&id) }, "SELECT id FROM workspace")
		if err != nil {
			return err
		}
		known, err = db.Collect(ctx, q, func(r *sql.Rows) (key string, err error) { return key, r.Scan(&key) }, "SELECT blob_key FROM upload_part")
		return err
	})
	if err != nil {
		return err
	}
	var all []error
	for _, one := range list {
		all = append(all, s.drop(ctx, one.workspace, one.id))
	}
	keep := make(map[string]bool, len(known))
	for _, k := range known {
		keep[k] = true
	}
	for _, w := range workspaces {
		all = append(all, s.sweepBlobs(ctx, w, keep, now.Add(-2*s.Life)))
	}
	return errors.Join(all...)
}

// sweepBlobs deletes the parts of a workspace older than a time that no row knows: of a process that died between the two.
func (s *Service) sweepBlobs(ctx context.Context, workspace int64, keep map[string]bool, before time.Time) error {
	var old []string
	for info, err := range s.Blobs.List(ctx, fmt.Sprintf("w%d/uploads/", workspace)) {
		if err != nil {
			return err
		}
		if !keep[info.Key] && info.Modified.Before(before) {
			old = append(old, info.Key)
		}
	}
	var all []error
	for _, key := range old {
		all = append(all, s.Blobs.Delete(ctx, key))
	}
	return errors.Join(all...)
}
