package table

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// sheetOf spells rows as a spreadsheet gives them: rows by line, cells by "|", all of the same length.
func sheetOf(text string) [][]string {
	var rows [][]string
	width := 0
	for line := range strings.SplitSeq(strings.Trim(text, "\n"), "\n") {
		row := strings.Split(strings.TrimSpace(line), "|")
		for j := range row {
			row[j] = strings.TrimSpace(row[j])
		}
		rows = append(rows, row)
		width = max(width, len(row))
	}
	for i := range rows {
		for len(rows[i]) < width {
			rows[i] = append(rows[i], "")
		}
	}
	return rows
}

func TestShapeOfSheets(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text                      string
		first, header, end, left, width int
		footer, second                  int
	}{
		{"plain", `
			Nome|Telefone|E-mail
			Ana|11987654321|ana@example.com
			Bruno|21987654321|bruno@example.com`, 0, 1, 3, 0, 3, 0, 0},
		{"from column B, row 3", `
			|
			|
			|Nome|Telefone|E-mail
			|Ana|11987654321|ana@example.com
			|Bruno|21987654321|bruno@example.com`, 2, 1, 5, 1, 3, 0, 0},
		{"title over it", `
			Clientes da loja
			|
			Nome|Telefone|Cidade
			Ana|11987654321|SP
			Bruno|21987654321|RJ`, 2, 1, 5, 0, 3, 0, 0},
		{"title in the middle, merged", `
			||Relatório de clientes||
			||01/02/2025||
			Código|Nome|Telefone|Cidade|Saldo
			1|Ana|11987654321|SP|10,5
			2|Bruno|21987654321|RJ|7
			3|Carla|31987654321|MG|8`, 2, 1, 6, 0, 5, 0, 0},
		{"keys and values over it", `
			Empresa|Loja Exemplo|||
			Período|janeiro|||
			|
			Código|Nome|Telefone|Cidade|Saldo
			1|Ana|11987654321|SP|10,5
			2|Bruno|21987654321|RJ|7
			3|Carla|31987654321|MG|8`, 3, 1, 7, 0, 5, 0, 0},
		{"no header", `
			Ana Souza|11987654321|ana@example.com
			Bruno Lima|21987654321|bruno@example.com`, 0, 0, 2, 0, 3, 0, 0},
		{"groups over names", `
			Cliente|||Contato||
			Nome|Sobrenome|CPF|Telefone|E-mail|Cidade
			Ana|Souza|111.444.777-35|11987654321|ana@example.com|SP
			Bruno|Lima|529.982.247-25|21987654321|bruno@example.com|RJ`, 0, 2, 4, 0, 6, 0, 0},
		{"units below names", `
			Hora|Temp|Vento
			(h)|(°C)|(m/s)
			1|20,5|3
			2|21,5|4`, 0, 2, 4, 0, 3, 0, 0},
		{"totals and note below", `
			Data|Cliente|Valor
			01/01/2025|Ana|10
			02/01/2025|Bruno|20
			|Total|30
			|
			Fonte: sistema exemplo`, 0, 1, 3, 0, 3, 2, 0},
		{"totals without a label", `
			Data|Cliente|Valor|Pago
			01/01/2025|Ana|10|10
			02/01/2025|Bruno|20|10
			03/01/2025|Carla|20|10
			||50|30`, 0, 1, 4, 0, 4, 1, 0},
		{"a contact with one cell is no footer", `
			Nome|Telefone
			Ana|11987654321
			Bruno|21987654321
			Carla|`, 0, 1, 4, 0, 2, 0, 0},
		{"a company called Total", `
			Empresa|Telefone|Cidade
			Alfa|1133334444|SP
			Total Energia|2133334444|RJ`, 0, 1, 3, 0, 3, 0, 0},
		{"two tables", `
			Nome|Telefone|Cidade
			Ana|11987654321|SP
			Bruno|21987654321|RJ
			|
			Produto|Preço|
			Caneta|1,50|
			Lápis|0,75|`, 0, 1, 3, 0, 3, 3, 4},
		{"two tables, the second with a title", `
			Nome|Telefone|Cidade
			Ana|11987654321|SP
			Bruno|21987654321|RJ
			|
			Produtos||
			Produto|Preço|Estoque
			Caneta|1,50|3
			Lápis|0,75|4`, 0, 1, 3, 0, 3, 4, 4},
		{"blank rows amid the data", `
			Nome|Telefone|Cidade
			Ana|11987654321|SP
			|
			Bruno|21987654321|RJ
			|
			Carla|31987654321|MG`, 0, 1, 6, 0, 3, 0, 0},
		{"one column", `
			Telefone
			11987654321
			21987654321`, 0, 1, 3, 0, 1, 0, 0},
		{"one column at C", `
			||E-mail
			||ana@example.com
			||bruno@example.com`, 0, 1, 3, 2, 1, 0, 0},
		{"sparse rows", `
			Nome|Telefone|E-mail|Cidade|Notas
			Ana|11987654321|||
			Bruno||bruno@example.com||
			Carla|31987654321|||ligar`, 0, 1, 4, 0, 5, 0, 0},
		{"years as names", `
			País|2019|2020|2021
			Brasil|1,2|-3,9|4,6
			Chile|0,8|-6,1|11,7`, 0, 1, 3, 0, 4, 0, 0},
		{"nothing", ``, 1, 0, 1, 0, 0, 0, 0},
		{"header only", `Nome|Telefone|E-mail`, 0, 1, 1, 0, 3, 0, 0},
		{"trailing blank rows", `
			Nome|Telefone
			Ana|11987654321
			|
			|`, 0, 1, 2, 0, 2, 0, 0},
		{"page header again", `
			Código|Nome|Fone
			1|Ana|11987654321
			Código|Nome|Fone
			2|Bruno|21987654321`, 0, 1, 4, 0, 3, 0, 0},
		{"page header again behind a blank row", `
			Código|Nome|Fone
			1|Ana|11987654321
			|
			Código|Nome|Fone
			2|Bruno|21987654321`, 0, 1, 5, 0, 3, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := Shape(sheetOf(c.text), true, false)
			want := ShapeResult{First: c.first, Header: c.header, End: c.end, Left: c.left, Width: c.width, Footer: c.footer, Second: c.second}
			got.HeaderConfidence, got.FirstConfidence, got.FooterConfidence = 0, 0, 0
			if got != want {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
		})
	}
}

// TestShapeFarRight has cells beyond the columns that are looked at.
func TestShapeFarRight(t *testing.T) {
	t.Parallel()
	rows := make([][]string, 30)
	for i := range rows {
		rows[i] = make([]string, 3*shapeColumns)
		for j := range rows[i] {
			if i%3 > 0 || j > 2*shapeColumns && (i%2 == 0 || j%50 == 0) {
				rows[i][j] = "x"
			}
		}
	}
	for _, exact := range []bool{true, false} {
		if r := Shape(rows, true, exact); r.First > r.End || r.End > len(rows) {
			t.Errorf("%+v", r)
		}
	}
}

// TestShapeAnyRows checks bounds on rows of any cells.
func TestShapeAnyRows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.SampledFrom([]string{"", "", "Nome", "Ana", "10", "01/02/2025", "Total", "ana@example.com", "#", "uma frase bem mais longa do que as outras, com ponto."})
		rows := rapid.SliceOfN(rapid.SliceOfN(cell, 0, 6), 0, 40).Draw(t, "rows")
		whole, exact := rapid.Bool().Draw(t, "whole"), rapid.Bool().Draw(t, "exact")
		r := Shape(rows, whole, exact)
		if r.First < 0 || r.Header < 0 || r.First+r.Header > r.End || r.End > len(rows) || r.Left < 0 {
			t.Fatalf("%+v of %d rows", r, len(rows))
		}
		if r.Second > 0 && r.Second < r.End || r.Footer > len(rows)-r.End || !whole && r.Footer > 0 {
			t.Fatalf("below the table: %+v of %d rows", r, len(rows))
		}
		if again := Shape(rows, whole, exact); again != r {
			t.Fatalf("two answers: %+v and %+v", r, again)
		}
	})
}
