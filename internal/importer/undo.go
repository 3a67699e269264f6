package importer

import (
	"context"
	"database/sql"
	"fmt"

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
func (s *Service) Undo(ctx context.Context, workspace int64, id ID, actor string, progress Progress) (*Import, error) {
	release, ok, err := s.DB.TryLock(ctx, fmt.Sprintf("import-w%d", workspace))
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, errs.New(errs.Busy, "import.busy")
	}
	defer release()
	imp, err := s.Get(ctx, workspace, id)
	if err != nil {
		return nil, err
	}
	if err := s.beginUndo(ctx, imp, actor); err != nil {
		return nil, err
	}
	u := &undoer{s: s, imp: imp}
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return imp, err
		}
		err := s.DB.Write(context.WithoutCancel(ctx), func(ctx context.Context, tx *db.Tx) (err error) {
			more, err = u.step(ctx, tx)
			return err
		})
		if err != nil {
			return imp, fmt.Errorf("undo import %d: %w", imp.ID, err)
		}
		imp.undoChunk, imp.UndoReport = u.next, &u.report
		if progress != nil {
			n := u.report.Binned + u.report.Restored
			progress(PhaseUndo, n, imp.Counts.Imported+imp.Counts.Updated, n)
		}
	}
	imp.State = Undone
	s.Log.Info("import undone", "import_id", int64(imp.ID), "binned", u.report.Binned, "restored", u.report.Restored, "kept", u.report.Kept)
	return imp, nil
}

// PreviewUndo tells what an undo would do now, and changes nothing.
func (s *Service) PreviewUndo(ctx context.Context, workspace int64, id ID) (*UndoReport, error) {
	imp, err := s.Get(ctx, workspace, id)
	if err != nil {
		return nil, err
	}
	if err := s.mayUndo(imp); err != nil {
		return nil, err
	}
	u := &undoer{s: s, imp: imp, dry: true}
	imp.undoChunk, imp.UndoReport = 0, &UndoReport{}
	err = s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		for more := true; more; {
			if more, err = u.step(ctx, tx); err != nil {
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
	case Done, Cancelled, Undoing:
	case Undone:
		return errs.New(errs.Conflict, "undo.done", "id", int64(imp.ID))
	default:
		return errs.New(errs.Conflict, "import.state", "id", int64(imp.ID), "state", string(imp.State))
	}
	if imp.Set == 0 {
		return errs.New(errs.Conflict, "undo.nothing", "id", int64(imp.ID))
	}
	if imp.State != Undoing && over(imp.FinishedAt, s.Now(), s.UndoExpiry) {
		return errs.New(errs.Conflict, "undo.too_late", "id", int64(imp.ID), "days", int(s.UndoExpiry.Hours()/24))
	}
	return nil
}

func (s *Service) beginUndo(ctx context.Context, imp *Import, actor string) error {
	if err := s.mayUndo(imp); err != nil || imp.State == Undoing {
		return err
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		imp.UndoSet, err = journal.Open(ctx, tx, imp.Workspace, journal.Set{Kind: journal.KindUndo, Actor: actor, ImportID: int64(imp.ID), Undoes: imp.Set, MadeAt: s.micros()})
		if err != nil {
			return err
		}
		imp.undoChunk, imp.UndoReport, imp.State = 0, &UndoReport{}, Undoing
		_, err = tx.Exec(ctx, "UPDATE import SET state = $3, undo_set_id = $4, undo_chunk = 0, undo_report = '{}' WHERE workspace_id = $1 AND id = $2",
			imp.Workspace, int64(imp.ID), string(Undoing), int64(imp.UndoSet))
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
}

const undoAdded = int64(1) << 62

// step does the next few thousand contacts and moves the cursor, in the caller's transaction.
func (u *undoer) step(ctx context.Context, tx *db.Tx) (more bool, err error) {
	imp := u.imp
	report := UndoReport{} // imp.UndoReport may be u.report itself
	if imp.UndoReport != nil {
		report = *imp.UndoReport
		report.List = append([]KeptRow(nil), imp.UndoReport.List...)
	}
	u.next, u.report = imp.undoChunk, report
	if u.next < undoAdded {
		err = u.changed(ctx, tx)
		more = true
	} else {
		more, err = u.added(ctx, tx)
	}
	if err != nil || u.dry {
		return more, err
	}
	state := Undoing
	if !more {
		state = Undone
	}
	text, err := jsonText(u.report)
	if err != nil {
		return false, err
	}
	_, err = tx.Exec(ctx, "UPDATE import SET state = $3, undo_chunk = $4, undo_report = $5 WHERE workspace_id = $1 AND id = $2",
		imp.Workspace, int64(imp.ID), string(state), u.next, text)
	return more, err
}

// changed gives contacts that the import changed their old values back.
func (u *undoer) changed(ctx context.Context, tx *db.Tx) error {
	imp := u.imp
	entries, err := journal.Entries(ctx, tx, imp.Workspace, imp.Set, u.next, undoRows)
	if err != nil {
		return err
	}
	ids := make([]contact.ID, len(entries))
	for i, e := range entries {
		ids[i] = contact.ID(e.ContactID)
	}
	now, err := contact.Load(ctx, tx, imp.Workspace, ids, contact.Whole(), true)
	if err != nil {
		return err
	}
	var updates []contact.Update
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
			updates = append(updates, contact.Update{Old: old, New: c, Changes: changes})
		}
	}
	u.next = undoAdded
	if len(entries) == undoRows {
		u.next = entries[len(entries)-1].ContactID
	}
	if u.dry {
		return nil
	}
	return contact.Write(ctx, tx, u.stamp(), nil, updates)
}

// added puts contacts that the import made into the bin, but for those that somebody has touched since.
func (u *undoer) added(ctx context.Context, tx *db.Tx) (more bool, err error) {
	imp := u.imp
	after := u.next - undoAdded
	if after < imp.idBase {
		after = imp.idBase
	}
	type added struct {
		id, by int64
		gone   bool
	}
	rows, err := db.Collect(ctx, tx, func(r *sql.Rows) (a added, err error) { return a, r.Scan(&a.id, &a.by, &a.gone) },
		`SELECT id, changed_by, deleted_at IS NOT NULL FROM contact WHERE workspace_id = $1 AND id > $2 AND id <= $3 AND created_by = $4
		ORDER BY id LIMIT $5`, imp.Workspace, after, imp.idBase+imp.Rows, int64(imp.Set), 4*undoRows)
	if err != nil {
		return false, err
	}
	var ids []contact.ID
	for _, a := range rows {
		switch {
		case a.gone:
		case a.by != int64(imp.Set):
			u.report.keep(contact.ID(a.id), nil)
		default:
			ids = append(ids, contact.ID(a.id))
		}
	}
	u.report.Binned += int64(len(ids))
	if more = len(rows) == 4*undoRows; more {
		u.next = undoAdded + rows[len(rows)-1].id
	}
	if u.dry {
		return more, nil
	}
	return more, contact.Bin(ctx, tx, u.stamp(), ids)
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
