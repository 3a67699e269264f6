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
