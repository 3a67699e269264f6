// Package auth says who somebody is and what they may do.
//
// # Who
//
// A login is a person, known by an e-mail address over all workspaces; a member is that person in one workspace, with a
// role. People sign in by password or through an OpenID Connect provider, with a second factor where they set one up,
// and have a session ([Service.Authenticate]). Programs have API tokens ([Service.AuthenticateToken]). Either way
// the result is an [Actor], carried by the context ([With], [From]).
//
// # What
//
// permission.go holds the one table of permissions. Services ask [Require] before they open a transaction. Which
// contacts an actor sees is a second question, answered by [Service.Sight].
//
// # What is kept
//
// Of sessions, links, tokens and recovery codes only hashes, of passwords argon2id, of second factors a sealed value.
// Everything that a password or a role gave ends with it: see revoke.go.
package auth

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"runtime"
	"time"

	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/normalize"
	"cadastro/internal/secret"
)

// Options are what a Service works with. Zero values mean the defaults given.
type Options struct {
	Now          func() time.Time // time.Now
	Log          *slog.Logger     // none
	Keys         *secret.Keyring  // seals second factors; required
	AppName      string           // "Cadastro", as an authenticator app shows it
	SessionIdle  time.Duration    // 12 h: a session not used for so long ends
	SessionLife  time.Duration    // 14 days: a session ends however much it is used
	InviteLife   time.Duration    // 7 days
	ResetLife    time.Duration    // 30 min, also the first administrator's link
	HashesAtOnce int              // passwords hashed at the same time, 19 MiB each; twice the processors

	cost hashCost // what a password hash costs; tests lower it
}

// Service holds the rules of accounts and access. It is safe for concurrent use.
type Service struct {
	db     *db.DB
	opt    Options
	hasher *hasher
}

// New gives a Service on an open base.
func New(d *db.DB, o Options) *Service {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.AppName = cmp.Or(o.AppName, "Cadastro")
	o.SessionIdle = cmp.Or(o.SessionIdle, 12*time.Hour)
	o.SessionLife = cmp.Or(o.SessionLife, 14*24*time.Hour)
	o.InviteLife = cmp.Or(o.InviteLife, 7*24*time.Hour)
	o.ResetLife = cmp.Or(o.ResetLife, 30*time.Minute)
	o.HashesAtOnce = cmp.Or(o.HashesAtOnce, 2*runtime.GOMAXPROCS(0))
	o.cost = cmp.Or(o.cost, wantedCost)
	return &Service{db: d, opt: o, hasher: newHasher(o.HashesAtOnce, o.cost)}
}

// ResetLife gives how long a link for a new password lasts.
func (s *Service) ResetLife() time.Duration { return s.opt.ResetLife }

// Client is where a request comes from: the address that the trusted proxy list gave, and what the program calls itself.
type Client struct {
	IP        string
	UserAgent string
}

// SignedIn is how a sign-in went: Session is the secret of the new session, or it is "" and Second is the secret of
// the second step, see [Service.SecondStep]. Both are for a cookie and are kept nowhere.
type SignedIn struct {
	Session string
	Second  string
	Actor   Actor // of Session
}

// login is a row of that table.
type login struct {
	id       LoginID
	email    string
	password string
	totp     []byte
	totpOn   bool
}

const selectLogin = `SELECT id, email, password, totp, totp_on_at IS NOT NULL FROM login WHERE `

func scanLogin(row *sql.Row) (l login, found bool, err error) {
	err = row.Scan(&l.id, &l.email, &l.password, &l.totp, &l.totpOn)
	if errors.Is(err, sql.ErrNoRows) {
		return l, false, nil
	}
	return l, err == nil, err
}

func loginByKey(ctx context.Context, q db.Querier, key string) (login, bool, error) {
	return scanLogin(q.QueryRow(ctx, selectLogin+`email_key = $1`, key))
}

func loginByID(ctx context.Context, q db.Querier, id LoginID) (login, bool, error) {
	return scanLogin(q.QueryRow(ctx, selectLogin+`id = $1`, int64(id)))
}

// lockLogin reads a login that the transaction is going to change.
func lockLogin(ctx context.Context, tx *db.Tx, id LoginID) (login, bool, error) {
	return scanLogin(tx.QueryRow(ctx, selectLogin+`id = $1`+tx.ForUpdate(), int64(id)))
}

// readEmail gives the normal form of an address and the key it is compared by. Error: auth.email_bad {value}, Invalid.
func readEmail(raw string) (email, key string, err error) {
	email, issues := normalize.Email(raw)
	key = normalize.EmailKey(email)
	if key == "" || errs.Worst(issues) == errs.Reject {
		return "", "", errs.New(errs.Invalid, "auth.email_bad", "value", errs.Clip(raw, 80))
	}
	return email, key, nil
}

func (s *Service) micros() int64 { return s.opt.Now().UnixMicro() }

func timeOf(micros int64) time.Time { return time.UnixMicro(micros).UTC() }
