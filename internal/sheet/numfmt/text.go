package numfmt

import (
	"math"
	"strconv"
)

// AppendText appends v as an importer wants it, and tells whether that is a date, time or duration.
//
// Dates are 2006-01-02, 2006-01-02 15:04 or 2006-01-02 15:04:05 and times 15:04 or 15:04:05, as precise as the format
// shows them; a number of a code format is shown whole (00000-000); a percentage keeps all its digits (12.5%).
// Everything else is raw, the number as it stands in the file, made plain by [AppendPlain].
func (f *Format) AppendText(dst, raw []byte, v float64, date1904 bool) ([]byte, bool) {
	if f.Plain() {
		return AppendPlain(dst, raw), false
	}
	s, _ := f.choose(v)
	if s == nil {
		return AppendPlain(dst, raw), false
	}
	switch s.kind {
	case Date, Time, DateTime, Duration:
		if out, ok := s.appendISO(dst, v, date1904); ok {
			return out, true
		}
	case Code:
		if v == math.Trunc(v) && math.Abs(v) < 1e15 {
			return f.appendShow(dst, v, date1904), false
		}
	case Literal:
		if shown := f.appendShow(nil, v, date1904); hasLetter(shown) {
			return append(dst, shown...), false
		}
	case Percent:
		if math.Abs(v) < 1e15 {
			return appendPercentage(dst, v), false
		}
	}
	return AppendPlain(dst, raw), false
}

func hasLetter(b []byte) bool {
	for _, c := range b {
		if c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80 {
			return true
		}
	}
	return false
}

// appendISO tells false for a value that is no date.
func (s *section) appendISO(dst []byte, v float64, date1904 bool) ([]byte, bool) {
	m, ok := newMoment(v, date1904, 0)
	if !ok {
		return dst, false
	}
	switch {
	case s.kind == Duration:
		dst = append(strconv.AppendInt(dst, m.days*24+int64(m.hour), 10), ':')
		return m.appendClock(dst, s.seconds), true
	case s.kind == Time, s.kind == DateTime && m.days == 0 && v > 0 && !date1904:
		dst = append(appendPad(dst, int64(m.hour), 2), ':')
		return m.appendClock(dst, s.seconds), true
	case m.day == 0:
		return dst, false // serial 0 is an empty date, not a day
	}
	dst = append(appendPad(dst, int64(m.year), 4), '-')
	dst = append(appendPad(dst, int64(m.month), 2), '-')
	dst = appendPad(dst, int64(m.day), 2)
	if s.kind == Date {
		return dst, true
	}
	dst = append(appendPad(append(dst, ' '), int64(m.hour), 2), ':')
	return m.appendClock(dst, s.seconds), true
}

// appendClock appends minutes, and seconds where the format shows them and there are any.
func (m *moment) appendClock(dst []byte, seconds bool) []byte {
	dst = appendPad(dst, int64(m.minute), 2)
	if seconds && m.second != 0 {
		dst = appendPad(append(dst, ':'), int64(m.second), 2)
	}
	return dst
}

// Percentage gives v as a percentage with all its digits: 0.125 is 12.5%.
func Percentage(v float64) string {
	if !(math.Abs(v) < 1e15) {
		return ShowGeneral(v)
	}
	return string(appendPercentage(nil, v))
}

func appendPercentage(dst []byte, v float64) []byte {
	d := newDecimal(v)
	if d.n > 0 {
		d.exp += 2
		if v < 0 {
			dst = append(dst, '-')
		}
	}
	return append(d.appendPlain(dst), '%')
}
