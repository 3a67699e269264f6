package apptest_test

import (
	"io"
	"net/http"
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
