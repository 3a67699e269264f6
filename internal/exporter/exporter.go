// Package exporter writes contacts to files that the importer reads back without a change.
package exporter

import (
	"context"
	"io"
	"strconv"
	"strings"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/blob"
	"cadastro/internal/contact"
	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/i18n"
)

// Service exports. It is safe for concurrent use.
type Service struct {
	DB       *db.DB
	Texts    *i18n.Catalogue
	Contacts *contact.Service // whose filters and sight say which contacts; nil for one with its defaults
	Blobs    blob.Store       // of the files; not needed by Export
	Now      func() time.Time
	Keep     time.Duration                       // how long a file can be downloaded; 0 for 7 days
	KeepOf   func(workspace int64) time.Duration // the same for a workspace, where it is not the same for all; nil for Keep
	Wake     func()                              // called when a job was enqueued; nil for none
	// Tell is told of the end of an export in the transaction that ends it; nil for nobody.
	Tell func(ctx context.Context, tx *db.Tx, workspace int64, x *Export) error
}

// Sink takes the rows of a file that is written.
type Sink interface {
	Write(cells []string) error
}

// Options say what to export. Fields are field keys in the order of the columns, nil for all that the base uses.
// Headers are the field keys themselves where Keys is set, else the fields' names in Language.
type Options struct {
	contact.Selection
	Fields   []string
	Keys     bool
	Language i18n.Lang
	Contacts []contact.ID // these alone; nil for the selection
}

// FieldID is the key of the column with the contact's own id.
const FieldID = "id"

// Export writes the contacts that the actor of ctx sees and that are selected to a sink, header first, in the order of
// their ids, and tells how many there were. Those in the bin are not among them. A kind of address has as many columns as
// the contact with most of them needs.
func (s *Service) Export(ctx context.Context, workspace int64, opt Options, to Sink) (int64, error) {
	if opt.Contacts != nil {
		opt.Selection = contact.Selection{IDs: opt.Contacts}
	}
	rows := &rows{to: to}
	return s.run(ctx, workspace, &opt, rows, nil)
}

// Write writes a file of any format at once, and tells how many contacts are in it.
func (s *Service) Write(ctx context.Context, workspace int64, spec Spec, to io.Writer) (int64, error) {
	f, err := s.open(to, &spec)
	if err != nil {
		return 0, err
	}
	return s.run(ctx, workspace, &Options{Selection: spec.Selection, Fields: spec.Fields, Keys: spec.Keys, Language: spec.Language}, f, nil)
}

// form writes contacts in some format.
type form interface {
	begin(x *export) error
	contact(c *contact.Contact) error
	end() error
}

// rows writes a table.
type rows struct {
	x  *export
	to Sink
}

func (r *rows) begin(x *export) error {
	r.x = x
	return r.to.Write(x.header())
}

func (r *rows) contact(c *contact.Contact) error { return r.to.Write(r.x.row(c)) }

func (r *rows) end() error { return nil }

// batchRows is how many contacts are read at once.
const batchRows = 5000

// run writes an export from one view of the base. progress is told how many are written, of how many, now and then.
func (s *Service) run(ctx context.Context, workspace int64, opt *Options, to form, progress func(done, total int64) error) (n int64, err error) {
	contacts := s.Contacts
	if contacts == nil {
		contacts = &contact.Service{DB: s.DB, Now: time.Now}
	}
	err = s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		sight, err := contact.SightIn(ctx, q, workspace, auth.ExportsRun)
		if err != nil {
			return err
		}
		cat, err := contact.LoadCatalogue(ctx, q, workspace)
		if err != nil {
			return err
		}
		cat.Hide(sight)
		x := &export{cat: cat, text: s.Texts.Printer(opt.Language), keys: opt.Keys}
		if err := x.plan(ctx, q, workspace, opt.Fields); err != nil {
			return err
		}
		sel, err := contacts.Fix(ctx, q, workspace, opt.Selection, auth.ExportsRun)
		if err != nil {
			return err
		}
		total, top, err := contacts.CountSelected(ctx, q, workspace, &sel, auth.ExportsRun)
		if err != nil {
			return err
		}
		if err := to.begin(x); err != nil {
			return err
		}
		for after := contact.ID(0); ; {
			if progress != nil {
				if err := progress(n, total); err != nil {
					return err
				}
			}
			ids, err := contacts.Selected(ctx, q, workspace, &sel, auth.ExportsRun, after, top, batchRows)
			if err != nil || len(ids) == 0 {
				return err
			}
			found, err := contact.Load(ctx, q, workspace, ids, contact.Whole(), false)
			if err != nil {
				return err
			}
			for _, id := range ids {
				if c := found[id]; c != nil {
					n++
					if err := to.contact(c); err != nil {
						return err
					}
				}
			}
			after = ids[len(ids)-1]
		}
	})
	if err != nil {
		return n, err
	}
	return n, to.end()
}

// export is one export under way.
type export struct {
	cat     *contact.Catalogue
	text    *i18n.Printer
	keys    bool
	columns []column
	cells   []string
	tagSep  string
	grpSep  string
}

// column is one column of the file: a field, and which of several addresses.
type column struct {
	field string
	nth   int
}

// plan decides the columns.
func (x *export) plan(ctx context.Context, q db.Querier, workspace int64, fields []string) error {
	most := map[contact.Kind]int{}
	rows, err := q.Query(ctx, `SELECT ch.kind, MAX(ch.position) + 1 FROM channel ch JOIN contact c ON c.workspace_id = ch.workspace_id AND c.id = ch.contact_id
		WHERE ch.workspace_id = $1 AND c.deleted_at IS NULL GROUP BY ch.kind`, workspace)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var k contact.Kind
		var n int
		if err := rows.Scan(&k, &n); err != nil {
			return err
		}
		most[k] = n
	}
	if err := rows.Err(); err != nil {
		return err
	}
	rows.Close()
	if fields == nil {
		if fields, err = x.used(ctx, q, workspace, most); err != nil {
			return err
		}
	}
	for _, f := range fields {
		if err := x.check(f); err != nil {
			return err
		}
		n := 1
		if contact.IsChannel(f) {
			n = max(1, most[contact.Kind(f)])
		}
		for i := range n {
			x.columns = append(x.columns, column{f, i})
		}
	}
	var tags, groups []string
	for _, t := range x.cat.Tags {
		tags = append(tags, t.Name)
	}
	for _, g := range x.cat.Groups {
		groups = append(groups, g.Name)
	}
	x.tagSep, x.grpSep = separator(tags), separator(groups)
	return nil
}

func (x *export) check(field string) error {
	if _, ok := contact.ScalarByKey(field); ok || contact.IsChannel(field) || field == FieldID || field == contact.FieldTags || field == contact.FieldGroups {
		return nil
	}
	if id, ok := contact.CustomID(field); ok {
		if _, ok := x.cat.Field(id); ok {
			return nil
		}
	}
	return errs.New(errs.Invalid, "export.field_unknown", "field", field)
}

// used lists the fields that some contact has a value in.
func (x *export) used(ctx context.Context, q db.Querier, workspace int64, most map[contact.Kind]int) ([]string, error) {
	var probes []string
	for s := range contact.NumScalars {
		probes = append(probes, "MAX(CASE WHEN "+s.Column()+" <> '' THEN 1 ELSE 0 END)")
	}
	probes = append(probes, "MAX(CASE WHEN tags <> '' THEN 1 ELSE 0 END)", "MAX(CASE WHEN groups <> '' THEN 1 ELSE 0 END)")
	has := make([]*int64, len(probes))
	dest := make([]any, len(probes))
	for i := range has {
		dest[i] = &has[i]
	}
	err := q.QueryRow(ctx, "SELECT "+strings.Join(probes, ", ")+" FROM contact WHERE workspace_id = $1 AND deleted_at IS NULL", workspace).Scan(dest...)
	if err != nil {
		return nil, err
	}
	on := func(i int) bool { return has[i] != nil && *has[i] == 1 }
	out := []string{FieldID}
	for s := range contact.NumScalars {
		if s == contact.Company { // addresses stand behind the name
			for _, k := range contact.ChannelKinds() {
				if most[k] > 0 {
					out = append(out, string(k))
				}
			}
		}
		if on(int(s)) || s == contact.Name {
			out = append(out, s.Key())
		}
	}
	for i, f := range []string{contact.FieldTags, contact.FieldGroups} {
		if on(int(contact.NumScalars) + i) {
			out = append(out, f)
		}
	}
	for _, f := range x.cat.Fields {
		out = append(out, contact.CustomKey(f.ID))
	}
	return out, nil
}

func (x *export) header() []string {
	out := make([]string, len(x.columns))
	for i, c := range x.columns {
		switch id, custom := contact.CustomID(c.field); {
		case custom && !x.keys:
			f, _ := x.cat.Field(id)
			out[i] = f.Label
		case x.keys:
			out[i] = c.field
		default:
			out[i] = x.text.T("field." + c.field)
		}
		if c.nth > 0 {
			out[i] += " " + strconv.Itoa(c.nth+1)
		}
	}
	return out
}

func (x *export) row(c *contact.Contact) []string {
	x.cells = x.cells[:0]
	for _, col := range x.columns {
		x.cells = append(x.cells, x.cell(c, col))
	}
	return x.cells
}

func (x *export) cell(c *contact.Contact, col column) string {
	switch {
	case col.field == FieldID:
		return strconv.FormatInt(int64(c.ID), 10)
	case col.field == contact.FieldTags:
		return join(c.Tags, x.cat.TagName, x.tagSep)
	case col.field == contact.FieldGroups:
		return join(c.Groups, x.cat.GroupName, x.grpSep)
	case col.field == contact.Owner.Key():
		return x.cat.MemberName(c.Scalars[contact.Owner])
	case contact.IsChannel(col.field):
		n := 0
		for i := range c.Channels {
			if c.Channels[i].Kind == contact.Kind(col.field) {
				if n == col.nth {
					return c.Channels[i].Value
				}
				n++
			}
		}
		return ""
	}
	return c.Text(col.field)
}

// separators are the signs between the items of a list, in the order of preference; a line break comes last.
const separators = ";|,"

// separator chooses a sign that no name holds.
func separator(names []string) string {
	for _, s := range separators {
		if !strings.Contains(strings.Join(names, ""), string(s)) {
			return string(s)
		}
	}
	return "\n"
}

// join writes a list. A name that holds another separator is followed by ours even where it stands alone, so that
// a reader is not led to cut it.
func join(ids []int64, name func(int64) string, sep string) string {
	names := make([]string, 0, len(ids))
	for _, id := range ids {
		if n := name(id); n != "" { // a group that is not seen has none
			names = append(names, n)
		}
	}
	text := strings.Join(names, sep)
	if len(names) == 1 && strings.ContainsAny(text, separators) {
		text += sep
	}
	return text
}
