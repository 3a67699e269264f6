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

type object = map[string]any

// TestContacts: made, read, changed by version, binned and restored, with a history.
func TestContacts(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, k *apptest.Kit) {
		c := serve(t, k)
		r := c.post("/contacts", object{"fields": object{"name": "Ana Prado", "address.city": "Recife"}, "tags": []string{"vip"},
			"channels": object{"phone": []object{{"value": "(11) 98765-4321"}}, "email": []object{{"value": "Ana@Example.com"}}}}, header("Idempotency-Key", "ana")).want(201)
		ana := parsed[*api.Contact](r)
		if ana.Fields["name"] != "Ana Prado" || len(ana.Channels) != 2 || ana.Channels[0].Value != "+5511987654321" || ana.Tags[0].Name != "vip" || ana.Source != "api" {
			t.Fatalf("%+v", ana)
		}
		if r.Header.Get("Location") != at("/api/v1/contacts", ana.ID) || r.Header.Get("ETag") != fmt.Sprintf(`"%d"`, ana.Version) {
			t.Errorf("%v", r.Header)
		}
		path := at("/contacts", ana.ID)
		match := header("If-Match", r.Header.Get("ETag"))
		c.do(http.MethodPatch, path, object{"fields": object{"company": "Sol"}}).problem(428, "api.version_missing")
		c.do(http.MethodPatch, path, object{"fields": object{"company": "Sol"}}, header("If-Match", "x")).problem(422, "api.version_bad")
		changed := parsed[*api.Contact](c.do(http.MethodPatch, path, object{"fields": object{"company": "Padaria Sol"}}, match).want(200))
		if changed.Fields["company"] != "Padaria Sol" || changed.Fields["name"] != "Ana Prado" || changed.Version <= ana.Version || len(changed.Channels) != 2 {
			t.Fatalf("%+v", changed)
		}
		late := c.do(http.MethodPatch, path, object{"fields": object{"company": "Lua"}}, match).problem(412, "contact.changed")
		if len(late.Errors) != 1 || late.Errors[0].Location != "body.fields.company" {
			t.Errorf("%+v", late.Errors)
		}
		faulty := c.post("/contacts", object{"fields": object{"name": "Beto", "birth_date": "31/02/2000"}, "channels": object{"phone": []object{{"value": "(11) 98765-4322"}, {"value": "(11) 98765-43219999"}}}})
		places := map[string]bool{}
		for _, f := range faulty.problem(422, "contact.faulty").Errors {
			places[f.Location] = true
			if f.Detail == "" || strings.HasPrefix(f.Detail, "[") {
				t.Errorf("%+v", f)
			}
		}
		if !places["body.fields.birth_date"] || !places["body.channels.phone[1]"] || len(places) != 2 {
			t.Errorf("%v", places)
		}

		for query, want := range map[string]int{"search=987654321": 1, "search=prado": 1, "filter=tag:vip": 1, "filter=city:Recife%20and%20not%20has:email": 0, "": 1} {
			page := parsed[api.Page[*api.Contact]](c.get("/contacts?" + query).want(200))
			if len(page.Items) != want {
				t.Errorf("%s: %d contacts", query, len(page.Items))
			}
			if n := parsed[api.Count](c.get("/contacts/count?" + query).want(200)); n.Count != int64(want) {
				t.Errorf("%s: counted %+v", query, n)
			}
		}
		if p := c.get("/contacts?filter=tag:").want(422); !strings.Contains(string(p.Body), "filter.") {
			t.Errorf("%s", p.Body)
		}

		history := parsed[api.Page[api.Event]](c.get(path + "/history").want(200)).Items
		if len(history) != 2 || history[1].Kind != "add" || len(history[0].Changes) != 1 || history[0].Changes[0].Field != "company" || history[0].Changes[0].New != "Padaria Sol" {
			t.Fatalf("%+v", history)
		}
		c.do(http.MethodDelete, path, nil).want(204)
		if got := parsed[*api.Contact](c.get(path).want(200)); !got.Deleted {
			t.Error("not in the bin")
		}
		if page := parsed[api.Page[*api.Contact]](c.get("/contacts?bin=true").want(200)); len(page.Items) != 1 {
			t.Errorf("bin: %+v", page)
		}
		c.do(http.MethodDelete, path, nil).want(204)
		if got := parsed[*api.Contact](c.post(path+"/restore", nil).want(200)); got.Deleted {
			t.Error("still in the bin")
		}
		c.get(at("/contacts", ana.ID+1000)).problem(404, "contact.not_found")
		c.do(http.MethodDelete, at("/contacts", ana.ID+1000), nil).problem(404, "contact.not_found")
		as(t, k.Other(), auth.Admin).get(path).problem(404, "contact.not_found")
		agent := as(t, k, auth.Agent)
		agent.get(path).want(200)
		agent.do(http.MethodDelete, path, nil).problem(403, "auth.forbidden")
	})
}

// TestContactPages: every contact comes once, whatever the order.
func TestContactPages(t *testing.T) {
	t.Parallel()
	c := serve(t, apptest.New(t))
	for i := range 7 {
		c.post("/contacts", object{"fields": object{"name": fmt.Sprintf("Pessoa %d", i)}}).want(201)
	}
	for _, sort := range []string{"name", "-name", "updated", "-updated", "created", "-created"} {
		seen := map[int64]bool{}
		next := "/contacts?limit=3&sort=" + sort
		for next != "" {
			page := parsed[api.Page[*api.Contact]](c.get(next).want(200))
			for _, one := range page.Items {
				if seen[one.ID] {
					t.Errorf("%s: %d twice", sort, one.ID)
				}
				seen[one.ID] = true
			}
			next = ""
			if page.Next != "" {
				next = "/contacts?limit=3&sort=" + sort + "&after=" + page.Next
			}
		}
		if len(seen) != 7 {
			t.Errorf("%s: %d of 7", sort, len(seen))
		}
	}
	c.get("/contacts?after=nonsense").want(422)
}

// TestDoNotContact: the list takes what can be read and tells what cannot.
func TestDoNotContact(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, k *apptest.Kit) {
		c := serve(t, k)
		got := parsed[api.BlockAnswer](c.post("/do-not-contact", object{"addresses": []string{"(11) 98765-4321", "123", "ana@example.com", "+5511987654321"}, "reason": "pediu"}).want(200))
		if got.Added != 2 || len(got.Errors) != 1 || got.Errors[0].Location != "body.addresses[1]" {
			t.Fatalf("%+v", got)
		}
		var all []api.Blocked
		next := "/do-not-contact?limit=1"
		for next != "" {
			page := parsed[api.Page[api.Blocked]](c.get(next).want(200))
			all = append(all, page.Items...)
			if next = ""; page.Next != "" {
				next = "/do-not-contact?limit=1&after=" + page.Next
			}
		}
		if len(all) != 2 || all[0].Reason != "pediu" {
			t.Fatalf("%+v", all)
		}
		if n := parsed[api.Count](c.post("/do-not-contact/remove", object{"keys": []object{{"kind": all[0].Kind, "key": all[0].Key}}}).want(200)); n.Count != 1 {
			t.Errorf("%+v", n)
		}
		as(t, k, auth.Agent).get("/do-not-contact").problem(403, "auth.forbidden")
	})
}

// TestTokensAndWebhooks: secrets are shown once; what is gone is gone.
func TestTokensAndWebhooks(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, k *apptest.Kit) {
		k.Serve(api.New(k.App).Routes(), nil)
		c := as(t, k, auth.Admin)
		c.post("/tokens", object{"name": "noite", "role": "manager", "scopes": "read import", "days": 30}).problem(403, "auth.too_strong") // it would outlive its maker
		browser := &client{t: t, kit: k, lang: "en"}
		made := parsed[api.NewToken](browser.post("/tokens", object{"name": "noite", "role": "manager", "scopes": "read import", "days": 30}, func(r *http.Request) { k.SignIn(r, auth.Admin) }).want(201))
		fresh := &client{t: t, kit: k, token: made.Secret, lang: "en"}
		if me := parsed[api.Me](fresh.get("/me").want(200)); me.Actor != fmt.Sprintf("token %d", made.ID) || me.Role != "manager" {
			t.Errorf("%+v", me)
		}
		if body := string(c.get("/tokens").want(200).Body); strings.Contains(body, made.Secret) || !strings.Contains(body, `"noite"`) {
			t.Errorf("%s", body)
		}
		fresh.get("/tokens").problem(403, "auth.forbidden")
		c.do(http.MethodDelete, at("/tokens", made.ID), nil).want(204)
		fresh.get("/me").want(401)
		c.do(http.MethodDelete, at("/tokens", made.ID), nil).problem(404, "auth.token_unknown")
		c.post("/tokens", object{"name": "x", "role": "king", "scopes": "read"}).problem(422, "api.invalid")
		if p := c.post("/tokens", object{"name": "x", "role": "agent", "scopes": "fly"}).problem(422, "auth.scope_unknown"); p.Errors[0].Location != "body.scopes" {
			t.Errorf("%+v", p)
		}

		hook := parsed[api.Webhook](c.post("/webhooks", object{"url": "https://example.com/hook", "events": []string{"import.finished"}}).want(201))
		if hook.Secret == "" || !hook.Enabled || hook.Events[0] != "import.finished" {
			t.Fatalf("%+v", hook)
		}
		path := at("/webhooks", hook.ID)
		if body := string(c.get("/webhooks").want(200).Body); strings.Contains(body, hook.Secret) {
			t.Error("the secret is shown again")
		}
		c.post("/webhooks", object{"url": "http://10.0.0.1/"}).problem(422, "url.private")
		c.post("/webhooks", object{"url": "https://example.com", "events": []string{"moon.rise"}}).problem(422, "webhook.event_unknown")
		c.do(http.MethodPut, path, object{"url": "https://example.com/other", "enabled": false}).want(204)
		if list := parsed[api.Page[api.Webhook]](c.get("/webhooks").want(200)).Items; len(list) != 1 || list[0].Enabled || list[0].URL != "https://example.com/other" || len(list[0].Events) != 0 {
			t.Errorf("%+v", list)
		}
		c.do(http.MethodPut, path, object{"url": "https://example.com/other", "enabled": true}).want(204)
		if s := parsed[api.Secret](c.post(path+"/rotate", nil).want(200)); s.Secret == "" || s.Secret == hook.Secret {
			t.Errorf("%+v", s)
		}
		sent := parsed[api.Made](c.post(path+"/test", nil).want(202))
		deliveries := parsed[api.Page[api.Delivery]](c.get(path + "/deliveries").want(200)).Items
		if len(deliveries) != 1 || deliveries[0].ID != sent.ID || deliveries[0].Event != "webhook.test" {
			t.Errorf("%+v", deliveries)
		}
		c.get(at("/deliveries", sent.ID, "/attempts")).want(200)
		c.post(at("/deliveries", sent.ID, "/resend"), nil).want(202)
		c.do(http.MethodDelete, path, nil).want(204)
		c.do(http.MethodPut, path, object{"url": "https://example.com"}).problem(404, "webhook.not_found")
		as(t, k, auth.Manager).get("/webhooks").problem(403, "auth.forbidden")
		members := parsed[api.Page[api.Member]](as(t, k, auth.Agent).get("/members").want(200)).Items
		if len(members) == 0 || members[0].Email == "" {
			t.Errorf("%+v", members)
		}
	})
}
