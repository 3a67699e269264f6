package importer

import (
	"context"
	"strings"

	"cadastro/internal/contact"
	"cadastro/internal/i18n"
	vendors "cadastro/internal/layout"
	"cadastro/internal/mapping"
	"cadastro/internal/normalize"
	"cadastro/internal/table"
)

// Inspection is what can be said of a file before anything is decided: how it is read, what is in it and what
// would be done with its columns.
type Inspection struct {
	Guess       table.Guess
	Header      []string
	Suggestions []mapping.Suggestion
	Mapping     mapping.Mapping
	Purpose     mapping.Purpose
	Identifier  mapping.Identifier
	Repeated    Repeated       // [RepeatedJoin] where a row is one address of a client, else [RepeatedError]
	Confirm     bool           // some column should be looked at by a person
	Layout      *vendors.Match // the system that wrote the file, nil where it is not known
}

// Known is what a workspace knows that helps to understand a file.
type Known struct {
	Country string
	Fields  []contact.CustomField
	Owners  []string
	Saved   []mapping.Mapping
	Texts   *i18n.Catalogue // to recognise exports of ours; nil for none
}

// KnownOf gathers what a workspace knows about files with headers like these.
func (s *Service) KnownOf(ctx context.Context, workspace int64, country string, cat *contact.Catalogue, saved []mapping.Saved) Known {
	k := Known{Country: country, Fields: cat.Fields, Texts: s.Texts}
	for name := range cat.Members {
		k.Owners = append(k.Owners, name)
	}
	for _, m := range saved {
		k.Saved = append(k.Saved, m.Mapping)
	}
	return k
}

// Inspect finds out how a file is to be read and proposes what each column feeds. Fields of hint that are set
// were fixed by a person.
func Inspect(ctx context.Context, src table.Source, hint table.Dialect, lim table.Limits, k Known) (*Inspection, error) {
	g, err := table.Redetect(ctx, src, hint, lim)
	if err != nil {
		return nil, err
	}
	return Understand(g, k), nil
}

// Understand proposes what each column feeds of a table whose reading is settled and whose sample is at hand.
func Understand(g table.Guess, k Known) *Inspection {
	in := &Inspection{Guess: g, Header: g.Sample.Header}
	rows := make([][]string, len(g.Sample.Rows))
	for i := range g.Sample.Rows {
		rows[i] = g.Sample.Rows[i].Cells
	}
	in.Suggestions = mapping.Suggest(in.Header, rows, k.options())
	if m, ok := vendors.Recognise(in.Header, rows); ok {
		in.Layout = m
		m.Settle(in.Suggestions)
	}
	in.Mapping = propose(in.Header, rows, in.Suggestions)
	in.Purpose, in.Identifier = mapping.PurposeUpsert, IdentifierOf(&in.Mapping)
	if in.Layout != nil {
		in.Layout.Complete(&in.Mapping)
		if id := in.Layout.Identifier; id != "" && in.Mapping.Validate(in.Purpose, id) == nil {
			in.Identifier = id
		}
	}
	for _, s := range in.Suggestions {
		in.Confirm = in.Confirm || s.Confirm
	}
	k.ownExport(in)
	in.Repeated = RepeatedError
	for _, c := range in.Mapping.Columns {
		if c.Field == mapping.FieldChannelValue {
			in.Repeated = RepeatedJoin
		}
	}
	return in
}

func (k Known) options() mapping.SuggestOptions {
	opt := mapping.SuggestOptions{Country: k.Country, Owners: k.Owners, Saved: k.Saved}
	for _, f := range k.Fields {
		opt.CustomFields = append(opt.CustomFields, mapping.CustomField{
			Key: strings.TrimPrefix(contact.CustomKey(f.ID), mapping.CustomPrefix), Label: f.Label, Type: string(f.Type), Headers: f.Headers, Choices: f.Choices,
		})
	}
	return opt
}

// propose turns suggestions into a mapping. A column that holds data of no field of ours becomes a custom field,
// so that nothing is lost; one that holds nothing, or a password, is left out.
func propose(header []string, rows [][]string, list []mapping.Suggestion) mapping.Mapping {
	m := mapping.Mapping{Columns: make([]mapping.Column, len(header))}
	for i, s := range list {
		c := &m.Columns[i]
		c.Header = header[i]
		switch {
		case s.Field != "" && placeable(s.Field):
			c.Field = s.Field
			if s.CombineWith >= 0 {
				with := s.CombineWith
				c.Combine = &with
			}
		case header[i] == "" || s.Proposal == mapping.ProposeIgnore || s.Proposal == mapping.ProposeCombined:
		case s.Field != "" || s.Proposal == mapping.ProposeCustom || s.Proposal == mapping.ProposeCreatedAt:
			c.Field, c.Label, c.Type = mapping.NewCustom, header[i], string(contact.TypeText)
		}
	}
	return m
}

// placeable tells whether a contact has a place for the field. The texts and wildcards of an audience are not the
// contact's own; they become custom fields where a file of them is imported as contacts.
func placeable(field string) bool {
	if strings.HasPrefix(field, "wildcard") || field == mapping.FieldMessage {
		return false
	}
	return true
}

// IdentifierOf chooses what contacts are recognised by: the phone, and where there is none the next best key.
func IdentifierOf(m *mapping.Mapping) mapping.Identifier {
	has := map[string]bool{}
	for _, c := range m.Columns {
		has[c.Field] = true
	}
	switch {
	case has[mapping.FieldPhone] || has[mapping.FieldWhatsApp] || has[mapping.FieldChannelValue]:
		return mapping.ByPhone
	case has[mapping.FieldEmail]:
		return mapping.ByEmail
	case has[mapping.FieldTaxID]:
		return mapping.ByTaxID
	case has[mapping.FieldExternalID]:
		return mapping.ByExternalID
	}
	return mapping.ByPhone
}

// ownExport recognises a file that we wrote ourselves by the column of our contact ids, and takes each column back
// where it came from.
func (k Known) ownExport(in *Inspection) {
	if k.Texts == nil || len(in.Header) == 0 {
		return
	}
	for _, lang := range i18n.Langs() {
		text := k.Texts.Printer(lang)
		if in.Header[0] != text.T("field.id") {
			continue
		}
		names := map[string]string{}
		for _, f := range exportable() {
			names[normalize.Fold(text.T("field."+f))] = f
		}
		for i := range in.Mapping.Columns {
			c := &in.Mapping.Columns[i]
			name := strings.TrimRight(normalize.Fold(in.Header[i]), " 0123456789")
			if f, ok := names[name]; ok && (name == normalize.Fold(in.Header[i]) || contact.IsChannel(f)) {
				*c = mapping.Column{Header: in.Header[i], Field: f}
				if f == string(contact.Telegram) {
					c.Field = mapping.FieldTelegramID
				}
				in.Suggestions[i].Field, in.Suggestions[i].Confirm, in.Suggestions[i].Confidence, in.Suggestions[i].Level = c.Field, false, 1, mapping.High
			}
		}
		in.Purpose, in.Identifier = mapping.PurposeUpdate, mapping.ByContactID
		return
	}
}

// exportable lists the field keys that an export of ours may have as columns, custom fields aside.
func exportable() []string {
	out := []string{mapping.FieldContactID, contact.FieldTags, contact.FieldGroups}
	for _, k := range contact.ChannelKinds() {
		out = append(out, string(k))
	}
	for s := range contact.NumScalars {
		out = append(out, s.Key())
	}
	return out
}
