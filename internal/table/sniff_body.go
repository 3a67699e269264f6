package table

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
