package importer_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"cadastro/internal/db"
	"cadastro/internal/db/dbtest"
	"cadastro/internal/errs"
	"cadastro/internal/importer"
	"cadastro/internal/mapping"
	"cadastro/internal/table"
)

func sourceOf(text string) table.Source {
	return table.Source{Name: "teste.csv", Size: int64(len(text)), Data: strings.NewReader(text)}
}

// TestReread: what a person fixed holds, also where it is nothing; the rest is found anew.
func TestReread(t *testing.T) {
	t.Parallel()
	const text = "Lista de clientes;;\r\nNome|x;Telefone;Nota\r\nAna|1;11987650001;\"a\"\r\nBia|2;11987650002;\"b\"\r\n"
	for _, c := range []struct {
		name   string
		d      table.Dialect
		fixed  []string
		header []string
		first  string
	}{
		{"nothing", table.Dialect{}, nil, []string{"Nome|x", "Telefone", "Nota"}, "Ana|1"},
		{"what is not fixed does not count", table.Dialect{Delimiter: "|", Quote: '\''}, nil, []string{"Nome|x", "Telefone", "Nota"}, "Ana|1"},
		{"no header", table.Dialect{Skip: 1}, []string{importer.FixHeader}, []string{"", "", ""}, "Nome|x"},
		{"from the first line", table.Dialect{}, []string{importer.FixHeader}, []string{"", "", ""}, "Lista de clientes"},
		{"one column", table.Dialect{Skip: 1, Header: 1}, []string{importer.FixDelimiter, importer.FixHeader}, []string{"Nome|x;Telefone;Nota"}, `Ana|1;11987650001;"a"`},
		{"another delimiter", table.Dialect{Delimiter: "|", Skip: 1, Header: 1}, []string{importer.FixDelimiter, importer.FixHeader}, []string{"Nome", "x;Telefone;Nota"}, "Ana"},
		{"no quote", table.Dialect{}, []string{importer.FixQuote}, []string{"Nome|x", "Telefone", "Nota"}, "Ana|1"},
	} {
		g, err := importer.Reread(context.Background(), sourceOf(text), c.d, c.fixed, table.Limits{})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if !slices.Equal(g.Sample.Header, c.header) || len(g.Sample.Rows) == 0 || g.Sample.Rows[0].Cells[0] != c.first {
			t.Errorf("%s: header %q, rows %v", c.name, g.Sample.Header, g.Sample.Rows)
		}
		if c.name == "no quote" && g.Sample.Rows[0].Cells[2] != `"a"` {
			t.Errorf("%s: %q", c.name, g.Sample.Rows[0].Cells[2])
		}
	}
}

// TestCountRows: rows are counted up to a bound, and estimated beyond it.
func TestCountRows(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("Nome;Telefone\r\n")
	for i := range 60_000 {
		fmt.Fprintf(&b, "Pessoa %06d;1198765%04d\r\n", i, i%10000)
	}
	g, err := table.Detect(context.Background(), sourceOf(b.String()), table.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	n, exact, err := importer.CountRows(context.Background(), sourceOf(b.String()), g.Dialect, table.Limits{}, 100_000)
	if err != nil || n != 60_000 || !exact {
		t.Errorf("%d, %v, %v", n, exact, err)
	}
	n, exact, err = importer.CountRows(context.Background(), sourceOf(b.String()), g.Dialect, table.Limits{}, 20_000)
	if err != nil || exact || n < 50_000 || n > 70_000 {
		t.Errorf("about %d, %v, %v", n, exact, err)
	}
}

// TestSaveDraft: what was chosen stays, however incomplete; a review that was made with other settings is gone, one with
// the same stays.
func TestSaveDraft(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 0)
		full := settings(mapping.PurposeUpsert, mapping.ByPhone, "Nome=name", "Telefone=phone")
		imp := w.review(file("Nome;Telefone", "Ana;11987650001"), full)
		if imp.State != importer.InReview {
			t.Fatal(imp.State)
		}
		same, err := w.imports.SaveDraft(console(), ws, imp.ID, imp.Settings)
		if err != nil || same.State != importer.InReview {
			t.Errorf("the same settings: %v, %v", same, err)
		}
		half := settings(mapping.PurposeAdd, mapping.ByEmail, "Nome=", "Telefone=")
		half.Fixed = []string{importer.FixDelimiter}
		if _, err = w.imports.SaveDraft(console(), ws, imp.ID, half); err != nil {
			t.Fatal(err)
		}
		got, err := w.imports.Get(console(), ws, imp.ID)
		if err != nil || got.State != importer.Uploaded || got.Settings.Identifier != mapping.ByEmail || !slices.Equal(got.Settings.Fixed, half.Fixed) {
			t.Errorf("%+v, %v", got, err)
		}
		if _, err = w.imports.Start(console(), ws, imp.ID); errs.KindOf(err) != errs.Conflict {
			t.Errorf("a draft can be started: %v", err)
		}
		if imp, err = w.imports.Review(console(), ws, imp.ID, full, nil); err != nil {
			t.Fatal(err)
		}
		w.apply(imp)
		if _, err = w.imports.SaveDraft(console(), ws, imp.ID, half); errs.CodeOf(err) != "import.started" {
			t.Errorf("settings of an import that is done: %v", err)
		}
		if _, err = w.imports.SaveDraft(context.Background(), ws, imp.ID, half); err == nil {
			t.Error("anybody may")
		}
	})
}

// TestTryRow: a row tried by itself comes to what the review says of it, and shows each field before and after.
func TestTryRow(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 0)
		columns := []string{"Nome=name", "Telefone=phone", "Cidade=address.city!", "Empresa=company", "Etiquetas=tags", "Camisa=custom.new"}
		set := settings(mapping.PurposeUpsert, mapping.ByPhone, columns...)
		w.do(file("Nome;Telefone;Cidade;Empresa;Etiquetas;Camisa", "Ana;11987650001;Recife;Loja;VIP;M"), set)
		text := file("Nome;Telefone;Cidade;Empresa;Etiquetas;Camisa",
			"Ana Lima;(11) 98765-0001;Natal;;VIP, Nova;G", "Bia;11987650002;Olinda;Bar;;P", "Cia;123;;;;", "Ana;11987650001;Recife;Loja;VIP;M")
		set.ImportTag = "import-2026-11-20-1"
		sample, err := table.Preview(context.Background(), sourceOf(text), set.Dialect, table.Limits{}, 10)
		if err != nil {
			t.Fatal(err)
		}
		cat, err := w.contacts.Catalogue(console(), ws)
		if err != nil {
			t.Fatal(err)
		}
		var outcomes []importer.Outcome
		trials := make([]*importer.Trial, len(sample.Rows))
		for i := range sample.Rows {
			if trials[i], err = w.imports.TryRow(console(), ws, set, cat, sample.Rows, i); err != nil {
				t.Fatal(err)
			}
			outcomes = append(outcomes, trials[i].Outcome)
		}
		if want := []importer.Outcome{importer.RowUpdated, importer.RowImported, importer.RowError, importer.RowSkipped}; !slices.Equal(outcomes, want) {
			t.Errorf("outcomes %v", outcomes)
		}
		fields := map[string]importer.TrialField{}
		for _, f := range trials[0].Fields {
			fields[f.Key] = f
		}
		if f := fields["name"]; f.Old != "Ana" || f.New != "Ana Lima" {
			t.Errorf("name %+v", f)
		}
		if f := fields["address.city"]; !f.Kept() || f.New != "Recife" || f.Given != "Natal" {
			t.Errorf("city %+v", f)
		}
		if f := fields["company"]; !f.Cleared() {
			t.Errorf("company %+v", f)
		}
		if f := fields["tags"]; !slices.Equal(f.Names, []string{"import-2026-11-20-1", "Nova", "VIP"}) && len(f.Names) != 3 || !slices.Contains(f.Added, "Nova") || slices.Contains(f.Added, "VIP") {
			t.Errorf("tags %+v", f)
		}
		if f := fields["phone"]; f.Raw != "(11) 98765-0001" {
			t.Errorf("phone %+v", f)
		}
		before, err := w.imports.Digest(console(), ws)
		if err != nil {
			t.Fatal(err)
		}
		set.Mapping.Columns[1].Field = ""
		if _, err := w.imports.TryRow(console(), ws, set, cat, sample.Rows, 0); errs.CodeOf(err) != "mapping.identifier_missing" {
			t.Errorf("without an identifier: %v", err)
		}
		if now, err := w.imports.Digest(console(), ws); err != nil || now != before {
			t.Error("a trial changed the base")
		}
	})
}
