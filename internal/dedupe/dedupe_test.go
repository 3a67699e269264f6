package dedupe

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// strangers fill a base, so that what is rare and what is common can be told.
func strangers() []Person {
	first := strings.Fields("Ana Maria João José Carlos Paulo Pedro Lucas Luiz Marcos Gabriel Rafael Bruno Felipe Camila Amanda Letícia Beatriz Larissa Débora")
	last := strings.Fields("Silva Santos Oliveira Souza Pereira Costa Rodrigues Almeida Lima Ferreira Carvalho Gomes Martins Rocha Ribeiro Alves Barbosa Mendes")
	var out []Person
	for i, f := range first {
		for j, l := range last {
			out = append(out, Person{ID: int64(10_000 + len(out)), Name: f + " " + l, City: []string{"São Paulo", "Recife", "Porto Alegre"}[(i+j)%3]})
		}
	}
	return out
}

// TestFind: who is taken for one person, how surely, and why.
func TestFind(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		a, b Person
		want string // certainty and reasons, "" for two people
	}{
		{"phone and name", Person{Name: "Ana Lima", Phones: []string{"+5511987650001"}}, Person{Name: "ana lima", Phones: []string{"+5511987650001"}}, "certain phone name"},
		{"phone and typing error", Person{Name: "Otávio Prates", Phones: []string{"1"}}, Person{Name: "Otavio Pratse", Phones: []string{"1"}}, "likely phone similar_name"},
		{"phone, mail and typing error", Person{Name: "Otávio Prates", Phones: []string{"1"}, Emails: []string{"otavio@example.com"}}, Person{Name: "Otavio Pratse", Phones: []string{"1"}, Emails: []string{"otavio@example.com"}}, "certain phone email similar_name"},
		{"last name first", Person{Name: "Prates, Otávio de", Emails: []string{"o.prates@example.com"}}, Person{Name: "Otávio Prates", Emails: []string{"o.prates@example.com"}}, "certain email name"},
		{"pet name", Person{Name: "Chico Prates", Phones: []string{"1"}}, Person{Name: "Francisco Prates", Phones: []string{"1"}}, "likely phone similar_name"},
		{"initial", Person{Name: "O. Prates", Phones: []string{"1"}, Birth: "1980-02-03"}, Person{Name: "Otávio Prates", Phones: []string{"1"}, Birth: "1980-02-03"}, "certain phone similar_name birth_date"},
		{"document", Person{Name: "Otávio Prates", TaxID: "52998224725"}, Person{Name: "Otavio J. Prates", TaxID: "52998224725"}, "certain tax_id similar_name"},
		{"birth date swapped", Person{Name: "Otávio Prates", Birth: "1980-02-03"}, Person{Name: "Otávio Prates", Birth: "1980-03-02"}, "likely name similar_birth_date"},
		{"mailbox at another domain", Person{Name: "Otávio Prates", Emails: []string{"otavio.prates@example.com"}}, Person{Name: "Otávio Prates", Emails: []string{"otavio.prates@example.org"}}, "likely name mailbox"},
		{"address", Person{Name: "Otávio Prates", Street: "Rua das Flores, 120"}, Person{Name: "Otávio Prates", Street: "R. das Flores 120"}, "likely name address"},
		{"blank lost", Person{Name: "Otávio Prates Leal", Phones: []string{"1"}}, Person{Name: "Otávio PratesLeal", Phones: []string{"1"}}, "likely phone similar_name"},

		{"namesakes", Person{Name: "Otávio Prates"}, Person{Name: "Otávio Prates"}, ""},
		{"namesakes of one large city", Person{Name: "Ana Lima", City: "São Paulo"}, Person{Name: "Ana Lima", City: "São Paulo"}, ""},
		{"father and son", Person{Name: "Otávio Prates", Phones: []string{"1"}, Street: "Rua A, 1"}, Person{Name: "Otávio Prates Filho", Phones: []string{"1"}, Street: "Rua A, 1"}, ""},
		{"son and grandson", Person{Name: "Otávio Prates Jr", Phones: []string{"1"}}, Person{Name: "Otávio Prates Neto", Phones: []string{"1"}}, ""},
		{"couple", Person{Name: "Rui Prates", Phones: []string{"1"}, Emails: []string{"casa@example.com"}, Street: "Rua A, 1"}, Person{Name: "Vera Prates", Phones: []string{"1"}, Emails: []string{"casa@example.com"}, Street: "Rua A, 1"}, ""},
		{"alike first names", Person{Name: "Márcia Prates", Phones: []string{"1"}}, Person{Name: "Marcelo Prates", Phones: []string{"1"}}, ""},
		{"two documents", Person{Name: "Otávio Prates", TaxID: "52998224725", Birth: "1980-02-03"}, Person{Name: "Otávio Prates", TaxID: "11144477735", Birth: "1980-02-03"}, ""},
		{"office address", Person{Name: "Otávio Prates", Emails: []string{"contato@example.com"}}, Person{Name: "Helena Dias", Emails: []string{"contato@example.com"}}, ""},
		{"Luís and Luísa", Person{Name: "Luís Prates", Phones: []string{"1"}}, Person{Name: "Luísa Prates", Phones: []string{"1"}}, ""},
	} {
		c.a.ID, c.b.ID = 1, 2
		pairs, err := Find(context.Background(), append(strangers(), c.a, c.b), Options{})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, p := range pairs {
			if p.A == 1 && p.B == 2 {
				got = strings.TrimSpace(p.Certainty.String() + " " + strings.Join(p.Reasons.Names(), " "))
			}
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// TestFirm: the phone of a firm and its address do not make one person of the staff.
func TestFirm(t *testing.T) {
	t.Parallel()
	people := strangers()
	for i, n := range []string{"Rui Prates", "Vera Dias", "Otto Leal", "Nilda Reis"} {
		people = append(people, Person{ID: int64(i + 1), Name: n, Phones: []string{"1"}, Emails: []string{"contato@example.com"}, Company: "Ateliê Aurora"})
	}
	pairs, err := Find(context.Background(), people, Options{})
	if err != nil || len(pairs) > 0 {
		t.Errorf("%v %v", pairs, err)
	}
}

// TestThroughAnother: what two contacts do not know of each other, a third knows.
func TestThroughAnother(t *testing.T) {
	t.Parallel()
	people := append(strangers(),
		Person{ID: 1, Name: "Otávio Prates", Phones: []string{"1"}},
		Person{ID: 2, Name: "Otávio Prates", Phones: []string{"1"}, Emails: []string{"otavio@example.com"}},
		Person{ID: 3, Name: "Otávio Prates", Emails: []string{"otavio@example.com"}})
	pairs, err := Find(context.Background(), people, Options{})
	if err != nil || len(pairs) != 3 || pairs[1].B != 3 || pairs[1].Reasons != ThroughAnother || pairs[1].Certainty != Likely {
		t.Errorf("%+v %v", pairs, err)
	}
}

// TestOrder: the pairs do not hang on the order of the people, and no pair is told twice.
func TestOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		people := rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) Person {
			word := rapid.SampledFrom([]string{"Ana", "Anna", "Rui", "Lima", "Prates", "Filho", "Chico", "Francisco", "J.", "de", ""})
			return Person{ID: rapid.Int64Range(1, 1000).Draw(t, "id"), Name: word.Draw(t, "first") + " " + word.Draw(t, "middle") + " " + word.Draw(t, "last"),
				Phones: rapid.SliceOfN(rapid.SampledFrom([]string{"1", "2", "3"}), 0, 2).Draw(t, "phones"), Emails: rapid.SliceOfN(rapid.SampledFrom([]string{"ana.lima@example.com", "ana.lima@example.org", "info@example.com"}), 0, 1).Draw(t, "emails"),
				Birth: rapid.SampledFrom([]string{"", "1980-02-03", "1980-03-02", "1991-12-12"}).Draw(t, "birth"), City: rapid.SampledFrom([]string{"", "Recife", "Natal"}).Draw(t, "city")}
		}), 0, 30, func(p Person) int64 { return p.ID }).Draw(t, "people")
		one, err := Find(context.Background(), people, Options{})
		if err != nil {
			t.Fatal(err)
		}
		turned := slices.Clone(people)
		slices.Reverse(turned)
		other, err := Find(context.Background(), turned, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(one, other); d != "" {
			t.Fatal(d)
		}
		for i, p := range one {
			if p.A >= p.B || i > 0 && one[i-1].A == p.A && one[i-1].B == p.B {
				t.Fatalf("%+v", one)
			}
		}
	})
}

// TestSound: words that are said alike fall together, others do not.
func TestSound(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ a, b string }{{"luis", "luiz"}, {"souza", "sousa"}, {"raphael", "rafael"}, {"thiago", "tiago"}, {"walter", "valter"}, {"yuri", "iuri"},
		{"giovanna", "jiovana"}, {"mattos", "matos"}, {"jacques", "jakes"}, {"christian", "cristian"}, {"philipe", "filipe"}} {
		if sound(c.a) != sound(c.b) {
			t.Errorf("%s %q, %s %q", c.a, sound(c.a), c.b, sound(c.b))
		}
	}
	for _, c := range []struct{ a, b string }{{"ana", "anna"}} {
		if sound(c.a) != sound(c.b) {
			t.Errorf("%s %q, %s %q", c.a, sound(c.a), c.b, sound(c.b))
		}
	}
	for _, c := range []struct{ a, b string }{{"carlos", "marcos"}, {"silva", "selva"}, {"rui", "rua"}, {"lia", "leo"}} {
		if sound(c.a) == sound(c.b) {
			t.Errorf("%s and %s sound %q", c.a, c.b, sound(c.a))
		}
	}
}
