package dedupe

// sets are disjoint sets of ids; the root of each is its smallest member.
type sets struct{ up map[int64]int64 }

func newSets() *sets { return &sets{map[int64]int64{}} }

func (s *sets) root(id int64) int64 {
	p, ok := s.up[id]
	if !ok || p == id {
		return id
	}
	r := s.root(p)
	s.up[id] = r
	return r
}

func (s *sets) join(a, b int64) {
	a, b = s.root(a), s.root(b)
	s.up[a], s.up[b] = min(a, b), min(a, b)
}
