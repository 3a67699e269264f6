package xlsx

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// appendUnescaped appends text with the escapes _xHHHH_ replaced, which stand for the UTF-16 unit of that number
// (ECMA-376 part 1, 22.9.2.19). In place use is allowed: dst may be a prefix of text's own memory.
func appendUnescaped(dst, text []byte) []byte {
	for {
		i := bytes.Index(text, []byte("_x"))
		if i < 0 {
			return append(dst, text...)
		}
		unit, ok := escapeAt(text[i:])
		if !ok {
			dst = append(dst, text[:i+2]...)
			text = text[i+2:]
			continue
		}
		dst = append(dst, text[:i]...)
		text = text[i+escapeLen:]
		if utf16.IsSurrogate(unit) {
			if low, ok := escapeAt(text); ok {
				if r := utf16.DecodeRune(unit, low); r != utf8.RuneError {
					unit = r
					text = text[escapeLen:]
				}
			}
		}
		dst = utf8.AppendRune(dst, unit)
	}
}

const escapeLen = len("_x0000_")

func escapeAt(b []byte) (rune, bool) {
	if len(b) < escapeLen || b[0] != '_' || b[1] != 'x' || b[6] != '_' {
		return 0, false
	}
	var n rune
	for _, c := range b[2:6] {
		switch {
		case c >= '0' && c <= '9':
			n = n<<4 | rune(c-'0')
		case c >= 'A' && c <= 'F':
			n = n<<4 | rune(c-'A'+10)
		case c >= 'a' && c <= 'f':
			n = n<<4 | rune(c-'a'+10)
		default:
			return 0, false
		}
	}
	return n, true
}
