package table

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"cadastro/internal/errs"
)

// TestBadSheets: what a person meets with a workbook as it comes. The lines are those of the project's list of bad
// input that concern spreadsheets; the readers' own tests look closer.
func TestBadSheets(t *testing.T) {
	t.Parallel()
	const head, body = `<row r="1"><c r="A1" t="inlineStr"><is><t>Nome</t></is></c><c r="B1" t="inlineStr"><is><t>Telefone</t></is></c></row>`,
		`<row r="%d"><c r="A%[1]d" t="inlineStr"><is><t>%[2]s</t></is></c><c r="B%[1]d">%[3]s</c></row>`
	sheetOf := func(cells ...string) string {
		var b strings.Builder
		b.WriteString(head)
		for i, c := range cells {
			fmt.Fprintf(&b, body, i+2, string(rune('A'+i))+"na Lima", c)
		}
		return xlsxOf(tabOf{"Plan1", "", b.String()})
	}
	text := func(s string) string { return `<v>` + s + `</v>` }
	whole := sheetOf(text("5511987654321"), text("5521987654321"))
	const out = "Nome|Telefone/Ana Lima|5511987654321/Bna Lima|5521987654321"
	many := make([]string, 0, 30_000)
	many = append(many, "[Content_Types].xml", "<Types/>")
	for i := range 12_000 {
		many = append(many, fmt.Sprintf("xl/x%d.xml", i), "")
	}
	for _, c := range []struct{ name, data, want string }{
		{"phones as numbers", whole, out},
		{"in scientific notation", sheetOf(text("5.511987654321E12"), text("5.521987654321E+12")), out},
		{"formula with its value", sheetOf(`<f>1+1</f><v>5511987654321</v>`, text("5521987654321")), out},
		{"formula never computed", sheetOf(`<f>1+1</f>`, text("5521987654321")), "Nome|Telefone/Ana Lima|{sheet.no_value@1}/Bna Lima|5521987654321"},
		{"more than 15 digits", sheetOf(text("1.23456789012345E+19"), text("1")), "Nome|Telefone/Ana Lima|12345678901234500000{sheet.digits_lost@1}/Bna Lima|1"},
		{"no references", xlsxOf(tabOf{"P", "", `<row><c t="inlineStr"><is><t>Nome</t></is></c><c t="inlineStr"><is><t>Cidade</t></is></c></row><row><c t="inlineStr"><is><t>Ana Lima</t></is></c><c t="inlineStr"><is><t>Natal</t></is></c></row>`}), "Nome|Cidade/Ana Lima|Natal"},
		{"rich text, escaped characters", xlsxOfRows("Nome|Obs", "A</t></is></c><c r=\"B2\" t=\"inlineStr\"><is><r><t>ne</t></r><r><t>gri_x000D_to</t></r></is></c><c r=\"D2\" t=\"inlineStr\"><is><t>"), "Nome|Obs/A|negri\rto"},
		{"first sheet empty", xlsxOf(tabOf{"A", "", ""}, tabOf{"B", "", rowsXML("Nome|Tel", "Ana|1", "Bia|2")}), "Nome|Tel/Ana|1/Bia|2"},
		{"first sheet very hidden", xlsxOf(tabOf{"A", "veryHidden", rowsXML("x|y", "1|2", "3|4")}, tabOf{"B", "", rowsXML("Nome|Tel", "Ana|1", "Bia|2")}), "Nome|Tel/Ana|1/Bia|2"},
		{"cell far away", xlsxOf(tabOf{"P", "", `<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>`}), "/1"},
		{"entities", zipOf("[Content_Types].xml", "<Types/>", "xl/workbook.xml", `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><workbook>&b;</workbook>`), "sheet.dtd"},
		{"too many parts", zipOf(many...), "file.too_many_entries"},
		{"a part named outside", zipOf("../../etc/passwd", "x", "[Content_Types].xml", "<Types/>", "xl/workbook.xml", "<workbook/>"), "sheet.none"},
		{"cut", whole[:len(whole)/2], "file.corrupt"},
		{"damaged", damaged(whole), "file.corrupt"},
		{"cut in gz", gz(whole)[:len(gz(whole))-20], "file.corrupt"},
		{"word", zipOf("[Content_Types].xml", "<Types/>", "word/document.xml", "x"), "file.not_a_table"},
		{"two in a zip", zipOf("a.xlsx", whole, "b.xlsx", whole), "file.several"},
		{"zip in a zip", zipOf("a.zip", zipOf("b.csv", smallCSV)), "file.nested"},
		{"csv named so", smallCSV, "Nome|Telefone|Cidade/" + smallOut},
		{"xlsb", zipOf("[Content_Types].xml", "<Types/>", "_rels/.rels", `<Relationships><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.bin"/></Relationships>`, "xl/workbook.bin", "x"), "file.format_unsupported"},
	} {
		_, got := detectAndRead(t, c.data, Dialect{})
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// TestSheetLimits: a sheet of many columns is refused by the limit, one of many rows when the limit is reached.
func TestSheetLimits(t *testing.T) {
	t.Parallel()
	data := xlsxOf(tabOf{"P", "", `<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row>`})
	_, err := Detect(context.Background(), sourceOf("x", data), Limits{Columns: 100})
	if errs.CodeOf(err) != "file.too_many_columns" {
		t.Error(err)
	}
	_, err = Detect(context.Background(), sourceOf("x", data), Limits{Bytes: 10})
	if errs.CodeOf(err) != "file.too_large" {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	r, err := Open(ctx, sourceOf("x", data), Dialect{Format: XLSX}, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	cancel()
	var row Row
	for err == nil {
		err = r.Read(&row)
	}
	if err != io.EOF && errs.KindOf(err) != errs.Cancelled {
		t.Error(err)
	}
}

// sparse is a text of n bytes that is made as it is read.
type sparse struct{ n int64 }

func (s sparse) ReadAt(p []byte, off int64) (int, error) {
	if off >= s.n {
		return 0, io.EOF
	}
	n := int(min(int64(len(p)), s.n-off))
	for i := range p[:n] {
		p[i] = 'x'
	}
	for i, c := range []byte(`[{"a":"`) {
		if at := int64(i) - off; at >= 0 && at < int64(n) {
			p[at] = c
		}
	}
	return n, nil
}

// TestHugeRecord: a JSON text of 64 MB in one string is read in bounded memory.
func TestHugeRecord(t *testing.T) {
	src := Source{Name: "x", Size: 64 << 20, Data: sparse{64 << 20}}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := Open(context.Background(), src, Dialect{Format: JSON}, Limits{})
	runtime.ReadMemStats(&after)
	if errs.CodeOf(err) != "json.cut" || after.TotalAlloc-before.TotalAlloc > 32<<20 {
		t.Errorf("%v, %d bytes", err, after.TotalAlloc-before.TotalAlloc)
	}
}
