package formula

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestGuard(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"Ana", "Ana"},
		{"=1+1", "'=1+1"},
		{"@SUM(A1)", "'@SUM(A1)"},
		{"\tx", "'\tx"},
		{"\rx", "'\rx"},
		{"\nx", "'\nx"},
		{"\x00x", "'\x00x"},
		{"＝1", "'＝1"},
		{"＋1", "'＋1"},
		{"－1", "'－1"},
		{"＠x", "'＠x"},
		{"全角", "全角"},
		{"+5511987654321", "+5511987654321"},
		{"+1234567", "'+1234567"},
		{"+1234567890123456", "'+1234567890123456"},
		{"+55 11 98765-4321", "'+55 11 98765-4321"},
		{"+5511987654321\n=1", "'+5511987654321\n=1"},
		{"-12.5", "-12.5"},
		{"-1.234,56", "-1.234,56"},
		{"-12.", "'-12."},
		{"-", "'-"},
		{"-1+1", "'-1+1"},
		{"--1", "'--1"},
		{"-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"},
		{"'=1", "''=1"},
		{"''=1", "'''=1"},
		{"'+5511987654321", "''+5511987654321"},
		{"'00123", "''00123"},
		{"''tis", "'''tis"},
		{"'1990'", "'1990'"},
		{`="00123"`, `'="00123"`},
		{"'Ana", "'Ana"},
		{"'", "'"},
	} {
		if got := Guard(c.in); got != c.want {
			t.Errorf("Guard(%q) = %q, want %q", c.in, got, c.want)
		}
		if back := Unguard(Guard(c.in)); back != c.in {
			t.Errorf("Unguard(Guard(%q)) = %q", c.in, back)
		}
	}
}

func TestUnguard(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"'+5511987654321": "+5511987654321", "'00123": "00123", `="00123"`: "00123", `="+55 11"`: "+55 11", "'tis": "'tis", "'1990'": "'1990'",
		"'": "'", "x": "x", `="a"b"`: `="a"b"`, "'-12.5": "-12.5", "'=1": "=1", "''=1": "'=1", "'\n=1": "\n=1", "'＝1": "＝1", "": "",
	} {
		if got := Unguard(in); got != want {
			t.Errorf("Unguard(%q) = %q, want %q", in, got, want)
		}
	}
}

// dangerousStart is the rule in other words: what a spreadsheet program would run, but for numbers.
var (
	dangerousStart = regexp.MustCompile(`^[=+\-@\t\r\n\x00＝＋－＠]`)
	harmlessNumber = regexp.MustCompile(`^(\+[0-9]{8,15}|-[0-9]+([.,][0-9]+)*)$`)
)

func TestGuardLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), hostileText()).Draw(t, "s")
		g := Guard(s)
		if Unguard(g) != s {
			t.Fatalf("Unguard(%q) is not %q", g, s)
		}
		if dangerousStart.MatchString(g) && !(harmlessNumber.MatchString(g) && !strings.Contains(g, "\n")) {
			t.Fatalf("Guard(%q) = %q runs", s, g)
		}
		if g != s && !dangerous(s) && Unguard(s) == s {
			t.Fatalf("%q was changed for nothing", s)
		}
	})
}

func hostileText() *rapid.Generator[string] {
	return rapid.StringOfN(rapid.SampledFrom([]rune("'=+-@\t\r\n\x00＝＋－＠0123456789.,aé\";|\\ ")), 0, 12, -1)
}

func FuzzGuard(f *testing.F) {
	for _, s := range []string{"=1", "'=1", "+5511987654321", "-1.5", "＝", "'", "\xef"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if g := Guard(s); Unguard(g) != s || g != "" && dangerous(g) {
			t.Fatalf("%q -> %q -> %q", s, g, Unguard(g))
		}
	})
}
