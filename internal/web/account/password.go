package account

import (
	"net/http"

	"cadastro/internal/errs"
	"cadastro/internal/server/request"
	"cadastro/internal/server/session"
	"cadastro/internal/web/page"
)

type passwordData struct {
	page.Base
	Email       string
	HasPassword bool
}

func (p *pages) passwordData(r *http.Request) (passwordData, error) {
	d := passwordData{Base: p.Base(r, "account", "web.account.password.title")}
	self, err := p.App.Auth.Self(r.Context())
	d.Email, d.HasPassword = self.Email, self.HasPassword
	return d, err
}

func (p *pages) password(w http.ResponseWriter, r *http.Request) error {
	d, err := p.passwordData(r)
	if err != nil {
		return err
	}
	return p.show.Show(w, r, http.StatusOK, "password.html", d)
}

func (p *pages) passwordPost(w http.ResponseWriter, r *http.Request) error {
	in, err := p.App.Auth.ChangePassword(r.Context(), r.PostFormValue("old"), r.PostFormValue("password"), request.Client(r))
	if err != nil {
		d, other := p.passwordData(r)
		if other != nil {
			return other
		}
		field := "password"
		if code := errs.CodeOf(err); code == "auth.wrong_credentials" || code == "auth.too_many_tries" {
			field = "old"
		}
		if errs.CodeOf(err) == "auth.wrong_credentials" {
			err = errs.New(errs.Invalid, "account.password_wrong")
		}
		if err := d.Faults.Add(d.Text, field, err); err != nil {
			return err
		}
		return p.show.Show(w, r, http.StatusUnprocessableEntity, "password.html", d)
	}
	session.Set(w, r, in.Session)
	page.Flash(w, p.Base(r, "account", "web.account.title").T("web.account.password.changed"))
	return page.Redirect(w, r, "/account")
}
