package importer

import (
	"cmp"
	"context"
	"encoding/binary"
	"maps"
	"slices"

	"cadastro/internal/contact"
)

// judge finds the rows that share an identifier or a contact with the rows at hand, before or now, and says of all of
// them what the review of the whole file would say.
func (f *fixer) judge(ctx context.Context) error {
	wanted := map[uint64]struct{}{}
	for row, r := range f.now {
		was := f.was(row)
		wanted[was.hash], wanted[r.hash] = struct{}{}, struct{}{}
	}
	sharing := f.sharing(f.hashes, wanted, func(r *redone) uint64 { return r.hash })
	for _, rows := range sharing {
		for _, row := range rows {
			f.concern(row)
		}
	}
	for _, r := range f.now {
		r.verdict, r.joined = nil, nil
	}
	g := groups{first: map[int64]struct{}{}}
	for _, rows := range sharing {
		for _, row := range rows[1:] {
			g.join(rows[0], row)
		}
	}
	slices.SortFunc(g.found, func(a, b repeat) int { return cmp.Compare(a.row, b.row) })
	verdicts := g.verdicts(f.l.repeated, f.line)
	for i := range verdicts {
		f.now[verdicts[i].row].verdict = &verdicts[i]
	}
	if f.l.joins {
		if err := f.join(ctx, sharing); err != nil {
			return err
		}
	}
	f.judgeTargets()
	return nil
}

// join makes one contact of the rows of each group.
func (f *fixer) join(ctx context.Context, sharing map[uint64][]int64) error {
	for row, r := range f.now {
		r.regroup = true
		base, err := f.base(row)
		if err != nil {
			return err
		}
		r.target = targetOf(base)
	}
	var records []Record
	var members [][]int64
	var taken [][]bool
	for _, rows := range sharing {
		if len(rows) < 2 {
			continue
		}
		list := make([]*PlanRow, len(rows))
		for i, row := range rows {
			var err error
			if list[i], err = f.base(row); err != nil {
				return err
			}
		}
		rec, took := f.l.joinRows(list)
		records, members, taken = append(records, rec), append(members, rows), append(taken, took)
	}
	if len(records) == 0 {
		return nil
	}
	k, err := f.look.find(ctx, records)
	if err != nil {
		return err
	}
	for i, rows := range members {
		p := f.l.planned(&records[i], k)
		first := f.now[rows[0]]
		first.joined, first.target = &p, targetOf(&p)
		for n, row := range rows[1:] {
			f.now[row].verdict.joinedTo(&p, taken[i][n+1])
		}
	}
	return nil
}

// judgeTargets says what becomes of rows that have identifiers of their own and yet speak of one contact.
func (f *fixer) judgeTargets() {
	wanted := map[uint64]struct{}{}
	for row, r := range f.now {
		was := f.was(row)
		wanted[uint64(was.target)], wanted[uint64(r.target)] = struct{}{}, struct{}{}
	}
	sharing := f.sharing(f.targets, wanted, func(r *redone) uint64 { return uint64(r.target) })
	var same targets
	var has []repeat
	for of, rows := range sharing {
		for _, row := range rows {
			r := f.concern(row)
			if r.verdict != nil && r.verdict.kind == sameContact {
				r.verdict = nil
			}
			if r.verdict != nil {
				has = append(has, *r.verdict)
			}
			same.add(row, contact.ID(of))
		}
	}
	slices.SortFunc(has, func(a, b repeat) int { return cmp.Compare(a.row, b.row) })
	for _, v := range same.verdicts(has, f.line) {
		if v.kind == sameContact {
			f.now[v.row].verdict = &v
		}
	}
}

// sharing gives the rows, in order, of each number in wanted, as they are now. 0 is nobody's number.
func (f *fixer) sharing(column []byte, wanted map[uint64]struct{}, of func(*redone) uint64) map[uint64][]int64 {
	delete(wanted, 0)
	out := map[uint64][]int64{}
	if len(wanted) == 0 {
		return out
	}
	few := make([]uint64, 0, 8)
	if len(wanted) <= cap(few) {
		few = slices.AppendSeq(few, maps.Keys(wanted))
	}
	for at := 0; at+8 <= len(column); at += 8 {
		v := binary.LittleEndian.Uint64(column[at:])
		if v == 0 {
			continue
		}
		if len(few) > 0 {
			if !slices.Contains(few, v) {
				continue
			}
		} else if _, ok := wanted[v]; !ok {
			continue
		}
		row := int64(at/8) + 1
		if f.now[row] == nil && f.plan.over.rows[row] == nil {
			out[v] = append(out[v], row)
		}
	}
	add := func(row int64, v uint64) {
		if _, ok := wanted[v]; ok {
			out[v] = append(out[v], row)
		}
	}
	for row, o := range f.plan.over.rows {
		if f.now[row] == nil {
			add(row, of(&redone{hash: o.hash, target: o.target}))
		}
	}
	for row, r := range f.now {
		add(row, of(r))
	}
	for _, rows := range out {
		slices.Sort(rows)
	}
	return out
}

// settle writes what has become of the rows at hand into the overlay of the plan, and gives the change of the counts and
// the rows that come out otherwise than before, or that were decided again, in the order of the file.
func (f *fixer) settle() (change tally, rows []*PlanRow, err error) {
	change = tally{}
	over := f.plan.over
	for _, n := range slices.Sorted(maps.Keys(f.now)) {
		r := f.now[n]
		was := f.was(n)
		if r.base == nil && !r.regroup && sameVerdict(r.verdict, was.verdict) {
			continue
		}
		content := r.base != nil || r.regroup || (r.verdict == nil) != (was.verdict == nil) ||
			r.verdict != nil && (r.verdict.kind != was.verdict.kind || r.verdict.outcome != was.verdict.outcome)
		if content {
			before, err := f.before(n)
			if err != nil {
				return nil, nil, err
			}
			after, err := f.after(n)
			if err != nil {
				return nil, nil, err
			}
			from, to := plannedKeys(nil, before), plannedKeys(nil, after)
			change.add(from, -1)
			change.add(to, 1)
			over.shift(f.plan.chunkOf(n), from, to)
			if r.base != nil || before.Outcome != after.Outcome || before.Reason != after.Reason {
				rows = append(rows, after)
			}
		}
		defer func() { // later: before reads the overlay
			o := over.at(n)
			if r.base != nil {
				o.base = r.base
			}
			o.hash, o.target, o.isJudged, o.verdict, o.joined = r.hash, r.target, true, r.verdict, r.joined
		}()
	}
	over.newTags = f.names.tags[len(f.plan.index.NewTags):]
	over.newGroups = f.names.groups[len(f.plan.index.NewGroups):]
	return change, rows, nil
}

func sameVerdict(a, b *repeat) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
