package mapping

// merge takes out of s what is only said about another head ("company" of "company phone", "name" of "city
// name"), so that the one head is left that the column holds. It gives the reason where the whole is no
// contact field ("e-mail do vendedor", "company id").
func merge(s *conceptSet, r *reading) concept {
	place := []concept{cStreet, cNumber, cComplement, cDistrict, cCity, cState, cEstado, cZip, cCountry, cRegion, cComuna, cDepto}
	reach := []concept{cPhone, cWhatsapp, cEmail, cWebsite, cTelegram}

	if s.has(cLabel) && len(s.list()) > 1 && !s.has(cPerson, cTag) {
		return cMeta // "Phone 1 - Label", "Address 1 - Label"
	}
	if s.has(cDistrict, cCity, cState, cEstado, cZip, cCountry, cRegion) && !s.has(cNumber, cNr) {
		s.drop(cStreet) // "Address 1 - City"
	}
	if s.has(cComplement) {
		s.drop(cStreet) // "Address 1 - Extended Address"
	}
	if s.has(cCity, cState, cZip, cCountry, cDistrict, cStreet) {
		s.drop(cEmail) // "Mail City": of the postal kind
	}
	// Area and country codes.
	if s.has(cPhone, cWhatsapp) {
		s.drop(cDDD, cDDI)
		if s.has(cCountry, cState, cEstado, cRegion) {
			return cDDI
		}
	}
	if s.has(cDDI) {
		return cDDI
	}
	if s.has(cDDD) {
		s.drop(cNr, cID, cPerson)
	}
	// A label or a category of a channel is no channel.
	if s.has(cGroup) && s.has(cEmail) {
		s.drop(cEmail) // "Email lists"
	}
	if s.has(reach...) && s.has(cLabel, cCategory, cGroup, cTag) {
		return cMeta
	}
	// The owner's own data are not the contact's.
	if s.has(cOwner) {
		if s.has(reach...) || s.has(cID, cExternalid, cTaxid, cNr, cAddress, cDoc, cTag, cGroup) {
			return cOwner
		}
		s.drop(cName, cPerson, cFullname, cCompany, cFirst, cJob, cResponsible)
	}
	if s.has(cResponsible) {
		r.score = 0.55
		if s.has(reach...) || s.has(cTaxid, cDoc, cBirth, cAddress, cJob, cRole) {
			s.drop(cResponsible)
		} else {
			if s.has(cPerson) && general(r.person) {
				r.score = 0.85 // "Person - Owner", "Responsável pelo contato"
			}
			s.drop(cName, cPerson, cFullname)
		}
	}
	if s.has(cWhatsapp) {
		s.drop(cPhone, cNr, cID, cPerson, cName, cMessageIf(s))
	}
	if s.has(cTelegram) {
		s.drop(cPhone, cNr, cID, cPerson, cName)
	}
	// Numbers and codes of something.
	if s.has(cID, cNr, cExternalid) {
		if c := mergeCode(s, r); c != cNone {
			return c
		}
	}
	if s.has(cNote) && s.has(place...) || s.has(cNote) && s.has(cAddress) {
		return cMeta
	}
	// Whose: the company's.
	if s.has(cCompany, cLegalname, cTradename) {
		own := append(append([]concept{cAddress, cTaxid, cDoc, cJob, cNote}, place...), reach...)
		switch {
		case s.has(cTitle, cRole):
			s.drop(cCompany, cTitle, cRole)
			s.add(cJob)
		case r.last == cCompany && s.has(cAddress) && !s.has(place...):
			s.drop(cAddress) // "Default Address Company"
		case s.has(own...):
			s.drop(cCompany, cLegalname, cTradename)
			r.variant = max(r.variant, companyVariant)
		case s.has(cTag, cGroup, cCategory, cExternalid, cLanguage, cPriority, cDesc, cFirst, cLast, cFullname):
			return cCompany
		}
		if s.has(cLegalname, cTradename) && s.has(cCompany) {
			s.drop(cCompany)
		}
		if s.has(cLegalname) && s.has(cTradename) {
			s.drop(cTradename)
		}
		if s.has(cCompany, cLegalname, cTradename) {
			if s.has(cName, cPerson, cFullname) && r.known > 1 {
				r.score = 0.85
			}
			s.drop(cName, cPerson, cTitle, cRole, cFullname)
		}
	}
	if s.has(cAddress) && (s.has(place...) || s.has(reach...)) {
		s.drop(cAddress)
	}
	if s.has(cDepto) && s.has(cComplement, cNumber, cStreet) {
		s.drop(cDepto)
	}
	// "Name of": what is named stays.
	if s.has(cName, cFullname) {
		switch {
		case s.has(cFirst, cLast, cLast2) && s.has(cFirst) && s.has(cLast, cLast2):
			s.drop(cFirst, cLast, cLast2, cName)
			s.add(cFullname)
		case s.has(cName) && s.has(cLast) && !s.has(cFirst):
			s.drop(cLast, cName)
			s.add(cFullname)
		case s.has(cFirst, cLast, cLast2, cFullname):
			s.drop(cName)
		case s.has(place...) || s.has(cGroup, cTag, cCategory, cJob, cRole, cAddress):
			s.drop(cName)
		case s.has(reach...) || s.has(cTaxid, cZip, cGender, cLanguage, cNote):
			return cMeta
		}
		if s.has(cFullname) {
			s.drop(cName)
		}
	}
	if s.has(cFirst) && s.has(cLast, cLast2) {
		s.drop(cFirst, cLast, cLast2)
		s.add(cFullname)
	}
	if s.has(cLast) {
		s.drop(cLast2)
	}
	mergeRest(s, r)
	return cNone
}

func cMessageIf(s *conceptSet) concept {
	if s.has(cConsent) {
		return cMessage
	}
	return cNone
}

// mergeCode settles "number of", "code of", "id of".
func mergeCode(s *conceptSet, r *reading) concept {
	switch {
	case s.has(cTaxid, cDoc):
		s.drop(cID, cNr, cExternalid, cPerson)
	case s.has(cExternalid):
		s.drop(cID, cNr, cPerson, cName)
	case s.has(cPhone) && s.has(cID):
		return cID
	case s.has(cPhone, cWhatsapp, cZip, cBirth, cTelegram, cLanguage, cGender, cPriority):
		s.drop(cID, cNr)
	case s.has(cEmail):
		if s.has(cNr) {
			s.drop(cNr)
		}
		if s.has(cID) {
			s.drop(cID)
			r.score = 0.85
		}
	case s.has(cNumber, cComplement):
		s.drop(cNr, cID)
	case s.has(cStreet, cAddress):
		if s.has(cID) {
			return cID
		}
		if s.has(cStreet) { // "Rua, nº" and "nº da rua": the values tell
			s.drop(cNr, cAddress)
			s.add(cNumber)
			return cNone
		}
		s.drop(cNr, cAddress, cStreet)
		s.add(cNumber)
	case s.has(cCountry, cState, cEstado):
		s.drop(cID, cNr)
		r.score = 0.8
	case s.has(cCompany, cLegalname, cTradename, cGroup, cTag, cCategory, cJob, cRole, cCity, cDistrict, cComuna, cRegion, cDepto, cOwner, cResponsible, cLabel):
		return cID
	case s.has(cName, cFirst, cLast, cFullname):
		return cID
	case s.has(cPerson):
		s.drop(cID, cNr, cPerson)
		s.add(cExternalid)
	case s.has(cID):
		s.drop(cNr)
	}
	return cNone
}

// mergeRest takes out what adds nothing beside a clearer head.
func mergeRest(s *conceptSet, r *reading) {
	if len(s.list()) > 1 {
		s.drop(cPerson)
	}
	if len(s.list()) > 1 {
		s.drop(cDesc)
	}
	if s.has(cJob) {
		s.drop(cTitle, cRole, cName, cCategory)
	}
	if s.has(cTitle) && s.has(cRole) {
		s.drop(cTitle, cRole)
		s.add(cJob)
	}
	if s.has(cTag) {
		s.drop(cLabel, cCategory)
	}
	if s.has(cGroup) {
		s.drop(cCategory, cName, cLabel, cTag)
	}
	if s.has(cNote) {
		s.drop(cLabel, cMessage)
	}
	if s.has(cTaxid) {
		s.drop(cDoc)
	}
	if s.has(cState) {
		s.drop(cEstado, cRegion, cDepto)
	}
	if s.has(cEstado) && s.has(cRegion, cDepto) {
		s.drop(cEstado, cRegion, cDepto)
		s.add(cState)
	}
	if s.has(cCity) {
		s.drop(cComuna)
	}
	if s.has(cDistrict) {
		s.drop(cComuna)
	}
	if s.has(cEstado) && r.variant != plainVariant {
		s.drop(cEstado)
		s.add(cState)
	}
	if s.has(cEmail) && s.has(cMessage) {
		s.drop(cMessage)
	}
	if s.has(cLanguage) {
		s.drop(cCountry)
	}
	if s.has(cCountry) {
		s.drop(cRegion)
	}
}
