package template_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"cadastro/internal/app"
	"cadastro/internal/auth"
	"cadastro/internal/config"
	"cadastro/internal/contact"
	"cadastro/internal/errs"
	"cadastro/internal/exporter"
	"cadastro/internal/i18n"
	"cadastro/internal/importer"
	"cadastro/internal/mapping"
	"cadastro/internal/normalize"
	"cadastro/internal/table"
	"cadastro/internal/template"

	"github.com/alecthomas/kong"
)

var formats = map[string]func(io.Writer, template.Options) error{"csv": template.WriteCSV, "xlsx": template.WriteXLSX}

// TestRoundTrip takes every template back unchanged, into a workspace with fields of its own: nothing is asked, no row
// has a fault, and the two example contacts are there.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	for _, lang := range i18n.Langs() {
		for format, write := range formats {
			t.Run(string(lang)+" "+format, func(t *testing.T) {
				t.Parallel()
				a := newApp(t)
				cat := makeFields(t, a)
				var b bytes.Buffer
				if err := write(&b, template.Options{Text: a.Texts.Printer(lang), Country: "BR", Fields: cat.Fields}); err != nil {
					t.Fatal(err)
				}
				in, imp := take(t, a, "modelo."+format, b.Bytes())
				if in.Confirm {
					t.Error("something is asked")
				}
				for i, s := range in.Suggestions {
					if in.Mapping.Columns[i].Field == "" || in.Mapping.Columns[i].Field == mapping.NewCustom {
						t.Errorf("%q feeds nothing (%q)", s.Header, s.Field)
					}
				}
				if imp.Counts != (importer.Counts{Imported: 2}) || imp.Summary.Warnings > 0 {
					t.Errorf("%+v, %+v", imp.Counts, imp.Summary)
				}
				got := exported(t, a)
				for i, want := range []map[string]string{
					{"phone": "+5511987650001", "email": "ana@example.com", "tax_id": "12345678909", "birth_date": "1990-05-20", "external_id": "C-1001",
						"priority": "high", "language": string(lang), "address.state": "SP", "address.postal_code": "01310-100", "address.number": "10",
						"address.country": "BR", "gender": "female", "telegram": "@ana_e",
						"custom.1": "12.5", "custom.2": "2026-01-31", "custom.3": "true", "custom.4": "https://www.example.com/1"},
					{"phone": "+5521987650002", "tax_id": "11222333000181", "birth_date": "1985-11-02", "custom.1": "1250", "custom.2": "2026-12-15", "custom.3": "false"},
				} {
					for k, v := range want {
						if !strings.HasPrefix(got[i][k], v) {
							t.Errorf("contact %d: %s is %q, want %q", i+1, k, got[i][k], v)
						}
					}
				}
			})
		}
	}
}

// TestCountries: the example phones are numbers of the country.
func TestCountries(t *testing.T) {
	t.Parallel()
	texts, err := i18n.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, country := range []string{"AR", "BO", "BR", "CL", "CO", "CR", "DO", "EC", "ES", "GT", "MX", "PA", "PE", "PT", "PY", "US", "UY", "VE", "JP", ""} {
		for _, c := range template.Columns(template.Options{Text: texts.Printer(i18n.English), Country: country}) {
			for _, v := range c.Examples {
				var issues []errs.Issue
				switch c.Field {
				case mapping.FieldPhone:
					var phones []normalize.Phone
					phones, issues = normalize.Phones(nil, v, country, normalize.PresetAny)
					if len(phones) != 1 {
						t.Errorf("%s: %q is %v", country, v, phones)
					}
				case mapping.FieldTaxID:
					_, issues = normalize.ReadTaxID(v, country)
				case mapping.FieldCountry:
					_, issues = normalize.Country(v)
				case mapping.FieldPostalCode:
					_, issues = normalize.PostalCode(v, country, "")
				}
				if errs.Worst(issues) > errs.Note {
					t.Errorf("%s: %s %q: %v", country, c.Field, v, issues)
				}
			}
		}
	}
}

// TestHostileLabels: a field's label is made harmless, and one that repeats a header has no column.
func TestHostileLabels(t *testing.T) {
	t.Parallel()
	texts, err := i18n.New()
	if err != nil {
		t.Fatal(err)
	}
	o := template.Options{Text: texts.Printer(i18n.English), Country: "BR", Fields: []contact.CustomField{
		{ID: 1, Label: "=1+1", Type: contact.TypeText}, {ID: 2, Label: "PHONE", Type: contact.TypeText}, {ID: 3, Label: "a,\"b\"\nc", Type: contact.TypeChoice, Choices: []string{"x", "y", "z"}},
	}}
	var b bytes.Buffer
	if err := template.WriteCSV(&b, o); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(b.String(), "\uFEFFName,First name,") {
		t.Errorf("begins with %.40q", b.String())
	}
	rows, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	n := len(rows[0])
	if rows[0][n-2] != "'=1+1" || rows[0][n-1] != "a,\"b\"\nc" || rows[1][n-1] != "x" || rows[2][n-1] != "z" || n != len(template.Columns(template.Options{Text: o.Text}))+2 {
		t.Errorf("%q", rows)
	}
}

// makeFields gives the workspace a custom field of every type that an import can make.
func makeFields(t *testing.T, a *app.App) *contact.Catalogue {
	t.Helper()
	set := importer.Settings{Dialect: table.Dialect{Format: table.CSV, Charset: "utf-8", Delimiter: ";", Header: 1}, Purpose: mapping.PurposeUpdate, Identifier: mapping.ByPhone, Country: "BR", Language: "pt-BR"}
	set.Mapping.Columns = append(set.Mapping.Columns, mapping.Column{Header: "Fone", Field: mapping.FieldPhone})
	for _, f := range [][2]string{{"Pontos", "number"}, {"Renovação", "date"}, {"Assinante?", "boolean"}, {"Perfil público", "url"}, {"Tamanho da camiseta", "text"}} {
		set.Mapping.Columns = append(set.Mapping.Columns, mapping.Column{Header: f[0], Field: mapping.NewCustom, Label: f[0], Type: f[1]})
	}
	imp, err := a.Imports.Upload(console(t), app.FirstWorkspace, "fields.csv", strings.NewReader("Fone;Pontos;Renovação;Assinante?;Perfil público;Tamanho da camiseta\n11987650009;;;;;\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Imports.Review(console(t), app.FirstWorkspace, imp.ID, set, nil); err != nil {
		t.Fatal(err)
	}
	if err := a.Imports.Cancel(console(t), app.FirstWorkspace, imp.ID); err != nil {
		t.Fatal(err)
	}
	return catalogue(t, a)
}

func catalogue(t *testing.T, a *app.App) *contact.Catalogue {
	t.Helper()
	cat, err := a.Contacts.Catalogue(console(t), app.FirstWorkspace)
	if err != nil || cat == nil {
		t.Fatal(cat, err)
	}
	return cat
}

// take imports a file as it was understood.
func take(t *testing.T, a *app.App, name string, raw []byte) (*importer.Inspection, *importer.Import) {
	t.Helper()
	ctx := console(t)
	in, err := importer.Inspect(ctx, table.Source{Name: name, Size: int64(len(raw)), Data: bytes.NewReader(raw)}, table.Dialect{}, table.Limits{},
		a.Imports.KnownOf(ctx, app.FirstWorkspace, "BR", catalogue(t, a), nil))
	if err != nil {
		t.Fatal(err)
	}
	imp, err := a.Imports.Upload(ctx, app.FirstWorkspace, name, bytes.NewReader(raw), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = a.Imports.Review(ctx, app.FirstWorkspace, imp.ID, importer.Settings{
		Dialect: in.Guess.Dialect, Mapping: in.Mapping, Purpose: in.Purpose, Identifier: in.Identifier, Country: "BR", Language: "pt-BR",
	}, nil); err != nil {
		t.Fatal(err)
	}
	if imp, err = a.Imports.Apply(ctx, app.FirstWorkspace, imp.ID, nil); err != nil {
		t.Fatal(err)
	}
	return in, imp
}

// exported gives the contacts by field key.
func exported(t *testing.T, a *app.App) []map[string]string {
	t.Helper()
	var rows rowsOf
	if _, err := a.Exports.Export(console(t), app.FirstWorkspace, exporter.Options{Keys: true, Language: i18n.English}, &rows); err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, v := range row {
			m[rows[0][i]] = v
		}
		out = append(out, m)
	}
	if len(out) != 2 {
		t.Fatal(fmt.Sprint(out))
	}
	return out
}

type rowsOf [][]string

// Write keeps a row.
func (r *rowsOf) Write(cells []string) error {
	*r = append(*r, slices.Clone(cells))
	return nil
}

func newApp(t *testing.T) *app.App {
	t.Helper()
	var cli struct{ config.Config }
	k, err := kong.New(&cli)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.Parse([]string{"--data", t.TempDir()}); err != nil {
		t.Fatal(err)
	}
	a, err := app.Open(t.Context(), cli.Config, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a
}

// console gives the context of the command line.
func console(t *testing.T) context.Context {
	return auth.With(t.Context(), auth.ConsoleActor(app.FirstWorkspace))
}
