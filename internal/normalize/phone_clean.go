package normalize

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// phoneMaxText bounds the cells that are read, in bytes of their cleaned form: a longer one is a text, not a phone.
const phoneMaxText = 300

// phoneForeign stands for a letter beyond Latin in a cleaned cell.
const phoneForeign = 1

// phoneBlank tells a cell without any letter or digit: empty, blanks, invisible marks, dashes, dots.
func phoneBlank(s string) bool {
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return false
		}
	}
	return true
}

// phoneClean appends s to dst in lower-case ASCII: digits of any script as 0 to 9, full-width forms as what they
// are, every dash as "-", every blank as " ", line breaks as "\n", Latin letters without their accent, other letters
// as phoneForeign. Marks that cannot be seen go; emoji and the like become blanks. It stops at phoneMaxText.
func phoneClean(dst []byte, s string) []byte {
	for _, r := range s {
		if n := len(dst); n > phoneMaxText {
			break
		} else if n > 1 && dst[n-1] == ' ' && dst[n-2] == ' ' { // one blank says as much as many
			dst = dst[:n-1]
		}
		if 0xFF01 <= r && r <= 0xFF5E {
			r -= 0xFEE0
		}
		if r < utf8.RuneSelf {
			dst = append(dst, phoneASCII(byte(r)))
			continue
		}
		switch {
		case unicode.Is(unicode.Nd, r):
			dst = append(dst, phoneDigit(r))
		case unicode.Is(unicode.Pd, r), r == 0x2212, r == 0x30FC, r == 0xFF70, r == 0x2043:
			if r != 0x301C {
				dst = append(dst, '-')
			}
		case unicode.In(r, unicode.Cf, unicode.Mn, unicode.Me):
		case r == 0x2028, r == 0x2029, r == 0x85:
			dst = append(dst, '\n')
		case unicode.Is(unicode.Sc, r):
			dst = append(dst, '$')
		case unicode.IsLetter(r):
			dst = append(dst, phoneLetter(r))
		case r == 0xB7, r == 0x2022, r == 0x2219, r == 0x2024:
			dst = append(dst, '.')
		case r == 0x2044, r == 0x2215:
			dst = append(dst, '/')
		case r == 0x2018, r == 0x2019, r == 0xB4:
			dst = append(dst, '\'')
		case r == 0x201C, r == 0x201D, r == 0xAB, r == 0xBB:
			dst = append(dst, '"')
		default:
			dst = append(dst, ' ')
		}
	}
	return dst
}

func phoneASCII(c byte) byte {
	switch {
	case 'A' <= c && c <= 'Z':
		return c + 'a' - 'A'
	case c == '\r' || c == '\n':
		return '\n'
	case c == '`':
		return '\''
	case c < ' ' || c == 0x7F:
		return ' '
	}
	return c
}

// phoneDigit gives the value of a decimal digit of any script, as ASCII. Unicode keeps them in runs of ten from zero.
func phoneDigit(r rune) byte {
	for _, t := range unicode.Nd.R16 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return '0' + byte((r-rune(t.Lo))%10)
		}
	}
	for _, t := range unicode.Nd.R32 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return '0' + byte((r-rune(t.Lo))%10)
		}
	}
	return ' '
}

func phoneLetter(r rune) byte {
	switch unicode.ToLower(r) {
	case 'á', 'à', 'â', 'ã', 'ä', 'å', 'ª':
		return 'a'
	case 'é', 'è', 'ê', 'ë':
		return 'e'
	case 'í', 'ì', 'î', 'ï':
		return 'i'
	case 'ó', 'ò', 'ô', 'õ', 'ö', 'º':
		return 'o'
	case 'ú', 'ù', 'û', 'ü':
		return 'u'
	case 'ç':
		return 'c'
	case 'ñ':
		return 'n'
	}
	return phoneForeign
}

// phoneUnwrap takes off what spreadsheets and people put around a value: blanks, quotes, an apostrophe, ="...".
func phoneUnwrap(t []byte) []byte {
	for {
		u := bytes.Trim(t, " \n")
		if len(u) > 0 && (u[0] == '=' || u[0] == '\'' || u[0] == '"') {
			u = u[1:]
		}
		if n := len(u); n > 0 && (u[n-1] == '\'' || u[n-1] == '"') {
			u = u[:n-1]
		}
		if len(u) == len(t) {
			return u
		}
		t = u
	}
}

// phoneUnescape resolves %xx in a link.
func phoneUnescape(t []byte) []byte {
	if bytes.IndexByte(t, '%') < 0 {
		return t
	}
	out := make([]byte, 0, len(t))
	for i := 0; i < len(t); i++ {
		if t[i] == '%' && i+2 < len(t) && phoneHex(t[i+1]) < 16 && phoneHex(t[i+2]) < 16 {
			if c := phoneHex(t[i+1])<<4 | phoneHex(t[i+2]); c < utf8.RuneSelf {
				out = append(out, phoneASCII(c))
			}
			i += 2
			continue
		}
		out = append(out, t[i])
	}
	return out
}

func phoneHex(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	}
	return 16
}
