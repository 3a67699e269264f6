package wizard

import (
	"cmp"
	"context"
	"slices"
	"time"

	"cadastro/internal/charset"
	"cadastro/internal/contact"
	"cadastro/internal/errs"
	"cadastro/internal/importer"
	"cadastro/internal/mapping"
	"cadastro/internal/table"
	"cadastro/internal/workspace"
)

// draft is an import before its review: how its file is read, what is in it, and what is chosen so far.
type draft struct {
	imp   *importer.Import
	set   importer.Settings // complete: what was chosen, and proposals for the rest
	in    *importer.Inspection
	rows  []table.Row // the first rows, at most sampleRows
	total int64
	exact bool // total was counted, not estimated
	chars charset.Guess
	cat   *contact.Catalogue
	saved []mapping.Saved
	house workspace.Settings // what the workspace goes by
	out   map[string]bool    // headers that a file like this one left out before
}

// sampleRows is how many rows are looked at to tell how full a column is, and may be stepped through before the review.
const sampleRows = 1000

// countedRows is up to how many rows a file's are counted; of longer ones they are estimated.
const countedRows = 20_000

// savedAsked bounds how many saved mappings are compared with a file's headers.
const savedAsked = 200

// open reads a draft. with changes the settings before the file is read, nil for none.
func (p *pages) open(ctx context.Context, ws int64, id importer.ID, b *base, with func(*importer.Settings) error) (*draft, error) {
	d := &draft{}
	var err error
	if d.imp, err = p.app.Imports.Get(ctx, ws, id); err != nil {
		return nil, err
	}
	d.set = d.imp.Settings
	if with != nil {
		if err := with(&d.set); err != nil {
			return nil, err
		}
	}
	if d.house, err = p.app.Workspaces.Get(ctx, ws); err != nil {
		return nil, err
	}
	if d.cat, err = p.app.Contacts.Catalogue(ctx, ws); err != nil {
		return nil, err
	}
	if d.saved, err = p.app.Mappings.Recent(ctx, ws, d.set.Mapping.Headers(), savedAsked); err != nil {
		return nil, err
	}
	if err := p.read(ctx, d); err != nil {
		return nil, err
	}
	d.complete(b)
	return d, nil
}

// read finds out how the file is to be read and takes the first rows.
func (p *pages) read(ctx context.Context, d *draft) error {
	src, done, err := p.app.Imports.Source(ctx, d.imp)
	if err != nil {
		return err
	}
	defer done.Close()
	lim := p.app.Imports.Limits
	g, err := importer.Reread(ctx, src, d.set.Dialect, d.set.Fixed, lim)
	if err != nil {
		return err
	}
	d.chars = g.Charset
	if slices.Contains(d.set.Fixed, importer.FixCharset) && g.Dialect.Format == table.CSV {
		// The ways to read the letters are found where nobody has chosen one.
		if g.Dialect.Compression == "" {
			d.chars = charset.Detect(src.Data, src.Size)
		} else if found, err := table.Detect(ctx, src, lim); err == nil {
			d.chars = found.Charset
		}
	}
	sample, err := table.Preview(ctx, src, g.Dialect, lim, sampleRows)
	if err != nil {
		return err
	}
	d.rows = sample.Rows
	if len(d.rows) < sampleRows {
		d.total, d.exact = int64(len(d.rows)), true
	} else if d.total, d.exact, err = importer.CountRows(ctx, src, g.Dialect, lim, countedRows); err != nil {
		return err
	}
	d.in = importer.Understand(g, p.app.Imports.KnownOf(ctx, d.imp.Workspace, cmp.Or(d.set.Country, d.house.Country), d.cat, d.saved))
	d.set.Dialect, d.out = g.Dialect, leftOut(d.saved, d.in.Header)
	return nil
}

// complete puts proposals where nothing was chosen yet.
func (d *draft) complete(b *base) {
	set := &d.set
	fresh := set.Purpose == ""
	if fresh {
		set.Purpose, set.Country = d.in.Purpose, d.house.Country
		set.ImportTag = importer.NextTag(d.cat, time.Now().In(b.Zone()))
		set.Repeated = importer.RepeatedError
	}
	set.Language = string(b.Lang)
	if !slices.Equal(set.Mapping.Headers(), d.in.Header) || len(set.Mapping.Columns) == 0 {
		set.Mapping = d.proposal()
		set.Identifier = ""
	}
	if set.Identifier == "" || fresh && set.Mapping.Validate(set.Purpose, set.Identifier) != nil {
		set.Identifier = d.in.Identifier
		if set.Mapping.Validate(set.Purpose, set.Identifier) != nil {
			set.Identifier = importer.IdentifierOf(&set.Mapping)
		}
	}
	if set.Identifier != mapping.ByContactID && d.in.Identifier == mapping.ByContactID && fresh {
		set.Purpose = mapping.PurposeUpsert
	}
}

// proposal is the mapping that is offered. A column that feeds no field is left out until the person decides, unless
// the file is of a system that is known to have it.
func (d *draft) proposal() mapping.Mapping {
	m := mapping.Mapping{Columns: slices.Clone(d.in.Mapping.Columns)}
	for i := range m.Columns {
		if c := &m.Columns[i]; c.Field == mapping.NewCustom && d.in.Layout == nil {
			*c = mapping.Column{Header: c.Header}
		}
		if c := &m.Columns[i]; d.house.DateOrder != "" && c.DateOrder == "" && d.isDate(*c) {
			if dec := d.dates(i); dec.Ask && dec.DMYOnly+dec.MDYOnly == 0 { // the values leave it open, the workspace does not
				c.DateOrder = d.house.DateOrder
			}
		}
	}
	return m
}

// open columns are those that a person should look at: an offer that may be wrong, or data that has no place yet.
func (d *draft) unsure(i int) bool {
	s, c := &d.in.Suggestions[i], &d.set.Mapping.Columns[i]
	if c.Field == "" {
		return d.undecided(i)
	}
	return s.Confirm && c.Field == s.Field
}

// undecided tells whether a column holds data for which no field was found, and nothing was decided about it.
func (d *draft) undecided(i int) bool {
	s := &d.in.Suggestions[i]
	return d.in.Layout == nil && d.set.Mapping.Columns[i].Field == "" && d.in.Header[i] != "" &&
		(s.Proposal == mapping.ProposeCustom || s.Proposal == mapping.ProposeCreatedAt) && !d.out[d.in.Header[i]]
}

// leftOut gives the headers of columns that fed nothing when a file with the same headers came last.
func leftOut(saved []mapping.Saved, header []string) map[string]bool {
	out := map[string]bool{}
	at := slices.IndexFunc(saved, func(m mapping.Saved) bool {
		return mapping.Fingerprint(m.Mapping.Headers()) == mapping.Fingerprint(header)
	})
	if at >= 0 {
		for _, c := range saved[at].Mapping.Columns {
			out[c.Header] = out[c.Header] || c.Field == ""
		}
	}
	return out
}

// sure tells whether the columns need nobody's look, so that the second step can be left out.
func (d *draft) sure() bool {
	for i := range d.in.Suggestions {
		if d.unsure(i) {
			return false
		}
	}
	return d.set.Mapping.Validate(d.set.Purpose, d.set.Identifier) == nil
}

// mapped counts the columns that feed a field.
func (d *draft) mapped() int {
	n := 0
	for i := range d.set.Mapping.Columns {
		if d.set.Mapping.Columns[i].Field != "" || d.combined(i) {
			n++
		}
	}
	return n
}

// combined tells whether a column's text goes before another's, as an area code does.
func (d *draft) combined(i int) bool {
	return slices.ContainsFunc(d.set.Mapping.Columns, func(c mapping.Column) bool { return c.Combine != nil && *c.Combine == i })
}

// reading tells whether trouble with a draft is the file's, which another file cures.
func reading(err error) bool {
	k := errs.KindOf(err)
	return k == errs.Invalid || k == errs.TooLarge
}
