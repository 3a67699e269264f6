package auth

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"cadastro/internal/errs"

	"pgregory.net/rapid"
)

// TestTenThousandTries: ten thousand wrong passwords, from one address and from a thousand, let few through and do not
// lock out the person from an address of its own.
func TestTenThousandTries(t *testing.T) {
	each(t, func(w *world) {
		none := context.Background()
		w.member(1, "ana@example.com", Agent)
		for name, from := range map[string]func(i int) string{
			"one address":  func(int) string { return "203.0.113.9" },
			"one IPv6 net": func(i int) string { return fmt.Sprintf("2001:db8:1:2::%x", i) },
		} {
			checked := 0
			for i := range 500 {
				_, err := w.SignIn(none, "ana@example.com", "wrong", Client{IP: from(i)})
				if errs.CodeOf(err) == "auth.wrong_credentials" {
					checked++
				} else {
					w.want(err, "auth.too_many_tries")
					if errs.KindOf(err) != errs.Busy {
						t.Fatal(err)
					}
				}
			}
			if checked != 6 {
				t.Errorf("%s: %d of 500 tries at once were checked, want 6", name, checked)
			}
			if _, err := w.SignIn(none, "ana@example.com", goodPassword, Client{IP: from(0)}); errs.CodeOf(err) != "auth.too_many_tries" {
				t.Errorf("%s: the right password during the wait: %v", name, err)
			}
			_, err := w.SignIn(none, "ana@example.com", goodPassword, Client{IP: "198.51.100.1"})
			w.must(err)
		}
		// From many addresses: each has a few tries, and only one when the account is under attack.
		checked := 0
		for i := range 300 {
			for range 3 {
				if _, err := w.SignIn(none, "ana@example.com", "wrong", Client{IP: fmt.Sprintf("10.0.%d.%d", i/100, i%100)}); errs.CodeOf(err) == "auth.wrong_credentials" {
					checked++
				}
			}
		}
		if checked < 300 || checked > 2*300+50 {
			t.Errorf("%d of 900 tries from 300 addresses were checked", checked)
		}
		_, err := w.SignIn(none, "ana@example.com", goodPassword, Client{IP: "198.51.100.2"})
		w.must(err)
		// A person who mistypes once there waits a second, not longer.
		_, err = w.SignIn(none, "ana@example.com", "wrong", Client{IP: "198.51.100.3"})
		w.want(err, "auth.wrong_credentials")
		_, err = w.SignIn(none, "ana@example.com", "wrong", Client{IP: "198.51.100.3"})
		w.want(err, "auth.wrong_credentials")
		w.pass(time.Second)
		_, err = w.SignIn(none, "ana@example.com", goodPassword, Client{IP: "198.51.100.3"})
		w.must(err)
	})
}

// TestOneAddressManyAccounts: a list of addresses tried from one place is stopped, whatever account is named.
func TestOneAddressManyAccounts(t *testing.T) {
	each(t, func(w *world) {
		none := context.Background()
		w.member(1, "ana@example.com", Agent)
		checked := 0
		for i := range 200 {
			if _, err := w.SignIn(none, fmt.Sprintf("p%d@example.com", i), "wrong", Client{IP: "203.0.113.9"}); errs.CodeOf(err) == "auth.wrong_credentials" {
				checked++
			}
			// An account of one's own does not clear the count.
			_, _ = w.SignIn(none, "ana@example.com", goodPassword, Client{IP: "203.0.113.9"})
		}
		if checked > 32 {
			t.Errorf("%d checked", checked)
		}
		w.pass(25 * time.Hour)
		w.must(w.Sweep(none))
		if n := w.count(`SELECT COUNT(*) FROM sign_in_try`); n != 0 {
			t.Errorf("%d counts left", n)
		}
	})
}

// TestTriesAtOnce: many at the same moment are not more than one after another.
func TestTriesAtOnce(t *testing.T) {
	each(t, func(w *world) {
		w.member(1, "ana@example.com", Agent)
		var mu sync.Mutex
		var all sync.WaitGroup
		checked := 0
		for range 40 {
			all.Go(func() {
				_, err := w.SignIn(context.Background(), "ana@example.com", "wrong", Client{IP: "203.0.113.9"})
				mu.Lock()
				defer mu.Unlock()
				if errs.CodeOf(err) == "auth.wrong_credentials" {
					checked++
				}
			})
		}
		all.Wait()
		if checked != 6 {
			t.Errorf("%d checked, want 6", checked)
		}
	})
}

// TestUnknownIsWrong: an account that is not there, one without a password and a wrong password are told alike, and each
// costs one hash.
func TestUnknownIsWrong(t *testing.T) {
	each(t, func(w *world) {
		none := context.Background()
		w.member(1, "ana@example.com", Agent)
		_, _, err := w.AddMember(console(1), NewMember{Email: "invited@example.com", Role: Agent})
		w.must(err)
		var texts []string
		for i, email := range []string{"ana@example.com", "nobody@example.com", "invited@example.com", "", "no address", strings.Repeat("a", 5000) + "@example.com"} {
			_, err := w.SignIn(none, email, "wrong password", Client{IP: fmt.Sprintf("203.0.113.%d", i)})
			if errs.KindOf(err) != errs.Unauthenticated {
				t.Fatalf("%.20q: %v", email, err)
			}
			texts = append(texts, err.Error())
		}
		for _, text := range texts {
			if text != texts[0] {
				t.Errorf("%q, %q", text, texts[0])
			}
		}
		if w.hasher.dummy == "" {
			t.Fatal("no hash for unknown accounts")
		}
		c, _, _, err := parsePHC(w.hasher.dummy)
		if err != nil || c != w.hasher.cost {
			t.Errorf("an unknown account costs %v, a known one %v, %v", c, w.hasher.cost, err)
		}
		// It takes a slot, as every hash does: with none free nobody gets an answer.
		full := newHasher(1, w.hasher.cost)
		full.slots <- struct{}{}
		ctx, cancel := context.WithCancel(none)
		cancel()
		for _, encoded := range []string{"", full.dummy} {
			if _, _, err := full.check(ctx, "x", encoded); err == nil {
				t.Errorf("%q: an answer without a hash", encoded)
			}
		}
	})
}

func TestRehash(t *testing.T) {
	each(t, func(w *world) {
		none := context.Background()
		w.member(1, "ana@example.com", Agent)
		old := w.hasher.cost
		w.hasher = newHasher(2, hashCost{time: 2, memory: 128, threads: 1})
		_, err := w.SignIn(none, "ana@example.com", "wrong", home)
		w.want(err, "auth.wrong_credentials")
		like := `SELECT COUNT(*) FROM login WHERE password LIKE $1`
		if w.count(like, fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=1$%%", old.memory, old.time)) != 1 {
			t.Error("a wrong password changed the hash")
		}
		in, err := w.SignIn(none, "ana@example.com", goodPassword, home)
		w.must(err)
		if w.count(like, "$argon2id$v=19$m=128,t=2,p=1$%") != 1 || !w.alive(in) {
			t.Error("not hashed again, or the session ended")
		}
		_, err = w.SignIn(none, "ana@example.com", goodPassword, home)
		w.must(err)
	})
}

func TestResetIsRare(t *testing.T) {
	each(t, func(w *world) {
		none := context.Background()
		w.member(1, "ana@example.com", Agent)
		sent := 0
		for i := range 50 {
			_, ok, err := w.RequestReset(none, "ana@example.com", Client{IP: fmt.Sprintf("203.0.113.%d", i)})
			w.must(err)
			if ok {
				sent++
			}
		}
		if sent != 4 {
			t.Errorf("%d mails at once, want 4", sent)
		}
		_, ok, err := w.RequestReset(none, "nobody@example.com", home)
		if ok || err != nil {
			t.Errorf("for nobody: %v, %v", ok, err)
		}
		_, _, err = w.RequestReset(none, "nonsense", home)
		w.want(err, "auth.email_bad")
	})
}

func TestWait(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.Int64Range(0, 1<<40).Draw(r, "n")
		for _, l := range []tryLimit{pairLimit, ipLimit, secondLimit, resetLimit, resetIPLimit, crowdedPair} {
			if a, b := l.wait(n), l.wait(n+1); a > b || b > l.most || (n <= l.free) != (a == 0) {
				r.Fatalf("%+v: %v after %d, %v after one more", l, a, n, b)
			}
			// A count that is forgotten before its wait is over would end it.
			if l.most > l.forget {
				r.Fatalf("%+v", l)
			}
		}
	})
	for in, want := range map[string]string{
		"192.0.2.1": "192.0.2.1", "::ffff:192.0.2.1": "192.0.2.1", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64", "fe80::1%eth0": "fe80::/64",
		"": "", "nonsense": "", "192.0.2.1:80": "",
	} {
		if got := network(in); got != want {
			t.Errorf("network(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestPasswords(t *testing.T) {
	t.Parallel()
	for password, code := range map[string]string{
		goodPassword: "", "çãéíõ ÇÃÉÍÕ áü": "", "x7#Lq9!vT2": "", "correct horse battery": "", "日本語のパスワードです": "",
		"": "auth.password_short", "123456789": "auth.password_short", "éééé": "auth.password_short",
		"1234567890": "auth.password_simple", "aaaaaaaaaaaaaa": "auth.password_simple", "abababababab": "auth.password_simple",
		"qwertyuiop123": "auth.password_simple", "0987654321abc": "auth.password_simple", "Cadastro123": "auth.password_simple", "senha12345!": "auth.password_simple",
		"Contraseña2026": "auth.password_simple", "ana.souza@example.com": "auth.password_simple", "ana.souza123": "auth.password_simple", "password password": "auth.password_simple",
		strings.Repeat("long enough ", 90): "auth.password_long",
	} {
		if err := checkPassword(password, "Ana.Souza@example.com"); errs.CodeOf(err) != code {
			t.Errorf("%.40q: %v, want %q", password, err, code)
		}
	}
}

func TestHasher(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	h := newHasher(1, wantedCost) // once at the real cost
	encoded, err := h.hash(ctx, "pass wörd é")
	if err != nil || !strings.HasPrefix(encoded, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatal(encoded, err)
	}
	if right, stale, err := h.check(ctx, "pass wörd e\u0301", encoded); !right || stale || err != nil {
		t.Errorf("the same in another normal form: %v, %v, %v", right, stale, err)
	}
	if right, _, _ := h.check(ctx, "pass word é", encoded); right {
		t.Error("a wrong one is right")
	}
	// The example of the argon2 command line of the reference implementation: "password", salt "somesalt".
	ref := "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
	if right, stale, err := h.check(ctx, "password", ref); !right || !stale || err != nil {
		t.Errorf("the reference's hash: %v, %v, %v", right, stale, err)
	}
}

func FuzzParsePHC(f *testing.F) {
	h := newHasher(1, hashCost{time: 1, memory: 8, threads: 1})
	f.Add(h.dummy)
	f.Add("$argon2id$v=19$m=99999999,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4")
	f.Add("$argon2i$v=19$m=64,t=0,p=0$$")
	f.Add("$$$$$")
	f.Fuzz(func(t *testing.T, s string) {
		c, salt, sum, err := parsePHC(s)
		if err != nil {
			return
		}
		if c.memory > maxCost.memory || c.time > maxCost.time || c.time == 0 || c.threads == 0 || c.threads > maxCost.threads || len(salt) < 8 || len(sum) < 16 {
			t.Fatalf("%q: %+v", s, c)
		}
		again, _, _, err := parsePHC(phc(c, salt, sum))
		if err != nil || again != c {
			t.Fatalf("%q: %+v, %v", s, again, err)
		}
	})
}
