package i18n

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// style is how a language writes numbers and dates (Unicode CLDR 46, except for the English date, which is
// written with the month's name because 04/05 means two days to two readers).
type style struct {
	group    byte
	decimal  byte
	minGroup int // digits that the first group needs: Spanish writes 1234 and 12.345
	date     string
	time     string
}

func styleOf(l Lang) style {
	switch l {
	case English:
		return style{group: ',', decimal: '.', minGroup: 1, date: "2 Jan 2006", time: "2 Jan 2006, 15:04"}
	case Spanish:
		return style{group: '.', decimal: ',', minGroup: 2, date: "02/01/2006", time: "02/01/2006 15:04"}
	}
	return style{group: '.', decimal: ',', minGroup: 1, date: "02/01/2006", time: "02/01/2006 15:04"}
}

// Number writes n with the language's grouping: "18.412" or "18,412".
func (p *Printer) Number(n int64) string { return string(p.appendNumber(nil, n)) }

func (p *Printer) appendNumber(dst []byte, n int64) []byte {
	var buf [20]byte
	digits := strconv.AppendInt(buf[:0], n, 10)
	if digits[0] == '-' {
		dst, digits = append(dst, '-'), digits[1:]
	}
	if len(digits) < 3+p.style.minGroup {
		return append(dst, digits...)
	}
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			dst = append(dst, p.style.group)
		}
		dst = append(dst, d)
	}
	return dst
}

// Decimal writes f with that many digits behind the decimal sign, or with as many as it has where places is -1.
func (p *Printer) Decimal(f float64, places int) string {
	s := strconv.FormatFloat(f, 'f', places, 64)
	whole, fraction, _ := strings.Cut(s, ".")
	if n, err := strconv.ParseInt(whole, 10, 64); err == nil && whole != "-0" {
		whole = p.Number(n)
	}
	if fraction == "" {
		return whole
	}
	return whole + string(p.style.decimal) + fraction
}

// Percent writes a share of 0 to 1 as "97,4 %", or "97.4%" in English, with at most one digit behind the sign.
func (p *Printer) Percent(share float64) string {
	s := p.Decimal(math.Round(share*1000)/10, -1)
	if p.Lang == English {
		return s + "%"
	}
	return s + " %"
}

// Bytes writes a size in binary units with at most one digit behind the decimal sign: "21,9 MiB".
func (p *Printer) Bytes(n int64) string {
	const units = "KMGTPE"
	if n < 1024 && n > -1024 {
		return p.Number(n) + " B"
	}
	f, u := float64(n)/1024, 0
	for ; u < len(units)-1 && math.Abs(f) >= 1023.95; u++ {
		f /= 1024
	}
	return p.Decimal(math.Round(f*10)/10, -1) + " " + units[u:u+1] + "iB"
}

// Duration writes d in the two largest units that matter: "850 ms", "2,4 s", "3 min 20 s", "1 h 05 min", "2 d 3 h".
func (p *Printer) Duration(d time.Duration) string {
	if d < 0 {
		return "-" + p.Duration(max(-d, 0))
	}
	switch {
	case d < 999500*time.Microsecond:
		return p.Number(d.Round(time.Millisecond).Milliseconds()) + " ms"
	case d < 9950*time.Millisecond:
		return p.Decimal(math.Round(d.Seconds()*10)/10, -1) + " s"
	case d < 59500*time.Millisecond:
		return p.Number(int64(math.Round(d.Seconds()))) + " s"
	case d < time.Hour-500*time.Millisecond:
		s := int64(math.Round(d.Seconds()))
		return pair(s/60, "min", s%60, "s", 0)
	case d < 24*time.Hour-30*time.Second:
		m := int64(math.Round(d.Minutes()))
		return pair(m/60, "h", m%60, "min", 2)
	}
	h := int64(math.Round(d.Hours()))
	return pair(h/24, "d", h%24, "h", 0)
}

// pair writes two units, the second left out where it is zero and filled with zeros to width.
func pair(a int64, unitA string, b int64, unitB string, width int) string {
	s := strconv.FormatInt(a, 10) + " " + unitA
	if b == 0 {
		return s
	}
	second := strconv.FormatInt(b, 10)
	if len(second) < width {
		second = "0" + second
	}
	return s + " " + second + " " + unitB
}

// Date writes the day of t, in the zone that t has.
func (p *Printer) Date(t time.Time) string { return t.Format(p.style.date) }

// Time writes the day and the minute of t, in the zone that t has.
func (p *Printer) Time(t time.Time) string { return t.Format(p.style.time) }

// List joins items as a sentence does: "a, b e c".
func (p *Printer) List(items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	last := len(items) - 1
	and := "core.and"
	if soundsI(items[last]) {
		and = "core.and_before_i"
	}
	return strings.Join(items[:last], ", ") + " " + p.T(and) + " " + items[last]
}

// soundsI tells whether a Spanish word begins with the sound of i, before which y becomes e: "Facebook e
// Instagram", but "agua y hielo" (Real Academia Española, Diccionario panhispánico de dudas, "y").
func soundsI(word string) bool {
	w := strings.TrimPrefix(strings.ToLower(word), "h")
	rest, ok := strings.CutPrefix(w, "i")
	if !ok {
		return strings.HasPrefix(w, "í")
	}
	return !strings.HasPrefix(rest, "e") && !strings.HasPrefix(rest, "a") && !strings.HasPrefix(rest, "o")
}
