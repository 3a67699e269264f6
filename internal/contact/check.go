package contact

import (
	"context"
	"slices"
	"strconv"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/normalize"
)

// Limits of free text, in bytes.
const (
	maxLine  = 1000
	maxNotes = 64 << 10
)

// Issue is what is wrong with, or worth telling of, one field.
type Issue = errs.Issue

// reading reads texts as values of fields, as an import of one row would.
type reading struct {
	cat     *Catalogue
	country string
	today   time.Time
}

// value gives the normal form of a field's text. An issue of severity Reject means that there is none.
func (r *reading) value(key, text string) (string, []Issue) {
	if id, ok := CustomID(key); ok {
		f, ok := r.cat.Field(id)
		if !ok {
			return "", []Issue{errs.NewIssue(errs.Reject, "field.unknown", key)}
		}
		return r.custom(f, text)
	}
	s, ok := ScalarByKey(key)
	if !ok {
		return "", []Issue{errs.NewIssue(errs.Reject, "field.unknown", key)}
	}
	switch s {
	case Name, FirstName, LastName:
		return normalize.Name(text)
	case TaxID:
		id, issues := normalize.ReadTaxID(text, r.country)
		return id.Value, issues
	case BirthDate:
		return normalize.DateReader{Order: r.order(), Birth: true, Today: r.today}.Read(text)
	case Gender:
		return normalize.Gender(text, false)
	case Language:
		return normalize.Language(text)
	case Website:
		return normalize.URL(text)
	case Priority:
		return normalize.Priority(text)
	case Country:
		return normalize.Country(text)
	case State:
		return normalize.State(text, r.country)
	case PostalCode:
		return normalize.PostalCode(text, r.country, "")
	case Owner:
		return r.owner(text)
	case Notes:
		return limited(normalize.Clean, text, maxNotes)
	}
	return limited(normalize.CleanLine, text, maxLine)
}

// order is that of the dates of the country: day first but in the United States.
func (r *reading) order() normalize.DateOrder {
	if r.country == "US" {
		return normalize.OrderMDY
	}
	return normalize.OrderDMY
}

func (r *reading) owner(text string) (string, []Issue) {
	text, _ = normalize.CleanLine(text)
	if text == "" {
		return "", nil
	}
	if id, ok := r.cat.Members[normalize.Fold(text)]; ok {
		return strconv.FormatInt(id, 10), nil
	}
	if r.cat.MemberName(text) != "" {
		return text, nil
	}
	return "", []Issue{errs.NewIssue(errs.Reject, "owner.not_member", text)}
}

func (r *reading) custom(f CustomField, text string) (string, []Issue) {
	switch f.Type {
	case TypeNumber:
		format := normalize.DecimalComma
		if r.country == "US" || r.country == "MX" || r.country == "GB" {
			format = normalize.DecimalPoint
		}
		return normalize.Number(text, format)
	case TypeDate:
		return normalize.DateReader{Order: r.order(), Today: r.today}.Read(text)
	case TypeBoolean:
		v, set, issues := normalize.Bool(text)
		if !set {
			return "", issues
		}
		return strconv.FormatBool(v), issues
	case TypeChoice:
		return normalize.NewChoice(f.Choices, nil).Read(text)
	case TypeURL:
		return normalize.URL(text)
	}
	return limited(normalize.Clean, text, maxNotes)
}

func limited(read func(string) (string, []Issue), text string, limit int) (string, []Issue) {
	s, issues := read(text)
	if len(s) > limit {
		return "", append(issues, errs.NewIssue(errs.Reject, "value.too_long", s, "limit", limit))
	}
	return s, issues
}

// address gives the normal form of an address.
func (r *reading) address(kind Kind, text string) (string, []Issue) {
	switch kind {
	case Phone:
		list, issues := normalize.Phones(nil, text, r.country, normalize.PresetAny)
		if len(list) > 1 {
			return "", append(issues, errs.NewIssue(errs.Reject, "channel.many", text))
		}
		if len(list) == 0 {
			return "", issues
		}
		return list[0].E164, issues
	case Email:
		list, issues := normalize.Emails(nil, text)
		if len(list) > 1 {
			return "", append(issues, errs.NewIssue(errs.Reject, "channel.many", text))
		}
		if len(list) == 0 {
			return "", issues
		}
		return list[0], issues
	case Telegram:
		return normalize.Telegram(text)
	}
	return limited(normalize.CleanLine, text, 200)
}

// display gives a value in normal form as people write it.
func display(key, value string) string {
	switch key {
	case string(Phone):
		if len(value) == 14 && value[:3] == "+55" {
			return value[:3] + " " + value[3:5] + " " + value[5:10] + "-" + value[10:]
		}
		if len(value) == 13 && value[:3] == "+55" {
			return value[:3] + " " + value[3:5] + " " + value[5:9] + "-" + value[9:]
		}
	case TaxID.Key():
		if id, issues := normalize.ReadTaxID(value, ""); errs.Worst(issues) < errs.Reject && id.Value == value {
			return id.String()
		}
	}
	return value
}

// Check tells what a text comes to as a value of a field or address, while it is being typed. key is a field key; one that
// is none is Invalid contact.field_unknown {field}.
func (s *Service) Check(ctx context.Context, workspace int64, key, text string) (Checked, error) {
	var out Checked
	err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		sight, err := sightOf(ctx, q, workspace, auth.ContactsRead)
		if err != nil {
			return err
		}
		cat, err := LoadCatalogue(ctx, q, workspace)
		if err != nil {
			return err
		}
		r, err := s.reading(ctx, q, workspace, cat)
		if err != nil {
			return err
		}
		kind := Kind(key)
		if _, scalar := ScalarByKey(key); IsChannel(key) {
			out.Value, out.Issues = r.address(kind, text)
		} else if _, custom := CustomID(key); custom || scalar {
			out.Value, out.Issues = r.value(key, text)
		} else {
			return errs.New(errs.Invalid, "contact.field_unknown", "field", errs.Clip(key, 60))
		}
		for i := range out.Issues {
			out.Issues[i].Field = key
		}
		out.Display = display(key, out.Value)
		if !IsChannel(key) && kind != KeyTaxID && kind != KeyExternalID {
			return nil
		}
		k, ok := KeyOf(kind, out.Value)
		if !ok {
			return nil
		}
		out.Holders, err = holders(ctx, q, workspace, sight, k)
		return err
	})
	return out, err
}

// holders gives the contacts that have a key, are not in the bin and are seen.
func holders(ctx context.Context, q db.Querier, workspace int64, v auth.Sight, k Key) ([]ID, error) {
	ids, err := db.Collect(ctx, q, scanID, "SELECT contact_id FROM contact_key WHERE workspace_id = $1 AND key = $2 AND kind = $3 LIMIT 100", workspace, k.Text, string(k.Kind))
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	found, err := Load(ctx, q, workspace, ids, Part{Sets: true}, false)
	return slices.DeleteFunc(ids, func(id ID) bool { c := found[id]; return c == nil || c.Deleted || !v.Sees(c.Groups) }), err
}

func (s *Service) reading(ctx context.Context, q db.Querier, workspace int64, cat *Catalogue) (*reading, error) {
	zone, country, err := s.house(ctx, q, workspace)
	if err != nil {
		return nil, err
	}
	return &reading{cat: cat, country: country, today: s.Now().In(zone)}, nil
}
