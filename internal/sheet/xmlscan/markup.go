package xmlscan

import (
	"bytes"

	"cadastro/internal/errs"
)

func (s *Scanner) declaration() error {
	const cdata = "<![CDATA["
	for s.end-s.pos < len(cdata) && s.fill() {
	}
	b := s.buf[s.pos:s.end]
	switch {
	case bytes.HasPrefix(b, []byte("<!--")):
		s.pos += len("<!--")
		return s.skipPast("-->")
	case bytes.HasPrefix(b, []byte(cdata)):
		s.pos += len(cdata)
		s.inCData = true
		return nil
	case len(b) > 9 && bytes.EqualFold(b[:9], []byte("<!DOCTYPE")), bytes.HasPrefix(b, []byte("<!E")):
		return errs.New(errs.Invalid, "sheet.dtd")
	}
	return s.broken(errSyntax)
}

func (s *Scanner) cdata() (Token, error) {
	for s.end-s.pos < 3 {
		if !s.fill() {
			return EOF, s.broken(errUnexpectedEnd)
		}
	}
	b := s.buf[s.pos:s.end]
	n := bytes.Index(b, []byte("]]>"))
	switch {
	case n == 0:
		s.pos += 3
		s.inCData = false
		return EOF, nil
	case n < 0:
		n = len(b) - 2
	}
	s.Raw, s.CData = b[:n], true
	s.pos += n
	return Text, nil
}

func (s *Scanner) skipPast(mark string) error {
	for {
		b := s.buf[s.pos:s.end]
		if n := bytes.Index(b, []byte(mark)); n >= 0 {
			s.pos += n + len(mark)
			return nil
		}
		s.pos = max(s.pos, s.end-len(mark)+1)
		if !s.fill() {
			return s.broken(errUnexpectedEnd)
		}
	}
}
