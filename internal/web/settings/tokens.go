package settings

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/errs"
	"cadastro/internal/server/route"
	"cadastro/internal/web/page"
)

func (p *pages) tokenRoutes(t *table) {
	manage := route.Needs(auth.TokensManage)
	t.get("/settings/tokens", manage, "", p.tokens)
	t.post("/settings/tokens", manage, "", p.tokenAdd)
	t.get("/settings/tokens/new", manage, "", p.tokenNew)
	t.post("/settings/tokens/{id}/revoke", manage, "token", p.tokenRevoke)
}

type tokensData struct {
	frame
	List []tokenRow
	Made string // a token that is shown this once
}

type tokenRow struct {
	auth.APIToken
	Scopes  string
	GroupIs string
	Expired bool
}

func (p *pages) tokensData(r *http.Request) (d tokensData, err error) {
	d.frame = p.frame(r, "tokens")
	list, err := p.App.Auth.Tokens(r.Context())
	if err != nil {
		return d, err
	}
	cat, err := p.App.Contacts.Catalogue(r.Context(), workspaceOf(r))
	if err != nil {
		return d, err
	}
	for _, t := range list {
		row := tokenRow{APIToken: t, Scopes: scopeWords(&d.Base, t.Scopes), Expired: t.ExpiresAt.Before(p.now())}
		if t.Group != 0 {
			row.GroupIs = cmp.Or(cat.GroupName(t.Group), "?")
		}
		d.List = append(d.List, row)
	}
	// What no longer works comes last.
	slices.SortStableFunc(d.List, func(a, b tokenRow) int {
		return cmp.Compare(dead(a), dead(b))
	})
	return d, nil
}

func dead(t tokenRow) int {
	if t.Revoked || t.Expired {
		return 1
	}
	return 0
}

// scopeWords names scopes in the reader's words.
func scopeWords(b *page.Base, s auth.Scopes) string {
	var list []string
	for _, word := range strings.Fields(s.String()) {
		list = append(list, b.T("web.settings.scope."+word))
	}
	return b.Text.List(list)
}

func (p *pages) tokens(w http.ResponseWriter, r *http.Request) error {
	d, err := p.tokensData(r)
	if err != nil {
		return err
	}
	d.TakeFlash(w, r)
	return p.show.Show(w, r, http.StatusOK, "tokens.html", d)
}

type tokenNewData struct {
	frame
	Name                string
	Roles, Life, Groups []page.Option
	Scopes              []page.Option
}

// lives are the days that the form offers for a token.
var lives = [...]int{7, 30, 90, 180, 365, 730}

func (p *pages) tokenNewData(r *http.Request) (tokenNewData, error) {
	d := tokenNewData{frame: p.frame(r, "tokens"), Name: r.PostFormValue("name")}
	d.Roles = roles(&d.Base, cmp.Or(r.PostFormValue("role"), auth.Manager.String()))
	days := cmp.Or(r.PostFormValue("days"), "90")
	for _, n := range lives {
		d.Life = append(d.Life, page.Option{Value: strconv.Itoa(n), Text: d.T("web.settings.token.days", "count", n), On: strconv.Itoa(n) == days})
	}
	again := sent(r, "name")
	for _, word := range strings.Fields(auth.AllScopes.String()) {
		d.Scopes = append(d.Scopes, page.Option{Value: word, Text: d.T("web.settings.scope_text." + word), On: slices.Contains(r.PostForm["scope"], word) || !again && word == "read"})
	}
	cat, err := p.App.Contacts.Catalogue(r.Context(), workspaceOf(r))
	if err != nil {
		return d, err
	}
	d.Groups = append([]page.Option{{Text: d.T("web.settings.token.all_groups")}}, groupOptions(cat, r.PostFormValue("group"))...)
	return d, nil
}

// groupOptions are the groups of the workspace by name.
func groupOptions(cat *contact.Catalogue, chosen string) []page.Option {
	var list []page.Option
	for _, g := range cat.Groups {
		list = append(list, page.Option{Value: text(g.ID), Text: g.Name, On: text(g.ID) == chosen})
	}
	slices.SortFunc(list, func(a, b page.Option) int {
		return cmp.Or(strings.Compare(a.Text, b.Text), strings.Compare(a.Value, b.Value))
	})
	return list
}

func (p *pages) tokenNew(w http.ResponseWriter, r *http.Request) error {
	d, err := p.tokenNewData(r)
	if err != nil {
		return err
	}
	return p.show.Show(w, r, http.StatusOK, "token_new.html", d)
}

// tokenAdd answers with the list and the token itself: it is in no address, and is not shown again.
func (p *pages) tokenAdd(w http.ResponseWriter, r *http.Request) error {
	secret, err := p.tokenMade(r)
	if err != nil {
		d, other := p.tokenNewData(r)
		if other != nil {
			return other
		}
		field := map[string]string{"auth.name_bad": "name", "auth.role_unknown": "role", "auth.scopes_none": "scope-read", "auth.scope_unknown": "scope-read",
			"auth.scope_beyond_role": "scope-read", "auth.token_life": "days", "auth.group_unknown": "group"}[errs.CodeOf(err)]
		if err := d.Faults.Add(d.Text, field, err); err != nil {
			return err
		}
		return p.show.Show(w, r, http.StatusUnprocessableEntity, "token_new.html", d)
	}
	d, err := p.tokensData(r)
	if err != nil {
		return err
	}
	d.Made = secret
	return p.show.Show(w, r, http.StatusOK, "tokens.html", d)
}

func (p *pages) tokenMade(r *http.Request) (secret string, err error) {
	n := auth.NewToken{Name: r.PostFormValue("name")}
	if n.Role, err = auth.ParseRole(r.PostFormValue("role")); err != nil {
		return "", err
	}
	if n.Scopes, err = auth.ParseScopes(strings.Join(r.PostForm["scope"], " ")); err != nil {
		return "", err
	}
	n.Group, _ = strconv.ParseInt(r.PostFormValue("group"), 10, 64) // 0 is none
	days, err := strconv.Atoi(r.PostFormValue("days"))
	if err != nil || days < 1 || days > int(auth.MaxTokenLife/(24*time.Hour)) {
		return "", errs.New(errs.Invalid, "auth.token_life", "days", int(auth.MaxTokenLife/(24*time.Hour)))
	}
	n.Life = time.Duration(days) * 24 * time.Hour
	secret, _, err = p.App.Auth.AddToken(r.Context(), n)
	return secret, err
}

func (p *pages) tokenRevoke(w http.ResponseWriter, r *http.Request) error {
	n, err := id(r, "id")
	if err != nil {
		return err
	}
	if err := p.App.Auth.RevokeToken(r.Context(), auth.TokenID(n)); err != nil {
		return err
	}
	return p.done(w, r, "/settings/tokens", p.frame(r, "tokens").T("web.settings.token.revoked"))
}

// text writes a number for an address or a form.
func text(n int64) string { return strconv.FormatInt(n, 10) }
