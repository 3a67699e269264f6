package settings_test

import (
	"context"
	"fmt"
	"testing"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/mapping"
	"cadastro/internal/notify/notice"
	"cadastro/internal/web/webtest"
)

// TestPages: every page of the settings is sound at each width and in both themes, with hostile names in it.
func TestPages(t *testing.T) {
	t.Parallel()
	k := serve(t)
	ctx := k.As(auth.Admin)
	long := "Uma equipe com um nome que não acaba nunca, nem mesmo em telas muito largas, e que por isso tem de quebrar"
	team, err := k.App.Auth.AddTeam(ctx, long)
	if err != nil {
		t.Fatal(err)
	}
	if err := k.App.Auth.SetTeamMembers(ctx, team.ID, []auth.MemberID{k.Person(auth.Agent).Actor.Member}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := k.App.Auth.AddMember(ctx, auth.NewMember{Email: "uma.pessoa.de.nome.comprido@subdominio.example.com", Name: `"><script>alert(1)</script>`, Role: auth.Agent}); err != nil {
		t.Fatal(err)
	}
	k.Token(auth.Manager, auth.ScopeRead|auth.ScopeWrite|auth.ScopeImport|auth.ScopeExport)
	e, _, err := k.App.Notify.Webhooks.Add(ctx, k.Workspace, "https://hooks.example.com/um/caminho/bem/comprido/que/precisa/quebrar/em/telas/pequenas", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.App.Notify.Webhooks.Try(ctx, k.Workspace, e.ID); err != nil {
		t.Fatal(err)
	}
	m := mapping.Mapping{}
	for i := range 30 {
		m.Columns = append(m.Columns, mapping.Column{Header: fmt.Sprintf("Coluna de cabeçalho comprido %d", i)})
	}
	if err := k.App.Mappings.Save(context.Background(), k.Workspace, "ERP", m, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := k.App.Contacts.AddDoNotContact(ctx, k.Workspace, []string{"11987654321", "ana@example.com"}, "pediu por telefone"); err != nil {
		t.Fatal(err)
	}
	field, err := k.App.Contacts.AddField(ctx, k.Workspace, contact.CustomField{Label: "Plano <b>", Type: contact.TypeChoice, Choices: []string{"Básico", "Ouro"},
		Headers: []string{"plan", "um cabeçalho que é muito mais comprido do que a coluna da tabela em que ele está"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, color := range []string{"", "1", "2", "3"} {
		if _, err := k.App.Contacts.AddTag(ctx, k.Workspace, "etiqueta "+color, color); err != nil {
			t.Fatal(err)
		}
	}
	group, err := k.App.Contacts.AddGroup(ctx, k.Workspace, "Fornecedores")
	if err != nil {
		t.Fatal(err)
	}
	if err := k.App.Auth.RestrictGroup(ctx, group, []auth.TeamID{team.ID}, nil); err != nil {
		t.Fatal(err)
	}
	b := webtest.Open(t, k.URL, webtest.Look{Session: k.Session(auth.Admin)})
	for _, p := range []struct{ name, path string }{
		{"fields", "/settings/fields"}, {"field-new", "/settings/fields/new"}, {"field", fmt.Sprintf("/settings/fields/%d", field)},
		{"tags", "/settings/tags"}, {"tag", "/settings/tags/1"}, {"groups", "/settings/groups"}, {"group", fmt.Sprintf("/settings/groups/%d", group)},
		{"members", "/settings/members"}, {"member-new", "/settings/members/new"}, {"member", fmt.Sprintf("/settings/members/%d", k.Person(auth.Agent).Actor.Member)},
		{"teams", "/settings/teams"}, {"team", fmt.Sprintf("/settings/teams/%d", team.ID)}, {"tokens", "/settings/tokens"}, {"token-new", "/settings/tokens/new"},
		{"webhooks", "/settings/webhooks"}, {"webhook-new", "/settings/webhooks/new"}, {"webhook", fmt.Sprintf("/settings/webhooks/%d", e.ID)},
		{"delivery", fmt.Sprintf("/settings/webhooks/%d/deliveries/1", e.ID)}, {"mappings", "/settings/mappings"}, {"mapping", "/settings/mappings/1"},
		{"blocked", "/settings/do-not-contact"}, {"blocked-add", "/settings/do-not-contact?add=1"}, {"workspace", "/settings/workspace"},
	} {
		b.Go(p.path)
		b.See("h1")
		b.Everywhere("settings-" + p.name)
	}
}

// TestRevoke: a token is made and revoked by hand, with the harm told before.
func TestRevoke(t *testing.T) {
	t.Parallel()
	k := serve(t)
	for _, script := range []bool{true, false} {
		b := webtest.Open(t, k.URL, webtest.Look{Session: k.Session(auth.Admin), NoScript: !script})
		b.Go("/settings/tokens")
		b.Click(`a[href="/settings/tokens/new"]`)
		b.Type("#name", "Painel")
		b.Click("main .btn.pri")
		b.See("#made")
		if script {
			b.Everywhere("settings-token-made")
		}
		b.Click(".ask summary")
		b.Read("para de funcionar na hora")
		b.Click(".ask[open] form button")
		b.Read("O token foi revogado")
		if b.Has(".ask") {
			t.Error("a revoked token can be revoked")
		}
	}
}

// TestNotices: the bell counts, a notice leads to its import and is read then; all are read at once.
func TestNotices(t *testing.T) {
	t.Parallel()
	k := serve(t)
	who := k.Person(auth.Manager).Actor
	give := func(kind string, n int64, file string) {
		t.Helper()
		err := k.App.DB.Write(context.Background(), func(ctx context.Context, tx *db.Tx) error {
			return k.App.Notify.Notices.Give(ctx, tx, k.Workspace, []int64{int64(who.Member)}, notice.New{Kind: kind, Subject: n, Args: errs.Args{"file": file,
				"imported": int64(1200), "updated": int64(3), "skipped": int64(0), "errors": int64(7), "unprocessed": int64(0)}})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	b := webtest.Open(t, k.URL, webtest.Look{Session: k.Session(auth.Manager)})
	b.Go("/notices")
	b.Read("Nenhum aviso")
	b.Everywhere("notices-none")
	give(notice.ImportFinished, 7, `<b>base</b>.xlsx`)
	give(notice.ImportFailed, 8, "clientes.csv")
	for n := range int64(40) {
		give(notice.ImportUndone, 100+n, "outro.csv")
	}
	b.Go("/notices")
	if got := b.Text(`.side a[href="/notices"] .n`); got != "42" {
		t.Errorf("the bell says %q", got)
	}
	b.Everywhere("notices")
	b.Click(`a[href^="/notices?before="]`)
	b.Read("<b>base</b>.xlsx: 1.200 importados")
	b.Click(".nots li:last-child .open")
	b.At("/imports/7")
	b.Go("/notices")
	if got := b.Text(`.side a[href="/notices"] .n`); got != "41" {
		t.Errorf("the bell says %q", got)
	}
	give(notice.ImportUndone, 200, "depois.csv") // came since the page was drawn
	b.Click(`form[action="/notices/read"] button`)
	b.Until("one is left", func() bool { return b.Text(`.side a[href="/notices"] .n`) == "1" })
	b.Click(".nots li.new form:last-child button")
	b.Until("none is left", func() bool { return b.Has(".nots") && !b.Has(".nots .new") })
	other := webtest.Open(t, k.URL, webtest.Look{Session: k.Session(auth.Agent)})
	other.Go("/notices")
	other.Read("Nenhum aviso")
}
