package xlsx

import (
	"encoding/xml"
	"io"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cadastro/internal/errs"
	"cadastro/internal/sheet"
)

func itoa(n int) string { return strconv.Itoa(n) }

func xmlEscape(w io.Writer, s string) error { return xml.EscapeText(w, []byte(s)) }

func TestCells(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, cell, text, shown string }{
		{"integer", `<c><v>42</v></c>`, "42", "42"},
		{"phone", `<c><v>5511987654321</v></c>`, "5511987654321", "5.51199E+12"},
		{"phone with exponent", `<c><v>5.511987654321E+12</v></c>`, "5511987654321", "5.51199E+12"},
		{"noise", `<c><v>0.30000000000000004</v></c>`, "0.3", "0.3"},
		{"price", `<c><v>4.4000000000000004</v></c>`, "4.4", "4.4"},
		{"negative", `<c><v>-12.50</v></c>`, "-12.5", "-12.5"},
		{"twenty digits", `<c><v>12345678901234567890</v></c>`, "12345678901234567890", "1.23457E+19"},
		{"inline", `<c t="inlineStr"><is><t>Ana</t></is></c>`, "Ana", "Ana"},
		{"inline rich", `<c t="inlineStr"><is><r><rPr><b/></rPr><t>Ana </t></r><r><t>Paula</t></r></is></c>`, "Ana Paula", "Ana Paula"},
		{"phonetic", `<c t="inlineStr"><is><t>東京</t><rPh sb="0" eb="2"><t>とうきょう</t></rPh></is></c>`, "東京", "東京"},
		{"space kept", `<c t="inlineStr"><is><t xml:space="preserve">  a  </t></is></c>`, "  a  ", "  a  "},
		{"string of formula", `<c t="str"><f>A1&amp;"x"</f><v>João</v></c>`, "João", "João"},
		{"formula", `<c><f>1+1</f><v>2</v></c>`, "2", "2"},
		{"formula never computed", `<c><f>1+1</f><v></v></c>`, "", ""},
		{"true", `<c t="b"><v>1</v></c>`, "TRUE", "TRUE"},
		{"false", `<c t="b"><v>0</v></c>`, "FALSE", "FALSE"},
		{"error", `<c t="e"><v>#N/A</v></c>`, "#N/A", "#N/A"},
		{"entities", `<c t="inlineStr"><is><t>a &amp; b &lt;c&gt; &#233; &#x1F600; &quot;q&apos;</t></is></c>`, `a & b <c> é 😀 "q'`, `a & b <c> é 😀 "q'`},
		{"cdata", `<c t="inlineStr"><is><t><![CDATA[<b>&amp;</b>]]></t></is></c>`, "<b>&amp;</b>", "<b>&amp;</b>"},
		{"escapes", `<c t="inlineStr"><is><t>a_x000D_b_x005F_x000D_c_xZZZZ_</t></is></c>`, "a\rb_x000D_c_xZZZZ_", "a\rb_x000D_c_xZZZZ_"},
		{"escaped pair", `<c t="inlineStr"><is><t>_xD83D__xDE00_</t></is></c>`, "😀", "😀"},
		{"line break", "<c t=\"inlineStr\"><is><t>a\r\nb</t></is></c>", "a\nb", "a\nb"},
		{"comment inside", `<c><v>1<!-- no -->2</v></c>`, "12", "12"},
		{"prefix", `<x:c><x:v>7</x:v></x:c>`, "7", "7"},
		{"iso date", `<c t="d"><v>2025-12-31</v></c>`, "2025-12-31", "2025-12-31"},
		{"iso date and time", `<c t="d"><v>2025-12-31T13:45:00Z</v></c>`, "2025-12-31 13:45", "2025-12-31 13:45"},
		{"text in a number cell", `<c><v>abc</v></c>`, "abc", "abc"},
		{"cep", `<c s="1"><v>1310100</v></c>`, "01310-100", "01310-100"},
		{"cpf", `<c s="2"><v>1234567890</v></c>`, "012.345.678-90", "012.345.678-90"},
		{"zeros", `<c s="3"><v>42</v></c>`, "0000042", "0000042"},
		{"percent", `<c s="4"><v>0.125</v></c>`, "12.5%", "13%"},
		{"date", `<c s="5"><v>46022</v></c>`, "2025-12-31", "31/12/2025"},
		{"date and time", `<c s="6"><v>46022.572916666664</v></c>`, "2025-12-31 13:45", "31/12/2025 13:45"},
		{"time", `<c s="7"><v>0.57291666666666663</v></c>`, "13:45", "13:45:00"},
		{"duration", `<c s="8"><v>1.0625</v></c>`, "25:30", "25:30"},
		{"brazilian date", `<c s="9"><v>46022</v></c>`, "2025-12-31", "31-dez-25"},
		{"money", `<c s="10"><v>1234.5</v></c>`, "1234.5", "R$ 1,234.50"},
		{"phone format", `<c s="11"><v>11987654321</v></c>`, "(11) 98765-4321", "(11) 98765-4321"},
		{"unknown style", `<c s="99"><v>3</v></c>`, "3", "3"},
	}
	formats := []string{"00000-000", `000"."000"."000"-"00`, "0000000", "0%", "dd/mm/yyyy", "dd/mm/yyyy hh:mm", "hh:mm:ss", "[h]:mm", "[$-416]dd-mmm-yy;@", `"R$ "#,##0.00`, "(00) 00000-0000"}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			rows := mustRead(t, oneSheet(`<row r="1">`+tt.cell+`</row>`).styled(formats...).zip(t))
			if len(rows) != 1 || len(rows[0].Cells) != 1 {
				t.Fatalf("rows %+v", rows)
			}
			c := rows[0].Cells[0]
			if c.Text != tt.text || c.Shown() != tt.shown {
				t.Errorf("text %q, shown %q; want %q, %q", c.Text, c.Shown(), tt.text, tt.shown)
			}
			if got := c.Flags&sheet.Formula != 0; got != strings.Contains(tt.cell, "<f>") {
				t.Errorf("formula %v", got)
			}
		})
	}
}

func TestRows(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, rows, want string }{
		{"without references", `<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>`, "1:A=1,B=2 2:A=3"},
		{"sparse", `<row r="5"><c r="C5"><v>1</v></c><c r="E5"><v>2</v></c></row><row r="9"><c r="XFD9"><v>3</v></c></row>`, "5:C=1,E=2 9:XFD=3"},
		{"half of the references", `<row r="2"><c r="B2"><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>`, "2:B=1,C=2 3:A=3"},
		{"hidden", `<row r="1" hidden="1"><c><v>1</v></c></row><row r="2" hidden="true"><c><v>2</v></c></row><row r="3" hidden="0"><c><v>3</v></c></row>`, "1h:A=1 2h:A=2 3:A=3"},
		{"empty cells and rows", `<row r="1"><c r="A1" s="3"/><c r="B1"><v></v></c></row><row r="2"/><row r="3"><c r="B3"><v>1</v></c></row>`, "3:B=1"},
		{"any order, twice", `<row r="1"><c r="C1"><v>3</v></c><c r="A1"><v>1</v></c><c r="C1"><v>4</v></c></row>`, "1:A=1,C=4"},
		{"values spelled in other ways", `<row><c><v >1</v></c><c><v>2</v ></c><c ><v>3</v> </c><c t="inlineStr"><is><t xml:space="preserve">a</t></is></c><c t="str"><v></v></c><c><v>6</v></c></row>`, "1:A=1,B=2,C=3,D=a,F=6"},
		{"prefixes", `<x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row>`, "1:A=1"},
		{"extensions", `<row r="1"><c r="A1"><v>1</v><extLst><ext><v>9</v></ext></extLst></c><ext><c r="B1"><v>2</v></c></ext></row>`, "1:A=1"},
		{"merged", `<row r="1"><c r="A1" t="inlineStr"><is><t>Title</t></is></c><c r="B1" s="1"/><c r="C1" s="1"/></row>`, "1:A=Title"},
		{"quotes of both kinds", `<row r='1' spans='1:2 > 3'><c r='A1' t='str'><v>x</v></c></row>`, "1:A=x"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := sketch(mustRead(t, oneSheet(tt.rows).zip(t))); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// sketch writes rows in one line: number, h where hidden, cells.
func sketch(rows []sheet.Row) string {
	var out []string
	for _, r := range rows {
		var cells []string
		for _, c := range r.Cells {
			cells = append(cells, sheet.ColumnName(c.Col)+"="+c.Text)
		}
		h := ""
		if r.Hidden {
			h = "h"
		}
		out = append(out, strconv.FormatInt(r.Line, 10)+h+":"+strings.Join(cells, ","))
	}
	return strings.Join(out, " ")
}

func TestSharedStrings(t *testing.T) {
	t.Parallel()
	table := `<sst><si><t>Nome</t></si><si><r><t>Ri</t></r><r><rPr><t>no</t></rPr><t>ch</t></r><phoneticPr/></si><si><t xml:space="preserve"> </t></si><si/><si><t>a_x000A_b</t></si></sst>`
	cells := `<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>2</v></c><c t="s"><v>3</v></c><c t="s"><v> 4 </v></c></row>`
	rows := mustRead(t, oneSheet(cells).with("xl/sharedStrings.xml", table).zip(t))
	if got, want := sketch(rows), "1:A=Nome,B=Rich,C= ,E=a\nb"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, bad := range []string{"5", "-1", "x", "", "99999999999999999999"} {
		_, err := readAll(oneSheet(`<row><c t="s"><v>`+bad+`</v></c></row>`).with("xl/sharedStrings.xml", table).zip(t), 0, sheet.Limits{})
		if errs.CodeOf(err) != "file.corrupt" {
			t.Errorf("index %q: %v", bad, err)
		}
	}
}

func TestSheets(t *testing.T) {
	t.Parallel()
	p := oneSheet(`<row><c><v>1</v></c></row>`)
	p["xl/workbook.xml"] = `<workbook ` + nsMain + `><workbookPr date1904="1"/><sheets>
		<sheet name="Gr&#225;fico" sheetId="1" r:id="c"/><sheet name="A &amp; B" sheetId="2" state="hidden" r:id="a"/>
		<sheet name="V" sheetId="3" state="veryHidden" r:id="b"/><sheet name="M" sheetId="4" r:id="m"/><sheet name="D" sheetId="5" r:id="d"/></sheets>
		<definedNames><definedName name="x">1</definedName></definedNames></workbook>`
	p["xl/_rels/workbook.xml.rels"] = `<Relationships>
		<Relationship Id="a" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/worksheet" Target="/xl/worksheets/sheet1.xml"/>
		<Relationship Id="b" Type="` + relDoc + `worksheet" Target="worksheets\Sheet2.xml"/>
		<Relationship Id="c" Type="` + relDoc + `chartsheet" Target="chartsheets/sheet1.xml"/>
		<Relationship Id="m" Type="http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet" Target="macrosheets/sheet1.xml"/>
		<Relationship Id="d" Type="` + relDoc + `dialogsheet" Target="dialogsheets/sheet1.xml"/>
		<Relationship Id="e" Type="` + relDoc + `externalLink" Target="http://example.com/" TargetMode="External"/></Relationships>`
	p[`xl\worksheets\sheet2.xml`] = `<worksheet><dimension ref="A1:K200"/><sheetData><row><c><v>2</v></c></row></sheetData></worksheet>`
	data := p.zip(t)
	b, err := Open(strings.NewReader(string(data)), int64(len(data)), sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	want := []sheet.Info{
		{Name: "Gráfico", Kind: sheet.Chart},
		{Name: "A & B", State: sheet.Hidden},
		{Name: "V", State: sheet.VeryHidden, Rows: 200, Cols: 11},
		{Name: "M", Kind: sheet.Macro},
		{Name: "D", Kind: sheet.Dialog},
	}
	if diff := cmp.Diff(want, b.Sheets()); diff != "" {
		t.Error(diff)
	}
	for i, want := range []string{"", "1:A=1", "1:A=2", "", ""} {
		rows, err := readAll(data, i, sheet.Limits{})
		if err != nil || sketch(rows) != want {
			t.Errorf("sheet %d: %v %v", i, sketch(rows), err)
		}
	}
}

func TestDates1904(t *testing.T) {
	t.Parallel()
	p := oneSheet(`<row><c s="1"><v>44560</v></c></row>`).styled("m/d/yyyy")
	p["xl/workbook.xml"] = strings.Replace(p["xl/workbook.xml"], "<sheets>", `<workbookPr date1904="true"/><sheets>`, 1)
	c := mustRead(t, p.zip(t))[0].Cells[0]
	if c.Text != "2025-12-31" || c.Shown() != "12/31/2025" || c.Type != sheet.Date {
		t.Errorf("%q %q %v", c.Text, c.Shown(), c.Type)
	}
}
