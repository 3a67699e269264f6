package mapping

// A variant says which of several addresses, names or numbers of a contact a header speaks of.
type variant uint8

const (
	plainVariant variant = iota
	billingVariant
	homeVariant
	workVariant
	companyVariant
	shippingVariant
	otherVariant
	variantCount
)

// A reading is what one header means by itself, before values and neighbours are heard.
type reading struct {
	heads    []concept // the fields it could be, best first; empty for none
	score    float64   // how sure, 0 to 1
	blocked  bool      // understood, and no contact field
	why      concept   // what blocked it
	known    int       // words understood, neutral ones excluded
	unknown  int       // words not understood, remarks in brackets excluded
	words    int
	guess    bool
	variant  variant
	ordinal  int  // 2 for "Phone 2"
	area     bool // speaks of the area code too
	set      conceptSet
	last     concept // of the last word outside brackets, in English the head; cNone in other languages
	faxFirst bool    // "Fax Phone", unlike "Phone/Fax"
	person   string  // the word for the person: "cliente", "buyer"
	plain    string  // the header's words without neutral ones, for comparison
}

// read interprets the atoms of a header for a table in lang.
func read(atoms []atom, lang language) reading {
	r := reading{}
	var s conceptSet
	if len(atoms) == 1 && (atoms[0].text == "first" || atoms[0].text == "last") {
		atoms[0].senses = []sense{{cFirst, langEN}} // "First", "Last": names, where they stand alone
		if atoms[0].text == "last" {
			atoms[0].senses = []sense{{cLast, langEN}}
		}
	}
	for i, a := range atoms {
		r.words += a.tokens
		if a.text == "for" && r.known > 0 && lang&^langEN == 0 {
			break // "Company Name for Emails": what it is for is not what it is
		}
		if i > 0 && (a.text == "is" || a.text == "has") {
			continue // "What is your name?": a verb, no flag
		}
		switch {
		case a.num >= 0:
			if a.num >= 1 && a.num <= 20 && r.ordinal == 0 {
				r.ordinal = a.num
			} else if !a.paren && a.num > 20 {
				r.unknown++
			}
		case a.senses == nil:
			if !a.paren && len(a.text) > 1 {
				r.unknown++
			}
		default:
			c := pick(a.senses, lang)
			if c == cNeutral {
				continue
			}
			if i == 0 && c == cNr && a.text == "n" && len(atoms) > 1 && len(atoms[1].senses) > 0 && pick(atoms[1].senses, lang) == cCompany {
				continue // "nAzienda", "n_empresa": the name
			}
			if a.guess && c.field() == "" || (a.paren || len(atoms) > 1) && foreign(a, lang) && c != cTaxid {
				if !a.paren {
					r.unknown++
				}
				continue
			}
			if n := lineNumber(a); i == 0 && n > 0 && (c == cStreet || c == cComplement) && placed(atoms, i, lang) {
				c, r.ordinal = cAddress, n // "Address 2 - City": the second address, and not the second line
			}
			if a.paren && (c == cDate || c == cMeta) && !s.empty() { // "(dd/mm/aaaa)", "(ativo)"
				continue
			}
			if r.ordinal == 0 && (c == cPhone || c == cEmail || c == cWhatsapp) {
				r.ordinal = lineNumber(a) // "phone1" is an entry of its own
			}
			r.faxFirst = r.faxFirst || c == cFax && !s.has(cPhone, cWhatsapp)
			s.add(c)
			if c == cPerson {
				r.person = a.text
			}
			if !a.paren && lang&^langEN == 0 {
				r.last = c
			}
			r.known++
			r.guess = r.guess || a.guess
			r.plain += a.text
		}
	}
	r.variant = takeVariant(&s)
	if s.has(cOtheradj) {
		s.drop(cOtheradj)
		r.ordinal = max(r.ordinal, 2)
	}
	r.set = s
	r.area = s.has(cDDD, cDDI)
	r.judge(s)
	return r
}

// foreign tells whether an abbreviation belongs to other languages than the table's: "CPA" is a postal code in
// Argentina only. English abbreviations are at home everywhere.
func foreign(a atom, lang language) bool {
	if len(a.text) > 3 || lang == langAny {
		return false
	}
	for _, s := range a.senses {
		if s.langs == langAny || s.langs&(lang|langEN) != 0 {
			return false
		}
	}
	return true
}

// lineNumber gives the number at the end of "address 2" or "endereco 1", 0 where there is none.
func lineNumber(a atom) int {
	if a.tokens < 2 {
		return 0
	}
	d := a.text[len(a.text)-1]
	if d < '1' || d > '9' {
		return 0
	}
	return int(d - '0')
}

// placed tells whether another atom than the i-th is a part of an address.
func placed(atoms []atom, i int, lang language) bool {
	for j, a := range atoms {
		if j == i || len(a.senses) == 0 {
			continue
		}
		switch pick(a.senses, lang) {
		case cStreet, cNumber, cComplement, cDistrict, cCity, cState, cEstado, cZip, cCountry, cRegion, cComuna, cNote:
			return true
		}
	}
	return false
}

// takeVariant takes the words for billing, home and the like out of s and tells the variant.
func takeVariant(s *conceptSet) variant {
	v := plainVariant
	for _, p := range [...]struct {
		c concept
		v variant
	}{{cOtheradj, otherVariant}, {cHome, homeVariant}, {cWork, workVariant}, {cBilling, billingVariant}, {cShipping, shippingVariant}} {
		if s.has(p.c) {
			v = p.v
			if p.c != cOtheradj {
				s.drop(p.c)
			}
		}
	}
	return v
}

func (r *reading) block(c concept) { r.heads, r.blocked, r.why, r.score = nil, true, c, 0 }

// judge decides what the concepts of a header come to together.
func (r *reading) judge(s conceptSet) {
	if s.empty() {
		if r.variant == billingVariant || r.variant == shippingVariant {
			s.add(cAddress) // "Cobrança", "Entrega": an address, if its values say so
			r.score = 0.5
		}
		if s.empty() {
			return
		}
	}
	if s.has(cConsent) {
		if s.has(cDate, cCreated, cRecent, cThing, cOptout, cOther) || r.variant == billingVariant {
			r.block(cDate)
			return
		}
		r.take(cConsent)
		if s.has(cMeta) {
			r.score *= 0.65 // "Consent status": the values tell
		}
		return
	}
	if s.has(cGender) && s.has(cMeta) {
		s.drop(cMeta)
	}
	if s.has(cBirth) {
		if s.has(cCity, cState, cEstado, cCountry, cRegion, cName, cThing, cOther, cMeta, cDepto, cComuna, cDatepart) {
			r.block(cThing)
			return
		}
		r.take(cBirth)
		return
	}
	for _, c := range [...]concept{cOptout, cOther, cThing, cCreated, cMeta, cRecent, cDate, cDatepart, cRow} {
		if s.has(c) {
			r.block(c)
			return
		}
	}
	if s.has(cFax) && s.has(cPhone, cWhatsapp) && !r.faxFirst {
		s.drop(cFax) // "Tel/Fax": a number that takes calls
	}
	for _, c := range [...]concept{cFax, cHonorific, cMiddle, cNick} {
		if s.has(c) {
			r.block(c)
			return
		}
	}
	if blocked := merge(&s, r); blocked != cNone {
		r.block(blocked)
		return
	}
	r.heads = s.list()
	if len(r.heads) == 0 {
		return
	}
	base := baseScore(r.heads[0])
	if len(r.heads) > 1 {
		base = 0.5
	}
	if r.score == 0 || base < r.score && len(r.heads) > 1 {
		r.score = base
	}
	r.penalise()
}

func (r *reading) take(c concept) {
	r.heads = []concept{c}
	r.score = baseScore(c)
	r.penalise()
}

// penalise lowers the score for words that were not understood. Words beside "phone" and "e-mail" seldom
// change what they are; beside "name" they do ("Nome do cachorro").
func (r *reading) penalise() {
	if r.guess {
		r.score *= 0.8
	}
	if r.unknown == 0 {
		return
	}
	if r.heads[0] == cWebsite {
		r.block(cWebsite) // "button_url": a link, and not the contact's site
		return
	}
	switch r.heads[0] {
	case cPhone, cEmail, cWhatsapp:
		r.score *= 0.85
	case cTaxid, cZip, cConsent, cBirth, cNote, cJob:
		r.score *= 0.75
	default:
		r.score *= 0.6
	}
	if r.unknown > 2 {
		r.score *= 0.8
	}
}

// baseScore tells how sure a head alone is. Under 0.75 it wants the support of the values.
func baseScore(c concept) float64 {
	switch c {
	case cPerson, cRegion, cDDD:
		return 0.6
	case cResponsible:
		return 0.55
	case cTitle, cDepto, cCategory, cDesc, cNr:
		return 0.5
	case cRole, cEstado, cComuna, cDoc, cLabel, cID, cPriority:
		return 0.7
	case cGroup, cLegalname, cNumber, cLanguage:
		return 0.88
	case cTradename, cMessage:
		return 0.85
	case cAddress, cOwner, cTag:
		return 0.92
	}
	return 0.95
}
