package settings

import (
	"context"
	"net/http"
	"net/url"

	"cadastro/internal/auth"
	"cadastro/internal/errs"
	"cadastro/internal/i18n"
	"cadastro/internal/notify"
	"cadastro/internal/server/route"
	"cadastro/internal/web/page"
)

func (p *pages) memberRoutes(t *table) {
	read, manage := route.Needs(auth.MembersRead), route.Needs(auth.MembersManage)
	t.get("/settings/members", read, "", p.members)
	t.post("/settings/members", manage, "", p.memberInvite)
	t.get("/settings/members/new", manage, "", p.memberNew)
	t.get("/settings/members/{id}", manage, "member", p.member)
	t.post("/settings/members/{id}/role", manage, "member", p.memberRole)
	t.post("/settings/members/{id}/link", manage, "member", p.memberLink)
	t.post("/settings/members/{id}/second", manage, "member", p.memberSecond)
	t.post("/settings/members/{id}/remove", manage, "member", p.memberRemove)
}

type membersData struct {
	frame
	List   []auth.Member
	Matrix []power
	Made   *madeLink
}

// power is a line of the table of what each role may.
type power struct {
	Text                  string
	Admin, Manager, Agent bool
}

// madeLink is a link that is shown this once.
type madeLink struct {
	Email  string
	URL    string
	Until  string
	Mailed bool
	Reset  bool // it sets a password; else it is an invitation
}

func (p *pages) members(w http.ResponseWriter, r *http.Request) error {
	d, err := p.membersData(r)
	if err != nil {
		return err
	}
	d.TakeFlash(w, r)
	return p.show.Show(w, r, http.StatusOK, "members.html", d)
}

func (p *pages) membersData(r *http.Request) (d membersData, err error) {
	d.frame = p.frame(r, "members")
	if d.List, err = p.App.Auth.Members(r.Context()); err != nil {
		return d, err
	}
	for _, row := range []struct {
		text string
		all  []auth.Permission
	}{
		{d.T("web.settings.power.contacts"), []auth.Permission{auth.ContactsRead, auth.ContactsWrite}},
		{d.T("web.settings.power.delete"), []auth.Permission{auth.ContactsDelete, auth.ContactsMerge}},
		{d.T("web.settings.power.move"), []auth.Permission{auth.ImportsRun, auth.ExportsRun}},
		{d.T("web.settings.power.labels"), []auth.Permission{auth.TagsManage, auth.GroupsManage}},
		{d.T("web.settings.power.restricted"), []auth.Permission{auth.GroupsRestrict}},
		{d.T("web.settings.power.erase"), []auth.Permission{auth.ContactsErase}},
		{d.T("web.settings.power.settings"), []auth.Permission{auth.MembersManage, auth.FieldsManage, auth.TokensManage, auth.SettingsManage}},
	} {
		may := func(role auth.Role) bool {
			for _, one := range row.all {
				if !role.May(one) {
					return false
				}
			}
			return true
		}
		d.Matrix = append(d.Matrix, power{row.text, may(auth.Admin), may(auth.Manager), may(auth.Agent)})
	}
	return d, nil
}

type memberNewData struct {
	frame
	Name, Email     string
	Roles, Language []page.Option
	CanMail         bool
}

func (p *pages) memberNewData(r *http.Request) (memberNewData, error) {
	d := memberNewData{frame: p.frame(r, "members"), Name: r.PostFormValue("name"), Email: r.PostFormValue("email"), CanMail: p.App.Notify.CanMail()}
	set, err := p.App.Workspaces.Get(r.Context(), workspaceOf(r))
	if err != nil {
		return d, err
	}
	lang := set.Language
	if chosen := r.PostFormValue("language"); chosen != "" {
		lang = chosen
	}
	for _, l := range i18n.Langs() {
		d.Language = append(d.Language, page.Option{Value: string(l), Text: l.Name(), On: string(l) == lang})
	}
	d.Roles = roles(&d.Base, r.PostFormValue("role"))
	return d, nil
}

// roles are the choices of a role, the least first.
func roles(b *page.Base, chosen string) []page.Option {
	var list []page.Option
	for _, role := range auth.Roles() {
		list = append(list, page.Option{Value: role.String(), Text: b.T("web.role." + role.String()), On: role.String() == chosen})
	}
	return list
}

func (p *pages) memberNew(w http.ResponseWriter, r *http.Request) error {
	d, err := p.memberNewData(r)
	if err != nil {
		return err
	}
	return p.show.Show(w, r, http.StatusOK, "member_new.html", d)
}

func (p *pages) memberInvite(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	role, err := auth.ParseRole(r.PostFormValue("role"))
	field := "role"
	if err == nil {
		var m auth.Member
		var link auth.Link
		m, link, err = p.App.Auth.AddMember(ctx, auth.NewMember{Email: r.PostFormValue("email"), Name: r.PostFormValue("name"), Role: role, Language: r.PostFormValue("language")})
		if err == nil {
			return p.linkMade(w, r, m, link)
		}
		field = map[string]string{"auth.email_bad": "email", "auth.member_exists": "email", "auth.name_bad": "name"}[errs.CodeOf(err)]
	}
	d, other := p.memberNewData(r)
	if other != nil {
		return other
	}
	if err := d.Faults.Add(d.Text, field, err); err != nil {
		return err
	}
	return p.show.Show(w, r, http.StatusUnprocessableEntity, "member_new.html", d)
}

// linkMade sends a link and shows it, this once, so that it can be handed over in another way too.
func (p *pages) linkMade(w http.ResponseWriter, r *http.Request, m auth.Member, link auth.Link) error {
	d, err := p.membersData(r)
	if err != nil {
		return err
	}
	d.Made = &madeLink{Email: m.Email, URL: link.URL(p.App.Config.URL), Until: d.Moment(link.Expires), Reset: link.Purpose == auth.PurposeReset}
	if p.App.Notify.CanMail() {
		if err := p.mailLink(r.Context(), &d, m, link); err != nil {
			return err
		}
		d.Made.Mailed = true
	}
	return p.show.Show(w, r, http.StatusOK, "members.html", d)
}

func (p *pages) mailLink(ctx context.Context, d *membersData, m auth.Member, link auth.Link) error {
	defer p.App.Jobs.Wake()
	if d.Made.Reset {
		return p.App.Notify.ForgotPassword(ctx, notify.Forgot{Name: m.Name, Email: m.Email, Language: m.Language, Link: d.Made.URL, Life: p.App.Auth.ResetLife()})
	}
	return p.App.Notify.Invite(ctx, notify.Invited{Workspace: workspaceIn(ctx), WorkspaceName: d.Workspace, Name: m.Name, Email: m.Email, Language: m.Language,
		By: d.Me.Name, Link: d.Made.URL, Until: link.Expires.In(d.Zone())})
}

func workspaceIn(ctx context.Context) int64 {
	who, _ := auth.From(ctx)
	return who.Workspace
}

type memberData struct {
	frame
	Member auth.Member
	Roles  []page.Option
	Self   bool // it is who is signed in
}

func (p *pages) member(w http.ResponseWriter, r *http.Request) error {
	d, err := p.memberData(r)
	if err != nil {
		return err
	}
	return p.show.Show(w, r, http.StatusOK, "member.html", d)
}

func (p *pages) memberData(r *http.Request) (d memberData, err error) {
	n, err := id(r, "id")
	if err != nil {
		return d, err
	}
	list, err := p.App.Auth.Members(r.Context())
	if err != nil {
		return d, err
	}
	d.frame = p.frame(r, "members")
	who, _ := auth.From(r.Context())
	for _, m := range list {
		if m.ID == auth.MemberID(n) {
			d.Member, d.Self = m, m.ID == who.Member
			d.Roles = roles(&d.Base, m.Role.String())
			return d, nil
		}
	}
	return d, errs.New(errs.NotFound, "auth.member_unknown", "value", n)
}

// memberAct does something to a member and leads back to the list, or shows the member's page with what was wrong.
func (p *pages) memberAct(w http.ResponseWriter, r *http.Request, act func(ctx context.Context, d *memberData) (said string, err error)) error {
	d, err := p.memberData(r)
	if err != nil {
		return err
	}
	said, err := act(r.Context(), &d)
	if err == nil {
		return p.done(w, r, "/settings/members", said)
	}
	if errs.KindOf(err) == errs.Forbidden { // auth.other_workspaces: it tells what to do instead
		d.Faults = append(d.Faults, page.Fault{Text: d.Text.Error(err)})
	} else if err := d.Faults.Add(d.Text, "", err); err != nil {
		return err
	}
	return p.show.Show(w, r, http.StatusUnprocessableEntity, "member.html", d)
}

func (p *pages) memberRole(w http.ResponseWriter, r *http.Request) error {
	return p.memberAct(w, r, func(ctx context.Context, d *memberData) (string, error) {
		role, err := auth.ParseRole(r.PostFormValue("role"))
		if err == nil {
			err = p.App.Auth.SetRole(ctx, d.Member.ID, role)
		}
		return d.T("web.settings.member.role_set", "name", d.Member.Name, "role", d.T("web.role."+role.String())), err
	})
}

func (p *pages) memberLink(w http.ResponseWriter, r *http.Request) error {
	d, err := p.memberData(r)
	if err != nil {
		return err
	}
	link, err := p.App.Auth.MemberLink(r.Context(), d.Member.ID)
	if err != nil {
		return p.memberAct(w, r, func(context.Context, *memberData) (string, error) { return "", err })
	}
	return p.linkMade(w, r, d.Member, link)
}

func (p *pages) memberSecond(w http.ResponseWriter, r *http.Request) error {
	return p.memberAct(w, r, func(ctx context.Context, d *memberData) (string, error) {
		return d.T("web.settings.member.second_dropped", "name", d.Member.Name), p.App.Auth.DropSecond(ctx, d.Member.ID)
	})
}

func (p *pages) memberRemove(w http.ResponseWriter, r *http.Request) error {
	d, err := p.memberData(r)
	if err != nil {
		return err
	}
	if d.Self {
		if err := p.App.Auth.RemoveMember(r.Context(), d.Member.ID); err == nil {
			return page.Redirect(w, r, "/sign-in?next="+url.QueryEscape("/settings/members"))
		}
	}
	return p.memberAct(w, r, func(ctx context.Context, d *memberData) (string, error) {
		return d.T("web.settings.member.removed", "name", d.Member.Name), p.App.Auth.RemoveMember(ctx, d.Member.ID)
	})
}
