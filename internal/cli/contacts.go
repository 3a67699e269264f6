package cli

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"cadastro/internal/app"
	"cadastro/internal/auth"
	"cadastro/internal/contact"
)

type contactsCmd struct {
	List    contactsListCmd    `cmd:"" default:"withargs" help:"List contacts."`
	Search  contactsSearchCmd  `cmd:"" help:"Find contacts by a part of a name, phone, e-mail, tax id or external id."`
	Show    contactsShowCmd    `cmd:"" help:"Show one contact."`
	History contactsHistoryCmd `cmd:"" help:"Show who changed a contact, when, and what."`
	Delete  contactsDeleteCmd  `cmd:"" help:"Put contacts into the bin."`
	Restore contactsRestoreCmd `cmd:"" help:"Take contacts out of the bin."`
}

type listFlags struct {
	Filter string `help:"Filter, as in: tag:vip and not has:email and updated>=-7d." placeholder:"TEXT"`
	Sort   string `help:"Order: created, updated or name." enum:"created,updated,name" default:"created" placeholder:"ORDER"`
	Desc   bool   `help:"The last ones first."`
	After  string `help:"Go on behind this mark, which the page before ended with." placeholder:"MARK"`
	Limit  int    `help:"How many to list, at most 1000." default:"50" placeholder:"N"`
	Bin    bool   `help:"Those in the bin."`
	Count  bool   `help:"Tell how many there are, too."`
	JSON   bool   `help:"Write one JSON object."`
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
	lq := contact.ListQuery{Search: text, Filter: f.Filter, Bin: f.Bin, Sort: contact.Sort(f.Sort), Asc: !f.Desc, After: f.After, Limit: f.Limit}
	page, err := a.Contacts.List(s.ctx, app.FirstWorkspace, lq)
	if err != nil {
		return err
	}
	var count *contact.Tally
	if f.Count {
		n, err := a.Contacts.CountOf(s.ctx, app.FirstWorkspace, lq)
		if err != nil {
			return err
		}
		count = &n
	}
	cat, err := a.Contacts.Catalogue(s.ctx, app.FirstWorkspace)
	if err != nil {
		return err
	}
	if f.JSON {
		out := listJSON{Contacts: []contactJSON{}, Next: page.Next}
		for i := range page.Contacts {
			out.Contacts = append(out.Contacts, jsonOf(&page.Contacts[i], cat))
		}
		if count != nil {
			out.Count, out.More = &count.N, count.More
		}
		return s.json(out)
	}
	if len(page.Contacts) == 0 {
		s.say("cli.no_contacts")
		return nil
	}
	g := &grid{right: map[int]bool{0: true}}
	for i := range page.Contacts {
		c := &page.Contacts[i]
		g.add(strconv.FormatInt(int64(c.ID), 10), oneLine(c.Scalars[contact.Name], 36), oneLine(first(c, contact.Phone), 24), oneLine(first(c, contact.Email), 36), oneLine(tagNames(c, cat), 40))
	}
	g.print(s.out, "")
	if page.Next != "" {
		s.tell("cli.next_page", "mark", page.Next)
	}
	switch {
	case count != nil && count.More:
		s.tell("cli.contacts_more", "count", count.N)
	case count != nil:
		s.tell("cli.contacts_count", "count", count.N)
	}
	return nil
}

// listJSON is a page of contacts as JSON.
type listJSON struct {
	Contacts []contactJSON `json:"contacts"`
	Next     string        `json:"next,omitempty"` // what --after takes
	Count    *int64        `json:"count,omitempty"`
	More     bool          `json:"more_than_count,omitempty"`
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

type contactsHistoryCmd struct {
	ID    int64 `arg:"" help:"Id of the contact."`
	Limit int   `help:"How many acts to show, at most 200." default:"50" placeholder:"N"`
	JSON  bool  `help:"Write one JSON object."`
}

// Run shows the history of a contact.
func (c *contactsHistoryCmd) Run(s *session) error {
	a, err := s.open()
	if err != nil {
		return err
	}
	defer a.Close()
	list, _, err := a.Contacts.History(s.ctx, app.FirstWorkspace, contact.ID(c.ID), 0, c.Limit)
	if err != nil {
		return err
	}
	if c.JSON {
		out := struct {
			History []eventJSON `json:"history"`
		}{[]eventJSON{}}
		for _, e := range list {
			j := eventJSON{At: e.At, Kind: e.Kind, Actor: e.Actor, Import: e.ImportID, Changes: []changeJSON{}}
			for _, ch := range e.Changes {
				j.Changes = append(j.Changes, changeJSON{ch.Field, ch.Old, ch.New})
			}
			out.History = append(out.History, j)
		}
		return s.json(out)
	}
	cat, err := a.Contacts.Catalogue(s.ctx, app.FirstWorkspace)
	if err != nil {
		return err
	}
	g := &grid{}
	for _, e := range list {
		what := e.Kind
		if e.ImportID != 0 {
			what += " " + strconv.FormatInt(e.ImportID, 10)
		}
		g.add(e.At.Format(time.DateTime), what, e.Actor, "", "")
		for _, ch := range e.Changes {
			g.add("", "", oneLine(s.fieldName(ch.Field, cat), 30), oneLine(ch.Old, 40), oneLine(ch.New, 40))
		}
	}
	g.print(s.out, "")
	return nil
}

type eventJSON struct {
	At      time.Time    `json:"at"`
	Kind    string       `json:"kind"`
	Actor   string       `json:"actor"`
	Import  int64        `json:"import,omitempty"`
	Changes []changeJSON `json:"changes"`
}

type changeJSON struct {
	Field string `json:"field"`
	Old   string `json:"old"`
	New   string `json:"new"`
}

type idsArg struct {
	IDs []int64 `arg:"" help:"Ids of the contacts."`
}

func (i *idsArg) list() []contact.ID {
	out := make([]contact.ID, len(i.IDs))
	for j, id := range i.IDs {
		out[j] = contact.ID(id)
	}
	return out
}

type contactsDeleteCmd struct{ idsArg }

// Run puts contacts into the bin.
func (c *contactsDeleteCmd) Run(s *session) error {
	a, err := s.open()
	if err != nil {
		return err
	}
	defer a.Close()
	n, err := a.Contacts.Delete(s.ctx, app.FirstWorkspace, auth.ConsoleActor(app.FirstWorkspace).String(), c.list())
	if err == nil {
		s.tell("cli.contacts_binned", "count", n)
	}
	return err
}

type contactsRestoreCmd struct{ idsArg }

// Run takes contacts out of the bin.
func (c *contactsRestoreCmd) Run(s *session) error {
	a, err := s.open()
	if err != nil {
		return err
	}
	defer a.Close()
	n, err := a.Contacts.Restore(s.ctx, app.FirstWorkspace, c.list())
	if err == nil {
		s.tell("cli.contacts_restored", "count", n)
	}
	return err
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
