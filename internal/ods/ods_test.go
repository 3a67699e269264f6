package ods

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"strings"
	"testing"

	"cadastro/internal/errs"
	"cadastro/internal/sheet"
	"cadastro/internal/sheet/sheettest"
)

const spaces = `xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"`

// document makes an ods of the given tables; more are names and contents of further parts.
func document(t testing.TB, tables string, more ...string) []byte {
	t.Helper()
	parts := append([]string{
		"mimetype", "application/vnd.oasis.opendocument.spreadsheet",
		"content.xml", `<?xml version="1.0"?><office:document-content ` + spaces + `><office:automatic-styles><style:style style:name="h"><style:table-properties table:display="false"/></style:style></office:automatic-styles><office:body><office:spreadsheet>` + tables + `</office:spreadsheet></office:body></office:document-content>`,
	}, more...)
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, parts[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func table(rows string) string { return `<table:table table:name="T">` + rows + `</table:table>` }

func row(cells string) string { return `<table:table-row>` + cells + `</table:table-row>` }

func text(s string) string {
	return `<table:table-cell office:value-type="string"><text:p>` + s + `</text:p></table:table-cell>`
}

func TestCells(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, cell, text, shown string }{
		{"text", text("João &amp; Zé"), "João & Zé", "João & Zé"},
		{"white space", text("  a \n b<text:s text:c=\"3\"/>c<text:tab/>d<text:line-break/>e"), "a b   c\td\ne", "a b   c\td\ne"},
		{"paragraphs", `<table:table-cell office:value-type="string"><text:p>a</text:p><text:p/><text:p>b</text:p></table:table-cell>`, "a\n\nb", "a\n\nb"},
		{"spans and links", text(`<text:span>a<text:span>b</text:span></text:span><text:a xlink:href="mailto:x@example.com">c</text:a>`), "abc", "abc"},
		{"comment", `<table:table-cell office:value-type="string"><office:annotation><text:p>no</text:p></office:annotation><text:p>yes</text:p></table:table-cell>`, "yes", "yes"},
		{"drawing", `<table:table-cell office:value-type="string"><draw:frame><draw:text-box><text:p>no</text:p></draw:text-box></draw:frame><text:p>yes</text:p></table:table-cell>`, "yes", "yes"},
		{"string value", `<table:table-cell office:value-type="string" office:string-value="x &lt; y"/>`, "x < y", "x < y"},
		{"number", `<table:table-cell office:value-type="float" office:value="5511987654321"><text:p>5,51E+12</text:p></table:table-cell>`, "5511987654321", "5,51E+12"},
		{"number without text", `<table:table-cell office:value-type="float" office:value="0.30000000000000004"/>`, "0.3", "0.3"},
		{"code", `<table:table-cell office:value-type="float" office:value="1310100"><text:p>01310-100</text:p></table:table-cell>`, "01310-100", "01310-100"},
		{"thousands", `<table:table-cell office:value-type="float" office:value="1234567"><text:p>1.234.567</text:p></table:table-cell>`, "1234567", "1.234.567"},
		{"currency", `<table:table-cell office:value-type="currency" office:value="1234.5"><text:p>R$ 1.234,50</text:p></table:table-cell>`, "1234.5", "R$ 1.234,50"},
		{"percentage", `<table:table-cell office:value-type="percentage" office:value="0.125"><text:p>13%</text:p></table:table-cell>`, "12.5%", "13%"},
		{"date", `<table:table-cell office:value-type="date" office:date-value="2025-12-31"><text:p>31/12/25</text:p></table:table-cell>`, "2025-12-31", "31/12/25"},
		{"date and time", `<table:table-cell office:value-type="date" office:date-value="2025-12-31T13:45:10"><text:p>31/12/25 13:45</text:p></table:table-cell>`, "2025-12-31 13:45:10", "31/12/25 13:45"},
		{"time", `<table:table-cell office:value-type="time" office:time-value="PT08H30M00S"><text:p>08:30</text:p></table:table-cell>`, "08:30", "08:30"},
		{"duration", `<table:table-cell office:value-type="time" office:time-value="PT25H30M00S"><text:p>25:30</text:p></table:table-cell>`, "25:30", "25:30"},
		{"boolean", `<table:table-cell office:value-type="boolean" office:boolean-value="true"><text:p>VERDADEIRO</text:p></table:table-cell>`, "TRUE", "VERDADEIRO"},
		{"error", `<table:table-cell office:value-type="string" office:string-value="" calcext:value-type="error"><text:p>#N/D</text:p></table:table-cell>`, "#N/D", "#N/D"},
		{"broken date", `<table:table-cell office:value-type="date" office:date-value="2025-02-31"><text:p>31/02/25</text:p></table:table-cell>`, "31/02/25", "31/02/25"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			rows, err := sheettest.Read(Open, document(t, table(row(tt.cell))), 0, sheet.Limits{})
			if err != nil || len(rows) != 1 || len(rows[0].Cells) != 1 {
				t.Fatalf("%+v %v", rows, err)
			}
			if c := rows[0].Cells[0]; c.Text != tt.text || c.Shown() != tt.shown {
				t.Errorf("text %q, shown %q; want %q, %q", c.Text, c.Shown(), tt.text, tt.shown)
			}
		})
	}
}

func TestRows(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, rows, want string }{
		{"repeated empty", `<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>` + row(text("x")), "1048571: A=x"},
		{"repeated row", `<table:table-row table:number-rows-repeated="3">` + text("x") + `</table:table-row>` + row(text("y")), "1: A=x\n2: A=x\n3: A=x\n4: A=y"},
		{"repeated cells", row(`<table:table-cell table:number-columns-repeated="2"/><table:table-cell table:number-columns-repeated="3" office:value-type="float" office:value="7"/>` + text("z")), "1: C=7|D=7|E=7|F=z"},
		{"merged", row(`<table:table-cell table:number-columns-spanned="3" office:value-type="string"><text:p>Título</text:p></table:table-cell><table:covered-table-cell table:number-columns-repeated="2"><text:p>hidden</text:p></table:covered-table-cell>` + text("z")), "1: Am=Título|D=z"},
		{"hidden", `<table:table-row table:visibility="collapse">` + text("a") + `</table:table-row><table:table-row table:visibility="filter">` + text("b") + `</table:table-row>` + row(text("c")), "1h: A=a\n2h: A=b\n3: A=c"},
		{"groups", `<table:table-header-rows>` + row(text("h")) + `</table:table-header-rows><table:table-row-group>` + row(text("a")) + `</table:table-row-group>`, "1: A=h\n2: A=a"},
		{"formula", row(`<table:table-cell table:formula="of:=1+1" office:value-type="float" office:value="2"/><table:table-cell table:formula="of:=X"/>`), "1: Af=2|Bfn="},
		{"shapes", `<table:shapes><draw:custom-shape><text:p>no</text:p></draw:custom-shape></table:shapes>` + row(text("a")), "1: A=a"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			rows, err := sheettest.Read(Open, document(t, table(tt.rows)), 0, sheet.Limits{})
			if got := sheettest.Sketch(rows); err != nil || got != tt.want {
				t.Errorf("got %s %v\nwant %s", got, err, tt.want)
			}
		})
	}
}

func TestSheets(t *testing.T) {
	t.Parallel()
	nested := `<table:table table:name="N">` + row(`<table:table-cell><table:table table:is-sub-table="true">`+row(text("in"))+`</table:table></table:table-cell>`+text("out")) + `</table:table>`
	tracked := `<table:tracked-changes><table:deletion><table:cell-content-deletion>` + table(row(text("old"))) + `</table:cell-content-deletion></table:deletion></table:tracked-changes>`
	for name, tables := range map[string]string{"plain": "", "nested": nested} {
		data := document(t, tracked+`<table:table table:name="A &amp; B" table:style-name="h">`+row(text("1"))+`</table:table><table:table table:name="Vazia"/>`+table(row(text("2")))+tables)
		b, err := Open(bytes.NewReader(data), int64(len(data)), sheet.Limits{})
		if err != nil {
			t.Fatal(name, err)
		}
		list := b.Sheets()
		if len(list) < 3 || list[0] != (sheet.Info{Name: "A & B", State: sheet.Hidden}) || list[1].Name != "Vazia" || list[2].Name != "T" {
			t.Errorf("%s: %+v", name, list)
		}
		for i, want := range []string{"1: A=1", "", "1: A=2", "1: B=out"}[:len(list)] {
			rows, err := sheettest.Rows(b, i)
			if got := sheettest.Sketch(rows); err != nil || got != want {
				t.Errorf("%s, sheet %d: %q %v", name, i, got, err)
			}
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	cell := text("x")
	tests := []struct {
		name string
		data []byte
		lim  sheet.Limits
		code string
	}{
		{"empty", nil, sheet.Limits{}, "file.corrupt"},
		{"no tables", document(t, ""), sheet.Limits{}, "sheet.none"},
		{"encrypted", document(t, table(row(cell)), "META-INF/manifest.xml", `<manifest:manifest><manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>`), sheet.Limits{}, "file.encrypted"},
		{"encrypted whole", document(t, table(row(cell)), "encrypted-package", "x"), sheet.Limits{}, "file.encrypted"},
		{"cut", document(t, `<table:table table:name="x">`+row(cell)), sheet.Limits{}, "file.corrupt"},
		{"entity", document(t, `<!DOCTYPE x>`), sheet.Limits{}, "sheet.dtd"},
		{"repeated to excess", document(t, table(`<table:table-row table:number-rows-repeated="1048576">`+strings.Repeat(cell, 60)+`</table:table-row>`)), sheet.Limits{}, "sheet.too_many_repeats"},
		{"wide", document(t, table(row(`<table:table-cell table:number-columns-repeated="16385" office:value-type="float" office:value="1"/>`))), sheet.Limits{}, "file.too_many_columns"},
		{"wide and long", document(t, table(row(`<table:table-cell table:number-columns-repeated="16000" office:value-type="string"><text:p>`+strings.Repeat("a", 2000)+`</text:p></table:table-cell>`))), sheet.Limits{}, "sheet.row_too_long"},
		{"spaces", document(t, table(row(text(`<text:s text:c="999999999"/><text:s text:c="999999999"/>`)))), sheet.Limits{}, "sheet.cell_too_long"},
		{"rows", document(t, table(`<table:table-row table:number-rows-repeated="9">`+cell+`</table:table-row>`)), sheet.Limits{Rows: 8}, "file.too_many_rows"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, err := sheettest.Drain(Open, tt.data, tt.lim); errs.CodeOf(err) != tt.code {
				t.Errorf("got %v, want %q", err, tt.code)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	if sample, err := os.ReadFile("../sheet/sheettest/testdata/sample.ods"); err == nil {
		f.Add(sample)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		_, _ = sheettest.Drain(Open, data, sheet.Limits{Inflated: 1 << 20, Part: 1 << 20, Rows: 10_000})
	})
}

// FuzzTable puts anything into the table of a sound document.
func FuzzTable(f *testing.F) {
	f.Add(table(`<table:table-row table:number-rows-repeated="3">` + text("a<text:s/>b") + `<table:covered-table-cell/><table:table-cell table:formula="x" office:value-type="time" office:time-value="PT1H"/></table:table-row>`))
	f.Fuzz(func(t *testing.T, tables string) {
		_, _ = sheettest.Drain(Open, document(t, tables), sheet.Limits{Rows: 10_000, CellBytes: 10_000})
	})
}
