package mapping

// settleAddress keeps one of several addresses. The one with most columns and most filled cells is the
// contact's; of equal ones the plain one goes before billing, home, work, delivery and other.
func (t *table) settleAddress() {
	var weight [variantCount]int
	isPlace := func(c *column) bool { return len(c.field) > 8 && c.field[:8] == "address." }
	t.dropSecondAddress()
	var parts [variantCount]map[string]bool
	for i := range t.cols {
		c := &t.cols[i]
		if !isPlace(c) || c.reading.ordinal > 1 && c.head != cComplement && c.head != cStreet {
			continue
		}
		v := c.reading.variant
		if parts[v] == nil {
			parts[v] = make(map[string]bool)
		}
		if !parts[v][c.field] {
			parts[v][c.field] = true
			weight[v] += 10
			if c.profile.filled > 0 {
				weight[v] += 5
			}
		}
	}
	best := plainVariant
	for v := range variantCount {
		if weight[v] > weight[best] {
			best = v
		}
	}
	// Parts that the chosen address lacks may come from another one that has none of its own parts: "Home
	// Address" beside plain "City" and "State" is one address in two ways of writing.
	var keep [variantCount]bool
	keep[best], keep[plainVariant] = true, true
	for v := range variantCount {
		if v != best && v != plainVariant && disjoint(parts[v], parts[best]) {
			keep[v] = true
			for f := range parts[v] {
				parts[best][f] = true
			}
		}
	}
	for i := range t.cols {
		c := &t.cols[i]
		if isPlace(c) && c.reading.variant != best && (!keep[c.reading.variant] || c.reading.variant == plainVariant && parts[best][c.field]) {
			c.clear()
		}
	}
	// A second line of the street is the complement.
	t.each(func(c *column) {
		if c.reading.ordinal >= 2 && c.reading.variant == best && c.reading.set.has(cAddress, cStreet) {
			c.set(cComplement, 0.85)
		}
	}, cStreet, cAddress)
}

// dropSecondAddress leaves "Address 2 - Street", "Address 2 - City" out. Where the second address is one line
// only, it is the first one's second line.
func (t *table) dropSecondAddress() {
	second := func(c *column) bool {
		return c.reading.ordinal >= 2 && c.field != "" && len(c.field) > 8 && c.field[:8] == "address."
	}
	parts := 0
	for i := range t.cols {
		if c := &t.cols[i]; second(c) && c.head != cStreet && c.head != cAddress && c.head != cComplement {
			parts++
		}
	}
	for i := range t.cols {
		if c := &t.cols[i]; parts > 0 && second(c) && (c.head != cComplement || c.reading.set.has(cAddress)) {
			c.clear()
		}
	}
}

func disjoint(a, b map[string]bool) bool {
	for f := range a {
		if b[f] {
			return false
		}
	}
	return len(b) > 0
}
