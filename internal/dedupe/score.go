package dedupe

import (
	"math"
	"strings"
)

// The weights, in bits. They come from how often a trait agrees between two records of one person (with typing
// errors, moves, new numbers) and between strangers; see docs for how they were checked.
const (
	wTaxID        = 14.0
	wTaxIDApart   = -14.0 // documents have check digits: two valid ones are two people
	wExternal     = 12.0
	wExternalOff  = -1.0 // systems give one person several numbers
	wPhone        = 8.0
	wPhoneApart   = -0.6
	wEmail        = 9.0
	wEmailApart   = -0.6
	wMailbox      = 5.0
	wBirth        = 7.0
	wBirthSwapped = 4.0
	wBirthNear    = 2.5
	wBirthApart   = -5.0
	wStreet       = 5.0
	wStreetNumber = 2.0
	wStreetApart  = -0.8
	wPostal       = 2.5
	wPostalApart  = -0.5
	wCity         = 4.0 // of a small town
	wCityApart    = -1.2
	wCompany      = 3.0
	wNameApart    = -12.0
	wNamePartly   = 2.0
	wNameSame     = 3.0
)

// judge weighs what two people share and where they differ.
func (f *finder) judge(a, b *traits) (Pair, bool) {
	var p Pair
	var score float64
	against := false // something says that they are two
	own := 0         // traits that agree and are no other person's

	names := compareNames(&a.name, &b.name, f.rarity)
	nameBits := 0.0
	switch names.level {
	case same:
		nameBits = wNameSame + names.bits
		p.Reasons |= SameName
	case similar:
		nameBits = names.bits
		p.Reasons |= SimilarName
	case partly:
		nameBits = min(names.bits, wNamePartly)
		p.Reasons |= SimilarName
	case apart:
		nameBits = wNameApart
		against = true
	}
	score += nameBits

	switch {
	case a.taxID == "" || b.taxID == "":
	case a.taxID == b.taxID:
		score += wTaxID
		p.Reasons |= SameTaxID
		own++
	default:
		score += wTaxIDApart
		against = true
	}
	switch {
	case a.external == "" || b.external == "":
	case a.external == b.external:
		score += wExternal
		p.Reasons |= SameExternalID
		own++
	default:
		score += wExternalOff
	}

	if k, ok := shared(a.phones, b.phones); ok {
		n := f.crowd(k)
		score += wPhone - crowded(n)
		p.Reasons |= SamePhone
		if n < 2 {
			own++
		}
	} else if len(a.phones) > 0 && len(b.phones) > 0 {
		score += wPhoneApart
	}
	if k, ok := shared(a.emails, b.emails); ok {
		n := f.crowd(k)
		score += wEmail - crowded(n)
		if roleAddress(k) {
			score -= 4
		} else if n < 2 {
			own++
		}
		p.Reasons |= SameEmail
	} else if m := sharedMailbox(a.emails, b.emails); m != "" {
		score += wMailbox
		p.Reasons |= SameMailbox
	} else if len(a.emails) > 0 && len(b.emails) > 0 {
		score += wEmailApart
	}

	switch compareDates(a.birth, b.birth) {
	case datesSame:
		score += wBirth
		p.Reasons |= SameBirth
		own++
	case datesSwapped:
		score += wBirthSwapped
		p.Reasons |= SimilarBirth
	case datesNear:
		score += wBirthNear
		p.Reasons |= SimilarBirth
	case datesApart:
		score += wBirthApart
		against = true
	}

	score += f.comparePlaces(a, b, &p.Reasons)
	if a.company != "" && a.company == b.company {
		score += f.rare("company "+a.company, wCompany)
		p.Reasons |= SameCompany
	}
	beside := score - nameBits
	switch names.level {
	case apart:
		// Couples share phone, address and mail; only what is one person's own speaks louder than the name.
		if p.Reasons&(SameTaxID|SameExternalID|SameBirth) == 0 {
			return p, false
		}
	case same:
		if beside < besideName {
			return p, false // namesakes
		}
	case similar, partly:
		if beside < besideName+1 {
			return p, false
		}
	}

	p.A, p.B, p.Score = min(a.id, b.id), max(a.id, b.id), math.Round(score*10)/10
	if score < f.threshold {
		return p, false
	}
	p.Certainty = Likely
	if !against && score >= certainFrom && f.sure(&names, p.Reasons, own) {
		p.Certainty = Certain
	}
	return p, true
}

// sure tells whether a pair may be merged unseen: a key of one's own agrees, and the name word for word, or two traits of
// one's own where the name is only alike.
func (f *finder) sure(names *agreement, r Reasons, own int) bool {
	switch names.level {
	case same:
		return own >= 1 && names.common >= 2
	case similar:
		return own >= 2 || own == 1 && r&SameTaxID != 0
	case partly:
		return own >= 2 && r&(SameTaxID|SameBirth) != 0
	}
	return false
}

const (
	likelyFrom  = 9.5
	certainFrom = 16.0
	// besideName is what must speak for a pair beside the name: a name alone, however rare, has namesakes.
	besideName = 2.0
)

// crowded is how much less a key says that n people of different names have.
func crowded(n int) float64 {
	if n <= 2 {
		return 0
	}
	return 2 * math.Log2(float64(n)-1)
}

// rare is the weight of a trait that agrees, by how rare its value is in the base, at most most.
func (f *finder) rare(value string, most float64) float64 {
	return min(most, 0.6*math.Log2((f.total+50)/float64(f.places[value]+1)))
}

// comparePlaces weighs address and city.
func (f *finder) comparePlaces(a, b *traits, why *Reasons) (score float64) {
	switch {
	case a.street.text == "" || b.street.text == "":
	case a.street.text == b.street.text || jaroWinkler(a.street.text, b.street.text) > 0.94:
		switch {
		case a.street.number != "" && a.street.number == b.street.number:
			score += wStreet + wStreetNumber
			*why |= SameAddress
		case a.street.number != "" && b.street.number != "":
			score += 1
		default:
			score += wStreet - 2
			*why |= SameAddress
		}
	default:
		score += wStreetApart
	}
	switch {
	case a.postal == "" || b.postal == "":
	case a.postal == b.postal:
		score += wPostal
	default:
		score += wPostalApart
	}
	switch {
	case a.city == "" || b.city == "":
	case a.city == b.city || jaroWinkler(a.city, b.city) > 0.95:
		score += f.rare("city "+a.city, wCity)
		*why |= SameCity
	default:
		score += wCityApart
	}
	return score
}

// shared gives the first key that both have.
func shared(a, b []string) (string, bool) {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return x, true
			}
		}
	}
	return "", false
}

// sharedMailbox gives the part before the @ that both have, where it is long enough to be somebody's own.
func sharedMailbox(a, b []string) string {
	for _, x := range a {
		mx := mailbox(x)
		if mx == "" {
			continue
		}
		for _, y := range b {
			if mx == mailbox(y) {
				return mx
			}
		}
	}
	return ""
}

func mailbox(email string) string {
	local, _, ok := strings.Cut(email, "@")
	if !ok || len(local) < 6 || roleAddress(email) {
		return ""
	}
	return local
}

// roles are mailboxes that belong to an office and not to a person.
var roles = map[string]bool{
	"contato": true, "contacto": true, "contact": true, "vendas": true, "ventas": true, "sales": true, "comercial": true, "financeiro": true, "financiero": true,
	"finanzas": true, "compras": true, "admin": true, "administracao": true, "administracion": true, "adm": true, "atendimento": true, "atencion": true, "sac": true,
	"suporte": true, "soporte": true, "support": true, "info": true, "hello": true, "oi": true, "hola": true, "faleconosco": true, "rh": true, "recepcao": true,
	"recepcion": true, "diretoria": true, "gerencia": true, "loja": true, "tienda": true, "office": true, "mail": true, "email": true, "nfe": true, "fiscal": true,
	"cobranca": true, "cobranza": true, "secretaria": true, "noreply": true, "webmaster": true, "marketing": true, "billing": true, "team": true, "equipe": true,
}

func roleAddress(email string) bool {
	local, _, _ := strings.Cut(email, "@")
	return roles[strings.TrimRight(local, "0123456789._-")]
}

// dates is how two dates go together.
type dates uint8

const (
	datesUnknown dates = iota
	datesApart
	datesNear    // one digit other, or two changed places
	datesSwapped // day and month changed places
	datesSame
)

// compareDates compares two dates YYYY-MM-DD.
func compareDates(a, b string) dates {
	if len(a) != 10 || len(b) != 10 {
		return datesUnknown
	}
	if a == b {
		return datesSame
	}
	if a[:4] == b[:4] && a[5:7] == b[8:] && a[8:] == b[5:7] {
		return datesSwapped
	}
	var off []int
	for i := range a {
		if a[i] != b[i] {
			off = append(off, i)
		}
	}
	if len(off) == 1 || len(off) == 2 && a[off[0]] == b[off[1]] && a[off[1]] == b[off[0]] {
		return datesNear
	}
	return datesApart
}
