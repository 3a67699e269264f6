package table

import (
	"bytes"
	"io"
)

// record is one record of delimited text as it is written.
//
// data holds the cells' bytes, raw the record's without its line end; both are valid until the next one is
// asked for. line is the physical line of its start, from 1; lines is how many it takes.
type record struct {
	line   int64
	lines  int
	data   []byte
	raw    []byte
	cells  []span
	faults []fault

	open    int // offset of the first quote that opens a cell of several lines, -1 for none
	escaped bool
}

// cell gives the bytes of cell i, quotes and escapes taken away.
func (r *record) cell(i int) []byte { return r.data[r.cells[i].start:r.cells[i].end] }

// blank tells if the record is an empty line.
func (r *record) blank() bool { return len(r.raw) == 0 }

// blankFrom tells if the cells from i on hold nothing to be seen.
func (r *record) blankFrom(i int) bool {
	for ; i < len(r.cells); i++ {
		if !blankBytes(r.cell(i)) {
			return false
		}
	}
	return true
}

const (
	bufferBytes  = 256 << 10
	defaultBytes = 1 << 20  // record cap
	tasteBytes   = 4 << 10  // what is given of a record beyond the cap
	creditBytes  = 16 << 20 // see parser.wasted
)

// parser takes delimited text apart, record by record, in memory bounded by the record cap.
//
// Tolerant of everything: a quote that does not make sense is a letter and a fault. A quoted cell may go over
// several lines; where the lines that it swallows look like records of their own, its opening quote is taken
// for a stray one, and costs at most its own record.
type parser struct {
	syntax
	src    io.Reader
	buf    []byte
	r, w   int // buf[r:w] is not yet parsed
	eof    bool
	err    error
	max    int // record cap in bytes
	line   int64
	width  int   // cells of a usual record, 0 while unknown
	fixed  bool  // width was given, not learnt
	boms   int   // byte order marks met at a record's start
	offset int64 // of buf[0] in src

	// Bytes parsed in vain, as parts of records that were then taken apart differently, less twice the
	// bytes given out. Beyond creditBytes quoted cells end on their line, so that no text costs quadratic time.
	wasted int

	lf, cr, qt, esc finder

	scratch []byte
	stray   []int
	probe   record
}

// newParser reads src, UTF-8 or another superset of ASCII, as d says. maxRecord is in bytes, 0 for 1 MiB.
func newParser(src io.Reader, d Dialect, maxRecord int) *parser {
	p := &parser{syntax: newSyntax(d), src: src, max: maxRecord, line: 1}
	if p.max <= 0 {
		p.max = defaultBytes
	}
	p.lf.c, p.cr.c = '\n', '\r'
	if len(p.quote) > 0 {
		p.qt.c = p.quote[0]
	}
	p.esc.c = p.escape
	return p
}

// newTextParser reads a text that is in memory. It does not write to it.
func newTextParser(text []byte, d Dialect) *parser {
	p := newParser(nil, d, 0)
	p.buf, p.w, p.eof = text, len(text), true
	return p
}

// setWidth tells the number of cells of a usual record; else the parser learns it from what it reads.
func (p *parser) setWidth(n int) { p.width, p.fixed = n, n > 0 }

// consumed gives the number of bytes of src in the records given out.
func (p *parser) consumed() int64 { return p.offset + int64(p.r) }

// skipLine leaves out one physical line.
func (p *parser) skipLine() error {
	for {
		if p.r == p.w && !p.more() {
			return p.end()
		}
		if eol := p.eol(); eol < p.w {
			n, ok := p.eolLen(eol)
			if !ok {
				p.more()
				continue
			}
			p.r = eol + n
			p.line++
			return nil
		}
		if p.w-p.r >= p.max {
			p.r = p.w
		}
		if !p.more() {
			p.r = p.w
			return nil
		}
	}
}

// next gives the next record, blank lines included; io.EOF after the last.
func (p *parser) next(rec *record) error {
	for {
		if p.r == p.w && !p.more() {
			return p.end()
		}
		if p.buf[p.r] == 0xEF {
			if p.w-p.r < 3 && p.more() {
				continue
			}
			if bytes.HasPrefix(p.buf[p.r:p.w], []byte(bom)) {
				p.r += len(bom)
				p.boms++
				continue
			}
		}
		eol := p.eol()
		if eol == p.w && !p.eof && p.w-p.r < p.max {
			p.more()
			continue
		}
		if eol-p.r > p.max {
			p.tooLong(rec)
			return p.err
		}
		if p.plainUntil(eol) {
			n, ok := p.eolLen(eol)
			if !ok {
				p.more()
				continue
			}
			line := p.buf[p.r:eol]
			rec.cells = p.plain(line, rec.cells[:0])
			rec.faults, rec.raw, rec.data = rec.faults[:0], line, line
			rec.line, rec.lines = p.line, 1
			p.advance(eol + n - p.r)
			p.line++
			p.learn(rec)
			return nil
		}
		if p.quotedRecord(rec, eol) {
			return p.err
		}
	}
}

const bom = "\uFEFF"

// plainUntil tells if there is neither quote nor escape before eol.
func (p *parser) plainUntil(eol int) bool {
	if len(p.quote) > 0 && p.qt.next(p.buf, p.r, p.w) < eol {
		return false
	}
	return p.escape == 0 || p.esc.next(p.buf, p.r, p.w) >= eol
}

// quotedRecord parses a record that holds quotes or escapes. It gives false after having read more bytes.
func (p *parser) quotedRecord(rec *record, eol int) bool {
	p.stray = p.stray[:0]
	if p.wasted > creditBytes {
		return p.oneLine(rec, eol)
	}
	for {
		b := p.buf[p.r:p.w]
		n := p.split(b, eol-p.r, p.eof, p.stray, rec)
		if n < 0 && len(b) <= p.max {
			p.more()
			return false
		}
		if n < 0 || len(rec.raw) > p.max {
			p.wasted += p.max
			if p.swallows(b[:min(len(b), p.max)], eol-p.r, nil) {
				return p.oneLine(rec, eol)
			}
			p.tooLong(rec)
			return true
		}
		if len(rec.raw) <= eol-p.r {
			p.finish(rec, n, 1)
			return true
		}
		if rec.open < 0 || !p.swallows(rec.raw, eol-p.r, rec) {
			p.finish(rec, n, countLines(rec.raw)+1)
			return true
		}
		p.wasted += n
		if len(p.stray) == 8 {
			return p.oneLine(rec, eol)
		}
		p.stray = append(p.stray, rec.open)
	}
}

// oneLine parses the physical line up to eol as a record, quotes that it does not close as letters.
func (p *parser) oneLine(rec *record, eol int) bool {
	n := 0
	if eol < p.w {
		k, ok := p.eolLen(eol)
		if !ok {
			p.more()
			return false
		}
		n = k
	}
	line := p.buf[p.r:eol]
	p.split(line, len(line), true, nil, rec)
	p.finish(rec, len(line)+n, 1)
	return true
}

// finish gives rec its data and its place, and goes on by n bytes.
func (p *parser) finish(rec *record, n, lines int) {
	rec.data = rec.raw
	if rec.escaped {
		p.scratch = p.scratch[:0]
		for i := range rec.cells {
			c := &rec.cells[i]
			start := len(p.scratch)
			if c.escaped {
				p.scratch = p.appendUnescaped(p.scratch, rec.raw, *c)
			} else {
				p.scratch = append(p.scratch, rec.raw[c.start:c.end]...)
			}
			c.start, c.end = int32(start), int32(len(p.scratch))
		}
		rec.data = p.scratch
	}
	rec.line, rec.lines = p.line, lines
	for i := range rec.faults {
		rec.faults[i].line = p.line
	}
	p.advance(n)
	p.line += int64(lines)
	p.learn(rec)
}

// learn takes the width of a record without faults for that of the next ones.
func (p *parser) learn(rec *record) {
	if !p.fixed && len(rec.faults) == 0 && len(rec.raw) > 0 {
		p.width = len(rec.cells)
	}
}

func (p *parser) advance(n int) {
	p.r += n
	p.wasted = max(0, p.wasted-2*n)
}

func (p *parser) end() error {
	if p.err != nil {
		return p.err
	}
	return io.EOF
}
