package numfmt

import "strconv"

// overflow is what Excel shows for a date that is none. The width is that of a common column.
const overflow = "########"

func (s *section) appendDate(dst []byte, v float64, date1904 bool) []byte {
	m, ok := newMoment(v, date1904, s.subs)
	if !ok {
		return append(dst, overflow...)
	}
	switch s.system {
	case 'd':
		n := english.names()
		dst = append(append(dst, n.days[m.weekday]...), ", "...)
		dst = append(append(dst, n.months[m.month-1]...), ' ')
		dst = append(strconv.AppendInt(dst, int64(m.day), 10), ", "...)
		return strconv.AppendInt(dst, int64(m.year), 10)
	case 't':
		dst = append(strconv.AppendInt(dst, int64((m.hour+11)%12+1), 10), ':')
		dst = append(appendPad(dst, int64(m.minute), 2), ':')
		return append(appendPad(dst, int64(m.second), 2), " AM"[:1]+"AP"[m.hour/12:m.hour/12+1]+"M"...)
	}
	for _, t := range s.toks {
		dst = s.appendDateToken(dst, t, &m)
	}
	return dst
}

func (s *section) appendDateToken(dst []byte, t token, m *moment) []byte {
	switch t.op {
	case opYear:
		if t.n <= 2 {
			return appendPad(dst, int64(m.year%100), 2)
		}
		return appendPad(dst, int64(m.year), 4)
	case opEra:
		year := m.year
		if t.text == "b" {
			year += 543
			if t.n <= 2 {
				return appendPad(dst, int64(year%100), 2)
			}
		}
		return strconv.AppendInt(dst, int64(year), 10)
	case opMonth:
		return s.appendMonth(dst, t.n, m)
	case opDay:
		switch t.n {
		case 1, 2:
			return appendPad(dst, int64(m.day), t.n)
		case 3:
			return append(dst, s.lang.names().daysShort[m.weekday]...)
		}
		return append(dst, s.lang.names().days[m.weekday]...)
	case opHour:
		h := m.hour
		if s.ampm {
			h = (h+11)%12 + 1
		}
		return appendPad(dst, int64(h), min(t.n, 2))
	case opMinute:
		return appendPad(dst, int64(m.minute), min(t.n, 2))
	case opSecond:
		return appendPad(dst, int64(m.second), min(t.n, 2))
	case opSub:
		var tmp [8]byte
		dst = append(dst, '.')
		return append(dst, appendPad(tmp[:0], int64(m.milli), 3)[:t.n]...)
	case opAMPM:
		dst = append(dst, "AP"[m.hour/12])
		if t.text == "AM/PM" {
			dst = append(dst, 'M')
		}
		return dst
	case opElapsed:
		n := m.days*24 + int64(m.hour)
		if t.text != "h" {
			n = n*60 + int64(m.minute)
		}
		if t.text == "s" {
			n = n*60 + int64(m.second)
		}
		return appendPad(dst, n, t.n)
	case opLiteral, opPoint, opSlash, opDigit, opPercent:
		return append(dst, t.text...)
	}
	return dst
}

func (s *section) appendMonth(dst []byte, n int, m *moment) []byte {
	switch n {
	case 1, 2:
		return appendPad(dst, int64(m.month), n)
	case 3:
		return append(dst, s.lang.names().monthsShort[m.month-1]...)
	case 5:
		name := []rune(s.lang.names().months[m.month-1])
		return append(dst, string(name[:1])...)
	}
	return append(dst, s.lang.names().months[m.month-1]...)
}

// appendPad appends n with zeros in front up to the width.
func appendPad(dst []byte, n int64, width int) []byte {
	var tmp [20]byte
	b := strconv.AppendInt(tmp[:0], n, 10)
	for i := len(b); i < width; i++ {
		dst = append(dst, '0')
	}
	return append(dst, b...)
}
