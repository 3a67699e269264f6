package normalize

import (
	"bytes"

	"cadastro/internal/errs"
)

// spreadsheet reads a cell that a spreadsheet made a number of; done tells that there is no more to read.
func (r *phoneReader) spreadsheet(t []byte) (done bool) {
	var buf [24]byte
	d, damage := phoneSpreadsheet(buf[:0], t)
	if damage == phoneWhole || len(d) < 7 || len(d) > 20 {
		return false
	}
	switch damage {
	case phoneSciLost:
		r.tell(errs.Reject, "phone.digits_lost")
		return true
	case phoneFraction:
		r.tell(errs.Reject, "phone.not_a_number")
		return true
	}
	var m phoneNumber
	plus := t[0] == '+'
	if r.one(t, d, len(d), plus, &m) {
		r.emit(&m, "", "")
		if damage == phoneSci {
			r.phones[len(r.phones)-1].Repaired = true
			r.tell(errs.Warning, "phone.scientific_recovered", "number", r.phones[len(r.phones)-1].E164)
		}
		return true
	}
	s := phoneScan{digits: len(d), parts: []phonePart{{n: len(d), plus: plus, to: len(d)}}}
	copy(s.parts[0].digits[:], d)
	r.refuse(d, &s)
	return true
}

// lookalike refuses what has the shape of a date or a tax id, whatever number its digits might make.
func (r *phoneReader) lookalike(t []byte) bool {
	switch {
	case phoneIsDate(t):
		r.tell(errs.Reject, "phone.looks_like_date")
	case bytes.ContainsAny(t, "$%"), t[0] == '-' && len(t) > 1 && t[1]-'0' < 10 && bytes.IndexByte(t, '.') > 0:
		r.tell(errs.Reject, "phone.not_a_number") // money, a share, a place on the map
	case phoneShape(t, "ddd.ddd.ddd-dd"), phoneShape(t, "ddddddddd-dd") && phoneTaxID(phoneDigits(t)):
		r.tell(errs.Reject, "phone.looks_like_tax_id")
	case r.idCard(t), phoneShape(t, "dd.ddd.ddd/dddd-dd"), phoneShape(t, "ddddddddddddd-dd"), phoneShape(t, "dddddddd/dddd-dd"):
		r.tell(errs.Reject, "phone.looks_like_tax_id")
	default:
		return false
	}
	return true
}

// idCard tells an identity card's number with its check digit behind the hyphen, Brazil's RG or Chile's RUT
// ("12.345.678-5", without points in Chile only); no phone number ends in one digit of its own.
func (r *phoneReader) idCard(t []byte) bool {
	t, _, _ = bytes.Cut(t, []byte(" "))
	if n := len(t); n > 0 && t[n-1] == 'k' || n > 1 && t[n-1] == 'x' && t[n-2] == '-' {
		t = append(append(make([]byte, 0, n), t[:n-1]...), '0')
	}
	return phoneShape(t, "dd.ddd.ddd-d") || phoneShape(t, "d.ddd.ddd-d") ||
		r.home != nil && r.home.id == "CL" && (phoneShape(t, "dddddddd-d") || phoneShape(t, "ddddddd-d"))
}

// thirteen reads the strict preset of 13 digits.
func (r *phoneReader) thirteen(t []byte) {
	var m phoneNumber
	if d := phoneDigits(t); len(d) == 13 && len(t) == 13 && d[0] == '5' && d[1] == '5' && r.world.international(d, &m) &&
		m.kind == PhoneMobile && m.fix == 0 && !phoneFake(d[2:]) && !phoneLost(t, d) {
		r.emit(&m, "", "")
		return
	}
	r.tell(errs.Reject, "phone.preset_13")
}

// refuse says why a cell holds no number, the most helpful reason first.
func (r *phoneReader) refuse(t []byte, s *phoneScan) {
	if s.digits == 0 || len(s.parts) == 0 {
		r.tell(errs.Reject, "phone.not_a_number")
		return
	}
	p := &s.parts[0]
	for i := range s.parts {
		if s.parts[i].n > p.n {
			p = &s.parts[i]
		}
	}
	d := p.number()
	text := t[p.from:p.to]
	switch {
	case phoneSame(d) >= max(7, len(d)-4), phoneZeros(d) == len(d):
		r.tell(errs.Reject, "phone.same_digits")
	case !p.plus && phoneLost(text, d):
		r.tell(errs.Reject, "phone.digits_lost")
	case r.service(d, p):
		r.tell(errs.Reject, "phone.short_code")
	case p.glued || p.other || s.letters > s.digits && p.n < 7:
		r.tell(errs.Reject, "phone.not_a_number")
	case phoneTaxID(d) && !p.plus:
		r.tell(errs.Reject, "phone.looks_like_tax_id")
	case r.Preset == PresetPlus && !p.plus:
		r.tell(errs.Reject, "phone.preset_plus")
	case r.Preset == PresetDDI:
		r.tell(errs.Reject, "phone.preset_ddi")
	default:
		r.refuseDigits(p, d)
	}
}

func (r *phoneReader) refuseDigits(p *phonePart, d []byte) {
	var m phoneNumber
	zero := r.lacksZero(p, d)
	abroad := p.plus || d[0] == '0' && len(d) > 2 && d[1] == '0'
	switch plan, _ := r.world.split(d); {
	case p.n > 15:
		r.tell(errs.Reject, "phone.too_long", "digits", p.n)
	case p.plus && plan == nil && p.n > 4:
		r.tell(errs.Reject, "phone.bad_country_code")
	case !abroad && r.home == nil:
		r.tell(errs.Reject, "phone.no_country_code")
	case r.lacksArea(p, d):
		r.tell(errs.Reject, "phone.no_area_code")
	case zero != "":
		r.tell(errs.Reject, "phone.no_leading_zero", "number", zero)
	case p.n < 7:
		r.tell(errs.Reject, "phone.too_short", "digits", p.n)
	case !abroad && p.n >= 10 && d[0] != '0' && r.world.international(d, &m) && (r.home == nil || m.region != r.home.id):
		r.tell(errs.Reject, "phone.maybe_foreign", "number", "+"+string(m.digits[:m.n]), "country", m.region)
	case r.badArea(p, d):
		r.tell(errs.Reject, "phone.bad_area_code", "area", r.areaIn(p, d))
	case r.wrongLength(p, d) < 0:
		r.tell(errs.Reject, "phone.too_short", "digits", p.n)
	case r.wrongLength(p, d) > 0:
		r.tell(errs.Reject, "phone.too_long", "digits", p.n)
	default:
		r.tell(errs.Reject, "phone.invalid")
	}
}

// lacksArea tells a subscriber number without its area code.
func (r *phoneReader) lacksArea(p *phonePart, d []byte) bool {
	brazil := r.home != nil && r.home.plan.code == "55" && !p.plus
	if len(d) > 9 && d[0] == '5' && d[1] == '5' && p.plus {
		brazil, d = true, d[2:]
	}
	if p.plus && !brazil || d[0] == '0' {
		return false
	}
	if brazil {
		return len(d) == 8 && d[0] >= '2' || len(d) == 9 && d[0] == '9'
	}
	if r.home.plan.code == "54" && len(d) >= 8 && len(d) <= 10 && d[0] == '1' && d[1] == '5' { // a mobile as dialled in its town
		return true
	}
	for _, n := range r.home.meta.GetGeneralDesc().GetPossibleLengthLocalOnly() {
		if int(n) == len(d) && n >= 6 {
			return true
		}
	}
	return false
}

// nationalPart gives a Brazilian number without country code and trunk prefix.
func (r *phoneReader) nationalPart(p *phonePart, d []byte) ([]byte, bool) {
	home := r.home != nil && r.home.plan.code == "55"
	if home && len(d) > 9 && string(d[:4]) == "0055" {
		return d[4:], true
	}
	if len(d) >= 12 && d[0] == '5' && d[1] == '5' && (p.plus || home) {
		return d[2:], true
	}
	if len(d) > 9 && d[0] == '0' {
		d = d[1:]
	}
	return d, home && !p.plus
}

func (r *phoneReader) areaIn(p *phonePart, d []byte) string {
	nat, _ := r.nationalPart(p, d)
	return string(nat[:2])
}

// badArea tells a Brazilian number of the right length with an area code that there is not.
func (r *phoneReader) badArea(p *phonePart, d []byte) bool {
	nat, ok := r.nationalPart(p, d)
	if !ok || len(nat) != 10 && len(nat) != 11 {
		return false
	}
	probe := []byte("0033334444")
	copy(probe, nat[:2])
	kind, _ := r.world.byCode[550].check(probe)
	return kind == 0
}

// wrongLength compares the length of a number with what its country allows: below 0 too short, above 0 too long.
func (r *phoneReader) wrongLength(p *phonePart, d []byte) int {
	if nat, ok := r.nationalPart(p, d); ok {
		if len(nat) == 10 && nat[2] >= '6' { // one digit short, or it had been repaired
			return -1
		}
		return max(0, len(nat)-11) - max(0, 10-len(nat))
	}
	region := r.home
	if p.plus {
		plan, nat := r.world.split(d)
		if plan == nil {
			return 0
		}
		region, d = plan.main(), nat
	}
	if region == nil {
		return 0
	}
	lengths := region.meta.GetGeneralDesc().GetPossibleLength()
	switch {
	case len(lengths) == 0:
		return 0
	case len(d) < int(lengths[0]):
		return -1
	case len(d) > region.longest+1:
		return 1
	}
	return 0
}

// phoneDigits gives the digits of t.
func phoneDigits(t []byte) []byte {
	d := make([]byte, 0, len(t))
	for _, c := range t {
		if c-'0' < 10 {
			d = append(d, c)
		}
	}
	return d
}

// phoneShape tells whether t has the shape of pattern, where d stands for a digit.
func phoneShape(t []byte, pattern string) bool {
	if len(t) != len(pattern) {
		return false
	}
	for i := range t {
		if pattern[i] == 'd' && t[i]-'0' > 9 || pattern[i] != 'd' && pattern[i] != t[i] {
			return false
		}
	}
	return true
}

// phoneLost tells digits that a spreadsheet has rounded to six or seven and then written in full: 5511990000000.
// People who type a number with so many zeros put blanks or hyphens into it, and no spreadsheet puts a "+" before it.
func phoneLost(text, d []byte) bool {
	zeros := phoneZeros(d)
	return zeros >= 5 && len(d)-zeros <= 7 && len(d) >= 10 && !bytes.ContainsAny(text, " -.()")
}

// phoneFake tells a national number that is a filler: one digit over and over, but for the area code.
func phoneFake(national []byte) bool { return phoneSame(national) >= max(7, len(national)-2) }

// phoneCut tells "98765-432": a mobile that lost its last digit, not its ninth.
func phoneCut(t []byte) bool {
	n := len(t)
	return n > 3 && t[n-1]-'0' < 10 && t[n-2]-'0' < 10 && t[n-3]-'0' < 10 && t[n-4]-'0' > 9
}

// phoneTailApart tells "98765-4321 11": an area code may have been put behind, and read straight it would make
// another number.
func phoneTailApart(t []byte) bool {
	n := len(t)
	if n < 12 || t[n-3] != ' ' || t[n-8] != '-' {
		return false
	}
	return phoneShape(t[n-8:], "-dddd dd") && !bytes.ContainsAny(t[:n-8], " +(")
}

// phoneAreaOf gives the area code of a Brazilian E.164 number.
func phoneAreaOf(e164 string) string {
	if len(e164) >= 13 && e164[:3] == "+55" {
		return e164[3:5]
	}
	return ""
}
