package main

import (
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// The columns of the file.
const (
	colName = iota
	colPhone
	colEmail
	colCompany
	colTaxID
	colBirth
	colCity
	colTags
	colPlan
	colOrigin
	colPoints
	columns
)

func header() row {
	return row{"Nome", "Telefone", "E-mail", "Empresa", "CPF", "Data de nascimento", "Cidade", "Tags", "Plano", "Origem", "Pontos"}
}

type row [columns]string

// The purposes of a person's streams of numbers.
const (
	forFacts = iota + 1
	forSpelling
	forChanges
)

// maker makes people. It keeps the word lists, which are the same for all.
type maker struct {
	seed        uint64
	email, fill float64

	first, last, company, city, tag, plan, origin, domain, area []string
}

func newMaker(o options) *maker {
	return &maker{
		seed: o.seed, email: o.email, fill: o.fill,
		first: firstNames(), last: lastNames(), company: companies(), city: cities(), tag: tagWords(),
		plan: plans(), origin: origins(), domain: domains(), area: areaCodes(),
	}
}

// person gives the row of one person. spelling 0 is how the person is written first; any other number writes the
// same person in another way. changed says that some values are newer ones; name, phone, e-mail and CPF stay.
func (m *maker) person(id, spelling int, changed bool) row {
	r := stream(m.seed, id, forFacts)
	first, last := r.of(m.first), r.of(m.last)
	var out row
	out[colName] = first + " " + last
	if r.chance(0.3) {
		out[colName] = first + " " + r.of(m.last) + " " + last
	}
	phone := m.phone(id, &r)
	if r.chance(m.email) {
		out[colEmail] = plain(first) + "." + plain(last) + "." + strconv.Itoa(id) + "@" + r.of(m.domain)
	}
	if r.chance(m.fill) {
		out[colCompany] = r.of(m.company)
	}
	if r.chance(m.fill) {
		out[colTaxID] = cpf(uint64(id), m.seed)
	}
	if r.chance(m.fill) {
		out[colBirth] = date(1+r.below(28), 1+r.below(12), 1942+r.below(65))
	}
	out[colCity] = r.of(m.city)
	out[colTags] = m.tags(&r)
	out[colPlan], out[colOrigin], out[colPoints] = r.of(m.plan), r.of(m.origin), strconv.Itoa(r.below(5000))
	if changed {
		m.change(id, &out)
	}
	s := stream(m.seed, id, forSpelling+uint64(spelling)<<4)
	out[colPhone] = phone.spelt(s.below(spellings))
	respell(&out, &s, spelling)
	return out
}

// change gives a person newer values: the points always, some of the others.
func (m *maker) change(id int, out *row) {
	r := stream(m.seed, id, forChanges)
	points, _ := strconv.Atoi(out[colPoints])
	out[colPoints] = strconv.Itoa(points + 1 + r.below(500))
	if r.chance(0.5) {
		out[colTags] = m.tags(&r)
	}
	if r.chance(0.3) {
		out[colPlan] = r.of(m.plan)
	}
	if r.chance(0.2) {
		out[colCity] = r.of(m.city)
	}
	if r.chance(0.2) {
		out[colCompany] = r.of(m.company)
	}
}

// tags gives one to three different tags with semicolons between them.
func (m *maker) tags(r *random) string {
	var list []string
	for range 1 + r.below(3) {
		t := r.of(m.tag)
		if !contains(list, t) {
			list = append(list, t)
		}
	}
	return strings.Join(list, ";")
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// respell writes the same values as another clerk would: capitals, lost accents, CPF with and without dots.
func respell(out *row, s *random, spelling int) {
	if out[colTaxID] != "" && s.chance(0.5) {
		d := out[colTaxID]
		out[colTaxID] = d[:3] + "." + d[3:6] + "." + d[6:9] + "-" + d[9:]
	}
	if spelling == 0 {
		return
	}
	switch s.below(3) {
	case 0:
		out[colName] = strings.ToUpper(out[colName])
	case 1:
		out[colName] = plainKeepCase(out[colName])
	}
	if s.chance(0.5) {
		out[colEmail] = strings.ToUpper(out[colEmail])
	}
}

// plain gives the lower-case ASCII letters of a word.
func plain(s string) string { return strings.ToLower(plainKeepCase(s)) }

// plainKeepCase takes the accents off.
func plainKeepCase(s string) string {
	b := make([]byte, 0, len(s)+4)
	for _, c := range []byte(norm.NFD.String(s)) {
		if c < 0x80 {
			b = append(b, c)
		}
	}
	return string(b)
}

// date writes dd/mm/yyyy.
func date(d, m, y int) string {
	b := make([]byte, 0, 10)
	b = pad(b, uint64(d), 2)
	b = append(b, '/')
	b = pad(b, uint64(m), 2)
	b = append(b, '/')
	return string(pad(b, uint64(y), 4))
}

// pad adds n with zeros in front, up to width digits.
func pad(b []byte, n uint64, width int) []byte {
	digits := strconv.FormatUint(n, 10)
	for i := len(digits); i < width; i++ {
		b = append(b, '0')
	}
	return append(b, digits...)
}
