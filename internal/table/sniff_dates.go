package table

import "strings"

// isDate accepts what files call a date: 31/12/2025, 2025-12-31, 31.12.25, 31-dez-2025, Dec 31 2025,
// 20251231T101112Z, each alone or followed by a time of day.
func isDate(s string) bool {
	if len(s) < 6 || len(s) > 40 {
		return false
	}
	day, rest := s, ""
	if i := strings.IndexByte(s, 'T'); i >= 8 && i+1 < len(s) && s[i+1] >= '0' && s[i+1] <= '9' {
		day, rest = s[:i], s[i+1:]
	} else if i := strings.IndexByte(s, ' '); i >= 6 && strings.IndexByte(s[i:], ':') > 0 {
		day, rest = s[:i], strings.TrimLeft(s[i+1:], " ")
		if !isNumericDay(day) && strings.Count(s, " ") >= 2 { // 31 dez 2025 10:11
			if j := strings.LastIndexByte(s[:strings.IndexByte(s, ':')], ' '); j > 0 {
				day, rest = s[:j], s[j+1:]
			}
		}
	}
	if rest != "" && !isTime(strings.TrimRight(strings.TrimSuffix(rest, "Z"), " ")) {
		return false
	}
	return isNumericDay(day) || isNamedDay(day)
}

func isNumericDay(s string) bool {
	for _, sep := range [...]byte{'/', '-', '.'} {
		i := strings.IndexByte(s, sep)
		if i < 1 {
			continue
		}
		j := strings.IndexByte(s[i+1:], sep)
		if j < 1 {
			return false
		}
		a, b, c := s[:i], s[i+1:i+1+j], s[i+j+2:]
		x, ok1 := smallNumber(a, 4)
		y, ok2 := smallNumber(b, 2)
		z, ok3 := smallNumber(c, 4)
		if !ok1 || !ok2 || !ok3 || len(a) == 3 || len(c) == 3 {
			return false
		}
		if len(a) == 4 {
			return len(c) <= 2 && y <= 12 && z <= 31 && x >= 1000 || x == 0 && y == 0
		}
		return len(c) >= 2 && (x <= 31 && y <= 12 || x <= 12 && y <= 31)
	}
	if len(s) == 8 && allDigits(s) {
		return false // told apart from a number by nothing
	}
	return false
}

// isNamedDay wants a month's name and one or two numbers beside it.
func isNamedDay(s string) bool {
	numbers, months, words := 0, 0, 0
	for f := range strings.FieldsFuncSeq(s, func(r rune) bool {
		return r == ' ' || r == '-' || r == '/' || r == ',' || r == '.'
	}) {
		switch {
		case allDigits(f) && len(f) <= 4:
			numbers++
		case isMonth(f):
			months++
		case equalsAnyFold(f, "de", "of", "del", "mon", "tue", "wed", "thu", "fri", "sat", "sun", "seg", "ter", "qua", "qui", "sex"):
		default:
			words++
		}
	}
	return months == 1 && words == 0 && numbers >= 1 && numbers <= 2
}

// isMonth knows the three-letter stems of the months in pt, es, en, fr, de and it.
func isMonth(s string) bool {
	if len(s) < 3 || len(s) > 10 {
		return false
	}
	stem := strings.ToLower(s[:3])
	const stems = " jan fev mar abr mai jun jul ago set out nov dez ene feb may sep oct dic apr aug dec avr jui okt dzi gen mag giu lug ott fév aoû mär déc "
	return strings.Contains(stems, " "+stem+" ")
}

// isTime accepts 9:05, 09:05:11.123, 9:05 PM, 09:05:11 -03:00 and 09:05:11+00.
func isTime(s string) bool {
	if i := strings.LastIndexAny(s, "+-"); i > 3 {
		s = strings.TrimRight(s[:i], " ")
	}
	if n := len(s); n > 3 {
		if tail := s[n-2:]; strings.EqualFold(tail, "am") || strings.EqualFold(tail, "pm") {
			s = strings.TrimRight(s[:n-2], " ")
		}
	}
	parts := 0
	for part := range strings.SplitSeq(s, ":") {
		if parts == 2 {
			if i := strings.IndexAny(part, ".,"); i > 0 && allDigits(part[i+1:]) {
				part = part[:i]
			}
		}
		n, ok := smallNumber(part, 2)
		if !ok || parts > 0 && (n > 59 || len(part) != 2) {
			return false
		}
		parts++
	}
	return parts == 2 || parts == 3
}

func isEmail(s string) bool {
	at := strings.IndexByte(s, '@')
	if at < 1 || strings.IndexByte(s[at+1:], '@') >= 0 {
		return false
	}
	dot := strings.LastIndexByte(s[at:], '.')
	return dot > 1 && at+dot < len(s)-1 && !strings.ContainsAny(s, " ,;|\t\"")
}

func isURL(s string) bool {
	if len(s) < 6 || strings.IndexByte(s, ' ') >= 0 {
		return false
	}
	switch s[0] {
	case 'h', 'H', 'w', 'W', 'f':
		return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "www.") ||
			strings.HasPrefix(s, "ftp://") || strings.HasPrefix(s, "HTTP") || strings.HasPrefix(s, "WWW.")
	}
	return false
}
