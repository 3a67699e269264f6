package mapping

import (
	"slices"
	"testing"
)

func TestTokenize(t *testing.T) {
	t.Parallel()
	tests := []struct {
		header string
		want   []string
	}{
		{"dataNascimento", []string{"data", "nascimento"}},
		{"IDCliente", []string{"id", "cliente"}},
		{"CPFs", []string{"cpfs"}},
		{"A1_NOME", []string{"a", "1", "nome"}},
		{"Phone 1 - Value", []string{"phone", "1", "value"}},
		{"Nº do Endereço", []string{"nro", "do", "endereco"}},
		{"Customer #", []string{"customer", "nro"}},
		{"Manager's Name", []string{"manager", "name"}},
		{"Straße (geschäftlich)", []string{"strasse", "geschaftlich"}},
		{"Płeć", []string{"plec"}},
		{"", nil},
		{"\xff\xfe", nil},
	}
	for _, tt := range tests {
		var got []string
		for _, tok := range tokenize(tt.header) {
			got = append(got, tok.text)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%q: %q, want %q", tt.header, got, tt.want)
		}
	}
}

func TestSplitAndGuess(t *testing.T) {
	t.Parallel()
	l := theLexicon()
	for w, want := range map[string]concept{"observ": cNote, "telfone": cPhone, "emial": cEmail, "munic": cCity, "endreco": cAddress} {
		s := l.find(w)
		if s == nil {
			s = l.guess(w)
		}
		if s == nil || s[0].concept.field() != want.field() {
			t.Errorf("%q: %v, want the field of %v", w, s, want)
		}
	}
	for w, want := range map[string][]string{"nomedaturma": {"nome", "da", "turma"}, "dtvencimento": {"dt", "vencimento"}, "xqzxqz": nil} {
		if got := l.split(w); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", w, got, want)
		}
	}
}

// TestLexicon holds the word lists to what the code expects of them.
func TestLexicon(t *testing.T) {
	t.Parallel()
	l := theLexicon()
	if len(l.words) < 5000 {
		t.Errorf("%d words", len(l.words))
	}
	for w := range l.words {
		if fold(w) != w {
			t.Errorf("%q is not folded", w)
		}
	}
	if n := len(wordKinds()); n < 300 {
		t.Errorf("%d words of values", n)
	}
	for w := range wordKinds() {
		if fold(w) != w {
			t.Errorf("value %q is not folded", w)
		}
	}
	for c, name := range conceptNames() {
		if name == "" && concept(c) != cNone {
			t.Errorf("concept %d has no name", c)
		}
	}
	for _, f := range Fields() {
		if !Known(f) {
			t.Errorf("%s is not known", f)
		}
	}
}

func TestKindsOf(t *testing.T) {
	t.Parallel()
	tests := []struct {
		cell string
		yes  []kind
		no   []kind
	}{
		{"ana@example.com", []kind{vEmail}, []kind{vURL, vPhone, vName}},
		{"https://www.example.com", []kind{vURL}, []kind{vEmail}},
		{"example.org", []kind{vURL}, []kind{vName}},
		{"(11) 98765-0001", []kind{vPhone, vPlus}, []kind{vDate, vMoney, vCPF}},
		{"+54 9 351 000-0101", []kind{vPhone, vPlus}, []kind{vDate}},
		{"123.456.789-09", []kind{vCPF, vTaxLike}, []kind{vPhone}},
		{"111.444.777-35", []kind{vCPF}, []kind{vPhone}},
		{"11.222.333/0001-81", []kind{vCNPJ}, []kind{vPhone}},
		{"12.ABC.345/01DE-35", []kind{vCNPJ}, []kind{vPhone}},
		{"05/03/1985", []kind{vDate}, []kind{vPhone}},
		{"1978-12-30 10:00", []kind{vDate}, []kind{vPhone}},
		{"12 de março de 1980", []kind{vDate}, []kind{vName}},
		{"15/03", []kind{vDayMonth}, []kind{vDate}},
		{"R$ 1.234,56", []kind{vMoney}, []kind{vPhone}},
		{"1200.50", []kind{vMoney}, []kind{vPhone}},
		{"01310-100", []kind{vZip}, []kind{vDate}},
		{"SW1A 1AA", []kind{vZip}, []kind{vName}},
		{"Ana Exemplo", []kind{vName, vTwoWords}, []kind{vStatus}},
		{"Ativo", []kind{vStatus}, []kind{vName}},
		{"Padaria Exemplo Ltda", []kind{vCompany}, []kind{vStatus}},
		{"Rua Sete 7", []kind{vStreet}, []kind{vName}},
		{"São Paulo", []kind{vState, vName}, []kind{vStatus}},
		{"S/N", []kind{vNoNumber}, []kind{vDate}},
		{"3f2504e0-4f89-11d3-9a0c-0305e82c3301", []kind{vUUID}, []kind{vPhone}},
		{"Sra.", []kind{vHonorific}, []kind{vDate}},
	}
	for _, tt := range tests {
		k := kindsOf(tt.cell)
		for _, v := range tt.yes {
			if !k.has(v) {
				t.Errorf("%q lacks kind %d", tt.cell, v)
			}
		}
		for _, v := range tt.no {
			if k.has(v) {
				t.Errorf("%q has kind %d", tt.cell, v)
			}
		}
	}
}
