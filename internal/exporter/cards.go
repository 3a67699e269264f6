package exporter

import (
	"bufio"
	"strings"
	"unicode/utf8"

	"cadastro/internal/contact"
)

// cards writes vCard 4.0 (RFC 6350): a card for each contact, with what a card has a property for.
type cards struct {
	x  *export
	to *bufio.Writer
}

func (v *cards) begin(x *export) error {
	v.x = x
	return nil
}

func (v *cards) end() error { return v.to.Flush() }

func (v *cards) contact(c *contact.Contact) error {
	s := func(f contact.Scalar) string { return c.Scalars[f] }
	name := s(contact.Name)
	if name == "" && len(c.Channels) > 0 {
		name = c.Channels[0].Value // FN has to be there (6.2.1)
	}
	v.line("BEGIN", "VCARD")
	v.line("VERSION", "4.0")
	v.line("FN", escape(name))
	if first, last := s(contact.FirstName), s(contact.LastName); first+last != "" {
		v.line("N", escape(last)+";"+escape(first)+";;;")
	}
	prefs := map[contact.Kind]bool{}
	for i := range c.Channels {
		ch := &c.Channels[i]
		pref := ""
		if !prefs[ch.Kind] {
			pref, prefs[ch.Kind] = ";PREF=1", true
		}
		switch ch.Kind {
		case contact.Phone:
			v.line("TEL;VALUE=uri"+pref, "tel:"+ch.Value)
		case contact.Email:
			v.line("EMAIL"+pref, escape(ch.Value))
		case contact.Telegram:
			v.line("IMPP"+pref, "telegram:"+escape(ch.Value))
		case contact.WhatsApp:
			v.line("IMPP"+pref, "whatsapp:"+escape(ch.Value))
		}
	}
	for _, p := range []struct{ name, value string }{
		{"ORG", escape(s(contact.Company))}, {"TITLE", escape(s(contact.JobTitle))}, {"BDAY", strings.ReplaceAll(s(contact.BirthDate), "-", "")},
		{"URL", s(contact.Website)}, {"NOTE", escape(s(contact.Notes))}, {"LANG", s(contact.Language)},
		{"GENDER", map[string]string{"male": "M", "female": "F", "other": "O"}[s(contact.Gender)]},
	} {
		if p.value != "" {
			v.line(p.name, p.value)
		}
	}
	street := strings.TrimSpace(s(contact.Street) + " " + s(contact.StreetNumber))
	address := []string{"", escape(s(contact.Complement)), escape(street), escape(s(contact.City)), escape(s(contact.State)), escape(s(contact.PostalCode)), escape(s(contact.Country))}
	if strings.Join(address, "") != "" {
		v.line("ADR", strings.Join(address, ";"))
	}
	if tags := list(c.Tags, v.x.cat.TagName); len(tags) > 0 {
		for i := range tags {
			tags[i] = escape(tags[i])
		}
		v.line("CATEGORIES", strings.Join(tags, ","))
	}
	if id := s(contact.ExternalID); id != "" {
		v.line("UID;VALUE=text", escape(id))
	}
	return v.line("END", "VCARD")
}

// line writes a property, folded after 75 bytes, never within a character (3.2).
func (v *cards) line(name, value string) error {
	text := name + ":" + value
	for limit := 75; len(text) > limit; limit = 74 {
		cut := limit
		for cut > 1 && !utf8.RuneStart(text[cut]) {
			cut--
		}
		_, _ = v.to.WriteString(text[:cut] + "\r\n ") // the last write tells of the first fault
		text = text[cut:]
	}
	_, err := v.to.WriteString(text + "\r\n")
	return err
}

// escape writes a text as a value (3.4).
func escape(s string) string {
	return strings.NewReplacer(`\`, `\\`, ",", `\,`, ";", `\;`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`).Replace(s)
}
