package table

import (
	"strings"
	"unicode/utf8"
)

// Guard makes a cell harmless for spreadsheet programs, which would run it as a formula: a text that starts
// with = + - @ TAB CR LF NUL, or with a full-width form of these, gets an apostrophe (OWASP ASVS 5.0, 1.2.10).
//
// Numbers in E.164 (`^\+[0-9]{8,15}$`) and plain negative numbers (-12.5, -1.234,56) stay as they are. A text
// that has an apostrophe before such a start gets one more, so that [Unguard] gives back exactly what was there.
func Guard(s string) string {
	if s == "" || !guardable(s) {
		return s
	}
	return "'" + s
}

// Unguard takes away what [Guard] added: Unguard(Guard(s)) is s for every s.
func Unguard(s string) string {
	if s == "" || s[0] != '\'' || !guardable(s) {
		return s
	}
	return s[1:]
}

// guardable tells if s is dangerous behind any number of apostrophes.
func guardable(s string) bool {
	if s[0] == '\'' {
		s = strings.TrimLeft(s, "'")
	}
	return dangerous(s)
}

func dangerous(s string) bool {
	if s == "" {
		return false
	}
	switch s[0] {
	case '=', '@', '\t', '\r', '\n', 0:
		return true
	case '+':
		return !isE164(s)
	case '-':
		return !isNegative(s)
	case 0xEF: // of the full-width forms
		r, _ := utf8.DecodeRuneInString(s)
		return r == '＝' || r == '＋' || r == '－' || r == '＠'
	}
	return false
}

// isE164 tells if s is a plus and 8 to 15 digits.
func isE164(s string) bool {
	if len(s) < 9 || len(s) > 16 {
		return false
	}
	for i := 1; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// isNegative tells if s is a minus and digits, with points and commas between digits only.
func isNegative(s string) bool {
	digit := false
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digit = true
		case (c == '.' || c == ',') && digit:
			digit = false
		default:
			return false
		}
	}
	return digit
}
