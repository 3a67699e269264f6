package contact

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/job"
	"cadastro/internal/normalize"
)

// BulkAction is a change of many contacts.
type BulkAction string

// The actions.
const (
	BulkTag     BulkAction = "tag"
	BulkUntag   BulkAction = "untag"
	BulkGroup   BulkAction = "group"
	BulkUngroup BulkAction = "ungroup"
	BulkOwner   BulkAction = "owner"
	BulkDelete  BulkAction = "delete"
	BulkRestore BulkAction = "restore"
)

// permission gives what an action needs.
func (a BulkAction) permission() auth.Permission {
	if a == BulkDelete || a == BulkRestore {
		return auth.ContactsDelete
	}
	return auth.ContactsWrite
}

// BulkSpec is a change of many contacts. Tag is the name of the tag of BulkTag and BulkUntag (made where BulkTag finds
// none), Target the id of the group or of the owner, 0 for no owner.
type BulkSpec struct {
	Selection
	Action BulkAction
	Tag    string
	Target int64
}

// BulkID numbers bulk acts within a workspace.
type BulkID int64

// BulkState is where a bulk act stands.
type BulkState string

// The states.
const (
	BulkWaiting   BulkState = "waiting"
	BulkRunning   BulkState = "running"
	BulkDone      BulkState = "done"
	BulkCancelled BulkState = "cancelled"
	BulkFailed    BulkState = "failed"
	BulkUndoing   BulkState = "undoing"
	BulkUndone    BulkState = "undone"
)

// Live tells whether the act is still under way.
func (s BulkState) Live() bool { return s == BulkWaiting || s == BulkRunning || s == BulkUndoing }

// Bulk is a bulk act as it stands. Total is known once it runs; Changed counts contacts that were not so before; Kept
// counts those that an undo left alone because they were edited since.
type Bulk struct {
	ID                         BulkID
	Action                     BulkAction
	Name                       string // of the tag, group or owner
	State                      BulkState
	Actor                      string
	Total, Done, Changed, Kept int64
	Error                      string // code
	CreatedAt, FinishedAt      time.Time

	workspace, target, set, undoSet int64
	cursor, top                     ID
	selection                       Selection
	cancel                          bool
	undoActor                       string
	job                             job.ID
}

// Undoable tells whether the act changed something that can be taken back.
func (b *Bulk) Undoable() bool {
	return (b.State == BulkDone || b.State == BulkCancelled) && b.Changed > 0
}

// KindBulk is the kind of the job that does bulk acts. Those of a workspace are done one after another.
const KindBulk = "contact.bulk"

// StartBulk begins a bulk act in the background. Errors: those of [Service.Fix]; Invalid bulk.action_unknown {value},
// tag.name_bad {limit}; NotFound tag.not_found, group.not_found {id}, auth.member_unknown {value}.
func (s *Service) StartBulk(ctx context.Context, workspace int64, spec BulkSpec) (*Bulk, error) {
	var out *Bulk
	err := s.act(ctx, workspace, spec.Action.permission(), func(ctx context.Context, tx *db.Tx, a *act) error {
		b := &Bulk{Action: spec.Action, State: BulkWaiting, Actor: a.actor.String(), CreatedAt: s.Now(), workspace: workspace}
		if spec.Action == BulkRestore {
			spec.Bin = true
		}
		var err error
		if b.selection, err = s.Fix(ctx, tx, workspace, spec.Selection, spec.Action.permission()); err != nil {
			return err
		}
		if err := a.aim(ctx, tx, b, &spec); err != nil {
			return err
		}
		id, err := tx.Reserve(ctx, workspace, "bulk", 1)
		if err != nil {
			return err
		}
		b.ID = BulkID(id)
		if b.job, err = job.Add(ctx, tx, job.Spec{Workspace: workspace, Kind: KindBulk, IDs: []int64{id}, Queue: "bulk"}); err != nil {
			return err
		}
		sel, err := json.Marshal(&b.selection)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO bulk (workspace_id, id, action, selection, target, name, actor, state, job_id, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, workspace, id, string(b.Action), string(sel), b.target, b.Name, b.Actor, string(b.State), int64(b.job), a.now)
		out = b
		return err
	})
	s.wake()
	return out, err
}

func (s *Service) wake() {
	if s.Wake != nil {
		s.Wake()
	}
}

// aim finds the tag, group or member of an act.
func (a *act) aim(ctx context.Context, tx *db.Tx, b *Bulk, spec *BulkSpec) error {
	cat, err := LoadCatalogue(ctx, tx, a.workspace)
	if err != nil {
		return err
	}
	switch b.Action {
	case BulkTag:
		name, err := setName(spec.Tag, normalize.MaxTag)
		if err != nil {
			return errs.New(errs.Invalid, "tag.name_bad", "limit", normalize.MaxTag)
		}
		ids, err := EnsureTags(ctx, tx, a.workspace, []string{name}, a.now)
		if err != nil {
			return err
		}
		b.target, b.Name = ids[0], name
	case BulkUntag:
		t, ok := cat.Tags[normalize.Fold(spec.Tag)]
		if !ok {
			return errs.New(errs.NotFound, "tag.not_found", "id", errs.Clip(spec.Tag, 60))
		}
		b.target, b.Name = t.ID, t.Name
	case BulkGroup, BulkUngroup:
		if cat.GroupName(spec.Target) == "" || slices.Contains(a.sight.Hidden, spec.Target) {
			return errs.New(errs.NotFound, "group.not_found", "id", spec.Target)
		}
		b.target, b.Name = spec.Target, cat.GroupName(spec.Target)
	case BulkOwner:
		if spec.Target != 0 {
			if b.Name = cat.MemberName(strconv.FormatInt(spec.Target, 10)); b.Name == "" {
				return errs.New(errs.NotFound, "auth.member_unknown", "value", spec.Target)
			}
		}
		b.target = spec.Target
	case BulkDelete, BulkRestore:
	default:
		return errs.New(errs.Invalid, "bulk.action_unknown", "value", errs.Clip(string(b.Action), 40))
	}
	return nil
}

// GetBulk tells how a bulk act stands. Agents see their own. Error: NotFound bulk.not_found {id}.
func (s *Service) GetBulk(ctx context.Context, workspace int64, id BulkID) (*Bulk, error) {
	var out *Bulk
	err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) (err error) {
		out, err = seenBulk(ctx, q, workspace, id, "")
		return err
	})
	return out, err
}

// Bulks lists the newest bulk acts. Agents see their own.
func (s *Service) Bulks(ctx context.Context, workspace int64, limit int) ([]Bulk, error) {
	if err := auth.RequireIn(ctx, workspace, auth.ContactsRead); err != nil {
		return nil, err
	}
	if limit < 1 || limit > MaxPage {
		limit = DefaultPage
	}
	a, _ := auth.From(ctx) // RequireIn has seen it
	var out []Bulk
	err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) (err error) {
		out, err = db.Collect(ctx, q, scanBulk, "SELECT "+bulkCols+" FROM bulk WHERE workspace_id = $1 AND (actor = $2 OR $3) ORDER BY id DESC LIMIT $4",
			workspace, a.String(), a.Role > auth.Agent && a.Group == 0, limit)
		return err
	})
	return out, err
}

// CancelBulk ends a bulk act; what is done stays done.
func (s *Service) CancelBulk(ctx context.Context, workspace int64, id BulkID) (*Bulk, error) {
	var out *Bulk
	err := s.act(ctx, workspace, auth.ContactsWrite, func(ctx context.Context, tx *db.Tx, a *act) error {
		b, err := seenBulk(ctx, tx, workspace, id, tx.ForUpdate())
		if err != nil {
			return err
		}
		switch out = b; b.State {
		case BulkWaiting:
			b.State, b.FinishedAt = BulkCancelled, s.Now()
			if _, err := job.Cancel(ctx, tx, workspace, b.job); err != nil && errs.KindOf(err) != errs.NotFound {
				return err
			}
			_, err = tx.Exec(ctx, "UPDATE bulk SET state = $3, finished_at = $4 WHERE workspace_id = $1 AND id = $2", workspace, int64(id), string(b.State), a.now)
		case BulkRunning:
			_, err = tx.Exec(ctx, "UPDATE bulk SET cancel_requested = TRUE WHERE workspace_id = $1 AND id = $2", workspace, int64(id))
		}
		return err
	})
	return out, err
}

// UndoBulk takes a bulk act back in the background; what was edited since stays. Error: Conflict bulk.not_undoable {id}.
func (s *Service) UndoBulk(ctx context.Context, workspace int64, id BulkID) (*Bulk, error) {
	var out *Bulk
	err := s.act(ctx, workspace, auth.ContactsWrite, func(ctx context.Context, tx *db.Tx, a *act) error {
		b, err := seenBulk(ctx, tx, workspace, id, tx.ForUpdate())
		if err != nil {
			return err
		}
		if err := auth.RequireIn(ctx, workspace, b.Action.permission()); err != nil {
			return err
		}
		if !b.Undoable() {
			return errs.New(errs.Conflict, "bulk.not_undoable", "id", int64(id))
		}
		b.State, b.Total, b.Done, b.FinishedAt = BulkUndoing, b.Changed, 0, time.Time{}
		if b.job, err = job.Add(ctx, tx, job.Spec{Workspace: workspace, Kind: KindBulk, IDs: []int64{int64(id)}, Queue: "bulk"}); err != nil {
			return err
		}
		out = b
		_, err = tx.Exec(ctx, `UPDATE bulk SET state = $3, total = changed, done = 0, kept = 0, cursor = 0, undo_actor = $4, job_id = $5, finished_at = NULL
			WHERE workspace_id = $1 AND id = $2`, workspace, int64(id), string(b.State), a.actor.String(), int64(b.job))
		return err
	})
	s.wake()
	return out, err
}

const bulkCols = `workspace_id, id, action, selection, target, name, actor, state, total, done, changed, kept, cursor, top, change_set_id, undo_set_id,
	undo_actor, cancel_requested, error_code, job_id, created_at, COALESCE(finished_at, 0)`

func scanBulk(r *sql.Rows) (b Bulk, err error) { return b, b.scan(r) }

func (b *Bulk) scan(r interface{ Scan(...any) error }) error {
	var sel string
	var created, finished int64
	err := r.Scan(&b.workspace, &b.ID, &b.Action, &sel, &b.target, &b.Name, &b.Actor, &b.State, &b.Total, &b.Done, &b.Changed, &b.Kept, &b.cursor, &b.top, &b.set, &b.undoSet,
		&b.undoActor, &b.cancel, &b.Error, &b.job, &created, &finished)
	if err != nil {
		return err
	}
	b.CreatedAt = time.UnixMicro(created).UTC()
	if finished != 0 {
		b.FinishedAt = time.UnixMicro(finished).UTC()
	}
	return json.Unmarshal([]byte(sel), &b.selection)
}

func getBulk(ctx context.Context, q db.Querier, workspace int64, id BulkID, lock string) (*Bulk, error) {
	var b Bulk
	err := b.scan(q.QueryRow(ctx, "SELECT "+bulkCols+" FROM bulk WHERE workspace_id = $1 AND id = $2"+lock, workspace, int64(id)))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, errs.New(errs.NotFound, "bulk.not_found", "id", int64(id))
	}
	return &b, err
}

func seenBulk(ctx context.Context, q db.Querier, workspace int64, id BulkID, lock string) (*Bulk, error) {
	if err := auth.RequireIn(ctx, workspace, auth.ContactsRead); err != nil {
		return nil, err
	}
	b, err := getBulk(ctx, q, workspace, id, lock)
	if a, _ := auth.From(ctx); err == nil && b.Actor != a.String() && (a.Role == auth.Agent || a.Group != 0) {
		return nil, errs.New(errs.NotFound, "bulk.not_found", "id", int64(id))
	}
	return b, err
}

var errNameBad = errors.New("bad name")

// setName gives the name of a tag or group on one line, not empty and of limit runes at most.
func setName(text string, limit int) (string, error) {
	name, issues := normalize.CleanLine(text)
	if name == "" || len([]rune(name)) > limit || errs.Worst(issues) == errs.Reject {
		return "", errNameBad
	}
	return name, nil
}
