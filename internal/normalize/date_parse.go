package normalize

import (
	"strings"
	"time"

	"cadastro/internal/errs"
)

// A dateText is what the reader finds in a cell, the time of day and the weekday left out.
//
// num holds up to four numbers with their count of digits; sep is what stands between the first two; month is
// that of a month name, 1 to 12, and monthAt how many numbers came before it.
type dateText struct {
	num     [4]int
	digits  [4]int
	n       int
	sep     byte
	month   int
	monthAt int
	ok      bool
}

// parse reads a date the long way. No date and no issue means: unreadable.
func (dr DateReader) parse(s string) (civil, []errs.Issue) {
	if len(s) > 100 {
		return civil{}, nil
	}
	if c, issues, ok := dr.parsePlainNumber(s); ok {
		return c, issues
	}
	if len(s) > 9 && isDigits(s[:8]) && (s[8] == 'T' || s[8] == 't' || s[8] == ' ') && isTimeTail(s[9:]) {
		return dr.parse(s[:8]) // 20251231T134510Z
	}
	t := scanDate(s)
	if !t.ok {
		return civil{}, nil
	}
	if t.month != 0 {
		return dr.withMonthName(t, s)
	}
	switch t.n {
	case 3:
		return dr.threeNumbers(t, s)
	case 2:
		if t.digits[0] == 4 || t.digits[1] == 4 {
			return civil{}, reject("date.no_day", s)
		}
		return civil{}, reject("date.no_year", s)
	}
	return civil{}, nil
}

// threeNumbers reads a/b/c.
func (dr DateReader) threeNumbers(t dateText, s string) (civil, []errs.Issue) {
	a, b, c := t.num[0], t.num[1], t.num[2]
	if t.digits[0] > 4 || t.digits[2] > 4 || t.digits[0] == 3 || t.digits[2] == 3 {
		if t.digits[1] <= 2 && (t.digits[0] > 4 || t.digits[2] > 4) {
			return civil{}, outOfRange(s)
		}
		return civil{}, nil
	}
	if t.digits[1] > 2 {
		return civil{}, nil
	}
	if t.digits[0] == 4 { // year first: nobody writes year, day, month
		return checked(civil{a, b, c}, s)
	}
	if t.digits[2] == 4 {
		got, code := dr.ordered(a, b, c)
		return got, dateIssue(code, a, b, c, s, dr.Order)
	}
	// two-digit year, at the front or at the end
	var got civil
	var code string
	if dr.Order == OrderYMD || a > 31 {
		got = civil{dr.fullYear(a), b, c}
		if !got.valid() {
			code = "date.impossible"
		}
	} else {
		y := dr.fullYear(c)
		if got, code = dr.ordered(a, b, y); code != "" {
			return civil{}, dateIssue(code, a, b, y, s, dr.Order)
		}
	}
	if code != "" || !got.valid() {
		return civil{}, reject("date.impossible", s)
	}
	return got, note("date.two_digit_year", s, "result", got.String())
}

// withMonthName reads "31 de dezembro de 2025", "Dec 31, 2025", "31-dez-25", "2025 December 31".
func (dr DateReader) withMonthName(t dateText, s string) (civil, []errs.Issue) {
	switch t.n {
	case 1:
		if t.digits[0] == 4 || t.monthAt == 0 || t.num[0] > 31 {
			return civil{}, reject("date.no_day", s)
		}
		return civil{}, reject("date.no_year", s)
	case 2:
	default:
		return civil{}, nil
	}
	day, year, yearDigits := t.num[0], t.num[1], t.digits[1]
	if t.digits[0] == 4 || t.digits[0] == 2 && t.digits[1] <= 2 && day > 31 {
		day, year, yearDigits = t.num[1], t.num[0], t.digits[0]
	}
	switch {
	case yearDigits > 4:
		return civil{}, outOfRange(s)
	case yearDigits == 2:
		c, issues := checked(civil{dr.fullYear(year), t.month, day}, s)
		if issues != nil {
			return c, issues
		}
		return c, note("date.two_digit_year", s, "result", c.String())
	case yearDigits != 4:
		return civil{}, nil
	}
	return checked(civil{year, t.month, day}, s)
}

// parsePlainNumber reads values that are one number: spreadsheet serials, yyyymmdd, ddmmyyyy, Unix times.
func (dr DateReader) parsePlainNumber(s string) (civil, []errs.Issue, bool) {
	whole, frac := s, ""
	if i := strings.IndexAny(s, ".,"); i > 0 {
		whole, frac = s[:i], s[i+1:]
		if !isDigits(frac) {
			return civil{}, nil, false
		}
	}
	if len(whole) == 14 && frac == "" && isDigits(whole) { // yyyymmddhhmmss
		whole = whole[:12]
	}
	if !isDigits(whole) || len(whole) > 13 {
		return civil{}, nil, false
	}
	n := 0
	for i := 0; i < len(whole); i++ {
		n = n*10 + int(whole[i]-'0')
	}
	switch len(whole) {
	case 8:
		if frac == "" {
			c, issues := dr.eightDigits(n, s)
			return c, issues, true
		}
	case 12: // yyyymmddhhmm
		if c := (civil{n / 1e8, n / 1e6 % 100, n / 1e4 % 100}); c.valid() && c.y < 2200 && n/100%100 < 24 && n%100 < 60 {
			return c, nil, true
		}
	case 7: // ddmmyyyy whose first zero a spreadsheet took
		if c := (civil{n % 10000, n / 10000 % 100, n / 1000000}); frac == "" && dr.Order == OrderDMY && c.valid() {
			return c, nil, true
		}
	case 10, 13:
		sec := int64(n)
		if len(whole) == 13 {
			sec /= 1000
		}
		if y, m, d := time.Unix(sec, 0).UTC().Date(); y <= 2100 {
			c := civil{y, int(m), d}
			return c, note("date.serial", s, "result", c.String()), true
		}
	case 4:
		if n >= 1850 && n <= 2150 && frac == "" {
			return civil{}, reject("date.year_only", s), true
		}
	case 3, 2, 1:
		if frac != "" {
			return civil{}, nil, false // 31.12 is a date without its year
		}
	}
	if len(whole) < 4 || len(whole) > 7 || len(whole) == 6 && frac == "" {
		return civil{}, nil, true
	}
	if c := fromSerial(n, dr.Date1904); c.valid() {
		return c, note("date.serial", s, "result", c.String()), true
	}
	return civil{}, outOfRange(s), true
}

// isTimeTail accepts the signs of a time of day and its zone.
func isTimeTail(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; (c < '0' || c > '9') && c != ':' && c != '.' && c != '+' && c != '-' && c != 'Z' && c != 'z' {
			return false
		}
	}
	return s != ""
}

// eightDigits reads yyyymmdd, else ddmmyyyy or mmddyyyy by the column's order. No digits satisfy two of them
// within the years allowed, but for day and month.
func (dr DateReader) eightDigits(n int, s string) (civil, []errs.Issue) {
	if c := (civil{n / 10000, n / 100 % 100, n % 100}); c.valid() && c.y < 2200 {
		return c, nil
	}
	a, b, y := n/1000000, n/10000%100, n%10000
	c, code := dr.ordered(a, b, y)
	return c, dateIssue(code, a, b, y, s, dr.Order)
}

// fromSerial gives the day of a spreadsheet serial: days from 1899-12-30 (which is right from March 1900 on, as
// Excel counts a 29 February 1900 that never was), or from 1904-01-01.
func fromSerial(n int, date1904 bool) civil {
	const unixOf1900, unixOf1904 = 25569, 24107 // 1970-01-01 in each count
	days := n - unixOf1900
	if date1904 {
		days = n - unixOf1904
	}
	y, m, d := time.Unix(int64(days)*86400, 0).UTC().Date()
	return civil{y, int(m), d}
}

func checked(c civil, s string) (civil, []errs.Issue) {
	switch {
	case c.valid():
		return c, nil
	case c.y < MinYear || c.y > MaxYear:
		return civil{}, outOfRange(s)
	}
	return civil{}, reject("date.impossible", s)
}

func outOfRange(s string) []errs.Issue {
	return reject("date.out_of_range", s, "min", MinYear, "max", MaxYear)
}

// dateIssue gives the Reject for a code of [DateReader.ordered], nil for "".
func dateIssue(code string, a, b, y int, s string, order DateOrder) []errs.Issue {
	switch code {
	case "":
		return nil
	case "date.out_of_range":
		return outOfRange(s)
	case "date.ambiguous_order":
		return reject(code, s, "dmy", civil{y, b, a}.String(), "mdy", civil{y, a, b}.String())
	case "date.other_order":
		return reject(code, s, "order", order.String())
	}
	return reject(code, s)
}
