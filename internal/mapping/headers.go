package mapping

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A table is all columns of the file: what one header means hangs on its neighbours.
type table struct {
	cols []column
	rows [][]string
	opt  SuggestOptions
	lang language
}

func newTable(headers []string, samples [][]string, opt SuggestOptions) *table {
	t := &table{cols: make([]column, len(headers)), rows: samples, opt: opt}
	for i, h := range headers {
		t.cols[i] = column{header: h, tokens: tokenize(h), profile: profileOf(samples, i), combine: -1}
	}
	return t
}

// readHeaders interprets each header by itself, in the language that most of them are written in.
func (t *table) readHeaders() {
	t.stripPrefix()
	l := theLexicon()
	for i := range t.cols {
		t.cols[i].atoms = l.atoms(t.cols[i].tokens)
	}
	t.lang = t.guessLanguage()
	seen := make(map[string]int, len(t.cols))
	for i := range t.cols {
		c := &t.cols[i]
		c.reading = read(c.atoms, t.lang)
		key := fold(c.header)
		seen[key]++
		if n := seen[key]; n > 1 && c.reading.ordinal == 0 {
			c.reading.ordinal = n
		}
	}
}

// stripPrefix takes away a first word that most columns share and that means nothing, as the name of the
// table in a dump ("tcl_nome", "tcl_fone").
func (t *table) stripPrefix() {
	count := make(map[string]int)
	for i := range t.cols {
		if toks := t.cols[i].tokens; len(toks) > 1 {
			count[toks[0].text]++
		}
	}
	l := theLexicon()
	if t.stripLetter(l) {
		return
	}
	for w, n := range count {
		if n < 4 || n*10 < len(t.cols)*6 || l.find(w) != nil && len(w) > 2 {
			continue
		}
		for i := range t.cols {
			if c := &t.cols[i]; len(c.tokens) > 1 && c.tokens[0].text == w {
				c.tokens = c.tokens[1:]
				if c.tokens[0].num >= 0 && len(c.tokens) > 1 {
					c.tokens = c.tokens[1:]
				}
			}
		}
		return
	}
}

// stripLetter takes away a letter that stands before every name, as in CCODIGOCLIENTE, CRFC, CESTADO, where
// the words behind it are known and those with it are not.
func (t *table) stripLetter(l *lexicon) bool {
	known := func(w string) bool { return l.find(w) != nil || l.split(w) != nil }
	with, without := 0, 0
	for i := range t.cols {
		toks := t.cols[i].tokens
		if len(toks) == 0 || len(toks[0].text) < 3 || toks[0].text[0] >= utf8.RuneSelf || toks[0].text[0] != t.cols[0].firstLetter() {
			return false
		}
		if known(toks[0].text) {
			with++
		}
		if known(toks[0].text[1:]) {
			without++
		}
	}
	if len(t.cols) < 5 || without*10 < len(t.cols)*6 || with*2 > without {
		return false
	}
	for i := range t.cols {
		t.cols[i].tokens[0].text = t.cols[i].tokens[0].text[1:]
	}
	return true
}

func (c *column) firstLetter() byte {
	if len(c.tokens) == 0 || c.tokens[0].text == "" {
		return 0
	}
	return c.tokens[0].text[0]
}

// guessLanguage counts the words that only one language has; the workspace's country breaks a tie.
func (t *table) guessLanguage() language {
	var votes [16]int
	for i := range t.cols {
		for _, a := range t.cols[i].atoms {
			if a.guess || len(a.senses) == 0 {
				continue
			}
			var all language
			for _, s := range a.senses {
				all |= s.langs
				if s.langs == langAny {
					all = 0
					break
				}
			}
			n := 0
			for b := range 9 {
				if all&(1<<b) != 0 {
					n++
				}
			}
			for b := range 9 {
				if all&(1<<b) != 0 {
					votes[b] += 12 / n
				}
			}
		}
	}
	switch t.opt.Country {
	case "BR", "PT", "AO", "MZ":
		votes[1]++
	case "":
	case "US", "GB", "CA", "AU", "NZ", "IE":
		votes[0]++
	case "DE", "AT":
		votes[3]++
	case "FR":
		votes[4]++
	case "IT":
		votes[5]++
	default:
		votes[2]++
	}
	best := slices.Max(votes[:])
	if best == 0 {
		return langAny
	}
	return 1 << slices.Index(votes[:], best)
}

// each calls f for the columns whose first head is one of cs and that are not blocked.
func (t *table) each(f func(*column), cs ...concept) {
	for i := range t.cols {
		if c := &t.cols[i]; c.field != "" && slices.Contains(cs, c.head) {
			f(c)
		}
	}
}

// holds tells whether some column's header reads as one of cs, in the variants given (none: in any).
func (t *table) holds(cs ...concept) bool {
	for i := range t.cols {
		if c := &t.cols[i]; len(c.reading.heads) == 1 && slices.Contains(cs, c.reading.heads[0]) {
			return true
		}
	}
	return false
}

// listed tells whether the cells of a column hold several values with a sign between them.
func (t *table) listed(col int) bool {
	n := 0
	for _, row := range t.rows {
		if col < len(row) && strings.ContainsAny(row[col], ",;|") {
			n++
		}
	}
	return n > 0 && n*3 >= t.cols[col].profile.filled
}

// counts tells whether the cells of a column number the rows: 1, 2, 3.
func (t *table) counts(col int) bool {
	n, prev := 0, 0
	for _, row := range t.rows {
		if col >= len(row) {
			continue
		}
		v, err := strconv.Atoi(strings.TrimSpace(row[col]))
		if err != nil || n > 0 && v != prev+1 {
			return false
		}
		n, prev = n+1, v
	}
	return n >= 2
}
