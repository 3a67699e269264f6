package app

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/dedupe"
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
	keys, err := secret.OpenFile(cfg.KeysFile())
	if err != nil {
		return err
	}
	a.Auth = auth.New(a.DB, auth.Options{Log: a.Log, Keys: keys, SessionIdle: cfg.Session.Idle.Duration(), SessionLife: cfg.Session.Life.Duration()})
	a.OIDC = a.provider()
	mails, err := mail.NewTexts(a.Texts)
	if err != nil {
		return err
	}
	hooks := &webhook.Service{DB: a.DB, Client: a.Outgoing(safehttp.Options{}), Seal: keys, Now: time.Now}
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
		a.handle(s.Worker())
	}
	a.handle(hooks.Worker())
	a.handle(notify.TidyWorker(a.DB, time.Now))
	a.handle(job.Worker{Kind: authSweepKind, Run: func(ctx context.Context, _ *job.Run) error { return a.Auth.Sweep(ctx) }})
	if err := a.importJobs(); err != nil {
		return err
	}
	if err := a.contactJobs(); err != nil {
		return err
	}
	if err := a.uploads(); err != nil {
		return err
	}
	a.Dedupe = &dedupe.Service{DB: a.DB, Log: a.Log, Now: time.Now, Wake: a.Jobs.Wake}
	for _, w := range a.Dedupe.Workers() {
		a.handle(w)
	}
	return errors.Join(
		a.Jobs.Every("dedupe.daily", "0 3 * * *", job.Spec{Workspace: FirstWorkspace, Kind: dedupe.KindDaily}),
		a.Jobs.Every("notify.tidy", "40 3 * * *", job.Spec{Workspace: FirstWorkspace, Kind: notify.TidyKind}),
		a.Jobs.Every("auth.sweep", "@hourly", job.Spec{Workspace: FirstWorkspace, Kind: authSweepKind}),
	)
}

// authSweepKind is the kind of the job that forgets sessions, links and tries that are over.
const authSweepKind = "auth.sweep"

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
