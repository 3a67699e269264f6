package table

import (
	"bytes"
	"unicode/utf8"
)

// split parses the record at the start of b into rec: cells, faults (cell numbers only), raw, open.
// eol is the index of the first line end in b, len(b) where there is none.
//
// It gives the record's length with its line end; -1 where b ends before the record does and final is false.
// Quotes whose offsets are in stray are letters. Where nothing closes a quote, it is a letter too.
func (s *syntax) split(b []byte, eol int, final bool, stray []int, rec *record) int {
	rec.cells, rec.faults, rec.open, rec.escaped = rec.cells[:0], rec.faults[:0], -1, false
	simple := len(s.delim) == 1 && len(s.quote) == 1 && s.escape == 0 && !s.spaces && len(stray) == 0
	for i := 0; ; {
		if simple {
			i = s.simpleCells(b, i, eol, rec)
		}
		if s.spaces {
			for i < len(b) && b[i] == ' ' {
				i++
			}
		}
		c, next, ok := s.cell(b, i, eol, final, stray, rec)
		if !ok {
			return -1
		}
		end := next == len(b)
		if !end && !s.spaces && s.delimAt(b, next) {
			rec.cells = append(rec.cells, c)
			i = next + len(s.delim)
			continue
		}
		if s.spaces {
			for next < len(b) && b[next] == ' ' {
				next++
			}
			if end = next == len(b); !end && b[next] != '\n' && b[next] != '\r' {
				rec.cells = append(rec.cells, c)
				i = next
				continue
			}
		}
		if end && !final || !end && b[next] == '\r' && next+2 >= len(b) && !final {
			return -1
		}
		rec.cells = append(rec.cells, c)
		rec.raw = b[:next]
		if end {
			return next
		}
		return next + endOfLine(b, next)
	}
}

// simpleCells takes quoted cells that hold no quote and are followed by a delimiter, one after the other from
// b[i] on, and gives the index of the first cell of another kind: most cells of files that quote everything.
func (s *syntax) simpleCells(b []byte, i, eol int, rec *record) int {
	d, q := s.delim[0], s.quote[0]
	for i < len(b) && b[i] == q {
		n := bytes.IndexByte(b[i+1:], q)
		end := i + 1 + n
		if n < 0 || end+1 >= len(b) || b[end+1] != d {
			break
		}
		if rec.open < 0 && end > eol {
			rec.open = i
		}
		rec.cells = append(rec.cells, span{start: int32(i + 1), end: int32(end), quoted: true})
		i = end + 2
	}
	return i
}

// cell parses the cell that starts at b[i]. next is the index of the delimiter or line end behind it, or len(b).
func (s *syntax) cell(b []byte, i, eol int, final bool, stray []int, rec *record) (c span, next int, ok bool) {
	j := i
	if len(s.quote) > 0 {
		j = s.skipBlanks(b, i)
		formula := j+1 < len(b) && b[j] == '=' && s.quoteAt(b, j+1)
		if formula {
			j++
		}
		if s.quoteAt(b, j) && !contains(stray, j) {
			q := s.quotedCell(b, j, eol, final)
			if q.more {
				return c, 0, false
			}
			if q.ok && !(formula && (q.after || q.end > eol)) {
				rec.escaped = rec.escaped || q.escaped
				switch {
				case q.after:
					rec.faults = append(rec.faults, fault{kind: textAfterQuote, cell: len(rec.cells)})
				case formula:
					rec.faults = append(rec.faults, fault{kind: bareQuote, cell: len(rec.cells)})
				}
				if rec.open < 0 && q.end > eol {
					rec.open = j
				}
				return span{start: int32(j + len(s.quote)), end: int32(q.end), quoted: true, escaped: q.escaped}, q.next, true
			}
		}
	}
	c.start = int32(i)
	next = i
scan:
	for ; next < len(b); next++ {
		switch ch := b[next]; {
		case ch == '\n' || ch == '\r':
			break scan
		case len(s.delim) > 0 && ch == s.delim[0] && s.delimAt(b, next):
			break scan
		case s.escape != 0 && ch == s.escape:
			if next+1 < len(b) && s.escapable(b, next+1) {
				c.escaped, rec.escaped = true, true
				if next++; b[next] == '\r' {
					if next+2 >= len(b) && !final {
						return c, 0, false
					}
					next += endOfLine(b, next) - 1
				}
			}
		}
	}
	c.end = int32(next)
	if len(s.quote) > 0 {
		if n := bytes.Count(b[i:next], s.quote); n > 0 {
			f := fault{kind: bareQuote, cell: len(rec.cells)}
			if n%2 == 1 && s.quoteAt(b, j) {
				f.kind = unclosedQuote
			}
			rec.faults = append(rec.faults, f)
		}
	}
	return c, next, true
}

// quoted is what quotedCell finds: the index of the closing quote, and of the delimiter or line end behind it.
type quoted struct {
	end, next int
	escaped   bool
	after     bool // quotes inside were not doubled
	ok        bool
	more      bool // b ends too early to say
}

// quotedCell looks for the end of the quoted cell that opens at b[j].
//
// A quote closes where a delimiter or line end follows, blanks between allowed. One that is followed by text
// is a letter if a closing quote follows on its line before another cell opens (`"say "hi" now";`).
// Else there is no quoted cell here: the opening quote is a letter.
func (s *syntax) quotedCell(b []byte, j, eol int, final bool) (q quoted) {
	var (
		n    = len(s.quote)
		pos  = j + n
		sure int    // a closing quote is known to stand here
		alt  quoted // `"32"";`: the doubled quote is a letter and an end
	)
	for {
		k := s.nextQuote(b, pos, &q.escaped)
		if k < 0 || k+n >= len(b) && !final {
			if !final {
				return quoted{more: true}
			}
			if k < 0 {
				return alt
			}
		}
		after := k + n
		if s.quoteAt(b, after) {
			pos = after + n
			next, closes, more := s.closes(b, pos, final)
			if more {
				return quoted{more: true}
			}
			if closes && pos <= eol && !alt.ok {
				alt = quoted{end: after, next: next, after: true, ok: true, escaped: q.escaped}
			}
			q.escaped = true
			continue
		}
		next, closes, more := s.closes(b, after, final)
		if more {
			return quoted{more: true}
		}
		if closes {
			q.end, q.next, q.ok = k, next, true
			return q
		}
		q.after = true
		if s.opens(b, j, k) {
			return alt
		}
		pos = after
		if pos < sure {
			continue
		}
		line := lineEnd(b[pos:])
		if line < 0 {
			if !final {
				return quoted{more: true}
			}
			line = len(b) - pos
		}
		if sure = s.closedOnLine(b[:pos+line], j, pos); sure < 0 {
			return alt
		}
	}
}

// closedOnLine gives the index of the first closing quote of the line b, from pos on, if no other cell
// opens before; else -1.
func (s *syntax) closedOnLine(b []byte, j, pos int) int {
	var ignored bool
	for {
		k := s.nextQuote(b, pos, &ignored)
		if k < 0 {
			return -1
		}
		after := k + len(s.quote)
		if s.quoteAt(b, after) {
			pos = after + len(s.quote)
			continue
		}
		if _, closes, _ := s.closes(b, after, true); closes {
			return k
		}
		if s.opens(b, j, k) {
			return -1
		}
		pos = after
	}
}

// nextQuote gives the index of the next quote in b[pos:] that is not escaped, or -1.
func (s *syntax) nextQuote(b []byte, pos int, escaped *bool) int {
	for pos < len(b) {
		k := bytes.Index(b[pos:], s.quote)
		if s.escape != 0 {
			text := b[pos:]
			if k >= 0 {
				text = text[:k]
			}
			if e := bytes.IndexByte(text, s.escape); e >= 0 {
				e += pos
				if e+1 < len(b) && s.escapable(b, e+1) {
					*escaped = true
				}
				pos = e + 2
				continue
			}
		}
		if k < 0 {
			return -1
		}
		return pos + k
	}
	return -1
}

// closes tells if a cell ends at b[i], blanks skipped, and where its delimiter or line end is.
func (s *syntax) closes(b []byte, i int, final bool) (next int, yes, more bool) {
	i = s.skipBlanks(b, i)
	if i >= len(b) {
		return i, final, !final
	}
	if !final && i+len(s.delim) > len(b) {
		return i, false, true
	}
	return i, b[i] == '\n' || b[i] == '\r' || s.delimAt(b, i), false
}

// opens tells if the quote at b[k] looks like the opening one of another cell: it stands behind a delimiter
// or at the start of a line. j is the opening quote of the cell at hand.
func (s *syntax) opens(b []byte, j, k int) bool {
	i := k
	for i > j+1 && s.blank(b[i-1]) {
		i--
	}
	if i <= j+1 {
		return false
	}
	return b[i-1] == '\n' || b[i-1] == '\r' || len(s.delim) > 0 && bytes.HasSuffix(b[j+1:i], s.delim)
}

func (s *syntax) delimAt(b []byte, i int) bool {
	switch len(s.delim) {
	case 0:
		return false
	case 1:
		return b[i] == s.delim[0]
	}
	return bytes.HasPrefix(b[i:], s.delim)
}

func (s *syntax) quoteAt(b []byte, i int) bool {
	if len(s.quote) == 0 || i >= len(b) {
		return false
	}
	return b[i] == s.quote[0] && (len(s.quote) == 1 || bytes.HasPrefix(b[i:], s.quote))
}

// escapable tells if an escape before b[i] takes anything away: before a letter it is a letter itself. Of a
// delimiter of several characters the first is enough.
func (s *syntax) escapable(b []byte, i int) bool {
	c := b[i]
	return c == s.escape || c == '\n' || c == '\r' || s.quoteAt(b, i) ||
		len(s.delim) > 0 && c == s.delim[0] && (c < utf8.RuneSelf || s.delimAt(b, i))
}

// skipBlanks gives the first index from i on that is no blank.
func (s *syntax) skipBlanks(b []byte, i int) int {
	for i < len(b) && s.blank(b[i]) {
		i++
	}
	return i
}

// blank tells if c is padding beside a quote: a space or tab that is not part of the delimiter.
func (s *syntax) blank(c byte) bool {
	return (c == ' ' || c == '\t') && bytes.IndexByte(s.delim, c) < 0
}

// appendUnescaped appends the cell raw[c.start:c.end] to dst, doubled quotes made single and escapes taken away.
func (s *syntax) appendUnescaped(dst, raw []byte, c span) []byte {
	end := int(c.end)
	for i := int(c.start); i < end; {
		switch {
		case s.escape != 0 && raw[i] == s.escape && i+1 < end && s.escapable(raw, i+1):
			dst = append(dst, raw[i+1])
			i += 2
		case c.quoted && s.quoteAt(raw, i) && i+2*len(s.quote) <= end && s.quoteAt(raw, i+len(s.quote)):
			dst = append(dst, s.quote...)
			i += 2 * len(s.quote)
		default:
			dst = append(dst, raw[i])
			i++
		}
	}
	return dst
}

func contains(list []int, x int) bool {
	for _, v := range list {
		if v == x {
			return true
		}
	}
	return false
}
