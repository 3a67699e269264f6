package normalize

import (
	"strings"
	"unicode/utf8"
)

// A numberText is a number taken apart: digits and separators as they stood, everything else understood.
type numberText struct {
	body     string // digits, ',' and '.', group spaces and apostrophes as '_'
	exp      int
	negative bool
	percent  bool
	ok       bool
}

// scanNumber takes sign, currency, per cent and exponent off.
func scanNumber(s string) (t numberText) {
	if s[0] == '(' && s[len(s)-1] == ')' && len(s) > 2 {
		t.negative, s = true, s[1:len(s)-1]
	}
	var buf [256]byte
	b := buf[:0]
	words, signs, lastWord := 0, 0, false
	for i := 0; i < len(s); {
		r, n := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(s[i:])
			if r >= 0xff01 && r <= 0xff5e {
				r -= 0xfee0
			}
		}
		switch {
		case t.percent && !isSpace(r):
			return numberText{}
		case r >= '0' && r <= '9' || r == ',' || r == '.':
			if lastWord && words > 0 && len(b) > 0 {
				return numberText{}
			}
			b = append(b, byte(r))
		case r == '\'' || r == '’' || r == '`' || isSpace(r) || r == 0xb7 || r == 0x66c:
			if len(b) > 0 && b[len(b)-1] >= '0' && b[len(b)-1] <= '9' {
				b = append(b, '_')
			}
		case r == '-' || r == '−' || r == '–' || r == '+':
			// a sign stands in front, or alone behind ("1.234,50-")
			if signs++; signs > 1 || len(b) > 0 && strings.Trim(s[i+n:], " \u00a0") != "" {
				return numberText{}
			}
			t.negative = t.negative || r != '+'
		case r == '%':
			t.percent = true
		case (r == 'e' || r == 'E') && len(b) > 0 && isExponent(s[i+1:]):
			t.exp = exponent(s[i+1:])
			n = len(s) - i
		default:
			end := i
			for end < len(s) && !isNumberPart(s[end]) {
				end++
			}
			if words++; words > 2 || !isCurrency(s[i:end]) {
				return numberText{}
			}
			n, lastWord = end-i, len(b) > 0
		}
		i += n
	}
	body := strings.Trim(string(b), "_")
	t.body = body
	t.ok = strings.ContainsAny(body, "0123456789")
	return t
}

func isNumberPart(c byte) bool {
	return c >= '0' && c <= '9' || c == ' ' || c == '-' || c == '+' || c == '(' || c == ','
}

// isExponent accepts "+13", "-2", "5" to the end of the text.
func isExponent(s string) bool {
	s = strings.TrimRight(s, " ")
	if s != "" && (s[0] == '+' || s[0] == '-') {
		s = s[1:]
	}
	return len(s) <= 3 && isDigits(s)
}

func exponent(s string) int {
	s = strings.TrimRight(s, " ")
	n, neg := 0, false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '-':
			neg = true
		case s[i] != '+':
			n = n*10 + int(s[i]-'0')
		}
	}
	if neg {
		return -n
	}
	return n
}

// isCurrency knows signs, codes and words of money.
func isCurrency(s string) bool {
	if len(s) > 16 {
		return false
	}
	var buf [32]byte
	return currencies[string(AppendFold(buf[:0], s))]
}

var currencies = set(`r$ $ us$ u$s u$ ar$ mx$ cl$ mex$ col$ s/ s/. € £ ¥ usd brl eur ars mxn clp cop pen uyu pyg bob gbp ca$ a$ chf $u bs bs. gs gs. ₲ ₡ q l
	reais real pesos peso dolares dolar dollars dollar euros euro soles sol rs rs. r$. fr. kr`)

// format tells which format the number shows by itself, NumberUnknown where it could be either.
func (t numberText) format() NumberFormat {
	commas, points := strings.Count(t.body, ","), strings.Count(t.body, ".")
	c, p := strings.LastIndexByte(t.body, ','), strings.LastIndexByte(t.body, '.')
	switch {
	case commas > 0 && points > 0:
		if c > p {
			return DecimalComma
		}
		return DecimalPoint
	case commas == 0 && points == 0:
		return NumberUnknown
	case commas > 1:
		return DecimalPoint
	case points > 1:
		return DecimalComma
	}
	at, here, other := c, DecimalComma, DecimalPoint
	if commas == 0 {
		at, here, other = p, DecimalPoint, DecimalComma
	}
	before, after := t.body[:at], t.body[at+1:]
	switch {
	case strings.IndexByte(before, '_') >= 0:
		return here // 1 234,56
	case strings.IndexByte(after, '_') >= 0:
		return other
	case t.exp != 0, len(after) != 3, len(before) == 0, len(before) > 3, before[0] == '0':
		return here
	}
	return NumberUnknown
}

func (t numberText) seps() int {
	return strings.Count(t.body, ",") + strings.Count(t.body, ".")
}

// write gives the number in canonical form, or the code of what is wrong: its group signs stand in wrong places,
// or it is too long.
func (t numberText) write(f NumberFormat) (number, code string) {
	dec := byte('.')
	if f == DecimalComma {
		dec = ','
	}
	whole, frac := t.body, ""
	if i := strings.IndexByte(t.body, dec); i >= 0 {
		whole, frac = t.body[:i], t.body[i+1:]
		if frac != "" && !isDigits(frac) {
			return "", "number.unreadable"
		}
	}
	if !isDigits(whole) {
		var ok bool
		if whole, ok = ungroup(whole); !ok {
			return "", "number.unreadable"
		}
	}
	exp := t.exp
	if t.percent {
		exp -= 2
	}
	if exp > 2*MaxDigits || exp < -2*MaxDigits {
		return "", "number.too_long"
	}
	if exp > 0 {
		for len(frac) < exp {
			frac += "0"
		}
		whole, frac = whole+frac[:exp], frac[exp:]
	} else if exp < 0 {
		for len(whole) < -exp {
			whole = "0" + whole
		}
		whole, frac = whole[:len(whole)+exp], whole[len(whole)+exp:]+frac
	}
	whole, frac = strings.TrimLeft(whole, "0"), strings.TrimRight(frac, "0")
	if len(whole)+len(frac) > MaxDigits {
		return "", "number.too_long"
	}
	if whole == "" {
		whole = "0"
	}
	if frac != "" {
		whole += "." + frac
	}
	if t.negative && whole != "0" {
		whole = "-" + whole
	}
	return whole, ""
}

// ungroup takes the group signs out of the whole part: one sign throughout, a last group of three digits, the
// others of two (India) or three.
func ungroup(s string) (string, bool) {
	if s == "" {
		return "", true
	}
	out := make([]byte, 0, len(s))
	sign, run, groups := byte(0), 0, 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= '0' && c <= '9' {
			out = append(out, c)
			run++
			continue
		}
		if sign != 0 && c != sign || run == 0 || run > 3 || groups > 0 && run < 2 {
			return "", false
		}
		sign, run = c, 0
		groups++
	}
	return string(out), groups == 0 || run == 3
}
