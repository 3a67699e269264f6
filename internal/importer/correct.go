package importer

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"cadastro/internal/db"
	"cadastro/internal/errs"
)

const (
	// overlayRows is how many rows the corrections of a review may concern before it is done again instead: the overlay is
	// read and written as a whole.
	overlayRows = 5_000
	// fixTries is how often a correction is tried that others get ahead of.
	fixTries = 50
)

var errOverlaid = errors.New("somebody else corrected the review meanwhile")

// correct takes corrections and takes others back, decides what they concern and keeps it. The corrections are decided
// beside the transaction that writes them; where somebody else's come between, that is done again.
func (s *Service) correct(ctx context.Context, workspace int64, id ID, set []Fix, drop []CellAt) (*Import, []*RowResult, error) {
	for range fixTries {
		imp, rows, err := s.tryCorrect(ctx, workspace, id, set, drop)
		if !errors.Is(err, errOverlaid) {
			return imp, rows, err
		}
	}
	return nil, nil, errs.New(errs.Busy, "fix.busy", "id", int64(id))
}

func (s *Service) tryCorrect(ctx context.Context, workspace int64, id ID, set []Fix, drop []CellAt) (imp *Import, results []*RowResult, err error) {
	var f *fixer
	var change tally
	var rows []*PlanRow
	var edit edit
	err = s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		if imp, err = getImport(ctx, q, workspace, id); err != nil {
			return err
		}
		if err := s.mayCorrect(imp); err != nil {
			return err
		}
		if f, err = s.openFixer(ctx, q, imp); err != nil {
			return err
		}
		defer f.plan.Close()
		if edit, err = f.edit(ctx, q, imp, set, drop); err != nil {
			return err
		}
		if err := f.redo(ctx, edit.rows, edit.fixes); err != nil {
			return err
		}
		change, rows, err = f.settle()
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	if len(f.plan.over.rows) > overlayRows {
		imp, err := s.correctAll(ctx, workspace, id, edit)
		return imp, nil, err
	}
	packed, err := f.plan.over.encode()
	if err != nil {
		return nil, nil, err
	}
	plan, version := imp.planKey, f.plan.over.version
	err = s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		if imp, err = lockImport(ctx, tx, workspace, id); err != nil {
			return err
		}
		if err := s.mayCorrect(imp); err != nil {
			return err
		}
		if imp.planKey != plan {
			return errOverlaid
		}
		if err := saveOverlay(ctx, tx, imp, version, packed); err != nil {
			return err
		}
		if err := edit.save(ctx, tx, imp, s.micros()); err != nil {
			return err
		}
		imp.Summary.count(change)
		imp.Summary.NewTags = f.plan.newTags()
		return saveSummary(ctx, tx, imp)
	})
	if err != nil {
		return nil, nil, err
	}
	for _, p := range rows {
		r := resultOf(imp, p, nil, 0)
		results = append(results, &r)
	}
	return imp, results, nil
}

func (s *Service) mayCorrect(imp *Import) error {
	if imp.State != InReview {
		return stateError(imp)
	}
	if s.expired(imp) {
		return expiredError(imp)
	}
	return nil
}

// edit is a change of the corrections of some rows.
type edit struct {
	rows  []int64 // in order
	set   []Fix
	drop  []CellAt
	fixes fixes // all corrections of these rows, afterwards
}

// edit finds out what corrections the rows have afterwards. A value that is the file's own is no correction.
func (f *fixer) edit(ctx context.Context, q db.Querier, imp *Import, set []Fix, drop []CellAt) (e edit, err error) {
	e = edit{drop: slices.Clone(drop), fixes: fixes{}}
	last := map[CellAt]int{}
	for i, fix := range set {
		last[CellAt{fix.Row, fix.Column}] = i
	}
	for i, fix := range set {
		if last[CellAt{fix.Row, fix.Column}] != i {
			continue // said again below
		}
		file, err := f.file(fix.Row)
		if err != nil {
			return e, err
		}
		if fix.Column >= len(file.Cells) {
			return e, noCell(fix.Row, fix.Column)
		}
		if fix.Column < 0 {
			fix.Was = digest(file.Cells)
		} else if fix.Was = file.Cells[fix.Column]; !fix.Dropped && fix.Value == fix.Was {
			e.drop = append(e.drop, CellAt{fix.Row, fix.Column})
			continue
		}
		e.set = append(e.set, fix)
		e.rows = append(e.rows, fix.Row)
	}
	for _, at := range e.drop {
		e.rows = append(e.rows, at.Row)
	}
	slices.Sort(e.rows)
	e.rows = slices.Compact(e.rows)
	if len(e.rows) == 0 {
		return e, nil
	}
	has, err := fixesOf(ctx, q, imp, e.rows[0], e.rows[len(e.rows)-1])
	if err != nil {
		return e, err
	}
	byHand := map[CellAt]struct{}{}
	for _, fix := range has {
		if fix.Origin == ByHand {
			byHand[CellAt{fix.Row, fix.Column}] = struct{}{}
		}
	}
	e.set = slices.DeleteFunc(e.set, func(fix Fix) bool { // a cure never goes over what a person wrote meanwhile
		_, ok := byHand[CellAt{fix.Row, fix.Column}]
		return ok && fix.Origin != ByHand
	})
	gone := map[CellAt]struct{}{}
	for _, at := range e.drop {
		gone[at] = struct{}{}
	}
	for _, fix := range e.set {
		gone[CellAt{fix.Row, fix.Column}] = struct{}{}
		e.fixes[fix.Row] = append(e.fixes[fix.Row], fix)
	}
	for _, fix := range has {
		if _, ok := slices.BinarySearch(e.rows, fix.Row); !ok {
			continue
		}
		if _, ok := gone[CellAt{fix.Row, fix.Column}]; !ok {
			e.fixes[fix.Row] = append(e.fixes[fix.Row], fix)
		}
	}
	for _, list := range e.fixes {
		slices.SortStableFunc(list, func(a, b Fix) int { return a.Column - b.Column })
	}
	return e, nil
}

// save writes the corrections.
func (e *edit) save(ctx context.Context, tx *db.Tx, imp *Import, now int64) error {
	_, member := actorOf(ctx)
	var gone db.Batch
	gone.Width = 2
	for _, at := range e.drop {
		gone.Add(at.Row, int64(at.Column))
	}
	rows := db.Batch{Width: 6}
	for i := range e.set {
		f := &e.set[i]
		act, value := f.act()
		gone.Add(f.Row, int64(f.Column))
		rows.Add(f.Row, int64(f.Column), f.Was, value, act, f.Origin)
	}
	if gone.Len() > 0 {
		if err := tx.Stage(ctx, "gone", db.Cols("row_number BIGINT", "col BIGINT"), &gone); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `DELETE FROM import_fix WHERE workspace_id = $1 AND import_id = $2
			AND (row_number, col) IN (SELECT row_number, col FROM stage_gone)`, imp.Workspace, int64(imp.ID))
		if err != nil {
			return err
		}
	}
	if rows.Len() == 0 {
		return nil
	}
	return tx.InsertRows(ctx, "import_fix", []db.Fixed{{Name: "workspace_id", Value: imp.Workspace}, {Name: "import_id", Value: int64(imp.ID)},
		{Name: "member_id", Value: member}, {Name: "made_at", Value: now}},
		db.Cols("row_number BIGINT", "col BIGINT", "was TEXT", "value TEXT", "act TEXT", "origin TEXT"), &rows)
}

// saveOverlay writes an overlay that was made of the given version; errOverlaid where that is not the newest.
func saveOverlay(ctx context.Context, tx *db.Tx, imp *Import, version int64, data []byte) error {
	var have int64
	var plan string
	err := tx.QueryRow(ctx, "SELECT version, plan_key FROM import_overlay WHERE workspace_id = $1 AND import_id = $2", imp.Workspace, int64(imp.ID)).Scan(&have, &plan)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if plan != imp.planKey {
		have = 0
	}
	if have != version {
		return errOverlaid
	}
	_, err = tx.Exec(ctx, `INSERT INTO import_overlay (workspace_id, import_id, plan_key, version, data) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (workspace_id, import_id) DO UPDATE SET plan_key = excluded.plan_key, version = excluded.version, data = excluded.data`,
		imp.Workspace, int64(imp.ID), imp.planKey, version+1, data)
	return err
}

// forgetFixes removes the corrections of an import whose file goes: they hold texts of it.
func (s *Service) forgetFixes(ctx context.Context, imp *Import) error {
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, table := range []string{"import_fix", "import_overlay"} {
			if _, err := tx.Exec(ctx, "DELETE FROM "+table+" WHERE workspace_id = $1 AND import_id = $2", imp.Workspace, int64(imp.ID)); err != nil {
				return err
			}
		}
		return nil
	})
}

func saveSummary(ctx context.Context, tx *db.Tx, imp *Import) error {
	text, err := jsonText(imp.Summary)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "UPDATE import SET summary = $3 WHERE workspace_id = $1 AND id = $2", imp.Workspace, int64(imp.ID), text)
	return err
}

// correctAll keeps corrections and does the review again, which takes them up.
func (s *Service) correctAll(ctx context.Context, workspace int64, id ID, e edit) (*Import, error) {
	var imp *Import
	err := s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if imp, err = lockImport(ctx, tx, workspace, id); err != nil {
			return err
		}
		if err := s.mayCorrect(imp); err != nil {
			return err
		}
		// The plan at hand does not have the corrections, so it is not to be started whatever comes between.
		if _, err := tx.Exec(ctx, "UPDATE import SET reviewed_at = 0 WHERE workspace_id = $1 AND id = $2", workspace, int64(id)); err != nil {
			return err
		}
		return e.save(ctx, tx, imp, s.micros())
	})
	if err != nil {
		return nil, err
	}
	return s.reviewAgain(ctx, imp, imp.Settings)
}

// quickRows is how many rows a review may have that a person waits for: half a second's.
const quickRows = 100_000

// reviewAgain does a review with other settings or corrections: at once where it is quick, else in the background.
func (s *Service) reviewAgain(ctx context.Context, imp *Import, set Settings) (*Import, error) {
	if imp.Rows <= quickRows {
		return s.Review(ctx, imp.Workspace, imp.ID, set, nil)
	}
	return s.StartReview(ctx, imp.Workspace, imp.ID, set)
}
