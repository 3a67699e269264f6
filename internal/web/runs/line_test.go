package runs_test

import (
	"strings"
	"testing"
	"time"

	"cadastro/internal/app/apptest"
	"cadastro/internal/auth"
	"cadastro/internal/importer"
)

// TestCancel: what is written stays, the rest does not enter, and the page says both before and after.
func TestCancel(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, k *apptest.Kit) {
		w := newWorld(t, k, 10)
		imp := w.half(w.review("base.csv", people(0, 100)), 30)
		a := w.get("/imports/1/cancel")
		if !strings.Contains(a.Body, "contatos já foram gravados") || !strings.Contains(a.Body, "linhas restantes não entram") {
			t.Error(a.Body)
		}
		if a = w.ask(auth.Manager, "POST", "/imports/1/cancel", nil); a.StatusCode != 303 {
			t.Fatal(a.Status)
		}
		if got := text(w.get("/imports/1").one(t, "state", id("state"))); got != "Cancelando" {
			t.Errorf("state %q", got)
		}
		w.let()
		imp, err := w.App.Imports.Apply(w.ctx, w.Workspace, imp.ID, nil)
		if err != nil || imp.State != importer.Cancelled {
			t.Fatalf("%v, %v", imp, err)
		}
		a = w.get("/imports/1")
		if !strings.Contains(a.Body, "antes do cancelamento") || text(a.one(t, "one number", class("big"))) == "100" {
			t.Error(text(a.one(t, "page", id("conteudo"))))
		}
		if a = w.ask(auth.Manager, "GET", "/imports/1/cancel", nil); a.StatusCode != 303 {
			t.Errorf("asking again: %s", a.Status)
		}
	})
}

// TestQueue: an import that waits says behind what, and can be taken out of the line.
func TestQueue(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, k *apptest.Kit) {
		w := newWorld(t, k, 0)
		w.hold()
		for _, name := range []string{"um.csv", "dois.csv", "três.csv"} {
			if _, err := w.App.Imports.Start(w.ctx, w.Workspace, w.review(name, people(0, 10)).ID); err != nil {
				t.Fatal(err)
			}
		}
		first := text(w.get("/imports/1").one(t, "live", id("live")))
		second := text(w.get("/imports/2").one(t, "live", id("live")))
		third := text(w.get("/imports/3").one(t, "live", id("live")))
		if !strings.Contains(second, "Você é o próximo.") || !strings.Contains(second, "dois.csv começa depois de um.csv") || !strings.Contains(third, "Há 2 na sua frente") {
			t.Errorf("first: %s\nsecond: %s\nthird: %s", first, second, third)
		}
		if a := w.ask(auth.Manager, "POST", "/imports/2/cancel", nil); a.StatusCode != 303 {
			t.Fatal(a.Status)
		}
		a := w.get("/imports/2")
		if !strings.Contains(text(a.Tree), "Cancelada antes de começar") {
			t.Error(text(a.one(t, "page", id("conteudo"))))
		}
		if third = text(w.get("/imports/3").one(t, "live", id("live"))); !strings.Contains(third, "Você é o próximo.") {
			t.Errorf("third: %s", third)
		}
		// In the navigation of any other page stands the first of them.
		now := w.get("/imports").one(t, "import in the navigation", class("now"))
		if attr(now, "href") != "/imports/1" {
			t.Errorf("the navigation leads to %s", attr(now, "href"))
		}
	})
}

// TestEndedPoll: a page that asks how far an import is which has ended is led to its result.
func TestEndedPoll(t *testing.T) {
	t.Parallel()
	w := newWorld(t, apptest.New(t), 0)
	w.done("base.csv", people(0, 5))
	if a := w.ask(auth.Manager, "GET", "/imports/1?s=10.5", nil, "HX-Request", "true"); a.Header.Get("HX-Redirect") != "/imports/1" {
		t.Errorf("%s %v", a.Status, a.Header)
	}
}

// TestExpired: a review that nobody started in time leads to where it is done again.
func TestExpired(t *testing.T) {
	t.Parallel()
	w := newWorld(t, apptest.New(t), 0)
	w.review("base.csv", people(0, 9))
	if _, err := w.App.Imports.Upload(w.ctx, w.Workspace, "sem.csv", strings.NewReader(people(0, 9)), nil); err != nil {
		t.Fatal(err)
	}
	now := time.Now
	w.App.Imports.Now = func() time.Time { return now().Add(25 * time.Hour) }
	if err := w.App.Imports.Sweep(w.ctx, w.Workspace); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"/imports/1": "/imports/1/review", "/imports/2": "/imports/2/file"} {
		if a := w.ask(auth.Manager, "GET", path, nil); a.Header.Get("Location") != want {
			t.Errorf("%s: %s, %s", path, a.Status, a.Header.Get("Location"))
		}
	}
	if a := w.get("/imports?state=not_started"); len(rowsOn(a.Tree)) != 2 {
		t.Error(text(a.one(t, "page", id("conteudo"))))
	}
}

// TestFailed: a file that cannot be taken in says why, in the list and on its page.
func TestFailed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, apptest.New(t), 0)
	set := w.review("base.csv", people(0, 9)).Settings
	empty, err := w.App.Imports.Upload(w.ctx, w.Workspace, "vazia.csv", strings.NewReader("Nome;Telefone;E-mail;Cidade\r\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.App.Imports.StartReview(w.ctx, w.Workspace, empty.ID, set); err != nil {
		t.Fatal(err)
	}
	w.until(empty.ID, func(i *importer.Import) bool { return i.State == importer.Failed })
	why := "O arquivo não tem nenhuma linha de dados."
	if a := w.get("/imports/2"); !strings.Contains(text(a.one(t, "note", class("note"))), why) || !strings.Contains(a.Body, "Não iniciada") {
		t.Error(text(a.one(t, "page", id("conteudo"))))
	}
	if a := w.get("/imports?state=not_started"); len(rowsOn(a.Tree)) != 1 || !strings.Contains(text(rowsOn(a.Tree)[0]), why) {
		t.Error(text(a.one(t, "page", id("conteudo"))))
	}
}
