package xml2003

import (
	"bytes"
	"strings"
	"testing"

	"cadastro/internal/errs"
	"cadastro/internal/sheet"
	"cadastro/internal/sheet/sheettest"
)

const head = `<?xml version="1.0" encoding="ISO-8859-1"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Styles><Style ss:ID="d"><NumberFormat ss:Format="Short Date"/></Style><Style ss:ID="c"><NumberFormat ss:Format="00000\-000"/></Style>
<Style ss:ID="p"><NumberFormat ss:Format="Percent"/></Style><Style ss:ID="t"><NumberFormat ss:Format="[h]:mm"/></Style></Styles>`

func workbook(rows string) []byte {
	return []byte(head + `<Worksheet ss:Name="Plan1"><Table ss:ExpandedColumnCount="9"><Column/>` + rows + `</Table></Worksheet></Workbook>`)
}

func cell(attrs, kind, data string) string {
	return `<Cell ` + attrs + `><Data ss:Type="` + kind + `">` + data + `</Data></Cell>`
}

func TestRows(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, rows, want string }{
		{"text", "<Row>" + cell("", "String", "Jo\xe3o &amp; Z\xe9") + cell("", "String", "a&#10;b") + "</Row>", "1: A=João & Zé|B=a\nb"},
		{"number", "<Row>" + cell("", "Number", "5.511987654321E+12") + cell("", "Number", "0.30000000000000004") + "</Row>", "1: A=5511987654321|B=0.3"},
		{"formats", "<Row>" + cell(`ss:StyleID="c"`, "Number", "1310100") + cell(`ss:StyleID="p"`, "Number", "0.125") + cell(`ss:StyleID="d"`, "Number", "46022") + "</Row>", "1: A=01310-100|B=12.5%|C=2025-12-31"},
		{"dates", "<Row>" + cell(`ss:StyleID="d"`, "DateTime", "2025-12-31T00:00:00.000") + cell("", "DateTime", "2025-12-31T13:45:00.000") + cell(`ss:StyleID="t"`, "DateTime", "1899-12-31T25:30:00.000") + cell("", "DateTime", "1899-12-31T08:30:00.000") + "</Row>", "1: A=2025-12-31|B=2025-12-31 13:45|C=25:30|D=08:30"},
		{"boolean and error", "<Row>" + cell("", "Boolean", "1") + cell("", "Error", "#N/A") + "</Row>", "1: A=TRUE|B=#N/A"},
		{"places", `<Row ss:Index="3">` + cell(`ss:Index="2"`, "String", "a") + cell("", "String", "b") + `</Row><Row ss:Index="7" ss:Span="2"/><Row>` + cell("", "String", "c") + `</Row>`, "3: B=a|C=b\n10: A=c"},
		{"merged", "<Row>" + cell(`ss:MergeAcross="2"`, "String", "t") + cell("", "String", "b") + "</Row>", "1: Am=t|D=b"},
		{"hidden", `<Row ss:Hidden="1">` + cell("", "String", "a") + "</Row>", "1h: A=a"},
		{"formula", "<Row>" + cell(`ss:Formula="=1+1"`, "Number", "2") + `<Cell ss:Formula="=X"/></Row>`, "1: Af=2|Bfn="},
		{"markup and comment", `<Row><Cell><ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40"><B>ne</B>grito<Font>!</Font></ss:Data><Comment><ss:Data>no</ss:Data></Comment></Cell></Row>`, "1: A=negrito!"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			rows, err := sheettest.Read(Open, workbook(tt.rows), 0, sheet.Limits{})
			if got := sheettest.Sketch(rows); err != nil || got != tt.want {
				t.Errorf("got %s %v\nwant %s", got, err, tt.want)
			}
		})
	}
}

func TestSheets(t *testing.T) {
	t.Parallel()
	data := []byte(head)
	for i, state := range []string{"", "SheetHidden", "SheetVeryHidden"} {
		data = append(data, `<Worksheet ss:Name="S`+string(rune('1'+i))+`"><Table><Row>`+cell("", "Number", string(rune('1'+i)))+`</Row></Table><WorksheetOptions><Visible>`+state+`</Visible></WorksheetOptions></Worksheet>`...)
	}
	data = append(data, "</Workbook>"...)
	b, err := Open(bytes.NewReader(data), int64(len(data)), sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for i, info := range b.Sheets() {
		rows, err := sheettest.Rows(b, i)
		want := "1: A=" + string(rune('1'+i))
		if got := sheettest.Sketch(rows); err != nil || got != want || info.State != sheet.State(i) {
			t.Errorf("%+v: %s %v", info, got, err)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		data string
		lim  sheet.Limits
		code string
	}{
		{"empty", "", sheet.Limits{}, "file.corrupt"},
		{"another document", "<html><body/></html>", sheet.Limits{}, "file.not_a_table"},
		{"no sheets", "<Workbook/>", sheet.Limits{}, "sheet.none"},
		{"cut", string(workbook("<Row>"))[:560], sheet.Limits{}, "file.corrupt"},
		{"entity", `<!DOCTYPE x [<!ENTITY a "b">]>` + string(workbook("")), sheet.Limits{}, "sheet.dtd"},
		{"cell", string(workbook("<Row>" + cell("", "String", "12345") + "</Row>")), sheet.Limits{CellBytes: 4}, "sheet.cell_too_long"},
		{"column", string(workbook("<Row>" + cell(`ss:Index="99999"`, "String", "1") + "</Row>")), sheet.Limits{}, "file.too_many_columns"},
		{"rows", string(workbook(strings.Repeat("<Row>"+cell("", "String", "1")+"</Row>", 3))), sheet.Limits{Rows: 2}, "file.too_many_rows"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, err := sheettest.Drain(Open, []byte(tt.data), tt.lim); errs.CodeOf(err) != tt.code {
				t.Errorf("got %v, want %q", err, tt.code)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add(workbook(`<Row ss:Index="3">` + cell(`ss:StyleID="c" ss:MergeAcross="2"`, "Number", "1310100") + "</Row>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, _ = sheettest.Drain(Open, data, sheet.Limits{})
	})
}
