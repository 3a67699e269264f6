package table

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"cadastro/internal/charset"
	"cadastro/internal/errs"
)

// people is a file of six contacts with its delimiter, as real ones look.
func people(delim string) string {
	return strings.ReplaceAll("Nome;Telefone;Cidade\nAna Conceição;(11) 98765-4321;São Paulo\nBeto Araújo;(21) 99876-5432;Niterói\n"+
		"Carla Müller;(31) 91234-5678;Ouro Preto\nDébora Peña;(41) 93456-7890;Curitiba\nÉlio Brandão;(51) 94567-8901;Porto Alegre\n", ";", delim)
}

const peopleOut = "Ana Conceição|(11) 98765-4321|São Paulo/Beto Araújo|(21) 99876-5432|Niterói/Carla Müller|(31) 91234-5678|Ouro Preto/" +
	"Débora Peña|(41) 93456-7890|Curitiba/Élio Brandão|(51) 94567-8901|Porto Alegre"

func inCharset(t testing.TB, name, s string) string {
	t.Helper()
	e, err := charset.NewEncoder(name)
	if err != nil {
		t.Fatal(err)
	}
	b, lost := e.AppendEncode(nil, s)
	if lost > 0 {
		t.Fatalf("%s lacks %d characters", name, lost)
	}
	return string(b)
}

// TestBadText: what a person meets with a file as it comes, nothing told about it. The lines are those of the
// project's list of bad input that concern the reading of text.
func TestBadText(t *testing.T) {
	t.Parallel()
	lf := people(";")
	replace := func(old, new string) string {
		if !strings.Contains(lf, old) {
			t.Fatalf("%q is not in the file", old)
		}
		return strings.Replace(lf, old, new, 1)
	}
	out := func(old, new string) string {
		if !strings.Contains(peopleOut, old) {
			t.Fatalf("%q is not in the rows", old)
		}
		return strings.Replace(peopleOut, old, new, 1)
	}
	for _, c := range []struct{ name, in, want string }{
		{"as it should be", lf, peopleOut},
		{"utf-8 with bom", "\uFEFF" + lf, peopleOut},
		{"utf-8 with two boms", "\uFEFF\uFEFF" + lf, peopleOut},
		{"bom amid", replace("Carla", "\uFEFFCarla"), peopleOut},
		{"utf-16 le with bom", "\xff\xfe" + utf16le(lf), peopleOut},
		{"utf-16 le", utf16le(lf), peopleOut},
		{"utf-16 be with bom", "\xfe\xff" + inCharset(t, "utf-16be", lf), peopleOut},
		{"utf-16 be", inCharset(t, "utf-16be", lf), peopleOut},
		{"windows-1252", inCharset(t, "windows-1252", lf), peopleOut},
		{"iso-8859-15", inCharset(t, "iso-8859-15", lf), peopleOut},
		{"cp850", inCharset(t, "cp850", lf), peopleOut},
		{"macroman", inCharset(t, "macroman", lf), peopleOut},
		{"one bad byte", replace("Niterói", "Niter\xf3i"), out("Niterói", "Niterói{w cell.bad_bytes@2}")},
		{"nul in a cell", replace("Carla", "Car\x00la"), out("Ouro Preto", "Ouro Preto{w cell.control_characters@0}")},
		{"nul padding at the end", lf + strings.Repeat("\x00", 100), peopleOut},
		{"ctrl-z at the end", lf + "\x1a", peopleOut},
		{"cr", strings.ReplaceAll(lf, "\n", "\r"), peopleOut},
		{"crlf", strings.ReplaceAll(lf, "\n", "\r\n"), peopleOut},
		{"crcrlf", strings.ReplaceAll(lf, "\n", "\r\r\n"), peopleOut},
		{"mixed ends", strings.Replace(strings.Replace(lf, "\n", "\r", 2), "\n", "\r\n", 1), peopleOut},
		{"blank lines", strings.ReplaceAll(lf, "\n", "\n\n"), peopleOut},
		{"two thousand empty rows", lf + strings.Repeat(";;\n", 2000), peopleOut},
		{"no last line end", strings.TrimSuffix(lf, "\n"), peopleOut},
		{"sep line", "sep=;\r\n" + lf, peopleOut},
		{"comma", people(","), peopleOut},
		{"tab", people("\t"), peopleOut},
		{"pipe", people("|"), strings.ReplaceAll(peopleOut, "§", "|")},
		{"two pipes", people("||"), peopleOut},
		{"caret", people("^"), peopleOut},
		{"tilde", people("~"), peopleOut},
		{"hash", people("#"), peopleOut},
		{"broken bar", people("¦"), peopleOut},
		{"broken bar in windows-1252", inCharset(t, "windows-1252", people("¦")), peopleOut},
		{"unit separator", people("\x1f"), peopleOut},
		{"nickname in quotes", replace("Beto Araújo", `"Beto" Araújo`), out("Beto Araújo", `"Beto" Araújo`)},
		{"inches", replace("Ouro Preto", `TV 32"`), out("Ouro Preto", `TV 32"`)},
		{"apostrophe", replace("Ouro Preto", "Olho d'Água"), out("Ouro Preto", "Olho d'Água")},
		{"curly quotes", replace("Ouro Preto", "“Ouro”"), out("Ouro Preto", "“Ouro”")},
		{"text as formula", replace("(31) 91234-5678", `="0031912345678"`), out("(31) 91234-5678", "0031912345678")},
		{"break in a quoted cell", replace("Ouro Preto", "\"Ouro\nPreto\""), out("Ouro Preto", "Ouro\nPreto")},
		{"break in a bare cell", replace("Ouro Preto", "Ouro\nPreto"), out("Ouro Preto", "Ouro/Preto||{w row.short@-1}")},
		{"short row", replace(";Ouro Preto", ""), out("|Ouro Preto", "|{w row.short@-1}")},
		{"empty surplus", replace("Ouro Preto", "Ouro Preto;;"), peopleOut},
		{"surplus", replace("Ouro Preto", "Ouro Preto;MG"), out("Ouro Preto", "Ouro Preto+MG{e row.long@-1}")},
		{"trailing delimiters", strings.ReplaceAll(lf, "\n", ";\n"), strings.ReplaceAll(peopleOut, "/", "|/") + "|"},
		{"header with trailing delimiters", replace("Cidade", "Cidade;;"), strings.ReplaceAll(peopleOut, "/", "||/") + "||"},
		{"repeated header", replace("Carla", "Nome;Telefone;Cidade\nCarla"), peopleOut},
		{"every line quoted", "\"" + strings.ReplaceAll(strings.TrimSuffix(lf, "\n"), "\n", "\"\n\"") + "\"\n", peopleOut},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r, err := Open(t.Context(), sourceOf("c.csv", c.in), Dialect{}, Limits{})
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			if _, got := readAll(t, r); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

// TestStrayQuoteCostsItsRow: a stray quote in any place of any row leaves every other row as it was.
func TestStrayQuoteCostsItsRow(t *testing.T) {
	t.Parallel()
	lines := strings.SplitAfter(strings.TrimSuffix(people(";"), "\n"), "\n")
	want := strings.Split(peopleOut, "/")
	for i := 1; i < len(lines); i++ {
		for at := 0; at <= len(strings.TrimSuffix(lines[i], "\n")); at++ {
			text := strings.Join(lines[:i], "") + lines[i][:at] + `"` + lines[i][at:] + strings.Join(lines[i+1:], "")
			_, out := readAll(t, openText(t, text, semi1, Limits{}))
			got := strings.Split(out, "/")
			if len(got) != len(want) {
				t.Fatalf("line %d, byte %d: %d rows: %q", i+1, at, len(got), out)
			}
			for j := range got {
				if j != i-1 && got[j] != want[j] {
					t.Errorf("line %d, byte %d: row %d is %q", i+1, at, j+1, got[j])
				}
			}
		}
	}
}

func TestStrictRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"right", "a;b\n\"1;\"\"x\";2\r\n3;4\n", `1;"x|2/3|4`},
		{"quote in a bare cell", "a;b\n1;x\"y\n", "!file.stray_quote"},
		{"text behind a quote", "a;b\n\"1\"x;2\n", "!file.stray_quote"},
		{"inner quotes", "a;b\n\"1 \"x\" 2\";2\n", "!file.stray_quote"},
		{"unclosed", "a;b\n1;2\n\"3;4\n5;6\n", "1|2/!file.unclosed_quote"},
		{"short", "a;b\n1\n", "!file.ragged"},
		{"long", "a;b\n1;2;\n", "!file.ragged"},
		{"bad byte", "a;b\n1;\xff\n", "!file.bad_bytes"},
		{"nul", "a;b\n1;x\x00\n", "!file.control_characters"},
		{"formula", "a;b\n=\"1\";2\n", "!file.stray_quote"},
		{"too long", "a;b\n1;" + strings.Repeat("x", 2<<20) + "\n", "!file.record_too_long"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := semi1
			d.Strict = true
			if _, got := readAll(t, openText(t, c.in, d, Limits{})); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// endless is a text of n bytes: head, then unit over and over.
type endless struct {
	head, unit string
	n          int64
}

func (e endless) ReadAt(p []byte, off int64) (n int, err error) {
	for n < len(p) && off < e.n {
		piece := e.unit
		if off < int64(len(e.head)) {
			piece = e.head[off:]
		} else {
			piece = piece[(off-int64(len(e.head)))%int64(len(e.unit)):]
		}
		k := copy(p[n:], piece[:min(int64(len(piece)), e.n-off)])
		n += k
		off += int64(k)
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// TestBoundedMemory: no text makes the parser hold more than a few times the record cap.
func TestBoundedMemory(t *testing.T) {
	t.Parallel()
	records := strings.Repeat("Ana Lima;(11) 98765-4321;Rio\n", 500)
	for _, c := range []struct {
		name, head, unit string
		size             int64
		rows             int64
		issue            string // of row 2
	}{
		{"one line", "a;b;c\n1;2;3\n", strings.Repeat("x", 4096), 20 << 20, 2, "row.too_long@0"},
		{"one line of many cells", "a;b;c\n1;2;3\n", "x;", 20 << 20, 2, "row.too_long"},
		{"unclosed quote, no line end", "a;b;c\n1;2;3\n4;\"", strings.Repeat("x", 4096), 20 << 20, 2, "row.too_long@1"},
		{"unclosed quote, text in lines", "a;b;c\n1;2;3\n4;\"", "texto de uma nota\n", 20 << 20, 2, "row.too_long@1"},
		{"unclosed quote, records", "a;b;c\n1;2;3\n4;\"5;6\n", records, int64(21 + 100*len(records)), 50_002, "cell.stray_quote@1"},
		{"long cell that closes", "a;b;c\n1;2;3\n4;\"", strings.Repeat("uma linha da nota\n", 1<<17) + "\";6\n7;8;9\n4;\"", 14 + 18<<17 + 3, 2, "row.too_long@1"},
		{"chained quotes", "a;b;c\n1;2;3\n", "a\";\"b\n", 3 << 20, 0, ""},
		{"empty lines", "a;b;c\n1;2;3\n", strings.Repeat("\n", 4096), 2 << 20, 1, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			src := Source{Size: c.size, Data: endless{c.head, c.unit, c.size}}
			d := semi1
			d.Format = CSV
			r, err := Open(t.Context(), src, d, Limits{})
			if err != nil {
				t.Fatal(err)
			}
			var (
				row   Row
				issue string
			)
			for r.Read(&row) == nil {
				if row.Number == 2 && len(row.Issues) > 0 {
					issue = fmt.Sprintf("%s@%d", row.Issues[0].Code, row.Issues[0].Column)
				}
			}
			if c.rows > 0 && (row.Number < c.rows || row.Number > c.rows+2) {
				t.Errorf("%d rows, want %d", row.Number, c.rows)
			}
			if c.issue != "" && !strings.HasPrefix(issue, c.issue) {
				t.Errorf("issue %q, want %q", issue, c.issue)
			}
			if n := len(r.(*delimited).p.buf); n > 4<<20 {
				t.Errorf("a buffer of %d bytes", n)
			}
		})
	}
}

// TestLongCellIsNamed: a cell beyond the cap is told with its row and column, and the next row is as it was.
func TestLongCellIsNamed(t *testing.T) {
	t.Parallel()
	text := "a;b;c\n1;2;3\n4;\"" + strings.Repeat("x", 3<<20) + "\";6\n7;8;9\n"
	r := openText(t, text, semi1, Limits{})
	var row Row
	for n := range 3 {
		if err := r.Read(&row); err != nil {
			t.Fatal(err)
		}
		if n == 1 && (len(row.Issues) != 1 || row.Issues[0].Code != "row.too_long" || row.Issues[0].Column != 1 || row.Issues[0].Severity != errs.Reject || row.Line != 3) {
			t.Errorf("row 2: line %d, %v", row.Line, row.Issues)
		}
	}
	if row.Line != 4 || row.Cells[2] != "9" || len(row.Issues) > 0 {
		t.Errorf("row 3: %+v", row)
	}
}

func TestManyColumns(t *testing.T) {
	t.Parallel()
	for _, n := range []int{2000, 100_000} {
		r, err := Open(t.Context(), sourceOf("c.csv", strings.Repeat("x;", n-1)+"x\n"+strings.Repeat("1;", n-1)+"1\n"), Dialect{}, Limits{})
		if n > 20_000 {
			if errs.CodeOf(err) != "file.too_many_columns" {
				t.Errorf("%d columns: %v", n, err)
			}
			continue
		}
		if err != nil || len(r.Header()) != n {
			t.Errorf("%d columns: %v", n, err)
		}
	}
}
