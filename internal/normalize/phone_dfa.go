package normalize

import (
	"encoding/binary"
	"regexp/syntax"
	"slices"
)

// phoneDFA matches a string of digits against up to 16 patterns at once, in one table look-up per digit.
//
// The library's metadata holds the numbering plans as regular expressions over digits; walking a table made of
// them gives the very same answer some hundred times faster.
type phoneDFA struct {
	next   []uint16 // state*10 + digit -> state; state 0 accepts nothing, state 1 is the start
	accept []uint16 // state -> bit i set where pattern i matches what was read so far
}

// newPhoneDFA compiles patterns, each matched as a whole ("^(?:p)$"); an empty one matches nothing.
func newPhoneDFA(patterns ...string) *phoneDFA {
	b := phoneDFABuilder{ids: map[string]uint16{}}
	for _, p := range patterns {
		b.progs = append(b.progs, phoneProg(p))
	}
	b.add(nil)
	var start []uint32
	for i, p := range b.progs {
		if p != nil {
			start = b.close(start, i, uint32(p.Start))
		}
	}
	if len(start) == 0 { // nothing to match: a start that leads nowhere
		return &phoneDFA{next: make([]uint16, 20), accept: make([]uint16, 2)}
	}
	b.add(start)
	for s := 1; s < len(b.sets); s++ { // b.sets grows while new states turn up
		for d := range 10 {
			var to []uint32
			for _, at := range b.sets[s] {
				prog := int(at >> 24)
				inst := &b.progs[prog].Inst[at&(1<<24-1)]
				switch inst.Op {
				case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
					if inst.MatchRune('0' + rune(d)) {
						to = b.close(to, prog, inst.Out)
					}
				}
			}
			state := b.add(to) // may grow b.next, so not on the left of the same statement
			b.dfa.next[s*10+d] = state
		}
	}
	return &b.dfa
}

// match gives the set of patterns that the whole of digits (ASCII) matches.
func (a *phoneDFA) match(digits []byte) uint16 {
	s := 1
	for _, c := range digits {
		s = int(a.next[s*10+int(c-'0')])
	}
	return a.accept[s]
}

// begins tells whether a non-empty beginning of digits matches any pattern.
func (a *phoneDFA) begins(digits []byte) bool {
	s := 1
	for _, c := range digits {
		if s = int(a.next[s*10+int(c-'0')]); s == 0 {
			return false
		}
		if a.accept[s] != 0 {
			return true
		}
	}
	return false
}

// phoneDFABuilder is the subset construction: a state of the table is a set of places in the programs.
type phoneDFABuilder struct {
	dfa   phoneDFA
	progs []*syntax.Prog
	sets  [][]uint32 // program number << 24 | instruction
	ids   map[string]uint16
}

// add gives the state that stands for set, new or known.
func (b *phoneDFABuilder) add(set []uint32) uint16 {
	slices.Sort(set)
	set = slices.Compact(set)
	key := make([]byte, 0, len(set)*4)
	for _, at := range set {
		key = binary.LittleEndian.AppendUint32(key, at)
	}
	if id, ok := b.ids[string(key)]; ok {
		return id
	}
	id := uint16(len(b.sets))
	b.ids[string(key)] = id
	b.sets = append(b.sets, set)
	b.dfa.next = append(b.dfa.next, make([]uint16, 10)...)
	var mask uint16
	for _, at := range set {
		if b.progs[at>>24].Inst[at&(1<<24-1)].Op == syntax.InstMatch {
			mask |= 1 << (at >> 24)
		}
	}
	b.dfa.accept = append(b.dfa.accept, mask)
	return id
}

// close appends what can be reached from instruction pc without reading a digit.
func (b *phoneDFABuilder) close(set []uint32, prog int, pc uint32) []uint32 {
	inst := &b.progs[prog].Inst[pc]
	switch inst.Op {
	case syntax.InstAlt, syntax.InstAltMatch:
		return b.close(b.close(set, prog, inst.Out), prog, inst.Arg)
	case syntax.InstCapture, syntax.InstNop, syntax.InstEmptyWidth:
		return b.close(set, prog, inst.Out)
	case syntax.InstFail:
		return set
	}
	return append(set, uint32(prog)<<24|pc)
}

// phoneProg compiles one pattern; nil for an empty one. The patterns are the library's own, checked by the tests.
func phoneProg(pattern string) *syntax.Prog {
	if pattern == "" || pattern == "NA" {
		return nil
	}
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil
	}
	prog, err := syntax.Compile(re.Simplify())
	if err != nil {
		return nil
	}
	return prog
}
