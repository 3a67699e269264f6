package wizard_test

import (
	"net/http"
	"slices"
	"testing"

	"cadastro/examples"
	"cadastro/internal/auth"

	"golang.org/x/net/html"
)

// TestCures: cures come by themselves or with the page, correct the rows of their cause when they are asked to, and are taken
// back in one go.
func TestCures(t *testing.T) {
	t.Parallel()
	k := serve(t)
	p := person{t, k, auth.Manager}
	p.send("/imports/new", examples.Name, examples.Clients)
	p.post("/imports/1/columns", "go", "on")
	first := reviewed(p, 1).counts(t)
	const cause = "error.phone.no_area_code"
	keys := func(a answer) (list []string) {
		for _, n := range a.find(func(n *html.Node) bool { return n.Data == "input" && attr(n, "name") == "key" }) {
			list = append(list, attr(n, "value"))
		}
		return list
	}
	later := keys(p.get("/imports/1/cures?f=errors&cause=" + cause))
	here := keys(p.get("/imports/1/review?f=errors&cures=1&cause=" + cause))
	if !slices.Equal(later, here) || !slices.Contains(later, "area_code_city") {
		t.Fatalf("cures by themselves %v, with the page %v", later, here)
	}
	if a := p.post("/imports/1/cure", "cause", cause, "key", "area_code_city"); a.status != http.StatusSeeOther {
		t.Fatal(a.status, a.alert())
	}
	a := reviewed(p, 1)
	if n := a.counts(t); n[4] != first[4]-1 || n[1] != first[1]+1 || n[0] != first[0] {
		t.Errorf("numbers %v, before %v", n, first)
	}
	if back := p.get("/imports/1/review?f=errors&cause=fixed"); len(back.find(func(n *html.Node) bool { return hasClass(n, "cell") && hasClass(n, "fixed") })) != 1 {
		t.Error("the corrected cell is not among the corrected rows")
	}
	if a := p.post("/imports/1/uncure", "key", "area_code_city"); a.status != http.StatusSeeOther {
		t.Fatal(a.status, a.alert())
	}
	if n := reviewed(p, 1).counts(t); !slices.Equal(n, first) {
		t.Errorf("numbers %v after the correction was taken back, before %v", n, first)
	}
	if a := p.post("/imports/1/cure", "cause", cause, "key", "no_such_cure"); a.status != http.StatusUnprocessableEntity {
		t.Errorf("an unknown cure: %d", a.status)
	}
}
