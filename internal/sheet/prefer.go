package sheet

import "strings"

// PreferShown chooses what an importer gets of a number of which the file tells both the plain decimal and the text
// that was displayed: the displayed one where it has the very digits of the number with zeros in front or separators
// that make it a code (01310-100, 123.456.789-09, 0042), else the plain one (1.234,50; R$ 5; 5,51E+12).
func PreferShown(plain, shown string) string {
	if shown == "" || shown == plain || len(shown) > 64 || strings.IndexByte(plain, '.') >= 0 {
		return plain
	}
	var b [64]byte
	digits := b[:0]
	separators, group, grouped := 0, 0, true
	var separator byte
	for i := 0; i < len(shown); i++ {
		c := shown[i]
		if c >= '0' && c <= '9' {
			digits = append(digits, c)
			group++
			continue
		}
		if c > '/' && c != 0xC2 && c != 0xA0 || c < ' ' || c == '%' || c == '$' {
			return plain // letters, currencies, exponents
		}
		if separators > 0 && (c != separator || group != 3) || separators == 0 && (group == 0 || group > 3) {
			grouped = false
		}
		separators, separator, group = separators+1, c, 0
	}
	grouped = grouped && separators > 0 && group == 3
	zeros := 0
	for zeros < len(digits)-1 && digits[zeros] == '0' {
		zeros++
	}
	negative := strings.HasPrefix(plain, "-")
	switch {
	case string(digits[zeros:]) != strings.TrimPrefix(plain, "-"), negative:
		return plain
	case zeros > 0, separators > 0 && !grouped:
		return shown
	}
	return plain
}
