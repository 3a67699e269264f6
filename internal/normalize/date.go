package normalize

import (
	"time"

	"cadastro/internal/errs"
)

// DateOrder says which comes first in dates of three numbers.
type DateOrder uint8

// The orders. With OrderUnknown a date that two orders read differently is a Reject.
const (
	OrderUnknown DateOrder = iota
	OrderDMY
	OrderMDY
	OrderYMD
)

// String gives the stable name, as in JSON: "dmy".
func (o DateOrder) String() string {
	switch o {
	case OrderDMY:
		return "dmy"
	case OrderMDY:
		return "mdy"
	case OrderYMD:
		return "ymd"
	}
	return ""
}

// ParseDateOrder gives the order of a stable name, OrderUnknown for any other text.
func ParseDateOrder(s string) DateOrder {
	for _, o := range [...]DateOrder{OrderDMY, OrderMDY, OrderYMD} {
		if o.String() == s {
			return o
		}
	}
	return OrderUnknown
}

// Years that a date may have; before and behind them lie typing errors and the null dates of programs.
const (
	MinYear     = 1800
	MaxYear     = 9999
	maxAgeYears = 130
)

// DateReader reads the dates of one column.
//
// Order comes from [DateColumn] or from a person. Birth makes two-digit years past years and lets future and
// very old dates be warned of. Date1904 says that serial numbers count from 1904 (old Mac workbooks). Today is
// the day from which future and age are told; the zero time turns both off.
type DateReader struct {
	Order    DateOrder
	Birth    bool
	Date1904 bool
	Today    time.Time
}

// civil is a date as three numbers; the zero value is none.
type civil struct{ y, m, d int }

// Read gives the date in raw as YYYY-MM-DD, "" for none.
//
// Read are ISO 8601 (with time and zone, which are left out), three numbers with / - . or spaces between, month
// names and abbreviations in pt, es, en, de, fr and it, spreadsheet serials with or without fraction, yyyymmdd,
// ddmmyyyy and Unix times. Rejects: date.unreadable, date.impossible, date.out_of_range {min, max},
// date.ambiguous_order {dmy, mdy}, date.other_order {order}, date.no_day, date.no_year, date.year_only. Warnings:
// date.future, date.too_old {years}. Notes: date.two_digit_year {result}, date.serial {result}.
func (dr DateReader) Read(raw string) (string, []errs.Issue) {
	if len(raw) == 10 {
		if c, code := dr.readTen(raw); code == "" && c.y != 0 {
			return dr.finish(c, raw, nil)
		}
	}
	s := bare(raw)
	if !hasContent(s) {
		return "", nil
	}
	if done, issues := nothing(s); done {
		return "", issues
	}
	c, issues := dr.parse(s)
	if c == (civil{}) {
		if issues == nil {
			issues = reject("date.unreadable", s)
		}
		return "", issues
	}
	return dr.finish(c, s, issues)
}

// readTen is the fast path: dd/mm/yyyy and yyyy-mm-dd. The zero civil sends the value the long way.
func (dr DateReader) readTen(s string) (civil, string) {
	if s[2] == s[5] && (s[2] == '/' || s[2] == '-' || s[2] == '.') {
		a, b := two(s[0:2]), two(s[3:5])
		y1, y2 := two(s[6:8]), two(s[8:10])
		if a < 0 || b < 0 || y1 < 0 || y2 < 0 {
			return civil{}, ""
		}
		return dr.ordered(a, b, y1*100+y2)
	}
	if s[4] == '-' && s[7] == '-' || s[4] == '/' && s[7] == '/' {
		y1, y2, m, d := two(s[0:2]), two(s[2:4]), two(s[5:7]), two(s[8:10])
		if y1 < 0 || y2 < 0 || m < 0 || d < 0 {
			return civil{}, ""
		}
		c := civil{y1*100 + y2, m, d}
		if c.valid() {
			return c, ""
		}
	}
	return civil{}, ""
}

// ordered reads a/b/year by the column's order. A code says why there is no date.
func (dr DateReader) ordered(a, b, y int) (civil, string) {
	dmy, mdy := civil{y, b, a}, civil{y, a, b}
	switch dr.Order {
	case OrderMDY:
		if mdy.valid() {
			return mdy, ""
		}
		if dmy.valid() {
			return civil{}, "date.other_order"
		}
	case OrderDMY:
		if dmy.valid() {
			return dmy, ""
		}
		if mdy.valid() {
			return civil{}, "date.other_order"
		}
	default:
		switch v1, v2 := dmy.valid(), mdy.valid(); {
		case v1 && v2 && a != b:
			return civil{}, "date.ambiguous_order"
		case v1:
			return dmy, ""
		case v2:
			return mdy, ""
		}
	}
	if y < MinYear || y > MaxYear {
		return civil{}, "date.out_of_range"
	}
	return civil{}, "date.impossible"
}

// finish writes the date and tells of births that cannot be.
func (dr DateReader) finish(c civil, raw string, issues []errs.Issue) (string, []errs.Issue) {
	out := c.String()
	if out == raw {
		out = raw
	}
	if dr.Birth && !dr.Today.IsZero() {
		y, m, d := dr.Today.Date()
		switch today := (civil{y, int(m), d}); {
		case today.before(c):
			issues = append(issues, errs.NewIssue(errs.Warning, "date.future", raw))
		case y-c.y > maxAgeYears:
			issues = append(issues, errs.NewIssue(errs.Warning, "date.too_old", raw, "years", y-c.y))
		}
	}
	return out, issues
}

// fullYear gives two-digit years their century: for births the last hundred years up to today, else from 79
// years back to 20 years ahead.
func (dr DateReader) fullYear(yy int) int {
	now := 2026
	if !dr.Today.IsZero() {
		now = dr.Today.Year()
	}
	last := now + 20
	if dr.Birth {
		last = now
	}
	y := last - last%100 + yy
	if y > last {
		y -= 100
	}
	return y
}

func (c civil) valid() bool {
	return c.y >= MinYear && c.y <= MaxYear && c.m >= 1 && c.m <= 12 && c.d >= 1 && c.d <= daysIn(c.y, c.m)
}

func (c civil) before(o civil) bool {
	return c.y < o.y || c.y == o.y && (c.m < o.m || c.m == o.m && c.d < o.d)
}

// String gives YYYY-MM-DD.
func (c civil) String() string {
	b := [10]byte{
		byte('0' + c.y/1000), byte('0' + c.y/100%10), byte('0' + c.y/10%10), byte('0' + c.y%10), '-',
		byte('0' + c.m/10), byte('0' + c.m%10), '-', byte('0' + c.d/10), byte('0' + c.d%10),
	}
	return string(b[:])
}

// daysIn gives the length of a month of the Gregorian calendar.
func daysIn(y, m int) int {
	switch m {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if y%4 == 0 && (y%100 != 0 || y%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// two gives the value of two digits, -1 where they are none.
func two(s string) int {
	a, b := s[0]-'0', s[1]-'0'
	if a > 9 || b > 9 {
		return -1
	}
	return int(a)*10 + int(b)
}
