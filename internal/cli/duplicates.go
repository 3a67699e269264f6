package cli

import (
	"strconv"
	"strings"
	"time"

	"cadastro/internal/app"
	"cadastro/internal/contact"
	"cadastro/internal/dedupe"
	"cadastro/internal/journal"

	"github.com/schollz/progressbar/v3"
)

type duplicatesCmd struct {
	Scan    duplicatesScanCmd    `cmd:"" help:"Search the whole base for contacts that are one person."`
	List    duplicatesListCmd    `cmd:"" help:"List what the last search found and nobody has settled."`
	Merge   duplicatesMergeCmd   `cmd:"" help:"Make one contact of several, or of all that are certain."`
	Unmerge duplicatesUnmergeCmd `cmd:"" help:"Take a merge apart: all contacts are as they were."`
	Apart   duplicatesApartCmd   `cmd:"" help:"Remember that contacts are different people."`
}

type duplicatesScanCmd struct {
	JSON bool `help:"Write one JSON object."`
}

// scanJSON is a search as JSON.
type scanJSON struct {
	Contacts int64   `json:"contacts"`
	Groups   int64   `json:"groups"`
	Certain  int64   `json:"certain"`
	Seconds  float64 `json:"seconds"`
}

// Run searches the base.
func (c *duplicatesScanCmd) Run(s *session) error {
	a, err := s.open()
	if err != nil {
		return err
	}
	defer a.Close()
	tell, end := s.bar("cli_duplicates.scanning")
	defer end()
	scan, err := a.Dedupe.Scan(s.ctx, app.FirstWorkspace, tell)
	if err != nil {
		return err
	}
	end()
	took := scan.FinishedAt.Sub(scan.StartedAt)
	if c.JSON {
		return s.json(scanJSON{scan.People, scan.Groups, scan.Certain, took.Round(time.Millisecond).Seconds()})
	}
	s.say("cli_duplicates.scanned", "count", scan.People)
	if scan.Groups == 0 {
		s.say("cli_duplicates.none")
		return nil
	}
	s.say("cli_duplicates.groups", "count", scan.Groups, "certain", scan.Certain)
	return nil
}

// bar gives a progress of done and total, nil where nobody watches, and what ends it.
func (s *session) bar(key string) (tell func(done, total int64), end func()) {
	if !isTerminal(s.std.Err) {
		return nil, func() {}
	}
	bar := progressbar.NewOptions64(-1, progressbar.OptionSetWriter(s.std.Err), progressbar.OptionSetWidth(24), progressbar.OptionClearOnFinish(),
		progressbar.OptionSetElapsedTime(false), progressbar.OptionThrottle(every), progressbar.OptionSetDescription(s.text.T(key)))
	tell = func(done, total int64) {
		if bar.GetMax64() != total {
			bar.ChangeMax64(total)
		}
		_ = bar.Set64(done) // only the picture is lost
	}
	return tell, func() { _ = bar.Clear() }
}

type duplicatesMergeCmd struct {
	IDs      []int64 `arg:"" optional:"" help:"Ids of the contacts."`
	Survivor int64   `help:"The one of them that stays. Without it, the oldest." placeholder:"ID"`
	Certain  bool    `help:"Merge every group that is certain."`
	Yes      bool    `short:"y" help:"Do not ask."`
	JSON     bool    `help:"Write one JSON object."`
}

type mergeJSON struct {
	Set      int64   `json:"set"`
	Survivor int64   `json:"survivor"`
	Gone     []int64 `json:"gone"`
}

type mergeAllJSON struct {
	Batch  int64 `json:"batch"`
	Groups int64 `json:"groups"`
	Gone   int64 `json:"gone"`
}

// Run merges.
func (c *duplicatesMergeCmd) Run(s *session) error {
	if c.Certain == (len(c.IDs) > 0) || c.Certain && c.Survivor != 0 {
		s.tell("cli_duplicates.merge_what")
		return exitWith(exitUsage)
	}
	a, err := s.open()
	if err != nil {
		return err
	}
	defer a.Close()
	if c.Certain {
		return c.all(s, a)
	}
	ids := (&idsArg{c.IDs}).list()
	p, err := a.Dedupe.Propose(s.ctx, app.FirstWorkspace, ids, dedupe.Choices{Survivor: contact.ID(c.Survivor)})
	if err != nil {
		return err
	}
	set, err := a.Dedupe.Merge(s.ctx, app.FirstWorkspace, ids, dedupe.Choices{Survivor: p.Survivor}, nil)
	if err != nil {
		return err
	}
	gone := []int64{}
	for _, one := range p.Contacts[1:] {
		gone = append(gone, int64(one.ID))
	}
	if c.JSON {
		return s.json(mergeJSON{int64(set), int64(p.Survivor), gone})
	}
	s.say("cli_duplicates.merged", "count", len(gone), "id", int64(p.Survivor))
	s.say("cli_duplicates.undo_merge", "set", int64(set))
	return nil
}

// all merges every certain group.
func (c *duplicatesMergeCmd) all(s *session, a *app.App) error {
	status, err := a.Dedupe.Status(s.ctx, app.FirstWorkspace)
	if err != nil {
		return err
	}
	if !c.Yes {
		s.tell("cli_duplicates.would_merge", "count", status.Certain)
		switch {
		case !s.interactive():
			s.tell("cli_duplicates.merge_unasked")
			return exitWith(exitUnasked)
		case !s.yes("cli_duplicates.merge_go_on"):
			s.tell("cli_duplicates.not_merged")
			return exitWith(exitCancelled)
		}
	}
	tell, end := s.bar("cli_duplicates.merging")
	defer end()
	var each func(int64)
	if tell != nil {
		each = func(groups int64) { tell(groups, status.Certain) }
	}
	b, err := a.Dedupe.MergeCertainNow(s.ctx, app.FirstWorkspace, each)
	if err != nil {
		return err
	}
	end()
	if c.JSON {
		return s.json(mergeAllJSON{int64(b.ID), b.Groups, b.Merged})
	}
	s.say("cli_duplicates.merged_all", "count", b.Groups, "gone", b.Merged)
	return nil
}

type duplicatesUnmergeCmd struct {
	Set  int64 `arg:"" help:"Number of the merge, as merge told it."`
	JSON bool  `help:"Write one JSON object."`
}

// Run takes a merge apart.
func (c *duplicatesUnmergeCmd) Run(s *session) error {
	a, err := s.open()
	if err != nil {
		return err
	}
	defer a.Close()
	kept, err := a.Dedupe.Unmerge(s.ctx, app.FirstWorkspace, journal.SetID(c.Set))
	if err != nil {
		return err
	}
	if c.JSON {
		return s.json(struct {
			Kept []string `json:"kept"`
		}{append([]string{}, kept...)})
	}
	s.say("cli_duplicates.unmerged")
	if len(kept) > 0 {
		cat, err := a.Contacts.Catalogue(s.ctx, app.FirstWorkspace)
		if err != nil {
			return err
		}
		names := make([]string, len(kept))
		for i, key := range kept {
			names[i] = oneLine(s.fieldName(key, cat), 40)
		}
		s.say("cli_duplicates.unmerge_kept", "fields", strings.Join(names, ", "))
	}
	return nil
}

type duplicatesApartCmd struct{ idsArg }

// Run keeps contacts apart.
func (c *duplicatesApartCmd) Run(s *session) error {
	if len(c.IDs) < 2 {
		s.tell("cli_duplicates.apart_two")
		return exitWith(exitUsage)
	}
	a, err := s.open()
	if err != nil {
		return err
	}
	defer a.Close()
	if err := a.Dedupe.Apart(s.ctx, app.FirstWorkspace, c.list()); err != nil {
		return err
	}
	names := make([]string, len(c.IDs))
	for i, id := range c.IDs {
		names[i] = strconv.FormatInt(id, 10)
	}
	s.tell("cli_duplicates.apart", "ids", strings.Join(names, ", "))
	return nil
}
