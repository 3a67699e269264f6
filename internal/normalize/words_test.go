package normalize

import (
	"strings"
	"testing"

	"cadastro/internal/errs"
	"pgregory.net/rapid"
)

func TestBool(t *testing.T) {
	t.Parallel()
	for want, list := range map[string]string{
		"true":          "sim|Sim|SIM|s|S|sí|SÍ|si|yes|Y|true|TRUE|verdadeiro|VERDADERO|1|x|X|✓|✔|ativo|Activo|on|ja|oui|vrai|vero| Sim |(x)|[x]|1.0|Sim.",
		"false":         "não|Nao|NÃO|n|N|no|No|false|FALSO|falso|0|inativo|off|nein|non|faux|✗|☐|0.0",
		"":              "|  |-|n/a|null|não informado",
		"!bool.unknown": "talvez|2|maria|simm|sim não",
	} {
		for _, in := range strings.Split(list, "|") {
			v, set, issues := Bool(in)
			got := ""
			switch {
			case errs.Worst(issues) == errs.Reject:
				got = "!" + issues[0].Code
			case set && v:
				got = "true"
			case set:
				got = "false"
			}
			if got != want {
				t.Errorf("Bool(%q) = %q, want %q", in, got, want)
			}
		}
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, sep, want, issue string }{
		{"", "", "", ""},
		{"vip", "", "vip", ""},
		{"cliente;vip; lead ", "", "cliente|vip|lead", ""},
		{"cliente, vip", "", "cliente|vip", ""},
		{"a|b", "", "a|b", ""},
		{"a\nb\r\nc", "", "a|b|c", ""},
		{"Silva, Souza; Lima", "", "Silva, Souza|Lima", ""},
		{"black friday", "", "black friday", ""},
		{"Compra/Venda", "", "Compra/Venda", ""},
		{"a/b", "/", "a|b", ""},
		{"VIP;vip;Víp", "", "VIP", ""},
		{";;a;;", "", "a", ""},
		{" \u00a0 ", "", "", ""},
		{"* myContacts ::: * friends", "", "myContacts|friends", ""},
		{`["a", "b"]`, "", "a|b", ""},
		{"{a,b}", "", "a|b", ""},
		{"a;b", ",", "a;b", ""},
		{"a\u200b;b", "", "a|b", ""},
		{strings.Repeat("ã", 100), "", strings.Repeat("ã", 100), ""},
		{"a;" + strings.Repeat("ã", 101), "", "", "list.item_too_long"},
		{strings.Repeat("a;", 3) + "#x", "", "a|#x", ""},
		{"#N/D", "", "", "value.formula_error"},
	} {
		got, issues := List(nil, c.in, c.sep)
		if g := strings.Join(got, "|"); g != c.want {
			t.Errorf("List(%q, %q) = %q, want %q", c.in, c.sep, g, c.want)
		}
		wantIssue(t, c.in, issues, c.issue)
	}
	var many strings.Builder
	for i := 0; i <= MaxItems; i++ {
		many.WriteString(string(rune(0x4e00+i)) + ";")
	}
	if got, issues := List([]string{"kept"}, many.String(), ""); len(got) != 1 || codes(issues) != "list.too_many" {
		t.Errorf("%d items, %v", len(got), issues)
	}
}

func TestListColumn(t *testing.T) {
	t.Parallel()
	for values, want := range map[string]string{
		"": ",", "a~b": ",", "a, b~c": ",", "a;b~c": ";", "a;b~c,d~e,f": ";", "a|b~c": "|", "Silva, A;B": ";", "a\nb": "\n", "* x ::: * y": " ::: ",
	} {
		var lc ListColumn
		for _, v := range strings.Split(values, "~") {
			lc.Add(v)
		}
		if got := lc.Separator(); got != want {
			t.Errorf("%q: %q, want %q", values, got, want)
		}
	}
}

func TestListProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		items := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-zé]{1,8}( [a-z]{1,5})?`), 0, 9, Fold).Draw(t, "items")
		sep := rapid.SampledFrom([]string{";", "|", ",", "\n", " ; "}).Draw(t, "sep")
		got, issues := List(nil, strings.Join(items, sep), strings.TrimSpace(sep))
		if sep == "\n" {
			got, issues = List(nil, strings.Join(items, sep), "")
		}
		if strings.Join(got, "~") != strings.Join(items, "~") || issues != nil {
			t.Fatalf("%q: %q %v", items, got, issues)
		}
	})
}

func TestChoice(t *testing.T) {
	t.Parallel()
	c := NewChoice([]string{"Básico", "Pro", "Grátis"}, map[string]string{"B": "Básico", "free": "Grátis"})
	for in, want := range map[string]string{
		"": "", "Básico": "Básico", " BASICO ": "Básico", "b": "Básico", "pro": "Pro", "FREE": "Grátis", "-": "", "n/a": "",
		"Ouro": "!choice.unknown", "#N/D": "!value.formula_error",
	} {
		got, issues := c.Read(in)
		if errs.Worst(issues) == errs.Reject {
			got = "!" + issues[0].Code
		}
		if got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if _, issues := c.Read("Ouro"); issues[0].Args["allowed"] != "Básico, Pro, Grátis" {
		t.Errorf("allowed: %v", issues[0].Args)
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	gender := func(s string) (string, []errs.Issue) { return Gender(s, false) }
	br := func(s string) (string, []errs.Issue) { return State(s, "BR") }
	for name, c := range map[string]struct {
		f    func(string) (string, []errs.Issue)
		want string // in=out, issue code behind a !
	}{
		"priority": {Priority, "BAIXA=low;Média=normal;MEDIA=normal;alta=high;High=high;baja=low;urgente=high;=;-=;5=!priority.unknown;x=!priority.unknown"},
		"gender":   {gender, "M=male;f=female;Feminino=female;MASC.=male;Hombre=male;mujer=female;Outro=other;Não informado=;prefiro não dizer=;=;z=!gender.unknown"},
		"state": {br, "SP=SP;sp=SP;São Paulo=SP;SAO PAULO=SP;Estado da Bahia=BA;SP - São Paulo=SP;Paraná (PR)=PR;Rio Grande do Sul=RS;Pará=PA;Espirito Santo=ES;" +
			"Distrito Federal=DF;Buenos Aires=Buenos Aires!state.unknown;XX=XX!state.unknown;=;n/a=!value.none_word;D.F.=DF"},
		"country": {Country, "BR=BR;br=BR;Brasil=BR;BRAZIL=BR;bra=BR;076=BR;EUA=US;USA=US;Estados Unidos=US;EE.UU.=US;México=MX;Alemanha=DE;Deutschland=DE;España=ES;" +
			"Holanda=NL;Reino Unido=GB;UK=GB;Inglaterra=GB;Países Bajos=NL;Perú=PE;Paraguai=PY;Costa do Marfim=CI;Atlântida=Atlântida!country.unknown;=;-="},
		"language": {Language, "pt-BR=pt-BR;Português=pt;Português (Brasil)=pt-BR;pt_BR=pt-BR;PT=pt;Español=es;espanhol=es;castellano=es;English=en;inglês=en;por=pt;Deutsch=de;" +
			"en-US=en-US;es-419=es-419;klingon?=!language.unknown;=;xx=!language.unknown"},
		"telegram": {Telegram, "@Maria_Silva=@maria_silva;maria_silva=@maria_silva;123456789=123456789;-1001234567890=-1001234567890;https://t.me/Maria_S=@maria_s;" +
			"123456789.0=123456789;@ab=!telegram.unreadable;maria silva=!telegram.unreadable;@1maria=!telegram.unreadable;=;0000=!telegram.unreadable"},
		"url": {URL, "https://example.com=https://example.com;Example.COM/Path=https://example.com/Path;HTTP://EXAMPLE.com:8080/a?b=http://example.com:8080/a?b;www.example.com=https://www.example.com;" +
			"//example.com=https://example.com;javascript:alert(1)=!url.scheme;ftp://example.com=!url.scheme;example=!url.unreadable;ex ample.com=!url.unreadable;maria@example.com=!url.unreadable;" +
			"https://user:pw@example.com=!url.unreadable;https://ação.com.br/x=https://ação.com.br/x;http://10.0.0.1/a=http://10.0.0.1/a;data:text/html,x=!url.scheme;=;não tem=!value.none_word"},
	} {
		for _, pair := range strings.Split(c.want, ";") {
			in, want, _ := strings.Cut(pair, "=")
			got, issues := c.f(in)
			if len(issues) > 0 && (in != "Não informado" && in != "prefiro não dizer") {
				got += "!" + codes(issues)
			}
			if got != want {
				t.Errorf("%s: %q gives %q, want %q", name, in, got, want)
			}
			if v, issues := c.f(in); v != "" {
				if again, _ := c.f(v); again != v {
					t.Errorf("%s: %q gives %q, which gives %q (%v)", name, in, v, again, issues)
				}
			}
		}
	}
}

func TestWomanM(t *testing.T) {
	t.Parallel()
	for values, want := range map[string]string{"H|M": Female, "F|M": Male, "M": Male, "H|M|F": Male} {
		var gc GenderColumn
		for _, v := range strings.Split(values, "|") {
			gc.Add(v)
		}
		if got, _ := Gender("M", gc.WomanM()); got != want {
			t.Errorf("%s: M is %q, want %q", values, got, want)
		}
	}
}

func TestPostalCode(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, country, state, want, issue string }{
		{"", "BR", "", "", ""},
		{"01310-100", "BR", "SP", "01310-100", ""},
		{"01310100", "", "", "01310-100", ""},
		{"01.310-100", "BR", "", "01310-100", ""},
		{"CEP: 01310-100", "BR", "", "01310-100", ""},
		{"01310 100", "BR", "", "01310-100", ""},
		{"1310100", "BR", "SP", "01310-100", "postal.zero_restored"},
		{"1310-100", "BR", "SP", "01310-100", "postal.zero_restored"},
		{"1310100.0", "BR", "SP", "01310-100", "postal.zero_restored"},
		{"1310100", "BR", "", "1310100", "postal.zero_lost"},
		{"1310100", "BR", "RJ", "1310100", "postal.unreadable"},
		{"20040-020", "BR", "SP", "20040-020", "postal.state_mismatch"},
		{"20040-020", "BR", "RJ", "20040-020", ""},
		{"00000-000", "BR", "", "00000-000", "postal.unreadable"},
		{"123", "BR", "", "123", "postal.unreadable"},
		{"abc", "BR", "", "abc", "postal.unreadable"},
		{"c1425abc", "AR", "", "C1425ABC", ""},
		{"06600", "MX", "", "06600", ""},
		{"SW1A 1AA", "GB", "", "SW1A 1AA", ""},
		{"6600.0", "CL", "", "6600", ""},
		{"não tem", "BR", "", "", "value.none_word"},
	} {
		got, issues := PostalCode(c.in, c.country, c.state)
		if got != c.want {
			t.Errorf("%q %s %s: %q, want %q", c.in, c.country, c.state, got, c.want)
		}
		wantIssue(t, c.in, issues, c.issue)
	}
	for _, s := range states {
		found := false
		for _, r := range cepRanges {
			found = found || r.state == s.letters && StateOfPostalCode(r.from+"000") == s.letters && StateOfPostalCode(r.to+"999") == s.letters
		}
		if !found {
			t.Errorf("no range of %s", s.letters)
		}
	}
}

func TestAreaCodes(t *testing.T) {
	t.Parallel()
	if n := len(AreaCodes()); n != 67 {
		t.Errorf("%d area codes, want 67", n)
	}
	for _, c := range []struct{ city, state, want string }{
		{"São Paulo", "SP", "11"}, {"SAO PAULO", "São Paulo", "11"}, {"Rio de Janeiro", "RJ", "21"}, {"Campinas", "SP", "19"}, {"Campinas - SP", "", "19"},
		{"Campinas/SP", "", "19"}, {"Ribeirão Preto", "", "16"}, {"Santa Bárbara D'Oeste", "SP", "19"}, {"santa barbara do oeste", "SP", "19"}, {"Sto. André", "SP", "11"},
		{"S. José dos Campos", "SP", "12"}, {"Goiânia", "GO", "62"}, {"Luziânia", "GO", "61"}, {"Brasília", "", "61"}, {"Uberlândia", "MG", "34"}, {"Petrolina", "PE", "87"},
		{"Juazeiro", "BA", "74"}, {"Palmas", "TO", "63"}, {"Palmas", "PR", "46"}, {"Palmas", "", ""}, {"Qualquer", "SE", "79"}, {"Xapuri", "Acre", "68"}, {"Nowhere", "SP", ""},
		{"Santa Maria", "RS", "55"}, {"Cascavel", "PR", "45"}, {"Cascavel", "CE", "85"}, {"Ji-Paraná", "RO", "69"}, {"Mogi-Guaçu", "SP", "19"}, {"Rosario", "Santa Fe", ""}, {"", "", ""},
		{"Porto União", "SC", "42"}, {"Feira de Santana (BA)", "", "75"},
	} {
		if got := AreaCodeOfCity(c.city, c.state); got != c.want {
			t.Errorf("%s, %s: %q, want %q", c.city, c.state, got, c.want)
		}
	}
	// every code is some city's, and lies in the state that the table of codes gives, but for the known borders
	seen := map[string]int{}
	for _, line := range strings.Split(strings.TrimSpace(cityLines), "\n") {
		ddd, uf, list := line[:2], line[3:5], line[6:]
		seen[ddd]++
		border := ddd+uf == "61GO" || ddd+uf == "42SC" || ddd+uf == "47PR" || ddd+uf == "49PR"
		if StateOfAreaCode(ddd) != uf && !border {
			t.Errorf("%s is no code of %s", ddd, uf)
		}
		for _, city := range strings.Split(list, ",") {
			if strings.TrimSpace(city) != city || city == "" || AreaCodeOfCity(city, uf) != ddd {
				t.Errorf("%q, %s: %q, want %s", city, uf, AreaCodeOfCity(city, uf), ddd)
			}
		}
	}
	for name, uf := range aloneCities {
		if cityTable()[uf+name] == "" {
			t.Errorf("%s, %s is in no list", name, uf)
		}
	}
	for _, ddd := range AreaCodes() {
		if seen[ddd] == 0 {
			t.Errorf("no city of %s", ddd)
		}
	}
	if got := strings.Join(AreaCodesOfState("BA"), " "); got != "71 73 74 75 77" {
		t.Error(got)
	}
}

func FuzzWords(f *testing.F) {
	for _, s := range []string{"sim", "[\"a\"]", "a;b,c|d", "https://example.com", "t.me/x", "SP - São Paulo", "1310-100", "pt_BR.UTF-8", "Campinas/SP", "#N/D", "* a ::: b"} {
		f.Add(s, "BR")
	}
	f.Fuzz(func(t *testing.T, s, other string) {
		type reader func(string) (string, []errs.Issue)
		for name, read := range map[string]reader{
			"country": Country, "language": Language, "priority": Priority, "telegram": Telegram, "url": URL,
			"state":  func(s string) (string, []errs.Issue) { return State(s, other) },
			"postal": func(s string) (string, []errs.Issue) { return PostalCode(s, other, "") },
			"gender": func(s string) (string, []errs.Issue) { return Gender(s, false) },
		} {
			v, issues := read(s)
			if errs.Worst(issues) == errs.Reject && v != "" {
				t.Errorf("%s %q: %q though refused", name, s, v)
			}
			if again, _ := read(v); again != v {
				t.Errorf("%s %q gives %q, which gives %q", name, s, v, again)
			}
		}
		Bool(s)
		AreaCodeOfCity(s, other)
		items, issues := List(nil, s, "")
		if errs.Worst(issues) == errs.Reject && len(items) > 0 {
			t.Errorf("list %q", s)
		}
		for _, it := range items {
			if it == "" || it != Trim(it) {
				t.Errorf("item %q of %q", it, s)
			}
		}
	})
}

func BenchmarkWords(b *testing.B) {
	run := func(name string, f func()) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				f()
			}
		})
	}
	var tags []string
	run("tags", func() { tags, _ = List(tags[:0], "cliente;black friday;vip", ";") })
	run("fold", func() { Fold("Conceição Magalhães") })
	run("name", func() { Name("Conceição Magalhães") })
	run("state", func() { State("São Paulo", "BR") })
	run("country", func() { Country("Brasil") })
	run("bool", func() { Bool("Não") })
	run("first", func() { FirstName("Conceição Magalhães") })
	run("city", func() { AreaCodeOfCity("São Paulo", "SP") })
	c := NewChoice([]string{"Básico", "Pro", "Premium"}, nil)
	run("choice", func() { c.Read("Básico") })
}
