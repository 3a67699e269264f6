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
