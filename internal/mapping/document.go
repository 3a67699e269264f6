package mapping

import (
	"cadastro/internal/errs"
)

// Purpose says what an import may do.
type Purpose string

// The purposes.
const (
	PurposeAdd    Purpose = "add"     // add new contacts only
	PurposeUpdate Purpose = "update"  // update existing contacts only
	PurposeUpsert Purpose = "upsert"  // add and update
	PurposeAddAll Purpose = "add_all" // add every row, duplicates too
)

// Adds tells whether contacts may be added.
func (p Purpose) Adds() bool { return p != PurposeUpdate }

// Updates tells whether contacts may be updated.
func (p Purpose) Updates() bool { return p == PurposeUpdate || p == PurposeUpsert }

// Identifier is the field by which an import recognises an existing contact.
type Identifier string

// The identifiers.
const (
	ByPhone      Identifier = "phone"
	ByEmail      Identifier = "email"
	ByContactID  Identifier = "id" // with PurposeUpdate alone
	ByExternalID Identifier = "external_id"
	ByTaxID      Identifier = "tax_id"
)

// NewCustom is the field of a column that makes a custom field of its own; Column.Label and Column.Type say
// which. A column of an existing custom field has CustomPrefix and the field's id.
const NewCustom = "custom.new"

// Mapping says for each column of a file, in the file's order, which field it feeds and how.
type Mapping struct {
	Columns []Column `json:"columns"`
}

// Column is one column of a file. Field is "" for a column that is left out.
type Column struct {
	Header  string `json:"header"`
	Field   string `json:"field,omitempty"`
	Label   string `json:"label,omitempty"`   // of a new custom field
	Type    string `json:"type,omitempty"`    // of a new custom field: text, number, date, boolean, choice, url
	Combine *int   `json:"combine,omitempty"` // column whose text goes before this one's: the area code of a phone
	Options
}

// Options say how the values of a column are read and written.
type Options struct {
	DoNotOverwrite bool              `json:"do_not_overwrite,omitempty"` // an existing value stays, only an empty one is filled
	KeepTyped      bool              `json:"keep_typed,omitempty"`       // never overwrite what a person typed
	IgnoreEmpty    bool              `json:"ignore_empty,omitempty"`     // an empty cell clears nothing
	ClearWord      string            `json:"clear_word,omitempty"`       // a cell with this word clears the value
	Default        string            `json:"default,omitempty"`          // the value of an empty cell
	Country        string            `json:"country,omitempty"`          // default country of phones, ids and dates, ISO 3166-1 alpha-2
	DateOrder      string            `json:"date_order,omitempty"`       // dmy, mdy, ymd; "" decides over the column
	Decimal        string            `json:"decimal,omitempty"`          // comma, point; "" decides over the column
	Separator      string            `json:"separator,omitempty"`        // of lists; "" decides over the column
	Choices        map[string]string `json:"choices,omitempty"`          // word of the file -> value, e.g. M -> Male
	DropInvalid    bool              `json:"drop_invalid,omitempty"`     // a faulty cell is left out with a warning and its row goes in
}

// Validate checks the rules between columns: at least one is mapped; a field takes one column, but for those
// of [Multi]; the identifier is mapped, but for PurposeAddAll; a name is mapped where contacts may be added;
// the contact id identifies with PurposeUpdate alone. The error names the first rule that is broken.
func (m Mapping) Validate(p Purpose, id Identifier) error {
	used := map[string]string{}
	for _, c := range m.Columns {
		if c.Field == "" || c.Field == NewCustom {
			if c.Field != "" {
				used[NewCustom] = c.Header
			}
			continue
		}
		if first, ok := used[c.Field]; ok && !Multi(c.Field) {
			return errs.New(errs.Invalid, "mapping.field_twice", "field", c.Field, "first", first, "second", c.Header)
		}
		used[c.Field] = c.Header
	}
	has := func(fields ...string) bool {
		for _, f := range fields {
			if _, ok := used[f]; ok {
				return true
			}
		}
		return false
	}
	switch {
	case len(used) == 0:
		return errs.New(errs.Invalid, "mapping.nothing_mapped")
	case id == ByContactID && p != PurposeUpdate:
		return errs.New(errs.Invalid, "mapping.id_needs_update")
	case p != PurposeAddAll && !has(identifierFields(id)...):
		return errs.New(errs.Invalid, "mapping.identifier_missing", "field", string(id))
	case p.Adds() && !has(FieldName, FieldFirstName, FieldLastName, FieldCompany):
		return errs.New(errs.Invalid, "mapping.name_missing")
	}
	return nil
}

// identifierFields lists the fields that give an identifier.
func identifierFields(id Identifier) []string {
	switch id {
	case ByPhone:
		return []string{FieldPhone, FieldWhatsApp, FieldChannelValue}
	case ByEmail:
		return []string{FieldEmail, FieldChannelValue}
	case ByContactID:
		return []string{FieldContactID}
	case ByExternalID:
		return []string{FieldExternalID}
	}
	return []string{FieldTaxID}
}
