package importer

import (
	"context"
	"slices"

	"cadastro/internal/contact"
	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/journal"
	"cadastro/internal/mapping"
	"cadastro/internal/table"
)

// maxNewNames bounds how many tags and groups a file may bring; more is a sign of a wrong mapping.
const maxNewNames = 2000

// reviewer is one review under way.
type reviewer struct {
	s        *Service
	imp      *Import
	q        db.Querier
	beside   db.Querier // sees the same state of the base, on another connection
	progress Progress

	l       *layout
	look    looker
	names   *namer
	plan    *planWriter
	ids     *identifiers
	rep     *repeats
	targets []int64 // contact that each row speaks of; nil while none does
	rows    []PlanRow
	signs   *signs
	sum     Summary
}

func (r *reviewer) run(ctx context.Context, src table.Source) error {
	imp, set := r.imp, &r.imp.Settings
	latest, err := journal.Latest(ctx, r.q, imp.Workspace)
	if err != nil {
		return err
	}
	imp.seen = int64(latest)
	cat, err := contact.LoadCatalogue(ctx, r.q, imp.Workspace)
	if err != nil {
		return err
	}
	open := func() (table.Reader, error) { return table.Open(ctx, src, set.Dialect, r.s.Limits) }
	ev, err := gather(ctx, open, set, customTypes(set, cat), r.s.Now())
	if err != nil {
		return err
	}
	if r.l, err = newLayout(set, cat, ev); err != nil {
		return err
	}
	r.l.plans = true
	r.names = newNamer(cat, nil, nil)
	if err := r.names.wishes(r.l, set); err != nil {
		return err
	}
	v, err := sightOf(ctx, r.q, imp)
	if err != nil {
		return err
	}
	if r.look, err = newLooker(ctx, r.q, imp.Workspace, r.l, 0, v); err != nil {
		return err
	}
	list, err := fixesOf(ctx, r.q, imp, 0, 1<<62)
	if err != nil {
		return err
	}
	key := imp.planKey
	if r.l.joins {
		key += rowsSuffix
	}
	if r.plan, err = newPlanWriter(ctx, r.s.Blobs, key, r.l); err != nil {
		return err
	}
	defer func() { r.plan.w.Abort() }()
	tr, err := open()
	if err != nil {
		return err
	}
	defer tr.Close()
	x := &r.plan.index
	x.Header, x.ReadAt, x.Readings, x.Hides = tr.Header(), ev.now.UnixMicro(), ev.readings(r.l.columns), hides(v)
	r.ids, r.rep, r.signs = newIdentifiers(x.Seed), newRepeats(), newSigns()
	r.sum = Summary{Notes: ev.questions(r.l.columns)}
	total := src.Size
	err = clean(ctx, tr, r.s.ChunkRows, r.l, ev, byRow(list), []station{r.find, r.load}, func(b *batch) error {
		if err := r.chunk(b); err != nil {
			return err
		}
		if r.progress != nil {
			r.progress(PhaseReview, b.offset, total, int64(len(r.signs.rows)))
		}
		return nil
	})
	if err != nil {
		return err
	}
	return r.finish(ctx)
}

// find is the station that asks whom the rows of a batch speak of.
func (r *reviewer) find(ctx context.Context, b *batch) (err error) {
	if r.beside == r.q { // one connection has one query at a time
		b.known, err = r.look.find(ctx, b.records)
		return err
	}
	b.known, b.ids, err = r.look.keysOf(ctx, b.records)
	return err
}

// load is the station that reads these contacts.
func (r *reviewer) load(ctx context.Context, b *batch) (err error) {
	if len(b.ids) > 0 {
		b.known.contacts, err = contact.Load(ctx, r.beside, r.imp.Workspace, b.ids, r.look.part, false)
	}
	return err
}

// chunk takes cleaned rows through matching and decision and writes them to the plan, beside the file's own cells.
func (r *reviewer) chunk(b *batch) error {
	records, k := b.records, b.known
	for i := range records {
		r.names.names(&records[i])
	}
	r.rows = slices.Grow(r.rows[:0], len(records))[:len(records)]
	for i := range records {
		rec := &records[i]
		p := &r.rows[i]
		*p = r.l.planned(rec, k)
		r.rep.add(r.ids.of(r.l.rivals(p)), rec.Line)
		if of := targetOf(p); of != 0 || r.targets != nil {
			r.targets = grown(r.targets, len(r.rep.hashes))
			r.targets[len(r.targets)-1] = int64(of)
		}
		r.signs.add(p)
	}
	return r.plan.chunk(r.rows, b.packed)
}

// grown gives a column of at least n numbers, those that are new being 0.
func grown(column []int64, n int) []int64 {
	if len(column) >= n {
		return column
	}
	return append(column, make([]int64, n-len(column))...)
}

// planned decides about a row.
func (l *layout) planned(rec *Record, k *known) PlanRow {
	d := l.decide(rec, k)
	return PlanRow{Record: *rec, Outcome: d.Outcome, Reason: d.Reason, Target: d.Target, Changes: d.Changes, Issues: d.Issues}
}

// rivals gives by what a row is compared with the other rows of the file; nothing for one that has no rivals.
func (l *layout) rivals(p *PlanRow) (contact.Key, contact.ID) {
	rec := &p.Record
	switch {
	case l.purpose == mapping.PurposeAddAll, rec.Choice == ChooseNew, rec.Choice == ChooseLeaveOut:
		return contact.Key{}, 0
	case l.repeated == RepeatedJoin:
		// A row that lacks what another row of its client has, such as the name, is taken up all the same.
		if p.Outcome == RowError && (p.Reason == BadCells || p.Reason == KeyConflict || p.Reason == OutOfSight) || p.Reason == DoNotContact || p.Reason == Erased {
			return contact.Key{}, 0
		}
	case l.repeated != RepeatedError && p.Outcome == RowError:
		return contact.Key{}, 0 // a row that goes nowhere does not win over one that could
	}
	return rec.Identity, rec.ContactID
}

// finish lets the repetitions of the whole file have their say and closes the plan.
func (r *reviewer) finish(ctx context.Context) error {
	r.sum.Rows = int64(len(r.signs.rows))
	if r.sum.Rows == 0 {
		return errs.New(errs.Invalid, "file.no_rows")
	}
	verdicts := r.rep.verdicts(r.l.repeated, r.rep.line)
	if r.l.joins {
		var err error
		if verdicts, err = r.join(ctx, verdicts); err != nil {
			return err
		}
	}
	if err := r.plan.columns(r.rep.hashes, r.rep.lines, r.targets); err != nil {
		return err
	}
	var same targets
	for i, of := range r.targets {
		same.add(int64(i)+1, contact.ID(of))
	}
	verdicts = same.verdicts(verdicts, r.rep.line)
	for i := range verdicts {
		r.signs.mark(&verdicts[i])
	}
	for i := range r.plan.index.Chunks {
		c := &r.plan.index.Chunks[i]
		c.Keys = r.signs.tally(c.First, c.Rows)
		r.sum.count(c.Keys)
	}
	r.sum.Columns = r.signs.columns
	r.plan.index.NewTags, r.plan.index.NewGroups = r.names.tags, r.names.groups
	if err := r.plan.finish(verdicts); err != nil {
		return err
	}
	r.sum.NewTags = r.names.tags
	r.imp.Summary, r.imp.Rows, r.imp.Chunks = r.sum, r.sum.Rows, int64(len(r.plan.index.Chunks))
	return nil
}

// customTypes gives the type of the custom field that each column feeds.
func customTypes(set *Settings, cat *contact.Catalogue) map[int]string {
	types := map[int]string{}
	for i, c := range set.Mapping.Columns {
		if id, ok := contact.CustomID(c.Field); ok {
			if f, ok := cat.Field(id); ok {
				types[i] = string(f.Type)
			}
		}
	}
	return types
}
