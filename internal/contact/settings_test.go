package contact_test

import (
	"fmt"
	"slices"
	"testing"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
)

func TestLabels(t *testing.T) {
	each(t, func(w *world) {
		ids := w.town()
		byName := func(list []contact.Labelled, err error) map[string]contact.Labelled {
			w.Helper()
			w.must(err)
			out := map[string]contact.Labelled{}
			for _, l := range list {
				out[l.Name] = l
			}
			return out
		}
		tags := byName(w.s.Tags(w.ctx, ws))
		if tags["VIP"].Contacts.N != 1 || tags["Lead"].Contacts.N != 2 {
			w.Errorf("%+v", tags)
		}
		id, err := w.s.AddTag(w.ctx, ws, " Ouro ", "3")
		w.must(err)
		_, err = w.s.AddTag(w.ctx, ws, "OURO", "")
		w.want(err, "tag.exists")
		_, err = w.s.AddTag(w.ctx, ws, "Prata", "red")
		w.want(err, "tag.color_bad")
		w.want(w.s.SetTag(w.ctx, ws, id, "lead", ""), "tag.exists")
		w.want(w.s.SetTag(w.ctx, ws, 99, "Outra", ""), "tag.not_found")
		w.must(w.s.SetTag(w.ctx, ws, id, "ouro!", "5"))
		w.must(w.s.MergeTags(w.ctx, ws, tags["Lead"].ID, tags["VIP"].ID))
		tags = byName(w.s.Tags(w.ctx, ws))
		if _, ok := tags["Lead"]; ok || tags["VIP"].Contacts.N != 2 || tags["ouro!"].Color != "5" {
			w.Errorf("%+v", tags)
		}
		w.must(w.s.DeleteTag(w.ctx, ws, tags["VIP"].ID))
		if c, err := w.s.Get(w.ctx, ws, ids[0]); err != nil || len(c.Tags) != 0 || c.Version != 3 {
			w.Errorf("%v %+v", err, c)
		}
		if n := w.count("SELECT COUNT(*) FROM tag_contact"); n != 0 {
			w.Errorf("%d left", n)
		}
		w.want(w.s.DeleteTag(w.ctx, ws, tags["VIP"].ID), "tag.not_found")

		g, err := w.s.AddGroup(w.ctx, ws, "Clientes")
		w.must(err)
		_, err = w.s.AddGroup(w.ctx, ws, "clientes")
		w.want(err, "group.exists")
		w.must(w.s.RenameGroup(w.ctx, ws, g, "Clientes ativos"))
		groups := byName(w.s.Groups(w.ctx, ws))
		if groups["Clientes ativos"].ID != g || groups["Diretoria"].Contacts.N != 1 {
			w.Errorf("%+v", groups)
		}
		w.exec("UPDATE contact_group SET restricted = TRUE WHERE id = $1", groups["Diretoria"].ID)
		w.exec("INSERT INTO group_access (workspace_id, group_id, team_id, member_id) VALUES (1, $1, 0, 2)", groups["Diretoria"].ID)
		manager := w.as(2, auth.Manager)
		w.want(w.s.DeleteGroup(manager, ws, groups["Diretoria"].ID), "auth.forbidden")
		w.exec("DELETE FROM group_access WHERE member_id = 2")
		w.want(w.s.DeleteGroup(manager, ws, groups["Diretoria"].ID), "group.not_found")
		w.want(w.s.RenameGroup(manager, ws, groups["Diretoria"].ID, "X"), "group.not_found")
		w.must(w.s.DeleteGroup(w.ctx, ws, groups["Diretoria"].ID))
		if n := w.count("SELECT COUNT(*) FROM group_contact"); n != 0 {
			w.Errorf("%d left", n)
		}
		for name, err := range map[string]error{"DeleteTag": w.s.DeleteTag(w.as(2, auth.Agent), ws, 1), "RenameGroup": w.s.RenameGroup(w.as(2, auth.Agent), ws, g, "x"), "RetireField": w.s.RetireField(manager, ws, 1, true)} {
			if fmt.Sprint(err)[:14] != "auth.forbidden" {
				w.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestDefinitions(t *testing.T) {
	each(t, func(w *world) {
		w.town()
		id, err := w.s.AddField(w.ctx, ws, contact.CustomField{Label: " Tamanho ", Type: contact.TypeChoice, Choices: []string{"P", "M", "p", ""}, Headers: []string{"Size"}})
		w.must(err)
		list, err := w.s.Fields(w.ctx, ws)
		w.must(err)
		if f := list[len(list)-1]; f.ID != id || f.Label != "Tamanho" || !slices.Equal(f.Choices, []string{"P", "M"}) || f.Retired {
			w.Errorf("%+v", f)
		}
		for code, f := range map[string]contact.CustomField{
			"field.exists": {Label: "tamanho", Type: contact.TypeText}, "field.type_unknown": {Label: "X", Type: "colour"}, "field.choices_none": {Label: "X", Type: contact.TypeChoice},
			"field.label_bad": {Label: " ", Type: contact.TypeText}, "field.header_taken": {Label: "X", Type: contact.TypeText, Headers: []string{"SIZE"}},
		} {
			_, err := w.s.AddField(w.ctx, ws, f)
			w.want(err, code)
		}
		w.must(w.s.SetField(w.ctx, ws, contact.CustomField{ID: 2, Label: "Plano contratado", Type: contact.TypeNumber, Headers: []string{"plan"}}))
		w.want(w.s.SetField(w.ctx, ws, contact.CustomField{ID: 77, Label: "Y"}), "field.not_found")
		if got := w.names(w.ctx, contact.ListQuery{Filter: `custom."plano contratado":gold`}); len(got) != 1 {
			w.Errorf("%q", got)
		}
		w.must(w.s.RetireField(w.ctx, ws, 2, true))
		_, err = w.s.Parse(w.ctx, ws, `custom."plano contratado":gold`)
		w.want(err, "filter.field_unknown")
		w.must(w.s.RetireField(w.ctx, ws, 2, false))
		if got := w.names(w.ctx, contact.ListQuery{Filter: `custom.2:gold`}); len(got) != 1 {
			w.Errorf("%q", got)
		}
	})
}

func TestViews(t *testing.T) {
	each(t, func(w *world) {
		w.town()
		admin, agent := w.as(1, auth.Admin), w.as(2, auth.Agent)
		id, err := w.s.SaveView(admin, ws, contact.View{Name: "Importantes", Filter: "etiqueta:vip", Shared: true, Columns: []string{"name", "phone"}, Sort: contact.SortName, Asc: true})
		w.must(err)
		own, err := w.s.SaveView(agent, ws, contact.View{Name: "Dele", Filter: "city:rio"})
		w.must(err)
		tags, err := w.s.Tags(w.ctx, ws)
		w.must(err)
		for _, l := range tags {
			if l.Name == "VIP" {
				w.must(w.s.SetTag(w.ctx, ws, l.ID, "Ouro", ""))
			}
		}
		list, err := w.s.Views(agent, ws)
		w.must(err)
		if len(list) != 2 || list[0].ID != own || !list[0].Mine || list[1].Filter != "tag:Ouro" || list[1].Mine || !slices.Equal(list[1].Columns, []string{"name", "phone"}) || !list[1].Asc {
			w.Errorf("%+v", list)
		}
		if list, err := w.s.Views(admin, ws); err != nil || len(list) != 1 {
			w.Errorf("%v %+v", err, list)
		}
		_, err = w.s.SaveView(agent, ws, contact.View{Name: "Y", Shared: true})
		w.want(err, "auth.forbidden")
		_, err = w.s.SaveView(agent, ws, contact.View{ID: id, Name: "Y"})
		w.want(err, "auth.forbidden")
		_, err = w.s.SaveView(admin, ws, contact.View{ID: own, Name: "Y"})
		w.want(err, "view.not_found")
		_, err = w.s.SaveView(agent, ws, contact.View{ID: own, Name: "Y", Filter: "nada:1"})
		w.want(err, "filter.field_unknown")
		_, err = w.s.SaveView(agent, ws, contact.View{Name: " "})
		w.want(err, "view.name_bad")
		w.want(w.s.DeleteView(agent, ws, id), "auth.forbidden")
		w.must(w.s.DeleteView(admin, ws, id))
		w.want(w.s.DeleteView(admin, ws, id), "view.not_found")
	})
}
