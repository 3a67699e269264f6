package wizard

import (
	"context"
	"slices"

	"cadastro/internal/contact"
	"cadastro/internal/errs"
	"cadastro/internal/importer"
	"cadastro/internal/mapping"
	"cadastro/internal/web/page"
)

// card is the contact that a row of the file would come to.
type card struct {
	Line     string
	Prev     int // row before, -1 for none
	Next     int
	Name     string
	Initials string
	State    string // new, upd, skip, err
	Icon     string
	Says     string   // what would become of the row
	Faults   []string // what is wrong with it, or to be known
	Fields   []cardField
	Trouble  string // why no contact can come of it: the mapping is at fault
}

// cardField is one field of the card.
type cardField struct {
	Label   string
	Was, Is string
	Raw     string
	Kept    bool
	Cleared bool
	Same    bool
	Tags    []cardTag
	IsTags  bool
}

// cardTag is a tag or a group of the contact.
type cardTag struct {
	Name, Colour string
	Added        bool
}

func (p *pages) card(ctx context.Context, b *base, d *draft, at int) (*card, error) {
	c := &card{Prev: at - 1, Next: at + 1}
	if at+1 >= len(d.rows) {
		c.Next = -1
	}
	if len(d.rows) == 0 {
		return c, nil
	}
	c.Line = b.N(d.rows[at].Line)
	t, err := p.app.Imports.TryRow(ctx, d.imp.Workspace, d.set, d.cat, d.rows, at)
	if err != nil {
		if !mendable(err) {
			return nil, err
		}
		c.Trouble = b.Text.Error(err)
		return c, nil
	}
	c.say(b, t)
	for i := range t.Fields {
		f := &t.Fields[i]
		if f.Key == contact.Name.Key() {
			if c.Name = f.New; f.Old == "" || f.Old == f.New {
				continue // it stands above
			}
		}
		c.Fields = append(c.Fields, d.cardField(b, f))
	}
	c.Initials = page.Initials(c.Name)
	return c, nil
}

// say tells what would become of the row.
func (c *card) say(b *base, t *importer.Trial) {
	switch t.Outcome {
	case importer.RowImported:
		c.State, c.Icon, c.Says = "new", "plus", b.T("web.wizard.card.new")
	case importer.RowUpdated:
		c.State, c.Icon, c.Says = "upd", "refresh-cw", b.T("web.wizard.card.update", "id", int64(t.Contact))
	case importer.RowSkipped:
		c.State, c.Icon, c.Says = "skip", "minus", b.T("import.skip."+t.Reason.String())
	default:
		c.State, c.Icon, c.Says = "err", "x", b.T("web.wizard.card.error")
	}
	for _, is := range t.Issues {
		if is.Severity >= errs.Warning {
			c.Faults = append(c.Faults, b.Text.Issue(is))
		}
	}
}

func (d *draft) cardField(b *base, f *importer.TrialField) cardField {
	out := cardField{Label: f.Label}
	if f.Key != mapping.NewCustom {
		out.Label = b.FieldName(d.cat, f.Key)
	}
	if f.Key == contact.FieldTags || f.Key == contact.FieldGroups {
		out.IsTags = true
		for _, n := range f.Names {
			out.Tags = append(out.Tags, cardTag{n, colourOf(b, n, d.set.ImportTag), slices.Contains(f.Added, n)})
		}
		slices.SortStableFunc(out.Tags, addedLast)
		return out
	}
	out.Was, out.Is = errs.Clip(b.ValueText(d.cat, f.Key, f.Old), shownCell), errs.Clip(b.ValueText(d.cat, f.Key, f.New), shownCell)
	out.Kept, out.Cleared, out.Same = f.Kept(), f.Cleared(), f.Old == f.New
	if f.Raw != "" && f.Raw != out.Is {
		out.Raw = errs.Clip(f.Raw, shownCell)
	}
	return out
}

// colourOf gives the colour of a tag; that of the import's own is grey.
func colourOf(b *base, name, importTag string) string {
	if name == importTag {
		return "c8"
	}
	return b.TagColour(name)
}

// addedLast puts what a contact has already before what it gets.
func addedLast(a, b cardTag) int {
	switch {
	case a.Added == b.Added:
		return 0
	case a.Added:
		return 1
	}
	return -1
}
