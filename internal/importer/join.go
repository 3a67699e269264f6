package importer

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"cadastro/internal/contact"
	"cadastro/internal/errs"
)

// rowsSuffix marks the blob that holds the rows of a plan until those that make one contact are joined.
const rowsSuffix = "-rows"

// joinRows makes one record of rows that speak of one contact: channels, tags and groups of all of them, notes one
// below the other, of any other field the first value. A value that differs is a warning. others[i] is false for rows
// whose own code or tax id is another than the first row's: they are not taken up.
func (l *layout) joinRows(rows []*PlanRow) (rec Record, taken []bool) {
	taken = make([]bool, len(rows))
	taken[0] = true
	rec = rows[0].Record
	rec.Values = slices.Clone(rec.Values)
	rec.Channels = slices.Clone(rec.Channels)
	rec.Issues = slices.Clip(rec.Issues)
	for i, p := range rows[1:] {
		if l.otherPerson(&rec, &p.Record) {
			continue
		}
		taken[i+1] = true
		l.takeUp(&rec, &p.Record)
	}
	contact.SortChannels(rec.Channels)
	rec.Keys = l.appendKeys(nil, &rec)
	return rec, taken
}

// otherPerson tells whether keys that one person has once say that two rows speak of two.
func (l *layout) otherPerson(a, b *Record) bool {
	for i := range l.slots {
		kind := contact.Kind(l.slots[i].key)
		if kind != contact.KeyTaxID && kind != contact.KeyExternalID {
			continue
		}
		ka, oka := contact.KeyOf(kind, a.Values[i])
		kb, okb := contact.KeyOf(kind, b.Values[i])
		if oka && okb && ka != kb {
			return true
		}
	}
	return false
}

// takeUp adds what row b says to rec.
func (l *layout) takeUp(rec, b *Record) {
	for i, v := range b.Values {
		s := &l.slots[i]
		switch cur := rec.Values[i]; {
		case v == "" || v == cur:
		case cur == "":
			rec.Values[i] = v
		case v == clearMark || cur == clearMark:
		case s.join != "":
			if !slices.Contains(strings.Split(cur, s.join), v) {
				rec.Values[i] = cur + s.join + v
			}
		default:
			is := errs.NewIssue(errs.Warning, "row.joined_differs", v, "line", b.Line, "kept", errs.Clip(cur, errs.MaxIssueValue))
			is.Field = s.key
			rec.Issues = append(rec.Issues, is)
		}
	}
	for _, ch := range b.Channels {
		if !slices.ContainsFunc(rec.Channels, func(has contact.Channel) bool { return has.Kind == ch.Kind && sameAddress(has, ch) }) {
			rec.Channels = append(rec.Channels, ch)
		}
	}
	rec.Tags, rec.Groups = union(rec.Tags, b.Tags), union(rec.Groups, b.Groups)
	if rec.Consent == ConsentUnknown || b.Consent == ConsentRefused {
		rec.Consent = b.Consent
	}
}

// join makes one contact of the rows of each identifier. The rows that are written so far become the plan, in a blob of
// its own; they are read once more in their order, so that no more rows are in memory than there are between the first
// and the last of a contact.
func (r *reviewer) join(ctx context.Context, verdicts []repeat) ([]repeat, error) {
	if err := r.plan.finish(nil); err != nil {
		return nil, err
	}
	rowsKey := r.imp.planKey + rowsSuffix
	defer r.s.Blobs.Delete(context.WithoutCancel(ctx), rowsKey) //nolint:errcheck // what is left over is overwritten or swept
	rows, err := openPlanBlob(ctx, r.s.Blobs, rowsKey)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	w, err := newPlanWriter(ctx, r.s.Blobs, r.imp.planKey, r.l)
	if err != nil {
		return nil, err
	}
	chunks := r.plan.index.Chunks
	w.index = r.plan.index
	w.index.Chunks = make([]chunkRef, 0, len(chunks))
	r.plan = w
	j := &joiner{r: r, from: rows, verdicts: verdicts, left: map[int64]int{}, open: map[int64][]*PlanRow{}, waiting: map[int]int{}, ready: map[int][]PlanRow{}}
	for _, v := range verdicts {
		j.left[v.other]++
	}
	for first := range j.left {
		j.waiting[rows.chunkOf(first)]++
	}
	for i := range chunks {
		if err := j.chunk(ctx, i, chunks[i]); err != nil {
			return nil, err
		}
	}
	return verdicts, nil
}

// joiner joins the rows of a plan.
type joiner struct {
	r        *reviewer
	from     *planReader
	verdicts []repeat
	at       int                  // next verdict
	left     map[int64]int        // first row of a contact -> rows of it that are to come
	open     map[int64][]*PlanRow // first row of a contact -> rows so far
	waiting  map[int]int          // chunk -> contacts that begin in it and are not joined yet
	ready    map[int][]PlanRow    // chunk -> joined rows
}

// chunk copies the blocks of a chunk and joins the contacts that end in it.
func (j *joiner) chunk(ctx context.Context, i int, ref chunkRef) error {
	next := chunkRef{First: ref.First, Rows: ref.Rows}
	for _, c := range []struct {
		to   *blockRef
		from blockRef
	}{{&next.Plan, ref.Plan}, {&next.Cells, ref.Cells}} {
		b, err := j.from.raw(c.from)
		if err != nil {
			return err
		}
		if *c.to, err = j.r.plan.raw(b); err != nil {
			return err
		}
	}
	j.r.plan.index.Chunks = append(j.r.plan.index.Chunks, next)
	rows, err := j.from.base(i)
	if err != nil {
		return err
	}
	var whole []int64
	for k := range rows {
		p := &rows[k]
		n := p.Record.Number
		if j.left[n] > 0 {
			j.open[n] = append(j.open[n], p)
		}
		if j.at < len(j.verdicts) && j.verdicts[j.at].row == n {
			first := j.verdicts[j.at].other
			j.at++
			j.open[first] = append(j.open[first], p)
			if j.left[first]--; j.left[first] == 0 {
				delete(j.left, first)
				whole = append(whole, first)
			}
		}
	}
	return j.decide(ctx, whole)
}

// decide joins contacts of which all rows are there and decides about them.
func (j *joiner) decide(ctx context.Context, firsts []int64) error {
	if len(firsts) == 0 {
		return nil
	}
	records := make([]Record, len(firsts))
	taken := make([][]bool, len(firsts))
	for i, first := range firsts {
		records[i], taken[i] = j.r.l.joinRows(j.open[first])
	}
	k, err := j.r.look.find(ctx, records)
	if err != nil {
		return err
	}
	for i, first := range firsts {
		p := j.r.l.planned(&records[i], k)
		for n, row := range j.open[first][1:] {
			at, _ := slices.BinarySearchFunc(j.verdicts, row.Record.Number, func(v repeat, n int64) int { return cmp.Compare(v.row, n) })
			j.verdicts[at].joinedTo(&p, taken[i][n+1])
		}
		delete(j.open, first)
		j.r.signs.replace(first, &p)
		if of := targetOf(&p); of != 0 || j.r.targets != nil {
			j.r.targets = grown(j.r.targets, len(j.r.rep.hashes))
			j.r.targets[first-1] = int64(of)
		}
		chunk := j.from.chunkOf(first)
		j.ready[chunk] = append(j.ready[chunk], p)
		if j.waiting[chunk]--; j.waiting[chunk] == 0 {
			if err := j.flush(chunk); err != nil {
				return err
			}
		}
	}
	return nil
}

// joinedTo settles the verdict on a row of a contact that p stands for.
func (r *repeat) joinedTo(p *PlanRow, taken bool) {
	switch {
	case !taken:
		r.kind, r.outcome = joinConflict, RowError
	case p.Outcome == RowError:
		r.kind, r.outcome = joined, RowError
	default:
		r.kind, r.outcome = joined, RowSkipped
	}
}

// flush writes the joined rows of a chunk.
func (j *joiner) flush(chunk int) (err error) {
	rows := j.ready[chunk]
	slices.SortFunc(rows, func(a, b PlanRow) int { return cmp.Compare(a.Record.Number, b.Record.Number) })
	w := j.r.plan
	ref := &w.index.Chunks[chunk]
	w.enc.b = w.enc.b[:0]
	last := ref.First
	for i := range rows {
		w.enc.uint(uint64(rows[i].Record.Number - last))
		last = rows[i].Record.Number
		w.enc.row(&rows[i])
	}
	delete(j.ready, chunk)
	ref.Joined, err = w.block(w.enc.b)
	return err
}
