package numfmt

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestShow holds what Excel (en-US) displays.
func TestShow(t *testing.T) {
	t.Parallel()
	tests := []struct {
		code string
		v    float64
		want string
	}{
		{"General", 0, "0"},
		{"General", 1234567.891, "1234567.891"},
		{"General", 12345678910, "12345678910"},
		{"General", 123456789100, "1.23457E+11"},
		{"General", 5511987654321, "5.51199E+12"},
		{"General", 100000000000, "1E+11"},
		{"General", 0.1234567891, "0.123456789"},
		{"General", 0.0001234567, "0.000123457"},
		{"General", 0.00001234567, "1.23457E-05"},
		{"General", 0.00001234, "0.00001234"},
		{"General", 1e-9, "0.000000001"},
		{"General", 1.2e-9, "1.2E-09"},
		{"General", -0.1 - 0.2, "-0.3"},
		{"General", 1.0 / 3, "0.333333333"},
		{"General", 1234.5678912345, "1234.567891"},
		{`"positive"General;"negative"General`, -3.14, "negative3.14"},
		{`"any"General`, -3.14, "-any3.14"},
		{"0", 1.5, "2"},
		{"0", 2.5, "3"},
		{"0", -0.4, "-0"},
		{"0.00", 1.005, "1.01"},
		{"0.00", 100000000.09999999, "100000000.10"},
		{"0.0#", 12.345, "12.35"},
		{"0.0#", 0.0012345, "0.0"},
		{"#.##", 0, "."},
		{"#.##", 1, "1."},
		{"#.00", 0.5, ".50"},
		{"#,###", 0, ""},
		{"#,##0", 1234567, "1,234,567"},
		{"#,##0", -1234, "-1,234"},
		{"#,##0.00", 1234652.685, "1,234,652.69"},
		{"00,000.00", 12, "00,012.00"},
		{"00,000.00,", 12345, "00,012.35"},
		{"#.0000,,", 1234567, "1.2346"},
		{"0,", 1500, "2"},
		{`0.0,,"M"`, 12345678, "12.3M"},
		{"0%", 0.125, "13%"},
		{"0.00%", 0.12345, "12.35%"},
		{"%0", 0.5, "%50"},
		{"0.00E+00", 12345, "1.23E+04"},
		{"0.00E+00", 0.00012345, "1.23E-04"},
		{"0.00E-00", 12345, "1.23E04"},
		{"0.0E+0", 99.99, "1.0E+2"},
		{"##0.0E+0", 12345, "12.3E+3"},
		{"##0.0E+0", 123456789, "123.5E+6"},
		{"##0.0E+0", 0, "0.0E+0"},
		{"# ?/?", 1.5, "1 1/2"},
		{"# ?/?", 0.5, " 1/2"},
		{"# ?/?", 3, "3    "},
		{"# ??/??", 12.3456789, "12 28/81"},
		{"??/??", 12.3456789, "1000/81"},
		{"??/??", 0.00001, " 0/1 "},
		{"# ?/8", 1.25, "1 2/8"},
		{"# ??/16", 1.25, "1  4/16"},
		{`_(* #,##0.00_)`, 1234.5, " 1,234.50 "},
		{`_($* #,##0_);_($* (#,##0);_($* "-"_);_(@_)`, 1, " $1 "},
		{`_($* #,##0_);_($* (#,##0);_($* "-"_);_(@_)`, -1, " $(1)"},
		{`_($* #,##0_);_($* (#,##0);_($* "-"_);_(@_)`, 0, " $- "},
		{`_(* #,##0.00_);_(* \(#,##0.00\);_(* "-"??_);_(@_)`, 0, " -   "},
		{`"$"#,##0.00_);[Red]\("$"#,##0.00\)`, -12.5, "($12.50)"},
		{`[$R$-416] #,##0.00`, 1234.5, "R$ 1,234.50"},
		{`[$€-2]\ #,##0.00`, 1, "€ 1.00"},
		{`"R$ "#,##0.00;[Red]-"R$ "#,##0.00`, -1, "-R$ 1.00"},
		{"0;0", -1.1, "1"},
		{`"foo";"bar";"baz"`, 0, "baz"},
		{`"foo";"bar";@`, 0, "foo"},
		{";;;", 5, ""},
		{"r", -1, "-r"},
		{"00000-0000", 12345.6789, "00001-2346"},
		{"000-00-0000", 123456789, "123-45-6789"},
		{`000"."000"."000"-"00`, 1234567890, "012.345.678-90"},
		{`00"."000"."000"/"0000"-"00`, 11222333000181, "11.222.333/0001-81"},
		{"[<=9999999]###-####;(###) ###-####", 8675309, "867-5309"},
		{"[<=9999999]###-####;(###) ###-####", 2813308004, "(281) 330-8004"},
		{`[<=99999999]0000\-0000;\(00\)\ 00000\-0000`, 11987654321, "(11) 98765-4321"},
		{`###\\###\\##\0`, 12345.6789, `\123\460`},
		{`[>=100]"A"0;[<=-100]"B"0;"C"0`, -6.3, "-C6"},
		{`[>=100]"A"0;[<=0]"B"0;"C"0`, -6.3, "-B6"},
		{`[<=-100]"B"0;"C"0`, -6.3, "C6"},
		{`[<=0]"B"0`, 6.3, "6.3"},
		{`[=-6]\A0`, -5, "-5"},
		{`[<-6]\A0`, -5, "5"},
		{`[=-5]\A0;\B0`, -5, "A5"},
		{`[>2]\A0;\B0`, -5, "-B5"},
		{`[<>-6]\A0;[<-4]\B0;\C0`, -5, "-A5"},
		{`[>=100]"A"0;[<=-100]"B"0`, 6.3, "########"},
		{`[Green]#,##0;[Red][<-2](#,##0.00)`, -5, "(5.00)"},
		{`[Green]#,##0;[Red][<-2](#,##0.00)`, 5, "5"},
		{`[Red][<-25]General;[Blue][>25]General;[Green]General;[Yellow]General`, -26, "26"},
		{"@", 12.5, "12.5"},
		{"m/d/yyyy", 46022, "12/31/2025"},
		{"m/d/yyyy", 1, "1/1/1900"},
		{"m/d/yyyy", 60, "2/29/1900"},
		{"m/d/yyyy", 61, "3/1/1900"},
		{"m/d/yyyy", 0, "1/0/1900"},
		{"m/d/yyyy", -1, "########"},
		{"m/d/yyyy", 2958466, "########"},
		{"dd/mm/yy", 46022, "31/12/25"},
		{`yyyy\-mm\-dd`, 36526, "2000-01-01"},
		{"d-mmm-yy", 46022, "31-Dec-25"},
		{"dddd, mmmm dd, yyyy", 46022, "Wednesday, December 31, 2025"},
		{"ddd mmmmm", 46022, "Wed D"},
		{"[$-416]d mmmm, yyyy;@", 46022, "31 dezembro, 2025"},
		{"[$-pt-BR]dddd", 46022, "quarta-feira"},
		{"[$-80A]mmm-yy", 45658, "ene-25"},
		{"[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", 46022, "Wednesday, December 31, 2025"},
		{"[$-F400]h:mm:ss\\ AM/PM", 0.573, "1:45:07 PM"},
		{"m/d/yyyy h:mm", 46022.572916666664, "12/31/2025 13:45"},
		{"h:mm AM/PM", 0, "12:00 AM"},
		{"hh:mm AM/PM", 0.7, "04:48 PM"},
		{"h:mm a/p", 0.5, "12:00 P"},
		{"h:mm:ss", 0.999999, "0:00:00"},
		{"hh:mm:ss.000", 0.70707, "16:58:10.848"},
		{"mm:ss.0", 0.70707, "58:10.8"},
		{"[h]:mm:ss", 1.0625, "25:30:00"},
		{"[mm]:ss", 0.0625, "90:00"},
		{"[hhh]", -1, "-024"},
		{"hhh:mmm", 0.7, "16:Jan"},
		{`h"h"mm`, 0.573, "13h45"},
		{"m", 46022, "12"},
		{"h m s", 0.573, "13 45 7"},
		{"e", 46022, "2025"},
		{"b", 1000, "45"},
		{"☃", -1, "-☃"},
		{"0 kg", 7, "7 kg"},
		{"#,##0.0 dias", 7, "7.0 dias"},
	}
	for _, tt := range tests {
		if got := New(tt.code).Show(tt.v, false); got != tt.want {
			t.Errorf("%s of %v: got %q, want %q", tt.code, tt.v, got, tt.want)
		}
	}
}

func TestShowText(t *testing.T) {
	t.Parallel()
	tests := []struct{ code, text, want string }{
		{"0.00", "Ana", "Ana"},
		{"@", "Ana", "Ana"},
		{"@@", "a", "aa"},
		{`"foo";"bar";"baz";"qux"`, "Ana", "qux"},
		{`_(* #,##0_);_(* (#,##0);_(* "-"_);_(@_)`, "Ana", " Ana "},
		{`0;0;0;"n. "@`, "7", "n. 7"},
		{"m/d/yyyy;@", "later", "later"},
		{";;;", "hidden", ""},
	}
	for _, tt := range tests {
		if got := New(tt.code).ShowText(tt.text); got != tt.want {
			t.Errorf("%s of %q: got %q, want %q", tt.code, tt.text, got, tt.want)
		}
	}
}

// TestText holds what an importer gets.
func TestText(t *testing.T) {
	t.Parallel()
	tests := []struct {
		code, raw, want string
		date            bool
	}{
		{"0.00", "5511987654321", "5511987654321", false},
		{"0.00E+00", "5.511987654321E+12", "5511987654321", false},
		{"#,##0.00", "1234.5", "1234.5", false},
		{`"R$ "#,##0.00`, "-0.30000000000000004", "-0.3", false},
		{`0" un"`, "7", "7", false},
		{"0%", "0.125", "12.5%", false},
		{"00000-000", "1310100", "01310-100", false},
		{"00000-000", "1310100.5", "1310100.5", false},
		{`"+"0`, "5511987654321", "+5511987654321", false},
		{"0000", "7", "0007", false},
		{"0000", "-7", "-0007", false},
		{"@", "0012", "0012", false},
		{`"Sim";;"Não"`, "1", "Sim", false},
		{";;;", "12", "12", false},
		{"# ?/?", "0.5", "0.5", false},
		{`#\ ##0`, "1234567", "1234567", false},
		{`[>999999]#\.###\.##0;#\.##0`, "1234567", "1234567", false},
		{`#\-###\-###`, "1234567", "1-234-567", false},
		{`000\.000`, "1234", "001.234", false},
		{`####\-####`, "98765432", "9876-5432", false},
		{"dd/mm/yyyy", "46022", "2025-12-31", true},
		{"dd/mm/yyyy", "46022.9", "2025-12-31", true},
		{"mm/yyyy", "45992", "2025-12-01", true},
		{"dd/mm/yyyy hh:mm", "46022.572916666664", "2025-12-31 13:45", true},
		{"dd/mm/yyyy hh:mm:ss", "46022.573", "2025-12-31 13:45:07", true},
		{"dd/mm/yyyy hh:mm:ss", "46022", "2025-12-31 00:00", true},
		{"hh:mm", "0.573", "13:45", true},
		{"[h]:mm", "1.0625", "25:30", true},
		{"dd/mm/yyyy", "0", "0", false},
		{"dd/mm/yyyy", "-5", "-5", false},
		{"dd/mm/yyyy", "5511987654321", "5511987654321", false},
		{"[$-416]d \"de\" mmmm \"de\" yyyy", "46022", "2025-12-31", true},
	}
	for _, tt := range tests {
		v, ok := ParseFloat([]byte(tt.raw))
		if !ok {
			t.Fatal(tt.raw)
		}
		got, date := New(tt.code).AppendText(nil, []byte(tt.raw), v, false)
		if string(got) != tt.want || date != tt.date {
			t.Errorf("%s of %s: got %q %v, want %q %v", tt.code, tt.raw, got, date, tt.want, tt.date)
		}
	}
}

func TestPlain(t *testing.T) {
	t.Parallel()
	tests := []struct {
		raw, want string
		lost      bool
	}{
		{"12", "12", false},
		{"-0", "0", false},
		{"1.50", "1.5", false},
		{"1.0", "1", false},
		{"0.1000000000000000055", "0.1", false},
		{"5.511987654321E+12", "5511987654321", false},
		{"1E-3", "0.001", false},
		{"1234567890123456", "1234567890123456", false},
		{"12345678901234500", "12345678901234500", true},
		{"1.23456789012345E+19", "12345678901234500000", true},
		{"1e300", "1e300", true},
		{"12345678.900000001", "12345678.9", false},
	}
	for _, tt := range tests {
		v, _ := ParseFloat([]byte(tt.raw))
		if got := string(AppendPlain(nil, []byte(tt.raw))); got != tt.want || DigitsLost([]byte(tt.raw), v) != tt.lost {
			t.Errorf("%s: got %q %v", tt.raw, got, DigitsLost([]byte(tt.raw), v))
		}
	}
}

func TestBuiltin(t *testing.T) {
	t.Parallel()
	for id := range 200 {
		if code := Builtin(id); code != "" && id != 0 && New(code).Show(1.5, false) == "" {
			t.Errorf("%d shows nothing", id)
		}
	}
	for _, id := range []int{14, 15, 16, 17, 18, 19, 20, 21, 22, 27, 36, 45, 46, 47, 50, 58} {
		if !New(Builtin(id)).IsDate() {
			t.Errorf("%d is no date", id)
		}
	}
}

// TestSerial: a date becomes a serial number and back.
func TestSerial(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		y, m := rapid.IntRange(1904, 9999).Draw(rt, "y"), rapid.IntRange(1, 12).Draw(rt, "m")
		d := rapid.IntRange(1, daysIn(y, m)).Draw(rt, "d")
		sec := rapid.IntRange(0, 86399).Draw(rt, "s")
		mode := rapid.Bool().Draw(rt, "1904")
		got, ok := newMoment(Serial(y, m, d, sec/3600, sec/60%60, float64(sec%60), mode), mode, 0)
		if !ok || got.year != y || got.month != m || got.day != d || got.hour*3600+got.minute*60+got.second != sec {
			rt.Fatalf("%+v", got)
		}
	})
}

// FuzzFormat: no format and no value breaks the rendering, or makes it endless.
func FuzzFormat(f *testing.F) {
	for _, code := range []string{"General", "# ??/??", "[h]:mm:ss.000", `_($* #,##0_);_($* (#,##0);_($* "-"_);_(@_)`, "##0.0E+0", "[$-416]dddd", `[<=9]0;"x"@`, "0/3", "*", `\`, "[", `"`} {
		f.Add(code, 1234.5)
		f.Add(code, -1e300)
	}
	f.Fuzz(func(t *testing.T, code string, v float64) {
		fm := New(code)
		limit := 64*(len(code)+1) + 700*(strings.Count(code, "General")+strings.Count(code, "@")+2)
		if s := fm.Show(v, false); len(s) > limit {
			t.Errorf("%d bytes of %q", len(s), code)
		}
		_ = fm.Show(v, true)
		_ = fm.ShowText("text")
		_ = fm.IsDate()
		_, _ = fm.AppendText(nil, []byte("1"), v, false)
	})
}
