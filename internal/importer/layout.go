package importer

import (
	"cadastro/internal/contact"
	"cadastro/internal/errs"
	"cadastro/internal/mapping"
	"cadastro/internal/normalize"
)

// layout is a mapping made ready for millions of rows: what each column feeds and how it is read, and by which
// rules a record changes a contact. It is made once for an import and is safe for one goroutine; [layout.fork]
// gives another one a copy.
type layout struct {
	purpose    mapping.Purpose
	identifier mapping.Identifier
	columns    []column
	slots      []slot
	kinds      []channelRule
	setRules   struct{ tags, groups setRule }
	country    string
	preset     normalize.PhonePreset
	language   string
	repeated   Repeated
	joins      bool // rows of one identifier are one contact
	plans      bool // nothing is written, so that contacts to be added need not be made

	// Known once the base was asked; ids below zero are names of the plan that do not exist yet.
	tags      []int64 // for all contacts that are added or updated
	importTag int64
	group     int64
	basis     string

	marks   map[int64]bool // tags that mark imports
	members map[string]int64
	scratch contact.Contact
}

// slot is one value of a record: a scalar or a custom field.
type slot struct {
	key       string
	scalar    contact.Scalar
	custom    int64 // id, 0 for a scalar
	join      string
	keep      bool // do not overwrite
	keepTyped bool
	keepEmpty bool // an empty cell changes nothing
}

// channelRule says how the columns of one kind of channel change a contact's channels.
type channelRule struct {
	kind      contact.Kind
	columns   int
	keep      bool
	keepTyped bool
	keepEmpty bool
}

// setRule says how tag or group columns change a contact's.
type setRule struct {
	mapped, keep, keepEmpty bool
}

// target is what a column feeds.
type target uint8

const (
	toNothing target = iota
	toSlot
	toPhone
	toEmail
	toWhatsApp
	toTelegram
	toTags
	toGroups
	toConsent
	toContactID
	toChannelType
	toChannelValue
)

// column is one column of the file.
type column struct {
	mapping.Column
	index   int
	to      target
	slot    int
	read    reader
	country string
	combine int // column whose text goes in front, -1 for none
	label   string
}

// reader turns a cell's text into its normal form.
type reader func(raw string) (string, []errs.Issue)

// newLayout compiles a mapping. custom gives the custom fields by id; those that the mapping makes must exist by
// now. ev holds what the columns' values told of dates, numbers and lists.
func newLayout(s *Settings, cat *contact.Catalogue, ev *evidence) (*layout, error) {
	if err := s.Mapping.Validate(s.Purpose, s.Identifier); err != nil {
		return nil, err
	}
	l := &layout{purpose: s.Purpose, identifier: s.Identifier, country: s.Country, language: s.Language, joins: s.Repeated == RepeatedJoin, repeated: s.Repeated, basis: s.LegalBasis, members: cat.Members, marks: cat.ImportTags}
	var ok bool
	if l.preset, ok = presets[s.PhonePreset]; !ok {
		return nil, errs.New(errs.Invalid, "mapping.preset_unknown", "preset", s.PhonePreset)
	}
	for i, mc := range s.Mapping.Columns {
		c := column{Column: mc, index: i, combine: -1, country: mc.Country}
		if c.country == "" {
			c.country = s.Country
		}
		if mc.Combine != nil && *mc.Combine >= 0 && *mc.Combine < len(s.Mapping.Columns) && *mc.Combine != i {
			c.combine = *mc.Combine
		}
		if err := l.place(&c, cat, ev); err != nil {
			return nil, err
		}
		l.columns = append(l.columns, c)
	}
	return l, nil
}

var presets = map[string]normalize.PhonePreset{
	"": normalize.PresetAny, "any": normalize.PresetAny, "plus": normalize.PresetPlus, "13": normalize.Preset13,
	"ddi": normalize.PresetDDI, "exact": normalize.PresetExact,
}

// place finds what a column feeds and adds the slot or the rule for it.
func (l *layout) place(c *column, cat *contact.Catalogue, ev *evidence) error {
	switch c.Field {
	case "":
		return nil
	case mapping.FieldPhone:
		c.to = toPhone
		l.channel(contact.Phone, c)
	case mapping.FieldEmail:
		c.to = toEmail
		l.channel(contact.Email, c)
	case mapping.FieldWhatsApp:
		c.to, c.label = toWhatsApp, "whatsapp"
		l.channel(contact.Phone, c)
	case mapping.FieldTelegramID:
		c.to = toTelegram
		l.channel(contact.Telegram, c)
	case mapping.FieldChannelType:
		c.to = toChannelType
	case mapping.FieldChannelValue:
		c.to = toChannelValue
		l.channel(contact.Phone, c)
		l.channel(contact.Email, c)
	case mapping.FieldTags:
		c.to = toTags
		l.setRules.tags = setRule{true, c.DoNotOverwrite, c.IgnoreEmpty}
	case mapping.FieldGroups:
		c.to = toGroups
		l.setRules.groups = setRule{true, true, true}
	case mapping.FieldConsent:
		c.to = toConsent
	case mapping.FieldContactID:
		c.to = toContactID
	default:
		return l.placeSlot(c, cat, ev)
	}
	return nil
}

func (l *layout) channel(kind contact.Kind, c *column) {
	for i := range l.kinds {
		if r := &l.kinds[i]; r.kind == kind {
			r.columns++
			r.keep, r.keepTyped, r.keepEmpty = r.keep || c.DoNotOverwrite, r.keepTyped || c.KeepTyped, r.keepEmpty || c.IgnoreEmpty
			return
		}
	}
	// A column of mixed channels has a cell of one kind per row, which says nothing of the other kind.
	mixed := c.to == toChannelValue
	l.kinds = append(l.kinds, channelRule{kind, 1, c.DoNotOverwrite, c.KeepTyped, c.IgnoreEmpty || mixed})
}

func (l *layout) placeSlot(c *column, cat *contact.Catalogue, ev *evidence) error {
	s := slot{key: c.Field, keep: c.DoNotOverwrite, keepTyped: c.KeepTyped, keepEmpty: c.IgnoreEmpty}
	if scalar, ok := contact.ScalarByKey(c.Field); ok {
		s.scalar = scalar
		c.read = l.scalarReader(scalar, c, ev)
		switch scalar {
		case contact.Notes:
			s.join = "\n"
		case contact.Complement:
			s.join = ", "
		}
	} else if id, ok := contact.CustomID(c.Field); ok {
		f, known := cat.Field(id)
		if !known {
			return errs.New(errs.Invalid, "mapping.field_unknown", "field", c.Field, "header", c.Header)
		}
		s.custom = id
		c.read = customReader(f, c, ev)
	} else {
		return errs.New(errs.Invalid, "mapping.field_unknown", "field", c.Field, "header", c.Header)
	}
	c.to = toSlot
	for i := range l.slots {
		if l.slots[i].key == s.key {
			c.slot = i
			return nil
		}
	}
	c.slot = len(l.slots)
	l.slots = append(l.slots, s)
	return nil
}

// fork gives a copy for another goroutine.
func (l *layout) fork() *layout {
	c := *l
	c.scratch = contact.Contact{}
	return &c
}

// part says what of an existing contact this layout needs to see: all that it may change, and who it is.
func (l *layout) part() contact.Part {
	p := contact.Part{Sets: true, Channels: len(l.kinds) > 0 || l.hasConsent()}
	has := map[contact.Scalar]bool{}
	for _, s := range l.slots {
		if s.custom != 0 {
			p.Custom = true
		} else {
			has[s.scalar] = true
		}
	}
	if has[contact.Name] || has[contact.FirstName] || has[contact.LastName] {
		has[contact.Name], has[contact.FirstName], has[contact.LastName], has[contact.Company] = true, true, true, true
	}
	for s := range contact.NumScalars {
		if has[s] {
			p.Scalars = append(p.Scalars, s)
		}
	}
	return p
}

func (l *layout) hasConsent() bool {
	for i := range l.columns {
		if l.columns[i].to == toConsent {
			return true
		}
	}
	return false
}
