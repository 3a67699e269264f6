package account

import (
	"net/http"

	"cadastro/internal/auth"
	"cadastro/internal/errs"
	"cadastro/internal/server/request"
	"cadastro/internal/web/page"
)

// secondData is the page of the second factor. It is shown in four states: off, waiting for the first code, on, and with the
// recovery codes, which are shown this once.
type secondData struct {
	page.Base
	Self    auth.Self
	Waiting bool
	Secret  string // to be typed, "" where it was shown already
	Drawing drawing
	Codes   []string
}

func (p *pages) secondData(r *http.Request) (secondData, error) {
	d := secondData{Base: p.Base(r, "account", "web.account.second.title")}
	var err error
	d.Self, err = p.App.Auth.Self(r.Context())
	return d, err
}

func (p *pages) second(w http.ResponseWriter, r *http.Request) error {
	d, err := p.secondData(r)
	if err != nil {
		return err
	}
	d.TakeFlash(w, r)
	return p.show.Show(w, r, http.StatusOK, "second.html", d)
}

// secondStart shows the secret. It answers the form with the page itself: the secret is in no address and is not shown again.
func (p *pages) secondStart(w http.ResponseWriter, r *http.Request) error {
	e, err := p.App.Auth.StartTOTP(r.Context(), r.PostFormValue("password"), request.Client(r))
	if err != nil {
		if errs.CodeOf(err) == "auth.wrong_credentials" {
			err = errs.New(errs.Invalid, "account.password_wrong")
		}
		return p.secondAgain(w, r, "password", false, err)
	}
	d, err := p.secondData(r)
	if err != nil {
		return err
	}
	if d.Drawing, err = draw(e.URI); err != nil {
		return err
	}
	d.Waiting, d.Secret = true, inFours(e.Secret)
	return p.show.Show(w, r, http.StatusOK, "second.html", d)
}

func (p *pages) secondConfirm(w http.ResponseWriter, r *http.Request) error {
	codes, err := p.App.Auth.ConfirmTOTP(r.Context(), r.PostFormValue("code"))
	if err != nil {
		return p.secondAgain(w, r, "code", errs.KindOf(err) != errs.Conflict, err)
	}
	return p.secondCodesShown(w, r, codes)
}

func (p *pages) secondCodes(w http.ResponseWriter, r *http.Request) error {
	codes, err := p.App.Auth.NewRecoveryCodes(r.Context(), r.PostFormValue("code-new"))
	if err != nil {
		return p.secondAgain(w, r, "code-new", false, err)
	}
	return p.secondCodesShown(w, r, codes)
}

func (p *pages) secondStop(w http.ResponseWriter, r *http.Request) error {
	if err := p.App.Auth.StopTOTP(r.Context(), r.PostFormValue("code-stop")); err != nil {
		return p.secondAgain(w, r, "code-stop", false, err)
	}
	page.Flash(w, p.Base(r, "account", "web.account.title").T("web.account.second.stopped"))
	return page.Redirect(w, r, "/account")
}

func (p *pages) secondCodesShown(w http.ResponseWriter, r *http.Request, codes []string) error {
	d, err := p.secondData(r)
	if err != nil {
		return err
	}
	d.Codes = codes
	return p.show.Show(w, r, http.StatusOK, "second.html", d)
}

// secondAgain shows the page with what was wrong with a field.
func (p *pages) secondAgain(w http.ResponseWriter, r *http.Request, field string, waiting bool, wrong error) error {
	d, err := p.secondData(r)
	if err != nil {
		return err
	}
	d.Waiting = waiting
	if err := d.Faults.Add(d.Text, field, wrong); err != nil {
		return err
	}
	return p.show.Show(w, r, http.StatusUnprocessableEntity, "second.html", d)
}
