package table

import "strings"

// wide says whether row i could belong to the table rather than be a title or a note.
func (s *shaper) wide(i int) bool {
	if s.usual == 1 {
		return s.fill[i] > 0
	}
	return s.fill[i] >= 2 && s.fill[i]*2 >= s.usual
}

// start finds the first row of the table: a wide one that is followed by more of its kind.
func (s *shaper) start() int {
	if s.usual == 1 {
		return s.startOfList()
	}
	return s.startFrom(s.skipComments())
}

// startFrom is start from row from on.
func (s *shaper) startFrom(from int) int {
	for i := from; i < len(s.rows); i++ {
		if !s.wide(i) {
			continue
		}
		if i == s.firstFilled(from) && s.namesColumns(i) {
			return i // though ragged rows follow
		}
		if s.exact && s.length(i) != s.width && s.oddLength(i) {
			continue
		}
		hit, seen := 0, 0
		for k := i + 1; k < len(s.rows) && seen < 4; k++ {
			if s.fill[k] > 0 {
				seen++
				if s.wide(k) {
					hit++
				}
			}
		}
		if hit*2 >= seen {
			return i
		}
	}
	return s.firstFilled(from)
}

// isKeysAndValues says whether rows first to end are a few lines "Company; Example Ltd" above the table
// proper, which is longer, rather than a table.
func (s *shaper) isKeysAndValues(first, end int) bool {
	above, below := 0, 0
	for i := first; i < len(s.rows); i++ {
		switch {
		case s.fill[i] == 0:
		case i >= end:
			below++
		case s.fill[i] > 2 || s.left[i] > 1:
			return false
		default:
			above++
		}
	}
	return above <= 6 && below >= 2*above
}

// namesColumns says whether row i is a header beyond doubt, whatever the lengths of the rows below.
func (s *shaper) namesColumns(i int) bool {
	if s.fill[i] < 2 {
		return false
	}
	return s.headerWords(i) == s.fill[i] || s.fill[i] >= s.usual && s.length(i) >= s.width && s.allWords(i) && s.headerScore(i) > 1
}

// skipComments gives the first row behind the comment lines at the top.
func (s *shaper) skipComments() int {
	marked, all := 0, 0
	for i := range s.rows {
		if s.fill[i] > 0 {
			all++
			if isComment(s.firstCell(i)) {
				marked++
			}
		}
	}
	i := s.firstFilled(0)
	if marked == 0 || marked*2 > all && all > 4 || marked == all {
		return i
	}
	for i < len(s.rows) && isComment(s.firstCell(i)) {
		i = s.nextFilled(i)
	}
	return i
}

// isComment says whether a first cell begins a comment line. A cell "#" alone is the name of a column.
func isComment(c string) bool {
	return len(c) > 1 && (c[0] == '#' || c[0] == '%' || strings.HasPrefix(c, "//"))
}

// oddLength says whether row i stands apart from the rows below it by its length.
func (s *shaper) oddLength(i int) bool {
	if d := s.length(i) - s.width; d == 1 || d == -1 && s.width > 3 {
		return false // one delimiter more or less is a slip
	}
	same, seen := 0, 0
	for k := i + 1; k < len(s.rows) && seen < 6; k++ {
		if s.fill[k] > 0 {
			seen++
			if s.length(k) == s.length(i) {
				same++
			}
		}
	}
	return seen > 0 && same*3 < seen
}

// startOfList is start for tables of one column: comment lines and a title over a blank line are no data.
func (s *shaper) startOfList() int {
	i := s.firstFilled(0)
	for i < len(s.rows) && s.fill[i] > 0 && strings.HasPrefix(s.firstCell(i), "#") {
		next := s.firstFilled(i + 1)
		if next >= len(s.rows) || strings.HasPrefix(s.firstCell(next), "#") && next > i+3 {
			break
		}
		i = next
	}
	return i
}
