package dedupe

import (
	"hash/maphash"
	"strings"
)

// texts numbers texts and keeps one copy of each, one behind the other: names, streets and cities repeat, and a million people
// have to fit into memory, where a string and its place in a map would take more room than what it says. 0 is "".
// It holds up to 4 GB of text.
type texts struct {
	all   strings.Builder
	ends  []uint32 // ends[i] is where text i ends and text i+1 begins
	slots []uint32 // open addressing; 0 is free
	seed  maphash.Seed
}

func newTexts() *texts {
	return &texts{ends: []uint32{0}, slots: make([]uint32, 1<<8), seed: maphash.MakeSeed()}
}

// number gives the number of a text, a new one where it was not seen before.
func (t *texts) number(s string) uint32 {
	if s == "" {
		return 0
	}
	if len(t.ends)*4 > len(t.slots)*3 {
		t.grow()
	}
	at := t.slot(s)
	if t.slots[at] == 0 {
		t.all.WriteString(s)
		t.slots[at] = uint32(len(t.ends))
		t.ends = append(t.ends, uint32(t.all.Len()))
	}
	return t.slots[at]
}

// text gives the text of a number.
func (t *texts) text(n uint32) string {
	if n == 0 {
		return ""
	}
	return t.all.String()[t.ends[n-1]:t.ends[n]]
}

// slot gives where a text stands, or would stand.
func (t *texts) slot(s string) int {
	mask := len(t.slots) - 1
	at := int(maphash.String(t.seed, s)) & mask
	for t.slots[at] != 0 && t.text(t.slots[at]) != s {
		at = (at + 1) & mask
	}
	return at
}

func (t *texts) grow() {
	t.slots = make([]uint32, len(t.slots)*2)
	for n := 1; n < len(t.ends); n++ {
		t.slots[t.slot(t.text(uint32(n)))] = uint32(n)
	}
}

// closed gives back what only new texts need.
func (t *texts) closed() { t.slots = nil }

// words are the words of names, with how they sound and how many people have them.
type words struct {
	texts  *texts
	sounds []uint32 // in the finder's texts
	counts []int32
}

func (w *words) number(text string, all *texts) uint32 {
	n := w.texts.number(text)
	if int(n) == len(w.sounds) {
		w.sounds, w.counts = append(w.sounds, all.number(sound(text))), append(w.counts, 0)
	}
	return n
}
