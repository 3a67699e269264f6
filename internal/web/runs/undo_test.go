package runs_test

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"cadastro/internal/app/apptest"
	"cadastro/internal/auth"
	"cadastro/internal/importer"

	"golang.org/x/net/html"
)

// TestUndo: what goes and what stays is said before; a wrong number does nothing; then it is taken back, and what
// somebody changed since stays and is listed.
func TestUndo(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, k *apptest.Kit) {
		w := newWorld(t, k, 0)
		w.done("base.csv", people(0, 20))
		w.done("depois.csv", strings.ReplaceAll(people(0, 3), "São Paulo", "Recife"))
		a := w.get("/imports/1/undo")
		if list := text(a.one(t, "list", class("acts-list"))); !strings.Contains(list, "17 contatos novos vão para a lixeira") || !strings.Contains(list, "3 ficam como estão") {
			t.Errorf("preview: %s", list)
		}
		a = w.ask(auth.Manager, "POST", "/imports/1/undo", url.Values{"number": {"2"}})
		in := a.one(t, "field", id("number"))
		if a.StatusCode != 422 || attr(in, "aria-invalid") != "true" || attr(in, "aria-describedby") != "number-e" || len(find(a.Tree, link("#number"))) != 1 {
			t.Errorf("wrong number: %s\n%s", a.Status, a.Body)
		}
		if imp := w.until(1, func(*importer.Import) bool { return true }); imp.State != importer.Done {
			t.Fatalf("undone by a wrong number: %s", imp.State)
		}
		if a = w.ask(auth.Manager, "POST", "/imports/1/undo", url.Values{"number": {" 1 "}}); a.StatusCode != 303 || a.Header.Get("Location") != "/imports/1" {
			t.Fatalf("%s %s", a.Status, a.Body)
		}
		w.until(1, func(i *importer.Import) bool { return i.State == importer.Undone })
		a = w.get("/imports/1")
		if len(rowsOn(a.Tree)) != 3 || text(a.one(t, "one number", class("big"))) != "17" || len(find(a.Tree, link("/contacts/"))) != 3 {
			t.Errorf("after the undo: %s", text(a.one(t, "page", id("conteudo"))))
		}
		if a = w.ask(auth.Manager, "GET", "/imports/1/undo", nil); a.StatusCode != 409 {
			t.Errorf("undoing twice: %s", a.Status)
		}
	})
}

// TestUndoDialog: asked for by htmx, the same comes as a dialog, and with a fault again as a dialog.
func TestUndoDialog(t *testing.T) {
	t.Parallel()
	w := newWorld(t, apptest.New(t), 0)
	w.done("base.csv", people(0, 5))
	a := w.get("/imports/1/undo", "HX-Request", "true")
	a.one(t, "dialog", func(n *html.Node) bool { return n.Data == "dialog" })
	if len(find(a.Tree, id("conteudo"))) != 0 {
		t.Error("the whole page came")
	}
	a = w.ask(auth.Manager, "POST", "/imports/1/undo", url.Values{}, "HX-Request", "true")
	if a.StatusCode != 422 || len(find(a.Tree, func(n *html.Node) bool { return n.Data == "dialog" })) != 1 {
		t.Errorf("%s\n%s", a.Status, a.Body)
	}
	a = w.ask(auth.Manager, "POST", "/imports/1/undo", url.Values{"number": {"1"}}, "HX-Request", "true")
	if a.Header.Get("HX-Redirect") != "/imports/1" {
		t.Errorf("%s, %v", a.Status, a.Header)
	}
}

// TestUndoOnItsWay: an undoing waits in the same line, can be called off there, and shows how far it is once it runs.
func TestUndoOnItsWay(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, k *apptest.Kit) {
		w := newWorld(t, k, 0)
		w.done("base.csv", people(0, 5_100))
		w.done("julho.csv", strings.ReplaceAll(people(0, 5_100), "São Paulo", "Recife"))
		w.hold()
		if a := w.ask(auth.Manager, "POST", "/imports/2/undo", url.Values{"number": {"2"}}); a.StatusCode != 303 {
			t.Fatal(a.Status)
		}
		a := w.get("/imports/2")
		if got := text(a.one(t, "page", id("conteudo"))); !strings.Contains(got, "O que esta importação fez") || !strings.Contains(got, "Não desfazer") {
			t.Error(got)
		}
		if a := w.ask(auth.Manager, "POST", "/imports/2/cancel", url.Values{}); a.StatusCode != 303 {
			t.Fatal(a.Status)
		}
		imp := w.until(2, func(*importer.Import) bool { return true })
		if imp.State != importer.Done {
			t.Fatalf("called off, it is %s", imp.State)
		}
		w.let()
		ctx, stop := context.WithCancel(w.ctx)
		defer stop()
		_, err := w.App.Imports.Undo(ctx, w.Workspace, imp.ID, func(_ importer.Phase, done, _, _ int64) {
			if done > 0 {
				stop()
			}
		})
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		w.hold()
		imp = w.until(2, func(*importer.Import) bool { return true })
		a = w.get("/imports/2")
		bar := a.one(t, "bar", func(n *html.Node) bool { return attr(n, "role") == "progressbar" })
		if done := imp.Progress.Done; imp.State != importer.Undoing || done == 0 || attr(bar, "aria-valuenow") != strconv.FormatInt(done, 10) || attr(bar, "aria-valuemax") != "5100" {
			t.Errorf("%s, %+v: the bar is at %s of %s", imp.State, imp.Progress, attr(bar, "aria-valuenow"), attr(bar, "aria-valuemax"))
		}
		if len(find(a.Tree, id("stop"))) != 0 {
			t.Error("an undoing under way offers to be stopped")
		}
	})
}
