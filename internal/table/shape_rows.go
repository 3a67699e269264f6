package table

import "strings"

// continues says whether row k, right below the names, is still header: the same names again, a line of
// units, or the rest of names that were wrapped.
func (s *shaper) continues(names, k int) bool {
	if s.sameRow(names, k) {
		return s.usual > 1 || s.headerWords(names) > 0
	}
	if s.exact && s.usual > 1 && s.length(k) != s.length(names) && s.length(k) != s.width {
		return false
	}
	units, words, typed, nulls := 0, 0, 0, 0
	contrast, against := 0, 0
	for j := range s.kinds[k] {
		kd := s.kinds[k][j]
		switch {
		case kd == kindEmpty:
			continue
		case kd.typed():
			typed++
		case kd == kindNull:
			nulls++
		case isUnit(s.cell(k, j)):
			units++
		case kd == kindProse:
			against++
		default:
			words++
		}
		if col := s.column(k, j, ""); col.n >= 2 && col.family.typed() && col.share >= 0.6 {
			if !kd.typed() && kd != kindNull {
				contrast++
			} else {
				against++
			}
		}
	}
	if typed > 0 || against > 0 || s.below(k) == 0 {
		return false
	}
	switch {
	case units > 0 && units >= words:
		return true
	case nulls > 0:
		return false
	case contrast >= 2:
		return true
	case contrast == 1:
		return s.kind(k, 0) == kindEmpty && s.alwaysFilled(k, 0) || s.headerWords(k)*2 > words+units
	}
	// No column has a type: only a first column left open, where data never leaves it open, tells a wrap.
	return s.kind(k, 0) == kindEmpty && s.alwaysFilled(k, 0) && s.fill[k] < s.usual && s.below(k) > 2
}

// alwaysFilled says whether column j holds something in every wide row below k.
func (s *shaper) alwaysFilled(k, j int) bool {
	seen := 0
	for i := k + 1; i < len(s.rows) && seen < 50; i++ {
		if !s.wide(i) {
			continue
		}
		seen++
		if s.kind(i, j) == kindEmpty {
			return false
		}
	}
	return seen > 0
}

// headerWords counts the cells of row i that hold words known from names of columns.
func (s *shaper) headerWords(i int) (n int) {
	for j := range s.rows[i] {
		if headerWord(s.cell(i, j)) >= 0.5 {
			n++
		}
	}
	return n
}

// isUnit says whether s names a unit or a data type, as the second line of a header does.
func isUnit(s string) bool {
	if len(s) > 2 && (s[0] == '(' && s[len(s)-1] == ')' || s[0] == '[' && s[len(s)-1] == ']') {
		return len(s) <= 24
	}
	switch s {
	case "%", "R$", "US$", "$", "€", "kg", "g", "mg", "t", "km", "m", "cm", "mm", "m2", "m²", "m3", "m³", "ha", "km2", "km²",
		"°C", "°F", "C", "K", "h", "min", "s", "ms", "Hz", "V", "A", "W", "kW", "kWh", "MWh", "l", "ml", "mg/l", "hPa", "Pa",
		"m/s", "km/h", "deg", "Nº", "nº", "un", "und", "und.", "anos", "años", "years", "dias", "días", "days", "USD", "BRL", "EUR",
		"string", "text", "int", "integer", "float", "double", "number", "numeric", "varchar", "char", "date", "datetime", "bool", "boolean", "object":
		return true
	}
	return false
}

// isGroupRow says whether row up holds titles of groups of columns above the names in row names.
func (s *shaper) isGroupRow(up, names int) bool {
	if s.usual < 3 || s.fill[up] >= s.fill[names] || up+1 != names {
		return false
	}
	if s.exact && s.length(up) != s.length(names) {
		return false
	}
	last := 0
	for j := range s.kinds[up] {
		switch kd := s.kinds[up][j]; {
		case kd == kindEmpty:
		case kd.typed() && !(kd == kindInt && len(s.cell(up, j)) == 4) || kd == kindProse:
			return false
		default:
			if strings.HasSuffix(s.cell(up, j), ":") {
				return false
			}
			last = j
		}
	}
	// A title stands at the left alone; titles of groups are spread over the columns.
	return s.fill[up] >= 2 && last >= 2 && last+1 > s.fill[up] || s.fill[up] == 1 && s.left[up] > 1
}

// second finds a further table below the first: a header of its own, behind a blank line or of another width.
func (s *shaper) second(from, first, header int) int {
	if s.usual < 2 {
		return 0
	}
	tries := 0
	for i := max(from+1, 2); i < len(s.rows) && tries < 50; i++ {
		if s.fill[i] == 0 || s.rowsLike(i) < 1 {
			continue
		}
		gap := s.fill[i-1] == 0 || s.fill[i-1] == 1 && s.fill[i-2] == 0 // a title may stand between
		other := s.exact && s.length(i) != s.width && !s.oddLength(i)
		if !gap && !other || header > 0 && s.sameRow(i, first+header-1) && !other {
			continue
		}
		if !s.allWords(i) || s.headerWords(i) == 0 || !(other && s.staysOther(i) || gap && s.differs(first+max(header, 1)-1, i)) {
			continue
		}
		tries++
		if s.headerScore(i) > 1.5 {
			start := i
			for k := i - 1; k > from && k > i-3 && s.fill[k] == 1; k-- { // its title
				start = k
			}
			return start
		}
	}
	return 0
}

// staysOther says whether the rows below i keep to its length rather than to that of the first table.
func (s *shaper) staysOther(i int) bool {
	like, seen := 0, 0
	for k := i + 1; k < len(s.rows) && seen < 30; k++ {
		if s.fill[k] == 0 {
			continue
		}
		seen++
		if s.length(k) == s.length(i) {
			like++
		}
	}
	return like >= 2 && like*10 >= seen*7
}

// rowsLike counts the rows right below i that have its length, up to three.
func (s *shaper) rowsLike(i int) (n int) {
	for k := i + 1; k < len(s.rows) && n < 3 && s.fill[k] > 0; k++ {
		if d := s.length(k) - s.length(i); d > 1 || d < -1 {
			break
		}
		n++
	}
	return n
}

// allWords says whether row i has no cell of a kind that belongs to data.
func (s *shaper) allWords(i int) bool {
	for _, kd := range s.kinds[i] {
		if kd.typed() || kd == kindNull || kd == kindProse {
			return false
		}
	}
	return s.fill[i] > 1
}

// differs says whether most texts of row b are not in row a.
func (s *shaper) differs(a, b int) bool {
	same := 0
	for j := range s.rows[b] {
		if c := s.cell(b, j); c != "" && strings.EqualFold(c, s.cell(a, j)) {
			same++
		}
	}
	return same*2 <= s.fill[b]
}
