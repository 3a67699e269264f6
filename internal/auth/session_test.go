package auth

import (
	"context"
	"strings"
	"testing"
	"time"

	"cadastro/internal/errs"
)

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
