package normalize

import "bytes"

// The service numbers of Brazil that belong to no area, 0300, 0303, 0500, 0800 and 0900, are nine or ten digits behind
// their 0 (Anatel, Resolution 749/2022). The library takes them without it, too; but nine digits from 9 are a mobile
// without its area code, and ten from 30, 50, 80 or 90 have an area code that does not exist: neither is a service
// number by chance. Those of eight digits (4004, 3003) have no 0 and are taken as they stand.

// service tells a number of Brazil that belongs to no area.
func (m *phoneNumber) service() bool {
	return (m.kind == PhoneTollFree || m.kind == PhonePremium || m.kind == PhoneSharedCost) && m.region == "BR"
}

// serviceWritten tells that the digits d say the service number m in full: behind a 0, behind the country code or, if it
// has eight digits, by itself. Behind 55 without a plus nine digits are no more than a number of the area 55 that went
// wrong; and 90, a collect call, is dialled before no service number.
func (m *phoneNumber) serviceWritten(d []byte) bool {
	before, ok := bytes.CutSuffix(d, m.digits[len("55"):m.n])
	if !ok {
		return false
	}
	return len(before) == 0 && m.n == len("55")+8 || string(before) == "0" || bytes.HasSuffix(before, []byte("550")) ||
		m.n != len("55")+9 && bytes.HasSuffix(before, []byte("55"))
}

// premiumAsMobile tells that the nine digits of a premium number are grouped as those of a mobile are: "+55 90012-3456"
// lacks its area code. Premium are "0900 123 456" and digits without anything between them. n counts the digits of text.
func (m *phoneNumber) premiumAsMobile(text []byte, n int) bool {
	if m.kind != PhonePremium || m.region != "BR" || m.n != len("55")+9 || m.digits[len("55")] != '9' {
		return false
	}
	seen, apart := 0, false
	for i, c := range text {
		if c-'0' > 9 {
			apart = apart || c != '+'
			continue
		}
		if seen++; seen == n-len("123456") && i+1 < len(text) && text[i+1]-'0' > 9 {
			return false
		}
	}
	return apart
}

// lacksZero gives the service number that d would be with a 0 in front, "" for none.
func (r *phoneReader) lacksZero(p *phonePart, d []byte) string {
	if r.home == nil || r.home.id != "BR" || p.plus || len(d) == 9 && d[0] == '9' {
		return ""
	}
	var m phoneNumber
	if kind, region := r.home.plan.check(d); !m.set(r.home.plan, d, kind, region) || !m.service() || m.n == len("55")+8 {
		return ""
	}
	return "0" + string(d)
}
