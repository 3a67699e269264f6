package charset

import (
	"math"
	"sort"
	"sync"

	"golang.org/x/text/encoding/charmap"
)

// candidates are the single-byte charsets that are weighed. iso-8859-1 is none: without bytes 0x80 to 0x9F it
// gives the same text as windows-1252, and with them it gives controls.
var candidates = sync.OnceValue(func() []*candidate {
	return []*candidate{
		newCandidate(Windows1252, 'w', 0, charmap.Windows1252),
		newCandidate(CP850, 'w', 3*8, charmap.CodePage850),
		newCandidate(MacRoman, 'w', 7*8/2, charmap.Macintosh),
		newCandidate(ISO885915, 'w', 3*8, charmap.ISO8859_15),
		newCandidate(CP437, 'w', 5*8, charmap.CodePage437),
		newCandidate("windows-1250", 'c', 9*8, charmap.Windows1250),
		newCandidate("iso-8859-2", 'c', 10*8, charmap.ISO8859_2),
		newCandidate("cp852", 'c', 12*8, charmap.CodePage852),
		newCandidate("windows-1251", 'y', 9*8, charmap.Windows1251),
		newCandidate("koi8-r", 'y', 10*8, charmap.KOI8R),
		newCandidate("koi8-u", 'y', 12*8, charmap.KOI8U),
		newCandidate("ibm866", 'y', 11*8, charmap.CodePage866),
		newCandidate("iso-8859-5", 'y', 11*8, charmap.ISO8859_5),
		newCandidate("cp855", 'y', 14*8, charmap.CodePage855),
		newCandidate("x-mac-cyrillic", 'y', 12*8, charmap.MacintoshCyrillic),
		newCandidate("windows-1253", 'g', 10*8, charmap.Windows1253),
		newCandidate("iso-8859-7", 'g', 11*8, charmap.ISO8859_7),
		newCandidate("windows-1254", 't', 11*8, charmap.Windows1254),
		newCandidate("windows-1257", 'b', 12*8, charmap.Windows1257),
		newCandidate("iso-8859-4", 'b', 14*8, charmap.ISO8859_4),
		newCandidate("iso-8859-13", 'b', 14*8, charmap.ISO8859_13),
		newCandidate("windows-1255", 'h', 10*8, charmap.Windows1255),
		newCandidate("iso-8859-8", 'h', 11*8, charmap.ISO8859_8),
		newCandidate("windows-1256", 'a', 10*8, charmap.Windows1256),
		newCandidate("iso-8859-6", 'a', 11*8, charmap.ISO8859_6),
		newCandidate("windows-874", 'e', 10*8, charmap.Windows874),
	}
})

// A ranked charset and what it costs to believe in it, in bits.
type ranked struct {
	name string
	bits float64
}

// rank orders the single-byte charsets by how well they explain the words with high bytes, the best first. The
// ASCII words only tell the language.
func rank(words []word, ascii []word) []ranked {
	all := models()
	language := asciiCosts(all, ascii)
	out := make([]ranked, 0, len(candidates()))
	caps := habitOf(ascii)
	buf := make([]glyph, 0, maxWord)
	for _, c := range candidates() {
		sum := make([]float64, len(all))
		for i, m := range all {
			sum[i] = float64(m.prior()) + language[i]
		}
		fixed := float64(c.prior)
		for _, w := range words {
			buf = w.decode(c, buf[:0])
			weight := w.weight()
			fixed += weight * float64(caps.cost(buf)+signCost(buf, w)-knownSaving(buf))
			for i, m := range all {
				if m.family == c.family {
					sum[i] += weight * float64(m.wordCost(buf, meanOf(all, m)))
				}
			}
		}
		best := math.Inf(1)
		for i, m := range all {
			if m.family == c.family {
				best = min(best, sum[i])
			}
		}
		out = append(out, ranked{c.name, (best + fixed) / 8})
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].bits < out[j].bits })
	return out
}

// meanOf gives the model that stands in for the rare pairs of m, nil where m's script shares nothing with it.
func meanOf(all []*model, m *model) *model {
	switch m.family {
	case 'w', 'c', 't', 'b':
		if m != all[0] {
			return all[0]
		}
	}
	return nil
}

// asciiCosts says how ill each language explains the words without any accent, against the best of them. These
// are a hint only (names travel, and files are typed without accents): a tenth counts, at most 12 bits.
func asciiCosts(all []*model, ascii []word) []float64 {
	costs := make([]float64, len(all))
	if len(ascii) == 0 {
		return costs
	}
	plainTable := candidates()[0]
	buf := make([]glyph, 0, maxWord)
	best := math.Inf(1)
	for i, m := range all {
		if m.eastAsian() {
			continue
		}
		for _, w := range ascii {
			buf = w.decode(plainTable, buf[:0])
			costs[i] += float64(m.wordCost(buf, nil)) / 10
		}
		best = min(best, costs[i])
	}
	for i := range costs {
		costs[i] = min(costs[i]-best, 12*8)
	}
	return costs
}

// signCost is what the signs within and around the letters cost.
func signCost(g []glyph, w word) int {
	total := 0
	for i := range g {
		if g[i].letter {
			continue
		}
		l, r := w.left, w.right
		if i > 0 {
			l = g[i-1].around()
		}
		if i+1 < len(g) {
			r = g[i+1].around()
		}
		total += g[i].kind.cost(l, r)
		if g[i].kind == apostrophe {
			total += apostropheCost(g[:i], g[i+1:])
		}
	}
	return total
}

func (g glyph) around() around {
	switch {
	case g.letter:
		return letter
	case g.kind == hardSpace, g.kind == typed && (g.fold == ' ' || g.fold == ';' || g.fold == ','):
		return gap
	case g.kind == typed && g.fold >= '0' && g.fold <= '9':
		return digit
	}
	return punct
}

// apostropheCost is added where neither a short word is elided before the apostrophe ("d’Ávila", "l’été",
// "dell’arte", "qu’il", "O’Neill") nor an s or nothing follows it.
func apostropheCost(before, after []glyph) int {
	n := 0
	for n < len(before) && before[len(before)-1-n].letter {
		n++
	}
	switch {
	case n <= 1, n == 2 && before[len(before)-1].lower() == 'u', len(after) == 0, !after[0].letter, len(after) == 1 && after[0].lower() == 's':
		return 0
	case n <= 5 && before[len(before)-1].lower() == 'l' && before[len(before)-2].lower() == 'l':
		return 0
	case n == 4 && before[len(before)-1].lower() == 't': // sant’
		return 0
	}
	return 8 * 8
}

func knownSaving(g []glyph) int {
	if known(g) {
		return knownGain
	}
	return 0
}
