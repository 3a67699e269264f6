package table

import "strings"

// maxScoredCells bounds the cells that are looked at.
const maxScoredCells = 6000

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
