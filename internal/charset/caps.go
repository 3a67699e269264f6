package charset

import "math"

// A habit is how the file uses capitals: what a small, and what a capital letter costs at the start of a word, in
// eighths of a bit.
type habit struct {
	small, capital int
}

// habitOf counts the ASCII words that begin with a capital and go on small, and those all small.
func habitOf(ascii []word) habit {
	small, capital := 1.0, 1.0
	for _, w := range ascii {
		first, second := w.text[0], w.text[1]
		switch {
		case second < 'a' || second > 'z':
		case first >= 'a' && first <= 'z':
			small++
		default:
			capital++
		}
	}
	bits := func(n float64) int { return min(5*8, int(-8*math.Log2(n/(small+capital)))) }
	return habit{bits(small), bits(capital)}
}

// evenHabit knows nothing of the file.
func evenHabit() habit { return habit{8, 8} }

// cost is what the capitals of a word cost: "MAçã" and "joÃo" are written by no one.
func (h habit) cost(word []glyph) int {
	total := 0
	for i, g := range word {
		if !g.cased || g.fold < 0x80 {
			continue
		}
		var p, q glyph
		if i > 0 {
			p = word[i-1]
		}
		if i+1 < len(word) {
			q = word[i+1]
		}
		first := i < 2 || !word[i-2].cased // p begins the word
		total += h.pair(g.upper, p, q, first)
	}
	return total
}

// pair is the cost of one letter between p and q.
func (h habit) pair(upper bool, p, q glyph, first bool) int {
	switch {
	case upper && p.cased && !p.upper:
		return 9 * 8
	case upper && p.upper && q.cased && !q.upper:
		return 9 * 8
	case upper && p.upper && !q.cased && first:
		return 2 * 8
	case upper && p.upper:
		return 0
	case upper && q.upper:
		return 4
	case upper:
		return h.capital
	case p.upper && q.upper:
		return 10 * 8
	case p.upper && !q.cased && !first:
		return 9 * 8
	case p.upper && !q.cased:
		return 8
	case !p.cased && q.upper:
		return 8 * 8
	case !p.cased:
		return h.small
	}
	return 0
}
