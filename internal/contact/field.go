// Package contact is the noun of the house: people and companies, what is known of them, and the one door by
// which that changes.
//
// # Fields
//
// A field is named by its key: that of a [Scalar] ("name", "address.city"), a channel kind ("phone"), "tags",
// "groups", or "custom.<id>". Values are text in normal form everywhere above the SQL: dates as 2006-01-02,
// numbers as decimal text with a point, booleans as true and false, an owner as the member's id.
//
// # Changes
//
// A change of a contact is a list of [journal.Change]; [Diff] makes it and [Contact.Revert] takes it back where nobody
// has touched the field since. What is written goes through [Write], which keeps the journal, the identity keys and the
// members of tags and groups together with the contact.
package contact

import "strconv"

// Scalar is a field of the contact's own row with one text value.
type Scalar uint8

// The scalars. Their order is that of forms and exports.
const (
	Name Scalar = iota
	FirstName
	LastName
	Company
	JobTitle
	TaxID
	BirthDate
	ExternalID
	Owner
	Gender
	Language
	Website
	Priority
	Notes
	Photo
	Street
	StreetNumber
	Complement
	District
	City
	State
	PostalCode
	Country
	NumScalars
)

// scalarNames holds key and column of each scalar.
var scalarNames = [NumScalars]struct{ key, column string }{
	Name:         {"name", "name"},
	FirstName:    {"first_name", "first_name"},
	LastName:     {"last_name", "last_name"},
	Company:      {"company", "company"},
	JobTitle:     {"job_title", "job_title"},
	TaxID:        {"tax_id", "tax_id"},
	BirthDate:    {"birth_date", "birth_date"},
	ExternalID:   {"external_id", "external_id"},
	Owner:        {"owner", "owner"},
	Gender:       {"gender", "gender"},
	Language:     {"language", "language"},
	Website:      {"website", "website"},
	Priority:     {"priority", "priority"},
	Notes:        {"notes", "notes"},
	Photo:        {"photo", "photo"},
	Street:       {"address.street", "street"},
	StreetNumber: {"address.number", "street_number"},
	Complement:   {"address.complement", "complement"},
	District:     {"address.district", "district"},
	City:         {"address.city", "city"},
	State:        {"address.state", "state"},
	PostalCode:   {"address.postal_code", "postal_code"},
	Country:      {"address.country", "country"},
}

// Key gives the field key.
func (s Scalar) Key() string { return scalarNames[s].key }

// Column gives the column of table contact.
func (s Scalar) Column() string { return scalarNames[s].column }

// ScalarByKey finds a scalar by its field key.
func ScalarByKey(key string) (Scalar, bool) {
	for s := range NumScalars {
		if scalarNames[s].key == key {
			return s, true
		}
	}
	return 0, false
}

// Kind is a kind of channel, or of another identity key.
type Kind string

// The channel kinds, and the two scalars that also tell who somebody is.
const (
	Phone    Kind = "phone"
	Email    Kind = "email"
	WhatsApp Kind = "whatsapp" // a WhatsApp user name
	BSUID    Kind = "bsuid"    // WhatsApp's business-scoped user id
	Telegram Kind = "telegram"

	KeyTaxID      Kind = "tax_id"
	KeyExternalID Kind = "external_id"
)

// ChannelKinds lists the channel kinds in the order of forms.
func ChannelKinds() []Kind { return []Kind{Phone, Email, WhatsApp, BSUID, Telegram} }

// IsChannel tells whether a field key is a channel kind.
func IsChannel(key string) bool {
	switch Kind(key) {
	case Phone, Email, WhatsApp, BSUID, Telegram:
		return true
	}
	return false
}

// The keys of the set-valued fields, and the prefix of custom fields.
const (
	FieldTags    = "tags"
	FieldGroups  = "groups"
	FieldTyped   = "typed"          // not shown: keys of the fields that a person typed last
	FieldBlocked = "do_not_contact" // "" or "true"
	FieldDeleted = "deleted"        // "" or "true": whether the contact is in the bin
	customPrefix = "custom."
)

// CustomKey gives the field key of a custom field.
func CustomKey(id int64) string { return customPrefix + strconv.FormatInt(id, 10) }

// CustomID gives the id in the key of a custom field.
func CustomID(key string) (int64, bool) {
	if len(key) <= len(customPrefix) || key[:len(customPrefix)] != customPrefix {
		return 0, false
	}
	id, err := strconv.ParseInt(key[len(customPrefix):], 10, 64)
	return id, err == nil && id > 0
}
