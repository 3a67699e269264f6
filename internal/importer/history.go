package importer

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/db"
)

// HistoryFilter chooses imports of the history.
type HistoryFilter string

// The filters.
const (
	HistoryAll        HistoryFilter = ""
	HistoryRunning    HistoryFilter = "running"     // under way, or waiting for their turn
	HistoryReview     HistoryFilter = "review"      // wait for a person: the file is there, or the review
	HistoryErrors     HistoryFilter = "errors"      // some of their rows were errors
	HistoryUndone     HistoryFilter = "undone"      // taken back
	HistoryNotStarted HistoryFilter = "not_started" // failed, expired or cancelled before anything was written
)

// HistoryFilters gives all filters.
func HistoryFilters() []HistoryFilter {
	return []HistoryFilter{HistoryAll, HistoryRunning, HistoryReview, HistoryErrors, HistoryUndone, HistoryNotStarted}
}

// where gives the condition of a filter; ok is false where there is no such filter.
func (f HistoryFilter) where() (sql string, ok bool) {
	switch f {
	case HistoryAll:
		return "", true
	case HistoryRunning:
		return " AND state IN ('validating', 'queued', 'importing', 'undoing')", true
	case HistoryReview:
		return " AND state IN ('uploaded', 'review')", true
	case HistoryErrors:
		return " AND errors > 0", true
	case HistoryUndone:
		return " AND state = 'undone'", true
	case HistoryNotStarted:
		return " AND state IN ('failed', 'expired', 'cancelled') AND change_set_id = 0", true
	}
	return "", false
}

// HistoryQuery asks for a page of the history, the newest first.
type HistoryQuery struct {
	Filter HistoryFilter
	Before ID  // imports before this one, 0 for the newest
	Limit  int // default 50, at most 1000
}

// HistoryPage is a page of the history. Next is Before of the page behind it, 0 where this is the last.
type HistoryPage struct {
	Imports []*Import
	Next    ID
}

// History gives a page of the workspace's imports. An unknown filter gives none.
func (s *Service) History(ctx context.Context, workspace int64, q HistoryQuery) (*HistoryPage, error) {
	if err := auth.RequireIn(ctx, workspace, auth.ImportsRead); err != nil {
		return nil, err
	}
	page := &HistoryPage{}
	cond, ok := q.Filter.where()
	if !ok {
		return page, nil
	}
	if q.Before == 0 {
		q.Before = 1 << 62
	}
	limit := min(max(q.Limit, 0), 1000)
	if limit == 0 {
		limit = 50
	}
	err := s.DB.Read(ctx, func(ctx context.Context, r db.Querier) (err error) {
		page.Imports, err = db.Collect(ctx, r, func(r *sql.Rows) (*Import, error) { return scanImport(r, workspace) },
			"SELECT "+importCols+" FROM import WHERE workspace_id = $1 AND id < $2"+cond+" ORDER BY id DESC LIMIT $3", workspace, int64(q.Before), limit+1)
		return err
	})
	if err == nil && len(page.Imports) > limit {
		page.Imports = page.Imports[:limit]
		page.Next = page.Imports[limit-1].ID
	}
	return page, err
}

// HistoryCounts tells how many imports each filter gives.
func (s *Service) HistoryCounts(ctx context.Context, workspace int64) (map[HistoryFilter]int64, error) {
	if err := auth.RequireIn(ctx, workspace, auth.ImportsRead); err != nil {
		return nil, err
	}
	counts := map[HistoryFilter]int64{}
	err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		for _, f := range HistoryFilters() {
			cond, _ := f.where()
			var n int64
			if err := q.QueryRow(ctx, "SELECT COUNT(*) FROM import WHERE workspace_id = $1"+cond, workspace).Scan(&n); err != nil {
				return err
			}
			counts[f] = n
		}
		return nil
	})
	return counts, err
}

// Running gives the import or undoing that is under way in the workspace, else the one that is next in line; nil where
// there is none.
func (s *Service) Running(ctx context.Context, workspace int64) (imp *Import, err error) {
	if err := auth.RequireIn(ctx, workspace, auth.ImportsRead); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		imp, err = scanImport(q.QueryRow(ctx, "SELECT "+importCols+` FROM import WHERE workspace_id = $1 AND state IN ('queued', 'importing', 'undoing')
			ORDER BY CASE WHEN state = 'importing' OR state = 'undoing' AND undo_set_id <> 0 THEN 0 ELSE 1 END, job_id, id LIMIT 1`, workspace), workspace)
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return imp, err
}

// Took is how long the rows took to be written, or have taken by now; 0 where nothing was.
func (i *Import) Took(now time.Time) time.Duration {
	switch {
	case i.StartedAt.IsZero():
		return 0
	case i.State == Importing:
		return max(0, now.Sub(i.StartedAt))
	}
	return max(0, i.FinishedAt.Sub(i.StartedAt))
}

// NotStarted tells whether the import ended before anything of it was written.
func (i *Import) NotStarted() bool {
	return i.Set == 0 && (i.State == Failed || i.State == Expired || i.State == Cancelled)
}
