package dedupe

// strong is how far above the threshold a pair may carry another: if A is B and B is C, A is C.
const strong = 3.5

// maxGroup is the most contacts of one person: beyond it something common holds strangers together.
const maxGroup = 12

// through adds the pairs that follow from others: two contacts that share little, each of them the same as a third. Pairs
// that contradict one another are left out.
func (f *finder) through(found map[[2]int64]Pair) {
	strongFrom := f.threshold + strong
	at := make(map[int64]int32, len(found))
	for i := range f.people {
		at[f.people[i].id] = int32(i)
	}
	up := map[int32]int32{}
	var root func(int32) int32
	root = func(i int32) int32 {
		p, ok := up[i]
		if !ok || p == i {
			return i
		}
		r := root(p)
		up[i] = r
		return r
	}
	weakest := map[int32]float64{}
	for _, p := range found {
		if p.Score < strongFrom {
			continue
		}
		a, b := root(at[p.A]), root(at[p.B])
		up[a], up[b] = min(a, b), min(a, b)
	}
	groups := map[int32][]int32{}
	for _, p := range found {
		if p.Score < strongFrom {
			continue
		}
		r := root(at[p.A])
		if w, ok := weakest[r]; !ok || p.Score < w {
			weakest[r] = p.Score
		}
	}
	for i := range up {
		r := root(i)
		groups[r] = append(groups[r], i)
	}
	for r, g := range groups {
		if len(g) < 3 || len(g) > maxGroup {
			continue
		}
		for i := range g {
			for j := i + 1; j < len(g); j++ {
				a, b := &f.people[g[i]], &f.people[g[j]]
				key := [2]int64{min(a.id, b.id), max(a.id, b.id)}
				if _, ok := found[key]; ok || f.contradict(a, b) {
					continue
				}
				found[key] = Pair{A: key[0], B: key[1], Score: weakest[r] - strong, Certainty: Likely, Reasons: ThroughAnother}
			}
		}
	}
}

// contradict tells whether something says that two contacts are two people.
func (f *finder) contradict(a, b *traits) bool {
	if a.taxID != "" && b.taxID != "" && a.taxID != b.taxID || compareDates(a.birth, b.birth) == datesApart {
		return true
	}
	if a.id > b.id {
		a, b = b, a
	}
	return compareNames(&a.name, &b.name, f.rarity).level == apart
}
