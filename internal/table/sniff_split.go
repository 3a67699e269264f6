package table

import "strings"

// split is one way to cut a sample into cells: a candidate for a dialect.
type split struct {
	delim  string
	quote  string // "" for none
	escape byte   // 0 for doubled quotes
}

// gridSpan is one cell of a sample: text[from:to] without its quotes.
type gridSpan struct {
	from, to int32
	quoted   bool
}

// gridRow is one record: its cells, where it starts, and the physical lines that it takes.
type gridRow struct {
	cells       []gridSpan
	line, lines int32 // first line, counted from 0; lines taken
	blank       bool  // nothing at all on the line
}

// grid is a sample cut into cells.
type grid struct {
	text string
	rows []gridRow
	// How quotes behaved: cells properly quoted, cells that begin with a quote but are not closed as they
	// should, and cells with a line break inside.
	quoted, broken, multiline int
	doubled, escaped          int
	end                       int // offset behind the last row
}

func (g *grid) cell(r, c int) string {
	s := g.rows[r].cells[c]
	return g.text[s.from:s.to]
}

// maxQuotedLines bounds how many lines the sniffer lets a quoted cell take before it calls the quote stray.
const maxQuotedLines = 300

// maxQuotedBytes bounds a quoted cell likewise.
const maxQuotedBytes = 64 << 10

// cut splits text into at most maxRows records. With open set the text may end in the middle of a record,
// and what follows the last line end is left out.
func cut(text string, by split, maxRows int, open bool) *grid {
	g := &grid{text: text}
	c := cutter{grid: g, by: by}
	if by.delim != "" {
		c.d0 = by.delim[0]
	}
	spans := make([]gridSpan, 0, 256)
	pos, line, width := 0, int32(0), 0
	for pos < len(text) && len(g.rows) < maxRows {
		from := len(spans)
		var rec gridRecord
		spans, rec = c.record(spans, pos, c.wasted < 2*len(text)+maxQuotedBytes)
		if rec.lines > 1 && by.quote != "" {
			spans, rec = c.settle(spans, from, pos, rec, width)
		}
		if open && rec.unended {
			break
		}
		g.quoted += rec.quoted
		g.broken += rec.broken
		g.doubled += rec.doubled
		g.escaped += rec.escaped
		if rec.lines > 1 {
			g.multiline++
		}
		n := len(spans) - from
		blank := n == 1 && strings.TrimRight(text[spans[from].from:spans[from].to], " \t\r\x1a\x00") == "" && !spans[from].quoted
		g.rows = append(g.rows, gridRow{cells: spans[from:len(spans):len(spans)], line: line, lines: rec.lines, blank: blank})
		if !blank && n > 1 {
			width = n
		}
		line += rec.lines
		pos = rec.next
	}
	g.end = pos
	return g
}

// gridRecord is what was met while reading one record.
type gridRecord struct {
	next                             int
	lines                            int32
	quoted, broken, doubled, escaped int
	unended                          bool // the text ended before the record did
}

type cutter struct {
	*grid
	by     split
	d0     byte // first byte of the delimiter
	wasted int  // bytes read in vain behind quotes that do not close; bounded, so that time is
}

// settle decides whether a record that runs over several lines is meant so, or whether a stray quote
// swallowed the lines below it: the reading that has the table's width wins.
func (c *cutter) settle(spans []gridSpan, from, pos int, rec gridRecord, width int) ([]gridSpan, gridRecord) {
	wide := len(spans) - from
	flat, flatRec := c.record(spans[len(spans):], pos, false)
	if len(flat) == wide || width > 0 && wide == width {
		return spans, rec
	}
	if width == 0 { // the first record: compare with the line below it
		below, _ := c.record(nil, flatRec.next, false)
		width = len(below)
		if wide == width {
			return spans, rec
		}
	}
	if len(flat) == width && width > 1 || rec.lines > 8 {
		c.wasted += rec.next - flatRec.next
		return append(spans[:from], flat...), flatRec
	}
	return spans, rec
}

// record reads one record from pos. With multi unset, a quoted cell that would run over the line's end is
// read as a plain one.
func (c *cutter) record(spans []gridSpan, pos int, multi bool) ([]gridSpan, gridRecord) {
	rec := gridRecord{lines: 1}
	text := c.text
	if c.by.delim == " " {
		for pos < len(text) && text[pos] == ' ' {
			pos++
		}
	}
	for {
		if c.by.quote != "" {
			if s, after, ok := c.quotedCell(pos, multi && rec.lines <= maxQuotedLines, &rec); ok {
				spans = append(spans, s)
				pos = after
				if next, end := c.afterCell(pos, &rec); end {
					rec.next = next
					return spans, rec
				} else {
					pos = next
				}
				continue
			}
		}
		at, atEnd := c.plainEnd(pos)
		spans = append(spans, gridSpan{from: int32(pos), to: int32(at)})
		if !atEnd {
			pos = c.skipDelim(at)
			if c.by.delim == " " && c.atLineEnd(pos) { // blanks at the end of a line are padding
				at, atEnd = pos, true
			}
		}
		if atEnd {
			rec.next = skipLineEnd(text, at)
			rec.unended = at >= len(text)
			return spans, rec
		}
	}
}

// plainEnd finds the delimiter or the line end behind pos.
func (c *cutter) plainEnd(pos int) (at int, atEnd bool) {
	text, delim := c.text, c.by.delim
	for i := pos; i < len(text); i++ {
		switch b := text[i]; {
		case b == '\n' || b == '\r':
			return i, true
		case delim != "" && b == c.d0 && (len(delim) == 1 || strings.HasPrefix(text[i:], delim)):
			return i, false
		}
	}
	return len(text), true
}

// quotedCell reads a cell that begins with the quote, blanks before it allowed. It is not ok where there is
// none, or where it does not close as it should.
func (c *cutter) quotedCell(pos int, multi bool, rec *gridRecord) (s gridSpan, after int, ok bool) {
	text, q := c.text, c.by.quote
	i := pos
	for i < len(text) && text[i] == ' ' && c.by.delim != " " {
		i++
	}
	if i < len(text) && text[i] == '=' && i+1 < len(text) && strings.HasPrefix(text[i+1:], q) {
		i++ // ="00123", a spreadsheet's way to keep zeros
	}
	if !strings.HasPrefix(text[i:], q) || c.wasted > 4*len(text)+maxQuotedBytes {
		return s, 0, false
	}
	from := i + len(q)
	lines, doubled, escaped := int32(0), 0, 0
	for i = from; i < len(text); i++ {
		switch b := text[i]; {
		case b == '\n' || b == '\r' && !strings.HasPrefix(text[i+1:], "\n"):
			lines++
			if !multi || lines > maxQuotedLines || i-from > maxQuotedBytes {
				c.wasted += i - from
				rec.broken++
				return s, 0, false
			}
		case b == c.by.escape && b != 0 && i+1 < len(text):
			if strings.HasPrefix(text[i+1:], q) {
				escaped++
			}
			i++
		case b == q[0] && strings.HasPrefix(text[i:], q):
			next := i + len(q)
			if c.closes(next) {
				rec.lines += lines
				rec.quoted++
				rec.doubled += doubled
				rec.escaped += escaped
				return gridSpan{from: int32(from), to: int32(i), quoted: true}, next, true
			}
			if strings.HasPrefix(text[next:], q) && (c.by.escape == 0 || !c.closes(next+len(q))) {
				doubled++
				i = next + len(q) - 1
				continue
			}
			rec.broken++ // a letter in the middle
			i = next - 1
		}
	}
	c.wasted += i - from
	rec.broken++
	return s, 0, false
}

// closes says whether a quote that ends at pos can close its cell: a delimiter or a line end follows.
func (c *cutter) closes(pos int) bool {
	for pos < len(c.text) && c.text[pos] == ' ' && c.by.delim != " " {
		pos++
	}
	return c.atLineEnd(pos) || c.by.delim != "" && strings.HasPrefix(c.text[pos:], c.by.delim)
}

func (c *cutter) atLineEnd(pos int) bool {
	return pos >= len(c.text) || c.text[pos] == '\n' || c.text[pos] == '\r'
}

// afterCell steps over what follows a closed cell. end says that the record ends there.
func (c *cutter) afterCell(pos int, rec *gridRecord) (next int, end bool) {
	for pos < len(c.text) && c.text[pos] == ' ' {
		pos++
	}
	if c.by.delim == " " {
		if !c.atLineEnd(pos) {
			return pos, false
		}
	} else if !c.atLineEnd(pos) {
		return c.skipDelim(pos), false
	}
	rec.unended = pos >= len(c.text)
	return skipLineEnd(c.text, pos), true
}

// skipDelim steps over the delimiter at pos, over all of them where blanks delimit.
func (c *cutter) skipDelim(pos int) int {
	pos += len(c.by.delim)
	if c.by.delim == " " {
		for pos < len(c.text) && c.text[pos] == ' ' {
			pos++
		}
	}
	return pos
}

// skipLineEnd steps over the line end at pos: LF, CRLF, CRCRLF or CR.
func skipLineEnd(text string, pos int) int {
	if pos >= len(text) {
		return pos
	}
	rest := text[pos:]
	switch {
	case rest[0] == '\n':
		return pos + 1
	case strings.HasPrefix(rest, "\r\n"):
		return pos + 2
	case strings.HasPrefix(rest, "\r\r\n"):
		return pos + 3
	}
	return pos + 1
}
