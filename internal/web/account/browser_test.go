package account_test

import (
	"strings"
	"testing"
	"time"

	"cadastro/internal/app/apptest"
	"cadastro/internal/auth"
	"cadastro/internal/config"
	"cadastro/internal/web/webtest"
)

// TestFirstAndSecond: the first administrator comes in by the link, turns on the second step, and comes in again by a code of the
// app, then by a recovery code.
func TestFirstAndSecond(t *testing.T) {
	t.Parallel()
	k := serve(t)
	link, err := k.App.Auth.FirstLink(k.Console())
	if err != nil {
		t.Fatal(err)
	}
	b := webtest.Open(t, k.URL, webtest.Look{})
	b.Go("/link/" + link.Secret)
	b.Everywhere("link-first")
	b.Type("#name", "Marina Prado")
	b.Type("#email", "marina@example.com")
	b.Type("#password", "curta")
	b.Click("form .btn.pri")
	b.See("#password-err")
	if b.Value("#name") != "Marina Prado" || b.Focused() == "" {
		t.Error("what was typed is gone, or nothing has the focus")
	}
	b.Axe()
	b.Type("#password", apptest.Password)
	b.Click("form .btn.pri")
	b.At("/contacts")

	b.Go("/account")
	b.Everywhere("account")
	b.Go("/account/second")
	b.Everywhere("second-off")
	b.Type("#password", "not the password")
	b.Click("main .btn.pri")
	b.See("#password-err")
	b.Type("#password", apptest.Password)
	b.Click("main .btn.pri")
	b.See("svg.qr")
	b.Everywhere("second-qr")
	secret, now := b.Text(".key"), time.Now()
	b.Type("#code", "000000")
	b.Click("main .btn.pri")
	b.See("#code-err")
	b.Type("#code", totp(t, secret, now))
	b.Click("main .btn.pri")
	b.See("#codes li")
	b.Everywhere("second-codes")
	codes := strings.Fields(b.Text("#codes"))
	if len(codes) != 10 {
		t.Fatalf("%d recovery codes", len(codes))
	}
	b.Go("/account/second")
	b.Everywhere("second-on")

	b.Go("/account")
	b.Click(`form[action="/sign-out"] button`)
	b.At("/sign-in")
	b.Read("Você saiu")
	b.Everywhere("sign-in")
	b.Type("#email", "marina@example.com")
	b.Type("#password", "not the password")
	b.Click("form .btn.pri")
	b.See(".note.err")
	b.Axe()
	b.Type("#password", apptest.Password)
	b.Click("form .btn.pri")
	b.At("/sign-in/second")
	b.Everywhere("second-step")
	b.Go("/contacts")
	b.At("/sign-in") // the first step alone opens nothing
	b.Go("/sign-in/second")
	b.Type("#code", totp(t, secret, now)) // each works once
	b.Click("form .btn.pri")
	b.See(".note.err")
	b.Type("#code", totp(t, secret, now.Add(30*time.Second)))
	b.Click("form .btn.pri")
	b.At("/contacts")

	b.Go("/account")
	b.Click(`form[action="/sign-out"] button`)
	b.At("/sign-in")
	b.Go("/sign-in?next=%2Fsettings%2Fteams")
	b.Type("#email", "marina@example.com")
	b.Type("#password", apptest.Password)
	b.Key("Enter")
	b.At("/sign-in/second")
	b.Type("#code", strings.ToLower(codes[3]))
	b.Key("Enter")
	b.At("/settings/teams")
	b.Go("/account/second")
	b.Read("Restam 9 códigos")
}

// TestInvitation: an administrator invites by mail; the person joins by the link in it and finds what the role allows.
func TestInvitation(t *testing.T) {
	t.Parallel()
	mails, smtp := mailTo(t)
	k := serve(t, smtp)
	b := webtest.Open(t, k.URL, webtest.Look{Session: k.Session(auth.Admin)})
	b.Go("/settings")
	b.Click(`.tabs a[href="/settings/members"]`)
	b.At("/settings/members")
	b.Click(`a[href="/settings/members/new"]`)
	b.Type("#email", "rui@example.com")
	b.Choose("#role", "agent")
	b.Click("main .btn.pri")
	b.See("#made")
	b.Everywhere("member-invited")
	shown := strings.TrimPrefix(b.Text("#made"), k.URL)
	b.Go("/settings/members")
	if b.Has("#made") || strings.Contains(b.Text("body"), shown) {
		t.Error("the link is shown twice")
	}
	m := mails.next(t)
	if m.to != "rui@example.com" || m.link(t) != shown || !strings.Contains(m.text, "Ana Admin convidou você") {
		t.Fatalf("%+v, shown %s", m, shown)
	}

	p := webtest.Open(t, k.URL, webtest.Look{Language: "es"})
	p.Go(m.link(t))
	p.Everywhere("link-invite")
	p.Type("#name", "Rui Costa")
	p.Type("#password", apptest.Password)
	p.Choose("#language", "es")
	p.Click("form .btn.pri")
	p.At("/contacts")
	p.Go("/settings/members")
	p.Read("Rui Costa")
	p.Read("Configuración")
	if p.Has(`a[href="/settings/members/new"]`) || p.Has(`a[href="/settings/tokens"]`) || p.Has(`a[href="/imports"]`) {
		t.Error("an agent is offered what the role does not allow")
	}
	p.Everywhere("members-agent")
	p.Go("/settings/tokens")
	p.Read("Tu rol no permite esto")
	p.Go(m.link(t))
	p.Read("Este enlace ya no vale")
}

// TestReset: a forgotten password is set anew by the link in a mail; the answer tells nobody who has an account.
func TestReset(t *testing.T) {
	t.Parallel()
	mails, smtp := mailTo(t)
	k := serve(t, smtp)
	old := webtest.Open(t, k.URL, webtest.Look{Session: k.Session(auth.Manager)})
	old.Go("/account")
	old.At("/account")

	b := webtest.Open(t, k.URL, webtest.Look{})
	b.Go("/sign-in")
	b.Click(`a[href="/reset"]`)
	b.Everywhere("reset")
	b.Type("#email", "nobody@example.com")
	b.Click("form .btn.pri")
	b.At("/reset?sent")
	unknown := b.Text("main")
	b.Go("/reset")
	b.Type("#email", "manager@example.com")
	b.Click("form .btn.pri")
	b.At("/reset?sent")
	if b.Text("main") != unknown {
		t.Errorf("the answers differ:\n%s\n%s", unknown, b.Text("main"))
	}
	b.Everywhere("reset-sent")
	m := mails.next(t)
	if m.to != "manager@example.com" || m.subject != "Nova senha no Cadastro" {
		t.Fatalf("%+v", m)
	}
	b.Go(m.link(t))
	b.Everywhere("link-reset")
	b.Type("#password", "another quiet harbour")
	b.Click("form .btn.pri")
	b.At("/contacts")
	old.Go("/account")
	old.At("/sign-in")
	if b.Go(m.link(t)); !strings.Contains(b.Text("h1"), "não vale mais") {
		t.Errorf("the link works twice: %q", b.Text("h1"))
	}
}

// TestAccountPage: name, language, theme, time zone and keys are kept; other sessions can be ended; all without scripts.
func TestAccountPage(t *testing.T) {
	t.Parallel()
	k := serve(t)
	session := k.Session(auth.Manager)
	if _, err := k.App.Auth.SignIn(t.Context(), "manager@example.com", apptest.Password, auth.Client{IP: "198.51.100.7",
		UserAgent: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"}); err != nil {
		t.Fatal(err)
	}
	for _, script := range []bool{false, true} {
		b := webtest.Open(t, k.URL, webtest.Look{Session: session, NoScript: script})
		b.Go("/account")
		b.Fill("#name", "Gil Souza")
		b.Fill("#time_zone", "America/Lima")
		b.Choose("#language", map[bool]string{true: "en", false: "es"}[script])
		b.Choose("#theme", "dark")
		b.Click(`input[name="keys"]`)
		b.Click(`form[action="/account"] .btn.pri`)
		b.Read(map[bool]string{true: "The profile was saved", false: "El perfil se guardó"}[script])
		if b.Value("#name") != "Gil Souza" || b.Value("#time_zone") != "America/Lima" || b.Value("#theme") != "dark" {
			t.Errorf("%q %q %q", b.Value("#name"), b.Value("#time_zone"), b.Value("#theme"))
		}
	}
	b := webtest.Open(t, k.URL, webtest.Look{Session: session})
	b.Go("/account")
	b.Read("Safari on iPhone")
	n := b.Count(".sess li")
	b.Click(`form[action="/account/sessions/end"] button`)
	b.Until("one session less", func() bool { return b.Count(".sess li") == n-1 })
	b.Go("/account")
	b.Fill("#time_zone", "Mars/Olympus")
	b.Click(`form[action="/account"] .btn.pri`)
	b.See("#time_zone-err")
	b.Axe()
	b.Go("/account/password")
	b.Everywhere("password")
	b.Type("#old", "not it at all")
	b.Type("#password", "another quiet harbour")
	b.Click("main .btn.pri")
	b.See("#old-err")
	b.Type("#old", apptest.Password)
	b.Type("#password", "another quiet harbour")
	b.Click("main .btn.pri")
	b.Read("The password was changed")
	b.Click(`form[action="/account/sessions/end-all"] button`)
	b.At("/sign-in")
	b.Go("/account")
	b.At("/sign-in")
}

// TestNoMail: where no mails are sent, the page says whom to ask, and the invitation's link is for handing over.
func TestNoMail(t *testing.T) {
	t.Parallel()
	k := serve(t, func(*config.Config) {})
	b := webtest.Open(t, k.URL, webtest.Look{})
	b.Go("/reset")
	b.Read("Peça um link")
	if b.Has("form[action='/reset']") {
		t.Error("a form that leads nowhere")
	}
}
