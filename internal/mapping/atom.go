package mapping

import "strings"

// An atom is a piece of a header that the lexicon knows, or one word that it does not (concept cNone).
type atom struct {
	senses []sense
	text   string
	num    int // value of a number, else -1
	tokens int
	paren  bool
	guess  bool // found by its abbreviation or despite a slip of the pen
}

// atoms cuts tokens into the longest pieces that the lexicon knows, from left to right.
func (l *lexicon) atoms(toks []token) []atom {
	out := make([]atom, 0, len(toks))
	for i := 0; i < len(toks); {
		if a, n := l.longest(toks[i:]); n > 0 {
			out = append(out, a)
			i += n
			continue
		}
		t := toks[i]
		i++
		if t.num >= 0 {
			out = append(out, atom{text: t.text, num: t.num, tokens: 1, paren: t.paren})
			continue
		}
		if parts := l.split(t.text); parts != nil {
			for _, p := range parts {
				out = append(out, atom{senses: l.find(p), text: p, num: -1, tokens: 1, paren: t.paren})
			}
			continue
		}
		a := atom{text: t.text, num: -1, tokens: 1, paren: t.paren}
		if a.senses = l.guess(t.text); a.senses != nil {
			a.guess = true
		}
		out = append(out, a)
	}
	return out
}

// longest gives the longest entry at the start of toks and its number of tokens, 0 where there is none.
func (l *lexicon) longest(toks []token) (atom, int) {
	var buf [96]byte
	key := buf[:0]
	var ends [maxPhrase]int
	n := min(len(toks), maxPhrase)
	for i := range n {
		key = append(key, toks[i].text...)
		ends[i] = len(key)
	}
	for i := n; i > 0; i-- {
		if i == 1 && toks[0].num >= 0 {
			break
		}
		w := key[:ends[i-1]]
		s := l.words[string(w)]
		if s == nil {
			s = l.find(string(w))
		}
		if s != nil {
			return atom{senses: s, text: string(w), num: -1, tokens: i, paren: toks[0].paren}, i
		}
	}
	return atom{}, 0
}

// split cuts a word that was written without spaces ("datanascimento", "codcliente") into words that the
// lexicon knows, as few as possible; nil where a rest stays.
func (l *lexicon) split(w string) []string {
	n := len(w)
	if n < 5 || n > 48 {
		return nil
	}
	best := make([]int, n+1) // pieces needed for w[:i], 0 for unreachable
	from := make([]int, n+1)
	best[0] = 1
	for i := 2; i <= n; i++ {
		for j := max(0, i-24); j <= i-2; j++ {
			if best[j] == 0 || i-j == n {
				continue
			}
			if l.piece(w[j:i]) && (best[i] == 0 || best[j]+1 < best[i]) {
				best[i], from[i] = best[j]+1, j
			}
		}
	}
	if best[n] == 0 || best[n] > 5 {
		return nil
	}
	var parts []string
	for i := n; i > 0; i = from[i] {
		parts = append([]string{w[from[i]:i]}, parts...)
	}
	return parts
}

// piece tells whether w may be a part of a word that was written without spaces. Of the short ones only those
// that databases put in front of column names, and prepositions, may.
func (l *lexicon) piece(w string) bool {
	switch len(w) {
	case 2:
		return strings.Contains(" dt nm cd nr uf id ds do da de tp st fl cp sg po ", " "+w+" ")
	case 3:
		return strings.Contains(" tel cel num cod nom cep cpf rfc rut dni nit end fax dir cid est sex dob zip ddd ddi obs nac ref cli uf_ fec car dat del der des dos das ", " "+w+" ") && l.words[w] != nil
	}
	return l.find(w) != nil
}

// guess finds a word by its first four letters or more ("munic", "observ"), by its consonants ("cntct",
// "phn"), or with one letter wrong, missing, doubled or two swapped ("telfone", "emial"). All words so found
// have to mean the same.
func (l *lexicon) guess(w string) []sense {
	if len(w) < 3 {
		return nil
	}
	bare := skeleton(w) == w
	var found []sense
	for _, k := range l.long {
		if !(len(w) >= 4 && len(w) < len(k) && strings.HasPrefix(k, w)) &&
			!(bare && k[0] == w[0] && skeleton(k) == w) &&
			!(len(w) >= 6 && near(w, k)) && !(len(w) == 5 && len(k) == 5 && near(w, k) && anagram(w, k)) {
			continue
		}
		s := l.words[k]
		if found != nil && !sameConcept(found, s) {
			return nil
		}
		if found == nil {
			found = s
		}
	}
	return found
}

func sameConcept(a, b []sense) bool {
	return a[0].concept.field() == b[0].concept.field() && a[0].concept.field() != "" || a[0].concept == b[0].concept
}

// skeleton takes the vowels out of w, the first letter excepted.
func skeleton(w string) string {
	var b [32]byte
	out := b[:0]
	for i := range len(w) {
		if i == 0 || !strings.Contains("aeiou", w[i:i+1]) {
			out = append(out, w[i])
		}
	}
	return string(out)
}

// near tells whether a becomes b by one insertion, deletion, substitution or swap of neighbours
// (Damerau 1964).
func near(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 || a[0] != b[0] {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	if i == len(a) || a[i+1:] == b[i+1:] {
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}

// anagram tells whether two words of the same length have the same letters.
func anagram(a, b string) bool {
	var n [256]int
	for i := range len(a) {
		n[a[i]]++
		n[b[i]]--
	}
	return n == [256]int{}
}
