package exporter

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"time"

	"cadastro/internal/contact"
	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/job"
)

// Workers gives the workers of the jobs that this package enqueues.
func (s *Service) Workers() []job.Worker {
	return []job.Worker{
		{Kind: KindRun, Slots: 2, Run: func(ctx context.Context, r *job.Run) error { return s.work(ctx, r, ID(r.IDs[0])) }},
		{Kind: KindTidy, Run: func(ctx context.Context, _ *job.Run) error { return s.Tidy(ctx) }},
	}
}

// work does an export. Begun again, it writes the file anew.
func (s *Service) work(ctx context.Context, r *job.Run, id ID) error {
	err := s.Run(ctx, r.Workspace, id)
	if err == nil || ctx.Err() != nil || job.NextRetry(err, r.Failures, 0, 0).Again {
		return err
	}
	code := errs.CodeOf(err)
	if code == "" {
		code = "internal"
	}
	if e := s.end(ctx, r.Workspace, id, func(x *Export) { x.State, x.Error = Failed, code }); e != nil {
		return fmt.Errorf("%w, and it could not be written down: %w", err, e)
	}
	return err
}

// errOver ends an export that is no longer to be done.
var errOver = errors.New("export is over")

// Run writes the file of an export, as its job does, for who asked for it, with what they may do now.
func (s *Service) Run(ctx context.Context, workspace int64, id ID) error {
	var x *Export
	asked := ctx
	err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) (err error) {
		if x, err = s.get(ctx, q, workspace, id, ""); err != nil || x.State != Waiting && x.State != Running {
			return err
		}
		as, err := contact.ActAs(ctx, q, workspace, x.Actor)
		asked = as
		return err
	})
	if err != nil || x.State != Waiting && x.State != Running {
		return err
	}
	key := fmt.Sprintf("w%d/exports/%d/file", workspace, id)
	w, err := s.Blobs.Create(ctx, key)
	if err != nil {
		return err
	}
	defer w.Abort()
	count := &counter{to: w}
	to, err := s.open(count, &x.Spec)
	if err != nil {
		return err
	}
	told := time.Time{}
	progress := func(done, total int64) error {
		if at := time.Now(); at.Sub(told) < 300*time.Millisecond && done > 0 {
			return nil
		} else {
			told = at
		}
		return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
			n, err := tx.Exec(ctx, "UPDATE export SET state = 'running', done = $3, total = $4 WHERE workspace_id = $1 AND id = $2 AND state IN ('waiting', 'running')", workspace, int64(id), done, total)
			if err == nil && n == 0 {
				err = errOver // it was cancelled
			}
			return err
		})
	}
	n, err := s.run(asked, workspace, &Options{Selection: x.Spec.Selection, Fields: x.Spec.Fields, Keys: x.Spec.Keys, Language: x.Spec.Language}, to, progress)
	if errors.Is(err, errOver) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := w.Commit(); err != nil {
		return err
	}
	keep := s.Keep
	switch {
	case s.KeepOf != nil:
		keep = s.KeepOf(workspace)
	case keep == 0:
		keep = DefaultKeep
	}
	return s.end(ctx, workspace, id, func(x *Export) {
		x.State, x.Done, x.Total, x.Size, x.key, x.ExpiresAt = Done, n, n, count.n, key, s.Now().Add(keep)
	})
}

// end writes the end of an export down, unless it has one already.
func (s *Service) end(ctx context.Context, workspace int64, id ID, set func(x *Export)) error {
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		x, err := s.get(ctx, tx, workspace, id, tx.ForUpdate())
		if err != nil || x.State != Waiting && x.State != Running {
			return err
		}
		set(x)
		x.FinishedAt = s.Now()
		var expires any
		if !x.ExpiresAt.IsZero() {
			expires = x.ExpiresAt.UnixMicro()
		}
		_, err = tx.Exec(ctx, `UPDATE export SET state = $3, done = $4, total = $5, file_size = $6, file_key = $7, error_code = $8, finished_at = $9, expires_at = $10
			WHERE workspace_id = $1 AND id = $2`, workspace, int64(id), string(x.State), x.Done, x.Total, x.Size, x.key, x.Error, x.FinishedAt.UnixMicro(), expires)
		if err == nil && s.Tell != nil {
			err = s.Tell(ctx, tx, workspace, x)
		}
		return err
	})
}

// Tidy removes the files that are over their days, of all workspaces; the history stays.
func (s *Service) Tidy(ctx context.Context) error {
	type old struct {
		workspace, id int64
		key           string
	}
	var list []old
	err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) (err error) {
		list, err = db.Collect(ctx, q, func(r *sql.Rows) (o old, err error) { return o, r.Scan(&o.workspace, &o.id, &o.key) },
			"SELECT workspace_id, id, file_key FROM export WHERE state = 'done' AND expires_at < $1 ORDER BY expires_at LIMIT 1000", s.Now().UnixMicro())
		return err
	})
	if err != nil {
		return err
	}
	for _, o := range list {
		if err := s.Blobs.Delete(ctx, o.key); err != nil {
			return err
		}
		err := s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, "UPDATE export SET state = 'expired', file_key = '' WHERE workspace_id = $1 AND id = $2", o.workspace, o.id)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// counter counts what goes through.
type counter struct {
	to io.Writer
	n  int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.to.Write(p)
	c.n += int64(n)
	return n, err
}
