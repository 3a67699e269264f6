package account_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"cadastro/internal/app/apptest"
	"cadastro/internal/auth"
)

// TestSignIn: the way in leads where the person wanted to go on this server, and nowhere else.
func TestSignIn(t *testing.T) {
	t.Parallel()
	k := serve(t)
	k.Person(auth.Manager)
	form := func(next string) url.Values {
		return url.Values{"email": {"manager@example.com"}, "password": {apptest.Password}, "next": {next}}
	}
	for next, want := range map[string]string{"": "/contacts", "/settings/teams": "/settings/teams", "//evil.example.com": "/contacts", `/\evil.example.com`: "/contacts",
		"https://evil.example.com/": "/contacts", "javascript:alert(1)": "/contacts"} {
		if path, resp, _ := visit(t, k, "").send("/sign-in", form(next)); path != want || resp.StatusCode != 200 {
			t.Errorf("next %q: %s %d, want %s", next, path, resp.StatusCode, want)
		}
	}
	if path, _, _ := visit(t, k, k.Session(auth.Manager)).get("/sign-in?next=%2Faccount"); path != "/account" {
		t.Errorf("who is in is asked again: %s", path)
	}
	if path, _, _ := visit(t, k, "").get("/account"); path != "/sign-in?next=%2Faccount" {
		t.Error(path)
	}
	// What is wrong is not told apart.
	_, unknown, a := visit(t, k, "").send("/sign-in", url.Values{"email": {"nobody@example.com"}, "password": {"x"}})
	_, wrong, b := visit(t, k, "").send("/sign-in", url.Values{"email": {"manager@example.com"}, "password": {"x"}})
	if unknown.StatusCode != wrong.StatusCode || strings.ReplaceAll(a, "nobody@example.com", "manager@example.com") != b {
		t.Error("an address that nobody has gets another answer")
	}
	// A form of another site signs nobody in, or out.
	r, err := http.NewRequest(http.MethodPost, k.URL+"/sign-in", strings.NewReader(form("").Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusForbidden || len(resp.Cookies()) != 0 {
		t.Errorf("%d %v", resp.StatusCode, resp.Cookies())
	}
}

// TestSlowDown: after too many failures the page says how long to wait, in words and in the header.
func TestSlowDown(t *testing.T) {
	t.Parallel()
	k := serve(t)
	k.Person(auth.Manager)
	v := visit(t, k, "")
	for range 20 {
		_, resp, text := v.send("/sign-in", url.Values{"email": {"manager@example.com"}, "password": {"not the password"}})
		if resp.StatusCode == http.StatusUnprocessableEntity {
			continue
		}
		wait, err := strconv.Atoi(resp.Header.Get("Retry-After"))
		if resp.StatusCode != http.StatusTooManyRequests || err != nil || wait < 1 || !strings.Contains(text, "Espere "+strconv.Itoa(wait)+" segundo") {
			t.Errorf("%d, Retry-After %q", resp.StatusCode, resp.Header.Get("Retry-After"))
		}
		return
	}
	t.Error("one may guess for ever")
}

// TestLinks: a link says what it is for, only to who holds it, and a dead one says nothing of what it was.
func TestLinks(t *testing.T) {
	t.Parallel()
	k := serve(t)
	ctx := k.As(auth.Admin)
	_, invite, err := k.App.Auth.AddMember(ctx, auth.NewMember{Email: "rui@example.com", Role: auth.Agent})
	if err != nil {
		t.Fatal(err)
	}
	path := "/link/" + invite.Secret
	_, resp, text := visit(t, k, "").get(path)
	if resp.StatusCode != 200 || !strings.Contains(text, "rui@example.com") || resp.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d %s", resp.StatusCode, resp.Header.Get("Cache-Control"))
	}
	if _, resp, text := visit(t, k, k.Session(auth.Manager)).get(path); resp.StatusCode != 200 || !strings.Contains(text, "manager@example.com, mas o convite é para rui@example.com") {
		t.Error("who is signed in as another is not told")
	}
	if _, resp, _ := visit(t, k, k.Session(auth.Manager)).send(path+"/join", url.Values{}); resp.StatusCode == 200 {
		t.Error("somebody else joins by the invitation")
	}
	_, used, dead := visit(t, k, "").get("/link/" + strings.Repeat("x", len(invite.Secret)))
	if used.StatusCode != http.StatusNotFound || strings.Contains(dead, "rui@example.com") {
		t.Error(used.StatusCode)
	}

	// An invitation into a second workspace asks who has a password for that one, or is taken up as who is signed in.
	o := k.Other()
	_, second, err := k.App.Auth.AddMember(o.As(auth.Admin), auth.NewMember{Email: "manager@example.com", Role: auth.Agent})
	if err != nil {
		t.Fatal(err)
	}
	path = "/link/" + second.Secret
	if _, resp, text := visit(t, k, "").send(path, url.Values{"password": {"another quiet harbour"}}); resp.StatusCode != 422 || !strings.Contains(text, "password-err") {
		t.Errorf("%d: the holder of a link sets a password that was there", resp.StatusCode)
	}
	v := visit(t, k, k.Session(auth.Manager))
	if _, _, text := v.get(path); !strings.Contains(text, path+"/join") {
		t.Error("who is signed in has to sign in again")
	}
	if to, resp, _ := v.send(path+"/join", url.Values{}); resp.StatusCode != 200 || to != "/contacts" {
		t.Errorf("%s %d", to, resp.StatusCode)
	}
	if _, _, text := v.get("/account"); !strings.Contains(text, "Outra loja") || !strings.Contains(text, `name="workspace" value="1"`) {
		t.Error("the account does not offer the other workspace")
	}
	if to, resp, _ := v.send("/account/workspace", url.Values{"workspace": {"1"}}); resp.StatusCode != 200 || to != "/contacts" {
		t.Errorf("%s %d", to, resp.StatusCode)
	}
	if _, resp, _ := v.send("/account/workspace", url.Values{"workspace": {"77"}}); resp.StatusCode != http.StatusForbidden {
		t.Error(resp.StatusCode)
	}
}
