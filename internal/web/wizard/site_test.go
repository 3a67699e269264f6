package wizard_test

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"cadastro/examples"
	"cadastro/internal/app/apptest"
	"cadastro/internal/auth"
	"cadastro/internal/config"
	"cadastro/internal/importer"
	"cadastro/internal/mapping"

	"golang.org/x/net/html"
)

// person asks the server as somebody does who is signed in.
type person struct {
	t    *testing.T
	k    *apptest.Kit
	role auth.Role
}

// answer is what came back.
type answer struct {
	status int
	to     string // where it leads
	doc    *html.Node
	body   string
	header http.Header
}

func (p person) do(r *http.Request) answer {
	p.t.Helper()
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Accept-Language", "pt-BR")
	p.k.SignIn(r, p.role)
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	buf, err := io.ReadAll(resp.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	doc, err := html.Parse(bytes.NewReader(buf))
	if err != nil {
		p.t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header.Get("Location"), doc, string(buf), resp.Header}
}

func (p person) get(path string) answer {
	p.t.Helper()
	r, err := http.NewRequest(http.MethodGet, p.k.URL+path, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	return p.do(r)
}

// post sends a form; pairs are name and value.
func (p person) post(path string, pairs ...string) answer {
	p.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	r, err := http.NewRequest(http.MethodPost, p.k.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return p.do(r)
}

// send sends a file by the form.
func (p person) send(path, name string, content []byte) answer {
	p.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(content)
	}
	if err != nil || w.Close() != nil {
		p.t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPost, p.k.URL+path, &b)
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	return p.do(r)
}

// find gives the elements for which is holds, in their order.
func (a answer) find(is func(*html.Node) bool) (out []*html.Node) {
	for n := range a.doc.Descendants() {
		if n.Type == html.ElementNode && is(n) {
			out = append(out, n)
		}
	}
	return out
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func hasClass(n *html.Node, class string) bool {
	for _, c := range strings.Fields(attr(n, "class")) {
		if c == class {
			return true
		}
	}
	return false
}

func text(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// alert gives what the page says is wrong.
func (a answer) alert() string {
	for _, n := range a.find(func(n *html.Node) bool { return attr(n, "role") == "alert" }) {
		return text(n)
	}
	return ""
}

// selected gives the chosen value of a select.
func (a answer) selected(name string) string {
	for _, s := range a.find(func(n *html.Node) bool { return n.Data == "select" && attr(n, "name") == name }) {
		for o := range s.Descendants() {
			for _, at := range o.Attr {
				if o.Data == "option" && at.Key == "selected" {
					return attr(o, "value")
				}
			}
		}
	}
	return ""
}

// counts gives the five numbers of a review.
func (a answer) counts(t *testing.T) []int64 {
	t.Helper()
	var out []int64
	for _, n := range a.find(func(n *html.Node) bool { return hasClass(n, "v") }) {
		v, err := strconv.ParseInt(strings.ReplaceAll(text(n), ".", ""), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	return out
}

// TestRefusals: a file that cannot be read is refused on the page at hand, with why and what to do, and leaves nothing to
// start.
func TestRefusals(t *testing.T) {
	t.Parallel()
	k := serve(t)
	p := person{t, k, auth.Manager}
	for i, c := range []struct {
		name    string
		content string
		want    string
	}{
		{"vazio.csv", "", "vazio"},
		{"so-cabecalho.csv", "Nome;Telefone\r\n", "só tem o cabeçalho"},
		{"foto.csv", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "PNG"},
		{"texto.pdf", "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "PDF"},
	} {
		a := p.send("/imports/new", c.name, []byte(c.content))
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.alert(), c.want) || !strings.Contains(a.alert(), c.name) {
			t.Errorf("%s: %d %q", c.name, a.status, a.alert())
		}
		if s := state(t, k, importer.ID(i+1)); s != importer.Cancelled {
			t.Errorf("%s is left %s", c.name, s)
		}
	}
	if a := p.post("/imports/new"); a.status != http.StatusUnprocessableEntity || a.alert() == "" {
		t.Errorf("no file: %d %q", a.status, a.alert())
	}
}

// TestSteps: the steps keep what was chosen; the four numbers of the review sum to the rows.
func TestSteps(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, k *apptest.Kit) {
		serveOn(t, k)
		p := person{t, k, auth.Manager}
		a := p.post("/imports/example")
		if a.status != http.StatusSeeOther || a.to != "/imports/1/file" {
			t.Fatal(a.status, a.to)
		}
		a = p.get(a.to)
		if got := a.selected("delimiter") + a.selected("header") + a.selected("identifier"); got != "semicolon2:1phone" {
			t.Errorf("read as %s", got)
		}
		p.post("/imports/1/file", "go", "draw", "purpose", "add", "tagged", "1", "import_tag", "importadas", "tags", "VIP", "tag_add", "Atacado, vip", "group", "+", "group_new", " Clientes ")
		set := load(t, k, 1).Settings
		if set.Purpose != mapping.PurposeAdd || strings.Join(set.Tags, ",") != "VIP,Atacado" || set.ImportTag != "importadas" || set.Group != "Clientes" {
			t.Errorf("kept: %+v", set)
		}
		p.post("/imports/1/file", "tagged", "1", "import_tag", "importadas", "drop_import_tag", "1", "tags", "VIP", "tags", "Atacado", "drop_tag", "VIP")
		if set = load(t, k, 1).Settings; strings.Join(set.Tags, ",") != "Atacado" || set.ImportTag != "" {
			t.Errorf("tags taken off: %v %q", set.Tags, set.ImportTag)
		}
		a = p.post("/imports/1/file", "go", "on", "purpose", "upsert")
		if a.to != "/imports/1/columns" {
			t.Fatalf("leads to %q: a doubtful column wants a look", a.to)
		}
		a = p.post("/imports/1/columns", "go", "draw", "was0", "external_id", "f0", "", "in0", "1", "was7", "address.city", "f7", "phone", "in7", "1", "row", "3")
		if a.to != "/imports/1/columns?row=3" {
			t.Errorf("leads to %q", a.to)
		}
		cols := load(t, k, 1).Settings.Mapping.Columns
		if cols[0].Field != "" || cols[7].Field != mapping.FieldPhone {
			t.Errorf("columns %+v", cols)
		}
		a = p.post("/imports/1/columns", "go", "on", "was0", "", "f0", "name", "in0", "1")
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.alert(), "mesmo campo") {
			t.Errorf("a field twice: %d %q", a.status, a.alert())
		}
		p.post("/imports/1/columns", "was0", "name", "f0", "name", "was7", "phone", "f7", "address.city", "in7", "1") // the box of the first is off
		if cols = load(t, k, 1).Settings.Mapping.Columns; cols[0].Field != "" || cols[7].Field != mapping.FieldCity {
			t.Errorf("columns %+v", cols)
		}
		a = p.post("/imports/1/columns", "go", "on", "make", "0", "was0", "", "f0", "")
		if a.status != http.StatusSeeOther || a.to != "/imports/1/review" {
			t.Fatal(a.status, a.to, a.alert())
		}
		a = reviewed(p, 1)
		n := a.counts(t)
		if len(n) != 5 || n[0] != n[1]+n[2]+n[3]+n[4] || n[0] != 59 || n[4] == 0 {
			t.Errorf("numbers %v", n)
		}
		cat, err := k.App.Contacts.Catalogue(k.As(auth.Manager), k.Workspace)
		if _, ok := cat.FieldByLabel("Código"); err != nil || !ok {
			t.Errorf("no custom field was made, %v", err)
		}
		if saved, err := k.App.Mappings.Recent(k.As(auth.Manager), k.Workspace, load(t, k, 1).Settings.Mapping.Headers(), 1); err != nil || len(saved) != 1 || saved[0].Name != "clientes-baguncado" {
			t.Errorf("saved mappings %+v, %v", saved, err)
		}
		if a = p.post("/imports/1/start"); a.to != "/imports/1" {
			t.Errorf("start leads to %q", a.to)
		}
		for _, path := range []string{"/file", "/columns"} {
			if a = p.get("/imports/1" + path); a.status != http.StatusSeeOther || a.to != "/imports/1" {
				t.Errorf("%s of an import under way: %d %q", path, a.status, a.to)
			}
		}
	})
}

// reviewed waits for the review of an import and gives its page.
func reviewed(p person, id importer.ID) answer {
	p.t.Helper()
	for until := time.Now().Add(30 * time.Second); time.Now().Before(until); {
		if state(p.t, p.k, id) == importer.InReview {
			return p.get(fmt.Sprintf("/imports/%d/review", id))
		}
		time.Sleep(20 * time.Millisecond)
	}
	p.t.Fatalf("import %d is %s", id, state(p.t, p.k, id))
	return answer{}
}

// TestSendCorrected: another file takes the place of one in review and keeps what was chosen, by the headers.
func TestSendCorrected(t *testing.T) {
	t.Parallel()
	k := serve(t)
	p := person{t, k, auth.Manager}
	a := p.send("/imports/new", "um.csv", []byte("Nome;Telefone;Loja\r\nAna;123;Centro\r\n"))
	p.post(a.to, "go", "draw", "tagged", "1", "tags", "Feira", "purpose", "add")
	p.post("/imports/1/columns", "go", "on", "was2", "", "f2", "company", "in2", "1")
	reviewed(p, 1)
	a = p.send("/imports/new?from=1", "dois.csv", []byte("Loja,Nome,Telefone\r\nCentro,Ana,11987650001\r\n"))
	if a.to != "/imports/2/file" {
		t.Fatal(a.status, a.to, a.alert())
	}
	if s := state(t, k, 1); s != importer.Cancelled {
		t.Errorf("the first file is %s", s)
	}
	if a = p.post(a.to, "go", "on"); a.to != "/imports/2/review" {
		t.Errorf("leads to %q: all is known", a.to)
	}
	n := reviewed(p, 2).counts(t)
	set := load(t, k, 2).Settings
	if set.Purpose != mapping.PurposeAdd || len(set.Tags) != 1 || set.Mapping.Columns[0].Field != mapping.FieldCompany || n[1] != 1 {
		t.Errorf("%+v, numbers %v", set, n)
	}
}

// TestExpired: a review whose time is over says so, changes nothing, and is done again with one act.
func TestExpired(t *testing.T) {
	t.Parallel()
	k := apptest.New(t, func(c *config.Config) { c.Keep.Review = config.Span(time.Nanosecond) })
	serveOn(t, k)
	p := person{t, k, auth.Manager}
	p.send("/imports/new", "um.csv", clean())
	p.post("/imports/1/file", "go", "on")
	a := reviewed(p, 1)
	if h := a.find(func(n *html.Node) bool { return n.Data == "h2" && strings.HasPrefix(text(n), "A revisão passou de ") }); len(h) != 1 {
		t.Errorf("says %q", text(a.doc))
	}
	if a = p.post("/imports/1/start"); a.to != "/imports/1/review" {
		t.Errorf("start leads to %q (%d)", a.to, a.status)
	}
	if s := state(t, k, 1); s != importer.Expired {
		t.Errorf("state %s", s)
	}
	if a = p.post("/imports/1/review"); a.to != "/imports/1/review" {
		t.Errorf("validating again leads to %q", a.to)
	}
	reviewed(p, 1)
}

// TestAgents: import is for managers.
func TestAgents(t *testing.T) {
	t.Parallel()
	k := serve(t)
	p := person{t, k, auth.Manager}
	p.send("/imports/new", examples.Name, examples.Clients)
	agent := person{t, k, auth.Agent}
	for _, path := range []string{"/imports/new", "/imports/1/file", "/imports/1/columns", "/imports/1/review", "/imports/template.csv"} {
		if a := agent.get(path); a.status != http.StatusForbidden {
			t.Errorf("GET %s: %d", path, a.status)
		}
	}
	for _, path := range []string{"/imports/example", "/imports/1/file", "/imports/1/columns", "/imports/1/review", "/imports/1/start", "/imports/1/fix", "/imports/1/cure", "/imports/1/discard"} {
		if a := agent.post(path); a.status != http.StatusForbidden {
			t.Errorf("POST %s: %d", path, a.status)
		}
	}
}

// TestTemplates: the files to fill in come in the reader's language and are taken back without a question.
func TestTemplates(t *testing.T) {
	t.Parallel()
	k := serve(t)
	p := person{t, k, auth.Manager}
	for i, ext := range []string{"csv", "xlsx"} {
		a := p.get("/imports/template." + ext)
		if a.status != http.StatusOK || !strings.Contains(a.header.Get("Content-Disposition"), "modelo-contatos."+ext) {
			t.Fatal(ext, a.status, a.header)
		}
		if b := p.send("/imports/new", "modelo."+ext, []byte(a.body)); b.to == "" {
			t.Fatal(ext, b.status, b.alert())
		}
		if b := p.post(fmt.Sprintf("/imports/%d/file", i+1), "go", "on"); b.to != fmt.Sprintf("/imports/%d/review", i+1) {
			t.Errorf("%s leads to %q", ext, b.to)
		}
		if n := reviewed(p, importer.ID(i+1)).counts(t); n[0] != 2 || n[4] != 0 {
			t.Errorf("%s: numbers %v", ext, n)
		}
	}
}

// TestWideFile: of a file of very many columns some are shown at a time, and what was decided about the others stays.
func TestWideFile(t *testing.T) {
	t.Parallel()
	k := serve(t)
	p := person{t, k, auth.Manager}
	var head, row strings.Builder
	head.WriteString("Nome;Telefone")
	row.WriteString("Ana;11987650001")
	for i := range 998 {
		fmt.Fprintf(&head, ";Medida %d", i)
		fmt.Fprintf(&row, ";%d", i)
	}
	a := p.send("/imports/new", "larga.csv", []byte(head.String()+"\r\n"+row.String()+"\r\n"))
	if a = p.get(a.to); len(a.find(func(n *html.Node) bool { return n.Data == "th" })) != 101 {
		t.Errorf("%d headers", len(a.find(func(n *html.Node) bool { return n.Data == "th" })))
	}
	shown := func(a answer) (list []string) {
		for _, n := range a.find(func(n *html.Node) bool { return n.Data == "select" && strings.HasPrefix(attr(n, "name"), "f") }) {
			list = append(list, attr(n, "name"))
		}
		return list
	}
	if s := shown(p.get("/imports/1/columns")); len(s) != 100 || s[0] != "f0" {
		t.Errorf("shown %v", s)
	}
	a = p.post("/imports/1/columns", "was99", "", "f99", "company", "in99", "1", "from", "0", "to_from", "900")
	if a.to != "/imports/1/columns?from=900" {
		t.Errorf("leads to %q", a.to)
	}
	if s := shown(p.get(a.to)); len(s) != 100 || s[0] != "f900" {
		t.Errorf("shown %v", s)
	}
	p.post("/imports/1/columns", "was999", "", "f999", "notes", "in999", "1", "from", "900")
	if cols := load(t, k, 1).Settings.Mapping.Columns; cols[99].Field != mapping.FieldCompany || cols[999].Field != mapping.FieldNotes || cols[0].Field != mapping.FieldName {
		t.Error("what was decided on the other pages is gone")
	}
}

// TestLeftOutBefore: a column that was left out is not asked about again when the same headers come back.
func TestLeftOutBefore(t *testing.T) {
	t.Parallel()
	k := serve(t)
	p := person{t, k, auth.Manager}
	const head = "Nome;Telefone;Filial\r\n"
	p.send("/imports/new", "julho.csv", []byte(head+"Ana;11987650001;Centro\r\n"))
	if a := p.post("/imports/1/file", "go", "on"); a.to != "/imports/1/columns" {
		t.Fatalf("leads to %q: a column has no place", a.to)
	}
	p.post("/imports/1/columns", "go", "on")
	reviewed(p, 1)
	p.send("/imports/new", "agosto.csv", []byte(head+"Bia;11987650002;Norte\r\n"))
	if a := p.post("/imports/2/file", "go", "on"); a.to != "/imports/2/review" {
		t.Errorf("leads to %q", a.to)
	}
	reviewed(p, 2)
	if f := load(t, k, 2).Settings.Mapping.Columns[2].Field; f != "" {
		t.Errorf("the column feeds %q now", f)
	}
}
