package dedupe

import (
	"slices"
	"strconv"
	"strings"
)

// Number is a value of a custom field that may be somebody's own number: a national id, a membership.
type Number struct {
	Field int64
	Text  string
}

// externalField stands for the external id among the fields of numbers.
const externalField = -1

const (
	leastDigits = 6  // a number of fewer is no one's own
	mostLetters = 32 // a text of more is no number
)

// plainNumber gives the digits and letters of what may be somebody's own number, "" for any other text.
func plainNumber(s string) string {
	if len(s) > 2*mostLetters {
		return ""
	}
	digits := 0
	plain := strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			digits++
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r >= 'a' && r <= 'z':
			return r
		case r > 127:
			digits = -1000
		}
		return -1
	}, s)
	if digits < leastDigits || len(plain) > mostLetters || len(plain) > 2*digits {
		return ""
	}
	return plain
}

func numberKey(field int64, text string) string { return strconv.FormatInt(field, 36) + "#" + text }

// numberFields learns from the values of each field what it says when two agree, or nearly agree.
type numberFields map[int64]*numberField

type numberField struct {
	people int32
	tails  []uint32 // the last digits, as a number
	own    bool     // few people have one value
	sparse bool     // values are far from one another: those that are near are one, mistyped
}

func (n numberFields) add(field int64, text string) {
	f := n[field]
	if f == nil {
		f = &numberField{}
		n[field] = f
	}
	f.people++
	tail, scale := uint32(0), uint32(1)
	for i := len(text) - 1; i >= 0 && scale <= 100_000_000; i-- {
		if c := text[i]; c >= '0' && c <= '9' {
			tail += uint32(c-'0') * scale
			scale *= 10
		}
	}
	f.tails = append(f.tails, tail)
}

// learn ends the taking in. A field is somebody's own where a value has fewer than four people; running numbers are told by
// the span that nine in ten of them fill.
func (n numberFields) learn() {
	for _, f := range n {
		slices.Sort(f.tails)
		lo, hi := f.tails[len(f.tails)/20], f.tails[len(f.tails)-1-len(f.tails)/20]
		f.tails = slices.Compact(f.tails)
		f.own = int(f.people) < 4*len(f.tails)
		f.sparse = f.own && float64(hi-lo) > 30*float64(len(f.tails))
		f.tails = nil
	}
}

// nearNumbers tells whether two numbers differ by one slip.
func nearNumbers(a, b string) bool { return min(len(a), len(b)) >= leastDigits && slipped(a, b) }

// compareNumbers weighs the external id and the numbers of custom fields; key is a number that both have and that may be theirs
// alone, 0 for none.
func (f *finder) compareNumbers(a, b *traits, why *Reasons) (score float64, key uint32) {
	for _, x := range f.numbersOf(a) {
		fieldX, textX, _ := strings.Cut(f.texts.text(x), "#")
		for _, y := range f.numbersOf(b) {
			fieldY, textY, _ := strings.Cut(f.texts.text(y), "#")
			if fieldX != fieldY {
				continue
			}
			id, err := strconv.ParseInt(fieldX, 36, 64)
			field := f.numbers[id]
			if err != nil || !field.own {
				continue
			}
			switch {
			case x == y:
				score += wNumber - crowded(f.crowd(x))
				*why |= SameNumber
				key = x
			case field.sparse && nearNumbers(textX, textY):
				score += wNumberNear
				*why |= SimilarNumber
			case field.sparse:
				score += wNumberApart
			}
		}
	}
	return score, key
}
