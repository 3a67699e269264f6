package mapping

// A concept is what a header word stands for. Heads can become a field; the others say whose, which, or that
// the column is about the thing and not the thing itself ("Phone type").
type concept uint8

const (
	cNone concept = iota
	// Heads of one field.
	cName
	cFullname
	cFirst
	cLast
	cLast2
	cPhone
	cWhatsapp
	cEmail
	cCompany
	cLegalname
	cTradename
	cJob
	cRole
	cTitle
	cTaxid
	cDoc
	cBirth
	cExternalid
	cID
	cTag
	cLabel
	cCategory
	cGroup
	cOwner
	cResponsible
	cNote
	cDesc
	cAddress
	cStreet
	cNumber
	cComplement
	cDistrict
	cCity
	cState
	cZip
	cCountry
	cWebsite
	cGender
	cLanguage
	cTelegram
	cConsent
	cMessage
	cPriority
	cWildcard
	cChanneltype
	cChannelvalue
	// Heads whose field hangs on the language or on the neighbours.
	cEstado
	cRegion
	cDepto
	cComuna
	// Parts of a phone that stand in a column of their own.
	cDDD
	cDDI
	// Heads of no field.
	cMiddle
	cNick
	cHonorific
	cFax
	cOptout
	cRow
	cThing
	// Modifiers.
	cPerson
	cOther
	cMeta
	cRecent
	cDate
	cDatepart
	cCreated
	cNr
	cBilling
	cShipping
	cHome
	cWork
	cOtheradj
	cNeutral
	conceptCount
)

// conceptOf gives the concept by its name in the word lists.
func conceptOf(name string) (concept, bool) {
	for c, n := range conceptNames() {
		if n == name && n != "" {
			return concept(c), true
		}
	}
	return cNone, false
}

func conceptNames() [conceptCount]string {
	return [conceptCount]string{
		cName: "name", cFullname: "fullname", cFirst: "first", cLast: "last", cLast2: "last2", cPhone: "phone",
		cWhatsapp: "whatsapp", cEmail: "email", cCompany: "company", cLegalname: "legalname",
		cTradename: "tradename", cJob: "job", cRole: "role", cTitle: "title", cTaxid: "taxid", cDoc: "doc",
		cBirth: "birth", cExternalid: "externalid", cID: "id", cTag: "tag", cLabel: "label",
		cCategory: "category", cGroup: "group", cOwner: "owner", cResponsible: "responsible", cNote: "note",
		cDesc: "desc", cAddress: "address", cStreet: "street", cNumber: "number", cComplement: "complement",
		cDistrict: "district", cCity: "city", cState: "state", cZip: "zip", cCountry: "country",
		cWebsite: "website", cGender: "gender", cLanguage: "language", cTelegram: "telegram",
		cConsent: "consent", cMessage: "message", cPriority: "priority", cWildcard: "wildcard",
		cChanneltype: "channeltype", cChannelvalue: "channelvalue", cEstado: "estado", cRegion: "region",
		cDepto: "depto", cComuna: "comuna", cDDD: "ddd", cDDI: "ddi", cMiddle: "middle", cNick: "nick",
		cHonorific: "honorific", cFax: "fax", cOptout: "optout", cRow: "row", cThing: "thing",
		cPerson: "person", cOther: "other", cMeta: "meta", cRecent: "recent", cDate: "date", cDatepart: "datepart",
		cCreated: "created", cNr: "nr", cBilling: "billing", cShipping: "shipping", cHome: "home",
		cWork: "work", cOtheradj: "otheradj", cNeutral: "neutral",
	}
}

// field gives the field that a head stands for by itself, "" for those that need more, and for modifiers.
func (c concept) field() string {
	switch c {
	case cName, cFullname:
		return FieldName
	case cFirst:
		return FieldFirstName
	case cLast:
		return FieldLastName
	case cPhone:
		return FieldPhone
	case cWhatsapp:
		return FieldWhatsApp
	case cEmail:
		return FieldEmail
	case cCompany, cLegalname, cTradename:
		return FieldCompany
	case cJob, cRole, cTitle:
		return FieldJobTitle
	case cTaxid, cDoc:
		return FieldTaxID
	case cBirth:
		return FieldBirthDate
	case cExternalid, cID:
		return FieldExternalID
	case cTag, cLabel:
		return FieldTags
	case cCategory:
		return FieldTags
	case cGroup:
		return FieldGroups
	case cOwner, cResponsible:
		return FieldOwner
	case cNote, cDesc:
		return FieldNotes
	case cAddress, cStreet:
		return FieldStreet
	case cNumber:
		return FieldNumber
	case cComplement:
		return FieldComplement
	case cDistrict, cComuna:
		return FieldDistrict
	case cCity:
		return FieldCity
	case cState, cEstado, cRegion, cDepto:
		return FieldState
	case cZip:
		return FieldPostalCode
	case cCountry:
		return FieldCountry
	case cWebsite:
		return FieldWebsite
	case cGender:
		return FieldGender
	case cLanguage:
		return FieldLanguage
	case cTelegram:
		return FieldTelegramID
	case cConsent:
		return FieldConsent
	case cMessage:
		return FieldMessage
	case cPriority:
		return FieldPriority
	case cChanneltype:
		return FieldChannelType
	case cChannelvalue:
		return FieldChannelValue
	}
	return ""
}

// conceptSet is a set of concepts.
type conceptSet [2]uint64

func (s *conceptSet) add(cs ...concept) {
	for _, c := range cs {
		s[c>>6] |= 1 << (c & 63)
	}
}

func (s *conceptSet) drop(cs ...concept) {
	for _, c := range cs {
		s[c>>6] &^= 1 << (c & 63)
	}
}

func (s *conceptSet) has(cs ...concept) bool {
	for _, c := range cs {
		if s[c>>6]&(1<<(c&63)) != 0 {
			return true
		}
	}
	return false
}

func (s *conceptSet) empty() bool { return s[0]|s[1] == 0 }

// list gives the concepts of the set in their order.
func (s *conceptSet) list() []concept {
	var out []concept
	for c := cNone + 1; c < conceptCount; c++ {
		if s.has(c) {
			out = append(out, c)
		}
	}
	return out
}
