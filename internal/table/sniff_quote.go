package table

import (
	"strings"
	"unicode/utf8"
)

// quoting settles quote and escape over the whole sample, once the delimiter is known: the first quoted cell
// may come late. It replaces best's grid by that of the chosen reading.
func (s *sniffer) quoting(best *candidate) (quote, escape rune) {
	if s.hint.Quote != 0 {
		return s.hint.Quote, s.hint.Escape
	}
	if best.quote == "" && len(s.text) > scoredBytes {
		s.lateQuote(best)
	}
	if best.quote == "" {
		if q := s.rareQuote(best); q != 0 {
			best.quote = string(q)
			best.grid = cut(s.head(), best.split, maxScoredRows, !s.whole)
			return q, s.hint.Escape
		}
		if s.whole || strings.Contains(s.text, `"`) {
			return 0, s.hint.Escape
		}
		return '"', s.hint.Escape // none so far: later rows may be quoted, and nothing contradicts
	}
	quote, _ = utf8.DecodeRuneInString(best.quote)
	if best.escape != 0 {
		return quote, rune(best.escape)
	}
	if best.grid.escaped == 0 && len(s.text) > scoredBytes && strings.Contains(s.text[scoredBytes:], `\`+best.quote) {
		back := split{delim: best.delim, quote: best.quote, escape: '\\'}
		with := cut(s.text, back, 1<<20, !s.whole)
		without := cut(s.text, best.split, 1<<20, !s.whole)
		if with.escaped > 0 && with.broken < without.broken {
			best.escape = '\\'
			return quote, '\\'
		}
	}
	return quote, s.hint.Escape
}

// lateQuote looks for quoted cells behind the part on which candidates were compared.
func (s *sniffer) lateQuote(best *candidate) {
	late := s.text[scoredBytes/2:]
	for _, q := range s.quotes(late, best.delim) {
		if q == "" {
			continue
		}
		for _, e := range s.escapes(late, q) {
			g := cut(late, split{delim: best.delim, quote: q, escape: e}, 1<<20, !s.whole)
			if g.quoted <= 2*g.broken || q != `"` && g.quoted <= 20 || e != 0 && g.escaped == 0 {
				continue
			}
			best.quote, best.escape = q, e
			best.grid = cut(s.head(), best.split, maxScoredRows, true)
			best.grid.quoted += g.quoted
			best.grid.broken += g.broken
			best.grid.doubled += g.doubled
			best.grid.escaped += g.escaped
			return
		}
	}
}

// head is the text that candidates are compared on.
func (s *sniffer) head() string {
	if len(s.text) > scoredBytes {
		return s.text[:scoredBytes]
	}
	return s.text
}

// rareQuote finds a sign other than " and ' that encloses the cells of most columns.
func (s *sniffer) rareQuote(best *candidate) rune {
	counts := map[rune]int{}
	cells, cellsWithBoth := 0, 0
	for r := best.body0; r < best.body && r < len(best.grid.rows); r++ {
		for j := range best.grid.rows[r].cells {
			c := trimCell(best.grid.cell(r, j))
			if len(c) < 2 {
				continue
			}
			cells++
			first, _ := utf8.DecodeRuneInString(c)
			last, _ := utf8.DecodeLastRuneInString(c)
			if first == last && first < 0x100 && strings.ContainsRune("`~|^*$#%´!@&/", first) {
				counts[first]++
				cellsWithBoth++
			}
		}
	}
	if cells < 4 || cellsWithBoth*2 < cells {
		return 0
	}
	for r, n := range counts {
		if n*2 >= cells {
			return r
		}
	}
	return 0
}

// stretchDelimiter lengthens a delimiter whose neighbours are the same everywhere: | in ~|~ is ~|~.
func (s *sniffer) stretchDelimiter(best candidate) split {
	by := best.split
	if by.delim == "" || by.delim == " " || s.hint.Delimiter != "" || best.width < 2 {
		return by
	}
	for range 3 {
		before, after := neighbours(best.grid.text, by.delim, &best)
		switch {
		case before != 0 && strings.Contains(best.grid.text, string(before)+by.delim):
			by.delim = string(before) + by.delim
		case after != 0 && strings.Contains(best.grid.text, by.delim+string(after)):
			by.delim += string(after)
		default:
			return by
		}
	}
	return by
}

// neighbours gives the sign that stands before, or behind, every occurrence of delim in the table's lines.
func neighbours(text, delim string, best *candidate) (before, after byte) {
	first := true
	for r := best.body0; r < best.body && r < len(best.grid.rows); r++ {
		cells := best.grid.rows[r].cells
		if len(cells) == 0 {
			continue
		}
		from, to := int(cells[0].from), int(cells[len(cells)-1].to)
		for i := from; i < to; {
			at := strings.Index(text[i:to], delim)
			if at < 0 {
				break
			}
			i += at
			var b, a byte
			if i > 0 {
				b = text[i-1]
			}
			if i+len(delim) < len(text) {
				a = text[i+len(delim)]
			}
			if first {
				before, after, first = b, a, false
			}
			if b != before || !isDelimiterSign(b) {
				before = 0
			}
			if a != after || !isDelimiterSign(a) {
				after = 0
			}
			if before == 0 && after == 0 {
				return 0, 0
			}
			i += len(delim)
		}
	}
	return before, after
}

func isDelimiterSign(b byte) bool {
	return strings.IndexByte("~|^;:!%&<>", b) >= 0 && b != 0
}

// unwrap undoes quoting of whole lines: where every line is one quoted cell and the insides make a better
// table, it gives a sniffer of the insides.
func (s *sniffer) unwrap(best candidate) (sniffer, bool) {
	if best.width > 1 || best.quote != `"` || s.hint.Delimiter != "" {
		return sniffer{}, false
	}
	g := best.grid
	if g.quoted < 2 || g.multiline > 0 {
		return sniffer{}, false
	}
	for i := range g.rows {
		if !g.rows[i].blank && !g.rows[i].cells[0].quoted {
			return sniffer{}, false
		}
	}
	var b strings.Builder
	for line := range strings.Lines(s.text) {
		end := len(strings.TrimRight(line, "\r\n"))
		inner := strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(line[:end]), `"`), `"`)
		b.WriteString(strings.ReplaceAll(inner, `""`, `"`))
		b.WriteString(line[end:])
	}
	inner := sniffer{text: b.String(), whole: s.whole, hint: s.hint, sep: s.sep}
	c := inner.choose()
	inner.candidates = nil
	common := c.delim == ";" || c.delim == "\t" || c.delim == "|" || c.delim == "," && c.width > 2
	return inner, common && c.consistency > 0.9 && c.score > 0.4
}
