package runs

import (
	"cadastro/internal/importer"
	"cadastro/internal/web/page"
)

// status is the state of an import as a word with its colour and icon.
type status struct {
	Word  string
	Class string
	Icon  string
}

// statusOf tells an import that never began apart from one that failed on its way.
func statusOf(b *page.Base, imp *importer.Import) status {
	s := status{Word: b.T("import.state." + string(imp.State)), Class: "acc", Icon: "loader"}
	switch imp.State {
	case importer.Uploaded, importer.InReview:
		s.Class, s.Icon = "warn", "notebook-pen"
	case importer.Queued:
		s.Icon = "clock"
	case importer.Done:
		s.Class, s.Icon = "new", "check"
	case importer.Cancelled:
		s.Class, s.Icon = "warn", "ban"
	case importer.Failed:
		s.Class, s.Icon = "err", "x"
		if !imp.Started() {
			s.Word = b.T("web.runs.state.not_started")
		}
	case importer.Expired:
		s.Class, s.Icon = "skip", "timer-off"
	case importer.Undone:
		s.Class, s.Icon = "skip", "undo-2"
	}
	if imp.Cancelling() {
		s.Word, s.Class = b.T("web.runs.state.cancelling"), "warn"
	}
	return s
}

// number is one of the outcomes: its count, and the rows behind it.
type number struct {
	Class string // new, upd, skip, err, left
	Dot   string
	Word  string
	Count string
	Zero  bool
	Note  string
	URL   string // "" where there are no rows to be seen
}

// outcomes are the outcomes in their order, with the row's words for each.
var outcomes = []struct {
	outcome    importer.Outcome
	class, dot string
}{
	{importer.RowImported, "new", "new"}, {importer.RowUpdated, "upd", "upd"}, {importer.RowSkipped, "skip", "skip"},
	{importer.RowError, "err", "err"}, {importer.RowUnprocessed, "left", "left"},
}

func countOf(c *importer.Counts, o importer.Outcome) int64 {
	switch o {
	case importer.RowImported:
		return c.Imported
	case importer.RowUpdated:
		return c.Updated
	case importer.RowSkipped:
		return c.Skipped
	case importer.RowError:
		return c.Errors
	}
	return c.Unprocessed
}

// numbers gives the four outcomes of an import, and where there are any the rows that none came to. Together they are
// the rows of the file.
func numbers(b *page.Base, imp *importer.Import, c importer.Counts) []number {
	var list []number
	for _, o := range outcomes {
		n := countOf(&c, o.outcome)
		if o.outcome == importer.RowUnprocessed && n == 0 {
			continue
		}
		one := number{Class: o.class, Dot: o.dot, Count: b.N(n), Zero: n == 0, Word: b.T("import.outcome." + o.outcome.String())}
		if n > 0 && imp.ID != 0 {
			one.URL = address(imp) + "/rows?outcome=" + o.outcome.String()
		}
		list = append(list, one)
	}
	return list
}
