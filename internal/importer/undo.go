package importer

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/journal"
)

// UndoReport is what taking an import back did, or would do.
type UndoReport struct {
	Binned   int64     `json:"binned"`   // contacts that the import had added
	Restored int64     `json:"restored"` // contacts that got old values back
	Kept     int64     `json:"kept"`     // contacts of which something was edited since and stays
	List     []KeptRow `json:"list,omitempty"`
}

// KeptRow is a contact of which an undo left something alone. Fields is empty where the contact itself, which the
// import had added, stays because it was edited since.
type KeptRow struct {
	Contact contact.ID `json:"contact"`
	Fields  []string   `json:"fields,omitempty"`
}

// maxKeptListed bounds how many kept contacts a report names; the count is always whole.
const maxKeptListed = 1000

// undoRows is how many contacts go into one transaction of an undo.
const undoRows = 5000

func (u *UndoReport) keep(id contact.ID, fields []string) {
	u.Kept++
	if len(u.List) < maxKeptListed {
		u.List = append(u.List, KeptRow{id, fields})
	}
}

// Undo takes an import back, or goes on where an earlier run stopped: contacts that it added go to the bin, fields
// that it changed get their old values, tags and groups that it gave go. What was edited since stays and is
// listed. It can be done for a limited time, once.
func (s *Service) Undo(ctx context.Context, workspace int64, id ID, progress Progress) (*Import, error) {
	if err := auth.RequireIn(ctx, workspace, auth.ImportsRun); err != nil {
		return nil, err
	}
	release, err := s.lock(ctx, workspace)
	if err != nil {
		return nil, err
	}
	defer release()
	imp, err := s.load(ctx, workspace, id)
	if err != nil {
		return nil, err
	}
	return imp, s.undo(ctx, imp, nil, progress)
}

// undo is [Service.Undo] under the lock. hold is called in each transaction.
func (s *Service) undo(ctx context.Context, imp *Import, hold holder, progress Progress) error {
	if err := s.beginUndo(ctx, imp, hold); err != nil {
		return err
	}
	u := &undoer{s: s, imp: imp}
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := s.ending(context.WithoutCancel(ctx), hold, func(ctx context.Context, tx *db.Tx, tell teller) (err error) {
			more, err = u.step(ctx, tx, tell)
			return err
		})
		if err != nil {
			return fmt.Errorf("undo import %d: %w", imp.ID, err)
		}
		imp.undoChunk, imp.UndoReport = u.next, &u.report
		if progress != nil {
			n := u.report.Binned + u.report.Restored
			progress(PhaseUndo, n, imp.Counts.Imported+imp.Counts.Updated, n)
		}
	}
	imp.State, imp.UndoneAt, imp.Progress = Undone, u.ended, Step{}
	s.Log.Info("import undone", "import_id", int64(imp.ID), "binned", u.report.Binned, "restored", u.report.Restored, "kept", u.report.Kept)
	return nil
}

// PreviewUndo tells what an undo would do now, and changes nothing.
func (s *Service) PreviewUndo(ctx context.Context, workspace int64, id ID) (*UndoReport, error) {
	if err := auth.RequireIn(ctx, workspace, auth.ImportsRun); err != nil {
		return nil, err
	}
	imp, err := s.load(ctx, workspace, id)
	if err != nil {
		return nil, err
	}
	if err := s.mayUndo(imp); err != nil {
		return nil, err
	}
	u := &undoer{s: s, imp: imp, dry: true}
	imp.undoChunk, imp.UndoReport = 0, &UndoReport{}
	err = s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		for more := true; more; {
			if more, err = u.look(ctx, q); err != nil {
				return err
			}
			imp.undoChunk, imp.UndoReport = u.next, &u.report
		}
		return nil
	})
	return &u.report, err
}

func (s *Service) mayUndo(imp *Import) error {
	switch imp.State {
	case Done, Cancelled, Failed, Undoing:
	case Undone:
		return errs.New(errs.Conflict, "undo.done", "id", int64(imp.ID))
	default:
		return stateError(imp)
	}
	if imp.Set == 0 {
		return errs.New(errs.Conflict, "undo.nothing", "id", int64(imp.ID))
	}
	if _, undo := s.kept(imp.Workspace); imp.State != Undoing && over(imp.FinishedAt, s.Now(), undo) {
		return errs.New(errs.Conflict, "undo.too_late", "id", int64(imp.ID), "days", int(undo.Hours()/24))
	}
	return nil
}

// MayUndo tells whether an import can be taken back now, and until when.
func (s *Service) MayUndo(imp *Import) (until time.Time, ok bool) {
	if imp.State == Undoing || s.mayUndo(imp) != nil {
		return time.Time{}, false
	}
	return s.KeptUntil(imp), true
}

// beginUndo opens the change set of an undoing that is new. The state may be Undoing before that, while it waits in line.
func (s *Service) beginUndo(ctx context.Context, imp *Import, hold holder) error {
	if err := s.mayUndo(imp); err != nil || imp.State == Undoing && imp.UndoSet != 0 {
		return err
	}
	was := *imp
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		*imp = was
		if err := hold.hold(ctx, tx); err != nil {
			return err
		}
		if imp.State != Undoing {
			imp.undoActor, imp.undoMember = actorOf(ctx)
		}
		if err := setState(ctx, tx, imp, Undoing, Done, Cancelled, Failed, Undoing); err != nil {
			return err
		}
		imp.UndoSet, err = journal.Open(ctx, tx, imp.Workspace, journal.Set{Kind: journal.KindUndo, Actor: imp.undoActor, ImportID: int64(imp.ID), Undoes: imp.Set, MadeAt: s.micros()})
		if err != nil {
			return err
		}
		imp.undoChunk, imp.UndoReport = 0, &UndoReport{}
		imp.Progress = Step{Phase: PhaseUndo, Total: imp.Counts.Imported + imp.Counts.Updated, At: s.Now()}
		_, err = tx.Exec(ctx, `UPDATE import SET undo_set_id = $3, undo_chunk = 0, undo_report = '{}', undo_actor = $4, undo_member_id = $5,
			phase = $6, phase_done = 0, phase_total = $7, phase_rows = 0, phase_at = $8 WHERE workspace_id = $1 AND id = $2`,
			imp.Workspace, int64(imp.ID), int64(imp.UndoSet), imp.undoActor, imp.undoMember, string(PhaseUndo), imp.Progress.Total, s.micros())
		return err
	})
}

// undoer takes an import back step by step. The cursor runs over the ids of contacts: first those that have an
// entry in the journal of the import, then, above 2^62, those that it added.
type undoer struct {
	s      *Service
	imp    *Import
	dry    bool
	next   int64
	report UndoReport

	updates []contact.Update // of the step at hand
	bin     []contact.ID
	ended   time.Time
}

const undoAdded = int64(1) << 62

// step does the next few thousand contacts and moves the cursor, in the caller's transaction.
func (u *undoer) step(ctx context.Context, tx *db.Tx, tell teller) (more bool, err error) {
	imp := u.imp
	if more, err = u.look(ctx, tx); err != nil {
		return more, err
	}
	if err := contact.Write(ctx, tx, u.stamp(), nil, u.updates); err != nil {
		return false, err
	}
	if err := contact.Bin(ctx, tx, u.stamp(), u.bin); err != nil {
		return false, err
	}
	text, err := jsonText(u.report)
	if err != nil {
		return false, err
	}
	done := u.report.Binned + u.report.Restored
	state, phase, ended := Undoing, PhaseUndo, sql.NullInt64{}
	if !more {
		u.ended = u.s.Now()
		state, phase, ended = Undone, "", micros(u.ended)
	}
	n, err := tx.Exec(ctx, `UPDATE import SET state = $3, undo_chunk = $4, undo_report = $5, phase = $6, phase_done = $7, phase_rows = $7, phase_at = $8, undone_at = $9
		WHERE workspace_id = $1 AND id = $2 AND state = 'undoing'`,
		imp.Workspace, int64(imp.ID), string(state), u.next, text, string(phase), done, u.s.micros(), ended)
	if err != nil || more {
		return more, err
	}
	if n == 0 {
		return false, stateError(imp)
	}
	end := *imp
	end.State, end.UndoneAt, end.UndoReport = Undone, u.ended, &u.report
	return false, tell(ctx, tx, &end)
}

// look finds what the next step changes, and moves the cursor in memory.
func (u *undoer) look(ctx context.Context, q db.Querier) (more bool, err error) {
	imp := u.imp
	report := UndoReport{} // imp.UndoReport may be u.report itself
	if imp.UndoReport != nil {
		report = *imp.UndoReport
		report.List = append([]KeptRow(nil), imp.UndoReport.List...)
	}
	u.next, u.report, u.updates, u.bin = imp.undoChunk, report, nil, nil
	if u.next < undoAdded {
		return true, u.changed(ctx, q)
	}
	return u.added(ctx, q)
}

// changed finds contacts that the import changed and gives them their old values.
func (u *undoer) changed(ctx context.Context, q db.Querier) error {
	imp := u.imp
	entries, err := journal.Entries(ctx, q, imp.Workspace, imp.Set, u.next, undoRows)
	if err != nil {
		return err
	}
	ids := make([]contact.ID, len(entries))
	for i, e := range entries {
		ids[i] = contact.ID(e.ContactID)
	}
	now, err := contact.Load(ctx, q, imp.Workspace, ids, contact.Whole(), !u.dry)
	if err != nil {
		return err
	}
	for _, e := range entries {
		old := now[contact.ID(e.ContactID)]
		if old == nil {
			continue // erased since
		}
		c := old.Clone()
		kept, err := c.Revert(e.Changes)
		if err != nil {
			return fmt.Errorf("%v: %w", old, err)
		}
		kept = without(kept, contact.FieldTyped)
		if len(kept) > 0 {
			u.report.keep(c.ID, kept)
		}
		if changes := contact.Diff(old, c); len(changes) > 0 {
			u.report.Restored++
			u.updates = append(u.updates, contact.Update{Old: old, New: c, Changes: changes})
		}
	}
	u.next = undoAdded
	if len(entries) == undoRows {
		u.next = entries[len(entries)-1].ContactID
	}
	return nil
}

// added finds contacts that the import made and that go into the bin: all but those that somebody has touched since.
func (u *undoer) added(ctx context.Context, q db.Querier) (more bool, err error) {
	imp := u.imp
	after := u.next - undoAdded
	if after < imp.idBase {
		after = imp.idBase
	}
	type added struct {
		id, by int64
		gone   bool
	}
	rows, err := db.Collect(ctx, q, func(r *sql.Rows) (a added, err error) { return a, r.Scan(&a.id, &a.by, &a.gone) },
		`SELECT id, changed_by, deleted_at IS NOT NULL FROM contact WHERE workspace_id = $1 AND id > $2 AND id <= $3 AND created_by = $4
		ORDER BY id LIMIT $5`, imp.Workspace, after, imp.idBase+imp.Rows, int64(imp.Set), 4*undoRows)
	if err != nil {
		return false, err
	}
	for _, a := range rows {
		switch {
		case a.gone:
		case a.by != int64(imp.Set):
			u.report.keep(contact.ID(a.id), nil)
		default:
			u.bin = append(u.bin, contact.ID(a.id))
		}
	}
	u.report.Binned += int64(len(u.bin))
	if more = len(rows) == 4*undoRows; more {
		u.next = undoAdded + rows[len(rows)-1].id
	}
	return more, nil
}

func (u *undoer) stamp() contact.Stamp {
	return contact.Stamp{Workspace: u.imp.Workspace, Set: u.imp.UndoSet, Now: u.s.micros()}
}

func without(list []string, s string) []string {
	var out []string
	for _, v := range list {
		if v != s {
			out = append(out, v)
		}
	}
	return out
}
