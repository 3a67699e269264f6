package jsonrows

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

type kind uint8

const (
	scalar kind = iota
	object
	list
)

// value is one value of a record. text is that of a scalar: a string without its escapes, a number in the spelling of
// the file, "true", "false", "" for null.
type value struct {
	kind  kind
	key   string
	text  string
	raw   []byte
	items []value
	odd   int // NULs taken out and halves of characters replaced, those of items included
}

// parseDepth bounds the nesting of a record.
const parseDepth = 64

// parse reads one value from the start of b and gives what follows.
func parse(b []byte, depth int) (v value, rest []byte, ok bool) {
	b = skipSpace(b)
	if len(b) == 0 || depth > parseDepth {
		return v, b, false
	}
	switch b[0] {
	case '"':
		v.text, v.odd, rest, ok = parseText(b)
	case '{':
		v.kind = object
		rest, ok = v.parseItems(b, '}', depth)
	case '[':
		v.kind = list
		rest, ok = v.parseItems(b, ']', depth)
	default:
		v.text, rest, ok = parseWord(b)
	}
	v.raw = b[:len(b)-len(rest)]
	return v, rest, ok
}

// parseItems reads the inside of an object or list up to its end.
func (v *value) parseItems(b []byte, end byte, depth int) (rest []byte, ok bool) {
	b = skipSpace(b[1:])
	if len(b) > 0 && b[0] == end {
		return b[1:], true
	}
	for {
		key := ""
		if end == '}' {
			b = skipSpace(b)
			if len(b) == 0 || b[0] != '"' {
				return b, false
			}
			odd := 0
			if key, odd, b, ok = parseText(b); !ok {
				return b, false
			}
			v.odd += odd
			if b = skipSpace(b); len(b) == 0 || b[0] != ':' {
				return b, false
			}
			b = b[1:]
		}
		item, rest, ok := parse(b, depth+1)
		if !ok {
			return rest, false
		}
		item.key = key
		v.odd += item.odd
		v.items = append(v.items, item)
		if b = skipSpace(rest); len(b) == 0 {
			return b, false
		}
		switch b[0] {
		case end:
			return b[1:], true
		case ',':
			b = b[1:]
		default:
			return b, false
		}
	}
}

// parseWord reads a number, true, false or null.
func parseWord(b []byte) (text string, rest []byte, ok bool) {
	n := 0
	for n < len(b) && strings.IndexByte(",]}:{[\" \t\r\n", b[n]) < 0 {
		n++
	}
	switch word := string(b[:n]); word {
	case "null":
		return "", b[n:], true
	case "true", "false":
		return word, b[n:], true
	default:
		if n == 0 || word[0] != '-' && (word[0] < '0' || word[0] > '9') {
			return "", b, false
		}
		_, err := strconv.ParseFloat(word, 64)
		if err != nil && !strings.Contains(err.Error(), "range") || strings.ContainsAny(word, "xX_pPnN") {
			return "", b, false
		}
		return word, b[n:], true
	}
}

// parseText reads a string. A line break inside it, which JSON does not allow, is taken as it is.
func parseText(b []byte) (text string, odd int, rest []byte, ok bool) {
	i := 1
	for i < len(b) && b[i] != '"' && b[i] != '\\' {
		i++
	}
	if i < len(b) && b[i] == '"' {
		return string(b[1:i]), 0, b[i+1:], true
	}
	out := append([]byte(nil), b[1:min(i, len(b))]...)
	for i < len(b) {
		c := b[i]
		i++
		switch {
		case c == '"':
			return string(out), odd, b[i:], true
		case c != '\\':
			out = append(out, c)
			continue
		case i == len(b):
			return "", odd, nil, false
		}
		c = b[i]
		i++
		switch c {
		case '"', '\\', '/':
			out = append(out, c)
		case 'b', 'f': // no text has these
			odd++
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		case 'u':
			r, ok := hex4(b[i:])
			if !ok {
				return "", odd, b, false
			}
			i += 4
			if utf16.IsSurrogate(r) {
				low, ok := rune(-1), false
				if i+1 < len(b) && b[i] == '\\' && b[i+1] == 'u' {
					low, ok = hex4(b[i+2:])
				}
				if r = utf16.DecodeRune(r, low); ok && r != utf8.RuneError {
					i += 6
				} else {
					odd++
				}
			}
			if r == 0 {
				odd++
				continue
			}
			out = utf8.AppendRune(out, r)
		default:
			return "", odd, b, false
		}
	}
	return "", odd, nil, false
}

func hex4(b []byte) (rune, bool) {
	if len(b) < 4 {
		return 0, false
	}
	n, err := strconv.ParseUint(string(b[:4]), 16, 32)
	return rune(n), err == nil
}

// isNested tells if a list holds anything but plain values.
func (v *value) isNested() bool {
	for i := range v.items {
		if v.items[i].kind != scalar {
			return true
		}
	}
	return false
}

// plain gives the value as the text of one cell: the items of a list are separated by semicolons, or by line breaks
// where one of them holds a semicolon.
func (v *value) plain() string {
	switch {
	case v.kind == scalar:
		return v.text
	case len(v.items) == 0:
		return ""
	case v.kind == object || v.isNested():
		return string(v.raw)
	}
	texts, sep := make([]string, 0, len(v.items)), "; "
	for i := range v.items {
		if t := v.items[i].text; t != "" {
			texts = append(texts, t)
			if strings.Contains(t, ";") {
				sep = "\n"
			}
		}
	}
	return strings.Join(texts, sep)
}

func skipSpace(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t' || b[0] == '\r' || b[0] == '\n') {
		b = b[1:]
	}
	return b
}
