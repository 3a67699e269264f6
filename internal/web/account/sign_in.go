package account

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"cadastro/internal/auth"
	"cadastro/internal/errs"
	"cadastro/internal/server/request"
	"cadastro/internal/server/session"
	"cadastro/internal/web/page"
)

type signInData struct {
	door
	Email    string
	Provider string // name on the button, "" for none
}

func (p *pages) signInData(r *http.Request) signInData {
	d := signInData{door: p.door(r, "web.account.sign_in.title"), Email: r.PostFormValue("email")}
	if p.App.OIDC != nil {
		d.Provider = p.App.Config.OIDC.Name
	}
	return d
}

func (p *pages) signIn(w http.ResponseWriter, r *http.Request) error {
	if _, ok := auth.From(r.Context()); ok {
		return page.Redirect(w, r, nextOf(r))
	}
	d := p.signInData(r)
	d.TakeFlash(w, r)
	return p.show.Show(w, r, http.StatusOK, "sign_in.html", d)
}

func (p *pages) signInPost(w http.ResponseWriter, r *http.Request) error {
	in, err := p.App.Auth.SignIn(r.Context(), r.PostFormValue("email"), r.PostFormValue("password"), request.Client(r))
	if err != nil {
		d := p.signInData(r)
		status, err := d.refused(w, err)
		if err != nil {
			return err
		}
		return p.show.Show(w, r, status, "sign_in.html", d)
	}
	return p.enter(w, r, in, nextOf(r))
}

func (p *pages) signOut(w http.ResponseWriter, r *http.Request) error {
	if err := p.App.Auth.SignOut(r.Context()); err != nil {
		return err
	}
	session.Clear(w, r)
	page.Flash(w, p.Base(r, "", "web.account.sign_in.title").T("web.account.signed_out"))
	return page.Redirect(w, r, "/sign-in")
}

func (p *pages) secondStep(w http.ResponseWriter, r *http.Request) error {
	if session.Kept(r, keptSecond) == "" {
		return page.Redirect(w, r, "/sign-in?next="+url.QueryEscape(nextOf(r)))
	}
	return p.show.Show(w, r, http.StatusOK, "second_step.html", p.door(r, "web.account.second_step.title"))
}

func (p *pages) secondStepPost(w http.ResponseWriter, r *http.Request) error {
	in, err := p.App.Auth.SecondStep(r.Context(), session.Kept(r, keptSecond), r.PostFormValue("code"), request.Client(r))
	if err == nil {
		return p.enter(w, r, in, nextOf(r))
	}
	d := p.door(r, "web.account.second_step.title")
	if errs.KindOf(err) == errs.NotFound { // the first step is too long ago
		session.Drop(w, r, keptSecond)
		page.Flash(w, d.T("web.account.second_step.over"))
		return page.Redirect(w, r, "/sign-in?next="+url.QueryEscape(d.Next))
	}
	status, err := d.refused(w, err)
	if err != nil {
		return err
	}
	return p.show.Show(w, r, status, "second_step.html", d)
}

// waitOf gives the seconds that an error says to wait, "" where it says none.
func waitOf(err error) string {
	e, ok := errors.AsType[*errs.Error](err)
	if !ok || e.Args["seconds"] == nil {
		return ""
	}
	return fmt.Sprint(e.Args["seconds"])
}
