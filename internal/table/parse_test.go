package table

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// parsed is what a text becomes: its non-blank records, and the kinds and lines of its faults.
type parsed struct {
	Rows   [][]string
	Faults []fault
}

func parseAll(t testing.TB, p *parser) parsed {
	t.Helper()
	var (
		out parsed
		rec record
	)
	for {
		err := p.next(&rec)
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		if rec.blank() {
			continue
		}
		row := make([]string, len(rec.cells))
		for i := range row {
			row[i] = string(rec.cell(i))
		}
		out.Rows = append(out.Rows, row)
		for _, f := range rec.faults {
			if f.kind != bareQuote {
				out.Faults = append(out.Faults, f)
			}
		}
	}
}

var (
	semicolon = Dialect{Delimiter: ";", Quote: '"'}
	comma     = Dialect{Delimiter: ",", Quote: '"'}
	backslash = Dialect{Delimiter: ",", Quote: '"', Escape: '\\'}
	unquoted  = Dialect{Delimiter: ";"}
	unquotedB = Dialect{Delimiter: ",", Escape: '\\'}
	lineOnly  = Dialect{Quote: '"'}
)

// Rows are written with | between cells and / between rows.
var parseCases = []struct {
	name string
	d    Dialect
	in   string
	want string
	bad  string // kinds of fault, u = unclosed, a = text after a quote, each with its line
}{
	{"plain", semicolon, "a;b\nc;d\n", "a|b/c|d", ""},
	{"no last line end", semicolon, "a;b\nc;d", "a|b/c|d", ""},
	{"cr", semicolon, "a;b\rc;d\r", "a|b/c|d", ""},
	{"crlf", semicolon, "a;b\r\nc;d\r\n", "a|b/c|d", ""},
	{"crcrlf", semicolon, "a;b\r\r\nc;d\r\r\n", "a|b/c|d", ""},
	{"mixed ends", semicolon, "a;b\rc;d\n\r\ne;f\r\n", "a|b/c|d/e|f", ""},
	{"empty cells", semicolon, ";\n;;\na;\n", "|/||/a|", ""},
	{"quoted", semicolon, `"a;x";"b"`, "a;x|b", ""},
	{"doubled", semicolon, `"a ""x"" b";c`, `a "x" b|c`, ""},
	{"empty quoted", semicolon, `"";"";x`, "||x", ""},
	{"only quotes", semicolon, `"""";""""""`, `"|""`, ""},
	{"break in quotes", semicolon, "\"a\r\nb\";c\nd;e", "a\r\nb|c/d|e", ""},
	{"blanks beside quotes", semicolon, `a; "b;c" ;d`, "a|b;c|d", ""},
	{"tab beside quotes", semicolon, "a;\t\"b\"\t;d", "a|b|d", ""},
	{"blanks in cells stay", semicolon, " a ; b;c ", " a | b|c ", ""},
	{"quote inside", semicolon, `TV 32" LG;b`, `TV 32" LG|b`, ""},
	{"nickname", semicolon, `"Zé" da Silva;b`, `"Zé" da Silva|b`, ""},
	{"inner quotes not doubled", semicolon, `"diz "oi" já";b`, `diz "oi" já|b`, "a1"},
	{"inch before closing quote", semicolon, `"TV 32"";b;"c"`, `TV 32"|b|c`, "a1"},
	{"stray at start", semicolon, "a;\"b;c\nd;e;f", `a|"b|c/d|e|f`, "u1"},
	{"stray, quoted later", semicolon, "a;\"b;c\nd;\"e\";f", `a|"b|c/d|e|f`, "u1"},
	{"stray, empty quoted later", semicolon, "a;\"b;c\nd;\"\";f", `a|"b|c/d||f`, "u1"},
	{"stray, stray later", semicolon, "x;y;z\na;\"b;c\nd;e;f\ng;h\";i\nj;k;l", `x|y|z/a|"b|c/d|e|f/g|h"|i/j|k|l`, "u2"},
	{"notes of many lines", semicolon, "a;b;\"l1\nl2\nl3\nl4\"\nc;d;e", "a|b|l1\nl2\nl3\nl4/c|d|e", ""},
	{"notes with delimiters", semicolon, "x;y;z\na;b;\"l1;\nl2;\nl3\"\nc;d;e", "x|y|z/a|b|l1;\nl2;\nl3/c|d|e", ""},
	{"two notes", semicolon, "x;y;z\na;\"l1\nl2\";\"m1\nm2\"\nc;d;e", "x|y|z/a|l1\nl2|m1\nm2/c|d|e", ""},
	{"excel text", semicolon, `="00123";b;="x;y"`, "00123|b|x;y", ""},
	{"excel formula", semicolon, `="a"&"b";c`, `="a"&"b"|c`, ""},
	{"bom at start of records", semicolon, "\uFEFF\uFEFF\"a\";b\n\uFEFFc;d", "a|b/c|d", ""},
	{"no quote", unquoted, `"a;"b""`, `"a|"b""`, ""},
	{"escaped quote", backslash, `"a \"x\" b",c`, `a "x" b|c`, ""},
	{"escaped escape", backslash, `"a\\",c`, `a\|c`, ""},
	{"escape before letter", backslash, `"C:\new",\N`, `C:\new|\N`, ""},
	{"doubled beside escape", backslash, `"a ""x"" \"y\"",c`, `a "x" "y"|c`, ""},
	{"escaped delimiter", unquotedB, "a\\,b,c\\\nd,e\\\\", "a,b|c\nd|e\\", ""},
	{"wide delimiter", Dialect{Delimiter: "||", Quote: '"'}, `a||"b||c"||d|e`, "a|b||c|d|e", ""},
	{"comma blank", Dialect{Delimiter: ", ", Quote: '"'}, `a, "b, c", d,e`, "a|b, c|d,e", ""},
	{"unit separator", Dialect{Delimiter: "\x1f"}, "a\x1fb\n", "a|b", ""},
	{"broken bar", Dialect{Delimiter: "¦", Quote: '"'}, `a¦"b¦c"¦d`, "a|b¦c|d", ""},
	{"apostrophe", Dialect{Delimiter: ",", Quote: '\''}, `'a,b','it''s',c`, "a,b|it's|c", ""},
	{"apostrophe in name", Dialect{Delimiter: ",", Quote: '\''}, `'Joana D'Arc',c`, "Joana D'Arc|c", "a1"},
	{"spaces", Dialect{Delimiter: " ", Quote: '"'}, "  a   b \"c d\"  e \nf g  h i", "a|b|c d|e/f|g|h|i", ""},
	{"tab", Dialect{Delimiter: "\t", Quote: '"'}, "a\t\t\"b\tc\"\n", "a||b\tc", ""},
	{"one column", lineOnly, "a;b\n\"c\nd\"\ne", "a;b/c\nd/e", ""},
	{"one column, stray", lineOnly, "a\n\"b\nc\n\"d\"\n", "a/\"b/c/d", "u2"},
}

func TestParse(t *testing.T) {
	t.Parallel()
	for _, c := range parseCases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for name, p := range map[string]*parser{
				"text":   newTextParser([]byte(c.in), c.d),
				"reader": newParser(strings.NewReader(c.in), c.d, 0),
				"bytes":  newParser(iotest.OneByteReader(strings.NewReader(c.in)), c.d, 0),
			} {
				got := parseAll(t, p)
				var rows []string
				for _, r := range got.Rows {
					rows = append(rows, strings.Join(r, "|"))
				}
				var bad strings.Builder
				for _, f := range got.Faults {
					bad.WriteByte(" bauL"[f.kind])
					bad.WriteByte(byte('0' + f.line))
				}
				if s := strings.Join(rows, "/"); s != c.want || bad.String() != c.bad {
					t.Errorf("%s: got %q faults %q, want %q faults %q", name, s, bad.String(), c.want, c.bad)
				}
			}
		})
	}
}

func TestParseLines(t *testing.T) {
	t.Parallel()
	p := newParser(strings.NewReader("a;b\r\n\"c\r\nd\";e\n\nf;g\rh;i"), semicolon, 0)
	var (
		rec record
		got []int64
	)
	for p.next(&rec) == nil {
		got = append(got, rec.line, int64(rec.lines))
	}
	if diff := cmp.Diff([]int64{1, 1, 2, 2, 4, 1, 5, 1, 6, 1}, got); diff != "" {
		t.Error(diff)
	}
	if p.consumed() != 22 {
		t.Errorf("consumed %d", p.consumed())
	}
}
