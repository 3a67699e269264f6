package normalize

import (
	"bytes"

	"cadastro/internal/errs"
)

// cell reads any cell, at its leisure.
func (r *phoneReader) cell() {
	if phoneBlank(r.raw) {
		return
	}
	var buf [phoneMaxText + 4]byte
	t := phoneUnwrap(phoneClean(buf[:0], r.raw))
	if len(t) == 0 || len(t) > phoneMaxText {
		r.tell(errs.Reject, "phone.not_a_number")
		return
	}
	if r.Preset == Preset13 {
		r.thirteen(t)
		return
	}
	if d, ok := phoneLink(t); ok {
		r.link(d)
		return
	}
	if r.spreadsheet(t) || r.lookalike(t) {
		return
	}
	mail := phoneDropLinks(t)
	s := phoneSplit(t)
	if r.join(t, s.parts, true) {
		return
	}
	lost := r.each(t, s.parts)
	switch {
	case len(r.phones) > r.from:
		if lost != "" {
			r.issues = append(r.issues, errs.NewIssue(errs.Warning, "phone.part_unread", lost))
		}
		if s.unknown {
			r.tell(errs.Note, "phone.text_ignored")
		}
	case r.join(t, s.parts, false), r.vanity(t):
	case mail:
		r.tell(errs.Reject, "phone.looks_like_email")
	default:
		r.refuse(t, &s)
	}
}

// each reads every part by itself and gives the first text that looks like a number but is none.
func (r *phoneReader) each(t []byte, parts []phonePart) (lost string) {
	area := ""
	for i := range parts {
		p := &parts[i]
		if p.other || p.glued {
			continue
		}
		before := len(r.phones)
		if r.part(t, p) || area != "" && r.inherit(p, area) {
			if a := phoneAreaOf(r.phones[len(r.phones)-1].E164); len(r.phones) > before && a != "" {
				area = a
			}
			continue
		}
		if (p.n >= 7 || p.hard && !p.named) && lost == "" {
			lost = string(t[p.from:p.to])
		}
	}
	return lost
}

// part reads one part as one number, or as several with nothing but blanks between them.
func (r *phoneReader) part(t []byte, p *phonePart) bool {
	var m phoneNumber
	if p.behind == 0 && phoneTailApart(t[p.from:p.to]) {
		p.behind = p.n - 2
		if r.one(t[p.from:p.to], p.number(), p.n, p.plus, &m) {
			if r.areaBehind(p, false) {
				return false // two readings
			}
			r.emit(&m, "", p.ext)
			return true
		}
		m = phoneNumber{}
	}
	if p.behind > 0 {
		return r.areaBehind(p, true) || p.n >= 14 && r.several(t[p.from:p.to], p.ext)
	}
	if r.one(t[p.from:p.to], p.number(), p.n, p.plus, &m) {
		r.emit(&m, "", p.ext)
		return true
	}
	if p.n < 14 {
		return false
	}
	return r.several(t[p.from:p.to], p.ext)
}

// one reads the digits of a part as one number.
func (r *phoneReader) one(text, d []byte, n int, plus bool, m *phoneNumber) bool {
	if n > 20 || n < 3 || n > len(d) || !plus && phoneLost(text, d) {
		return false
	}
	if !r.read(text, d, plus, m) || m.premiumAsMobile(text, n) || phoneFake(m.national(r.world)) || m.fix&phoneFixNinth != 0 && phoneCut(text) {
		return false
	}
	return r.Preset != PresetDDI || m.region != "BR" || m.kind == PhoneMobile && m.fix&phoneFixNinth == 0
}

func (r *phoneReader) read(text, d []byte, plus bool, m *phoneNumber) bool {
	switch {
	case r.Preset == PresetPlus && !plus:
		return false
	case plus && d[0] == '0' && d[1] == '0': // +0055
		return r.world.international(d[2:], m)
	case plus && d[0] == '0': // no country code begins with 0: the "+" is a slip
		return r.Preset == PresetAny && r.national(d, m)
	case plus:
		return r.world.international(d, m) || r.withoutBracketZero(text, m)
	case r.Preset == PresetDDI:
		return r.world.international(d, m)
	}
	if r.national(d, m) {
		return true
	}
	*m = phoneNumber{}
	if r.withArea(d, r.Area, m) || r.withoutBracketZero(text, m) {
		return true
	}
	*m = phoneNumber{}
	return r.foreign(d, m)
}

// withoutBracketZero drops the "(0)" of "+44 (0)20 7946 0958". Where the zero belongs to the number (Italy), the
// number was read with it before.
func (r *phoneReader) withoutBracketZero(text []byte, m *phoneNumber) bool {
	at := bytes.Index(text, []byte("(0)"))
	if at < 0 {
		return false
	}
	var p phonePart
	for i, c := range text {
		if c-'0' < 10 && (i < at || i > at+2) {
			p.add(c)
		}
	}
	d := p.number()
	if len(d) > 2 && d[0] == '0' && d[1] == '0' {
		d = d[2:]
	}
	return p.n <= 15 && r.world.international(d, m)
}

// withArea reads a number that lacks its area code.
func (r *phoneReader) withArea(d []byte, area string, m *phoneNumber) bool {
	if r.home == nil || area == "" || len(d) > 10 || len(d) < 5 || d[0] == '0' {
		return false
	}
	full := append(append(make([]byte, 0, 24), area...), d...)
	if !r.national(full, m) {
		return false
	}
	m.fix |= phoneFixArea
	return true
}

// foreign reads twelve digits or more that are no number of the default country as the mobile of another one: people
// write +54 9 11 2345-6789 without the plus. It does not where one digit too many at the end would explain them too.
func (r *phoneReader) foreign(d []byte, m *phoneNumber) bool {
	least := 12
	if r.home == nil {
		least = 11
	}
	if len(d) < least || d[0] == '0' || phoneTaxID(d) || !r.world.international(d, m) {
		return false
	}
	if r.home != nil {
		var other phoneNumber
		if m.kind != PhoneMobile && m.kind != PhoneLandlineOrMobile || r.national(d[:len(d)-1], &other) {
			return false
		}
	}
	m.fix |= phoneFixForeign
	return true
}

// inherit gives a part without area code that of the Brazilian number before it: "(11) 98765-4321 / 3333-4444".
func (r *phoneReader) inherit(p *phonePart, area string) bool {
	var m phoneNumber
	if p.plus || p.n != 8 && p.n != 9 || r.home == nil || r.home.id != "BR" || r.Preset != PresetAny || !r.withArea(p.number(), area, &m) {
		return false
	}
	r.emit(&m, "", p.ext)
	return true
}

// areaBehind reads "98765-4321 (11)"; keep false only asks whether it can be read so.
func (r *phoneReader) areaBehind(p *phonePart, keep bool) bool {
	tail := p.n - p.behind
	if p.n > len(p.digits) || tail < 2 || tail > 4 || p.plus || r.Preset != PresetAny {
		return false
	}
	d := append(append(make([]byte, 0, len(p.digits)), p.digits[p.behind:p.n]...), p.digits[:p.behind]...)
	var m phoneNumber
	if !r.national(d, &m) || phoneFake(m.national(r.world)) {
		return false
	}
	if keep {
		r.emit(&m, "", p.ext)
	}
	return true
}

// phoneMaxGroups bounds the groups of digits in which several looks for numbers.
const phoneMaxGroups = 16

// several reads "11 98765-4321 11 3333-4444": whole numbers with nothing but a blank or a bracket between them. Where
// there are two ways to cut, there is none.
func (r *phoneReader) several(text []byte, ext string) bool {
	var bound [phoneMaxGroups + 1]int // where groups of digits begin; the last is the end
	n := 1
	for i := 1; i < len(text); i++ {
		if (text[i] == ' ' || text[i] == '(') && (text[i-1]-'0' < 10 || text[i-1] == ')') {
			if n == phoneMaxGroups {
				return false
			}
			bound[n] = i
			n++
		}
	}
	bound[n] = len(text)
	var ways, next [phoneMaxGroups + 1]int // how many cuts of text[bound[i]:] there are, and where the first piece ends
	var m phoneNumber
	ways[n] = 1
	for i := n - 1; i >= 0; i-- {
		for j := i + 1; j <= n; j++ {
			if ways[j] > 0 && r.whole(text[bound[i]:bound[j]], &m) {
				ways[i] += ways[j]
				next[i] = j
			}
		}
	}
	if ways[0] != 1 {
		return false
	}
	for i := 0; i < n; i = next[i] {
		r.whole(text[bound[i]:bound[next[i]]], &m)
		if next[i] < n {
			r.emit(&m, "", "")
		} else {
			r.emit(&m, "", ext)
		}
	}
	return true
}

// whole reads text as exactly one number.
func (r *phoneReader) whole(text []byte, m *phoneNumber) bool {
	*m = phoneNumber{}
	s := phoneSplit(text)
	if len(s.parts) != 1 || s.parts[0].n > 15 || s.parts[0].n < 7 || s.parts[0].behind > 0 {
		return false
	}
	p := &s.parts[0]
	return r.one(text, p.number(), p.n, p.plus, m)
}

// join reads several parts as one number: "030/1234567", "DDD 11 Tel 98765-4321". The first has to be short, as an
// area or country code is. Early on, before each part is read by itself, no word may stand between them, and of three
// or more parts the first has to have a "+": "+33/6/12/34/56/78".
func (r *phoneReader) join(t []byte, parts []phonePart, early bool) bool {
	if len(parts) < 2 || len(parts) > 8 || parts[0].n > 5 || early && len(parts) > 2 && !parts[0].plus {
		return false
	}
	var all phonePart
	for i := range parts {
		p := &parts[i]
		if p.glued || p.other || i > 0 && (p.plus || early && (p.named || !p.hard)) || p.behind > 0 {
			return false
		}
		for _, c := range p.number() {
			all.add(c)
		}
	}
	var m, alone phoneNumber
	if all.n > 15 || all.n < 7 {
		return false
	}
	last := &parts[len(parts)-1]
	if !r.one(t, all.number(), all.n, parts[0].plus, &m) || m.fix&(phoneFixForeign|phoneFixArea) != 0 {
		return false
	}
	if early && r.one(t, last.number(), last.n, false, &alone) && parts[0].n < 2 {
		return false
	}
	r.emit(&m, "", last.ext)
	return true
}
