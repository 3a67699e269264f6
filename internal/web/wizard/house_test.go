package wizard_test

import (
	"testing"

	"cadastro/internal/auth"
	"cadastro/internal/workspace"
)

// TestDateOrder: the workspace's order of dates goes where the values leave it open, and nowhere else.
func TestDateOrder(t *testing.T) {
	t.Parallel()
	k := serve(t)
	set, err := k.App.Workspaces.Get(k.As(auth.Admin), k.Workspace)
	if err != nil {
		t.Fatal(err)
	}
	set.DateOrder = workspace.MonthFirst
	if err := k.App.Workspaces.Set(k.As(auth.Admin), k.Workspace, set); err != nil {
		t.Fatal(err)
	}
	p := person{t, k, auth.Manager}
	for _, c := range []struct{ dates, want string }{
		{"03/04/1990\r\nRui;(11) 98765-4322;05/06/1991\r\n", "mdy"},
		{"25/12/1990\r\nRui;(11) 98765-4322;05/06/1991\r\n", ""}, // the column tells by itself: day first
	} {
		a := p.send("/imports/new", "clientes.csv", []byte("Nome;Telefone;Nascimento\r\nAna;(11) 98765-4321;"+c.dates))
		if a.status != 303 {
			t.Fatal(a.status, a.alert())
		}
		if got := p.get(a.to).selected("dates"); got != c.want {
			t.Errorf("%q: dates are %q, want %q", c.dates, got, c.want)
		}
	}
}
