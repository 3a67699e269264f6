package app

import (
	"context"
	"net/http"
	"strings"
	"time"

	"cadastro/internal/auth/oidc"
	"cadastro/internal/config"
	"cadastro/internal/job"
	"cadastro/internal/safehttp"
	"cadastro/internal/span"
)

// OIDCPath is where a provider sends the browser back to, under the address of the server.
const OIDCPath = "/sign-in/oidc/done"

// OIDCName names the provider in paths and in the base.
const OIDCName = "oidc"

// oidcTime bounds one question to the provider.
const oidcTime = 10 * time.Second

// provider gives the client of the provider that people may sign in through, nil where there is none. The provider's address is the
// administrator's word, so it may lie in one's own network.
func (a *App) provider() *oidc.Client {
	c := &a.Config.OIDC
	if c.Issuer == "" {
		return nil
	}
	return oidc.New(a.DB, oidc.Provider{Name: OIDCName, Issuer: c.Issuer, ClientID: c.ClientID, ClientSecret: c.ClientSecret,
		RedirectURL: strings.TrimSuffix(a.Config.URL, "/") + OIDCPath}, &http.Client{Timeout: oidcTime}, time.Now)
}

// Outgoing gives a client for addresses that somebody typed in, with the networks and ports of the settings open beside what is asked
// for in opt.
func (a *App) Outgoing(opt safehttp.Options) *safehttp.Client {
	opt.Allow, opt.Ports = config.Prefixes(a.Config.Outgoing.Allow), a.Config.Outgoing.Ports
	return safehttp.New(opt)
}

// traceLast is how long the last spans may take on their way at the end of the program.
const traceLast = 5 * time.Second

// traces opens the way of spans to the collector, where one is set.
func (a *App) traces(ctx context.Context) (err error) {
	a.Spans, err = span.Open(ctx, a.Config.Trace.Endpoint, a.Config.Trace.Share)
	a.closers = append(a.closers, func() error {
		ctx, cancel := context.WithTimeout(context.Background(), traceLast)
		defer cancel()
		if err := a.Spans.Close(ctx); err != nil {
			a.Log.Warn("traces were lost", "error", err)
		}
		return nil
	})
	return err
}

// handle has the runner do a kind of job, each start under a span.
func (a *App) handle(w job.Worker) {
	run := w.Run
	w.Run = func(ctx context.Context, r *job.Run) error {
		ctx, end := a.Spans.Job(ctx, r.Kind, int64(r.ID), r.Starts)
		err := run(ctx, r)
		end(err)
		return err
	}
	a.Jobs.Handle(w)
}
