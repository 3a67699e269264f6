package importer

import (
	"context"
	"slices"
	"strings"

	"cadastro/internal/auth"
	"cadastro/internal/db"
	"cadastro/internal/errs"
)

// Cure is a way to correct all rows of a cause at once. It is offered, and never applied unasked.
//
// The texts are cure.<kind>.title, .question and .button of the catalogue; their arguments are Texts, which always has
// "rows" and "of".
type Cure struct {
	Key     string // for [Service.ApplyCure], e.g. "area_code_city"
	Kind    string // of the texts
	Rows    int64  // rows that it would correct
	Of      int64  // rows of the cause
	Texts   map[string]any
	Ask     string   // name of an argument that a person has to choose, "" for none
	Options []string // its values, the likeliest first
	Setting bool     // changes a setting of the import; the review is done again
	Samples []CureSample
}

// CureSample is one cell before and after a cure. Column is -1 where the whole row is decided.
type CureSample struct {
	Row, Line     int64
	Column        int
	Before, After string
}

// maxSamples is how many samples come with a cure.
const maxSamples = 5

// CauseCleared stands for the values that would be erased, where a cause is asked for.
const CauseCleared = "cleared"

// Cures gives the ways to correct the rows of a cause ("error.<code>", "warning.<code>", or [CauseCleared]), the best
// first, with at most five samples each. Cells that have been corrected already are left alone by all of them.
func (s *Service) Cures(ctx context.Context, imp *Import, cause string) (list []Cure, err error) {
	if err := auth.RequireIn(ctx, imp.Workspace, auth.ImportsRead); err != nil {
		return nil, err
	}
	if imp.State != InReview || imp.Rows == 0 {
		return nil, nil
	}
	list = settingCures(imp, cause)
	kinds := cellCures(cause)
	if len(kinds) == 0 && !isDateCause(cause) {
		return list, nil
	}
	var found []Cure
	err = s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		found = make([]Cure, len(kinds))
		d, err := s.openDoctor(ctx, q, imp, cause, nil)
		if err != nil {
			return err
		}
		defer d.plan.Close()
		if at := dateColumn(imp, cause); at >= 0 && isDateCause(cause) {
			if list, err = d.dateCures(ctx, at); err != nil {
				return err
			}
		}
		return d.each(ctx, 0, func(p *patient) (bool, error) {
			for i, kind := range kinds {
				if fixes := kind.rule(d, p); len(fixes) > 0 {
					found[i].Rows++
					if len(found[i].Samples) < maxSamples {
						found[i].Samples = append(found[i].Samples, p.samples(fixes)...)
					}
				}
			}
			return true, nil
		}, func() {
			for i, kind := range kinds {
				found[i].Key, found[i].Kind, found[i].Of = kind.key, kind.key, d.rows
				if kind.ask != nil {
					found[i].Ask, found[i].Options = kind.ask(d)
				}
			}
		})
	})
	if err != nil {
		return nil, err
	}
	var cures []Cure
	for i := range found {
		c := &found[i]
		if c.Rows == 0 {
			continue
		}
		c.Samples = c.Samples[:min(len(c.Samples), maxSamples)]
		c.Texts = map[string]any{"rows": c.Rows, "of": c.Of}
		cures = append(cures, *c)
	}
	// What keeps the rows comes first, what gives them up last.
	at := slices.IndexFunc(cures, func(c Cure) bool { return c.Key == cureDropCell || c.Key == cureLeaveOut })
	if at < 0 {
		at = len(cures)
	}
	return slices.Insert(cures, at, list...), nil
}

// CureRows gives what a cure would do, behind the row after, at most limit cells. Without the argument that it asks for,
// the likeliest is taken.
func (s *Service) CureRows(ctx context.Context, imp *Import, cause, key string, args map[string]string, after int64, limit int) (list []CureSample, err error) {
	if err := auth.RequireIn(ctx, imp.Workspace, auth.ImportsRead); err != nil {
		return nil, err
	}
	kind := cellCure(cause, key)
	if kind == nil || imp.State != InReview {
		return nil, nil
	}
	limit = min(max(limit, 0), maxRows)
	err = s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		d, err := s.openDoctor(ctx, q, imp, cause, args)
		if err != nil {
			return err
		}
		defer d.plan.Close()
		list = nil
		return d.each(ctx, after, func(p *patient) (bool, error) {
			if fixes := kind.rule(d, p); len(fixes) > 0 {
				list = append(list, p.samples(fixes)...)
			}
			return len(list) < limit, nil
		}, nil)
	})
	return list[:min(len(list), limit)], err
}

// ApplyCure corrects all rows of a cause and tells how many. The corrections are told in the result and go with
// [Service.DropCure]. Where they are many, or a setting changes, the review is done again: the import comes back
// Validating where that happens in the background, else InReview.
//
// Errors: Conflict import.state, import.expired; Invalid cure.unknown {key}, cure.needs {argument}.
func (s *Service) ApplyCure(ctx context.Context, workspace int64, id ID, cause, key string, args map[string]string) (*Import, int64, error) {
	if err := auth.RequireIn(ctx, workspace, auth.ImportsRun); err != nil {
		return nil, 0, err
	}
	imp, err := s.load(ctx, workspace, id)
	if err != nil {
		return nil, 0, err
	}
	if err := s.mayCorrect(imp); err != nil {
		return nil, 0, err
	}
	if isSettingCure(key) {
		list, err := s.Cures(ctx, imp, cause)
		if err != nil {
			return nil, 0, err
		}
		for _, c := range list {
			if set, ok := curedSettings(imp, key, dateColumn(imp, cause)); ok && c.Key == key {
				imp, err := s.reviewAgain(ctx, imp, set)
				return imp, c.Rows, err
			}
		}
	}
	kind := cellCure(cause, key)
	if kind == nil {
		return nil, 0, errs.New(errs.Invalid, "cure.unknown", "key", errs.Clip(key, 100))
	}
	if kind.needs != "" && args[kind.needs] == "" {
		return nil, 0, errs.New(errs.Invalid, "cure.needs", "argument", kind.needs)
	}
	var set []Fix
	rows := int64(0)
	err = s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		set, rows = nil, 0
		d, err := s.openDoctor(ctx, q, imp, cause, args)
		if err != nil {
			return err
		}
		defer d.plan.Close()
		return d.each(ctx, 0, func(p *patient) (bool, error) {
			if fixes := kind.rule(d, p); len(fixes) > 0 {
				rows++
				for i := range fixes {
					fixes[i].Origin = key
				}
				set = append(set, fixes...)
			}
			return true, nil
		}, nil)
	})
	if err != nil || rows == 0 {
		return imp, 0, err
	}
	imp, err = s.correctMany(ctx, imp, set, nil, rows)
	return imp, rows, err
}

// DropCure takes back all corrections that a cure made and tells how many rows that were.
func (s *Service) DropCure(ctx context.Context, workspace int64, id ID, key string) (*Import, int64, error) {
	if err := auth.RequireIn(ctx, workspace, auth.ImportsRun); err != nil {
		return nil, 0, err
	}
	imp, err := s.load(ctx, workspace, id)
	if err != nil {
		return nil, 0, err
	}
	if err := s.mayCorrect(imp); err != nil {
		return nil, 0, err
	}
	if strings.HasPrefix(key, "repeat_") {
		set := imp.Settings
		if set.Repeated == RepeatedError {
			return imp, 0, nil
		}
		rows := imp.Summary.Reasons["skip.repeated"] + imp.Summary.Reasons["skip.joined"]
		set.Repeated = RepeatedError
		imp, err := s.reviewAgain(ctx, imp, set)
		return imp, rows, err
	}
	var drop []CellAt
	rows := map[int64]struct{}{}
	err = s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		drop = nil
		clear(rows)
		return q.Each(ctx, func(r *db.Row) error {
			drop = append(drop, CellAt{r.Int(0), int(r.Int(1))})
			rows[r.Int(0)] = struct{}{}
			return nil
		}, "row_number, col", "import_fix WHERE workspace_id = $1 AND import_id = $2 AND origin = $3", workspace, int64(id), key)
	})
	if err != nil || len(drop) == 0 {
		return imp, 0, err
	}
	imp, err = s.correctMany(ctx, imp, nil, drop, int64(len(rows)))
	return imp, int64(len(rows)), err
}

// correctMany takes corrections of any number. A row decided alone costs as much as a hundred in a review.
func (s *Service) correctMany(ctx context.Context, imp *Import, set []Fix, drop []CellAt, rows int64) (*Import, error) {
	if rows <= max(50, imp.Rows/100) && rows <= overlayRows {
		out, _, err := s.correct(ctx, imp.Workspace, imp.ID, set, drop)
		return out, err
	}
	var e edit
	err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		f, err := s.openFixer(ctx, q, imp)
		if err != nil {
			return err
		}
		defer f.plan.Close()
		e, err = f.edit(ctx, q, imp, set, drop)
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.correctAll(ctx, imp.Workspace, imp.ID, e)
}
