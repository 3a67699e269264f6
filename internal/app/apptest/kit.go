// Package apptest gives tests of the faces a whole app of their own: a base with people of each role, tokens, a second workspace, and a
// server on a free port.
package apptest

import (
	"context"
	"log/slog"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cadastro/internal/app"
	"cadastro/internal/auth"
	"cadastro/internal/config"
	"cadastro/internal/db"
	"cadastro/internal/db/dbtest"
	"cadastro/internal/server"
	"cadastro/internal/server/route"
)

// Kit is an app as one workspace sees it. It ends with its test.
type Kit struct {
	App       *app.App
	Workspace int64
	URL       string // of the server, without a slash at the end; it answers once Serve was called

	t        testing.TB
	listener net.Listener
	mu       sync.Mutex
	people   map[auth.Role]*Person
	other    *Kit
	count    *atomic.Int64
}

// New gives an app on SQLite. Each change may change a setting before it is opened.
func New(t testing.TB, change ...func(*config.Config)) *Kit {
	t.Helper()
	return open(t, "", change)
}

// Each runs body on SQLite, and on PostgreSQL where a server for tests is given, see dbtest.Each.
func Each(t *testing.T, body func(t *testing.T, k *Kit), change ...func(*config.Config)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { body(t, New(t, change...)) })
	if os.Getenv(dbtest.PostgresEnv) != "" {
		t.Run("postgres", func(t *testing.T) { body(t, open(t, dbtest.PostgresURL(t), change)) })
	}
}

func open(t testing.TB, database string, change []func(*config.Config)) *Kit {
	t.Helper()
	cfg, err := config.Default()
	if err != nil {
		t.Fatal(err)
	}
	l, err := server.Listen(context.Background(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	cfg.Data, cfg.Database, cfg.Listen, cfg.URL = t.TempDir(), database, l.Addr().String(), "http://"+l.Addr().String()
	cfg.Grace = config.Span(10 * time.Second)
	for _, f := range change {
		f(&cfg)
	}
	log := slog.New(slog.DiscardHandler)
	if testing.Verbose() {
		log = slog.New(slog.NewTextHandler(logTo{t}, &slog.HandlerOptions{Level: slog.LevelWarn}))
	}
	a, err := app.Open(context.Background(), cfg, log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return &Kit{App: a, Workspace: app.FirstWorkspace, URL: cfg.URL, t: t, listener: l, people: map[auth.Role]*Person{}, count: new(atomic.Int64)}
}

// Other gives the same app as a second workspace sees it, with people of its own and ids that
// the first has none of.
func (k *Kit) Other() *Kit {
	k.t.Helper()
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.other != nil {
		return k.other
	}
	id := k.Workspace + 1
	err := k.App.DB.Write(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, "INSERT INTO workspace (id, name, created_at) VALUES ($1, $2, $3)", id, "Outra loja", time.Now().UnixMicro())
		if err != nil {
			return err
		}
		return apart(ctx, tx, id)
	})
	if err != nil {
		k.t.Fatal(err)
	}
	k.other = &Kit{App: k.App, Workspace: id, URL: k.URL, t: k.t, listener: k.listener, people: map[auth.Role]*Person{}, count: k.count}
	return k.other
}

// Serve puts routes on the network through the whole chain of the server, starts the runner of jobs, and gives the server. Both end
// with the test. page answers refusals on pages; nil for a line of text.
func (k *Kit) Serve(routes []route.Route, page server.Refusal) *server.Server {
	k.t.Helper()
	s, err := server.New(server.Options{App: k.App, Routes: routes, Page: page})
	if err != nil {
		k.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ready, ended := make(chan struct{}), make(chan error, 1)
	go func() { ended <- s.Serve(ctx, k.listener, server.Moments{Ready: func() { close(ready) }}) }()
	select {
	case <-ready:
	case err := <-ended:
		cancel()
		k.t.Fatal(err)
	}
	k.t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			k.t.Error(err)
		}
	})
	return s
}

// logTo writes what the app logs into the test's log.
type logTo struct{ t testing.TB }

// Write writes a line.
func (l logTo) Write(p []byte) (int, error) {
	l.t.Log(string(p))
	return len(p), nil
}
