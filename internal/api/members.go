package api

import (
	"context"
	"net/http"
	"time"

	"cadastro/internal/auth"
)

const tagAccess = "Access"

// access registers who is who, and tokens.
func (a *API) access() {
	add(a, op{id: "get-me", method: http.MethodGet, path: "/me", tag: tagAccess, may: auth.MembersRead, summary: "Tell who the caller is and what it may do"}, a.getMe)
	add(a, op{id: "list-members", method: http.MethodGet, path: "/members", tag: tagAccess, may: auth.MembersRead, summary: "List the members of the workspace"}, a.listMembers)
	add(a, op{id: "list-tokens", method: http.MethodGet, path: "/tokens", tag: tagAccess, may: auth.TokensManage, summary: "List the API tokens of the workspace"}, a.listTokens)
	add(a, op{id: "create-token", method: http.MethodPost, path: "/tokens", tag: tagAccess, may: auth.TokensManage, status: http.StatusCreated,
		summary: "Make an API token", text: "Its secret is in this answer and nowhere else. Nobody makes a token that could do or last more than they themselves."}, a.createToken)
	add(a, op{id: "revoke-token", method: http.MethodDelete, path: "/tokens/{id}", tag: tagAccess, may: auth.TokensManage, object: "token", summary: "Revoke an API token"}, a.revokeToken)
}

// Me is who the caller is.
type Me struct {
	Actor       string   `json:"actor" doc:"As the history has it: member 3, token 5."`
	Kind        string   `json:"kind" enum:"member,token"`
	Name        string   `json:"name"`
	Workspace   int64    `json:"workspace"`
	Role        string   `json:"role" enum:"agent,manager,admin"`
	Scopes      string   `json:"scopes" doc:"Words with spaces between."`
	Permissions []string `json:"permissions" nullable:"false"`
}

func (a *API) getMe(ctx context.Context, _ *struct{}) (*struct{ Body Me }, error) {
	who, _ := auth.From(ctx)
	me := Me{Actor: who.String(), Kind: "member", Name: who.Name, Workspace: who.Workspace, Role: who.Role.String(), Scopes: (who.Scopes & who.Role.Scopes()).String(), Permissions: []string{}}
	if who.Kind == auth.Token {
		me.Kind = "token"
	}
	for _, p := range auth.Permissions() {
		if who.May(p) {
			me.Permissions = append(me.Permissions, p.String())
		}
	}
	return &struct{ Body Me }{me}, nil
}

// Member is a person in the workspace.
type Member struct {
	ID     int64  `json:"id"`
	Name   string `json:"name"`
	Email  string `json:"email"`
	Role   string `json:"role" enum:"agent,manager,admin"`
	Joined bool   `json:"joined" doc:"False for who was invited and has not come yet."`
}

func (a *API) listMembers(ctx context.Context, _ *struct{}) (*all[Member], error) {
	found, err := a.app.Auth.Members(ctx)
	var items []Member
	for _, m := range found {
		items = append(items, Member{int64(m.ID), m.Name, m.Email, m.Role.String(), m.Joined})
	}
	return allOf(items), err
}

// Token is an API token without its secret.
type Token struct {
	ID        int64      `json:"id"`
	Name      string     `json:"name"`
	Shown     string     `json:"shown" doc:"Its first characters."`
	Role      string     `json:"role" enum:"agent,manager,admin"`
	Scopes    string     `json:"scopes"`
	Group     int64      `json:"group,omitempty" doc:"It sees the contacts of this group alone."`
	CreatedAt time.Time  `json:"created_at"`
	ExpiresAt time.Time  `json:"expires_at"`
	UsedAt    *time.Time `json:"used_at,omitempty" doc:"To the minute."`
	Revoked   bool       `json:"revoked,omitempty"`
}

func tokenOf(t *auth.APIToken) Token {
	return Token{int64(t.ID), t.Name, t.Shown, t.Role.String(), t.Scopes.String(), t.Group, t.CreatedAt.UTC(), t.ExpiresAt.UTC(), moment(t.UsedAt), t.Revoked}
}

func (a *API) listTokens(ctx context.Context, _ *struct{}) (*all[Token], error) {
	found, err := a.app.Auth.Tokens(ctx)
	var items []Token
	for i := range found {
		items = append(items, tokenOf(&found[i]))
	}
	return allOf(items), err
}

type createTokenInput struct {
	Body struct {
		Name   string `json:"name" minLength:"1" maxLength:"200"`
		Role   string `json:"role" enum:"agent,manager,admin"`
		Scopes string `json:"scopes" doc:"Words with spaces between: read write import export erase admin."`
		Group  int64  `json:"group,omitempty" minimum:"0" doc:"It is to see the contacts of this group alone."`
		Days   int    `json:"days,omitempty" minimum:"1" maximum:"730" doc:"How long it lives, 90 where it is left out."`
	}
}

// NewToken is a token with its secret.
type NewToken struct {
	Token
	Secret string `json:"secret" doc:"Shown this once."`
}

func (a *API) createToken(ctx context.Context, in *createTokenInput) (*struct{ Body NewToken }, error) {
	role, err := auth.ParseRole(in.Body.Role)
	if err != nil {
		return nil, at("body.role", err)
	}
	scopes, err := auth.ParseScopes(in.Body.Scopes)
	if err != nil {
		return nil, at("body.scopes", err)
	}
	secret, t, err := a.app.Auth.AddToken(ctx, auth.NewToken{Name: in.Body.Name, Role: role, Scopes: scopes, Group: in.Body.Group, Life: time.Duration(in.Body.Days) * 24 * time.Hour})
	if err != nil {
		return nil, err
	}
	return &struct{ Body NewToken }{NewToken{tokenOf(&t), secret}}, nil
}

func (a *API) revokeToken(ctx context.Context, in *IDPath) (*struct{}, error) {
	return nil, a.app.Auth.RevokeToken(ctx, auth.TokenID(in.ID))
}
