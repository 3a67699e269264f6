package settings

import (
	"net/http"
	"slices"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/errs"
	"cadastro/internal/server/route"
)

func (p *pages) groupRoutes(t *table) {
	manage := route.Needs(auth.GroupsManage)
	t.get("/settings/groups", manage, "", p.groups)
	t.post("/settings/groups", manage, "", p.groupAdd)
	t.get("/settings/groups/{id}", manage, "group", p.group)
	t.post("/settings/groups/{id}", manage, "group", p.groupRename)
	t.post("/settings/groups/{id}/access", route.Needs(auth.GroupsRestrict), "group", p.groupAccess)
	t.post("/settings/groups/{id}/delete", manage, "group", p.groupDelete)
}

type groupsData struct {
	frame
	List []groupRow
	Name string
}

type groupRow struct {
	contact.Labelled
	Seen []string // by whom, where the group is restricted; none for admins alone
}

func (p *pages) groupsData(r *http.Request) (d groupsData, err error) {
	ctx := r.Context()
	d.frame = p.frame(r, "groups")
	list, err := p.App.Contacts.Groups(ctx, workspaceOf(r))
	if err != nil {
		return d, err
	}
	access, err := p.App.Auth.Restricted(ctx)
	if err != nil {
		return d, err
	}
	teams, err := p.App.Auth.Teams(ctx)
	if err != nil {
		return d, err
	}
	members, err := p.App.Auth.Members(ctx)
	if err != nil {
		return d, err
	}
	for _, g := range list {
		row := groupRow{Labelled: g}
		for _, t := range teams {
			if slices.Contains(access[g.ID].Teams, t.ID) {
				row.Seen = append(row.Seen, d.T("web.settings.team.one", "name", t.Name))
			}
		}
		for _, m := range members {
			if slices.Contains(access[g.ID].Members, m.ID) {
				row.Seen = append(row.Seen, m.Name)
			}
		}
		d.List = append(d.List, row)
	}
	return d, nil
}

func (p *pages) groups(w http.ResponseWriter, r *http.Request) error {
	d, err := p.groupsData(r)
	if err != nil {
		return err
	}
	d.TakeFlash(w, r)
	return p.show.Show(w, r, http.StatusOK, "groups.html", d)
}

func (p *pages) groupAdd(w http.ResponseWriter, r *http.Request) error {
	name := r.PostFormValue("name")
	n, err := p.App.Contacts.AddGroup(r.Context(), workspaceOf(r), name)
	if err == nil {
		return p.done(w, r, "/settings/groups/"+text(n), p.frame(r, "groups").T("web.settings.group.made", "name", name))
	}
	d, other := p.groupsData(r)
	if other != nil {
		return other
	}
	d.Name = name
	if err := d.Faults.Add(d.Text, "name", err); err != nil {
		return err
	}
	return p.show.Show(w, r, http.StatusUnprocessableEntity, "groups.html", d)
}

type groupData struct {
	frame
	One     contact.Labelled
	Name    string
	Access  auth.GroupAccess
	Teams   []auth.Team
	Members []auth.Member
}

// HasTeam tells whether the group is open to a team.
func (d groupData) HasTeam(t auth.TeamID) bool { return slices.Contains(d.Access.Teams, t) }

// HasMember tells whether the group is open to a member.
func (d groupData) HasMember(m auth.MemberID) bool { return slices.Contains(d.Access.Members, m) }

func (p *pages) groupData(r *http.Request) (d groupData, err error) {
	ctx := r.Context()
	n, err := id(r, "id")
	if err != nil {
		return d, err
	}
	list, err := p.App.Contacts.Groups(ctx, workspaceOf(r))
	if err != nil {
		return d, err
	}
	i := slices.IndexFunc(list, func(g contact.Labelled) bool { return g.ID == n })
	if i < 0 {
		return d, errs.New(errs.NotFound, "auth.group_unknown", "value", n)
	}
	d.frame, d.One, d.Name = p.frame(r, "groups"), list[i], list[i].Name
	if !d.May("groups.restrict") {
		return d, nil
	}
	access, err := p.App.Auth.Restricted(ctx)
	if err != nil {
		return d, err
	}
	d.Access = access[n]
	if d.Teams, err = p.App.Auth.Teams(ctx); err != nil {
		return d, err
	}
	d.Members, err = p.App.Auth.Members(ctx)
	return d, err
}

func (p *pages) group(w http.ResponseWriter, r *http.Request) error {
	d, err := p.groupData(r)
	if err != nil {
		return err
	}
	d.TakeFlash(w, r)
	return p.show.Show(w, r, http.StatusOK, "group.html", d)
}

// groupAct does something to the group that the path names and leads back to the list, or shows the group again with what was wrong.
func (p *pages) groupAct(w http.ResponseWriter, r *http.Request, field string, act func(d *groupData) (said string, err error)) error {
	d, err := p.groupData(r)
	if err != nil {
		return err
	}
	said, err := act(&d)
	if err == nil {
		return p.done(w, r, "/settings/groups", said)
	}
	if err := d.Faults.Add(d.Text, field, err); err != nil {
		return err
	}
	return p.show.Show(w, r, http.StatusUnprocessableEntity, "group.html", d)
}

func (p *pages) groupRename(w http.ResponseWriter, r *http.Request) error {
	return p.groupAct(w, r, "name", func(d *groupData) (string, error) {
		d.Name = r.PostFormValue("name")
		return d.T("web.settings.group.saved", "name", d.Name), p.App.Contacts.RenameGroup(r.Context(), workspaceOf(r), d.One.ID, d.Name)
	})
}

func (p *pages) groupAccess(w http.ResponseWriter, r *http.Request) error {
	return p.groupAct(w, r, "", func(d *groupData) (string, error) {
		if r.PostFormValue("restricted") != "1" {
			return d.T("web.settings.group.now_open", "name", d.One.Name), p.App.Auth.OpenGroup(r.Context(), d.One.ID)
		}
		return d.T("web.settings.group.now_restricted", "name", d.One.Name),
			p.App.Auth.RestrictGroup(r.Context(), d.One.ID, ids[auth.TeamID](r, "team"), ids[auth.MemberID](r, "member"))
	})
}

func (p *pages) groupDelete(w http.ResponseWriter, r *http.Request) error {
	return p.groupAct(w, r, "", func(d *groupData) (string, error) {
		return d.T("web.settings.group.deleted", "name", d.One.Name), p.App.Contacts.DeleteGroup(r.Context(), workspaceOf(r), d.One.ID)
	})
}
