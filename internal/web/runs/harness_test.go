package runs_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"cadastro/internal/app/apptest"
	"cadastro/internal/auth"
	"cadastro/internal/importer"
	"cadastro/internal/table"
	"cadastro/internal/web"

	"golang.org/x/net/html"
)

// world is a served app with a manager who works in it.
type world struct {
	*apptest.Kit
	t   *testing.T
	ctx context.Context // the manager's
	let func()          // has the line of imports move again, where hold stopped it
}

// newWorld serves the pages. Files go through in chunks of so many rows.
func newWorld(t *testing.T, k *apptest.Kit, chunk int) *world {
	t.Helper()
	if chunk > 0 {
		k.App.Imports.ChunkRows = chunk
	}
	site, err := web.New(k.App)
	if err != nil {
		t.Fatal(err)
	}
	k.Serve(site.Routes(), func(w http.ResponseWriter, r *http.Request, _ int, err error) { site.Fail(w, r, err) })
	return &world{Kit: k, t: t, ctx: k.As(auth.Manager), let: func() {}}
}

// people is a file of n contacts, from the one numbered from.
func people(from, n int) string {
	var b strings.Builder
	b.WriteString("Nome;Telefone;E-mail;Cidade\r\n")
	for i := from; i < from+n; i++ {
		fmt.Fprintf(&b, "Pessoa %d;(11) 9%04d-%04d;pessoa%d@example.com;São Paulo\r\n", i, 1000+i/10000, i%10000, i)
	}
	return b.String()
}

// mixed is a file that, behind people(0, 30), has 10 rows of each outcome: new, changed, the same, and without a phone.
// One of the new ones has a hostile name and city.
func mixed() string {
	var b strings.Builder
	b.WriteString(people(5000, 9))
	b.WriteString(hostile + ";(11) 98888-0001;h@example.com;" + formula + "\r\n")
	for i := range 10 {
		fmt.Fprintf(&b, "Pessoa %d;(11) 91000-%04d;pessoa%d@example.com;Recife\r\n", i, i, i)
	}
	_, same, _ := strings.Cut(people(10, 10), "\n")
	b.WriteString(same)
	for i := range 10 {
		fmt.Fprintf(&b, "Sem Telefone %d;;sem%d@example.com;Natal\r\n", i, i)
	}
	return b.String()
}

const (
	hostile = `<script>alert("x")</script><b>Zé</b>`
	formula = `=HYPERLINK("http://example.com")`
)

// review brings a file in and reviews it.
func (w *world) review(name, content string) *importer.Import {
	w.t.Helper()
	imp, err := w.App.Imports.Upload(w.ctx, w.Workspace, name, strings.NewReader(content), nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.reviewOf(imp)
}

// reviewOf reviews a file that was brought in.
func (w *world) reviewOf(imp *importer.Import) *importer.Import {
	w.t.Helper()
	src, c, err := w.App.Imports.Source(w.ctx, imp)
	if err != nil {
		w.t.Fatal(err)
	}
	defer c.Close()
	in, err := importer.Inspect(w.ctx, src, table.Dialect{}, w.App.Imports.Limits, importer.Known{Country: "BR"})
	if err != nil {
		w.t.Fatal(err)
	}
	imp, err = w.App.Imports.Review(w.ctx, w.Workspace, imp.ID, importer.Settings{Dialect: in.Guess.Dialect, Mapping: in.Mapping, Purpose: in.Purpose, Identifier: "phone",
		Country: "BR", Tags: []string{"Varejo"}, ImportTag: fmt.Sprintf("import-%d", imp.ID), Group: "Clientes ativos", Language: "pt-BR"}, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return imp
}

// done brings a file in to its end.
func (w *world) done(name, content string) *importer.Import {
	w.t.Helper()
	imp := w.review(name, content)
	if _, err := w.App.Imports.Start(w.ctx, w.Workspace, imp.ID); err != nil {
		w.t.Fatal(err)
	}
	return w.until(imp.ID, func(i *importer.Import) bool { return !i.State.Running() })
}

// until waits for an import to come to something.
func (w *world) until(id importer.ID, ok func(*importer.Import) bool) *importer.Import {
	w.t.Helper()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		imp, err := w.App.Imports.Get(w.ctx, w.Workspace, id)
		if err != nil {
			w.t.Fatal(err)
		}
		if ok(imp) {
			return imp
		}
	}
	w.t.Fatalf("import %d does not come to it", id)
	return nil
}

// answer is what the server said.
type answer struct {
	*http.Response
	Body string
	Tree *html.Node
}

// ask sends a request as the member of a role and does not follow redirects.
func (w *world) ask(role auth.Role, method, path string, form url.Values, header ...string) *answer {
	w.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(context.Background(), method, w.URL+path, body)
	if err != nil {
		w.t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("Accept-Language", "pt-BR")
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w.SignIn(r, role)
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	buf, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	a := &answer{Response: res, Body: string(buf), Tree: &html.Node{}}
	if !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
		return a
	}
	if a.Tree, err = html.Parse(strings.NewReader(a.Body)); err != nil {
		w.t.Fatal(err)
	}
	return a
}

// get asks for a page as the manager and wants it.
func (w *world) get(path string, header ...string) *answer {
	w.t.Helper()
	a := w.ask(auth.Manager, http.MethodGet, path, nil, header...)
	if a.StatusCode != http.StatusOK {
		w.t.Fatalf("%s: %s\n%s", path, a.Status, a.Body)
	}
	return a
}

// find gives the elements of a page that fn wants, in their order.
func find(n *html.Node, fn func(*html.Node) bool) (list []*html.Node) {
	for c := range n.Descendants() {
		if c.Type == html.ElementNode && fn(c) {
			list = append(list, c)
		}
	}
	return list
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// hasClass tells whether an element is of a class.
func hasClass(n *html.Node, class string) bool {
	for c := range strings.FieldsSeq(attr(n, "class")) {
		if c == class {
			return true
		}
	}
	return false
}

// text gives the words of an element, with one blank between.
func text(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// one gives the only element that fn wants.
func (a *answer) one(t *testing.T, what string, fn func(*html.Node) bool) *html.Node {
	t.Helper()
	list := find(a.Tree, fn)
	if len(list) != 1 {
		t.Fatalf("%d of %s on %s", len(list), what, a.Request.URL.Path)
	}
	return list[0]
}

// class wants elements of a class.
func class(name string) func(*html.Node) bool {
	return func(n *html.Node) bool { return hasClass(n, name) }
}

// id wants the element of an id.
func id(name string) func(*html.Node) bool {
	return func(n *html.Node) bool { return attr(n, "id") == name }
}

// link wants links whose address begins so.
func link(prefix string) func(*html.Node) bool {
	return func(n *html.Node) bool { return n.Data == "a" && strings.HasPrefix(attr(n, "href"), prefix) }
}

// number reads a number as pt-BR writes it.
func number(t *testing.T, text string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(strings.ReplaceAll(text, ".", ""), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// half applies the first chunks of an import and leaves it as a server does that was stopped: nothing goes on with it.
func (w *world) half(imp *importer.Import, rows int64) *importer.Import {
	w.t.Helper()
	ctx, stop := context.WithCancel(w.ctx)
	defer stop()
	_, err := w.App.Imports.Apply(ctx, w.Workspace, imp.ID, func(phase importer.Phase, done, _, _ int64) {
		if phase == importer.PhaseApply && done >= rows {
			stop()
		}
	})
	if !errors.Is(err, context.Canceled) {
		w.t.Fatalf("applying ended with %v", err)
	}
	w.hold()
	imp = w.until(imp.ID, func(*importer.Import) bool { return true })
	if imp.State != importer.Importing || imp.Counts.Unprocessed == 0 || imp.Counts.Sum() < rows {
		w.t.Fatalf("%s, %+v", imp.State, imp.Counts)
	}
	return imp
}

// hold keeps the line of imports from moving, as the command line does that is at work.
func (w *world) hold() {
	w.t.Helper()
	release, ok, err := w.App.DB.TryLock(w.ctx, fmt.Sprintf("import-w%d", w.Workspace))
	if err != nil || !ok {
		w.t.Fatalf("lock: %v, %v", ok, err)
	}
	w.let = sync.OnceFunc(release)
	w.t.Cleanup(w.let)
}
