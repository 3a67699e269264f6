package account

import (
	"net/http"
	"strconv"

	"cadastro/internal/auth"
	"cadastro/internal/errs"
	"cadastro/internal/i18n"
	"cadastro/internal/server/request"
	"cadastro/internal/server/session"
	"cadastro/internal/web/page"
)

type accountData struct {
	page.Base
	Self      auth.Self
	Prefs     auth.Preferences // as they stand in the form
	Sessions  []openSession
	Provider  string // name of the one in the settings, "" for none
	Linked    []linked
	CanLink   bool
	Languages []page.Option
	Themes    []page.Option
	Zones     []string
	Notes     map[string]string // what went wrong, by section
	Elsewhere bool              // there are other workspaces to go to
}

// linked is a provider that signs the person in.
type linked struct {
	Name string
	auth.LinkedIdentity
}

// openSession is a session as the list shows it.
type openSession struct {
	auth.Session
	Device string // browser and system in words
	Phone  bool
	Where  string // name of the workspace, "" for the one at hand
}

func (p *pages) account(w http.ResponseWriter, r *http.Request) error {
	d, err := p.accountData(r)
	if err != nil {
		return err
	}
	d.TakeFlash(w, r)
	return p.show.Show(w, r, http.StatusOK, "account.html", d)
}

func (p *pages) accountPost(w http.ResponseWriter, r *http.Request) error {
	to := auth.Preferences{Name: r.PostFormValue("name"), Language: r.PostFormValue("language"), TimeZone: r.PostFormValue("time_zone"),
		KeysOff: r.PostFormValue("keys") == ""}
	if err := p.App.Auth.SetPreferences(r.Context(), to); err != nil {
		d, other := p.accountData(r)
		if other != nil {
			return other
		}
		d.Prefs = to
		d.Languages = languages(i18n.Lang(to.Language))
		field := map[string]string{"auth.name_bad": "name", "auth.time_zone_unknown": "time_zone"}[errs.CodeOf(err)]
		if err := d.Faults.Add(d.Text, field, err); err != nil {
			return err
		}
		return p.show.Show(w, r, http.StatusUnprocessableEntity, "account.html", d)
	}
	if theme, sent := r.PostForm["theme"]; sent {
		page.SetTheme(w, r, theme[0])
	}
	page.Flash(w, p.App.Texts.Printer(i18n.Match(to.Language)).T("web.account.saved"))
	return page.Redirect(w, r, "/account")
}

// toAccount shows the account with what went wrong in one of its sections.
func (p *pages) toAccount(w http.ResponseWriter, r *http.Request, section string, wrong error) error {
	d, err := p.accountData(r)
	if err != nil {
		return err
	}
	note := door{Base: d.Base}
	status, err := note.refused(w, wrong)
	if err != nil {
		return err
	}
	d.Notes[section] = note.Note
	return p.show.Show(w, r, status, "account.html", d)
}

func (p *pages) switchWorkspace(w http.ResponseWriter, r *http.Request) error {
	id, err := strconv.ParseInt(r.PostFormValue("workspace"), 10, 64)
	if err != nil {
		return errs.New(errs.NotFound, "web.not_found")
	}
	in, err := p.App.Auth.Switch(r.Context(), id, request.Client(r))
	if err != nil {
		return err
	}
	session.Set(w, r, in.Session)
	return page.Redirect(w, r, firstPage)
}

func (p *pages) accountData(r *http.Request) (accountData, error) {
	ctx := r.Context()
	d := accountData{Base: p.Base(r, "account", "web.account.title"), Zones: page.Zones(), Notes: map[string]string{}}
	var err error
	if d.Self, err = p.App.Auth.Self(ctx); err != nil {
		return d, err
	}
	d.Prefs = d.Self.Preferences
	d.Languages = languages(i18n.Lang(d.Prefs.Language))
	for _, t := range []string{"", "light", "dark"} {
		d.Themes = append(d.Themes, page.Option{Value: t, Text: d.T("web.account.theme." + themeWord(t)), On: t == d.Theme})
	}
	names := map[int64]string{}
	for _, w := range d.Self.Workspaces {
		names[w.ID] = w.Name
	}
	d.Elsewhere = len(names) > 1
	if p.App.OIDC != nil {
		d.Provider, d.CanLink = p.App.Config.OIDC.Name, true
	}
	for _, i := range d.Self.Identities {
		one := linked{i.Issuer, i}
		if d.Provider != "" && i.Issuer == p.App.Config.OIDC.Issuer {
			one.Name, d.CanLink = d.Provider, false
		}
		d.Linked = append(d.Linked, one)
	}
	who, _ := auth.From(ctx)
	list, err := p.App.Auth.Sessions(ctx)
	for _, s := range list {
		o := openSession{Session: s}
		o.Device, o.Phone = device(d.Text, s.Client.UserAgent)
		if s.Workspace != who.Workspace {
			o.Where = names[s.Workspace]
		}
		d.Sessions = append(d.Sessions, o)
	}
	return d, err
}

func themeWord(t string) string {
	if t == "" {
		return "system"
	}
	return t
}
