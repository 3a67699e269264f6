// Package numfmt reads the number formats of spreadsheets and writes values by them.
//
// The language of formats is that of ECMA-376 part 1, 18.8.31: up to four sections for positive, negative, zero and
// text, with conditions, placeholders, date letters and literals. Two texts are given for a value: the one that
// Excel displays in the en-US locale ([Format.Show]), and the one that an importer wants ([Format.AppendText]).
package numfmt

import "strings"

// maxCode bounds the length of a format, in bytes; Excel allows 255 characters.
const maxCode = 2048

// Kind says what a section of a format shows.
type Kind uint8

// The kinds. Code is a number whose format adds zeros or separators that belong to it, such as 00000-000.
const (
	General Kind = iota
	Number
	Percent
	Scientific
	Fraction
	Code
	Date
	Time
	DateTime
	Duration
	Text
	Literal // no placeholder at all
)

// Format is a parsed format. It does not change and may be used by several goroutines.
type Format struct {
	sections []section
	plain    bool // numbers of every sign are taken as they are
}

type section struct {
	kind   Kind
	toks   []token
	cond   condition
	lang   language
	system byte // 'F8' long date or 'F4' time of the system: 'd' or 't', else 0

	percents  int
	thousands bool // a comma between digits
	scale     int  // commas behind the last digit: thousands left out
	ints      int  // placeholders before the point
	decs      int  // placeholders behind it
	exps      int  // placeholders of the exponent
	numer     int  // placeholders of a fraction's numerator
	denom     int  // of its denominator
	fixed     int  // a denominator that is given, else 0
	seconds   bool // seconds are shown
	subs      int  // digits of parts of a second
	ampm      bool
}

type condition struct {
	op  byte // '<', '>', '=', 'l' for <=, 'g' for >=, 'n' for <>, 0 for none
	val float64
}

func (c condition) holds(v float64) bool {
	switch c.op {
	case '<':
		return v < c.val
	case '>':
		return v > c.val
	case '=':
		return v == c.val
	case 'l':
		return v <= c.val
	case 'g':
		return v >= c.val
	}
	return v != c.val
}

// New parses a format code. There is no wrong code: what is not understood is taken as literal text.
func New(code string) *Format {
	if len(code) > maxCode {
		code = "General"
	}
	f := &Format{plain: true}
	for _, part := range splitSections(code) {
		f.sections = append(f.sections, parseSection(part))
	}
	for i := range f.sections {
		switch f.sections[i].kind {
		case General, Number, Scientific, Fraction, Text:
		default:
			f.plain = false
		}
	}
	return f
}

// splitSections cuts at semicolons outside quotes, brackets and escapes. More than four sections are cut off.
func splitSections(code string) []string {
	var out []string
	start, quoted, bracket := 0, false, false
	for i := 0; i < len(code); i++ {
		switch c := code[i]; {
		case c == '"' && !bracket:
			quoted = !quoted
		case quoted:
		case c == '[':
			bracket = true
		case c == ']':
			bracket = false
		case (c == '\\' || c == '_' || c == '*') && !bracket:
			i++
		case c == ';' && !bracket:
			out = append(out, code[start:i])
			start = i + 1
		}
	}
	out = append(out, code[min(start, len(code)):])
	return out[:min(len(out), 4)]
}

// choose gives the section for v, and whether the number is to be shown with its sign. nil: no section is meant for
// it, which Excel shows as General where there is one section, and else as overflow.
//
// The rules for signs are as observed in Excel: a condition that only negative numbers can meet takes the sign away.
func (f *Format) choose(v float64) (s *section, signed bool) {
	all := f.sections
	if n := len(all); n == 4 || n > 1 && hasAt(all[n-1].toks) {
		all = all[:n-1] // the section for text
	}
	n := len(all)
	if all[0].cond.op == 0 && (n < 2 || all[1].cond.op == 0) {
		switch {
		case n == 1:
			return &all[0], true
		case v < 0:
			return &all[1], false
		case v == 0 && n > 2:
			return &all[2], false
		}
		return &all[0], false
	}
	first := all[0].cond
	if first.op == 0 {
		first = condition{'>', 0}
		if n < 3 {
			first = condition{'g', 0}
		}
	}
	if first.holds(v) {
		return &all[0], !first.negative()
	}
	if n == 1 {
		return nil, !first.below()
	}
	second := all[1].cond
	switch {
	case second.op != 0 && second.holds(v):
		return &all[1], !second.negative()
	case second.op == 0 && n == 2:
		return &all[1], !first.below()
	case second.op == 0 && v < 0:
		return &all[1], false
	case n == 2:
		return nil, true
	}
	return &all[2], true
}

// negative tells conditions that only numbers below zero meet.
func (c condition) negative() bool {
	return c.op == '<' && c.val <= 0 || (c.op == 'l' || c.op == '=') && c.val < 0
}

// below tells conditions whose opposite is taken to be about size, not about sign.
func (c condition) below() bool { return c.op == '<' || c.op == 'l' || c.op == 'n' }

func hasAt(toks []token) bool {
	for _, t := range toks {
		if t.op == opAt {
			return true
		}
	}
	return false
}

// Kind says what the format shows for the value v.
func (f *Format) Kind(v float64) Kind {
	s, _ := f.choose(v)
	if s == nil {
		return Number
	}
	return s.kind
}

// IsDate tells whether the format shows positive numbers as dates, times or durations.
func (f *Format) IsDate() bool {
	k := f.Kind(1)
	return k >= Date && k <= Duration
}

// Plain tells whether numbers of this format are best taken as they stand, with no need of [Format.AppendText].
func (f *Format) Plain() bool { return f == nil || f.plain }

// ShowText gives a text cell as Excel displays it.
func (f *Format) ShowText(text string) string {
	last := &f.sections[len(f.sections)-1]
	if len(f.sections) < 4 && !hasAt(last.toks) {
		return text
	}
	if len(last.toks) == 1 && last.toks[0].op == opAt {
		return text
	}
	var b strings.Builder
	for _, t := range last.toks {
		switch t.op {
		case opAt:
			b.WriteString(text)
		case opLiteral:
			b.WriteString(t.text)
		}
	}
	return b.String()
}
