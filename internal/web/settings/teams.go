package settings

import (
	"net/http"
	"slices"

	"cadastro/internal/auth"
	"cadastro/internal/errs"
	"cadastro/internal/server/route"
)

func (p *pages) teamRoutes(t *table) {
	manage := route.Needs(auth.MembersManage)
	t.get("/settings/teams", route.Needs(auth.MembersRead), "", p.teams)
	t.post("/settings/teams", manage, "", p.teamAdd)
	t.get("/settings/teams/{id}", manage, "team", p.team)
	t.post("/settings/teams/{id}", manage, "team", p.teamSet)
	t.post("/settings/teams/{id}/remove", manage, "team", p.teamRemove)
}

type teamsData struct {
	frame
	List []teamRow
	Name string
}

type teamRow struct {
	auth.Team
	Names []string // of its members
}

func (p *pages) teamsData(r *http.Request) (d teamsData, err error) {
	d.frame = p.frame(r, "teams")
	teams, err := p.App.Auth.Teams(r.Context())
	if err != nil {
		return d, err
	}
	members, err := p.App.Auth.Members(r.Context())
	if err != nil {
		return d, err
	}
	for _, t := range teams {
		row := teamRow{Team: t}
		for _, m := range members {
			if slices.Contains(t.Members, m.ID) {
				row.Names = append(row.Names, m.Name)
			}
		}
		d.List = append(d.List, row)
	}
	return d, nil
}

func (p *pages) teams(w http.ResponseWriter, r *http.Request) error {
	d, err := p.teamsData(r)
	if err != nil {
		return err
	}
	d.TakeFlash(w, r)
	return p.show.Show(w, r, http.StatusOK, "teams.html", d)
}

func (p *pages) teamAdd(w http.ResponseWriter, r *http.Request) error {
	t, err := p.App.Auth.AddTeam(r.Context(), r.PostFormValue("name"))
	if err == nil {
		return p.done(w, r, "/settings/teams/"+text(int64(t.ID)), p.frame(r, "teams").T("web.settings.team.made", "name", t.Name))
	}
	d, other := p.teamsData(r)
	if other != nil {
		return other
	}
	d.Name = r.PostFormValue("name")
	if err := d.Faults.Add(d.Text, "name", err); err != nil {
		return err
	}
	return p.show.Show(w, r, http.StatusUnprocessableEntity, "teams.html", d)
}

type teamData struct {
	frame
	Team auth.Team
	List []auth.Member
}

// In tells whether a member is in the team.
func (d teamData) In(m auth.MemberID) bool { return slices.Contains(d.Team.Members, m) }

func (p *pages) teamData(r *http.Request) (d teamData, err error) {
	n, err := id(r, "id")
	if err != nil {
		return d, err
	}
	list, err := p.App.Auth.Teams(r.Context())
	if err != nil {
		return d, err
	}
	i := slices.IndexFunc(list, func(t auth.Team) bool { return t.ID == auth.TeamID(n) })
	if i < 0 {
		return d, errs.New(errs.NotFound, "auth.team_unknown", "value", n)
	}
	d.frame, d.Team = p.frame(r, "teams"), list[i]
	d.List, err = p.App.Auth.Members(r.Context())
	return d, err
}

func (p *pages) team(w http.ResponseWriter, r *http.Request) error {
	d, err := p.teamData(r)
	if err != nil {
		return err
	}
	d.TakeFlash(w, r)
	return p.show.Show(w, r, http.StatusOK, "team.html", d)
}

func (p *pages) teamSet(w http.ResponseWriter, r *http.Request) error {
	d, err := p.teamData(r)
	if err != nil {
		return err
	}
	name := r.PostFormValue("name")
	if err := p.App.Auth.SetTeam(r.Context(), d.Team.ID, name, ids[auth.MemberID](r, "member")); err != nil {
		d.Team.Name, d.Team.Members = name, ids[auth.MemberID](r, "member")
		if err := d.Faults.Add(d.Text, "name", err); err != nil {
			return err
		}
		return p.show.Show(w, r, http.StatusUnprocessableEntity, "team.html", d)
	}
	return p.done(w, r, "/settings/teams", d.T("web.settings.team.saved", "name", name))
}

func (p *pages) teamRemove(w http.ResponseWriter, r *http.Request) error {
	d, err := p.teamData(r)
	if err != nil {
		return err
	}
	if err := p.App.Auth.RemoveTeam(r.Context(), d.Team.ID); err != nil {
		return err
	}
	return p.done(w, r, "/settings/teams", d.T("web.settings.team.removed", "name", d.Team.Name))
}
