package page

import (
	"cmp"
	"context"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/i18n"
	"cadastro/internal/server/request"
)

// Base is what every page has: the data of a page embeds it.
type Base struct {
	Text      *i18n.Printer
	Lang      i18n.Lang
	Langs     []i18n.Lang // for those who are not signed in
	Theme     string      // light, dark, or "" for the system's
	Title     string      // of the browser's tab, already in the reader's language
	Nav       string      // which entry of the navigation is at hand: contacts, imports, settings …
	Rail      bool        // the navigation folds to icons: the wizard
	Bare      bool        // no navigation: sign-in and the like
	Path      string      // of the page itself, with its query
	SignedIn  bool
	Me        Me
	Workspace string
	Contacts  string // how many there are, as the navigation shows it
	Unread    int
	Now       *Running // the import under way, nil for none
	Flash     string   // what the last act did, shown once
	Faults    Faults
	KeysOff   bool // single keys do nothing: the member's choice

	kit  *Kit
	zone *time.Location
}

// Me is who is signed in.
type Me struct {
	Name     string
	Initials string
	Role     string
	actor    auth.Actor
}

// Running is the import under way, as the navigation shows it.
type Running struct {
	URL     string
	Title   string
	Percent string
	Line    string
	Ribbon  Ribbon
}

// Base begins a page. title is a key, nav the entry of the navigation that it belongs to.
func (k *Kit) Base(r *http.Request, nav, title string) Base {
	ctx := r.Context()
	who, ok := auth.From(ctx)
	b := Base{Lang: k.language(r, who), Nav: nav, Path: r.URL.RequestURI(), SignedIn: ok, kit: k, Theme: theme(r), Langs: i18n.Langs(), zone: k.Zone}
	b.Text = k.App.Texts.Printer(b.Lang)
	b.Title = b.Text.T(title)
	if !ok {
		return b
	}
	b.Me = Me{Name: who.Name, Initials: Initials(who.Name), Role: b.Text.T("web.role." + who.Role.String()), actor: who}
	b.KeysOff = who.KeysOff
	b.settings(ctx, who)
	if IsHTMX(r) {
		return b // a fragment shows none of what follows
	}
	if n, err := k.App.Contacts.Count(ctx, who.Workspace); err == nil {
		b.Contacts = b.Text.Number(n)
	}
	if n, err := k.App.Notify.Notices.Unread(ctx, who.Workspace, int64(who.Member)); err == nil {
		b.Unread = n
	}
	b.Now = k.running(ctx, &b)
	return b
}

// language chooses the words: the member's own, else what the person chose on this browser, else what the browser asks
// for, else the setting.
func (k *Kit) language(r *http.Request, who auth.Actor) i18n.Lang {
	if who.Language != "" {
		return i18n.Match(who.Language)
	}
	if c, err := r.Cookie(languageCookie); err == nil && c.Value != "" {
		return i18n.Match(c.Value)
	}
	if h := r.Header.Get("Accept-Language"); h != "" {
		return i18n.Match(h)
	}
	return i18n.Lang(k.App.Config.Language)
}

const (
	languageCookie = "lang"
	themeCookie    = "theme" // written by the page's script, so that the next page comes in the right colours at once
)

func theme(r *http.Request) string {
	if c, err := r.Cookie(themeCookie); err == nil && (c.Value == "light" || c.Value == "dark") {
		return c.Value
	}
	return ""
}

// SetTheme keeps the colours that a person chose on this browser: light, dark, or anything else for the system's.
func SetTheme(w http.ResponseWriter, r *http.Request, to string) {
	c := &http.Cookie{Name: themeCookie, Path: "/", MaxAge: -1, SameSite: http.SameSiteLaxMode, Secure: request.Of(r.Context()).Secure}
	if to == "light" || to == "dark" {
		c.Value, c.MaxAge = to, 365*24*3600
	}
	http.SetCookie(w, c)
}

// settings fills in what the workspace goes by. Where it cannot be had the frame does without: a page with the server's time
// zone is better than none.
func (b *Base) settings(ctx context.Context, who auth.Actor) {
	set, err := b.kit.App.Workspaces.Get(ctx, who.Workspace)
	if err != nil {
		return
	}
	b.Workspace = set.Name
	if zone, err := time.LoadLocation(cmp.Or(who.TimeZone, set.TimeZone)); err == nil {
		b.zone = zone
	}
}

// Initials gives what stands for a picture: the first letters of the first and the last word of a name.
func Initials(name string) string {
	words := strings.Fields(name)
	if len(words) == 0 {
		return "?"
	}
	first, _ := utf8.DecodeRuneInString(words[0])
	if len(words) == 1 {
		return strings.ToUpper(string(first))
	}
	last, _ := utf8.DecodeRuneInString(words[len(words)-1])
	return strings.ToUpper(string(first) + string(last))
}

// May tells whether who is signed in holds a permission by its name, as "imports.run".
func (b Base) May(permission string) bool {
	for _, p := range auth.Permissions() {
		if p.String() == permission {
			return b.Me.actor.May(p)
		}
	}
	return false
}

// T gives a text in the reader's language.
func (b Base) T(key string, args ...any) string { return b.Text.T(key, args...) }

// N writes a whole number as the language does.
func (b Base) N(n any) string {
	switch n := n.(type) {
	case int:
		return b.Text.Number(int64(n))
	case int64:
		return b.Text.Number(n)
	case contact.ID:
		return b.Text.Number(int64(n))
	}
	return ""
}

// Size writes a number of bytes.
func (b Base) Size(n int64) string { return b.Text.Bytes(n) }

// Day writes a date, in the reader's time zone; "" for the zero time.
func (b Base) Day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return b.Text.Date(t.In(b.zone))
}

// Moment writes a date and a time, in the reader's time zone; "" for the zero time.
func (b Base) Moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return b.Text.Time(t.In(b.zone))
}

// ISO writes a time for the datetime attribute.
func (b Base) ISO(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// Asset gives the address of a static file.
func (b Base) Asset(name string) string { return b.kit.Assets.URL(name) }

// LangName gives a language's own name.
func (b Base) LangName(l i18n.Lang) string { return cmp.Or(l.Name(), string(l)) }

// Zone gives the time zone of the times shown.
func (b Base) Zone() *time.Location { return b.zone }

// Initials gives what stands for a picture of somebody.
func (b Base) Initials(name string) string { return Initials(name) }
