package contact

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"cadastro/internal/auth"
	"cadastro/internal/db"
	"cadastro/internal/errs"
)

// Selection says which contacts: those of IDs, or where it is nil those of a list without Except.
type Selection struct {
	IDs    []ID   `json:"ids,omitempty"`
	Search string `json:"search,omitempty"`
	Filter string `json:"filter,omitempty"`
	Bin    bool   `json:"bin,omitempty"`
	Except []ID   `json:"except,omitempty"`
}

// MaxSelected is how many contacts a selection may name one by one.
const MaxSelected = 100_000

// Fix checks a selection and gives it in the form that is kept: names in its filter become numbers. Errors: those of
// filters; TooLarge selection.too_many {limit}; Invalid selection.nothing.
func (s *Service) Fix(ctx context.Context, q db.Querier, workspace int64, sel Selection, p auth.Permission) (Selection, error) {
	if len(sel.IDs) > MaxSelected || len(sel.Except) > MaxSelected {
		return sel, errs.New(errs.TooLarge, "selection.too_many", "limit", MaxSelected)
	}
	if sel.IDs != nil {
		if len(sel.IDs) == 0 {
			return sel, errs.New(errs.Invalid, "selection.nothing")
		}
		ids := slices.Clone(sel.IDs)
		slices.Sort(ids)
		return Selection{IDs: slices.Compact(ids), Bin: sel.Bin}, nil
	}
	f, err := s.find(ctx, q, workspace, &ListQuery{Search: sel.Search, Filter: sel.Filter, Bin: sel.Bin}, p)
	if err != nil {
		return sel, err
	}
	sel.Filter = f.query.Pinned()
	sel.Except = slices.Clone(sel.Except)
	slices.Sort(sel.Except)
	return sel, nil
}

// Selected gives up to limit of the selected contacts that the actor of ctx sees and that lie behind after and up to top,
// in the order of their ids. sel is as Fix gave it.
func (s *Service) Selected(ctx context.Context, q db.Querier, workspace int64, sel *Selection, p auth.Permission, after, top ID, limit int) ([]ID, error) {
	f, err := s.find(ctx, q, workspace, &ListQuery{Search: sel.Search, Filter: sel.Filter, Bin: sel.Bin}, p)
	if err != nil {
		return nil, err
	}
	cand, few, err := f.chosen(ctx, sel)
	if err != nil {
		return nil, err
	}
	from := "contact c"
	if few {
		b := &db.Batch{Width: 1}
		for _, id := range cand {
			if id > after && id <= top {
				b.Add(int64(id))
			}
		}
		if err := f.q.Stage(ctx, "candidates", idCols, b); err != nil {
			return nil, err
		}
		from = "stage_candidates s JOIN contact c ON c.workspace_id = $1 AND c.id = s.id"
	}
	for {
		ids, err := db.Collect(ctx, q, scanID, "SELECT c.id FROM "+from+" WHERE c.workspace_id = $1 AND "+strings.Join(f.conds, " AND ")+
			" AND c.id > "+strconv.FormatInt(int64(after), 10)+" AND c.id <= "+strconv.FormatInt(int64(top), 10)+" ORDER BY c.id LIMIT "+strconv.Itoa(limit), f.where.args...)
		if err != nil || len(ids) == 0 {
			return nil, err
		}
		last := ids[len(ids)-1]
		ids = slices.DeleteFunc(ids, func(id ID) bool { _, out := slices.BinarySearch(sel.Except, id); return out })
		if len(ids) > 0 {
			return ids, nil
		}
		after = last
	}
}

// chosen gives the candidates of a selection: its ids, or those of its conditions where they are few.
func (f *finding) chosen(ctx context.Context, sel *Selection) ([]ID, bool, error) {
	if sel.IDs != nil {
		return sel.IDs, true, nil
	}
	return f.candidates(ctx)
}

// CountSelected counts the selected contacts that the actor of ctx sees, and gives the highest id among all contacts.
func (s *Service) CountSelected(ctx context.Context, q db.Querier, workspace int64, sel *Selection, p auth.Permission) (n int64, top ID, err error) {
	if err := q.QueryRow(ctx, "SELECT COALESCE(MAX(id), 0) FROM contact WHERE workspace_id = $1", workspace).Scan(&top); err != nil {
		return 0, 0, err
	}
	if sel.IDs != nil {
		ids, err := s.Selected(ctx, q, workspace, sel, p, 0, top, MaxSelected)
		return int64(len(ids)), top, err
	}
	f, err := s.find(ctx, q, workspace, &ListQuery{Search: sel.Search, Filter: sel.Filter, Bin: sel.Bin}, p)
	if err != nil {
		return 0, top, err
	}
	if len(sel.Except) > 0 {
		b := &db.Batch{Width: 1}
		for _, id := range sel.Except {
			b.Add(int64(id))
		}
		if err := q.Stage(ctx, "except", idCols, b); err != nil {
			return 0, top, err
		}
		f.conds = append(f.conds, "c.id NOT IN (SELECT id FROM stage_except)")
	}
	n, err = f.count(ctx, 1<<40)
	return n, top, err
}
