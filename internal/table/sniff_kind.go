package table

import "strings"

// cellKind is what a cell's text looks like. The sniffer needs no more than a look: nothing is validated here.
type cellKind uint8

const (
	kindEmpty cellKind = iota
	kindNull           // NULL, N/A, #N/D, "-"
	kindInt
	kindNumber // decimals of either convention, thousands, percent, exponent
	kindMoney
	kindDate // with or without a time of day
	kindTime
	kindEmail
	kindURL
	kindPhone
	kindTaxID  // CPF, CNPJ and their like, by their punctuation
	kindPostal // 00000-000, 00000-0000
	kindBool
	kindIP
	kindCode // letters and digits of one piece: SKU-12, a UUID, a plate
	kindWord // one word of letters
	kindText // a few words
	kindProse
	kindOdd // none of these
	kindCount
)

// typed says whether the kind belongs to data rather than to names of columns.
func (k cellKind) typed() bool { return k >= kindInt && k <= kindIP }

// family joins kinds that share a column in practice: 10 and 10,5; a date and an empty time.
func (k cellKind) family() cellKind {
	switch k {
	case kindNumber, kindMoney:
		return kindInt
	case kindText, kindProse:
		return kindWord
	}
	return k
}

// tally counts a cell's characters by class, in one pass.
type tally struct {
	digits, letters, upper, spaces, other           int
	dot, comma, dash, slash, colon, at, paren, plus int
}

func tallyOf(s string) (t tally) {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			t.digits++
		case c >= 'a' && c <= 'z':
			t.letters++
		case c >= 'A' && c <= 'Z':
			t.letters++
			t.upper++
		case c == ' ':
			t.spaces++
		case c == '.':
			t.dot++
		case c == ',':
			t.comma++
		case c == '-':
			t.dash++
		case c == '/':
			t.slash++
		case c == ':':
			t.colon++
		case c == '@':
			t.at++
		case c == '(' || c == ')':
			t.paren++
		case c == '+':
			t.plus++
		case c >= 0xC3:
			t.letters++
		case c >= 0x80: // a trailing byte, or a sign such as § or a no-break space
			if c == 0xA0 && i > 0 && s[i-1] == 0xC2 {
				t.spaces++
			}
		case c == 0xC2 || c < 0x20:
		default:
			t.other++
		}
	}
	return t
}

// kindOf looks at the trimmed text of one cell.
func kindOf(s string) cellKind {
	s = trimCell(s)
	if s == "" {
		return kindEmpty
	}
	if len(s) <= 10 && isNull(s) {
		return kindNull
	}
	if len(s) > 400 {
		return kindProse
	}
	t := tallyOf(s)
	if t.digits == 0 {
		return kindOfWords(s, t)
	}
	if t.letters == 0 {
		if k := kindOfDigits(s, t); k != kindOdd {
			return k
		}
	}
	if k := kindOfMixed(s, t); k != kindOdd {
		return k
	}
	switch {
	case t.letters == 0 && (t.spaces > 0 || t.digits*2 < len(s)):
		return kindOdd
	case t.spaces == 0:
		return kindCode
	case isProse(s, t):
		return kindProse
	}
	return kindText
}

func kindOfWords(s string, t tally) cellKind {
	switch {
	case t.at == 1 && isEmail(s):
		return kindEmail
	case isURL(s):
		return kindURL
	case t.letters == 0:
		return kindOdd
	case len(s) <= 10 && isBool(s):
		return kindBool
	case t.spaces == 0 && t.letters+t.dash+t.dot+t.slash >= len(s)/2:
		return kindWord
	case isProse(s, t):
		return kindProse
	}
	return kindText
}

// kindOfMixed covers the kinds that have digits and letters.
func kindOfMixed(s string, t tally) cellKind {
	switch {
	case t.at >= 1 && isEmail(s):
		return kindEmail
	case isURL(s):
		return kindURL
	case isMoney(s):
		return kindMoney
	case t.letters > 0 && isDate(s):
		return kindDate
	case t.letters > 0 && t.letters <= 2 && t.colon > 0 && isTime(s):
		return kindTime
	case t.letters == 1 && isExponent(s):
		return kindNumber
	}
	return kindOdd
}

func isProse(s string, t tally) bool {
	return t.spaces >= 8 || len(s) > 80 || t.spaces >= 4 && strings.HasSuffix(s, ".")
}

func trimCell(s string) string {
	for len(s) > 0 && (s[0] == ' ' || s[0] == '\t' || s[0] == '\r') {
		s = s[1:]
	}
	for len(s) > 0 && (s[len(s)-1] == ' ' || s[len(s)-1] == '\t' || s[len(s)-1] == '\r') {
		s = s[:len(s)-1]
	}
	for strings.HasPrefix(s, "\u00a0") || strings.HasPrefix(s, "\u200b") || strings.HasPrefix(s, "\ufeff") {
		s = s[len(s)-len(strings.TrimLeft(s, "\u00a0\u200b\ufeff ")):]
	}
	return s
}

func isNull(s string) bool {
	switch s {
	case "-", "--", "---", "?", ".", "..", "...", "*", `\N`, "#N/A", "#N/D", "#NULL!", "#REF!", "#DIV/0!", "#VALOR!", "#VALUE!", ":", "n/d", "N/D", "s/n", "S/N", "n.d.", "s/d", "S/D":
		return true
	}
	return equalsAnyFold(s, "null", "na", "n/a", "nan", "none", "nil", "(null)", "<null>", "nulo", "[null]")
}

func isBool(s string) bool {
	return equalsAnyFold(s, "true", "false", "yes", "no", "sim", "não", "nao", "sí", "si", "verdadeiro", "falso", "verdadero", "ativo", "inativo", "oui", "non", "ja", "nein", "vrai", "faux", "wahr", "falsch")
}

func equalsAnyFold(s string, words ...string) bool {
	for _, w := range words {
		if len(w) == len(s) && strings.EqualFold(w, s) {
			return true
		}
	}
	return false
}
