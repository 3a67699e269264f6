package dedupe

import (
	"cmp"
	"hash/maphash"
	"slices"
)

// maxBlock is the most people of a block that are compared each with each: more doubles of one person than that there
// are not, and the pairs grow with the square.
const maxBlock = 60

// entry puts a person into a block.
type entry struct {
	key uint64
	who int32
}

// trait gives the keys of the blocks that a person stands in by one kind of trait. Blocks are made kind by kind, so that
// those of one kind alone are in memory.
type trait func(f *finder, t *traits, put func(parts ...uint32))

var blocks = []trait{
	func(f *finder, t *traits, put func(...uint32)) {
		for _, k := range f.phonesOf(t) {
			put(k)
		}
	},
	func(f *finder, t *traits, put func(...uint32)) {
		for _, k := range f.emailsOf(t) {
			put(k)
		}
	},
	func(f *finder, t *traits, put func(...uint32)) {
		for _, k := range f.emailsOf(t) {
			put(f.mailboxes[k])
		}
	},
	func(f *finder, t *traits, put func(...uint32)) {
		for _, k := range f.numbersOf(t) {
			put(k)
		}
	},
	func(_ *finder, t *traits, put func(...uint32)) { put(t.taxID) },
	func(_ *finder, t *traits, put func(...uint32)) { put(t.external) },
	func(f *finder, t *traits, put func(...uint32)) {
		if s := f.firstSound(t); s != "" {
			put(t.birth, uint32(s[0]))
		}
	},
	func(_ *finder, t *traits, put func(...uint32)) { put(t.birth) },
	func(_ *finder, t *traits, put func(...uint32)) { put(t.postal, t.house) },
	func(_ *finder, t *traits, put func(...uint32)) { put(t.city, t.house) },
	func(f *finder, t *traits, put func(...uint32)) {
		born, first, last := f.sortedDates[t.birth], uint32(0), uint32(0)
		if first, last = f.ends(t); first == last {
			last = 0
		}
		put(born, first)
		put(born, last)
	},
	ofNames(func(f *finder, t *traits, low, high uint32, put func(...uint32)) { put(low, high, t.city) }),
	ofNames(func(f *finder, t *traits, low, high uint32, put func(...uint32)) { put(low, high, t.street) }),
	ofNames(func(f *finder, t *traits, low, high uint32, put func(...uint32)) { put(low, high) }),
	ofNames(func(f *finder, t *traits, low, high uint32, put func(...uint32)) { put(t.street, t.house) }),
	ofNames(func(f *finder, t *traits, low, high uint32, put func(...uint32)) {
		put(t.postal, low)
		put(t.postal, high)
	}),
	func(f *finder, t *traits, put func(...uint32)) {
		if t.nWords > 2 {
			var buf [16]uint32
			put(f.soundsOf(t, buf[:0])...)
		}
	},
}

// ofNames is a trait of those whose name has a first and a last word that sound unlike; low and high are the two in an order of their
// own, so that a reversed name is the same.
func ofNames(put func(f *finder, t *traits, low, high uint32, put func(...uint32))) trait {
	return func(f *finder, t *traits, p func(...uint32)) {
		if first, last := f.ends(t); first != last {
			put(f, t, min(first, last), max(first, last), p)
		}
	}
}

// block gives the entries of the blocks of one kind, sorted by block, in the room of out.
func (f *finder) block(kind trait, out []entry) []entry {
	out = out[:0]
	who := int32(0)
	put := func(parts ...uint32) {
		var h uint64
		for _, p := range parts {
			if p == 0 {
				return // what is unknown is no trait
			}
			h = maphash.Comparable(f.texts.seed, [2]uint64{h, uint64(p)})
		}
		out = append(out, entry{h, who})
	}
	for i := range f.people {
		who = int32(i)
		kind(f, &f.people[i], put)
	}
	slices.SortFunc(out, func(a, b entry) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.who, b.who)) })
	return out
}

// ends gives how the first and the last word of a name sound; both are one where there is one.
func (f *finder) ends(t *traits) (first, last uint32) {
	if n := t.nWords; n > 0 {
		w := f.wordsOf(t)
		return f.words.sounds[w[0]], f.words.sounds[w[n-1]]
	}
	return 0, 0
}

// soundsOf gives the words of a name as they sound, in an order of their own, so that a reversed name is the same.
func (f *finder) soundsOf(t *traits, buf []uint32) []uint32 {
	for _, w := range f.wordsOf(t) {
		buf = append(buf, f.words.sounds[w])
	}
	slices.Sort(buf)
	return buf
}

// sortedDate gives a date's digits in order, so that those with two of them changed fall together.
func sortedDate(d string) string {
	b := []byte(d)
	slices.Sort(b)
	return string(b)
}
