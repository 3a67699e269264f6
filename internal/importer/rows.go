package importer

import (
	"context"
	"slices"
	"sort"
	"strings"

	"cadastro/internal/auth"
	"cadastro/internal/db"
)

// RowQuery asks for a page of an import's rows: at review with what is planned, afterwards with what came to be. All
// conditions that are set have to hold; the zero query asks for all rows.
type RowQuery struct {
	Outcome string // name of an [Outcome]: imported, updated, skipped, error, unprocessed
	Cause   string // key of a [Cause]
	Warned  bool   // goes in, and should be looked at
	Drifted bool   // came out otherwise than the review said
	Change  string // field key: an update changes it
	Cleared bool   // an update erases a value; of the field in Change, where one is given
	After   int64  // rows behind the one of that number
	Before  int64  // where not 0: the last rows before the one of that number
	Limit   int    // default 50, at most 1000
}

// maxRows bounds a page.
const maxRows = 1000

// RowPage is a page of rows in the order of the file. Rows and Cells have the same length.
type RowPage struct {
	Rows  []*RowResult
	Cells [][]string // the file's own; a short row is filled up to the width of the mapping
	Next  int64      // After of the next page, 0 where this is the last
	Prev  int64      // Before of the page before, 0 where this is the first
	Total int64      // rows that the query is for
}

// Rows gives a page of rows. Chunks without a row that the query is for are not read.
func (s *Service) Rows(ctx context.Context, imp *Import, q RowQuery) (*RowPage, error) {
	if err := auth.RequireIn(ctx, imp.Workspace, auth.ImportsRead); err != nil {
		return nil, err
	}
	f, err := s.openFinder(ctx, imp, q.keys())
	if err != nil {
		return nil, err
	}
	defer f.plan.Close()
	limit := min(max(q.Limit, 0), maxRows)
	if limit == 0 {
		limit = 50
	}
	page := &RowPage{}
	if q.Before > 0 {
		err = f.back(ctx, q.Before, limit, page)
	} else {
		err = f.on(ctx, q.After, limit, page)
	}
	if err == nil {
		page.Total, err = f.total(ctx)
	}
	return page, err
}

// Row gives one row with its cells. NotFound "import.row_not_found" where the file has none of that number.
func (s *Service) Row(ctx context.Context, imp *Import, number int64) (*RowResult, []string, error) {
	page, err := s.Rows(ctx, imp, RowQuery{After: number - 1, Limit: 1})
	if err != nil {
		return nil, nil, err
	}
	if len(page.Rows) == 0 || page.Rows[0].Number != number {
		return nil, nil, rowError(imp, number)
	}
	return page.Rows[0], page.Cells[0], nil
}

// keys gives the keys of [tally] under which the rows that are asked for count.
func (q *RowQuery) keys() []string {
	var keys []string
	if q.Outcome != "" {
		keys = append(keys, q.Outcome)
	}
	if q.Cause != "" {
		// A cause of errors or of skips says the outcome.
		if (Cause{Key: q.Cause}).implies(q.Outcome) {
			keys = keys[:0]
		}
		keys = append(keys, q.Cause)
	}
	switch {
	case q.Cleared && q.Change != "":
		keys = append(keys, "cleared."+q.Change)
	case q.Cleared:
		keys = append(keys, keyCleared)
	case q.Change != "":
		keys = append(keys, "change."+q.Change)
	}
	if len(keys) == 2 && keys[0] == RowUpdated.String() && (q.Cleared || q.Change != "") {
		keys = keys[1:]
	}
	switch {
	case q.Warned && len(keys) == 1 && keys[0] == q.Outcome:
		keys[0] = keyWarned + "." + q.Outcome
	case q.Warned && !strings.HasPrefix(q.Cause, "warning."): // a cause of warnings says it
		keys = append(keys, keyWarned)
	}
	if q.Drifted {
		keys = append(keys, keyDrifted)
	}
	return keys
}

// finder walks through the rows that count under all of some keys.
type finder struct {
	s       *Service
	imp     *Import
	plan    *planReader
	keys    []string
	applied []tally // of the chunks that were applied; nil for one that has none
	width   int
	scratch []string
}

func (s *Service) openFinder(ctx context.Context, imp *Import, keys []string) (*finder, error) {
	plan, err := s.planOf(ctx, imp)
	if err != nil {
		return nil, err
	}
	f := &finder{s: s, imp: imp, plan: plan, keys: keys, width: len(imp.Settings.Mapping.Columns)}
	if imp.Set != 0 {
		err = s.DB.Read(ctx, func(ctx context.Context, q db.Querier) (err error) {
			f.applied, err = chunkTallies(ctx, q, imp)
			return err
		})
	}
	if err != nil {
		plan.Close()
		return nil, err
	}
	return f, nil
}

// tally gives the counts of a chunk. known is false where they were not kept.
func (f *finder) tally(chunk int) (t tally, known bool) {
	ref := &f.plan.index.Chunks[chunk]
	switch {
	case f.imp.Set == 0:
		return f.plan.tally(chunk), true
	case int64(chunk) >= f.imp.NextChunk:
		return tally{RowUnprocessed.String(): int64(ref.Rows)}, true
	case chunk < len(f.applied) && f.applied[chunk] != nil:
		return f.applied[chunk], true
	}
	return nil, false
}

// mayHave tells whether a row of the chunk may be one that is asked for.
func (f *finder) mayHave(chunk int) bool {
	t, known := f.tally(chunk)
	return !known || !slices.ContainsFunc(f.keys, func(k string) bool { return t[k] == 0 })
}

// total counts the rows that are asked for.
func (f *finder) total(ctx context.Context) (n int64, err error) {
	for i, ref := range f.plan.index.Chunks {
		t, known := f.tally(i)
		switch {
		case len(f.keys) == 0:
			n += int64(ref.Rows)
		case known && len(f.keys) == 1:
			n += t[f.keys[0]]
		case f.mayHave(i):
			rows, _, err := f.rows(ctx, i)
			if err != nil {
				return 0, err
			}
			n += int64(len(rows))
		}
	}
	return n, nil
}

// rows gives the rows of a chunk that are asked for, and the place of each in the chunk.
func (f *finder) rows(ctx context.Context, chunk int) (found []*RowResult, at []int, err error) {
	rows, done, err := f.s.chunkResults(ctx, f.imp, f.plan, int64(chunk))
	if err != nil {
		return nil, nil, err
	}
	for i := range rows {
		r := resultOf(f.imp, &rows[i], done, i)
		if len(f.keys) > 0 {
			f.scratch = rowKeys(f.scratch[:0], verdict{r.Outcome, r.Reason, r.Drifted}, &rows[i], r.Issues)
			if slices.ContainsFunc(f.keys, func(k string) bool { return !slices.Contains(f.scratch, k) }) {
				continue
			}
		}
		found, at = append(found, &r), append(at, i)
	}
	return found, at, nil
}

// chunkOf gives the chunk that holds the row of a number, or the first behind it.
func (f *finder) chunkOf(number int64) int {
	chunks := f.plan.index.Chunks
	return sort.Search(len(chunks), func(i int) bool { return chunks[i].First+int64(chunks[i].Rows) > number })
}

// on fills a page with the rows behind after.
func (f *finder) on(ctx context.Context, after int64, limit int, page *RowPage) error {
	more := false
	for i := f.chunkOf(after + 1); i < len(f.plan.index.Chunks) && !more; i++ {
		if !f.mayHave(i) {
			continue
		}
		rows, at, err := f.rows(ctx, i)
		if err != nil {
			return err
		}
		from := sort.Search(len(rows), func(k int) bool { return rows[k].Number > after })
		to := min(len(rows), from+limit-len(page.Rows))
		more = to < len(rows)
		if err := f.take(i, rows[from:to], at[from:to], page, false); err != nil {
			return err
		}
	}
	if more {
		page.Next = page.Rows[len(page.Rows)-1].Number
	}
	if after > 0 && len(page.Rows) > 0 {
		any, err := f.anyBefore(ctx, page.Rows[0].Number)
		if any {
			page.Prev = page.Rows[0].Number
		}
		return err
	}
	return nil
}

// back fills a page with the last rows before a number.
func (f *finder) back(ctx context.Context, before int64, limit int, page *RowPage) error {
	more := false
	for i := min(f.chunkOf(before), len(f.plan.index.Chunks)-1); i >= 0 && !more; i-- {
		if !f.mayHave(i) {
			continue
		}
		rows, at, err := f.rows(ctx, i)
		if err != nil {
			return err
		}
		to := sort.Search(len(rows), func(k int) bool { return rows[k].Number >= before })
		from := max(0, to-(limit-len(page.Rows)))
		more = from > 0
		if err := f.take(i, rows[from:to], at[from:to], page, true); err != nil {
			return err
		}
	}
	if len(page.Rows) == 0 {
		return nil
	}
	if more {
		page.Prev = page.Rows[0].Number
	}
	last := page.Rows[len(page.Rows)-1].Number
	any, err := f.anyBehind(ctx, last)
	if any {
		page.Next = last
	}
	return err
}

// anyBefore tells whether a row that is asked for stands before the one of a number.
func (f *finder) anyBefore(ctx context.Context, number int64) (bool, error) {
	for i := min(f.chunkOf(number), len(f.plan.index.Chunks)-1); i >= 0; i-- {
		if ok, err := f.anyIn(ctx, i, 0, number-1); ok || err != nil {
			return ok, err
		}
	}
	return false, nil
}

// anyBehind tells whether a row that is asked for stands behind the one of a number.
func (f *finder) anyBehind(ctx context.Context, number int64) (bool, error) {
	for i := f.chunkOf(number + 1); i < len(f.plan.index.Chunks); i++ {
		if ok, err := f.anyIn(ctx, i, number+1, 1<<62); ok || err != nil {
			return ok, err
		}
	}
	return false, nil
}

// anyIn tells whether a chunk has a row that is asked for, of a number from first to last.
func (f *finder) anyIn(ctx context.Context, chunk int, first, last int64) (bool, error) {
	if !f.mayHave(chunk) {
		return false, nil
	}
	ref := &f.plan.index.Chunks[chunk]
	if _, known := f.tally(chunk); known && len(f.keys) < 2 && first <= ref.First && last >= ref.First+int64(ref.Rows)-1 {
		return true, nil
	}
	rows, _, err := f.rows(ctx, chunk)
	return slices.ContainsFunc(rows, func(r *RowResult) bool { return r.Number >= first && r.Number <= last }), err
}

// take puts rows of a chunk on the page, with their cells.
func (f *finder) take(chunk int, rows []*RowResult, at []int, page *RowPage, front bool) error {
	if len(rows) == 0 {
		return nil
	}
	all, err := f.plan.cells(chunk)
	if err != nil {
		return err
	}
	cells := make([][]string, len(rows))
	for i, place := range at {
		row := all[place]
		for len(row) < f.width {
			row = append(row, "")
		}
		cells[i] = row
	}
	if front {
		page.Rows, page.Cells = append(slices.Clone(rows), page.Rows...), append(cells, page.Cells...)
		return nil
	}
	page.Rows, page.Cells = append(page.Rows, rows...), append(page.Cells, cells...)
	return nil
}
