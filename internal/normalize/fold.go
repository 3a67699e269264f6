package normalize

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold gives the form in which texts are searched and compared: lower case, without Latin, Greek and Cyrillic
// accents, with the letters that no accent explains spelt out (ß ss, æ ae, ø o, ł l, đ d), compatibility forms
// resolved (ﬁ, full-width letters, ª), invisible marks gone and white space collapsed. Composed and decomposed
// spellings of one text fold to the same. A text that is folded already is returned without a copy.
func Fold(s string) string {
	if isFolded(s) {
		return s
	}
	var buf [96]byte
	return string(AppendFold(buf[:0], s))
}

// AppendFold appends the folded form of s to dst, for look-ups that must not allocate.
func AppendFold(dst []byte, s string) []byte {
	start, space := len(dst), false
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			i++
			switch {
			case c == ' ' || c >= '\t' && c <= '\r':
				space = len(dst) > start
				continue
			case c < ' ' || c == 0x7f:
				continue
			case c >= 'A' && c <= 'Z':
				c += 'a' - 'A'
			}
			if space {
				dst, space = append(dst, ' '), false
			}
			dst = append(dst, c)
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r >= 0xc0 && r < 0x180:
			i += n
			if space {
				dst, space = append(dst, ' '), false
			}
			dst = append(dst, latinFold[r-0xc0]...)
		case r >= 0x300 && r <= 0x36f:
			i += n
		case r == 0xa0:
			i += n
			space = len(dst) > start
		default:
			return append(dst[:start], foldRare(s)...)
		}
	}
	return dst
}

// isFolded tells that s is ASCII in folded form.
func isFolded(s string) bool {
	if s == "" {
		return true
	}
	if s[0] == ' ' || s[len(s)-1] == ' ' {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c < ' ' || c >= 0x7f || c >= 'A' && c <= 'Z' || c == ' ' && s[i+1] == ' ' {
			return false
		}
	}
	return true
}

// foldRare folds any text by way of Unicode's compatibility decomposition (UAX #15, form KD).
func foldRare(s string) string {
	out := make([]byte, 0, len(s)+8)
	space := false
	for _, r := range norm.NFKD.String(s) {
		if isSpace(r) {
			space = len(out) > 0
			continue
		}
		if isAccent(r) || isControl(r) || unicode.Is(unicode.Cf, r) {
			continue
		}
		if space {
			out, space = append(out, ' '), false
		}
		out = appendLower(out, r)
	}
	return string(out)
}

// appendLower appends a decomposed rune in lower case, spelling out the letters without a decomposition.
func appendLower(dst []byte, r rune) []byte {
	r = unicode.ToLower(r)
	switch r {
	case 'ß':
		return append(dst, "ss"...)
	case 'æ':
		return append(dst, "ae"...)
	case 'œ':
		return append(dst, "oe"...)
	case 'þ':
		return append(dst, "th"...)
	case 'ø':
		r = 'o'
	case 'ł':
		r = 'l'
	case 'đ', 'ð':
		r = 'd'
	case 'ħ':
		r = 'h'
	case 'ŧ':
		r = 't'
	case 'ı':
		r = 'i'
	case 'ŋ':
		r = 'n'
	case 'ĸ':
		r = 'k'
	case 'ς':
		r = 'σ'
	}
	return utf8.AppendRune(dst, r)
}

// isAccent tells the combining marks that Latin, Greek and Cyrillic put on letters. Marks of other scripts
// are letters in their own right (vowel signs) and stay.
func isAccent(r rune) bool {
	return r >= 0x300 && r <= 0x36f || r >= 0x483 && r <= 0x489 || r >= 0x1ab0 && r <= 0x1aff ||
		r >= 0x1dc0 && r <= 0x1dff || r >= 0x20d0 && r <= 0x20ff || r >= 0xfe20 && r <= 0xfe2f
}

// latinFold holds the folded form of U+00C0 to U+017F, the letters of European names.
var latinFold = makeLatinFold()

func makeLatinFold() (t [0x180 - 0xc0]string) {
	for i := range t {
		t[i] = foldRare(string(rune(0xc0 + i)))
	}
	return t
}
