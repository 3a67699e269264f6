package cli

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"cadastro/internal/app"
	"cadastro/internal/contact"
	"cadastro/internal/errs"
	"cadastro/internal/importer"
)

// finding is a cause that keeps rows out, leaves them as they are or should be looked at, with the first row it befalls.
type finding struct {
	Severity string `json:"severity"` // error, skip or warning
	Code     string `json:"code"`
	Rows     int64  `json:"rows"`
	Line     int64  `json:"line,omitempty"`
	Column   string `json:"column,omitempty"`
	Value    string `json:"value,omitempty"`
	Text     string `json:"text,omitempty"`

	at int
}

// findings are the causes of a review, the frequent ones first.
type findings struct {
	errors, skips, warnings []*finding
}

// errFound ends a walk through rows when nothing is left to look for.
var errFound = errors.New("all found")

// findings sorts the causes that a review counted, and looks for the first row of each.
func (s *session) findings(a *app.App, imp *importer.Import) (*findings, error) {
	f := &findings{}
	wanted := map[string]*finding{}
	for _, key := range slices.Sorted(maps.Keys(imp.Summary.Reasons)) {
		severity, code, _ := strings.Cut(key, ".")
		one := &finding{Severity: severity, Code: code, Rows: imp.Summary.Reasons[key], at: -1}
		switch severity {
		case "error":
			f.errors = append(f.errors, one)
			wanted[key] = one
		case "skip":
			f.skips = append(f.skips, one)
			one.Text = s.text.T("import.skip." + code)
		default:
			f.warnings = append(f.warnings, one)
			wanted[key] = one
		}
	}
	for _, list := range [][]*finding{f.errors, f.skips, f.warnings} {
		slices.SortStableFunc(list, func(a, b *finding) int { return cmp.Compare(b.Rows, a.Rows) })
	}
	if len(wanted) == 0 {
		return f, nil
	}
	err := a.Imports.Results(s.ctx, imp, func(r *importer.RowResult) error {
		for i := range r.Issues {
			is := &r.Issues[i]
			severity := "warning"
			if is.Severity == errs.Reject {
				severity = "error"
			}
			if (r.Outcome == importer.RowError) != (severity == "error") || is.Severity == errs.Note {
				continue
			}
			key := severity + "." + is.Code
			if one := wanted[key]; one != nil {
				one.Line, one.at, one.Value, one.Text = r.Line, is.Column, is.Value, s.issueLine(*is)
				delete(wanted, key)
			}
		}
		if len(wanted) == 0 {
			return errFound
		}
		return nil
	})
	if errors.Is(err, errFound) {
		err = nil
	}
	// What the review counted may have come out otherwise since.
	gone := func(one *finding) bool { return one.Text == "" }
	f.errors, f.warnings = slices.DeleteFunc(f.errors, gone), slices.DeleteFunc(f.warnings, gone)
	return f, err
}

// printFile tells what is read and how.
func (s *session) printFile(name string, size int64, in *importer.Inspection) {
	s.line("%s · %s", oneLine(name, 0), s.text.Bytes(size))
	s.line("%s", s.readingText(in.Guess.Dialect))
	s.printLayout(in, false)
	for _, is := range in.Guess.Notes {
		s.line("%s", s.issueLine(is))
	}
}

// printPlan tells what was chosen.
func (s *session) printPlan(imp *importer.Import) {
	set := &imp.Settings
	s.say("cli.plan", "purpose", s.text.T("import.purpose."+string(set.Purpose)), "identifier", s.fieldName(string(set.Identifier), nil), "country", set.Country)
	if tags := slices.DeleteFunc(append(slices.Clone(set.Tags), set.ImportTag), func(t string) bool { return t == "" }); len(tags) > 0 {
		s.say("cli.tags", "tags", strings.Join(tags, ", "))
	}
	if set.Group != "" {
		s.say("cli.group", "group", set.Group)
	}
}

// causesShown bounds how many causes of a kind a review shows.
const causesShown = 12

// printReview tells what would become of the rows.
func (s *session) printReview(imp *importer.Import, f *findings, cat *contact.Catalogue, header []string) {
	sum := &imp.Summary
	s.line("")
	s.say("cli.review", "count", sum.Rows)
	g := &grid{right: map[int]bool{0: true}}
	g.add(s.text.Number(sum.Counts.Imported), s.text.T("cli.new"))
	g.add(s.text.Number(sum.Counts.Updated), s.text.T("cli.updated"))
	g.add(s.text.Number(sum.Counts.Skipped), s.text.T("cli.skipped"))
	g.add(s.text.Number(sum.Counts.Errors), s.text.T("cli.with_errors"))
	g.add(s.text.Number(sum.Warnings), s.text.T("cli.with_warnings"))
	g.print(s.out, "  ")
	s.printCauses("cli.errors", f.errors, header)
	if len(f.errors) > 0 {
		s.line("  %s", s.text.T("cli.errors_file", "id", int64(imp.ID)))
	}
	s.printCauses("cli.skips", f.skips, header)
	s.printCauses("cli.warnings", f.warnings, header)
	if len(sum.Changes) > 0 {
		s.line("")
		s.say("cli.changes")
		g := &grid{right: map[int]bool{0: true}}
		for _, key := range slices.SortedFunc(maps.Keys(sum.Changes), func(a, b string) int { return cmp.Or(cmp.Compare(sum.Changes[b], sum.Changes[a]), cmp.Compare(a, b)) }) {
			g.add(s.text.Number(sum.Changes[key]), oneLine(s.fieldName(key, cat), 40))
		}
		g.print(s.out, "  ")
	}
	if sum.Cleared > 0 {
		s.say("cli.cleared", "count", sum.Cleared)
	}
	if n := len(sum.NewTags); n > 0 {
		s.say("cli.new_tags", "count", n, "tags", oneLine(strings.Join(sum.NewTags, ", "), 300))
	}
	for _, is := range sum.Notes {
		s.line("%s", s.issueLine(is))
	}
}

func (s *session) printCauses(title string, list []*finding, header []string) {
	if len(list) == 0 {
		return
	}
	s.line("")
	s.say(title)
	g := &grid{right: map[int]bool{0: true}}
	for i, f := range list {
		if i == causesShown {
			g.add("", s.text.T("cli.more_causes", "count", len(list)-i))
			break
		}
		text := f.Text
		if f.Line > 0 {
			text = s.at(f.Line, f.at, header) + text
		}
		g.add(s.text.Number(f.Rows), text)
	}
	g.print(s.out, "  ")
}

// printResult tells what an import has done.
func (s *session) printResult(imp *importer.Import, took time.Duration, copied string) {
	s.line("")
	seconds := max(took.Seconds(), 0.001)
	done := imp.Counts.Sum()
	if imp.State == importer.Cancelled {
		s.say("cli.cancelled", "done", done, "rows", imp.Rows)
	} else {
		s.say("cli.done", "took", took, "rate", int64(float64(done)/seconds))
	}
	s.printCounts(&imp.Counts)
	if imp.Drifted > 0 {
		s.say("cli.drifted", "count", imp.Drifted)
	}
	if copied != "" {
		s.say("cli.result_written", "file", copied)
	} else {
		s.say("cli.result_at", "id", int64(imp.ID))
	}
	if imp.Counts.Imported+imp.Counts.Updated > 0 {
		s.say("cli.undo_at", "id", int64(imp.ID))
	}
}

func (s *session) printCounts(c *importer.Counts) {
	g := &grid{right: map[int]bool{0: true}}
	g.add(s.text.Number(c.Imported), s.text.T("cli.count.imported"))
	g.add(s.text.Number(c.Updated), s.text.T("cli.count.updated"))
	g.add(s.text.Number(c.Skipped), s.text.T("cli.count.skipped"))
	g.add(s.text.Number(c.Errors), s.text.T("cli.count.errors"))
	if c.Unprocessed > 0 {
		g.add(s.text.Number(c.Unprocessed), s.text.T("cli.count.unprocessed"))
	}
	g.print(s.out, "  ")
}
