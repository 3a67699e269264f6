package page

import (
	"strings"
	"time"

	"cadastro/internal/contact"
	"cadastro/internal/normalize"

	"github.com/nyaruka/phonenumbers"
)

// FieldName gives the name of a field in the reader's language. A custom field that is no more keeps its key.
func (b Base) FieldName(cat *contact.Catalogue, key string) string {
	if id, ok := contact.CustomID(key); ok {
		if f, ok := cat.Field(id); ok {
			return f.Label
		}
		return key
	}
	if b.Text.Has("field." + key) {
		return b.Text.T("field." + key)
	}
	return key
}

// ValueText writes a value of a field as people read it. value is in the text form of package contact; of tags and
// groups it is ids, which become names, of channels a list, which becomes its addresses.
func (b Base) ValueText(cat *contact.Catalogue, field, value string) string {
	if value == "" {
		return ""
	}
	if contact.IsChannel(field) {
		list, err := contact.ParseChannels(value, contact.Kind(field))
		if err != nil {
			return value
		}
		texts := make([]string, len(list))
		for i := range list {
			texts[i] = ChannelText(list[i])
		}
		return strings.Join(texts, ", ")
	}
	switch field {
	case contact.BirthDate.Key():
		return b.dayText(value)
	case contact.Owner.Key():
		return cat.MemberName(value)
	case contact.TaxID.Key():
		return TaxText(value)
	case contact.FieldTags:
		return strings.Join(names(value, cat.TagName), ", ")
	case contact.FieldGroups:
		return strings.Join(names(value, cat.GroupName), ", ")
	}
	if id, ok := contact.CustomID(field); ok {
		if f, ok := cat.Field(id); ok {
			switch f.Type {
			case contact.TypeDate:
				return b.dayText(value)
			case contact.TypeBoolean:
				return b.Text.T("web.bool." + value)
			}
		}
	}
	return value
}

func (b Base) dayText(value string) string {
	t, err := time.Parse(time.DateOnly, value)
	if err != nil {
		return value
	}
	return b.Text.Date(t)
}

func names(ids string, name func(int64) string) []string {
	list, err := contact.ParseIDs(ids)
	if err != nil {
		return nil
	}
	out := make([]string, 0, len(list))
	for _, id := range list {
		if n := name(id); n != "" {
			out = append(out, n)
		}
	}
	return out
}

// ChannelText writes an address as people read it.
func ChannelText(ch contact.Channel) string {
	if ch.Kind == contact.Phone || ch.Kind == contact.WhatsApp {
		return PhoneText(ch.Value)
	}
	return ch.Value
}

// PhoneText writes a number in E.164 form in the groups of its country, as "+55 11 98765-0001"; what is none stays as it is.
func PhoneText(e164 string) string {
	if rest, ok := strings.CutPrefix(e164, "+55"); ok && (len(rest) == 10 || len(rest) == 11) {
		return "+55 " + rest[:2] + " " + rest[2:len(rest)-4] + "-" + rest[len(rest)-4:]
	}
	n, err := phonenumbers.Parse(e164, "")
	if err != nil {
		return e164
	}
	return phonenumbers.Format(n, phonenumbers.INTERNATIONAL)
}

// TaxText writes a Brazilian document with its points; others stay as they are.
func TaxText(v string) string {
	switch {
	case normalize.ValidCPF(v):
		return v[:3] + "." + v[3:6] + "." + v[6:9] + "-" + v[9:]
	case normalize.ValidCNPJ(v):
		return v[:2] + "." + v[2:5] + "." + v[5:8] + "/" + v[8:12] + "-" + v[12:]
	}
	return v
}
