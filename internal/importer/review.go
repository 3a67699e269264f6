package importer

import (
	"context"
	"errors"
	"slices"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/journal"
	"cadastro/internal/mapping"
	"cadastro/internal/normalize"
	"cadastro/internal/table"
)

// maxNewNames bounds how many tags and groups a file may bring; more is a sign of a wrong mapping.
const maxNewNames = 2000

// Review reads every row of an import's file, decides what would become of it and keeps that as the plan. No
// contact changes. Settings whose mapping makes custom fields have them made. A review may be done again, with
// other settings, until the import starts.
func (s *Service) Review(ctx context.Context, workspace int64, id ID, set Settings, progress Progress) (*Import, error) {
	if err := auth.RequireIn(ctx, workspace, auth.ImportsRun); err != nil {
		return nil, err
	}
	imp, err := s.beginReview(ctx, workspace, id, set, false)
	if err != nil {
		return nil, err
	}
	if err := s.review(ctx, imp, nil, progress); err != nil {
		return nil, err
	}
	return imp, nil
}

// check holds settings to the rules and makes the custom fields that they ask for.
func (set *Settings) check(ctx context.Context, tx *db.Tx, workspace, now int64) error {
	if err := set.Mapping.Validate(set.Purpose, set.Identifier); err != nil {
		return err
	}
	if set.Repeated == "" {
		set.Repeated = RepeatedError
	}
	set.Mapping.Columns = slices.Clone(set.Mapping.Columns)
	for i := range set.Mapping.Columns {
		c := &set.Mapping.Columns[i]
		if c.Field != mapping.NewCustom {
			continue
		}
		f := contact.CustomField{Label: c.Label, Type: contact.FieldType(c.Type), Headers: []string{c.Header}}
		if f.Label == "" {
			f.Label = c.Header
		}
		if f.Label = normalize.Trim(f.Label); f.Label == "" {
			return errs.New(errs.Invalid, "mapping.custom_without_label", "column", i+1)
		}
		if f.Type == "" {
			f.Type = contact.TypeText
		}
		id, err := contact.DefineField(ctx, tx, workspace, f, now)
		if err != nil {
			return err
		}
		c.Field = contact.CustomKey(id)
	}
	// Two columns of one label are one custom field, which takes one column.
	return set.Mapping.Validate(set.Purpose, set.Identifier)
}

// reviewer is one review under way.
type reviewer struct {
	s        *Service
	imp      *Import
	q        db.Querier
	beside   db.Querier // sees the same state of the base, on another connection
	progress Progress

	l         *layout
	look      looker
	cat       *contact.Catalogue
	plan      *planWriter
	rep       *repeats
	same      targets
	rows      []PlanRow
	signs     *signs
	sum       Summary
	newNames  map[string]int64 // "t" or "g" and folded name -> id below zero
	newTags   []string
	newGroups []string
}

func (r *reviewer) run(ctx context.Context, src table.Source) error {
	imp, set := r.imp, &r.imp.Settings
	latest, err := journal.Latest(ctx, r.q, imp.Workspace)
	if err != nil {
		return err
	}
	imp.seen = int64(latest)
	if r.cat, err = contact.LoadCatalogue(ctx, r.q, imp.Workspace); err != nil {
		return err
	}
	open := func() (table.Reader, error) { return table.Open(ctx, src, set.Dialect, r.s.Limits) }
	ev, err := gather(ctx, open, set, customTypes(set, r.cat), r.s.Now())
	if err != nil {
		return err
	}
	if r.l, err = newLayout(set, r.cat, ev); err != nil {
		return err
	}
	if err := r.wishes(set); err != nil {
		return err
	}
	if r.look, err = newLooker(ctx, r.q, imp.Workspace, r.l, 0); err != nil {
		return err
	}
	if r.plan, err = newPlanWriter(ctx, r.s.Blobs, imp.planKey, r.l); err != nil {
		return err
	}
	defer r.plan.w.Abort()
	tr, err := open()
	if err != nil {
		return err
	}
	defer tr.Close()
	r.rep = newRepeats()
	r.signs = newSigns()
	r.sum = Summary{Notes: ev.questions(r.l.columns)}
	total := src.Size
	err = clean(ctx, tr, r.s.ChunkRows, r.l, ev, []station{r.find, r.load}, func(b *batch) error {
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
	return r.finish()
}

// readTwo runs f in two read transactions that see the same contacts, so that one can find and the other read them at
// the same time. On PostgreSQL both are one: there the work is the server's, and two snapshots of it could differ.
func (s *Service) readTwo(ctx context.Context, workspace int64, f func(ctx context.Context, q, beside db.Querier) error) error {
	again := errors.New("the base changed between two snapshots")
	for {
		err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
			if q.Engine() != db.SQLite {
				return f(ctx, q, q)
			}
			seen, err := journal.Latest(ctx, q, workspace)
			if err != nil {
				return err
			}
			return s.DB.Read(ctx, func(ctx context.Context, beside db.Querier) error {
				if now, err := journal.Latest(ctx, beside, workspace); err != nil || now != seen {
					return errors.Join(err, again)
				}
				return f(ctx, q, beside)
			})
		})
		if !errors.Is(err, again) || ctx.Err() != nil {
			return err
		}
	}
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

// wishes resolves the tags and the group for all contacts; those that do not exist yet are made at the start.
func (r *reviewer) wishes(set *Settings) error {
	for _, name := range set.Tags {
		id, ok := r.tag(name)
		if !ok {
			return errs.New(errs.Invalid, "import.too_many_tags", "limit", maxNewNames)
		}
		r.l.tags = withID(r.l.tags, id)
	}
	if set.ImportTag != "" {
		r.l.importTag, _ = r.tag(set.ImportTag)
	}
	if set.Group != "" {
		r.l.group, _ = r.group(set.Group)
	}
	return nil
}

func (r *reviewer) tag(name string) (int64, bool) {
	if t, ok := r.cat.Tags[normalize.Fold(name)]; ok {
		return t.ID, true
	}
	return r.name("t", name, &r.newTags)
}

func (r *reviewer) group(name string) (int64, bool) {
	if g, ok := r.cat.Groups[normalize.Fold(name)]; ok {
		return g.ID, true
	}
	return r.name("g", name, &r.newGroups)
}

// name gives the id below zero of a name that does not exist yet; ok is false where there are too many.
func (r *reviewer) name(kind, name string, list *[]string) (int64, bool) {
	key := kind + normalize.Fold(name)
	id, ok := r.newNames[key]
	if !ok {
		if len(*list) >= maxNewNames {
			return 0, false
		}
		*list = append(*list, name)
		id = -int64(len(*list))
		r.newNames[key] = id
	}
	return id, true
}

// chunk takes cleaned rows through matching and decision and writes them to the plan.
func (r *reviewer) chunk(b *batch) error {
	records, k := b.records, b.known
	for i := range records {
		r.names(&records[i])
	}
	r.rows = slices.Grow(r.rows[:0], len(records))[:len(records)]
	for i := range records {
		rec := &records[i]
		d := r.l.decide(rec, k)
		r.rows[i] = PlanRow{Record: *rec, Outcome: d.Outcome, Reason: d.Reason, Target: d.Target, Changes: d.Changes, Issues: d.Issues}
		identity, id := rec.Identity, rec.ContactID
		if d.Outcome == RowError && r.imp.Settings.Repeated != RepeatedError {
			identity, id = contact.Key{}, 0 // a row that goes nowhere does not win over one that could
		}
		if r.l.purpose == mapping.PurposeAddAll {
			identity, id = contact.Key{}, 0
		}
		r.rep.add(identity, id, rec.Line)
		r.same.add(len(r.signs.rows), d)
		r.signs.add(&r.rows[i])
	}
	return r.plan.chunk(r.rows, b.packed)
}

// names turns the row's tag and group names into ids.
func (r *reviewer) names(rec *Record) {
	if len(rec.TagNames)+len(rec.GroupNames) == 0 || errs.Worst(rec.Issues) == errs.Reject {
		return
	}
	tooMany := ""
	for _, n := range rec.TagNames {
		id, ok := r.tag(n)
		if !ok {
			tooMany = n
			continue
		}
		rec.Tags = withID(rec.Tags, id)
	}
	for _, n := range rec.GroupNames {
		id, ok := r.group(n)
		if !ok {
			tooMany = n
			continue
		}
		rec.Groups = withID(rec.Groups, id)
	}
	if tooMany != "" {
		rec.Issues = append(rec.Issues, errs.NewIssue(errs.Reject, "row.too_many_tags", tooMany, "limit", maxNewNames))
	}
}

// finish lets the repetitions of the whole file have their say and closes the plan.
func (r *reviewer) finish() error {
	r.sum.Rows = int64(len(r.signs.rows))
	if r.sum.Rows == 0 {
		return errs.New(errs.Invalid, "file.no_rows")
	}
	verdicts := r.rep.verdicts(r.imp.Settings.Repeated)
	verdicts = r.same.verdicts(verdicts, r.rep.lines)
	for i := range verdicts {
		r.signs.mark(&verdicts[i])
	}
	for i := range r.plan.index.Chunks {
		c := &r.plan.index.Chunks[i]
		c.Keys = r.signs.tally(c.First, c.Rows)
		r.sum.count(c.Keys)
	}
	r.sum.Columns = r.signs.columns
	r.plan.index.NewTags, r.plan.index.NewGroups = r.newTags, r.newGroups
	if err := r.plan.finish(verdicts); err != nil {
		return err
	}
	r.sum.NewTags = r.newTags
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
