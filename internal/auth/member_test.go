package auth

import (
	"sync"
	"testing"
	"time"
)

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
