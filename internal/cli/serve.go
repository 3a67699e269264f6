package cli

import (
	"fmt"
	"net"
	"net/http"
	"slices"

	"cadastro/internal/api"
	"cadastro/internal/app"
	"cadastro/internal/errs"
	"cadastro/internal/server"
	"cadastro/internal/web"
)

type serveCmd struct{}

// Run serves until a signal ends it: the first lets what is under way come to an end, the next one does not. Whoever starts it sees
// where the data is, where the server is, and, as long as nobody can sign in, the link for the first administrator.
func (c *serveCmd) Run(s *session) error {
	s.log = s.cfg.Log.Logger(s.std.Err)
	// Before the base is opened, and before the address for links is settled: a port that is taken ends it at once.
	l, err := server.Listen(s.ctx, s.cfg.Listen)
	if err != nil {
		return errs.Wrap(err, errs.Invalid, "config.listen", "address", s.cfg.Listen)
	}
	defer l.Close()
	if s.ownURL {
		s.cfg.Listen, s.cfg.URL = heard(s.cfg.Listen, l.Addr()), ""
		if err := s.cfg.Check(); err != nil {
			return err
		}
	}
	a, err := s.open()
	if err != nil {
		return err
	}
	defer a.Close()
	srv, err := newServer(a)
	if err != nil {
		return err
	}
	if err := srv.Serve(s.ctx, l, server.Moments{Ready: func() { s.started(a) }, Stopping: func() { s.tell("serve.stopping") }}); err != nil {
		return err
	}
	s.tell("serve.stopped")
	return nil
}

// newServer puts the faces together.
func newServer(a *app.App) (*server.Server, error) {
	pages, err := web.New(a)
	if err != nil {
		return nil, err
	}
	routes := slices.Concat(pages.Routes(), api.New(a).Routes())
	return server.New(server.Options{App: a, Routes: routes, Page: func(w http.ResponseWriter, r *http.Request, status int, err error) {
		pages.Fail(server.WithStatus(w, status), r, err)
	}})
}

// heard gives the listening address with the port that the system chose, where it was left to it.
func heard(asked string, got net.Addr) string {
	host, _, err := net.SplitHostPort(asked)
	_, port, bad := net.SplitHostPort(got.String())
	if err != nil || bad != nil {
		return asked
	}
	return net.JoinHostPort(host, port)
}

// started tells what there is to know.
func (s *session) started(a *app.App) {
	if s.cfg.Postgres() {
		s.say("serve.postgres", "path", s.cfg.Data)
	} else {
		s.say("serve.data", "path", s.cfg.Data)
	}
	s.say("serve.at", "url", s.cfg.URL)
	link, err := a.Auth.FirstLink(s.ctx)
	switch {
	case err == nil:
		zone, bad := s.cfg.Location()
		if bad != nil { // checked at the start
			zone = link.Expires.Location()
		}
		s.say("serve.first", "time", s.text.Time(link.Expires.In(zone)))
		s.line("%s", link.URL(s.cfg.URL))
	case errs.CodeOf(err) != "auth.has_admin":
		s.errLine(fmt.Sprint("cadastro: ", s.text.Error(err)))
	}
	s.out.Flush()
}
