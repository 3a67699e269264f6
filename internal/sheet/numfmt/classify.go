package numfmt

import (
	"strconv"
	"strings"
)

// finishDate decides which m is a minute, joins parts of a second, and names the kind.
func (s *section) finishDate() {
	s.subseconds()
	day, clock, elapsed := s.system == 'd', s.system == 't', false
	last := op(0)
	for i := range s.toks {
		t := &s.toks[i]
		if t.op == opMonth && t.n <= 2 && (last == opHour || s.nextLetter(i) == opSecond) {
			t.op = opMinute
		}
		switch t.op {
		case opYear, opMonth, opDay, opEra:
			day = true
		case opHour, opMinute, opAMPM:
			clock = true
		case opSecond, opSub:
			clock, s.seconds = true, true
		case opElapsed:
			elapsed = true
			s.seconds = s.seconds || t.text == "s"
			if t.text == "h" {
				last = opHour
			}
		}
		if t.op >= opYear && t.op <= opSecond {
			last = t.op
		}
	}
	switch {
	case elapsed:
		s.kind = Duration
	case day && clock:
		s.kind = DateTime
	case clock:
		s.kind = Time
	case day:
		s.kind = Date
	default:
		s.kind = Literal
	}
}

func (s *section) nextLetter(i int) op {
	for _, t := range s.toks[i+1:] {
		if t.op >= opYear && t.op <= opSecond {
			return t.op
		}
		if t.op == opElapsed && t.text == "s" {
			return opSecond
		}
	}
	return 0
}

// subseconds joins a point and the zeros behind it, where they follow seconds.
func (s *section) subseconds() {
	out := s.toks[:0]
	for i := 0; i < len(s.toks); i++ {
		t := s.toks[i]
		after := len(out) > 0 && (out[len(out)-1].op == opSecond || out[len(out)-1].op == opElapsed && out[len(out)-1].text == "s")
		if t.op != opPoint || !after {
			out = append(out, t)
			continue
		}
		n := 0
		for i+1 < len(s.toks) && s.toks[i+1].op == opDigit && s.toks[i+1].text == "0" {
			n++
			i++
		}
		if n == 0 {
			out = append(out, token{op: opLiteral, text: "."})
			continue
		}
		n = min(n, 3)
		s.subs = max(s.subs, n)
		out = append(out, token{op: opSub, n: n})
	}
	s.toks = out
}

// finishNumber counts placeholders, judges commas, and names the kind.
func (s *section) finishNumber() {
	s.commas()
	part := 0 // 0 before the point, 1 behind it, 2 in the exponent, 3 behind the slash
	for i := range s.toks {
		t := &s.toks[i]
		switch t.op {
		case opDigit:
			switch part {
			case 0:
				s.ints++
			case 1:
				s.decs++
			case 2:
				s.exps++
			case 3:
				s.denom++
			}
		case opPoint:
			if part != 0 {
				t.op = opLiteral
				continue
			}
			part = 1
		case opExponent:
			part = 2
		case opPercent:
			s.percents++
		case opSlash:
			if !s.fraction(i) {
				t.op = opLiteral
				continue
			}
			part = 3
		}
	}
	s.kind = s.numberKind()
}

// fraction makes a fraction of the slash at i, where a placeholder stands before it and one or a number behind it.
func (s *section) fraction(i int) bool {
	if i == 0 || i+1 == len(s.toks) || s.toks[i-1].op != opDigit || s.numer > 0 {
		return false
	}
	next := s.toks[i+1]
	if next.op == opDigit && next.text != "0" || next.op == opDigit && (i+2 == len(s.toks) || s.toks[i+2].op != opDigit) {
		s.takeNumerator(i)
		return true
	}
	if next.op != opLiteral || next.text[0] < '1' || next.text[0] > '9' {
		return false
	}
	n, j := 0, i+1
	for ; j < len(s.toks) && n < 10000; j++ {
		t := s.toks[j]
		if len(t.text) != 1 || t.text[0] < '0' || t.text[0] > '9' {
			break
		}
		n = n*10 + int(t.text[0]-'0')
		s.toks[j].text, s.toks[j].op = "", opLiteral
	}
	s.fixed = n
	s.toks[i+1].text = strconv.Itoa(n)
	s.takeNumerator(i)
	return true
}

// takeNumerator moves the placeholders right before the slash at i from the whole number to the numerator.
func (s *section) takeNumerator(i int) {
	for j := i - 1; j >= 0 && s.toks[j].op == opDigit; j-- {
		s.numer++
		s.ints--
	}
}

// commas takes out the commas that are thousands separators (between placeholders) or scales (behind the last).
func (s *section) commas() {
	last := -1
	for i, t := range s.toks {
		if t.op == opPoint || t.op == opExponent {
			break
		}
		if t.op == opDigit {
			last = i
		}
	}
	out := s.toks[:0]
	digits := false
	for i, t := range s.toks {
		if t.op == opDigit {
			digits = true
		}
		if t.op != opLiteral || t.n != -1 {
			out = append(out, t)
			continue
		}
		switch {
		case digits && i < last:
			s.thousands = true
		case digits && i > last && (s.toks[i-1].op == opDigit || s.toks[i-1].n == -1):
			s.scale++
		default:
			t.n = 0
			out = append(out, t)
		}
	}
	s.toks = out
}

func (s *section) numberKind() Kind {
	has := func(o op) bool {
		for _, t := range s.toks {
			if t.op == o {
				return true
			}
		}
		return false
	}
	switch {
	case s.system == 'd':
		return Date
	case s.system == 't':
		return Time
	case has(opGeneral):
		return General
	case has(opAt):
		return Text
	case s.ints+s.decs+s.numer == 0:
		if len(s.toks) == 0 || s.percents > 0 {
			return Number
		}
		return Literal
	case s.percents > 0:
		return Percent
	case has(opExponent):
		return Scientific
	case has(opSlash):
		return Fraction
	case s.isCode():
		return Code
	}
	return Number
}

// isCode tells formats whose zeros and separators are part of what a person reads: 00000-000 (CEP), 000"."000"."000"-"00,
// (00) 00000-0000, 0000000, +0. A currency, a unit and thousands separators, as a comma or spelled out (# ##0), make
// no code.
func (s *section) isCode() bool {
	if s.thousands || s.scale > 0 || s.decs > 0 {
		return false
	}
	var groups []int // placeholders between separators
	zeros, group, pending, separators, marked := 0, 0, "", "", false
	for _, t := range s.toks {
		switch t.op {
		case opPoint:
			return false
		case opDigit:
			if pending != "" && group > 0 {
				groups = append(groups, group)
				group = 0
				separators += pending
			}
			pending = ""
			group++
			if t.text == "0" {
				zeros++
			}
		case opLiteral:
			if group > 0 {
				pending += t.text
			} else {
				marked = marked || t.text == "+" || t.text == "("
			}
		}
	}
	if zeros < 2 && !marked && spelledThousands(append(groups, group), separators) {
		return false
	}
	return len(groups) > 0 || marked || zeros >= 2
}

// spelledThousands tells groups of three placeholders, but for the first, with separators of thousands between them.
func spelledThousands(groups []int, separators string) bool {
	if len(groups) < 2 || groups[0] > 3 {
		return false
	}
	for _, n := range groups[1:] {
		if n != 3 {
			return false
		}
	}
	return strings.Trim(separators, ".,' \u00A0\u202F") == ""
}
