package table

import (
	"math"
	"strings"
)

// header decides how many rows from first on are the header, and whether rows above belong to it too.
func (s *shaper) header(first int) (at, rows int, sure, sureFirst float64) {
	if first >= len(s.rows) {
		return first, 0, 0, 0
	}
	at, sureFirst = first, 0.9
	score := s.headerScore(first)
	// A title that is as wide as the table: the real header may be a few rows below.
	if next := s.nextFilled(first); score < 2.5 && next < len(s.rows) && next <= first+3 &&
		s.fill[first] < s.fill[next] && s.fill[first]*3 <= s.usual*2 {
		if below := s.headerScore(next); below > 0.5 && below > score {
			if s.isGroupRow(first, next) {
				return s.extend(first, next, below)
			}
			at, score, sureFirst = next, below, 0.7
		}
	}
	if up := s.previousFilled(at); up == at-1 && up >= 0 && score < 1.5 && isComment(s.firstCell(up)) && s.length(up) == s.length(at) {
		if above := s.headerScore(up); above > 0.5 && above > score { // #id,name
			return s.extend(up, up, above)
		}
	}
	if score <= 0 {
		return at, 0, logistic(-score), sureFirst
	}
	if up := s.previousFilled(at); up >= 0 && up == at-1 && s.isGroupRow(up, at) {
		return s.extend(up, at, score)
	}
	return s.extend(at, at, score)
}

// extend counts the header's rows: from at, with the names in row names, and whatever continues below.
func (s *shaper) extend(at, names int, score float64) (int, int, float64, float64) {
	last := names
	for k := s.nextFilled(last); k < len(s.rows) && k == last+1 && k-at < 6; k = s.nextFilled(last) {
		if !s.continues(names, k) {
			break
		}
		last = k
	}
	sure := logistic(score)
	if last > at {
		sure *= 0.85
	}
	return at, last - at + 1, sure, 0.9
}

func logistic(score float64) float64 { return 1 / (1 + math.Exp(-score)) }

func (s *shaper) nextFilled(i int) int { return s.firstFilled(i + 1) }

func (s *shaper) previousFilled(i int) int {
	for i--; i >= 0 && s.fill[i] == 0; i-- {
	}
	return i
}

// headerScore weighs, in nats, whether row i names the columns of the rows below it.
func (s *shaper) headerScore(i int) float64 {
	width := min(max(s.width, len(s.kinds[i])), shapeColumns)
	score, columns, values, days := 0.0, 0, 0, 0
	counted := s.isYearRow(i)
	for j := range width {
		h := s.cell(i, j)
		col := s.column(i, j, h)
		if h == "" && col.n == 0 {
			continue
		}
		columns++
		k := s.kind(i, j)
		if k == kindBool && col.equal == 0 { // No, Ativo: words for a column, where the column does not hold them
			k = kindWord
		}
		v := columnScore(h, k, &col)
		if w := headerWord(h); w > 0 && !k.typed() {
			v += w
		}
		if counted && k == kindInt {
			v = 0.6
		}
		switch k {
		case kindEmail, kindURL, kindPhone, kindTaxID, kindMoney, kindIP, kindPostal:
			values++
		case kindDate, kindTime:
			days++
		}
		score += v
	}
	if columns == 0 {
		return -1
	}
	score /= math.Sqrt(float64(columns))
	score += 0.7 + s.uniqueness(i)
	if s.usual == 1 && s.headerWords(i) == 0 { // a list of names begins with a name
		score -= 0.5
	}
	if values > 0 || days > 0 && days < 3 { // no column is named so
		score -= 1.5
	}
	if s.below(i) == 0 { // one line only: its words decide
		score -= 0.6
	}
	return score
}

// below counts the rows that hold something below i, up to a few.
func (s *shaper) below(i int) (n int) {
	for k := i + 1; k < len(s.rows) && n < 3; k++ {
		if s.fill[k] > 0 {
			n++
		}
	}
	return n
}

// sameRow says whether two rows hold the same texts, case aside.
func (s *shaper) sameRow(a, b int) bool {
	if s.fill[a] != s.fill[b] || s.left[a] != s.left[b] {
		return false
	}
	n := max(len(s.rows[a]), len(s.rows[b]))
	for j := range n {
		if !strings.EqualFold(s.cell(a, j), s.cell(b, j)) {
			return false
		}
	}
	return true
}

// isYearRow says whether the row holds a run of years or other numbers that count up by one: names of
// columns in tables of time series.
func (s *shaper) isYearRow(i int) bool {
	last, runs, years, first, contrast := -1, 0, true, -1, 0
	for j := range s.kinds[i] {
		if s.kinds[i][j] != kindInt {
			continue
		}
		n, ok := smallNumber(s.cell(i, j), 4)
		if !ok || last >= 0 && n != last+1 && n != last-1 {
			return false
		}
		if last >= 0 {
			runs++
		} else {
			first = n
		}
		if b := s.nextFilled(i); b < len(s.rows) && s.kind(b, j) != kindInt && s.kind(b, j) != kindEmpty {
			contrast++
		}
		years = years && n > 1800 && n < 2200
		last = n
	}
	if runs == 0 || s.below(i) == 0 {
		return false
	}
	for k := i + 1; k < len(s.rows) && k < i+20; k++ { // rows below do not count up as well
		for j := range s.kinds[k] {
			if n, ok := smallNumber(s.cell(k, j), 4); ok && s.kind(i, j) == kindInt && years && n > 1800 && n < 2200 {
				return false
			}
		}
	}
	return years || runs >= 4 || first <= 1 && contrast*2 > runs+1 // 0,1,2 as programs number columns
}

// uniqueness rewards a row whose texts differ from each other, as names of columns do.
func (s *shaper) uniqueness(i int) float64 {
	if s.fill[i] < 2 {
		return 0
	}
	seen := make(map[string]bool, s.fill[i])
	twice := 0
	for j := range s.rows[i] {
		if c := s.cell(i, j); c != "" {
			if seen[c] {
				twice++
			}
			seen[c] = true
		}
	}
	if twice == 0 {
		return 0.2
	}
	return -0.5 * float64(twice) / float64(s.fill[i])
}
