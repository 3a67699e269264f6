package table

import "strings"

// padding is what a program puts around the delimiters of every row: "a, b" or "a | b". It is no part of the cells,
// where all that are not quoted have it.
type padding struct {
	left, right  bool // blanks stand behind, before every delimiter
	lefts, cells int  // cells that begin with a blank, of those behind a delimiter that hold anything
	rights, ends int  // cells that end with one, of those before a delimiter
}

// minPadded is how many cells must have the blank for it to be taken as padding.
const minPadded = 4

// learn looks at a record.
func (p *padding) learn(rec *record) {
	last := len(rec.cells) - 1
	for i := range rec.cells {
		c := rec.cell(i)
		if rec.cells[i].quoted || len(c) == 0 {
			continue
		}
		if i > 0 {
			p.cells++
			if c[0] == ' ' {
				p.lefts++
			}
		}
		if i < last {
			p.ends++
			if c[len(c)-1] == ' ' {
				p.rights++
			}
		}
	}
}

// settle decides once enough is seen.
func (p *padding) settle(delim string) {
	if delim == "" || strings.ContainsAny(delim, " \t") {
		return
	}
	p.left = p.cells >= minPadded && p.lefts == p.cells
	p.right = p.ends >= minPadded && p.rights == p.ends
}

// trim takes the padding off the cells of a record: one blank, or where there are blanks on both sides, as in drawn
// tables whose columns are filled up, all of them.
func (p *padding) trim(rec *record) {
	for i := range rec.cells {
		c := &rec.cells[i]
		if c.quoted {
			continue
		}
		for n := 0; c.start < c.end && rec.data[c.start] == ' ' && (p.right || n == 0 && i > 0); n++ {
			if !p.left {
				break
			}
			c.start++
		}
		for n := 0; c.start < c.end && rec.data[c.end-1] == ' ' && (p.left || n == 0 && i < len(rec.cells)-1); n++ {
			if !p.right {
				break
			}
			c.end--
		}
	}
}

// isRuler tells if a line of a table that is width columns wide only draws: ----+----, |---|:--:|, ;=====;===
func isRuler(line []byte, width int) bool {
	run, runs := 0, 0
	for _, c := range line {
		switch c {
		case '-', '=':
			if run++; run == 3 {
				runs++
			}
			continue
		case '+', '|', ':', ';', ',', ' ', '\t', '\r', '\n':
		default:
			return false
		}
		run = 0
	}
	return runs > 1 && runs >= width-2 // a frame at both sides makes two empty columns
}
