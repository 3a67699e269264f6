package importer

import (
	"context"
	"errors"
	"fmt"

	"cadastro/internal/db"
	"cadastro/internal/normalize"
	"cadastro/internal/notify"
)

// finish ends an import whose chunks are applied, or which was cancelled: the result file is completed, the last state
// written and told of.
func (s *Service) finish(ctx context.Context, imp *Import, hold holder, result *resultJob) error {
	ctx = context.WithoutCancel(ctx)
	if imp.NextChunk == imp.Chunks && imp.Counts.Sum() != imp.Rows {
		return s.fail(ctx, imp, hold, fmt.Errorf("import %d: outcomes sum to %d of %d rows", imp.ID, imp.Counts.Sum(), imp.Rows))
	}
	if err := result.finish(); err != nil {
		return fmt.Errorf("import %d: result file: %w", imp.ID, err)
	}
	end := *imp
	end.State, end.resultKey, end.FinishedAt, end.Progress = Done, result.key, s.Now(), Step{}
	if end.NextChunk < end.Chunks {
		end.State = Cancelled
	}
	end.settle()
	err := s.ending(ctx, hold, func(ctx context.Context, tx *db.Tx, tell teller) error {
		// An import that gave its mark to nobody leaves none behind.
		_, err := tx.Exec(ctx, `DELETE FROM tag WHERE workspace_id = $1 AND of_import AND name_key = $2 AND NOT EXISTS
			(SELECT 1 FROM tag_contact m WHERE m.workspace_id = $1 AND m.tag_id = tag.id)`, imp.Workspace, normalize.Fold(imp.Settings.ImportTag))
		if err != nil {
			return err
		}
		n, err := tx.Exec(ctx, "UPDATE import SET state = $3, result_key = $4, finished_at = $5, phase = '' WHERE workspace_id = $1 AND id = $2 AND state = 'importing'",
			imp.Workspace, int64(imp.ID), string(end.State), result.key, end.FinishedAt.UnixMicro())
		if err != nil || n == 0 { // ended by another run
			return err
		}
		return tell(ctx, tx, &end)
	})
	if err != nil {
		return err
	}
	*imp = end
	s.Log.Info("import finished", "import_id", int64(imp.ID), "state", string(imp.State), "rows", imp.Rows, "imported", imp.Counts.Imported,
		"updated", imp.Counts.Updated, "skipped", imp.Counts.Skipped, "errors", imp.Counts.Errors, "took_ms", imp.FinishedAt.Sub(imp.StartedAt).Milliseconds())
	return nil
}

// fail ends an import that cannot go on, says why on it, and gives the error back. What was written stays.
func (s *Service) fail(ctx context.Context, imp *Import, hold holder, cause error) error {
	ctx = context.WithoutCancel(ctx)
	f := storedErrorOf(cause)
	text, err := jsonText(f)
	if err != nil {
		return errors.Join(cause, err)
	}
	end := *imp
	end.State, end.FinishedAt, end.Err, end.Progress = Failed, s.Now(), f.error(), Step{}
	end.settle()
	err = s.ending(ctx, hold, func(ctx context.Context, tx *db.Tx, tell teller) error {
		n, err := tx.Exec(ctx, "UPDATE import SET state = 'failed', error = $3, finished_at = $4, phase = '' WHERE workspace_id = $1 AND id = $2 AND state = $5 AND round = $6",
			imp.Workspace, int64(imp.ID), text, end.FinishedAt.UnixMicro(), string(imp.State), imp.round)
		if err != nil || n == 0 || hold == nil && imp.Set == 0 { // whoever waits at the command line for a review is told there
			return err
		}
		return tell(ctx, tx, &end)
	})
	if err != nil {
		return errors.Join(cause, err)
	}
	*imp = end
	return cause
}

// teller tells of the end of an import in the transaction that ends it.
type teller func(ctx context.Context, tx *db.Tx, imp *Import) error

// errUntold marks an end that could not be told of.
var errUntold = errors.New("the end of an import could not be told of")

// ending ends an import in one transaction and tells of it there. Where the telling itself fails, by its own fault, the
// import ends untold: it must not stay open for ever over a mail.
func (s *Service) ending(ctx context.Context, hold holder, f func(context.Context, *db.Tx, teller) error) error {
	write := func(tell teller) error {
		return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
			if err := hold.hold(ctx, tx); err != nil {
				return err
			}
			return f(ctx, tx, tell)
		})
	}
	err := write(func(ctx context.Context, tx *db.Tx, imp *Import) error {
		if err := s.tell(ctx, tx, imp); err != nil {
			return errors.Join(errUntold, err)
		}
		return nil
	})
	if !errors.Is(err, errUntold) || passing(ctx, err) {
		return err
	}
	s.Log.Error("import not told of", "error", err)
	return write(func(context.Context, *db.Tx, *Import) error { return nil })
}

// tell tells of the end of an import, or of its undoing.
func (s *Service) tell(ctx context.Context, tx *db.Tx, imp *Import) error {
	if s.Tell == nil {
		return nil
	}
	causes, err := s.causes(ctx, tx, imp)
	if err != nil {
		return err
	}
	c := imp.Counts
	e := &notify.ImportEnd{Workspace: imp.Workspace, ID: int64(imp.ID), State: string(imp.State), File: imp.FileName, Rows: imp.Rows, Imported: c.Imported,
		Updated: c.Updated, Skipped: c.Skipped, Errors: c.Errors, Unprocessed: c.Unprocessed, StartedAt: imp.StartedAt, FinishedAt: imp.FinishedAt, Fault: imp.Err}
	if imp.State == Undone {
		e.StartedAt, e.FinishedAt = imp.UndoneAt, imp.UndoneAt
	}
	for _, one := range causes {
		if one.Severity != CauseWarning {
			e.Causes = append(e.Causes, notify.Cause{Code: one.Key, Rows: one.Rows, Text: one.Title})
		}
	}
	for _, m := range []int64{imp.MemberID, imp.undoMember} {
		if m != 0 && (len(e.Members) == 0 || e.Members[0] != m) {
			e.Members = append(e.Members, m)
		}
	}
	return s.Tell(ctx, tx, e)
}
