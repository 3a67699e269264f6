package normalize

import (
	"strings"
	"testing"
	"unicode/utf8"

	"cadastro/internal/errs"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// codes gives the issues of a value as "code code", for tables.
func codes(issues []errs.Issue) string {
	out := make([]string, len(issues))
	for i, is := range issues {
		out[i] = is.Code
	}
	return strings.Join(out, " ")
}

// wantIssue fails where issues do not hold exactly the given codes and the severity of each is not set.
func wantIssue(t *testing.T, in string, issues []errs.Issue, want string) {
	t.Helper()
	if got := codes(issues); got != want {
		t.Errorf("%q: issues %q, want %q", in, got, want)
	}
	for _, is := range issues {
		if is.Severity == 0 || is.Column != -1 {
			t.Errorf("%q: issue %+v lacks severity or has a column", in, is)
		}
	}
}

func TestClean(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want, line, issue string }{
		{"", "", "", ""},
		{"Maria", "Maria", "Maria", ""},
		{"  Maria \t\r\n", "Maria", "Maria", ""},
		{"\u00a0Maria\u00a0da\u00a0Silva\u00a0", "Maria\u00a0da\u00a0Silva", "Maria da Silva", ""},
		{"\ufeff\u200bJoão\u200d\u200f", "João", "João", ""},
		{"\u00adAna\u00ad", "Ana", "Ana", ""},
		{"Ana\ufeff Lima", "Ana Lima", "Ana Lima", ""},
		{"a\x00b", "ab", "ab", "value.control_characters"},
		{"\x00", "", "", "value.control_characters"},
		{"a\x1a", "a", "a", "value.control_characters"},
		{"linha 1\r\nlinha 2\rlinha 3", "linha 1\nlinha 2\nlinha 3", "linha 1 linha 2 linha 3", ""},
		{"Jo\xe3o", "Jo\ufffdo", "Jo\ufffdo", "value.invalid_text"},
		{"👨‍👩‍👧", "👨‍👩‍👧", "👨‍👩‍👧", ""},
		{"❤️ ", "❤️", "❤️", ""},
		{"مريم\u200e", "مريم", "مريم", ""},
		{"می\u200cخواهم", "می\u200cخواهم", "می\u200cخواهم", ""},
		{"e\u0301a", "e\u0301a", "e\u0301a", ""},
		{"<b>Ana</b> {{7*7}} '; DROP", "<b>Ana</b> {{7*7}} '; DROP", "<b>Ana</b> {{7*7}} '; DROP", ""},
		{"a   b", "a   b", "a b", ""},
	} {
		got, issues := Clean(c.in)
		if got != c.want {
			t.Errorf("Clean(%q) = %q, want %q", c.in, got, c.want)
		}
		wantIssue(t, c.in, issues, c.issue)
		if got, _ := CleanLine(c.in); got != c.line {
			t.Errorf("CleanLine(%q) = %q, want %q", c.in, got, c.line)
		}
	}
}

func TestIsBlank(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]bool{
		"": true, " \t\u00a0": true, "\u200b\u200c\u200d\ufeff": true, "\u2800\u3164": true, "\x00": true,
		"a": false, ".": false, "\u200ba": false, "\xff": false, "❤️": false,
	} {
		if IsBlank(in) != want {
			t.Errorf("IsBlank(%q) = %v", in, !want)
		}
		if want != (Trim(in) == "") {
			t.Errorf("Trim(%q) disagrees with IsBlank", in)
		}
	}
}

func TestCleanProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := messy(t)
		for name, f := range map[string]func(string) (string, []errs.Issue){"Clean": Clean, "CleanLine": CleanLine, "Name": Name} {
			once, _ := f(s)
			twice, issues := f(once)
			if once != twice {
				t.Fatalf("%s(%q) = %q, then %q", name, s, once, twice)
			}
			if !utf8.ValidString(once) {
				t.Fatalf("%s(%q) = %q is no UTF-8", name, s, once)
			}
			if name == "Clean" && len(issues) > 0 {
				t.Fatalf("%s finds faults in its own %q: %v", name, once, issues)
			}
		}
		if c, _ := Clean(s); (c == "") != IsBlank(s) {
			t.Fatalf("Clean(%q) = %q, IsBlank %v", s, c, IsBlank(s))
		}
	})
}

func TestFold(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"": "", "João": "joao", "JOÃO  da\tConceição": "joao da conceicao", "Straße": "strasse", "STRAẞE": "strasse", "Æsir": "aesir",
		"Łódź": "lodz", "Đorđe": "dorde", "Ødegård": "odegard", "İstanbul": "istanbul", "ﬁm": "fim", "Ｍａｒｉａ": "maria", "1º": "1o",
		" Ana\u200b ": "ana", "Ñandú": "nandu", "Žižek": "zizek", "Ελένη": "ελενη", "ΣΊΣΥΦΟΣ": "σισυφοσ", "Йосиф": "иосиф", "हिन्दी": "हिन्दी", "ŉ": "ʼn",
		"œuvre": "oeuvre", "e\u0301": "e", "a\u00a0b": "a b", "\u00adx": "x",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFoldProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := strings.ToValidUTF8(messy(t), "")
		f := Fold(s)
		if Fold(f) != f {
			t.Fatalf("Fold(%q) = %q, then %q", s, f, Fold(f))
		}
		if g := Fold(norm.NFD.String(s)); g != f {
			t.Fatalf("%q: as it is %q, NFD %q", s, f, g)
		}
		if g := Fold(norm.NFC.String(s)); g != f {
			t.Fatalf("%q: as it is %q, NFC %q", s, f, g)
		}
		if g := string(AppendFold([]byte("x"), s)); g != "x"+f {
			t.Fatalf("AppendFold(%q) = %q", s, g)
		}
	})
}

func TestFoldDoesNotCopyFoldedText(t *testing.T) {
	if n := testing.AllocsPerRun(100, func() { Fold("maria da silva") }); n != 0 {
		t.Errorf("%v allocations", n)
	}
	if n := testing.AllocsPerRun(100, func() { var b [64]byte; AppendFold(b[:0], "João da Conceição") }); n != 0 {
		t.Errorf("AppendFold: %v allocations", n)
	}
}

func TestCellError(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"#N/D": "#N/A", "#N/A": "#N/A", "#n/a": "#N/A", "#REF!": "#REF!", "#¡REF!": "#REF!", "#VALOR!": "#VALUE!", "#¡VALOR!": "#VALUE!", "#VALUE!": "#VALUE!",
		"#DIV/0!": "#DIV/0!", "#¡DIV/0!": "#DIV/0!", "#NOME?": "#NAME?", "#¿NOMBRE?": "#NAME?", "#NÚM!": "#NUM!", "#¡NUM!": "#NUM!", "#NULO!": "#NULL!",
		"Err:502": "#VALUE!", "########": "####", "#1": "", "#vip": "", "#": "", "Erro": "", "": "", "#hashtag cliente": "", "#ERROR!": "#ERROR!", "Err:5": "",
	} {
		if got := CellError(in); got != want {
			t.Errorf("CellError(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestIsNone(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]bool{
		"-": true, "--": true, "n/a": true, "N/D": true, "Não tem": true, "NULL": true, "(null)": true, "sin correo": true, ".": true, "Não informado": true,
		"Nair": false, "0": false, "no": false, "s": false, "maria": false, "não": false,
	} {
		if IsNone(in) != want {
			t.Errorf("IsNone(%q) = %v", in, !want)
		}
	}
}

// messy draws text with the marks that files are full of.
func messy(t *rapid.T) string {
	piece := rapid.SampledFrom([]string{" ", "\u00a0", "\u200b", "\u200d", "\ufeff", "\x00", "\r\n", "\r", "\n", "\t", "é", "e\u0301", "ß", "\xff", "👩‍👧", "ا", "क्षि",
		"\u00ad", "\u2800", "A", "z", "9", "'", "=", "\u0345", "ﬁ", "Å", "Ω", "K", "가", "ǆ", "\u202e", "\x7f", "\u0085"})
	parts := rapid.SliceOfN(rapid.OneOf(piece, rapid.String()), 0, 8).Draw(t, "parts")
	return strings.Join(parts, "")
}

func FuzzText(f *testing.F) {
	for _, s := range []string{"", "  Maria\u00a0 ", "a\x00b", "Jo\xe3o", "👨‍👩‍👧", "\ufeff", "'=1", "ŉ ﬁ ẞ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, _ := Clean(s)
		if d, _ := Clean(c); d != c {
			t.Errorf("Clean is not stable: %q %q", c, d)
		}
		l, _ := CleanLine(s)
		if strings.ContainsAny(l, "\r\n\t") {
			t.Errorf("line %q", l)
		}
		if x := Fold(s); Fold(x) != x {
			t.Errorf("Fold is not stable: %q %q", x, Fold(x))
		}
		CellError(s)
		IsNone(s)
		SplitName(s)
		Initials(s)
	})
}
