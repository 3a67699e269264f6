package numfmt

import "strconv"

// ShowGeneral gives v as a cell without number format displays it.
func ShowGeneral(v float64) string { return string(appendGeneral(nil, v)) }

// appendGeneral appends v as Excel's General format shows it in a wide cell: at most 11 characters, the point
// included and the sign not; numbers from 1E+11 on and very small ones with an exponent and six digits.
func appendGeneral(dst []byte, v float64) []byte {
	d := newDecimal(v)
	if d.n == 0 {
		return append(dst, '0')
	}
	if v < 0 {
		dst = append(dst, '-')
	}
	switch {
	case d.exp > 11, d.exp < -8, d.exp <= -4 && d.n-d.exp > 9:
		return appendScientific(dst, d)
	case d.exp > 0:
		d.round(max(10-d.exp, 0))
	default:
		d.round(9)
	}
	if d.exp > 11 {
		return appendScientific(dst, d)
	}
	return d.appendPlain(dst)
}

// appendScientific appends d with up to six digits: 1.23457E+11.
func appendScientific(dst []byte, d decimal) []byte {
	d.round(6 - d.exp)
	dst = append(dst, d.digits[0])
	if d.n > 1 {
		dst = append(dst, '.')
		dst = append(dst, d.digits[1:d.n]...)
	}
	return appendExponent(append(dst, 'E'), d.exp-1, 2, true)
}

// appendExponent appends e with its sign (plus only where wanted) and at least width digits.
func appendExponent(dst []byte, e, width int, plus bool) []byte {
	switch {
	case e < 0:
		dst = append(dst, '-')
		e = -e
	case plus:
		dst = append(dst, '+')
	}
	var tmp [8]byte
	s := strconv.AppendInt(tmp[:0], int64(e), 10)
	for i := len(s); i < width; i++ {
		dst = append(dst, '0')
	}
	return append(dst, s...)
}
