package table

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// syntax is a Dialect's delimiter, quote and escape as bytes of the text being read.
type syntax struct {
	delim  []byte // nil: the line is one cell
	quote  []byte // nil: no quoting
	escape byte   // 0: a quote inside quotes is doubled
	spaces bool   // the delimiter is a run of spaces
	strict bool
}

// newSyntax takes the syntax out of d. Its bytes are UTF-8: where delimiter or quote are not ASCII, the text
// must have been turned to UTF-8 before. An escape beyond ASCII is not supported and means doubling.
func newSyntax(d Dialect) syntax {
	s := syntax{strict: d.Strict}
	if d.Delimiter != "" {
		s.delim = []byte(d.Delimiter)
		s.spaces = d.Delimiter == " "
	}
	if d.Quote != 0 {
		s.quote = utf8.AppendRune(nil, d.Quote)
	}
	if d.Escape != 0 && d.Escape < utf8.RuneSelf && d.Escape != d.Quote {
		s.escape = byte(d.Escape)
	}
	return s
}

// span is one cell of a record: data[start:end], counted from the record's first byte.
type span struct {
	start, end int32
	quoted     bool
	escaped    bool // holds doubled quotes or escapes that must go
}

// fault is something wrong in the writing of a record.
type fault struct {
	kind faultKind
	line int64 // physical line, from 1
	cell int   // index of the cell, from 0
}

type faultKind uint8

// The kinds of fault. The bare quote is one only to strict reading.
const (
	bareQuote      faultKind = iota + 1 // a quote inside an unquoted cell: a letter
	textAfterQuote                      // `"a" b`: the quotes are letters, or inner quotes were not doubled
	unclosedQuote                       // a quote opens a cell and nothing closes it: a letter
	recordTooLong                       // beyond the record cap: only the record's beginning is given
)

// endOfLine gives the length of the line end at b[i]: LF, CR, CR LF, or the CR CR LF of a text copied twice.
func endOfLine(b []byte, i int) int {
	switch {
	case b[i] == '\n':
		return 1
	case i+1 < len(b) && b[i+1] == '\n':
		return 2
	case i+2 < len(b) && b[i+1] == '\r' && b[i+2] == '\n':
		return 3
	}
	return 1
}

// lineEnd gives the index of the first CR or LF in b, or -1.
func lineEnd(b []byte) int {
	i := bytes.IndexByte(b, '\n')
	if i < 0 {
		return bytes.IndexByte(b, '\r')
	}
	if j := bytes.IndexByte(b[:i], '\r'); j >= 0 {
		return j
	}
	return i
}

// countLines gives the number of line ends in b.
func countLines(b []byte) int {
	n := 0
	for {
		i := lineEnd(b)
		if i < 0 {
			return n
		}
		n++
		b = b[i+endOfLine(b, i):]
	}
}

// plain splits a line that holds neither quote nor escape.
func (s *syntax) plain(line []byte, cells []span) []span {
	switch {
	case len(s.delim) == 0:
		return append(cells, span{end: int32(len(line))})
	case s.spaces:
		return splitSpaces(line, cells)
	case len(s.delim) == 1:
		return splitByte(line, s.delim[0], cells)
	}
	start := 0
	for {
		i := bytes.Index(line[start:], s.delim)
		if i < 0 {
			return append(cells, span{start: int32(start), end: int32(len(line))})
		}
		cells = append(cells, span{start: int32(start), end: int32(start + i)})
		start += i + len(s.delim)
	}
}

const (
	lanes   = 0x0101010101010101
	lowBits = 0x7f7f7f7f7f7f7f7f
)

// splitByte looks at eight bytes a time: in x the bytes that equal d are zero, and m has the top bit of just
// those bytes set (exact, no carry between bytes).
func splitByte(line []byte, d byte, cells []span) []span {
	var (
		want  = lanes * uint64(d)
		start int32
		i     int
	)
	for ; i+8 <= len(line); i += 8 {
		x := binary.LittleEndian.Uint64(line[i:i+8:i+8]) ^ want
		m := ^((x&lowBits + lowBits) | x | lowBits)
		for ; m != 0; m &= m - 1 {
			end := int32(i + bits.TrailingZeros64(m)>>3)
			cells = append(cells, span{start: start, end: end})
			start = end + 1
		}
	}
	for ; i < len(line); i++ {
		if line[i] == d {
			cells = append(cells, span{start: start, end: int32(i)})
			start = int32(i) + 1
		}
	}
	return append(cells, span{start: start, end: int32(len(line))})
}

// splitSpaces takes any run of spaces for one delimiter, and those at both ends for none.
func splitSpaces(line []byte, cells []span) []span {
	for i := 0; i < len(line); {
		if line[i] == ' ' {
			i++
			continue
		}
		end := len(line)
		if n := bytes.IndexByte(line[i:], ' '); n >= 0 {
			end = i + n
		}
		cells = append(cells, span{start: int32(i), end: int32(end)})
		i = end
	}
	if len(cells) == 0 {
		cells = append(cells, span{})
	}
	return cells
}
