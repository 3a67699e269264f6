package dedupe

import (
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

// block gives the entries of all blocks, sorted by block.
func (f *finder) block() []entry {
	out := make([]entry, 0, len(f.people)*8)
	for i := range f.people {
		p := &f.people[i]
		put := func(parts ...string) {
			var h maphash.Hash
			h.SetSeed(f.seed)
			for _, s := range parts {
				if s == "" {
					return // what is unknown is no trait
				}
				h.WriteString(s)
				h.WriteByte(0)
			}
			out = append(out, entry{h.Sum64(), int32(i)})
		}
		for _, k := range p.phones {
			put("phone", k)
		}
		for _, k := range p.emails {
			put("email", k)
			put("box", mailbox(k))
		}
		put("tax", p.taxID)
		put("ext", p.external)
		first, last := p.ends()
		birthMixed := sortedDate(p.birth)
		put("birth", p.birth, initial(first))
		put("born", birthMixed, first)
		put("born", birthMixed, last)
		if first != last {
			a, b := min(first, last), max(first, last)
			put("names", a, b, p.city)
			put("names", a, b, p.street.text)
			put("pair", a, b)
			put("home", p.street.text, p.street.number)
			put("postal", p.postal, first)
			put("postal", p.postal, last)
			if len(p.name.words) > 2 {
				put("whole", sounds(p.name.words))
			}
		}
	}
	slices.SortFunc(out, func(a, b entry) int {
		switch {
		case a.key < b.key:
			return -1
		case a.key > b.key:
			return 1
		}
		return int(a.who - b.who)
	})
	return out
}

// ends gives how the first and the last word of a name sound; both are one where there is one.
func (t *traits) ends() (first, last string) {
	if n := len(t.name.words); n > 0 {
		return t.name.words[0].sound, t.name.words[n-1].sound
	}
	return "", ""
}

func initial(s string) string {
	if s == "" {
		return ""
	}
	return s[:1]
}

// sounds gives the words of a name as they sound, in an order of their own, so that a reversed name is the same.
func sounds(words []word) string {
	list := make([]string, len(words))
	for i := range words {
		list[i] = words[i].sound
	}
	slices.Sort(list)
	var out []byte
	for _, s := range list {
		out = append(append(out, s...), ' ')
	}
	return string(out)
}

// sortedDate gives a date's digits in order, so that those with two of them changed fall together.
func sortedDate(d string) string {
	if d == "" {
		return ""
	}
	b := []byte(d)
	slices.Sort(b)
	return string(b)
}
