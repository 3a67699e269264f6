// Package layout knows the files that well-known systems write: the exports of address books, sales and shop
// systems, and the import models of customer services over WhatsApp. A file that is recognised needs no choice.
//
// # Knowledge
//
// What is known stands in vendors/*.txt, one paragraph for each layout, in the words of the vendors' own headers.
// A paragraph holds
//
//	layout KEY            the layout's stable name; "layout.name.KEY" is its name in the catalogues
//	preset P              how strictly the vendor reads phones: offered to the person, never applied unasked
//	identifier F...       what its contacts are recognised by, best first
//	void NAME W; W        words that stand for nothing in the columns with the option void=NAME
//	strict WHAT...        what makes the vendor refuse a file as a whole, see [Strictness]
//	template H; H         the columns of the vendor's own template, in order
//	keys H; H             columns in which the vendor lets no cell be empty
//	H; H = FIELD OPTION   headers (# stands for a number) and the field that they feed; "-" leaves the column out,
//	                      "+" makes a custom field of it, "created" is the day of its making at the vendor's
//	variant NAME          one of the header rows by which the layout is recognised: what follows is its alone
//	needs H | H           one of these headers has to be there
//	marks N H; H          at least N of these have to be there
//	only                  no header may be there that the layout does not know
//	exact                 the needed headers stand there letter by letter
//	few N                 the file has at most N columns
//	digits13 H; H         all values of the column are phones of 13 digits, 55 and area code first
//	headerless            the file has no header; names and phones of 13 digits tell it
//
// Options of a column: sep=S is the separator of its lists; order=O the order of its dates; drop leaves a faulty cell
// out and lets its row in; block=B says to which of several addresses it belongs (# for the header's number), of
// which the one with most values is taken. Of several columns with a field that takes one, the first of the vendors'
// file that has values is taken.
//
// # Recognition
//
// Case, accents, punctuation and the order of columns do not count, nor do columns added or taken away beyond what
// the marks say. Of several variants that fit, the one with most marks is taken.
package layout

import (
	"cadastro/internal/mapping"
)

// Match is a layout that was recognised, laid over the columns of one file.
type Match struct {
	Key        string
	Variant    string
	Preset     string // phone preset of the vendor's own strictness, "" for none: to be offered
	Identifier mapping.Identifier
	Strictness Strictness

	columns []use // one per column of the file
}

// use is what the layout makes of one column of the file.
type use struct {
	known bool
	field string // as in the vendors' files, with the losers of a field turned into "+" or "-"
	label string // of a custom field whose column has no header
	empty bool   // no sample row has a value
	opt   mapping.Options
}

// Recognise finds the layout of a file by its header and, where that does not suffice, by sample rows. A header is
// "" where the file has none.
func Recognise(header []string, samples [][]string) (*Match, bool) {
	t := newFile(header, samples)
	var best *variant
	var found score
	for _, l := range known() {
		for i := range l.variants {
			v := &l.variants[i]
			if s, ok := v.fits(t); ok && found.less(s) {
				best, found = v, s
			}
		}
	}
	if best == nil {
		return nil, false
	}
	l := best.of
	m := &Match{Key: l.key, Variant: best.name, Preset: l.preset, Strictness: l.strict}
	if best.headerless {
		m.columns = t.nameAndPhone()
	} else {
		m.columns = best.lay(t)
	}
	for i := range m.columns {
		m.columns[i].empty = len(t.rows) > 0 && t.filled[i] == 0
	}
	m.Identifier = m.identifier(l.identifiers, t)
	return m, true
}

// Keys lists the keys of all layouts, in the order of the vendors' files.
func Keys() []string {
	var out []string
	for _, l := range known() {
		out = append(out, l.key)
	}
	return out
}

// identifier chooses the identifier that most sample rows have a value for, the best one among equals.
func (m *Match) identifier(list []mapping.Identifier, t *file) mapping.Identifier {
	best, most := mapping.Identifier(""), -1
	for _, id := range list {
		mapped, n := false, 0
		for i := range m.columns {
			mapped = mapped || m.columns[i].identifies(id)
		}
		for _, row := range t.rows {
			for i := range m.columns {
				if m.columns[i].identifies(id) && i < len(row) && row[i] != "" {
					n++
					break
				}
			}
		}
		if mapped && n > most {
			best, most = id, n
		}
	}
	return best
}

// identifies tells whether the column holds the identifier. A column of mixed channels holds a phone or an e-mail.
func (u *use) identifies(id mapping.Identifier) bool {
	switch u.field {
	case mapping.FieldWhatsApp, mapping.FieldChannelValue:
		return id == mapping.ByPhone
	}
	return u.known && u.field == string(id)
}
