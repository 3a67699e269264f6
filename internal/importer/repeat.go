package importer

import (
	"hash/maphash"
	"slices"

	"cadastro/internal/contact"
	"cadastro/internal/errs"
	"cadastro/internal/normalize"
)

// repeat says that a row shares its identifier with another one, and what that makes of it.
type repeat struct {
	row, other, line int64 // line is the other row's
	outcome          Outcome
}

// mark puts the verdict on a row. The row's own faults stay on it.
func (r *repeat) mark(p *PlanRow) {
	p.Repeats, p.RepeatAt = r.other, r.line
	p.Outcome, p.Reason, p.Target, p.Changes = r.outcome, RepeatedRow, 0, nil
	severity := errs.Note
	if r.outcome == RowError {
		severity = errs.Reject
	}
	p.Record.Issues = append(p.Record.Issues, errs.NewIssue(severity, "row.repeated", p.Record.Identity.Text, "row", r.other, "line", r.line))
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
