package importer

import (
	"strconv"

	"cadastro/internal/contact"
	"cadastro/internal/errs"
	"cadastro/internal/normalize"
)

// Limits of free text, in bytes.
const (
	maxLine  = 1000
	maxNotes = 64 << 10
)

// scalarReader gives how a column that feeds a scalar is read.
func (l *layout) scalarReader(s contact.Scalar, c *column, ev *evidence) reader {
	country := c.country
	switch s {
	case contact.Name, contact.FirstName, contact.LastName:
		return normalize.Name
	case contact.TaxID:
		return func(raw string) (string, []errs.Issue) {
			id, issues := normalize.ReadTaxID(raw, country)
			return id.Value, issues
		}
	case contact.BirthDate:
		dr := normalize.DateReader{Order: ev.dateOrder(c), Birth: true, Today: ev.now}
		return dr.Read
	case contact.Gender:
		womanM := ev.womanM(c)
		return func(raw string) (string, []errs.Issue) { return normalize.Gender(raw, womanM) }
	case contact.Language:
		return normalize.Language
	case contact.Website:
		return normalize.URL
	case contact.Priority:
		return normalize.Priority
	case contact.Country:
		return normalize.Country
	case contact.State:
		return func(raw string) (string, []errs.Issue) { return normalize.State(raw, country) }
	case contact.PostalCode:
		return func(raw string) (string, []errs.Issue) { return normalize.PostalCode(raw, country, "") }
	case contact.Owner:
		return l.readOwner
	case contact.Notes:
		return limited(normalize.Clean, maxNotes)
	}
	return limited(normalize.CleanLine, maxLine)
}

// readOwner finds the member that a cell names. An owner who is not a member is told of and left empty: a
// contact without an owner does less harm than a row without its contact.
func (l *layout) readOwner(raw string) (string, []errs.Issue) {
	s, issues := normalize.CleanLine(raw)
	if s == "" {
		return "", issues
	}
	if id, ok := l.members[normalize.Fold(s)]; ok {
		return strconv.FormatInt(id, 10), issues
	}
	return "", append(issues, errs.NewIssue(errs.Warning, "owner.unknown", s))
}

// customReader gives how a column that feeds a custom field is read.
func customReader(f contact.CustomField, c *column, ev *evidence) reader {
	switch f.Type {
	case contact.TypeNumber:
		format := ev.numberFormat(c)
		return func(raw string) (string, []errs.Issue) { return normalize.Number(raw, format) }
	case contact.TypeDate:
		dr := normalize.DateReader{Order: ev.dateOrder(c), Today: ev.now}
		return dr.Read
	case contact.TypeBoolean:
		return func(raw string) (string, []errs.Issue) {
			v, set, issues := normalize.Bool(raw)
			if !set {
				return "", issues
			}
			return strconv.FormatBool(v), issues
		}
	case contact.TypeChoice:
		return normalize.NewChoice(f.Choices, c.Choices).Read
	case contact.TypeURL:
		return normalize.URL
	}
	return limited(normalize.Clean, maxNotes)
}

// limited bounds what a reader of free text may give.
func limited(read reader, limit int) reader {
	return func(raw string) (string, []errs.Issue) {
		s, issues := read(raw)
		if len(s) > 1 && s[0] == '#' {
			if e := normalize.CellError(s); e != "" {
				return "", append(issues, errs.NewIssue(errs.Reject, "value.formula_error", s, "error", e))
			}
		}
		if len(s) > limit {
			return "", append(issues, errs.NewIssue(errs.Reject, "value.too_long", s, "limit", limit))
		}
		return s, issues
	}
}
