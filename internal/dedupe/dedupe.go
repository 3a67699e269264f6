// Package dedupe finds which contacts of a base are one person, says why and how sure it is, and merges them so that
// a merge can be taken apart again.
//
// # How pairs are found
//
// No base of a million can be compared each with each. Contacts that share a rare trait stand in one block: an address, a
// document, a birth date with part of a name, two sounds of the name, a street with part of a name ([blocks]). Only pairs of one block
// are compared. A block that grows beyond what a person's doubles would fill says little, and is left to the others.
//
// # How a pair is judged
//
// Each trait that both know speaks for or against, by how rarely it agrees between strangers and how often between two
// records of one person (Fellegi and Sunter, "A Theory for Record Linkage", JASA 64, 1969): the sum of these weights, in bits, is the pair's
// score. How rare a name is, is counted in the base itself. What many different people share (the phone of a firm, contato@…) is
// counted too and speaks the less.
//
// Two people who share much are kept apart by what differs: father and son (Filho, Neto), couples with one phone, namesakes.
// A pair is [Certain] only where a key of one's own agrees and nothing speaks against it; the rest above the threshold is [Likely] and is
// for a person to look at.
package dedupe

// Person is what is compared of a contact. Phones, Emails, TaxID and ExternalID are identity keys as contact.KeyOf
// makes them; Birth is YYYY-MM-DD; the rest is as the contact has it. "" is unknown.
type Person struct {
	ID         int64
	Name       string
	Phones     []string
	Emails     []string
	TaxID      string
	ExternalID string
	Birth      string
	Company    string
	Street     string
	Number     string
	City       string
	State      string
	Postal     string
	Numbers    []Number // values of custom fields
}

// Certainty is how sure a pair is.
type Certainty uint8

// The certainties.
const (
	Likely  Certainty = iota + 1 // to be looked at
	Certain                      // may be merged without asking
)

// String gives the stable name.
func (c Certainty) String() string {
	switch c {
	case Likely:
		return "likely"
	case Certain:
		return "certain"
	}
	return ""
}

// Pair is two contacts that are taken for one person; A is the smaller id.
type Pair struct {
	A, B      int64
	Score     float64 // bits for the pair being one person
	Certainty Certainty
	Reasons   Reasons
}

// Reasons are the traits that speak for a pair.
type Reasons uint16

// The reasons.
const (
	SamePhone Reasons = 1 << iota
	SameEmail
	SameTaxID
	SameExternalID
	SameName
	SimilarName
	SameBirth
	SimilarBirth
	SameMailbox // the part before the @, at another domain
	SameAddress
	SameCity
	SameCompany
	ThroughAnother // each is the same as a third
	SameNumber     // in a custom field
	SimilarNumber  // an external id or a number in a custom field that differs as a typing error does
)

var reasonNames = [...]string{"phone", "email", "tax_id", "external_id", "name", "similar_name", "birth_date", "similar_birth_date", "mailbox", "address", "city", "company", "through_another", "number", "similar_number"}

// Names gives the stable names of the reasons, in the order of the constants.
func (r Reasons) Names() []string {
	var out []string
	for i, n := range reasonNames {
		if r&(1<<i) != 0 {
			out = append(out, n)
		}
	}
	return out
}
