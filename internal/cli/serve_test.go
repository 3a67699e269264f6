package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"cadastro/internal/app"
	"cadastro/internal/auth"
	"cadastro/internal/config"
	"cadastro/internal/db/dbtest"
	"cadastro/internal/importer"
	"cadastro/internal/mapping"
	"cadastro/internal/table"
)

// process is a server that runs as it does for everybody: the binary of the test, under the program's name (see TestMain).
type process struct {
	t    *testing.T
	cmd  *exec.Cmd
	out  *bufio.Scanner
	err  *strings.Builder // to be read once the process has ended
	URL  string
	Link string // of the first administrator, "" where there is one
}

// serve starts a server on a free port and waits until it has said where it is.
func serve(t *testing.T, data string, args ...string) *process {
	t.Helper()
	p := &process{t: t, err: new(strings.Builder)}
	p.cmd = exec.Command("cadastro", append([]string{"serve", "--data", data, "--listen", "127.0.0.1:0", "--lang", "en"}, args...)...)
	p.cmd.Stderr = p.err
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.out = bufio.NewScanner(out)
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill() // over already, in most tests
		_ = p.cmd.Wait()
	})
	return p
}

// line gives the next line of the output that matches, and the first group.
func (p *process) line(pattern string) string {
	p.t.Helper()
	re, seen := regexp.MustCompile(pattern), ""
	for p.out.Scan() {
		seen += p.out.Text() + "\n"
		if m := re.FindStringSubmatch(p.out.Text()); m != nil {
			return m[1]
		}
	}
	_ = p.cmd.Wait()
	p.t.Fatalf("no line like %s in\n%s%s", pattern, seen, p.err)
	return ""
}

// end sends a signal and gives the exit code, -1 where the signal itself ended the process.
func (p *process) end(sig os.Signal) int {
	p.t.Helper()
	if err := p.cmd.Process.Signal(sig); err != nil {
		p.t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, readerOf(p.out)) // Wait must not close the pipe under a reader
	_ = p.cmd.Wait()
	return p.cmd.ProcessState.ExitCode()
}

// readerOf reads what is left of a scanner.
func readerOf(s *bufio.Scanner) io.Reader {
	r, w := io.Pipe()
	go func() {
		for s.Scan() {
		}
		w.Close()
	}()
	return r
}

// TestServe: the program says where it is and how to get in, answers there, ends on a signal with code 0, and says it again.
func TestServe(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) { startTwice(t, `^Data in (.*)$`) })
	if os.Getenv(dbtest.PostgresEnv) != "" {
		t.Run("postgres", func(t *testing.T) {
			startTwice(t, `^Database on PostgreSQL; files in (.*)$`, "--database", dbtest.PostgresURL(t))
		})
	}
}

func startTwice(t *testing.T, where string, args ...string) {
	data := t.TempDir()
	var links []string
	for range 2 {
		p := serve(t, data, append(args, "--log-level", "debug")...)
		if got := p.line(where); got != data {
			t.Errorf("data in %s", got)
		}
		at := p.line(`^Cadastro is at (http://localhost:\d+)$`)
		link := p.line(`^(http://localhost:\d+/link/[A-Za-z0-9_-]{43})$`)
		if !strings.HasPrefix(link, at+"/") {
			t.Errorf("the link %s is not at %s", link, at)
		}
		links = append(links, link)
		for path, want := range map[string]int{"/healthz": 200, "/readyz": 200, "/metrics": 404, "/sign-in": 200, "/api/v1/nothing": 404, "/api/docs": 200} {
			res, err := noFollow().Get(at + path)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if res.StatusCode != want {
				t.Errorf("%s: %s, want %d", path, res.Status, want)
			}
		}
		if code := p.end(syscall.SIGTERM); code != exitDone {
			t.Errorf("exit code %d\n%s", code, p.err)
		}
		if log := p.err.String(); strings.Contains(log, link[len(at):]) || !strings.Contains(log, "Stopped.") || !strings.Contains(log, "pattern=/readyz") {
			t.Errorf("standard error:\n%s", log)
		}
	}
	if links[0] == links[1] {
		t.Error("the link is not new at each start")
	}
	// Behind the link the first administrator comes in, as a browser would.
	p := serve(t, data, append(args, "--log-format", "json")...)
	link := p.line(`^(http://localhost:\d+/link/[A-Za-z0-9_-]{43})$`)
	form := url.Values{"name": {"Ana"}, "email": {"ana@example.com"}, "password": {"mangueira orvalho trilho"}, "language": {"pt-BR"}}
	res, err := noFollow().PostForm(link, form)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusSeeOther || len(res.Cookies()) == 0 {
		t.Errorf("the first administrator: %s %v", res.Status, res.Header)
	}
	if code := p.end(os.Interrupt); code != exitDone || !strings.Contains(p.err.String(), `"pattern":"/link/{secret}"`) {
		t.Errorf("exit code %d\n%s", code, p.err)
	}
	p = serve(t, data, args...)
	p.line(`^Cadastro is at (http://localhost:\d+)$`)
	rest := make(chan string)
	go func() {
		var all string
		for p.out.Scan() {
			all += p.out.Text()
		}
		rest <- all
	}()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if all := <-rest; strings.Contains(all, auth.LinkPath) {
		t.Errorf("a link although there is an administrator: %s", all)
	}
}

func noFollow() *http.Client {
	return &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// TestServePort: a port that is taken ends it with a sentence that names the cure.
func TestServePort(t *testing.T) {
	t.Parallel()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	cmd := exec.Command("cadastro", "serve", "--data", t.TempDir(), "--listen", l.Addr().String(), "--lang", "en")
	out, err := cmd.CombinedOutput()
	exit, ok := errors.AsType[*exec.ExitError](err)
	if !ok || exit.ExitCode() != exitUsage || !strings.Contains(string(out), "choose another one with --listen") {
		t.Errorf("%v: %s", err, out)
	}
}

// TestServeTwice: the first signal waits for a request under way, the second does not.
func TestServeTwice(t *testing.T) {
	t.Parallel()
	p := serve(t, t.TempDir())
	url := p.line(`^Cadastro is at (http://localhost:\d+)$`)
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", "127.0.0.1:"+url[strings.LastIndex(url, ":")+1:])
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprintf(c, "POST /language HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n")
	// The interim answer says that the handler reads the body, which never comes.
	if line, err := bufio.NewReader(c).ReadString('\n'); err != nil || !strings.Contains(line, "100") {
		t.Fatalf("%q, %v", line, err)
	}
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for { // no new connection is taken: the stop has begun, and waits
		c, err := net.DialTimeout("tcp", strings.TrimPrefix(url, "http://"), time.Second)
		if err != nil {
			break
		}
		c.Close()
	}
	if err := p.cmd.Process.Signal(syscall.Signal(0)); err != nil {
		t.Fatal("it did not wait for the request")
	}
	if code := p.end(syscall.SIGTERM); code != -1 {
		t.Errorf("exit code %d", code)
	}
}

// TestServeKilled: a server that is killed in the middle of an import goes on with it when it is started again, and the base ends up
// as if nothing had happened.
func TestServeKilled(t *testing.T) {
	t.Parallel()
	const rows = 30_000
	peace := importedInPeace(t, rows)

	data := t.TempDir()
	a := openApp(t, data)
	ctx := auth.With(context.Background(), auth.ConsoleActor(app.FirstWorkspace))
	imp := reviewed(t, ctx, a, rows)
	if _, err := a.Imports.Start(ctx, app.FirstWorkspace, imp.ID); err != nil {
		t.Fatal(err)
	}
	p := serve(t, data)
	for {
		now, err := a.Imports.Get(ctx, app.FirstWorkspace, imp.ID)
		if err != nil {
			t.Fatal(err)
		}
		if now.NextChunk > 0 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	p.end(syscall.SIGKILL)
	now, err := a.Imports.Get(ctx, app.FirstWorkspace, imp.ID)
	if err != nil || now.State != importer.Importing || now.Counts.Imported == 0 || now.Counts.Imported == rows {
		t.Fatalf("killed in state %s with %d rows: %v", now.State, now.Counts.Imported, err)
	}
	p = serve(t, data)
	p.line(`^Cadastro is at (http://localhost:\d+)$`)
	for now.State == importer.Importing || now.State == importer.Queued {
		time.Sleep(10 * time.Millisecond)
		if now, err = a.Imports.Get(ctx, app.FirstWorkspace, imp.ID); err != nil {
			t.Fatal(err)
		}
	}
	if now.State != importer.Done || now.Counts.Imported != rows || now.Counts.Sum() != rows {
		t.Errorf("%s: %+v", now.State, now.Counts)
	}
	p.end(syscall.SIGTERM)
	faults, err := a.Imports.Verify(ctx, app.FirstWorkspace)
	if err != nil || len(faults) > 0 {
		t.Errorf("%v, %v", faults, err)
	}
	digest, err := a.Imports.Digest(ctx, app.FirstWorkspace)
	if err != nil || digest != peace {
		t.Errorf("the base is another than after a run in peace: %v", err)
	}
}

func importedInPeace(t *testing.T, rows int) string {
	t.Helper()
	a := openApp(t, t.TempDir())
	ctx := auth.With(context.Background(), auth.ConsoleActor(app.FirstWorkspace))
	imp := reviewed(t, ctx, a, rows)
	if _, err := a.Imports.Apply(ctx, app.FirstWorkspace, imp.ID, nil); err != nil {
		t.Fatal(err)
	}
	digest, err := a.Imports.Digest(ctx, app.FirstWorkspace)
	if err != nil {
		t.Fatal(err)
	}
	return digest
}

func openApp(t *testing.T, data string) *app.App {
	t.Helper()
	cfg, err := config.Default()
	if err != nil {
		t.Fatal(err)
	}
	cfg.Data = data
	a, err := app.Open(context.Background(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a
}

// reviewed uploads and reviews a file of so many contacts, none of which is there.
func reviewed(t *testing.T, ctx context.Context, a *app.App, rows int) *importer.Import {
	t.Helper()
	var b strings.Builder
	b.WriteString("Nome;Celular\r\n")
	for i := range rows {
		fmt.Fprintf(&b, "Pessoa %d;(11) 9%04d-%04d\r\n", i, 5000+i/10000, i%10000)
	}
	imp, err := a.Imports.Upload(ctx, app.FirstWorkspace, "lista.csv", strings.NewReader(b.String()), nil)
	if err != nil {
		t.Fatal(err)
	}
	set := importer.Settings{Dialect: table.Dialect{Format: table.CSV, Charset: "utf-8", Delimiter: ";", Quote: '"', Header: 1}, Purpose: mapping.PurposeUpsert,
		Identifier: mapping.ByPhone, Country: "BR", Language: "pt-BR",
		Mapping: mapping.Mapping{Columns: []mapping.Column{{Header: "Nome", Field: "name"}, {Header: "Celular", Field: "phone"}}}}
	if imp, err = a.Imports.Review(ctx, app.FirstWorkspace, imp.ID, set, nil); err != nil {
		t.Fatal(err)
	}
	if imp.Summary.Counts.Imported != int64(rows) {
		t.Fatalf("review: %+v", imp.Summary.Counts)
	}
	return imp
}
