package auth

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"cadastro/internal/db"
)

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

// TestResetOnce: of many who use one reset link at the same moment one sets the password.
func TestResetOnce(t *testing.T) {
	each(t, func(w *world) {
		none := context.Background()
		w.member(1, "ana@example.com", Agent)
		reset, _, err := w.RequestReset(none, "ana@example.com", home)
		w.must(err)
		info, err := w.LinkInfo(none, reset.Link.Secret)
		w.must(err)
		for i := range 2 { // as two would who both looked at the link before either used it
			err := w.d.Write(none, func(ctx context.Context, tx *db.Tx) error {
				_, err := w.redeem(ctx, tx, hashOf(reset.Link.Secret), info, Redeem{}, w.hasher.dummy, home)
				return err
			})
			w.want(err, []string{"", "auth.link_dead"}[i])
		}
	})
}

// TestFirstLinkAfterAdmin: the console's link is dead once somebody else became administrator.
func TestFirstLinkAfterAdmin(t *testing.T) {
	each(t, func(w *world) {
		link, err := w.FirstLink(console(1))
		w.must(err)
		w.member(1, "ana@example.com", Admin)
		_, err = w.LinkInfo(context.Background(), link.Secret)
		w.want(err, "auth.has_admin")
	})
}
