package cure

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"cadastro/internal/errs"
	"cadastro/internal/normalize"
)

func TestAreaCode(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		cell, area string
		preset     normalize.PhonePreset
		want       string
	}{
		{"98765-4321", "11", normalize.PresetAny, "11 98765-4321"},
		{" 3333 4444 ", "21", normalize.PresetAny, "21 3333 4444"},
		{"8765-4321", "11", normalize.PresetAny, "11 8765-4321"}, // the ninth digit is the reader's to add
		{"98765-4321", "11", normalize.PresetPlus, "+55 11 987654321"},
		{"98765-4321", "11", normalize.Preset13, "5511987654321"},
		{"98765-4321", "20", normalize.PresetAny, ""}, // no such area code
		{"98765-4321 / 3333-4444", "11", normalize.PresetAny, ""},
		{"11 98765-4321", "21", normalize.PresetAny, ""}, // a good value
		{"1234-5678", "11", normalize.PresetAny, ""},
		{"987654", "11", normalize.PresetAny, ""},
		{"", "11", normalize.PresetAny, ""},
	} {
		if got, ok := AreaCode(c.cell, c.area, c.preset); got != c.want || ok != (c.want != "") {
			t.Errorf("AreaCode(%q, %s, %v) = %q, want %q", c.cell, c.area, c.preset, got, c.want)
		}
	}
}

func TestAreaCodeOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ city, state, want string }{
		{"São Paulo", "", "11"}, {"SAO PAULO", "SP", "11"}, {"Santa Maria", "RS", "55"}, {"Campinas/SP", "", "19"}, {"Rio Branco", "AC", "68"},
		{"Santa Maria", "", ""}, {"Bom Jesus", "", ""}, {"", "SP", ""}, {"-", "", ""}, {"Lisboa", "Lisboa", ""},
	} {
		if got := AreaCodeOf(c.city, c.state); got != c.want {
			t.Errorf("AreaCodeOf(%q, %q) = %q, want %q", c.city, c.state, got, c.want)
		}
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"JosÃ© da ConceiÃ§Ã£o": "José da Conceição", "SÃ£o Paulo": "São Paulo",
		"José": "", "IRMÃ MARIA": "", "Ana": "", "": "", "Ãlvaro": "",
	} {
		if got, ok := Text(in); ok != (want != "") || ok && got != want {
			t.Errorf("Text(%q) = %q %v, want %q", in, got, ok, want)
		}
	}
}

func TestEmail(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"ana@hotmail@com": "ana@hotmail.com", "ana(arroba)example.com": "ana@example.com", "ana[at]gmail.com": "ana@gmail.com", "ana@gmail;com": "ana@gmail.com",
		"ana@gmailcom": "ana@gmail.com", "ana@yahoocombr": "ana@yahoo.com.br", "ana@gmail": "ana@gmail.com", "ana@uol.com.br@": "ana@uol.com.br",
		"ana@gmail,com": "", "ana@uol.com,br": "", // the reader mends these
		"ana@hotmail": "", "ana@yahoo": "", // .com or .com.br
		"ana@gmail.com": "", "ana": "", "ana lima@gmail,com": "", "@gmail,com": "", "ana@": "", "ana@a,b": "", "ana.gmail.com": "",
		"ana@gmail,con": "", "a@example.com, b@example.com": "",
	} {
		if got, ok := Email(in); got != want || ok != (want != "") {
			t.Errorf("Email(%q) = %q %v, want %q", in, got, ok, want)
		}
	}
	for _, c := range []struct{ cell, address, suggestion, want string }{
		{"ana@gmial.com", "ana@gmial.com", "ana@gmail.com", "ana@gmail.com"},
		{"ana@gmial.com; bia@example.com", "ana@gmial.com", "ana@gmail.com", "ana@gmail.com; bia@example.com"},
		{"ANA@GMIAL.COM", "ana@gmial.com", "ana@gmail.com", ""},
		{"ana@gmial.com ana@gmial.com", "ana@gmial.com", "ana@gmail.com", ""},
		{"ana@gmial.com", "ana@gmial.com", "", ""},
	} {
		if got, ok := Typo(c.cell, c.address, c.suggestion); ok != (c.want != "") || ok && got != c.want {
			t.Errorf("Typo(%q) = %q %v, want %q", c.cell, got, ok, c.want)
		}
	}
}

// TestRulesAreProven: what a rule gives is read without a fault, and a value without a fault is left alone.
func TestRulesAreProven(t *testing.T) {
	t.Parallel()
	piece := rapid.SampledFrom([]string{"9", "8765", "4321", "-", " ", "(11)", "+55", "/", "ana", "@", "gmail", ".", ",", "com", "br", "é", "Ã©", "São", "x"})
	rapid.Check(t, func(t *rapid.T) {
		cell := strings.Join(rapid.SliceOfN(piece, 0, 8).Draw(t, "cell"), "")
		area := rapid.SampledFrom(normalize.AreaCodes()).Draw(t, "area")
		if text, ok := AreaCode(cell, area, normalize.PresetAny); ok {
			if _, issues := normalize.Phones(nil, text, "BR", normalize.PresetAny); errs.Worst(issues) == errs.Reject {
				t.Fatalf("%q became %q: %v", cell, text, issues)
			}
			if _, issues := normalize.Phones(nil, cell, "BR", normalize.PresetAny); errs.Worst(issues) != errs.Reject {
				t.Fatalf("a good number %q became %q", cell, text)
			}
		}
		if text, ok := Email(cell); ok {
			if list, issues := normalize.Emails(nil, text); len(list) != 1 || len(issues) > 0 {
				t.Fatalf("%q became %q: %v", cell, text, issues)
			}
			if _, issues := normalize.Emails(nil, cell); errs.Worst(issues) != errs.Reject {
				t.Fatalf("a good address %q became %q", cell, text)
			}
		}
		if text, ok := Text(cell); ok {
			if _, again := Text(text); again {
				t.Fatalf("%q became %q, which is still wrong", cell, text)
			}
		}
	})
}
