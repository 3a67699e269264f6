package api_test

import (
	"fmt"
	"strings"
	"testing"

	"cadastro/internal/api"
	"cadastro/internal/app/apptest"
)

func at(kind string, id int64, more ...string) string {
	return fmt.Sprintf("%s/%d%s", kind, id, strings.Join(more, ""))
}

const people = "Nome;Celular;E-mail;Cidade\n" +
	"Ana Prado;(11) 98765-4321;ana@example.com;São Paulo\n" +
	"Beto Lima;(21) 99876-5432;beto@example.com;Rio de Janeiro\n" +
	"Caio Reis;123;caio@example.com;Recife\n"

// TestJourney: from a file to contacts and back, by program.
func TestJourney(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, k *apptest.Kit) {
		c := serve(t, k)
		r := c.post("/imports?name=clientes.csv", people).want(201)
		imp := parsed[*api.Import](r)
		if imp.State != "uploaded" || imp.File.Name != "clientes.csv" || imp.File.Bytes != int64(len(people)) || r.Header.Get("Location") != at("/api/v1/imports", imp.ID) ||
			r.Header.Get("Import-Id") != fmt.Sprint(imp.ID) {
			t.Fatalf("%+v %v", imp, r.Header)
		}
		sums(t, imp)

		in := parsed[*api.Inspection](c.get(at("/imports", imp.ID, "/inspection")).want(200))
		if in.Format != "csv" || *in.Dialect.Delimiter != "semicolon" || len(in.Columns) != 4 || in.Columns[1].Field != "phone" || len(in.Rows) != 3 || in.Rows[0].Cells[0] != "Ana Prado" {
			t.Fatalf("%+v", in)
		}
		other := parsed[*api.Inspection](c.get(at("/imports", imp.ID, "/inspection?delimiter=comma&header=0")).want(200))
		if *other.Dialect.Delimiter != "comma" || *other.Dialect.Header != 0 || len(other.Columns) == 4 {
			t.Fatalf("%+v", other.Dialect)
		}

		imp = parsed[*api.Import](c.post(at("/imports", imp.ID, "/review"), map[string]any{
			"tags": []string{"api"}, "columns": []map[string]any{{"header": "Cidade", "field": "address.city", "do_not_overwrite": true}},
		}).want(202))
		imp = c.wait(imp.ID, "review")
		if imp.Rows != 3 || imp.Unprocessed != 3 || imp.Review.Imported != 2 || imp.Review.Errors != 1 || !imp.Settings.Columns[3].DoNotOverwrite {
			t.Fatalf("%+v %+v", imp, imp.Review)
		}
		causes := parsed[api.Page[api.Cause]](c.get(at("/imports", imp.ID, "/causes")).want(200)).Items
		if len(causes) == 0 || causes[0].Severity != "error" || causes[0].Rows != 1 || strings.HasPrefix(causes[0].Title, "[") {
			t.Fatalf("%+v", causes)
		}
		rows := parsed[api.RowsPage](c.get(at("/imports", imp.ID, "/rows?outcome=error")).want(200))
		if rows.Total != 1 || rows.Items[0].Row != 3 || rows.Items[0].Cells[0] != "Caio Reis" || rows.Items[0].Text == "" {
			t.Fatalf("%+v", rows)
		}
		first := parsed[api.RowsPage](c.get(at("/imports", imp.ID, "/rows?limit=2")).want(200))
		if len(first.Items) != 2 || first.Next == "" || first.Total != 3 {
			t.Fatalf("%+v", first)
		}
		rest := parsed[api.RowsPage](c.get(at("/imports", imp.ID, "/rows?limit=2&after="+first.Next)).want(200))
		if len(rest.Items) != 1 || rest.Next != "" || rest.Items[0].Row != 3 {
			t.Fatalf("%+v", rest)
		}
		if got := string(c.get(at("/imports", imp.ID, "/errors")).want(200).Body); !strings.Contains(got, "Caio Reis") || strings.Contains(got, "Ana Prado") {
			t.Fatalf("errors: %q", got)
		}

		c.post(at("/imports", imp.ID, "/start"), nil).want(202)
		imp = c.wait(imp.ID, "done")
		if imp.Imported != 2 || imp.Errors != 1 || imp.Unprocessed != 0 || !imp.HasResult || imp.UndoUntil == nil {
			t.Fatalf("%+v", imp)
		}
		res := c.get(at("/imports", imp.ID, "/result")).want(200)
		if got := string(res.Body); !strings.Contains(got, "Ana Prado") || !strings.Contains(res.Header.Get("Content-Disposition"), "clientes-result.csv") {
			t.Fatalf("%v %q", res.Header, got)
		}
		if got := c.get(at("/imports", imp.ID, "/result?format=xlsx")).want(200).Body; string(got[:2]) != "PK" {
			t.Fatalf("%q", got[:10])
		}
		if p := c.post(at("/imports", imp.ID, "/start"), nil).problem(409, "import.state"); !strings.Contains(p.Detail, fmt.Sprint(imp.ID)) && p.Detail == "" {
			t.Fatalf("%+v", p)
		}

		fixed := parsed[*api.Import](c.post(at("/imports", imp.ID, "/again?name=corrigido.csv"), strings.Replace(people, ";123;", ";(81) 98765-4321;", 1)).want(201))
		if fixed.From != imp.ID || fixed.State != "uploaded" || fixed.Settings == nil || !fixed.Settings.Columns[3].DoNotOverwrite {
			t.Fatalf("%+v", fixed)
		}
		c.post(at("/imports", fixed.ID, "/review"), nil).want(202)
		if fixed = c.wait(fixed.ID, "review"); fixed.Review.Imported != 1 || fixed.Review.Errors != 0 || fixed.Settings.Tags[0] != "api" {
			t.Fatalf("%+v", fixed.Review)
		}
		if same := parsed[*api.Import](c.post(at("/imports", imp.ID, "/again"), nil).want(201)); same.File.SHA256 != imp.File.SHA256 {
			t.Fatalf("%+v", same.File)
		}

		would := parsed[*api.Undo](c.get(at("/imports", imp.ID, "/undo")).want(200))
		if would.Binned != 2 {
			t.Fatalf("%+v", would)
		}
		c.post(at("/imports", imp.ID, "/undo"), nil).want(202)
		imp = c.wait(imp.ID, "undone")
		if imp.Undo == nil || imp.Undo.Binned != 2 {
			t.Fatalf("%+v", imp.Undo)
		}
		all := parsed[api.Page[*api.Import]](c.get("/imports?filter=undone").want(200))
		if len(all.Items) != 1 || all.Items[0].ID != imp.ID || all.Next != "" {
			t.Fatalf("%+v", all)
		}
		sums(t, all.Items[0])
	})
}
