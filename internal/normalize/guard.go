package normalize

import "strings"

// Guard makes s harmless in a file that a spreadsheet program will open: a text that would be run as a formula
// (first character = + - @ tab or carriage return) gets a leading apostrophe. Numbers with a sign and phones such
// as +5511987654321 stay as they are. [Unguard] takes the guard off again: Unguard(Guard(s)) is s.
func Guard(s string) string {
	if s == "" {
		return s
	}
	switch s[0] {
	case '=', '@', '\t', '\r':
		return "'" + s
	case '+', '-':
		if !isSignedNumber(s) {
			return "'" + s
		}
	}
	if Unguard(s) != s {
		return "'" + s
	}
	return s
}

// Unguard takes off what spreadsheets and exporters put around a value to keep it text: the apostrophe in
// front of = + - @ ' tab, carriage return or a digit, and the wrapper ="...". Other apostrophes stay.
func Unguard(s string) string {
	if len(s) < 2 {
		return s
	}
	switch {
	case s[0] == '\'':
		switch c := s[1]; {
		case c == '=' || c == '+' || c == '-' || c == '@' || c == '\'' || c == '\t' || c == '\r':
			return s[1:]
		case c >= '0' && c <= '9' && s[len(s)-1] != '\'':
			return s[1:]
		}
	case len(s) >= 4 && s[:2] == `="` && s[len(s)-1] == '"':
		if in := s[2 : len(s)-1]; !strings.ContainsRune(in, '"') {
			return in
		}
	}
	return s
}

// isSignedNumber tells a sign followed by digits and the punctuation of numbers and phones only.
func isSignedNumber(s string) bool {
	digit := false
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digit = true
		case c == ' ' || c == '.' || c == ',' || c == '-' && i > 1 || c == '(' || c == ')':
		default:
			return false
		}
	}
	return digit
}

// bare gives the text of a cell of a typed column (date, number, e-mail ...): trimmed, with every guard off.
func bare(s string) string {
	s = Trim(s)
	for {
		t := Trim(Unguard(s))
		if t == s {
			return s
		}
		s = t
	}
}
