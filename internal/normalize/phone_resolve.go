package normalize

import (
	"strconv"

	"github.com/nyaruka/phonenumbers"
)

// phoneNumber is one number, read and found valid: digits[:n] with the country code, without "+".
type phoneNumber struct {
	digits [15]byte
	n      int
	kind   PhoneKind
	region string
	fix    phoneFix
}

// phoneFix tells what was done to a number beyond its punctuation.
type phoneFix uint8

const (
	phoneFixNinth   phoneFix = 1 << iota // a Brazilian mobile got its ninth digit
	phoneFixMexico                       // Mexico's old 1, 01, 044 or 045 went
	phoneFixTwice                        // the country code was there twice
	phoneFixForeign                      // read as a foreign number though it has no "+"
	phoneFixArea                         // got the area code of the options, or of the number before it
)

// set keeps a number of the given plan. It refuses what E.164 cannot carry: fewer than 7 or more than 15 digits.
func (m *phoneNumber) set(p *phonePlan, national []byte, kind PhoneKind, region *phoneRegion) bool {
	m.n = len(p.code) + len(national)
	if kind == 0 || m.n < 7 || m.n > len(m.digits) {
		return false
	}
	copy(m.digits[copy(m.digits[:], p.code):], national)
	m.kind, m.region = kind, region.id
	return true
}

// national gives the number without its country code.
func (m *phoneNumber) national(w *phonePlans) []byte {
	_, nat := w.split(m.digits[:m.n])
	return nat
}

// international reads digits that begin with a country code.
func (w *phonePlans) international(d []byte, m *phoneNumber) bool {
	p, nat := w.split(d)
	if p == nil {
		return false
	}
	if p.plain(nat, m) {
		return true
	}
	if len(p.code) > 1 && len(nat) > len(p.code)+6 && string(nat[:len(p.code)]) == p.code && p.plain(nat[len(p.code):], m) {
		m.fix |= phoneFixTwice
		return true
	}
	return false
}

// plain reads what follows the country code, with or without the trunk prefix that does not belong there.
func (p *phonePlan) plain(nat []byte, m *phoneNumber) bool {
	switch p.code {
	case "55":
		return p.brazil(nat, m)
	case "52":
		return p.mexico(nat, m)
	case "54":
		if p.argentina(nat, m) {
			return true
		}
	}
	main := p.main()
	if !main.trunk.begins(nat) {
		kind, region := p.check(nat)
		return m.set(p, nat, kind, region)
	}
	return main.withoutTrunk(nat, m) || p.library("+"+p.code+string(nat), "", m)
}

// national reads digits as they are dialled, or written, in the default country.
func (r *phoneReader) national(d []byte, m *phoneNumber) bool {
	return r.dialled(d, m) && (!m.service() || m.serviceWritten(d))
}

func (r *phoneReader) dialled(d []byte, m *phoneNumber) bool {
	home := r.home
	if home == nil || len(d) < 4 || len(d) > 20 {
		return false
	}
	p := home.plan
	switch p.code {
	case "55":
		if p.brazil(d, m) || len(d) >= 12 && d[0] == '5' && d[1] == '5' && p.brazil(d[2:], m) {
			return true
		}
	case "52":
		if p.mexico(d, m) {
			return true
		}
	case "54":
		if !home.idd.begins(d) && p.argentina(d, m) {
			return true
		}
	}
	own := len(d) > len(p.code) && string(d[:len(p.code)]) == p.code
	if !home.idd.begins(d) {
		if !home.trunk.begins(d) {
			full := home.possible(d)
			if own && len(d) >= 12 && full && p.mobileAbroad(d, m) {
				return true
			}
			if len(d) <= home.longest && full {
				if kind, region := p.check(d); m.set(p, d, kind, region) {
					return true
				}
			}
			if own {
				nat := d[len(p.code):]
				if !home.trunk.begins(nat) && (len(d) > home.longest || !full && home.possible(nat)) {
					if kind, region := p.check(nat); m.set(p, nat, kind, region) {
						return true
					}
				}
			}
		} else if home.withoutTrunk(d, m) {
			return true
		}
	}
	if p.code != "55" && p.library(string(d), home.id, m) {
		return true
	}
	// No number of the country as it stands. What is left are readings that its rules do not foresee.
	if own && r.world.international(d, m) {
		return true
	}
	if d[0] == '0' && d[1] == '0' && r.world.international(d[2:], m) {
		// A Brazilian "0055" is the country code, though 55 is a carrier too; of any other carrier who can tell?
		return p.code != "55" || d[2] == '5' && d[3] == '5' || !p.clash(string(d), home.id, m)
	}
	return p.code == "55" && p.library(string(d), home.id, m)
}

// mobileAbroad prefers "4915112345678" as a mobile with the country code in front to a national number of twelve
// digits or more that is none, such as Germany's plan allows: the one is in every address book, the other in none.
func (p *phonePlan) mobileAbroad(d []byte, m *phoneNumber) bool {
	if kind, _ := p.check(d); kind == PhoneMobile {
		return false
	}
	nat := d[len(p.code):]
	kind, region := p.check(nat)
	return kind == PhoneMobile && !p.main().trunk.begins(nat) && m.set(p, nat, kind, region)
}

// withoutTrunk reads d without its trunk prefix, where that is one plain digit ("0", North America's "1", Russia's
// "8") and the library would drop it too.
func (r *phoneRegion) withoutTrunk(d []byte, m *phoneNumber) bool {
	if r.digit == 0 || len(d) < 2 || d[0] != r.digit || d[1] == r.digit || r.idd.begins(d) {
		return false
	}
	rest := d[1:]
	if r.possible(d) && !r.possible(rest) {
		return false
	}
	kind, region := r.plan.check(rest)
	return m.set(r.plan, rest, kind, region)
}

// library asks phonenumbers, some 10 µs, for the spellings with a prefix that takes more than a table.
func (p *phonePlan) library(digits, region string, m *phoneNumber) bool {
	parsed, err := phonenumbers.Parse(digits, region)
	if err != nil {
		return false
	}
	w := phoneWorld()
	code := strconv.Itoa(int(parsed.GetCountryCode()))
	q, _ := w.split([]byte(code + "000"))
	if q == nil || q.code != code {
		return false
	}
	nat := []byte(phonenumbers.GetNationalSignificantNumber(parsed))
	if code == "55" && len(nat) == 10 && nat[2] >= '6' { // the library knows no ninth digit
		return q.brazilian(nat, m)
	}
	kind, found := q.check(nat)
	return m.set(q, nat, kind, found)
}

// clash tells that the library reads digits as another number than m.
func (p *phonePlan) clash(digits, region string, m *phoneNumber) bool {
	var other phoneNumber
	return p.library(digits, region, &other) && (other.n != m.n || other.digits != m.digits)
}

// brazil reads a Brazilian number: area code and subscriber, or a service number; with or without the trunk 0 and
// the two digits of a carrier ("0 15 11 98765-4321").
//
// A mobile of eight digits, which begins with 6 to 9, gets its ninth (Anatel, Resolution 553/2010). The library holds
// eight digits from 7 for good, those of a trunking network that was shut down in 2018; here they get it too.
func (p *phonePlan) brazil(d []byte, m *phoneNumber) bool {
	if len(d) > 0 && d[0] == '0' {
		d = d[1:]
		if len(d) < 8 || d[0] == '0' {
			return false
		}
		if len(d) >= 12 { // a carrier, or 55 again: neither is part of the number
			d = d[2:]
		}
		return p.brazilian(d, m)
	}
	return p.brazilian(d, m)
}

// brazilian reads a Brazilian number without any prefix.
func (p *phonePlan) brazilian(d []byte, m *phoneNumber) bool {
	if len(d) == 10 && d[2] >= '6' {
		var nine [11]byte
		nine[0], nine[1], nine[2] = d[0], d[1], '9'
		copy(nine[3:], d[2:])
		if kind, region := p.check(nine[:]); kind == PhoneMobile {
			m.fix |= phoneFixNinth
			return m.set(p, nine[:], kind, region)
		}
	}
	kind, region := p.check(d)
	return m.set(p, d, kind, region)
}

// mexico reads a Mexican number. Since August 2019 (IFT) ten digits are all there is: the 1 behind +52 and the
// prefixes 01, 044 and 045 of before are no part of the number.
func (p *phonePlan) mexico(d []byte, m *phoneNumber) bool {
	if kind, region := p.check(d); kind != 0 {
		return m.set(p, d, kind, region)
	}
	rest := d
	if len(d) > 2 && string(d[:2]) == "52" && len(d) > 11 {
		if kind, region := p.check(d[2:]); kind != 0 {
			return m.set(p, d[2:], kind, region)
		}
		rest = d[2:]
	}
	switch {
	case len(rest) == 11 && rest[0] == '1':
		rest = rest[1:]
	case len(rest) == 12 && string(rest[:2]) == "01":
		rest = rest[2:]
	case len(rest) == 13 && (string(rest[:3]) == "044" || string(rest[:3]) == "045"):
		rest = rest[3:]
	default:
		return false
	}
	kind, region := p.check(rest)
	if !m.set(p, rest, kind, region) {
		return false
	}
	m.fix |= phoneFixMexico
	return true
}

// argentina reads an Argentine number with or without the trunk 0. A mobile dialled at home has 15 between area and
// subscriber; abroad it has a 9 before the area instead. What leaves a choice is left to the library.
func (p *phonePlan) argentina(d []byte, m *phoneNumber) bool {
	if len(d) > 0 && d[0] == '0' {
		d = d[1:]
	}
	if !p.main().trunk.begins(d) {
		kind, region := p.check(d)
		return m.set(p, d, kind, region)
	}
	if len(d) != 12 {
		return false
	}
	found := 0
	for area := 2; area <= 4; area++ {
		if d[area] != '1' || d[area+1] != '5' {
			continue
		}
		var nine [11]byte
		nine[0] = '9'
		copy(nine[1+copy(nine[1:], d[:area]):], d[area+2:])
		if kind, region := p.check(nine[:]); kind != 0 {
			found++
			m.set(p, nine[:], kind, region)
		}
	}
	return found == 1
}
