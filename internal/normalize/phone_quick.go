package normalize

import (
	"strings"

	"cadastro/internal/errs"
)

// quick reads the cell if it is one number in one of the common spellings: digits, "+", blanks, brackets and hyphens.
// It is the path of nearly all rows, so it makes one pass and one allocation at most. It gives up at anything that
// a person would look at twice.
func (r *phoneReader) quick() bool {
	if r.Preset != PresetAny {
		return false
	}
	var d [15]byte
	n, first, dashes, tail := 0, -1, 0, 0
	plus, spaced := false, false
	s := strings.Trim(r.raw, " ")
	last := 0
	for i := range len(s) {
		switch c := s[i]; {
		case c-'0' < 10:
			if n == len(d) {
				return false
			}
			if n == 0 {
				first = i
			}
			d[n] = c
			n++
			tail++
			last = i
		case c == ' ':
			spaced, tail = true, 0
		case c == '-':
			dashes++
			spaced, tail = false, 0
		case c == '+':
			if plus || n > 0 {
				return false
			}
			plus = true
		case c == '(':
			if n > 4 {
				return false // an area code behind its number
			}
			tail = 0
		case c == ')':
		default:
			return false
		}
	}
	if n < 8 || n < 10 && dashes > 1 || dashes > 0 && (spaced && tail < 3 || tail == 1) {
		return false
	}
	if phoneZeros(d[:n]) >= 5 || phoneSame(d[:n]) >= 7 {
		return false
	}
	var m phoneNumber
	if plus {
		if !r.world.international(d[:n], &m) {
			return false
		}
	} else if !r.national(d[:n], &m) {
		return false
	}
	if m.fix&phoneFixNinth != 0 && tail == 3 || m.kind == PhonePremium {
		return false // "98765-432", "+55 90012-3456"
	}
	text := ""
	if plus && first > 0 && last-first == n-1 && s[first-1] == '+' && m.n == n && m.digits == d {
		text = s[first-1 : last+1]
	}
	r.emit(&m, text, "")
	return true
}

// emit keeps a number with what there is to say of it. text is its E.164 form where the caller has it at no cost.
// A number that the cell holds already is not kept twice.
func (r *phoneReader) emit(m *phoneNumber, text, ext string) {
	if text == "" {
		var b [16]byte
		b[0] = '+'
		copy(b[1:], m.digits[:m.n])
		text = string(b[:m.n+1])
	}
	for i := range r.phones[r.from:] {
		if p := &r.phones[r.from+i]; p.E164 == text {
			if p.Ext == "" {
				p.Ext = ext
			}
			return
		}
	}
	r.phones = append(r.phones, Phone{E164: text, Country: m.region, Ext: ext, Kind: m.kind, Repaired: m.fix != 0})
	if m.fix != 0 {
		r.tellFix(m, text)
	}
	switch m.kind {
	case PhoneTollFree:
		r.tell(errs.Warning, "phone.toll_free", "number", text)
	case PhonePremium:
		r.tell(errs.Warning, "phone.premium", "number", text)
	case PhoneSharedCost, PhoneCompany:
		r.tell(errs.Warning, "phone.shared_cost", "number", text)
	}
}

func (r *phoneReader) tellFix(m *phoneNumber, text string) {
	if m.fix&phoneFixNinth != 0 {
		r.tell(errs.Warning, "phone.ninth_digit_added", "number", text)
	}
	if m.fix&phoneFixMexico != 0 {
		r.tell(errs.Warning, "phone.old_mexican_prefix", "number", text)
	}
	if m.fix&phoneFixTwice != 0 {
		r.tell(errs.Warning, "phone.country_code_twice", "number", text)
	}
	if m.fix&phoneFixForeign != 0 {
		r.tell(errs.Warning, "phone.read_as_foreign", "number", text, "country", m.region)
	}
	if m.fix&phoneFixArea != 0 {
		nat := m.national(r.world)
		r.tell(errs.Warning, "phone.area_code_added", "number", text, "area", string(nat[:min(2, len(nat))]))
	}
}

func (r *phoneReader) tell(s errs.Severity, code string, args ...any) {
	r.issues = append(r.issues, errs.NewIssue(s, code, r.raw, args...))
}

// phoneZeros counts the zeros at the end of d.
func phoneZeros(d []byte) int {
	n := 0
	for n < len(d) && d[len(d)-1-n] == '0' {
		n++
	}
	return n
}

// phoneSame gives the length of the run of one digit at the end of d.
func phoneSame(d []byte) int {
	n := 0
	for n < len(d) && d[len(d)-1-n] == d[len(d)-1] {
		n++
	}
	return n
}
