package page

import (
	"net/http"

	"cadastro/internal/auth/oidc"
	"cadastro/internal/i18n"
	"cadastro/internal/server/route"
)

// Routes gives what the frame itself needs.
func (k *Kit) Routes() []route.Route {
	return []route.Route{
		k.Assets.Route(),
		{Method: http.MethodPost, Pattern: "/language", Access: route.Public(), Handler: k.Handle(k.setLanguage)},
	}
}

// setLanguage keeps the language for those who are not signed in; members have theirs on the account page.
func (k *Kit) setLanguage(w http.ResponseWriter, r *http.Request) error {
	lang := i18n.Match(r.PostFormValue("lang"))
	http.SetCookie(w, &http.Cookie{Name: languageCookie, Value: string(lang), Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	return Redirect(w, r, Local(r.PostFormValue("next")))
}

// Local gives a path of this server that a form or a query names as where to go on: "/" where it leads anywhere else.
func Local(path string) string { return oidc.LocalPath(path) }
