package api_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"cadastro/internal/api"
	"cadastro/internal/app/apptest"
	"cadastro/internal/auth"
)

// TestDuplicates: found, looked at, merged and taken apart again.
func TestDuplicates(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, k *apptest.Kit) {
		c := serve(t, k)
		person := func(name, email string) *api.Contact {
			return parsed[*api.Contact](c.post("/contacts", object{"fields": object{"name": name}, "channels": object{"phone": []object{{"value": "(11) 98765-4321"}}, "email": []object{{"value": email}}}}).want(201))
		}
		first, second := person("Ana Prado", "ana@example.com"), person("Ana M. Prado", "ana.prado@example.org")
		c.post("/duplicates/search", nil).want(202)
		var search api.DuplicateSearch
		for deadline := time.Now().Add(20 * time.Second); search.FinishedAt == nil; time.Sleep(20 * time.Millisecond) {
			if search = parsed[api.DuplicateSearch](c.get("/duplicates/search").want(200)); time.Now().After(deadline) {
				t.Fatalf("%+v", search)
			}
		}
		groups := parsed[api.Page[api.DuplicateGroup]](c.get("/duplicates").want(200)).Items
		if len(groups) != 1 || search.Groups != 1 || len(groups[0].Contacts) != 2 || len(groups[0].Pairs[0].Reasons) == 0 {
			t.Fatalf("%+v %+v", search, groups)
		}
		merge := object{"contacts": []int64{first.ID, second.ID}, "survivor": second.ID, "fields": object{"name": first.ID}}
		preview := parsed[api.MergePreview](c.post("/duplicates/preview", merge).want(200))
		if preview.Survivor != second.ID || preview.Result.Fields["name"] != "Ana Prado" || preview.From["name"] != first.ID || len(preview.Result.Channels) != 3 {
			t.Fatalf("%+v %+v", preview, preview.Result)
		}
		merge["versions"] = object{fmt.Sprint(first.ID): first.Version + 5}
		c.post("/duplicates/merge", merge).problem(409, "dedupe.changed")
		merge["versions"] = preview.Versions
		made := parsed[api.MergeMade](c.post("/duplicates/merge", merge).want(200))
		got := parsed[*api.Contact](c.get(at("/contacts", second.ID)).want(200))
		if got.Fields["name"] != "Ana Prado" || len(got.Channels) != 3 || !parsed[*api.Contact](c.get(at("/contacts", first.ID)).want(200)).Deleted {
			t.Fatalf("%+v", got)
		}
		if list := parsed[api.Page[api.Merge]](c.get(at("/contacts", second.ID, "/merges")).want(200)).Items; len(list) != 1 || list[0].Merge != made.Merge || list[0].Gone[0] != first.ID {
			t.Errorf("%+v", list)
		}
		undo := at("/merges", made.Merge, "/undo")
		as(t, k.Other(), auth.Admin).post(undo, nil).want(404)
		as(t, k, auth.Agent).post(undo, nil).problem(403, "auth.forbidden")
		c.post(undo, nil).want(200)
		if back := parsed[*api.Contact](c.get(at("/contacts", second.ID)).want(200)); back.Fields["name"] != "Ana M. Prado" || len(back.Channels) != 2 {
			t.Errorf("%+v", back)
		}
		c.post("/duplicates/apart", object{"contacts": []int64{first.ID, second.ID}}).want(204)
		if left := parsed[api.Page[api.DuplicateGroup]](c.get("/duplicates").want(200)).Items; len(left) != 0 {
			t.Errorf("%+v", left)
		}
		c.post("/duplicates/merge", object{"contacts": []int64{first.ID}}).problem(422, "api.invalid")
		c.get("/duplicates?after=zzz").problem(422, "api.cursor")
	})
}

// TestViews: a list with a name, one's own or everybody's.
func TestViews(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, k *apptest.Kit) {
		c := serve(t, k)
		id := parsed[api.Made](c.post("/views", object{"name": "Sem e-mail", "filter": "not has:email", "sort": "-name", "shared": true}).want(201)).ID
		list := parsed[api.Page[api.View]](c.get("/views").want(200)).Items
		if len(list) != 1 || list[0].Name != "Sem e-mail" || list[0].Filter != "not has:email" || list[0].Sort != "-name" || !list[0].Shared {
			t.Fatalf("%+v", list)
		}
		c.do(http.MethodPut, at("/views", id), object{"name": "Sem nada", "filter": "not has:email"}).want(204)
		c.do(http.MethodDelete, at("/views", id), nil).want(204)
		if left := parsed[api.Page[api.View]](c.get("/views").want(200)).Items; len(left) != 0 {
			t.Errorf("%+v", left)
		}
		c.do(http.MethodDelete, at("/views", id), nil).want(404)
	})
}
