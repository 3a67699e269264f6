package xmlscan

import "bytes"

// NextAttr gives the next attribute of the element whose Start was just given, in the file's order: its local
// name and its value, not yet unescaped.
func (s *Scanner) NextAttr() (name, value []byte, ok bool) {
	b := s.attrs
	i := 0
	for i < len(b) && (b[i] <= ' ' || b[i] == '/') {
		i++
	}
	eq := bytes.IndexByte(b[i:], '=')
	if eq < 0 {
		s.attrs = nil
		return nil, nil, false
	}
	name = b[i : i+eq]
	b = b[i+eq+1:]
	for len(name) > 0 && name[len(name)-1] <= ' ' {
		name = name[:len(name)-1]
	}
	if c := bytes.IndexByte(name, ':'); c >= 0 {
		name = name[c+1:]
	}
	for len(b) > 0 && b[0] <= ' ' {
		b = b[1:]
	}
	if len(b) == 0 || b[0] != '"' && b[0] != '\'' {
		s.attrs = nil
		return nil, nil, false
	}
	end := bytes.IndexByte(b[1:], b[0])
	if end < 0 {
		s.attrs = nil
		return nil, nil, false
	}
	s.attrs = b[end+2:]
	return name, b[1 : end+1], true
}

// Attr gives the unescaped value of the attribute with the given local name, "" for none. It does not use up the
// attributes that [Scanner.NextAttr] walks.
func (s *Scanner) Attr(local string) string {
	saved := s.attrs
	defer func() { s.attrs = saved }()
	for {
		name, value, ok := s.NextAttr()
		if !ok {
			return ""
		}
		if string(name) == local {
			return string(AppendText(nil, value))
		}
	}
}

// Leaf takes the rest of the element whose Start was just given in one step, where it is open, text without markup, and
// end, letter by letter; end is to hold the element's own end tag. It gives the text, not yet unescaped, and false
// where the rest is anything else or has not been read yet; the tokens are then to be had from Next.
func (s *Scanner) Leaf(open, end string) ([]byte, bool) {
	b := s.buf[s.pos:s.end]
	if s.pendEnd || len(b) < len(open) || string(b[:len(open)]) != open {
		return nil, false
	}
	n := bytes.IndexByte(b[len(open):], '<')
	if n < 0 {
		return nil, false
	}
	n += len(open)
	if len(b) < n+len(end) || string(b[n:n+len(end)]) != end {
		return nil, false
	}
	s.pos += n + len(end)
	s.dropped = true
	return b[len(open):n], true
}

// Is tells whether the token's local name is the given one.
func (s *Scanner) Is(name string) bool { return string(s.Name) == name }

// AppendRaw appends the current piece of text to dst, unescaped.
func (s *Scanner) AppendRaw(dst []byte) []byte {
	if s.CData {
		return append(dst, s.Raw...)
	}
	return AppendText(dst, s.Raw)
}

// AppendText appends raw to dst with references replaced and line ends made \n (XML 1.0, 2.11 and 4.6). What is no
// reference stays as it is.
func AppendText(dst, raw []byte) []byte {
	for {
		i := 0
		for i < len(raw) && raw[i] != '&' && raw[i] != '\r' {
			i++
		}
		dst = append(dst, raw[:i]...)
		if i == len(raw) {
			return dst
		}
		if raw[i] == '\r' {
			dst = append(dst, '\n')
			raw = raw[i+1:]
			if len(raw) > 0 && raw[0] == '\n' {
				raw = raw[1:]
			}
			continue
		}
		raw = raw[i:]
		var n int
		dst, n = appendReference(dst, raw)
		raw = raw[n:]
	}
}
