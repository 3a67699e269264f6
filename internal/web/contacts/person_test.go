package contacts_test

import (
	"strings"
	"testing"

	"cadastro/internal/auth"
	"cadastro/internal/web/webtest"
)

// TestPerson: add with a number checked while typed, edit, a conflict that shows both values, the history, the bin and back.
func TestPerson(t *testing.T) {
	t.Parallel()
	k := webtest.Serve(t)
	b := webtest.Open(t, k.URL, webtest.Look{Session: k.Session(auth.Manager)})
	b.Go("/contacts/new")
	b.Type("#f-name", "Lúcia Nakamura")
	b.Type("#f-phone-0", "98765-0001")
	b.See("#f-phone-0-e .error-msg")
	b.Fill("#f-phone-0", "11 98765-0001")
	b.Until("what it comes to", func() bool { return strings.Contains(b.Text("#f-phone-0-e"), "+55 11 98765-0001") })
	b.Type("#f-email-0", "lucia")
	b.Type("input[name=tags]", "VIP, Atacado")
	b.Click(".foot .btn.pri")
	b.See("#faults")
	b.Axe()
	if b.Value("#f-name") != "Lúcia Nakamura" || b.Focused() != "faults" {
		t.Errorf("%q, focus on %q", b.Value("#f-name"), b.Focused())
	}
	b.Fill("#f-email-0", "lucia@example.com")
	b.Click(".foot .btn.pri")
	b.At("/contacts/1")
	b.Read("Contato adicionado.")
	b.Everywhere("contact")

	other := webtest.Open(t, k.URL, webtest.Look{Session: k.Session(auth.Admin)})
	other.Go("/contacts/1")
	b.Fill("#f-company", "Ateliê Nakamura")
	b.See("#unsaved")
	b.Click(".foot .btn.pri")
	b.Read("Alterações salvas.")
	other.Fill("#f-company", "Outra empresa")
	other.Click(".foot .btn.pri")
	other.Read("Alguém mudou este contato")
	other.Read("Ateliê Nakamura")
	other.Axe()
	other.Click(".foot .btn.pri")
	other.Read("Alterações salvas.")
	other.Read("Editado por Ana Admin")

	b.Go("/contacts/1")
	b.Click(".mark input[value=Atacado]")
	b.Click(".chans li:nth-child(2) [data-remove]")
	b.Click(".foot .btn.pri")
	b.Read("Alterações salvas.")
	if text := b.Text("#history"); !strings.Contains(text, "lucia@example.com") || !strings.Contains(text, "Atacado") {
		t.Errorf("the history tells %q", text)
	}
	if b.Count(".mark") != 1 || strings.Contains(webtest.Eval[string](b, `document.querySelector("#chans").innerHTML`), "lucia@") {
		t.Error("the tag or the address is still there")
	}
	b.Click("form[action='/contacts/1/delete'] .btn")
	b.Read("Este contato está na lixeira")
	b.Everywhere("contact-bin")
	b.Click("form[action='/contacts/1/restore'] .btn")
	b.Read("1 contato restaurado.")
}

// TestPersonWithoutScripts: the same by plain forms, and an address made the primary one.
func TestPersonWithoutScripts(t *testing.T) {
	t.Parallel()
	k := webtest.Serve(t)
	b := webtest.Open(t, k.URL, webtest.Look{Session: k.Session(auth.Agent), NoScript: true})
	b.Go("/contacts/new")
	b.Type("#f-name", "Rui Dias")
	b.Type("#f-phone-0", "11 90000-0001")
	b.Click(".foot .btn.pri")
	b.At("/contacts/1")
	b.Type("#ch-new", "11 90000-0002")
	b.Choose(".ch-new select", "phone")
	b.Click(".foot .btn.pri")
	b.Until("two phones", func() bool { return b.Count("input[name='ch.value']") == 3 })
	b.Click("input[name='first.phone']:not(:checked)")
	b.Click(".foot .btn.pri")
	b.Until("the second comes first", func() bool { return strings.Contains(b.Value("#f-phone-0"), "90000-0002") })
	if b.Has("form[action='/contacts/1/delete']") {
		t.Error("agents do not delete")
	}
}
