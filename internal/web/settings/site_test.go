package settings_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"cadastro/internal/app/apptest"
	"cadastro/internal/auth"
	"cadastro/internal/config"
	"cadastro/internal/server"
	"cadastro/internal/server/route"
	"cadastro/internal/web/account"
	"cadastro/internal/web/notices"
	"cadastro/internal/web/page"
	"cadastro/internal/web/settings"

	"golang.org/x/net/html"
)

// serve puts the pages of settings, notices and accounts on the network.
func serve(t *testing.T, change ...func(*config.Config)) *apptest.Kit {
	t.Helper()
	k := apptest.New(t, change...)
	kit, err := page.NewKit(k.App)
	if err != nil {
		t.Fatal(err)
	}
	routes := kit.Routes()
	for _, group := range []func(*page.Kit) ([]route.Route, error){account.Routes, settings.Routes, notices.Routes} {
		list, err := group(kit)
		if err != nil {
			t.Fatal(err)
		}
		routes = append(routes, list...)
	}
	k.Serve(routes, func(w http.ResponseWriter, r *http.Request, status int, err error) {
		kit.Fail(server.WithStatus(w, status), r, err)
	})
	return k
}

// answer is what a request came to.
type answer struct {
	status int
	to     string // of a redirect
	page   *html.Node
}

// ask sends a request as the member of a role; a form makes it a POST.
func ask(t *testing.T, k *apptest.Kit, role auth.Role, path string, form url.Values) answer {
	t.Helper()
	method := http.MethodGet
	if form != nil {
		method = http.MethodPost
	}
	r := httptest.NewRequest(method, k.URL+path, strings.NewReader(form.Encode()))
	r.RequestURI = ""
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	k.SignIn(r, role)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	doc, err := html.Parse(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header.Get("Location"), doc}
}

// find gives the elements of a page for which f holds.
func (a answer) find(f func(*html.Node) bool) []*html.Node {
	var list []*html.Node
	for n := range a.page.Descendants() {
		if n.Type == html.ElementNode && f(n) {
			list = append(list, n)
		}
	}
	return list
}

// byID gives the element with an id, nil for none.
func (a answer) byID(id string) *html.Node {
	if list := a.find(func(n *html.Node) bool { return attr(n, "id") == id }); len(list) > 0 {
		return list[0]
	}
	return nil
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// text gives what is read in an element.
func text(n *html.Node) string {
	if n == nil {
		return ""
	}
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func mustPrefix(s string) netip.Prefix { return netip.MustParsePrefix(s) }

func portOf(address string) int {
	u, err := url.Parse(address)
	if err != nil {
		panic(err)
	}
	n, err := strconv.Atoi(u.Port())
	if err != nil {
		panic(err)
	}
	return n
}
