package contacts

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"cadastro/internal/contact"
	"cadastro/internal/errs"
	"cadastro/internal/filter"
)

// chip is one condition in force, with the way to be rid of it.
type chip struct {
	Field, Op, Value string
	Without          string // address of the list without it
}

// builder is the form that adds a condition.
type builder struct {
	Fields []option
	Ops    []option
	Hidden [][2]string // parameters of the address that stay
	Lists  []datalist
}

type option struct{ Value, Text string }

type datalist struct {
	ID     string
	Values []string
}

// filters makes the chips and the form of a filter.
func (p *pages) filters(r *http.Request, d *listData, cat *contact.Catalogue, found *contact.Page) error {
	d.Builder = d.build(cat)
	if d.Filter == "" || d.Fault != "" {
		return nil
	}
	parsed, err := p.App.Contacts.Parse(r.Context(), workspace(r), d.Filter)
	if err != nil {
		return err
	}
	list, flat := parsed.Conditions()
	if !flat {
		d.Advanced = parsed.String()
		d.Chips = []chip{{Value: d.Advanced, Without: d.without("")}}
		return nil
	}
	for i, c := range list {
		rest, err := p.App.Contacts.FromConditions(r.Context(), workspace(r), slices.Delete(slices.Clone(list), i, i+1))
		if err != nil {
			return err
		}
		one := d.chip(cat, c)
		one.Without = d.without(rest.String())
		d.Chips = append(d.Chips, one)
	}
	return nil
}

func (d *listData) without(text string) string {
	q := d.query
	q.Filter = text
	return q.URL()
}

// added reads the form of a new condition; ok tells that there was one, and to is the address with it.
func (p *pages) added(r *http.Request, d *listData, cat *contact.Catalogue) (to string, ok bool, err error) {
	v := r.URL.Query()
	field := v.Get("field")
	if field == "" {
		return "", false, nil
	}
	c := filter.Condition{Field: field, Op: filter.OpIs}
	op := v.Get("op")
	c.Op, c.Not = strings.TrimPrefix(op, "not_"), strings.HasPrefix(op, "not_")
	value := strings.TrimSpace(v.Get("value"))
	if value != "" && c.Op != filter.OpHas {
		c.Values = []string{value}
	}
	var list []filter.Condition
	if d.Filter != "" {
		parsed, err := p.App.Contacts.Parse(r.Context(), workspace(r), d.Filter)
		if err != nil {
			return "", false, nil // the fault of the old filter is shown first
		}
		old, flat := parsed.Conditions()
		if !flat {
			one, err := p.App.Contacts.FromConditions(r.Context(), workspace(r), []filter.Condition{c})
			if err != nil {
				d.Fault = d.Base.Text.Error(err)
				return "", false, nil
			}
			q := d.query
			q.Filter = "(" + parsed.String() + ") and " + one.String()
			return q.URL(), true, nil
		}
		list = old
	}
	parsed, err := p.App.Contacts.FromConditions(r.Context(), workspace(r), append(list, c))
	if errs.KindOf(err) == errs.Invalid {
		d.Fault = d.Base.Text.Error(err)
		return "", false, nil
	}
	if err != nil {
		return "", false, err
	}
	q := d.query
	q.Filter = parsed.String()
	return q.URL(), true, nil
}

// build makes the form that adds a condition.
func (d *listData) build(cat *contact.Catalogue) builder {
	var b builder
	add := func(key, label string) { b.Fields = append(b.Fields, option{key, label}) }
	for _, key := range []string{"tag", "group", "owner", "created", "updated", "birthday", "import"} {
		add(key, d.Base.Text.T("web.contacts.field."+key))
	}
	for _, k := range contact.ChannelKinds() {
		add(string(k), d.FieldName(cat, string(k)))
	}
	for _, s := range []contact.Scalar{contact.Name, contact.Company, contact.JobTitle, contact.City, contact.State, contact.TaxID, contact.BirthDate, contact.ExternalID, contact.Notes} {
		add(strings.TrimPrefix(s.Key(), "address."), d.FieldName(cat, s.Key()))
	}
	for _, f := range cat.Fields {
		add(contact.CustomKey(f.ID), f.Label)
	}
	for _, op := range []string{filter.OpIs, "not_" + filter.OpIs, filter.OpEquals, filter.OpStarts, filter.OpHas, "not_" + filter.OpHas, filter.OpAfter, filter.OpBefore} {
		b.Ops = append(b.Ops, option{op, d.Base.Text.T("web.contacts.op." + op)})
	}
	for key, values := range d.values() {
		for _, v := range values {
			b.Hidden = append(b.Hidden, [2]string{key, v})
		}
	}
	slices.SortFunc(b.Hidden, func(x, y [2]string) int { return strings.Compare(x[0], y[0]) })
	var names []string
	for _, n := range cat.Tags {
		names = append(names, n.Name)
	}
	for _, n := range cat.Groups {
		names = append(names, n.Name)
	}
	slices.Sort(names)
	b.Lists = []datalist{{"known", slices.Compact(names)}}
	return b
}

func (d *listData) fieldWord(cat *contact.Catalogue, key string) string {
	switch {
	case key == "":
		return d.T("web.contacts.anywhere")
	case d.Base.Text.Has("web.contacts.field." + key):
		return d.Base.Text.T("web.contacts.field." + key)
	case d.Base.Text.Has("field.address." + key):
		key = "address." + key
	}
	return d.FieldName(cat, key)
}

// chip writes a condition in words: which field, what is asked of it, and of which value.
func (d *listData) chip(cat *contact.Catalogue, c filter.Condition) chip {
	field := d.fieldWord(cat, c.Field)
	if c.Op == filter.OpHas {
		if c.Not {
			return chip{Field: d.T("web.contacts.without"), Value: field}
		}
		return chip{Field: d.T("web.contacts.with"), Value: field}
	}
	if days, ok := lastDays(c); ok {
		return chip{Field: field, Value: d.T("web.contacts.last_days", "count", days)}
	}
	op := c.Op
	if c.Not {
		op = "not_" + op
	}
	out := chip{Field: field, Value: valueWord(c)}
	if d.Base.Text.Has("web.contacts.chip." + op) {
		out.Op = d.Base.Text.T("web.contacts.chip." + op)
	}
	return out
}

// lastDays reads "since so many days".
func lastDays(c filter.Condition) (days int, ok bool) {
	if c.Op != filter.OpAfter && c.Op != filter.OpFrom || c.Not || len(c.Values) != 1 {
		return 0, false
	}
	n, ok := strings.CutPrefix(c.Values[0], "-")
	if !ok || !strings.HasSuffix(n, "d") {
		return 0, false
	}
	days, err := strconv.Atoi(strings.TrimSuffix(n, "d"))
	return days, err == nil
}

func valueWord(c filter.Condition) string {
	words := slices.Clone(c.Values)
	for i := range words {
		if i < len(c.Labels) && c.Labels[i] != "" {
			words[i] = c.Labels[i]
		}
	}
	if c.Op == filter.OpBetween && len(words) == 2 {
		return words[0] + " – " + words[1]
	}
	return strings.Join(words, ", ")
}
