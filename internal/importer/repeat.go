package importer

import (
	"slices"

	"github.com/cespare/xxhash/v2"

	"cadastro/internal/contact"
	"cadastro/internal/errs"
	"cadastro/internal/normalize"
)

// repeat is a verdict: a row shares its identifier, or the contact that it speaks of, with another one, and this is what
// that makes of it.
type repeat struct {
	row, other, line int64 // line is the other row's
	outcome          Outcome
	kind             repeatKind
}

// repeatKind says what two rows have in common.
type repeatKind uint8

const (
	sameIdentifier repeatKind = iota
	sameContact
	joined       // the identifier, and the other row has taken this one's data up
	joinConflict // the identifier, but another key says that this is somebody else
)

func (r *repeat) code() string {
	is := r.issue("")
	return is.Code
}

// issue says it of a row with the given identifier.
func (r *repeat) issue(identifier string) errs.Issue {
	severity := errs.Note
	if r.outcome == RowError {
		severity = errs.Reject
	}
	code := "row.repeated"
	switch {
	case r.kind == sameContact:
		code = "row.same_contact"
	case r.kind == joinConflict:
		code = "row.join_conflict"
	case r.kind == joined && r.outcome == RowError:
		code = "row.joined_error"
	case r.kind == joined:
		code = "row.joined"
	}
	return errs.NewIssue(severity, code, identifier, "row", r.other, "line", r.line)
}

func (r *repeat) reason() Reason {
	if r.kind == joined {
		return Joined
	}
	return RepeatedRow
}

// mark puts the verdict on a row. The row's own faults stay on it.
func (r *repeat) mark(p *PlanRow) {
	p.Outcome, p.Reason, p.Target, p.Changes = r.outcome, r.reason(), 0, nil
	p.Issues = append(p.Issues[:len(p.Issues):len(p.Issues)], r.issue(p.Record.Identity.Text))
}

// identifiers turns what rows are recognised by into numbers that are compared in its place. Phones are compared
// exactly; other identifiers by a 64-bit hash, which takes two of five million for equal once in a million files.
type identifiers struct {
	seed uint64
	hash *xxhash.Digest
}

func newIdentifiers(seed uint64) *identifiers { return &identifiers{seed, xxhash.NewWithSeed(seed)} }

// of gives the number of an identifier; 0 for none.
func (x *identifiers) of(key contact.Key, id contact.ID) uint64 {
	switch {
	case id != 0:
		return uint64(id)<<1 | 1
	case key.Text == "":
		return 0
	case key.Kind == contact.Phone:
		if h := normalize.PhoneKeyNumber(key.Text); h != 0 {
			return h << 1
		}
	}
	x.hash.ResetWithSeed(x.seed)
	_, _ = x.hash.WriteString(string(key.Kind)) // a hash takes all there is
	_, _ = x.hash.WriteString(key.Text)
	return x.hash.Sum64() | 1<<63
}

// repeats finds rows with the same identifier over a whole file, in 8 bytes a row for the identifier, 4 for the line and
// about 6 for the table.
type repeats struct {
	hashes []uint64 // of row n at n-1; 0 for a row without identifier
	lines  []uint32
	table  []uint32 // open addressing: number of a row, 0 for a free place
	used   int
	groups
}

// groups are the rows that share identifiers.
type groups struct {
	first map[int64]struct{} // rows that are the first of their identifier and have a repetition
	found []repeat           // later rows, in order, with the row that they repeat
}

func newRepeats() *repeats {
	return &repeats{table: make([]uint32, 1<<12), groups: groups{first: map[int64]struct{}{}}}
}

// add takes the next row of the file, with the number of its identifier.
func (r *repeats) add(h uint64, line int64) {
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
		r.join(int64(other), int64(row))
		return
	}
	r.table[place] = row
	r.used++
}

// line gives the line of a row.
func (r *repeats) line(row int64) int64 { return int64(r.lines[row-1]) }

// join notes that a row repeats the first one of its identifier.
func (g *groups) join(first, row int64) {
	g.first[first] = struct{}{}
	g.found = append(g.found, repeat{row: row, other: first})
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

// verdicts gives, in the order of rows, what each shared identifier makes of its rows. line tells the line of a row.
func (g *groups) verdicts(how Repeated, line func(int64) int64) []repeat {
	out := make([]repeat, 0, len(g.found)+len(g.first))
	switch how {
	case RepeatedFirst, RepeatedJoin:
		for _, f := range g.found {
			f.outcome, f.line = RowSkipped, line(f.other)
			if how == RepeatedJoin {
				f.kind = joined
			}
			out = append(out, f)
		}
	case RepeatedLast:
		last := map[int64]int64{} // first row -> last row seen
		for _, f := range g.found {
			last[f.other] = f.row
		}
		add := func(row, winner int64) {
			if row != winner {
				out = append(out, repeat{row: row, other: winner, line: line(winner), outcome: RowSkipped})
			}
		}
		for first, winner := range last {
			add(first, winner)
		}
		for _, f := range g.found {
			add(f.row, last[f.other])
		}
	default:
		seen := make(map[int64]struct{}, len(g.first))
		for _, f := range g.found {
			f.outcome, f.line = RowError, line(f.other)
			out = append(out, f)
			if _, ok := seen[f.other]; !ok {
				seen[f.other] = struct{}{}
				out = append(out, repeat{row: f.other, other: f.row, line: line(f.row), outcome: RowError})
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

// targetOf gives the contact that a row means to leave as it says, 0 for none.
func targetOf(p *PlanRow) contact.ID {
	if p.Outcome != RowUpdated && p.Reason != Unchanged {
		return 0
	}
	return p.Target
}

// add takes the next row, and the contact that it speaks of.
func (t *targets) add(row int64, of contact.ID) {
	if of == 0 {
		return
	}
	if t.first == nil {
		t.first = map[contact.ID]int64{}
	}
	first, ok := t.first[of]
	if !ok {
		t.first[of] = row
		return
	}
	if first > 0 {
		t.found = append(t.found, repeat{row: first, other: row, outcome: RowError, kind: sameContact})
		t.first[of] = -first
	}
	t.found = append(t.found, repeat{row: row, other: max(first, -first), outcome: RowError, kind: sameContact})
}

// verdicts adds those of t to a list in the order of rows. A row that has a verdict keeps it, and leaves its contact to
// the others.
func (t *targets) verdicts(list []repeat, line func(int64) int64) []repeat {
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
			r.line = line(r.other)
			list = append(list, r)
		}
	}
	slices.SortFunc(list, func(a, b repeat) int { return int(a.row - b.row) })
	return list
}
