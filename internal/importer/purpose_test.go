package importer_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"cadastro/internal/db"
	"cadastro/internal/db/dbtest"
	"cadastro/internal/errs"
	"cadastro/internal/importer"
	"cadastro/internal/mapping"
)

const (
	add    = mapping.PurposeAdd
	update = mapping.PurposeUpdate
	upsert = mapping.PurposeUpsert
	addAll = mapping.PurposeAddAll
)

// TestOutcomes has one line for each rule that decides what becomes of a row.
func TestOutcomes(t *testing.T) {
	t.Parallel()
	base := file("nome;fone;mail;cpf",
		"Ana;11987654321;ana@example.com;529.982.247-25",
		"Bia;(21) 98888-7777;bia@example.com;",
		"Caio;31977776666;casa@example.com;",
		"Dora;41966665555;casa@example.com;")
	cols := []string{"nome=name", "fone=phone", "mail=email", "cpf=tax_id"}
	for _, c := range []struct {
		name    string
		purpose mapping.Purpose
		id      mapping.Identifier
		repeat  importer.Repeated
		rows    []string
		want    []string
	}{
		{"add: new and known", add, "phone", "", []string{"Eva;11911112222;;", "Ana;+55 11 98765-4321;;"}, []string{"imported", "skipped exists"}},
		{"add: the ninth digit does not matter", add, "phone", "", []string{"Ana;1187654321;;"}, []string{"skipped exists"}},
		{"update: known and new", update, "phone", "", []string{"Anita;11987654321;ana@example.com;52998224725", "Eva;11911112222;;"}, []string{"updated", "skipped not_found"}},
		{"upsert: nothing to change", upsert, "phone", "", []string{"Ana;11987654321;ana@example.com;52998224725"}, []string{"skipped unchanged"}},
		{"upsert: by e-mail in other case", upsert, "email", "", []string{"Bianca;21988887777;BIA@Example.com;"}, []string{"updated"}},
		{"upsert: by tax id", upsert, "tax_id", "", []string{"Ana Lima;11987654321;ana@example.com;52998224725"}, []string{"updated"}},
		{"shared identifier", upsert, "email", "", []string{"X;31977776666;casa@example.com;"}, []string{"error shared_identifier"}},
		{"keys of two contacts", upsert, "phone", "", []string{"Bia;21988887777;bia@example.com;52998224725"}, []string{"error key_conflict"}},
		{"no identifier", upsert, "phone", "", []string{"Eva;;eva@example.com;"}, []string{"error no_identifier"}},
		{"no name", upsert, "phone", "", []string{";11911112222;;"}, []string{"error no_name"}},
		{"a bad cell", upsert, "phone", "", []string{"Eva;1191;;", "Ivo;11911112222;ivo@example.com;111.111.111-11"}, []string{"error cells", "error cells"}},
		{"a service number identifies nobody", upsert, "phone", "", []string{"Eva;190;eva@example.com;", "Ivo;123;;"}, []string{"error cells", "error cells"}},
		{"a service number is left out", upsert, "email", "", []string{"Eva;190;eva@example.com;", "Ana;190;ana@example.com;52998224725"}, []string{"imported", "skipped unchanged"}},
		{"add all: a service number alone", addAll, "phone", "", []string{"Eva;190;eva@example.com;", "Ivo;190;;"}, []string{"imported", "error cells"}},
		{"repeated: all are errors", upsert, "phone", "", []string{"Eva;11911112222;;", "Ivo;11933334444;;", "Eva;+5511911112222;;", "Eva;1111112222;;"},
			[]string{"error repeated", "imported", "error repeated", "error cells"}},
		{"repeated: first wins", upsert, "phone", importer.RepeatedFirst, []string{"Eva;11911112222;;", "Eva 2;11911112222;;"}, []string{"imported", "skipped repeated"}},
		{"repeated: a faulty row does not win", upsert, "phone", importer.RepeatedFirst, []string{"Eva;11911112222;ruim;", "Eva 2;11911112222;;"}, []string{"error cells", "imported"}},
		{"repeated: last wins", upsert, "phone", importer.RepeatedLast, []string{"Eva;11911112222;;", "Eva 2;11911112222;;", "Eva 3;11911112222;;"}, []string{"skipped repeated", "skipped repeated", "imported"}},
		{"add all", addAll, "phone", "", []string{"Ana;11987654321;;", "Ana;11987654321;;"}, []string{"imported", "imported"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				w := newWorld(t, d, 2)
				w.do(base, settings(upsert, "phone", cols...))
				s := settings(c.purpose, c.id, cols...)
				s.Repeated = c.repeat
				imp := w.review(file(append([]string{"nome;fone;mail;cpf"}, c.rows...)...), s)
				if got := w.results(imp); !slices.Equal(got, c.want) {
					t.Errorf("review: %q, want %q", got, c.want)
				}
				planned := imp.Summary.Counts
				imp = w.apply(imp)
				if got := w.results(imp); !slices.Equal(got, c.want) {
					t.Errorf("apply: %q, want %q", got, c.want)
				}
				if imp.Counts != planned || imp.Counts.Sum() != int64(len(c.rows)) || imp.Drifted != 0 {
					t.Errorf("applied %+v, planned %+v, drifted %d", imp.Counts, planned, imp.Drifted)
				}
				w.sound()
			})
		})
	}
}

// TestMerge has one line for each rule of what an update does to a value.
func TestMerge(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		columns []string
		row     string
		want    string
	}{
		{"a value replaces", []string{"nome=name", "fone=phone", "x=company"}, "Ana;11987654321;Nova", "name=Ana company=Nova city=Recife phone=+5511987654321|11987654321||false email=a@example.com||| false"},
		{"an empty cell clears", []string{"nome=name", "fone=phone", "x=company"}, "Ana;11987654321;", "name=Ana city=Recife"},
		{"an empty cell is ignored where asked", []string{"nome=name", "fone=phone", "x=company?"}, "Ana;11987654321;", "name=Ana company=Velha city=Recife"},
		{"do not overwrite keeps", []string{"nome=name", "fone=phone", "x=company!"}, "Ana;11987654321;Nova", "name=Ana company=Velha city=Recife"},
		{"do not overwrite fills", []string{"nome=name", "fone=phone", "x=job_title!"}, "Ana;11987654321;Diretora", "name=Ana company=Velha job_title=Diretora city=Recife"},
		{"another e-mail replaces the first", []string{"nome=name", "fone=phone", "x=email"}, "Ana;11987654321;b@example.com", "email=b@example.com"},
		{"an empty e-mail clears", []string{"nome=name", "fone=phone", "x=email"}, "Ana;11987654321;", "!email="},
		{"do not overwrite keeps the e-mail", []string{"nome=name", "fone=phone", "x=email!"}, "Ana;11987654321;b@example.com", "email=a@example.com"},
		{"tags replace", []string{"nome=name", "fone=phone", "x=tags"}, "Ana;11987654321;nova", "tags=[nova]"},
		{"do not overwrite adds tags", []string{"nome=name", "fone=phone", "x=tags!"}, "Ana;11987654321;nova", "tags=[nova velha]"},
		{"an empty tag cell clears", []string{"nome=name", "fone=phone", "x=tags"}, "Ana;11987654321;", "tags=[]"},
		{"groups only add", []string{"nome=name", "fone=phone", "x=groups"}, "Ana;11987654321;Novos", "groups=[Novos Velhos]"},
		{"a second phone goes to the end", []string{"nome=name", "fone=phone", "x=phone"}, "Ana;11987654321;1133334444", "phone=+5511987654321|11987654321||false phone=+551133334444"},
		{"an empty second phone clears nothing", []string{"nome=name", "fone=phone", "x=phone"}, "Ana;11987654321;", "phone=+5511987654321|11987654321||false"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				w := newWorld(t, d, 10)
				w.do(file("nome;fone;mail;empresa;cidade;tag;grupo", "Ana;11987654321;a@example.com;Velha;Recife;velha;Velhos"),
					settings(upsert, "phone", "nome=name", "fone=phone", "mail=email", "empresa=company", "cidade=address.city", "tag=tags", "grupo=groups"))
				w.do(file("nome;fone;x", c.row), settings(update, "phone", c.columns...))
				got := w.live()[0]
				for _, part := range strings.Fields(strings.ReplaceAll(c.want, "||| false", "")) {
					if part == "!email=" {
						if strings.Contains(got, "email=") {
							t.Errorf("%s\nstill has an e-mail", got)
						}
						continue
					}
					if !strings.Contains(got, strings.ReplaceAll(part, "[nova", "[nova")) {
						t.Errorf("%s\nlacks %s", got, part)
					}
				}
				w.sound()
			})
		})
	}
}

// TestExpiry: a review that nobody started in time changes nothing.
func TestExpiry(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t), 10)
	imp := w.review(file("nome;fone", "Ana;11987654321"), settings(upsert, "phone", "nome=name", "fone=phone"))
	w.now = w.now.Add(61 * time.Minute)
	if _, err := w.imports.Apply(console(), ws, imp.ID, nil); errs.CodeOf(err) != "import.expired" {
		t.Fatalf("apply after an hour: %v", err)
	}
	if n := len(w.live()); n != 0 {
		t.Errorf("%d contacts", n)
	}
	again, err := w.imports.Review(console(), ws, imp.ID, imp.Settings, nil)
	if err != nil {
		t.Fatalf("review again: %v", err)
	}
	w.apply(again)
	w.wantLive("name=Ana phone=+5511987654321|11987654321||false tags=[] groups=[] typed=")
}

// TestDrift: what changed between review and start is decided anew and told row by row.
func TestDrift(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 2)
		ctx := console()
		w.do(file("nome;fone", "Ana;11987654321", "Bia;11911112222"), settings(upsert, "phone", "nome=name", "fone=phone"))
		imp := w.review(file("nome;fone", "Ana Lima;11987654321", "Bia;11911112222", "Caio;11933334444"), settings(upsert, "phone", "nome=name", "fone=phone"))
		found, err := w.contacts.Find(ctx, ws, contactQuery("Bia"))
		if err != nil || len(found) != 1 {
			t.Fatal(found, err)
		}
		if _, err := w.contacts.Edit(ctx, ws, "ana", found[0].ID, found[0].Version, map[string]string{"name": "Beatriz"}); err != nil {
			t.Fatal(err)
		}
		w.do(file("nome;fone", "Caio;11933334444"), settings(upsert, "phone", "nome=name", "fone=phone"))
		imp = w.apply(imp)
		if got, want := w.results(imp), []string{"updated", "updated", "skipped unchanged"}; !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
		if imp.Drifted != 2 {
			t.Errorf("%d drifted, want 2", imp.Drifted)
		}
		if text := w.resultFile(imp); strings.Count(text, "mudou depois da revisão") != 2 && strings.Count(text, "mudou") < 2 {
			t.Errorf("result file tells of no drift:\n%s", text)
		}
		w.sound()
	})
}

// TestEveryRowHasOneOutcome: the sum closes whatever is in the file.
func TestEveryRowHasOneOutcome(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t), 7)
	var rows []string
	for i := range 100 {
		rows = append(rows, fmt.Sprintf("P%d;119%08d;%s", i, i%40, []string{"", "x", "a@example.com", "#REF!", "\x00"}[i%5]))
	}
	imp := w.do(file(append([]string{"nome;fone;mail"}, rows...)...), settings(upsert, "phone", "nome=name", "fone=phone", "mail=email"))
	if imp.Rows != 100 || imp.Counts.Sum() != 100 {
		t.Errorf("%d rows, %+v", imp.Rows, imp.Counts)
	}
	if n := strings.Count(w.resultFile(imp), "\r\n"); n != 101 {
		t.Errorf("result file has %d lines", n)
	}
	w.sound()
}
