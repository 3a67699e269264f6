package table

import (
	"bytes"
	"unicode/utf8"
)

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
