package dedupe

import "slices"

// strong is how far above the threshold a pair may carry another: if A is B and B is C, A is C.
const strong = 3.5

// maxGroup is the most contacts of one person: beyond it something common holds strangers together.
const maxGroup = 12

// through adds the pairs that follow from others: two contacts that share little, each of them the same as a third. Pairs
// that contradict one another are left out. found is sorted, and stays so.
func (f *finder) through(found []link) []link {
	strongFrom := f.threshold + strong
	up := make([]int32, len(f.people))
	for i := range up {
		up[i] = int32(i)
	}
	root := func(i int32) int32 {
		for up[i] != i {
			up[i] = up[up[i]]
			i = up[i]
		}
		return i
	}
	for _, l := range found {
		if l.score >= strongFrom {
			a, b := root(l.a), root(l.b)
			up[max(a, b)] = min(a, b)
		}
	}
	type member struct{ root, who int32 }
	var members []member
	weakest := map[int32]float64{}
	for _, l := range found {
		if l.score >= strongFrom {
			r := root(l.a)
			members = append(members, member{r, l.a}, member{r, l.b})
			if w, ok := weakest[r]; !ok || l.score < w {
				weakest[r] = l.score
			}
		}
	}
	slices.SortFunc(members, func(a, b member) int {
		if a.root != b.root {
			return int(a.root - b.root)
		}
		return int(a.who - b.who)
	})
	members = slices.Compact(members)
	var more []link
	for len(members) > 0 {
		n := 1
		for n < len(members) && members[n].root == members[0].root {
			n++
		}
		group := members[:n]
		members = members[n:]
		if n < 3 || n > maxGroup {
			continue
		}
		for i := range group {
			for j := i + 1; j < n; j++ {
				l := f.link(group[i].who, group[j].who)
				if _, ok := slices.BinarySearchFunc(found, l, compareLinks); ok || f.contradict(&f.people[l.a], &f.people[l.b]) {
					continue
				}
				l.score, l.certainty, l.reasons = weakest[group[0].root]-strong, Likely, ThroughAnother
				more = append(more, l)
			}
		}
	}
	found = append(found, more...)
	slices.SortFunc(found, compareLinks)
	return found
}

// contradict tells whether something says that two contacts are two people; a has the smaller id.
func (f *finder) contradict(a, b *traits) bool {
	if a.taxID != 0 && b.taxID != 0 && a.taxID != b.taxID || f.compareDates(a.birth, b.birth) == datesApart {
		return true
	}
	var bufA, bufB [8]word
	x, y := f.nameOf(a, bufA[:]), f.nameOf(b, bufB[:])
	return compareNames(&x, &y, f.rarity).level == apart
}
