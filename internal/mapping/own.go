package mapping

import "strings"

// useOwn brings in what the workspace knows: its custom fields, its members, and the mappings that it saved.
// What a person chose before goes before what we think.
func (t *table) useOwn() {
	t.useCustomFields()
	t.useOwners()
	t.useSaved()
}

// useCustomFields takes a column for a custom field where the header is the field's label, key or one of its
// recognised headers, and the column feeds no field of the same name already.
func (t *table) useCustomFields() {
	if len(t.opt.CustomFields) == 0 {
		return
	}
	byName := make(map[string]string)
	for _, f := range t.opt.CustomFields {
		for _, h := range append([]string{f.Label, f.Key}, f.Headers...) {
			if k := headerKey(h); k != "" && byName[k] == "" {
				byName[k] = CustomPrefix + f.Key
			}
		}
	}
	taken := make(map[string]bool)
	for i := range t.cols {
		c := &t.cols[i]
		f := byName[headerKey(c.header)]
		if f == "" || taken[f] || c.reason == SameName {
			continue
		}
		taken[f] = true
		if c.field != "" {
			c.alternatives = append(c.alternatives, Alternative{c.field, c.score})
		}
		c.field, c.score, c.reason = f, 0.95, SameName
	}
}

// useOwners offers the column whose values are the members' names or e-mails as the owner.
func (t *table) useOwners() {
	if len(t.opt.Owners) == 0 {
		return
	}
	members := make(map[string]bool, len(t.opt.Owners))
	for _, o := range t.opt.Owners {
		members[fold(strings.TrimSpace(o))] = true
	}
	for i := range t.cols {
		if t.cols[i].field == FieldOwner {
			return
		}
	}
	for i := range t.cols {
		c := &t.cols[i]
		if c.score >= highFrom || c.profile.filled == 0 {
			continue
		}
		n := 0
		for _, row := range t.rows {
			if i < len(row) && members[fold(strings.TrimSpace(row[i]))] {
				n++
			}
		}
		if n*2 > min(c.profile.filled, len(t.rows)) {
			c.field, c.score, c.reason = FieldOwner, 0.6, Content
			return
		}
	}
}

// useSaved takes the fields of a saved mapping: all of one with the same headers, or, of the one that shares
// at least half of the headers, those of the headers shared.
func (t *table) useSaved() {
	headers := make([]string, len(t.cols))
	for i := range t.cols {
		headers[i] = t.cols[i].header
	}
	best, found := 0.5, -1
	for i, m := range t.opt.Saved {
		if s := Similarity(headers, m.Headers()); s > best || s == 1 && found < 0 {
			best, found = s, i
		}
	}
	if found < 0 {
		return
	}
	saved := make(map[string][]string)
	for _, c := range t.opt.Saved[found].Columns {
		k := headerKey(c.Header)
		saved[k] = append(saved[k], c.Field)
	}
	taken := make(map[string]bool)
	for i := range t.cols {
		c := &t.cols[i]
		k := headerKey(c.header)
		fields := saved[k]
		if k == "" || len(fields) == 0 {
			continue
		}
		f := fields[0]
		saved[k] = fields[1:]
		if f == NewCustom {
			continue
		}
		if f == "" {
			c.clear()
			continue
		}
		c.field, c.score, c.reason = f, 0.99, UsedBefore
		if fit(f, c.profile) == against {
			c.score = 0.5
		}
		taken[f] = true
	}
	for i := range t.cols { // what the saved mapping feeds already is not fed again
		if c := &t.cols[i]; c.reason != UsedBefore && taken[c.field] && !Multi(c.field) {
			c.clear()
		}
	}
}

// combine gives each telephone column without area code the area code column that goes with it: the one that
// is named after it ("DDD Celular", "Celular"), that of the same ordinal, the one before it in the file.
func (t *table) combine() {
	used := make(map[int]bool)
	for _, named := range [...]bool{true, false} {
		for i := range t.cols {
			c := &t.cols[i]
			if c.combine >= 0 || c.field != FieldPhone && c.field != FieldWhatsApp || c.profile.some(vPlus) && c.profile.longNumbers() {
				continue
			}
			if j := t.areaCodeFor(i, named, used); j >= 0 {
				used[j] = true
				c.combine = j
			}
		}
	}
}

// areaCodeFor finds the area code column for column i, -1 where there is none: with named, the one whose words
// hold those of column i.
func (t *table) areaCodeFor(i int, named bool, used map[int]bool) int {
	c, best := &t.cols[i].reading, -1
	for j := range t.cols {
		if used[j] || !t.cols[j].areaCode() {
			continue
		}
		d := &t.cols[j].reading
		rest := strings.TrimPrefix(d.plain, "ddd")
		fits := max(d.ordinal, 1) == max(c.ordinal, 1)
		if named {
			fits = fits && rest != "" && rest == c.plain
		}
		if fits && (best < 0 || j < i && j > best) {
			best = j
		}
	}
	return best
}

// areaCode tells whether a column holds area codes: its header says so, and its values are two to four digits.
func (c *column) areaCode() bool {
	return c.field == "" && c.reading.set.has(cDDD) && (c.profile.filled == 0 || c.profile.share(vShort) > 0.7)
}

// longNumbers tells whether most numbers have ten digits or more, and so their area code with them.
func (p *profile) longNumbers() bool { return p.filled > 0 && p.chars/p.filled >= 12 }
