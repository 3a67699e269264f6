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
	years   int // cells that are a year
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
		case strong && k == kindInt && col.years == 0 && isYear(h):
			return -0.2
		case strong && k.family() == col.family:
			return -2.2 * col.share
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

func isYear(s string) bool {
	n, ok := smallNumber(s, 4)
	return ok && n > 1800 && n < 2200
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
		if kd == kindInt && isYear(cell) {
			col.years++
		}
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
