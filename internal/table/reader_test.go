package table

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf16"

	"cadastro/internal/errs"
)

func openText(t testing.TB, text string, d Dialect, lim Limits) *delimited {
	t.Helper()
	c := &counter{src: strings.NewReader(text)}
	r, err := newDelimited(c, c, nil, d, lim)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// readAll renders a table: header, then the rows, cells with | between, rows with / between. An issue stands
// behind its row as {severity code@column}.
func readAll(t testing.TB, r Reader) (header, rows string) {
	t.Helper()
	var (
		row Row
		out []string
	)
	for {
		err := r.Read(&row)
		if err == io.EOF {
			return strings.Join(r.Header(), "|"), strings.Join(out, "/")
		}
		if err != nil {
			return strings.Join(r.Header(), "|"), strings.Join(append(out, "!"+errs.CodeOf(err)), "/")
		}
		s := strings.Join(row.Cells, "|")
		if len(row.Extra) > 0 {
			s += "+" + strings.Join(row.Extra, "|")
		}
		for _, i := range row.Issues {
			s += fmt.Sprintf("{%s %s@%d}", i.Severity.String()[:1], i.Code, i.Column)
		}
		out = append(out, s)
	}
}

func utf16le(s string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		b.WriteByte(byte(u))
		b.WriteByte(byte(u >> 8))
	}
	return b.String()
}

var (
	semi1  = Dialect{Delimiter: ";", Quote: '"', Header: 1}
	semi0  = Dialect{Delimiter: ";", Quote: '"'}
	comma1 = Dialect{Delimiter: ",", Quote: '"', Header: 1}
)

func with(d Dialect, change func(*Dialect)) Dialect {
	change(&d)
	return d
}

var readCases = []struct {
	name   string
	d      Dialect
	in     string
	header string
	rows   string
}{
	{"plain", semi1, "Nome;Fone\nAna;11\nBeto;12\n", "Nome|Fone", "Ana|11/Beto|12"},
	{"header only", semi1, "Nome;Fone\n", "Nome|Fone", ""},
	{"no header", semi0, "Ana;11\nBeto;12\n", "|", "Ana|11/Beto|12"},
	{"repeated names", semi1, "Fone;Fone;Fone (2);;Fone\na;b;c;d;e", "Fone|Fone (3)|Fone (2)||Fone (4)", "a|b|c|d|e"},
	{"padded names", semi1, "\uFEFF Nome\u00a0;\"Data de\nNascimento\"\na;b", "Nome|Data de Nascimento", "a|b"},
	{"two header rows", with(semi1, func(d *Dialect) { d.Header = 2 }), "Contato;;Endereço\nNome;Fone;Rua\na;b;c", "Contato Nome|Fone|Endereço Rua", "a|b|c"},
	{"preamble", with(semi1, func(d *Dialect) { d.Skip = 3 }), "Relatório\n\nEmitido; em; 2026\nNome;Fone\na;b", "Nome|Fone", "a|b"},
	{"sep line", with(semi1, func(d *Dialect) { d.Skip, d.SepLine = 1, true }), "sep=;\r\nNome;Fone\r\na;b\r\n", "Nome|Fone", "a|b"},
	{"footer", with(semi1, func(d *Dialect) { d.Footer, d.DropFooter = 2, true }), "N;F\na;1\nb;2\nc;3\nTotal;6\n\nfim\n", "N|F", "a|1/b|2/c|3"},
	{"footer kept", with(semi1, func(d *Dialect) { d.Footer = 1 }), "N;F\na;1\nTotal;1", "N|F", "a|1/Total|1"},
	{"footer longer than data", with(semi1, func(d *Dialect) { d.Footer, d.DropFooter = 9, true }), "N;F\na;1", "N|F", ""},
	{"short", semi1, "a;b;c\n1;2\n", "a|b|c", "1|2|{w row.short@-1}"},
	{"short by unnamed columns", semi1, "a;b;;\n1;2\n", "a|b||", "1|2||"},
	{"long, empty surplus", semi1, "a;b\n1;2;; ;\n", "a|b", "1|2"},
	{"long", semi1, "a;b\n1;2;3;;4\n5;6\n", "a|b", "1|2+3||4{e row.long@-1}/5|6"},
	{"unnamed columns in most rows", semi1, "a;b\n1;2;3\n4;5;6\n7;8\n", "a|b|", "1|2|3/4|5|6/7|8|"},
	{"blank lines", semi1, "\n\na;b\n\n1;2\n \n;\n\u00a0;\u200b\n3;4\n\n", "a|b", "1|2/3|4"},
	{"repeated header", semi1, "a;b\n1;2\na;b\n3;4\n", "a|b", "1|2/3|4"},
	{"header of another delimiter", semi1, "Nome,Fone,Cidade\nAna;11;Rio\nBeto;12;Rio\n", "Nome|Fone|Cidade", "Ana|11|Rio/Beto|12|Rio"},
	{"row of another delimiter", semi1, "a;b;c\n1;2;3\n4,5,6\n7;8;9", "a|b|c", "1|2|3/4|5|6{w row.other_delimiter@-1}/7|8|9"},
	{"wrapped row", comma1, "a,b,c\n\"1,\"\"x,y\"\",3\"\n4,5,6", "a|b|c", "1|x,y|3/4|5|6"},
	{"wrapped file", with(comma1, func(d *Dialect) { d.Wrapped = true }), "\"a,b\"\n\"1,\"\"x,y\"\"\"\n\"3,4\"", "a|b", "1|x,y/3|4"},
	{"excel text", semi1, "a;b\n=\"00123\";\"=\"\"0045\"\"\"\n", "a|b", "00123|0045"},
	{"our guard stays for the normaliser", semi1, "a;b\n'=\"1\";'+55\n", "a|b", "'=\"1\"|'+55"},
	{"nul", semi1, "a;b\nJo\x00ão;1\n", "a|b", "João|1{w cell.control_characters@0}"},
	{"ctrl-z", semi1, "a;b\n1;2\n\x1a", "a|b", "1|2"},
	{"nul padding", semi1, "a;b\n1;2\n\x00\x00\x00\x00\x00\x00\x00\x00\x00\n3;4\n\x00\x00\x00", "a|b", "1|2/3|4"},
	{"vertical tab", semi1, "a;b\nx\vy;2\n", "a|b", "x\ny|2{w cell.control_characters@0}"},
	{"unit separator", Dialect{Delimiter: "\x1f", Header: 1}, "a\x1fb\n1\x1f2\n", "a|b", "1|2"},
	{"bom twice and amid", semi1, "\uFEFF\uFEFFa;b\n1;2\n\uFEFF3;4\n", "a|b", "1|2/3|4"},
	{"one bad byte", semi1, "a;b;c\nJos\xe9;Conceição;Rio\nAna;b;c\n", "a|b|c", "José|Conceição|Rio{w cell.bad_bytes@0}/Ana|b|c"},
	{"windows-1252", with(semi1, func(d *Dialect) { d.Charset = "windows-1252" }), "a;b\nJos\xe9;\x80 5\n", "a|b", "José|€ 5"},
	{"cp850", with(semi1, func(d *Dialect) { d.Charset = "cp850" }), "a;b\nJos\x82;x\n", "a|b", "José|x"},
	{"broken bar in latin-1", Dialect{Delimiter: "¦", Header: 1, Charset: "iso-8859-1"}, "a\xa6b\nJos\xe9\xa6x\n", "a|b", "José|x"},
	{"utf-16", with(semi1, func(d *Dialect) { d.Charset = "utf-16le" }), "\xff\xfe" + utf16le("a;b\r\nJosé;\"x;y\"\r\n"), "a|b", "José|x;y"},
	{"utf-16, odd byte", with(semi1, func(d *Dialect) { d.Charset = "utf-16le" }), utf16le("a;b\nJosé;x\n") + "z", "a|b", "José|x/\uFFFD|{w cell.bad_bytes@0}{w row.short@-1}"},
	{"stray quote", semi1, "a;b\n\"Ana;1\nBeto;2\n", "a|b", "\"Ana|1{w cell.stray_quote@0}/Beto|2"},
	{"unclosed, cells lost", semi1, "a;b;c\nx;y;z\n1;\"Ana\nBeto;2;3\nCarla;4;5\n", "a|b|c", "x|y|z/1|\"Ana|{e cell.unclosed_quote@1}/Beto|2|3/Carla|4|5"},
	{"inner quotes", semi1, "a;b\n\"diz \"oi\" já\";1\n", "a|b", "diz \"oi\" já|1{n cell.inner_quotes@0}"},
	{"break without quotes", semi1, "a;b;c\n1;x\ny;3\n4;5;6\n", "a|b|c", "1|x|{w row.short@-1}/y|3|{w row.short@-1}/4|5|6"},
	{"spaces", Dialect{Delimiter: " ", Quote: '"', Header: 1}, "a   b c\nx  y   z\nx  z\nx y\n", "a|b|c", "x|y|z/x||z/x|y|{w row.short@-1}"},
	{"one column", Dialect{Quote: '"', Header: 1}, "E-mail\na@b.example\n\nc,d@e.example\n", "E-mail", "a@b.example/c,d@e.example"},
	{"one column keeps what equals the header", Dialect{Header: 1}, "a\na\nb\n", "a", "a/b"},
}

func TestRead(t *testing.T) {
	t.Parallel()
	for _, c := range readCases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			header, rows := readAll(t, openText(t, c.in, c.d, Limits{}))
			if header != c.header || rows != c.rows {
				t.Errorf("got\n%q\n%q\nwant\n%q\n%q", header, rows, c.header, c.rows)
			}
		})
	}
}

func BenchmarkRead(b *testing.B) {
	text := string(contactsCSV(20000, ","))
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		r := openText(b, text, comma1, Limits{})
		var row Row
		for r.Read(&row) == nil {
		}
		if row.Number != 20000 {
			b.Fatal(row.Number)
		}
	}
	b.ReportMetric(20000*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mrows/s")
}
