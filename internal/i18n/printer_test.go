package i18n

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"
	"testing/fstest"
	"time"

	"cadastro/internal/errs"
)

// small is a catalogue of the tests' own.
func small(t testing.TB) *Catalogue {
	t.Helper()
	c, err := load(files(map[string]string{
		"core.pt-BR": `{"core.and": "e", "core.yes": "sim", "core.no": "não", "error.internal": "Falhou.", "error.cancelled": "Cancelado.", "error.timeout": "Demorou.",
			"hello": "Olá, {{.name}}: {{.n}}", "year": "Ano {{plain .year}}, até {{ bytes .size }}", "bare": "nada", "open": "{{.a}}{{.b}}",
			"import.done": {"one": "{{.Count}} contato novo", "other": "{{.Count}} contatos novos"},
			"rows": {"one": "{{.n}} linha de {{.file}}", "other": "{{.n}} linhas de {{.file}}"},
			"issue.phone.no_area_code": "Falta o DDD em {{.value}}.",
			"issue.row.repeated": "{{.value}} está também na linha {{.line}}.",
			"issue.cut": {"one": "{{.n}} letra a mais em {{.value}}", "other": "{{.n}} letras a mais em {{.value}}"},
			"error.file.too_large": "O arquivo passa de {{bytes .limit}}."}`,
		"core.es": `{"core.and": "y", "hello": "Hola, {{.name}}: {{.n}}"}`,
		"core.en": `{"core.and": "and", "core.yes": "yes", "hello": "Hello, {{.name}}: {{.n}}", "import.done": {"one": "{{.Count}} new contact", "other": "{{.Count}} new contacts"}}`,
	}))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func files(texts map[string]string) fstest.MapFS {
	m := fstest.MapFS{}
	for name, text := range texts {
		m["locales/"+name+".json"] = &fstest.MapFile{Data: []byte(text)}
	}
	return m
}

func TestT(t *testing.T) {
	t.Parallel()
	c := small(t)
	day := time.Date(2026, 11, 20, 14, 5, 0, 0, time.UTC)
	for _, tt := range []struct {
		lang Lang
		key  string
		args []any
		want string
	}{
		{Portuguese, "bare", nil, "nada"},
		{Portuguese, "hello", []any{"name", "Zoé", "n", 18412}, "Olá, Zoé: 18.412"},
		{Spanish, "hello", []any{"name", "Zoé", "n", int64(1234)}, "Hola, Zoé: 1234"},
		{English, "hello", []any{"name", "Zoé", "n", uint32(1234)}, "Hello, Zoé: 1,234"},
		{Portuguese, "hello", []any{"n", 3 * time.Second, "name", true}, "Olá, sim: 3 s"},
		{Portuguese, "hello", []any{"n", day, "name", []string{"a", "b", "c"}}, "Olá, a, b e c: 20/11/2026 14:05"},
		{Portuguese, "hello", []any{"n", 0.25, "name", nil}, "Olá, : 0,25"},
		{Portuguese, "hello", []any{"n", errors.New("secret"), "name", false}, "Olá, não: Falhou."},
		{Portuguese, "year", []any{"year", 2026, "size", 2 << 30}, "Ano 2026, até 2 GiB"},
		{Portuguese, "import.done", []any{1}, "1 contato novo"},
		{Portuguese, "import.done", []any{0}, "0 contato novo"}, // CLDR: Portuguese counts 0 with 1
		{English, "import.done", []any{0}, "0 new contacts"},
		{Portuguese, "import.done", []any{2_000_000_000}, "2.000.000.000 contatos novos"},
		{Portuguese, "import.done", []any{"Count", -1}, "-1 contato novo"},
		{Portuguese, "rows", []any{"file", "a.csv", "n", 1}, "1 linha de a.csv"},
		{Portuguese, "rows", []any{"file", "a.csv", "n", 7}, "7 linhas de a.csv"},
		{Portuguese, "rows", []any{"file", "a.csv", "n", 7, "count", 1}, "7 linha de a.csv"},
		{Portuguese, "open", []any{"b", "2", "a", "1"}, "12"},
		{"fr", "bare", nil, "nada"},
	} {
		if got := c.Printer(tt.lang).T(tt.key, tt.args...); got != tt.want {
			t.Errorf("%s %s %v = %q, want %q", tt.lang, tt.key, tt.args, got, tt.want)
		}
	}
	if m := c.Missing(); len(m) != 0 {
		t.Errorf("missing = %v, want none", m)
	}
}

func TestIssueAndError(t *testing.T) {
	t.Parallel()
	c := small(t)
	p := c.Printer(Portuguese)
	for want, got := range map[string]string{
		"Falta o DDD em 98765-4321.":               p.Issue(errs.NewIssue(errs.Reject, "phone.no_area_code", "98765-4321")),
		"x está também na linha 12.":               p.Issue(errs.NewIssue(errs.Reject, "row.repeated", "x", "line", 12)),
		"1 letra a mais em y":                      p.Issue(errs.NewIssue(errs.Reject, "cut", "y", "n", 1)),
		"30 letras a mais em {{.value}}":           p.Issue(errs.NewIssue(errs.Reject, "cut", "{{.value}}", "n", 30)),
		"[issue.nope]":                             p.Issue(errs.NewIssue(errs.Note, "nope", "")),
		"O arquivo passa de 1,5 GiB.":              p.Error(fmt.Errorf("upload: %w", errs.New(errs.TooLarge, "file.too_large", "limit", 3<<29))),
		"O arquivo passa de ?.":                    p.Error(errs.New(errs.TooLarge, "file.too_large")),
		"[error.nope]":                             p.Error(errs.New(errs.Invalid, "nope")),
		"Falhou.":                                  p.Error(errors.New("pq: password of user is hunter2")),
		"Cancelado.":                               p.Error(fmt.Errorf("read: %w", context.Canceled)),
		"Demorou.":                                 p.Error(context.DeadlineExceeded),
		"O arquivo passa de 2 GiB. / 2 GiB, 1 MiB": p.Error(errs.Wrap(context.Canceled, errs.TooLarge, "file.too_large", "limit", int64(2<<30))) + " / " + p.Bytes(2<<30) + ", " + p.Bytes(1<<20),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	want := map[string]int64{"issue.nope": 1, "error.nope": 1, "file.too_large.limit": 1}
	if got := c.Missing(); !reflect.DeepEqual(got, want) {
		t.Errorf("missing = %v, want %v", got, want)
	}
}

func TestMissingIsBounded(t *testing.T) {
	t.Parallel()
	c := small(t)
	for i := range 3 * maxMissing {
		c.Printer(English).T(fmt.Sprint("k", i))
	}
	if n := len(c.Missing()); n != maxMissing {
		t.Errorf("%d keys remembered, want %d", n, maxMissing)
	}
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	for name, fs := range map[string]fstest.MapFS{
		"unknown language": files(map[string]string{"core.fr": `{"a": "b"}`}),
		"no language":      files(map[string]string{"core": `{"a": "b"}`}),
		"broken JSON":      files(map[string]string{"core.en": `{"a": `}),
		"repeated key":     files(map[string]string{"a.en": `{"k": "x"}`, "b.en": `{"k": "x"}`}),
		"empty text":       files(map[string]string{"a.en": `{"k": ""}`}),
		"no other form":    files(map[string]string{"a.en": `{"k": {"one": "x"}}`}),
		"open brace":       files(map[string]string{"a.en": `{"k": "a {{.b"}`}),
		"function":         files(map[string]string{"a.en": `{"k": "{{printf .b}}"}`}),
		"no dot":           files(map[string]string{"a.en": `{"k": "{{b}}"}`}),
		"no name":          files(map[string]string{"a.en": `{"k": "{{.}}"}`}),
		"condition":        files(map[string]string{"a.en": `{"k": "{{if .b}}x{{end}}"}`}),
	} {
		if _, err := load(fs); err == nil {
			t.Errorf("%s: taken, want an error", name)
		}
	}
}

func TestMatch(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]Lang{
		"":                                    Portuguese,
		"pt-BR":                               Portuguese,
		"pt-PT,pt;q=0.9,en;q=0.8":             Portuguese,
		"pt_BR.UTF-8":                         Portuguese,
		"es_MX.UTF-8":                         Spanish,
		"es-419,es;q=0.9":                     Spanish,
		"en_US":                               English,
		"en-GB,en-US;q=0.9,pt;q=0.1":          English,
		"de_DE@euro":                          Portuguese,
		"fr-FR,fr;q=0.9,en;q=0.5":             English,
		"C":                                   Portuguese,
		"POSIX":                               Portuguese,
		"*":                                   Portuguese,
		"zz-Nonsense-;;;,q=,,":                Portuguese,
		"\x00\xff":                            Portuguese,
		"ja,es;q=0.5":                         Spanish,
		"en;q=0.1,es;q=0.9":                   Spanish,
		"pt;q=0, en":                          English,
		"a-very-long-" + "tag-that-is-no-tag": Portuguese,
	} {
		if got := Match(accept); got != want {
			t.Errorf("Match(%q) = %s, want %s", accept, got, want)
		}
	}
}

func FuzzMatch(f *testing.F) {
	f.Add("pt-BR,en;q=0.5")
	f.Add("es_AR.UTF-8")
	f.Fuzz(func(t *testing.T, accept string) {
		if l := Match(accept); l != Portuguese && l != Spanish && l != English {
			t.Errorf("Match(%q) = %q", accept, l)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add("a {{.b}} c {{plain .d}}{{bytes .e}}")
	f.Add("{{{{.a}}}}")
	f.Fuzz(func(t *testing.T, text string) {
		parts, err := parse(text)
		if err != nil {
			return
		}
		for _, p := range parts {
			if p.arg != "" && !isName(p.arg) {
				t.Errorf("parse(%q) names %q", text, p.arg)
			}
		}
	})
}

func BenchmarkIssue(b *testing.B) {
	p := small(b).Printer(Portuguese)
	i := errs.NewIssue(errs.Reject, "phone.no_area_code", "98765-4321")
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		buf = p.AppendIssue(buf[:0], &i)
	}
}

func BenchmarkIssueWithArgs(b *testing.B) {
	p := small(b).Printer(Portuguese)
	i := errs.NewIssue(errs.Reject, "cut", "98765-4321", "n", 18412)
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		buf = p.AppendIssue(buf[:0], &i)
	}
}
