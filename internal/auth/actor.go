package auth

import (
	"context"
	"strconv"

	"cadastro/internal/errs"
)

// Kind says by what an actor is known.
type Kind uint8

// The kinds of actors.
const (
	Person  Kind = iota + 1 // a member with a session
	Token                   // a program with an API token
	Console                 // who may run the program where the data is
	System                  // the program itself: a job that goes on with what somebody began
)

// MemberID names a member within a workspace, TokenID a token, TeamID a team, LoginID a person over all workspaces.
type (
	MemberID int64
	TokenID  int64
	TeamID   int64
	LoginID  int64
)

// Actor is who does what a request does. It comes from the credential alone, never from what a request says of itself.
type Actor struct {
	Kind      Kind
	Workspace int64
	Login     LoginID  // of a person
	Member    MemberID // of a person; of a token the member who made it, 0 for the command line
	Token     TokenID  // of a token
	Role      Role
	Scopes    Scopes // [AllScopes] but for a token
	Group     int64  // where not 0: a token that sees the contacts of this group alone
	Name      string
	Language  string
	TimeZone  string // that a person chose, "" for the workspace's
	KeysOff   bool   // single keys do nothing on the person's pages

	session string // hash of the session, so that a person can keep it and end all others
	expires int64  // of a token, in microseconds
}

// ConsoleActor gives the actor of the command line: whoever can read the base's files can do everything already.
func ConsoleActor(workspace int64) Actor {
	return Actor{Kind: Console, Workspace: workspace, Role: Admin, Scopes: AllScopes}
}

// SystemActor gives the actor of background work. What it does in somebody's name is written down under theirs.
func SystemActor(workspace int64) Actor {
	return Actor{Kind: System, Workspace: workspace, Role: Admin, Scopes: AllScopes}
}

// May tells whether the actor holds a permission in its own workspace.
func (a Actor) May(p Permission) bool {
	return a.Kind != 0 && a.Role.May(p) && a.Scopes.Has(p.Scope())
}

// String gives the name for the journal and the history: "member 3", "token 5", "cli", "system".
func (a Actor) String() string {
	switch a.Kind {
	case Person:
		return "member " + strconv.FormatInt(int64(a.Member), 10)
	case Token:
		return "token " + strconv.FormatInt(int64(a.Token), 10)
	case Console:
		return "cli"
	case System:
		return "system"
	}
	return ""
}

// covers tells whether the actor could do all that somebody with the role and the scopes can: only such a one may make them.
func (a Actor) covers(r Role, s Scopes) bool {
	return a.Role >= r && a.Scopes.Has(s&r.Scopes()) && a.Group == 0
}

type contextKey struct{}

// With gives a context that carries the actor.
func With(ctx context.Context, a Actor) context.Context {
	return context.WithValue(ctx, contextKey{}, a)
}

// From gives the actor of a context; ok is false where nobody is signed in.
func From(ctx context.Context) (a Actor, ok bool) {
	a, ok = ctx.Value(contextKey{}).(Actor)
	return a, ok && a.Kind != 0
}

// Require tells whether the actor of ctx holds p in its own workspace: nil, auth.signed_out (Unauthenticated) or
// auth.forbidden {permission} (Forbidden).
func Require(ctx context.Context, p Permission) error {
	_, err := require(ctx, p)
	return err
}

// RequireIn is [Require] for a workspace that a request names: another one than the actor's is forbidden, in the same
// words, whether it exists or not.
func RequireIn(ctx context.Context, workspace int64, p Permission) error {
	a, err := require(ctx, p)
	if err == nil && a.Workspace != workspace {
		err = errs.New(errs.Forbidden, "auth.forbidden", "permission", p.String())
	}
	return err
}

func require(ctx context.Context, p Permission) (Actor, error) {
	a, ok := From(ctx)
	if !ok {
		return a, errs.New(errs.Unauthenticated, "auth.signed_out")
	}
	if !a.May(p) {
		return a, errs.New(errs.Forbidden, "auth.forbidden", "permission", p.String())
	}
	return a, nil
}

// requirePerson gives the person of ctx: what concerns one's own account is no token's business.
func requirePerson(ctx context.Context) (Actor, error) {
	a, ok := From(ctx)
	if !ok {
		return a, errs.New(errs.Unauthenticated, "auth.signed_out")
	}
	if a.Kind != Person {
		return a, errs.New(errs.Forbidden, "auth.person_only")
	}
	return a, nil
}
