package mapping

// Keys of the contact fields that a column can feed. A custom field's key is [CustomPrefix] and its own key.
const (
	FieldName         = "name"
	FieldFirstName    = "first_name"
	FieldLastName     = "last_name"
	FieldPhone        = "phone"
	FieldEmail        = "email"
	FieldWhatsApp     = "whatsapp"
	FieldTelegramID   = "telegram_id"
	FieldCompany      = "company"
	FieldJobTitle     = "job_title"
	FieldTaxID        = "tax_id"
	FieldBirthDate    = "birth_date"
	FieldExternalID   = "external_id"
	FieldTags         = "tags"
	FieldGroups       = "groups"
	FieldOwner        = "owner"
	FieldNotes        = "notes"
	FieldStreet       = "address.street"
	FieldNumber       = "address.number"
	FieldComplement   = "address.complement"
	FieldDistrict     = "address.district"
	FieldCity         = "address.city"
	FieldState        = "address.state"
	FieldPostalCode   = "address.postal_code"
	FieldCountry      = "address.country"
	FieldWebsite      = "website"
	FieldGender       = "gender"
	FieldLanguage     = "language"
	FieldConsent      = "consent"
	FieldMessage      = "message"
	FieldPriority     = "priority"
	FieldChannelType  = "channel_type"
	FieldChannelValue = "channel_value"
	FieldWildcard1    = "wildcard1"
	FieldWildcard2    = "wildcard2"
	FieldWildcard3    = "wildcard3"
	FieldWildcard4    = "wildcard4"
	FieldWildcard5    = "wildcard5"
	// FieldContactID is the base's own id. It recognises contacts and is never written, nor suggested.
	FieldContactID = "id"
)

// CustomPrefix stands before the key of a custom field: "custom.shirt_size".
const CustomPrefix = "custom."

// Fields gives the keys of every field that can be suggested, in the order in which forms show them.
func Fields() []string {
	return []string{
		FieldName, FieldFirstName, FieldLastName, FieldPhone, FieldWhatsApp, FieldEmail, FieldTelegramID,
		FieldCompany, FieldJobTitle, FieldTaxID, FieldExternalID, FieldBirthDate, FieldGender, FieldLanguage,
		FieldTags, FieldGroups, FieldOwner, FieldPriority, FieldStreet, FieldNumber, FieldComplement,
		FieldDistrict, FieldCity, FieldState, FieldPostalCode, FieldCountry, FieldWebsite, FieldNotes,
		FieldConsent, FieldMessage, FieldChannelType, FieldChannelValue,
		FieldWildcard1, FieldWildcard2, FieldWildcard3, FieldWildcard4, FieldWildcard5,
	}
}

// Multi tells whether a field may take more than one column. Channels, tags and groups gather the values of
// all their columns; notes, complement and message join theirs; website, tax id and consent take the first
// column that is not empty (a CPF column beside a CNPJ column, of which each row fills one).
func Multi(field string) bool {
	switch field {
	case FieldPhone, FieldEmail, FieldWhatsApp, FieldTelegramID, FieldTags, FieldGroups, FieldNotes, FieldConsent,
		FieldWebsite, FieldMessage, FieldTaxID, FieldComplement, FieldChannelType, FieldChannelValue:
		return true
	}
	return false
}

// Channel tells whether a field is an address of the contact: phone, e-mail, WhatsApp, Telegram.
func Channel(field string) bool {
	switch field {
	case FieldPhone, FieldEmail, FieldWhatsApp, FieldTelegramID, FieldChannelValue:
		return true
	}
	return false
}

// Name tells whether a field carries the contact's name, or a part of it.
func Name(field string) bool {
	return field == FieldName || field == FieldFirstName || field == FieldLastName
}

// Known tells whether key names a contact field, the contact id or (by its prefix) a custom field.
func Known(key string) bool {
	if len(key) > len(CustomPrefix) && key[:len(CustomPrefix)] == CustomPrefix {
		return true
	}
	switch key {
	case FieldContactID, FieldName, FieldFirstName, FieldLastName, FieldCompany, FieldJobTitle, FieldBirthDate,
		FieldExternalID, FieldOwner, FieldStreet, FieldNumber, FieldDistrict, FieldCity, FieldState,
		FieldPostalCode, FieldCountry, FieldGender, FieldLanguage, FieldPriority,
		FieldWildcard1, FieldWildcard2, FieldWildcard3, FieldWildcard4, FieldWildcard5:
		return true
	}
	return Multi(key)
}
