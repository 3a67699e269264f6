package api

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"cadastro/internal/app"
	"cadastro/internal/contact"
	"cadastro/internal/errs"
	"cadastro/internal/importer"
	"cadastro/internal/mapping"
	"cadastro/internal/table"
)

// Settings are what is chosen for an import. What is left out is proposed from the file.
type Settings struct {
	Dialect     *Dialect `json:"dialect,omitempty" doc:"How the file is read."`
	Columns     []Column `json:"columns,omitempty" doc:"Columns that feed something else than proposed. A column that is not named stays as proposed."`
	Purpose     string   `json:"purpose,omitempty" enum:"add,update,upsert,add_all" doc:"What the import may do."`
	Identifier  string   `json:"identifier,omitempty" enum:"phone,email,id,external_id,tax_id" doc:"By what existing contacts are recognised."`
	Country     string   `json:"country,omitempty" pattern:"^[A-Za-z]{2}$" doc:"Of phones and documents that name none, ISO 3166-1 alpha-2."`
	PhonePreset string   `json:"phone_preset,omitempty" maxLength:"40" doc:"A vendor's strict reading of phones."`
	Tags        []string `json:"tags,omitempty" maxItems:"50" doc:"For every contact added or updated."`
	ImportTag   *string  `json:"import_tag,omitempty" maxLength:"200" doc:"Marks the contacts of this import. Left out: import-DATE-N; empty: none."`
	Group       string   `json:"group,omitempty" maxLength:"200" doc:"A group for every contact added or updated; made where there is none of the name."`
	Repeated    string   `json:"repeated,omitempty" enum:"error,first,last,join" doc:"What becomes of rows that share an identifier."`
	LegalBasis  string   `json:"legal_basis,omitempty" maxLength:"200" doc:"Legal basis of the processing (LGPD art. 7)."`
}

// Column says what a column of the file feeds. It is named by its place or by its header.
type Column struct {
	Column  *int    `json:"column,omitempty" minimum:"0" doc:"Place of the column, from 0."`
	Header  string  `json:"header,omitempty" doc:"Header of the column, where column is left out; of repeated ones the first."`
	Field   *string `json:"field,omitempty" doc:"Key of the field, custom.new for a new custom field, empty for none."`
	Label   string  `json:"label,omitempty" maxLength:"200" doc:"Of a new custom field."`
	Type    string  `json:"type,omitempty" enum:"text,number,date,boolean,choice,url" doc:"Of a new custom field."`
	Combine *int    `json:"combine,omitempty" minimum:"0" doc:"Column whose text goes before this one's: the area code of a phone."`

	DoNotOverwrite bool              `json:"do_not_overwrite,omitempty" doc:"An existing value stays, only an empty one is filled."`
	KeepTyped      bool              `json:"keep_typed,omitempty" doc:"What a person typed is never overwritten."`
	IgnoreEmpty    bool              `json:"ignore_empty,omitempty" doc:"An empty cell clears nothing."`
	ClearWord      string            `json:"clear_word,omitempty" maxLength:"100" doc:"A cell with this word clears the value."`
	Default        string            `json:"default,omitempty" maxLength:"1000" doc:"The value of an empty cell."`
	Country        string            `json:"country,omitempty" pattern:"^[A-Za-z]{2}$" doc:"Of this column's phones, documents and dates."`
	DateOrder      string            `json:"date_order,omitempty" enum:"dmy,mdy,ymd" doc:"Left out: decided over the column."`
	Decimal        string            `json:"decimal,omitempty" enum:"comma,point" doc:"Left out: decided over the column."`
	Separator      string            `json:"separator,omitempty" maxLength:"10" doc:"Of lists. Left out: decided over the column."`
	Choices        map[string]string `json:"choices,omitempty" doc:"Word of the file to value."`
	DropInvalid    bool              `json:"drop_invalid,omitempty" doc:"A faulty cell is left out with a warning and its row goes in."`
}

func columnOf(i int, c *mapping.Column) Column {
	o := &c.Options
	return Column{Column: &i, Header: c.Header, Field: &c.Field, Label: c.Label, Type: c.Type, Combine: c.Combine, DoNotOverwrite: o.DoNotOverwrite,
		KeepTyped: o.KeepTyped, IgnoreEmpty: o.IgnoreEmpty, ClearWord: o.ClearWord, Default: o.Default, Country: o.Country, DateOrder: o.DateOrder,
		Decimal: o.Decimal, Separator: o.Separator, Choices: o.Choices, DropInvalid: o.DropInvalid}
}

func (c *Column) options() mapping.Options {
	return mapping.Options{DoNotOverwrite: c.DoNotOverwrite, KeepTyped: c.KeepTyped, IgnoreEmpty: c.IgnoreEmpty, ClearWord: c.ClearWord, Default: c.Default,
		Country: strings.ToUpper(c.Country), DateOrder: c.DateOrder, Decimal: c.Decimal, Separator: c.Separator, Choices: c.Choices, DropInvalid: c.DropInvalid}
}

func settingsOf(s *importer.Settings) *Settings {
	out := &Settings{Dialect: dialectOf(s.Dialect), Purpose: string(s.Purpose), Identifier: string(s.Identifier), Country: s.Country, PhonePreset: s.PhonePreset,
		Tags: s.Tags, ImportTag: &s.ImportTag, Group: s.Group, Repeated: string(s.Repeated), LegalBasis: s.LegalBasis}
	for i := range s.Mapping.Columns {
		out.Columns = append(out.Columns, columnOf(i, &s.Mapping.Columns[i]))
	}
	return out
}

// inspect looks at an import's file: how it is read and what its columns may feed.
func (a *API) inspect(ctx context.Context, imp *importer.Import, d *Dialect, where string) (*importer.Inspection, *contact.Catalogue, error) {
	src, closer, err := a.app.Imports.Source(ctx, imp)
	if err != nil {
		return nil, nil, err
	}
	defer closer.Close()
	g, err := d.detect(ctx, src, app.Limits(&a.app.Config), where)
	if err != nil {
		return nil, nil, err
	}
	cat, err := a.app.Contacts.Catalogue(ctx, imp.Workspace)
	if err != nil {
		return nil, nil, err
	}
	saved, err := a.app.Mappings.Recent(ctx, imp.Workspace, g.Sample.Header, savedAsked)
	if err != nil {
		return nil, nil, err
	}
	of, err := a.app.Workspaces.Get(ctx, imp.Workspace)
	if err != nil {
		return nil, nil, err
	}
	return importer.Understand(g, a.app.Imports.KnownOf(ctx, imp.Workspace, of.Country, cat, saved)), cat, nil
}

// savedAsked is how many saved mappings speak for a column.
const savedAsked = 200

// settle makes the settings of an import: what was proposed, and what the caller chose in place of it.
func (a *API) settle(ctx context.Context, imp *importer.Import, chosen *Settings) (importer.Settings, error) {
	d := chosen.Dialect
	if d == nil {
		d = new(Dialect)
	}
	in, cat, err := a.inspect(ctx, imp, d, "body.dialect")
	if err != nil {
		return importer.Settings{}, err
	}
	of, err := a.app.Workspaces.Get(ctx, imp.Workspace)
	if err != nil {
		return importer.Settings{}, err
	}
	set := importer.Settings{Dialect: in.Guess.Dialect, Fixed: d.fixed(), Mapping: in.Mapping, Purpose: in.Purpose, Identifier: in.Identifier, Country: of.Country,
		PhonePreset: chosen.PhonePreset, Tags: trimmed(chosen.Tags), Group: strings.TrimSpace(chosen.Group), Repeated: importer.Repeated(chosen.Repeated),
		LegalBasis: chosen.LegalBasis, Language: string(callOf(ctx).text.Lang)}
	if err := applyColumns(&set.Mapping, chosen.Columns, cat); err != nil {
		return set, err
	}
	if len(chosen.Columns) > 0 && set.Identifier != mapping.ByContactID && set.Mapping.Validate(set.Purpose, set.Identifier) != nil {
		set.Identifier = importer.IdentifierOf(&set.Mapping) // the caller moved the columns
	}
	if chosen.Purpose != "" {
		set.Purpose = mapping.Purpose(chosen.Purpose)
	}
	if chosen.Identifier != "" {
		set.Identifier = mapping.Identifier(chosen.Identifier)
	}
	if set.Identifier != mapping.ByContactID && in.Identifier == mapping.ByContactID && chosen.Purpose == "" {
		set.Purpose = mapping.PurposeUpsert // an export of ours that is not taken back by its ids
	}
	if chosen.Country != "" {
		set.Country = strings.ToUpper(chosen.Country)
	}
	switch {
	case chosen.ImportTag == nil:
		zone, err := time.LoadLocation(of.TimeZone)
		if err != nil {
			return set, err
		}
		set.ImportTag = importer.NextTag(cat, a.now().In(zone))
	default:
		set.ImportTag = strings.TrimSpace(*chosen.ImportTag)
	}
	return set, at("body", set.Mapping.Validate(set.Purpose, set.Identifier))
}

// applyColumns puts what was chosen of columns into a mapping.
func applyColumns(m *mapping.Mapping, chosen []Column, cat *contact.Catalogue) error {
	for i := range chosen {
		c := &chosen[i]
		where := fmt.Sprintf("body.columns[%d]", i)
		place := -1
		switch {
		case c.Column != nil && *c.Column < len(m.Columns):
			place = *c.Column
		case c.Column == nil && c.Header != "":
			place = columnByHeader(m, c.Header)
		}
		if place < 0 {
			return at(where, errs.New(errs.Invalid, "api.column_unknown", "header", errs.Clip(c.Header, maxEcho)))
		}
		to := &m.Columns[place]
		to.Options = c.options()
		if c.Field == nil {
			continue
		}
		if err := checkField(*c.Field, cat); err != nil {
			return at(where+".field", err)
		}
		if c.Combine != nil && *c.Combine >= len(m.Columns) {
			return at(where+".combine", errs.New(errs.Invalid, "api.column_unknown", "header", strconv.Itoa(*c.Combine)))
		}
		to.Field, to.Label, to.Type, to.Combine = *c.Field, c.Label, c.Type, c.Combine
		if to.Field == mapping.NewCustom {
			if to.Label = strings.TrimSpace(to.Label); to.Label == "" {
				to.Label = to.Header
			}
			if to.Type == "" {
				to.Type = string(contact.TypeText)
			}
		}
	}
	return nil
}

func columnByHeader(m *mapping.Mapping, header string) int {
	for i := range m.Columns {
		if m.Columns[i].Header == header {
			return i
		}
	}
	for i := range m.Columns {
		if strings.EqualFold(strings.TrimSpace(m.Columns[i].Header), strings.TrimSpace(header)) {
			return i
		}
	}
	return -1
}

// checkField tells whether a field is there to be fed.
func checkField(key string, cat *contact.Catalogue) error {
	if key == "" || key == mapping.NewCustom {
		return nil
	}
	if id, ok := contact.CustomID(key); ok {
		if _, ok := cat.Field(id); ok {
			return nil
		}
	} else if mapping.Known(key) {
		return nil
	}
	return errs.New(errs.Invalid, "api.field_unknown", "field", errs.Clip(key, maxEcho))
}

func trimmed(list []string) []string {
	var out []string
	for _, s := range list {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// sample gives the first n values of a column that hold something.
func sample(g *table.Guess, column, n int) []string {
	out := []string{}
	for i := range g.Sample.Rows {
		cells := g.Sample.Rows[i].Cells
		if len(out) == n {
			break
		}
		if column < len(cells) && cells[column] != "" {
			out = append(out, errs.Clip(cells[column], errs.MaxIssueValue))
		}
	}
	return out
}
