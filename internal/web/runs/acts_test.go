package runs_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"cadastro/internal/app/apptest"
	"cadastro/internal/auth"
	"cadastro/internal/importer"
	"cadastro/internal/mapping"
	"cadastro/internal/sheet"
	"cadastro/internal/table"
	"cadastro/internal/xlsx"

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

// TestFiles: the files say what they have to, under safe names, and run nothing.
func TestFiles(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, k *apptest.Kit) {
		w := newWorld(t, k, 7)
		w.done("base.csv", people(0, 30))
		source := mixed()
		w.done("Relação \"julho\"/../clientes.csv", source)

		a := w.get("/imports/2/files/original")
		if a.Body != source || a.Header.Get("Content-Type") != "application/octet-stream" {
			t.Errorf("original: %d bytes of %d, %v", len(a.Body), len(source), a.Header)
		}
		for _, path := range []string{"original", "result.csv", "result.xlsx", "errors.csv", "errors.xlsx"} {
			kind, args, err := mime.ParseMediaType(w.get("/imports/2/files/" + path).Header.Get("Content-Disposition"))
			if err != nil || kind != "attachment" || args["filename"] == "" || strings.ContainsAny(args["filename"], `/\"`) {
				t.Errorf("%s: %s, %v, %v", path, kind, args, err)
			}
		}
		a = w.get("/imports/2/files/result.csv")
		lines := strings.Split(strings.TrimSuffix(strings.TrimPrefix(a.Body, "\ufeff"), "\r\n"), "\r\n")
		if len(lines) != 41 || lines[0] != "Nome;Telefone;E-mail;Cidade;Status da importação;Erros" || !strings.Contains(a.Body, "'"+formula[:10]) {
			t.Errorf("%d lines: %s", len(lines), lines[0])
		}
		for _, c := range []struct {
			name string
			rows int
		}{{"result.xlsx", 41}, {"errors.xlsx", 11}} {
			if got := sheetRows(t, w.get("/imports/2/files/"+c.name).Body); len(got) != c.rows {
				t.Errorf("%s: %d rows", c.name, len(got))
			}
		}
		a = w.get("/imports/2/files/errors.csv")
		if n := strings.Count(a.Body, "\r\n"); n != 11 || strings.Contains(a.Body, "Pessoa") {
			t.Errorf("errors: %d lines\n%s", n, a.Body)
		}
		if a = w.ask(auth.Manager, "GET", "/imports/2/files/passwd", nil); a.StatusCode != 404 {
			t.Errorf("unknown file: %s", a.Status)
		}
	})
}

// sheetRows reads the first sheet of a workbook.
func sheetRows(t *testing.T, content string) (rows [][]string) {
	t.Helper()
	book, err := xlsx.Open(strings.NewReader(content), int64(len(content)), sheet.Limits{}.WithDefaults())
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	r, err := book.Rows(0)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for {
		var row sheet.Row
		if err := r.Next(&row); err == io.EOF {
			return rows
		} else if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row.Fill(nil))
	}
}

// TestFilesGone: when their days are over the files are gone, which the pages say; the numbers stay.
func TestFilesGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, apptest.New(t), 0)
	w.done("base.csv", people(0, 9))
	s := w.App.Imports
	now := time.Now
	s.Now = func() time.Time { return now().Add(s.ResultExpiry + s.UndoExpiry + time.Hour) }
	for range 2 { // one thing of an import at a time
		if err := s.Sweep(w.ctx, w.Workspace); err != nil {
			t.Fatal(err)
		}
	}
	for path, want := range map[string]int{"/imports/1/files/result.csv": 404, "/imports/1/files/result.xlsx": 404, "/imports/1/files/errors.csv": 404,
		"/imports/1/files/errors.xlsx": 404, "/imports/1/files/original": 404, "/imports/1/undo": 409, "/imports/1/rows": 200, "/imports": 200} {
		if a := w.ask(auth.Manager, "GET", path, nil); a.StatusCode != want {
			t.Errorf("%s: %s\n%s", path, a.Status, a.Body)
		}
	}
	a := w.get("/imports/1")
	if total, _ := sums(t, a.one(t, "counts", class("counts"))); total != 9 {
		t.Errorf("the numbers sum to %d", total)
	}
	if !strings.Contains(a.Body, "já foi removido") || len(find(a.Tree, link("/imports/1/files/"))) != 0 || len(find(a.Tree, link("/imports/1/rows"))) != 0 {
		t.Error(text(a.one(t, "page", id("conteudo"))))
	}
}

// TestAgain: another file, the same file and the rows with errors go in with the settings of an import.
func TestAgain(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, k *apptest.Kit) {
		w := newWorld(t, k, 0)
		w.done("base.csv", people(0, 30))
		w.done("mista.csv", mixed())

		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		part, err := form.CreateFormFile("file", "agosto.csv")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write([]byte(people(800, 12))); err != nil {
			t.Fatal(err)
		}
		form.Close()
		r, err := http.NewRequest("POST", w.URL+"/imports/2/again", &body)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", form.FormDataContentType())
		w.SignIn(r, auth.Manager)
		client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		res, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != 303 || res.Header.Get("Location") != "/imports/3/review" {
			t.Fatalf("%s, %s", res.Status, res.Header.Get("Location"))
		}
		reviewed := func(i *importer.Import) bool { return i.State == importer.InReview }
		if imp := w.until(3, reviewed); imp.Summary.Counts.Imported != 12 || imp.FromID != 2 || imp.Settings.Group != "Clientes ativos" {
			t.Errorf("%+v, %+v", imp.Summary.Counts, imp.Settings)
		}
		if a := w.ask(auth.Manager, "POST", "/imports/2/same", url.Values{}); a.Header.Get("Location") != "/imports/4/review" {
			t.Fatalf("%s, %s", a.Status, a.Header.Get("Location"))
		}
		if imp := w.until(4, reviewed); imp.Summary.Rows != 40 {
			t.Errorf("%+v", imp.Summary.Counts)
		}
		if a := w.ask(auth.Manager, "POST", "/imports/2/correct", url.Values{}); a.Header.Get("Location") != "/imports/5/review" {
			t.Fatalf("%s, %s", a.Status, a.Header.Get("Location"))
		}
		if imp := w.until(5, reviewed); imp.Summary.Counts != (importer.Counts{Errors: 10}) || imp.Rows != 10 {
			t.Errorf("%+v", imp.Summary.Counts)
		}
		if a := w.ask(auth.Manager, "POST", "/imports/1/correct", url.Values{}); a.StatusCode != 409 {
			t.Errorf("nothing to correct: %s", a.Status)
		}
	})
}

// TestCorrectNameless: the rows with errors of a file without headers come back with what each column feeds.
func TestCorrectNameless(t *testing.T) {
	t.Parallel()
	w := newWorld(t, apptest.New(t), 0)
	_, body, _ := strings.Cut(people(0, 30), "\n")
	imp, err := w.App.Imports.Upload(w.ctx, w.Workspace, "sem cabeçalho.csv", strings.NewReader(body+"Sem Telefone;;a@example.com;Natal\r\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	columns := []mapping.Column{{Field: "name"}, {Field: "phone"}, {Field: "email"}, {Field: "address.city"}}
	set := importer.Settings{Dialect: table.Dialect{Format: table.CSV, Charset: "utf-8", Delimiter: ";"}, Mapping: mapping.Mapping{Columns: columns},
		Purpose: mapping.PurposeUpsert, Identifier: "phone", Country: "BR", Language: "pt-BR"}
	if _, err := w.App.Imports.Review(w.ctx, w.Workspace, imp.ID, set, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := w.App.Imports.Start(w.ctx, w.Workspace, imp.ID); err != nil {
		t.Fatal(err)
	}
	w.until(imp.ID, func(i *importer.Import) bool { return i.State == importer.Done })
	if a := w.ask(auth.Manager, "POST", "/imports/1/correct", url.Values{}); a.Header.Get("Location") != "/imports/2/review" {
		t.Fatalf("%s, %s", a.Status, a.Header.Get("Location"))
	}
	next := w.until(2, func(i *importer.Import) bool { return i.State == importer.InReview })
	for i, c := range columns {
		if got := next.Settings.Mapping.Columns[i].Field; got != c.Field {
			t.Errorf("column %d feeds %q", i+1, got)
		}
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

// TestCorrected: what was corrected at the review is told, and leads to its rows.
func TestCorrected(t *testing.T) {
	t.Parallel()
	w := newWorld(t, apptest.New(t), 0)
	imp := w.review("mista.csv", mixed())
	rows, err := w.App.Imports.Rows(w.ctx, imp, importer.RowQuery{Outcome: "error", Limit: 2})
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range rows.Rows {
		if _, _, err := w.App.Imports.FixCells(w.ctx, w.Workspace, imp.ID, []importer.CellFix{{Row: r.Number, Column: 1, Value: "(11) 97777-000" + strconv.Itoa(i)}}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.App.Imports.Start(w.ctx, w.Workspace, imp.ID); err != nil {
		t.Fatal(err)
	}
	w.until(imp.ID, func(i *importer.Import) bool { return i.State == importer.Done })
	a := w.get("/imports/1")
	if total, by := sums(t, a.one(t, "counts", class("counts"))); total != 40 || by["err"] != 8 || by["new"] != 32 {
		t.Errorf("%d, %v", total, by)
	}
	list := find(a.Tree, link("/imports/1/rows?cause=fixed"))
	if len(list) != 1 || text(list[0]) != "Corrigidas à mão" {
		t.Fatalf("%d links to what was corrected", len(list))
	}
	if got := len(rowsOn(w.get(attr(list[0], "href")).Tree)); got != 2 {
		t.Errorf("%d rows were corrected", got)
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

// TestUndoOnItsWay: an undoing waits in the same line, can be called off there, and shows how far it is once it runs.
func TestUndoOnItsWay(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, k *apptest.Kit) {
		w := newWorld(t, k, 0)
		w.done("base.csv", people(0, 5_100))
		imp := w.done("julho.csv", strings.ReplaceAll(people(0, 5_100), "São Paulo", "Recife"))
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
		if imp = w.until(2, func(*importer.Import) bool { return true }); imp.State != importer.Done {
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
