package importer

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/journal"
)

const importCols = `id, state, file_name, file_size, file_hash, file_key, plan_key, result_key, settings, summary, actor,
	row_count, chunk_count, next_chunk, imported, updated, skipped, errors, drifted, id_base, change_set_id, seen_change,
	undo_set_id, undo_chunk, undo_report, cancel_requested, error, created_at, reviewed_at, started_at, finished_at`

// Get gives one import.
func (s *Service) Get(ctx context.Context, workspace int64, id ID) (*Import, error) {
	var imp *Import
	err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) (err error) {
		imp, err = getImport(ctx, q, workspace, id)
		return err
	})
	return imp, err
}

// List gives imports, the newest first, those before the given one (0 for the newest), at most limit.
func (s *Service) List(ctx context.Context, workspace int64, before ID, limit int) ([]*Import, error) {
	var list []*Import
	if before == 0 {
		before = 1 << 62
	}
	err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) (err error) {
		list, err = db.Collect(ctx, q, func(r *sql.Rows) (*Import, error) { return scanImport(r, workspace) },
			"SELECT "+importCols+" FROM import WHERE workspace_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3", workspace, int64(before), limit)
		return err
	})
	return list, err
}

func getImport(ctx context.Context, q db.Querier, workspace int64, id ID) (*Import, error) {
	imp, err := scanImport(q.QueryRow(ctx, "SELECT "+importCols+" FROM import WHERE workspace_id = $1 AND id = $2", workspace, int64(id)), workspace)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, errs.New(errs.NotFound, "import.not_found", "id", int64(id))
	}
	return imp, err
}

func scanImport(row interface{ Scan(...any) error }, workspace int64) (*Import, error) {
	i := &Import{Workspace: workspace}
	var settings, summary, report, fault string
	var set, undoSet, created int64
	var reviewed, started, finished sql.NullInt64
	err := row.Scan(&i.ID, &i.State, &i.FileName, &i.FileSize, &i.FileHash, &i.fileKey, &i.planKey, &i.resultKey, &settings, &summary, &i.Actor,
		&i.Rows, &i.Chunks, &i.NextChunk, &i.Counts.Imported, &i.Counts.Updated, &i.Counts.Skipped, &i.Counts.Errors, &i.Drifted, &i.idBase, &set, &i.seen,
		&undoSet, &i.undoChunk, &report, &i.cancel, &fault, &created, &reviewed, &started, &finished)
	if err != nil {
		return nil, err
	}
	i.Set, i.UndoSet = journal.SetID(set), journal.SetID(undoSet)
	i.CreatedAt, i.ReviewedAt, i.StartedAt, i.FinishedAt = time.UnixMicro(created), moment(reviewed), moment(started), moment(finished)
	if i.State == Cancelled || i.State == Failed || i.State == Undone {
		i.Counts.Unprocessed = i.Rows - i.Counts.Sum()
	}
	if err := json.Unmarshal([]byte(settings), &i.Settings); err != nil {
		return nil, fmt.Errorf("import %d: settings: %w", i.ID, err)
	}
	if err := json.Unmarshal([]byte(summary), &i.Summary); err != nil {
		return nil, fmt.Errorf("import %d: summary: %w", i.ID, err)
	}
	if report != "" {
		i.UndoReport = new(UndoReport)
		if err := json.Unmarshal([]byte(report), i.UndoReport); err != nil {
			return nil, fmt.Errorf("import %d: undo report: %w", i.ID, err)
		}
	}
	if fault != "" {
		var f storedError
		if err := json.Unmarshal([]byte(fault), &f); err != nil {
			return nil, fmt.Errorf("import %d: error: %w", i.ID, err)
		}
		i.Err = &errs.Error{Kind: f.Kind, Code: f.Code, Args: f.Args}
	}
	return i, nil
}

func moment(v sql.NullInt64) time.Time {
	if !v.Valid {
		return time.Time{}
	}
	return time.UnixMicro(v.Int64)
}

// storedError is an error as kept on a failed import.
type storedError struct {
	Kind errs.Kind `json:"kind"`
	Code string    `json:"code"`
	Args errs.Args `json:"args,omitempty"`
}

func insertImport(ctx context.Context, tx *db.Tx, i *Import) error {
	_, err := tx.Exec(ctx, `INSERT INTO import (workspace_id, id, state, file_name, file_size, file_hash, file_key, actor, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, i.Workspace, int64(i.ID), string(i.State), i.FileName, i.FileSize, i.FileHash, i.fileKey, i.Actor, i.CreatedAt.UnixMicro())
	return err
}

// saveReview stores what a review sets.
func saveReview(ctx context.Context, tx *db.Tx, i *Import) error {
	settings, err := json.Marshal(i.Settings)
	if err != nil {
		return err
	}
	summary, err := json.Marshal(i.Summary)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE import SET state = $3, settings = $4, summary = $5, plan_key = $6, row_count = $7, chunk_count = $8,
		seen_change = $9, reviewed_at = $10, error = '' WHERE workspace_id = $1 AND id = $2`,
		i.Workspace, int64(i.ID), string(i.State), string(settings), string(summary), i.planKey, i.Rows, i.Chunks, i.seen, micros(i.ReviewedAt))
	return err
}

func micros(t time.Time) sql.NullInt64 {
	return sql.NullInt64{Int64: t.UnixMicro(), Valid: !t.IsZero()}
}

// setState moves an import on from one of the given states; a Conflict says that it was in another.
func setState(ctx context.Context, tx *db.Tx, i *Import, to State, from ...State) error {
	for _, f := range from {
		if i.State == f {
			_, err := tx.Exec(ctx, "UPDATE import SET state = $3 WHERE workspace_id = $1 AND id = $2", i.Workspace, int64(i.ID), string(to))
			i.State = to
			return err
		}
	}
	return errs.New(errs.Conflict, "import.state", "id", int64(i.ID), "state", string(i.State))
}

// fail records why an import cannot go on, and gives the error back.
func (s *Service) fail(ctx context.Context, i *Import, cause error) error {
	ctx = context.WithoutCancel(ctx)
	f := storedError{Kind: errs.KindOf(cause), Code: errs.CodeOf(cause)}
	var e *errs.Error
	if errors.As(cause, &e) {
		f.Args = e.Args
	}
	if f.Code == "" {
		f.Code = "internal"
	}
	text, err := json.Marshal(f)
	if err != nil {
		return errors.Join(cause, err)
	}
	i.State = Failed
	err = s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE import SET state = $3, error = $4, finished_at = $5 WHERE workspace_id = $1 AND id = $2",
			i.Workspace, int64(i.ID), string(Failed), string(text), s.micros())
		return err
	})
	if err != nil {
		return errors.Join(cause, err)
	}
	return cause
}

func jsonText(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}
