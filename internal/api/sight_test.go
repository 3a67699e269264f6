package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"cadastro/internal/api"
	"cadastro/internal/app/apptest"
	"cadastro/internal/auth"
)

// TestImportOutOfSight: no answer about an import tells of a contact that its member does not see, and nothing that the
// member does with it reaches that contact.
func TestImportOutOfSight(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, k *apptest.Kit) {
		c, admin := serve(t, k), as(t, k, auth.Admin)
		group, err := k.App.Contacts.AddGroup(k.As(auth.Admin), k.Workspace, "Diretoria")
		if err != nil {
			t.Fatal(err)
		}
		helena := parsed[*api.Contact](admin.post("/contacts", object{"fields": object{"name": "Helena Oculta", "company": "Cofre"},
			"channels": object{"phone": []object{{"value": "(21) 98888-7777"}}, "email": []object{{"value": "helena@example.com"}}}, "groups": []int64{group}}).want(201))
		if err := k.App.Auth.RestrictGroup(k.As(auth.Admin), group, nil, nil); err != nil {
			t.Fatal(err)
		}
		who := at("/contacts", helena.ID)
		c.get(who).want(404)
		before := string(admin.get(who).want(200).Body)

		const text = "Nome;Celular;E-mail;Empresa\nAna Prado;(11) 98765-4321;;Sol\nAlguém;(21) 98888-7777;;Mar\nBia;(11) 97777-6666;HELENA@example.com;Lua\n"
		imp := c.reviewed(text, object{})
		if imp.Review.Errors != 2 || imp.Review.Imported != 1 {
			t.Fatalf("%+v", imp.Review)
		}
		silent := func(r *reply) {
			t.Helper()
			for _, word := range []string{"Helena", "Oculta", "Cofre", "Diretoria", `"contact":` + fmt.Sprint(helena.ID) + ",", `"contact":` + fmt.Sprint(helena.ID) + "}"} {
				if strings.Contains(string(r.Body), word) {
					t.Errorf("%s tells of %q: %s", r.what, word, r.Body)
				}
			}
		}
		ask := func() {
			t.Helper()
			rows := c.get(at("/imports", imp.ID, "/rows")).want(200)
			silent(rows)
			found := parsed[api.RowsPage](rows).Items
			if len(found) != 3 || found[1].Reason != "out_of_sight" || found[2].Reason != "out_of_sight" || found[1].Text != found[2].Text || len(found[1].Changes) > 0 || found[1].Contact != 0 {
				t.Errorf("%+v", found)
			}
			for _, path := range []string{"", "/causes", "/errors"} {
				silent(c.get(at("/imports", imp.ID, path)).want(200))
			}
		}
		ask()
		for _, row := range []string{"/rows/2", "/rows/3"} {
			found := c.get(at("/imports", imp.ID, row+"/candidates")).want(200)
			silent(found)
			if list := parsed[api.Page[api.Candidate]](found).Items; len(list) != 0 {
				t.Errorf("%+v", list)
			}
			c.do(http.MethodPut, at("/imports", imp.ID, row+"/decision"), object{"choice": "contact", "contact": helena.ID}).problem(422, "fix.not_candidate")
		}
		silent(c.do(http.MethodPatch, at("/imports", imp.ID, "/cells"), object{"cells": []object{{"row": 1, "column": 2, "value": "helena@example.com"}}}).want(200))
		c.post(at("/imports", imp.ID, "/cells/restore"), object{"cells": []object{{"row": 1, "column": 2}}}).want(200)
		c.post(at("/imports", imp.ID, "/start"), nil).want(202)
		imp = c.wait(imp.ID, "done")
		ask()
		silent(c.get(at("/imports", imp.ID, "/result")).want(200))
		if after := string(admin.get(who).want(200).Body); after != before {
			t.Errorf("%s, was %s", after, before)
		}
	})
}
