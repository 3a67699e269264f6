package table

import (
	"math"
	"strings"
)

// shapeColumn sums up the cells of one column below a row that may be its header.
type shapeColumn struct {
	n       int // cells that hold something
	typed   int // of them, of the family below
	family  cellKind
	share   float64 // typed / n
	textual int     // cells of words
	cases   [caseCount]int
	words   [4]int
	equal   int // cells that repeat the header's text
	sumLen  int
	prose   int
	digits  int // cells of words that hold a digit
}

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
	score, columns, filled, values, days := 0.0, 0, 0, 0, 0
	for j := range width {
		h := s.cell(i, j)
		col := s.column(i, j, h)
		if h == "" && col.n == 0 {
			continue
		}
		columns++
		if h != "" {
			filled++
		}
		v := columnScore(h, s.kind(i, j), &col)
		if w := headerWord(h); w > 0 && !s.kind(i, j).typed() {
			v += w
		}
		switch s.kind(i, j) {
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
	if s.isYearRow(i) {
		score += 1.2 * float64(filled)
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

// columnScore weighs one column: a name over values of another kind speaks for a header, a value like the
// ones below against it.
func columnScore(h string, k cellKind, col *shapeColumn) float64 {
	switch {
	case h == "":
		return -0.15
	case k == kindEmail || k == kindURL || k == kindTaxID || k == kindPhone:
		return -2.5
	case k == kindNull:
		return -0.5
	case col.n == 0:
		if k.typed() {
			return -0.6
		}
		return 0.15
	}
	strong := col.family.typed() && col.share >= 0.6
	if k.typed() {
		switch {
		case strong && k.family() == col.family:
			return -1.6 * col.share
		case k == kindDate || k == kindTime:
			return -0.3
		}
		return -0.7
	}
	v := 0.0
	if strong {
		v = 1.6 * col.share * math.Min(1, 0.5+float64(col.n)/6)
		if col.family == kindBool {
			v *= 0.5
		}
		return v
	}
	v = likeBody(h, col)
	if col.equal > 0 {
		v -= 1
	}
	if k == kindProse || len(h) > 60 {
		v -= 0.6
	}
	if k == kindProse && col.prose*2 > col.n {
		v -= 0.8
	}
	if k == kindCode && col.family == kindCode && col.share > 0.6 {
		v -= 0.8
	}
	return v
}

// likeBody compares the look of h (letter case, number of words) with the column's cells: ln of how likely
// a header has that look over how likely a cell of this column has it.
func likeBody(h string, col *shapeColumn) float64 {
	if col.textual < 2 {
		return 0
	}
	n := float64(col.textual)
	c, w := caseOf(h), min(len(strings.Fields(h)), 4)-1
	if w < 0 {
		return 0
	}
	body := (float64(col.cases[c]) + 0.5) / (n + 1) * (float64(col.words[w]) + 0.5) / (n + 1)
	header := headerCases[c] * headerWords[w]
	v := 0.6 * math.Log(header/body)
	if l := float64(col.sumLen) / n; float64(len(h)) < l/3 || float64(len(h)) > l*3 {
		v += 0.25
	}
	switch digit := strings.ContainsAny(h, "0123456789"); {
	case digit && float64(col.digits) > n/2:
		v -= 0.5
	case !digit && float64(col.digits) > n*0.8:
		v += 0.5
	}
	return math.Max(-1.1, math.Min(0.9, v))
}

// Shares of looks among the names of columns, estimated from header lines of business systems and open data.
var (
	headerCases = [caseCount]float64{caseLower: 0.3, caseUpper: 0.22, caseTitle: 0.33, caseMixed: 0.15}
	headerWords = [4]float64{0.55, 0.27, 0.12, 0.06}
)

// letterCase is the use of capitals in a text.
type letterCase uint8

const (
	caseLower letterCase = iota
	caseUpper
	caseTitle // every long word begins with a capital
	caseMixed
	caseCount
)

func caseOf(s string) letterCase {
	upper, lower, words, capital := 0, 0, 0, 0
	start := true
	for _, r := range s {
		switch {
		case r >= 'a' && r <= 'z' || r >= 'ß' && r <= 'ÿ':
			lower++
			if start {
				words++
			}
			start = false
		case r >= 'A' && r <= 'Z' || r >= 'À' && r <= 'Þ':
			upper++
			if start {
				words++
				capital++
			}
			start = false
		default:
			start = r == ' ' || r == '-' || r == '.' || r == '/'
		}
	}
	switch {
	case upper == 0:
		return caseLower
	case lower == 0:
		return caseUpper
	case capital == words || capital >= 2 && capital*3 >= words*2:
		return caseTitle
	}
	return caseMixed
}

// column sums up column j below row i, rows that repeat row i left out.
func (s *shaper) column(i, j int, h string) shapeColumn {
	var col shapeColumn
	var kinds [kindCount]int
	seen := 0
	for k := i + 1; k < len(s.rows) && seen < 120; k++ {
		if s.fill[k] == 0 || s.usual > 1 && s.fill[k] < 2 || s.usual > 1 && s.sameRow(i, k) {
			continue
		}
		seen++
		kd := s.kind(k, j)
		if kd == kindEmpty || kd == kindNull {
			continue
		}
		col.n++
		kinds[kd.family()]++
		cell := s.cell(k, j)
		if kd == kindWord || kd == kindText || kd == kindProse || kd == kindCode {
			col.textual++
			col.cases[caseOf(cell)]++
			if w := min(len(strings.Fields(cell)), 4) - 1; w >= 0 {
				col.words[w]++
			}
			col.sumLen += len(cell)
			if strings.ContainsAny(cell, "0123456789") {
				col.digits++
			}
			if kd == kindProse {
				col.prose++
			}
		}
		if len(cell) == len(h) && strings.EqualFold(cell, h) {
			col.equal++
		}
	}
	for k, n := range kinds {
		if n > col.typed {
			col.typed, col.family = n, cellKind(k)
		}
	}
	if col.n > 0 {
		col.share = float64(col.typed) / float64(col.n)
	}
	return col
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
	last, runs, years := 0, 0, true
	for j := range s.kinds[i] {
		if s.kinds[i][j] != kindInt {
			continue
		}
		n, ok := smallNumber(s.cell(i, j), 4)
		if !ok || last > 0 && n != last+1 && n != last-1 {
			return false
		}
		if last > 0 {
			runs++
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
	return years || runs >= 4
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
