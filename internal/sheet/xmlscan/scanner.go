// Package xmlscan is a byte scanner for the XML of spreadsheet files.
//
// It knows no namespaces (names are compared by their local part), keeps no tree, allocates nothing per token
// and bounds what a hostile file may cost: the length of a tag, the depth of nesting. A document type declaration
// is refused, so that there are no entities beyond XML's own five. Text comes in pieces of any length.
package xmlscan

import (
	"bytes"
	"errors"
	"io"

	"cadastro/internal/errs"
)

// Token is what [Scanner.Next] found.
type Token uint8

// The tokens. An empty element gives Start and End.
const (
	EOF Token = iota
	Start
	End
	Text
)

const (
	bufSize = 64 << 10
	maxTag  = 1 << 20
)

var (
	errUnexpectedEnd = errors.New("xml ends within an element")
	errSyntax        = errors.New("xml syntax")
)

// Scanner reads XML. Name and Raw are valid until the next call of Next.
type Scanner struct {
	// Name is the local name of a Start or End.
	Name []byte
	// Raw is a piece of text, not yet unescaped; CData tells that it needs no unescaping.
	Raw   []byte
	CData bool
	// Depth is the number of open elements, that of a Start or End included.
	Depth int

	r        io.Reader
	buf      []byte
	pos, end int
	readErr  error
	attrs    []byte
	maxDepth int
	pendEnd  bool // an End is due for an empty element
	dropped  bool // Depth falls by one at the next call
	inCData  bool
	seenRoot bool
	tag      []byte // name of the last Start with its prefix
}

// New returns a scanner over UTF-8 text. See [Decode] for other encodings.
func New(r io.Reader, maxDepth int) *Scanner {
	return &Scanner{r: r, buf: make([]byte, bufSize), maxDepth: maxDepth}
}

// Next gives the next token. At the end of a complete document it gives EOF without error.
func (s *Scanner) Next() (Token, error) {
	if s.dropped {
		s.Depth--
		s.dropped = false
	}
	if s.pendEnd {
		s.pendEnd = false
		s.dropped = true
		return End, nil
	}
	for {
		if s.inCData {
			if tok, err := s.cdata(); tok != EOF || err != nil {
				return tok, err
			}
			continue
		}
		if s.pos == s.end && !s.fill() {
			return s.atEnd()
		}
		if s.buf[s.pos] != '<' {
			if s.text() {
				return Text, nil
			}
			continue
		}
		if s.end-s.pos < 2 && !s.fill() {
			return EOF, s.broken(errUnexpectedEnd)
		}
		switch s.buf[s.pos+1] {
		case '/':
			return s.endTag()
		case '?':
			if err := s.skipPast("?>"); err != nil {
				return EOF, err
			}
		case '!':
			if err := s.declaration(); err != nil {
				return EOF, err
			}
		default:
			return s.startTag()
		}
	}
}

// Skip passes over the rest of the element whose Start was just given.
func (s *Scanner) Skip() error {
	for depth := s.Depth; ; {
		tok, err := s.Next()
		if err != nil {
			return err
		}
		if tok == End && s.Depth == depth {
			return nil
		}
		if tok == EOF {
			return s.broken(errUnexpectedEnd)
		}
	}
}

// SkipFast passes over the rest of the element whose Start was just given by looking for its end tag only, many times
// faster than [Scanner.Skip]. It is wrong where elements of the same name are nested: Depth is then off, and the
// document does not end well.
func (s *Scanner) SkipFast() error {
	if s.pendEnd {
		return s.Skip()
	}
	if err := s.skipPast("</" + string(s.tag) + ">"); err != nil {
		return err
	}
	s.Depth--
	return nil
}

func (s *Scanner) atEnd() (Token, error) {
	if s.readErr != nil && s.readErr != io.EOF {
		return EOF, s.readErr
	}
	if s.Depth > 0 || !s.seenRoot {
		return EOF, s.broken(errUnexpectedEnd)
	}
	return EOF, nil
}

// text sets Raw to the text up to the next tag, or to what of it is in the buffer; a reference such as &amp; is
// never cut. It tells false where more must be read first.
func (s *Scanner) text() bool {
	b := s.buf[s.pos:s.end]
	n := bytes.IndexByte(b, '<')
	if n < 0 {
		n = len(b)
		if amp := bytes.LastIndexByte(b[max(0, n-12):], '&'); amp >= 0 && s.readErr == nil {
			amp += max(0, n-12)
			if bytes.IndexByte(b[amp:], ';') < 0 {
				n = amp
			}
		}
		if n > 0 && b[n-1] == '\r' && s.readErr == nil {
			n-- // it may be followed by a line feed
		}
		if n == 0 {
			s.fill()
			return false
		}
	}
	s.Raw, s.CData = b[:n], false
	s.pos += n
	return true
}

func (s *Scanner) startTag() (Token, error) {
	var quote byte
	nameEnd, colon := 0, 0
	for i := 1; ; {
		b := s.buf[s.pos:s.end]
		for ; i < len(b); i++ {
			c := b[i]
			if quote != 0 {
				if c == quote {
					quote = 0
				}
				continue
			}
			if c > '>' { // nearly every letter of names
				continue
			}
			switch c {
			case '>':
				return s.started(i, nameEnd, colon)
			case '"', '\'':
				quote = c
			case ' ', '\t', '\r', '\n':
				if nameEnd == 0 {
					nameEnd = i
				}
			case ':':
				if nameEnd == 0 {
					colon = i
				}
			case '<':
				return EOF, s.broken(errSyntax)
			}
		}
		if len(b) > maxTag {
			return EOF, errLongTag()
		}
		if !s.fill() {
			return EOF, s.broken(errUnexpectedEnd)
		}
	}
}

// started makes the token of the tag of n bytes (without the >) at the front of the buffer.
func (s *Scanner) started(n, nameEnd, colon int) (Token, error) {
	tag := s.buf[s.pos : s.pos+n]
	s.pos += n + 1
	if tag[n-1] == '/' {
		s.pendEnd = true
		tag = tag[:n-1]
	}
	if nameEnd == 0 || nameEnd > len(tag) {
		nameEnd = len(tag)
	}
	first := 1
	if colon > 0 && colon < nameEnd {
		first = colon + 1
	}
	s.Name, s.attrs, s.tag = tag[first:nameEnd], tag[nameEnd:], tag[1:nameEnd]
	if len(s.Name) == 0 {
		return EOF, s.broken(errSyntax)
	}
	if s.Depth == 0 && s.seenRoot {
		return EOF, s.broken(errSyntax)
	}
	s.seenRoot = true
	if s.Depth++; s.Depth > s.maxDepth {
		return EOF, errs.New(errs.TooLarge, "sheet.too_deep", "limit", s.maxDepth)
	}
	return Start, nil
}

func (s *Scanner) endTag() (Token, error) {
	for {
		n := bytes.IndexByte(s.buf[s.pos:s.end], '>')
		if n < 0 {
			if s.end-s.pos > maxTag {
				return EOF, errLongTag()
			}
			if !s.fill() {
				return EOF, s.broken(errUnexpectedEnd)
			}
			continue
		}
		name := s.buf[s.pos+2 : s.pos+max(n, 2)]
		s.pos += n + 1
		if i := bytes.IndexByte(name, ':'); i >= 0 {
			name = name[i+1:]
		}
		for len(name) > 0 && name[len(name)-1] <= ' ' {
			name = name[:len(name)-1]
		}
		if s.Depth == 0 {
			return EOF, s.broken(errSyntax)
		}
		s.Name, s.dropped = name, true
		return End, nil
	}
}

func errLongTag() error { return errs.New(errs.TooLarge, "sheet.text_too_long", "limit", maxTag) }
