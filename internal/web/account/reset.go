package account

import (
	"net/http"
	"time"

	"cadastro/internal/errs"
	"cadastro/internal/notify"
	"cadastro/internal/server/request"
	"cadastro/internal/web/page"
)

// resetTakes is how long the answer to a request for a reset takes, whoever has the address: longer than the writing of a mail.
const resetTakes = 400 * time.Millisecond

type resetData struct {
	door
	Email   string
	Sent    bool
	CanMail bool // where no mails are sent, an administrator gives the link
	Minutes int
}

func (p *pages) resetData(r *http.Request) resetData {
	return resetData{door: p.door(r, "web.account.reset.title"), Email: r.PostFormValue("email"), Sent: r.URL.Query().Get("sent") != "",
		CanMail: p.App.Notify.CanMail(), Minutes: int(p.App.Auth.ResetLife() / time.Minute)}
}

func (p *pages) reset(w http.ResponseWriter, r *http.Request) error {
	return p.show.Show(w, r, http.StatusOK, "reset.html", p.resetData(r))
}

// resetPost says the same for every address, and says it after the same time.
func (p *pages) resetPost(w http.ResponseWriter, r *http.Request) error {
	d := p.resetData(r)
	if !d.CanMail {
		return page.Redirect(w, r, "/reset")
	}
	until := p.now().Add(resetTakes)
	found, ok, err := p.App.Auth.RequestReset(r.Context(), d.Email, request.Client(r))
	if err == nil && ok {
		err = p.App.Notify.ForgotPassword(r.Context(), notify.Forgot{Name: found.Name, Email: found.Email, Language: found.Language,
			Link: found.Link.URL(p.App.Config.URL), Life: p.App.Auth.ResetLife()})
		p.App.Jobs.Wake()
	}
	if errs.KindOf(err) == errs.Invalid && err != nil {
		if err := d.Faults.Add(d.Text, "email", err); err != nil {
			return err
		}
		return p.show.Show(w, r, http.StatusUnprocessableEntity, "reset.html", d)
	}
	if err != nil {
		return err
	}
	p.wait(until)
	return page.Redirect(w, r, "/reset?sent=1")
}
