package dedupe

import "strings"

// sound gives a folded word as Portuguese and Spanish ears have it, so that Luís and Luiz, Souza and Sousa, Raphael and
// Rafael, Thiago and Tiago, Walter and Valter, Giovanna and Jiovana fall together: letters that sound alike become one, double ones
// single, silent ones go.
func sound(w string) string {
	if len(w) < 2 {
		return w
	}
	var b strings.Builder
	b.Grow(len(w))
	var last byte
	put := func(c byte) {
		if c != last {
			b.WriteByte(c)
		}
		last = c
	}
	n := len(w)
	at := func(i int) byte {
		if i < 0 || i >= n {
			return 0
		}
		return w[i]
	}
	for i := 0; i < n; i++ {
		c := w[i]
		next := at(i + 1)
		switch c {
		case 'h':
			// silent, but for lh, nh, ch, sh, which the letter before has taken
		case 'p':
			if next == 'h' {
				put('f')
				i++
			} else {
				put('p')
			}
		case 't':
			put('t')
			if next == 'h' {
				i++
			}
		case 'c':
			switch {
			case next == 'h' && isVowel(at(i+2)):
				put('x')
				i++
			case next == 'h': // Christian, Chlóe
				put('k')
				i++
			case next == 'e' || next == 'i' || next == 'y':
				put('s')
			case next == 'k':
				put('k')
				i++
			default:
				put('k')
			}
		case 'q':
			put('k')
			if next == 'u' {
				i++
			}
		case 's':
			if next == 'h' {
				put('x')
				i++
			} else if next == 'c' && (at(i+2) == 'e' || at(i+2) == 'i') {
				put('s')
				i++
			} else {
				put('s')
			}
		case 'z', 'x':
			put('s')
		case 'y':
			put('i')
		case 'w':
			put('v')
		case 'g':
			if next == 'e' || next == 'i' || next == 'y' {
				put('j')
			} else {
				put('g')
				if next == 'u' && (at(i+2) == 'e' || at(i+2) == 'i') {
					i++
				}
			}
		case 'm', 'n':
			if next == 'h' {
				put('n')
				b.WriteByte('i')
				last = 'i'
				i++
			} else if i == n-1 || !isVowel(next) {
				put('n') // nasal: Amparo, Anparo
			} else {
				put(c)
			}
		case 'l':
			if next == 'h' {
				put('l')
				b.WriteByte('i')
				last = 'i'
				i++
			} else {
				put('l')
			}
		default:
			put(c)
		}
	}
	return b.String()
}

func isVowel(c byte) bool {
	switch c {
	case 'a', 'e', 'i', 'o', 'u', 'y':
		return true
	}
	return false
}

// jaroWinkler is the similarity of two texts, 0 to 1, over their runes (Winkler, "String Comparator Metrics and Enhanced
// Decision Rules in the Fellegi-Sunter Model of Record Linkage", 1990): common letters within half the length, transpositions,
// and a bonus for a common beginning of up to four.
func jaroWinkler(s, t string) float64 {
	var bufA, bufB [64]rune
	a, b := appendRunes(bufA[:0], s), appendRunes(bufB[:0], t)
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	window := max(len(b)/2-1, 0)
	var usedBuf [64]bool
	used := usedBuf[:min(len(b), len(usedBuf))]
	var matched [64]rune
	m := 0
	for i, r := range a {
		for j := max(0, i-window); j < min(len(used), i+window+1); j++ {
			if !used[j] && b[j] == r {
				used[j] = true
				matched[m] = r
				m++
				break
			}
		}
	}
	if m == 0 {
		return 0
	}
	half, k := 0, 0
	for j := range used {
		if used[j] {
			if b[j] != matched[k] {
				half++
			}
			k++
		}
	}
	f := float64(m)
	jaro := (f/float64(len(a)) + f/float64(len(b)) + (f-float64(half)/2)/f) / 3
	prefix := 0
	for prefix < min(4, len(a)) && a[prefix] == b[prefix] {
		prefix++
	}
	return jaro + float64(prefix)*0.1*(1-jaro)
}

// appendRunes appends the runes of s to dst, up to its capacity: beyond 64 letters a word is no name.
func appendRunes(dst []rune, s string) []rune {
	for _, r := range s {
		if len(dst) == cap(dst) {
			break
		}
		dst = append(dst, r)
	}
	return dst
}
