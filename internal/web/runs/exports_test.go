package runs_test

import (
	"mime"
	"net/url"
	"strings"
	"testing"
	"time"

	"cadastro/internal/app/apptest"
	"cadastro/internal/auth"
	"cadastro/internal/exporter"
	"cadastro/internal/web/webtest"

	"golang.org/x/net/html"
)

// exported waits for an export to end and gives it.
func (w *world) exported(id exporter.ID) *exporter.Export {
	w.t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		x, err := w.App.Exports.Get(w.ctx, w.Workspace, id)
		if err != nil {
			w.t.Fatal(err)
		}
		if x.State != exporter.Waiting && x.State != exporter.Running {
			return x
		}
	}
	w.t.Fatalf("export %d does not end", id)
	return nil
}

// TestExports: what is asked for is what the file holds; asked wrongly, the form says what is missing and keeps what was
// typed.
func TestExports(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, k *apptest.Kit) {
		w := newWorld(t, k, 0)
		w.done("base.csv", people(0, 25)+hostile+";(11) 98888-0001;h@example.com;"+formula+"\r\n")
		if a := w.get("/exports"); len(find(a.Tree, link("/exports/new"))) < 2 {
			t.Error("the empty list does not lead on")
		}
		for _, c := range []struct {
			form url.Values
			want string // id of the control
		}{
			{url.Values{"scope": {"filter"}, "format": {"csv"}}, "filter"},
			{url.Values{"scope": {"filter"}, "filter": {`city:"São`}, "format": {"csv"}}, "filter"},
			{url.Values{"scope": {"all"}, "fields_of": {"some"}, "format": {"csv"}}, "some"},
			{url.Values{"scope": {"ids"}, "ids": {"1,x"}, "format": {"csv"}}, ""},
		} {
			a := w.ask(auth.Manager, "POST", "/exports", c.form)
			if a.StatusCode != 422 || len(find(a.Tree, id("faults"))) != 1 {
				t.Errorf("%v: %s", c.form, a.Status)
				continue
			}
			if c.want != "" && (attr(a.one(t, c.want, id(c.want)), "aria-invalid") != "true" || len(find(a.Tree, link("#"+c.want))) != 1) {
				t.Errorf("%v: the fault is not at %s", c.form, c.want)
			}
			if f := c.form.Get("filter"); f != "" && attr(a.one(t, "filter", id("filter")), "value") != f {
				t.Errorf("what was typed is lost: %s", f)
			}
		}
		for i, c := range []struct {
			form  url.Values
			kind  string
			lines int // line breaks of the file, -1 where it is no text
		}{
			{url.Values{"scope": {"all"}, "format": {"csv"}, "delimiter": {","}}, "text/csv", 27},
			{url.Values{"scope": {"filter"}, "search": {"pessoa7@example"}, "format": {"ndjson"}}, "application/x-ndjson", 1},
			{url.Values{"scope": {"ids"}, "ids": {"1,2", "3"}, "format": {"csv"}, "fields_of": {"some"}, "fields": {"name", "phone"}, "keys": {"1"}}, "text/csv", 4},
			{url.Values{"scope": {"all"}, "format": {"xlsx"}}, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", -1},
			{url.Values{"scope": {"all"}, "format": {"vcf"}}, "text/vcard", -1},
		} {
			if a := w.ask(auth.Manager, "POST", "/exports", c.form); a.StatusCode != 303 || a.Header.Get("Location") != "/exports" {
				t.Fatalf("%v: %s\n%s", c.form, a.Status, a.Body)
			}
			x := w.exported(exporter.ID(i + 1))
			if x.State != exporter.Done {
				t.Fatalf("%v: %s, %s", c.form, x.State, x.Error)
			}
			a := w.get("/exports/" + string(rune('1'+i)) + "/file")
			kind, args, err := mime.ParseMediaType(a.Header.Get("Content-Disposition"))
			if err != nil || kind != "attachment" || args["filename"] == "" || !strings.HasPrefix(a.Header.Get("Content-Type"), c.kind) {
				t.Errorf("%v: %v, %v", c.form, a.Header, err)
			}
			if n := strings.Count(a.Body, "\n"); c.lines >= 0 && n != c.lines {
				t.Errorf("%v: %d lines\n%s", c.form, n, a.Body)
			}
			if c.kind == "text/csv" && strings.Contains(a.Body, ","+formula) {
				t.Errorf("a formula is in the file:\n%s", a.Body)
			}
		}
		a := w.get("/exports")
		if rows := rowsOn(a.Tree); len(rows) != 5 || len(find(a.Tree, func(n *html.Node) bool { return n.Data == "a" && strings.HasSuffix(attr(n, "href"), "/file") })) != 5 {
			t.Errorf("%d exports in the list", len(rows))
		}
		if a := w.ask(auth.Agent, "GET", "/exports/1/file", nil); a.StatusCode != 403 {
			t.Errorf("an agent gets the file: %s", a.Status)
		}
	})
}

// TestBrowserExport: from the form to the file, while the list moves on by itself.
func TestBrowserExport(t *testing.T) {
	t.Parallel()
	w := newWorld(t, apptest.New(t), 0)
	w.done("base.csv", people(0, 3000))
	b := w.open(webtest.Look{})
	b.Go("/exports")
	b.Everywhere("08-exportacoes-vazia")
	b.Click("main .btn")
	b.At("/exports/new")
	b.Everywhere("08-exportar")
	b.Click("form .btn.pri")
	b.See("a[href='/exports/1/file']")
	b.Gone("#list[hx-get]")
	b.Everywhere("08-exportacoes")
	if clicks := b.Clicks; clicks != 2 {
		t.Errorf("%d clicks for the whole base", clicks)
	}
}
