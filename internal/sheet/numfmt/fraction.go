package numfmt

import (
	"math"
	"strconv"
	"strings"
)

// appendFraction shows v as a whole number and a fraction (# ?/?) or as a fraction alone (?/?). A fraction that is
// zero is left blank behind a whole number.
func (s *section) appendFraction(dst []byte, v float64) []byte {
	whole := 0.0
	if s.ints > 0 {
		whole = math.Floor(v)
	}
	num, den := nearest(v-whole, s.denom, s.fixed)
	if s.ints > 0 && num == den {
		whole++
		num = 0
	}
	blank := s.ints > 0 && num == 0
	wholeDone, numDone, denDone, slash := false, false, false, false
	seen := 0
	for _, t := range s.toks {
		switch {
		case t.op == opDigit && seen < s.ints:
			if seen++; !wholeDone && (whole > 0 || num == 0 || t.text == "0") {
				dst = strconv.AppendInt(dst, int64(min(whole, 1e15)), 10)
			}
			wholeDone = true
		case t.op == opDigit && !slash:
			if !numDone {
				dst = appendPart(dst, strconv.FormatInt(num, 10), s.numer, true, blank)
			}
			numDone = true
		case t.op == opDigit:
			if !denDone {
				dst = appendPart(dst, strconv.FormatInt(den, 10), s.denom, false, blank)
			}
			denDone = true
		case t.op == opSlash:
			slash = true
			if blank {
				dst = append(dst, ' ')
			} else {
				dst = append(dst, '/')
			}
		case slash && !denDone && s.fixed > 0 && t.text == strconv.Itoa(s.fixed):
			dst = appendPart(dst, t.text, len(t.text), false, blank)
			denDone = true
		default:
			dst = append(dst, t.text...)
		}
	}
	return dst
}

func appendPart(dst []byte, text string, width int, right, blank bool) []byte {
	if blank {
		return append(dst, strings.Repeat(" ", width)...)
	}
	pad := strings.Repeat(" ", max(width-len(text), 0))
	if right {
		return append(append(dst, pad...), text...)
	}
	return append(append(dst, text...), pad...)
}

// nearest gives the fraction nearest to v whose denominator is fixed, or else has at most that many digits, by
// continued fractions.
func nearest(v float64, digits, fixed int) (num, den int64) {
	if fixed > 0 {
		return int64(math.Floor(min(v, 1e12)*float64(fixed) + 0.5)), int64(fixed)
	}
	limit := int64(math.Pow10(min(max(digits, 1), 7))) - 1
	p0, q0, p1, q1 := int64(0), int64(1), int64(1), int64(0)
	for x := min(v, 1e12); ; {
		a := math.Floor(x)
		p2, q2 := int64(a)*p1+p0, int64(a)*q1+q0
		if q2 > limit {
			// The best fraction below the limit may be a semiconvergent.
			k := (limit - q0) / max(q1, 1)
			ps, qs := k*p1+p0, k*q1+q0
			if q1 == 0 || math.Abs(float64(ps)/float64(qs)-v) < math.Abs(float64(p1)/float64(q1)-v) {
				return ps, qs
			}
			return p1, q1
		}
		p0, q0, p1, q1 = p1, q1, p2, q2
		if rest := x - a; rest < 1e-10 {
			return p1, q1
		} else {
			x = 1 / rest
		}
	}
}
