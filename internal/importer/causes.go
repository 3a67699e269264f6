package importer

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"cadastro/internal/auth"
	"cadastro/internal/db"
	"cadastro/internal/i18n"
)

// CauseSeverity says what a cause makes of its rows.
type CauseSeverity string

// The severities, the gravest first.
const (
	CauseError   CauseSeverity = "error"   // they stay out
	CauseSkip    CauseSeverity = "skip"    // nothing is done with them
	CauseWarning CauseSeverity = "warning" // they go in and should be looked at
)

// Cause is why rows are errors, are skipped or should be looked at. A row with several faults counts in each.
type Cause struct {
	Key      string        `json:"key"` // "error.<code>", "skip.<reason>", "warning.<code>", as [RowQuery] takes it
	Code     string        `json:"code"`
	Severity CauseSeverity `json:"severity"`
	Rows     int64         `json:"rows"`
	Column   int           `json:"column"` // of the file, from 0, where all its rows have it in that one; else -1
	Field    string        `json:"field"`  // which that column feeds
}

// Title gives the cause in a few words.
func (c Cause) Title(text *i18n.Printer) string { return text.T("cause." + c.textCode()) }

// Explanation says in one line what is the matter with the rows, and what helps.
func (c Cause) Explanation(text *i18n.Printer) string {
	return text.T("cause." + c.textCode() + ".why")
}

// implies tells whether a row with the cause has that outcome.
func (c Cause) implies(outcome string) bool {
	severity, _, _ := strings.Cut(c.Key, ".")
	return severity == string(CauseError) && outcome == RowError.String() || severity == string(CauseSkip) && outcome == RowSkipped.String()
}

func (c Cause) textCode() string {
	if c.Severity == CauseSkip {
		return "skip." + c.Code
	}
	return c.Code
}

// Causes gives the causes of an import's rows, errors first and of each severity the most frequent: at review what is
// planned, afterwards what came to be.
func (s *Service) Causes(ctx context.Context, imp *Import) (list []Cause, err error) {
	if err := auth.RequireIn(ctx, imp.Workspace, auth.ImportsRead); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		list, err = s.causes(ctx, q, imp)
		return err
	})
	return list, err
}

func (s *Service) causes(ctx context.Context, q db.Querier, imp *Import) ([]Cause, error) {
	counts := tally(imp.Summary.Reasons)
	if imp.Set != 0 {
		chunks, err := chunkTallies(ctx, q, imp)
		if err != nil {
			return nil, err
		}
		counts = tally{}
		for _, t := range chunks {
			counts.addAll(t)
		}
	}
	rank := []CauseSeverity{CauseError, CauseSkip, CauseWarning}
	var list []Cause
	for key, n := range counts {
		severity, code, ok := strings.Cut(key, ".")
		if !ok || n <= 0 || !slices.Contains(rank, CauseSeverity(severity)) {
			continue
		}
		c := Cause{Key: key, Code: code, Severity: CauseSeverity(severity), Rows: n, Column: -1}
		if at, ok := imp.Summary.Columns[key]; ok && at >= 0 && at < len(imp.Settings.Mapping.Columns) {
			c.Column, c.Field = at, imp.Settings.Mapping.Columns[at].Field
		}
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b Cause) int {
		return cmp.Or(cmp.Compare(slices.Index(rank, a.Severity), slices.Index(rank, b.Severity)), cmp.Compare(b.Rows, a.Rows), cmp.Compare(a.Code, b.Code))
	})
	return list, nil
}

// chunkTallies gives what each applied chunk of an import came to, in their order; nil for one that has none.
func chunkTallies(ctx context.Context, q db.Querier, imp *Import) ([]tally, error) {
	return db.Collect(ctx, q, func(r *sql.Rows) (tally, error) {
		var text string
		if err := r.Scan(&text); err != nil || text == "" {
			return nil, err
		}
		var t tally
		if err := json.Unmarshal([]byte(text), &t); err != nil {
			return nil, fmt.Errorf("import %d: counts of a chunk: %w", imp.ID, err)
		}
		return t, nil
	}, "SELECT counts FROM import_chunk WHERE workspace_id = $1 AND import_id = $2 ORDER BY chunk", imp.Workspace, int64(imp.ID))
}
