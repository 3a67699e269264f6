package layout

import (
	"slices"
	"strings"

	"cadastro/internal/mapping"
)

// score tells how well a variant fits: by its needs and marks that are there, then by the headers that it knows.
type score struct{ marks, known int }

func (s score) less(t score) bool {
	return s.marks < t.marks || s.marks == t.marks && s.known < t.known
}

// fits tells whether a file has the header row of the variant.
func (v *variant) fits(t *file) (score, bool) {
	if v.headerless {
		return score{1, 0}, len(t.has) == 0 && t.nameAndPhone() != nil
	}
	if len(t.has) == 0 || v.few > 0 && len(t.header) > v.few {
		return score{}, false
	}
	s := score{}
	for i, list := range v.needs {
		if !t.hasOne(list) || v.exact && !slices.ContainsFunc(v.texts[i], func(h string) bool { return t.text[h] || strings.Contains(h, "#") }) {
			return score{}, false
		}
		s.marks++
	}
	n := 0
	for _, m := range v.marks {
		if t.has[m] {
			n++
		}
	}
	if n < v.atLeast {
		return score{}, false
	}
	s.marks += n
	for i := range t.header {
		if _, ok := v.find(t, i); ok {
			s.known++
		} else if v.only && t.keys[i] != "" {
			return score{}, false
		}
	}
	return s, len(v.digits13) == 0 || t.digits13(v.digits13)
}

func (t *file) hasOne(keys []string) bool {
	return slices.ContainsFunc(keys, func(k string) bool { return t.has[k] })
}

// find gives what the header of column i feeds: as the variant says, else as the layout does; by its own words,
// else with its numbers as "#".
func (v *variant) find(t *file, i int) (feed, bool) {
	try := func(key, shape string) (feed, bool) {
		if key == "" {
			return feed{}, false
		}
		for _, k := range [...]string{key, shape} {
			for _, columns := range [...]map[string]feed{v.columns, v.of.columns} {
				if f, ok := columns[k]; ok {
					return f, true
				}
			}
		}
		return feed{}, false
	}
	if f, ok := try(t.keys[i], t.shapes[i]); ok {
		return f, true
	}
	if h, ok := unnumbered(t.header[i]); ok {
		k := keyOf(h)
		shape, _ := shapeOf(k)
		return try(k, shape)
	}
	return feed{}, false
}

// candidate is a column that feeds a field.
type candidate struct {
	column int
	feed   feed
}

// lay says what becomes of each column of the file.
func (v *variant) lay(t *file) []use {
	out := make([]use, len(t.header))
	fields := map[string][]candidate{}
	blocks := map[string]int{}  // values of each address
	firstOf := map[string]int{} // rank of its first column
	for i := range t.header {
		f, ok := v.find(t, i)
		if !ok || t.belies(i, f.field) {
			continue
		}
		if f.block == "#" {
			f.block = t.number[i]
		}
		out[i] = use{known: true, field: f.field, opt: f.opt}
		if mapping.Known(f.field) {
			fields[f.field] = append(fields[f.field], candidate{i, f})
		}
		if f.block != "" {
			blocks[f.block] += t.filled[i]
			if r, ok := firstOf[f.block]; !ok || f.rank < r {
				firstOf[f.block] = f.rank
			}
		}
	}
	address := ""
	for b, n := range blocks {
		if address == "" || n > blocks[address] || n == blocks[address] && (firstOf[b] < firstOf[address] || firstOf[b] == firstOf[address] && b < address) {
			address = b
		}
	}
	for field, list := range fields {
		if !mapping.Multi(field) || field == mapping.FieldComplement {
			t.compete(out, list, address, !mapping.Multi(field))
		}
	}
	return out
}

// belies tells whether the values of a column cannot be what its header says: not one phone has seven digits, not one
// e-mail has an @. Such a column was put to another use, and is left to the mapping of any file.
func (t *file) belies(column int, field string) bool {
	if field != mapping.FieldPhone && field != mapping.FieldWhatsApp && field != mapping.FieldEmail {
		return false
	}
	n := 0
	for _, row := range t.rows {
		if column >= len(row) || strings.TrimSpace(row[column]) == "" {
			continue
		}
		n++
		digits := 0
		for _, c := range []byte(row[column]) {
			switch {
			case c >= '0' && c <= '9':
				digits++
			case c == '@' && field == mapping.FieldEmail:
				return false
			}
		}
		if digits >= 7 && field != mapping.FieldEmail {
			return false
		}
	}
	return n > 0
}

// compete leaves a field to one column: of the address that was chosen, with values, and the first in the vendors'
// file. The others become custom fields where they hold something, so that nothing is lost.
func (t *file) compete(out []use, list []candidate, address string, single bool) {
	best := -1
	better := func(a, b candidate) bool {
		if (t.filled[a.column] > 0) != (t.filled[b.column] > 0) {
			return t.filled[a.column] > 0
		}
		if a.feed.rank != b.feed.rank {
			return a.feed.rank < b.feed.rank
		}
		return a.column < b.column
	}
	for i, c := range list {
		if c.feed.block != "" && c.feed.block != address {
			continue
		}
		if best < 0 || better(c, list[best]) {
			best = i
		}
	}
	for i, c := range list {
		if i == best || !single && (c.feed.block == "" || c.feed.block == address) {
			continue
		}
		u := use{known: true, field: feedCustom}
		if t.filled[c.column] == 0 {
			u.field = feedNone
		}
		out[c.column] = u
	}
}

// digits13 tells whether the first column with one of the headers holds phones of 13 digits, and nothing else.
func (t *file) digits13(keys []string) bool {
	for i, k := range t.keys {
		if slices.Contains(keys, k) {
			return t.allDigits13(i)
		}
	}
	return false
}

func (t *file) allDigits13(column int) bool {
	n := 0
	for _, row := range t.rows {
		if column >= len(row) || row[column] == "" {
			continue
		}
		if !isDigits13(strings.TrimSpace(row[column])) {
			return false
		}
		n++
	}
	return n > 0
}

// isDigits13 tells a Brazilian mobile number with country and area code and no signs: 55, two digits, nine digits
// of which the first is 9.
func isDigits13(s string) bool {
	return len(s) == 13 && s[:2] == "55" && s[2] != '0' && s[4] == '9' && strings.Trim(s, "0123456789") == ""
}
