package mail

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"cadastro/internal/i18n"
)

// Invitation is what there is to tell somebody who is invited. By is "" where nobody's name is known.
type Invitation struct {
	Workspace string
	By        string
	Link      string
	Until     time.Time // in the zone to be shown
}

// Reset is what there is to tell somebody who forgot a password.
type Reset struct {
	Email string
	Link  string
	Life  time.Duration
}

// letter is what the templates of short mails see.
type letter struct {
	Lang    i18n.Lang
	Subject string
	Kicker  string
	Lead    string
	Button  string
	Link    string
	Until   string
	Why     string
}

// Invitation writes the mail of an invitation, without its reader.
func (t *Texts) Invitation(lang i18n.Lang, v Invitation) (Message, error) {
	p := t.cat.Printer(lang)
	v.Workspace, v.By = Line(v.Workspace, 120), Line(v.By, 120)
	l := letter{Lang: lang, Subject: p.T("mail.invite.subject", "workspace", v.Workspace), Kicker: v.Workspace, Button: p.T("mail.invite.button"),
		Link: v.Link, Until: p.T("mail.invite.until", "time", p.Time(v.Until)), Why: p.T("mail.invite.why")}
	if v.By != "" {
		l.Lead = p.T("mail.invite.lead", "by", v.By, "workspace", v.Workspace)
	} else {
		l.Lead = p.T("mail.invite.lead_nobody", "workspace", v.Workspace)
	}
	return t.letter(l)
}

// Reset writes the mail of a password reset, without its reader.
func (t *Texts) Reset(lang i18n.Lang, v Reset) (Message, error) {
	p := t.cat.Printer(lang)
	return t.letter(letter{Lang: lang, Subject: p.T("mail.reset.subject"), Kicker: "Cadastro", Lead: p.T("mail.reset.lead", "email", Line(v.Email, 254)),
		Button: p.T("mail.reset.button"), Link: v.Link, Until: p.T("mail.reset.until", "count", int(v.Life/time.Minute)), Why: p.T("mail.reset.why")})
}

func (t *Texts) letter(l letter) (Message, error) {
	var h, x bytes.Buffer
	if err := t.html.ExecuteTemplate(&h, "letter.html", l); err != nil {
		return Message{}, fmt.Errorf("mail: %w", err)
	}
	if err := t.text.ExecuteTemplate(&x, "letter.tmpl", l); err != nil {
		return Message{}, fmt.Errorf("mail: %w", err)
	}
	return Message{Subject: l.Subject, HTML: h.String(), Text: strings.TrimSpace(x.String()) + "\n"}, nil
}
