package numfmt

// daysIn is the number of days of a month of the Gregorian calendar. February 1900 has 29 in spreadsheets.
func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) || year == 1900 {
			return 29
		}
		return 28
	}
	return 31
}
