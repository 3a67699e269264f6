package apptest_test

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"cadastro/internal/app/apptest"
	"cadastro/internal/auth"
	"cadastro/internal/server/route"
)

// TestKit: people, tokens and both workspaces work through a real server.
func TestKit(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, k *apptest.Kit) {
		who := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			a, _ := auth.From(r.Context())
			io.WriteString(w, a.String()+" "+a.Role.String())
		})
		k.Serve([]route.Route{{Method: "GET", Pattern: "/who", Access: route.Needs(auth.ContactsRead), Handler: who, API: true}}, nil)
		ask := func(change func(*http.Request)) string {
			t.Helper()
			r, err := http.NewRequest("GET", k.URL+"/who", nil)
			if err != nil {
				t.Fatal(err)
			}
			change(r)
			res, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			body, err := io.ReadAll(res.Body)
			if err != nil {
				t.Fatal(err)
			}
			return res.Status + " " + string(body)
		}
		bearer := func(secret string) func(*http.Request) {
			return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+secret) }
		}
		if got := ask(func(*http.Request) {}); !strings.HasPrefix(got, "401 ") {
			t.Error(got)
		}
		if got := ask(func(r *http.Request) { k.SignIn(r, auth.Agent) }); !strings.HasSuffix(got, " agent") || !strings.HasPrefix(got, "200 OK member ") {
			t.Error(got)
		}
		if got := ask(bearer(k.Token(auth.Manager, auth.ScopeRead))); !strings.HasSuffix(got, " manager") || !strings.HasPrefix(got, "200 OK token ") {
			t.Error(got)
		}
		if got := ask(bearer(k.Token(auth.Manager, auth.ScopeImport))); !strings.HasPrefix(got, "403 ") {
			t.Error(got)
		}
		if got := ask(bearer(k.Other().Token(auth.Admin, auth.AllScopes))); !strings.HasSuffix(got, " admin") {
			t.Error(got)
		}
		if a, b := k.Person(auth.Admin).Actor, k.Other().Person(auth.Admin).Actor; a.Workspace == b.Workspace || a.Login == b.Login {
			t.Errorf("%+v, %+v", a, b)
		}
	})
}

// TestObjects: every kind of thing can be made, twice, in either workspace.
func TestObjects(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, k *apptest.Kit) {
		for _, w := range []*apptest.Kit{k, k.Other()} {
			for _, kind := range apptest.Objects() {
				a, ok := w.Object(kind)
				b, _ := w.Object(kind)
				if !ok || a == "" || a == "0" || a == b {
					t.Errorf("%s: %q, %q, %v", kind, a, b, ok)
				}
				if n, err := strconv.Atoi(a); err == nil && (n > 1_000_000) != (w != k) {
					t.Errorf("workspace %d has %s %d", w.Workspace, kind, n)
				}
			}
		}
		if _, ok := k.Object("teapot"); ok {
			t.Error("made a teapot")
		}
	})
}
