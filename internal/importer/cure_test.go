package importer_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"cadastro/internal/db"
	"cadastro/internal/db/dbtest"
	"cadastro/internal/errs"
	"cadastro/internal/i18n"
	"cadastro/internal/importer"
	"cadastro/internal/table"
)

// keys lists the cures of a cause as "key rows/of".
func (w *world) cures(imp *importer.Import, cause string) []string {
	w.t.Helper()
	list, err := w.imports.Cures(console(), imp, cause)
	if err != nil {
		w.t.Fatal(err)
	}
	texts, err := i18n.New()
	if err != nil {
		w.t.Fatal(err)
	}
	var out []string
	for _, c := range list {
		out = append(out, fmt.Sprintf("%s %d/%d", c.Key, c.Rows, c.Of))
		if len(c.Samples) > 5 {
			w.t.Errorf("%s has %d samples", c.Key, len(c.Samples))
		}
		var args []any
		for k, v := range c.Texts {
			args = append(args, k, v)
		}
		for _, part := range []string{"title", "question", "button"} {
			for _, lang := range i18n.Langs() {
				if text := texts.Printer(lang).T("cure."+c.Kind+"."+part, args...); strings.Contains(text, "cure.") || strings.Contains(text, "<no value>") {
					w.t.Errorf("%s %s: %q", lang, c.Key, text)
				}
			}
		}
	}
	if n := texts.Missing(); len(n) > 0 {
		w.t.Errorf("texts are missing: %v", n)
	}
	return out
}

func (w *world) wantCures(imp *importer.Import, cause string, want ...string) {
	w.t.Helper()
	if got := w.cures(imp, cause); !slices.Equal(got, want) {
		w.t.Errorf("cures of %s: %q, want %q", cause, got, want)
	}
}

// TestCureAreaCode: missing area codes come from the row's city where that is certain, or from a choice; all of it is
// counted, told in the result and taken back in one go.
func TestCureAreaCode(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 3)
		text := file("nome;fone;cidade;uf", "Ana;98765-4321;São Paulo;SP", "Bia;3333-4444;Campinas;", "Caio;98888-1111;Bom Jesus;", "Dora;98888-2222;;",
			"Eva;21 98888-3333;;", "Ivo;98888-4444 / 3333-5555;São Paulo;SP", "Léo;8765-1234;Porto Alegre;RS")
		imp := w.review(text, settings(upsert, "phone", "nome=name", "fone=phone", "cidade=address.city", "uf=address.state"))
		const cause = "error.phone.no_area_code"
		w.wantCures(imp, cause, "area_code_city 3/6", "area_code_one 5/6", "row_left_out 6/6")
		list, err := w.imports.CureRows(console(), imp, cause, "area_code_city", nil, 1, 2)
		if err != nil || len(list) != 2 || list[0] != (importer.CureSample{Row: 2, Line: 3, Column: 1, Before: "3333-4444", After: "19 3333-4444"}) || list[1].Row != 7 {
			t.Errorf("%v %+v", err, list)
		}
		imp, n, err := w.imports.ApplyCure(console(), ws, imp.ID, cause, "area_code_city", nil)
		if err != nil || n != 3 || imp.Summary.Reasons["fixed.area_code_city"] != 3 || imp.Summary.Counts.Imported != 4 {
			t.Fatalf("%v %d %+v", err, n, imp.Summary)
		}
		w.wantCounts(imp)
		w.wantCures(imp, cause, "area_code_one 2/3", "row_left_out 3/3")
		if _, _, err := w.imports.ApplyCure(console(), ws, imp.ID, cause, "area_code_one", nil); errs.CodeOf(err) != "cure.needs" {
			t.Errorf("without an area code: %v", err)
		}
		if imp, n, err = w.imports.ApplyCure(console(), ws, imp.ID, cause, "area_code_one", map[string]string{"area": "71"}); err != nil || n != 2 {
			t.Fatal(n, err)
		}
		if imp, n, err = w.imports.ApplyCure(console(), ws, imp.ID, cause, "row_left_out", nil); err != nil || n != 1 {
			t.Fatal(n, err)
		}
		w.wantPlan(imp, "imported", "imported", "imported", "imported", "imported", "skipped left_out", "imported")
		if imp, n, err = w.imports.DropCure(console(), ws, imp.ID, "area_code_one"); err != nil || n != 2 {
			t.Fatal(n, err)
		}
		w.wantPlan(imp, "imported", "imported", "error cells", "error cells", "imported", "skipped left_out", "imported")
		if imp, err = w.imports.Review(console(), ws, imp.ID, imp.Settings, nil); err != nil {
			t.Fatal(err)
		}
		w.wantPlan(imp, "imported", "imported", "error cells", "error cells", "imported", "skipped left_out", "imported")
		imp = w.apply(imp)
		if imp.Drifted != 0 || imp.Counts.Imported != 4 {
			t.Errorf("%+v drifted %d", imp.Counts, imp.Drifted)
		}
		live := strings.Join(w.live(), "\n")
		for _, phone := range []string{"+5511987654321", "+551933334444", "+5521988883333", "+5551987651234"} {
			if !strings.Contains(live, phone) {
				t.Errorf("no %s in\n%s", phone, live)
			}
		}
		if text := w.resultFile(imp); !strings.Contains(text, "98765-4321;São Paulo;SP;Importado;") || !strings.Contains(text, "11 98765-4321") {
			t.Errorf("the result does not tell of the correction:\n%s", text)
		}
		w.sound()
	})
}

// TestCures has one line for each cure of cells: what it does to a row, and that it leaves others alone.
func TestCures(t *testing.T) {
	t.Parallel()
	cols := []string{"nome=name", "fone=phone", "mail=email", "empresa=company", "nasc=birth_date", "tag=tags"}
	for _, c := range []struct {
		name, cause, key string
		rows             []string
		before, after    []string
		want             []string // parts of the contacts
	}{
		{"a mistyped domain", "warning.email.typo", "email_typo",
			[]string{"Ana;11911112222;ana@gmial.com;;;", "Bia;11911113333;bia@example.com;;;"}, []string{"imported", "imported"}, []string{"imported", "imported"},
			[]string{"email=ana@gmail.com", "email=bia@example.com"}},
		{"a word for the sign", "error.email.no_at", "email_sign",
			[]string{"Ana;11911112222;ana(arroba)example.com;;;", "Bia;11911113333;ruim;;;"}, []string{"error cells", "error cells"}, []string{"imported", "error cells"},
			[]string{"email=ana@example.com"}},
		{"text decoded twice", "warning.value.decoded_twice", "text_twice",
			[]string{"JosÃ©;11911112222;;PadÃ£o;;", "Zé;11911113333;;IRMÃ;;"}, []string{"imported", "imported"}, []string{"imported", "imported"},
			[]string{"name=José company=Padão", "name=Zé company=IRMÃ"}},
		{"a faulty cell left out", "error.email.no_at", "cell_left_out",
			[]string{"Ana;11911112222;ruim;Padaria;;", "Bia;1;ruim;;;"}, []string{"error cells", "error cells"}, []string{"imported", "error cells"},
			[]string{"name=Ana company=Padaria phone=+5511911112222|11911112222||false tags"}},
		{"rows left out", "error.email.no_at", "row_left_out",
			[]string{"Ana;11911112222;ruim;;;", "Bia;11911113333;;;;"}, []string{"error cells", "imported"}, []string{"skipped left_out", "imported"}, []string{"name=Bia"}},
		{"the first row counts", "error.row.repeated", "repeat_first",
			[]string{"Ana;11911112222;;;;", "Anita;11911112222;;;;"}, []string{"error repeated", "error repeated"}, []string{"imported", "skipped repeated"}, []string{"name=Ana "}},
		{"the last row counts", "error.row.repeated", "repeat_last",
			[]string{"Ana;11911112222;;;;", "Anita;11911112222;;;;"}, []string{"error repeated", "error repeated"}, []string{"skipped repeated", "imported"}, []string{"name=Anita "}},
		{"rows joined", "error.row.repeated", "repeat_join",
			[]string{"Ana;11911112222;ana@example.com;;;a", "Ana;11911112222;b@example.com;Padaria;;b"}, []string{"error repeated", "error repeated"}, []string{"imported", "skipped joined"},
			[]string{"email=ana@example.com||", "email=b@example.com||", "company=Padaria", "tags=[a b]"}},
		{"month before day", "error.date.other_order", "date_month_first",
			[]string{"Ana;11911112222;;;12/25/1990;", "Bia;11911113333;;;03/04/1990;", "Eva;11911114444;;;25/12/1990;", "Ivo;11911115555;;;26/12/1990;"},
			[]string{"error cells", "imported", "imported", "imported"}, []string{"imported", "imported", "error cells", "error cells"},
			[]string{"name=Ana birth_date=1990-12-25", "name=Bia birth_date=1990-03-04"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, dbtest.SQLite(t), 2)
			imp := w.review(file(append([]string{"nome;fone;mail;empresa;nasc;tag"}, c.rows...)...), settings(upsert, "phone", cols...))
			w.wantPlan(imp, c.before...)
			before := w.plan(imp)
			list := w.cures(imp, c.cause)
			if !slices.ContainsFunc(list, func(s string) bool { return strings.HasPrefix(s, c.key+" ") }) {
				t.Fatalf("offered are %q", list)
			}
			if got := w.plan(imp); !slices.Equal(got, before) {
				t.Error("an offer changed the review")
			}
			imp, n, err := w.imports.ApplyCure(console(), ws, imp.ID, c.cause, c.key, nil)
			if err != nil || n == 0 {
				t.Fatal(n, err)
			}
			w.wantPlan(imp, c.after...)
			imp = w.apply(imp)
			if imp.Drifted != 0 || imp.Counts != imp.Summary.Counts {
				t.Errorf("%+v, planned %+v, drifted %d", imp.Counts, imp.Summary.Counts, imp.Drifted)
			}
			live := strings.Join(w.live(), "\n")
			for _, part := range c.want {
				if !strings.Contains(live, part) {
					t.Errorf("no %q in\n%s", part, live)
				}
			}
			w.sound()
			if _, err := w.imports.Undo(console(), ws, imp.ID, nil); err != nil || len(w.live()) != 0 {
				t.Errorf("undone: %v %v", err, w.live())
			}
		})
	}
}

// TestCureKeepValues: values that empty cells would erase stay.
func TestCureKeepValues(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t), 2)
	s := settings(upsert, "phone", "nome=name", "fone=phone", "empresa=company", "cidade=address.city")
	w.do(file("nome;fone;empresa;cidade", "Ana;11911112222;Padaria;Recife", "Bia;11911113333;;Olinda"), s)
	imp := w.review(file("nome;fone;empresa;cidade", "Ana Lima;11911112222;;", "Bia;11911113333;;"), s)
	w.wantCures(imp, importer.CauseCleared, "keep_values 3/3")
	imp, n, err := w.imports.ApplyCure(console(), ws, imp.ID, importer.CauseCleared, "keep_values", nil)
	if err != nil || n != 3 || imp.Summary.Cleared != 0 {
		t.Fatalf("%v %d %+v", err, n, imp.Summary)
	}
	w.wantPlan(imp, "updated", "skipped unchanged")
	w.wantCures(imp, importer.CauseCleared)
	w.apply(imp)
	w.wantLive("name=Ana Lima company=Padaria address.city=Recife phone=+5511911112222|11911112222||false tags=[] groups=[] typed=",
		"name=Bia address.city=Olinda phone=+5511911113333|11911113333||false tags=[] groups=[] typed=")
}

// TestCureMany: a cure of more rows than an overlay takes is a review of its own, and comes to the same.
func TestCureMany(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t), 100)
	lines := []string{"nome;fone;cidade"}
	for i := range 600 {
		lines = append(lines, fmt.Sprintf("P%d;98%03d-1%03d;Recife", i, i/100+1, i))
	}
	imp := w.review(file(lines...), settings(upsert, "phone", "nome=name", "fone=phone", "cidade=address.city"))
	imp, n, err := w.imports.ApplyCure(console(), ws, imp.ID, "error.phone.no_area_code", "area_code_city", nil)
	if err != nil || n != 600 || imp.Summary.Counts.Imported != 600 || imp.Summary.Reasons["fixed.area_code_city"] != 600 {
		t.Fatalf("%v %d %+v", err, n, imp.Summary)
	}
	if imp, _, err = w.imports.FixCells(console(), ws, imp.ID, []importer.CellFix{{Row: 5, Column: 1, Value: "x"}}); err != nil || imp.Summary.Counts.Errors != 1 {
		t.Fatalf("%v %+v", err, imp.Summary)
	}
	if imp, n, err = w.imports.DropCure(console(), ws, imp.ID, "area_code_city"); err != nil || n != 599 || imp.Summary.Counts.Errors != 600 || imp.Summary.Reasons["fixed.hand"] != 1 {
		t.Fatalf("%v %d %+v", err, n, imp.Summary)
	}
	w.wantCounts(imp)
}

// TestResolve: a row whose keys point at two contacts is settled by a person: one of them, a new one, or left out.
func TestResolve(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 2)
		s := settings(upsert, "phone", "nome=name", "fone=phone", "cpf=tax_id")
		w.do(file("nome;fone;cpf", "Ana;11911112222;52998224725", "Bia;21988887777;16899535009"), s)
		imp := w.review(file("nome;fone;cpf", "Ana B;21988887777;529.982.247-25", "Caio;31977776666;"), s)
		w.wantPlan(imp, "error key_conflict", "imported")
		list, err := w.imports.Candidates(console(), imp, 1)
		if err != nil || len(list) != 2 || list[0].Name != "Bia" || list[1].Name != "Ana" || list[1].Keys[0].Text != "52998224725" {
			t.Fatalf("%v %+v", err, list)
		}
		if _, _, err := w.imports.ResolveRow(console(), ws, imp.ID, 1, importer.ChooseContact, 99); errs.CodeOf(err) != "fix.not_candidate" {
			t.Errorf("somebody else: %v", err)
		}
		resolve := func(choice importer.Choice, of importer.Candidate) *importer.Import {
			t.Helper()
			imp, rows, err := w.imports.ResolveRow(console(), ws, imp.ID, 1, choice, of.Contact)
			if err != nil || len(rows) != 1 {
				t.Fatal(rows, err)
			}
			w.wantCounts(imp)
			return imp
		}
		w.wantPlan(resolve(importer.ChooseNew, importer.Candidate{}), "imported", "imported")
		w.wantPlan(resolve(importer.ChooseLeaveOut, importer.Candidate{}), "skipped left_out", "imported")
		w.wantPlan(resolve(importer.ChooseNothing, importer.Candidate{}), "error key_conflict", "imported")
		imp = resolve(importer.ChooseContact, list[1])
		w.wantPlan(imp, "updated", "imported")
		if imp, err = w.imports.Review(console(), ws, imp.ID, imp.Settings, nil); err != nil {
			t.Fatal(err)
		}
		w.wantPlan(imp, "updated", "imported")
		imp = w.apply(imp)
		if imp.Drifted != 0 {
			t.Errorf("%d drifted", imp.Drifted)
		}
		if live := strings.Join(w.live(), "\n"); !strings.Contains(live, "1 name=Ana B tax_id=52998224725 phone=+5521988887777") {
			t.Errorf("contacts:\n%s", live)
		}
		w.sound()
	})
}

// TestJoin: rows of one client are one contact with all that they say, each row with its answer.
func TestJoin(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 2)
		s := settings(upsert, "external_id", "tipo=channel_type", "valor=channel_value", "nome=name", "cpf=tax_id", "cod=external_id", "tag=tags", "obs=notes")
		s.Repeated = importer.RepeatedJoin
		text := file("tipo;valor;nome;cpf;cod;tag;obs",
			"TELEFONE;11911112222;Ana;52998224725;C1;a;um",
			"TELEFONE;21988887777;Bia;;C2;;",
			"EMAIL;ana@example.com;;;C1;b;dois",
			"TELEFONE;1;;;C1;;",                       // a fault: stays an error, takes nothing with it
			"TELEFONE;31977776666;Ana Lima;;C1;;um",   // another name: the first counts
			"TELEFONE;41966665555;X;16899535009;C1;;", // another document: somebody else
			"EMAIL;eva@example.com;Eva;;;;",
			"EMAIL;EVA@example.com;Eva;;;;",                               // no code: the address itself
			"EMAIL;sem@example.com;;;C3;;", "TELEFONE;51955554444;;;C3;;") // nobody has a name
		imp := w.review(text, s)
		want := []string{"imported", "imported", "skipped joined", "error cells", "skipped joined", "error repeated", "imported", "skipped joined", "error no_name", "error joined"}
		w.wantPlan(imp, want...)
		if imp.Summary.Reasons["warning.row.joined_differs"] != 1 {
			t.Errorf("%v", imp.Summary.Reasons)
		}
		// The first row of the client is left out: the next one stands for it.
		imp, rows, err := w.imports.ResolveRow(console(), ws, imp.ID, 1, importer.ChooseLeaveOut, 0)
		if err != nil || len(rows) != 3 { // the fourth stays joined, to another row
			t.Errorf("%v %+v", err, rows)
		}
		w.wantPlan(imp, "skipped left_out", "imported", "imported", "error cells", "skipped joined", "skipped joined", "imported", "skipped joined", "error no_name", "error joined")
		if imp, _, err = w.imports.ResolveRow(console(), ws, imp.ID, 1, importer.ChooseNothing, 0); err != nil {
			t.Fatal(err)
		}
		w.wantPlan(imp, want...)
		// The missing name is filled in on the second of the two rows, and both are good.
		if imp, _, err = w.imports.FixCells(console(), ws, imp.ID, []importer.CellFix{{Row: 10, Column: 2, Value: "Ivo"}}); err != nil {
			t.Fatal(err)
		}
		want[8], want[9] = "imported", "skipped joined"
		w.wantPlan(imp, want...)
		imp = w.apply(imp)
		if imp.Counts != imp.Summary.Counts || imp.Drifted != 0 {
			t.Errorf("%+v, planned %+v, drifted %d", imp.Counts, imp.Summary.Counts, imp.Drifted)
		}
		if got := w.results(imp); !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
		live := strings.Join(w.live(), "\n")
		for _, part := range []string{"name=Ana tax_id=52998224725 external_id=C1 notes=um\ndois phone=+5511911112222|11911112222||false phone=+5531977776666|31977776666||false email=ana@example.com||",
			"name=Ivo external_id=C3 phone=+5551955554444|51955554444||false email=sem@example.com||", "tags=[a b]"} {
			if !strings.Contains(live, part) {
				t.Errorf("no %q in\n%s", part, live)
			}
		}
		w.sound()
		again := w.do(text, s)
		if again.Counts.Imported != 0 || again.Counts.Updated != 1 { // the name that was filled in at review is not in the file
			t.Errorf("the same file again: %+v\n%s", again.Counts, w.resultFile(again))
		}
		w.sound()
	})
}

// TestJoinIsProposed: where a row is one address of a client, rows of one client are joined unasked.
func TestJoinIsProposed(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]importer.Repeated{
		"TIPO_DE_REGISTRO;VALOR_DO_REGISTRO;MENSAGEM;NOME_CLIENTE;CPFCNPJ;CODCLIENTE;TAG;CORINGA1;CORINGA2;CORINGA3;CORINGA4;CORINGA5;PRIORIDADE": importer.RepeatedJoin,
		"nome;telefone;e-mail": importer.RepeatedError,
	} {
		text := file(header, "TELEFONE;11911112222;Olá;Ana;;C1;;;;;;;", "EMAIL;ana@example.com;Olá;Ana;;C1;;;;;;;")
		src := table.Source{Name: "x.csv", Size: int64(len(text)), Data: strings.NewReader(text)}
		in, err := importer.Inspect(console(), src, table.Dialect{Header: 1, Delimiter: ";"}, table.Limits{}, importer.Known{Country: "BR"})
		if err != nil || in.Repeated != want {
			t.Errorf("%s: %v %v", header, in, err)
		}
	}
}
