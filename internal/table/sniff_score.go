package table

import (
	"math"
	"strings"
)

// candidate is a split and how well it explains the sample.
type candidate struct {
	split
	grid  *grid
	score float64
	// The parts of the score.
	width       int     // cells of a typical record
	consistency float64 // how many records of the body have that width
	types       float64 // how well cells look like values
	body0, body int     // first record of the body, and behind its last
	strays      int     // cells that are not quoted but hold the quote
	typed       float64 // share of columns whose cells are of one type
	solid       bool    // one column of values that punctuation holds together: dates, e-mails, URLs ...
}

// maxScoredRows bounds the records that are scored.
const maxScoredRows = 400

// maxScoredCells bounds the cells that are looked at.
const maxScoredCells = 6000

// evaluate fills in the score of a candidate whose grid is cut.
//
// The score follows the thought of van den Burg, Nazábal and Sutton (2019, "Wrangling messy CSV files by
// detecting row and type patterns"): a dialect is right when records have one pattern and cells have types.
// It differs in that lines above and below the table do not count against it, that types are judged by
// column, and that a cell which still holds another delimiter or half a quotation counts as spoilt.
func (c *candidate) evaluate() {
	c.findBody()
	c.types = c.judgeCells()
	w := 0.33
	switch {
	case c.width > 1:
		w = 1 - 0.9/float64(c.width)
	case c.solid:
		w = 0.9
	}
	bad := 1.0
	if n := c.grid.quoted + c.grid.broken; n > 0 {
		bad = 1 - 0.6*float64(c.grid.broken)/float64(n)
	}
	if c.quote == "'" { // an apostrophe is a letter more often than a quote
		if n := c.grid.quoted + c.strays; n > 0 {
			bad *= 1 - 0.5*float64(c.strays)/float64(n)
		}
	}
	if total := strings.Count(c.grid.text[:c.grid.end], `"`); total*3 >= len(c.grid.rows) && c.quote != "'" {
		explained := 2 * (c.grid.quoted + c.grid.doubled)
		bad *= 0.5 + 0.5*min(1, float64(explained)/float64(total))
	}
	c.score = c.consistency * c.consistency * w * c.types * bad * c.prior()
}

// prior is the delimiter's, raised where the columns that it makes have types and every record has them all.
func (c *candidate) prior() float64 {
	p := prior(c.delim)
	if c.delim == ":" && c.cutsTimes() {
		return p / 3
	}
	if p >= 0.9 || strings.ContainsAny(c.delim, "./-_@") {
		return p
	}
	p += (0.9 - p) * c.typed * c.typed * math.Pow(c.consistency, 4)
	if c.delim == " " && c.typed == 0 && c.grid.quoted == 0 { // words of a text, most likely
		p /= 2
	}
	if c.consistency > 0.99 && c.width > 2 && len(c.grid.rows) > 3 && c.delim != " " {
		p += (0.9 - p) * 0.4
	}
	return p
}

// prior says how readily a delimiter is believed. Signs that are common inside values need more evidence.
func prior(delim string) float64 {
	switch delim {
	case "":
		return 1
	case ",", ";", "\t":
		return 1
	case "|", "\x1f", "\x1e", "\x01", "\x02", "\x1c", "\x1d", "¦", "§", "¬":
		return 0.95
	case "^", "~":
		return 0.85
	case "#", "$":
		return 0.55
	case " ":
		return 0.42
	case ":":
		return 0.45
	case "*", "!", "&", "\\", "%":
		return 0.45
	case "=", "@", "+", "_":
		return 0.25
	case "/", "-", ".":
		return 0.15
	}
	if len(delim) > 1 {
		return 0.9
	}
	return 0.3
}

// cutsTimes says whether most colons of the first lines stand in times of day.
func (c *candidate) cutsTimes() bool {
	text := c.grid.text[:min(c.grid.end, 4<<10)]
	times, all := 0, 0
	for i := 1; i+2 < len(text); i++ {
		if text[i] == ':' {
			all++
			if allDigits(text[i-1:i]) && allDigits(text[i+1:i+3]) && text[i+1] < '6' {
				times++
			}
		}
	}
	return times*2 > all
}

// findBody sets width, consistency and body: the stretch of records in which the typical width rules.
func (c *candidate) findBody() {
	rows := c.grid.rows
	widths := make([]int, 0, len(rows)) // of records that are not blank
	index := make([]int, 0, len(rows))
	for i := range rows {
		if !rows[i].blank {
			widths = append(widths, c.widthOf(i))
			index = append(index, i)
		}
	}
	if len(widths) == 0 {
		c.width, c.consistency = 1, 0
		return
	}
	c.width = typical(widths)
	if c.width == 1 {
		c.body0, c.body = index[0], index[len(index)-1]+1
		c.consistency = 1
		return
	}
	first, last := stretch(widths, c.width)
	match, partial := 0.0, 0.0
	for _, w := range widths[first:last] {
		switch {
		case w == c.width:
			match++
		case w > 1 && w < c.width:
			match += 0.4 // cells at the end left out
			partial++
		case w > 1:
			match += 0.2
			partial++
		}
	}
	n := float64(last - first)
	share := n / float64(len(widths))
	c.consistency = (0.85*match/n + 0.15*(match+partial)/n) * (0.4 + 0.6*share)
	if c.consistency > 1 {
		c.consistency = 1
	}
	c.body0, c.body = index[first], index[last-1]+1
}

// widthOf counts the cells of a record. Surplus empty cells at the end do not count where a row is longer
// than the width found so far.
func (c *candidate) widthOf(i int) int {
	n := len(c.grid.rows[i].cells)
	for c.width > 1 && n > c.width && c.grid.rows[i].cells[n-1].from == c.grid.rows[i].cells[n-1].to {
		n--
	}
	return n
}

// typical gives the width that most records share, 1 only where hardly any record has more. A block of
// wider records that holds more cells wins over narrow ones above it: those are a list of keys and values.
func typical(widths []int) int {
	best, bestN := 1, 0
	runs := map[int]*run{}
	for i, w := range widths {
		r := runs[w]
		if r == nil {
			r = &run{first: i}
			runs[w] = r
		}
		r.n++
		r.last = i
	}
	for w, r := range runs {
		if w > 1 && (r.n > bestN || r.n == bestN && w > best) {
			best, bestN = w, r.n
		}
	}
	if one := runs[1]; one != nil && bestN*12 < one.n {
		return 1
	}
	if best == 1 || !runs[best].dense() {
		return best
	}
	wider, cells := best, best*bestN
	for w, r := range runs {
		if w > best && r.n >= 3 && r.n*3 >= bestN && r.dense() && r.first > runs[best].last && (w*r.n > cells || w*r.n == cells && w > wider) {
			wider, cells = w, w*r.n
		}
	}
	return wider
}

// run is how often a width occurs, and where first and last.
type run struct{ n, first, last int }

// dense says whether the width has its stretch of the records for itself.
func (r *run) dense() bool { return r.n*10 >= (r.last-r.first+1)*8 }

// stretch finds the run of records from the first to the last place where the width rules.
func stretch(widths []int, w int) (first, last int) {
	near := func(i, step int) bool { // does the width rule from i on?
		hit, seen := 0, 0
		for ; seen < 5 && i >= 0 && i < len(widths); i += step {
			if widths[i] == w {
				hit += 2
			} else if widths[i] > 1 && widths[i] < w {
				hit++
			}
			seen++
		}
		return hit >= seen
	}
	for first = 0; first < len(widths)-1 && !(widths[first] == w && near(first, 1)); first++ {
	}
	for last = len(widths); last > first+1 && !(widths[last-1] == w && near(last-1, -1)); last-- {
	}
	return first, last
}

// judgeCells gives the mean worth of the body's cells, 0..1, column by column.
func (c *candidate) judgeCells() float64 {
	width := min(c.width, 60)
	kinds := make([][kindCount]int, width)
	worth := make([]float64, width)
	seen := make([]int, width)
	budget := maxScoredCells
	tails, cells, marked := 0, 0, 0
	for r := c.body0; r < c.body && budget > 0; r++ {
		row := &c.grid.rows[r]
		if row.blank {
			continue
		}
		for j := 0; j < width && j < len(row.cells); j++ {
			budget--
			sp := row.cells[j]
			s := c.grid.text[sp.from:sp.to]
			k := kindOf(s)
			if k == kindEmpty {
				continue
			}
			kinds[j][k.family()]++
			seen[j]++
			if c.quote != "" && !sp.quoted && strings.Contains(s, c.quote) {
				c.strays++
			}
			if j > 0 && !sp.quoted && isTail(s, k) {
				tails++
			}
			if k == kindPhone && strings.ContainsAny(s, "+(-") {
				marked++
			}
			cells++
			worth[j] += cellWorth(s, k, sp.quoted, c.delim, c.quote)
		}
	}
	sum, columns, typed := 0.0, 0.0, 0.0
	for j := range width {
		if seen[j] == 0 {
			continue
		}
		top, topKind := 0, kindEmpty
		for k, n := range kinds[j] {
			if n > top {
				top, topKind = n, cellKind(k)
			}
		}
		purity := float64(top) / float64(seen[j])
		if seen[j] > 2 && top == seen[j]-1 {
			purity = 1 // the header, most likely
		}
		if topKind.typed() && purity >= 0.9 {
			typed++
			c.solid = c.width == 1 && topKind != kindInt && topKind != kindBool && (topKind != kindPhone || marked*2 > seen[j])
		}
		sum += worth[j] / float64(seen[j]) * (0.55 + 0.45*purity)
		columns++
	}
	if columns == 0 {
		return 0.05
	}
	c.typed = typed / columns
	empties := 1 - 0.35*(float64(width)-columns)/float64(width)
	if c.delim != "" && tails*5 > cells { // sentences, not cells
		empties *= 0.6
	}
	return sum / columns * empties
}

// isTail says whether s reads like the rest of a sentence: a blank, then small letters, several words.
func isTail(s string, k cellKind) bool {
	return len(s) > 1 && s[0] == ' ' && s[1] >= 'a' && s[1] <= 'z' && (k == kindText || k == kindProse)
}

// kindWorth is how much a cell of each kind speaks for the split that made it.
var kindWorth = [kindCount]float64{
	kindNull: 0.8, kindInt: 1, kindNumber: 1, kindMoney: 1, kindDate: 1, kindTime: 1, kindEmail: 1, kindURL: 1,
	kindPhone: 1, kindTaxID: 1, kindPostal: 1, kindBool: 1, kindIP: 1,
	kindCode: 0.85, kindWord: 0.85, kindText: 0.75, kindProse: 0.5, kindOdd: 0.35,
}

// cellWorth lowers the worth of a kind by what should not be in a cell that was cut rightly.
func cellWorth(s string, k cellKind, quoted bool, delim, quote string) float64 {
	v := kindWorth[k]
	if quoted {
		return max(v, 0.85)
	}
	if k.typed() && k != kindURL {
		return v
	}
	if delim != " " && len(s) > 1 && s[0] == ' ' && s[1] >= 'a' && s[1] <= 'z' && k != kindWord {
		v *= 0.6 // the rest of a sentence
	}
	s = trimCell(s)
	if k == kindOdd && len(s) == 1 {
		return 0 // a piece of a longer delimiter
	}
	var semi, tab, pipe, comma, tight, quotes, opened int
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case ';':
			semi++
		case '\t':
			tab++
		case '|':
			pipe++
		case ',':
			comma++
			if i+1 < len(s) && s[i+1] != ' ' {
				tight++
			}
		case '"':
			quotes++
		case '(', '[', '{':
			opened++
		case ')', ']', '}':
			opened--
		}
	}
	if delim != "\t" && tab > 0 {
		v *= 0.25
	}
	if delim == "" && semi+pipe+tight > 0 {
		v *= 0.6
	}
	if delim != ";" && semi > 0 {
		v *= 0.55
	}
	if !strings.Contains(delim, "|") && pipe > 0 {
		v *= 0.45
	}
	if delim != "," && tight > 0 {
		v *= 0.7
	}
	if delim != "," && comma > 1 && tight == comma {
		v *= 0.7
	}
	if opened != 0 {
		v *= 0.6
	}
	if quotes > 0 && quote != `"` {
		switch {
		case s[0] == '"' && s[len(s)-1] == '"' && len(s) > 1:
			v *= 0.45
		case s[0] == '"' || s[len(s)-1] == '"' && quotes == 1 && !endsInch(s):
			v *= 0.3
		}
	}
	if quote != "'" && len(s) > 1 && s[0] == '\'' {
		if s[len(s)-1] == '\'' {
			v *= 0.6
		} else {
			v *= 0.85
		}
	}
	return v
}

// endsInch says whether s ends in an inch mark: a quote behind a digit.
func endsInch(s string) bool {
	return len(s) > 1 && s[len(s)-2] >= '0' && s[len(s)-2] <= '9'
}
