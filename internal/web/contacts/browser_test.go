package contacts_test

import (
	"fmt"
	"strings"
	"testing"

	"cadastro/internal/app/apptest"
	"cadastro/internal/auth"
	"cadastro/internal/web/webtest"
)

// crowd fills the base with as many people.
func crowd(k *apptest.Kit, n int) {
	var b strings.Builder
	b.WriteString("Nome;Celular\nJoão da Conceição;11 98765-0000\n")
	for i := 1; i < n; i++ {
		fmt.Fprintf(&b, "Pessoa %03d;11 9%08d\n", i, 70000000+i)
	}
	k.Applied("base.csv", b.String())
}

// TestFirstRun: an empty base offers the example one click away.
func TestFirstRun(t *testing.T) {
	t.Parallel()
	k := webtest.Serve(t)
	b := webtest.Open(t, k.URL, webtest.Look{Session: k.Session(auth.Admin)})
	b.Go("/")
	b.At("/contacts")
	b.Read("Sua base está vazia")
	b.Everywhere("contacts-first")
	b.Click("form[action='/imports/example'] .btn")
	b.At("/imports/1")
}

// TestList: search while typing, filters as chips, sort, pages, columns, views.
func TestList(t *testing.T) {
	t.Parallel()
	k := webtest.Serve(t)
	crowd(k, 120)
	b := webtest.Open(t, k.URL, webtest.Look{Session: k.Session(auth.Admin)})
	b.Go("/contacts")
	b.Read("1–50 de 120")
	b.Everywhere("contacts")
	b.Click(".pager a[rel=next]")
	b.Read("51–100 de 120")
	b.Click(".pager a[rel=next]")
	b.Read("101–120 de 120")
	b.Type("#q", "conceicao")
	b.Until("one is left", func() bool { return b.Count(".lista tbody tr") == 1 })
	b.Read("João da Conceição")
	if !strings.Contains(b.Path(), "q=conceicao") || b.Focused() != "q" {
		t.Errorf("%s, focus on %q", b.Path(), b.Focused())
	}
	b.Fill("#q", "98765 0000")
	b.Until("found by phone", func() bool { return b.Count(".lista tbody tr") == 1 && strings.Contains(b.Text(".lista"), "João") })
	b.Go("/contacts?q=ninguem")
	b.Read("Ninguém com “ninguem”")
	b.Everywhere("contacts-none")

	b.Go("/contacts")
	b.Click(".lbar .drop-menu summary")
	b.Choose("#ff", "name")
	b.Type("#fv", "Pessoa 01")
	b.Click(".menu.wide .btn.pri")
	b.Read("1–10 de 10")
	if n := b.Count(".chip"); n != 1 {
		t.Errorf("%d chips", n)
	}
	b.Click(".c-name a.quiet")
	b.Until("sorted by name", func() bool { return strings.HasPrefix(b.Text("tbody .c-name a"), "Pessoa 010") })
	b.Click(".tabs .drop-menu summary")
	b.Type("#view-name", "Os dez")
	b.Click(".menu .btn.pri")
	b.Read("Visão Os dez salva.")
	b.See(".tabs a[aria-current=page][href*='view=']")
	b.Click(".chip .ib")
	b.Read("de 120")
	b.Go("/contacts?f=" + "city%3A(")
	b.See(".menu .note.err")
}

// TestBulk: tag what was picked, undo it, delete a whole filter and restore it from the bin.
func TestBulk(t *testing.T) {
	t.Parallel()
	k := webtest.Serve(t)
	crowd(k, 60)
	b := webtest.Open(t, k.URL, webtest.Look{Session: k.Session(auth.Manager)})
	b.Go("/contacts?sort=name&asc=1")
	b.Key("j")
	b.Key("x")
	b.Key("j")
	b.Key("x")
	b.Until("two are picked", func() bool { return b.Text("#picked") == "2 selecionados" })
	b.Axe()
	b.Picture("contacts-picked")
	b.Click(".bulk .drop-menu summary")
	b.Type("#bt", "VIP")
	b.Click(".bulk button[value=tag]")
	b.Read("2 contatos receberam a etiqueta VIP.")
	if n := strings.Count(b.Text(".lista"), "VIP"); n != 2 {
		t.Errorf("VIP is read %d times", n)
	}
	b.Click("#work button[value=undo]")
	b.Read("voltaram como eram")

	b.Go("/contacts")
	b.Click("#every")
	b.Click(".all-of input")
	b.Click(".bulk button[value=delete]")
	b.Read("60 contatos na lixeira por 30 dias.")
	b.Click("#work button[value=undo]")
	b.Read("60 contatos voltaram como eram")
	b.Go("/contacts?q=conceicao")
	b.Click(".pick-one")
	b.Click(".bulk button[value=delete]")
	b.Read("1 contato na lixeira por 30 dias.")
	b.Go("/contacts?bin=1")
	b.Read("João da Conceição")
	b.Everywhere("contacts-bin")
	b.Click(".pick-one")
	b.Click(".bulk button[value=restore]")
	b.Read("A lixeira está vazia")
}

// TestWithoutScripts: search, pages and work on many by plain forms.
func TestWithoutScripts(t *testing.T) {
	t.Parallel()
	k := webtest.Serve(t)
	crowd(k, 60)
	b := webtest.Open(t, k.URL, webtest.Look{Session: k.Session(auth.Manager), NoScript: true})
	b.Go("/contacts")
	b.Type("#q", "conceicao")
	b.Key("Enter")
	b.Read("1–1 de 1")
	b.Click(".pick-one")
	b.Click(".bulk button[value=delete]")
	b.At("/contacts?q=conceicao&work=1")
}
