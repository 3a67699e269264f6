package charset

import (
	"unicode"
	"unicode/utf16"
)

// wide recognises UTF-16 and UTF-32 without a byte order mark, by the NUL bytes of their ASCII characters. sure is the confidence.
func wide(b []byte) (name string, sure float64) {
	if len(b) < 4 {
		return "", 0
	}
	var nul [4]int
	for i, c := range b {
		if c == 0 {
			nul[i&3]++
		}
	}
	n := len(b) / 4
	if n > 1 && len(b)%4 == 0 {
		switch {
		case nul[3] == n && nul[2] > n*9/10 && nul[0] < n/10+1:
			return "utf-32le", 0.99
		case nul[0] == n && nul[1] > n*9/10 && nul[3] < n/10+1:
			return "utf-32be", 0.99
		}
	}
	even, odd := nul[0]+nul[2], nul[1]+nul[3]
	pairs := len(b) / 2
	switch {
	case odd*2 > pairs && even*20 < odd+20:
		return UTF16LE, 0.99
	case even*2 > pairs && odd*20 < even+20:
		return UTF16BE, 0.99
	case odd*50 > pairs && even*20 <= odd && wideText(b, 0):
		return UTF16LE, 0.95
	case even*50 > pairs && odd*20 <= even && wideText(b, 1):
		return UTF16BE, 0.95
	}
	return "", 0
}

// wideText tells UTF-16 text of a script beyond Latin, whose NULs are few: those of spaces, digits and line ends.
// low is the place of the low byte in a pair. Text of one byte per character with stray NULs differs: it holds
// neither many control bytes nor many high ones, or its NULs stand beside anything.
func wideText(b []byte, low int) bool {
	units, good, odd := 0, 0, 0
	for i := 0; i+1 < len(b); i += 2 {
		r := rune(b[i+low]) | rune(b[i+1-low])<<8
		units++
		for _, c := range b[i : i+2] {
			if c >= 0x80 || c > 0 && c < ' ' && c != '\n' && c != '\r' && c != '\t' {
				odd++
			}
		}
		switch {
		case r < 0x80 && (r >= ' ' || r == '\n' || r == '\r' || r == '\t'), utf16.IsSurrogate(r),
			r >= 0x80 && (unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsPunct(r) || unicode.IsSymbol(r) || unicode.IsSpace(r)):
			good++
		}
	}
	return good*100 >= units*97 && odd*10 >= units
}
