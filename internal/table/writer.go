package table

import (
	"io"
	"strings"

	"cadastro/internal/charset"
	"cadastro/internal/errs"
	"cadastro/internal/formula"
)

// WriterOptions say how a Writer writes, beyond its Dialect.
type WriterOptions struct {
	LF       bool // lines end in LF, not in CR LF (RFC 4180)
	BOM      bool // start with a byte order mark, so that spreadsheet programs know UTF-8
	QuoteAll bool // quote every cell that is not empty
	Guard    bool // see [Guard]; for every file that a spreadsheet program may open
}

// Writer writes delimited text that the Reader of the same dialect reads as the same cells.
//
// A cell is quoted where it must be. Where the dialect has no quote, its escape stands before delimiters and
// line ends; where it has neither, such a cell is refused.
type Writer struct {
	w       io.Writer
	syntax  syntax
	opt     WriterOptions
	eol     []byte
	special [256]bool // bytes that make a cell be quoted or escaped
	enc     *charset.Encoder
	byCell  bool // cells are encoded before they are quoted, for an encoder may turn a curly quote into a straight one
	buf     []byte
	cell    []byte
	lost    int64
	err     error
}

const writerBytes = 64 << 10

// NewWriter returns a Writer of d's delimiter, quote, escape and charset ("" for UTF-8). An unknown charset is
// the error charset.unknown; a delimiter or quote that the charset lacks is write.charset_lacks.
func NewWriter(w io.Writer, d Dialect, opt WriterOptions) (*Writer, error) {
	t := &Writer{w: w, syntax: newSyntax(d), opt: opt, eol: []byte("\r\n"), buf: make([]byte, 0, writerBytes+4096)}
	if opt.LF {
		t.eol = []byte("\n")
	}
	name := d.Charset
	if name == "" {
		name = charset.UTF8
	}
	enc, err := charset.NewEncoder(name)
	if err != nil {
		return nil, err
	}
	if opt.BOM {
		t.buf = append(t.buf, enc.BOM()...)
	}
	if enc.Name() != charset.UTF8 {
		t.enc, t.byCell = enc, charset.ASCIICompatible(enc.Name())
		for _, part := range []*[]byte{&t.syntax.delim, &t.syntax.quote} {
			coded, lost := enc.AppendEncode(nil, string(*part))
			if lost > 0 {
				return nil, errs.New(errs.Invalid, "write.charset_lacks", "value", string(*part), "charset", enc.Name())
			}
			if t.byCell {
				*part = coded
			}
		}
	}
	t.special['\n'], t.special['\r'] = true, true
	for _, c := range [][]byte{t.syntax.delim, t.syntax.quote} {
		if len(c) > 0 {
			t.special[c[0]] = true
		}
	}
	if t.syntax.escape != 0 {
		t.special[t.syntax.escape] = true
	}
	return t, nil
}

// Lost counts the characters so far that the charset lacks, replaced by something near.
func (t *Writer) Lost() int64 { return t.lost }

// Write writes one record. A cell that the dialect cannot hold is the error write.unquotable, and nothing of
// the record is written.
func (t *Writer) Write(cells []string) error {
	if t.err != nil {
		return t.err
	}
	start := len(t.buf)
	for i, c := range cells {
		if i > 0 {
			t.buf = append(t.buf, t.syntax.delim...)
		}
		if t.opt.Guard {
			c = formula.Guard(c)
		}
		if !t.append(c, i == 0, i == len(cells)-1) {
			t.buf = t.buf[:start]
			return errs.New(errs.Invalid, "write.unquotable", "value", errs.Clip(c, errs.MaxIssueValue), "column", i+1)
		}
	}
	t.buf = append(t.buf, t.eol...)
	if t.enc != nil && !t.byCell {
		text := string(t.buf[start:])
		var lost int
		t.buf, lost = t.enc.AppendEncode(t.buf[:start], text)
		t.lost += int64(lost)
	}
	if len(t.buf) >= writerBytes {
		return t.Flush()
	}
	return nil
}

// Flush writes out what is buffered. The Writer is unusable after an error.
func (t *Writer) Flush() error {
	if t.err == nil && len(t.buf) > 0 {
		_, t.err = t.w.Write(t.buf)
		t.buf = t.buf[:0]
	}
	return t.err
}

// append writes a cell; false where the dialect has no way to. first and last tell its place in the record.
func (t *Writer) append(s string, first, last bool) bool {
	if t.byCell && charset.ASCIIPrefix([]byte(s)) < len(s) {
		var lost int
		t.cell, lost = t.enc.AppendEncode(t.cell[:0], s)
		t.lost += int64(lost)
		s = string(t.cell)
	}
	special := false
	for i := range len(s) {
		if t.special[s[i]] {
			special = true
			break
		}
	}
	padded := s != "" && len(t.syntax.quote) > 0 && (s[0] == ' ' || s[len(s)-1] == ' ') // which may be taken for padding
	if !special && !padded && !(s == "" && (first && last || t.syntax.spaces)) && !(first && strings.HasPrefix(s, bom)) && !(t.opt.QuoteAll && s != "") {
		t.buf = append(t.buf, s...)
		return true
	}
	q := t.syntax.quote
	if len(q) == 0 {
		return !(first && strings.HasPrefix(s, bom)) && t.appendEscaped(s, special, last)
	}
	t.buf = append(t.buf, q...)
	for i := 0; i < len(s); {
		switch {
		case t.syntax.escape != 0 && s[i] == t.syntax.escape:
			t.buf = append(t.buf, s[i], s[i])
			i++
		case s[i] == q[0] && strings.HasPrefix(s[i:], string(q)):
			if t.syntax.escape != 0 {
				t.buf = append(t.buf, t.syntax.escape)
			} else {
				t.buf = append(t.buf, q...)
			}
			t.buf = append(t.buf, q...)
			i += len(q)
		default:
			t.buf = append(t.buf, s[i])
			i++
		}
	}
	t.buf = append(t.buf, q...)
	return true
}

// appendEscaped writes a cell of a dialect without quotes.
func (t *Writer) appendEscaped(s string, special, last bool) bool {
	if !special {
		t.buf = append(t.buf, s...)
		return s != "" || !t.syntax.spaces
	}
	if last && s[len(s)-1] == '\r' { // nobody can tell it from the line end
		return false
	}
	// What follows the cell may complete a delimiter of several characters that begins in it.
	text := append(t.cell[:0], s...)
	if !last {
		text = append(text, t.syntax.delim...)
	}
	t.cell = text
	start := len(t.buf)
	for i := range len(s) {
		c := s[i]
		switch {
		case t.syntax.escape != 0:
			if t.syntax.escapable(text, i) {
				t.buf = append(t.buf, t.syntax.escape)
			}
		case c == '\n' || c == '\r' || t.syntax.delimAt(text, i):
			t.buf = t.buf[:start]
			return false
		}
		t.buf = append(t.buf, c)
	}
	return true
}
