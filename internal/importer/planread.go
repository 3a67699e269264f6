package importer

import (
	"cmp"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"sort"

	"github.com/klauspost/compress/s2"

	"cadastro/internal/blob"
	"cadastro/internal/errs"
)

// planReader reads a plan, any chunk at any time, with the corrections of its review laid over it. It is for one
// goroutine.
type planReader struct {
	r       blob.Reader
	index   planIndex
	repeats []repeat
	over    *overlay
	buf     []byte
}

// openPlan opens the plan of an import as it is reviewed by now. A plan that is gone is import.source_gone: it has the
// file's cells, and another needs the file again.
func (s *Service) openPlan(ctx context.Context, imp *Import) (*planReader, error) {
	p, err := openPlanBlob(ctx, s.Blobs, imp.planKey)
	if errs.KindOf(err) == errs.NotFound {
		err = errs.Wrap(err, errs.NotFound, "import.source_gone", "id", int64(imp.ID))
	}
	if err != nil {
		return nil, err
	}
	if err := p.lay(ctx, s, imp); err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

func openPlanBlob(ctx context.Context, store blob.Store, key string) (*planReader, error) {
	r, err := store.Open(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("open plan: %w", err)
	}
	p := &planReader{r: r, over: newOverlay()}
	if err := p.load(); err != nil {
		r.Close()
		return nil, err
	}
	return p, nil
}

// Close closes the blob.
func (p *planReader) Close() error { return p.r.Close() }

func (p *planReader) load() error {
	const tail = 8 + int64(len(planMagic))
	size := p.r.Size()
	if size < tail {
		return errPlan
	}
	end, err := p.raw(blockRef{size - tail, tail})
	if err != nil {
		return err
	}
	n := binary.LittleEndian.Uint64(end[:8])
	if string(end[8:]) != planMagic || n > uint64(size-tail) {
		return errPlan
	}
	text, err := p.raw(blockRef{size - tail - int64(n), int64(n)})
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, &p.index); err != nil {
		return fmt.Errorf("plan index: %w", err)
	}
	b, err := p.block(p.index.Repeats)
	if err != nil {
		return err
	}
	d := decoder{s: string(b)}
	last := int64(0)
	p.repeats = make([]repeat, p.index.Repeated)
	for i := range p.repeats {
		last += int64(d.uint())
		p.repeats[i] = d.verdict(last)
	}
	return d.err
}

// raw reads a block as it lies there. It is valid until the next read.
func (p *planReader) raw(ref blockRef) ([]byte, error) {
	if ref.Offset < 0 || ref.Length < 0 || ref.Length > p.r.Size() {
		return nil, errPlan
	}
	if int64(cap(p.buf)) < ref.Length {
		p.buf = make([]byte, ref.Length)
	}
	b := p.buf[:ref.Length]
	if _, err := p.r.ReadAt(b, ref.Offset); err != nil && err != io.EOF {
		return nil, fmt.Errorf("read plan: %w", err)
	}
	return b, nil
}

func (p *planReader) block(ref blockRef) ([]byte, error) {
	b, err := p.raw(ref)
	if err != nil {
		return nil, err
	}
	return s2.Decode(nil, b)
}

// chunk gives the rows of chunk i, in the order of the file, as they would be applied: with what the whole file says of
// repetition, and with the corrections of the review.
func (p *planReader) chunk(i int) ([]PlanRow, error) {
	rows, err := p.base(i)
	if err != nil {
		return nil, err
	}
	ref := &p.index.Chunks[i]
	if err := p.joined(i, rows); err != nil {
		return nil, err
	}
	for at := p.verdictFrom(ref.First); at < len(p.repeats) && p.repeats[at].row < ref.First+int64(ref.Rows); at++ {
		if v := &p.repeats[at]; !p.over.judged(v.row) {
			v.mark(&rows[v.row-ref.First])
		}
	}
	for _, o := range p.over.in(ref.First, int64(ref.Rows)) {
		if o.verdict != nil {
			o.verdict.mark(&rows[o.row-ref.First])
		}
	}
	return rows, nil
}

// pick gives the rows of chunk i that an issue of the given code is on, as [planReader.chunk] would give them. The others
// are passed by, which costs a tenth.
func (p *planReader) pick(i int, code string) ([]PlanRow, error) {
	ref := &p.index.Chunks[i]
	has := func(list []errs.Issue) bool {
		return slices.ContainsFunc(list, func(is errs.Issue) bool { return is.Code == code })
	}
	if ref.Joined.Length > 0 {
		rows, err := p.chunk(i)
		return slices.DeleteFunc(rows, func(r PlanRow) bool { return !has(r.Record.Issues) && !has(r.Issues) }), err
	}
	b, err := p.block(ref.Plan)
	if err != nil {
		return nil, err
	}
	var rows []PlanRow
	d := decoder{s: string(b)}
	at := p.verdictFrom(ref.First)
	over := p.over.in(ref.First, int64(ref.Rows))
	for n := ref.First; n < ref.First+int64(ref.Rows); n++ {
		var v *repeat
		if at < len(p.repeats) && p.repeats[at].row == n {
			v = &p.repeats[at]
			at++
		}
		row := PlanRow{Record: Record{Number: n}}
		more := d.head(&row)
		if len(over) > 0 && over[0].row == n {
			o := over[0]
			over = over[1:]
			if o.isJudged {
				v = o.verdict
			}
			if o.base != nil || o.joined != nil {
				if more {
					d.skip(p.index.Slots)
				}
				more, row = false, *cmp.Or(o.joined, o.base)
			}
		}
		wanted := has(row.Record.Issues) || has(row.Issues) || v != nil && v.code() == code
		switch {
		case wanted && more:
			d.rest(&row, p.index.Slots)
		case more:
			d.skip(p.index.Slots)
		}
		if wanted {
			if v != nil {
				v.mark(&row)
			}
			rows = append(rows, row)
		}
	}
	return rows, d.err
}

// base gives the rows of chunk i as each is by itself.
func (p *planReader) base(i int) ([]PlanRow, error) {
	ref := &p.index.Chunks[i]
	b, err := p.block(ref.Plan)
	if err != nil {
		return nil, err
	}
	rows := make([]PlanRow, ref.Rows)
	d := decoder{s: string(b)}
	for j := range rows {
		rows[j].Record.Number = ref.First + int64(j)
		d.row(&rows[j], p.index.Slots)
	}
	if d.err != nil {
		return nil, d.err
	}
	for _, o := range p.over.in(ref.First, int64(ref.Rows)) {
		if o.base != nil {
			rows[o.row-ref.First] = *o.base
		}
	}
	return rows, nil
}

// joined puts rows that have taken others up in the place of what they are by themselves.
func (p *planReader) joined(i int, rows []PlanRow) error {
	ref := &p.index.Chunks[i]
	if ref.Joined.Length > 0 {
		b, err := p.block(ref.Joined)
		if err != nil {
			return err
		}
		d := decoder{s: string(b)}
		for n := ref.First; d.err == nil && d.s != ""; {
			n += int64(d.uint())
			var row PlanRow
			row.Record.Number = n
			d.row(&row, p.index.Slots)
			if at := n - ref.First; d.err == nil && at >= 0 && at < int64(len(rows)) && !p.over.judged(n) {
				rows[at] = row
			}
		}
		if d.err != nil {
			return d.err
		}
	}
	for _, o := range p.over.in(ref.First, int64(ref.Rows)) {
		if o.joined != nil {
			rows[o.row-ref.First] = *o.joined
		}
	}
	return nil
}

// verdictFrom gives the place of the first of the plan's verdicts at row or behind it.
func (p *planReader) verdictFrom(row int64) int {
	return sort.Search(len(p.repeats), func(k int) bool { return p.repeats[k].row >= row })
}

// verdict gives the verdict on a row, nil for none.
func (p *planReader) verdict(row int64) *repeat {
	if o := p.over.rows[row]; o != nil && o.isJudged {
		return o.verdict
	}
	if at := p.verdictFrom(row); at < len(p.repeats) && p.repeats[at].row == row {
		return &p.repeats[at]
	}
	return nil
}

// chunkOf gives the chunk that holds a row, -1 for none.
func (p *planReader) chunkOf(row int64) int {
	i := sort.Search(len(p.index.Chunks), func(k int) bool { return p.index.Chunks[k].First > row }) - 1
	if i < 0 || row >= p.index.Chunks[i].First+int64(p.index.Chunks[i].Rows) {
		return -1
	}
	return i
}

// tally counts the rows of chunk i.
func (p *planReader) tally(i int) tally {
	t := p.index.Chunks[i].Keys
	if change, ok := p.over.tallies[i]; ok {
		t = maps.Clone(t)
		if t == nil {
			t = tally{}
		}
		t.addAll(change)
		maps.DeleteFunc(t, func(_ string, n int64) bool { return n == 0 })
	}
	return t
}

// newTags and newGroups list the names that do not exist yet, by their ids below zero.
func (p *planReader) newTags() []string {
	return append(p.index.NewTags[:len(p.index.NewTags):len(p.index.NewTags)], p.over.newTags...)
}

func (p *planReader) newGroups() []string {
	return append(p.index.NewGroups[:len(p.index.NewGroups):len(p.index.NewGroups)], p.over.newGroups...)
}
