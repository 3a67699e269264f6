package auth

import (
	"context"
	"path/filepath"
	"strings"
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

func TestFirstAdmin(t *testing.T) {
	each(t, func(w *world) {
		none := context.Background()
		old, err := w.FirstLink(console(1))
		w.must(err)
		link, err := w.FirstLink(console(1))
		w.must(err)
		if got := link.URL("https://cadastro.example.com/"); got != "https://cadastro.example.com/link/"+link.Secret {
			t.Error(got)
		}
		me := Redeem{Password: goodPassword, Name: " Ana  Souza ", Email: "Ana@Example.com", Language: "es"}
		_, err = w.Redeem(none, old.Secret, me, home)
		w.want(err, "auth.link_dead")
		for change, code := range map[Redeem]string{
			{Password: goodPassword, Name: "Ana"}:                                    "auth.email_bad",
			{Password: goodPassword, Email: "ana@example.com"}:                       "auth.name_bad",
			{Password: "short", Name: "Ana", Email: "ana@example.com"}:               "auth.password_short",
			{Password: "ana@example.com1", Name: "Ana", Email: "ana@example.com"}:    "auth.password_simple",
			{Password: strings.Repeat("ab cd", 300), Name: "A", Email: "a@x.com.br"}: "auth.password_long",
		} {
			_, err = w.Redeem(none, link.Secret, change, home)
			w.want(err, code)
		}
		in, err := w.Redeem(none, link.Secret, me, home)
		w.must(err)
		a, _ := From(w.as(in))
		if a.Role != Admin || a.Workspace != 1 || a.Name != "Ana Souza" || a.Language != "es" || a.String() != "member 1" {
			t.Errorf("%+v", a)
		}
		_, err = w.Redeem(none, link.Secret, me, home)
		w.want(err, "auth.link_dead")
		_, err = w.FirstLink(console(1))
		w.want(err, "auth.has_admin")
		// A workspace of its own has its own first admin, who is not somebody else's login.
		second, err := w.FirstLink(console(2))
		w.must(err)
		_, err = w.Redeem(none, second.Secret, me, home)
		w.want(err, "auth.member_exists")
		_, err = w.SignIn(none, "ANA@example.com", goodPassword, home)
		w.must(err)
		// Only the console gets such a link.
		_, err = w.FirstLink(w.as(in))
		w.want(err, "auth.forbidden")
		if n := w.count(`SELECT COUNT(*) FROM login WHERE password LIKE '%kites%'`); n != 0 {
			t.Error("the password is in the base")
		}
	})
}

func TestFirstLinkExpires(t *testing.T) {
	each(t, func(w *world) {
		link, err := w.FirstLink(console(1))
		w.must(err)
		w.pass(30*time.Minute - time.Second)
		_, err = w.LinkInfo(context.Background(), link.Secret)
		w.must(err)
		w.pass(time.Second)
		_, err = w.LinkInfo(context.Background(), link.Secret)
		w.want(err, "auth.link_dead")
		w.must(w.Sweep(context.Background()))
		if n := w.count(`SELECT COUNT(*) FROM one_time`); n != 0 {
			t.Errorf("%d links left", n)
		}
	})
}

func TestInvite(t *testing.T) {
	each(t, func(w *world) {
		none := context.Background()
		m, link, err := w.AddMember(console(1), NewMember{Email: "Rui <rui@example.com>", Role: Manager})
		w.must(err)
		if m.Name != "rui" || m.Email != "rui@example.com" || m.Joined {
			t.Errorf("%+v", m)
		}
		_, _, err = w.AddMember(console(1), NewMember{Email: "RUI@example.com", Role: Agent})
		w.want(err, "auth.member_exists")
		_, err = w.SignIn(none, "rui@example.com", "", home)
		w.want(err, "auth.wrong_credentials")
		if _, sent, err := w.RequestReset(none, "rui@example.com", home); sent || err != nil {
			t.Errorf("a reset for who has not joined: %v", err)
		}
		w.pass(7*24*time.Hour - time.Second)
		again, err := w.MemberLink(console(1), m.ID)
		w.must(err)
		_, err = w.LinkInfo(none, link.Secret)
		w.want(err, "auth.link_dead")
		w.pass(7*24*time.Hour - time.Second)
		info, err := w.LinkInfo(none, again.Secret)
		w.must(err)
		if info.Email != "rui@example.com" || info.Purpose != PurposeInvite || info.HasPassword || info.Workspace != 1 {
			t.Errorf("%+v", info)
		}
		// Two who use one link at once: one of them gets in.
		var done sync.WaitGroup
		var got [4]error
		for i := range got {
			done.Go(func() {
				_, got[i] = w.Redeem(none, again.Secret, Redeem{Password: goodPassword, Name: "Rui Lima"}, home)
			})
		}
		done.Wait()
		in := 0
		for _, err := range got {
			if err == nil {
				in++
			} else {
				w.want(err, "auth.link_dead")
			}
		}
		if in != 1 {
			t.Fatalf("%d got in", in)
		}
		list, err := w.Members(console(1))
		w.must(err)
		if len(list) != 1 || !list[0].Joined || list[0].Name != "Rui Lima" || list[0].Role != Manager {
			t.Errorf("%+v", list)
		}
		for value, code := range map[string]string{"": "auth.email_bad", "nobody": "auth.email_bad", "a@b@c.com": "auth.email_bad"} {
			_, _, err := w.AddMember(console(1), NewMember{Email: value, Role: Agent})
			w.want(err, code)
		}
		_, _, err = w.AddMember(console(1), NewMember{Email: "x@example.com"})
		w.want(err, "auth.role_unknown")
	})
}

// TestInviteOfKnown: an invitation to a second workspace cannot be used to take the account over.
func TestInviteOfKnown(t *testing.T) {
	each(t, func(w *world) {
		none := context.Background()
		_, ctx, first := w.member(1, "ana@example.com", Agent)
		m, link, err := w.AddMember(console(2), NewMember{Email: "ana@example.com", Role: Admin})
		w.must(err)
		info, err := w.LinkInfo(none, link.Secret)
		w.must(err)
		if !info.HasPassword {
			t.Error("a new password is asked for")
		}
		_, err = w.Redeem(none, link.Secret, Redeem{Password: nextPassword}, home)
		w.want(err, "auth.wrong_credentials")
		_, err = w.Switch(ctx, 2, home)
		w.want(err, "auth.forbidden")
		in, err := w.Join(ctx, link.Secret, home)
		w.must(err)
		if in.Actor.Workspace != 2 || in.Actor.Role != Admin || in.Actor.Member != m.ID || w.alive(first) {
			t.Errorf("%+v", in.Actor)
		}
		both, err := w.Workspaces(w.as(in))
		w.must(err)
		if len(both) != 2 {
			t.Errorf("workspaces %v", both)
		}
		// The admin of the second workspace cannot reset what the first relies on; the console can.
		_, boss, _ := w.member(2, "boss@example.com", Admin)
		_, err = w.MemberLink(boss, m.ID)
		w.want(err, "auth.other_workspaces")
		w.want(w.DropSecond(boss, m.ID), "auth.other_workspaces")
		_, err = w.MemberLink(console(2), m.ID)
		w.must(err)
		back, err := w.Switch(w.as(in), 1, home)
		w.must(err)
		if back.Actor.Workspace != 1 || back.Actor.Role != Agent || w.alive(in) {
			t.Errorf("%+v", back.Actor)
		}
		// Gone from one workspace, still in the other; gone from both, forgotten.
		w.must(w.RemoveMember(boss, m.ID))
		if !w.alive(back) {
			t.Error("the session in the other workspace ended")
		}
		w.must(w.RemoveMember(console(1), back.Actor.Member))
		if n := w.count(`SELECT COUNT(*) FROM login WHERE email_key = 'ana@example.com'`); n != 0 || w.alive(back) {
			t.Errorf("%d logins left", n)
		}
	})
}

func TestSessionLife(t *testing.T) {
	each(t, func(w *world) {
		_, ctx, in := w.member(1, "ana@example.com", Agent)
		for _, secret := range []string{"", "x", in.Session + "x", in.Session[:42] + "=", strings.Repeat("A", 43), hashOf(in.Session)} {
			_, err := w.Authenticate(context.Background(), secret)
			w.want(err, "auth.signed_out")
		}
		if n := w.count(`SELECT COUNT(*) FROM session WHERE hash = $1`, in.Session); n != 0 {
			t.Error("the secret itself is in the base")
		}
		// Used again and again it lives to its end, not longer.
		for range 14 * 24 * 2 / 23 {
			w.pass(11*time.Hour + 30*time.Minute)
			if !w.alive(in) {
				t.Fatalf("ended at %v", w.now())
			}
		}
		w.pass(12*time.Hour - time.Second)
		if w.alive(in) {
			t.Error("older than its life")
		}
		// Not used it ends before.
		idle, err := w.SignIn(context.Background(), "ana@example.com", goodPassword, home)
		w.must(err)
		w.pass(12*time.Hour - time.Second)
		if !w.alive(idle) {
			t.Error("ended before it was idle for so long")
		}
		w.pass(12 * time.Hour)
		if w.alive(idle) {
			t.Error("was idle and lives")
		}
		w.must(w.Sweep(context.Background()))
		if n := w.count(`SELECT COUNT(*) FROM session`); n != 0 {
			t.Errorf("%d sessions left", n)
		}
		_ = ctx
	})
}

// TestEndings: what ends with what, see revoke.go. Three sessions of the person, one of them acts; one session of another.
func TestEndings(t *testing.T) {
	for name, tt := range map[string]struct {
		do   func(w *world, m Member, ctx context.Context) (SignedIn, error)
		keep bool // the session that acts
		all  bool // the others go
	}{
		"nothing":  {func(*world, Member, context.Context) (SignedIn, error) { return SignedIn{}, nil }, true, false},
		"sign out": {func(w *world, _ Member, ctx context.Context) (SignedIn, error) { return SignedIn{}, w.SignOut(ctx) }, false, false},
		"everywhere": {func(w *world, _ Member, ctx context.Context) (SignedIn, error) {
			return SignedIn{}, w.SignOutEverywhere(ctx)
		}, false, true},
		"password": {func(w *world, _ Member, ctx context.Context) (SignedIn, error) {
			return w.ChangePassword(ctx, goodPassword, nextPassword, home)
		}, false, true},
		"reset by link": {func(w *world, m Member, _ context.Context) (SignedIn, error) {
			link, err := w.MemberLink(console(1), m.ID)
			w.must(err)
			return w.Redeem(context.Background(), link.Secret, Redeem{Password: nextPassword}, home)
		}, false, true},
		"role": {func(w *world, m Member, _ context.Context) (SignedIn, error) {
			return SignedIn{}, w.SetRole(console(1), m.ID, Manager)
		}, false, true},
		"same role": {func(w *world, m Member, _ context.Context) (SignedIn, error) {
			return SignedIn{}, w.SetRole(console(1), m.ID, Agent)
		}, true, false},
		"removed": {func(w *world, m Member, _ context.Context) (SignedIn, error) {
			return SignedIn{}, w.RemoveMember(console(1), m.ID)
		}, false, true},
		"second factor": {func(w *world, _ Member, ctx context.Context) (SignedIn, error) {
			e, err := w.StartTOTP(ctx, goodPassword, home)
			w.must(err)
			_, err = w.ConfirmTOTP(ctx, w.code(e))
			return SignedIn{}, err
		}, true, true},
		"second factor lost": {func(w *world, m Member, _ context.Context) (SignedIn, error) {
			return SignedIn{}, w.DropSecond(console(1), m.ID)
		}, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(w *world) {
				none := context.Background()
				m, ctx, acts := w.member(1, "ana@example.com", Agent)
				_, _, stranger := w.member(1, "rui@example.com", Agent)
				var others []SignedIn
				for range 2 {
					in, err := w.SignIn(none, "ana@example.com", goodPassword, Client{IP: "198.51.100.7"})
					w.must(err)
					others = append(others, in)
				}
				reset, sent, err := w.RequestReset(none, "ana@example.com", home)
				if !sent {
					t.Fatal(err)
				}
				fresh, err := tt.do(w, m, ctx)
				w.must(err)
				if w.alive(acts) != tt.keep {
					t.Errorf("the session that acted: alive is %v", !tt.keep)
				}
				for _, o := range others {
					if w.alive(o) == tt.all {
						t.Errorf("another session: alive is %v", tt.all)
					}
				}
				if !w.alive(stranger) {
					t.Error("somebody else's session ended")
				}
				if fresh.Session != "" && (!w.alive(fresh) || fresh.Session == acts.Session) {
					t.Error("no new session")
				}
				_, err = w.LinkInfo(none, reset.Link.Secret)
				if died := errs.CodeOf(err) == "auth.link_dead"; died != (tt.all && name != "role") {
					t.Errorf("the reset link: dead is %v", died)
				}
			})
		})
	}
}

func TestSessionsOfOnesOwn(t *testing.T) {
	each(t, func(w *world) {
		_, ctx, mine := w.member(1, "ana@example.com", Agent)
		w.pass(time.Minute)
		other, err := w.SignIn(context.Background(), "ana@example.com", goodPassword, Client{IP: "198.51.100.7\x00", UserAgent: "ônibus\x1b[2J" + strings.Repeat("x", 999)})
		w.must(err)
		_, stranger, _ := w.member(1, "rui@example.com", Admin)
		list, err := w.Sessions(ctx)
		w.must(err)
		if len(list) != 2 || list[0].Current || !list[1].Current || list[0].Client.IP != "198.51.100.7" || len(list[0].Client.UserAgent) > maxAgent || strings.Contains(list[0].Client.UserAgent, "\x1b") {
			t.Fatalf("%+v", list)
		}
		w.want(w.EndSession(stranger, list[0].ID), "auth.session_unknown")
		w.must(w.EndSession(ctx, list[0].ID))
		if w.alive(other) || !w.alive(mine) {
			t.Error("the wrong session ended")
		}
		w.want(w.EndSession(console(1), list[0].ID), "auth.person_only")
		w.want(w.EndSession(context.Background(), list[0].ID), "auth.signed_out")
	})
}

func TestLastAdmin(t *testing.T) {
	each(t, func(w *world) {
		ana, ctx, _ := w.member(1, "ana@example.com", Admin)
		_, _, err := w.AddMember(ctx, NewMember{Email: "invited@example.com", Role: Admin})
		w.must(err)
		w.member(2, "elsewhere@example.com", Admin)
		w.want(w.SetRole(ctx, ana.ID, Agent), "auth.last_admin")
		w.want(w.RemoveMember(console(1), ana.ID), "auth.last_admin")
		rui, _, _ := w.member(1, "rui@example.com", Admin)
		// Two admins who demote each other at once: one stays.
		var both sync.WaitGroup
		var got [2]error
		for i, id := range []MemberID{ana.ID, rui.ID} {
			both.Go(func() { got[i] = w.SetRole(console(1), id, Agent) })
		}
		both.Wait()
		if (got[0] == nil) == (got[1] == nil) {
			t.Fatalf("%v, %v", got[0], got[1])
		}
		if n := w.count(`SELECT COUNT(*) FROM member WHERE workspace_id = 1 AND role = 'admin' AND email <> 'invited@example.com'`); n != 1 {
			t.Errorf("%d admins", n)
		}
		w.want(w.SetRole(console(1), 99, Agent), "auth.member_unknown")
		w.want(w.SetRole(console(2), ana.ID+1000, Agent), "auth.member_unknown")
	})
}

// TestOtherWorkspace: an admin reaches nothing of another workspace, whatever number is named.
func TestOtherWorkspace(t *testing.T) {
	each(t, func(w *world) {
		_, one, _ := w.member(1, "ana@example.com", Admin)
		_, _, _ = w.member(1, "zoe@example.com", Admin)
		_, two, _ := w.member(2, "rui@example.com", Admin)
		for range 2 { // numbers that workspace 1 does not have
			_, _, err := w.AddMember(two, NewMember{Email: "x" + time.Duration(w.count(`SELECT COUNT(*) FROM member`)).String() + "@example.com", Role: Agent})
			w.must(err)
		}
		theirs := MemberID(3)
		w.want(w.SetRole(one, theirs, Admin), "auth.member_unknown")
		w.want(w.RemoveMember(one, theirs), "auth.member_unknown")
		w.want(w.DropSecond(one, theirs), "auth.member_unknown")
		_, err := w.MemberLink(one, theirs)
		w.want(err, "auth.member_unknown")
		_, token, err := w.AddToken(two, NewToken{Name: "t", Role: Agent, Scopes: ScopeRead})
		w.must(err)
		w.want(w.RevokeToken(one, token.ID), "auth.token_unknown")
		team, err := w.AddTeam(two, "Vendas")
		w.must(err)
		w.want(w.SetTeamMembers(one, team.ID, nil), "auth.team_unknown")
		w.want(w.RemoveTeam(one, team.ID), "auth.team_unknown")
		mine, err := w.AddTeam(one, "Vendas")
		w.must(err)
		w.want(w.SetTeamMembers(one, mine.ID, []MemberID{theirs}), "auth.member_unknown")
		w.exec(`INSERT INTO contact_group (workspace_id, id, name, name_key, created_at) VALUES (2, 5, 'g', 'g', 0)`)
		w.want(w.RestrictGroup(one, 5, nil, nil), "auth.group_unknown")
		_, _, err = w.AddToken(one, NewToken{Name: "t", Role: Agent, Scopes: ScopeRead, Group: 5})
		w.want(err, "auth.group_unknown")
		list, err := w.Members(one)
		w.must(err)
		if len(list) != 2 {
			t.Errorf("sees %d members", len(list))
		}
	})
}
