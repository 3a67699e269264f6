package main

import "strconv"

// phone is a number in its parts. local has 8 digits; a Brazilian mobile number has a 9 before them.
type phone struct {
	country string // calling code
	area    string
	mobile  bool
	local   string
}

// spellings is in how many ways a Brazilian number is written.
const spellings = 9

// phone gives the number of one person, which no other has: the last eight digits are the person's own.
func (m *maker) phone(id int, r *random) phone {
	n := shuffled(uint64(id), m.seed, 48271171, 100_000_000)
	local := string(pad(nil, n, 8))
	where := r.below(100)
	area := r.of(m.area)
	// Abroad the local number begins with 2 to 5, which all of these countries have given out.
	if local[0] >= '2' && local[0] <= '5' {
		switch {
		case where < 12:
			return phone{country: "52", area: "55", local: local}
		case where < 20:
			return phone{country: "54", area: "911", local: local}
		case where < 28:
			return phone{country: "57", area: "31", local: local}
		case where < 34:
			return phone{country: "51", area: "9", local: local}
		case where < 50:
			return phone{country: "55", area: area, local: local} // a landline: these begin with 2 to 5
		}
	}
	return phone{country: "55", area: area, mobile: true, local: local}
}

// spelt writes the number in one of the ways that are met in files.
func (p phone) spelt(way int) string {
	a, b := p.local[:4], p.local[4:]
	if p.country != "55" {
		if way%2 == 0 {
			return "+" + p.country + " " + p.area + " " + a + " " + b
		}
		return "+" + p.country + p.area + p.local
	}
	if p.mobile {
		a = "9" + a
	}
	switch way {
	case 0:
		return "+55 " + p.area + " " + a + "-" + b
	case 1:
		return "55" + p.area + a + b
	case 2:
		return "(" + p.area + ") " + a + "-" + b
	case 3:
		return p.area + a + b
	case 4:
		return "+55" + p.area + a + b
	case 5:
		return p.area + " " + a + "-" + b
	case 6:
		return "0" + p.area + " " + a + "." + b
	case 7:
		return "+55 (" + p.area + ") " + a + b
	}
	if p.mobile && p.local[0] >= '6' {
		return "(" + p.area + ") " + p.local[:4] + "-" + b // without the ninth digit, as before 2016
	}
	return p.area + "-" + a + "-" + b
}

// cpf gives the CPF of one person, which no other has: nine digits and two check digits, each the sum of those
// before it weighted 2, 3, … from the right, times ten, modulo eleven, with ten read as zero (Receita Federal).
func cpf(id, seed uint64) string {
	d := pad(make([]byte, 0, 11), shuffled(id, seed, 387_420_489, 1_000_000_000), 9)
	if same(d) {
		d = append(d[:0], "123456789"...) // eleven equal digits are no CPF; the shuffle gives each such number once in a billion
	}
	for range 2 {
		sum := 0
		for i, c := range d {
			sum += int(c-'0') * (len(d) + 1 - i)
		}
		d = append(d, byte('0'+sum*10%11%10))
	}
	return string(d)
}

func same(d []byte) bool {
	for _, c := range d {
		if c != d[0] {
			return false
		}
	}
	return true
}

// spoil makes a row one that cannot be imported as it is, and tells how.
func spoil(out *row, r *random) string {
	switch r.below(6) {
	case 0:
		out[colPhone] = "9" + strconv.Itoa(1000+r.below(9000))
		return "phone_short"
	case 1:
		out[colPhone] = "não tem"
		return "phone_words"
	case 2:
		out[colEmail] = "sem-arroba.example.com"
		return "email"
	case 3:
		wrong := []byte(cpf(uint64(r.below(1_000_000)), 7))
		wrong[10] = '0' + (wrong[10]-'0'+1)%10
		out[colTaxID] = string(wrong)
		return "tax_id"
	case 4:
		out[colBirth] = date(31, 2, 1950+r.below(50))
		return "date"
	}
	out[colPhone], out[colEmail] = "", ""
	return "no_identifier"
}
