package numfmt

import (
	"strconv"
	"strings"
)

// ParseISO reads an ISO 8601 date (2025-12-31), date and time (2025-12-31T13:45:10.5, a zone is passed over) or time
// (13:45, T13:45:10) as a serial number, and tells which of the three it is.
func ParseISO(text string, date1904 bool) (v float64, kind Kind, ok bool) {
	text = strings.TrimSpace(text)
	date, clock, both := strings.Cut(text, "T")
	if !both {
		date, clock, both = strings.Cut(text, " ")
	}
	if !both && strings.IndexByte(text, ':') > 0 {
		date, clock = "", text
	}
	h, m, sec, ok := parseClock(clock)
	if !ok {
		return 0, 0, false
	}
	if date == "" {
		return (float64(h)*3600 + float64(m)*60 + sec) / 86400, Time, clock != ""
	}
	sign := strings.HasPrefix(date, "-")
	part := strings.Split(strings.TrimPrefix(date, "-"), "-")
	if len(part) != 3 || len(part[0]) < 4 || len(part[0]) > 5 || sign {
		return 0, 0, false
	}
	y, err1 := strconv.Atoi(part[0])
	mo, err2 := strconv.Atoi(part[1])
	d, err3 := strconv.Atoi(part[2])
	if err1 != nil || err2 != nil || err3 != nil || mo < 1 || mo > 12 || d < 1 || d > daysIn(y, mo) {
		return 0, 0, false
	}
	v = Serial(y, mo, d, h, m, sec, date1904)
	if h == 0 && m == 0 && sec == 0 {
		return v, Date, true
	}
	return v, DateTime, true
}

func parseClock(s string) (h, m int, sec float64, ok bool) {
	if s == "" {
		return 0, 0, 0, true
	}
	s = strings.TrimSuffix(s, "Z")
	if i := strings.LastIndexAny(s, "+-"); i > 0 {
		s = s[:i]
	}
	part := strings.Split(s, ":")
	if len(part) < 2 || len(part) > 3 {
		return 0, 0, 0, false
	}
	h, err1 := strconv.Atoi(part[0])
	m, err2 := strconv.Atoi(part[1])
	var err3 error
	if len(part) == 3 {
		sec, err3 = strconv.ParseFloat(part[2], 64)
	}
	if err1 != nil || err2 != nil || err3 != nil || h < 0 || h > 99999 || m < 0 || m > 59 || !(sec >= 0 && sec < 61) {
		return 0, 0, 0, false
	}
	return h, m, sec, true
}

// ParsePeriod reads an XML Schema duration of days and less (PT13H45M10S, P1DT2H) in days.
func ParsePeriod(text string) (v float64, ok bool) {
	s, negative := strings.CutPrefix(strings.TrimSpace(text), "-")
	s, ok = strings.CutPrefix(s, "P")
	if !ok || s == "" {
		return 0, false
	}
	unit := map[byte]float64{'D': 1}
	for s != "" {
		if s[0] == 'T' {
			unit = map[byte]float64{'H': 1.0 / 24, 'M': 1.0 / 1440, 'S': 1.0 / 86400}
			s = s[1:]
			continue
		}
		i := strings.IndexAny(s, "DHMSYW")
		if i < 1 {
			return 0, false
		}
		n, err := strconv.ParseFloat(strings.Replace(s[:i], ",", ".", 1), 64)
		u, known := unit[s[i]]
		if err != nil || !known {
			return 0, false
		}
		v += n * u
		s = s[i+1:]
	}
	if negative {
		v = -v
	}
	return v, true
}

// AppendISO appends the serial number as the given kind of date, with seconds where there are any. It tells false
// for what is no date.
func AppendISO(dst []byte, v float64, kind Kind, date1904 bool) ([]byte, bool) {
	s := section{kind: kind, seconds: true}
	return s.appendISO(dst, v, date1904)
}
