// Package template makes the files that people download to fill in: one column for each field that a contact can
// have in their workspace, and two example rows that show how values are written. The importer takes such a file
// back without a question; a test holds both packages to that in every language and format.
package template

import (
	"io"
	"strings"

	"cadastro/internal/contact"
	"cadastro/internal/i18n"
	"cadastro/internal/mapping"
	"cadastro/internal/table"
	"cadastro/internal/xlsx"
)

// Options say for whom a template is. Country is the workspace's, ISO 3166-1 alpha-2: example phones and documents are
// those of its country. Fields are the workspace's custom fields; they stand behind the standard ones.
type Options struct {
	Text    *i18n.Printer
	Country string
	Fields  []contact.CustomField
}

// Column is one column of a template. Examples are as a person of the language types them.
type Column struct {
	Field    string // field key
	Header   string
	Kind     xlsx.ColumnKind
	Examples [2]string
}

// fields are the standard fields in the order of the columns. An owner is not among them: the example rows would
// need the name of a member.
var fields = [...]string{
	mapping.FieldName, mapping.FieldFirstName, mapping.FieldLastName, mapping.FieldPhone, mapping.FieldEmail, mapping.FieldCompany,
	mapping.FieldJobTitle, mapping.FieldTaxID, mapping.FieldBirthDate, mapping.FieldGender, mapping.FieldExternalID, mapping.FieldTags,
	mapping.FieldGroups, mapping.FieldPriority, mapping.FieldLanguage, mapping.FieldTelegramID, mapping.FieldWebsite,
	mapping.FieldStreet, mapping.FieldNumber, mapping.FieldComplement, mapping.FieldDistrict, mapping.FieldCity, mapping.FieldState,
	mapping.FieldPostalCode, mapping.FieldCountry, mapping.FieldConsent, mapping.FieldNotes,
}

// Columns gives the columns of the template.
func Columns(o Options) []Column {
	var out []Column
	used := map[string]bool{}
	place := placeOf(o.Country)
	for _, f := range fields {
		c := Column{Field: f, Header: o.Text.T("field." + f)}
		if own := example(o.Text, "template.header."+f); own != "" {
			c.Header = own // a word that says more in a spreadsheet than the form's
		}
		switch f {
		case mapping.FieldPhone:
			c.Examples = place.phones
		case mapping.FieldTaxID:
			c.Examples = place.taxIDs
		case mapping.FieldCity:
			c.Examples[0] = place.city
		case mapping.FieldState:
			c.Examples[0] = place.state
		case mapping.FieldPostalCode:
			c.Examples[0] = place.postalCode
		case mapping.FieldCountry:
			c.Examples[0] = o.Country
		case mapping.FieldBirthDate:
			c.Kind = xlsx.AsDate
			c.Examples = [2]string{"1990-05-20", "1985-11-02"}
		case mapping.FieldLanguage:
			c.Examples[0] = string(o.Text.Lang)
		default:
			c.Examples = [2]string{example(o.Text, "template.first."+f), example(o.Text, "template.second."+f)}
		}
		used[strings.ToLower(c.Header)] = true
		out = append(out, c)
	}
	for _, f := range o.Fields {
		if used[strings.ToLower(f.Label)] {
			continue // the header would name two fields
		}
		used[strings.ToLower(f.Label)] = true
		out = append(out, custom(o.Text, f))
	}
	return out
}

func example(text *i18n.Printer, key string) string {
	if !text.Has(key) {
		return ""
	}
	return text.T(key)
}

// custom makes the column of a custom field.
func custom(text *i18n.Printer, f contact.CustomField) Column {
	c := Column{Field: contact.CustomKey(f.ID), Header: f.Label}
	switch f.Type {
	case contact.TypeNumber:
		c.Kind = xlsx.AsNumber
		c.Examples = [2]string{"12.5", "1250"}
	case contact.TypeDate:
		c.Kind = xlsx.AsDate
		c.Examples = [2]string{"2026-01-31", "2026-12-15"}
	case contact.TypeBoolean:
		c.Examples = [2]string{text.T("template.yes"), text.T("template.no")}
	case contact.TypeChoice:
		if n := len(f.Choices); n > 0 {
			c.Examples = [2]string{f.Choices[0], f.Choices[n-1]}
		}
	case contact.TypeURL:
		c.Examples = [2]string{"https://www.example.com/1", "https://www.example.com/2"}
	default:
		c.Examples[0] = text.T("template.text")
	}
	return c
}

// sheetColumn is the width of a column with room to type, in characters.
const sheetColumn = 18

// WriteXLSX writes the template as a workbook: phones and codes in cells of text, which a spreadsheet program leaves
// as they are, dates and numbers in cells of their kind.
func WriteXLSX(w io.Writer, o Options) error {
	columns := Columns(o)
	sheet := make([]xlsx.Column, len(columns))
	for i, c := range columns {
		sheet[i] = xlsx.Column{Header: c.Header, Kind: c.Kind, Width: max(sheetColumn, float64(len([]rune(c.Header))+2))}
	}
	x := xlsx.NewWriter(w, xlsx.WriterOptions{})
	if err := x.Sheet(o.Text.T("template.sheet"), sheet); err != nil {
		return err
	}
	for n := range columns[0].Examples {
		cells := make([]string, len(columns))
		for i, c := range columns {
			cells[i] = c.Examples[n]
		}
		if err := x.Write(cells); err != nil {
			return err
		}
	}
	return x.Close()
}

// WriteCSV writes the template as delimited text that a spreadsheet program of the language opens as columns: with a
// byte order mark, and semicolons where the comma is the decimal sign.
func WriteCSV(w io.Writer, o Options) error {
	columns := Columns(o)
	d := table.Dialect{Format: table.CSV, Delimiter: ";", Quote: '"'}
	if o.Text.Lang == i18n.English {
		d.Delimiter = ","
	}
	out, err := table.NewWriter(w, d, table.WriterOptions{BOM: true, Guard: true})
	if err != nil {
		return err
	}
	cells := make([]string, len(columns))
	for i, c := range columns {
		cells[i] = c.Header
	}
	if err := out.Write(cells); err != nil {
		return err
	}
	for n := range columns[0].Examples {
		for i, c := range columns {
			cells[i] = typed(o.Text.Lang, c.Kind, c.Examples[n])
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	return out.Flush()
}

// typed writes a date or a number as people of the language do.
func typed(lang i18n.Lang, kind xlsx.ColumnKind, value string) string {
	if lang == i18n.English {
		return value
	}
	switch kind {
	case xlsx.AsDate:
		if p := strings.Split(value, "-"); len(p) == 3 {
			return p[2] + "/" + p[1] + "/" + p[0]
		}
	case xlsx.AsNumber:
		return strings.Replace(value, ".", ",", 1)
	}
	return value
}
