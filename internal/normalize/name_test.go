package normalize

import (
	"strings"
	"testing"
)

func TestName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want, issue string }{
		{"Maria da Silva", "Maria da Silva", ""},
		{"  MARIA   da\nSilva ", "MARIA da Silva", ""},
		{"NULL", "NULL", ""},
		{"Null Pereira", "Null Pereira", ""},
		{"#N/D", "", "value.formula_error"},
		{"\u200b", "", ""},
		{"12345", "12345", "name.no_letters"},
		{"-", "-", "name.no_letters"},
		{"🌸", "🌸", ""},
		{strings.Repeat("é", 500), strings.Repeat("é", 500), ""},
		{strings.Repeat("é", 501), "", "name.too_long"},
		{strings.Repeat("a", 10000), "", "name.too_long"},
	} {
		got, issues := Name(c.in)
		if got != c.want {
			t.Errorf("Name(%.40q) = %.40q, want %.40q", c.in, got, c.want)
		}
		wantIssue(t, c.in, issues, c.issue)
	}
}

func TestSplitName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, first, last, initials string }{
		{"Maria da Silva", "Maria", "da Silva", "MS"},
		{"SILVA, João", "João", "SILVA", "JS"},
		{"da Silva Souza, Maria Clara", "Maria", "Clara da Silva Souza", "MS"},
		{"Dra. Maria da Silva", "Maria", "da Silva", "MS"},
		{"Sr. Dr. José Lima", "José", "Lima", "JL"},
		{"Sr João", "João", "", "J"},
		{"Dr.", "Dr.", "", "D"},
		{"Padaria São José", "Padaria São José", "", "PJ"},
		{"Silva, Souza & Cia", "Silva, Souza & Cia", "", "SS"},
		{"Tecno Sul Ltda.", "Tecno Sul Ltda.", "", "TS"},
		{"ACME S/A", "ACME S/A", "", "A"},
		{"Maria de Sá", "Maria", "de Sá", "MS"},
		{"Maria", "Maria", "", "M"},
		{"", "", "", ""},
		{"João Pereira Filho", "João", "Pereira Filho", "JP"},
		{"Juan Pérez, Jr.", "Juan", "Pérez", "JP"},
		{"Ángel Núñez", "Ángel", "Núñez", "ÁN"},
		{"Mme. Curie", "Curie", "", "C"},
		{"🌸", "🌸", "", ""},
	} {
		first, last := SplitName(c.in)
		if first != c.first || last != c.last {
			t.Errorf("SplitName(%q) = %q, %q, want %q, %q", c.in, first, last, c.first, c.last)
		}
		if got := FirstName(c.in); got != c.first {
			t.Errorf("FirstName(%q) = %q", c.in, got)
		}
		if got := Initials(c.in); got != c.initials {
			t.Errorf("Initials(%q) = %q, want %q", c.in, got, c.initials)
		}
	}
}
