package dedupe

import (
	"strings"

	"cadastro/internal/normalize"
)

// name is a name taken apart for comparison.
type name struct {
	words  []word
	suffix uint8 // which generation: Filho, Neto …; 0 for none
	firm   bool
}

// word is one word of a name: folded, as it sounds, and how many people have it. An initial has one letter.
type word struct {
	text  string
	sound string
	count int32
}

// generations are the words at the end of a name that tell a son from his father; those of one number are one.
var generations = map[string]uint8{
	"filho": 1, "junior": 1, "jr": 1, "jnr": 1, "hijo": 1, "filha": 1, "neto": 2, "neta": 2, "nieto": 2, "sobrinho": 3, "sobrino": 3, "segundo": 4,
	"sr": 5, "senior": 5, "pai": 5, "padre": 5, "ii": 6, "iii": 7, "bisneto": 8,
}

// particles are words between names that people write or leave out.
var particles = map[string]bool{
	"da": true, "de": true, "do": true, "das": true, "dos": true, "di": true, "du": true, "e": true, "y": true, "del": true, "la": true, "las": true,
	"los": true, "el": true, "van": true, "von": true, "der": true, "den": true, "le": true,
}

// titles stand before a name and belong to nobody in particular.
var titles = map[string]bool{
	"sr": true, "sra": true, "srta": true, "dr": true, "dra": true, "prof": true, "profa": true, "dona": true, "don": true, "mr": true, "mrs": true, "ms": true,
	"eng": true, "adv": true, "exmo": true, "ilmo": true, "senhor": true, "senhora": true,
}

// readName takes a name apart: "Lima, Ana da" and "Dra. Ana de Lima" come to the same words.
func readName(s string) name {
	var n name
	n.firm = normalize.IsCompanyName(s)
	if last, first, ok := strings.Cut(s, ","); ok && !n.firm && strings.TrimSpace(first) != "" && !strings.Contains(first, ",") {
		if _, gen := generations[normalize.Fold(strings.Trim(first, " ."))]; !gen {
			s = first + " " + last
		}
	}
	words := strings.FieldsFunc(normalize.Fold(s), func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r > 127) })
	for len(words) > 1 && titles[words[0]] {
		words = words[1:]
	}
	n.words = make([]word, 0, len(words))
	for i, w := range words {
		if g, ok := generations[w]; ok && i > 0 && i == len(words)-1 && !n.firm {
			n.suffix = g
			continue
		}
		if particles[w] && i > 0 {
			continue
		}
		n.words = append(n.words, word{text: w})
	}
	return n
}

// joined is the name without its blanks.
func (n *name) joined() string {
	var b strings.Builder
	for i := range n.words {
		b.WriteString(n.words[i].text)
	}
	return b.String()
}

// agreement is how two names go together.
type agreement struct {
	level   level
	bits    float64 // how much the agreement says, by how rare the words are
	common  int     // words that found their like, initials left out
	shorter bool    // one has words that the other has not
}

type level uint8

const (
	unknown level = iota // one of them has no name
	apart                // first names that are two people's
	partly               // only part of one is found in the other: "Ana" and "Ana Lima"
	similar              // spelled another way, abbreviated, by a pet name
	same                 // word for word
)

// compareNames aligns the words of two names. rarity gives the bits of a word: -log2 of its share among the names of
// the base.
func compareNames(a, b *name, rarity func(*word) float64) agreement {
	if len(a.words) == 0 || len(b.words) == 0 {
		return agreement{}
	}
	if a.suffix != b.suffix && !(a.suffix == 0 && b.suffix == 5 || a.suffix == 5 && b.suffix == 0) {
		return agreement{level: apart} // father and son
	}
	if len(a.words) > len(b.words) {
		a, b = b, a
	}
	exact := len(a.words) == len(b.words)
	var used [16]bool
	got := agreement{shorter: !exact}
	found, weak, missing := 0, 0, 0
	firstFound, lastFound := false, false
	for i := range a.words {
		best, at := 0.0, -1
		for j := range b.words {
			if j < len(used) && used[j] {
				continue
			}
			if s := likeness(&a.words[i], &b.words[j]); s > best || s == best && j == i {
				best, at = s, j
			}
		}
		if at < 0 || best < leastLikeness && best != initialLikeness || at == 0 && i == 0 && best < leastFirstLikeness && best != initialLikeness {
			missing++
			exact = false
			continue
		}
		if at < len(used) {
			used[at] = true
		}
		if at == 0 {
			firstFound = true
		}
		if at == len(b.words)-1 {
			lastFound = true
		}
		r := min(rarity(&a.words[i]), rarity(&b.words[at]))
		switch {
		case best == 1:
			found++
			got.common++
			got.bits += r
		case best == initialLikeness:
			weak++
			exact = false
			got.bits += 1.5
		default:
			found++
			got.common++
			exact = false
			got.bits += max(1, (r-1.5)*(best*2-1))
		}
		if at != i {
			exact = false
		}
	}
	joined := func() float64 { return jaroWinkler(a.joined(), b.joined()) }
	switch {
	case exact:
		got.level = same
	case found == 0 && weak < 2:
		got.level = apart
	case missing > 0 && firstFound && len(a.words) > 1 && joined() > 0.95:
		got.level = similar // a blank lost or put elsewhere: "Araújo Araújo", "AraújoAraújo"
		got.bits = max(got.bits, 8)
		got.common = max(got.common, 2)
	case missing > 0 && !(firstFound && lastFound):
		// "Ana Lima" and "Ana Souza", "Ana Lima" and "Rui Lima": a word of the shorter name has no like in the longer.
		got.level = apart
		if firstFound && found >= 2 && len(a.words) >= 3 {
			got.level = partly
		}
	case !firstFound && weak == 0:
		got.level = apart // the surname alone
		if len(a.words) == 1 && len(b.words) > 1 {
			got.level = partly
		}
	case len(a.words) == 1 && len(b.words) > 1:
		got.level = partly
	default:
		got.level = similar
		got.bits -= float64(len(b.words) - len(a.words)) // middle names left out leave room for others
	}
	return got
}

// leastLikeness is from when on two words are one, misspelled. First names are closer to one another: Márcia and Marcelo,
// Mariana and Mariano.
const (
	leastLikeness      = 0.82
	leastFirstLikeness = 0.9
)

// initialLikeness is the likeness of a word to its initial.
const initialLikeness = 0.6

// likeness of two words, 0 to 1.
func likeness(a, b *word) float64 {
	switch {
	case a.text == b.text:
		return 1
	case len(a.text) == 1 || len(b.text) == 1:
		if a.text[0] == b.text[0] {
			return initialLikeness
		}
		return 0
	case a.sound == b.sound && len(a.sound) > 1:
		return 0.96
	case petName(a.text, b.text):
		return 0.92
	case manAndWoman(a.text, b.text):
		return 0.85
	case min(a.count, b.count) <= fewPeople && slipped(a.text, b.text):
		return slipLikeness
	}
	return jaroWinkler(a.text, b.text)
}

// A word that few people have, one slip from another, is that one mistyped: Jawk and Jack, but not Marina and Marisa.
const (
	fewPeople    = 3
	slipLikeness = 0.9
)

// slipped tells whether two words differ by one slip of the fingers: a letter other, left out or doubled, or two neighbours exchanged.
func slipped(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) < 3 || len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	switch {
	case len(a) != len(b):
		return len(a) > 3 && a[i:] == b[i+1:]
	case i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]:
		return true
	}
	return len(a) > 3 && (i == len(a) || a[i+1:] == b[i+1:])
}

// manAndWoman tells whether two first names are one name in its two genders: Luís and Luísa, Paulo and Paula.
func manAndWoman(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) < 3 {
		return false
	}
	if len(b) == len(a)+1 {
		return b[:len(a)] == a && b[len(a)] == 'a'
	}
	n := len(a) - 1
	return len(a) == len(b) && a[:n] == b[:n] && (a[n] == 'o' && b[n] == 'a' || a[n] == 'a' && b[n] == 'o' || a[n] == 'e' && b[n] == 'a' || a[n] == 'a' && b[n] == 'e')
}
