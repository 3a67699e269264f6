package settings_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/config"
	"cadastro/internal/mapping"
	"cadastro/internal/notify/webhook"

	"golang.org/x/net/html"
)

// TestRoles: each role sees the tabs of what it may, and no other.
func TestRoles(t *testing.T) {
	t.Parallel()
	k := serve(t)
	for role, want := range map[auth.Role][]string{
		auth.Agent:   {"fields", "members", "teams"},
		auth.Manager: {"fields", "tags", "groups", "members", "teams", "mappings", "do-not-contact"},
		auth.Admin:   {"fields", "tags", "groups", "members", "teams", "tokens", "webhooks", "mappings", "do-not-contact", "workspace"},
	} {
		first := ask(t, k, role, "/settings", nil)
		if first.status != 303 || first.to != "/settings/fields" {
			t.Errorf("%s: %d %s", role, first.status, first.to)
		}
		a := ask(t, k, role, "/settings/members", nil)
		var tabs []string
		for _, n := range a.find(func(n *html.Node) bool {
			return n.Data == "a" && n.Parent.Data == "nav" && strings.HasPrefix(attr(n.Parent, "class"), "tabs")
		}) {
			tabs = append(tabs, strings.TrimPrefix(attr(n, "href"), "/settings/"))
		}
		if a.status != 200 || !slices.Equal(tabs, want) {
			t.Errorf("%s: %d %v, want %v", role, a.status, tabs, want)
		}
		for _, tab := range []string{"fields", "tags", "groups", "members", "teams", "tokens", "webhooks", "mappings", "do-not-contact", "workspace"} {
			status := 403
			if slices.Contains(want, tab) {
				status = 200
			}
			if got := ask(t, k, role, "/settings/"+tab, nil); got.status != status {
				t.Errorf("%s at %s: %d, want %d", role, tab, got.status, status)
			}
		}
		if forms := a.find(func(n *html.Node) bool { return n.Data == "a" && attr(n, "href") == "/settings/members/new" }); (len(forms) > 0) != (role == auth.Admin) {
			t.Errorf("%s is offered to invite: %d", role, len(forms))
		}
	}
	// What is not offered is not done either.
	for _, path := range []string{"/settings/members", "/settings/members/1/role", "/settings/members/1/remove", "/settings/tokens", "/settings/workspace", "/settings/teams", "/settings/webhooks"} {
		if a := ask(t, k, auth.Manager, path, url.Values{"name": {"x"}}); a.status != 403 {
			t.Errorf("POST %s by a manager: %d", path, a.status)
		}
	}
}

// TestTokens: a token is shown this once, works, is limited as said, and stops with its revocation.
func TestTokens(t *testing.T) {
	t.Parallel()
	k := serve(t)
	faulty := ask(t, k, auth.Admin, "/settings/tokens", url.Values{"name": {"ERP"}, "role": {"agent"}, "scope": {"import"}, "days": {"30"}})
	if faulty.status != 422 || faulty.byID("faults") == nil || faulty.byID("scope-read-err") == nil || attr(faulty.byID("name"), "value") != "ERP" {
		t.Fatalf("%d %s", faulty.status, text(faulty.page))
	}
	for _, n := range faulty.find(func(n *html.Node) bool { return attr(n, "name") == "scope" }) {
		if on := attr(n, "value") == "import"; on != slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "checked" }) {
			t.Errorf("scope %s is not as it was sent", attr(n, "value"))
		}
	}
	made := ask(t, k, auth.Admin, "/settings/tokens", url.Values{"name": {"ERP <b>"}, "role": {"manager"}, "scope": {"read", "import"}, "days": {"30"}})
	secret := text(made.byID("made"))
	if made.status != 200 || !strings.HasPrefix(secret, auth.TokenPrefix) {
		t.Fatalf("%d %q", made.status, secret)
	}
	who, err := k.App.Auth.AuthenticateToken(context.Background(), secret)
	if err != nil || who.Role != auth.Manager || who.Scopes != auth.ScopeRead|auth.ScopeImport || who.Name != "ERP <b>" {
		t.Fatalf("%+v, %v", who, err)
	}
	list := ask(t, k, auth.Admin, "/settings/tokens", nil)
	if all := text(list.page); strings.Contains(all, secret) || !strings.Contains(all, secret[:12]+"…") || !strings.Contains(all, "Gestor : ler e importar") {
		t.Errorf("the list says %s", all)
	}
	if a := ask(t, k, auth.Admin, fmt.Sprintf("/settings/tokens/%d/revoke", who.Token), url.Values{}); a.status != 303 {
		t.Fatal(a.status)
	}
	if _, err := k.App.Auth.AuthenticateToken(context.Background(), secret); err == nil {
		t.Error("a revoked token works")
	}
	if all := text(ask(t, k, auth.Admin, "/settings/tokens", nil).page); !strings.Contains(all, "revogado") {
		t.Error("the list does not say so")
	}
	if a := ask(t, k, auth.Admin, "/settings/tokens/999/revoke", url.Values{}); a.status != 404 {
		t.Error(a.status)
	}
}

// TestMembers: role, reset link, new invitation, removal; the last administrator stays.
func TestMembers(t *testing.T) {
	t.Parallel()
	k := serve(t)
	agent, admin := k.Person(auth.Agent).Actor, k.Person(auth.Admin).Actor
	at := func(m auth.MemberID, what string) string { return fmt.Sprintf("/settings/members/%d%s", m, what) }
	if a := ask(t, k, auth.Admin, at(admin.Member, "/role"), url.Values{"role": {"agent"}}); a.status != 422 || !strings.Contains(text(a.byID("faults")), "único administrador") {
		t.Errorf("%d %s", a.status, text(a.byID("faults")))
	}
	if a := ask(t, k, auth.Admin, at(agent.Member, "/role"), url.Values{"role": {"emperor"}}); a.status != 422 {
		t.Error(a.status)
	}
	if a := ask(t, k, auth.Admin, at(agent.Member, "/role"), url.Values{"role": {"manager"}}); a.status != 303 {
		t.Error(a.status)
	}
	link := ask(t, k, auth.Admin, at(agent.Member, "/link"), url.Values{})
	if u := text(link.byID("made")); link.status != 200 || !strings.HasPrefix(u, k.URL+"/link/") {
		t.Errorf("%d %q", link.status, u)
	}
	dup := ask(t, k, auth.Admin, "/settings/members", url.Values{"email": {"AGENT@example.com"}, "role": {"agent"}})
	if dup.status != 422 || dup.byID("email-err") == nil || attr(dup.byID("email"), "value") != "AGENT@example.com" {
		t.Errorf("%d %s", dup.status, text(dup.page))
	}
	if a := ask(t, k, auth.Admin, at(agent.Member, "/remove"), url.Values{}); a.status != 303 {
		t.Error(a.status)
	}
	if a := ask(t, k, auth.Admin, at(agent.Member, ""), nil); a.status != 404 {
		t.Error(a.status)
	}
	other := k.Other().Person(auth.Admin).Actor
	for _, m := range []auth.MemberID{other.Member + 100, 0} {
		if a := ask(t, k, auth.Admin, at(m, ""), nil); a.status != 404 {
			t.Errorf("member %d: %d", m, a.status)
		}
	}
}

// TestTeams: a team is made, filled, renamed and removed.
func TestTeams(t *testing.T) {
	t.Parallel()
	k := serve(t)
	a := ask(t, k, auth.Admin, "/settings/teams", url.Values{"name": {"Vendas"}})
	if a.status != 303 {
		t.Fatal(a.status)
	}
	who := fmt.Sprint(k.Person(auth.Agent).Actor.Member)
	if again := ask(t, k, auth.Admin, "/settings/teams", url.Values{"name": {"vendas"}}); again.status != 422 || again.byID("name-err") == nil {
		t.Error(again.status)
	}
	if set := ask(t, k, auth.Admin, a.to, url.Values{"name": {"Vendas Sul"}, "member": {who, "999x"}}); set.status != 303 {
		t.Fatal(set.status)
	}
	if all := text(ask(t, k, auth.Agent, "/settings/teams", nil).page); !strings.Contains(all, "Vendas Sul 1 Téo Atendente") {
		t.Error(all)
	}
	if gone := ask(t, k, auth.Admin, a.to+"/remove", url.Values{}); gone.status != 303 {
		t.Error(gone.status)
	}
	if a := ask(t, k, auth.Admin, a.to, nil); a.status != 404 {
		t.Error(a.status)
	}
}

// TestWorkspace: what is set is in force; what cannot be is told beside its field, and what was typed stays.
func TestWorkspace(t *testing.T) {
	t.Parallel()
	k := serve(t)
	good := url.Values{"name": {"Loja Aurora"}, "country": {"PE"}, "language": {"es"}, "time_zone": {"America/Lima"}, "date_order": {"dmy"}, "group_required": {"1"},
		"keep_results": {"14"}, "keep_exports": {"7"}, "keep_undo": {"30"}, "keep_bin": {"30"}}
	if a := ask(t, k, auth.Admin, "/settings/workspace", good); a.status != 303 {
		t.Fatal(a.status)
	}
	set, err := k.App.Workspaces.Get(k.As(auth.Agent), k.Workspace)
	if err != nil || set.Name != "Loja Aurora" || set.Country != "PE" || !set.GroupRequired || set.AskBasis || set.Keep.Results != 14 {
		t.Fatalf("%+v, %v", set, err)
	}
	bad := url.Values{"name": {""}, "country": {"PE"}, "language": {"es"}, "time_zone": {"Lima"}, "keep_results": {"soon"}, "keep_exports": {"7"}, "keep_undo": {"30"}, "keep_bin": {"30"}}
	a := ask(t, k, auth.Admin, "/settings/workspace", bad)
	if a.status != 422 || a.byID("name-err") == nil || a.byID("time_zone-err") == nil || a.byID("keep_results-err") == nil || a.byID("keep_bin-err") != nil ||
		attr(a.byID("time_zone"), "value") != "Lima" {
		t.Errorf("%d %s", a.status, text(a.byID("faults")))
	}
	if name := text(ask(t, k, auth.Agent, "/settings/members", nil).page); !strings.Contains(name, "Loja Aurora") {
		t.Error("the frame does not show the workspace's name")
	}
}

// TestWebhooks: an endpoint is made, its secret shown this once; a test event arrives signed, is in the log and can be sent again.
func TestWebhooks(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var got []http.Header
	var bodies [][]byte
	status := 500
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		got, bodies = append(got, r.Header.Clone()), append(bodies, body)
		w.WriteHeader(status)
		fmt.Fprint(w, "<script>alert(1)</script>")
	}))
	defer receiver.Close()
	k := serve(t, func(c *config.Config) {
		c.Outgoing.Allow = []config.Network{config.Network(mustPrefix("127.0.0.0/8"))}
		c.Outgoing.Ports = []int{portOf(receiver.URL)}
	})
	if a := ask(t, k, auth.Admin, "/settings/webhooks", url.Values{"url": {"ftp://example.com"}}); a.status != 422 || a.byID("url-err") == nil {
		t.Fatalf("%d %s", a.status, text(a.page))
	}
	a := ask(t, k, auth.Admin, "/settings/webhooks", url.Values{"url": {receiver.URL + "/hook"}, "event": {webhook.ImportFinished}})
	secret := text(a.byID("made"))
	if a.status != 200 || !strings.HasPrefix(secret, "whsec_") {
		t.Fatalf("%d %q %s", a.status, secret, text(a.byID("faults")))
	}
	list, err := k.App.Notify.Webhooks.List(k.As(auth.Admin), k.Workspace)
	if err != nil || len(list) != 1 {
		t.Fatal(err)
	}
	at := fmt.Sprintf("/settings/webhooks/%d", list[0].ID)
	if all := text(ask(t, k, auth.Admin, at, nil).page); strings.Contains(all, secret) {
		t.Error("the secret is shown twice")
	}
	if a := ask(t, k, auth.Admin, at+"/test", url.Values{}); a.status != 303 {
		t.Fatal(a.status)
	}
	arrived := func(n int) {
		t.Helper()
		for range 400 {
			mu.Lock()
			have := len(got)
			mu.Unlock()
			if have >= n {
				return
			}
			time.Sleep(25 * time.Millisecond)
		}
		t.Fatalf("%d events in vain", n)
	}
	arrived(1)
	mu.Lock()
	if !webhook.Verify(got[0], []string{secret}, time.Now(), bodies[0]) || !json.Valid(bodies[0]) {
		t.Errorf("%v %s", got[0], bodies[0])
	}
	status = 200
	mu.Unlock()
	var delivery string
	for range 200 {
		for _, n := range ask(t, k, auth.Admin, at, nil).find(func(n *html.Node) bool { return strings.Contains(attr(n, "href"), "/deliveries/") }) {
			delivery = attr(n, "href")
		}
		if one := text(ask(t, k, auth.Admin, delivery, nil).page); strings.Contains(one, "500") {
			if !strings.Contains(one, "<script>alert(1)</script>") {
				t.Errorf("the answer is not shown as text: %s", one)
			}
			break
		}
		time.Sleep(25 * time.Millisecond)
	}
	if a := ask(t, k, auth.Admin, delivery+"/resend", url.Values{}); a.status != 303 {
		t.Fatal(a.status)
	}
	arrived(2)
	turned := ask(t, k, auth.Admin, at+"/rotate", url.Values{})
	if next := text(turned.byID("made")); !strings.HasPrefix(next, "whsec_") || next == secret {
		t.Errorf("%q", next)
	}
	if a := ask(t, k, auth.Admin, at, url.Values{"url": {receiver.URL}, "enabled": {""}}); a.status != 303 {
		t.Error(a.status)
	}
	if a := ask(t, k, auth.Admin, at+"/remove", url.Values{}); a.status != 303 {
		t.Error(a.status)
	}
	if a := ask(t, k, auth.Admin, at, nil); a.status != 404 {
		t.Error(a.status)
	}
}

// TestMappings: saved mappings are listed with hostile headers as text, renamed, deleted.
func TestMappings(t *testing.T) {
	t.Parallel()
	k := serve(t)
	m := mapping.Mapping{Columns: []mapping.Column{{Header: `<img src=x onerror=alert(1)>`, Field: "name"}, {Header: "\u202eCelular", Field: "phone"}}}
	if err := k.App.Mappings.Save(context.Background(), k.Workspace, "ERP", m, nil); err != nil {
		t.Fatal(err)
	}
	a := ask(t, k, auth.Manager, "/settings/mappings", nil)
	if imgs := a.find(func(n *html.Node) bool { return n.Data == "img" }); a.status != 200 || len(imgs) > 0 || !strings.Contains(text(a.page), "<img src=x") {
		t.Errorf("%d, %d pictures", a.status, len(imgs))
	}
	if a := ask(t, k, auth.Manager, "/settings/mappings/1", url.Values{"name": {" "}}); a.status != 422 || a.byID("name-err") == nil {
		t.Error(a.status)
	}
	if a := ask(t, k, auth.Manager, "/settings/mappings/1", url.Values{"name": {"ERP novo"}}); a.status != 303 {
		t.Error(a.status)
	}
	if all := text(ask(t, k, auth.Manager, "/settings/mappings", nil).page); !strings.Contains(all, "ERP novo") {
		t.Error(all)
	}
	if a := ask(t, k, auth.Manager, "/settings/mappings/1/delete", url.Values{}); a.status != 303 {
		t.Error(a.status)
	}
	if a := ask(t, k, auth.Manager, "/settings/mappings/1", nil); a.status != 404 {
		t.Error(a.status)
	}
}

// TestBlocked: numbers and addresses go on the list in any spelling; faulty lines stay in the form with their reason.
func TestBlocked(t *testing.T) {
	t.Parallel()
	k := serve(t)
	a := ask(t, k, auth.Manager, "/settings/do-not-contact", url.Values{"texts": {"(11) 98765-4321\r\nANA@Example.com\r\n\r\n+55 11 98765 4321\r\nnada <b>"}, "reason": {"pediu"}})
	if note := text(a.page); a.status != 200 || !strings.Contains(note, "2 entraram na lista.") || !strings.Contains(note, "1 já estava.") || !strings.Contains(note, "Linha 5: nada <b>") {
		t.Fatalf("%d %s", a.status, note)
	}
	if left := text(a.byID("texts")); left != "nada <b>" {
		t.Errorf("left in the form: %q", left)
	}
	found := ask(t, k, auth.Manager, "/settings/do-not-contact?q=ana", nil)
	keys := found.find(func(n *html.Node) bool { return attr(n, "name") == "key" })
	if len(keys) != 1 || attr(keys[0], "value") != "email ana@example.com" {
		t.Fatalf("%d found", len(keys))
	}
	if a := ask(t, k, auth.Manager, "/settings/do-not-contact/remove", url.Values{"key": {attr(keys[0], "value")}}); a.status != 303 {
		t.Error(a.status)
	}
	if n := len(ask(t, k, auth.Manager, "/settings/do-not-contact", nil).find(func(n *html.Node) bool { return attr(n, "name") == "key" })); n != 1 {
		t.Errorf("%d left", n)
	}
}

// TestFields: a field is made with its choices and headers, changed, taken out of use and back; its type stays.
func TestFields(t *testing.T) {
	t.Parallel()
	k := serve(t)
	if a := ask(t, k, auth.Admin, "/settings/fields", url.Values{"label": {"Plano"}, "type": {"choice"}, "choices": {" \r\n"}, "headers": {"plan"}}); a.status != 422 || a.byID("choices-err") == nil ||
		text(a.byID("headers")) != "plan" {
		t.Fatalf("%d %s", a.status, text(a.byID("faults")))
	}
	if a := ask(t, k, auth.Admin, "/settings/fields", url.Values{"label": {"Plano"}, "type": {"choice"}, "choices": {"Básico\r\n\r\nOuro"}, "headers": {"plan"}}); a.status != 303 {
		t.Fatalf("%d %s", a.status, text(a.byID("faults")))
	}
	list, err := k.App.Contacts.Fields(k.As(auth.Agent), k.Workspace)
	if err != nil || len(list) != 1 || !slices.Equal(list[0].Choices, []string{"Básico", "Ouro"}) || !slices.Equal(list[0].Headers, []string{"plan"}) {
		t.Fatalf("%+v, %v", list, err)
	}
	at := fmt.Sprintf("/settings/fields/%d", list[0].ID)
	if a := ask(t, k, auth.Admin, "/settings/fields", url.Values{"label": {"PLANO"}, "type": {"text"}}); a.status != 422 || a.byID("label-err") == nil {
		t.Errorf("%d %s", a.status, text(a.byID("faults")))
	}
	if a := ask(t, k, auth.Admin, at, url.Values{"label": {"Plano atual"}, "type": {"number"}, "choices": {"Básico\nOuro\nPrata"}, "headers": {""}}); a.status != 303 {
		t.Fatalf("%d %s", a.status, text(a.byID("faults")))
	}
	if a := ask(t, k, auth.Admin, at+"/retire", url.Values{"retire": {"1"}}); a.status != 303 {
		t.Fatal(a.status)
	}
	list, err = k.App.Contacts.Fields(k.As(auth.Agent), k.Workspace)
	if err != nil || list[0].Label != "Plano atual" || string(list[0].Type) != "choice" || len(list[0].Choices) != 3 || !list[0].Retired {
		t.Fatalf("%+v, %v", list, err)
	}
	if all := text(ask(t, k, auth.Agent, "/settings/fields", nil).page); !strings.Contains(all, "Plano atual fora de uso") || strings.Contains(all, "Criar campo") {
		t.Error(all)
	}
	if a := ask(t, k, auth.Admin, at+"/retire", url.Values{"retire": {"0"}}); a.status != 303 {
		t.Error(a.status)
	}
	if a := ask(t, k, auth.Manager, at, nil); a.status != 403 {
		t.Error(a.status)
	}
}

// TestTagsAndGroups: made, renamed, joined, restricted, deleted.
func TestTagsAndGroups(t *testing.T) {
	t.Parallel()
	k := serve(t)
	for _, name := range []string{"vip", "VIPs"} {
		if a := ask(t, k, auth.Manager, "/settings/tags", url.Values{"name": {name}, "color": {"2"}}); a.status != 303 {
			t.Fatalf("%d %s", a.status, text(a.byID("faults")))
		}
	}
	if a := ask(t, k, auth.Manager, "/settings/tags", url.Values{"name": {"Vip"}, "color": {""}}); a.status != 422 || a.byID("name-err") == nil || attr(a.byID("name"), "value") != "Vip" {
		t.Errorf("%d %s", a.status, text(a.byID("faults")))
	}
	tags, err := k.App.Contacts.Tags(k.As(auth.Manager), k.Workspace)
	if err != nil || len(tags) != 2 {
		t.Fatal(err)
	}
	at := func(i int) string { return fmt.Sprintf("/settings/tags/%d", tags[i].ID) }
	if a := ask(t, k, auth.Manager, at(0), url.Values{"name": {"cliente vip"}, "color": {"5"}}); a.status != 303 {
		t.Errorf("%d %s", a.status, text(a.byID("faults")))
	}
	if a := ask(t, k, auth.Manager, at(1)+"/merge", url.Values{"into": {fmt.Sprint(tags[0].ID)}}); a.status != 303 {
		t.Errorf("%d %s", a.status, text(a.byID("faults")))
	}
	if a := ask(t, k, auth.Manager, at(0)+"/merge", url.Values{"into": {"999"}}); a.status != 404 {
		t.Error(a.status)
	}
	if tags, err = k.App.Contacts.Tags(k.As(auth.Manager), k.Workspace); err != nil || len(tags) != 1 || tags[0].Name != "cliente vip" || tags[0].Color != "5" {
		t.Fatalf("%+v, %v", tags, err)
	}
	door := ask(t, k, auth.Manager, "/settings/tags", nil).find(func(n *html.Node) bool { return strings.HasPrefix(attr(n, "href"), "/contacts?") })
	if u, err := url.Parse(attr(door[0], "href")); err != nil || len(door) != 1 {
		t.Fatal(err)
	} else if _, err := k.App.Contacts.Parse(k.As(auth.Manager), k.Workspace, u.Query().Get("filter")); err != nil {
		t.Errorf("the count opens %s: %v", u, err)
	}
	if a := ask(t, k, auth.Manager, at(0)+"/delete", url.Values{}); a.status != 303 {
		t.Error(a.status)
	}

	made := ask(t, k, auth.Admin, "/settings/groups", url.Values{"name": {"Fornecedores"}})
	if made.status != 303 {
		t.Fatalf("%d %s", made.status, text(made.byID("faults")))
	}
	who := fmt.Sprint(k.Person(auth.Manager).Actor.Member)
	if a := ask(t, k, auth.Manager, made.to+"/access", url.Values{"restricted": {"1"}}); a.status != 403 {
		t.Error(a.status)
	}
	if a := ask(t, k, auth.Admin, made.to+"/access", url.Values{"restricted": {"1"}, "member": {who}}); a.status != 303 {
		t.Fatal(a.status)
	}
	if all := text(ask(t, k, auth.Admin, "/settings/groups", nil).page); !strings.Contains(all, "Fornecedores 0 Gil Gestor") {
		t.Error(all)
	}
	page := ask(t, k, auth.Admin, made.to, nil)
	on := page.find(func(n *html.Node) bool {
		return n.Data == "input" && slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "checked" })
	})
	if len(on) != 2 || attr(on[0], "value") != "1" || attr(on[1], "name") != "member" || attr(on[1], "value") != who {
		t.Errorf("%d ticked", len(on))
	}
	if a := ask(t, k, auth.Manager, made.to, url.Values{"name": {"Fornecedores BR"}}); a.status != 303 {
		t.Errorf("%d %s", a.status, text(a.byID("faults")))
	}
	if a := ask(t, k, auth.Admin, made.to+"/access", url.Values{"restricted": {"0"}}); a.status != 303 {
		t.Error(a.status)
	}
	if a := ask(t, k, auth.Admin, made.to+"/delete", url.Values{}); a.status != 303 {
		t.Errorf("%d %s", a.status, text(a.byID("faults")))
	}
	if a := ask(t, k, auth.Admin, made.to, nil); a.status != 404 {
		t.Error(a.status)
	}
}
