package numfmt

import "strconv"

// maxExpand bounds the digits that an exponent may add.
const maxExpand = 40

// AppendPlain appends a number of a file without exponent and with all its digits: 5.511987654321E+12 becomes
// 5511987654321. Numbers of more than 15 digits that are not whole are rounded to 15, which takes away the noise of
// binary fractions (0.30000000000000004); whole ones keep every digit that the file has. What is no number, and
// what would need more than 40 zeros, stays as it is.
func AppendPlain(dst, raw []byte) []byte {
	digits, point, ok := scanDigits(raw)
	if ok && (point < 0 || digits <= 15) {
		return appendTrimmed(dst, raw, point)
	}
	v, err := strconv.ParseFloat(string(raw), 64)
	if err != nil {
		return append(dst, raw...)
	}
	d := newDecimal(v)
	if d.exp > maxExpand || d.exp < -maxExpand {
		return append(dst, raw...)
	}
	if v < 0 {
		dst = append(dst, '-')
	}
	return d.appendPlain(dst)
}

// scanDigits counts the digits of -ddd.ddd and finds its point, -1 for none. ok is false for any other form.
func scanDigits(raw []byte) (digits, point int, ok bool) {
	point = -1
	for i, c := range raw {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c == '.' && point < 0 && i > 0 && i+1 < len(raw):
			point = i
		case c == '-' && i == 0:
		default:
			return 0, -1, false
		}
	}
	if digits > 0 && point == 1 && raw[0] == '-' {
		return 0, -1, false
	}
	return digits, point, digits > 0
}

// appendTrimmed appends -ddd.ddd without zeros at the end of the fraction.
func appendTrimmed(dst, raw []byte, point int) []byte {
	if point >= 0 {
		for raw[len(raw)-1] == '0' {
			raw = raw[:len(raw)-1]
		}
		if raw[len(raw)-1] == '.' {
			raw = raw[:len(raw)-1]
		}
	}
	if string(raw) == "-0" {
		raw = raw[1:]
	}
	return append(dst, raw...)
}

// ParseFloat gives the value of a number of a file; false for what is no number.
func ParseFloat(raw []byte) (float64, bool) {
	if len(raw) > 0 && len(raw) <= 15 {
		var n int64
		for _, c := range raw {
			if c < '0' || c > '9' {
				return parseSlow(raw)
			}
			n = n*10 + int64(c-'0')
		}
		return float64(n), true
	}
	return parseSlow(raw)
}

func parseSlow(raw []byte) (float64, bool) {
	for _, c := range raw {
		if (c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E' {
			return 0, false
		}
	}
	v, err := strconv.ParseFloat(string(raw), 64)
	return v, err == nil
}

// DigitsLost tells whether v is a whole number beyond the 15 digits that spreadsheet programs keep, while raw does not
// have all of them: its last digits are zeros or noise.
func DigitsLost(raw []byte, v float64) bool {
	if v > -1e15 && v < 1e15 {
		return false
	}
	digits, point, ok := scanDigits(raw)
	if !ok || point >= 0 || digits < 16 {
		return true
	}
	tail := raw[len(raw)-(digits-15):]
	for _, c := range tail {
		if c != '0' {
			return false
		}
	}
	return true
}
