package runs_test

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"cadastro/internal/app/apptest"
	"cadastro/internal/auth"
	"cadastro/internal/db"
	"cadastro/internal/importer"

	"golang.org/x/net/html"
)

// sums gives the counts that an element shows, by what they are of.
func sums(t *testing.T, n *html.Node) (total int64, by map[string]int64) {
	t.Helper()
	by = map[string]int64{}
	for _, one := range find(n, func(n *html.Node) bool { return strings.HasPrefix(attr(n, "class"), "f-") }) {
		v := find(one, class("v"))
		if len(v) != 1 {
			t.Fatalf("%d counts in one", len(v))
		}
		count := number(t, text(v[0]))
		by[strings.TrimPrefix(strings.Fields(attr(one, "class"))[0], "f-")] = count
		total += count
	}
	return total, by
}

// TestNumbersOfResult: the numbers of a result are the rows of the file, whatever became of them.
func TestNumbersOfResult(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, k *apptest.Kit) {
		w := newWorld(t, k, 7)
		w.done("base.csv", people(0, 30))
		imp := w.done("mista.csv", mixed())
		a := w.get("/imports/2")
		total, by := sums(t, a.one(t, "counts", class("counts")))
		if total != imp.Rows || total != 40 || by["new"] != 10 || by["upd"] != 10 || by["skip"] != 10 || by["err"] != 10 {
			t.Errorf("%d of %d: %v", total, imp.Rows, by)
		}
		if got := text(a.one(t, "one number", class("big"))); got != "20" {
			t.Errorf("the one number is %s", got)
		}
		// It leads to as many contacts.
		see := a.one(t, "link to the contacts", link("/contacts?"))
		if got := len(rowsOn(w.get(attr(see, "href")).Tree)); got != 20 {
			t.Errorf("%s leads to %d contacts", attr(see, "href"), got)
		}

		half := w.half(w.review("meia.csv", people(500, 30)), 10)
		if err := w.App.Imports.Cancel(w.ctx, w.Workspace, half.ID); err != nil {
			t.Fatal(err)
		}
		w.let()
		if _, err := w.App.Imports.Apply(w.ctx, w.Workspace, half.ID, nil); err != nil {
			t.Fatal(err)
		}
		total, by = sums(t, w.get("/imports/3").one(t, "counts", class("counts")))
		if total != 30 || by["left"] == 0 || by["new"]+by["left"] != 30 {
			t.Errorf("cancelled: %d, %v", total, by)
		}
	})
}

// TestNumbersOfProgress: on the way, the four numbers are the rows done, which the page names beside the rows of the file.
func TestNumbersOfProgress(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, k *apptest.Kit) {
		w := newWorld(t, k, 10)
		imp := w.half(w.review("base.csv", people(0, 100)), 30)
		done := strconv.FormatInt(imp.Counts.Sum(), 10)
		for _, header := range [][]string{nil, {"HX-Request", "true"}} {
			a := w.get("/imports/1?kind=import", header...)
			total, by := sums(t, a.one(t, "counts", class("counts")))
			bar := a.one(t, "bar", func(n *html.Node) bool { return attr(n, "role") == "progressbar" })
			if total != imp.Counts.Sum() || len(by) != 4 || attr(bar, "aria-valuenow") != done || attr(bar, "aria-valuemax") != "100" {
				t.Errorf("%d, %v, bar %s of %s", total, by, attr(bar, "aria-valuenow"), attr(bar, "aria-valuemax"))
			}
			if got := text(a.one(t, "percent", class("big"))); got != done+" %" {
				t.Errorf("percent %q", got)
			}
			if !strings.Contains(a.Body, done+" de 100 linhas") {
				t.Error("the rows of the file are not named")
			}
		}
	})
}

// TestNumbersOfHistory: each row of the history sums to the rows of its file; what is under way has the rest in its ribbon.
func TestNumbersOfHistory(t *testing.T) {
	t.Parallel()
	w := newWorld(t, apptest.New(t), 10)
	w.done("base.csv", people(0, 30))
	w.done("mista.csv", mixed())
	half := w.half(w.review("meia.csv", people(500, 90)), 20)
	w.review("revista.csv", people(700, 12)+"Sem;;sem@example.com;Natal\r\n")
	want := []int64{13, half.Counts.Sum(), 40, 30}
	nums := find(w.get("/imports").Tree, class("nums"))
	if len(nums) != len(want) {
		t.Fatalf("%d rows", len(nums))
	}
	for i, n := range nums {
		var total int64
		for _, one := range find(n, func(c *html.Node) bool { return c.Data == "span" && c.Parent == n }) {
			words := strings.Fields(text(one))
			total += number(t, words[len(words)-1])
		}
		if total != want[i] {
			t.Errorf("row %d: %d, want %d", i, total, want[i])
		}
	}
}

// TestNumbersOfMail: the mail that tells of the end has the same four numbers.
func TestNumbersOfMail(t *testing.T) {
	t.Parallel()
	k := apptest.New(t)
	k.App.Notify.Outbox.Domain = "mail.example.com"
	w := newWorld(t, k, 0)
	w.done("base.csv", people(0, 30))
	imp := w.done("mista.csv", mixed())
	c := imp.Counts
	if (c != importer.Counts{Imported: 10, Updated: 10, Skipped: 10, Errors: 10}) {
		t.Fatalf("%+v", c)
	}
	var body string
	err := w.App.DB.Read(w.ctx, func(ctx context.Context, q db.Querier) error {
		return q.QueryRow(ctx, "SELECT text FROM mail_outbox WHERE workspace_id = $1 AND text LIKE '%mista.csv%' ORDER BY id DESC LIMIT 1", w.Workspace).Scan(&body)
	})
	if err != nil {
		t.Fatal(err)
	}
	var total int64
	for _, word := range []string{"Importado", "Atualizado", "Ignorado", "Erro"} {
		m := regexp.MustCompile(`(?m)^` + word + `: ([\d.]+)$`).FindStringSubmatch(body)
		if m == nil {
			t.Fatalf("no %s in\n%s", word, body)
		}
		total += number(t, m[1])
	}
	if total != imp.Rows || !strings.Contains(body, "40 linhas") || !strings.Contains(body, "/imports/2\n") {
		t.Errorf("%d of %d rows in\n%s", total, imp.Rows, body)
	}
}

// TestAgentsStayOut: who may not import sees none of it.
func TestAgentsStayOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, apptest.New(t), 0)
	w.done("base.csv", people(0, 3))
	for _, path := range []string{"/imports", "/imports/1", "/imports/1/rows", "/imports/1/files/result.csv", "/imports/1/undo"} {
		if a := w.ask(auth.Agent, "GET", path, nil); a.StatusCode != 403 {
			t.Errorf("%s: %s", path, a.Status)
		}
	}
}
