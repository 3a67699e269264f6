package cli

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"cadastro/internal/app"
	"cadastro/internal/contact"
)

type contactsCmd struct {
	List   contactsListCmd   `cmd:"" default:"withargs" help:"List contacts."`
	Search contactsSearchCmd `cmd:"" help:"Find contacts by a part of a name, phone, e-mail, tax id or external id."`
	Show   contactsShowCmd   `cmd:"" help:"Show one contact."`
}

type listFlags struct {
	After int64 `help:"Go on behind this contact id." placeholder:"ID"`
	Limit int   `help:"How many to list, at most 1000." default:"50" placeholder:"N"`
	Bin   bool  `help:"Those in the bin."`
	JSON  bool  `help:"Write one JSON object."`
}

type contactsListCmd struct {
	listFlags
}

// Run lists contacts.
func (c *contactsListCmd) Run(s *session) error { return s.listContacts("", &c.listFlags) }

type contactsSearchCmd struct {
	Text string `arg:"" help:"What to look for; a phone in any spelling."`
	listFlags
}

// Run finds contacts.
func (c *contactsSearchCmd) Run(s *session) error { return s.listContacts(c.Text, &c.listFlags) }

func (s *session) listContacts(text string, f *listFlags) error {
	a, err := s.open()
	if err != nil {
		return err
	}
	defer a.Close()
	list, err := a.Contacts.Find(s.ctx, app.FirstWorkspace, contact.Query{Text: text, After: contact.ID(f.After), Limit: f.Limit, Bin: f.Bin})
	if err != nil {
		return err
	}
	cat, err := a.Contacts.Catalogue(s.ctx, app.FirstWorkspace)
	if err != nil {
		return err
	}
	if f.JSON {
		out := struct {
			Contacts []contactJSON `json:"contacts"`
		}{[]contactJSON{}}
		for i := range list {
			out.Contacts = append(out.Contacts, jsonOf(&list[i], cat))
		}
		return s.json(out)
	}
	if len(list) == 0 {
		s.say("cli.no_contacts")
		return nil
	}
	g := &grid{right: map[int]bool{0: true}}
	for i := range list {
		c := &list[i]
		g.add(strconv.FormatInt(int64(c.ID), 10), oneLine(c.Scalars[contact.Name], 36), oneLine(first(c, contact.Phone), 24), oneLine(first(c, contact.Email), 36), oneLine(tagNames(c, cat), 40))
	}
	g.print(s.out, "")
	return nil
}

func first(c *contact.Contact, kind contact.Kind) string {
	if ch := c.Primary(kind); ch != nil {
		return ch.Value
	}
	return ""
}

func tagNames(c *contact.Contact, cat *contact.Catalogue) string {
	return strings.Join(sortedNames(c.Tags, cat.TagName), ", ")
}

// sortedNames gives the names of ids in their own order.
func sortedNames(ids []int64, name func(int64) string) []string {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = name(id)
	}
	slices.Sort(list)
	return list
}

type contactsShowCmd struct {
	ID   int64 `arg:"" help:"Id of the contact."`
	JSON bool  `help:"Write one JSON object."`
}

// Run shows a contact.
func (c *contactsShowCmd) Run(s *session) error {
	a, err := s.open()
	if err != nil {
		return err
	}
	defer a.Close()
	one, err := a.Contacts.Get(s.ctx, app.FirstWorkspace, contact.ID(c.ID))
	if err != nil {
		return err
	}
	cat, err := a.Contacts.Catalogue(s.ctx, app.FirstWorkspace)
	if err != nil {
		return err
	}
	if c.JSON {
		return s.json(jsonOf(one, cat))
	}
	g := &grid{}
	g.add(s.text.T("field.id"), strconv.FormatInt(c.ID, 10))
	for f := range contact.NumScalars {
		v := one.Scalars[f]
		if f == contact.Owner {
			v = cat.MemberName(v)
		}
		if v != "" {
			g.add(s.fieldName(f.Key(), cat), oneLine(v, 0))
		}
	}
	for i := range one.Channels {
		ch := &one.Channels[i]
		g.add(s.fieldName(string(ch.Kind), cat), oneLine(strings.TrimSpace(ch.Value+"  "+ch.Label), 0))
	}
	for _, v := range one.Custom {
		g.add(oneLine(s.fieldName(contact.CustomKey(v.ID), cat), 40), oneLine(v.Value, 0))
	}
	if len(one.Tags) > 0 {
		g.add(s.fieldName(contact.FieldTags, cat), oneLine(tagNames(one, cat), 0))
	}
	if len(one.Groups) > 0 {
		g.add(s.fieldName(contact.FieldGroups, cat), oneLine(strings.Join(sortedNames(one.Groups, cat.GroupName), ", "), 0))
	}
	g.print(s.out, "")
	if one.Deleted {
		s.say("cli.in_bin")
	}
	return nil
}

// contactJSON is a contact as JSON: fields by key, custom fields by label.
type contactJSON struct {
	ID        int64             `json:"id"`
	Fields    map[string]string `json:"fields"`
	Custom    map[string]string `json:"custom,omitempty"`
	Channels  []channelJSON     `json:"channels"`
	Tags      []string          `json:"tags"`
	Groups    []string          `json:"groups"`
	Deleted   bool              `json:"deleted,omitempty"`
	Version   int64             `json:"version"`
	CreatedAt time.Time         `json:"created_at"`
	UpdatedAt time.Time         `json:"updated_at"`
}

type channelJSON struct {
	Kind     contact.Kind `json:"kind"`
	Value    string       `json:"value"`
	Label    string       `json:"label,omitempty"`
	OptedOut bool         `json:"opted_out,omitempty"`
}

func jsonOf(c *contact.Contact, cat *contact.Catalogue) contactJSON {
	out := contactJSON{
		ID: int64(c.ID), Fields: map[string]string{}, Channels: []channelJSON{}, Deleted: c.Deleted, Version: c.Version,
		CreatedAt: time.UnixMicro(c.CreatedAt).UTC(), UpdatedAt: time.UnixMicro(c.UpdatedAt).UTC(),
	}
	for f := range contact.NumScalars {
		v := c.Scalars[f]
		if f == contact.Owner {
			v = cat.MemberName(v)
		}
		if v != "" {
			out.Fields[f.Key()] = v
		}
	}
	for _, v := range c.Custom {
		if out.Custom == nil {
			out.Custom = map[string]string{}
		}
		label := contact.CustomKey(v.ID)
		if f, ok := cat.Field(v.ID); ok {
			label = f.Label
		}
		out.Custom[label] = v.Value
	}
	for i := range c.Channels {
		ch := &c.Channels[i]
		out.Channels = append(out.Channels, channelJSON{ch.Kind, ch.Value, ch.Label, ch.OptedOutAt != 0})
	}
	out.Tags, out.Groups = sortedNames(c.Tags, cat.TagName), sortedNames(c.Groups, cat.GroupName)
	return out
}
