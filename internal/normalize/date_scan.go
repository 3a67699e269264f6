package normalize

import "strings"

// scanDate takes a text apart into the numbers and the month of a date. Times of day, zones and weekdays are
// recognised and left out; ok is false where anything else remains.
func scanDate(s string) (t dateText) {
	var buf [160]byte
	b := appendDateText(buf[:0], s)
	for i := 0; i < len(b); {
		c := b[i]
		switch {
		case c >= '0' && c <= '9':
			next, ok := t.number(b, i)
			if !ok {
				return t
			}
			i = next
		case c >= 'a' && c <= 'z':
			j := i
			for j < len(b) && (b[j] >= 'a' && b[j] <= 'z') {
				j++
			}
			if !t.word(string(b[i:j]), b[j:]) {
				return t
			}
			i = j
		case c == '(': // the zone's name in a date that JavaScript wrote
			if t.n < 2 {
				return t
			}
			j := strings.IndexByte(string(b[i:]), ')')
			if j < 0 {
				return t
			}
			i += j + 1
		case c == '/' || c == '-' || c == '.' || c == ' ' || c == ',':
			if t.n == 1 && (t.sep == 0 || t.sep == ' ') {
				t.sep = c
			}
			i++
		case c == '+':
			i++
		default:
			return t
		}
	}
	t.ok = t.n > 0
	return t
}

// number takes the number at b[i], or the whole time of day that starts there, and gives the place behind it.
func (t *dateText) number(b []byte, i int) (next int, ok bool) {
	j, v := i, 0
	for j < len(b) && b[j] >= '0' && b[j] <= '9' {
		if j-i < 9 {
			v = v*10 + int(b[j]-'0')
		}
		j++
	}
	if end, ok := timeOfDay(b, i, j); ok {
		return end, true
	}
	if t.n == 3 || t.n == 2 && t.month != 0 {
		return j, isZone(b, i, j)
	}
	t.num[t.n], t.digits[t.n] = v, j-i
	t.n++
	if j < len(b) && b[j] == 't' && j+1 < len(b) && b[j+1] >= '0' && b[j+1] <= '9' {
		j++ // 2025-12-31T13:45
	}
	switch rest := string(b[j:min(j+3, len(b))]); {
	case strings.HasPrefix(rest, "st") || strings.HasPrefix(rest, "nd") || strings.HasPrefix(rest, "rd") || strings.HasPrefix(rest, "th"),
		strings.HasPrefix(rest, "er"), strings.HasPrefix(rest, "ro"):
		return j + 2, true
	case strings.HasPrefix(rest, "o ") || strings.HasPrefix(rest, "a "):
		return j + 1, true
	}
	return j, true
}

// timeOfDay recognises 13:45, 13:45:10.123, 13h45, 14h, 1:45 pm and a zone such as -03:00 or Z behind them.
func timeOfDay(b []byte, i, j int) (end int, ok bool) {
	if j-i > 2 || j >= len(b) {
		return 0, false
	}
	switch {
	case b[j] == ':':
	case b[j] == 'h' && (j+1 == len(b) || b[j+1] == ' ' || b[j+1] >= '0' && b[j+1] <= '9'):
		for j++; j < len(b) && (b[j] >= '0' && b[j] <= '9' || b[j] == 'm' || b[j] == 'i' || b[j] == 'n'); j++ {
		}
		return j, true
	default:
		return 0, false
	}
	for j < len(b) && (b[j] >= '0' && b[j] <= '9' || b[j] == ':' || b[j] == '.' || b[j] == ',') {
		j++
	}
	if j < len(b) && b[j] == 'z' {
		return j + 1, true
	}
	if j < len(b) && (b[j] == '+' || b[j] == '-') {
		for j++; j < len(b) && (b[j] >= '0' && b[j] <= '9' || b[j] == ':'); j++ {
		}
	}
	return j, true
}

// isZone tells that the digits b[i:j] are an offset: "gmt-0300", "-03", behind the time.
func isZone(b []byte, i, j int) bool {
	return i > 0 && (b[i-1] == '-' || b[i-1] == '+') && (j-i == 4 || j-i == 2)
}

// word takes a month name or passes over a word that dates are written with.
func (t *dateText) word(w string, rest []byte) bool {
	if m := monthOf(w); m != 0 {
		if t.month == 0 || t.month == 3 && w != "mar" && t.monthAt == 0 && t.n == 1 || t.month == 3 && t.monthAt == 0 && t.n == 0 {
			// "mar 30 dic 2025": the first word was a Tuesday
			t.month, t.monthAt = m, t.n
			return true
		}
		return false
	}
	return dateFiller[w] || w == "t" && len(rest) > 0 || isWeekday(w)
}

// appendDateText appends s in small letters without accents, with the odd dashes, slashes and spaces made plain.
func appendDateText(dst []byte, s string) []byte {
	if isASCII(s) {
		for i := 0; i < len(s); i++ {
			c := s[i]
			switch {
			case c >= 'A' && c <= 'Z':
				c += 'a' - 'A'
			case c == '\\' || c == '|':
				c = '/'
			case c == '_':
				c = '-'
			case c < ' ':
				c = ' '
			}
			dst = append(dst, c)
		}
		return dst
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= 0x2010 && r <= 0x2015 || r == 0x2212 || r == 0xfe58 || r == 0xff0d:
			return '-'
		case r == 0x2044 || r == 0x2215:
			return '/'
		case r == '°' || r == 'º' || r == 'ª' || r == '\'' || r == '’':
			return -1
		}
		return r
	}, s)
	return AppendFold(dst, s)
}

// monthOf gives the month, 1 to 12, of its folded name or of an abbreviation of three letters or more that can be
// no other month's ("jui" is two in French); 0 for none.
func monthOf(w string) int { return monthWords[w] }

// monthWords has every beginning of a month's name; 0 stands for one that two months share.
var monthWords = makeMonthWords()

func makeMonthWords() map[string]int {
	m := map[string]int{}
	for _, n := range monthNames {
		for i := 3; i <= len(n.name); i++ {
			if old, ok := m[n.name[:i]]; ok && old != n.month {
				m[n.name[:i]] = 0
				continue
			}
			m[n.name[:i]] = n.month
		}
	}
	return m
}

var monthNames = [...]struct {
	name  string
	month int
}{
	{"janeiro", 1}, {"enero", 1}, {"january", 1}, {"januar", 1}, {"jaenner", 1}, {"janvier", 1}, {"gennaio", 1}, {"jan", 1},
	{"fevereiro", 2}, {"febrero", 2}, {"february", 2}, {"februar", 2}, {"fevrier", 2}, {"febbraio", 2},
	{"marco", 3}, {"marzo", 3}, {"march", 3}, {"marz", 3}, {"maerz", 3}, {"mars", 3}, {"mrz", 3},
	{"abril", 4}, {"april", 4}, {"avril", 4}, {"aprile", 4}, {"avr", 4},
	{"maio", 5}, {"mayo", 5}, {"may", 5}, {"mai", 5}, {"maggio", 5},
	{"junho", 6}, {"junio", 6}, {"june", 6}, {"juni", 6}, {"juin", 6}, {"giugno", 6},
	{"julho", 7}, {"julio", 7}, {"july", 7}, {"juli", 7}, {"juillet", 7}, {"luglio", 7},
	{"agosto", 8}, {"august", 8}, {"aout", 8}, {"agost", 8},
	{"setembro", 9}, {"septiembre", 9}, {"setiembre", 9}, {"september", 9}, {"septembre", 9}, {"settembre", 9},
	{"outubro", 10}, {"octubre", 10}, {"october", 10}, {"oktober", 10}, {"octobre", 10}, {"ottobre", 10},
	{"novembro", 11}, {"noviembre", 11}, {"november", 11}, {"novembre", 11},
	{"dezembro", 12}, {"diciembre", 12}, {"december", 12}, {"dezember", 12}, {"decembre", 12}, {"dicembre", 12},
}

func isWeekday(w string) bool {
	if len(w) < 2 {
		return false
	}
	for _, d := range weekdayNames {
		if d[0] == w[0] && (len(w) >= 3 && strings.HasPrefix(d, w) || len(w) == 2 && d[:2] == w) {
			return true
		}
	}
	return false
}

var weekdayNames = strings.Fields(`segunda terca quarta quinta sexta sabado domingo lunes martes miercoles jueves viernes
	monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag freitag samstag sonntag
	lundi mardi mercredi jeudi vendredi samedi dimanche lunedi martedi mercoledi giovedi venerdi sabato domenica`)

var dateFiller = set(`de del do da dia of the feira as a las at um uhr le il den der el on em o h hs hrs hora horas am pm m p
	utc gmt brt art clt cet cest est edt pst pdt z min s seg data fecha date`)
