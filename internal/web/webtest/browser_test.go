package webtest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// recorder takes what a Browser tells of a test.
type recorder struct {
	testing.TB
	said []string
}

func (r *recorder) Helper()                   {}
func (r *recorder) Errorf(f string, a ...any) { r.said = append(r.said, fmt.Sprintf(f, a...)) }

// TestBrowser: the harness sees what it has to see, and finds what it has to find.
func TestBrowser(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	pages := map[string]string{
		"/good": `<!doctype html><html lang="en"><head><title>Good</title><meta name="viewport" content="width=device-width"></head><body><main><h1>Hello</h1><form action="/done"><label>Name <input name="q" id="q"></label><button>Go</button></form></main></body></html>`,
		"/done": `<!doctype html><html lang="en"><head><title>Done</title></head><body><main><h1>Done</h1></main></body></html>`,
		"/bad":  `<!doctype html><html><head></head><body><input><div style="width:3000px;height:1px"></div><img src="http://other.invalid/x.png"><script>throw new Error("boom")</script></body></html>`,
		"/js":   `<!doctype html><html lang="en"><head><title>J</title></head><body><p id="p">off</p><script>document.getElementById("p").textContent="on"</script></body></html>`,
	}
	for path, text := range pages {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprint(w, text)
		})
	}
	srv := httptest.NewServer(mux)
	defer srv.Close()

	b := Open(t, srv.URL, Look{})
	b.Go("/good")
	b.Read("Hello")
	b.Axe()
	b.Type("#q", "ana")
	b.Click("button")
	b.At("/done?q=ana")
	if b.Clicks != 1 || b.Typed != 3 || b.Text("h1") != "Done" {
		t.Errorf("%d clicks, %d typed, %q", b.Clicks, b.Typed, b.Text("h1"))
	}

	r := &recorder{TB: t}
	b.Go("/bad")
	b.T = r
	b.Axe()
	b.T = t
	said := strings.Join(append(r.said, b.Faults()...), "\n")
	for _, want := range []string{"html-has-lang", "label", "sideways", "asks another host: other.invalid", "boom"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q was not found in\n%s", want, said)
		}
	}

	off := Open(t, srv.URL, Look{NoScript: true})
	off.Go("/js")
	if off.Text("#p") != "off" {
		t.Error("scripts run where they are turned off")
	}
}
