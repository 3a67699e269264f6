package cli

import (
	"io"
	"strconv"

	"cadastro/internal/app"
	"cadastro/internal/errs"
	"cadastro/internal/i18n"
	"cadastro/internal/importer"
	"cadastro/internal/table"
)

type importsCmd struct {
	List    importsListCmd    `cmd:"" default:"withargs" help:"List imports, the newest first."`
	Show    importsShowCmd    `cmd:"" help:"Show one import: settings, counts, causes."`
	Results importsResultsCmd `cmd:"" help:"Write the result file: the rows, what became of each and why."`
	Errors  importsErrorsCmd  `cmd:"" help:"Write the rows that are errors, in their columns, each with the reason."`
	Resume  importsResumeCmd  `cmd:"" help:"Go on with an import that was stopped, or start one that was reviewed."`
	Cancel  importsCancelCmd  `cmd:"" help:"Cancel an import; what is done stays done."`
}

type importsListCmd struct {
	Before int64 `help:"List those before this number." placeholder:"N"`
	Limit  int   `help:"How many to list." default:"20" placeholder:"N"`
	JSON   bool  `help:"Write one JSON object."`
}

// Run lists imports.
func (c *importsListCmd) Run(s *session) error {
	a, err := s.open()
	if err != nil {
		return err
	}
	defer a.Close()
	list, err := a.Imports.List(s.ctx, app.FirstWorkspace, importer.ID(c.Before), min(max(c.Limit, 1), 1000))
	if err != nil {
		return err
	}
	if c.JSON {
		out := struct {
			Imports []importJSON `json:"imports"`
		}{[]importJSON{}}
		for _, imp := range list {
			out.Imports = append(out.Imports, s.importJSON(imp))
		}
		return s.json(out)
	}
	if len(list) == 0 {
		s.say("cli.no_imports")
		return nil
	}
	zone, err := s.cfg.Location()
	if err != nil {
		return err
	}
	g := &grid{right: map[int]bool{0: true, 4: true, 5: true, 6: true, 7: true, 8: true}}
	g.add("", "", "", "", s.text.T("cli.rows"), s.text.T("import.outcome.imported"), s.text.T("import.outcome.updated"), s.text.T("import.outcome.skipped"), s.text.T("import.outcome.error"))
	for _, imp := range list {
		n := imp.Counts
		g.add(strconv.FormatInt(int64(imp.ID), 10), s.text.Time(imp.CreatedAt.In(zone)), s.text.T("import.state."+string(imp.State)), oneLine(imp.FileName, 40),
			s.text.Number(imp.Rows), s.text.Number(n.Imported), s.text.Number(n.Updated), s.text.Number(n.Skipped), s.text.Number(n.Errors))
	}
	g.print(s.out, "")
	return nil
}

type importsShowCmd struct {
	ID   int64 `arg:"" help:"Number of the import."`
	JSON bool  `help:"Write one JSON object."`
}

// Run shows an import.
func (c *importsShowCmd) Run(s *session) error {
	a, imp, err := s.openImport(c.ID)
	if err != nil {
		return err
	}
	defer a.Close()
	cat, err := a.Contacts.Catalogue(s.ctx, app.FirstWorkspace)
	if err != nil {
		return err
	}
	f := &findings{}
	reviewed := imp.Summary.Rows > 0
	if reviewed {
		if f, err = s.findings(a, imp); err != nil {
			return err
		}
	}
	header := imp.Settings.Mapping.Headers()
	if c.JSON {
		return s.json(struct {
			Import importJSON           `json:"import"`
			Read   reading              `json:"read"`
			Review reviewJSON           `json:"review"`
			Undo   *importer.UndoReport `json:"undo,omitempty"`
		}{s.importJSON(imp), readingOf(imp.Settings.Dialect), s.reviewJSON(imp, f, header), imp.UndoReport})
	}
	s.line("%d · %s · %s · %s", imp.ID, oneLine(imp.FileName, 0), s.text.Bytes(imp.FileSize), s.text.T("import.state."+string(imp.State)))
	if imp.Err != nil {
		s.line("%s", s.text.Error(imp.Err))
	}
	if !reviewed {
		return nil
	}
	s.line("%s", s.readingText(imp.Settings.Dialect))
	s.printPlan(imp)
	g := &grid{}
	for i := range imp.Settings.Mapping.Columns {
		col := &imp.Settings.Mapping.Columns[i]
		field := s.text.T("mapping.proposal.ignore")
		if col.Field != "" {
			field = s.fieldName(col.Field, cat)
		}
		g.add(oneLine(s.columnName(header, i), 32), "→ "+oneLine(field, 40))
	}
	g.print(s.out, "  ")
	s.printReview(imp, f, cat, header)
	if imp.Counts.Sum() > 0 {
		s.line("")
		s.say("cli.outcome")
		s.printCounts(&imp.Counts)
	}
	if imp.UndoReport != nil {
		s.printUndo(imp.UndoReport, "cli.undone")
	}
	return nil
}

// openImport opens the base and finds an import in it. The caller closes the app.
func (s *session) openImport(id int64) (*app.App, *importer.Import, error) {
	a, err := s.open()
	if err != nil {
		return nil, nil, err
	}
	imp, err := a.Imports.Get(s.ctx, app.FirstWorkspace, importer.ID(id))
	if err != nil {
		a.Close()
		return nil, nil, err
	}
	return a, imp, nil
}

type importsResultsCmd struct {
	ID     int64  `arg:"" help:"Number of the import."`
	Output string `short:"o" help:"File to write, instead of the standard output; a workbook where its name ends with .xlsx." placeholder:"FILE"`
	XLSX   bool   `help:"Write a workbook, instead of CSV."`
}

// Run writes the result file of an import.
func (c *importsResultsCmd) Run(s *session) error {
	a, imp, err := s.openImport(c.ID)
	if err != nil {
		return err
	}
	defer a.Close()
	return s.copyResult(a, imp, c.Output, c.XLSX)
}

type importsErrorsCmd struct {
	ID     int64  `arg:"" help:"Number of the import."`
	Output string `short:"o" help:"File to write, instead of the standard output; a workbook where its name ends with .xlsx." placeholder:"FILE"`
	XLSX   bool   `help:"Write a workbook, instead of CSV."`
}

// Run writes the rows of an import that are errors.
func (c *importsErrorsCmd) Run(s *session) error {
	a, imp, err := s.openImport(c.ID)
	if err != nil {
		return err
	}
	defer a.Close()
	if imp.Summary.Rows == 0 {
		return errs.New(errs.Conflict, "import.state", "id", c.ID, "state", string(imp.State))
	}
	return s.output(c.Output, func(w io.Writer) error {
		d := table.Dialect{Format: table.CSV, Charset: "utf-8", Delimiter: ";", Quote: '"'}
		if s.text.Lang == i18n.English {
			d.Delimiter = ","
		}
		opt := table.WriterOptions{BOM: c.Output != "", Guard: true}
		return s.writeRows(w, c.XLSX || isWorkbook("", c.Output), s.text.T("cli.sheet_errors"), true, d, opt, func(to rowWriter) error {
			return a.Imports.WriteErrors(s.ctx, imp, to)
		})
	})
}

type importsResumeCmd struct {
	ID   int64 `arg:"" optional:"" help:"Number of the import; without it, all that were stopped."`
	JSON bool  `help:"Write one JSON object."`
}

// Run goes on with imports.
func (c *importsResumeCmd) Run(s *session) error {
	a, err := s.open()
	if err != nil {
		return err
	}
	defer a.Close()
	list, err := a.Imports.Unfinished(s.ctx, app.FirstWorkspace)
	if err != nil {
		return err
	}
	if c.ID != 0 {
		imp, err := a.Imports.Get(s.ctx, app.FirstWorkspace, importer.ID(c.ID))
		if err != nil {
			return err
		}
		list = []*importer.Import{imp}
	} else if len(list) == 0 {
		s.tell("cli.nothing_to_resume")
	}
	var code error
	for _, imp := range list {
		if err := c.one(s, a, imp); err != nil {
			if _, ended := err.(exitWith); !ended {
				return err
			}
			code = err
		}
	}
	return code
}

// one goes on with one import.
func (c *importsResumeCmd) one(s *session, a *app.App, imp *importer.Import) error {
	if imp.State == importer.Undoing {
		return s.undo(a, imp, c.JSON)
	}
	imp, took, err := s.apply(a, imp)
	if err != nil {
		return err
	}
	if imp.State == importer.Done {
		if err := a.Mappings.Save(s.ctx, app.FirstWorkspace, mappingName(imp.FileName), imp.Settings.Mapping, imp.Settings); err != nil {
			return err
		}
	}
	if c.JSON {
		err = s.json(struct {
			Import importJSON      `json:"import"`
			Result importer.Counts `json:"result"`
		}{s.importJSON(imp), imp.Counts})
	} else {
		s.line("%d · %s", imp.ID, oneLine(imp.FileName, 0))
		s.printResult(imp, took, "")
	}
	if err != nil {
		return err
	}
	return resultCode(imp)
}

type importsCancelCmd struct {
	ID int64 `arg:"" help:"Number of the import."`
}

// Run cancels an import.
func (c *importsCancelCmd) Run(s *session) error {
	a, imp, err := s.openImport(c.ID)
	if err != nil {
		return err
	}
	defer a.Close()
	if err := a.Imports.Cancel(s.ctx, app.FirstWorkspace, imp.ID); err != nil {
		return err
	}
	s.say("cli.cancel_asked", "id", c.ID)
	return nil
}
