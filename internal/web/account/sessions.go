package account

import (
	"net/http"
	"strings"

	"cadastro/internal/i18n"
	"cadastro/internal/server/session"
	"cadastro/internal/web/page"
)

func (p *pages) sessionEnd(w http.ResponseWriter, r *http.Request) error {
	if err := p.App.Auth.EndSession(r.Context(), r.PostFormValue("session")); err != nil {
		return err
	}
	page.Flash(w, p.Base(r, "account", "web.account.title").T("web.account.session_ended"))
	return page.Redirect(w, r, "/account#sessions")
}

func (p *pages) sessionEndAll(w http.ResponseWriter, r *http.Request) error {
	if err := p.App.Auth.SignOutEverywhere(r.Context()); err != nil {
		return err
	}
	session.Clear(w, r)
	page.Flash(w, p.Base(r, "account", "web.account.title").T("web.account.signed_out_everywhere"))
	return page.Redirect(w, r, "/sign-in")
}

// The marks by which a User-Agent header tells its program and its system. Those that claim to be others come first.
var (
	browsers = [...][2]string{{"Edg/", "Edge"}, {"EdgA/", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser/", "Samsung Internet"}, {"Firefox/", "Firefox"},
		{"FxiOS/", "Firefox"}, {"CriOS/", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}}
	systems = [...][2]string{{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"CrOS", "ChromeOS"}, {"Windows", "Windows"},
		{"Mac OS X", "macOS"}, {"Linux", "Linux"}}
)

// device tells in words what a session was opened with, as far as its User-Agent tells.
func device(text *i18n.Printer, agent string) (words string, phone bool) {
	find := func(marks [][2]string) string {
		for _, m := range marks {
			if strings.Contains(agent, m[0]) {
				return m[1]
			}
		}
		return ""
	}
	browser, system := find(browsers[:]), find(systems[:])
	phone = system == "iPhone" || system == "Android"
	switch {
	case browser != "" && system != "":
		return text.T("web.account.device", "browser", browser, "system", system), phone
	case browser != "" || system != "":
		return browser + system, phone
	}
	return text.T("web.account.device_unknown"), phone
}
