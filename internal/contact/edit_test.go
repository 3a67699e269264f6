package contact_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/errs"
)

func ptr[T any](v T) *T { return &v }

func TestAddAndSave(t *testing.T) {
	each(t, func(w *world) {
		w.town()
		c, err := w.s.Add(w.ctx, ws, contact.Input{
			Fields: map[string]string{"name": "  Dora  Prado ", "tax_id": "529.982.247-25", "birth_date": "22/03/1987", "custom.1": "1.500,50", "owner": "Rafael Lima"},
			Channels: map[contact.Kind][]contact.ChannelInput{
				contact.Phone: {{Value: "(11) 91111-2222", Label: "trabalho", Basis: "consent", BasisSource: "site"}, {Value: "11 3333-4444"}, {Value: "+55 11 91111 2222"}},
				contact.Email: {{Value: "Dora@Example.com"}},
			},
			Tags: &[]string{"Nova; especial", "vip"}, Blocked: ptr(true),
		})
		w.must(err)
		got, err := w.s.Get(w.ctx, ws, c.ID)
		w.must(err)
		if got.Scalars[contact.Name] != "Dora Prado" || got.Scalars[contact.TaxID] != "52998224725" || got.Scalars[contact.BirthDate] != "1987-03-22" ||
			got.CustomText(1) != "1500.5" || got.Scalars[contact.Owner] != "2" || !got.DoNotContact || len(got.Tags) != 2 || got.Source != "manual" {
			w.Errorf("%+v", got)
		}
		phones := got.Channels[:2]
		if phones[0].Value != "+5511911112222" || phones[0].Basis != "consent" || phones[0].BasisAt == 0 || phones[0].Label != "trabalho" || phones[1].Value != "+551133334444" || len(got.Channels) != 3 {
			w.Errorf("%+v", got.Channels)
		}
		if names := w.names(w.ctx, contact.ListQuery{Search: "dora"}); len(names) != 1 {
			w.Errorf("%q", names)
		}
		if names := w.names(w.ctx, contact.ListQuery{Filter: "blocked:yes and tag:\"nova; especial\""}); len(names) != 1 {
			w.Errorf("%q", names)
		}

		// Another primary number keeps the consent of the first; what is left out stays.
		w.now = w.now.Add(time.Hour)
		c, err = w.s.Save(w.ctx, ws, c.ID, c.Version, contact.Input{Channels: map[contact.Kind][]contact.ChannelInput{
			contact.Phone: {{Value: "1133334444"}, {Value: "11911112222", OptedOut: ptr(true)}}}})
		w.must(err)
		if p := c.Primary(contact.Phone); p.Value != "+551133334444" || c.Channels[1].Basis != "consent" || c.Channels[1].OptedOutAt != w.now.UnixMicro() || c.Version != 2 {
			w.Errorf("%+v", c)
		}
		if len(c.Tags) != 2 || c.Primary(contact.Email) == nil {
			w.Errorf("%+v", c)
		}
		same, err := w.s.Save(w.ctx, ws, c.ID, c.Version, contact.Input{Fields: map[string]string{"name": "Dora Prado"}})
		if err != nil || same.Version != 2 {
			w.Errorf("nothing changed: %v, version %d", err, same.Version)
		}

		// Who saw an older version is told what moved on.
		_, err = w.s.Save(w.ctx, ws, c.ID, 2, contact.Input{Fields: map[string]string{"name": "Dora Lima", "address.city": "Recife"}, Blocked: ptr(false), Tags: &[]string{}})
		w.must(err)
		_, err = w.s.Save(w.ctx, ws, c.ID, 2, contact.Input{Fields: map[string]string{"name": "Dora P."}})
		var moved *contact.Changed
		if errs.KindOf(err) != errs.Conflict || !errors.As(err, &moved) || !slices.Equal(moved.Fields, []string{"address.city", "do_not_contact", "name", "tags"}) || moved.Now.Version != 3 {
			w.Errorf("%v %+v", err, moved)
		}

		// All faults at once, each with its field; nothing is written.
		_, err = w.s.Save(w.ctx, ws, c.ID, 3, contact.Input{
			Fields:   map[string]string{"tax_id": "111", "birth_date": "31/02/2020", "custom.1": "abc", "custom.99": "x", "owner": "Ninguém", "shoe": "1", "name": "Outra"},
			Channels: map[contact.Kind][]contact.ChannelInput{contact.Phone: {{Value: "1133334444"}, {Value: "12"}}, contact.Email: {{Value: "no"}}, "fax": {{Value: "1"}}},
			Groups:   &[]int64{77},
		})
		w.want(err, "contact.faulty")
		var fields []string
		for _, f := range contact.FaultsOf(err) {
			fields = append(fields, f.Field)
			if f.Code == "" {
				w.Errorf("%+v", f)
			}
		}
		slices.Sort(fields)
		if want := []string{"birth_date", "custom.1", "custom.99", "email.0", "fax", "groups", "owner", "phone.1", "shoe", "tax_id"}; !slices.Equal(fields, want) {
			w.Errorf("%q", fields)
		}
		for text, code := range map[string]string{"123": "phone.short_code", "12": "phone.too_short", "90000-0001": "phone.no_area_code"} {
			_, err = w.s.Add(w.ctx, ws, contact.Input{Fields: map[string]string{"name": "Eva"}, Channels: map[contact.Kind][]contact.ChannelInput{contact.Phone: {{Value: text}}}})
			w.want(err, "contact.faulty")
			if f := contact.FaultsOf(err); len(f) != 1 || f[0].Field != "phone.0" || f[0].Code != code || f[0].Value != text {
				w.Errorf("%q: %+v", text, f)
			}
		}
		_, err = w.s.Add(w.ctx, ws, contact.Input{Fields: map[string]string{"name": " ", "company": "X"}})
		w.want(err, "contact.empty")
		_, err = w.s.Save(w.ctx, ws, 999, 1, contact.Input{})
		w.want(err, "contact.not_found")

		// The history tells all of it, and each value its source.
		list, more, err := w.s.History(w.ctx, ws, c.ID, 0, 10)
		w.must(err)
		if len(list) != 3 || more || list[2].Kind != contact.KindAdd || list[0].Kind != "edit" || list[0].Actor != "cli" {
			w.Fatalf("%+v", list)
		}
		find := func(e contact.Event, field string) contact.Change {
			for _, ch := range e.Changes {
				if ch.Field == field {
					return ch
				}
			}
			return contact.Change{}
		}
		if ch := find(list[0], "name"); ch.Old != "Dora Prado" || ch.New != "Dora Lima" {
			w.Errorf("%+v", ch)
		}
		if ch := find(list[0], "tags"); !slices.Equal(ch.Removed, []string{"Nova; especial", "VIP"}) && !slices.Equal(ch.Removed, []string{"VIP", "Nova; especial"}) {
			w.Errorf("%+v", ch)
		}
		if ch := find(list[1], "phone"); ch.Old != "+55 11 91111-2222, +55 11 3333-4444" || ch.New != "+55 11 3333-4444, +55 11 91111-2222" {
			w.Errorf("%+v", ch)
		}
		page, more, err := w.s.History(w.ctx, ws, c.ID, 0, 1)
		if err != nil || !more || len(page) != 1 {
			w.Errorf("%v %v %+v", err, more, page)
		}
		page, more, err = w.s.History(w.ctx, ws, c.ID, page[0].Set, 5)
		if err != nil || more || len(page) != 2 {
			w.Errorf("%v %v %+v", err, more, page)
		}
		src, err := w.s.Sources(w.ctx, ws, c.ID)
		w.must(err)
		if src["name"].Before != "Dora Prado" || src["name"].Set != list[0].Set || src["email"].Kind != contact.KindAdd || src["phone"].Set != list[1].Set || src["tax_id"].Set != list[2].Set || len(src) != 8 {
			w.Errorf("%+v", src)
		}
	})
}

func TestCheckValue(t *testing.T) {
	each(t, func(w *world) {
		ids := w.town()
		for _, c := range []struct{ key, text, value, display, issue string }{
			{"phone", "11 98765 4321", "+5511987654321", "+55 11 98765-4321", ""},
			{"phone", "12", "", "", "phone.too_short"},
			{"phone", "123", "", "", "phone.short_code"},
			{"phone", "", "", "", ""},
			{"email", "a@b", "", "", "email."},
			{"tax_id", "52998224725", "52998224725", "529.982.247-25", ""},
			{"tax_id", "52998224724", "", "", "tax_id."},
			{"custom.1", "1.5", "1.5", "1.5", ""},
			{"birth_date", "1/2/1990", "1990-02-01", "1990-02-01", ""},
		} {
			got, err := w.s.Check(w.ctx, ws, c.key, c.text)
			w.must(err)
			issue := ""
			if len(got.Issues) > 0 {
				issue = got.Issues[0].Code
			}
			if got.Value != c.value || got.Display != c.display || (c.issue == "") != (issue == "") || len(issue) < len(c.issue) || issue[:len(c.issue)] != c.issue {
				w.Errorf("%s %q: %+v", c.key, c.text, got)
			}
		}
		got, err := w.s.Check(w.ctx, ws, "phone", "(11) 98765-4321")
		if err != nil || !slices.Equal(got.Holders, ids[:1]) {
			w.Errorf("%+v, %v", got, err)
		}
		_, err = w.s.Check(w.ctx, ws, "shoe", "1")
		w.want(err, "contact.field_unknown")
	})
}

// TestBin: what goes to the bin comes back whole, and what stays there for its days is gone without a trace.
func TestBin(t *testing.T) {
	each(t, func(w *world) {
		ids := w.town()
		n, err := w.s.Delete(w.ctx, ws, "cli", []contact.ID{ids[0], ids[1], 99})
		if err != nil || n != 2 {
			w.Fatal(n, err)
		}
		if got := w.names(w.ctx, contact.ListQuery{Bin: true, Sort: contact.SortName, Asc: true}); !slices.Equal(got, []string{"Ana Souza", "Bruno Álvares"}) {
			w.Errorf("%q", got)
		}
		if got := w.names(w.ctx, contact.ListQuery{Search: "souza"}); len(got) != 0 {
			w.Errorf("%q", got)
		}
		_, err = w.s.Save(w.ctx, ws, ids[0], 2, contact.Input{Fields: map[string]string{"name": "X"}})
		w.want(err, "contact.not_found")
		n, err = w.s.Restore(w.ctx, ws, []contact.ID{ids[0], ids[2]})
		if err != nil || n != 1 {
			w.Fatal(n, err)
		}
		if got := w.names(w.ctx, contact.ListQuery{Filter: "tag:vip phone:98765"}); !slices.Equal(got, []string{"Ana Souza"}) {
			w.Errorf("%q", got)
		}
		w.now = w.now.Add(contact.DefaultBin - time.Second)
		if n, err := w.s.Purge(w.ctx); err != nil || n != 0 {
			w.Fatal(n, err)
		}
		w.now = w.now.Add(time.Minute)
		if n, err := w.s.Purge(w.ctx); err != nil || n != 1 {
			w.Fatal(n, err)
		}
		for _, q := range []string{"SELECT COUNT(*) FROM contact WHERE id = $1", "SELECT COUNT(*) FROM channel WHERE contact_id = $1", "SELECT COUNT(*) FROM contact_key WHERE contact_id = $1",
			"SELECT COUNT(*) FROM tag_contact WHERE contact_id = $1", "SELECT COUNT(*) FROM journal WHERE contact_id = $1", "SELECT COUNT(*) FROM contact_order WHERE contact_id = $1"} {
			if n := w.count(q, int64(ids[1])); n != 0 {
				w.Errorf("%s: %d", q, n)
			}
		}
		_, err = w.s.Get(w.ctx, ws, ids[1])
		w.want(err, "contact.not_found")
		agent := w.as(2, auth.Agent)
		_, err = w.s.Delete(agent, ws, "member 2", ids[:1])
		w.want(err, "auth.forbidden")
	})
}

func TestDoNotContact(t *testing.T) {
	each(t, func(w *world) {
		r, err := w.s.AddDoNotContact(w.ctx, ws, []string{"(11) 98765-4321", "", "ana@example.com", "lixo", "+5511987654321"}, " pediu ")
		w.must(err)
		if r.Added != 2 || r.Known != 1 || len(r.Faults) != 1 || r.Faults[3] == nil {
			w.Errorf("%+v", r)
		}
		r, err = w.s.AddDoNotContact(w.ctx, ws, []string{"ANA@example.com", "b@example.com"}, "")
		w.must(err)
		if r.Added != 1 || r.Known != 1 {
			w.Errorf("%+v", r)
		}
		list, err := w.s.DoNotContact(w.ctx, ws, "", contact.Key{}, 2)
		w.must(err)
		rest, err := w.s.DoNotContact(w.ctx, ws, "", contact.Key{Kind: list[1].Kind, Text: list[1].Key}, 2)
		w.must(err)
		if got := fmt.Sprint(len(list), list[0].Key, list[0].Reason, rest); len(rest) != 1 || rest[0].Key != "+5511987654321" || list[0].Key != "ana@example.com" || list[0].Reason != "pediu" {
			w.Error(got)
		}
		for search, want := range map[string]int{"(11) 98765": 1, "EXAMPLE": 2, "%": 0} {
			if list, err := w.s.DoNotContact(w.ctx, ws, search, contact.Key{}, 10); err != nil || len(list) != want {
				w.Errorf("%s: %v %v", search, list, err)
			}
		}
		n, err := w.s.RemoveDoNotContact(w.ctx, ws, []contact.Key{{Kind: contact.Email, Text: "b@example.com"}, {Kind: contact.Phone, Text: "x"}})
		if err != nil || n != 1 {
			w.Errorf("%d %v", n, err)
		}
		_, err = w.s.DoNotContact(w.as(2, auth.Agent), ws, "", contact.Key{}, 10)
		w.want(err, "auth.forbidden")
	})
}
