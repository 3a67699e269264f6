package table

import (
	"fmt"
	"strings"
	"testing"

	"cadastro/internal/errs"
)

func codes(issues []errs.Issue) string {
	var list []string
	for _, i := range issues {
		list = append(list, strings.TrimPrefix(i.Code, "sniff."))
	}
	return strings.Join(list, " ")
}

func TestSniffNotes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"nothing to say", "nome;fone\nAna;11987654321\nBruno;21987654321\n", ""},
		{"sep line", "sep=;\nnome;fone\nAna;11987654321\n", "sep_line"},
		{"sep line, quoted and in capitals", "\"SEP=,\"\nnome,fone\nAna,11987654321\n", "sep_line"},
		{"lying sep line", "sep=;\nnome,fone\nAna,11987654321\n", "sep_line_wrong"},
		{"preamble", "Clientes\n\nnome;fone\nAna;11987654321\nBruno;21987654321\n", "preamble"},
		{"no header", "Ana;11987654321\nBruno;21987654321\n", "no_header"},
		{"two header rows", "t,p\n(s),(kPa)\n1,2.5\n2,2.7\n", "header_rows"},
		{"header of its own delimiter", "nome;fone;uf\nAna,11987654321,SP\nBruno,21987654321,RJ\n", "header_delimiter"},
		{"footer", "nome;valor;pago\nAna;1,5;1,0\nBruno;2,5;2,0\nTotal;4,0;3,0\n", "footer"},
		{"second table", "nome,fone,uf\nAna,11987654321,SP\nBruno,21987654321,RJ\n\nproduto,preço\nCaneta,1.5\nLápis,2.5\n", "footer second_table"},
		{"wrapped", "\"nome;fone;uf\"\n\"Ana;11987654321;SP\"\n\"Bruno;21987654321;RJ\"\n", "wrapped"},
		{"apostrophes quote", "'nome','fone'\n'Ana, B','11987654321'\n'Bruno','21987654321'\n", "quote_other"},
		{"backslash", "nome,obs\nAna,\"diz \\\"oi\\\", sai\"\nBruno,\"diz \\\"não\\\"\"\n", "escape_backslash"},
		{"quotes are letters", "nome,medida\nTubo,5\" x 3\nCano,7\" x 2\n", "quotes_are_letters"},
		{"empty", "", ""},
		{"blank lines only", "\n\r\n\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := codes(Sniff([]byte(c.text), true, nil, Dialect{}).Notes); got != c.want {
				t.Errorf("notes %q, want %q", got, c.want)
			}
		})
	}
}

func TestSniffHint(t *testing.T) {
	t.Parallel()
	text := []byte("título,x\nnome,fone;uf\nAna,11987654321;SP\nBruno,21987654321;RJ\n")
	for _, c := range []struct {
		name       string
		hint, want Dialect
	}{
		{"delimiter", Dialect{Delimiter: ";"}, Dialect{Delimiter: ";"}},
		{"skip", Dialect{Skip: 2}, Dialect{Skip: 2}},
		{"header", Dialect{Header: 2}, Dialect{Header: 2}},
		{"quote", Dialect{Quote: '$'}, Dialect{Quote: '$'}},
		{"footer", Dialect{Footer: 1}, Dialect{Footer: 1}},
		{"charset and format stay", Dialect{Charset: "windows-1252", Format: CSV, Compression: "gzip"}, Dialect{Charset: "windows-1252", Format: CSV, Compression: "gzip"}},
	} {
		d := Sniff(text, true, nil, c.hint).Dialect
		for what, pair := range map[string][2]any{
			"delimiter": {d.Delimiter, c.want.Delimiter}, "skip": {d.Skip, c.want.Skip}, "header": {d.Header, c.want.Header},
			"quote": {d.Quote, c.want.Quote}, "footer": {d.Footer, c.want.Footer}, "charset": {d.Charset, c.want.Charset},
			"format": {d.Format, c.want.Format}, "compression": {d.Compression, c.want.Compression},
		} {
			if zero := pair[1] == "" || pair[1] == 0 || pair[1] == rune(0) || pair[1] == Format(""); !zero && pair[0] != pair[1] {
				t.Errorf("%s: %s is %v, want %v", c.name, what, pair[0], pair[1])
			}
		}
	}
}

// TestSniffTail finds the footer of a text whose end alone is known.
func TestSniffTail(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("Relatório\n\nCódigo;Nome;Valor;Telefone\n")
	for i := range 5000 {
		fmt.Fprintf(&b, "%d;Pessoa %d;%d,50;119%08d\n", i, i, i%90, i)
	}
	for _, c := range []struct {
		name, end string
		footer    int
	}{
		{"none", "", 0},
		{"totals", "Total;;1.234,50;\n", 1},
		{"blank line and notes", "\nTotal de registros: 5000\nFonte: sistema exemplo\n", 2},
		{"blank lines only", "\n\n\n", 0},
	} {
		text := b.String() + c.end
		for _, whole := range []bool{true, false} {
			sample := text
			if !whole {
				sample = text[:50000]
			}
			d := Sniff([]byte(sample), whole, []byte(text[len(text)-20000:]), Dialect{}).Dialect
			if d.Footer != c.footer || d.DropFooter != (c.footer > 0) || d.Skip != 2 || d.Header != 1 {
				t.Errorf("%s, whole %v: %+v", c.name, whole, d)
			}
		}
	}
}

// TestSniffLateQuote finds quotes that begin behind the part on which delimiters are compared.
func TestSniffLateQuote(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("id,nome,obs\n")
	for i := range 6000 {
		fmt.Fprintf(&b, "%d,Pessoa %d,nada a dizer\n", i, i)
	}
	plain := b.String()
	for i := range 30 {
		fmt.Fprintf(&b, "%d,\"Souza, Ana\",\"diz \\\"oi\\\"\"\n", i)
	}
	for _, c := range []struct {
		text   string
		quote  rune
		escape rune
		seen   bool
	}{{plain, 0, 0, false}, {b.String(), '"', '\\', true}} {
		r := Sniff([]byte(c.text), true, nil, Dialect{})
		if r.Dialect.Quote != c.quote || r.QuoteSeen != c.seen || r.Dialect.Delimiter != "," || r.Dialect.Escape != c.escape {
			t.Errorf("quote %q escape %q seen %v", r.Dialect.Quote, r.Dialect.Escape, r.QuoteSeen)
		}
	}
	if q := Sniff([]byte(plain), false, nil, Dialect{}).Dialect.Quote; q != '"' {
		t.Errorf("a text that goes on: quote %q", q)
	}
}

// TestSniffConfidence holds doubtful texts apart from clear ones.
func TestSniffConfidence(t *testing.T) {
	t.Parallel()
	clear := Sniff([]byte("nome;telefone;email\nAna;11987654321;ana@example.com\nBruno;21987654321;b@example.com\n"), true, nil, Dialect{})
	doubtful := Sniff([]byte("a,b;c\nd,e;f\ng,h;i\n"), true, nil, Dialect{})
	if clear.Confidence.Delimiter < 0.8 || clear.Confidence.Header < 0.8 {
		t.Errorf("clear text: %+v", clear.Confidence)
	}
	if doubtful.Confidence.Delimiter > 0.65 || len(doubtful.Alternatives) == 0 {
		t.Errorf("doubtful text: %+v %+v", doubtful.Confidence, doubtful.Alternatives)
	}
}
