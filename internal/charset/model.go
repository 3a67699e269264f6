package charset

import (
	_ "embed"
	"encoding/binary"
	"sort"
	"sync"
	"unicode/utf8"
)

// modelData is written by modelgen; see there for its sources and its form.
//
//go:embed model.bin
var modelData []byte

// A model says what a letter costs after another one in one language, in eighths of a bit.
type model struct {
	tag    string
	family byte
	n      int
	alone  map[rune]uint8 // East Asian families only: the cost of each common character
	cost   []byte         // cost[a*n+b] of letter b after letter a; 0 is the border of a word
	index  [maxRune]uint8 // by folded rune; 0 for a letter that the language does not have
}

// maxRune bounds the letters of the models: Latin to Thai.
const maxRune = 0xE80

// models gives the languages; the first is the mean of the Western European ones.
var models = sync.OnceValue(func() []*model {
	var all []*model
	for b := modelData[knownAt+4*knownWords():]; len(b) > 0; {
		m := &model{}
		size := int(b[0])
		m.tag, b = string(b[1:1+size]), b[1+size:]
		m.family, m.n, b = b[0], int(binary.LittleEndian.Uint16(b[1:])), b[3:]
		if m.eastAsian() {
			m.alone = make(map[rune]uint8, m.n)
			for i := range m.n {
				m.alone[rune(binary.LittleEndian.Uint16(b[2*i:]))] = b[2*m.n+i]
			}
			all, b = append(all, m), b[3*m.n:]
			continue
		}
		for i := range m.n {
			if r := binary.LittleEndian.Uint16(b[2*i:]); r > 0 && r < maxRune {
				m.index[r] = uint8(i)
				if r >= 'a' && r <= 'z' {
					m.index[r-'a'+'A'] = uint8(i)
				}
			}
		}
		b = b[2*m.n:]
		m.cost, b = b[:m.n*m.n], b[m.n*m.n:]
		all = append(all, m)
	}
	return all
})

// eastAsian says that the model is of single characters, not of pairs.
func (m *model) eastAsian() bool {
	return m.family == 'j' || m.family == 'k' || m.family == 's' || m.family == 'H'
}

// prior is what a language costs before any word is read, in eighths of a bit: a contact file of this product is
// Portuguese or Spanish until its words say otherwise.
func (m *model) prior() int {
	switch m.tag {
	case "pt", "es":
		return 0
	case "fr", "de", "it", "en", "ru", "pl":
		return 8
	case "is", "ga", "*":
		return 64
	}
	return 40
}

// The costs that no count of letters gives, in eighths of a bit.
const (
	knownGain    = 8 * 8  // saved by a word that is one of the commonest
	alienCost    = 28 * 8 // a letter of another script
	foreignCost  = 14 * 8 // a letter that neither the language nor its neighbours have
	strangerCost = 5 * 8  // any letter after such a one
	borrowedCost = 3 * 8  // added where the mean of the languages knows a pair better than the language
)

// wordCost is what the word costs in the language, each symbol counted as the border of a word. mean is the model
// of the family as a whole, or nil.
func (m *model) wordCost(word []glyph, mean *model) int {
	total, a, pa := 0, 0, 0
	stranger, inWord := false, false
	for _, g := range word {
		if !g.letter {
			if inWord && !stranger {
				total += m.step(a, 0, mean, pa, 0)
			}
			a, pa, stranger, inWord = 0, 0, false, false
			continue
		}
		inWord = true
		b, pb := 0, 0
		if g.fold < maxRune {
			b = int(m.index[g.fold])
			if mean != nil {
				pb = int(mean.index[g.fold])
			}
		}
		switch {
		case b == 0 && pb == 0:
			if total += foreignCost; mean != nil && g.fold >= 0x250 {
				total += alienCost - foreignCost
			}
			stranger = true
		case stranger:
			total += strangerCost
			stranger = false
		default:
			total += m.step(a, b, mean, pa, pb)
		}
		a, pa = b, pb
	}
	if inWord && !stranger {
		total += m.step(a, 0, mean, pa, 0)
	}
	return total
}

// step is the cost of b after a, or of pb after pa in the mean model where that is cheaper.
func (m *model) step(a, b int, mean *model, pa, pb int) int {
	c := 255
	if b > 0 || pb == 0 {
		if a > 0 || pa == 0 {
			c = int(m.cost[a*m.n+b])
		}
	}
	if mean != nil {
		c = min(c, int(mean.cost[pa*mean.n+pb])+borrowedCost)
	}
	return c
}

// The known words follow the mark and their number.
const knownAt = 8

func knownWords() int { return int(binary.LittleEndian.Uint32(modelData[4:])) }

// known tells whether the letters, signs left out at both ends, are one of the commonest words with accents.
func known(word []glyph) bool {
	for len(word) > 0 && !word[0].letter {
		word = word[1:]
	}
	for len(word) > 0 && !word[len(word)-1].letter {
		word = word[:len(word)-1]
	}
	if len(word) < 3 {
		return false
	}
	h := uint32(2166136261) // FNV-1a
	var buf [utf8.UTFMax]byte
	for _, g := range word {
		if !g.letter {
			return false
		}
		for _, b := range buf[:utf8.EncodeRune(buf[:], g.lower())] {
			h = (h ^ uint32(b)) * 16777619
		}
	}
	at := func(i int) uint32 { return binary.LittleEndian.Uint32(modelData[knownAt+4*i:]) }
	n := knownWords()
	i := sort.Search(n, func(i int) bool { return at(i) >= h })
	return i < n && at(i) == h
}
