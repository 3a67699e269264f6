package normalize

import (
	"strings"
	"testing"

	"cadastro/internal/errs"
	"pgregory.net/rapid"
)

func TestEmails(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want, issue string }{
		{"", "", ""},
		{"-", "", ""},
		{"não tem", "", "value.none_word"},
		{"NULL", "", "value.none_word"},
		{"#N/D", "", "value.formula_error"},
		{"maria@example.com", "maria@example.com", ""},
		{" Maria.Silva@Example.COM ", "Maria.Silva@example.com", ""},
		{"\u200bmaria@example.com\u00a0", "maria@example.com", ""},
		{"mailto:maria@example.com", "maria@example.com", ""},
		{"mailto:maria@example.com?subject=Oi", "maria@example.com", ""},
		{"Maria Silva <maria@example.com>", "maria@example.com", ""},
		{`"Silva, Maria" <maria@example.com>`, "maria@example.com", ""},
		{"E-mail: maria@example.com", "maria@example.com", ""},
		{"email:maria@example.com", "maria@example.com", ""},
		{"'maria@example.com'", "maria@example.com", ""},
		{"maria@example.com.", "maria@example.com", "email.repaired"},
		{"maria@example.com,", "maria@example.com", ""},
		{"maria@example.com;", "maria@example.com", ""},
		{"maria@@example.com", "maria@example.com", "email.repaired"},
		{"maria @ example.com", "maria@example.com", "email.repaired"},
		{"maria@ example.com", "maria@example.com", "email.repaired"},
		{"maria@example. com", "maria@example.com", "email.repaired"},
		{"maria@example .com", "maria@example.com", "email.repaired"},
		{"maria@example..com", "maria@example.com", "email.repaired"},
		{"maria@example,com", "maria@example.com", "email.repaired"},
		{"maria@example,com.br", "maria@example.com.br", "email.repaired"},
		{"http://maria@example.com", "maria@example.com", ""},
		{"maria\u200b@example.com", "maria@example.com", ""},
		{"maria＠example.com", "maria@example.com", ""},
		{"a@example.com;b@example.com", "a@example.com b@example.com", ""},
		{"a@example.com, b@example.com", "a@example.com b@example.com", ""},
		{"a@example.com / b@example.com", "a@example.com b@example.com", ""},
		{"a@example.com/b@example.com", "a@example.com b@example.com", ""},
		{"a@example.com e b@example.com", "a@example.com b@example.com", ""},
		{"a@example.com b@example.com", "a@example.com b@example.com", ""},
		{"a@example.com\nb@example.com", "a@example.com b@example.com", ""},
		{"A@example.com; a@EXAMPLE.com", "A@example.com", ""},
		{"Ana <a@example.com>, Bia <b@example.com>", "a@example.com b@example.com", ""},
		{"maria@example.com (trabalho)", "maria@example.com", ""},
		{"maria@example.com - recado com Ana", "maria@example.com", "email.extra_text"},
		{"Maria maria@example.com", "maria@example.com", "email.extra_text"},
		{"maria silva@example.com", "", "email.space_inside"},
		{"maria", "", "email.no_at"},
		{"maria.example.com", "", "email.no_at"},
		{"maria at example.com", "", "email.no_at"},
		{"sem-arroba", "", "email.no_at"},
		{"maria@", "", "email.no_domain"},
		{"maria@example", "", "email.no_domain"},
		{"@example.com", "", "email.no_local"},
		{"maria@silva@example.com", "", "email.many_at"},
		{"maria@-example.com", "maria@example.com", "email.repaired"},
		{"maria@exa_mple.com", "", "email.bad_domain"},
		{"maria@127.0.0.1", "", "email.bad_domain"},
		{"maria@[127.0.0.1]", "", "email.bad_domain"},
		{"ma..ria@example.com", "", "email.bad_local"},
		{"ma(ria@example.com", "", "email.bad_local"},
		{`"maria silva"@example.com`, `"maria silva"@example.com`, ""},
		{"o'brien+x@example.com", "o'brien+x@example.com", ""},
		{"a/b@example.com", "a/b@example.com", ""},
		{strings.Repeat("a", 64) + "@example.com", strings.Repeat("a", 64) + "@example.com", ""},
		{strings.Repeat("a", 65) + "@example.com", "", "email.too_long"},
		{"a@" + strings.Repeat("abcdefghi.", 25) + "com", "", "email.too_long"},
		{"joão@gmail.com", "joão@gmail.com", "email.accent"},
		{"maria@ação.com.br", "maria@ação.com.br", ""},
		{"maria@gmaíl.com", "maria@gmaíl.com", "email.accent"},
		{"maria@empresa.comm", "maria@empresa.comm", "email.typo"},
		{"maria@empresa.xqz", "maria@empresa.xqz", "email.unknown_tld"},
		{"maria@zap.example", "maria@zap.example", ""},
		{"maria@empresa.museum", "maria@empresa.museum", ""},
		{"x@loja.com.br", "x@loja.com.br", ""},
	} {
		got, issues := Emails(nil, c.in)
		if g := strings.Join(got, " "); g != c.want && !(strings.HasPrefix(c.want, `"`) && got[0] == c.want) {
			t.Errorf("Emails(%q) = %q, want %q", c.in, g, c.want)
		}
		wantIssue(t, c.in, issues, c.issue)
	}
}

func TestEmailSuggestions(t *testing.T) {
	t.Parallel()
	for domain, want := range map[string]string{
		"gmial.com": "gmail.com", "gmail.con": "gmail.com", "gmail.co": "gmail.com", "gmail.com.br": "gmail.com", "gmai.com": "gmail.com", "gnail.com": "gmail.com",
		"gmaill.com": "gmail.com", "gamil.com": "gmail.com", "gmail.cm": "gmail.com", "gmail.vom": "gmail.com", "gmal.com": "gmail.com",
		"hotmial.com": "hotmail.com", "hotmai.com": "hotmail.com", "hotmal.com": "hotmail.com", "hormail.com": "hotmail.com", "hotmail.con.br": "hotmail.com.br", "hotmail.co": "hotmail.com",
		"hotmil.com": "hotmail.com", "outlok.com": "outlook.com", "outloook.com": "outlook.com", "outlook.com.bt": "outlook.com.br", "otlook.com": "outlook.com",
		"yaho.com.br": "yahoo.com.br", "yahho.com": "yahoo.com", "yahoo.combr": "yahoo.com.br", "yahoo.con.br": "yahoo.com.br", "iclou.com": "icloud.com", "icloud.com.br": "icloud.com",
		"uol.com": "uol.com.br", "globo.com.br": "globo.com", "empresa.com.bt": "empresa.com.br", "empresa.con": "empresa.com",
		// other people's domains
		"email.com": "", "mail.com": "", "ymail.com": "", "cloud.com": "", "gmail.com": "", "hotmail.com.br": "", "hotmail.es": "", "yahoo.com.ar": "", "gmx.com": "",
		"live.com": "", "outlook.pt": "", "example.com": "", "empresa.co": "", "empresa.cm": "", "gamail.pt": "", "mailbox.org": "", "gmailing.com": "", "uol.com.br": "", "rede.net": "",
	} {
		_, issues := Email("maria@" + domain)
		got := ""
		if len(issues) == 1 && issues[0].Code == "email.typo" {
			got = strings.TrimPrefix(issues[0].Args["suggestion"].(string), "maria@")
		}
		if got != want {
			t.Errorf("%s: suggestion %q, want %q (%v)", domain, got, want, issues)
		}
		if want != "" && (len(issues) != 1 || issues[0].Severity != errs.Warning) {
			t.Errorf("%s: %v", domain, issues)
		}
	}
}

func TestEmailKey(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Maria@Example.COM": "maria@example.com", "maria@example.com": "maria@example.com", "maria@AÇÃO.com.br": "maria@xn--ao-siap.com.br",
		"maria@ac\u0327a\u0303o.com.br": "maria@xn--ao-siap.com.br", "x": "", "@x": "",
	} {
		if got := EmailKey(in); got != want {
			t.Errorf("EmailKey(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestEmailProperties(t *testing.T) {
	t.Parallel()
	piece := rapid.SampledFrom([]string{"a", "maria", "@", ".", "example.com", " ", ",", ";", "<", ">", `"`, "é", "..", "-", "gmial.com", "(x)", "/", ":", "mailto:", "\u200b", "_"})
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(piece, 0, 9).Draw(t, "s"), "")
		checkEmails(t.Fatalf, s)
	})
	local := rapid.StringMatching(`[a-zA-Z0-9_+-]{1,20}(\.[a-zA-Z0-9]{1,10}){0,2}`)
	domain := rapid.StringMatching(`[a-z0-9]{1,12}(-[a-z0-9]{1,5})?\.(com|net|org|com\.br|com\.ar|cl)`)
	rapid.Check(t, func(t *rapid.T) {
		email := local.Draw(t, "local") + "@" + domain.Draw(t, "domain")
		for _, form := range []string{"%", " % ", "mailto:%", "Fulano <%>", "%,", "%;", "\u200b%", "'%'", "(%)"} {
			got, issues := Email(strings.Replace(form, "%", email, 1))
			if got != email || errs.Worst(issues) == errs.Reject {
				t.Fatalf("%s of %q: %q, %v", form, email, got, issues)
			}
		}
	})
}

// checkEmails holds what is true of every cell.
func checkEmails(fatal func(string, ...any), s string) {
	got, issues := Emails(nil, s)
	if len(got) > 0 && errs.Worst(issues) == errs.Reject {
		fatal("%q: %q though refused: %v", s, got, issues)
	}
	for _, e := range got {
		again, issues := Emails(nil, e)
		if len(again) != 1 || again[0] != e || strings.Contains(codes(issues), "repaired") {
			fatal("%q gave %q, which gives %q %v", s, e, again, issues)
		}
		if EmailKey(e) == "" || EmailKey(EmailKey(e)) != EmailKey(e) {
			fatal("%q: key of %q is %q", s, e, EmailKey(e))
		}
	}
}

func FuzzEmails(f *testing.F) {
	for _, s := range []string{"maria@example.com", "Maria <m@example.com>", "a@b.co;c@d.co", "a@@b.com.", `"a b"@x.com`, "joão@ação.com", "mailto:a@b.c?x=y", "a@gmial.con"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkEmails(t.Fatalf, s) })
}

func BenchmarkEmail(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Email("maria.silva.123@example.com.br")
	}
}
