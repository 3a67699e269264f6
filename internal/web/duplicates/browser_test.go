package duplicates_test

import (
	"strings"
	"testing"

	"cadastro/internal/app/apptest"
	"cadastro/internal/auth"
	"cadastro/internal/importer"
	"cadastro/internal/mapping"
	"cadastro/internal/table"
	"cadastro/internal/web/webtest"
)

// people are twice there with one phone, spelled another way; one has another name.
const people = "Nome;Celular;E-mail\nOtávio Prates;11 98765-0001;\nHelena Dias;11 98765-0002;helena@example.com\nVera Leal;11 98765-0003;\n" +
	"OTAVIO PRATES;(11) 98765-0001;otavio@example.com\nHelena Diaz;11987650002;\nRui Leal;11 98765-0003;\n"

func serve(t *testing.T) *apptest.Kit {
	t.Helper()
	k := webtest.Serve(t)
	ctx := k.As(auth.Admin)
	imp, err := k.App.Imports.Review(ctx, k.Workspace, k.Uploaded("base.csv", people).ID, importer.Settings{
		Dialect: table.Dialect{Format: table.CSV, Charset: "utf-8", Delimiter: ";", Quote: '"', Header: 1}, Purpose: mapping.PurposeAddAll,
		Identifier: mapping.ByPhone, Country: "BR", Language: "pt-BR",
		Mapping: mapping.Mapping{Columns: []mapping.Column{{Header: "Nome", Field: "name"}, {Header: "Celular", Field: "phone"}, {Header: "E-mail", Field: "email"}}},
	}, nil)
	if err == nil {
		imp, err = k.App.Imports.Apply(ctx, k.Workspace, imp.ID, nil)
	}
	if err != nil || imp.Counts.Imported != 6 {
		t.Fatalf("%+v %v", imp, err)
	}
	return k
}

// TestJourney: search, choose, merge, split again, keep apart, and all certain ones in one go and back.
func TestJourney(t *testing.T) {
	t.Parallel()
	k := serve(t)
	b := webtest.Open(t, k.URL, webtest.Look{Session: k.Session(auth.Manager)})
	b.Go("/duplicates")
	b.Read("Ainda não procuramos duplicados")
	b.Everywhere("duplicates-first")
	b.Click("form[action='/duplicates/scan'] .btn")
	b.See("#detail")
	b.Everywhere("duplicates")
	if n := b.Count(".prob"); n != 2 {
		t.Fatalf("%d groups", n)
	}
	b.Read("Otávio Prates")
	b.Click(".mg input[name='f.name']:not(:checked)")
	b.Until("the result follows the choice", func() bool { return strings.Contains(b.Text(".mg .res"), "OTAVIO PRATES") })
	b.Click("#detail .btn.pri")
	b.Read("Contatos mesclados.")
	if n := b.Count(".prob"); n != 1 {
		t.Fatalf("%d groups after the merge", n)
	}
	b.Click(".dm-note .link")
	b.Read("Mesclagem separada: tudo voltou como era.")

	b.Go("/duplicates")
	b.Click("form[action='/duplicates/scan'] .btn")
	b.Until("found again", func() bool { return b.Count(".prob") == 2 })
	b.Click("[data-open=all]")
	b.See("dialog[open]")
	b.Axe()
	b.Click("dialog[open] .btn.pri")
	b.Read("mesclado de uma vez.")
	b.Click("form[action='/duplicates/undo'] .link")
	b.Until("undone", func() bool { return !b.Has("#work") && !strings.Contains(b.Text("body"), "mesclado de uma vez.") })
	b.Click("form[action='/duplicates/scan'] .btn")
	b.Until("found once more", func() bool { return b.Count(".prob") == 2 })
	b.Key("j")
	b.Read("rever")
	b.Until("the likely one", func() bool { return strings.HasPrefix(b.Text("#dh"), "Helena") })
	b.Click("[formaction='/duplicates/apart']")
	b.Read("anotados como pessoas diferentes")
	b.Click("form[action='/duplicates/scan'] .btn")
	b.Until("not offered again", func() bool { return b.Count(".prob") == 1 })
}

// TestWithoutScripts: the same by plain forms.
func TestWithoutScripts(t *testing.T) {
	t.Parallel()
	k := serve(t)
	if _, err := k.App.Dedupe.Scan(k.As(auth.Admin), k.Workspace, nil); err != nil {
		t.Fatal(err)
	}
	b := webtest.Open(t, k.URL, webtest.Look{Session: k.Session(auth.Manager), NoScript: true})
	b.Go("/duplicates?reason=phone")
	b.Click(".mg input[name='f.name']:not(:checked)")
	b.Click("[formaction='/duplicates/choose']")
	b.At("/duplicates/choose")
	b.Until("the result", func() bool { return strings.Contains(b.Text(".mg .res"), "OTAVIO PRATES") })
	b.Click("#detail .btn.pri")
	b.Read("Contatos mesclados.")
}

// TestAgent: merging is for managers.
func TestAgent(t *testing.T) {
	t.Parallel()
	k := serve(t)
	b := webtest.Open(t, k.URL, webtest.Look{Session: k.Session(auth.Agent)})
	b.Go("/duplicates")
	b.Read("Seu papel não permite isto")
	if b.Has("a[href='/duplicates']") {
		t.Error("the agent is led to it")
	}
}
