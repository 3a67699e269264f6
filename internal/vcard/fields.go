package vcard

import (
	"slices"
	"strings"

	"cadastro/internal/errs"
)

// take puts a property into the columns.
func (c *card) take(p *property) {
	switch p.name {
	case "FN":
		c.name.whole = firstOf(c.name.whole, unescape(p.value))
	case "N":
		n := append(parts(p.value, ';'), "", "", "", "", "")
		c.name.family = firstOf(c.name.family, comma(n[0]))
		c.name.given = firstOf(c.name.given, words(comma(n[1]), comma(n[2])))
	case "NICKNAME":
		c.one(colNickname, strings.Join(parts(p.value, ','), ", "))
	case "TEL":
		kind := colPhone
		if (p.is("FAX") || p.is("PAGER")) && !p.is("VOICE") && !p.is("CELL") {
			kind = colFax
		}
		c.several(kind, strings.TrimSpace(unescape(p.value)), p.pref)
	case "EMAIL":
		c.several(colEmail, unescape(p.value), p.pref)
	case "URL":
		c.several(colURL, unescape(p.value), p.pref)
	case "ORG":
		n := append(parts(p.value, ';'), "")
		c.one(colCompany, n[0])
		c.one(colDepartment, strings.TrimRight(strings.Join(n[1:], " "), " "))
	case "TITLE":
		c.one(colTitle, unescape(p.value))
	case "ROLE":
		c.role = unescape(p.value)
	case "ADR":
		c.address(p)
	case "BDAY":
		c.birthday(strings.TrimSpace(unescape(p.value)))
	case "NOTE":
		if v := unescape(p.value); v != "" && len(c.values[colNotes]) > 0 {
			c.values[colNotes][0] += "\n" + v
		} else {
			c.one(colNotes, v)
		}
	case "CATEGORIES":
		for _, tag := range parts(p.value, ',') {
			if tag == "" {
				continue
			}
			if len(c.values[colTags]) == 0 {
				c.one(colTags, tag)
			} else {
				c.values[colTags][0] += ";" + tag
			}
		}
	case "GENDER":
		c.one(colGender, firstOf(parts(p.value, ';')...))
	case "LANG":
		c.one(colLanguage, unescape(p.value))
	}
}

// one keeps the first value of a kind.
func (c *card) one(kind int, v string) {
	if v != "" && len(c.values[kind]) == 0 {
		c.values[kind] = []string{v}
	}
}

// maxValues bounds the values of one kind that a card has.
const maxValues = 1000

// several keeps each value of a kind once, the preferred ones first.
func (c *card) several(kind int, v string, preferred bool) {
	if v == "" || slices.Contains(c.values[kind], v) {
		return
	}
	if len(c.values[kind]) == maxValues {
		c.badLine(v)
		return
	}
	at := len(c.values[kind])
	if preferred {
		at = c.prefs[kind]
		c.prefs[kind]++
	}
	c.values[kind] = slices.Insert(c.values[kind], at, v)
}

// address puts the first address into columns of its parts (RFC 6350, 6.3.1: box, extended, street, city, region,
// code, country), and a further one into one column as a text.
func (c *card) address(p *property) {
	n := append(parts(p.value, ';'), "", "", "", "", "", "", "")
	if strings.Join(n, "") == "" {
		return
	}
	for _, kind := range [...]int{colStreet, colComplement, colCity, colState, colPostal, colCountry} {
		if len(c.values[kind]) > 0 {
			c.several(colAddress, words(n[2], n[1], n[0], n[3], n[4], n[5], n[6]), p.pref)
			return
		}
	}
	c.one(colStreet, strings.ReplaceAll(words(n[2], n[0]), "\n", ", "))
	c.one(colComplement, n[1])
	c.one(colCity, n[3])
	c.one(colState, n[4])
	c.one(colPostal, n[5])
	c.one(colCountry, n[6])
}

// birthday writes a date in ISO order. One without a year (RFC 6350: --0415; Apple: the year 1604) is no birth date
// that can be kept: it is told of.
func (c *card) birthday(v string) {
	date, _, _ := strings.Cut(v, "T")
	if len(date) == 8 && strings.Trim(date, "0123456789") == "" {
		date = date[:4] + "-" + date[4:6] + "-" + date[6:]
	}
	if strings.HasPrefix(date, "--") || strings.HasPrefix(date, "1604-") {
		is := errs.NewIssue(errs.Warning, "vcard.no_year", v)
		is.Column = -2 - colBirthday
		c.issues = append(c.issues, is)
		return
	}
	c.one(colBirthday, date)
}

// finish fills the name from what there is.
func (c *card) finish() {
	c.one(colName, firstOf(c.name.whole, words(c.name.given, c.name.family), firstOf(c.values[colCompany]...), firstOf(c.values[colNickname]...)))
	c.one(colFirst, c.name.given)
	c.one(colLast, c.name.family)
	c.one(colTitle, c.role)
}

func firstOf(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

// words joins what is not empty by a space.
func words(list ...string) string {
	return strings.Join(slices.DeleteFunc(list, func(s string) bool { return s == "" }), " ")
}

// comma makes of several names that a part holds one text.
func comma(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ',' }), " ")
}
