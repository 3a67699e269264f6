package importer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/journal"
	"cadastro/internal/span"
)

// Apply carries out what was reviewed, or goes on with what an earlier run began. It returns when the import is
// done or cancelled. When ctx ends, it stops behind the chunk at hand and the import stays to be resumed.
func (s *Service) Apply(ctx context.Context, workspace int64, id ID, progress Progress) (*Import, error) {
	if err := auth.RequireIn(ctx, workspace, auth.ImportsRun); err != nil {
		return nil, err
	}
	release, err := s.lock(ctx, workspace)
	if err != nil {
		return nil, err
	}
	defer release()
	imp, err := s.load(ctx, workspace, id)
	if err != nil {
		return nil, err
	}
	return imp, s.apply(ctx, imp, nil, progress)
}

// lock makes this process the only one that applies or undoes an import of the workspace, whether a job or the command
// line asks for it. Busy "import.busy" where another does.
func (s *Service) lock(ctx context.Context, workspace int64) (release func(), err error) {
	release, ok, err := s.DB.TryLock(ctx, fmt.Sprintf("import-w%d", workspace))
	if err == nil && !ok {
		err = errs.New(errs.Busy, "import.busy")
	}
	return release, err
}

// apply is [Service.Apply] under the lock. hold is called in each transaction.
func (s *Service) apply(ctx context.Context, imp *Import, hold holder, progress Progress) error {
	a := &applier{s: s, imp: imp, hold: hold, progress: progress, signs: newSigns()}
	if err := a.open(ctx); err != nil {
		return err
	}
	defer a.plan.Close()
	var err error
	if a.result, err = s.openResultJob(ctx, imp); err != nil {
		return err
	}
	defer a.result.abort()
	if err := a.run(ctx); err != nil {
		return err
	}
	return s.finish(ctx, imp, hold, a.result)
}

// applier is one import being applied.
type applier struct {
	s        *Service
	imp      *Import
	hold     holder
	progress Progress
	l        *layout
	plan     *planReader
	result   *resultJob
	signs    *signs
	tags     []int64 // ids of the plan's new names
	groups   []int64
}

// open checks that the import may start or go on, and puts everything in place for its chunks: change set, ids of
// contacts to come, new tags and groups.
func (a *applier) open(ctx context.Context) (err error) {
	imp := a.imp
	switch imp.State {
	case InReview:
		if a.s.expired(imp) {
			err := a.s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error { return setState(ctx, tx, imp, Expired, InReview) })
			return errors.Join(err, expiredError(imp))
		}
	case Queued, Importing:
	default:
		return stateError(imp)
	}
	if a.plan, err = a.s.openPlan(ctx, imp); err != nil {
		return err
	}
	was := *imp
	err = a.s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		*imp = was // the transaction may be run again
		return a.begin(ctx, tx)
	})
	if err != nil {
		a.plan.Close()
	}
	return err
}

func (a *applier) begin(ctx context.Context, tx *db.Tx) (err error) {
	imp, now := a.imp, a.s.micros()
	if err := a.hold.hold(ctx, tx); err != nil {
		return err
	}
	if set := &imp.Settings; set.ImportTag != "" {
		if _, err = contact.EnsureImportTag(ctx, tx, imp.Workspace, set.ImportTag, now); err != nil {
			return err
		}
	}
	if a.tags, err = contact.EnsureTags(ctx, tx, imp.Workspace, a.plan.newTags(), now); err != nil {
		return err
	}
	if a.groups, err = contact.EnsureGroups(ctx, tx, imp.Workspace, a.plan.newGroups(), now); err != nil {
		return err
	}
	cat, err := contact.LoadCatalogue(ctx, tx, imp.Workspace)
	if err != nil {
		return err
	}
	set := &imp.Settings
	if a.l, err = newLayout(set, cat, &evidence{now: a.s.Now()}); err != nil {
		return err
	}
	if err := a.wishes(ctx, tx, set, now); err != nil {
		return err
	}
	if imp.State == Importing {
		return nil
	}
	var other int64
	err = tx.QueryRow(ctx, `SELECT COALESCE(MIN(id), 0) FROM import WHERE workspace_id = $1 AND id <> $2
		AND (state = 'importing' OR state = 'undoing' AND undo_set_id <> 0)`,
		imp.Workspace, int64(imp.ID)).Scan(&other)
	if err != nil {
		return err
	}
	if other != 0 {
		return errs.New(errs.Conflict, "import.unfinished", "id", other)
	}
	if imp.Set, err = journal.Open(ctx, tx, imp.Workspace, journal.Set{Kind: journal.KindImport, Actor: imp.Actor, ImportID: int64(imp.ID), MadeAt: now}); err != nil {
		return err
	}
	first, err := tx.Reserve(ctx, imp.Workspace, "contact", max(1, imp.Rows))
	if err != nil {
		return err
	}
	if err := setState(ctx, tx, imp, Importing, InReview, Queued); err != nil {
		return err
	}
	imp.idBase, imp.StartedAt = first-1, a.s.Now()
	imp.Progress.At = imp.StartedAt
	_, err = tx.Exec(ctx, "UPDATE import SET id_base = $3, change_set_id = $4, started_at = $5, phase_at = $5 WHERE workspace_id = $1 AND id = $2",
		imp.Workspace, int64(imp.ID), imp.idBase, int64(imp.Set), now)
	return err
}

// wishes resolves the tags and the group for all contacts.
func (a *applier) wishes(ctx context.Context, tx *db.Tx, set *Settings, now int64) (err error) {
	tags, err := contact.EnsureTags(ctx, tx, a.imp.Workspace, set.Tags, now)
	if err != nil {
		return err
	}
	a.l.tags = union(nil, tags)
	if set.ImportTag != "" {
		if a.l.importTag, err = contact.EnsureImportTag(ctx, tx, a.imp.Workspace, set.ImportTag, now); err != nil {
			return err
		}
	}
	if set.Group != "" {
		ids, err := contact.EnsureGroups(ctx, tx, a.imp.Workspace, []string{set.Group}, now)
		if err != nil {
			return err
		}
		a.l.group = ids[0]
	}
	return nil
}

// prepared is a chunk that was read ahead. added are the contacts that it adds if the base has not moved since the
// review, which is nearly always so.
type prepared struct {
	index int64
	rows  []PlanRow
	added *contact.Added
	err   error
}

// run applies the chunks from the cursor on, reading the next one while one is written.
func (a *applier) run(ctx context.Context) error {
	if a.imp.cancel {
		return nil
	}
	ahead := make(chan prepared, 1)
	readCtx, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	defer func() { stop(); <-done }()
	go func() {
		defer close(done)
		defer close(ahead)
		for i := a.imp.NextChunk; i < a.imp.Chunks; i++ {
			select {
			case ahead <- a.prepare(i):
			case <-readCtx.Done():
				return
			}
		}
	}()
	for p := range ahead {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		// A chunk that has begun is finished, so that the import stops at a border.
		if err := a.group(context.WithoutCancel(ctx), p, ahead); err != nil {
			return fmt.Errorf("import %d: %w", a.imp.ID, err)
		}
		if a.progress != nil {
			a.progress(PhaseApply, a.imp.Counts.Sum(), a.imp.Rows, a.imp.Counts.Sum())
		}
		if a.imp.cancel {
			return nil
		}
	}
	return ctx.Err()
}

// prepare reads a chunk and does for it what needs no transaction.
func (a *applier) prepare(chunk int64) prepared {
	p := prepared{index: chunk}
	if p.rows, p.err = a.plan.chunk(int(chunk)); p.err != nil {
		return p
	}
	a.resolve(p.rows)
	var add []*contact.Contact
	now := a.s.micros()
	for i := range p.rows {
		if row := &p.rows[i]; row.Outcome == RowImported {
			c := a.l.build(&row.Record)
			c.ID = contact.ID(a.imp.idBase + row.Record.Number)
			stampConsent(c, now)
			add = append(add, c)
		}
	}
	p.added = contact.NewAdded(add)
	return p
}

// groupChunks is how many chunks share a transaction on SQLite: identity keys are spread over their whole index, and
// four chunks write most of its pages once instead of four times. On PostgreSQL, where others write meanwhile, a
// transaction is one chunk.
const groupChunks = 4

// finished is a chunk that was applied.
type finished struct {
	rows    []PlanRow
	out     []applied
	counts  Counts
	drifted int64
}

// group applies the first chunk, and on SQLite some more that come in, in one transaction, which also moves the
// cursor: whoever comes second finds the cursor moved and changes nothing.
func (a *applier) group(ctx context.Context, first prepared, more <-chan prepared) error {
	var done []finished
	var cancel bool
	err := a.s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		done = done[:0]
		if err := a.hold.hold(ctx, tx); err != nil {
			return err
		}
		for p, ok := first, true; ok; {
			if p.err != nil {
				return fmt.Errorf("chunk %d: %w", p.index, p.err)
			}
			inSpan, end := span.Start(ctx, "import.chunk", span.Attr{Name: "import.id", Value: int64(a.imp.ID)}, span.Attr{Name: "import.chunk", Value: p.index})
			f, err := a.chunk(inSpan, tx, p)
			end(err)
			if err != nil {
				return fmt.Errorf("chunk %d: %w", p.index, err)
			}
			done = append(done, f)
			if err := a.advance(ctx, tx, p.index, &f).Scan(&cancel); err != nil {
				return fmt.Errorf("chunk %d: cursor: %w", p.index, err)
			}
			if tx.Engine() != db.SQLite || len(done) == groupChunks || cancel {
				return nil
			}
			p, ok = <-more
		}
		return nil
	})
	if err != nil {
		return err
	}
	a.imp.cancel = cancel
	for _, f := range done {
		c := &a.imp.Counts
		c.Imported, c.Updated, c.Skipped, c.Errors = c.Imported+f.counts.Imported, c.Updated+f.counts.Updated, c.Skipped+f.counts.Skipped, c.Errors+f.counts.Errors
		a.imp.Drifted += f.drifted
		a.imp.NextChunk++
		a.imp.settle()
		a.result.applied(f.rows, f.out)
	}
	return nil
}

// chunk writes the contacts and the outcomes of one chunk.
func (a *applier) chunk(ctx context.Context, tx *db.Tx, p prepared) (f finished, err error) {
	imp := a.imp
	moved, err := journal.ChangedSince(ctx, tx, imp.Workspace, journal.SetID(imp.seen), imp.Set)
	if err != nil {
		return f, err
	}
	v, err := sightOf(ctx, tx, imp)
	if err != nil {
		return f, err
	}
	f.rows = p.rows
	add := p.added
	var change []contact.Update
	// Who sees what changes without a mark in the journal.
	if moved || hides(v) || a.plan.index.Hides {
		f.out, add, change, err = a.decideAgain(ctx, tx, p.rows, v)
	} else {
		f.out, change, err = a.decidePlanned(ctx, tx, p.rows)
	}
	if err != nil {
		return f, err
	}
	st := contact.Stamp{Workspace: imp.Workspace, Set: imp.Set, Now: a.s.micros(), Source: "import"}
	if err := contact.Write(ctx, tx, st, add, change); err != nil {
		return f, err
	}
	for i := range f.out {
		f.counts.add(f.out[i].outcome, 1)
		if f.out[i].drifted {
			f.drifted++
		}
	}
	counts, err := jsonText(a.signs.applied(p.rows, f.out))
	if err != nil {
		return f, err
	}
	_, err = tx.Exec(ctx, "INSERT INTO import_chunk (workspace_id, import_id, chunk, outcomes, counts) VALUES ($1, $2, $3, $4, $5)",
		imp.Workspace, int64(imp.ID), p.index, encodeOutcomes(f.out), counts)
	return f, err
}

// advance moves the cursor behind a chunk and asks whether a cancel was wished for.
func (a *applier) advance(ctx context.Context, tx *db.Tx, chunk int64, f *finished) *sql.Row {
	return tx.QueryRow(ctx, `UPDATE import SET next_chunk = next_chunk + 1, imported = imported + $4, updated = updated + $5,
		skipped = skipped + $6, errors = errors + $7, drifted = drifted + $8, phase_at = $9
		WHERE workspace_id = $1 AND id = $2 AND next_chunk = $3 AND state = 'importing' RETURNING cancel_requested`,
		a.imp.Workspace, int64(a.imp.ID), chunk, f.counts.Imported, f.counts.Updated, f.counts.Skipped, f.counts.Errors, f.drifted, a.s.micros())
}
