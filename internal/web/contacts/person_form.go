package contacts

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/web/page"
)

// fieldRow is one field of the form.
type fieldRow struct {
	Key     string
	ID      string // of the control
	Label   string
	Type    string // text, date, area, select, number, url
	Value   string
	Options []page.Option
	Source  string // where the value came from
	Fault   string
	Wide    bool
}

// channelRow is one address of the form.
type channelRow struct {
	Kind, Label string
	ID          string
	N           int // within its kind, from 1
	Value       string
	Primary     bool
	OptedOut    bool
	Source      string
	Fault       string
	Mode        string // inputmode
	Kinds       []page.Option
}

// mainFields are those of the first card; addressFields those of the address.
var (
	mainFields    = []contact.Scalar{contact.Name, contact.FirstName, contact.LastName, contact.TaxID, contact.BirthDate, contact.Company, contact.JobTitle, contact.ExternalID, contact.Owner, contact.Website, contact.Notes}
	addressFields = []contact.Scalar{contact.Street, contact.StreetNumber, contact.Complement, contact.District, contact.City, contact.State, contact.PostalCode, contact.Country}
)

// controlID makes an id of a field key: an issue names a channel "phone.0".
func controlID(key string) string { return "f-" + strings.NewReplacer(".", "-", "_", "-").Replace(key) }

// fill makes the form from a contact, and from what was typed where it comes back.
func (p *pages) fill(r *http.Request, d *personData, c *contact.Contact, typed url.Values) error {
	ctx, ws := r.Context(), workspace(r)
	cat, err := p.App.Contacts.Catalogue(ctx, ws)
	if err != nil {
		return err
	}
	d.ID, d.Version, d.Deleted, d.Name, d.Company = c.ID, c.Version, c.Deleted, personName(&d.Base, c), c.Scalars[contact.Company]
	d.Picture, d.Shade = page.Initials(d.Name), int(c.ID%6)+1
	d.Read = c.Deleted || !d.May(auth.ContactsWrite.String())
	sources := map[string]contact.Source{}
	if c.ID != 0 {
		if sources, err = p.App.Contacts.Sources(ctx, ws, c.ID); err != nil {
			return err
		}
		if err := p.history(r, d, cat); err != nil {
			return err
		}
	}
	members, err := p.App.Auth.Members(ctx)
	if err != nil {
		return err
	}
	row := func(key string) fieldRow {
		f := fieldRow{Key: key, ID: controlID(key), Label: d.FieldName(cat, key), Type: "text", Value: c.Text(key), Source: d.source(sources[key])}
		if typed != nil {
			f.Value = typed.Get("f." + key)
		}
		f.Fault = d.Faults.Of(f.ID)
		return f
	}
	for _, s := range mainFields {
		f := row(s.Key())
		switch s {
		case contact.BirthDate:
			f.Type = "date"
		case contact.TaxID:
			if typed == nil {
				f.Value = page.TaxText(f.Value)
			}
		case contact.Name:
			f.Wide = true
		case contact.Notes:
			f.Type, f.Wide = "area", true
		case contact.Owner:
			f.Type = "select"
			f.Options = append(f.Options, page.Option{Text: d.T("web.contacts.no_owner"), On: f.Value == ""})
			for _, m := range members {
				id := strconv.FormatInt(int64(m.ID), 10)
				f.Options = append(f.Options, page.Option{Value: id, Text: firstOf(m.Name, m.Email), On: f.Value == id})
			}
		}
		d.Main = append(d.Main, f)
	}
	for _, s := range addressFields {
		d.Address = append(d.Address, row(s.Key()))
	}
	for _, cf := range cat.Fields {
		d.Custom = append(d.Custom, d.customRow(row(contact.CustomKey(cf.ID)), cf))
	}
	d.channels(cat, c, typed, sources)
	d.sets(cat, c, typed)
	for _, ch := range c.Channels {
		if ch.Basis != "" {
			d.Basis = append(d.Basis, basisRow{page.ChannelText(ch), d.Base.Text.T("web.contacts.basis." + ch.Basis), ch.BasisSource, d.Day(time.UnixMicro(ch.BasisAt))})
		}
	}
	all, err := p.App.Contacts.Groups(ctx, ws)
	if err != nil {
		return err
	}
	for _, g := range all {
		if !slices.Contains(c.Groups, g.ID) {
			d.Others = append(d.Others, g)
		}
	}
	return nil
}

// customRow gives a custom field the control of its type.
func (d *personData) customRow(f fieldRow, cf contact.CustomField) fieldRow {
	choose := func(values, texts []string) {
		f.Type = "select"
		f.Options = append(f.Options, page.Option{On: f.Value == ""})
		known := f.Value == ""
		for i, v := range values {
			known = known || v == f.Value
			f.Options = append(f.Options, page.Option{Value: v, Text: texts[i], On: v == f.Value})
		}
		if !known { // a value that is no choice any more stays until somebody changes it
			f.Options = append(f.Options, page.Option{Value: f.Value, Text: f.Value, On: true})
		}
	}
	switch cf.Type {
	case contact.TypeDate:
		f.Type = "date"
	case contact.TypeURL:
		f.Type = "url"
	case contact.TypeNumber:
		f.Type = "number"
	case contact.TypeBoolean:
		choose([]string{"true", "false"}, []string{d.T("web.bool.true"), d.T("web.bool.false")})
	case contact.TypeChoice:
		choose(cf.Choices, cf.Choices)
	}
	return f
}

// channels makes the rows of the addresses, and an empty one to add another.
func (d *personData) channels(cat *contact.Catalogue, c *contact.Contact, typed url.Values, sources map[string]contact.Source) {
	kinds := func(on contact.Kind) (out []page.Option) {
		for _, k := range contact.ChannelKinds() {
			out = append(out, page.Option{Value: string(k), Text: d.FieldName(cat, string(k)), On: k == on})
		}
		return out
	}
	put := func(kind contact.Kind, value string, out, first bool, n int) {
		row := channelRow{Kind: string(kind), Label: d.FieldName(cat, string(kind)), ID: controlID(string(kind) + "." + strconv.Itoa(n)), N: n + 1, Value: value, OptedOut: out,
			Primary: first, Mode: map[contact.Kind]string{contact.Phone: "tel", contact.Email: "email"}[kind]}
		if first {
			row.Source = d.source(sources[string(kind)])
		}
		row.Fault = d.Faults.Of(row.ID)
		d.Channels = append(d.Channels, row)
	}
	if typed == nil {
		count := map[contact.Kind]int{}
		for _, ch := range c.Channels {
			put(ch.Kind, page.ChannelText(ch), ch.OptedOutAt != 0, count[ch.Kind] == 0, count[ch.Kind])
			count[ch.Kind]++
		}
	} else {
		in := inputOf(typed)
		for _, kind := range contact.ChannelKinds() {
			for n, ch := range in.Channels[kind] {
				put(kind, ch.Value, ch.OptedOut != nil && *ch.OptedOut, n == 0, n)
			}
		}
	}
	have := func(k contact.Kind) bool {
		return slices.ContainsFunc(d.Channels, func(r channelRow) bool { return r.Kind == string(k) })
	}
	if c.ID == 0 && typed == nil { // a new one has the two that everybody has
		put(contact.Phone, "", false, true, 0)
		put(contact.Email, "", false, true, 0)
	}
	next := contact.Phone
	if have(contact.Phone) && !have(contact.Email) {
		next = contact.Email
	}
	if !d.Read {
		d.Channels = append(d.Channels, channelRow{ID: "ch-new", Kinds: kinds(next)})
	}
}

// sets makes the marks of tags and groups.
func (d *personData) sets(cat *contact.Catalogue, c *contact.Contact, typed url.Values) {
	for _, id := range c.Tags {
		if name := cat.TagName(id); name != "" {
			d.Tags = append(d.Tags, mark{Name: name, Value: name, Color: int(id%8) + 1, On: typed == nil || slices.Contains(typed["tag"], name)})
		}
	}
	for _, id := range c.Groups {
		if name := cat.GroupName(id); name != "" {
			v := strconv.FormatInt(id, 10)
			d.Groups = append(d.Groups, mark{Name: name, Value: v, Color: int(id%8) + 1, On: typed == nil || slices.Contains(typed["group"], v)})
		}
	}
	for _, n := range cat.Tags {
		d.TagNames = append(d.TagNames, n.Name)
	}
	slices.Sort(d.TagNames)
	d.Blocked = c.DoNotContact
	if typed != nil {
		d.NewTags, d.Blocked = typed.Get("tags"), typed.Get("blocked") == "1"
	}
}

// inputOf reads the form: f.<key> for fields, ch.kind, ch.value and ch.out in step for addresses, the primary of a kind first, tag
// and tags, group, blocked.
func inputOf(form url.Values) contact.Input {
	in := contact.Input{Fields: map[string]string{}, Channels: map[contact.Kind][]contact.ChannelInput{}}
	for key, values := range form {
		if field, ok := strings.CutPrefix(key, "f."); ok {
			in.Fields[field] = values[0]
		}
	}
	for _, k := range contact.ChannelKinds() {
		in.Channels[k] = []contact.ChannelInput{} // all addresses stand in the form: one that is gone was removed
	}
	kinds, values, outs := form["ch.kind"], form["ch.value"], form["ch.out"]
	for i := range min(len(kinds), len(values)) {
		if strings.TrimSpace(values[i]) == "" {
			continue
		}
		kind := contact.Kind(kinds[i])
		ch := contact.ChannelInput{Value: values[i]}
		if i < len(outs) {
			out := outs[i] == "1"
			ch.OptedOut = &out
		}
		if form.Get("first."+kinds[i]) == strconv.Itoa(i) {
			in.Channels[kind] = slices.Insert(in.Channels[kind], 0, ch)
		} else {
			in.Channels[kind] = append(in.Channels[kind], ch)
		}
	}
	tags := slices.Clone(form["tag"])
	for _, t := range strings.FieldsFunc(form.Get("tags"), func(r rune) bool { return r == ',' || r == ';' }) {
		if t = strings.TrimSpace(t); t != "" {
			tags = append(tags, t)
		}
	}
	groups := []int64{}
	for _, text := range form["group"] {
		if id, err := strconv.ParseInt(text, 10, 64); err == nil && id > 0 {
			groups = append(groups, id)
		}
	}
	blocked := form.Get("blocked") == "1"
	if tags == nil {
		tags = []string{}
	}
	in.Tags, in.Groups, in.Blocked = &tags, &groups, &blocked
	return in
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func personName(b *page.Base, c *contact.Contact) string {
	if c.ID == 0 {
		return b.T("web.contacts.new_one")
	}
	d := listData{Base: *b}
	return d.nameOf(c)
}
