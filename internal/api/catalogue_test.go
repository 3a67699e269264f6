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

// TestCatalogue: fields, tags and groups are made, changed and removed.
func TestCatalogue(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, k *apptest.Kit) {
		k.Serve(api.New(k.App).Routes(), nil)
		c := as(t, k, auth.Admin)
		field := parsed[api.Made](c.post("/fields", object{"label": "Plano", "type": "choice", "choices": []string{"Ouro", "Prata"}}).want(201)).ID
		c.post("/fields", object{"label": "plano"}).problem(409, "field.exists")
		c.do(http.MethodPut, at("/fields", field), object{"label": "Plano atual", "choices": []string{"Ouro", "Prata", "Bronze"}}).want(204)
		fields := parsed[api.Page[api.Field]](c.get("/fields").want(200)).Items
		byKey := map[string]api.Field{}
		for _, f := range fields {
			byKey[f.Key] = f
		}
		own := byKey[fmt.Sprintf("custom.%d", field)]
		if own.Label != "Plano atual" || own.Type != "choice" || len(own.Choices) != 3 || byKey["name"].Label != "Name" || byKey["phone"].Type != "channel" || byKey["birth_date"].Type != "date" {
			t.Fatalf("%+v", own)
		}

		vip := parsed[api.Made](c.post("/tags", object{"name": "vip", "color": "2"}).want(201)).ID
		gold := parsed[api.Made](c.post("/tags", object{"name": "ouro"}).want(201)).ID
		c.post("/tags", object{"name": "VIP"}).problem(409, "tag.exists")
		group := parsed[api.Made](c.post("/groups", object{"name": "Varejo"}).want(201)).ID
		ana := parsed[*api.Contact](c.post("/contacts", object{"fields": object{"name": "Ana", own.Key: "Ouro"}, "tags": []string{"vip"}, "groups": []int64{group}}).want(201))
		if ana.Fields[own.Key] != "Ouro" || ana.Groups[0].Name != "Varejo" {
			t.Fatalf("%+v", ana)
		}
		c.do(http.MethodPut, at("/tags", vip), object{"name": "especial", "color": "3"}).want(204)
		c.post(at("/tags", vip, "/merge"), object{"into": gold}).want(204)
		tags := parsed[api.Page[api.Tag]](c.get("/tags").want(200)).Items
		if len(tags) != 1 || tags[0].ID != gold || tags[0].Contacts.Count != 1 {
			t.Fatalf("%+v", tags)
		}
		c.do(http.MethodDelete, at("/tags", gold), nil).want(204)
		c.do(http.MethodDelete, at("/tags", gold), nil).want(404)
		c.do(http.MethodPut, at("/groups", group), object{"name": "Atacado"}).want(204)
		if groups := parsed[api.Page[api.Group]](c.get("/groups").want(200)).Items; len(groups) != 1 || groups[0].Name != "Atacado" || groups[0].Contacts.Count != 1 {
			t.Fatalf("%+v", groups)
		}
		c.do(http.MethodDelete, at("/groups", group), nil).want(204)
		if left := parsed[*api.Contact](c.get(at("/contacts", ana.ID)).want(200)); len(left.Tags) != 0 || len(left.Groups) != 0 {
			t.Errorf("%+v", left)
		}
		as(t, k, auth.Manager).post("/fields", object{"label": "x"}).problem(403, "auth.forbidden")
	})
}

// TestBulk: many contacts at once, in the background, and back.
func TestBulk(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, k *apptest.Kit) {
		c := serve(t, k)
		for _, name := range []string{"Ana", "Beto", "Caio"} {
			c.post("/contacts", object{"fields": object{"name": name, "address.city": "Recife"}}).want(201)
		}
		wait := func(b *api.Bulk, state string) *api.Bulk {
			t.Helper()
			for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
				got := parsed[*api.Bulk](c.get(at("/bulk", b.ID)).want(200))
				if got.State == state {
					return got
				}
				if got.State == "failed" || time.Now().After(deadline) {
					t.Fatalf("%+v", got)
				}
			}
		}
		r := c.post("/bulk", object{"filter": "city:Recife", "action": "tag", "tag": "norte"}).want(202)
		b := parsed[*api.Bulk](r)
		if r.Header.Get("Location") != at("/api/v1/bulk", b.ID) {
			t.Error(r.Header)
		}
		if b = wait(b, "done"); b.Changed != 3 || b.Name != "norte" {
			t.Fatalf("%+v", b)
		}
		count := func() int64 { return parsed[api.Count](c.get("/contacts/count?filter=tag:norte").want(200)).Count }
		if n := count(); n != 3 {
			t.Fatalf("%d tagged", n)
		}
		c.post(at("/bulk", b.ID, "/undo"), nil).want(202)
		wait(b, "undone")
		if n := parsed[api.Count](c.get("/contacts/count?filter=has:tag").want(200)).Count; n != 0 {
			t.Fatalf("%d tagged", n)
		}
		c.post("/bulk", object{"ids": []int64{1}, "action": "explode"}).problem(422, "api.invalid")
		as(t, k.Other(), auth.Admin).get(at("/bulk", b.ID)).want(404)
		if list := parsed[api.Page[*api.Bulk]](c.get("/bulk").want(200)).Items; len(list) != 1 || list[0].State != "undone" {
			t.Errorf("%+v", list)
		}
	})
}
