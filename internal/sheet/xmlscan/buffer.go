package xmlscan

import (
	"io"

	"cadastro/internal/errs"
)

// fill reads more bytes behind those that are left, and tells whether it got any.
func (s *Scanner) fill() bool {
	if s.readErr != nil {
		return false
	}
	if s.pos > 0 {
		copy(s.buf, s.buf[s.pos:s.end])
		s.end -= s.pos
		s.pos = 0
	}
	if s.end == len(s.buf) {
		s.buf = append(s.buf, make([]byte, len(s.buf))...)
	}
	for range 100 {
		n, err := s.r.Read(s.buf[s.end:])
		s.end += n
		if err != nil {
			s.readErr = err
		}
		if n > 0 || err != nil {
			return n > 0
		}
	}
	s.readErr = io.ErrNoProgress
	return false
}

// broken gives the error of a document that cannot go on: the reader's own where there is one.
func (s *Scanner) broken(err error) error {
	if s.readErr != nil && s.readErr != io.EOF {
		err = s.readErr
	}
	if errs.CodeOf(err) != "" {
		return err
	}
	return errs.Wrap(err, errs.Invalid, "file.corrupt")
}
