package contact

// Input is what a person or a program says about a contact. What is left out stays as it is.
type Input struct {
	// Fields holds texts as typed, by field key: those of the scalars ("name", "address.city", "birth_date", "owner" as a
	// member's id or name) and "custom.<id>". "" clears.
	Fields map[string]string
	// Channels holds all addresses of a kind, the primary first; a kind that is not there stays, an empty list clears it.
	Channels map[Kind][]ChannelInput
	Tags     *[]string // names; those that do not exist are made. nil: as they are
	Groups   *[]int64  // ids. nil: as they are
	Blocked  *bool     // do not contact; nil: as it is
}

// ChannelInput is one address as typed. The consent of an address that was there already stays where Basis is "".
type ChannelInput struct {
	Value       string
	Label       string
	Basis       string // legal basis of LGPD art. 7, see [Bases]
	BasisSource string
	OptedOut    *bool // nil: as it is
}

// Checked is what a text comes to as a value of a field.
type Checked struct {
	Value   string // in normal form, "" where there is none
	Display string // as it is shown
	Issues  []Issue
	Holders []ID // contacts that the actor sees and that have this address or code already
}
