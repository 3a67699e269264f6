package normalize

import (
	"fmt"
	"strings"
	"testing"

	"cadastro/internal/errs"
	"pgregory.net/rapid"
)

func TestReadTaxID(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in, want string
		kind     TaxKind
		issue    string
	}{
		{"", "", TaxNone, ""},
		{"sem CPF", "", TaxNone, "value.none_word"},
		{"529.982.247-25", "52998224725", TaxCPF, ""},
		{"52998224725", "52998224725", TaxCPF, ""},
		{" 529 982 247 25 ", "52998224725", TaxCPF, ""},
		{"CPF: 529.982.247-25", "52998224725", TaxCPF, ""},
		{"529.982.247/25", "52998224725", TaxCPF, ""},
		{"５２９９８２２４７２５", "52998224725", TaxCPF, ""},
		{"'52998224725", "52998224725", TaxCPF, ""},
		{`="52998224725"`, "52998224725", TaxCPF, ""},
		{"52998224725.0", "52998224725", TaxCPF, "tax_id.recovered"},
		{"5,2998224725E+10", "52998224725", TaxCPF, "tax_id.recovered"},
		{"529.982.247-26", "", TaxNone, "tax_id.check_digits"},
		{"111.111.111-11", "", TaxNone, "tax_id.repeated"},
		{"00000000000", "", TaxNone, "tax_id.repeated"},
		{"1234567890", "01234567890", TaxCPF, "tax_id.zeros_restored"},
		{"1234567891", "", TaxNone, "tax_id.length"},
		{"191", "", TaxNone, "tax_id.length"},
		{"1111444777351234", "", TaxNone, "tax_id.length"},
		{"11222333000181", "11222333000181", TaxCNPJ, ""},
		{"11.222.333/0001-81", "11222333000181", TaxCNPJ, ""},
		{"12.ABC.345/01DE-35", "12ABC34501DE35", TaxCNPJ, ""},
		{"12abc34501de35", "12ABC34501DE35", TaxCNPJ, ""},
		{"12.ABC.345/01DE-36", "", TaxNone, "tax_id.check_digits"},
		{"11.222.333/OOO1-81", "11222333000181", TaxCNPJ, "tax_id.letter_for_digit"},
		{"11222333000182", "", TaxNone, "tax_id.check_digits"},
		{"1,1222333000181E+13", "11222333000181", TaxCNPJ, "tax_id.recovered"},
		{"1,12223E+13", "", TaxNone, "tax_id.digits_lost"},
		{"394460005887", "00394460005887", TaxCNPJ, "tax_id.zeros_restored"},
		{"00052998224725", "52998224725", TaxCPF, "tax_id.zeros_removed"},
		{"011222333000181", "11222333000181", TaxCNPJ, "tax_id.zeros_removed"},
		{"0000052998224725", "52998224725", TaxCPF, "tax_id.zeros_removed"},
		{"11.222.333/0001-81 (matriz)", "11222333000181", TaxCNPJ, ""},
		{"Isento", "", TaxNone, "value.none_word"},
		{"1234567890123", "", TaxNone, "tax_id.length"},
		{"maria", "", TaxNone, "tax_id.not_tax_id"},
		{"maria@example.com", "", TaxNone, "tax_id.not_tax_id"},
		{"#REF!", "", TaxNone, "value.formula_error"},
	} {
		got, issues := ReadTaxID(c.in, "BR")
		if got.Value != c.want || got.Kind != c.kind {
			t.Errorf("%q: %+v, want %s %s", c.in, got, c.kind, c.want)
		}
		wantIssue(t, c.in, issues, c.issue)
	}
}

func TestForeignTaxIDs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		country, in, want string
		kind              TaxKind
		issue             string
	}{
		{"AR", "20-12345678-6", "20123456786", TaxCUIT, ""},
		{"AR", "20-12345678-5", "20123456785", TaxCUIT, "tax_id.check_digits_abroad"},
		{"AR", "12.345.678", "12345678", TaxDNI, ""},
		{"CL", "12.345.678-5", "123456785", TaxRUT, ""},
		{"CL", "12345670-k", "12345670K", TaxRUT, ""},
		{"CL", "12.345.678-4", "123456784", TaxRUT, "tax_id.check_digits_abroad"},
		{"ES", "12345678Z", "12345678Z", TaxNIF, ""},
		{"ES", "x1234567-l", "X1234567L", TaxNIE, ""},
		{"ES", "A58818501", "A58818501", TaxCIF, ""},
		{"ES", "12345678A", "12345678A", TaxNIF, "tax_id.check_digits_abroad"},
		{"PT", "123 456 789", "123456789", TaxNIF, ""},
		{"UY", "1.234.567-2", "12345672", TaxCI, ""},
		{"UY", "211003420017", "211003420017", TaxRUTUY, ""},
		{"CO", "860.069.804-2", "8600698042", TaxNIT, ""},
		{"PE", "20131312955", "20131312955", TaxRUCPE, ""},
		{"EC", "1710034065", "1710034065", TaxCI, ""},
		{"MX", "GODE561231GR8", "GODE561231GR8", TaxRFC, ""},
		{"MX", "XAXX010101000", "XAXX010101000", TaxRFC, ""},
		{"US", "12-3456789", "12-3456789", TaxOther, ""},
		{"AR", "CPF 529.982.247-25", "52998224725", TaxCPF, ""},
	} {
		got, issues := ReadTaxID(c.in, c.country)
		if got.Value != c.want || got.Kind != c.kind {
			t.Errorf("%s %q: %+v, want %s %s", c.country, c.in, got, c.kind, c.want)
		}
		wantIssue(t, c.country+" "+c.in, issues, c.issue)
	}
}

func TestFormatTaxID(t *testing.T) {
	t.Parallel()
	for want, id := range map[string]TaxID{
		"529.982.247-25": {"52998224725", TaxCPF}, "11.222.333/0001-81": {"11222333000181", TaxCNPJ}, "12.ABC.345/01DE-35": {"12ABC34501DE35", TaxCNPJ},
		"20-12345678-6": {"20123456786", TaxCUIT}, "12.345.678-5": {"123456785", TaxRUT}, "": {}, "X1": {"X1", TaxOther},
	} {
		if got := id.String(); got != want {
			t.Errorf("%+v: %q, want %q", id, got, want)
		}
	}
	if CNPJRoot(TaxID{"12ABC34501DE35", TaxCNPJ}) != "12ABC345" || CNPJRoot(TaxID{"52998224725", TaxCPF}) != "" {
		t.Error("root")
	}
}

// drawCPF and drawCNPJ draw valid numbers by the definition of the check digits, apart from the code under test.
func drawCPF(t *rapid.T) string {
	for {
		d := rapid.SliceOfN(rapid.IntRange(0, 9), 9, 9).Draw(t, "cpf")
		for len(d) < 11 {
			sum := 0
			for i, v := range d {
				sum += v * (len(d) + 1 - i)
			}
			r := sum % 11
			if r < 2 {
				d = append(d, 0)
			} else {
				d = append(d, 11-r)
			}
		}
		if s := strings.Trim(strings.ReplaceAll(fmt.Sprint(d), " ", ""), "[]"); !allSame(s) {
			return s
		}
	}
}

func drawCNPJ(t *rapid.T) string {
	s := rapid.StringMatching(`[0-9A-Z]{12}|[0-9]{8}00[0-9]{2}`).Draw(t, "cnpj")
	for len(s) < 14 {
		weights := []int{6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2}[13-len(s):]
		sum := 0
		for i := range s {
			sum += (int(s[i]) - 48) * weights[i]
		}
		if r := sum % 11; r < 2 {
			s += "0"
		} else {
			s += fmt.Sprint(11 - r)
		}
	}
	if allSame(s) {
		return "11222333000181"
	}
	return s
}

func TestTaxIDProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cpf, cnpj := drawCPF(t), drawCNPJ(t)
		if !ValidCPF(cpf) || !ValidCNPJ(cnpj) {
			t.Fatalf("refused: %s %s", cpf, cnpj)
		}
		for _, id := range []TaxID{{cpf, TaxCPF}, {cnpj, TaxCNPJ}} {
			for _, in := range []string{id.Value, id.String(), strings.ToLower(id.Value), " " + id.String() + "\u00a0"} {
				got, issues := ReadTaxID(in, "BR")
				if got != id || issues != nil {
					t.Fatalf("%q: %+v %v, want %+v", in, got, issues, id)
				}
			}
			i := rapid.IntRange(0, len(id.Value)-1).Draw(t, "place")
			c := rapid.SampledFrom([]byte("0123456789")).Draw(t, "digit")
			// remainders 0 and 1 share the digit 0, so a change may hide behind a first check digit of 0: the
			// rule's own gap, not ours
			if id.Value[len(id.Value)-2] != '0' && id.Value[i] >= '0' && id.Value[i] <= '9' && id.Value[i] != c {
				bad := id.Value[:i] + string(c) + id.Value[i+1:]
				if ValidCPF(bad) || ValidCNPJ(bad) {
					t.Fatalf("one digit changed and still valid: %s %s", id.Value, bad)
				}
			}
		}
	})
}

func TestLostZeros(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cpf := drawCPF(t)
		short := strings.TrimLeft(cpf, "0")
		got, issues := ReadTaxID(short, "BR")
		if got.Value != "" && got.Value != cpf && got.Kind == TaxCPF {
			t.Fatalf("%s: %+v, was %s", short, got, cpf)
		}
		if got.Value == "" && errs.Worst(issues) != errs.Reject {
			t.Fatalf("%s: nothing and no reason", short)
		}
	})
	// a number that both readings prove is asked about
	for n := 10000000; n < 40000000; n++ {
		s := fmt.Sprint(n)
		if ValidCPF("000"+s) && ValidCNPJ("000000"+s) && s[2:4] == "00" {
			if _, issues := ReadTaxID(s, ""); codes(issues) != "tax_id.ambiguous" {
				t.Errorf("%s: %v", s, issues)
			}
			return
		}
	}
	t.Log("no number with two readings in the range")
}

func FuzzTaxID(f *testing.F) {
	for _, s := range []string{"529.982.247-25", "12.ABC.345/01DE-35", "1,23457E+13", "5,2998224725E+10", "CPF: 1", "GODE561231GR8", "Ñ&A010101AAA", "12345670-k"} {
		f.Add(s, "BR")
		f.Add(s, "MX")
		f.Add(s, "ES")
	}
	f.Fuzz(func(t *testing.T, s, country string) {
		id, issues := ReadTaxID(s, country)
		if id.Value == "" || errs.Worst(issues) == errs.Reject {
			if id.Value != "" {
				t.Errorf("%q: %+v though refused", s, id)
			}
			return
		}
		again, _ := ReadTaxID(id.Value, country)
		if id.Kind != TaxOther && again.Value != id.Value {
			t.Errorf("%q gave %+v, which gives %+v", s, id, again)
		}
		_ = id.String()
	})
}

func BenchmarkTaxID(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		ReadTaxID("529.982.247-25", "BR")
	}
}
