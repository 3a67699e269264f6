package wizard_test

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cadastro/examples"
	"cadastro/internal/api"
	"cadastro/internal/app/apptest"
	"cadastro/internal/auth"
	"cadastro/internal/importer"
	"cadastro/internal/web"
	"cadastro/internal/web/webtest"
	"cadastro/internal/xlsx"
)

// serve gives an app with its pages and its API on the network.
func serve(t *testing.T) *apptest.Kit {
	t.Helper()
	k := apptest.New(t)
	serveOn(t, k)
	return k
}

// serveOn puts the pages and the API of an app on the network.
func serveOn(t *testing.T, k *apptest.Kit) {
	t.Helper()
	site, err := web.New(k.App)
	if err != nil {
		t.Fatal(err)
	}
	k.Serve(slices.Concat(site.Routes(), api.New(k.App).Routes()), func(w http.ResponseWriter, r *http.Request, _ int, err error) { site.Fail(w, r, err) })
}

// file writes a file to be chosen.
func file(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// clean is a file without a fault.
func clean() []byte {
	var b bytes.Buffer
	b.WriteString("Nome;Telefone;E-mail;Cidade\r\n")
	for i := range 40 {
		fmt.Fprintf(&b, "Pessoa %d;(11) 9%04d-%04d;pessoa%d@example.com;São Paulo\r\n", i, 1000+i, i, i)
	}
	return b.Bytes()
}

// TestCleanFile: a file without a fault is in the base after four clicks and no key.
func TestCleanFile(t *testing.T) {
	t.Parallel()
	k := serve(t)
	b := webtest.Open(t, k.URL, webtest.Look{Session: k.Session(auth.Manager)})
	b.Go("/imports/new")
	b.Upload("#file", file(t, "clientes.csv", clean()))
	b.At("/imports/1/file")
	b.Read("4 de 4 colunas")
	b.Click(".foot .pri") // straight to the review, since every column is sure
	b.At("/imports/1/review")
	b.Read("40 contatos novos")
	b.Click("#revfoot .pri")
	b.At("/imports/1")
	b.Until("the import is done", func() bool { return state(t, k, 1) == importer.Done })
	if n, err := k.App.Contacts.Count(k.As(auth.Manager), k.Workspace); err != nil || n != 40 {
		t.Errorf("%d contacts, %v", n, err)
	}
	if b.Clicks > 4 || b.Typed != 0 {
		t.Errorf("%d clicks, %d keys", b.Clicks, b.Typed)
	}
}

func state(t *testing.T, k *apptest.Kit, id importer.ID) importer.State {
	t.Helper()
	imp, err := k.App.Imports.Get(k.As(auth.Manager), k.Workspace, id)
	if err != nil {
		t.Fatal(err)
	}
	return imp.State
}

// TestMessyFile: the file that comes as files come is in the base after seven clicks and no key: what was wrong with it
// was cured on the page.
func TestMessyFile(t *testing.T) {
	t.Parallel()
	k := serve(t)
	b := webtest.Open(t, k.URL, webtest.Look{Session: k.Session(auth.Manager)})
	b.Go("/imports/new")
	b.Upload("#file", file(t, examples.Name, examples.Clients))
	b.At("/imports/1/file")
	b.Click(".foot .pri")
	b.At("/imports/1/columns")
	b.Read("Confira Código")
	b.Click(".foot .pri")
	b.At("/imports/1/review")
	first := review(t, k, 1)
	for range 3 {
		before := review(t, k, 1).Errors
		b.Click(".fixall.acc .pri")
		b.Until("fewer errors", func() bool { return state(t, k, 1) == importer.InReview && review(t, k, 1).Errors < before })
		b.At("/imports/1/review")
		b.See("#revfoot")
	}
	b.Picture("05-importar-revisao-curada")
	b.Click("#revfoot .pri")
	b.At("/imports/1")
	b.Until("the import is done", func() bool { return state(t, k, 1) == importer.Done })
	n, err := k.App.Contacts.Count(k.As(auth.Manager), k.Workspace)
	if err != nil || n <= first.Imported {
		t.Errorf("%d contacts, %d without the cures, %v", n, first.Imported, err)
	}
	if b.Clicks > 7 || b.Typed != 0 {
		t.Errorf("%d clicks, %d keys", b.Clicks, b.Typed)
	}
}

// review gives what a review found.
func review(t *testing.T, k *apptest.Kit, id importer.ID) importer.Counts {
	t.Helper()
	imp, err := k.App.Imports.Get(k.As(auth.Manager), k.Workspace, id)
	if err != nil {
		t.Fatal(err)
	}
	return imp.Summary.Counts
}

// TestLooks: the pages of the steps are accessible, light and dark, and fit phones.
func TestLooks(t *testing.T) {
	t.Parallel()
	k := serve(t)
	b := webtest.Open(t, k.URL, webtest.Look{Session: k.Session(auth.Manager)})
	b.Go("/imports/new")
	b.Everywhere("03-importar-novo")
	b.Upload("#file", file(t, examples.Name, examples.Clients))
	b.At("/imports/1/file")
	b.Read("10 de 10 colunas")
	b.Everywhere("03-importar-arquivo")
	b.Click(".foot .pri")
	b.At("/imports/1/columns")
	b.Everywhere("04-importar-colunas")
	b.Click(".foot .pri")
	b.At("/imports/1/review")
	b.See("#numbers")
	b.Everywhere("05-importar-revisao")
	b.Go("/imports/1/review?f=new")
	b.Everywhere("05-importar-revisao-novos")
}

// TestDialect: what is chosen of the reading redraws the rows at once, and stays after the page was loaded anew.
func TestDialect(t *testing.T) {
	t.Parallel()
	k := serve(t)
	b := webtest.Open(t, k.URL, webtest.Look{Session: k.Session(auth.Manager)})
	b.Go("/imports/new")
	b.Upload("#file", file(t, "lista.csv", []byte("Nome|x;Telefone\r\nAna|1;11987650001\r\nBia|2;11987650002\r\n")))
	b.At("/imports/1/file")
	b.Read("2 colunas")
	webtest.Eval[bool](b, "document.getElementById('delimiter').focus() || true")
	b.Choose("#delimiter", "pipe")
	b.Until("the first column is the name alone", func() bool { return b.Text(".raw thead th:nth-child(2)") == "Nome" })
	if got := b.Text(".raw tbody td:nth-child(3)"); got != "1;11987650001" {
		t.Errorf("second cell %q", got)
	}
	if b.Focused() != "delimiter" {
		t.Errorf("focus on %q", b.Focused())
	}
	b.Choose("#header", "0:0")
	b.Until("the header is a row", func() bool { return b.Text(".raw tbody td:nth-child(2)") == "Nome" })
	b.Go("/imports/1/file")
	if b.Value("#delimiter") != "pipe" || b.Value("#header") != "0:0" {
		t.Errorf("after a reload: %s, %s", b.Value("#delimiter"), b.Value("#header"))
	}
	b.Click("button[name=detect]")
	b.Until("all is found anew", func() bool { return b.Value("#delimiter") == "semicolon" && b.Value("#header") == "0:1" })
}

// TestSheet: of a workbook the sheet is chosen, and its rows are shown at once.
func TestSheet(t *testing.T) {
	t.Parallel()
	k := serve(t)
	b := webtest.Open(t, k.URL, webtest.Look{Session: k.Session(auth.Manager), Language: "es"})
	b.Go("/imports/new")
	b.Upload("#file", file(t, "libro.xlsx", workbook(t)))
	b.At("/imports/1/file")
	b.See("#sheet")
	if b.Has("#delimiter") || b.Has("input[name=charset]") {
		t.Error("a workbook has no delimiter and no charset")
	}
	b.Everywhere("03-importar-libro-es")
	b.Choose("#sheet", "Proveedores")
	b.Until("the rows of the other sheet", func() bool { return strings.Contains(b.Text(".raw tbody"), "Papelera del Sur") })
	b.Go("/imports/1/file")
	if v := b.Value("#sheet"); v != "Proveedores" {
		t.Errorf("after a reload: %q", v)
	}
}

// TestFixByKeyboard: cells are corrected without the mouse; the numbers follow, and what was corrected goes in.
func TestFixByKeyboard(t *testing.T) {
	t.Parallel()
	k := serve(t)
	var f strings.Builder
	f.WriteString("Nome;Telefone\r\n")
	for i := range 5 {
		fmt.Fprintf(&f, "Pessoa %d;98765-00%02d\r\n", i, i)
	}
	f.WriteString("Certa;11987654321\r\n")
	b := webtest.Open(t, k.URL, webtest.Look{Session: k.Session(auth.Manager)})
	b.Go("/imports/new")
	b.Upload("#file", file(t, "faltas.csv", []byte(f.String())))
	b.At("/imports/1/file")
	b.Click(".foot .pri")
	b.At("/imports/1/review")
	b.See("#c1-1[aria-invalid]")
	if n := webtest.Eval[int](b, "document.querySelectorAll('[data-grid] input.cell[tabindex=\"0\"]').length"); n != 1 {
		t.Errorf("%d cells in the order of tabs", n)
	}
	b.Click("#c1-1")
	b.Key("ArrowDown")
	b.Until("the cell below has the focus", func() bool { return b.Focused() == "c2-1" })
	b.Key("ArrowUp")
	b.Type("#c1-1", "11987650001")
	b.Key("Enter")
	b.Until("the focus went down", func() bool { return b.Focused() == "c2-1" })
	b.See("#r1 .st.new")
	b.Read("Importar 2 contatos")
	if b.Focused() != "c2-1" {
		t.Errorf("the answer took the focus to %q", b.Focused())
	}
	b.Type("#c2-1", "1198765")
	b.Key("Escape")
	if v := b.Value("#c2-1"); v != "98765-0001" {
		t.Errorf("Escape left %q", v)
	}
	b.Key("ArrowUp")
	b.Until("back in the first row", func() bool { return b.Focused() == "c1-1" })
	b.Key("Escape") // a corrected cell gets the file's value back
	b.See("#c1-1[aria-invalid]")
	b.Read("Importar 1 contato")
	b.Type("#c1-1", "11987650001")
	b.Key("Enter")
	b.Read("Importar 2 contatos")
	b.Click("#revfoot .pri")
	b.At("/imports/1")
	b.Until("the import is done", func() bool { return state(t, k, 1) == importer.Done })
	if n, err := k.App.Contacts.Count(k.As(auth.Manager), k.Workspace); err != nil || n != 2 {
		t.Errorf("%d contacts, %v", n, err)
	}
}

// TestHostileFile: what a file holds is text, wherever it is shown.
func TestHostileFile(t *testing.T) {
	t.Parallel()
	k := serve(t)
	script := `<script>document.title="owned"</script><img src=x onerror="document.title='owned'">`
	long := strings.Repeat("W", 10_000)
	content := "Nome " + strings.ReplaceAll(script, `"`, "'") + ";Telefone;\u202eatsiL;E-mail\r\n" +
		`"` + strings.ReplaceAll(script, `"`, `""`) + `";98765-0001;=HYPERLINK("http://example.com");` + long + "\r\n" +
		"\u202eAna\u202c;11987650002;@SUM(A1);ana@example.com\r\n"
	b := webtest.Open(t, k.URL, webtest.Look{Session: k.Session(auth.Manager)})
	b.Go("/imports/new")
	b.Upload("#file", file(t, "\u202efsc.csv", []byte(content)))
	b.At("/imports/1/file")
	look := func(where string) {
		t.Helper()
		if title := webtest.Eval[string](b, "document.title"); !strings.Contains(title, "Importar") {
			t.Errorf("%s: title %q", where, title)
		}
		if n := webtest.Eval[int](b, "document.querySelectorAll('main img, main script:not([src])').length"); n != 0 {
			t.Errorf("%s: %d elements of the file", where, n)
		}
		b.NoSideways()
	}
	b.See(".raw")
	look("file")
	b.Resize(360, 800)
	look("file on a phone")
	b.Resize(1440, 900)
	b.Go("/imports/1/columns")
	b.Choose("#f0", "name")
	b.See("#card .top")
	look("columns")
	b.Click(".foot .pri")
	b.At("/imports/1/review")
	b.See("#numbers")
	look("review")
	for _, f := range []string{"all", "errors", "new"} {
		b.Go("/imports/1/review?f=" + f)
		look(f)
	}
}

// TestWithoutScript: the whole way is there without JavaScript.
func TestWithoutScript(t *testing.T) {
	t.Parallel()
	k := serve(t)
	b := webtest.Open(t, k.URL, webtest.Look{Session: k.Session(auth.Manager), NoScript: true})
	b.Go("/imports/new")
	b.Upload("#file", file(t, examples.Name, examples.Clients))
	b.Click("#up button[type=submit]")
	b.At("/imports/1/file")
	b.Choose("#header", "3:1")
	b.Click("button.again")
	b.At("/imports/1/file")
	b.Until("another line is the header", func() bool { return b.Text(".raw thead th:nth-child(2)") == "C0001" })
	b.Click("button[name=detect]")
	b.Until("the header is found anew", func() bool { return b.Text(".raw thead th:nth-child(2)") == "Código" })
	b.Click(".foot .pri")
	b.At("/imports/1/columns")
	b.Click("#row-next")
	b.At("/imports/1/columns?row=1")
	b.Read("Márcia Regina Assunção")
	b.Click(".foot .pri")
	b.At("/imports/1/review")
	b.Read("Com erro")
	b.Click(".prob[href*='phone.no_area']")
	b.Read("Telefone sem DDD")
	before := b.Text("#revfoot .pri")
	cell := webtest.Eval[string](b, "document.querySelector('td.bad input.cell').id")
	b.Fill("#"+cell, "11 98765-4777")
	b.Click("tr:has(#" + cell + ") button.nojs")
	b.Until("one more goes in", func() bool { return b.Text("#revfoot .pri") != before })
	b.Click("#revfoot .pri")
	b.At("/imports/1")
	b.Until("the import is done", func() bool { return state(t, k, 1) == importer.Done })
}

// workbook is a workbook of two sheets.
func workbook(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	w := xlsx.NewWriter(&b, xlsx.WriterOptions{})
	for _, s := range []struct {
		name string
		rows [][]string
	}{
		{"Clientes", [][]string{{"Ana Morales", "+52 55 1234 5678"}, {"Beatriz Ríos", "+52 55 1234 5679"}, {"Carla Núñez", "+52 33 1234 5670"}}},
		{"Proveedores", [][]string{{"Papelera del Sur", "+54 11 4321 5678"}, {"Imprenta Norte", "+54 11 4321 5679"}}},
	} {
		if err := w.Sheet(s.name, []xlsx.Column{{Header: "Nombre"}, {Header: "Teléfono"}}); err != nil {
			t.Fatal(err)
		}
		for _, r := range s.rows {
			if err := w.Write(r); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
