package cli

import (
	"strconv"
	"strings"

	"cadastro/internal/app"
	"cadastro/internal/importer"
)

type undoCmd struct {
	ID     int64 `arg:"" help:"Number of the import."`
	DryRun bool  `short:"n" help:"Tell what would be done, and do nothing."`
	Yes    bool  `short:"y" help:"Do not ask."`
	JSON   bool  `help:"Write one JSON object."`
}

// undoJSON is what taking an import back did, or would do.
type undoJSON struct {
	Import importJSON           `json:"import"`
	Undo   *importer.UndoReport `json:"undo"`
}

// Run takes an import back.
func (c *undoCmd) Run(s *session) error {
	a, imp, err := s.openImport(c.ID)
	if err != nil {
		return err
	}
	defer a.Close()
	if c.Yes && !c.DryRun {
		return s.undo(a, imp, c.JSON)
	}
	report, err := a.Imports.PreviewUndo(s.ctx, app.FirstWorkspace, imp.ID)
	if err != nil {
		return err
	}
	ask := !c.DryRun && s.interactive()
	if c.JSON && !ask {
		if err := s.json(undoJSON{s.importJSON(imp), report}); err != nil {
			return err
		}
	} else if !c.JSON {
		s.printUndo(report, "cli.would_undo")
	}
	switch {
	case c.DryRun:
		return nil
	case !ask:
		s.tell("cli.undo_unasked", "id", c.ID)
		return exitWith(exitUnasked)
	case !s.yes("cli.undo_go_on", "id", c.ID):
		s.tell("cli.undo_not_started")
		return exitWith(exitCancelled)
	}
	return s.undo(a, imp, c.JSON)
}

func (s *session) undo(a *app.App, imp *importer.Import, json bool) error {
	progress, end := s.progress(0)
	defer end()
	imp, err := a.Imports.Undo(s.ctx, app.FirstWorkspace, imp.ID, progress)
	if err != nil {
		return err
	}
	end()
	if json {
		return s.json(undoJSON{s.importJSON(imp), imp.UndoReport})
	}
	s.printUndo(imp.UndoReport, "cli.undone")
	return nil
}

// keptShown bounds how many contacts that an undo leaves alone are named.
const keptShown = 20

func (s *session) printUndo(r *importer.UndoReport, title string) {
	s.say(title)
	g := &grid{right: map[int]bool{0: true}}
	g.add(s.text.Number(r.Binned), s.text.T("cli.binned"))
	g.add(s.text.Number(r.Restored), s.text.T("cli.restored"))
	g.add(s.text.Number(r.Kept), s.text.T("cli.kept"))
	g.print(s.out, "  ")
	for i, k := range r.List {
		if i == keptShown {
			s.line("  …")
			break
		}
		fields := make([]string, len(k.Fields))
		for j, f := range k.Fields {
			fields[j] = s.fieldName(f, nil)
		}
		s.line("  %s", strings.TrimRight(s.text.T("field.id")+" "+strconv.FormatInt(int64(k.Contact), 10)+"  "+strings.Join(fields, ", "), " "))
	}
}
