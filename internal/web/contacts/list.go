package contacts

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/errs"
	"cadastro/internal/web/page"
)

// shown is how many contacts a page of the list has.
const shown = 50

type listData struct {
	page.Base
	query
	Views    []viewTab
	Current  *contact.View // the saved view at hand
	Chips    []chip
	Advanced string // the filter as text, where it is more than chips can say
	Builder  builder
	Columns  []column
	Choices  []choice // of columns
	Rows     []row
	Range    string
	Total    string
	Next     string
	First    string
	Sorts    []sortLink
	Fault    string // what is wrong with the filter
	Tags     []contact.Labelled
	Groups   []contact.Labelled
	Members  []auth.Member
	Work     *work
	Empty    bool // the base has nobody yet
}

type column struct {
	Key, Label string
	Sort       string // address that sorts by it
	State      string // ascending, descending
	Class      string
}

type row struct {
	ID      contact.ID
	Name    string
	Picture string
	Shade   int
	Cells   []cell
}

type cell struct {
	Class string
	Label string
	Text  string
	Mute  string // said in a low voice where there is nothing
	Tags  []tagMark
	More  int
	Title string
}

type tagMark struct {
	Name  string
	Color int
}

type choice struct {
	Key, Label string
	On         bool
}

type sortLink struct {
	URL, Label string
	On         bool
}

// list shows the contacts.
func (p *pages) list(w http.ResponseWriter, r *http.Request) error {
	ctx, ws := r.Context(), workspace(r)
	d := listData{Base: p.Base(r, "contacts", "web.nav.contacts"), query: queryOf(r.URL.Query())}
	cat, err := p.App.Contacts.Catalogue(ctx, ws)
	if err != nil {
		return err
	}
	if to, ok, err := p.added(r, &d, cat); err != nil {
		return err
	} else if ok {
		return page.Redirect(w, r, to)
	}
	// Asked before the list is: a change that is told to be done is seen in it.
	if d.Work, err = p.workOf(r, &d.Base); err != nil {
		return err
	}
	found, err := p.App.Contacts.List(ctx, ws, d.query.list(shown))
	if errs.KindOf(err) == errs.Invalid {
		d.Fault, d.Advanced = d.Base.Text.Error(err), d.Filter
		found, err = new(contact.Page), nil
	}
	if err != nil {
		return err
	}
	if err := p.filters(r, &d, cat, found); err != nil {
		return err
	}
	p.table(&d, cat, found)
	if err := p.counts(r, &d, len(found.Contacts)); err != nil {
		return err
	}
	if page.IsHTMX(r) && r.Header.Get("HX-Target") == "list" {
		w.Header().Set("HX-Push-Url", d.URL())
		return p.show.Fragment(w, r, http.StatusOK, "list.html", "list", d)
	}
	if err := p.around(r, &d); err != nil {
		return err
	}
	d.TakeFlash(w, r)
	return p.show.Show(w, r, http.StatusOK, "list.html", d)
}

// counts tells how many there are and which of them are shown.
func (p *pages) counts(r *http.Request, d *listData, here int) error {
	if d.Fault != "" {
		return nil
	}
	t, err := p.App.Contacts.CountOf(r.Context(), workspace(r), d.query.list(shown))
	if err != nil {
		return err
	}
	d.Total = d.N(t.N)
	if t.More {
		d.Total = d.T("web.contacts.more_than", "count", t.N)
	}
	d.Empty = d.plain() && t.N == 0
	if here > 0 {
		from := int64(d.Page*shown + 1)
		d.Range = d.T("web.contacts.range", "from", from, "to", from+int64(here)-1, "total", d.Total)
	}
	return nil
}

// around gathers what stands about the table: the views, and what the bar for many contacts offers.
func (p *pages) around(r *http.Request, d *listData) (err error) {
	ctx, ws := r.Context(), workspace(r)
	if err := p.views(r, d); err != nil {
		return err
	}
	if d.Tags, err = p.App.Contacts.Tags(ctx, ws); err != nil {
		return err
	}
	if d.Groups, err = p.App.Contacts.Groups(ctx, ws); err != nil {
		return err
	}
	d.Members, err = p.App.Auth.Members(ctx)
	return err
}

// table makes the columns and rows.
func (p *pages) table(d *listData, cat *contact.Catalogue, found *contact.Page) {
	d.Columns = append(d.Columns, d.column(cat, contact.Name.Key()))
	for _, key := range d.columns() {
		d.Columns = append(d.Columns, d.column(cat, key))
	}
	for i := range found.Contacts {
		c := &found.Contacts[i]
		rw := row{ID: c.ID, Name: d.nameOf(c), Picture: page.Initials(d.nameOf(c)), Shade: int(c.ID%6) + 1}
		for _, col := range d.Columns[1:] {
			rw.Cells = append(rw.Cells, d.cell(cat, c, col))
		}
		d.Rows = append(d.Rows, rw)
	}
	for _, s := range []contact.Sort{contact.SortUpdated, contact.SortName, contact.SortCreated} {
		d.Sorts = append(d.Sorts, sortLink{d.sortURL(s), d.Base.Text.T("web.contacts.sort." + string(s)), d.Sort == s})
	}
	if found.Next != "" {
		d.Next = d.next(found.Next)
	}
	if d.After != "" {
		d.First = d.URL()
	}
	for _, key := range d.pickable(cat) {
		on := false
		for _, c := range d.Columns[1:] {
			on = on || c.Key == key
		}
		d.Choices = append(d.Choices, choice{key, d.columnLabel(cat, key), on})
	}
}

// pickable gives the keys of all columns that may be chosen.
func (d *listData) pickable(cat *contact.Catalogue) []string {
	var keys []string
	for _, k := range contact.ChannelKinds() {
		keys = append(keys, string(k))
	}
	for _, s := range []contact.Scalar{contact.Owner, contact.Company, contact.JobTitle, contact.City, contact.State, contact.TaxID, contact.BirthDate, contact.ExternalID} {
		keys = append(keys, s.Key())
	}
	keys = append(keys, contact.FieldTags, contact.FieldGroups)
	for _, f := range cat.Fields {
		keys = append(keys, contact.CustomKey(f.ID))
	}
	return append(keys, columnCreated, columnUpdated)
}

func (d *listData) columnLabel(cat *contact.Catalogue, key string) string {
	switch key {
	case columnUpdated:
		return d.T("web.contacts.updated")
	case columnCreated:
		return d.T("web.contacts.created")
	}
	return d.FieldName(cat, key)
}

func (d *listData) column(cat *contact.Catalogue, key string) column {
	c := column{Key: key, Label: d.columnLabel(cat, key), Class: "c-" + strings.NewReplacer(".", "-", "_", "-").Replace(key)}
	s := map[string]contact.Sort{contact.Name.Key(): contact.SortName, columnUpdated: contact.SortUpdated, columnCreated: contact.SortCreated}[key]
	if s == "" {
		return c
	}
	c.Sort = d.sortURL(s)
	if d.Sort == s {
		c.State = "descending"
		if d.Asc {
			c.State = "ascending"
		}
	}
	return c
}

func (d *listData) cell(cat *contact.Catalogue, c *contact.Contact, col column) cell {
	out := cell{Class: col.Class, Label: col.Label}
	switch col.Key {
	case columnUpdated:
		out.Text = d.Ago(time.UnixMicro(c.UpdatedAt))
		out.Title = d.Moment(time.UnixMicro(c.UpdatedAt))
	case columnCreated:
		out.Text = d.Day(time.UnixMicro(c.CreatedAt))
	case contact.FieldTags:
		for _, id := range c.Tags {
			name := cat.TagName(id)
			if cat.ImportTags[id] || name == "" { // they mark an import and say nothing of the person
				continue
			}
			if len(out.Tags) == 2 {
				out.More++
				out.Title = strings.TrimPrefix(out.Title+", "+name, ", ")
				continue
			}
			out.Tags = append(out.Tags, tagMark{name, int(id%8) + 1})
		}
	default:
		if contact.IsChannel(col.Key) {
			if ch := c.Primary(contact.Kind(col.Key)); ch != nil {
				out.Text = page.ChannelText(*ch)
			}
			break
		}
		out.Text = d.ValueText(cat, col.Key, c.Text(col.Key))
	}
	if out.Text == "" && len(out.Tags) == 0 {
		out.Mute = "–"
		if col.Key == contact.Owner.Key() {
			out.Mute = d.T("web.contacts.no_owner")
		}
	}
	return out
}

// nameOf gives what a contact is called: its name, else its first address, else its number.
func (d *listData) nameOf(c *contact.Contact) string {
	if n := c.Scalars[contact.Name]; n != "" {
		return n
	}
	if len(c.Channels) > 0 {
		return page.ChannelText(c.Channels[0])
	}
	return d.T("web.contacts.nameless", "id", strconv.FormatInt(int64(c.ID), 10))
}
