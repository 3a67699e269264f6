package filter

import (
	"regexp"
	"strconv"
	"time"
)

var (
	relative = regexp.MustCompile(`^([+-])([0-9]{1,4})([hdwmy])$`)
	absolute = regexp.MustCompile(`^([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:t([0-9]{2}):([0-9]{2}))?)?)?$`)
	birthday = regexp.MustCompile(`^([0-9]{2})(?:-([0-9]{2}))?$`)
)

func isPeriod(s string) bool {
	_, _, ok := Period(s, time.Unix(0, 0).UTC())
	return ok
}

// Period gives the time from and up to (not included) which a date value means, seen from now and in now's zone: a year, a
// month, a day, a minute, or what lies so far behind ("-7d" is the day a week ago) or ahead. Weeks begin on Monday.
func Period(s string, now time.Time) (from, to time.Time, ok bool) {
	day := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	days := func(t time.Time) (time.Time, time.Time, bool) { return t, t.AddDate(0, 0, 1), true }
	switch s {
	case "today":
		return days(day)
	case "yesterday":
		return days(day.AddDate(0, 0, -1))
	case "tomorrow":
		return days(day.AddDate(0, 0, 1))
	case "week":
		from = day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
		return from, from.AddDate(0, 0, 7), true
	case "month":
		from = day.AddDate(0, 0, 1-day.Day())
		return from, from.AddDate(0, 1, 0), true
	case "year":
		from = day.AddDate(0, 0, 1-day.YearDay())
		return from, from.AddDate(1, 0, 0), true
	}
	if m := relative.FindStringSubmatch(s); m != nil {
		n, _ := strconv.Atoi(m[2]) // digits
		if m[1] == "-" {
			n = -n
		}
		switch m[3] {
		case "h":
			t := now.Add(time.Duration(n) * time.Hour)
			return t, t, true
		case "d":
			return days(day.AddDate(0, 0, n))
		case "w":
			return days(day.AddDate(0, 0, 7*n))
		case "m":
			return days(day.AddDate(0, n, 0))
		}
		return days(day.AddDate(n, 0, 0))
	}
	m := absolute.FindStringSubmatch(s)
	if m == nil {
		return from, to, false
	}
	num := func(i, none int) int {
		if m[i] == "" {
			return none
		}
		n, _ := strconv.Atoi(m[i]) // digits
		return n
	}
	y, mo, d, h, mi := num(1, 1), num(2, 1), num(3, 1), num(4, 0), num(5, 0)
	from = time.Date(y, time.Month(mo), d, h, mi, 0, 0, now.Location())
	if y < 1 || mo < 1 || mo > 12 || d < 1 || h > 23 || mi > 59 || time.Date(y, time.Month(mo), d, 0, 0, 0, 0, time.UTC).Day() != d {
		return from, to, false
	}
	switch {
	case m[4] != "":
		return from, from.Add(time.Minute), true
	case m[3] != "":
		return from, from.AddDate(0, 0, 1), true
	case m[2] != "":
		return from, from.AddDate(0, 1, 0), true
	}
	return from, from.AddDate(1, 0, 0), true
}

func isBirthday(s string) bool {
	_, ok := MonthDay(s, time.Unix(0, 0))
	return ok
}

// MonthDay gives the beginning of the days of any year that a birthday value means: "07-" or "07-15".
func MonthDay(s string, now time.Time) (string, bool) {
	switch s {
	case "today":
		return now.Format("01-02"), true
	case "tomorrow":
		return now.AddDate(0, 0, 1).Format("01-02"), true
	case "month":
		return now.Format("01-"), true
	}
	m := birthday.FindStringSubmatch(s)
	if m == nil {
		return "", false
	}
	if m[2] == "" {
		s, m[2] = s+"-", "01"
	}
	if _, err := time.Parse("2006-01-02", "2024-"+m[1]+"-"+m[2]); err != nil { // a leap year
		return "", false
	}
	return s, true
}
