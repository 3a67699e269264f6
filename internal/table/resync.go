package table

// swallows tells if a record of several lines is rather a stray quote and the records behind it. b is its
// text as far as known, eol the index of its first line end. rec is nil where the record has no end.
//
// Evidence is the number of cells: of the record, of its first line with the quote as a letter, and of the
// lines in between taken as records.
func (p *parser) swallows(b []byte, eol int, rec *record) bool {
	if eol >= len(b) {
		return false
	}
	first := p.lineWidth(b[:eol])
	want := p.width
	if want == 0 {
		want = first
	}
	if want < 2 {
		// One column: nothing tells a line from a record. Short texts are cells, the endless one is a stray quote.
		return rec == nil
	}
	fits := rec != nil && len(rec.cells) == want
	if fits && first != want {
		return false
	}
	var lines, alike int
	for rest := b[eol:]; len(rest) > 0 && lines < 100; {
		rest = rest[endOfLine(rest, 0):]
		end := lineEnd(rest)
		if end < 0 {
			if rec == nil {
				break // cut by the cap
			}
			end = len(rest)
		}
		if end > 0 {
			lines++
			if p.lineWidth(rest[:end]) == want {
				alike++
			}
		}
		rest = rest[end:]
	}
	switch {
	case fits: // written by the rules; but a table of just the same width inside a cell is rarer than two stray quotes
		return alike == lines && lines*(want-1) >= 4
	case rec != nil && first == want:
		return alike > 0
	}
	return 2*alike > lines
}

// lineWidth gives the number of cells of one physical line.
func (p *parser) lineWidth(line []byte) int {
	p.syntax.split(line, len(line), true, nil, &p.probe)
	return len(p.probe.cells)
}

// tooLong gives the beginning of a record that is over the cap, and goes to the end of it: the physical line's
// where that alone is too long, else the line on which the quoted cell closes.
func (p *parser) tooLong(rec *record) {
	eol := p.eol()
	head := p.buf[p.r:min(p.w, p.r+p.max)]
	rec.cells = rec.cells[:0]
	p.split(head, min(eol-p.r, len(head)), true, nil, &p.probe)
	column := max(0, len(p.probe.cells)-1)
	taste := min(len(head), tasteBytes)
	p.split(head[:taste], min(eol-p.r, taste), true, nil, rec)
	p.scratch = append(p.scratch[:0], rec.raw...)
	rec.raw, rec.data = p.scratch, p.scratch
	rec.faults = append(rec.faults[:0], fault{kind: recordTooLong, line: p.line, cell: column})
	rec.line = p.line
	if eol-p.r > p.max {
		rec.lines = 1
		p.skipLine()
		return
	}
	before := p.line
	p.skipQuoted()
	rec.lines = int(p.line - before)
}

// resyncLines is the number of lines in a row that must look like records for a quoted cell without end to be
// given up.
const resyncLines = 20

// skipQuoted goes to the first line end at which the quotes are even, or behind resyncLines lines that look like
// records.
func (p *parser) skipQuoted() {
	var (
		inside        bool
		delims, alike int
	)
	for p.r < p.w || p.more() {
		i := 0
		for b := p.buf[p.r:p.w]; i < len(b); i++ {
			c := b[i]
			if c == '\n' || c == '\r' {
				n, ok := p.eolLen(p.r + i)
				if !ok {
					break
				}
				p.line++
				if delims+1 == p.width && p.width > 1 {
					alike++
				} else {
					alike = 0
				}
				if i += n - 1; !inside || alike == resyncLines {
					p.r += i + 1
					return
				}
				delims = 0
				continue
			}
			switch {
			case p.escape != 0 && c == p.escape:
				i++
			case p.quoteAt(b, i):
				inside = !inside
			case p.delimAt(b, i):
				delims++
			}
		}
		if p.r = min(p.r+i, p.w); p.r < p.w && !p.more() {
			return
		}
	}
}
