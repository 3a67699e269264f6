package runs_test

import (
	"strings"
	"testing"

	"cadastro/internal/app/apptest"
	"cadastro/internal/auth"
	"cadastro/internal/importer"

	"golang.org/x/net/html"
)

// rowsOn gives the rows of the table of a page.
func rowsOn(n *html.Node) (list []*html.Node) {
	for _, body := range find(n, func(n *html.Node) bool { return n.Data == "tbody" }) {
		list = append(list, find(body, func(n *html.Node) bool { return n.Data == "tr" })...)
	}
	return list
}

// TestRows: every number leads to as many rows as it says, page by page, forward and back.
func TestRows(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, k *apptest.Kit) {
		w := newWorld(t, k, 16)
		w.done("base.csv", people(0, 130))
		w.done("mista.csv", mixed())
		for _, c := range []struct {
			path string
			want int
		}{{"/imports/1/rows", 130}, {"/imports/2/rows", 40}, {"/imports/2/rows?outcome=imported", 10}, {"/imports/2/rows?outcome=updated", 10},
			{"/imports/2/rows?outcome=skipped", 10}, {"/imports/2/rows?outcome=error", 10}, {"/imports/2/rows?cause=error.row.no_identifier", 10},
			{"/imports/2/rows?outcome=unprocessed", 0}, {"/imports/2/rows?outcome=nonsense", 0}} {
			seen, path := 0, c.path
			var last string
			for path != "" {
				a := w.get(path)
				seen += len(rowsOn(a.Tree))
				last, path = path, ""
				if next := find(a.Tree, func(n *html.Node) bool { return attr(n, "rel") == "next" }); len(next) == 1 {
					path = attr(next[0], "href")
				}
			}
			if seen != c.want {
				t.Errorf("%s leads to %d rows, want %d", c.path, seen, c.want)
			}
			if last != c.path {
				back := find(w.get(last).Tree, func(n *html.Node) bool { return attr(n, "rel") == "prev" })
				if len(back) != 1 || len(rowsOn(w.get(attr(back[0], "href")).Tree)) != 50 {
					t.Errorf("%s has no page before", last)
				}
			}
		}
		a := w.get("/imports/2/rows?cause=error.row.no_identifier")
		if here := a.one(t, "tab", func(n *html.Node) bool {
			return attr(n, "aria-current") == "page" && n.Parent != nil && hasClass(n.Parent, "tabs")
		}); !strings.HasPrefix(text(here), "Erro") {
			t.Errorf("the tab is %q", text(here))
		}
		if a := w.ask(auth.Manager, "GET", "/imports/2/errors", nil); a.StatusCode != 303 || !strings.Contains(a.Header.Get("Location"), "outcome=error") {
			t.Error(a.Status)
		}
	})
}

// TestHostileRows: what a file says is text, whatever it says.
func TestHostileRows(t *testing.T) {
	t.Parallel()
	w := newWorld(t, apptest.New(t), 0)
	imp, err := w.App.Imports.Upload(w.ctx, w.Workspace, "\"><img src=x onerror=alert(1)>\u202evsc.exe.csv", strings.NewReader("Nome<script>;Telefone;Nota\r\n"+hostile+";(11) 98888-0001;"+strings.Repeat("á\u200f", 5000)+"\r\n"+hostile+";;"+formula+"\r\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	imp = w.reviewOf(imp)
	if _, err := w.App.Imports.Start(w.ctx, w.Workspace, imp.ID); err != nil {
		t.Fatal(err)
	}
	w.until(imp.ID, func(i *importer.Import) bool { return !i.State.Running() })
	for _, path := range []string{"/imports", "/imports/1", "/imports/1/rows", "/imports/1/undo", "/imports/1/again"} {
		a := w.get(path)
		for _, n := range find(a.Tree, func(n *html.Node) bool { return n.Data == "img" || n.Data == "b" && text(n) == "Zé" }) {
			t.Errorf("%s holds <%s> of the file", path, n.Data)
		}
		for _, n := range find(a.Tree, func(n *html.Node) bool { return n.Data == "script" && attr(n, "src") == "" }) {
			t.Errorf("%s holds a script of the file: %s", path, text(n))
		}
	}
	a := w.get("/imports/1/rows")
	if got := text(rowsOn(a.Tree)[0]); !strings.Contains(got, hostile) {
		t.Errorf("the cell is not shown: %s", got)
	}
	if len(a.Body) > 60_000 {
		t.Errorf("%d bytes for two rows", len(a.Body))
	}
}
