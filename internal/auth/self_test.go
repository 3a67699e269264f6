package auth

import (
	"context"
	"slices"
	"testing"
	"time"
)

// TestSelf: a person sees their own account as it is, and what they chose comes back with the next request.
func TestSelf(t *testing.T) {
	each(t, func(w *world) {
		_, ctx, in := w.member(1, "ana@example.com", Manager)
		self, err := w.Self(ctx)
		w.must(err)
		if self.Email != "ana@example.com" || !self.HasPassword || self.Second || self.Recovery != 0 || len(self.Identities) != 0 ||
			!slices.Equal(self.Workspaces, []OwnWorkspace{{1, "One", Manager}}) {
			t.Fatalf("%+v", self)
		}
		w.want(w.SetPreferences(ctx, Preferences{Name: " ", Language: "es"}), "auth.name_bad")
		w.want(w.SetPreferences(ctx, Preferences{Name: "Ana", TimeZone: "Local"}), "auth.time_zone_unknown")
		w.want(w.SetPreferences(ctx, Preferences{Name: "Ana", TimeZone: "Mars/Olympus"}), "auth.time_zone_unknown")
		want := Preferences{Name: "Ana Souza", Language: "es", TimeZone: "America/Lima", KeysOff: true}
		w.must(w.SetPreferences(ctx, want))
		self, err = w.Self(ctx)
		w.must(err)
		a, err := w.Authenticate(context.Background(), in.Session)
		w.must(err)
		if self.Preferences != want || a.Name != want.Name || a.Language != "es" || a.TimeZone != want.TimeZone || !a.KeysOff {
			t.Fatalf("%+v, %+v", self.Preferences, a)
		}
		e, err := w.StartTOTP(ctx, goodPassword, home)
		w.must(err)
		_, err = w.ConfirmTOTP(ctx, w.code(e))
		w.must(err)
		w.must(w.LinkIdentity(ctx, Identity{Issuer: "https://id.example.com", Subject: "7"}))
		self, err = w.Self(ctx)
		w.must(err)
		if !self.Second || self.Recovery != recoveryCodes || len(self.Identities) != 1 || self.Identities[0].Issuer != "https://id.example.com" {
			t.Fatalf("%+v", self)
		}
		if _, err := w.Self(console(1)); err == nil {
			t.Fatal("the console has an account")
		}
	})
}

// TestSeen: the list of members tells when each was last here, and who has a second factor.
func TestSeen(t *testing.T) {
	each(t, func(w *world) {
		_, ctx, in := w.member(1, "ana@example.com", Admin)
		_, _, err := w.AddMember(ctx, NewMember{Email: "rui@example.com", Role: Agent})
		w.must(err)
		w.pass(10 * time.Minute)
		_, err = w.Authenticate(context.Background(), in.Session)
		w.must(err)
		list, err := w.Members(ctx)
		w.must(err)
		if len(list) != 2 || !list[0].SeenAt.Equal(w.now()) || !list[1].SeenAt.IsZero() || list[0].Second {
			t.Fatalf("%+v", list)
		}
	})
}

// TestRestricted: who is let into a group is told as it was said.
func TestRestricted(t *testing.T) {
	each(t, func(w *world) {
		m, ctx, _ := w.member(1, "ana@example.com", Admin)
		_, agent, _ := w.member(1, "rui@example.com", Agent)
		team, err := w.AddTeam(ctx, "Sul")
		w.must(err)
		w.exec(`INSERT INTO contact_group (workspace_id, id, name, name_key, created_at) VALUES (1, 5, 'A', 'a', 0), (1, 6, 'B', 'b', 0), (1, 7, 'C', 'c', 0), (2, 5, 'X', 'x', 0)`)
		w.must(w.RestrictGroup(ctx, 5, []TeamID{team.ID}, []MemberID{m.ID}))
		w.must(w.RestrictGroup(ctx, 6, nil, nil))
		got, err := w.Restricted(ctx)
		w.must(err)
		if len(got) != 2 || !slices.Equal(got[5].Teams, []TeamID{team.ID}) || !slices.Equal(got[5].Members, []MemberID{m.ID}) || got[6].Teams != nil || got[6].Members != nil {
			t.Fatalf("%+v", got)
		}
		_, err = w.Restricted(agent)
		w.want(err, "auth.forbidden")
	})
}

// TestResetGreets: a reset knows the name and the language to write in.
func TestResetGreets(t *testing.T) {
	each(t, func(w *world) {
		_, ctx, _ := w.member(1, "ana@example.com", Admin)
		w.must(w.SetPreferences(ctx, Preferences{Name: "Ana Souza", Language: "en"}))
		r, ok, err := w.RequestReset(context.Background(), "ana@example.com", home)
		w.must(err)
		if !ok || r.Name != "Ana Souza" || r.Language != "en" {
			t.Fatalf("%+v %v", r, ok)
		}
	})
}

// TestSetTeam: a team takes another name, but not that of another team.
func TestSetTeam(t *testing.T) {
	each(t, func(w *world) {
		m, ctx, _ := w.member(1, "ana@example.com", Admin)
		a, err := w.AddTeam(ctx, "Sul")
		w.must(err)
		b, err := w.AddTeam(ctx, "Norte")
		w.must(err)
		w.want(w.SetTeam(ctx, b.ID, "SÚL", nil), "auth.team_exists")
		w.want(w.SetTeam(ctx, 99, "Leste", nil), "auth.team_unknown")
		w.want(w.SetTeam(ctx, b.ID, "", nil), "auth.name_bad")
		w.want(w.SetTeam(console(2), b.ID, "Leste", nil), "auth.team_unknown")
		w.must(w.SetTeam(ctx, a.ID, "sul", []MemberID{m.ID}))
		list, err := w.Teams(ctx)
		w.must(err)
		if len(list) != 2 || list[1].Name != "sul" || !slices.Equal(list[1].Members, []MemberID{m.ID}) {
			t.Fatalf("%+v", list)
		}
	})
}
