package cli

import (
	"cmp"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"cadastro/internal/contact"
	"cadastro/internal/errs"
	"cadastro/internal/importer"
	"cadastro/internal/mapping"
	"cadastro/internal/normalize"
)

// choose settles the columns: by the flags, and where a field is doubtful by asking.
func (c *importCmd) choose(s *session, in *importer.Inspection, cat *contact.Catalogue) error {
	given := map[int]bool{}
	for _, m := range c.Map {
		at := strings.LastIndexByte(m, '=')
		if at < 0 {
			return errs.New(errs.Invalid, "cli.map", "value", m)
		}
		i, err := findColumn(in.Header, m[:at])
		if err != nil {
			return err
		}
		if err := setField(in, i, strings.TrimSpace(m[at+1:]), cat); err != nil {
			return err
		}
		given[i] = true
	}
	for i := range in.Suggestions {
		if in.Suggestions[i].Confirm && !given[i] && in.Mapping.Columns[i].Field != "" && !c.Yes && !c.JSON && s.interactive() {
			if err := s.confirm(in, i, cat); err != nil {
				return err
			}
		}
	}
	for _, k := range c.Keep {
		i, err := findColumn(in.Header, k)
		if err != nil {
			return err
		}
		in.Mapping.Columns[i].DoNotOverwrite = true
	}
	for i := range in.Mapping.Columns {
		col := &in.Mapping.Columns[i]
		col.IgnoreEmpty = col.IgnoreEmpty || c.IgnoreEmpty
		if col.DateOrder == "" {
			col.DateOrder = c.DateOrder
		}
	}
	return nil
}

// confirm asks what a doubtful column feeds.
func (s *session) confirm(in *importer.Inspection, i int, cat *contact.Catalogue) error {
	sug := &in.Suggestions[i]
	var shown []string
	for _, v := range samples(in, i, 3) {
		shown = append(shown, oneLine(v, 28))
	}
	for {
		answer := s.ask("cli.confirm", "column", oneLine(s.columnName(in.Header, i), 40), "field", s.fieldName(sug.Field, cat), "samples", strings.Join(shown, ", "))
		if s.ctx.Err() != nil {
			return s.ctx.Err()
		}
		switch answer {
		case "", "s", "sim", "si", "sí", "y", "yes":
			return nil
		case "n", "não", "nao", "no":
			return setField(in, i, mapping.ProposeCustom, cat)
		case "-":
			return setField(in, i, "", cat)
		}
		if err := setField(in, i, answer, cat); err == nil {
			return nil
		}
		s.tell("cli.no_such_field", "field", answer)
	}
}

// findColumn finds a column by its header, in any case and with or without accents, or as "#3" by its place.
func findColumn(header []string, name string) (int, error) {
	if n, err := strconv.Atoi(strings.TrimPrefix(name, "#")); err == nil && strings.HasPrefix(name, "#") && n >= 1 && n <= len(header) {
		return n - 1, nil
	}
	if i := slices.Index(header, name); i >= 0 {
		return i, nil
	}
	key := normalize.Fold(name)
	for i, h := range header {
		if key != "" && normalize.Fold(h) == key {
			return i, nil
		}
	}
	shown := make([]string, len(header))
	for i, h := range header {
		shown[i] = oneLine(h, 40)
	}
	return 0, errs.New(errs.Invalid, "cli.header_unknown", "header", name, "headers", errs.Clip(strings.Join(shown, ", "), 500))
}

// setField makes a column feed a field: the key of one, the label of a custom one, "" for none, "custom" or
// "custom:number" for a new custom one. A column that had the field by our own suggestion makes way: it becomes
// a custom field.
func setField(in *importer.Inspection, i int, field string, cat *contact.Catalogue) error {
	col := mapping.Column{Header: in.Header[i], Field: field}
	kind, _ := strings.CutPrefix(field, "custom:")
	switch {
	case field == mapping.ProposeCustom || kind != field:
		col.Field, col.Label, col.Type = mapping.NewCustom, in.Header[i], kind
		if kind == field {
			col.Type = string(contact.TypeText)
		}
		switch contact.FieldType(col.Type) {
		case contact.TypeText, contact.TypeNumber, contact.TypeDate, contact.TypeBoolean, contact.TypeChoice, contact.TypeURL:
		default:
			return errs.New(errs.Invalid, "cli.field_unknown", "field", field)
		}
	case field == "":
	case strings.HasPrefix(field, mapping.CustomPrefix) || !mapping.Known(field):
		id, ok := contact.CustomID(field)
		if _, known := cat.Field(id); !ok || !known {
			f, found := cat.FieldByLabel(field)
			if !found {
				return errs.New(errs.Invalid, "cli.field_unknown", "field", field)
			}
			col.Field = contact.CustomKey(f.ID)
		}
	}
	if old := in.Mapping.Columns[i]; old.Field == col.Field {
		col.Combine = old.Combine
	}
	in.Mapping.Columns[i] = col
	if col.Field == "" || col.Field == mapping.NewCustom || mapping.Multi(col.Field) {
		return nil
	}
	for j := range in.Mapping.Columns {
		other := &in.Mapping.Columns[j]
		if j == i || other.Field != col.Field {
			continue
		}
		*other = mapping.Column{Header: in.Header[j]}
		if other.Header != "" {
			other.Field, other.Label, other.Type = mapping.NewCustom, other.Header, string(contact.TypeText)
		}
	}
	return nil
}

// settings gathers what was chosen.
func (c *importCmd) settings(s *session, in *importer.Inspection, cat *contact.Catalogue) (importer.Settings, error) {
	set := importer.Settings{
		Dialect: in.Guess.Dialect, Mapping: in.Mapping, Purpose: in.Purpose, Identifier: in.Identifier, Country: s.cfg.Country,
		PhonePreset: c.PhonePreset, Tags: names(c.Tag), Group: strings.TrimSpace(c.Group), Repeated: cmp.Or(importer.Repeated(c.Repeated), in.Repeated), Language: string(s.text.Lang),
	}
	asItsSystem := in.Layout != nil && set.Mapping.Validate(set.Purpose, set.Identifier) == nil
	if !asItsSystem && (set.Identifier != mapping.ByContactID || !slices.ContainsFunc(in.Mapping.Columns, func(c mapping.Column) bool { return c.Field == mapping.FieldContactID })) {
		set.Identifier = importer.IdentifierOf(&in.Mapping) // the flags may have moved the columns
	}
	if c.Purpose != "" {
		set.Purpose = mapping.Purpose(c.Purpose)
	}
	if c.Identifier != "" {
		set.Identifier = mapping.Identifier(c.Identifier)
	}
	if set.Identifier != mapping.ByContactID && in.Identifier == mapping.ByContactID && c.Purpose == "" {
		set.Purpose = mapping.PurposeUpsert // an own export that is not taken back by its ids
	}
	zone, err := s.cfg.Location()
	if err != nil {
		return set, err
	}
	switch tag := strings.TrimSpace(c.ImportTag); strings.ToLower(tag) {
	case "":
		set.ImportTag = importer.NextTag(cat, time.Now().In(zone))
	case "none":
	default:
		set.ImportTag = tag
	}
	return set, set.Mapping.Validate(set.Purpose, set.Identifier)
}

// names trims names and drops empty ones.
func names(list []string) []string {
	var out []string
	for _, n := range list {
		if n = strings.TrimSpace(n); n != "" {
			out = append(out, n)
		}
	}
	return out
}

// mappingName names a saved mapping after its file, without the numbers and dates that differ from day to day.
func mappingName(file string) string {
	name := strings.TrimSuffix(file, filepath.Ext(file))
	name = strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, name)
	if name = strings.Trim(name, " -_.()"); name == "" {
		return "import"
	}
	return errs.Clip(name, 100)
}
