package table

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"

	"cadastro/internal/errs"
	"cadastro/internal/formula"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestWrite(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		d     Dialect
		opt   WriterOptions
		cells []string
		want  string
	}{
		{"plain", comma, WriterOptions{}, []string{"a", "", "c d"}, "a,,c d\r\n"},
		{"quotes", comma, WriterOptions{LF: true}, []string{"a,b", `x"y`, "l1\nl2", " z "}, "\"a,b\",\"x\"\"y\",\"l1\nl2\",\" z \"\n"},
		{"quote all", comma, WriterOptions{LF: true, QuoteAll: true}, []string{"a", "", "1"}, "\"a\",,\"1\"\n"},
		{"bom", comma, WriterOptions{LF: true, BOM: true}, []string{"é"}, "\uFEFFé\n"},
		{"one empty cell", comma, WriterOptions{LF: true}, []string{""}, "\"\"\n"},
		{"guard", comma, WriterOptions{LF: true, Guard: true}, []string{"=1,2", "+5511987654321", "'=x"}, "\"'=1,2\",+5511987654321,''=x\n"},
		{"backslash", backslash, WriterOptions{LF: true}, []string{`a"b`, `c\d`, "e"}, "\"a\\\"b\",\"c\\\\d\",e\n"},
		{"escapes only", unquotedB, WriterOptions{LF: true}, []string{"a,b", "c\nd", `e\f`}, "a\\,b,c\\\nd,e\\\\f\n"},
		{"windows-1252", Dialect{Delimiter: ";", Quote: '"', Charset: "windows-1252"}, WriterOptions{LF: true, BOM: true}, []string{"José", "€"}, "Jos\xe9;\x80\n"},
		{"straightened quote is doubled", Dialect{Delimiter: ";", Quote: '"', Charset: "iso-8859-1"}, WriterOptions{LF: true}, []string{"a“b"}, "\"a\"\"b\"\n"},
		{"utf-16", Dialect{Delimiter: ";", Charset: "utf-16le"}, WriterOptions{LF: true, BOM: true}, []string{"é", "x"}, "\xff\xfe" + utf16le("é;x\n")},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var b bytes.Buffer
			w, err := NewWriter(&b, c.d, c.opt)
			if err != nil {
				t.Fatal(err)
			}
			if err := w.Write(c.cells); err != nil {
				t.Fatal(err)
			}
			if err := w.Flush(); err != nil {
				t.Fatal(err)
			}
			if b.String() != c.want {
				t.Errorf("got %q, want %q", b.String(), c.want)
			}
		})
	}
}

func TestWriteRefuses(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	w, err := NewWriter(&b, unquoted, WriterOptions{LF: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write([]string{"a", "b;c"}); errs.CodeOf(err) != "write.unquotable" {
		t.Errorf("got %v", err)
	}
	if err := w.Write([]string{"a", `"b"`}); err != nil {
		t.Error(err)
	}
	w.Flush()
	if b.String() != "a;\"b\"\n" {
		t.Errorf("got %q", b.String())
	}
	if _, err := NewWriter(&b, Dialect{Charset: "klingon"}, WriterOptions{}); errs.CodeOf(err) != "charset.unknown" {
		t.Errorf("got %v", err)
	}
	if _, err := NewWriter(&b, Dialect{Delimiter: "→", Charset: "cp850"}, WriterOptions{}); errs.CodeOf(err) != "write.charset_lacks" {
		t.Errorf("got %v", err)
	}
}

// dialects are those of the round trip: every kind of delimiter, quote, escape and charset.
func dialects() *rapid.Generator[Dialect] {
	return rapid.Custom(func(t *rapid.T) Dialect {
		return Dialect{
			Delimiter: rapid.SampledFrom([]string{",", ";", "\t", "|", "||", ", ", " ", "¦", "\x1f", "^", "~|~"}).Draw(t, "delimiter"),
			Quote:     rapid.SampledFrom([]rune{'"', '\'', '"', '“', 0}).Draw(t, "quote"),
			Escape:    rapid.SampledFrom([]rune{0, '\\', '^'}).Draw(t, "escape"),
			Charset:   rapid.SampledFrom([]string{"utf-8", "utf-16le", "utf-16be"}).Draw(t, "charset"),
		}
	}).Filter(func(d Dialect) bool {
		return d.Delimiter != string(d.Escape) && (d.Quote != 0 || d.Delimiter != " ")
	})
}

// cellText is text that a reader gives back as it is: without control characters and ="…", which it takes away.
func cellText(t *rapid.T) string {
	s := rapid.OneOf(rapid.StringMatching(`[a-zà-ü ]{0,8}`), hostileText(), rapid.String()).Draw(t, "cell")
	clean, _ := appendClean(nil, []byte(s))
	s = norm.NFC.String(strings.ReplaceAll(string(clean), "\uFFFD", "?")) // as an Encoder gives it
	if excelText(s) != s {
		return "x" + s
	}
	return s
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := dialects().Draw(t, "dialect")
		width := rapid.IntRange(1, 5).Draw(t, "width")
		opt := WriterOptions{LF: rapid.Bool().Draw(t, "lf"), BOM: rapid.Bool().Draw(t, "bom"), QuoteAll: rapid.Bool().Draw(t, "all"), Guard: rapid.Bool().Draw(t, "guard")}
		var (
			b    bytes.Buffer
			rows [][]string
		)
		w, err := NewWriter(&b, d, opt)
		if err != nil {
			t.Fatal(err)
		}
		for i := range rapid.IntRange(1, 6).Draw(t, "rows") {
			row := make([]string, width)
			for j := range row {
				row[j] = cellText(t)
			}
			if i == 0 { // a header that names every column, so that no row repeats it
				for j := range row {
					row[j] = string(rune('α' + j))
				}
			}
			if allBlank(row) {
				continue
			}
			switch err := w.Write(row); {
			case errs.CodeOf(err) == "write.unquotable":
			case err != nil:
				t.Fatal(err)
			default:
				rows = append(rows, row)
			}
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		if len(rows) == 0 {
			return
		}
		d.Header = 1
		c := &counter{src: bytes.NewReader(b.Bytes())}
		r, err := newDelimited(c, c, nil, d, Limits{})
		if err != nil {
			t.Fatal(err)
		}
		var row Row
		for _, want := range rows[1:] {
			if err := r.Read(&row); err != nil {
				t.Fatalf("%v in %q", err, b.String())
			}
			got := slices.Clone(row.Cells)
			if opt.Guard {
				for i := range got {
					got[i] = formula.Unguard(got[i])
				}
			}
			if !slices.Equal(got, want) {
				t.Fatalf("got %q, want %q, issues %v, text %q", got, want, row.Issues, b.String())
			}
		}
		if err := r.Read(&row); err != io.EOF {
			t.Fatalf("%v %q, want the end of %q", err, row.Cells, b.String())
		}
	})
}

func BenchmarkWrite(b *testing.B) {
	row := []string{"Débora Dias", "(15) 91234-5678", "debora@zap.example", "Padaria, Pão & Mel", "78673455154", "12/05/1987", "Macapá", "loja|vip", "Grátis", "Site", "1702"}
	w, err := NewWriter(io.Discard, comma, WriterOptions{Guard: true})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := w.Write(row); err != nil {
			b.Fatal(err)
		}
	}
}

func hostileText() *rapid.Generator[string] {
	return rapid.StringOfN(rapid.SampledFrom([]rune("'=+-@\t\r\n\x00＝＋－＠0123456789.,aé\";|\\ ")), 0, 12, -1)
}
