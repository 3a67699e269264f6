package dedupe

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
)

// Options bound a search.
type Options struct {
	Threshold float64                 // bits from which a pair is told; default 9.5, and more in a base of many
	Progress  func(done, total int64) // may be nil
}

// finder is one search.
type finder struct {
	people    []traits
	nameWords []uint32 // of all people, one behind the other
	keys      []uint32 // phones, addresses and numbers of all people
	texts     *texts
	words     *words
	numbers   numberFields
	places    map[string]int32 // how many live in a city, a state, how many are of a company
	total     float64
	threshold float64

	crowds      map[uint32]uint8  // how many different names a key has, where more than one
	mailboxes   map[uint32]uint32 // what stands before the @, where that may be somebody's own
	sortedDates map[uint32]uint32
}

// link is a pair by the places of its people; a has the smaller id.
type link struct {
	score     float64
	a, b      int32
	reasons   Reasons
	certainty Certainty
}

func compareLinks(x, y link) int { return cmp.Or(cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b)) }

func newFinder() *finder {
	return &finder{texts: newTexts(), words: &words{texts: newTexts(), sounds: []uint32{0}, counts: []int32{0}}, numbers: numberFields{}, places: map[string]int32{},
		crowds: map[uint32]uint8{}, mailboxes: map[uint32]uint32{}, sortedDates: map[uint32]uint32{}}
}

// add takes a person in; nothing of p is kept.
func (f *finder) add(p *Person) {
	t := f.read(p)
	for _, w := range f.wordsOf(&t) {
		f.words.counts[w]++
	}
	f.people = append(f.people, t)
}

// Find gives the pairs among the people, those with the smallest ids first. It takes about 0.3 KB for each person; ctx ends it.
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
	f.learn()
	var room []entry
	var found []link
	for i, kind := range blocks {
		room = f.block(kind, room)
		fresh, err := f.search(ctx, room, func(share float64) {
			if o.Progress != nil {
				const parts = 1000
				o.Progress(int64((float64(i)+share)*parts), int64(len(blocks)*parts))
			}
		})
		if err != nil {
			return nil, err
		}
		found = append(found, fresh...)
		slices.SortFunc(found, compareLinks)
		found = slices.CompactFunc(found, func(x, y link) bool { return x.a == y.a && x.b == y.b })
	}
	found = f.through(found)
	out := make([]Pair, len(found))
	for i, l := range found {
		out[i] = Pair{A: f.people[l.a].id, B: f.people[l.b].id, Score: l.score, Certainty: l.certainty, Reasons: l.reasons}
	}
	slices.SortFunc(out, func(x, y Pair) int { return cmp.Or(cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B)) })
	return out, nil
}

// learn counts in the base what a trait that agrees says.
func (f *finder) learn() {
	for i := range f.people {
		t := &f.people[i]
		for kind, n := range map[string]uint32{"city ": t.city, "state ": t.state, "company ": t.company} {
			if n != 0 {
				f.places[kind+f.texts.text(n)]++
			}
		}
		for _, k := range f.emailsOf(t) {
			if _, ok := f.mailboxes[k]; !ok {
				f.mailboxes[k] = f.texts.number(mailbox(f.texts.text(k)))
			}
		}
		if _, ok := f.sortedDates[t.birth]; !ok && t.birth != 0 {
			f.sortedDates[t.birth] = f.texts.number(sortedDate(f.texts.text(t.birth)))
		}
	}
	f.numbers.learn()
	f.countCrowds()
	f.texts.closed()
	f.words.texts.closed()
}

// search judges the pairs of all blocks of one kind; tell hears from time to time how far it is, 0 to 1.
func (f *finder) search(ctx context.Context, list []entry, tell func(float64)) (found []link, err error) {
	const often = 100_000
	for start := 0; start < len(list); {
		end := start + 1
		for end < len(list) && list[end].key == list[start].key {
			end++
		}
		if n := end - start; n > 1 && n <= maxBlock {
			found = f.compare(list[start:end], found)
		}
		if end/often != start/often {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			tell(float64(end) / float64(len(list)))
		}
		start = end
	}
	tell(1)
	return found, ctx.Err()
}

// compare judges every pair of a block.
func (f *finder) compare(block []entry, found []link) []link {
	for i := range block {
		for j := i + 1; j < len(block); j++ {
			if f.people[block[i].who].id == f.people[block[j].who].id {
				continue
			}
			l := f.link(block[i].who, block[j].who) // so that a pair is judged the same from every block
			if f.judge(&f.people[l.a], &f.people[l.b], &l) {
				found = append(found, l)
			}
		}
	}
	return found
}

func (f *finder) link(a, b int32) link {
	if f.people[a].id > f.people[b].id {
		a, b = b, a
	}
	return link{a: a, b: b}
}

// rarity is how many bits a word of a name says.
func (f *finder) rarity(w *word) float64 {
	// In a small base every word is rare; what is common in the country is told by the floor.
	return min(max(math.Log2((f.total+200)/float64(w.count+1)), 1), 9)
}

// countCrowds counts, for each address and number, how many people of different names have it.
func (f *finder) countCrowds() {
	type holder struct {
		key uint32
		who int32
	}
	list := make([]holder, 0, len(f.keys))
	for i := range f.people {
		t := &f.people[i]
		for _, k := range f.keys[t.keys : t.keys+uint32(t.nPhones)+uint32(t.nEmails)+uint32(t.nNumbers)] {
			list = append(list, holder{k, int32(i)})
		}
	}
	slices.SortFunc(list, func(a, b holder) int {
		return cmp.Or(cmp.Compare(a.key, b.key), strings.Compare(f.firstSound(&f.people[a.who]), f.firstSound(&f.people[b.who])))
	})
	const most = 64
	var names []string
	for i := 0; i < len(list); {
		key := list[i].key
		names = names[:0]
		first := i
		for ; i < len(list) && list[i].key == key; i++ {
			w := f.firstSound(&f.people[list[i].who])
			if w != "" && len(names) < most && !slices.ContainsFunc(names, func(n string) bool { return n == w || initialOf(n, w) || initialOf(w, n) }) {
				names = append(names, w)
			}
		}
		if i-first > 1 && len(names) > 1 {
			f.crowds[key] = uint8(len(names))
		}
	}
}

// crowd gives how many people of different names have a key.
func (f *finder) crowd(key uint32) int { return int(f.crowds[key]) }

func initialOf(short, long string) bool { return len(short) == 1 && long != "" && short[0] == long[0] }
