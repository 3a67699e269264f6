package duplicates

import (
	"context"
	"net/http"
	"slices"
	"time"

	"cadastro/internal/contact"
	"cadastro/internal/dedupe"
	"cadastro/internal/web/page"
)

// detail is one merge to be decided.
type detail struct {
	page.Base
	Place
	Name     string
	Why      string
	Certain  bool
	Survivor contact.ID
	Columns  []column
	Rows     []fieldRow
	Group    contact.ID // 0 where the contacts were picked by hand
	Before   contact.ID
	Next     contact.ID
}

type column struct {
	ID      contact.ID
	Stays   bool
	Oldest  bool
	Made    string
	Version int64
}

// fieldRow is one field: Same where all contacts agree, Joined where the result has what all have.
type fieldRow struct {
	Key    string
	Label  string
	Same   bool
	Joined bool
	Cells  []fieldCell
	Result string
}

type fieldCell struct {
	ID   contact.ID
	Text string
	On   bool
}

// choose is the merge with other choices: the fragment that takes the Place of the one at hand, or, for contacts that were picked in a
// list, a page of its own.
func (p *pages) choose(w http.ResponseWriter, r *http.Request) error {
	ids, ch, _ := chosen(r.URL.Query())
	b := p.Base(r, "duplicates", "web.duplicates.merge")
	d, err := p.detail(r.Context(), p.workspace(r), &b, ids, ch)
	if err != nil {
		return err
	}
	d.Place = placeOf(r.URL.Query())
	d.Group = d.At
	before, _ := number(r.URL.Query().Get("before"))
	d.Before, d.Next = contact.ID(before), next(r.URL.Query())
	d.Why = r.URL.Query().Get("why")
	d.Certain = r.URL.Query().Get("certain") == "true"
	if page.IsHTMX(r) {
		return p.show.Fragment(w, r, http.StatusOK, "choose.html", "detail", d)
	}
	return p.show.Show(w, r, http.StatusOK, "choose.html", d)
}

func (p *pages) detail(ctx context.Context, ws int64, b *page.Base, ids []contact.ID, ch dedupe.Choices) (*detail, error) {
	prop, err := p.App.Dedupe.Propose(ctx, ws, ids, ch)
	if err != nil {
		return nil, err
	}
	cat, err := p.App.Contacts.Catalogue(ctx, ws)
	if err != nil {
		return nil, err
	}
	d := &detail{Base: *b, Survivor: prop.Survivor, Name: nameOf(b, prop.Result)}
	oldest := slices.MinFunc(prop.Contacts, func(a, c *contact.Contact) int { return int(a.CreatedAt - c.CreatedAt) })
	for _, c := range prop.Contacts {
		d.Columns = append(d.Columns, column{ID: c.ID, Stays: c.ID == prop.Survivor, Oldest: c == oldest, Made: b.Day(moment(c.CreatedAt)), Version: c.Version})
	}
	for _, key := range fieldKeys(prop) {
		if row := d.row(prop, cat, key, ch.Fields[key]); row != nil {
			d.Rows = append(d.Rows, *row)
		}
	}
	return d, nil
}

// row gives one field, nil where no contact has it.
func (d *detail) row(prop *dedupe.Proposal, cat *contact.Catalogue, key string, chosen contact.ID) *fieldRow {
	row := &fieldRow{Key: key, Label: d.FieldName(cat, key), Result: d.ValueText(cat, key, prop.Result.Text(key))}
	row.Joined = contact.IsChannel(key) || key == contact.FieldTags || key == contact.FieldGroups
	any, same := false, true // as people read them: how a number was typed makes no difference
	first := d.ValueText(cat, key, prop.Contacts[0].Text(key))
	for _, c := range prop.Contacts {
		text := d.ValueText(cat, key, c.Text(key))
		any, same = any || text != "", same && text == first
		row.Cells = append(row.Cells, fieldCell{ID: c.ID, Text: text})
	}
	if !any {
		return nil
	}
	row.Same = same
	if !same {
		from := prop.From[key]
		if contact.IsChannel(key) {
			from = chosen
			if from == 0 {
				from = firstWith(prop, key)
			}
		}
		for i := range row.Cells {
			row.Cells[i].On = row.Cells[i].ID == from
		}
	}
	return row
}

func firstWith(prop *dedupe.Proposal, key string) contact.ID {
	for _, c := range prop.Contacts {
		if c.Text(key) != "" {
			return c.ID
		}
	}
	return 0
}

// Choice tells whether a person may choose whose value comes first: of channels where several have some.
func (r fieldRow) Choice() bool {
	if !r.Joined {
		return true
	}
	if r.Key == contact.FieldTags || r.Key == contact.FieldGroups {
		return false
	}
	n := 0
	for _, c := range r.Cells {
		if c.Text != "" {
			n++
		}
	}
	return n > 1
}

// fieldKeys gives the fields in the order in which they are shown.
func fieldKeys(prop *dedupe.Proposal) []string {
	keys := []string{contact.Name.Key()}
	for _, k := range contact.ChannelKinds() {
		keys = append(keys, string(k))
	}
	for s := range contact.NumScalars {
		if key := contact.Scalar(s).Key(); key != contact.Name.Key() {
			keys = append(keys, key)
		}
	}
	var custom []int64
	for _, c := range prop.Contacts {
		for _, v := range c.Custom {
			custom = append(custom, v.ID)
		}
	}
	slices.Sort(custom)
	for _, id := range slices.Compact(custom) {
		keys = append(keys, contact.CustomKey(id))
	}
	return append(keys, contact.FieldTags, contact.FieldGroups)
}

func moment(micros int64) time.Time { return time.UnixMicro(micros) }
