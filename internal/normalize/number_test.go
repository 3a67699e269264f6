package normalize

import (
	"math/big"
	"strings"
	"testing"

	"cadastro/internal/errs"
	"pgregory.net/rapid"
)

func TestNumber(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in, comma, point, unknown string
	}{
		{"", "", "", ""},
		{"0", "0", "0", "0"},
		{"-0", "0", "0", "0"},
		{"007", "7", "7", "7"},
		{"1234", "1234", "1234", "1234"},
		{"1.234,56", "1234.56", "1234.56", "1234.56"},
		{"1,234.56", "1234.56", "1234.56", "1234.56"},
		{"1'234.56", "1234.56", "1234.56", "1234.56"},
		{"1’234,56", "1234.56", "1234.56", "1234.56"},
		{"1 234,56", "1234.56", "1234.56", "1234.56"},
		{"1\u00a0234,56", "1234.56", "1234.56", "1234.56"},
		{"1.234.567", "1234567", "1234567", "1234567"},
		{"1,234,567", "1234567", "1234567", "1234567"},
		{"12,34,567.5", "1234567.5", "1234567.5", "1234567.5"},
		{"1.234", "1234", "1.234", "!number.ambiguous"},
		{"1,234", "1.234", "1234", "!number.ambiguous"},
		{"0,125", "0.125", "0.125", "0.125"},
		{"12,5", "12.5", "12.5", "12.5"},
		{"12.50", "12.5", "12.5", "12.5"},
		{",5", "0.5", "0.5", "0.5"},
		{"5,", "5", "5", "5"},
		{"1234.567", "1234.567", "1234.567", "1234.567"},
		{"R$ 1.234,56", "1234.56", "1234.56", "1234.56"},
		{"R$1.234,56", "1234.56", "1234.56", "1234.56"},
		{"US$ 1,234.56", "1234.56", "1234.56", "1234.56"},
		{"1.234,56 €", "1234.56", "1234.56", "1234.56"},
		{"10 reais", "10", "10", "10"},
		{"S/ 10,50", "10.5", "10.5", "10.5"},
		{"-R$ 5,00", "-5", "-5", "-5"},
		{"R$ -5,00", "-5", "-5", "-5"},
		{"(123)", "-123", "-123", "-123"},
		{"123-", "-123", "-123", "-123"},
		{"−5", "-5", "-5", "-5"},
		{"+5", "5", "5", "5"},
		{"12%", "0.12", "0.12", "0.12"},
		{"12,5 %", "0.125", "0.125", "0.125"},
		{"1,5E+3", "1500", "1500", "1500"},
		{"1.5e-3", "0.0015", "0.0015", "0.0015"},
		{"9223372036854775808", "9223372036854775808", "9223372036854775808", "9223372036854775808"},
		{"99999999999999999999999999999999999999", "99999999999999999999999999999999999999", "99999999999999999999999999999999999999", "99999999999999999999999999999999999999"},
		{"999999999999999999999999999999999999999", "!number.too_long", "!number.too_long", "!number.too_long"},
		{"1e99", "!number.too_long", "!number.too_long", "!number.too_long"},
		{"１２３", "123", "123", "123"},
		{"'123", "123", "123", "123"},
		{"abc", "!number.unreadable", "!number.unreadable", "!number.unreadable"},
		{"10 kg", "!number.unreadable", "!number.unreadable", "!number.unreadable"},
		{"¼", "!number.unreadable", "!number.unreadable", "!number.unreadable"},
		{"∞", "!number.unreadable", "!number.unreadable", "!number.unreadable"},
		{"1-2", "!number.unreadable", "!number.unreadable", "!number.unreadable"},
		{"1.2.3", "!number.unreadable", "!number.unreadable", "!number.unreadable"},
		{"1,2,3,", "!number.unreadable", "!number.unreadable", "!number.unreadable"},
		{"31/12/2025", "!number.unreadable", "!number.unreadable", "!number.unreadable"},
		{"NaN", "!value.none_word", "!value.none_word", "!value.none_word"},
		{"#DIV/0!", "!value.formula_error", "!value.formula_error", "!value.formula_error"},
		{"R$ -", "!number.unreadable", "!number.unreadable", "!number.unreadable"},
		{"R$", "!number.unreadable", "!number.unreadable", "!number.unreadable"},
	} {
		for f, want := range map[NumberFormat]string{DecimalComma: c.comma, DecimalPoint: c.point, NumberUnknown: c.unknown} {
			got, issues := Number(c.in, f)
			if len(issues) > 0 && got == "" {
				got = "!" + issues[0].Code
			}
			if got != want {
				t.Errorf("Number(%q, %v) = %q, want %q", c.in, f, got, want)
			}
		}
	}
}

func TestNumberColumn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		values  string
		country string
		format  NumberFormat
		ask     bool
	}{
		{"1|2", "BR", DecimalComma, false},
		{"1,5|1.234", "US", DecimalComma, false},
		{"1.5|1,234", "BR", DecimalPoint, false},
		{"1.234|2.345", "BR", DecimalComma, true},
		{"1.234|2.345", "US", DecimalPoint, true},
		{"1,5|1.5|1.234", "BR", DecimalComma, true},
		{"1,5|1.5", "BR", DecimalComma, false},
		{"R$ 1.234,56|1.234", "US", DecimalComma, false},
	} {
		var nc NumberColumn
		for _, v := range strings.Split(c.values, "|") {
			nc.Add(v)
		}
		if f, ask := nc.Decide(c.country); f != c.format || ask != c.ask {
			t.Errorf("%s: %v %v, want %v %v", c.values, f, ask, c.format, c.ask)
		}
	}
}

func TestNumberRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		whole := rapid.StringMatching(`[1-9][0-9]{0,20}`).Draw(t, "whole")
		frac := rapid.StringMatching(`[0-9]{0,9}[1-9]`).Draw(t, "frac")
		neg := rapid.SampledFrom([]string{"", "-"}).Draw(t, "sign")
		want := neg + whole + "." + frac
		group := func(sign string) string {
			out := whole
			for i := len(whole) - 3; i > 0; i -= 3 {
				out = out[:i] + sign + out[i:]
			}
			return out
		}
		for _, c := range []struct {
			in string
			f  NumberFormat
		}{
			{want, DecimalPoint}, {neg + whole + "," + frac, DecimalComma}, {neg + group(".") + "," + frac, DecimalComma}, {neg + group(",") + "." + frac, DecimalPoint},
			{neg + group(" ") + "," + frac, DecimalComma}, {neg + group("'") + "." + frac, DecimalPoint}, {neg + "R$ " + group(".") + "," + frac, DecimalComma},
		} {
			got, issues := Number(c.in, c.f)
			if got != want || errs.Worst(issues) == errs.Reject {
				t.Fatalf("%q: %q %v, want %q", c.in, got, issues, want)
			}
		}
	})
}

func FuzzNumber(f *testing.F) {
	for _, s := range []string{"1.234,56", "(R$ 12,50)", "1e38", "12%", "1'234", "−5", "0e9", "..", "1e-77", "%5", "1__2", "5\u00a0"} {
		f.Add(s, uint8(0))
		f.Add(s, uint8(1))
	}
	f.Fuzz(func(t *testing.T, s string, format uint8) {
		got, issues := Number(s, NumberFormat(format%3))
		var nc NumberColumn
		nc.Add(s)
		if got == "" {
			return
		}
		if _, ok := new(big.Rat).SetString(got); !ok || errs.Worst(issues) == errs.Reject {
			t.Errorf("%q: %q %v", s, got, issues)
		}
		if again, _ := Number(got, DecimalPoint); again != got {
			t.Errorf("%q gave %q, which gives %q", s, got, again)
		}
	})
}

func BenchmarkNumber(b *testing.B) {
	for _, s := range []string{"4321", "R$ 1.234,56"} {
		b.Run(s, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Number(s, DecimalComma)
			}
		})
	}
}
