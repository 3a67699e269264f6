package table

import (
	"bytes"
	"errors"
	"io"
)

// eol gives the index of the first line end from r on, or w.
func (p *parser) eol() int {
	return min(p.lf.next(p.buf, p.r, p.w), p.cr.next(p.buf, p.r, p.w))
}

// eolLen gives the length of the line end at buf[i]; not ok where more bytes may belong to it.
func (p *parser) eolLen(i int) (n int, ok bool) {
	if i == p.w {
		return 0, p.eof
	}
	if p.buf[i] == '\r' && i+2 >= p.w && !p.eof {
		return 0, false
	}
	return endOfLine(p.buf[:p.w], i), true
}

// more reads further bytes into the buffer; false at the end of src. It keeps buf[r:w], at new indices.
func (p *parser) more() bool {
	if p.eof {
		return false
	}
	if p.r > 0 {
		copy(p.buf, p.buf[p.r:p.w])
		p.offset += int64(p.r)
		for _, f := range []*finder{&p.lf, &p.cr, &p.qt, &p.esc} {
			f.shift(p.r)
		}
		p.w -= p.r
		p.r = 0
	}
	if p.w == len(p.buf) {
		p.buf = append(p.buf, make([]byte, max(bufferBytes, len(p.buf)))...)
	}
	for range 100 {
		n, err := p.src.Read(p.buf[p.w:])
		p.w += n
		if err != nil {
			p.eof = true
			if !errors.Is(err, io.EOF) {
				p.err = err
			}
		}
		if n > 0 || p.eof {
			return n > 0
		}
	}
	p.eof, p.err = true, io.ErrNoProgress
	return false
}

// finder remembers where the next c is, so that a buffer is searched for it only once.
type finder struct {
	c    byte
	at   int // index of a c, -1 for none before upto
	upto int
}

// next gives the index of the first c in buf[from:w], or w. from must not go down.
func (f *finder) next(buf []byte, from, w int) int {
	if f.at >= from && f.upto > 0 {
		return f.at
	}
	start := max(from, f.upto)
	if i := bytes.IndexByte(buf[start:w], f.c); i >= 0 {
		f.at = start + i
		f.upto = f.at + 1
		return f.at
	}
	f.at, f.upto = -1, w
	return w
}

func (f *finder) shift(n int) { f.at, f.upto = f.at-n, max(0, f.upto-n) }
