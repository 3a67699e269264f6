package account

import (
	"crypto/subtle"
	"net/http"

	"cadastro/internal/auth"
	"cadastro/internal/errs"
	"cadastro/internal/server/request"
	"cadastro/internal/server/session"
	"cadastro/internal/web/page"
)

// provider leads to the OpenID Connect provider. It is a link and no form, which the content security policy would not let
// lead to another host.
func (p *pages) provider(w http.ResponseWriter, r *http.Request) error {
	if p.App.OIDC == nil {
		return errs.New(errs.NotFound, "web.not_found")
	}
	address, cookie, err := p.App.OIDC.Begin(r.Context(), nextOf(r))
	if err != nil {
		return p.providerFailed(w, r, err)
	}
	session.Keep(w, r, keptOIDC, cookie, keptLife)
	session.Drop(w, r, keptLink)
	http.Redirect(w, r, address, http.StatusFound)
	return nil
}

// providerDone is where the provider sends the browser back to.
func (p *pages) providerDone(w http.ResponseWriter, r *http.Request) error {
	if p.App.OIDC == nil {
		return errs.New(errs.NotFound, "web.not_found")
	}
	flow, link := session.Kept(r, keptOIDC), session.Kept(r, keptLink)
	session.Drop(w, r, keptOIDC)
	session.Drop(w, r, keptLink)
	who, next, err := p.App.OIDC.Finish(r.Context(), flow, r.URL.Query())
	_, in := auth.From(r.Context())
	toLink := in && flow != "" && subtle.ConstantTimeCompare([]byte(flow), []byte(link)) == 1
	switch {
	case err != nil && toLink:
		return p.toAccount(w, r, "providers", err)
	case err != nil:
		return p.providerFailed(w, r, err)
	case toLink:
		return p.providerLinked(w, r, who)
	}
	entered, err := p.App.Auth.SignInIdentity(r.Context(), who, request.Client(r))
	if err != nil {
		return p.providerFailed(w, r, err)
	}
	if next == "/" {
		next = firstPage
	}
	return p.enter(w, r, entered, next)
}

// providerFailed shows the sign-in again with the reason.
func (p *pages) providerFailed(w http.ResponseWriter, r *http.Request, err error) error {
	d := p.signInData(r)
	status, err := d.refused(w, err)
	if err != nil {
		return err
	}
	return p.show.Show(w, r, status, "sign_in.html", d)
}

type providerData struct {
	page.Base
	Provider string
	Address  string
}

// providerLink begins to link the provider to the account at hand. It is a form, so that no other site can have somebody link
// an account that is not theirs; the page that it gives goes on to the provider by itself.
func (p *pages) providerLink(w http.ResponseWriter, r *http.Request) error {
	if p.App.OIDC == nil {
		return errs.New(errs.NotFound, "web.not_found")
	}
	address, cookie, err := p.App.OIDC.Begin(r.Context(), "/account")
	if err != nil {
		return p.toAccount(w, r, "providers", err)
	}
	session.Keep(w, r, keptOIDC, cookie, keptLife)
	session.Keep(w, r, keptLink, cookie, keptLife)
	d := providerData{Base: p.Base(r, "account", "web.account.provider.title"), Provider: p.App.Config.OIDC.Name, Address: address}
	d.Bare = true
	w.Header().Set("Refresh", "0;url="+address)
	return p.show.Show(w, r, http.StatusOK, "provider.html", d)
}

func (p *pages) providerLinked(w http.ResponseWriter, r *http.Request, who auth.Identity) error {
	if err := p.App.Auth.LinkIdentity(r.Context(), who); err != nil {
		return p.toAccount(w, r, "providers", err)
	}
	page.Flash(w, p.Base(r, "account", "web.account.title").T("web.account.provider.linked", "name", p.App.Config.OIDC.Name))
	return page.Redirect(w, r, "/account#providers")
}

func (p *pages) providerUnlink(w http.ResponseWriter, r *http.Request) error {
	if err := p.App.Auth.UnlinkIdentity(r.Context(), r.PostFormValue("issuer")); err != nil {
		return p.toAccount(w, r, "providers", err)
	}
	page.Flash(w, p.Base(r, "account", "web.account.title").T("web.account.provider.unlinked"))
	return page.Redirect(w, r, "/account#providers")
}
