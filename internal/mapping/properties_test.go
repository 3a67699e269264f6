package mapping

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// TestOrderDoesNotMatter holds over the known systems: a column is understood by itself and by the company
// it keeps, not by its place. (Area codes pair by place where nothing else tells; see combine.)
func TestOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	for _, s := range readSystems(t) {
		want := Suggest(s.headers, s.rows, SuggestOptions{})
		for seed := range uint64(5) {
			perm := rand.New(rand.NewPCG(seed, 7)).Perm(len(s.headers))
			got := Suggest(permuted(s.headers, perm), permutedRows(s.rows, perm), SuggestOptions{})
			for to, from := range perm {
				if got[to].Field != want[from].Field || got[to].Level != want[from].Level {
					t.Fatalf("%s: %q is %s (%v) at %d, %s (%v) at %d", s.name, s.headers[from],
						want[from].Field, want[from].Level, from, got[to].Field, got[to].Level, to)
				}
			}
		}
	}
}

// TestSpellingDoesNotMatter: capitals and accents change nothing, nor do underscores for spaces.
func TestSpellingDoesNotMatter(t *testing.T) {
	t.Parallel()
	plain := func(s string) string {
		out, _, err := transform.String(transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), norm.NFC), s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	spellings := map[string]func(string) string{
		"upper":       strings.ToUpper,
		"no accents":  plain,
		"decomposed":  norm.NFD.String,
		"underscores": func(s string) string { return strings.ReplaceAll(s, " ", "_") },
		"padded":      func(s string) string { return "  " + s + " *" },
	}
	for _, s := range readSystems(t) {
		want := Suggest(s.headers, s.rows, SuggestOptions{})
		for name, spell := range spellings {
			headers := make([]string, len(s.headers))
			for i, h := range s.headers {
				headers[i] = spell(h)
			}
			for i, g := range Suggest(headers, s.rows, SuggestOptions{}) {
				if g.Field != want[i].Field {
					t.Errorf("%s, %s: %q is %q, %q is %q", s.name, name, s.headers[i], want[i].Field, headers[i], g.Field)
				}
			}
		}
	}
}

// TestOneColumnPerField draws header rows from all systems mixed together.
func TestOneColumnPerField(t *testing.T) {
	t.Parallel()
	systems := readSystems(t)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 40).Draw(t, "columns")
		headers := make([]string, n)
		rows := make([][]string, 3)
		for i := range headers {
			s := systems[rapid.IntRange(0, len(systems)-1).Draw(t, "system")]
			c := rapid.IntRange(0, len(s.headers)-1).Draw(t, "column")
			v := systems[rapid.IntRange(0, len(systems)-1).Draw(t, "values")]
			headers[i] = s.headers[c]
			for r := range rows {
				rows[r] = append(rows[r], v.rows[r][c%len(v.headers)])
			}
		}
		checkRules(t, headers, Suggest(headers, rows, SuggestOptions{}))
	})
}

type failer interface {
	Helper()
	Fatalf(string, ...any)
}

// checkRules holds for every suggestion, whatever the file.
func checkRules(t failer, headers []string, got []Suggestion) {
	t.Helper()
	if len(got) != len(headers) {
		t.Fatalf("%d suggestions for %d columns", len(got), len(headers))
	}
	used := map[string]int{}
	for i, g := range got {
		switch {
		case g.Column != i || g.Header != headers[i]:
			t.Fatalf("suggestion %d is for column %d %q", i, g.Column, g.Header)
		case (g.Field == "") != (g.Level == None), (g.Level == Doubtful) != g.Confirm:
			t.Fatalf("%q: field %q, level %v, confirm %v", g.Header, g.Field, g.Level, g.Confirm)
		case g.Field != "" && !Known(g.Field):
			t.Fatalf("%q: unknown field %q", g.Header, g.Field)
		case (g.Field == "") != (g.Reason == NoMatch), g.Field == "" && g.Proposal == "":
			t.Fatalf("%q: field %q, reason %q, proposal %q", g.Header, g.Field, g.Reason, g.Proposal)
		case g.Confidence < 0 || g.Confidence > 1:
			t.Fatalf("%q: confidence %v", g.Header, g.Confidence)
		case g.CombineWith >= len(got) || g.CombineWith == i:
			t.Fatalf("%q: combines with %d", g.Header, g.CombineWith)
		case g.CombineWith >= 0 && got[g.CombineWith].Field != "":
			t.Fatalf("%q: combines with %q, which feeds %q", g.Header, got[g.CombineWith].Header, got[g.CombineWith].Field)
		}
		if g.Field == "" || Multi(g.Field) {
			continue
		}
		if first, ok := used[g.Field]; ok {
			t.Fatalf("%q and %q both feed %s", headers[first], g.Header, g.Field)
		}
		used[g.Field] = i
	}
}

func permuted(s []string, perm []int) []string {
	out := make([]string, len(s))
	for to, from := range perm {
		out[to] = s[from]
	}
	return out
}

func permutedRows(rows [][]string, perm []int) [][]string {
	out := make([][]string, len(rows))
	for i := range rows {
		out[i] = permuted(rows[i], perm)
	}
	return out
}

func FuzzSuggest(f *testing.F) {
	f.Add("Nome;DDD;Telefone", "Ana Exemplo;11;98765-0001")
	f.Add("", "a@example.com;+55 11 98765-0001")
	f.Add("Nº;#;$;(;İ;ŞIRKET\xff;A1_NOME", "1;2;3")
	f.Add("dataNascimento;IDCliente;CPFs;Phone 1 - Value", "01/02/1980;7;123.456.789-09;")
	f.Fuzz(func(t *testing.T, header, row string) {
		headers := strings.Split(header, ";")
		cells := strings.Split(row, ";")
		checkRules(t, headers, Suggest(headers, [][]string{cells}, SuggestOptions{}))
		if s := Similarity(headers, headers); s != 0 && s != 1 {
			t.Fatalf("a row is %v like itself", s)
		}
	})
}
