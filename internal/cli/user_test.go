package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cadastro/internal/app"
	"cadastro/internal/auth"
	"cadastro/internal/config"
	"cadastro/internal/i18n"
	"cadastro/internal/secret"

	"github.com/alecthomas/kong"
)

// access runs commands on one data directory.
type accessTest struct {
	t   *testing.T
	dir string
}

// run gives the exit code and what was written.
func (x *accessTest) run(args ...string) (code int, out, errOut string) {
	x.t.Helper()
	var line struct {
		config.Config
		User  userCmd  `cmd:""`
		Token tokenCmd `cmd:""`
	}
	k, err := kong.New(&line, kong.Name("cadastro"))
	if err != nil {
		x.t.Fatal(err)
	}
	parsed, err := k.Parse(append([]string{"--data", x.dir, "--url", "https://cadastro.example.com"}, args...))
	if err != nil {
		x.t.Fatal(err)
	}
	texts, err := i18n.New()
	if err != nil {
		x.t.Fatal(err)
	}
	var o, e bytes.Buffer
	s := newSession(&commands{Config: line.Config, Lang: "en"}, Streams{In: strings.NewReader(""), Out: &o, Err: &e}, texts)
	defer s.close()
	code = s.fail(parsed.Run(s))
	return code, o.String(), e.String()
}

// ok runs a command that has to work and reads its JSON into into, where that is not nil.
func (x *accessTest) ok(into any, args ...string) string {
	x.t.Helper()
	code, out, errOut := x.run(args...)
	if code != exitDone {
		x.t.Fatalf("%v: exit code %d\n%s%s", args, code, out, errOut)
	}
	if into != nil {
		if err := json.Unmarshal([]byte(out), into); err != nil {
			x.t.Fatalf("%v: %v\n%s", args, err, out)
		}
	}
	return out
}

// service opens what the commands worked on.
func (x *accessTest) service() *auth.Service {
	x.t.Helper()
	var cfg config.Config
	k, err := kong.New(&cfg)
	if err != nil {
		x.t.Fatal(err)
	}
	if _, err := k.Parse([]string{"--data", x.dir}); err != nil {
		x.t.Fatal(err)
	}
	a, err := app.Open(context.Background(), cfg, cfg.Log.Logger(&bytes.Buffer{}))
	if err != nil {
		x.t.Fatal(err)
	}
	x.t.Cleanup(func() { a.Close() })
	keys, err := secret.OpenFile(filepath.Join(x.dir, secret.FileName))
	if err != nil {
		x.t.Fatal(err)
	}
	return auth.New(a.DB, auth.Options{Keys: keys})
}

func TestUserCommands(t *testing.T) {
	t.Parallel()
	x, ctx := &accessTest{t, filepath.Join(t.TempDir(), "data")}, context.Background()
	if out := x.ok(nil, "user", "list"); !strings.Contains(out, "cadastro user link") {
		t.Error(out)
	}
	type linked struct{ Link linkJSON }
	secretOf := func(l linkJSON) string {
		s, ok := strings.CutPrefix(l.URL, "https://cadastro.example.com/link/")
		if !ok {
			t.Fatal(l.URL)
		}
		return s
	}
	var first linked
	x.ok(&first, "user", "link", "--json")
	service := x.service()
	const password = "three green kites at noon"
	boss, err := service.Redeem(ctx, secretOf(first.Link), auth.Redeem{Name: "Ana", Email: "ana@example.com", Password: password}, auth.Client{})
	if err != nil || boss.Actor.Role != auth.Admin || boss.Actor.Workspace != app.FirstWorkspace {
		t.Fatal(boss, err)
	}
	if code, _, errOut := x.run("user", "link"); code != exitConflict || !strings.Contains(errOut, "administrator already") {
		t.Error(code, errOut)
	}

	out := x.ok(nil, "user", "add", "rui@example.com", "--role=manager", "--name", "Rui Lima")
	lines := strings.Split(out, "\n")
	if len(lines) < 3 || !strings.HasPrefix(lines[1], "https://cadastro.example.com/link/") {
		t.Fatal(out)
	}
	if code, _, _ := x.run("user", "add", "RUI@example.com"); code != exitConflict {
		t.Error("twice: ", code)
	}
	if code, _, _ := x.run("user", "add", "nonsense"); code == exitDone {
		t.Error("an address that is none is taken")
	}
	list := x.ok(nil, "user", "list")
	for _, want := range []string{"ana@example.com", "Rui Lima", "manager", "joined", "invited"} {
		if !strings.Contains(list, want) {
			t.Errorf("no %q in\n%s", want, list)
		}
	}
	var again linked
	x.ok(&again, "user", "link", "rui@example.com", "--json")
	if again.Link.Purpose != "invite" {
		t.Error(again)
	}
	if _, err := service.LinkInfo(ctx, strings.TrimPrefix(lines[1], "https://cadastro.example.com/link/")); err == nil {
		t.Error("the first link still works")
	}
	rui, err := service.Redeem(ctx, secretOf(again.Link), auth.Redeem{Password: password}, auth.Client{})
	if err != nil || rui.Actor.Role != auth.Manager {
		t.Fatal(rui, err)
	}
	x.ok(nil, "user", "role", "rui@example.com", "agent")
	if _, err := service.Authenticate(ctx, rui.Session); err == nil {
		t.Error("the session outlives the role")
	}
	var reset linked
	x.ok(&reset, "user", "link", "rui@example.com", "--json")
	if reset.Link.Purpose != "reset" || time.Until(reset.Link.Expires) > 31*time.Minute {
		t.Error(reset)
	}
	if code, _, _ := x.run("user", "remove", "ana@example.com"); code != exitConflict {
		t.Error("the last admin is removed: ", code)
	}
	x.ok(nil, "user", "remove", "rui@example.com")
	if code, _, _ := x.run("user", "remove", "rui@example.com"); code != exitNotFound {
		t.Error("removed twice: ", code)
	}
	var members struct{ Members []memberJSON }
	x.ok(&members, "user", "list", "--json")
	if len(members.Members) != 1 || members.Members[0].Email != "ana@example.com" || !members.Members[0].Joined {
		t.Errorf("%+v", members)
	}
}

func TestTokenCommands(t *testing.T) {
	t.Parallel()
	x, ctx := &accessTest{t, filepath.Join(t.TempDir(), "data")}, context.Background()
	x.ok(nil, "token", "list")
	// A control character in a name is refused, so that no list commands a terminal.
	if code, _, _ := x.run("token", "add", "ERP \x1b[31m nightly"); code == exitDone {
		t.Error("a control character in a name is taken")
	}
	code, out, errOut := x.run("token", "add", "ERP nightly", "--role=manager", "--scopes=read,import", "--days=2")
	token := strings.TrimSpace(out)
	if code != exitDone || strings.Contains(token, "\n") || !strings.Contains(errOut, "not shown again") {
		t.Fatal(code, out, errOut)
	}
	service := x.service()
	a, err := service.AuthenticateToken(ctx, token)
	if err != nil || a.Role != auth.Manager || a.Scopes != auth.ScopeRead|auth.ScopeImport {
		t.Fatal(a, err)
	}
	list := x.ok(nil, "token", "list")
	if strings.Contains(list, token) || !strings.Contains(list, token[:12]+"…") || !strings.Contains(list, "read import") || strings.Contains(list, "never") {
		t.Error(list)
	}
	var tokens struct{ Tokens []tokenJSON }
	x.ok(&tokens, "token", "list", "--json")
	if len(tokens.Tokens) != 1 || tokens.Tokens[0].Token != "" || tokens.Tokens[0].UsedAt == nil || time.Until(tokens.Tokens[0].ExpiresAt) > 48*time.Hour {
		t.Errorf("%+v", tokens)
	}
	for _, args := range [][]string{{"--scopes=all"}, {"--scopes="}, {"--days=0"}, {"--days=731"}, {"--days=-5"}, {"--days=9223372036854775807"}, {"--group=7"}, {"--role=agent", "--scopes=export"}} {
		if code, out, _ := x.run(append([]string{"token", "add", "x"}, args...)...); code == exitDone || out != "" {
			t.Errorf("%v: exit code %d, %q", args, code, out)
		}
	}
	x.ok(nil, "token", "revoke", "1")
	if _, err := service.AuthenticateToken(ctx, token); err == nil {
		t.Error("revoked and works")
	}
	if code, _, _ := x.run("token", "revoke", "1"); code != exitNotFound {
		t.Error("revoked twice: ", code)
	}
	if !strings.Contains(x.ok(nil, "token", "list"), "revoked") {
		t.Error("the list does not tell")
	}
	if info, err := os.Stat(filepath.Join(x.dir, secret.FileName)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("key file: %v, %v", info, err)
	}
}
