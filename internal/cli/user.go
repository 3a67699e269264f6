package cli

import (
	"context"
	"strconv"
	"time"

	"cadastro/internal/auth"
)

type userCmd struct {
	Add    userAddCmd    `cmd:"" help:"Invite a member: prints the link to send."`
	List   userListCmd   `cmd:"" help:"List the members."`
	Role   userRoleCmd   `cmd:"" help:"Give a member another role. Ends the member's sessions."`
	Remove userRemoveCmd `cmd:"" help:"Remove a member, with sessions and tokens."`
	Link   userLinkCmd   `cmd:"" help:"Print a new link: to join, to reset the password, or without an address for the first administrator."`
}

type userAddCmd struct {
	Email string `arg:"" help:"Address that the member signs in with."`
	Role  string `help:"Role: admin, manager or agent." default:"agent" enum:"admin,manager,agent"`
	Name  string `help:"Name. Without it, the address up to the @." placeholder:"NAME"`
	JSON  bool   `help:"Write one JSON object."`
}

// memberJSON is a member.
type memberJSON struct {
	ID        int64     `json:"id"`
	Email     string    `json:"email"`
	Name      string    `json:"name"`
	Role      string    `json:"role"`
	Joined    bool      `json:"joined"`
	CreatedAt time.Time `json:"created_at"`
}

// linkJSON is a one-time link.
type linkJSON struct {
	Purpose string    `json:"purpose"`
	URL     string    `json:"url"`
	Expires time.Time `json:"expires_at"`
}

// Run invites a member, in the language of the setting until the member chooses another.
func (c *userAddCmd) Run(s *session) error {
	access, ctx, done, err := s.access()
	if err != nil {
		return err
	}
	defer done()
	role, err := auth.ParseRole(c.Role)
	if err != nil {
		return err
	}
	m, link, err := access.AddMember(ctx, auth.NewMember{Email: c.Email, Name: c.Name, Role: role, Language: s.cfg.Language})
	if err != nil {
		return err
	}
	if c.JSON {
		return s.json(struct {
			Member memberJSON `json:"member"`
			Link   linkJSON   `json:"link"`
		}{memberJSONOf(m), s.linkJSON(link)})
	}
	s.say("auth.cli.invited", "email", m.Email)
	return s.printLink(link)
}

type userListCmd struct {
	JSON bool `help:"Write one JSON object."`
}

// Run lists the members.
func (c *userListCmd) Run(s *session) error {
	access, ctx, done, err := s.access()
	if err != nil {
		return err
	}
	defer done()
	list, err := access.Members(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		out := struct {
			Members []memberJSON `json:"members"`
		}{[]memberJSON{}}
		for _, m := range list {
			out.Members = append(out.Members, memberJSONOf(m))
		}
		return s.json(out)
	}
	if len(list) == 0 {
		s.say("auth.cli.no_members")
		return nil
	}
	g := &grid{right: map[int]bool{0: true}}
	for _, m := range list {
		state := s.text.T("auth.cli.joined")
		if !m.Joined {
			state = s.text.T("auth.cli.pending")
		}
		g.add(strconv.FormatInt(int64(m.ID), 10), oneLine(m.Email, 50), oneLine(m.Name, 40), s.text.T("auth.role."+m.Role.String()), state)
	}
	g.print(s.out, "")
	return nil
}

type userRoleCmd struct {
	Email string `arg:"" help:"Address of the member."`
	Role  string `arg:"" help:"Role: admin, manager or agent." enum:"admin,manager,agent"`
}

// Run changes a member's role.
func (c *userRoleCmd) Run(s *session) error {
	access, ctx, done, err := s.access()
	if err != nil {
		return err
	}
	defer done()
	role, err := auth.ParseRole(c.Role)
	if err != nil {
		return err
	}
	m, err := access.MemberByEmail(ctx, c.Email)
	if err != nil {
		return err
	}
	if err := access.SetRole(ctx, m.ID, role); err != nil {
		return err
	}
	s.say("auth.cli.role_set", "email", m.Email, "role", s.text.T("auth.role."+role.String()))
	return nil
}

type userRemoveCmd struct {
	Email string `arg:"" help:"Address of the member."`
}

// Run removes a member.
func (c *userRemoveCmd) Run(s *session) error {
	access, ctx, done, err := s.access()
	if err != nil {
		return err
	}
	defer done()
	m, err := access.MemberByEmail(ctx, c.Email)
	if err != nil {
		return err
	}
	if err := access.RemoveMember(ctx, m.ID); err != nil {
		return err
	}
	s.say("auth.cli.removed", "email", m.Email)
	return nil
}

type userLinkCmd struct {
	Email string `arg:"" optional:"" help:"Address of the member. Without it, the link makes the first administrator."`
	JSON  bool   `help:"Write one JSON object."`
}

// Run prints a new one-time link.
func (c *userLinkCmd) Run(s *session) error {
	access, ctx, done, err := s.access()
	if err != nil {
		return err
	}
	defer done()
	var link auth.Link
	if c.Email == "" {
		link, err = access.FirstLink(ctx)
	} else {
		var m auth.Member
		if m, err = access.MemberByEmail(ctx, c.Email); err == nil {
			link, err = access.MemberLink(ctx, m.ID)
		}
	}
	if err != nil {
		return err
	}
	if c.JSON {
		return s.json(struct {
			Link linkJSON `json:"link"`
		}{s.linkJSON(link)})
	}
	return s.printLink(link)
}

// access opens the base for what concerns members and tokens. The caller calls done.
func (s *session) access() (access *auth.Service, ctx context.Context, done func(), err error) {
	a, err := s.open()
	if err != nil {
		return nil, nil, nil, err
	}
	return a.Auth, s.ctx, func() { a.Close() }, nil
}

// printLink writes a link on a line of its own, so that it can be copied whole.
func (s *session) printLink(l auth.Link) error {
	zone, err := s.cfg.Location()
	if err != nil {
		return err
	}
	s.line("%s", l.URL(s.cfg.URL))
	s.say("auth.cli.link_until", "time", s.text.Time(l.Expires.In(zone)))
	return nil
}

func (s *session) linkJSON(l auth.Link) linkJSON {
	return linkJSON{string(l.Purpose), l.URL(s.cfg.URL), l.Expires}
}

func memberJSONOf(m auth.Member) memberJSON {
	return memberJSON{int64(m.ID), m.Email, m.Name, m.Role.String(), m.Joined, m.CreatedAt}
}
