// Package oidc signs people in through an OpenID Connect provider: the authorization code flow of OpenID Connect Core
// 1.0, section 3.1, with PKCE (RFC 7636, S256), state and nonce.
//
// A flow that is away at the provider is one row in the base, found by a secret in a cookie of the browser that began
// it. It works once, for ten minutes, for that browser only: somebody else's answer cannot be slipped in, and an answer
// that was seen cannot be used again. Which login an identity signs in is package auth's to say.
package oidc

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/db"
	"cadastro/internal/errs"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// flowLife is how long a person may take at the provider.
const flowLife = 10 * time.Minute

// Provider is a provider as the settings name it.
type Provider struct {
	Name         string // in paths and in the base, as "google"
	Issuer       string // URL, exactly as its discovery document says it
	ClientID     string
	ClientSecret string // "" for a public client
	RedirectURL  string // where the provider sends the browser back
}

// Client signs in through one provider. It is safe for concurrent use.
type Client struct {
	db  *db.DB
	cfg Provider
	now func() time.Time
	web *http.Client

	mu    sync.Mutex
	found *found // what discovery gave, nil until it worked
}

type found struct {
	oauth    oauth2.Config
	verifier *oidc.IDTokenVerifier
	issParam bool // the provider names itself in its answers (RFC 9207)
}

// New gives a client. It asks the provider for nothing before the first sign-in, so the server starts without it. web
// must have a timeout.
func New(d *db.DB, p Provider, web *http.Client, now func() time.Time) *Client {
	return &Client{db: d, cfg: p, web: web, now: now}
}

// Begin starts a sign-in: send the browser to address, with cookie kept for [Client.Finish] (HttpOnly, Secure,
// SameSite=Lax, for ten minutes). returnTo is a path on this server to go on to; anything else becomes "/". Error:
// auth.oidc_unreachable {name}, Busy.
func (c *Client) Begin(ctx context.Context, returnTo string) (address, cookie string, err error) {
	f, err := c.discover(ctx)
	if err != nil {
		return "", "", err
	}
	cookie, state, nonce, verifier := random(), random(), random(), oauth2.GenerateVerifier()
	err = c.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO oidc_flow (hash, provider, state, nonce, verifier, return_to, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			hash(cookie), c.cfg.Name, hash(state), nonce, verifier, LocalPath(returnTo), c.now().Add(flowLife).UnixMicro())
		return err
	})
	if err != nil {
		return "", "", err
	}
	return f.oauth.AuthCodeURL(state, oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier)), cookie, nil
}

// Finish reads the provider's answer, the query of the request to RedirectURL, and gives who signed in and where to go
// on. Errors: auth.oidc_flow (Unauthenticated) where the answer is not to a sign-in that this browser began, or comes too
// late or twice; auth.oidc_denied (Unauthenticated) where the person or the provider said no; auth.oidc_failed
// (Unauthenticated) where what the provider says does not hold; auth.oidc_unreachable {name}.
func (c *Client) Finish(ctx context.Context, cookie string, answer url.Values) (who auth.Identity, returnTo string, err error) {
	var state, nonce, verifier string
	err = c.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		return tx.QueryRow(ctx, `DELETE FROM oidc_flow WHERE hash = $1 AND provider = $2 AND expires_at > $3 RETURNING state, nonce, verifier, return_to`,
			hash(cookie), c.cfg.Name, c.now().UnixMicro()).Scan(&state, &nonce, &verifier, &returnTo)
	})
	if errors.Is(err, sql.ErrNoRows) || err == nil && !equal(hash(answer.Get("state")), state) {
		return who, "", errs.New(errs.Unauthenticated, "auth.oidc_flow")
	}
	if err != nil {
		return who, "", err
	}
	f, err := c.discover(ctx)
	if err != nil {
		return who, "", err
	}
	if iss := answer.Get("iss"); iss != c.cfg.Issuer && (iss != "" || f.issParam) {
		return who, "", failed(errors.New("the answer is another issuer's"))
	}
	if word := answer.Get("error"); word != "" {
		return who, "", errs.Wrap(errors.New("provider: "+errs.Clip(word, 60)), errs.Unauthenticated, "auth.oidc_denied")
	}
	who, err = c.redeem(ctx, f, answer.Get("code"), nonce, verifier)
	return who, returnTo, err
}

// redeem trades the code for an ID token and checks it: signature, issuer, audience, expiry (go-oidc) and nonce.
func (c *Client) redeem(ctx context.Context, f *found, code, nonce, verifier string) (who auth.Identity, err error) {
	ctx = oidc.ClientContext(ctx, c.web)
	token, err := f.oauth.Exchange(ctx, code, oauth2.VerifierOption(verifier))
	if err != nil {
		if _, refused := errors.AsType[*oauth2.RetrieveError](err); refused {
			return who, failed(err)
		}
		return who, c.unreachable(err)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := f.verifier.Verify(ctx, raw)
	if err != nil {
		return who, failed(err)
	}
	if !equal(id.Nonce, nonce) {
		return who, failed(errors.New("nonce of another flow"))
	}
	var claims struct {
		Email    string `json:"email"`
		Verified any    `json:"email_verified"`
		Name     string `json:"name"`
		Party    string `json:"azp"`
	}
	if err := id.Claims(&claims); err != nil {
		return who, failed(err)
	}
	// OpenID Connect Core 1.0, section 3.1.3.7, points 4 and 5.
	if claims.Party != "" && claims.Party != c.cfg.ClientID || claims.Party == "" && len(id.Audience) > 1 {
		return who, failed(errors.New("the token is another client's"))
	}
	// Some providers say "true" where the standard says true.
	verified := claims.Verified == true || claims.Verified == "true"
	return auth.Identity{Issuer: id.Issuer, Subject: id.Subject, Email: claims.Email, EmailVerified: verified, Name: claims.Name}, nil
}

// discover reads the provider's discovery document, again and again until it works once.
func (c *Client) discover(ctx context.Context) (*found, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.found != nil {
		return c.found, nil
	}
	// The keys are fetched later with the context of now, so it must not end with the request.
	p, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), c.web), c.cfg.Issuer)
	if err != nil {
		return nil, c.unreachable(err)
	}
	var more struct {
		IssParam bool `json:"authorization_response_iss_parameter_supported"`
	}
	if err := p.Claims(&more); err != nil {
		return nil, c.unreachable(err)
	}
	c.found = &found{
		oauth: oauth2.Config{ClientID: c.cfg.ClientID, ClientSecret: c.cfg.ClientSecret, Endpoint: p.Endpoint(),
			RedirectURL: c.cfg.RedirectURL, Scopes: []string{oidc.ScopeOpenID, "email", "profile"}},
		verifier: p.Verifier(&oidc.Config{ClientID: c.cfg.ClientID, Now: c.now}),
		issParam: more.IssParam,
	}
	return c.found, nil
}

func (c *Client) unreachable(err error) error {
	return errs.Wrap(err, errs.Busy, "auth.oidc_unreachable", "name", c.cfg.Name)
}

// LocalPath gives a path on this server, "/" for whatever could lead elsewhere.
func LocalPath(p string) string {
	u, err := url.Parse(p)
	if err != nil || u.IsAbs() || u.Host != "" || u.Opaque != "" || !strings.HasPrefix(p, "/") || strings.HasPrefix(p, "//") ||
		strings.ContainsFunc(p, func(r rune) bool { return r == '\\' || r < ' ' || r == 0x7f }) {
		return "/"
	}
	return cmp.Or(u.RequestURI(), "/")
}

func random() string {
	var b [32]byte
	rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

func equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

func failed(err error) error { return errs.Wrap(err, errs.Unauthenticated, "auth.oidc_failed") }
