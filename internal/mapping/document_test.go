package mapping

import (
	"encoding/json"
	"testing"

	"cadastro/internal/errs"

	"github.com/google/go-cmp/cmp"
)

func TestValidate(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		fields  []string
		purpose Purpose
		id      Identifier
		want    string
	}{
		{"name and phone", []string{FieldName, FieldPhone}, PurposeUpsert, ByPhone, ""},
		{"two phones", []string{FieldName, FieldPhone, FieldPhone}, PurposeAdd, ByPhone, ""},
		{"two names", []string{FieldName, FieldName, FieldPhone}, PurposeAdd, ByPhone, "mapping.field_twice"},
		{"nothing", []string{"", ""}, PurposeAdd, ByPhone, "mapping.nothing_mapped"},
		{"no identifier", []string{FieldName, FieldPhone}, PurposeAdd, ByEmail, "mapping.identifier_missing"},
		{"no identifier for add all", []string{FieldName}, PurposeAddAll, ByEmail, ""},
		{"no name to add", []string{FieldPhone}, PurposeAdd, ByPhone, "mapping.name_missing"},
		{"no name to update", []string{FieldPhone}, PurposeUpdate, ByPhone, ""},
		{"contact id to add", []string{FieldName, FieldContactID}, PurposeAdd, ByContactID, "mapping.id_needs_update"},
		{"contact id to update", []string{FieldContactID, FieldCity}, PurposeUpdate, ByContactID, ""},
		{"whatsapp identifies a phone", []string{FieldFirstName, FieldWhatsApp}, PurposeUpsert, ByPhone, ""},
	}
	for _, tt := range tests {
		var m Mapping
		for _, f := range tt.fields {
			m.Columns = append(m.Columns, Column{Header: "h", Field: f})
		}
		if got := errs.CodeOf(m.Validate(tt.purpose, tt.id)); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestMappingJSON(t *testing.T) {
	t.Parallel()
	area := 1
	m := Mapping{Columns: []Column{
		{Header: "Fone", Field: FieldPhone, Combine: &area, Options: Options{Country: "BR", IgnoreEmpty: true}},
		{Header: "DDD"},
		{Header: "Sexo", Field: FieldGender, Options: Options{Choices: map[string]string{"M": "male"}}},
	}}
	b, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	var back Mapping
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(m, back); d != "" {
		t.Error(d)
	}
}
