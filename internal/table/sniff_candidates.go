package table

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// commonDelimiters are tried wherever they occur. Other signs are tried where they occur about equally often
// in most lines.
const commonDelimiters = ",;\t|:^~# ¦§\x1f\x1e\x01"

// choose cuts the text in every way that its signs suggest and gives the one that explains it best.
func (s *sniffer) choose() candidate {
	text := s.text
	open := !s.whole
	if len(text) > scoredBytes {
		text, open = text[:scoredBytes], true
	}
	if open && !strings.ContainsAny(text, "\r\n") {
		open = false
	}
	for _, d := range s.delimiters(text) {
		for _, q := range s.quotes(text, d) {
			for _, e := range s.escapes(text, q) {
				c := candidate{split: split{delim: d, quote: q, escape: e}}
				c.grid = cut(text, c.split, maxScoredRows, open)
				if q != "" && c.grid.quoted == 0 && s.hint.Quote == 0 || e != 0 && c.grid.escaped <= c.grid.broken && s.hint.Escape == 0 {
					continue
				}
				c.evaluate()
				c.score *= s.headerAgrees(&c)
				if d != "" && c.width < 2 && d != s.hint.Delimiter {
					continue
				}
				s.candidates = append(s.candidates, c)
			}
		}
	}
	slices.SortStableFunc(s.candidates, func(a, b candidate) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		return 0
	})
	best := s.candidates[0]
	if s.sep != "" && s.sep != best.delim {
		for _, c := range s.candidates {
			if c.delim == s.sep && c.score >= best.score*0.5 && c.consistency >= 0.7 {
				return c
			}
		}
	}
	return best
}

// delimiters lists what might cut the text, the usual ones first; "" stands for one column.
func (s *sniffer) delimiters(text string) []string {
	if s.hint.Delimiter != "" {
		return []string{s.hint.Delimiter}
	}
	type use struct{ lines, total, last, same int }
	uses := map[rune]*use{}
	lines, line := 0, 0
	inLine := map[rune]int{}
	flush := func() {
		if line == 0 {
			return
		}
		lines++
		for r, n := range inLine {
			u := uses[r]
			if u == nil {
				u = &use{}
				uses[r] = u
			}
			u.lines++
			u.total += n
			if u.last == n {
				u.same++
			}
			u.last = n
		}
		clear(inLine)
		line = 0
	}
	for _, r := range text {
		switch {
		case r == '\n' || r == '\r':
			flush()
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '"' || r == '\'':
			line++
		case r < 0x80 || strings.ContainsRune("¦§¬¶¤·×÷‡‖", r):
			line++
			inLine[r]++
		default:
			line++
		}
	}
	flush()
	var list []string
	for _, r := range commonDelimiters {
		if u := uses[r]; u != nil && (u.lines*12 >= lines || u.lines >= 3 && u.total > 2*u.lines) {
			list = append(list, string(r))
		}
	}
	var rest []rune
	for r, u := range uses {
		if !strings.ContainsRune(commonDelimiters, r) && !isBracket(r) && u.lines*4 >= lines*3 && (u.same+1)*2 >= u.lines && r != utf8.RuneError && r != 0 {
			rest = append(rest, r)
		}
	}
	slices.Sort(rest)
	for _, r := range rest {
		list = append(list, string(r))
	}
	for i := range list { // || and the like
		if d := list[i]; !strings.Contains(" ,;\t", d) {
			if twice := strings.Count(text, d+d); twice > 0 && twice*2+1 >= strings.Count(text, d) && twice >= lines/2 {
				list[i] = d + d
			}
		}
	}
	if s.sep != "" && !slices.Contains(list, s.sep) && strings.Contains(text, s.sep) {
		list = append(list, s.sep)
	}
	return append(list, "")
}

func isBracket(r rune) bool { return strings.ContainsRune("()[]{}<>«»“”", r) }

// quotes lists what might quote cells; "" stands for no quoting.
func (s *sniffer) quotes(text, delim string) []string {
	if s.hint.Quote != 0 {
		return []string{string(s.hint.Quote)}
	}
	list := []string{}
	for _, q := range [...]string{`"`, `'`} {
		if opensCell(text, q, delim) {
			list = append(list, q)
		}
	}
	return append(list, "")
}

// opensCell says whether q stands at the beginning of a line or behind a delimiter somewhere.
func opensCell(text, q, delim string) bool {
	for i := 0; ; i += len(q) {
		at := strings.Index(text[i:], q)
		if at < 0 {
			return false
		}
		i += at
		before := strings.TrimRight(text[:i], " =")
		if before == "" || strings.HasSuffix(before, "\n") || strings.HasSuffix(before, "\r") ||
			delim != "" && (strings.HasSuffix(before, delim) || delim == " " && len(before) < i) {
			return true
		}
	}
}

// escapes lists how quotes inside quotes might be written; 0 stands for doubling.
func (s *sniffer) escapes(text, quote string) []byte {
	switch {
	case s.hint.Escape != 0 && s.hint.Escape < 0x80:
		return []byte{byte(s.hint.Escape)}
	case quote != "" && strings.Contains(text, `\`+quote):
		return []byte{0, '\\'}
	}
	return []byte{0}
}

// headerAgrees lowers the score of a split that the first line of the table does not know: a list of
// "Silva, Ana" or "10,50" under one name is one column.
func (s *sniffer) headerAgrees(c *candidate) float64 {
	if c.width != 2 || c.delim == "" || c.body0 == 0 || len(c.grid.rows) < 3 {
		return 1
	}
	above := &c.grid.rows[c.body0-1]
	if len(above.cells) != 1 || above.blank || c.body0 > 1 || strings.ContainsAny(c.grid.cell(c.body0-1, 0), ",;\t|") {
		return 1
	}
	return 0.4
}
