package auth

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"

	"cadastro/internal/errs"

	"pgregory.net/rapid"
)

// table is what SPEC says of roles, written a second time and in other words: what each role has beyond the one beneath.
var table = map[Role]string{
	Agent: "contacts.read contacts.write conversations.write members.read fields.read",
	Manager: "contacts.delete contacts.merge tags.manage groups.manage imports.read imports.run exports.run audiences.read audiences.write " +
		"campaigns.send do_not_contact.manage",
	Admin: "contacts.erase groups.restrict privacy.report members.manage fields.manage tokens.manage settings.read settings.manage audit.read",
}

// TestEveryPermission asks for each role × permission × set of scopes × workspace, as a person, a token and nobody.
func TestEveryPermission(t *testing.T) {
	t.Parallel()
	asked, yes := 0, 0
	var held []string
	for _, role := range Roles() {
		held = append(held, strings.Fields(table[role])...)
		for _, p := range Permissions() {
			if p.String() == "" || p.Scope() == 0 || p.Scope()&(p.Scope()-1) != 0 {
				t.Fatalf("permission %d: name %q, scope %v", p, p, p.Scope())
			}
			for scopes := Scopes(0); scopes <= AllScopes; scopes++ {
				kind := Token
				if scopes == AllScopes {
					kind = Person
				}
				ctx := With(context.Background(), Actor{Kind: kind, Workspace: 7, Role: role, Scopes: scopes})
				want := errs.Forbidden
				may := slices.Contains(held, p.String()) && scopes.Has(p.Scope())
				err := Require(ctx, p)
				if (err == nil) != may || err != nil && errs.KindOf(err) != want {
					t.Errorf("%v with %v: %v is %v, want %v", role, scopes, p, err, may)
				}
				if here := RequireIn(ctx, 7, p); (here == nil) != may {
					t.Errorf("%v: %v in its workspace is %v", role, p, here)
				}
				for _, other := range []int64{0, 6, 8, -7} {
					if err := RequireIn(ctx, other, p); errs.KindOf(err) != errs.Forbidden || err == nil {
						t.Errorf("%v: %v in workspace %d is %v", role, p, other, err)
					}
				}
				asked++
				if may {
					yes++
				}
			}
			for _, ctx := range []context.Context{context.Background(), With(context.Background(), Actor{}), With(context.Background(), Actor{Role: Admin, Scopes: AllScopes})} {
				if err := Require(ctx, p); errs.KindOf(err) != errs.Unauthenticated {
					t.Errorf("nobody: %v is %v", p, err)
				}
			}
		}
	}
	if len(held) != len(Permissions()) || yes == 0 || yes == asked {
		t.Errorf("%d permissions in the table, %d in the code; %d of %d allowed", len(held), len(Permissions()), yes, asked)
	}
	for _, p := range []Permission{0, permissionEnd, 255} {
		for _, r := range []Role{0, Admin, Admin + 1, 255} {
			if r.May(p) {
				t.Errorf("role %d holds permission %d", r, p)
			}
		}
	}
	if Role(Admin+1).May(ContactsRead) || Role(0).May(ContactsRead) {
		t.Error("a role that is none holds something")
	}
}

// TestDocument: the table in docs/access.md is the table in the code.
func TestDocument(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/access.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(line, "|")
		if len(cells) != 6 || !strings.Contains(cells[1], ".") {
			continue
		}
		if rows++; rows > len(Permissions()) {
			t.Fatalf("more than the code has: %s", line)
		}
		p := Permissions()[rows-1]
		want := []string{p.String(), permissions[p].from.String(), p.Scope().String()}
		for i, w := range want {
			if got := strings.TrimSpace(cells[i+1]); got != w {
				t.Errorf("%v: the document has %q, the code %q", p, got, w)
			}
		}
	}
	if rows != len(Permissions()) {
		t.Errorf("the document has %d of %d permissions", rows, len(Permissions()))
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	for _, r := range Roles() {
		if got, err := ParseRole(r.String()); err != nil || got != r {
			t.Errorf("%v: %v, %v", r, got, err)
		}
	}
	for _, word := range []string{"", "root", "Admin", "admin "} {
		if _, err := ParseRole(word); errs.CodeOf(err) != "auth.role_unknown" {
			t.Errorf("%q: %v", word, err)
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		s := Scopes(rapid.IntRange(1, int(AllScopes)).Draw(r, "scopes"))
		if got, err := ParseScopes(s.String()); err != nil || got != s {
			r.Fatalf("%v: %v, %v", s, got, err)
		}
	})
	for word, code := range map[string]string{"": "auth.scopes_none", " , ": "auth.scopes_none", "read,all": "auth.scope_unknown", "read, write": ""} {
		if _, err := ParseScopes(word); errs.CodeOf(err) != code {
			t.Errorf("%q: %v", word, err)
		}
	}
}

// TestCovers: who covers a role and scopes can do each thing that somebody with them can.
func TestCovers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		role := rapid.SampledFrom(Roles())
		scopes := rapid.Map(rapid.IntRange(0, int(AllScopes)), func(n int) Scopes { return Scopes(n) })
		a := Actor{Kind: Token, Role: role.Draw(r, "role"), Scopes: scopes.Draw(r, "scopes")}
		b := Actor{Kind: Token, Role: role.Draw(r, "other role"), Scopes: scopes.Draw(r, "other scopes")}
		if !a.covers(b.Role, b.Scopes) {
			return
		}
		for _, p := range Permissions() {
			if b.May(p) && !a.May(p) {
				r.Fatalf("%v %v makes %v %v, who may %v", a.Role, a.Scopes, b.Role, b.Scopes, p)
			}
		}
	})
}
