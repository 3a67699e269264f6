package table

import "strings"

// kindOfDigits covers the kinds that have digits and punctuation but no letters.
func kindOfDigits(s string, t tally) cellKind {
	switch {
	case t.digits == len(s):
		return kindInt
	case isMoney(s):
		return kindMoney
	case isDate(s):
		return kindDate
	case t.colon > 0 && isTime(s):
		return kindTime
	case isTaxID(s):
		return kindTaxID
	case t.dash == 1 && isPostal(s):
		return kindPostal
	case t.dot == 3 && isIPv4(s):
		return kindIP
	case isNumber(s):
		if t.dot == 0 && t.comma == 0 && t.spaces == 0 && s[len(s)-1] != '%' && t.digits < 8 {
			return kindInt
		}
		if t.plus == 1 && t.digits >= 8 && t.dot+t.comma == 0 {
			return kindPhone
		}
		return kindNumber
	case t.digits >= 7 && t.digits <= 15 && (t.dot == 0 || t.spaces == 0) && t.spaces <= 4 && !strings.Contains(s, "  ") && t.digits+t.spaces+t.dash+t.paren+t.plus+t.dot+t.slash == len(s):
		return kindPhone
	}
	return kindOdd
}

// isNumber accepts both decimal conventions, thousands grouped by point, comma, space or apostrophe, a sign
// before or after, brackets for negatives, and a percent sign.
func isNumber(s string) bool {
	s = strings.TrimSuffix(s, "%")
	if len(s) > 2 && s[0] == '(' && s[len(s)-1] == ')' {
		s = s[1 : len(s)-1]
	}
	s = strings.TrimSuffix(strings.TrimRight(s, " "), "-")
	if s != "" && (s[0] == '-' || s[0] == '+') {
		s = strings.TrimLeft(s[1:], " ")
	}
	s = strings.TrimPrefix(s, "\u2212")
	digits, run, groups, seps := 0, 0, 0, 0
	var last byte
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
			run++
		case c == '.' || c == ',' || c == ' ' || c == '\'':
			if seps > 0 && (run != 3 || c == last && groups == 0 && seps > 1) {
				return false // 1.2.3 and 1,5,2 are no numbers
			}
			if c == ' ' && (run == 0 || run > 3) {
				return false
			}
			if seps > 0 && last != c && groups > 0 && i+1 < len(s) && strings.IndexByte(s[i+1:], last) >= 0 {
				return false
			}
			if seps > 0 {
				groups++
			}
			seps++
			last, run = c, 0
		default:
			return false
		}
	}
	if digits == 0 || digits > 30 {
		return false
	}
	if last == ' ' || last == '\'' {
		return run == 3
	}
	return true
}

func isExponent(s string) bool {
	i := strings.IndexAny(s, "eE")
	if i <= 0 || i+1 >= len(s) {
		return false
	}
	e := strings.TrimLeft(s[i+1:], "+-")
	return e != "" && len(e) <= 3 && allDigits(e) && isNumber(s[:i])
}

// isMoney wants a currency sign or code next to a number.
func isMoney(s string) bool {
	body := s
	for _, sign := range [...]string{"R$", "US$", "U$S", "A$", "C$", "S/.", "S/", "$", "€", "£", "¥", "BRL", "USD", "EUR", "MXN", "ARS", "CLP", "COP", "PEN", "GBP"} {
		if rest, ok := strings.CutPrefix(strings.TrimPrefix(body, "-"), sign); ok {
			rest = strings.TrimLeft(rest, " \u00a0")
			return rest != "" && (isNumber(rest) || strings.Trim(rest, "-0 .,") == "")
		}
		if rest, ok := strings.CutSuffix(body, sign); ok {
			rest = strings.TrimRight(rest, " \u00a0")
			return rest != "" && isNumber(rest)
		}
	}
	return false
}

// isTaxID knows 000.000.000-00 (CPF), 00.000.000/0000-00 (CNPJ) and 00-00000000-0 (CUIT) by punctuation.
func isTaxID(s string) bool {
	return likePattern(s, "000.000.000-00") || likePattern(s, "00.000.000/0000-00") || likePattern(s, "00-00000000-0")
}

func isPostal(s string) bool {
	return likePattern(s, "00000-000") || likePattern(s, "00000-0000") || likePattern(s, "0000-000")
}

// likePattern compares s with a pattern in which 0 stands for any digit.
func likePattern(s, pattern string) bool {
	if len(s) != len(pattern) {
		return false
	}
	for i := 0; i < len(s); i++ {
		if pattern[i] == '0' {
			if s[i] < '0' || s[i] > '9' {
				return false
			}
		} else if s[i] != pattern[i] {
			return false
		}
	}
	return true
}

func isIPv4(s string) bool {
	parts := 0
	for part := range strings.SplitSeq(s, ".") {
		if n, ok := smallNumber(part, 3); !ok || n > 255 {
			return false
		}
		parts++
	}
	return parts == 4
}

// smallNumber reads up to max digits.
func smallNumber(s string, maxDigits int) (int, bool) {
	if s == "" || len(s) > maxDigits || !allDigits(s) {
		return 0, false
	}
	n := 0
	for i := 0; i < len(s); i++ {
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}

func allDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
