package layout

import (
	"maps"
	"slices"
	"strings"

	"cadastro/internal/mapping"
)

// Known is the reason of a suggestion that rests on a layout.
const Known mapping.Reason = "layout"

// Settle puts the layout's knowledge in the place of what was guessed of each column. What a person chose before,
// and the workspace's own fields, stay.
func (m *Match) Settle(list []mapping.Suggestion) {
	taken := map[string]bool{}
	own := make([]bool, len(list))
	before := slices.ContainsFunc(list, func(s mapping.Suggestion) bool { return s.Reason == mapping.UsedBefore })
	for i := range list {
		s := &list[i]
		// Beside columns that were used before, one without a field was left out before.
		own[i] = s.Reason == mapping.UsedBefore || before && s.Field == "" || strings.HasPrefix(s.Field, mapping.CustomPrefix)
		if own[i] {
			taken[list[i].Field] = true
		}
	}
	for i := range m.columns {
		u := &m.columns[i]
		if u.label != "" && !own[i] {
			additional(&list[i])
		}
		if !u.known || own[i] {
			continue
		}
		s := &list[i]
		combine := s.CombineWith
		*s = mapping.Suggestion{Column: s.Column, Header: s.Header, Reason: Known, CombineWith: -1}
		switch {
		case u.field == feedNone:
			s.Proposal = mapping.ProposeIgnore
		case u.field == feedCreated:
			s.Proposal = mapping.ProposeCreatedAt
		case u.field == feedCustom || taken[u.field] && !mapping.Multi(u.field):
			s.Proposal = mapping.ProposeCustom
		default:
			s.Field, s.Confidence, s.Level = u.field, 1, mapping.High
			if mapping.Channel(u.field) {
				s.CombineWith = combine
			}
			taken[u.field] = true
		}
	}
	for i := range list {
		s := &list[i]
		if i < len(m.columns) && !m.columns[i].known && !own[i] && taken[s.Field] && !mapping.Multi(s.Field) {
			*s = mapping.Suggestion{Column: s.Column, Header: s.Header, Reason: mapping.NoMatch, CombineWith: -1, Proposal: mapping.ProposeCustom,
				Alternatives: []mapping.Alternative{{Field: s.Field, Confidence: s.Confidence}}}
		}
		if c := s.CombineWith; c >= 0 && list[c].Proposal != mapping.ProposeCombined {
			s.CombineWith = -1
		}
	}
}

// additional settles a column without a header that the layout takes for an additional field: values that prove
// themselves keep their field, all others stay what their maker calls them.
func additional(s *mapping.Suggestion) {
	switch s.Field {
	case mapping.FieldEmail:
		s.Reason, s.Level, s.Confirm = Known, mapping.High, false
	case mapping.FieldTaxID, mapping.FieldPhone, mapping.FieldBirthDate, "":
	default:
		*s = mapping.Suggestion{Column: s.Column, Header: s.Header, Reason: Known, Proposal: mapping.ProposeCustom, CombineWith: -1,
			Alternatives: []mapping.Alternative{{Field: s.Field, Confidence: s.Confidence}}}
	}
}

// Complete gives the columns of a mapping the layout's options, where they feed the layout's field, and a label to
// those whose custom field would have none. A column of the vendor's that is empty makes no custom field.
func (m *Match) Complete(to *mapping.Mapping) {
	for i := range to.Columns {
		if i >= len(m.columns) {
			return
		}
		c, u := &to.Columns[i], &m.columns[i]
		switch {
		case u.known && c.Field == u.field:
			c.Options = u.opt
			c.Choices = maps.Clone(u.opt.Choices)
		case u.known && u.empty && c.Field == mapping.NewCustom:
			*c = mapping.Column{Header: c.Header}
		case u.label != "" && c.Header == "" && c.Field == "":
			c.Field, c.Label, c.Type = mapping.NewCustom, u.label, "text"
		}
	}
}
