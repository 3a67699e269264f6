package account

import (
	"net/http"

	"cadastro/internal/auth"
	"cadastro/internal/errs"
	"cadastro/internal/i18n"
	"cadastro/internal/server/request"
	"cadastro/internal/server/session"
	"cadastro/internal/web/page"
)

type linkData struct {
	door
	Info    auth.LinkInfo
	Dead    string // why the link does not work
	Where   string // name of the workspace
	Name    string
	Email   string
	Own     bool   // the person who is signed in is the one who is invited
	OwnMail string // of who is signed in, as another
	Options []page.Option
}

func (p *pages) link(w http.ResponseWriter, r *http.Request) error {
	d, err := p.linkData(r)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if d.Dead != "" {
		status = http.StatusNotFound
	}
	return p.show.Show(w, r, status, "link.html", d)
}

func (p *pages) linkPost(w http.ResponseWriter, r *http.Request) error {
	to := auth.Redeem{Password: r.PostFormValue("password"), Name: r.PostFormValue("name"), Email: r.PostFormValue("email"), Language: r.PostFormValue("language")}
	in, err := p.App.Auth.Redeem(r.Context(), r.PathValue("secret"), to, request.Client(r))
	if err == nil {
		return p.enter(w, r, in, firstPage)
	}
	return p.linkAgain(w, r, err)
}

// linkJoin takes up an invitation as who is signed in.
func (p *pages) linkJoin(w http.ResponseWriter, r *http.Request) error {
	in, err := p.App.Auth.Join(r.Context(), r.PathValue("secret"), request.Client(r))
	if err == nil {
		session.Set(w, r, in.Session)
		return page.Redirect(w, r, firstPage)
	}
	return p.linkAgain(w, r, err)
}

// linkAgain shows the page of a link again with what was wrong.
func (p *pages) linkAgain(w http.ResponseWriter, r *http.Request, wrong error) error {
	d, err := p.linkData(r)
	if err != nil {
		return err
	}
	if d.Dead != "" {
		return p.show.Show(w, r, http.StatusNotFound, "link.html", d)
	}
	field := ""
	switch errs.CodeOf(wrong) {
	case "auth.password_short", "auth.password_long", "auth.password_simple", "auth.wrong_credentials":
		field = "password"
	case "auth.email_bad", "auth.member_exists":
		field = "email"
	case "auth.name_bad":
		field = "name"
	}
	if field == "" {
		status, err := d.refused(w, wrong)
		if err != nil {
			return err
		}
		return p.show.Show(w, r, status, "link.html", d)
	}
	if err := d.Faults.Add(d.Text, field, wrong); err != nil {
		return err
	}
	return p.show.Show(w, r, http.StatusUnprocessableEntity, "link.html", d)
}

func (p *pages) linkData(r *http.Request) (linkData, error) {
	ctx := r.Context()
	d := linkData{door: p.door(r, "web.account.link.title"), Name: r.PostFormValue("name"), Email: r.PostFormValue("email")}
	info, err := p.App.Auth.LinkInfo(ctx, r.PathValue("secret"))
	switch errs.KindOf(err) {
	case errs.NotFound, errs.Conflict:
		if err != nil {
			d.Dead = d.Text.Error(err)
			return d, nil
		}
	}
	if err != nil {
		return d, err
	}
	d.Info = info
	if info.Purpose != auth.PurposeReset {
		if d.Where, err = p.App.WorkspaceName(ctx, info.Workspace); err != nil {
			return d, err
		}
	}
	if d.SignedIn && info.Purpose == auth.PurposeInvite {
		self, err := p.App.Auth.Self(ctx)
		if err != nil {
			return d, err
		}
		if d.Own = self.Email == info.Email; !d.Own {
			d.OwnMail = self.Email
		}
	}
	chosen := i18n.Lang(r.PostFormValue("language"))
	if chosen == "" {
		chosen = d.Lang
	}
	d.Options = languages(chosen)
	return d, nil
}

// languages are the choices of a language, each in its own words.
func languages(chosen i18n.Lang) []page.Option {
	var list []page.Option
	for _, l := range i18n.Langs() {
		list = append(list, page.Option{Value: string(l), Text: l.Name(), On: l == chosen})
	}
	return list
}
