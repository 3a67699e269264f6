package importer

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/journal"
)

const importCols = `id, state, file_name, file_size, file_hash, file_key, plan_key, result_key, settings, summary, actor,
	row_count, chunk_count, next_chunk, imported, updated, skipped, errors, drifted, id_base, change_set_id, seen_change,
	undo_set_id, undo_chunk, undo_report, cancel_requested, error, created_at, reviewed_at, started_at, finished_at,
	member_id, from_id, job_id, round, phase, phase_done, phase_total, phase_rows, phase_at, undo_actor, undo_member_id, undone_at,
	COALESCE((SELECT m.name FROM member m WHERE m.workspace_id = import.workspace_id AND m.id = import.member_id), '')`

// Get gives one import.
func (s *Service) Get(ctx context.Context, workspace int64, id ID) (*Import, error) {
	if err := auth.RequireIn(ctx, workspace, auth.ImportsRead); err != nil {
		return nil, err
	}
	return s.load(ctx, workspace, id)
}

// List gives imports, the newest first, those before the given one (0 for the newest), at most limit.
func (s *Service) List(ctx context.Context, workspace int64, before ID, limit int) ([]*Import, error) {
	if err := auth.RequireIn(ctx, workspace, auth.ImportsRead); err != nil {
		return nil, err
	}
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

// load is [Service.Get] for those who have asked for leave.
func (s *Service) load(ctx context.Context, workspace int64, id ID) (imp *Import, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		imp, err = getImport(ctx, q, workspace, id)
		return err
	})
	return imp, err
}

func getImport(ctx context.Context, q db.Querier, workspace int64, id ID) (*Import, error) {
	return oneImport(workspace, id, q.QueryRow(ctx, "SELECT "+importCols+" FROM import WHERE workspace_id = $1 AND id = $2", workspace, int64(id)))
}

// lockImport reads an import that the transaction is going to change.
func lockImport(ctx context.Context, tx *db.Tx, workspace int64, id ID) (*Import, error) {
	return oneImport(workspace, id, tx.QueryRow(ctx, "SELECT "+importCols+" FROM import WHERE workspace_id = $1 AND id = $2"+tx.ForUpdate(), workspace, int64(id)))
}

func oneImport(workspace int64, id ID, row *sql.Row) (*Import, error) {
	imp, err := scanImport(row, workspace)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, errs.New(errs.NotFound, "import.not_found", "id", int64(id))
	}
	return imp, err
}

func scanImport(row interface{ Scan(...any) error }, workspace int64) (*Import, error) {
	i := &Import{Workspace: workspace}
	var settings, summary, report, fault string
	var set, undoSet, created int64
	var reviewed, started, finished, at, undone sql.NullInt64
	err := row.Scan(&i.ID, &i.State, &i.FileName, &i.FileSize, &i.FileHash, &i.fileKey, &i.planKey, &i.resultKey, &settings, &summary, &i.Actor,
		&i.Rows, &i.Chunks, &i.NextChunk, &i.Counts.Imported, &i.Counts.Updated, &i.Counts.Skipped, &i.Counts.Errors, &i.Drifted, &i.idBase, &set, &i.seen,
		&undoSet, &i.undoChunk, &report, &i.cancel, &fault, &created, &reviewed, &started, &finished,
		&i.MemberID, &i.FromID, &i.job, &i.round, &i.Progress.Phase, &i.Progress.Done, &i.Progress.Total, &i.Progress.Rows, &at, &i.undoActor, &i.undoMember, &undone, &i.MemberName)
	if err != nil {
		return nil, err
	}
	i.Set, i.UndoSet = journal.SetID(set), journal.SetID(undoSet)
	i.CreatedAt, i.ReviewedAt, i.StartedAt, i.FinishedAt = time.UnixMicro(created), moment(reviewed), moment(started), moment(finished)
	if i.Progress.At, i.UndoneAt = moment(at), moment(undone); i.Progress.Phase == "" && i.State != Importing {
		i.Progress = Step{}
	}
	i.settle()
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
		i.Err = f.error()
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

func (f storedError) error() *errs.Error {
	return &errs.Error{Kind: f.Kind, Code: f.Code, Args: f.Args}
}

func insertImport(ctx context.Context, tx *db.Tx, i *Import) error {
	settings, err := json.Marshal(i.Settings)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO import (workspace_id, id, state, file_name, file_size, file_hash, file_key, settings, actor, member_id, from_id, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`, i.Workspace, int64(i.ID), string(i.State), i.FileName, i.FileSize, i.FileHash, i.fileKey,
		string(settings), i.Actor, i.MemberID, int64(i.FromID), i.CreatedAt.UnixMicro())
	return err
}

// saveReview stores what a review sets, unless another one was begun or the import was cancelled since: then mine is false.
func saveReview(ctx context.Context, tx *db.Tx, i *Import) (mine bool, err error) {
	settings, err := json.Marshal(i.Settings)
	if err != nil {
		return false, err
	}
	summary, err := json.Marshal(i.Summary)
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(ctx, `UPDATE import SET state = $3, settings = $4, summary = $5, row_count = $6, chunk_count = $7,
		seen_change = $8, reviewed_at = $9, error = '', phase = '' WHERE workspace_id = $1 AND id = $2 AND state = 'validating' AND round = $10`,
		i.Workspace, int64(i.ID), string(i.State), string(settings), string(summary), i.Rows, i.Chunks, i.seen, micros(i.ReviewedAt), i.round)
	return n == 1, err
}

func micros(t time.Time) sql.NullInt64 {
	return sql.NullInt64{Int64: t.UnixMicro(), Valid: !t.IsZero()}
}

// setState moves an import on from one of the given states; a Conflict says that it was in another.
func setState(ctx context.Context, tx *db.Tx, i *Import, to State, from ...State) error {
	if !slices.Contains(from, i.State) {
		return stateError(i)
	}
	n, err := tx.Exec(ctx, "UPDATE import SET state = $3, phase = '' WHERE workspace_id = $1 AND id = $2 AND state = $4", i.Workspace, int64(i.ID), string(to), string(i.State))
	if err == nil && n == 0 { // somebody was quicker
		var now State
		if err = tx.QueryRow(ctx, "SELECT state FROM import WHERE workspace_id = $1 AND id = $2", i.Workspace, int64(i.ID)).Scan(&now); err == nil {
			i.State = now
			return stateError(i)
		}
	}
	if err != nil {
		return err
	}
	i.State = to
	i.settle()
	return nil
}

// stateError says that something cannot be done with an import in the state that it is in.
func stateError(i *Import) error {
	return errs.New(errs.Conflict, "import.state", "id", int64(i.ID), "state", i.State)
}

// storedErrorOf gives what is kept of the error that ended an import.
func storedErrorOf(cause error) storedError {
	f := storedError{Kind: errs.KindOf(cause), Code: errs.CodeOf(cause)}
	if e, ok := errors.AsType[*errs.Error](cause); ok {
		f.Args = e.Args
	}
	if f.Code == "" {
		f.Code = "internal"
	}
	return f
}

func jsonText(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

// workspaces lists all workspaces.
func (s *Service) workspaces(ctx context.Context) (list []int64, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		list, err = db.Collect(ctx, q, func(r *sql.Rows) (id int64, err error) { return id, r.Scan(&id) }, "SELECT id FROM workspace ORDER BY id")
		return err
	})
	return list, err
}
