package importer

import (
	"hash/maphash"
	"slices"

	"cadastro/internal/contact"
	"cadastro/internal/errs"
	"cadastro/internal/normalize"
)

// repeat says that a row shares its identifier, or the contact that it speaks of, with another one, and what that
// makes of it.
type repeat struct {
	row, other, line int64 // line is the other row's
	outcome          Outcome
	same             bool // not the identifier, but the contact
}

func (r *repeat) code() string {
	if r.same {
		return "row.same_contact"
	}
	return "row.repeated"
}

// mark puts the verdict on a row. The row's own faults stay on it.
func (r *repeat) mark(p *PlanRow) {
	p.Outcome, p.Reason, p.Target, p.Changes = r.outcome, RepeatedRow, 0, nil
	severity := errs.Note
	if r.outcome == RowError {
		severity = errs.Reject
	}
	if r.same {
		p.Issues = append(p.Issues, errs.NewIssue(severity, "row.same_contact", p.Record.Identity.Text, "line", r.line))
		return
	}
	p.Issues = append(p.Issues, errs.NewIssue(severity, "row.repeated", p.Record.Identity.Text, "row", r.other, "line", r.line))
}

// repeats finds rows with the same identifier over a whole file, in 8 bytes a row for the identifier, 4 for the
// line and about 6 for the table. Phones are compared exactly; other identifiers by a 64-bit hash, which takes
// two of five million for equal once in a million files.
type repeats struct {
	seed   maphash.Seed
	hashes []uint64 // of row n at n-1; 0 for a row without identifier
	lines  []uint32
	table  []uint32 // open addressing: number of a row, 0 for a free place
	used   int
	first  map[int64]struct{} // rows that are the first of their identifier and have a repetition
	found  []repeat           // later rows, in order, with the row that they repeat
}

func newRepeats() *repeats {
	return &repeats{seed: maphash.MakeSeed(), table: make([]uint32, 1<<12), first: map[int64]struct{}{}}
}

// add takes the next row of the file.
func (r *repeats) add(key contact.Key, id contact.ID, line int64) {
	h := uint64(0)
	switch {
	case id != 0:
		h = uint64(id)<<1 | 1
	case key.Text == "":
	case key.Kind == contact.Phone:
		if h = normalize.PhoneKeyNumber(key.Text); h != 0 {
			break
		}
		fallthrough
	default:
		h = maphash.String(r.seed, key.Text) | 1<<63
	}
	r.hashes = append(r.hashes, h)
	r.lines = append(r.lines, uint32(line))
	if h == 0 {
		return
	}
	if 3*r.used >= 2*len(r.table) {
		r.grow()
	}
	row := uint32(len(r.hashes))
	place := r.find(h)
	if other := r.table[place]; other != 0 {
		r.first[int64(other)] = struct{}{}
		r.found = append(r.found, repeat{row: int64(row), other: int64(other), line: int64(r.lines[other-1])})
		return
	}
	r.table[place] = row
	r.used++
}

// find gives the place of a hash in the table, or the free place where it belongs.
func (r *repeats) find(h uint64) int {
	mask := len(r.table) - 1
	for i := int((h*0x9e3779b97f4a7c15)>>20) & mask; ; i = (i + 1) & mask {
		if n := r.table[i]; n == 0 || r.hashes[n-1] == h {
			return i
		}
	}
}

func (r *repeats) grow() {
	old := r.table
	r.table = make([]uint32, 2*len(old))
	for _, n := range old {
		if n != 0 {
			r.table[r.find(r.hashes[n-1])] = n
		}
	}
}

// verdicts gives, in the order of rows, what each shared identifier makes of its rows.
func (r *repeats) verdicts(how Repeated) []repeat {
	out := make([]repeat, 0, len(r.found)+len(r.first))
	switch how {
	case RepeatedFirst:
		for _, f := range r.found {
			f.outcome = RowSkipped
			out = append(out, f)
		}
	case RepeatedLast:
		last := map[int64]int64{} // first row -> last row seen
		for _, f := range r.found {
			last[f.other] = f.row
		}
		add := func(row, winner int64) {
			if row != winner {
				out = append(out, repeat{row: row, other: winner, line: int64(r.lines[winner-1]), outcome: RowSkipped})
			}
		}
		for first, winner := range last {
			add(first, winner)
		}
		for _, f := range r.found {
			add(f.row, last[f.other])
		}
	default:
		seen := make(map[int64]struct{}, len(r.first))
		for _, f := range r.found {
			f.outcome = RowError
			out = append(out, f)
			if _, ok := seen[f.other]; !ok {
				seen[f.other] = struct{}{}
				out = append(out, repeat{row: f.other, other: f.row, line: int64(r.lines[f.row-1]), outcome: RowError})
			}
		}
	}
	slices.SortFunc(out, func(a, b repeat) int { return int(a.row - b.row) })
	return out
}

// targets finds rows that have different identifiers and yet speak of one contact of the base: by its first and by
// its second phone. Both are errors, since nobody can say which of them is right.
type targets struct {
	first map[contact.ID]int64 // contact -> first row, below zero once that row has its verdict
	found []repeat
}

// add takes the next row, whose index counts from 0.
func (t *targets) add(index int, d Decision) {
	if d.Target == 0 || d.Outcome != RowUpdated && d.Reason != Unchanged {
		return
	}
	if t.first == nil {
		t.first = map[contact.ID]int64{}
	}
	row := int64(index) + 1
	first, ok := t.first[d.Target]
	if !ok {
		t.first[d.Target] = row
		return
	}
	if first > 0 {
		t.found = append(t.found, repeat{row: first, other: row, outcome: RowError, same: true})
		t.first[d.Target] = -first
	}
	t.found = append(t.found, repeat{row: row, other: max(first, -first), outcome: RowError, same: true})
}

// verdicts adds those of t to a list in the order of rows. A row that has a verdict keeps it, and leaves its contact to
// the others.
func (t *targets) verdicts(list []repeat, lines []uint32) []repeat {
	if len(t.found) == 0 {
		return list
	}
	has := make(map[int64]struct{}, len(list))
	for _, r := range list {
		has[r.row] = struct{}{}
	}
	left := map[int64]int{} // first row of a contact -> rows without a verdict
	key := func(r repeat) int64 { return min(r.row, r.other) }
	for _, r := range t.found {
		if _, ok := has[r.row]; !ok {
			left[key(r)]++
		}
	}
	for _, r := range t.found {
		if _, ok := has[r.row]; !ok && left[key(r)] > 1 {
			r.line = int64(lines[r.other-1])
			list = append(list, r)
		}
	}
	slices.SortFunc(list, func(a, b repeat) int { return int(a.row - b.row) })
	return list
}
