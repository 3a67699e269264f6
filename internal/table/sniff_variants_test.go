package table

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// sampleTable is a made-up table; makeTable fills it by kind.
type sampleTable struct {
	name   string
	header []string
	rows   [][]string
}

// makeTables gives one table of each kind, the same for the same seed.
func makeTables(seed uint64, n int) []sampleTable {
	r := rand.New(rand.NewPCG(seed, 7))
	pick := func(s ...string) string { return s[r.IntN(len(s))] }
	first := func() string {
		return pick("Ana", "Bruno", "Carla", "Davi", "Élida", "Fábio", "Gina", "Hugo", "Íris", "João", "Kátia", "Luís")
	}
	last := func() string {
		return pick("Souza", "Lima", "D'Ávila", "O'Brien", "Pinto Alves", "da Silva", "Reis", "Nunes", "Prado")
	}
	full := func() string { return first() + " " + last() }
	phone := func() string {
		d := fmt.Sprintf("%d%08d", 1+r.IntN(9), r.IntN(1e8))
		return pick("(11) 9"+d[:4]+"-"+d[4:8], "+55219"+d[:8], "31 9"+d[:8], "")
	}
	mail := func() string { return strings.ToLower(first()) + fmt.Sprint(r.IntN(99)) + "@example.com" }
	date := func() string { return fmt.Sprintf("%02d/%02d/20%02d", 1+r.IntN(28), 1+r.IntN(12), 10+r.IntN(15)) }
	money := func() string { return fmt.Sprintf("%d,%02d", r.IntN(3000), r.IntN(100)) }
	address := func() string {
		return pick("Rua das Flores, ", "Av. Brasil, ", "Praça da Sé, ") + fmt.Sprint(1+r.IntN(999)) + pick("", ", ap 3", ", fundos")
	}
	prose := func() string {
		return pick("Cliente antigo; ligar à tarde, se possível.", "Pediu desconto, 10% no mínimo", "", "Sem contato desde 2019", `Comprou o tubo de 5" e o de 3/4"`)
	}
	ts := []sampleTable{
		{"contacts", []string{"nome", "telefone", "email", "cidade"}, nil},
		{"addresses", []string{"Código", "Nome", "Endereço", "CEP", "Valor em aberto"}, nil},
		{"notes", []string{"id", "cliente", "observação", "data"}, nil},
		{"numbers", []string{"t", "x", "y", "z", "flag"}, nil},
		{"texts", []string{"Cidade", "Estado", "Apelido"}, nil},
		{"wide", []string{"ID", "Name", "Phone 1", "Phone 2", "E-mail", "Birthday", "Balance", "Group", "Notes", "URL", "Extra"}, nil},
	}
	for i := range n {
		ts[0].rows = append(ts[0].rows, []string{full(), phone(), mail(), pick("São Paulo", "Rio", "Natal", "Belo Horizonte")})
		ts[1].rows = append(ts[1].rows, []string{fmt.Sprint(1000 + i), full(), address(), fmt.Sprintf("%05d-%03d", r.IntN(99999), r.IntN(999)), money()})
		ts[2].rows = append(ts[2].rows, []string{fmt.Sprint(i + 1), full(), prose(), date()})
		ts[3].rows = append(ts[3].rows, []string{fmt.Sprint(i), fmt.Sprintf("%.3f", r.Float64()), fmt.Sprintf("%.2f", r.Float64()*100), fmt.Sprint(r.IntN(50)), pick("0", "1")})
		ts[4].rows = append(ts[4].rows, []string{pick("Santos", "Campinas", "Rio Claro", "Mogi das Cruzes"), pick("SP", "RJ", "MG"), pick("praia", "serra", "feira", "vale")})
		ts[5].rows = append(ts[5].rows, []string{fmt.Sprintf("C-%04d", i), full(), phone(), "", mail(), date(), money(), pick("vip", "novo", "vip;novo", ""), prose(), pick("https://example.com/p?id=1,2", ""), ""})
	}
	return ts
}

// variant is one way to write a table down, and what should be found.
type variant struct {
	name string
	text string
	want Dialect
	any  bool // the quote may be none as well: no cell needed it
}

type writing struct {
	delim, quote string
	escape       string // "" doubles quotes
	all          bool   // quote every cell
	eol          string
	header       int // copies of the header
	preamble     []string
	footer       []string
	trailing     string // behind every line
}

// write spells a table. quoted says whether any cell was quoted.
func (w writing) write(t sampleTable) (text string, quoted bool) {
	var b strings.Builder
	line := func(cells []string) {
		for i, c := range cells {
			if i > 0 {
				b.WriteString(w.delim)
			}
			need := strings.Contains(c, w.delim) || w.quote != "" && strings.Contains(c, w.quote)
			if w.quote != "" && (w.all || need) {
				quoted = true
				esc := w.quote + w.quote
				if w.escape != "" {
					esc = w.escape + w.quote
				}
				c = w.quote + strings.ReplaceAll(c, w.quote, esc) + w.quote
			}
			b.WriteString(c)
		}
		b.WriteString(w.trailing + w.eol)
	}
	for _, p := range w.preamble {
		b.WriteString(strings.ReplaceAll(p, "@", w.delim) + w.eol)
	}
	for range w.header {
		line(t.header)
	}
	for _, r := range t.rows {
		line(r)
	}
	for _, p := range w.footer {
		b.WriteString(strings.ReplaceAll(p, "@", w.delim) + w.eol)
	}
	return b.String(), quoted
}

// variants crosses tables with delimiters, quotes, line ends, headers, preambles and footers.
func variants(seed uint64, rows int) []variant {
	var list []variant
	preambles := [][]string{nil, {"Relatório de clientes"}, {"Relatório", "Emitido em 01/02/2025", ""}, {"# exportado em 2025", "# por: loja"}, {"PREÂMBULO@@@", "@@@"}}
	n := 0
	for _, t := range makeTables(seed, rows) {
		for _, delim := range []string{",", ";", "\t", "|", "^", "~", "||", "\x1f", "¦"} {
			for _, quote := range []string{`"`, `'`, ""} {
				for _, all := range []bool{false, true} {
					for _, header := range []int{1, 0, 2} {
						n++
						if quote == "" && (all || unsafe(t, delim)) || quote == `'` && !all && n%2 == 0 || t.name == "texts" && header == 0 {
							continue
						}
						w := writing{delim: delim, quote: quote, all: all, header: header}
						w.eol = []string{"\n", "\r\n", "\r"}[n%3]
						w.preamble = preambles[n/3%len(preambles)]
						if quote == `"` && n%4 == 0 {
							w.escape = `\`
						}
						if header == 0 && len(w.preamble) > 0 {
							w.preamble = nil
						}
						text, quoted := w.write(t)
						v := variant{text: text, any: !quoted}
						v.want = Dialect{Delimiter: delim, Header: header, Skip: len(w.preamble)}
						if quoted {
							v.want.Quote = rune(quote[0])
							if w.escape != "" && strings.Contains(text, `\`+quote) {
								v.want.Escape = '\\'
							}
						}
						v.name = fmt.Sprintf("%s/%q/%s/all=%v/h%d/p%d/%q", t.name, delim, quote, all, header, len(w.preamble), w.eol)
						list = append(list, v)
					}
				}
			}
		}
	}
	return list
}

// unsafe says whether a table cannot be written without quotes.
func unsafe(t sampleTable, delim string) bool {
	for _, r := range t.rows {
		for _, c := range r {
			if strings.Contains(c, delim) {
				return true
			}
		}
	}
	return false
}

func TestSniffVariants(t *testing.T) {
	t.Parallel()
	for _, rows := range []int{3, 8, 40} {
		t.Run(fmt.Sprintf("%d rows", rows), func(t *testing.T) {
			t.Parallel()
			list := variants(uint64(rows), rows)
			for _, v := range list {
				if bad := compare(Sniff([]byte(v.text), true, nil, Dialect{}).Dialect, v); bad != "" {
					t.Errorf("%s:%s", v.name, bad)
				}
			}
			t.Logf("%d variants", len(list))
		})
	}
}

// TestSniffPartOfText gives the sniffer two thirds of each text and the end apart: the answer stays.
func TestSniffPartOfText(t *testing.T) {
	t.Parallel()
	for _, v := range variants(9, 40) {
		cut := len(v.text) * 2 / 3
		r := Sniff([]byte(v.text[:cut]), false, []byte(v.text[cut:]), Dialect{})
		v.any = true
		if r.Dialect.Escape == 0 { // the only one may lie behind the cut
			v.want.Escape = 0
		}
		if !r.QuoteSeen && v.want.Quote != r.Dialect.Quote {
			v.want.Quote = r.Dialect.Quote
		}
		if bad := compare(r.Dialect, v); bad != "" {
			t.Errorf("%s:%s", v.name, bad)
		}
	}
}

// compare says in words where d is not what v wants.
func compare(d Dialect, v variant) (bad string) {
	if d.Delimiter != v.want.Delimiter {
		return fmt.Sprintf(" delimiter %q", d.Delimiter)
	}
	if d.Quote != v.want.Quote && !(v.any && d.Quote == '"') {
		bad += fmt.Sprintf(" quote %q", d.Quote)
	}
	if d.Escape != v.want.Escape {
		bad += fmt.Sprintf(" escape %q", d.Escape)
	}
	if d.Header != v.want.Header {
		bad += fmt.Sprintf(" header %d", d.Header)
	}
	if d.Skip != v.want.Skip {
		bad += fmt.Sprintf(" skip %d", d.Skip)
	}
	return bad
}
