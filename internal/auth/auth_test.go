package auth

import (
	"context"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"cadastro/internal/db"
	"cadastro/internal/db/dbtest"
	"cadastro/internal/errs"
	"cadastro/internal/secret"
)

// world is a Service on an empty base with two workspaces, a clock that the test moves, and cheap passwords.
type world struct {
	*Service
	t    *testing.T
	d    *db.DB
	keys string // path of the key file

	mu    sync.Mutex
	clock time.Time
}

const (
	goodPassword = "three green kites at noon"
	nextPassword = "a quiet harbour in winter"
)

var home = Client{IP: "192.0.2.10", UserAgent: "test browser"}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{t: t, d: d, clock: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), keys: filepath.Join(t.TempDir(), secret.FileName)}
	ring, err := secret.OpenFile(w.keys)
	w.must(err)
	w.Service = New(d, Options{Now: w.now, Keys: ring, cost: hashCost{time: 1, memory: 64, threads: 1}})
	w.exec(`INSERT INTO workspace (id, name, created_at) VALUES (1, 'One', 0), (2, 'Two', 0)`)
	return w
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.clock
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.clock = w.clock.Add(d)
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// want checks the code of an error, "" for none.
func (w *world) want(err error, code string) {
	w.t.Helper()
	if errs.CodeOf(err) != code || err != nil && code == "" {
		w.t.Fatalf("error %v, want %q", err, code)
	}
}

func (w *world) exec(query string, args ...any) {
	w.t.Helper()
	w.must(w.d.Write(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, query, args...)
		return err
	}))
}

func (w *world) count(query string, args ...any) (n int64) {
	w.t.Helper()
	w.must(w.d.Read(context.Background(), func(ctx context.Context, q db.Querier) error { return q.QueryRow(ctx, query, args...).Scan(&n) }))
	return n
}

// console is the command line in a workspace.
func console(workspace int64) context.Context {
	return With(context.Background(), ConsoleActor(workspace))
}

// member invites a person, who joins; the context is that of the session.
func (w *world) member(workspace int64, email string, role Role) (Member, context.Context, SignedIn) {
	w.t.Helper()
	m, link, err := w.AddMember(console(workspace), NewMember{Email: email, Role: role})
	w.must(err)
	in, err := w.Redeem(context.Background(), link.Secret, Redeem{Password: goodPassword}, home)
	w.must(err)
	return m, w.as(in), in
}

// as gives the context of a session that was just opened.
func (w *world) as(in SignedIn) context.Context {
	w.t.Helper()
	a, err := w.Authenticate(context.Background(), in.Session)
	w.must(err)
	if a != in.Actor {
		w.t.Fatalf("actor %+v, told %+v", a, in.Actor)
	}
	return With(context.Background(), a)
}

func (w *world) alive(in SignedIn) bool {
	_, err := w.Authenticate(context.Background(), in.Session)
	if err != nil {
		w.want(err, "auth.signed_out")
	}
	return err == nil
}

func each(t *testing.T, body func(w *world)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		body(newWorld(t, d))
	})
}

func benchWorld(b *testing.B) *Service {
	b.Helper()
	ring, err := secret.OpenFile(filepath.Join(b.TempDir(), secret.FileName))
	if err != nil {
		b.Fatal(err)
	}
	return New(dbtest.SQLite(b), Options{Keys: ring, cost: hashCost{time: 1, memory: 64, threads: 1}})
}
