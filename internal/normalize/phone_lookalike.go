package normalize

import (
	"strconv"

	"github.com/nyaruka/phonenumbers"
)

// phoneIsDate tells a date with separators, by itself or with a time behind it.
func phoneIsDate(t []byte) bool {
	var group [3]int
	var width [3]int
	g := 0
	var sep byte
	for i, c := range t {
		switch {
		case c-'0' < 10:
			if width[g]++; width[g] > 4 {
				return false
			}
			group[g] = group[g]*10 + int(c-'0')
		case g < 2 && width[g] > 0 && (c == '/' || c == '-' || c == '.'):
			if sep != 0 && c != sep {
				return false
			}
			sep = c
			g++
		case g == 2 && (c == ' ' || c == 't') && phoneIsTime(t[i+1:]):
			return phoneDate(group, width, sep)
		default:
			return false
		}
	}
	return g == 2 && phoneDate(group, width, sep)
}

func phoneDate(g, width [3]int, sep byte) bool {
	day, month, year := g[0], g[1], g[2]
	yw, a, b := width[2], width[0], width[1]
	if width[0] == 4 {
		day, month, year = g[2], g[1], g[0]
		yw, a, b = width[0], width[2], width[1]
	}
	if a < 1 || a > 2 || b < 1 || b > 2 || yw != 4 && (yw != 2 || sep != '/') {
		return false
	}
	if month > 12 {
		day, month = month, day
	}
	return 1 <= month && month <= 12 && 1 <= day && day <= 31 && (yw == 2 || 1850 <= year && year <= 2150)
}

func phoneIsTime(t []byte) bool {
	colons := 0
	for _, c := range t {
		switch {
		case c == ':':
			colons++
		case c-'0' < 10, c == ' ', c == '.', c == '+', c == '-', c == 'z', c == 'a', c == 'p', c == 'm':
		default:
			return false
		}
	}
	return colons > 0 || len(t) == 0
}

// phoneTaxID tells 11 digits that are a CPF, or 14 that are a CNPJ, by their check digits (Receita Federal:
// modulus 11, weights 2 to 11 for the CPF, 2 to 9 over and over for the CNPJ).
func phoneTaxID(d []byte) bool {
	switch len(d) {
	case 11:
		return phoneMod11(d[:9], 99) == d[9] && phoneMod11(d[:10], 99) == d[10]
	case 14:
		return phoneMod11(d[:12], 9) == d[12] && phoneMod11(d[:13], 9) == d[13]
	}
	return false
}

func phoneMod11(d []byte, highest int) byte {
	sum, weight := 0, 2
	for i := len(d) - 1; i >= 0; i-- {
		sum += int(d[i]-'0') * weight
		if weight++; weight > highest {
			weight = 2
		}
	}
	if sum %= 11; sum < 2 {
		return '0'
	}
	return '0' + byte(11-sum)
}

// service tells a short number that the country's plan knows: 190, 192, *144.
func (r *phoneReader) service(d []byte, p *phonePart) bool {
	if r.home == nil || p.plus || p.n < 3 || p.n > 6 || p.glued || p.other {
		return false
	}
	n, err := strconv.ParseUint(string(d), 10, 64)
	if err != nil || d[0] == '0' {
		return false
	}
	code := int32(r.home.meta.GetCountryCode())
	return phonenumbers.IsValidShortNumberForRegion(&phonenumbers.PhoneNumber{CountryCode: &code, NationalNumber: &n}, r.home.id)
}
