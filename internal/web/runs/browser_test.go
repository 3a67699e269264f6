package runs_test

import (
	"strings"
	"testing"

	"cadastro/internal/app/apptest"
	"cadastro/internal/auth"
	"cadastro/internal/importer"
	"cadastro/internal/web/webtest"
)

// open opens the manager's browser on the app.
func (w *world) open(look webtest.Look) *webtest.Browser {
	w.t.Helper()
	look.Session = w.Session(auth.Manager)
	return webtest.Open(w.t, w.URL, look)
}

// shown gives the sum of the numbers that a page shows.
func shown(b *webtest.Browser) int64 {
	b.T.Helper()
	return int64(webtest.Eval[float64](b, `[...document.querySelectorAll(".counts .v")].map(v=>+v.textContent.replace(/\D/g,"")).reduce((a,c)=>a+c,0)`))
}

// slow brings a file in that takes a while, since its rows go through a few at a time, and puts it in the line that is held.
func (w *world) slow(name string, rows int) *importer.Import {
	w.t.Helper()
	imp := w.review(name, people(0, rows)+"Sem Telefone;;sem@example.com;Natal\r\n")
	w.hold()
	imp, err := w.App.Imports.Start(w.ctx, w.Workspace, imp.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return imp
}

// TestBrowserRun: the page of an import goes from the line through the progress to the result, by itself and through a reload.
func TestBrowserRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t, apptest.New(t), 20)
	imp := w.slow("base_nacional.csv", 20_000)
	b := w.open(webtest.Look{})
	b.Go("/imports/1")
	b.Read("O que esta importação fará com 20.001 linhas")
	b.Everywhere("06-fila")
	w.let()
	b.See("#live [role=progressbar]")
	b.Until("a line of the speed", func() bool { return b.Has(".spark .line") || b.Has("#ok") })
	b.Picture("06-andamento")
	b.Until("spoken", func() bool { return b.Text("#said") != "" || b.Has("#ok") })
	b.Go("/imports/1")
	b.See("#ok")
	b.Read("20.000")
	if got := shown(b); got != imp.Rows {
		t.Errorf("the numbers sum to %d of %d", got, imp.Rows)
	}
	b.Everywhere("07-concluida")
	if title := webtest.Eval[string](b, "document.title"); !strings.HasPrefix(title, "base_nacional.csv") {
		t.Errorf("title %q", title)
	}
}

// TestBrowserHalf: an import of which nothing is heard says that it goes on.
func TestBrowserHalf(t *testing.T) {
	t.Parallel()
	w := newWorld(t, apptest.New(t), 100)
	w.half(w.review("base_nacional.csv", people(0, 2000)), 600)
	b := w.open(webtest.Look{})
	b.Go("/imports/1")
	b.Everywhere("06-parada")
	b.Read("Sem notícia há")
}

// TestBrowserCancel: cancelling asks first, says what stays, and ends on a result whose numbers are still the file's.
func TestBrowserCancel(t *testing.T) {
	t.Parallel()
	w := newWorld(t, apptest.New(t), 10)
	imp := w.slow("base_nacional.csv", 40_000)
	b := w.open(webtest.Look{})
	b.Go("/imports/1")
	w.let()
	b.See("#live [role=progressbar]")
	b.Click("#stop")
	b.See("#cancel[open]")
	b.Read("Cancelar a importação?")
	b.Axe()
	b.Picture("06-cancelar")
	b.Click("#cancel .danger")
	b.See("#ok")
	b.Read("antes do cancelamento")
	if got := shown(b); got != imp.Rows || !b.Has(".f-left") {
		t.Errorf("the numbers sum to %d of %d", got, imp.Rows)
	}
	b.Axe()
	b.Picture("07-cancelada")
}

// TestBrowserUndo: the undo says what it will do in a dialog, wants the number typed, and ends on what it did.
func TestBrowserUndo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, apptest.New(t), 0)
	w.done("base.csv", people(0, 30))
	w.done("julho.csv", strings.ReplaceAll(people(0, 5), "São Paulo", "Recife"))
	b := w.open(webtest.Look{})
	b.Go("/imports/1")
	b.Click(`a[href="/imports/1/undo"]`)
	b.See("#undo[open] #number")
	b.Until("focus in the field", func() bool { return b.Focused() == "number" })
	b.Everywhere("07-desfazer")
	b.Type("#number", "7")
	b.Click("#undo .danger")
	b.See("#number-e")
	b.Fill("#number", "1")
	b.Click("#undo .danger")
	b.Read("O que foi desfeito")
	b.Read("25 contatos novos foram para a lixeira")
	b.Everywhere("07-desfeita")
}

// TestBrowserHistory: the list moves on by itself while something is under way, and each import has its menu.
func TestBrowserHistory(t *testing.T) {
	t.Parallel()
	w := newWorld(t, apptest.New(t), 10)
	w.done("antes.csv", mixed())
	w.slow("base_nacional.csv", 4_000)
	b := w.open(webtest.Look{})
	b.Go("/imports")
	b.Read("Na fila")
	b.Everywhere("08-historico")
	b.See(".now")
	b.Click(`[popovertarget="more-1"]`)
	b.See("#more-1 a")
	b.Axe()
	b.Picture("08-menu")
	b.Key("Escape")
	w.let()
	b.Until("done", func() bool { return b.Count(".st.new") == 2 })
	b.Gone("#list[hx-get]")
	b.Click(`.hist a[href="/imports/1"]`)
	b.At("/imports/1")
	b.Click(".f-err")
	b.At("/imports/1/rows?outcome=error")
	b.Everywhere("07-linhas")
	b.Go("/imports/1/again")
	b.Everywhere("07-de-novo")
	b.Go("/imports?state=undone")
	b.Everywhere("08-nenhuma")
}

// TestBrowserNoScript: all of it works as plain pages.
func TestBrowserNoScript(t *testing.T) {
	t.Parallel()
	w := newWorld(t, apptest.New(t), 10)
	w.slow("base.csv", 2_000)
	b := w.open(webtest.Look{NoScript: true})
	b.Go("/imports/1")
	w.let()
	b.See("#ok") // the page asks again by itself, every few seconds
	b.Click(".f-new")
	b.At("/imports/1/rows?outcome=imported")
	b.Click(`[rel=next]`)
	b.At("/imports/1/rows?after=50")
	b.Click("h1 a")
	b.Click(`a[href="/imports/1/undo"]`)
	b.At("/imports/1/undo")
	b.Type("#number", "1")
	b.Click(".danger")
	b.Read("O que foi desfeito")
}
