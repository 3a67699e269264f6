package app

import (
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/job"
	"cadastro/internal/notify"
	"cadastro/internal/notify/mail"
	"cadastro/internal/notify/notice"
	"cadastro/internal/notify/webhook"
	"cadastro/internal/safehttp"
	"cadastro/internal/secret"
)

// background builds who may do what, what is told of the work, and the runner of the work itself.
func (a *App) background() error {
	cfg := &a.Config
	keys, err := secret.OpenFile(filepath.Join(cfg.Data, secret.FileName))
	if err != nil {
		return err
	}
	a.Auth = auth.New(a.DB, auth.Options{Log: a.Log, Keys: keys})
	mails, err := mail.NewTexts(a.Texts)
	if err != nil {
		return err
	}
	hooks := &webhook.Service{DB: a.DB, Client: safehttp.New(safehttp.Options{}), Seal: keys, Now: time.Now}
	a.Notify = &notify.Service{
		Texts: a.Texts, Mails: mails, Outbox: &mail.Outbox{Domain: a.mailDomain(), Now: time.Now},
		Notices: &notice.Center{DB: a.DB, Now: time.Now}, Webhooks: hooks, URL: strings.TrimSuffix(cfg.URL, "/"),
	}
	zone, err := cfg.Location()
	if err != nil {
		return err
	}
	runner := job.Config{TimeZone: zone}
	if cfg.Postgres() {
		runner.ListenURL = cfg.Database
	}
	a.Jobs = job.New(a.DB, a.Log, runner)
	if cfg.SMTP.Host != "" {
		s := &mail.Sender{DB: a.DB, Transport: a.smtp(), Now: time.Now}
		a.Jobs.Handle(s.Worker())
	}
	a.Jobs.Handle(hooks.Worker())
	a.Jobs.Handle(notify.TidyWorker(a.DB, time.Now))
	return a.Jobs.Every("notify.tidy", "40 3 * * *", job.Spec{Workspace: FirstWorkspace, Kind: notify.TidyKind})
}

func (a *App) smtp() *mail.SMTP {
	c := &a.Config.SMTP
	return &mail.SMTP{Host: c.Host, Port: c.Port, User: c.User, Password: c.Password, Security: mail.Security(c.Security), From: c.From, FromName: c.FromName}
}

// mailDomain is the right side of Message-IDs: the domain of the sender's address, "" where no mail is sent.
func (a *App) mailDomain() string {
	if a.Config.SMTP.Host == "" {
		return ""
	}
	if _, domain, ok := strings.Cut(a.Config.SMTP.From, "@"); ok {
		return strings.TrimSuffix(domain, ">")
	}
	u, err := url.Parse(a.Config.URL)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
