package apptest

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"cadastro/internal/auth"
)

// Password is that of all people.
const Password = "mangueira orvalho trilho"

// Person is a member who is signed in.
type Person struct {
	Email   string
	Session string // secret, the value of the cookie "cadastro"
	Actor   auth.Actor
}

// Person gives the workspace's member of a role, "manager@example.com"; of the second workspace "manager.2@example.com". It is made when it is
// first asked for.
func (k *Kit) Person(role auth.Role) *Person {
	k.t.Helper()
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.person(role)
}

func (k *Kit) person(role auth.Role) *Person {
	k.t.Helper()
	if p := k.people[role]; p != nil {
		return p
	}
	email := role.String() + "@example.com"
	if k.Workspace != 1 {
		email = fmt.Sprintf("%s.%d@example.com", role, k.Workspace)
	}
	var link auth.Link
	var err error
	if role == auth.Admin {
		link, err = k.App.Auth.FirstLink(k.Console())
	} else {
		_, link, err = k.App.Auth.AddMember(auth.With(context.Background(), k.person(auth.Admin).Actor), auth.NewMember{Email: email, Name: name(role), Role: role})
	}
	if err != nil {
		k.t.Fatal(err)
	}
	in, err := k.App.Auth.Redeem(context.Background(), link.Secret, auth.Redeem{Password: Password, Name: name(role), Email: email, Language: "pt-BR"}, auth.Client{IP: "192.0.2.1"})
	if err != nil {
		k.t.Fatal(err)
	}
	p := &Person{Email: email, Session: in.Session, Actor: in.Actor}
	k.people[role] = p
	return p
}

func name(role auth.Role) string {
	switch role {
	case auth.Admin:
		return "Ana Admin"
	case auth.Manager:
		return "Gil Gestor"
	}
	return "Téo Atendente"
}

// Session gives the secret of a session of the member of a role.
func (k *Kit) Session(role auth.Role) string { return k.Person(role).Session }

// As gives a context with the member of a role as its actor.
func (k *Kit) As(role auth.Role) context.Context {
	return auth.With(context.Background(), k.Person(role).Actor)
}

// Console gives a context with the command line as its actor.
func (k *Kit) Console() context.Context {
	return auth.With(context.Background(), auth.ConsoleActor(k.Workspace))
}

// Token makes an API token and gives its secret. An administrator made it, so that its role is its own.
func (k *Kit) Token(role auth.Role, scopes auth.Scopes) string {
	k.t.Helper()
	secret, _, err := k.App.Auth.AddToken(k.As(auth.Admin), auth.NewToken{Name: "test " + role.String(), Role: role, Scopes: scopes, Life: 24 * time.Hour})
	if err != nil {
		k.t.Fatal(err)
	}
	return secret
}

// SignIn gives a request the session of the member of a role, as a browser does on this server's own pages.
func (k *Kit) SignIn(r *http.Request, role auth.Role) {
	r.AddCookie(&http.Cookie{Name: "cadastro", Value: k.Session(role)})
	r.Header.Set("Sec-Fetch-Site", "same-origin")
}
