package runs_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"cadastro/internal/app/apptest"
	"cadastro/internal/auth"
	"cadastro/internal/importer"
	"cadastro/internal/mapping"
	"cadastro/internal/table"
)

// TestAgain: another file, the same file and the rows with errors go in with the settings of an import.
func TestAgain(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, k *apptest.Kit) {
		w := newWorld(t, k, 0)
		w.done("base.csv", people(0, 30))
		w.done("mista.csv", mixed())

		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		part, err := form.CreateFormFile("file", "agosto.csv")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write([]byte(people(800, 12))); err != nil {
			t.Fatal(err)
		}
		form.Close()
		r, err := http.NewRequest("POST", w.URL+"/imports/2/again", &body)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", form.FormDataContentType())
		w.SignIn(r, auth.Manager)
		client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		res, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != 303 || res.Header.Get("Location") != "/imports/3/review" {
			t.Fatalf("%s, %s", res.Status, res.Header.Get("Location"))
		}
		reviewed := func(i *importer.Import) bool { return i.State == importer.InReview }
		if imp := w.until(3, reviewed); imp.Summary.Counts.Imported != 12 || imp.FromID != 2 || imp.Settings.Group != "Clientes ativos" {
			t.Errorf("%+v, %+v", imp.Summary.Counts, imp.Settings)
		}
		if a := w.ask(auth.Manager, "POST", "/imports/2/same", url.Values{}); a.Header.Get("Location") != "/imports/4/review" {
			t.Fatalf("%s, %s", a.Status, a.Header.Get("Location"))
		}
		if imp := w.until(4, reviewed); imp.Summary.Rows != 40 {
			t.Errorf("%+v", imp.Summary.Counts)
		}
		if a := w.ask(auth.Manager, "POST", "/imports/2/correct", url.Values{}); a.Header.Get("Location") != "/imports/5/review" {
			t.Fatalf("%s, %s", a.Status, a.Header.Get("Location"))
		}
		if imp := w.until(5, reviewed); imp.Summary.Counts != (importer.Counts{Errors: 10}) || imp.Rows != 10 {
			t.Errorf("%+v", imp.Summary.Counts)
		}
		if a := w.ask(auth.Manager, "POST", "/imports/1/correct", url.Values{}); a.StatusCode != 409 {
			t.Errorf("nothing to correct: %s", a.Status)
		}
	})
}

// TestCorrectNameless: the rows with errors of a file without headers come back with what each column feeds.
func TestCorrectNameless(t *testing.T) {
	t.Parallel()
	w := newWorld(t, apptest.New(t), 0)
	_, body, _ := strings.Cut(people(0, 30), "\n")
	imp, err := w.App.Imports.Upload(w.ctx, w.Workspace, "sem cabeçalho.csv", strings.NewReader(body+"Sem Telefone;;a@example.com;Natal\r\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	columns := []mapping.Column{{Field: "name"}, {Field: "phone"}, {Field: "email"}, {Field: "address.city"}}
	set := importer.Settings{Dialect: table.Dialect{Format: table.CSV, Charset: "utf-8", Delimiter: ";"}, Mapping: mapping.Mapping{Columns: columns},
		Purpose: mapping.PurposeUpsert, Identifier: "phone", Country: "BR", Language: "pt-BR"}
	if _, err := w.App.Imports.Review(w.ctx, w.Workspace, imp.ID, set, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := w.App.Imports.Start(w.ctx, w.Workspace, imp.ID); err != nil {
		t.Fatal(err)
	}
	w.until(imp.ID, func(i *importer.Import) bool { return i.State == importer.Done })
	if a := w.ask(auth.Manager, "POST", "/imports/1/correct", url.Values{}); a.Header.Get("Location") != "/imports/2/review" {
		t.Fatalf("%s, %s", a.Status, a.Header.Get("Location"))
	}
	next := w.until(2, func(i *importer.Import) bool { return i.State == importer.InReview })
	for i, c := range columns {
		if got := next.Settings.Mapping.Columns[i].Field; got != c.Field {
			t.Errorf("column %d feeds %q", i+1, got)
		}
	}
}

// TestCorrected: what was corrected at the review is told, and leads to its rows.
func TestCorrected(t *testing.T) {
	t.Parallel()
	w := newWorld(t, apptest.New(t), 0)
	imp := w.review("mista.csv", mixed())
	rows, err := w.App.Imports.Rows(w.ctx, imp, importer.RowQuery{Outcome: "error", Limit: 2})
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range rows.Rows {
		if _, _, err := w.App.Imports.FixCells(w.ctx, w.Workspace, imp.ID, []importer.CellFix{{Row: r.Number, Column: 1, Value: "(11) 97777-000" + strconv.Itoa(i)}}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.App.Imports.Start(w.ctx, w.Workspace, imp.ID); err != nil {
		t.Fatal(err)
	}
	w.until(imp.ID, func(i *importer.Import) bool { return i.State == importer.Done })
	a := w.get("/imports/1")
	if total, by := sums(t, a.one(t, "counts", class("counts"))); total != 40 || by["err"] != 8 || by["new"] != 32 {
		t.Errorf("%d, %v", total, by)
	}
	list := find(a.Tree, link("/imports/1/rows?cause=fixed"))
	if len(list) != 1 || text(list[0]) != "Corrigidas à mão" {
		t.Fatalf("%d links to what was corrected", len(list))
	}
	if got := len(rowsOn(w.get(attr(list[0], "href")).Tree)); got != 2 {
		t.Errorf("%d rows were corrected", got)
	}
}
