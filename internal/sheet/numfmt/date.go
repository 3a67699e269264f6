package numfmt

import "math"

// maxSerial is the day after 9999-12-31 in the 1900 system, the end of what spreadsheets show as a date.
const maxSerial = 2958466

// moment is a serial number taken apart. Month is 1 to 12; Weekday 0 is Sunday. Day may be 0 (serial 0 is shown as
// 1900-01-00) and 1900-02-29 exists, as in Excel.
type moment struct {
	year, month, day, weekday int
	hour, minute, second      int
	milli                     int
	days                      int64   // whole days since the epoch
	total                     float64 // the value in days
}

// newMoment takes a serial apart, rounded to milliseconds where subs is above 0, else to seconds. It tells false for
// what is no date: below zero, or after 9999-12-31.
func newMoment(v float64, date1904 bool, subs int) (moment, bool) {
	limit := float64(maxSerial)
	if date1904 {
		limit -= 1462
	}
	if !(v >= 0 && v < limit) {
		return moment{}, false
	}
	unit := int64(1)
	for range subs {
		unit *= 10
	}
	ticks := int64(math.Round(v * 86400 * float64(unit) * (1 + 1e-15)))
	m := moment{total: v, days: ticks / (86400 * unit)}
	ticks %= 86400 * unit
	m.milli = int(ticks % unit * 1000 / unit)
	secs := int(ticks / unit)
	m.hour, m.minute, m.second = secs/3600, secs/60%60, secs%60
	if float64(m.days) >= limit {
		return moment{}, false
	}
	days := m.days
	if date1904 {
		days += 1462
	}
	m.weekday = int((days + 6) % 7)
	switch {
	case days == 0:
		m.year, m.month, m.day = 1900, 1, 0
	case days == 60:
		m.year, m.month, m.day = 1900, 2, 29
	case days < 60:
		m.year, m.month, m.day = civil(days + 1)
	default:
		m.year, m.month, m.day = civil(days)
	}
	return m, true
}

// civil gives the Gregorian date of the day counted from 1899-12-30.
func civil(days int64) (year, month, day int) {
	// Days from 0000-03-01, in eras of 400 years (H. Hinnant, "chrono-compatible low-level date algorithms").
	z := days + 719468 - 25569
	era := z / 146097
	doe := z - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	day = int(doy - (153*mp+2)/5 + 1)
	month = int(mp + 3)
	year = int(yoe + era*400)
	if month > 12 {
		month -= 12
		year++
	}
	return year, month, day
}

// Serial gives the serial number of a date and time of the proleptic Gregorian calendar.
func Serial(year, month, day, hour, minute int, second float64, date1904 bool) float64 {
	y, m := int64(year), int64(month)
	if m <= 2 {
		y--
		m += 12
	}
	era := y / 400
	if y < 0 {
		era = (y - 399) / 400
	}
	yoe := y - era*400
	doy := (153*(m-3)+2)/5 + int64(day) - 1
	days := era*146097 + yoe*365 + yoe/4 - yoe/100 + doy - 719468 + 25569
	switch {
	case date1904:
		days -= 1462
	case days <= 60:
		days--
	}
	return float64(days) + (float64(hour)*3600+float64(minute)*60+second)/86400
}
