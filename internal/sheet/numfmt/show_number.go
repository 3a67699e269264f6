package numfmt

import "math"

// Show gives the number v as Excel displays it in a wide column, in the en-US locale.
func (f *Format) Show(v float64, date1904 bool) string {
	return string(f.appendShow(nil, v, date1904))
}

func (f *Format) appendShow(dst []byte, v float64, date1904 bool) []byte {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return append(dst, "#NUM!"...)
	}
	s, signed := f.choose(v)
	if s == nil {
		if len(f.sections) > 1 {
			return append(dst, overflow...)
		}
		if !signed {
			v = math.Abs(v)
		}
		return appendGeneral(dst, v)
	}
	if s.kind == Date || s.kind == Time || s.kind == DateTime {
		return s.appendDate(dst, v, date1904)
	}
	if signed && v < 0 {
		dst = append(dst, '-')
	}
	v = math.Abs(v)
	switch s.kind {
	case Duration:
		return s.appendDate(dst, v, date1904)
	case Number, Percent, Scientific, Fraction, Code:
		return s.appendNumber(dst, v)
	}
	for _, t := range s.toks {
		switch t.op {
		case opGeneral, opAt:
			dst = appendGeneral(dst, v)
		case opLiteral, opPercent, opPoint, opSlash:
			dst = append(dst, t.text...)
		}
	}
	return dst
}

func (s *section) appendNumber(dst []byte, v float64) []byte {
	d := newDecimal(v)
	if d.n > 0 {
		d.exp += 2*s.percents - 3*s.scale
	}
	switch s.kind {
	case Scientific:
		return s.appendExponential(dst, d)
	case Fraction:
		return s.appendFraction(dst, v)
	}
	d.round(s.decs)
	return s.appendFixed(dst, &d, 0)
}

// appendFixed walks the tokens and puts the digits of d into the placeholders. exp is the exponent to show.
func (s *section) appendFixed(dst []byte, d *decimal, exp int) []byte {
	place := s.ints - 1
	first, decimals, exponent := true, false, 0
	for i, t := range s.toks {
		switch t.op {
		case opDigit:
			switch {
			case exponent > 0:
				if exponent == 1 {
					dst = appendExponent(dst, exp, s.exps, s.toks[i-1].n == 1)
				}
				exponent = 2
			case decimals:
				dst = appendDecimal(dst, d, place, t.text[0])
				place--
			default:
				if first {
					for p := d.intLen() - 1; p > place; p-- {
						dst = s.appendInt(dst, d.at(p), p)
					}
					first = false
				}
				switch {
				case place < d.intLen() || t.text == "0":
					dst = s.appendInt(dst, d.at(place), place)
				case t.text == "?":
					dst = append(dst, ' ')
				}
				place--
			}
		case opPoint:
			if s.ints == 0 && d.intLen() > 0 {
				for p := d.intLen() - 1; p >= 0; p-- {
					dst = s.appendInt(dst, d.at(p), p)
				}
			}
			dst = append(dst, '.')
			decimals, place = true, -1
		case opExponent:
			dst = append(dst, 'E')
			exponent = 1
		default:
			dst = append(dst, t.text...)
		}
	}
	return dst
}

func (s *section) appendInt(dst []byte, digit byte, place int) []byte {
	dst = append(dst, digit)
	if s.thousands && place > 0 && place%3 == 0 {
		dst = append(dst, ',')
	}
	return dst
}

func appendDecimal(dst []byte, d *decimal, place int, placeholder byte) []byte {
	switch {
	case -place <= d.decLen() || placeholder == '0':
		return append(dst, d.at(place))
	case placeholder == '?':
		return append(dst, ' ')
	}
	return dst
}

// appendExponential shows d with an exponent that is a multiple of the number of placeholders before the point.
func (s *section) appendExponential(dst []byte, d decimal) []byte {
	step := max(s.ints, 1)
	scaled := func() (decimal, int) {
		if d.n == 0 {
			return d, 0
		}
		e := d.exp - 1
		if step > 1 {
			e = int(math.Floor(float64(e)/float64(step))) * step
		}
		x := d
		x.exp -= e
		return x, e
	}
	x, e := scaled()
	places := s.decs
	x.round(places)
	if x.exp > step && x.n > 0 { // 9.99 became 10
		d = x
		d.exp += e
		x, e = scaled()
	}
	return s.appendFixed(dst, &x, e)
}
