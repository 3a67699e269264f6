package server

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"cadastro/internal/auth"
	"cadastro/internal/errs"
	"cadastro/internal/server/problem"
	"cadastro/internal/server/route"
	"cadastro/internal/server/session"
)

// caller is who asks, as the request's credential says it.
type caller struct {
	actor auth.Actor
	ok    bool // somebody is signed in
	token bool // by a token, which no browser sends by itself
}

// in gives a context that carries the caller.
func (c caller) in(ctx context.Context) context.Context {
	if !c.ok {
		return ctx
	}
	return auth.With(ctx, c.actor)
}

// gate stands before one route.
func (s *Server) gate(rt route.Route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen := seenOf(r.Context())
		seen.pattern = rt.Pattern
		if rt.Access.IsStatic() {
			rt.Handler.ServeHTTP(w, r)
			return
		}
		who, err := s.credential(w, r, rt.API)
		if err != nil && !errors.Is(err, errBadToken) {
			s.refuse(w, r, rt.API, problem.Status(err), err)
			return
		}
		r = r.WithContext(who.in(r.Context()))
		seen.actor = who.actor.String()

		// A browser sends its cookies along with whatever another site makes it send, so what changes something must come from our
		// own pages. A sign-in, too: somebody signed in as another writes into the other's base.
		if !who.token && s.origins.Check(r) != nil {
			s.refuse(w, r, rt.API, http.StatusForbidden, errOtherSite())
			return
		}
		if rt.API {
			if wait := s.limits.take(w, r, who); wait > 0 {
				s.refuse(w, r, true, http.StatusTooManyRequests, errTooOften(wait))
				return
			}
		}
		if err != nil {
			w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
			s.refuse(w, r, rt.API, http.StatusUnauthorized, errors.Unwrap(err))
			return
		}
		if !rt.Access.Allows(who.actor, who.ok) {
			s.turnAway(w, r, rt, who)
			return
		}
		if !s.bound(w, r, rt) {
			return
		}
		if who.ok {
			w.Header().Set("Cache-Control", "private, no-store") // what one person is shown no cache keeps; a handler may know better
		}
		rt.Handler.ServeHTTP(w, r)
	})
}

// errBadToken wraps what is wrong with a token, which is told after its try was counted.
var errBadToken = errors.New("server: bad token")

type badToken struct{ err error }

func (b badToken) Error() string        { return b.err.Error() }
func (b badToken) Unwrap() error        { return b.err }
func (b badToken) Is(target error) bool { return target == errBadToken }

// credential finds out who asks: by the token in the header on the API, else by the session in the cookie. A session that has ended
// is none, and its cookie goes.
func (s *Server) credential(w http.ResponseWriter, r *http.Request, api bool) (caller, error) {
	if header := r.Header.Get("Authorization"); api && header != "" {
		scheme, token, _ := strings.Cut(header, " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return caller{}, badToken{errs.New(errs.Unauthenticated, "auth.token_bad")}
		}
		a, err := s.app.Auth.AuthenticateToken(r.Context(), strings.TrimSpace(token))
		if errs.KindOf(err) == errs.Unauthenticated && err != nil {
			return caller{}, badToken{err}
		}
		return caller{actor: a, ok: err == nil, token: err == nil}, err
	}
	secret := session.Read(r)
	if secret == "" {
		return caller{}, nil
	}
	a, err := s.app.Auth.Authenticate(r.Context(), secret)
	if err != nil && errs.KindOf(err) == errs.Unauthenticated {
		session.Clear(w, r)
		return caller{}, nil
	}
	return caller{actor: a, ok: err == nil}, err
}

// turnAway answers who may not take a route: on a page, who is not signed in is led to the sign-in.
func (s *Server) turnAway(w http.ResponseWriter, r *http.Request, rt route.Route, who caller) {
	switch {
	case !who.ok && rt.API:
		w.Header().Set("WWW-Authenticate", "Bearer")
		s.refuse(w, r, true, http.StatusUnauthorized, errs.New(errs.Unauthenticated, "auth.signed_out"))
	case !who.ok:
		s.toSignIn(w, r)
	case rt.Access.IsPerson():
		s.refuse(w, r, rt.API, http.StatusForbidden, errs.New(errs.Forbidden, "auth.person_only"))
	default:
		p, _ := rt.Access.Permission()
		s.refuse(w, r, rt.API, http.StatusForbidden, errs.New(errs.Forbidden, "auth.forbidden", "permission", p.String()))
	}
}
