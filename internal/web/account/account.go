// Package account is the pages by which people get in, and the page of one's own account: sign-in with its second step, one-time
// links, OpenID Connect, password, sessions, second factor.
//
// What a page says to somebody who is not signed in gives nothing away: whether an address has an account, which of e-mail and
// password was wrong, and what a dead link was for stay unsaid.
package account

import (
	"embed"
	"net/http"
	"net/url"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/errs"
	"cadastro/internal/server/route"
	"cadastro/internal/server/session"
	"cadastro/internal/web/page"
)

//go:embed templates/*.html
var templates embed.FS

// firstPage is where a person lands who came for no page in particular.
const firstPage = "/contacts"

// What is kept in cookies between two pages of a sign-in, and for how long.
const (
	keptSecond = "second"    // secret of the second step
	keptOIDC   = "oidc"      // secret of the flow that is away at the provider
	keptLink   = "oidc-link" // the same, where the flow is to link the provider to the account at hand

	keptLife = 10 * time.Minute
)

type pages struct {
	*page.Kit
	show *page.Pages
	now  func() time.Time
	wait func(until time.Time) // for a moment, see resetPost
}

// Routes gives the part of the route table that these pages are.
func Routes(k *page.Kit) ([]route.Route, error) {
	show, err := k.Pages(templates, "templates")
	if err != nil {
		return nil, err
	}
	p := &pages{Kit: k, show: show, now: time.Now, wait: func(until time.Time) { time.Sleep(time.Until(until)) }}
	var list []route.Route
	add := func(access route.Access, method, pattern string, h page.Handler) {
		list = append(list, route.Route{Method: method, Pattern: pattern, Access: access, Handler: k.Handle(h)})
	}
	const get, post = http.MethodGet, http.MethodPost
	anybody, person := route.Public(), route.Person()
	add(anybody, get, "/sign-in", p.signIn)
	add(anybody, post, "/sign-in", p.signInPost)
	add(anybody, get, "/sign-in/second", p.secondStep)
	add(anybody, post, "/sign-in/second", p.secondStepPost)
	add(anybody, get, "/sign-in/oidc", p.provider)
	add(anybody, get, "/sign-in/oidc/done", p.providerDone)
	add(person, post, "/sign-out", p.signOut)
	add(anybody, get, "/reset", p.reset)
	add(anybody, post, "/reset", p.resetPost)
	add(anybody, get, "/link/{secret}", p.link)
	add(anybody, post, "/link/{secret}", p.linkPost)
	add(person, post, "/link/{secret}/join", p.linkJoin)

	add(person, get, "/account", p.account)
	add(person, post, "/account", p.accountPost)
	add(person, get, "/account/password", p.password)
	add(person, post, "/account/password", p.passwordPost)
	add(person, get, "/account/second", p.second)
	add(person, post, "/account/second/start", p.secondStart)
	add(person, post, "/account/second/confirm", p.secondConfirm)
	add(person, post, "/account/second/codes", p.secondCodes)
	add(person, post, "/account/second/stop", p.secondStop)
	add(person, post, "/account/sessions/end", p.sessionEnd)
	add(person, post, "/account/sessions/end-all", p.sessionEndAll)
	add(person, post, "/account/provider/link", p.providerLink)
	add(person, post, "/account/provider/unlink", p.providerUnlink)
	add(person, post, "/account/workspace", p.switchWorkspace)
	return list, nil
}

// door is the data of the pages for those who are not in yet.
type door struct {
	page.Base
	Note string // what went wrong, as a whole
	Next string // where to go on, a path of this server
}

func (p *pages) door(r *http.Request, title string) door {
	d := door{Base: p.Base(r, "", title), Next: nextOf(r)}
	d.Bare = true
	return d
}

// nextOf gives where the person wanted to go.
func nextOf(r *http.Request) string {
	next := r.FormValue("next")
	if next == "" {
		return firstPage
	}
	if next = page.Local(next); next == "/" {
		return firstPage
	}
	return next
}

// enter lets a person in who has shown who they are, or asks for the second step.
func (p *pages) enter(w http.ResponseWriter, r *http.Request, in auth.SignedIn, next string) error {
	if in.Session == "" {
		session.Keep(w, r, keptSecond, in.Second, keptLife)
		return page.Redirect(w, r, "/sign-in/second?next="+url.QueryEscape(next))
	}
	session.Drop(w, r, keptSecond)
	session.Set(w, r, in.Session)
	return page.Redirect(w, r, next)
}

// refused turns an error that may be told into the note and the status of the page that comes again; another error comes back.
func (d *door) refused(w http.ResponseWriter, err error) (status int, other error) {
	switch errs.KindOf(err) {
	case errs.Unauthenticated, errs.Forbidden, errs.Invalid, errs.Conflict:
		status = http.StatusUnprocessableEntity
	case errs.Busy:
		status = http.StatusTooManyRequests
		if wait := waitOf(err); wait != "" {
			w.Header().Set("Retry-After", wait)
		} else {
			status = http.StatusServiceUnavailable
		}
	default:
		return 0, err
	}
	d.Note = d.Text.Error(err)
	return status, nil
}
