package mapping

import "strings"

// numericKinds tells what a cell is that consists of digits and signs, in the main.
func numericKinds(s string, c chars) kinds {
	var k kinds
	set := func(v kind, ok bool) {
		if ok {
			k |= 1 << v
		}
	}
	if c.digits == 0 {
		return 0
	}
	if looksUUID(s, c) {
		return 1 << vUUID
	}
	date, dayMonth := looksDate(s, c)
	set(vDate, date)
	set(vDayMonth, dayMonth)
	money := looksMoney(s, c)
	set(vMoney, money)
	plain := c.digits == c.runes
	set(vInt, plain)
	set(vDecimal, !plain && c.letters == 0 && c.signs <= 3 && decimal(s))
	if date || money {
		return k
	}
	set(vCPF, c.digits == 11 && c.letters == 0 && (validCPF(s) || matches(s, "ddd.ddd.ddd-dd")))
	set(vCNPJ, c.digits+c.letters == 14 && matches(s, "xx.xxx.xxx/xxxx-dd") || c.digits == 14 && plain && validCNPJ(s))
	set(vTaxLike, c.digits >= 5 && c.digits+c.letters >= 7 && c.digits+c.letters <= 20 && c.letters == c.capitals && c.spaces <= 1)
	set(vZip, looksZip(s, c))
	phone, sure := looksPhone(s, c)
	set(vPhone, phone && (sure || !k.has(vCNPJ) && !(k.has(vCPF) && !plain)))
	set(vPlus, sure)
	return k
}

// looksPhone tells whether s is a telephone number (7 to 15 digits by E.164, more where several numbers
// stand in one cell), and whether it can be nothing else.
func looksPhone(s string, c chars) (phone, sure bool) {
	if c.letters > 8 || c.digits < 7 || c.digits > 15 && !strings.ContainsAny(s, "/;,|:") || c.digits > 60 {
		return false, false
	}
	if c.letters > 0 && !strings.Contains(fold(s), "x") && !strings.Contains(fold(s), "r") && !strings.Contains(fold(s), "tel") {
		return false, false
	}
	if c.digits == c.runes {
		return c.digits >= 8, c.digits >= 12 && strings.HasPrefix(s, "55")
	}
	if decimal(s) && c.spaces == 0 && strings.Count(s, ".")+strings.Count(s, ",") == 1 {
		return false, false
	}
	plus := s[0] == '+' || s[0] == '('
	dash := matches(s, "ddddd-dddd") || matches(s, "dddd-dddd") || matches(s, "ddd-dddd") || matches(s, "ddd-ddd-dddd") ||
		matches(s, "dd ddddd-dddd") || matches(s, "dd dddd-dddd") || matches(s, "dd ddddd dddd")
	return true, plus || dash
}

// looksDate knows day, month and year in any order, parted by one kind of sign, with a time of day behind;
// and the same without year.
func looksDate(s string, c chars) (date, dayMonth bool) {
	if c.digits < 2 || c.digits > 20 || c.runes < 3 {
		return false, false
	}
	var parts []int
	var width []int
	i := 0
	sep := byte(0)
	for i < len(s) && len(parts) < 3 {
		j, n := i, 0
		for j < len(s) && s[j] >= '0' && s[j] <= '9' && j-i < 5 {
			n = n*10 + int(s[j]-'0')
			j++
		}
		if j == i {
			break
		}
		parts, width = append(parts, n), append(width, j-i)
		i = j
		if len(parts) == 3 || i == len(s) {
			break
		}
		if sep == 0 {
			sep = s[i]
		}
		if s[i] != sep || !strings.ContainsRune("/-.", rune(sep)) {
			return monthName(s), false
		}
		i++
	}
	if i < len(s) && s[i] != ' ' && s[i] != 'T' && s[i] != ',' {
		return monthName(s), false
	}
	switch len(parts) {
	case 3:
		y, a, b := parts[2], parts[0], parts[1]
		if width[0] == 4 {
			y, a, b = parts[0], parts[1], parts[2]
		} else if width[2] != 4 && width[2] != 2 {
			return false, false
		}
		return (a <= 12 && b <= 31 || b <= 12 && a <= 31) && a > 0 && b > 0 && (y < 100 || y > 1800 && y < 2200), false
	case 2:
		return false, i == len(s) && sep != '.' && parts[0] > 0 && parts[1] > 0 && parts[0] <= 31 && parts[1] <= 31 && min(parts[0], parts[1]) <= 12
	}
	return monthName(s), false
}

// monthName tells whether s is a date that spells its month: "12 de março de 1980", "Mar 12, 1980". Every word
// has to be a number, a month or a particle, so that "Rua Sete 10" is none.
func monthName(s string) bool {
	f := fold(s)
	if len(f) > 40 || !strings.ContainsAny(f, "0123456789") {
		return false
	}
	month := false
	for w := range strings.FieldsFuncSeq(f, func(r rune) bool { return strings.ContainsRune(" -/,.:", r) }) {
		switch {
		case w[0] >= '0' && w[0] <= '9':
		case isMonth(w):
			month = true
		case strings.Contains(" de del do of di le el am pm den ", " "+w+" "):
		default:
			return false
		}
	}
	return month
}

// isMonth knows the months of English, Portuguese, Spanish, French, Italian and German, whole and abbreviated.
func isMonth(w string) bool {
	const months = " jan january janeiro janvier januar jan feb february fev fevereiro fevrier febrero febbraio februar" +
		" mar march marco marzo mars marz apr april abr abril avr avril aprile may mai maio mayo maggio mag" +
		" jun june junho junio juin giugno giu juni jul july julho julio juillet luglio lug juli" +
		" aug august ago agosto aout sep sept september set setembro septiembre septembre settembre" +
		" oct october out outubro octubre octobre ottobre ott okt oktober nov november novembro noviembre novembre" +
		" dec december dez dezembro dic diciembre decembre dicembre dezember ene enero gen gennaio "
	return len(w) >= 3 && strings.Contains(months, " "+w+" ")
}

func looksMoney(s string, c chars) bool {
	if strings.ContainsAny(s, "$€£%") {
		return c.digits > 0 && c.letters <= 3
	}
	if c.letters > 0 || c.spaces > 0 {
		return false
	}
	i := strings.LastIndexAny(s, ".,")
	return i > 0 && len(s)-i-1 == 2 && decimal(s)
}

// decimal tells whether s is one number with a fraction or with thousands parted: "1.234,56", "-3.5".
func decimal(s string) bool {
	s = strings.TrimLeft(s, "-+")
	if s == "" || s[0] < '0' || s[0] > '9' {
		return false
	}
	for i := range len(s) {
		if (s[i] < '0' || s[i] > '9') && s[i] != '.' && s[i] != ',' {
			return false
		}
	}
	i := strings.LastIndexAny(s, ".,")
	return i > 0 && i < len(s)-1 && (strings.Count(s, s[i:i+1]) == 1)
}

// looksZip knows the shapes of the postal codes of the Americas and Europe: 01310-100, 62701-1234, 28001,
// 1000-001, SW1A 1AA, K1A 0B1, C1425ABC, 00-950, 1012 AB.
func looksZip(s string, c chars) bool {
	if c.runes > 10 || c.runes < 4 || c.signs > 2 || c.spaces > 1 {
		return false
	}
	if c.letters == 0 {
		switch c.digits {
		case 4, 5, 6:
			return c.signs == 0 && c.spaces == 0 || matches(s, "dd-ddd") || matches(s, "ddd dd")
		case 7:
			return matches(s, "dddd-ddd")
		case 8:
			return matches(s, "ddddd-ddd") || c.signs == 0 && c.spaces == 0 || matches(s, "dd.ddd-ddd")
		case 9:
			return matches(s, "ddddd-dddd")
		}
		return false
	}
	return c.letters <= 5 && c.letters == c.capitals && c.digits >= 2 && c.digits <= 5 && c.digits+c.letters >= 5 && c.signs == 0 && c.runes <= 8
}

func looksUUID(s string, c chars) bool {
	return len(s) == 36 && s[8] == '-' && s[13] == '-' && s[18] == '-' && s[23] == '-' ||
		len(s) >= 16 && c.signs == 0 && c.spaces == 0 && c.letters >= 4 && c.digits >= 4 && c.capitals != c.letters
}

// matches compares s with a pattern of d (digit), x (digit or capital) and literal signs.
func matches(s, pattern string) bool {
	if len(s) != len(pattern) {
		return false
	}
	for i := range len(s) {
		c, p := s[i], pattern[i]
		isDigit := c >= '0' && c <= '9'
		switch p {
		case 'd':
			if !isDigit {
				return false
			}
		case 'x':
			if !isDigit && (c < 'A' || c > 'Z') {
				return false
			}
		default:
			if c != p {
				return false
			}
		}
	}
	return true
}
