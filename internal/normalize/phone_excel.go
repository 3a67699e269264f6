package normalize

import "bytes"

// phoneDamage is what became of a number that went through a spreadsheet as a number.
type phoneDamage uint8

const (
	phoneWhole    phoneDamage = iota // it is no such number
	phoneFloat                       // "5511987654321.0": all there
	phoneSci                         // "5.511987654321E+12": all there
	phoneSciLost                     // "5,51199E+12": digits are gone
	phoneFraction                    // "5511987654321.5": never was a phone
)

// phoneSpreadsheet reads a cleaned cell that is a decimal or scientific number, and gives its whole digits.
//
// General format shows six digits of a long number (5.51199E+12), a 32-bit float seven or eight; programs that write
// all digits leave out zeros at the end. So the more digits there are, the more zeros behind them are believed: eight
// digits with two zeros, nine with three, ten with any number.
func phoneSpreadsheet(dst, t []byte) ([]byte, phoneDamage) {
	if len(t) > 0 && t[0] == '+' {
		t = t[1:]
	}
	if e := bytes.IndexByte(t, 'e'); e > 0 {
		return phoneScientific(dst, t[:e], t[e+1:])
	}
	if phoneThousands(t) {
		for _, c := range t {
			if c != ',' {
				dst = append(dst, c)
			}
		}
		return dst, phoneFloat
	}
	return phoneDecimal(dst, t)
}

// phoneThousands tells "5,511,987,654,321". With points it needs no care: a point never parts two numbers.
func phoneThousands(t []byte) bool {
	commas, since := 0, 0
	for _, c := range t {
		switch {
		case c-'0' < 10:
			since++
		case c == ',' && (since == 3 || commas == 0 && 0 < since && since < 3):
			commas++
			since = 0
		default:
			return false
		}
	}
	return commas > 1 && since == 3
}

func phoneScientific(dst, mantissa, exponent []byte) ([]byte, phoneDamage) {
	if len(exponent) > 0 && exponent[0] == '+' {
		exponent = exponent[1:]
	}
	exp := 0
	for _, c := range exponent {
		if c-'0' > 9 || exp > 99 {
			return dst, phoneWhole
		}
		exp = exp*10 + int(c-'0')
	}
	if len(exponent) == 0 || mantissa[0]-'0' > 9 || len(mantissa) == 2 {
		return dst, phoneWhole
	}
	dst = append(dst, mantissa[0])
	if len(mantissa) > 2 {
		if mantissa[1] != '.' && mantissa[1] != ',' {
			return dst[:0], phoneWhole
		}
		for _, c := range mantissa[2:] {
			if c-'0' > 9 {
				return dst[:0], phoneWhole
			}
			dst = append(dst, c)
		}
	}
	want := exp + 1
	for len(dst) > want && dst[len(dst)-1] == '0' {
		dst = dst[:len(dst)-1]
	}
	known := len(dst)
	switch {
	case known > want:
		return dst, phoneFraction
	case want > 20:
		return dst, phoneSciLost
	}
	for len(dst) < want {
		dst = append(dst, '0')
	}
	missing := want - known
	if missing > 0 && known < 8 || missing > 2 && known < 9 || missing > 3 && known < 10 {
		return dst, phoneSciLost
	}
	return dst, phoneSci
}

// phoneDecimal reads digits with a fraction, and with thousands separators of the other kind: "5.511.987.654.321,00".
func phoneDecimal(dst, t []byte) ([]byte, phoneDamage) {
	point := bytes.LastIndexAny(t, ".,")
	if point < 7 || point == len(t)-1 {
		return dst, phoneWhole
	}
	zero := true
	for _, c := range t[point+1:] {
		if c-'0' > 9 {
			return dst, phoneWhole
		}
		zero = zero && c == '0'
	}
	since, groups := 0, 0
	for _, c := range t[:point] {
		switch {
		case c-'0' < 10:
			dst = append(dst, c)
			since++
		case (c == '.' || c == ',') && c != t[point] && (since == 3 || groups == 0 && since < 3):
			since = 0
			groups++
		default:
			return dst[:0], phoneWhole
		}
	}
	if groups > 0 && since != 3 {
		return dst[:0], phoneWhole
	}
	switch {
	case zero && (len(t)-point-1 <= 2 || groups == 0):
		return dst, phoneFloat
	case groups == 0 && len(dst) >= 10 && len(t)-point-1 <= 2:
		return dst, phoneFraction
	}
	return dst[:0], phoneWhole
}
