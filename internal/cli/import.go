package cli

import (
	"io"
	"time"

	"cadastro/internal/app"
	"cadastro/internal/contact"
	"cadastro/internal/importer"
	"cadastro/internal/table"
)

type importCmd struct {
	Path        string       `arg:"" name:"file" help:"File to import; - for the standard input."`
	Purpose     string       `aliases:"for" help:"What may be done: add, update, upsert (both) or add_all (every row, duplicates too)." enum:",add,update,upsert,add_all" default:"" placeholder:"WHAT"`
	Identifier  string       `aliases:"by" help:"What an existing contact is recognised by: phone, email, id, external_id or tax_id." enum:",phone,email,id,external_id,tax_id" default:"" placeholder:"FIELD"`
	Map         []string     `help:"Which field a column feeds; \"HEADER=\" leaves it out, \"HEADER=custom\" makes a custom field, \"#3=phone\" is the third column. Can be repeated." placeholder:"HEADER=FIELD" sep:"none"`
	Keep        []string     `help:"Column that fills empty values only and overwrites nothing. Can be repeated." placeholder:"HEADER" sep:"none"`
	IgnoreEmpty bool         `help:"Empty cells clear nothing."`
	DateOrder   string       `help:"Order of day and month where the values leave it open: dmy, mdy or ymd." enum:",dmy,mdy,ymd" default:"" placeholder:"ORDER"`
	Tag         []string     `help:"Tag for every contact that is added or updated. Can be repeated." placeholder:"NAME" sep:"none"`
	ImportTag   string       `help:"Tag that marks the contacts of this import, or none. Without it: import-DATE-N." placeholder:"NAME"`
	Group       string       `help:"Group for every contact that is added or updated." placeholder:"NAME"`
	PhonePreset string       `help:"How strictly phones are read: any, plus, 13, ddi or exact." enum:"any,plus,13,ddi,exact" default:"any" placeholder:"PRESET"`
	Repeated    string       `help:"What becomes of rows with the same identifier: error (all of them), first or last (that one counts), join (they are one contact). Without it: error, but join where each row is one address." enum:",error,first,last,join" default:"" placeholder:"WHICH"`
	Strict      string       `help:"Refuse the whole file where the system of this layout would (invenio), and name the place." placeholder:"LAYOUT"`
	Result      string       `help:"Where to write the result file: the rows, what became of each and why." placeholder:"FILE"`
	DryRun      bool         `short:"n" help:"Review only: tell what would be done, and do nothing."`
	Yes         bool         `short:"y" help:"Do not ask."`
	JSON        bool         `help:"Write one JSON object."`
	Reading     readingFlags `embed:""`
}

// Help is the second part of the help text.
func (*importCmd) Help() string {
	return "Reads every row first and tells what would become of it, then asks, then writes. --country says which country phones and " +
		"documents without one belong to. Ctrl-C stops behind the rows at hand; what is done stays done."
}

// Run imports a file.
func (c *importCmd) Run(s *session) error {
	src, done, err := s.source(c.Path)
	if err != nil {
		return err
	}
	defer done()
	a, err := s.open()
	if err != nil {
		return err
	}
	defer a.Close()
	if err := s.finishOld(a); err != nil {
		return err
	}
	cat, err := a.Contacts.Catalogue(s.ctx, app.FirstWorkspace)
	if err != nil {
		return err
	}
	saved, err := a.Mappings.Recent(s.ctx, app.FirstWorkspace, nil, savedAsked)
	if err != nil {
		return err
	}
	in, err := s.inspect(src, &c.Reading, app.Limits(s.cfg), a.Imports.KnownOf(s.ctx, app.FirstWorkspace, s.cfg.Country, cat, saved))
	if err != nil {
		return err
	}
	if c.Strict != "" {
		if err := s.strictly(src, in, c.Strict); err != nil {
			return err
		}
	}
	if err := c.choose(s, in, cat); err != nil {
		return err
	}
	settings, err := c.settings(s, in, cat)
	if err != nil {
		return err
	}
	progress, end := s.progress(src.Size)
	defer end()
	imp, err := a.Imports.Upload(s.ctx, app.FirstWorkspace, src.Name, io.NewSectionReader(src.Data, 0, src.Size), progress)
	if err != nil {
		return err
	}
	if imp, err = a.Imports.Review(s.ctx, app.FirstWorkspace, imp.ID, settings, progress); err != nil {
		return err
	}
	end()
	// The review has made the custom fields that the mapping asks for.
	if cat, err = a.Contacts.Catalogue(s.ctx, app.FirstWorkspace); err != nil {
		return err
	}
	r := &importRun{s: s, a: a, cmd: c, in: in, cat: cat, imp: imp}
	return r.run()
}

// savedAsked bounds how many saved mappings are compared with a file's headers.
const savedAsked = 200

// importRun is an import from its review on.
type importRun struct {
	s     *session
	a     *app.App
	cmd   *importCmd
	in    *importer.Inspection
	cat   *contact.Catalogue
	imp   *importer.Import
	found *findings
}

func (r *importRun) run() (err error) {
	s, c := r.s, r.cmd
	if r.found, err = s.findings(r.a, r.imp); err != nil {
		return err
	}
	if !c.JSON {
		s.printFile(r.imp.FileName, r.imp.FileSize, r.in)
		s.printPlan(r.imp)
		s.line("")
		s.printColumns(r.in, r.cat, 1)
		s.printReview(r.imp, r.found, r.cat, r.in.Header)
	}
	goOn, err := r.mayGoOn()
	if err != nil || !goOn {
		return err
	}
	imp, took, err := s.apply(r.a, r.imp)
	if err != nil {
		return err
	}
	r.imp = imp
	if imp.State == importer.Done {
		if err := r.remember(); err != nil {
			return err
		}
	}
	if c.Result != "" {
		if err := s.copyResult(r.a, imp, c.Result, false); err != nil {
			return err
		}
	}
	if c.JSON {
		if err := s.json(r.answer(took)); err != nil {
			return err
		}
	} else {
		s.printResult(imp, took, c.Result)
	}
	return resultCode(imp)
}

// mayGoOn asks whether to write what was reviewed. Where it ends here, it says why by its error.
func (r *importRun) mayGoOn() (bool, error) {
	s, c, counts := r.s, r.cmd, r.imp.Summary.Counts
	if !c.DryRun && c.Yes {
		return true, nil
	}
	if !c.DryRun && s.interactive() {
		if s.yes("cli.go_on", "count", counts.Imported+counts.Updated) {
			return true, nil
		}
		s.tell("cli.not_started")
		return false, r.leave(exitWith(exitCancelled))
	}
	if c.JSON {
		if err := s.json(r.answer(0)); err != nil {
			return false, err
		}
	}
	if c.DryRun {
		s.tell("cli.dry_run")
		code := exitWith(exitDone)
		if counts.Errors > 0 {
			code = exitRowErrors
		}
		return false, r.leave(code)
	}
	s.tell("cli.unasked", "id", int64(r.imp.ID))
	return false, exitWith(exitUnasked)
}

// leave cancels an import that will not be started.
func (r *importRun) leave(code exitWith) error {
	if err := r.a.Imports.Cancel(r.s.ctx, app.FirstWorkspace, r.imp.ID); err != nil {
		return err
	}
	if code == exitDone {
		return nil
	}
	return code
}

// remember keeps the mapping for the next file with the same headers.
func (r *importRun) remember() error {
	return r.a.Mappings.Save(r.s.ctx, app.FirstWorkspace, mappingName(r.imp.FileName), r.imp.Settings.Mapping, r.imp.Settings)
}

// apply carries an import out, or goes on with it. The first Ctrl-C cancels it behind the chunk at hand, so that
// its result says where it stopped; the second one stops at once and leaves it to be resumed.
func (s *session) apply(a *app.App, imp *importer.Import) (*importer.Import, time.Duration, error) {
	id := imp.ID
	s.stop.softly(func() {
		s.tell("cli.cancelling")
		if err := a.Imports.Cancel(s.ctx, app.FirstWorkspace, id); err != nil {
			s.fail(err)
		}
	})
	defer s.stop.softly(nil)
	progress, end := s.progress(0)
	defer end()
	began := time.Now()
	done, err := a.Imports.Apply(s.ctx, app.FirstWorkspace, id, progress)
	if err != nil {
		if s.ctx.Err() != nil {
			end()
			s.tell("cli.stopped", "id", int64(id))
		}
		return nil, 0, err
	}
	return done, time.Since(began), nil
}

// finishOld goes on with what an earlier run left half done, before anything new begins.
func (s *session) finishOld(a *app.App) error {
	list, err := a.Imports.Unfinished(s.ctx, app.FirstWorkspace)
	if err != nil {
		return err
	}
	for _, imp := range list {
		s.tell("cli.resuming", "id", int64(imp.ID), "file", imp.FileName)
		if imp.State == importer.Undoing {
			progress, end := s.progress(0)
			_, err = a.Imports.Undo(s.ctx, app.FirstWorkspace, imp.ID, progress)
			end()
		} else {
			_, _, err = s.apply(a, imp)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// resultCode gives the exit code for an import that has ended.
func resultCode(imp *importer.Import) error {
	switch {
	case imp.State == importer.Cancelled:
		return exitWith(exitCancelled)
	case imp.Counts.Errors > 0:
		return exitWith(exitRowErrors)
	}
	return nil
}

// copyResult writes the result file of an import into a file of the person: as it was kept, or anew as a workbook.
func (s *session) copyResult(a *app.App, imp *importer.Import, name string, book bool) error {
	r, err := a.Imports.OpenResult(s.ctx, imp)
	if err != nil {
		return err
	}
	defer r.Close()
	return s.output(name, func(w io.Writer) error {
		if book || isWorkbook("", name) {
			return s.writeRows(w, true, s.text.T("cli.sheet_result"), true, table.Dialect{}, table.WriterOptions{}, func(to rowWriter) error {
				return a.Imports.WriteResult(s.ctx, imp, to)
			})
		}
		_, err := io.Copy(w, io.NewSectionReader(r, 0, r.Size()))
		return err
	})
}
