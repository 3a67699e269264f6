package contact

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/filter"
)

// finding is a question about contacts, made ready.
type finding struct {
	q         db.Querier
	workspace int64
	query     *filter.Query
	sight     auth.Sight
	where     where
	conds     []string // all of them hold
}

// find makes a question ready for the actor of ctx, who has to hold p.
func (s *Service) find(ctx context.Context, q db.Querier, workspace int64, lq *ListQuery, p auth.Permission) (*finding, error) {
	sight, err := sightOf(ctx, q, workspace, p)
	if err != nil {
		return nil, err
	}
	cat, err := LoadCatalogue(ctx, q, workspace)
	if err != nil {
		return nil, err
	}
	query, err := filter.Parse(lq.Filter, NewWords(cat, sight))
	if err != nil {
		return nil, err
	}
	f := &finding{q: q, workspace: workspace, query: query, sight: sight}
	f.where = where{engine: q.Engine(), args: []any{workspace}, now: s.Now().In(s.zone()), country: s.country()}
	f.conds = []string{"c.deleted_at IS NULL"}
	if lq.Bin {
		f.conds[0] = "c.deleted_at IS NOT NULL"
	}
	for _, word := range words(lq.Search) {
		if len(f.conds) > filter.MaxTests {
			return nil, errs.New(errs.Invalid, "filter.too_many", "limit", filter.MaxTests)
		}
		f.conds = append(f.conds, f.where.word(word))
	}
	cond, err := query.SQL(f.where.test)
	if err != nil {
		return nil, err
	}
	for _, c := range []string{cond, Seen(sight)} {
		if c != "" {
			f.conds = append(f.conds, c)
		}
	}
	return f, nil
}

func (s *Service) zone() *time.Location { return cmp.Or(s.Zone, time.UTC) }

func (s *Service) country() string { return cmp.Or(s.Country, "BR") }

// order gives the columns of an order and the condition of what comes behind a place in it.
func (f *finding) order(lq *ListQuery, after *cursor) (order, behind string) {
	dir, sign := " DESC", " < "
	if lq.Asc {
		dir, sign = "", " > "
	}
	cols := []string{"c.id"}
	switch lq.Sort {
	case SortName:
		cols = []string{"c.name_key", "c.id"}
	case SortUpdated:
		cols = []string{"c.updated_at", "c.id"}
	}
	order = strings.Join(cols, dir+", ") + dir
	if after == nil {
		return order, ""
	}
	args := []any{after.ID}
	switch lq.Sort {
	case SortName:
		args = []any{after.Text, after.ID}
	case SortUpdated:
		args = []any{after.Num, after.ID}
	}
	marks := make([]string, len(args))
	for i, a := range args {
		marks[i] = f.where.arg(a)
	}
	return order, "(" + strings.Join(cols, ", ") + ")" + sign + "(" + strings.Join(marks, ", ") + ")"
}

// page gives the contacts of a page and one more, where there is one.
func (f *finding) page(ctx context.Context, lq *ListQuery, after *cursor, part Part) ([]Contact, error) {
	order, behind := f.order(lq, after)
	conds := f.conds
	if behind != "" {
		conds = append(slices.Clone(conds), behind)
	}
	ids, err := db.Collect(ctx, f.q, scanID, "SELECT c.id FROM contact c WHERE c.workspace_id = $1 AND "+strings.Join(conds, " AND ")+
		" ORDER BY "+order+" LIMIT "+strconv.Itoa(lq.Limit+1), f.where.args...)
	if err != nil {
		return nil, err
	}
	found, err := Load(ctx, f.q, f.workspace, ids, part, false)
	if err != nil {
		return nil, err
	}
	out := make([]Contact, 0, len(ids))
	for _, id := range ids {
		if c := found[id]; c != nil {
			out = append(out, *c)
		}
	}
	return out, nil
}

func (f *finding) count(ctx context.Context, bound int64) (n int64, err error) {
	err = f.q.QueryRow(ctx, "SELECT COUNT(*) FROM (SELECT 1 FROM contact c WHERE c.workspace_id = $1 AND "+strings.Join(f.conds, " AND ")+
		" LIMIT "+strconv.FormatInt(bound, 10)+") AS counted", f.where.args...).Scan(&n)
	return n, err
}
