package vcard

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"

	"cadastro/internal/charset"
)

// property is one content line: NAME;params:value.
type property struct {
	name  string
	group string
	types string // of TYPE and of parameters without a name (2.1), in capitals, each between commas
	value string // decoded, its backslashes still in place
	pref  bool
}

// is tells if the property has the type.
func (p *property) is(t string) bool { return strings.Contains(p.types, ","+t+",") }

// parseProperty takes a content line apart; ok is false where it has no name.
func parseProperty(line string) (p property, ok bool) {
	rest := ""
	if p.name, p.group, rest = splitName(line); p.name == "" || strings.ContainsAny(p.name, " \t") {
		return p, false
	}
	encoding, set := "", ""
	p.types = ","
	for rest != "" && rest[0] == ';' {
		var param string
		param, rest = cutParam(rest[1:])
		key, value, named := strings.Cut(param, "=")
		if !named {
			key, value = "", param
		}
		key = strings.ToUpper(strings.TrimSpace(key))
		switch value = strings.ReplaceAll(value, `"`, ""); key {
		case "ENCODING":
			encoding = strings.ToUpper(value)
		case "CHARSET":
			set = value
		case "PREF":
			p.pref = true
		case "", "TYPE":
			switch v := strings.ToUpper(strings.TrimSpace(value)); v {
			case "QUOTED-PRINTABLE", "BASE64":
				encoding = v
			default:
				p.types += strings.ReplaceAll(v, " ", "") + ","
			}
		}
	}
	if rest == "" {
		return p, false
	}
	p.value = rest[1:]
	p.pref = p.pref || p.is("PREF")
	switch encoding {
	case "QUOTED-PRINTABLE":
		p.value = toText(unquote(p.value), set)
	case "B", "BASE64":
		if b, err := base64.StdEncoding.DecodeString(strings.TrimSpace(p.value)); err == nil {
			p.value = toText(b, set)
		}
	}
	return p, true
}

// cutParam takes the next parameter; rest begins with the ; or : behind it.
func cutParam(s string) (param, rest string) {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '"':
			quoted = !quoted
		case ';', ':':
			if !quoted {
				return s[:i], s[i:]
			}
		}
	}
	if i := strings.IndexByte(s, ':'); quoted && i >= 0 { // a quote that is never closed
		return s[:i], s[i:]
	}
	return s, ""
}

// unquote decodes quoted-printable (RFC 2045, 6.7). What is no code is kept as it is.
func unquote(s string) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '=' {
			out = append(out, s[i])
			continue
		}
		if i+1 < len(s) && s[i+1] == '\n' {
			i++
			continue
		}
		if i+2 < len(s) {
			high, ok := hexDigit(s[i+1])
			low, ok2 := hexDigit(s[i+2])
			if ok && ok2 {
				out = append(out, high<<4|low)
				i += 2
				continue
			}
		}
		if i < len(s)-1 {
			out = append(out, '=')
		}
	}
	return out
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10, true
	}
	return 0, false
}

// toText decodes bytes from the charset that a parameter names. Without one they are UTF-8, or where they are not,
// what Windows wrote.
func toText(b []byte, set string) string {
	name, ok := charset.Lookup(set)
	if set == "" || !ok || !charset.ASCIICompatible(name) {
		name = charset.UTF8
	}
	if name == charset.UTF8 {
		if utf8.Valid(b) {
			return strings.ReplaceAll(string(b), "\x00", "")
		}
		name = "windows-1252"
	}
	d, err := charset.NewDecoder(name, "")
	if err != nil {
		return strings.ToValidUTF8(string(b), "\uFFFD")
	}
	out, _ := d.AppendDecode(nil, b)
	return strings.ReplaceAll(string(out), "\x00", "")
}

// parts splits a value at each sep that has no backslash before it, and takes the backslashes off.
func parts(s string, sep byte) []string {
	var out []string
	from := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case sep:
			out = append(out, unescape(s[from:i]))
			from = i + 1
		}
	}
	return append(out, unescape(s[from:]))
}

// unescape takes the backslashes off a value: \n is a line break, \, \; \: and \\ are the sign behind.
func unescape(s string) string {
	s = strings.TrimSpace(s)
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			out = append(out, s[i])
			continue
		}
		i++
		switch s[i] {
		case 'n', 'N':
			out = append(out, '\n')
		case ',', ';', ':', '\\', '"':
			out = append(out, s[i])
		default:
			out = append(out, '\\', s[i])
		}
	}
	return string(out)
}
