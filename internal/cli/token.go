package cli

import (
	"strconv"
	"time"

	"cadastro/internal/auth"
)

type tokenCmd struct {
	Add    tokenAddCmd    `cmd:"" help:"Make an API token: prints it, this once."`
	List   tokenListCmd   `cmd:"" help:"List the API tokens."`
	Revoke tokenRevokeCmd `cmd:"" help:"End an API token at once."`
}

type tokenAddCmd struct {
	Name   string `arg:"" help:"What the token is for."`
	Role   string `help:"Role: admin, manager or agent." default:"agent" enum:"admin,manager,agent"`
	Scopes string `help:"What it may be used for, of: read, write, import, export, erase, admin." default:"read" placeholder:"SCOPE,..."`
	Days   int    `help:"How many days it lasts, up to 730." default:"90" placeholder:"N"`
	Group  int64  `help:"Number of the one group whose contacts it sees. 0 is no such limit." placeholder:"N"`
	JSON   bool   `help:"Write one JSON object."`
}

// tokenJSON is an API token. Token is its secret and is there only when it is made.
type tokenJSON struct {
	ID        int64      `json:"id"`
	Name      string     `json:"name"`
	Token     string     `json:"token,omitempty"`
	Prefix    string     `json:"prefix"`
	Role      string     `json:"role"`
	Scopes    string     `json:"scopes"`
	Group     int64      `json:"group,omitempty"`
	CreatedAt time.Time  `json:"created_at"`
	ExpiresAt time.Time  `json:"expires_at"`
	UsedAt    *time.Time `json:"used_at"`
	Revoked   bool       `json:"revoked"`
}

// Run makes a token.
func (c *tokenAddCmd) Run(s *session) error {
	access, ctx, done, err := s.access()
	if err != nil {
		return err
	}
	defer done()
	role, err := auth.ParseRole(c.Role)
	if err != nil {
		return err
	}
	scopes, err := auth.ParseScopes(c.Scopes)
	if err != nil {
		return err
	}
	// A day count beyond what a duration holds must not come round as a short one; 0 must not mean the default.
	life := time.Duration(min(max(c.Days, -1), 10_000)) * 24 * time.Hour
	if life == 0 {
		life = -1
	}
	token, info, err := access.AddToken(ctx, auth.NewToken{Name: c.Name, Role: role, Scopes: scopes, Group: c.Group, Life: life})
	if err != nil {
		return err
	}
	if c.JSON {
		out := tokenJSONOf(info)
		out.Token = token
		return s.json(struct {
			Token tokenJSON `json:"token"`
		}{out})
	}
	zone, err := s.cfg.Location()
	if err != nil {
		return err
	}
	s.line("%s", token)
	s.tell("auth.cli.token_once", "time", s.text.Time(info.ExpiresAt.In(zone)))
	return nil
}

type tokenListCmd struct {
	JSON bool `help:"Write one JSON object."`
}

// Run lists the tokens.
func (c *tokenListCmd) Run(s *session) error {
	access, ctx, done, err := s.access()
	if err != nil {
		return err
	}
	defer done()
	list, err := access.Tokens(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		out := struct {
			Tokens []tokenJSON `json:"tokens"`
		}{[]tokenJSON{}}
		for _, t := range list {
			out.Tokens = append(out.Tokens, tokenJSONOf(t))
		}
		return s.json(out)
	}
	if len(list) == 0 {
		s.say("auth.cli.no_tokens")
		return nil
	}
	zone, err := s.cfg.Location()
	if err != nil {
		return err
	}
	now, g := time.Now(), &grid{right: map[int]bool{0: true}}
	for _, t := range list {
		until := s.text.T("auth.cli.until", "time", s.text.Time(t.ExpiresAt.In(zone)))
		if t.Revoked {
			until = s.text.T("auth.cli.revoked")
		} else if !t.ExpiresAt.After(now) {
			until = s.text.T("auth.cli.expired")
		}
		used := s.text.T("auth.cli.never_used")
		if !t.UsedAt.IsZero() {
			used = s.text.T("auth.cli.used", "time", s.text.Time(t.UsedAt.In(zone)))
		}
		g.add(strconv.FormatInt(int64(t.ID), 10), t.Shown+"…", oneLine(t.Name, 40), s.text.T("auth.role."+t.Role.String()), t.Scopes.String(), until, used)
	}
	g.print(s.out, "")
	return nil
}

type tokenRevokeCmd struct {
	ID int64 `arg:"" help:"Number of the token."`
}

// Run ends a token.
func (c *tokenRevokeCmd) Run(s *session) error {
	access, ctx, done, err := s.access()
	if err != nil {
		return err
	}
	defer done()
	if err := access.RevokeToken(ctx, auth.TokenID(c.ID)); err != nil {
		return err
	}
	s.say("auth.cli.token_revoked", "id", c.ID)
	return nil
}

func tokenJSONOf(t auth.APIToken) tokenJSON {
	out := tokenJSON{ID: int64(t.ID), Name: t.Name, Prefix: t.Shown, Role: t.Role.String(), Scopes: t.Scopes.String(), Group: t.Group,
		CreatedAt: t.CreatedAt, ExpiresAt: t.ExpiresAt, Revoked: t.Revoked}
	if !t.UsedAt.IsZero() {
		out.UsedAt = &t.UsedAt
	}
	return out
}
