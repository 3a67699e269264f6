package mapping

import (
	"math"
)

// Level is the step of confidence that a person is shown.
type Level uint8

// None: no field is suggested. Doubtful: one is offered, and counts as unconfirmed. High: it is taken.
const (
	None Level = iota
	Doubtful
	High
)

// Confidences from which on a suggestion is High, or made at all.
const (
	highFrom     = 0.75
	doubtfulFrom = 0.4
)

// String gives the stable name, as in JSON.
func (l Level) String() string {
	switch l {
	case High:
		return "high"
	case Doubtful:
		return "doubtful"
	}
	return "none"
}

// MarshalText gives the stable name.
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// Reason tells what a suggestion rests on. It is a catalogue key without its "mapping.reason." prefix.
type Reason string

// The reasons, in the order in which they are asked.
const (
	UsedBefore Reason = "used_before" // a saved mapping has this header
	SameName   Reason = "same_name"   // the header is the field's name
	Synonym    Reason = "synonym"     // the header's words mean the field
	Content    Reason = "content"     // the values look like the field's
	NoMatch    Reason = "no_match"
)

// What to do with a column that feeds no contact field.
const (
	ProposeCustom    = "custom"     // holds data: worth a custom field
	ProposeCreatedAt = "created_at" // when the contact was made in the system that it comes from
	ProposeIgnore    = "ignore"     // holds nothing, or what no contact base should keep (passwords)
	ProposeCombined  = "combined"   // goes into another column's field, see CombineWith
)

// Alternative is another field that a column could feed.
type Alternative struct {
	Field      string  `json:"field"`
	Confidence float64 `json:"confidence"`
}

// Suggestion is the proposal for one column.
//
// Column counts from 0. Field is "" where Level is None; Proposal then says what is left to do with the
// column. Confirm marks what a person should look at: the field may be wrong. CombineWith is the column whose
// text goes before this one's, the area code of a phone, else -1; that column itself has Field "" and the
// Proposal [ProposeCombined].
type Suggestion struct {
	Column       int           `json:"column"`
	Header       string        `json:"header"`
	Field        string        `json:"field,omitempty"`
	Confidence   float64       `json:"confidence"`
	Level        Level         `json:"level"`
	Reason       Reason        `json:"reason"`
	Confirm      bool          `json:"confirm,omitempty"`
	Alternatives []Alternative `json:"alternatives,omitempty"`
	Proposal     string        `json:"proposal,omitempty"`
	CombineWith  int           `json:"combine_with"`
}

// SuggestOptions is what the workspace knows beforehand. All of it may be empty.
type SuggestOptions struct {
	Country      string        // ISO 3166-1 alpha-2 of the workspace: breaks ties between languages
	CustomFields []CustomField // the workspace's own fields
	Owners       []string      // names and e-mails of members: values that tell an owner column
	Saved        []Mapping     // saved mappings, the newest first
}

// A CustomField is a field that the workspace defined, with the headers that it goes by.
type CustomField struct {
	Key     string   // without [CustomPrefix]
	Label   string   // "Tamanho da camiseta"
	Type    string   // text, number, date, boolean, choice, url
	Headers []string // recognised headers
	Choices []string // values of a choice field
}

// Suggest proposes a field for each column of a file from its headers and from sample rows (any number; 100
// are plenty). A header is "" where the file has none. The result has one element per header, in their order.
func Suggest(headers []string, samples [][]string, opt SuggestOptions) []Suggestion {
	t := newTable(headers, samples, opt)
	t.readHeaders()
	t.settle()
	t.compete()
	t.offerByContent()
	t.useOwn()
	t.combine()
	out := make([]Suggestion, len(t.cols))
	for i := range t.cols {
		out[i] = t.cols[i].suggestion(i)
	}
	for _, s := range out {
		if s.CombineWith >= 0 {
			out[s.CombineWith].Proposal = ProposeCombined
		}
	}
	return out
}

func (c *column) suggestion(i int) Suggestion {
	s := Suggestion{Column: i, Header: c.header, Reason: NoMatch, CombineWith: c.combine}
	if c.field != "" && c.score >= doubtfulFrom {
		s.Field = c.field
		s.Confidence = math.Round(min(c.score, 1)*100) / 100
		s.Reason = c.reason
		s.Level = High
		if c.score < highFrom {
			s.Level, s.Confirm = Doubtful, true
		}
		return s
	}
	s.Proposal = c.proposal()
	s.Alternatives = c.alternatives
	return s
}

// proposal tells what to do with a column that feeds no field.
func (c *column) proposal() string {
	switch {
	case c.reading.blocked && c.reading.why == cCreated:
		return ProposeCreatedAt
	case c.profile.filled == 0 || c.reading.blocked && c.reading.why == cRow || c.secret():
		return ProposeIgnore
	}
	return ProposeCustom
}

// secret tells whether the header names something that no contact base should keep.
func (c *column) secret() bool {
	switch c.reading.plain {
	case "password", "passwd", "pwd", "senha", "contrasena", "token", "hash", "kennwort", "passwort", "motdepasse":
		return true
	}
	return false
}
