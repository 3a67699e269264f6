package runs

import (
	"strconv"
	"strings"

	"cadastro/internal/charset"
	"cadastro/internal/contact"
	"cadastro/internal/importer"
	"cadastro/internal/table"
	"cadastro/internal/web/page"
)

// setting is one line of how an import was made.
type setting struct {
	Name  string
	Value string
	Tags  []string
}

// how tells the settings that an import was made with, in words.
func how(b *page.Base, imp *importer.Import, cat *contact.Catalogue) []setting {
	set := &imp.Settings
	if len(set.Mapping.Columns) == 0 {
		return nil
	}
	list := []setting{
		{Name: b.T("web.runs.how.purpose"), Value: b.T("import.purpose." + string(set.Purpose))},
		{Name: b.T("web.runs.how.identifier"), Value: b.T("web.runs.how.identifier_in", "field", b.FieldName(cat, string(set.Identifier)), "country", set.Country)},
	}
	add := func(key, value string) {
		if value != "" {
			list = append(list, setting{Name: b.T(key), Value: value})
		}
	}
	add("web.runs.how.group", set.Group)
	tags := append([]string{}, set.Tags...)
	if set.ImportTag != "" {
		tags = append(tags, set.ImportTag)
	}
	if len(tags) > 0 {
		list = append(list, setting{Name: b.T("web.runs.how.tags"), Tags: tags})
	}
	var fields, protected []string
	for i := range set.Mapping.Columns {
		col := &set.Mapping.Columns[i]
		if col.Field == "" {
			continue
		}
		name := b.FieldName(cat, col.Field)
		fields = append(fields, columnName(b, col.Header, i)+" → "+name)
		if col.DoNotOverwrite {
			protected = append(protected, name)
		}
	}
	add("web.runs.how.protected", strings.Join(protected, ", "))
	add("web.runs.how.basis", set.LegalBasis)
	add("web.runs.how.reading", reading(b, set.Dialect))
	add("web.runs.how.columns", strings.Join(fields, " · "))
	return list
}

// columnName gives a column's header, or its number where it has none.
func columnName(b *page.Base, header string, i int) string {
	if header == "" {
		return b.T("import.column_n", "n", i+1)
	}
	return header
}

// reading tells in one line how a file was read.
func reading(b *page.Base, d table.Dialect) string {
	name := strings.ToUpper(string(d.Format))
	if d.Compression != "" {
		name += " (" + d.Compression + ")"
	}
	parts := []string{name}
	if d.Format == table.CSV {
		sign := d.Delimiter
		if word, ok := signs[sign]; ok {
			sign = b.T("web.runs.read." + word)
		} else {
			sign = strconv.Quote(sign)
		}
		parts = append(parts, sign)
	}
	if d.Quote == '"' && d.Format == table.CSV {
		parts = append(parts, b.T("web.runs.read.quotes"))
	}
	if d.Charset != "" {
		parts = append(parts, charset.Label(d.Charset))
	}
	if d.Sheet != "" {
		parts = append(parts, b.T("web.runs.read.sheet", "name", d.Sheet))
	}
	return strings.Join(parts, ", ")
}

// signs are the delimiters that have a name.
var signs = map[string]string{",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe", " ": "space", ":": "colon", "": "one_column"}
