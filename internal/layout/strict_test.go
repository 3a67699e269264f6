package layout_test

import (
	"strings"
	"testing"

	"cadastro/internal/errs"
	"cadastro/internal/layout"
	"cadastro/internal/table"
)

const invenioHeader = "TIPO_DE_REGISTRO;VALOR_DO_REGISTRO;MENSAGEM;NOME_CLIENTE;CPFCNPJ;CODCLIENTE;TAG;CORINGA1;CORINGA2;CORINGA3;CORINGA4;CORINGA5;PRIORIDADE\n"

func TestStrict(t *testing.T) {
	t.Parallel()
	strict, ok := layout.StrictOf("invenio")
	if !ok {
		t.Fatal("no strictness")
	}
	const good = "TELEFONE;11987650001;;Ana Souza;;1;;;;;;;ALTA\n"
	tests := []struct{ name, text, code string }{
		{"as it is", invenioHeader + good, ""},
		{"other order", "VALOR_DO_REGISTRO;TIPO_DE_REGISTRO;" + strings.TrimPrefix(invenioHeader, "TIPO_DE_REGISTRO;VALOR_DO_REGISTRO;") + good, ""},
		{"column taken away", strings.Replace(invenioHeader, ";PRIORIDADE", "", 1) + "TELEFONE;11987650001;;Ana Souza;;1;;;;;;\n", "layout.column_missing"},
		{"column added", strings.Replace(invenioHeader, "PRIORIDADE", "PRIORIDADE;CIDADE", 1) + strings.Replace(good, "ALTA", "ALTA;Campinas", 1), "layout.column_added"},
		{"column twice", strings.Replace(invenioHeader, "PRIORIDADE", "PRIORIDADE;TAG", 1) + strings.Replace(good, "ALTA", "ALTA;x", 1), "layout.column_added"},
		{"no type", invenioHeader + good + ";11987650001;;Ana Souza;;1;;;;;;;\n", "layout.key_empty"},
		{"no value", invenioHeader + good + "EMAIL;  ;;Ana Souza;;1;;;;;;;\n", "layout.key_empty"},
		{"formula", invenioHeader + good + "TELEFONE;11987650002;;=A1&B1;;1;;;;;;;\n", "layout.formula"},
		{"outside", invenioHeader + good + "TELEFONE;11987650002;;Ana Souza;;1;;;;;;;ALTA;sobra\n", "layout.outside"},
	}
	for _, tt := range tests {
		d := table.Dialect{Format: table.CSV, Charset: "utf-8", Delimiter: ";", Header: 1}
		src := table.Source{Name: "publico.csv", Size: int64(len(tt.text)), Data: strings.NewReader(tt.text)}
		r, err := table.Open(t.Context(), src, d, table.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if got := errs.CodeOf(strict.Check(&table.Guess{Dialect: d}, r)); got != tt.code {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.code)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
	r, err := table.Open(t.Context(), table.Source{Size: int64(len(invenioHeader)), Data: strings.NewReader(invenioHeader)}, table.Dialect{Format: table.CSV, Charset: "utf-8", Delimiter: ";", Header: 1}, table.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	g := &table.Guess{Dialect: table.Dialect{Format: table.XLSX, Sheet: "Layout"}, Sheets: []table.SheetInfo{{Name: "Layout"}, {Name: "Planilha2"}}}
	if got := errs.CodeOf(strict.Check(g, r)); got != "layout.sheet_added" {
		t.Errorf("two sheets: %q", got)
	}
	if _, ok := layout.StrictOf("bling"); ok {
		t.Error("a layout that refuses nothing is strict")
	}
}
