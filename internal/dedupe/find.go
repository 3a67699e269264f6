package dedupe

import (
	"context"
	"hash/maphash"
	"math"
	"slices"
)

// Options bound a search.
type Options struct {
	Threshold float64                 // bits from which a pair is told; default 9.5, and more in a base of many
	Progress  func(done, total int64) // may be nil
}

// finder is one search.
type finder struct {
	people    []traits
	texts     intern
	seed      maphash.Seed
	words     map[string]int32 // how many people have a word in their name
	places    map[string]int32 // how many live in a city, how many are of a company
	total     float64
	crowds    map[string]int // how many different names a key has, where more than one
	threshold float64
}

func newFinder() *finder {
	return &finder{texts: intern{}, seed: maphash.MakeSeed(), words: map[string]int32{}, places: map[string]int32{}}
}

// add takes a person in; nothing of p is kept.
func (f *finder) add(p *Person) {
	t := readPerson(p)
	t.share(f.texts)
	for j := range t.name.words {
		f.words[t.name.words[j].text]++
	}
	if t.city != "" {
		f.places["city "+t.city]++
	}
	if t.company != "" {
		f.places["company "+t.company]++
	}
	f.people = append(f.people, t)
}

// Find gives the pairs among the people, those with the smallest ids first. It takes about 1 KB for each person; ctx ends it.
func Find(ctx context.Context, people []Person, o Options) ([]Pair, error) {
	f := newFinder()
	for i := range people {
		f.add(&people[i])
	}
	return f.find(ctx, o)
}

func (f *finder) find(ctx context.Context, o Options) ([]Pair, error) {
	f.total, f.threshold = float64(len(f.people)), o.Threshold
	if f.threshold == 0 {
		// Among more people there are more strangers that agree by chance.
		f.threshold = likelyFrom + math.Log2(max(1, f.total/6000))
	}
	f.countCrowds()

	blocks := f.block()
	found := map[[2]int64]Pair{}
	for start := 0; start < len(blocks); {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		end := start + 1
		for end < len(blocks) && blocks[end].key == blocks[start].key {
			end++
		}
		if n := end - start; n > 1 && n <= maxBlock {
			f.compare(blocks[start:end], found)
		}
		if o.Progress != nil && (end/100_000 != start/100_000 || end == len(blocks)) {
			o.Progress(int64(end), int64(len(blocks)))
		}
		start = end
	}
	f.through(found)
	out := make([]Pair, 0, len(found))
	for _, p := range found {
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b Pair) int {
		if a.A != b.A {
			return int(a.A - b.A)
		}
		return int(a.B - b.B)
	})
	return out, nil
}

// compare judges every pair of a block.
func (f *finder) compare(block []entry, found map[[2]int64]Pair) {
	for i := range block {
		for j := i + 1; j < len(block); j++ {
			a, b := &f.people[block[i].who], &f.people[block[j].who]
			if a.id == b.id {
				continue
			}
			if a.id > b.id {
				a, b = b, a // so that a pair is judged the same from every block
			}
			if p, ok := f.judge(a, b); ok {
				found[[2]int64{p.A, p.B}] = p
			}
		}
	}
}

// rarity is how many bits a word of a name says.
func (f *finder) rarity(word string) float64 {
	n := f.words[word]
	// In a small base every word is rare; what is common in the country is told by the floor.
	return min(max(math.Log2((f.total+200)/float64(n+1)), 1), 9)
}

// countCrowds counts, for each address, how many people of different names have it.
func (f *finder) countCrowds() {
	first := map[string]int32{}
	f.crowds = map[string]int{}
	rest := map[string][]string{}
	for i := range f.people {
		p := &f.people[i]
		for _, list := range [][]string{p.phones, p.emails} {
			for _, k := range list {
				at, ok := first[k]
				if !ok {
					first[k] = int32(i)
					continue
				}
				names := rest[k]
				if names == nil {
					names = append(names, f.people[at].firstWord())
				}
				if w := p.firstWord(); w != "" && len(names) < 64 && !slices.ContainsFunc(names, func(n string) bool { return n == w || initialOf(n, w) || initialOf(w, n) }) {
					names = append(names, w)
				}
				rest[k] = names
			}
		}
	}
	for k, names := range rest {
		f.crowds[k] = len(names)
	}
}

// crowd gives how many people of different names have a key.
func (f *finder) crowd(key string) int { return f.crowds[key] }

// firstWord is how the first word of a name sounds.
func (t *traits) firstWord() string {
	if len(t.name.words) == 0 {
		return ""
	}
	return t.name.words[0].sound
}

func initialOf(short, long string) bool { return len(short) == 1 && long != "" && short[0] == long[0] }
