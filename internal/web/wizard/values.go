package wizard

import (
	"strings"
	"time"

	"cadastro/internal/contact"
	"cadastro/internal/mapping"
)

// valueText writes a value of a field as people read it. value is in the text form of package contact; of tags and
// groups it is ids, which become names.
func (d *draft) valueText(b *base, field, value string) string {
	return valueText(b, d.cat, field, value)
}

func valueText(b *base, cat *contact.Catalogue, field, value string) string {
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
			if texts[i] = list[i].Value; list[i].Kind == contact.Phone {
				texts[i] = phoneText(list[i].Value)
			}
		}
		return strings.Join(texts, ", ")
	}
	switch field {
	case contact.BirthDate.Key():
		return dayText(b, value)
	case contact.Owner.Key():
		return cat.MemberName(value)
	case contact.TaxID.Key():
		return taxText(value)
	case contact.FieldTags, contact.FieldGroups:
		return strings.Join(setTexts(cat, field, value), ", ")
	}
	if id, ok := contact.CustomID(field); ok {
		if f, ok := cat.Field(id); ok {
			switch f.Type {
			case contact.TypeDate:
				return dayText(b, value)
			case contact.TypeBoolean:
				return b.T("web.wizard.bool." + value)
			}
		}
	}
	return value
}

// setTexts names the tags or groups of a value.
func setTexts(cat *contact.Catalogue, field, value string) []string {
	ids, err := contact.ParseIDs(value)
	if err != nil {
		return nil
	}
	out := make([]string, 0, len(ids))
	for _, id := range ids {
		name := cat.TagName(id)
		if field == contact.FieldGroups {
			name = cat.GroupName(id)
		}
		if name != "" {
			out = append(out, name)
		}
	}
	return out
}

func dayText(b *base, value string) string {
	t, err := time.Parse(time.DateOnly, value)
	if err != nil {
		return value
	}
	return b.Text.Date(t)
}

// taxText writes a Brazilian document with its points; others stay as they are.
func taxText(v string) string {
	switch len(v) {
	case 11:
		return v[:3] + "." + v[3:6] + "." + v[6:9] + "-" + v[9:]
	case 14:
		return v[:2] + "." + v[2:5] + "." + v[5:8] + "/" + v[8:12] + "-" + v[12:]
	}
	return v
}

// phoneText writes a number in groups, for reading.
func phoneText(e164 string) string {
	n, ok := strings.CutPrefix(e164, "+55")
	if !ok || len(n) != 10 && len(n) != 11 {
		return e164
	}
	return "+55 " + n[:2] + " " + n[2:len(n)-4] + "-" + n[len(n)-4:]
}

// fieldName gives the name of a field in the reader's language.
func fieldName(b *base, cat *contact.Catalogue, key string) string {
	if id, ok := contact.CustomID(key); ok {
		if f, ok := cat.Field(id); ok {
			return f.Label
		}
		return key
	}
	if key == "" || !mapping.Known(key) && !contact.IsChannel(key) {
		if _, ok := contact.ScalarByKey(key); !ok {
			return key
		}
	}
	return b.T("field." + key)
}
