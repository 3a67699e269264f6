package main

import (
	"cmp"
	"encoding/binary"
	"hash/fnv"
	"maps"
	"slices"
	"unicode/utf8"
)

// maxKnown is how many words with accents each language gives to the list of known words, beside the
// hand-written ones.
const maxKnown = 700

// chooseWords adds the commonest words beyond ASCII of a language to known.
func chooseWords(known map[string]bool, words map[string]int, names []string) {
	ranked := slices.SortedFunc(maps.Keys(words), func(a, b string) int {
		return cmp.Or(cmp.Compare(words[b], words[a]), cmp.Compare(a, b))
	})
	n := 0
	for _, w := range ranked {
		if long(w) && words[w] > 2 && n < maxKnown {
			known[w] = true
			n++
		}
	}
	for _, w := range names {
		if long(w) {
			known[w] = true
		}
	}
}

func long(w string) bool {
	n := utf8.RuneCountInString(w)
	return n < len(w) && n > 2
}

// encode writes the number of known words (4 bytes) and their hashes (FNV-1a of the UTF-8, 4 bytes each, sorted),
// then each model as: length and text of the tag, family, number of letters (2 bytes), the letters (2 bytes each),
// the costs (one for each pair, East Asian: one for each letter). Numbers are little endian.
func encode(models []*model, known map[string]bool) []byte {
	var hashes []uint32
	for w := range known {
		h := fnv.New32a()
		h.Write([]byte(w))
		hashes = append(hashes, h.Sum32())
	}
	slices.Sort(hashes)
	hashes = slices.Compact(hashes)
	out := []byte("CSM2")
	out = binary.LittleEndian.AppendUint32(out, uint32(len(hashes)))
	for _, h := range hashes {
		out = binary.LittleEndian.AppendUint32(out, h)
	}
	for _, m := range models {
		out = append(out, byte(len(m.tag)))
		out = append(out, m.tag...)
		out = append(out, m.family)
		out = binary.LittleEndian.AppendUint16(out, uint16(len(m.alphabet)))
		for _, r := range m.alphabet {
			out = binary.LittleEndian.AppendUint16(out, uint16(r))
		}
		out = append(out, m.cost...)
	}
	return out
}
