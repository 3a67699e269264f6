package wizard_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"cadastro/internal/app/apptest"
	"cadastro/internal/auth"
	"cadastro/internal/importer"
	"cadastro/internal/mapping"
	"cadastro/internal/table"
	"cadastro/internal/web/webtest"
)

// have brings contacts into the base, from a file without a fault.
func have(t *testing.T, k *apptest.Kit, content string) {
	t.Helper()
	ctx := k.Console()
	imp, err := k.App.Imports.Upload(ctx, k.Workspace, "antes.csv", strings.NewReader(content), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = k.App.Imports.Review(ctx, k.Workspace, imp.ID, settings(t, ctx, k, imp), nil); err != nil {
		t.Fatal(err)
	}
	if imp, err = k.App.Imports.Apply(ctx, k.Workspace, imp.ID, nil); err != nil || imp.Counts.Imported != imp.Rows {
		t.Fatal(imp, err)
	}
}

// settings are those that the file proposes.
func settings(t *testing.T, ctx context.Context, k *apptest.Kit, imp *importer.Import) importer.Settings {
	t.Helper()
	src, done, err := k.App.Imports.Source(ctx, imp)
	if err != nil {
		t.Fatal(err)
	}
	defer done.Close()
	in, err := importer.Inspect(ctx, src, table.Dialect{}, k.App.Imports.Limits, importer.Known{Country: "BR"})
	if err != nil {
		t.Fatal(err)
	}
	return importer.Settings{Dialect: in.Guess.Dialect, Mapping: in.Mapping, Purpose: mapping.PurposeUpsert, Identifier: in.Identifier, Country: "BR", Language: "pt-BR"}
}

const before = "Nome;Telefone;E-mail;Empresa;Cidade;Etiquetas\r\n" +
	"Lúcia Nakamura;11987650001;lucia@example.com;Ateliê Nakamura;São Paulo;VIP\r\n" +
	"João Farias;11987650002;joao@example.com;Farias Bikes;Rio de Janeiro;Varejo\r\n" +
	"Beatriz Quintela;11987650003;bia@example.com;Quintela;Salvador;VIP\r\n" +
	"Helena Vasconcelos;11987650004;helena@example.com;Padaria Aurora;Recife;VIP\r\n"

const after = "Nome;Telefone;E-mail;Empresa;Cidade;Etiquetas\r\n" +
	"Lúcia Nakamura;11987650001;lucia.n@example.com;Ateliê Nakamura;São José dos Campos;VIP, Atacado\r\n" +
	"João Farias;11987650002;joao@example.com;;Niterói;Varejo\r\n" +
	"Beatriz Quintela;11987650003;bia@example.com;;Salvador;VIP\r\n" +
	"Helena Vasconcelos;11987650004;helena@example.com;Padaria Aurora;Recife;VIP\r\n" +
	"Igor Batista;11987650005;igor@example.com;;Manaus;\r\n"

// TestUpdates: what updates change is shown old and new; what they would erase is counted first and can be kept in one go.
func TestUpdates(t *testing.T) {
	t.Parallel()
	k := serve(t)
	have(t, k, before)
	b := webtest.Open(t, k.URL, webtest.Look{Session: k.Session(auth.Manager)})
	b.Go("/imports/new")
	b.Upload("#file", file(t, "depois.csv", []byte(after)))
	b.At("/imports/2/file")
	b.Go("/imports/2/columns")
	b.Read("Atualiza o ID")
	if was, is := b.Text("#card .was"), b.Text("#card .is"); !strings.Contains(was, "lucia@example.com") || !strings.Contains(is, "lucia.n@example.com") {
		t.Errorf("card: %q became %q", was, is)
	}
	b.Click("#keep2") // the e-mail stays
	b.See("#card .kept")
	b.Click("#keep2")
	b.Gone("#card .kept")
	b.Click("#row-next")
	b.Read("João Farias")
	b.See("#card .st.err") // the company would be erased
	b.Everywhere("04-importar-colunas-muda")
	b.Click(".foot .pri")
	b.At("/imports/2/review")
	b.Read("2 valores seriam apagados")
	b.Read("3 contatos mudam")
	b.Everywhere("05-importar-revisao-mudancas")
	b.Click("a.chip.harm")
	b.Read("2 contatos mudam")
	b.Click(".fixall .btn.sm.pri, .fixall .btn.sm:not(summary)")
	b.Until("nothing is erased any more", func() bool { imp := load(t, k, 2); return imp.State == importer.InReview && imp.Summary.Cleared == 0 })
	b.At("/imports/2/review")
	b.Click("#revfoot .pri")
	b.At("/imports/2")
	b.Until("the import is done", func() bool { return state(t, k, 2) == importer.Done })
}

func load(t *testing.T, k *apptest.Kit, id importer.ID) *importer.Import {
	t.Helper()
	imp, err := k.App.Imports.Get(k.As(auth.Manager), k.Workspace, id)
	if err != nil {
		t.Fatal(err)
	}
	return imp
}

// TestConflict: a row whose keys are of two contacts is decided by a person.
func TestConflict(t *testing.T) {
	t.Parallel()
	k := serve(t)
	have(t, k, before)
	b := webtest.Open(t, k.URL, webtest.Look{Session: k.Session(auth.Manager)})
	b.Go("/imports/new")
	b.Upload("#file", file(t, "conflito.csv", []byte("Nome;Telefone;E-mail\r\nLúcia;11987650001;joao@example.com\r\n")))
	b.At("/imports/2/file")
	b.Click(".foot .pri")
	b.At("/imports/2/review")
	b.See(".whole select")
	b.Choose(".whole select", "2")
	b.Click(".whole button")
	b.Read("Importar 1 contato")
	b.See("#r1 .st.new")
}

// TestPages: a long list of rows is gone through page by page, each with an address of its own.
func TestPages(t *testing.T) {
	t.Parallel()
	k := serve(t)
	var f strings.Builder
	f.WriteString("Nome;Telefone\r\n")
	for i := range 120 {
		fmt.Fprintf(&f, "Pessoa %d;98765-%04d\r\n", i, i)
	}
	b := webtest.Open(t, k.URL, webtest.Look{Session: k.Session(auth.Manager)})
	b.Go("/imports/new")
	b.Upload("#file", file(t, "muitas.csv", []byte(f.String())))
	b.At("/imports/1/file")
	b.Click(".foot .pri")
	b.At("/imports/1/review")
	b.Read("50 de 120 linhas")
	for _, want := range []string{"r51", "r101"} {
		b.Click(".pager a[rel=next]")
		b.See("#" + want)
	}
	b.Gone(".pager a[rel=next]")
	b.Read("20 de 120 linhas")
	at := b.Path()
	b.Click(".pager a[rel=prev]")
	b.See("#r51")
	b.Go(at)
	b.See("#r101")
}
