package mapping

// A verdict is what the values of a column say to a field.
type verdict int8

const (
	against verdict = -1
	silent  verdict = 0
	inFavor verdict = 1
)

// fit asks the values whether they can be those of field. An empty column says nothing.
func fit(field string, p *profile) verdict {
	if p.filled == 0 {
		return silent
	}
	yes := func(ok bool) verdict {
		if ok {
			return inFavor
		}
		return silent
	}
	foreign := p.most(vEmail, vURL, vDate, vMoney, vUUID)
	switch field {
	case FieldEmail:
		return require(p.some(vEmail))
	case FieldPhone, FieldWhatsApp:
		if p.most(vDate, vMoney, vEmail) {
			return against
		}
		if p.most(vCPF, vCNPJ) && !p.some(vPlus) && p.share(vPhone) < 1 {
			return against
		}
		return require(p.some(vPhone, vPlus))
	case FieldName, FieldFirstName, FieldLastName:
		if foreign || p.most(vInt, vPhone, vStatus, vBool, vDecimal, vHonorific, vPlus) {
			return against
		}
		return yes(p.most(vName))
	case FieldCompany:
		if foreign && !p.most(vName) || p.most(vInt, vStatus, vBool, vDecimal, vPhone) {
			return against
		}
		return yes(p.some(vCompany) || p.most(vName))
	case FieldJobTitle:
		if foreign || p.most(vInt, vStatus, vBool, vDecimal, vPhone, vHonorific) {
			return against
		}
		return yes(p.most(vName))
	case FieldOwner:
		if p.most(vURL, vDate, vMoney, vInt, vStatus, vBool, vDecimal, vPhone) {
			return against
		}
		return yes(p.most(vName, vEmail))
	case FieldTaxID:
		if foreign || p.most(vStatus, vBool) || !p.some(vDigits) {
			return against
		}
		return yes(p.some(vCPF, vCNPJ, vTaxLike))
	case FieldBirthDate:
		return require(p.some(vDate, vDayMonth) || p.most(vInt) && !p.most(vShort) && !p.most(vPhone))
	case FieldPostalCode:
		return require(p.some(vZip) || p.most(vInt) && !p.most(vPhone))
	case FieldState:
		if foreign || p.most(vPhone, vStatus, vBool, vDecimal) || p.most(vInt) {
			return against
		}
		return yes(p.some(vState))
	case FieldCountry:
		if foreign || p.most(vPhone, vStatus, vBool, vDecimal, vInt) || p.some(vPlus) {
			return against
		}
		return yes(p.some(vCountry))
	case FieldCity, FieldDistrict:
		if foreign || p.most(vPhone, vStatus, vBool, vDecimal, vInt) {
			return against
		}
		return yes(p.most(vName))
	case FieldStreet:
		if foreign || p.most(vPlus, vStatus, vBool, vDecimal, vInt) {
			return against
		}
		return yes(p.some(vStreet) || p.most(vSpace) && p.most(vDigits))
	case FieldNumber:
		if foreign || p.most(vStatus, vBool, vPhone, vLong) && !p.most(vInt, vNoNumber) || p.most(vPhone) || !p.some(vDigits, vNoNumber) {
			return against
		}
		return yes(p.most(vInt, vNoNumber) && float64(p.chars)/float64(p.filled) <= 6)
	case FieldComplement:
		if p.most(vEmail, vURL, vDate, vMoney, vPlus, vStatus) {
			return against
		}
		return silent
	case FieldWebsite:
		if p.most(vEmail) {
			return against
		}
		return require(p.some(vURL))
	case FieldGender:
		if foreign || p.most(vDecimal, vPhone, vStatus) || p.most(vInt) && !p.most(vBool) || p.most(vLong) {
			return against
		}
		return yes(p.some(vGender))
	case FieldLanguage:
		if foreign || p.most(vInt, vStatus, vDecimal, vPhone) || p.most(vBool) {
			return against
		}
		return yes(p.some(vLanguage))
	case FieldExternalID:
		if p.most(vEmail, vDate, vURL, vStatus, vMoney, vBool) && !p.most(vInt) || p.most(vTwoWords, vPlus, vLong) {
			return against
		}
		if p.filled >= 5 && p.unique*2 < p.filled {
			return against
		}
		return yes(p.some(vDigits) && p.unique == p.filled)
	case FieldConsent:
		if p.most(vEmail, vURL, vPhone, vMoney) {
			return against
		}
		return yes(p.some(vBool))
	case FieldTags, FieldGroups:
		if p.most(vEmail, vURL, vDate, vMoney, vPhone, vInt, vDecimal, vUUID) {
			return against
		}
		return silent
	case FieldNotes, FieldMessage:
		if p.most(vEmail, vURL, vDate, vMoney, vPhone, vInt, vBool) {
			return against
		}
		return yes(p.some(vLong) || p.most(vSpace) && !p.most(vTwoWords))
	case FieldPriority:
		if foreign || p.most(vPhone, vDecimal) {
			return against
		}
		return yes(p.most(vPriority))
	case FieldChannelType:
		if foreign || p.most(vPhone, vDecimal) {
			return against
		}
	case FieldTelegramID:
		if p.most(vEmail, vDate, vMoney, vBool, vStatus) {
			return against
		}
	}
	return silent
}

func require(ok bool) verdict {
	if ok {
		return inFavor
	}
	return against
}
