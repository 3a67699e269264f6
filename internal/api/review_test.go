package api_test

import (
	"net/http"
	"strings"
	"testing"

	"cadastro/internal/api"
	"cadastro/internal/app/apptest"
)

type fixedAnswer struct {
	Import *api.Import     `json:"import"`
	Rows   []api.ImportRow `json:"rows"`
}

type curedAnswer struct {
	Import *api.Import `json:"import"`
	Rows   int64       `json:"rows"`
}

// reviewed brings a file to its review.
func (c *client) reviewed(file string, settings any) *api.Import {
	c.t.Helper()
	imp := parsed[*api.Import](c.post("/imports?name=lista.csv", file).want(201))
	c.post(at("/imports", imp.ID, "/review"), settings).want(202)
	return c.wait(imp.ID, "review")
}

// TestFixes: a cell is put right at review, the row is decided again, and what is applied is what was shown.
func TestFixes(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, k *apptest.Kit) {
		c := serve(t, k)
		imp := c.reviewed("Nome;Celular\nAna Prado;(11) 98765-4321\nBeto Lima;98765-432\n", object{})
		if imp.Review.Errors != 1 {
			t.Fatalf("%+v", imp.Review)
		}
		cells := at("/imports", imp.ID, "/cells")
		fix := object{"cells": []object{{"row": 2, "column": 1, "value": "(11) 98765-4322"}}}
		got := parsed[fixedAnswer](c.do(http.MethodPatch, cells, fix).want(200))
		sums(t, got.Import)
		if got.Import.Review.Errors != 0 || got.Import.Review.Imported != 2 || len(got.Rows) != 1 || got.Rows[0].Row != 2 || got.Rows[0].Outcome != "imported" {
			t.Fatalf("%+v %+v", got.Import.Review, got.Rows)
		}
		back := parsed[fixedAnswer](c.post(cells+"/restore", object{"cells": []object{{"row": 2, "column": 1}}}).want(200))
		if back.Import.Review.Errors != 1 || back.Rows[0].Outcome != "error" {
			t.Fatalf("%+v %+v", back.Import.Review, back.Rows)
		}
		// A fix that shares the identifier of another row takes that one with it.
		both := parsed[fixedAnswer](c.do(http.MethodPatch, cells, object{"cells": []object{{"row": 2, "column": 1, "value": "11 98765 4321"}}}).want(200))
		if both.Import.Review.Errors != 2 || len(both.Rows) != 2 {
			t.Fatalf("%+v %+v", both.Import.Review, both.Rows)
		}
		c.do(http.MethodPatch, cells, fix).want(200)
		c.do(http.MethodPatch, cells, object{"cells": []object{{"row": 99, "column": 1, "value": "x"}}}).problem(422, "fix.no_cell")
		c.do(http.MethodPatch, cells, object{"cells": []object{}}).problem(422, "api.invalid")
		left := parsed[fixedAnswer](c.do(http.MethodPut, at("/imports", imp.ID, "/rows/1/decision"), object{"choice": "leave_out"}).want(200))
		if left.Import.Review.Imported != 1 || left.Rows[0].Outcome == "imported" {
			t.Fatalf("%+v %+v", left.Import.Review, left.Rows)
		}
		c.do(http.MethodPut, at("/imports", imp.ID, "/rows/1/decision"), object{"choice": "none"}).want(200)
		c.post(at("/imports", imp.ID, "/start"), nil).want(202)
		if done := c.wait(imp.ID, "done"); done.Imported != 2 {
			t.Fatalf("%+v", done)
		}
		found := parsed[api.Page[*api.Contact]](c.get("/contacts?search=beto").want(200)).Items
		if len(found) != 1 || found[0].Channels[0].Value != "+5511987654322" {
			t.Fatalf("%+v", found)
		}
		c.do(http.MethodPatch, cells, fix).want(409)
	})
}

// TestCures: all rows of a cause at once, and back.
func TestCures(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, k *apptest.Kit) {
		c := serve(t, k)
		var b strings.Builder
		b.WriteString("Nome;Celular;Cidade\nAna Prado;(11) 98765-4321;São Paulo\n")
		for _, n := range []string{"1", "2", "3", "4"} {
			b.WriteString("Pessoa " + n + ";98765-432" + n + ";Recife\n")
		}
		imp := c.reviewed(b.String(), object{})
		causes := parsed[api.Page[api.Cause]](c.get(at("/imports", imp.ID, "/causes")).want(200)).Items
		if len(causes) == 0 || causes[0].Rows != 4 {
			t.Fatalf("%+v", causes)
		}
		cures := parsed[api.Page[api.Cure]](c.get(at("/imports", imp.ID, "/cures?cause="+causes[0].Key)).want(200)).Items
		var city *api.Cure
		for i := range cures {
			if strings.HasPrefix(cures[i].Title, "[") || strings.HasPrefix(cures[i].Question, "[") {
				t.Errorf("%+v", cures[i])
			}
			if strings.HasPrefix(cures[i].Key, "area_code_city") {
				city = &cures[i]
			}
		}
		if city == nil || city.Rows != 4 || len(city.Samples) == 0 || !strings.Contains(city.Samples[0].After, "81") {
			t.Fatalf("%+v", cures)
		}
		done := parsed[curedAnswer](c.post(at("/imports", imp.ID, "/cures"), object{"cause": causes[0].Key, "key": city.Key}).want(200))
		if done.Rows != 4 {
			t.Fatalf("%+v", done)
		}
		if imp = c.wait(imp.ID, "review"); imp.Review.Errors != 0 || imp.Review.Imported != 5 {
			t.Fatalf("%+v", imp.Review)
		}
		if back := parsed[curedAnswer](c.do(http.MethodDelete, at("/imports", imp.ID, "/cures/", city.Key), nil).want(200)); back.Rows != 4 {
			t.Fatalf("%+v", back)
		}
		if imp = c.wait(imp.ID, "review"); imp.Review.Errors != 4 {
			t.Fatalf("%+v", imp.Review)
		}
		c.get(at("/imports", imp.ID, "/cures")).problem(422, "api.invalid")
	})
}

// TestCandidates: a row whose keys are two people's is decided by a person.
func TestCandidates(t *testing.T) {
	t.Parallel()
	c := serve(t, apptest.New(t))
	ana := parsed[*api.Contact](c.post("/contacts", object{"fields": object{"name": "Ana Prado"}, "channels": object{"phone": []object{{"value": "(11) 98765-4321"}}}}).want(201))
	bia := parsed[*api.Contact](c.post("/contacts", object{"fields": object{"name": "Bia Reis"}, "channels": object{"email": []object{{"value": "bia@example.com"}}}}).want(201))
	imp := c.reviewed("Nome;Celular;E-mail\nQuem;(11) 98765-4321;bia@example.com\n", object{})
	if imp.Review.Errors != 1 {
		t.Fatalf("%+v", imp.Review)
	}
	found := parsed[api.Page[api.Candidate]](c.get(at("/imports", imp.ID, "/rows/1/candidates")).want(200)).Items
	if len(found) != 2 || found[0].Contact != ana.ID || found[0].Name != "Ana Prado" || found[1].Contact != bia.ID {
		t.Fatalf("%+v", found)
	}
	decided := parsed[fixedAnswer](c.do(http.MethodPut, at("/imports", imp.ID, "/rows/1/decision"), object{"choice": "contact", "contact": bia.ID}).want(200))
	if decided.Import.Review.Updated != 1 || decided.Rows[0].Contact != bia.ID {
		t.Fatalf("%+v %+v", decided.Import.Review, decided.Rows)
	}
}
