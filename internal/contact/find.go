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
	drivers   []driver
	groups    [][]string // of texts that the searches' index is asked for
	due       *int64     // about how many contacts searches may not know; nil before it was asked
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
	zone, country, err := s.house(ctx, q, workspace)
	if err != nil {
		return nil, err
	}
	f := &finding{q: q, workspace: workspace, query: query, sight: sight}
	f.where = where{engine: q.Engine(), args: []any{workspace}, now: s.Now().In(zone), country: country}
	f.conds = []string{"c.deleted_at IS NULL"}
	if lq.Bin {
		f.conds[0] = "c.deleted_at IS NOT NULL"
	}
	search := words(lq.Search)
	for _, word := range search {
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
	f.drive(search)
	return f, nil
}

// house gives the time zone and the country that a workspace goes by.
func (s *Service) house(ctx context.Context, q db.Querier, workspace int64) (zone *time.Location, country string, err error) {
	if s.HouseOf != nil {
		return s.HouseOf(ctx, q, workspace)
	}
	return cmp.Or(s.Zone, time.UTC), cmp.Or(s.Country, "BR"), nil
}

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
	ids, err := f.ids(ctx, lq, after)
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

// ids gives the ids of a page and one more. Where an index leaves few candidates these are looked at; else the contacts
// are gone through in the order of the list until the page is full.
func (f *finding) ids(ctx context.Context, lq *ListQuery, after *cursor) ([]ID, error) {
	cand, few, err := f.candidates(ctx)
	if err != nil {
		return nil, err
	}
	order, behind := f.order(lq, after)
	conds := slices.Clone(f.conds)
	if behind != "" {
		conds = append(conds, behind)
	}
	if !few && lq.Sort == SortName {
		cond, err := f.among(ctx, "+c.id") // the plus keeps SQLite from beginning there
		if err != nil {
			return nil, err
		}
		if cond != "" {
			conds = append(conds, cond)
		}
	}
	where := " WHERE c.workspace_id = $1 AND " + strings.Join(conds, " AND ")
	end := " ORDER BY " + order + " LIMIT " + strconv.Itoa(lq.Limit+1)
	query := "SELECT c.id FROM contact c" + where + end
	switch {
	case few:
		b := &db.Batch{Width: 1}
		for _, id := range cand {
			b.Add(int64(id))
		}
		if err := f.q.Stage(ctx, "candidates", idCols, b); err != nil {
			return nil, err
		}
		query = "SELECT c.id FROM stage_candidates s JOIN contact c ON c.workspace_id = $1 AND c.id = s.id" + where + end
	case lq.Sort == SortName:
		if query, err = f.byName(ctx, lq, where, end); err != nil {
			return nil, err
		}
	}
	if few {
		return db.Collect(ctx, f.q, scanID, query, f.where.args...)
	}
	var ids []ID
	err = db.InOrder(ctx, f.q, func() error {
		ids, err = db.Collect(ctx, f.q, scanID, query, f.where.args...)
		return err
	})
	return ids, err
}

// byName goes through the order of names, whose stale entries fall away, and beside it through the contacts that it may
// not know yet.
func (f *finding) byName(ctx context.Context, lq *ListQuery, where, end string) (string, error) {
	ordered := strings.NewReplacer("c.workspace_id", "o.workspace_id", "(c.name_key, c.id)", "(o.name_key, o.contact_id)", "+c.id IN", "+o.contact_id IN",
		"c.name_key", "o.name_key")
	walk := "SELECT c.id FROM contact_order o JOIN contact c ON c.workspace_id = o.workspace_id AND c.id = o.contact_id AND c.name_key = o.name_key" +
		ordered.Replace(where) + strings.ReplaceAll(ordered.Replace(end), "c.id", "o.contact_id")
	due, err := f.countDue(ctx)
	if err != nil || due == 0 {
		return walk, err
	}
	tail := "SELECT DISTINCT c.id, c.name_key FROM " + dueContacts + where + end
	walk = strings.Replace(walk, "SELECT c.id", "SELECT c.id, c.name_key", 1)
	return "SELECT c.id FROM (SELECT * FROM (" + walk + ") AS known UNION SELECT * FROM (" + tail + ") AS due) AS c" + end, nil
}

// count counts what is found, at most bound.
func (f *finding) count(ctx context.Context, bound int64) (n int64, err error) {
	cand, few, err := f.candidates(ctx)
	if err != nil {
		return 0, err
	}
	from, conds := "contact c", f.conds
	if few {
		b := &db.Batch{Width: 1}
		for _, id := range cand {
			b.Add(int64(id))
		}
		if err := f.q.Stage(ctx, "candidates", idCols, b); err != nil {
			return 0, err
		}
		from = "stage_candidates s JOIN contact c ON c.workspace_id = $1 AND c.id = s.id"
	} else if cond, err := f.among(ctx, "c.id"); err != nil {
		return 0, err
	} else if cond != "" {
		conds = append(slices.Clone(conds), cond)
	}
	err = f.q.QueryRow(ctx, "SELECT COUNT(*) FROM (SELECT 1 FROM "+from+" WHERE c.workspace_id = $1 AND "+strings.Join(conds, " AND ")+
		" LIMIT "+strconv.FormatInt(bound, 10)+") AS counted", f.where.args...).Scan(&n)
	return n, err
}
