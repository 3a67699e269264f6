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
	wPostalNear   = 1.0
	wPostalApart  = -0.5
	wCity         = 4.0 // of a small town
	wCityNear     = 1.5
	wCityApart    = -1.2
	wState        = 1.5 // of a small one
	wStateApart   = -0.8
	wCompany      = 3.0
	wNumber       = 10.0 // of a custom field
	wNumberNear   = 5.0
	wNumberApart  = -1.0
	wNameApart    = -12.0
	wNamePartly   = 2.0
	wNameSame     = 3.0
)

// judge weighs what two people share and where they differ.
func (f *finder) judge(a, b *traits, p *link) bool {
	var score float64
	against := false // something says that they are two
	own := 0         // traits that agree and are no other person's
	doubts := 0      // traits that people change, and that differ

	var bufA, bufB [8]word
	nameA, nameB := f.nameOf(a, bufA[:]), f.nameOf(b, bufB[:])
	names := compareNames(&nameA, &nameB, f.rarity)
	nameBits := 0.0
	switch names.level {
	case same:
		nameBits = wNameSame + names.bits
		p.reasons |= SameName
	case similar:
		nameBits = names.bits
		p.reasons |= SimilarName
	case partly:
		nameBits = min(names.bits, wNamePartly)
		p.reasons |= SimilarName
	case apart:
		nameBits = wNameApart
		against = true
	}
	score += nameBits

	switch {
	case a.taxID == 0 || b.taxID == 0:
	case a.taxID == b.taxID:
		score += wTaxID
		p.reasons |= SameTaxID
		own++
	default:
		score += wTaxIDApart
		against = true
	}
	switch {
	case a.external == 0 || b.external == 0:
	case a.external == b.external:
		score += wExternal
		p.reasons |= SameExternalID
		own++
	case f.numbers[externalField].sparse && nearNumbers(f.texts.text(a.external), f.texts.text(b.external)):
		score += wNumberNear
		p.reasons |= SimilarNumber
	default:
		score += wExternalOff
	}
	bits, key := f.compareNumbers(a, b, &p.reasons)
	score += bits
	if key != 0 && f.crowd(key) < 2 {
		own++
	}

	phonesA, phonesB := f.phonesOf(a), f.phonesOf(b)
	emailsA, emailsB := f.emailsOf(a), f.emailsOf(b)
	if k := shared(phonesA, phonesB); k != 0 {
		n := f.crowd(k)
		score += wPhone - crowded(n)
		p.reasons |= SamePhone
		if n < 2 {
			own++
		}
	} else if len(phonesA) > 0 && len(phonesB) > 0 {
		score += wPhoneApart
		doubts++
	}
	if k := shared(emailsA, emailsB); k != 0 {
		n := f.crowd(k)
		score += wEmail - crowded(n)
		if roleAddress(f.texts.text(k)) {
			score -= 4
		} else if n < 2 {
			own++
		}
		p.reasons |= SameEmail
	} else if f.shareMailbox(emailsA, emailsB) {
		score += wMailbox
		p.reasons |= SameMailbox
	} else if len(emailsA) > 0 && len(emailsB) > 0 {
		score += wEmailApart
		doubts++
	}

	switch f.compareDates(a.birth, b.birth) {
	case datesSame:
		score += wBirth
		p.reasons |= SameBirth
		own++
	case datesSwapped:
		score += wBirthSwapped
		p.reasons |= SimilarBirth
	case datesNear:
		score += wBirthNear
		p.reasons |= SimilarBirth
	case datesApart:
		score += wBirthApart
		against = true
	}

	score += f.comparePlaces(a, b, &p.reasons)
	if a.company != 0 && a.company == b.company {
		score += f.rare("company ", a.company, wCompany)
		p.reasons |= SameCompany
	} else if a.company != 0 && b.company != 0 {
		doubts++
	}
	if a.city != 0 && b.city != 0 && p.reasons&SameCity == 0 {
		doubts++
	}
	beside := score - nameBits
	switch names.level {
	case apart:
		// Couples share phone, address and mail; only what is one person's own speaks louder than the name.
		if p.reasons&(SameTaxID|SameExternalID|SameBirth) == 0 {
			return false
		}
	case same:
		if beside < besideName+max(0, f.threshold-likelyFrom)/2 {
			return false // namesakes, of whom a large base has more
		}
	case similar, partly:
		if beside < besideName+1 {
			return false
		}
	}

	p.score = math.Round(score*10) / 10
	if score < f.threshold {
		return false
	}
	p.certainty = Likely
	if !against && score >= certainFrom && sure(&names, p.reasons, own, doubts) {
		p.certainty = Certain
	}
	return true
}

// sure tells whether a pair may be merged unseen: a key of one's own agrees, and the name word for word, or two traits of
// one's own where the name is only alike. A phone and an address may be a household's, where father and son have one first name: they
// are not enough where a name lacks words of the other, nor where all else that is known differs.
func sure(names *agreement, r Reasons, own, doubts int) bool {
	personal := r&(SameTaxID|SameBirth|SameExternalID|SameNumber) != 0
	switch names.level {
	case same:
		return own >= 1 && names.common >= 2 && (personal || doubts <= own)
	case similar:
		return own >= 2 && (personal || !names.shorter) || own == 1 && r&SameTaxID != 0
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
func (f *finder) rare(kind string, value uint32, most float64) float64 {
	return min(most, 0.6*math.Log2((f.total+50)/float64(f.places[kind+f.texts.text(value)]+1)))
}

// comparePlaces weighs the address from the house to the state.
func (f *finder) comparePlaces(a, b *traits, why *Reasons) (score float64) {
	house := a.house != 0 && a.house == b.house
	near := false // the places agree, so far as they are known
	switch {
	case a.postal == 0 || b.postal == 0:
	case a.postal == b.postal:
		score += wPostal
		near = true
	case slipped(f.texts.text(a.postal), f.texts.text(b.postal)):
		score += wPostalNear
	default:
		score += wPostalApart
	}
	switch {
	case a.city == 0 || b.city == 0:
	case a.city == b.city || f.alike(a.city, b.city, 0.95):
		score += f.rare("city ", a.city, wCity)
		*why |= SameCity
		near = true
	case slipped(f.texts.text(a.city), f.texts.text(b.city)):
		score += wCityNear
		near = true
	default:
		score += wCityApart
	}
	switch {
	case a.state == 0 || b.state == 0:
	case a.state == b.state:
		if near { // elsewhere it says no more than that both live in a large state
			score += f.rare("state ", a.state, wState)
		}
	default:
		score += wStateApart
	}
	switch {
	case a.street == 0 || b.street == 0:
		if house && near {
			score += wStreetNumber
		}
	case a.street == b.street || f.alike(a.street, b.street, 0.94) || house && near && f.alike(a.street, b.street, 0.85):
		switch {
		case house:
			score += wStreet + wStreetNumber
			*why |= SameAddress
		case a.house != 0 && b.house != 0:
			score += 1
		default:
			score += wStreet - 2
			*why |= SameAddress
		}
	default:
		score += wStreetApart
	}
	return score
}

// alike tells whether two texts are nearly one.
func (f *finder) alike(a, b uint32, from float64) bool {
	return jaroWinkler(f.texts.text(a), f.texts.text(b)) > from
}

// shared gives the first key that both have, 0 for none.
func shared(a, b []uint32) uint32 {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return x
			}
		}
	}
	return 0
}

// shareMailbox tells whether both have the same part before the @, where it is long enough to be somebody's own.
func (f *finder) shareMailbox(a, b []uint32) bool {
	for _, x := range a {
		for _, y := range b {
			if m := f.mailboxes[x]; m != 0 && m == f.mailboxes[y] {
				return true
			}
		}
	}
	return false
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

func (f *finder) compareDates(a, b uint32) dates {
	switch {
	case a == 0 || b == 0:
		return datesUnknown
	case a == b:
		return datesSame
	}
	return compareDates(f.texts.text(a), f.texts.text(b))
}

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
