package table

import "bytes"

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
					if next+1 < len(b) && b[next+1] == '\n' {
						next++
					}
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
