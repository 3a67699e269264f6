// Package formula keeps texts from being run as formulas by spreadsheet programs, and takes such guards off again.
package formula

import (
	"strings"
	"unicode/utf8"
)

// Guard makes a cell harmless for spreadsheet programs, which would run it as a formula: a text that starts
// with = + - @ TAB CR LF NUL, or with a full-width form of these, gets an apostrophe (OWASP ASVS 5.0, 1.2.10).
//
// Numbers in E.164 (`^\+[0-9]{8,15}$`) and plain negative numbers (-12.5, -1.234,56) stay as they are. A text
// that looks guarded itself gets one more apostrophe, so that [Unguard] gives back exactly what was there.
func Guard(s string) string {
	if s == "" || !dangerous(s) && Unguard(s) == s {
		return s
	}
	return "'" + s
}

// Unguard takes off what keeps a value text: our own guard, the apostrophe that people type before = + - @ or a
// digit, and the wrapper ="...". Other apostrophes stay. Unguard(Guard(s)) is s for every s.
func Unguard(s string) string {
	if len(s) < 2 {
		return s
	}
	switch {
	case s[0] == '\'':
		c := s[1]
		if c == '\'' || starts(s[1:]) || c >= '0' && c <= '9' && s[len(s)-1] != '\'' {
			return s[1:]
		}
	case len(s) >= 4 && s[:2] == `="` && s[len(s)-1] == '"':
		if in := s[2 : len(s)-1]; strings.IndexByte(in, '"') < 0 {
			return in
		}
	}
	return s
}

// dangerous tells if a spreadsheet program may run s.
func dangerous(s string) bool {
	switch {
	case s[0] == '+':
		return !isE164(s)
	case s[0] == '-':
		return !isNegative(s)
	}
	return starts(s)
}

// starts tells if s starts as a formula does.
func starts(s string) bool {
	switch s[0] {
	case '=', '+', '-', '@', '\t', '\r', '\n', 0:
		return true
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
