package numfmt

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

type op uint8

const (
	opLiteral op = iota
	opDigit      // text is "0", "#" or "?"
	opPoint
	opPercent
	opExponent // n is 1 where a plus is shown
	opSlash
	opAt
	opGeneral
	opYear    // n letters, as for all below
	opMonth   //
	opDay     //
	opHour    //
	opMinute  //
	opSecond  //
	opAMPM    // text is "AM/PM" or "A/P"
	opElapsed // text is "h", "m" or "s"
	opSub     // parts of a second, the point included
	opEra     // e: the year; b: the Buddhist year
)

type token struct {
	op   op
	text string
	n    int
}

// parseSection parses one section and finds out what it shows.
func parseSection(code string) section {
	var s section
	if s.lex(code, true) {
		if !s.countsDigits() {
			s.finishDate()
			return s
		}
		// Not what Excel writes, but other programs leave a unit unquoted: 0 kg.
		s = section{}
		s.lex(code, false)
	}
	s.finishNumber()
	return s
}

// countsDigits tells whether there are placeholders of digits, other than those for parts of a second.
func (s *section) countsDigits() bool {
	point := false
	for _, t := range s.toks {
		switch t.op {
		case opPoint:
			point = true
		case opDigit:
			if !point || t.text != "0" {
				return true
			}
		default:
			point = false
		}
	}
	return false
}

// lex cuts the code into tokens and tells whether there are date letters, which are literals where letters is false.
// Commas stay as literals "," with n = -1 for finishNumber to judge.
func (s *section) lex(code string, letters bool) (date bool) {
	for i := 0; i < len(code); {
		c := code[i]
		switch {
		case c == '"':
			end := strings.IndexByte(code[i+1:], '"')
			if end < 0 {
				end = len(code) - i - 1
			}
			s.literal(code[i+1 : i+1+end])
			i = min(i+end+2, len(code))
		case c == '\\' || c == '_' || c == '*':
			_, n := utf8.DecodeRuneInString(code[i+1:])
			switch c {
			case '\\':
				s.literal(code[i+1 : i+1+n])
			case '_':
				s.literal(" ")
			}
			i += 1 + n
		case c == '[':
			end := strings.IndexByte(code[i:], ']')
			if end < 0 {
				s.literal(code[i:])
				return date
			}
			date = s.bracket(code[i+1:i+end]) || date
			i += end + 1
		case hasFold(code[i:], "General"):
			s.add(opGeneral, "", 0)
			i += len("General")
		case hasFold(code[i:], "AM/PM"):
			s.add(opAMPM, "AM/PM", 0)
			s.ampm, date = true, true
			i += len("AM/PM")
		case hasFold(code[i:], "A/P"):
			s.add(opAMPM, "A/P", 0)
			s.ampm, date = true, true
			i += len("A/P")
		case (c == 'E' || c == 'e') && i+1 < len(code) && (code[i+1] == '+' || code[i+1] == '-') && !date:
			n := 0
			if code[i+1] == '+' {
				n = 1
			}
			s.add(opExponent, "", n)
			i += 2
		case letters && strings.IndexByte("yYmMdDhHsSeEbBgG", c) >= 0:
			n := 1
			for i+n < len(code) && code[i+n]|0x20 == c|0x20 {
				n++
			}
			s.letter(c|0x20, n)
			date = true
			i += n
		case c == '0' || c == '#' || c == '?':
			s.add(opDigit, code[i:i+1], 0)
			i++
		case c == '.':
			s.add(opPoint, ".", 0)
			i++
		case c == '%':
			s.add(opPercent, "%", 0)
			i++
		case c == '/':
			s.add(opSlash, "/", 0)
			i++
		case c == '@':
			s.add(opAt, "", 0)
			i++
		case c == ',':
			s.add(opLiteral, ",", -1)
			i++
		default:
			_, n := utf8.DecodeRuneInString(code[i:])
			s.literal(code[i : i+n])
			i += n
		}
	}
	return date
}

func (s *section) add(o op, text string, n int) { s.toks = append(s.toks, token{o, text, n}) }

func (s *section) literal(text string) {
	if text != "" {
		s.add(opLiteral, text, 0)
	}
}

func (s *section) letter(c byte, n int) {
	switch c {
	case 'y':
		s.add(opYear, "", n)
	case 'm':
		s.add(opMonth, "", n)
	case 'd':
		s.add(opDay, "", n)
	case 'h':
		s.add(opHour, "", n)
	case 's':
		s.add(opSecond, "", n)
	case 'e':
		s.add(opEra, "e", n)
	case 'b':
		s.add(opEra, "b", n)
	}
}

// bracket reads what stands in square brackets: elapsed time, a condition, a currency and locale; colours and
// numeral systems are passed over. It tells whether it makes the section one of time.
func (s *section) bracket(in string) bool {
	low := strings.ToLower(in)
	if low != "" && strings.Trim(low, low[:1]) == "" && strings.Contains("hms", low[:1]) {
		s.add(opElapsed, low[:1], len(low))
		return true
	}
	switch {
	case strings.HasPrefix(in, "$"):
		symbol, locale, _ := strings.Cut(in[1:], "-")
		s.literal(symbol)
		s.locale(locale)
	case strings.IndexAny(in, "<>=") == 0:
		s.cond = parseCondition(in)
	}
	return false
}

func (s *section) locale(locale string) {
	switch strings.ToUpper(locale) {
	case "F800":
		s.system = 'd'
		return
	case "F400":
		s.system = 't'
		return
	}
	if n, err := strconv.ParseUint(locale, 16, 32); err == nil {
		s.lang = languageOfID(uint16(n))
		return
	}
	s.lang = languageOfTag(locale)
}

func parseCondition(in string) condition {
	ops := []struct {
		text string
		op   byte
	}{{"<=", 'l'}, {">=", 'g'}, {"<>", 'n'}, {"<", '<'}, {">", '>'}, {"=", '='}}
	for _, o := range ops {
		if rest, ok := strings.CutPrefix(in, o.text); ok {
			if v, err := strconv.ParseFloat(strings.TrimSpace(rest), 64); err == nil {
				return condition{o.op, v}
			}
			return condition{}
		}
	}
	return condition{}
}

func hasFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}
