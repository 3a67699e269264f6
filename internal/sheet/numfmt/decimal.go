package numfmt

import (
	"math"
	"strconv"
)

// decimal is a non-negative number as its digits: 0.d1d2d3... times ten to the power of exp. It has at most 15
// digits, as Excel does, no zero in front and none at the end; zero has no digits.
type decimal struct {
	digits [32]byte
	n      int
	exp    int
}

// newDecimal gives |v| rounded to 15 significant digits. v is finite.
func newDecimal(v float64) decimal {
	var d decimal
	v = math.Abs(v)
	if v == 0 {
		return d
	}
	var tmp [32]byte
	b := strconv.AppendFloat(tmp[:0], v, 'e', 14, 64) // d.dddddddddddddde±xx
	d.digits[0] = b[0]
	d.n = 1 + copy(d.digits[1:], b[2:16])
	e, _ := strconv.Atoi(string(b[17:]))
	d.exp = e + 1
	d.trim()
	return d
}

// round rounds half up to the given number of decimal places, which may be negative.
func (d *decimal) round(places int) {
	keep := d.exp + places
	if keep >= d.n {
		return
	}
	if keep < 0 {
		*d = decimal{}
		return
	}
	up := d.digits[keep] >= '5'
	d.n = keep
	if up {
		i := keep - 1
		for ; i >= 0 && d.digits[i] == '9'; i-- {
			d.n--
		}
		if i < 0 {
			d.digits[0], d.n = '1', 1
			d.exp++
		} else {
			d.digits[i]++
		}
	}
	d.trim()
}

func (d *decimal) trim() {
	for d.n > 0 && d.digits[d.n-1] == '0' {
		d.n--
	}
	if d.n == 0 {
		d.exp = 0
	}
}

// at gives the digit of the place: 0 is that of the ones, 1 of the tens, -1 of the tenths.
func (d *decimal) at(place int) byte {
	if i := d.exp - 1 - place; i >= 0 && i < d.n {
		return d.digits[i]
	}
	return '0'
}

// intLen is the number of digits before the point, 0 for a number below one.
func (d *decimal) intLen() int { return max(d.exp, 0) }

// decLen is the number of digits behind the point.
func (d *decimal) decLen() int { return max(d.n-d.exp, 0) }

// appendPlain appends the number without exponent: 0.25, 5511987654321.
func (d *decimal) appendPlain(dst []byte) []byte {
	if d.exp <= 0 {
		dst = append(dst, '0')
	}
	for p := d.exp - 1; p >= 0; p-- {
		dst = append(dst, d.at(p))
	}
	if n := d.decLen(); n > 0 {
		dst = append(dst, '.')
		for p := -1; p >= -n; p-- {
			dst = append(dst, d.at(p))
		}
	}
	return dst
}
