package wizard_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"cadastro/internal/api"
	"cadastro/internal/app/apptest"
	"cadastro/internal/auth"
	"cadastro/internal/web"
	"cadastro/internal/web/webtest"
)

// TestLostConnection: an upload that is cut goes on where it stopped, and the file is whole.
func TestLostConnection(t *testing.T) {
	t.Parallel()
	k := apptest.New(t)
	site, err := web.New(k.App)
	if err != nil {
		t.Fatal(err)
	}
	var cuts atomic.Int64
	routes := slices.Clone(api.New(k.App).Routes())
	for i, r := range routes {
		if r.Method == http.MethodPatch && strings.HasSuffix(r.Pattern, "/uploads/{id}") {
			routes[i].Handler = cutting(r.Handler, &cuts)
		}
	}
	k.Serve(slices.Concat(site.Routes(), routes), func(w http.ResponseWriter, r *http.Request, _ int, err error) { site.Fail(w, r, err) })
	var content bytes.Buffer
	content.WriteString("Nome;Telefone\r\n")
	for i := range 60_000 {
		fmt.Fprintf(&content, "Pessoa %06d;(11) 9%04d-%04d\r\n", i, i/10000+1000, i%10000)
	}
	b := webtest.Open(t, k.URL, webtest.Look{Session: k.Session(auth.Manager)})
	b.Go("/imports/new")
	b.Upload("#file", file(t, "grande.csv", content.Bytes()))
	b.At("/imports/1/file")
	b.Read("2 colunas")
	if cuts.Load() != 2 {
		t.Errorf("cut %d times", cuts.Load())
	}
	sum := sha256.Sum256(content.Bytes())
	if imp := load(t, k, 1); imp.FileHash != hex.EncodeToString(sum[:]) || imp.FileName != "grande.csv" {
		t.Errorf("%s, %d bytes of %d", imp.FileName, imp.FileSize, content.Len())
	}
	b.Faults() // the browser tells of the connections that were cut
}

// cutting lets two requests die in the middle of their body.
func cutting(next http.Handler, cuts *atomic.Int64) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if cuts.Load() < 2 {
			cuts.Add(1)
			io.CopyN(io.Discard, r.Body, 64<<10)
			panic(http.ErrAbortHandler)
		}
		next.ServeHTTP(w, r)
	})
}

// TestDrop: a file that is dropped on the page is taken like one that was chosen.
func TestDrop(t *testing.T) {
	t.Parallel()
	k := serve(t)
	b := webtest.Open(t, k.URL, webtest.Look{Session: k.Session(auth.Manager)})
	b.Go("/imports/new")
	webtest.Eval[bool](b, `(() => {
		const data = new DataTransfer();
		data.items.add(new File(["Nome;Telefone\r\nAna;11987650001\r\n"], "solto.csv"));
		for (const kind of ["dragenter", "dragover"]) dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
		if (!document.getElementById("drop").classList.contains("over")) throw new Error("the drop zone does not say what will happen");
		dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
		return true;
	})()`)
	b.At("/imports/1/file")
	b.Read("solto.csv")
}

// TestRefusedUpload: a file that cannot be read is refused after a resumable upload, too, with why.
func TestRefusedUpload(t *testing.T) {
	t.Parallel()
	k := serve(t)
	b := webtest.Open(t, k.URL, webtest.Look{Session: k.Session(auth.Manager)})
	b.Go("/imports/new")
	b.Upload("#file", file(t, "figura.csv", []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")))
	b.At("/imports/1/file")
	b.See("#refusal [role=alert]")
	if got := b.Text("#refusal"); !strings.Contains(got, "PNG") || !strings.Contains(got, "figura.csv") {
		t.Errorf("says %q", got)
	}
	b.See("#up")
}

// weight is what a page may weigh as the network carries it.
const (
	pageWeight   = 60 << 10 // HTML and CSS
	scriptWeight = 20 << 10 // scripts of our own, all of them
)

// TestWeight: the pages and the scripts are light.
func TestWeight(t *testing.T) {
	t.Parallel()
	k := serve(t)
	p := person{t, k, auth.Manager}
	var f strings.Builder
	f.WriteString("Nome;Telefone;E-mail;CPF;Nascimento;Empresa;Cidade;Etiquetas;Notas\r\n")
	for i := range 300 {
		fmt.Fprintf(&f, "Pessoa de Nome Comprido %d;98765-%04d;pessoa%d@example.com;;01/02/1990;Empresa %d;São Paulo;vip, varejo;Nota %d\r\n", i, i, i, i, i)
	}
	p.send("/imports/new", "lista.csv", []byte(f.String()))
	css := 0
	for _, name := range []string{"cadastro.css", "frame.css", "wizard.css"} {
		css += zipped(t, name)
	}
	look := func(path string) {
		t.Helper()
		if n := packed(p.get(path).body) + css; n > pageWeight {
			t.Errorf("%s weighs %d bytes", path, n)
		}
	}
	look("/imports/1/file")
	look("/imports/1/columns")
	p.post("/imports/1/columns", "go", "on")
	reviewed(p, 1)
	look("/imports/1/review")
	look("/imports/1/review?f=all")
	scripts, err := filepath.Glob("../page/static/*.js")
	if err != nil {
		t.Fatal(err)
	}
	own := 0
	for _, s := range scripts {
		if name := filepath.Base(s); name != "htmx.min.js" {
			own += zipped(t, name)
		}
	}
	if own > scriptWeight {
		t.Errorf("our scripts weigh %d bytes", own)
	}
}

func zipped(t *testing.T, name string) int {
	t.Helper()
	buf, err := os.ReadFile("../page/static/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return packed(string(buf))
}

func packed(s string) int {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	io.WriteString(w, s)
	w.Close()
	return b.Len()
}
