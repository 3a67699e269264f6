package importer

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"cadastro/internal/auth"
	"cadastro/internal/db"
	"cadastro/internal/errs"
)

// StartReview is [Service.Review] in the background: the settings are stored and a job reads the file. Called again
// before it is through, the newest settings win.
func (s *Service) StartReview(ctx context.Context, workspace int64, id ID, set Settings) (*Import, error) {
	if err := auth.RequireIn(ctx, workspace, auth.ImportsRun); err != nil {
		return nil, err
	}
	imp, err := s.beginReview(ctx, workspace, id, set, true)
	if err == nil {
		s.wake()
	}
	return imp, err
}

// beginReview stores the settings of a review that begins, and has a job do it in the background where that is asked
// for. An earlier one that is under way ends.
func (s *Service) beginReview(ctx context.Context, workspace int64, id ID, set Settings, background bool) (imp *Import, err error) {
	old := ""
	err = s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if imp, err = lockImport(ctx, tx, workspace, id); err != nil {
			return err
		}
		switch imp.State {
		case Uploaded, Validating, InReview, Expired:
		case Failed:
			if imp.Set != 0 {
				return startedError(imp)
			}
		default:
			return startedError(imp)
		}
		next := set
		if err := next.check(ctx, tx, workspace, s.micros()); err != nil {
			return err
		}
		if err := s.asked(ctx, tx, workspace, &next); err != nil {
			return err
		}
		if err := freeTag(ctx, tx, imp, &next); err != nil {
			return err
		}
		if background && imp.State == Validating {
			same, err := sameSettings(&next, &imp.Settings)
			if err == nil && same {
				same, err = jobLives(ctx, tx, imp)
			}
			if same || err != nil {
				return err // asked for twice
			}
		}
		if err := dropJob(ctx, tx, imp); err != nil {
			return err
		}
		old = imp.planKey
		imp.round++
		imp.Settings, imp.State, imp.job, imp.Err, imp.Rows, imp.Chunks, imp.Summary = next, Validating, 0, nil, 0, 0, Summary{}
		imp.Progress = Step{Phase: PhaseReview, Total: imp.FileSize, At: s.Now()}
		imp.planKey = fmt.Sprintf("w%d/imports/%d/plan-%d", workspace, imp.ID, imp.round)
		imp.settle()
		settings, err := json.Marshal(imp.Settings)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE import SET state = 'validating', settings = $3, summary = '{}', plan_key = $4, row_count = 0, chunk_count = 0, round = $5, job_id = 0,
			error = '', finished_at = NULL, phase = $6, phase_done = 0, phase_total = $7, phase_rows = 0, phase_at = $8 WHERE workspace_id = $1 AND id = $2`,
			workspace, int64(id), string(settings), imp.planKey, imp.round, string(PhaseReview), imp.FileSize, s.micros())
		if err != nil || !background {
			return err
		}
		return enqueue(ctx, tx, imp, KindReview)
	})
	if err != nil {
		return nil, err
	}
	if old != "" && old != imp.planKey {
		err = s.Blobs.Delete(ctx, old)
	}
	return imp, err
}

// numberedTag is a mark as [NextTag] makes it.
var numberedTag = regexp.MustCompile(`^(import-\d{4}-\d{2}-\d{2}-)(\d+)$`)

// freeTag gives the import another number in its mark where an import that is being prepared, or waits, has the same: the
// tag is made at the start, so the catalogue does not tell.
func freeTag(ctx context.Context, tx *db.Tx, imp *Import, set *Settings) error {
	parts := numberedTag.FindStringSubmatch(set.ImportTag)
	if parts == nil {
		return nil
	}
	others, err := db.Collect(ctx, tx, func(r *sql.Rows) (*Import, error) { return scanImport(r, imp.Workspace) },
		"SELECT "+importCols+" FROM import WHERE workspace_id = $1 AND id <> $2 AND state IN ('validating', 'review', 'queued', 'importing')", imp.Workspace, int64(imp.ID))
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(parts[2])
	for err == nil && slices.ContainsFunc(others, func(o *Import) bool { return o.Settings.ImportTag == set.ImportTag }) {
		n++
		set.ImportTag = parts[1] + strconv.Itoa(n)
	}
	return err
}

func sameSettings(a, b *Settings) (bool, error) {
	x, err := jsonText(a)
	if err != nil {
		return false, err
	}
	y, err := jsonText(b)
	return x == y, err
}

func startedError(imp *Import) error {
	return errs.New(errs.Conflict, "import.started", "id", int64(imp.ID), "state", imp.State)
}

// review reads the file of an import that is being validated. hold is called in the transaction that keeps the plan; nil
// for none.
func (s *Service) review(ctx context.Context, imp *Import, hold holder, progress Progress) error {
	err := s.readFile(ctx, imp, progress)
	if err != nil {
		if passing(ctx, err) {
			_, e := s.dropPlan(ctx, imp)
			return errors.Join(err, e)
		}
		return s.fail(ctx, imp, hold, err)
	}
	done := *imp
	done.State, done.ReviewedAt, done.Progress = InReview, s.Now(), Step{}
	done.settle()
	mine := false
	err = s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if err = hold.hold(ctx, tx); err == nil {
			mine, err = saveReview(ctx, tx, &done)
		}
		return err
	})
	if err == nil && mine {
		*imp = done
		return nil
	}
	now, e := s.dropPlan(ctx, imp)
	if err = errors.Join(err, e); err != nil {
		return err
	}
	return stateError(now)
}

// dropPlan removes the plan of a review that was cancelled, or begun again with other settings: then nobody knows of it.
func (s *Service) dropPlan(ctx context.Context, imp *Import) (now *Import, err error) {
	ctx = context.WithoutCancel(ctx)
	now, err = s.load(ctx, imp.Workspace, imp.ID)
	if err == nil && now.planKey != imp.planKey {
		err = s.Blobs.Delete(ctx, imp.planKey)
	}
	return now, err
}

func (s *Service) readFile(ctx context.Context, imp *Import, progress Progress) error {
	src, closer, err := s.source(ctx, imp)
	if err != nil {
		return err
	}
	defer closer.Close()
	return s.readTwo(ctx, imp.Workspace, func(ctx context.Context, q, beside db.Querier) error {
		r := &reviewer{s: s, imp: imp, q: q, beside: beside, progress: progress}
		return r.run(ctx, src)
	})
}
