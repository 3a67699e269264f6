package table

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cadastro/internal/errs"
	"cadastro/internal/xlsx"
)

// detectAndRead gives the header and the rows of what is detected, with the codes of issues.
func detectAndRead(t *testing.T, data string, hint Dialect) (Guess, string) {
	t.Helper()
	ctx := context.Background()
	g, err := Redetect(ctx, sourceOf("x", data), hint, Limits{})
	if err != nil {
		return g, errs.CodeOf(err)
	}
	r, err := Open(ctx, sourceOf("x", data), g.Dialect, Limits{})
	if err != nil {
		return g, errs.CodeOf(err)
	}
	defer r.Close()
	return g, allOf(r)
}

func allOf(r Reader) string {
	var b strings.Builder
	b.WriteString(strings.Join(r.Header(), "|"))
	var row Row
	for {
		err := r.Read(&row)
		if err == io.EOF {
			return b.String()
		}
		if err != nil {
			return b.String() + "/error " + errs.CodeOf(err)
		}
		b.WriteString("/" + strings.Join(row.Cells, "|"))
		for _, is := range row.Issues {
			fmt.Fprintf(&b, "{%s@%d}", is.Code, is.Column)
		}
	}
}

func notesOf(g Guess) string {
	var codes []string
	for _, n := range g.Notes {
		codes = append(codes, n.Code)
	}
	return strings.Join(codes, " ")
}

func TestSheetShapes(t *testing.T) {
	t.Parallel()
	const head, ana, bia, caio = "Nome|Telefone|Cidade", "Ana Lima|(11) 98765-4321|São Paulo", "Bia Reis|(21) 99876-5432|Niterói", "Caio Dias|(31) 91234-5678|Ouro Preto"
	const out = head + "/" + ana + "/" + bia + "/" + caio
	for _, c := range []struct {
		name  string
		lines []string
		want  string
		skip  int
		notes string
	}{
		{"plain", []string{head, ana, bia, caio}, out, 0, ""},
		{"title above", []string{"Clientes da loja", "", head, ana, bia, caio}, out, 2, "sniff.preamble"},
		{"from column C, row 5", []string{"", "", "", "", "||" + head, "||" + ana, "||" + bia, "||" + caio}, out, 4, ""},
		{"no header", []string{ana, bia, caio}, "||/" + ana + "/" + bia + "/" + caio, 0, "sniff.no_header"},
		{"total below", []string{head, ana, bia, caio, "", "Total: 3"}, out, 0, "sniff.footer"},
		{"blank rows between", []string{head, ana, "", bia, "", "", caio}, out, 0, ""},
		{"header again", []string{head, ana, bia, head, caio}, out, 0, ""},
		{"short row", []string{head, "Ana Lima|(11) 98765-4321", bia, caio}, head + "/Ana Lima|(11) 98765-4321|/" + bia + "/" + caio, 0, ""},
		{"hidden row", []string{head, "hidden:" + ana, bia, caio}, head + "/" + ana + "{sheet.hidden_row@-1}/" + bia + "/" + caio, 0, "sheet.hidden_rows"},
		{"a remark far to the right", []string{head, ana, bia + "||ligar", caio}, head + "||/" + ana + "||/" + bia + "||ligar/" + caio + "||", 0, ""},
		{"repeated names", []string{"Nome|Tel|Tel", ana, bia, caio}, "Nome|Tel|Tel (2)/" + ana + "/" + bia + "/" + caio, 0, ""},
		{"header only", []string{head}, head, 0, "file.header_only"},
	} {
		g, got := detectAndRead(t, xlsxOfRows(c.lines...), Dialect{})
		if got != c.want || g.Dialect.Skip != c.skip || notesOf(g) != c.notes {
			t.Errorf("%s:\n got %q, skip %d, %s\nwant %q, skip %d, %s", c.name, got, g.Dialect.Skip, notesOf(g), c.want, c.skip, c.notes)
		}
		if len(g.Sheets) != 1 || g.Sheets[0].Name != "Plan1" || g.Dialect.Sheet != "Plan1" || g.Dialect.Charset != "" {
			t.Errorf("%s: %+v %+v", c.name, g.Sheets, g.Dialect)
		}
	}
}

func TestSheetLines(t *testing.T) {
	t.Parallel()
	data := xlsxOfRows("Lista", "", "Nome|Telefone", "Ana|(11) 98765-4321", "", "Bia|(21) 99876-5432", "Caio|(31) 91234-5678")
	g, _ := detectAndRead(t, data, Dialect{})
	var lines []int64
	for _, r := range g.Sample.Rows {
		lines = append(lines, r.Line)
	}
	if diff := cmp.Diff([]int64{4, 6, 7}, lines); diff != "" {
		t.Error(diff)
	}
}

func TestSheetChoice(t *testing.T) {
	t.Parallel()
	people := rowsXML("Nome|Telefone", "Ana|(11) 98765-4321", "Bia|(21) 99876-5432")
	more := rowsXML("Name|E-mail", "Zoe|zoe@example.com", "Yan|yan@example.com")
	data := xlsxOf(tabOf{"Capa", "", rowsXML("Relatório")}, tabOf{"Clientes", "", people}, tabOf{"Leads", "hidden", more}, tabOf{"Vazia", "", ""})
	for _, c := range []struct{ sheet, want, notes string }{
		{"", "Clientes: Nome|Telefone/Ana|(11) 98765-4321/Bia|(21) 99876-5432", "sheet.one_of"},
		{"Leads", "Leads: Name|E-mail/Zoe|zoe@example.com/Yan|yan@example.com", "sheet.one_of sheet.hidden_sheet"},
		{" leads", "Leads: Name|E-mail/Zoe|zoe@example.com/Yan|yan@example.com", "sheet.one_of sheet.hidden_sheet"},
		{"3", "Leads: Name|E-mail/Zoe|zoe@example.com/Yan|yan@example.com", "sheet.one_of sheet.hidden_sheet"},
		{"Vazia", "Vazia: ", "sniff.no_header sheet.one_of file.no_rows"},
	} {
		g, got := detectAndRead(t, data, Dialect{Sheet: c.sheet})
		if got = g.Dialect.Sheet + ": " + got; got != c.want || notesOf(g) != c.notes {
			t.Errorf("%q: got %q, %s; want %q, %s", c.sheet, got, notesOf(g), c.want, c.notes)
		}
		if len(g.Sheets) != 4 || !g.Sheets[2].Hidden || g.Sheets[1].Hidden || g.Sheets[3].Number != 4 {
			t.Errorf("%+v", g.Sheets)
		}
	}
	_, err := Detect(context.Background(), sourceOf("x.xlsx", xlsxOf(tabOf{"A", "", ""})), Limits{})
	if errs.CodeOf(err) != "file.empty" {
		t.Errorf("empty workbook: %v", err)
	}
	_, err = Open(context.Background(), sourceOf("x.xlsx", data), Dialect{Format: XLSX, Sheet: "Outra"}, Limits{})
	if errs.CodeOf(err) != "sheet.not_found" || !strings.Contains(err.Error(), "Capa, Clientes, Leads, Vazia") {
		t.Errorf("wrong name: %v", err)
	}
}

// TestSheetLong: the foot of a sheet longer than what is held to find its shape, and rows beyond it.
func TestSheetLong(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	w := xlsx.NewWriter(&b, xlsx.WriterOptions{})
	if err := w.Sheet("S", []xlsx.Column{{Header: "Nome"}, {Header: "Telefone"}, {Header: "Cidade"}, {}}); err != nil {
		t.Fatal(err)
	}
	const n = 5000
	for i := range n {
		remark := ""
		if i == n/2 {
			remark = "ligar"
		}
		if err := w.Write([]string{fmt.Sprintf("Ana %c%c Lima", 'A'+i%26, 'a'+i/26%26), fmt.Sprintf("(11) 9%04d-%04d", i, i), "Natal", remark}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Write([]string{"Total de registros: 5000"}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	g, got := detectAndRead(t, b.String(), Dialect{})
	if rows := strings.Count(got, "/"); rows != n || g.Dialect.Footer != 1 || strings.Contains(got, "Total") || strings.Count(got, "{sheet.beyond@-1}") != 1 {
		t.Errorf("%d rows, footer %d, %s", rows, g.Dialect.Footer, notesOf(g))
	}
	r, err := Open(context.Background(), sourceOf("x", b.String()), g.Dialect, Limits{Rows: 100})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if s := allOf(r); !strings.HasSuffix(s, "/error file.too_many_rows") {
		t.Error(s[max(0, len(s)-100):])
	}
}

// TestSamePairs: one table in every format, packed and not, reads the same.
func TestSamePairs(t *testing.T) {
	t.Parallel()
	lines := []string{"Nome|Telefone|Código", "Ana Conceição|+5511987654321|00123", "Bia Müller|+5521998765432|00045", "João|+5531912345678|01999"}
	want := strings.Join(lines, "/")
	var html, xml, json strings.Builder
	html.WriteString("<html><meta charset=utf-8><body><table>")
	xml.WriteString(`<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="P"><Table>`)
	names := strings.Split(lines[0], "|")
	for i, line := range lines {
		cells := strings.Split(line, "|")
		html.WriteString("<tr><td>" + strings.Join(cells, "</td><td>") + "</td></tr>")
		xml.WriteString(`<Row><Cell><Data ss:Type="String">` + strings.Join(cells, `</Data></Cell><Cell><Data ss:Type="String">`) + `</Data></Cell></Row>`)
		if i > 0 {
			fmt.Fprintf(&json, "{%q:%q,%q:%q,%q:%q}\n", names[0], cells[0], names[1], cells[1], names[2], cells[2])
		}
	}
	html.WriteString("</table></body></html>")
	xml.WriteString("</Table></Worksheet></Workbook>")
	book := xlsxOfRows(lines...)
	for name, data := range map[string]string{
		"csv":              strings.ReplaceAll(strings.Join(lines, "\n"), "|", ","),
		"xlsx":             book,
		"html":             html.String(),
		"xml 2003":         xml.String(),
		"ndjson":           json.String(),
		"json":             "[" + strings.ReplaceAll(strings.TrimSpace(json.String()), "\n", ",\n") + "]",
		"xlsx in gz":       gz(book),
		"xlsx in zip":      zipOf("lista.xlsx", book),
		"html in gz":       gz(html.String()),
		"xml in zip":       zipOf("x.xls", xml.String()),
		"ndjson in gz":     gz(json.String()),
		"ndjson in utf-16": "\xff\xfe" + utf16le(json.String()),
		"ndjson in latin":  inCharset(t, "windows-1252", json.String()),
	} {
		if _, got := detectAndRead(t, data, Dialect{}); got != want {
			t.Errorf("%s:\n got %q\nwant %q", name, got, want)
		}
	}
}

// TestSameWorkbook: the forms in which one workbook was saved give the same table, and the same again when packed.
func TestSameWorkbook(t *testing.T) {
	t.Parallel()
	want := ""
	for _, ext := range []string{"xlsx", "xls", "ods"} {
		data, err := os.ReadFile(filepath.Join("..", "sheet", "sheettest", "testdata", "sample."+ext))
		if err != nil {
			t.Fatal(err)
		}
		for _, packed := range []string{string(data), gz(string(data)), zipOf("a."+ext, string(data))} {
			g, got := detectAndRead(t, packed, Dialect{})
			if want == "" {
				want = got
			}
			if got != want || string(g.Dialect.Format) != ext || g.Dialect.Sheet != "Contatos" || g.Dialect.Skip != 3 || !strings.Contains(got, "João da Silva|5511987654321|01310-100|123.456.789-09|1990-02-10") {
				t.Errorf("%s: %+v\n%s", ext, g.Dialect, cmp.Diff(want, got))
			}
		}
	}
}

func TestDisplayed(t *testing.T) {
	t.Parallel()
	data := xlsxOf(tabOf{"S", "", `<row r="2"><c r="B2"><v>5511987654321</v></c><c r="D2" t="b"><v>1</v></c></row>` +
		`<row r="4" hidden="1"><c r="A4" t="e"><v>#N/A</v></c><c r="B4"><v>0.5</v></c></row>`})
	for _, c := range []struct {
		data string
		d    Dialect
	}{{data, Dialect{Format: XLSX}}, {gz(data), Dialect{Format: XLSX, Compression: "gzip", Sheet: "S"}}} {
		r, err := Displayed(context.Background(), sourceOf("x", c.data), c.d, Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := allOf(r), "|||/|||/|5.51199E+12||TRUE/|||/#N/A|0.5||"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
	_, err := Displayed(context.Background(), sourceOf("x", data), Dialect{Format: XLSX, Sheet: "T"}, Limits{})
	if errs.CodeOf(err) != "sheet.not_found" {
		t.Error(err)
	}
}

func FuzzSheet(f *testing.F) {
	f.Add([]byte(xlsxOfRows("Nome|Tel", "Ana|1", "Bia|2")), 0, 1)
	for _, ext := range []string{"xlsx", "xls", "ods"} {
		if data, err := os.ReadFile(filepath.Join("..", "sheet", "sheettest", "testdata", "sample."+ext)); err == nil {
			f.Add(data, 3, 1)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, skip, header int) {
		ctx, src, lim := context.Background(), sourceOf("x", string(data)), Limits{Rows: 2000, Columns: 200, Inflated: 4 << 20}
		g, err := Redetect(ctx, src, Dialect{Skip: max(skip, 0) % 100, Header: max(header, 0) % 10}, lim)
		if err != nil {
			return
		}
		r, err := Open(ctx, src, g.Dialect, lim)
		if err != nil {
			return
		}
		defer r.Close()
		var row Row
		for n := int64(1); r.Read(&row) == nil; n++ {
			if row.Number != n || len(row.Cells) != len(r.Header()) {
				t.Fatalf("row %d is %d, %d cells of %d", n, row.Number, len(row.Cells), len(r.Header()))
			}
		}
	})
}
