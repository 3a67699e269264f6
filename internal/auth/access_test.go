package auth

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"cadastro/internal/db"
	"cadastro/internal/errs"

	"pgregory.net/rapid"
)

func TestToken(t *testing.T) {
	each(t, func(w *world) {
		none := context.Background()
		m, ctx, _ := w.member(1, "ana@example.com", Admin)
		w.member(1, "zoe@example.com", Admin)
		token, info, err := w.AddToken(ctx, NewToken{Name: "ERP", Role: Manager, Scopes: ScopeRead | ScopeImport})
		w.must(err)
		if len(token) != tokenLen || !strings.HasPrefix(token, info.Shown) || info.Shown[:4] != "cad_" || info.ExpiresAt != w.now().Add(DefaultTokenLife) {
			t.Errorf("%+v", info)
		}
		a, err := w.AuthenticateToken(none, token)
		w.must(err)
		if a.Kind != Token || a.Workspace != 1 || a.Token != info.ID || a.Member != m.ID || !a.May(ImportsRun) || a.May(ContactsWrite) || a.May(ExportsRun) || a.May(MembersManage) {
			t.Errorf("%+v", a)
		}
		for _, bad := range []string{"", "cad_", token + "a", token[:len(token)-1], strings.ToUpper(token), token[:20] + "a" + token[21:], newToken(), "cad_" + strings.Repeat("a", 58)} {
			if bad == token {
				continue
			}
			_, err := w.AuthenticateToken(none, bad)
			w.want(err, "auth.token_bad")
		}
		list, err := w.Tokens(ctx)
		w.must(err)
		if len(list) != 1 || list[0].UsedAt != w.now() || list[0].Scopes != ScopeRead|ScopeImport {
			t.Errorf("%+v", list)
		}
		if w.count(`SELECT COUNT(*) FROM api_token WHERE hash = $1 OR prefix = $1`, token) != 0 || w.count(`SELECT COUNT(*) FROM api_token_hash WHERE hash = $1`, hashOf(token)) != 1 {
			t.Error("the token itself is in the base")
		}
		// A token is no session and signs nobody in.
		_, err = w.Authenticate(none, token)
		w.want(err, "auth.signed_out")
		w.want(w.SignOutEverywhere(With(none, a)), "auth.person_only")
		// Its role falls with its maker's, and it ends with its maker.
		w.must(w.SetRole(console(1), m.ID, Agent))
		a, err = w.AuthenticateToken(none, token)
		w.must(err)
		if a.Role != Agent || a.May(ImportsRun) {
			t.Errorf("stronger than its maker: %+v", a)
		}
		w.must(w.SetRole(console(1), m.ID, Admin))
		w.must(w.RemoveMember(console(1), m.ID))
		_, err = w.AuthenticateToken(none, token)
		w.want(err, "auth.token_bad")

		cli, own, err := w.AddToken(console(1), NewToken{Name: "script", Role: Admin, Scopes: AllScopes, Life: 2 * time.Hour})
		w.must(err)
		w.pass(2*time.Hour - time.Second)
		_, err = w.AuthenticateToken(none, cli)
		w.must(err)
		w.pass(time.Second)
		_, err = w.AuthenticateToken(none, cli)
		w.want(err, "auth.token_expired")
		w.must(w.RevokeToken(console(1), own.ID))
		_, err = w.AuthenticateToken(none, cli)
		w.want(err, "auth.token_bad")
		w.want(w.RevokeToken(console(1), own.ID), "auth.token_unknown")

		for n, code := range map[NewToken]string{
			{Role: Agent, Scopes: ScopeRead}:                                                   "auth.name_bad",
			{Name: "x", Scopes: ScopeRead}:                                                     "auth.role_unknown",
			{Name: "x", Role: Agent}:                                                           "auth.scopes_none",
			{Name: "x", Role: Agent, Scopes: 0x80}:                                             "auth.scopes_none",
			{Name: "x", Role: Agent, Scopes: ScopeRead | ScopeExport}:                          "auth.scope_beyond_role",
			{Name: "x", Role: Agent, Scopes: ScopeRead, Life: time.Minute}:                     "auth.token_life",
			{Name: "x", Role: Agent, Scopes: ScopeRead, Life: MaxTokenLife + time.Microsecond}: "auth.token_life",
			{Name: "x", Role: Agent, Scopes: ScopeRead, Group: 77}:                             "auth.group_unknown",
		} {
			_, _, err := w.AddToken(console(1), n)
			w.want(err, code)
		}
	})
}

// TestNothingStronger: whatever a token with the scope admin makes, directly or round a corner, can do no more than it.
func TestNothingStronger(t *testing.T) {
	each(t, func(w *world) {
		none := context.Background()
		w.member(1, "boss@example.com", Admin)
		victim, _, _ := w.member(1, "zoe@example.com", Admin)
		agent, _, _ := w.member(1, "rui@example.com", Agent)
		made := 0
		for scopes := ScopeAdmin; scopes <= AllScopes; scopes++ {
			parent, info, err := w.AddToken(console(1), NewToken{Name: "p", Role: Admin, Scopes: scopes, Life: 48 * time.Hour})
			w.must(err)
			a, err := w.AuthenticateToken(none, parent)
			w.must(err)
			ctx := With(none, a)
			for _, role := range Roles() {
				for _, s := range []Scopes{ScopeRead, ScopeExport, ScopeErase, ScopeAdmin, scopes, AllScopes, scopes &^ ScopeAdmin} {
					if s = s & role.Scopes(); s == 0 {
						continue
					}
					child, _, err := w.AddToken(ctx, NewToken{Name: "c", Role: role, Scopes: s, Life: time.Hour})
					if !scopes.Has(s) {
						w.want(err, "auth.too_strong")
						continue
					}
					w.must(err)
					made++
					if scopes != AllScopes && role == Admin {
						continue // looked at by TestCovers for all
					}
					b, err := w.AuthenticateToken(none, child)
					w.must(err)
					for _, p := range Permissions() {
						if b.May(p) && !a.May(p) {
							t.Fatalf("%v made a token that may %v", scopes, p)
						}
					}
				}
			}
			if _, _, err := w.AddToken(ctx, NewToken{Name: "c", Role: Agent, Scopes: ScopeAdmin&Agent.Scopes() | ScopeRead, Life: 49 * time.Hour}); errs.KindOf(err) != errs.Forbidden {
				t.Errorf("%v: a token that outlives its maker: %v", scopes, err)
			}
			// A link or a role for a person is as good as a token of all the role's scopes.
			_, err = w.MemberLink(ctx, victim.ID)
			if scopes != AllScopes {
				w.want(err, "auth.too_strong")
				w.want(w.SetRole(ctx, agent.ID, Admin), "auth.too_strong")
				w.want(w.DropSecond(ctx, victim.ID), "auth.too_strong")
				w.want(w.RemoveMember(ctx, victim.ID), "auth.too_strong")
				_, _, err = w.AddMember(ctx, NewMember{Email: "new@example.com", Role: Admin})
				w.want(err, "auth.too_strong")
			} else {
				w.must(err)
			}
			w.must(w.RevokeToken(console(1), info.ID))
		}
		if made == 0 {
			t.Error("nothing was made")
		}
	})
}

// TestWhoMayManage: each deed of this package asks for its permission, of each role, before anything else.
func TestWhoMayManage(t *testing.T) {
	each(t, func(w *world) {
		none := context.Background()
		m, _, _ := w.member(1, "zoe@example.com", Admin)
		deeds := map[string]func(ctx context.Context) error{
			"AddMember":      func(ctx context.Context) error { _, _, err := w.AddMember(ctx, NewMember{}); return err },
			"SetRole":        func(ctx context.Context) error { return w.SetRole(ctx, m.ID, Agent) },
			"RemoveMember":   func(ctx context.Context) error { return w.RemoveMember(ctx, m.ID) },
			"MemberLink":     func(ctx context.Context) error { _, err := w.MemberLink(ctx, m.ID); return err },
			"FirstLink":      func(ctx context.Context) error { _, err := w.FirstLink(ctx); return err },
			"DropSecond":     func(ctx context.Context) error { return w.DropSecond(ctx, m.ID) },
			"AddToken":       func(ctx context.Context) error { _, _, err := w.AddToken(ctx, NewToken{}); return err },
			"Tokens":         func(ctx context.Context) error { _, err := w.Tokens(ctx); return err },
			"RevokeToken":    func(ctx context.Context) error { return w.RevokeToken(ctx, 1) },
			"AddTeam":        func(ctx context.Context) error { _, err := w.AddTeam(ctx, "x"); return err },
			"SetTeamMembers": func(ctx context.Context) error { return w.SetTeamMembers(ctx, 1, nil) },
			"RemoveTeam":     func(ctx context.Context) error { return w.RemoveTeam(ctx, 1) },
			"RestrictGroup":  func(ctx context.Context) error { return w.RestrictGroup(ctx, 1, nil, nil) },
			"OpenGroup":      func(ctx context.Context) error { return w.OpenGroup(ctx, 1) },
		}
		digest := func() string {
			return fmt.Sprint(w.count(`SELECT COUNT(*) FROM member`), w.count(`SELECT COUNT(*) FROM one_time`), w.count(`SELECT COUNT(*) FROM api_token`),
				w.count(`SELECT COUNT(*) FROM team`), w.count(`SELECT COUNT(*) FROM session`), w.count(`SELECT COUNT(*) FROM group_access`))
		}
		before := digest()
		for name, do := range deeds {
			for _, a := range []Actor{{Kind: Person, Workspace: 1, Role: Agent, Scopes: AllScopes}, {Kind: Person, Workspace: 1, Role: Manager, Scopes: AllScopes},
				{Kind: Token, Workspace: 1, Role: Admin, Scopes: AllScopes &^ ScopeAdmin}} {
				if err := do(With(none, a)); errs.CodeOf(err) != "auth.forbidden" {
					t.Errorf("%s as %v: %v", name, a.Role, err)
				}
			}
			if err := do(none); errs.CodeOf(err) != "auth.signed_out" {
				t.Errorf("%s as nobody: %v", name, err)
			}
		}
		if after := digest(); after != before {
			t.Errorf("something was written: %s, before %s", after, before)
		}
	})
}

func TestSight(t *testing.T) {
	each(t, func(w *world) {
		for g := 1; g <= 6; g++ {
			w.exec(`INSERT INTO contact_group (workspace_id, id, name, name_key, created_at) VALUES (1, $1, $2, $2, 0), (2, $1, $2, $2, 0)`, g, fmt.Sprint("g", g))
		}
		boss, bossCtx, _ := w.member(1, "boss@example.com", Admin)
		ana, anaCtx, _ := w.member(1, "ana@example.com", Agent)
		rui, ruiCtx, _ := w.member(1, "rui@example.com", Manager)
		_, other, _ := w.member(2, "elsewhere@example.com", Agent)
		team, err := w.AddTeam(bossCtx, "  Vendas ")
		w.must(err)
		_, err = w.AddTeam(bossCtx, "VENDAS")
		w.want(err, "auth.team_exists")
		w.must(w.SetTeamMembers(bossCtx, team.ID, []MemberID{ana.ID, ana.ID}))
		w.must(w.RestrictGroup(bossCtx, 2, []TeamID{team.ID}, nil)) // ana by her team
		w.must(w.RestrictGroup(bossCtx, 3, nil, []MemberID{rui.ID}))
		w.must(w.RestrictGroup(bossCtx, 4, nil, nil)) // admins alone
		w.must(w.RestrictGroup(bossCtx, 5, nil, nil))
		w.must(w.OpenGroup(bossCtx, 5))
		w.want(w.RestrictGroup(bossCtx, 6, []TeamID{99}, nil), "auth.team_unknown")
		teams, err := w.Teams(anaCtx)
		w.must(err)
		if len(teams) != 1 || teams[0].Name != "Vendas" || !slices.Equal(teams[0].Members, []MemberID{ana.ID}) {
			t.Errorf("%+v", teams)
		}
		sight := func(ctx context.Context) (v Sight) {
			t.Helper()
			w.must(w.d.Read(ctx, func(ctx context.Context, q db.Querier) (err error) { v, err = w.Sight(ctx, q); return err }))
			return v
		}
		limited, _, err := w.AddToken(bossCtx, NewToken{Name: "one group", Role: Agent, Scopes: ScopeRead, Group: 3})
		w.must(err)
		a, err := w.AuthenticateToken(context.Background(), limited)
		w.must(err)
		w.must(w.RestrictGroup(bossCtx, 3, nil, []MemberID{rui.ID, boss.ID}))
		script, _, err := w.AddToken(console(1), NewToken{Name: "script", Role: Agent, Scopes: ScopeRead})
		w.must(err)
		b, err := w.AuthenticateToken(context.Background(), script)
		w.must(err)
		for _, tt := range []struct {
			groups []int64
			sees   string // a: ana, r: rui, b: boss, o: the other workspace's, t: the token of group 3, s: the script
		}{
			{nil, "arbos"}, {[]int64{1}, "arbos"}, {[]int64{2}, "abo"}, {[]int64{3}, "rbot"}, {[]int64{4}, "bo"}, {[]int64{5}, "arbos"},
			{[]int64{2, 3}, "arbot"}, {[]int64{1, 4}, "bo"}, {[]int64{1, 2, 4}, "abo"}, {[]int64{3, 4}, "rbot"}, {[]int64{4, 5}, "bo"},
		} {
			for who, ctx := range map[string]context.Context{"a": anaCtx, "r": ruiCtx, "b": bossCtx, "o": other, "t": With(context.Background(), a), "s": With(context.Background(), b)} {
				if got := sight(ctx).Sees(tt.groups); got != strings.Contains(tt.sees, who) {
					t.Errorf("%s, groups %v: %v", who, tt.groups, got)
				}
			}
		}
		// What a team or a member gave goes with them.
		w.must(w.RemoveTeam(bossCtx, team.ID))
		if v := sight(anaCtx); v.Sees([]int64{2}) {
			t.Errorf("%+v", v)
		}
		w.must(w.RemoveMember(bossCtx, rui.ID))
		if n := w.count(`SELECT COUNT(*) FROM group_access WHERE member_id = $1`, int64(rui.ID)); n != 0 {
			t.Errorf("%d left", n)
		}
		// Who may see nothing sees nothing, also when the error is overlooked.
		var v Sight
		w.want(w.d.Read(context.Background(), func(ctx context.Context, q db.Querier) (err error) { v, err = w.Sight(ctx, q); return err }), "auth.signed_out")
		if v.Sees(nil) || v.Sees([]int64{1}) {
			t.Error("nobody sees something")
		}
	})
}

// TestSees: more groups that one is let into never show less, more hidden ones never more.
func TestSees(t *testing.T) {
	t.Parallel()
	groups := rapid.Map(rapid.SliceOfN(rapid.Int64Range(1, 9), 0, 5), func(g []int64) []int64 { slices.Sort(g); return slices.Compact(g) })
	rapid.Check(t, func(r *rapid.T) {
		of := groups.Draw(r, "of")
		shown, hidden := groups.Draw(r, "shown"), groups.Draw(r, "hidden")
		hidden = slices.DeleteFunc(hidden, func(g int64) bool { return slices.Contains(shown, g) })
		v := Sight{Shown: shown, Hidden: hidden}
		in := func(list []int64) bool {
			return slices.ContainsFunc(of, func(g int64) bool { return slices.Contains(list, g) })
		}
		if want := in(shown) || !in(hidden); v.Sees(of) != want {
			r.Fatalf("%v sees %v: %v", v, of, !want)
		}
		only := rapid.Int64Range(1, 9).Draw(r, "only")
		if (Sight{All: true, Only: only}).Sees(of) != slices.Contains(of, only) {
			r.Fatalf("only %d, of %v", only, of)
		}
	})
}

func TestIdentity(t *testing.T) {
	each(t, func(w *world) {
		none := context.Background()
		who := Identity{Issuer: "https://id.example.com", Subject: "1", Email: "Ana@example.com", EmailVerified: true, Name: "Ana"}
		_, err := w.SignInIdentity(none, who, home)
		w.want(err, "auth.oidc_no_member")
		_, link, err := w.AddMember(console(1), NewMember{Email: "ana@example.com", Role: Agent})
		w.must(err)
		unverified := who
		unverified.EmailVerified = false
		_, err = w.SignInIdentity(none, unverified, home)
		w.want(err, "auth.oidc_unverified")
		in, err := w.SignInIdentity(none, who, home)
		w.must(err)
		if in.Actor.Name != "ana" || !w.alive(in) {
			t.Errorf("%+v", in)
		}
		// The invitation is taken up: its link sets no password any more.
		_, err = w.Redeem(none, link.Secret, Redeem{Password: goodPassword}, home)
		w.want(err, "auth.link_dead")
		// Once linked the subject counts, not the address, which the provider may give to somebody else.
		moved := who
		moved.Email, moved.EmailVerified = "ana.new@example.com", false
		_, err = w.SignInIdentity(none, moved, home)
		w.must(err)
		heir := who
		heir.Subject = "2"
		_, err = w.SignInIdentity(none, heir, home)
		w.want(err, "auth.oidc_other_account")
		elsewhere := who
		elsewhere.Issuer = "https://other.example.com"
		_, err = w.SignInIdentity(none, elsewhere, home)
		w.must(err)
		// An invitation to a second workspace does not ask for a password that is not there, nor sets one.
		_, second, err := w.AddMember(console(2), NewMember{Email: "ana@example.com", Role: Admin})
		w.must(err)
		_, err = w.Redeem(none, second.Secret, Redeem{Password: goodPassword}, home)
		w.want(err, "auth.sign_in_first")
		in, err = w.Join(w.as(in), second.Secret, home)
		w.must(err)
		ctx := w.as(in)
		w.must(w.UnlinkIdentity(ctx, elsewhere.Issuer))
		w.want(w.UnlinkIdentity(ctx, who.Issuer), "auth.oidc_last")
		// With a password set, too, all may be unlinked, and a provider's word alone links nothing again.
		in, err = w.ChangePassword(ctx, "", goodPassword, home)
		w.must(err)
		ctx = w.as(in)
		w.must(w.UnlinkIdentity(ctx, who.Issuer))
		_, err = w.SignInIdentity(none, who, home)
		w.want(err, "auth.oidc_link_first")
		w.must(w.LinkIdentity(ctx, who))
		w.must(w.LinkIdentity(ctx, who))
		_, err = w.SignInIdentity(none, who, home)
		w.must(err)
		_, rui, _ := w.member(1, "rui@example.com", Agent)
		w.want(w.LinkIdentity(rui, who), "auth.oidc_taken")
		w.want(w.LinkIdentity(ctx, heir), "auth.oidc_other_account")
		w.want(w.LinkIdentity(ctx, Identity{Issuer: "x"}), "auth.oidc_failed")
		// The second factor is asked for here too.
		e, err := w.StartTOTP(ctx, goodPassword, home)
		w.must(err)
		_, err = w.ConfirmTOTP(ctx, w.code(e))
		w.must(err)
		in, err = w.SignInIdentity(none, who, home)
		w.must(err)
		if in.Session != "" || in.Second == "" {
			t.Error("in without the second factor")
		}
		// Removed everywhere, the identity opens nothing.
		all := w.count(`SELECT COUNT(*) FROM login_member WHERE login_id = 1`)
		for ws := range all {
			list, err := w.Members(console(ws + 1))
			w.must(err)
			for _, m := range list {
				if m.Email == "ana@example.com" {
					w.exec(`UPDATE member SET role = 'agent' WHERE workspace_id = $1 AND id = $2`, ws+1, int64(m.ID))
					w.must(w.RemoveMember(console(ws+1), m.ID))
				}
			}
		}
		_, err = w.SignInIdentity(none, who, home)
		w.want(err, "auth.oidc_no_member")
	})
}
