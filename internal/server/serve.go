package server

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"cadastro/internal/errs"
)

// Limits of a connection. What bounds a body and an answer stands in body.go.
const (
	headerTime = 10 * time.Second
	idleTime   = 2 * time.Minute
	headerSize = 64 << 10
)

// Listen opens an address, so that a program knows early whether it can have it, and which port ":0" came to.
func Listen(ctx context.Context, address string) (net.Listener, error) {
	return (&net.ListenConfig{}).Listen(ctx, "tcp", address)
}

// Moments are what a program wants to be told of; each may be nil.
type Moments struct {
	Ready    func() // all is at work
	Stopping func() // the end has begun
}

// Serve runs the jobs and answers on the listener until ctx ends. Then it takes no more requests, lets those under way end (answers that
// go on and on are told, see request.Info) and the jobs come to a safe point, for the grace of the settings. It closes the listener.
func (s *Server) Serve(ctx context.Context, l net.Listener, at Moments) error {
	defer l.Close()
	certificates, err := s.certificates()
	if err != nil {
		return err
	}
	if err := s.app.Jobs.Start(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	s.working.Store(true)

	main := s.listener(s)
	all := []*http.Server{main}
	ended := make(chan error, 3)
	run := func(srv *http.Server, l net.Listener, secure bool) {
		go func() {
			if secure {
				ended <- srv.ServeTLS(l, "", "")
				return
			}
			ended <- srv.Serve(l)
		}()
	}
	for _, beside := range []struct {
		address string
		handler func() http.Handler
	}{
		{s.app.Config.TLS.Redirect, func() http.Handler { return certificates.redirect(s.app.Config.URL) }},
		{s.app.Config.Metrics.Listen, s.inner},
	} {
		if beside.address == "" {
			continue
		}
		other, err := Listen(ctx, beside.address)
		if err != nil {
			return errors.Join(errs.Wrap(err, errs.Invalid, "config.listen", "address", beside.address), s.stop(all))
		}
		srv := s.listener(beside.handler())
		all = append(all, srv)
		run(srv, other, false)
	}
	main.TLSConfig = certificates.config()
	run(main, l, main.TLSConfig != nil)
	if at.Ready != nil {
		at.Ready()
	}

	select {
	case err = <-ended: // a listener failed
	case <-ctx.Done():
		if at.Stopping != nil {
			at.Stopping()
		}
	}
	return errors.Join(err, s.stop(all))
}

func (s *Server) listener(h http.Handler) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: headerTime, IdleTimeout: idleTime, MaxHeaderBytes: headerSize,
		// What it says of its clients (broken handshakes, scanners) is for who looks for it.
		ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelDebug)}
}

// stop ends all within the grace.
func (s *Server) stop(all []*http.Server) error {
	s.ending.Store(true)
	close(s.stopping)
	ctx, cancel := context.WithTimeout(context.Background(), s.app.Config.Grace.Duration())
	defer cancel()
	jobs := make(chan error, 1)
	go func() { jobs <- s.app.Jobs.Stop(ctx) }()
	var found []error
	for _, srv := range all {
		if err := srv.Shutdown(ctx); err != nil {
			s.log.Warn("requests were cut off", "error", err)
			found = append(found, srv.Close())
		}
	}
	found = append(found, <-jobs)
	s.working.Store(false)
	return errors.Join(found...)
}

// tlsVersion is the least that is spoken: TLS 1.2 (RFC 8996 ends those before).
const tlsVersion = tls.VersionTLS12
