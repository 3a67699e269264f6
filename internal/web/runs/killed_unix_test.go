//go:build unix

package runs_test

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"testing"

	"cadastro/internal/app"
	"cadastro/internal/app/apptest"
	"cadastro/internal/auth"
	"cadastro/internal/config"
	"cadastro/internal/importer"
	"cadastro/internal/server"
	"cadastro/internal/web"
	"cadastro/internal/web/webtest"
)

// childEnv makes the test binary a server on the data directory that it names, at the address of addressEnv.
const (
	childEnv   = "RUNS_TEST_DATA"
	addressEnv = "RUNS_TEST_LISTEN"
)

// childChunk has rows go through so few at a time that there is time to kill the server.
const childChunk = 20

// TestMain is the server where a test asks for one.
func TestMain(m *testing.M) {
	if os.Getenv(childEnv) != "" {
		if err := serveChild(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func childConfig(data, address string) (config.Config, error) {
	cfg, err := config.Default()
	cfg.Data, cfg.Listen, cfg.URL = data, address, "http://"+address
	return cfg, err
}

func serveChild() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	cfg, err := childConfig(os.Getenv(childEnv), os.Getenv(addressEnv))
	if err != nil {
		return err
	}
	a, err := app.Open(ctx, cfg, slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})))
	if err != nil {
		return err
	}
	defer a.Close()
	a.Imports.ChunkRows = childChunk
	site, err := web.New(a)
	if err != nil {
		return err
	}
	s, err := server.New(server.Options{App: a, Routes: site.Routes(), Page: func(w http.ResponseWriter, r *http.Request, _ int, err error) { site.Fail(w, r, err) }})
	if err != nil {
		return err
	}
	l, err := server.Listen(ctx, cfg.Listen)
	if err != nil {
		return err
	}
	return s.Serve(ctx, l, server.Moments{Ready: func() { fmt.Println("ready") }})
}

// child starts the server as a process of its own and waits until it answers.
func child(t *testing.T, data, address string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(self)
	c.Env = append(os.Environ(), childEnv+"="+data, addressEnv+"="+address)
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Kill() // ended already where all went well
		_ = c.Wait()
	})
	if lines := bufio.NewScanner(out); !lines.Scan() || lines.Text() != "ready" {
		t.Fatalf("the server said %q", lines.Text())
	}
	return c
}

// TestKilled: the server is killed in the middle of an import while its page stays open. The page says so, goes on by itself
// once the server is back, and ends on a result that is whole.
func TestKilled(t *testing.T) {
	t.Parallel()
	const rows = 30_000
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	data := t.TempDir()
	session := prepare(t, data, address, rows)

	first := child(t, data, address)
	b := webtest.Open(t, "http://"+address, webtest.Look{Session: session})
	b.Go("/imports/1")
	b.Until("some rows are written", func() bool { return shown(b) > 0 && b.Has("#live [role=progressbar]") })
	if err := first.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = first.Wait() // killed
	b.Read("Sem resposta do servidor.")
	b.Picture("06-sem-servidor")
	b.Axe()
	if b.Has("#ok") {
		t.Fatal("the import ended before the server was killed")
	}
	child(t, data, address)
	b.Gone("#away .note")
	b.See("#ok")
	if got := shown(b); got != rows+1 {
		t.Errorf("the numbers sum to %d of %d", got, rows+1)
	}
	if got := b.Text("#ok"); got != "30.000" {
		t.Errorf("%s contacts", got)
	}
}

// prepare makes a base with an import in the line, and gives a manager's session.
func prepare(t *testing.T, data, address string, rows int) string {
	t.Helper()
	k := apptest.New(t, func(c *config.Config) { c.Data, c.Listen, c.URL = data, address, "http://"+address })
	w := &world{Kit: k, t: t, ctx: k.As(auth.Manager)}
	k.App.Imports.ChunkRows = childChunk
	imp := w.review("base_nacional.csv", people(0, rows)+"Sem Telefone;;sem@example.com;Natal\r\n")
	if _, err := k.App.Imports.Start(w.ctx, k.Workspace, imp.ID); err != nil {
		t.Fatal(err)
	}
	session := k.Session(auth.Manager)
	t.Cleanup(func() { verify(t, data, address, imp.ID) })
	if err := k.App.Close(); err != nil {
		t.Fatal(err)
	}
	return session
}

// verify opens the base that the servers left, and holds it to what it promises.
func verify(t *testing.T, data, address string, id importer.ID) {
	t.Helper()
	cfg, err := childConfig(data, address)
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.Open(context.Background(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	faults, err := a.Imports.Verify(auth.With(context.Background(), auth.ConsoleActor(app.FirstWorkspace)), app.FirstWorkspace)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range faults {
		t.Errorf("import %d: %+v", id, f)
	}
}
