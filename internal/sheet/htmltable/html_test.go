package htmltable

import (
	"bytes"
	"strings"
	"testing"

	"cadastro/internal/errs"
	"cadastro/internal/sheet"
	"cadastro/internal/sheet/sheettest"
)

func TestRows(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, html, want string }{
		{"plain", `<table><tr><th>Nome</th><th>Telefone</th></tr><tr><td>Jo&atilde;o &amp; Z&#233;</td><td>+55 11</td></tr></table>`, "1: A=Nome|B=Telefone\n2: A=João & Zé|B=+55 11"},
		{"tags left open", `<table><tr><td>a<td>b<tr><td>c</table>`, "1: A=a|B=b\n2: A=c"},
		{"no rows", `<table><td>a</td><td>b</td></table>`, "1: A=a|B=b"},
		{"white space", "<table><tr><td>\n  a \t b <br> c<p>d</p><div>e</div></td></tr></table>", "1: A=a b\nc\nd\ne"},
		{"empty cells", `<table><tr><td>&nbsp;</td><td> </td><td>x&nbsp;y</td></tr><tr><td></td></tr></table>`, "1: C=x\u00A0y"},
		{"colspan", `<table><tr><td colspan="3">t</td><td>z</td></tr></table>`, "1: Am=t|D=z"},
		{"rowspan", `<table><tr><td rowspan=2>t</td><td>a</td></tr><tr><td>b</td></tr><tr><td>c</td></tr></table>`, "1: Am=t|B=a\n2: B=b\n3: A=c"},
		{"both spans", `<table><tr><td>x</td><td rowspan="3" colspan="2">t</td><td>y</td></tr><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></table>`, "1: A=x|Bm=t|D=y\n2: A=1|D=2\n3: A=3|D=4"},
		{"hidden", `<table><tr style="height:0; DISPLAY: none"><td>a</td></tr><tr><td>b</td></tr><tr hidden><td>c</td></tr></table>`, "1h: A=a\n2: A=b\n3h: A=c"},
		{"script and style", `<table><tr><td><style>td{}</style><script>if (a<b) "<td>"</script>x</td></tr></table>`, "1: A=x"},
		{"number beside the text", `<table><tr><td x:num="5511987654321">5.51199E+12</td><td sdval="46022">31/12/2025</td><td x:num>7</td></tr></table>`, "1: A=5511987654321|B=31/12/2025|C=7"},
		{"formula", `<table><tr><td x:num x:fmla="=1+1">2</td></tr></table>`, "1: Af=2"},
		{"sections", `<table><caption>no</caption><thead><tr><th>h</th></tr></thead><tbody><tr><td>a</td></tr></tbody><tfoot><tr><td>f</td></tr></tfoot></table>`, "1: A=h\n2: A=a\n3: A=f"},
		{"inner table", `<table><tr><td>a<table><tr><td>in</td></tr></table>b</td><td>c</td></tr></table>`, "1: A=ab|B=c"},
		{"no end", `<table><tr><td>a</td></tr><tr><td>b`, "1: A=a\n2: A=b"},
		{"XHTML", `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body><table><tr><td/><td>b<br/>c</td></tr></table></body></html>`, "1: B=b\nc"},
		{"comments", `<table><!--[if gte mso 9]><xml><x:Name>S</x:Name></xml><![endif]--><tr><td>a<!-- <td>no</td> --></td></tr></table>`, "1: A=a"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			rows, err := sheettest.Read(Open, []byte(tt.html), 0, sheet.Limits{})
			if got := sheettest.Sketch(rows); err != nil || got != tt.want {
				t.Errorf("got %q %v\nwant %q", got, err, tt.want)
			}
		})
	}
}

func TestTables(t *testing.T) {
	t.Parallel()
	const page = `<p>x</p><table><tr><td>menu</td><td><table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table></td></tr></table><table></table>`
	b, err := Open(strings.NewReader(page), int64(len(page)), sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	want := []sheet.Info{{Name: "Table 1", Rows: 1, Cols: 2}, {Name: "Table 2", Rows: 2, Cols: 2}, {Name: "Table 3"}}
	for i, rows := range []string{"1: A=menu", "1: A=1|B=2\n2: A=3", ""} {
		got, err := sheettest.Rows(b, i)
		if err != nil || sheettest.Sketch(got) != rows || b.Sheets()[i] != want[i] {
			t.Errorf("%+v: %q %v", b.Sheets()[i], sheettest.Sketch(got), err)
		}
	}
}

func TestCharset(t *testing.T) {
	t.Parallel()
	filler := "<!--" + strings.Repeat("x", 5000) + "-->"
	tests := []struct{ name, head, cell, charset string }{
		{"utf-8", "", "João", "utf-8"},
		{"utf-8 late", filler, "João", "utf-8"},
		{"utf-8 with mark", "\xEF\xBB\xBF", "João", "utf-8"},
		{"utf-8 that says it is latin", `<meta charset="iso-8859-1">`, "João", "utf-8"},
		{"latin", `<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">`, "Jo\xe3o", "windows-1252"},
		{"latin unsaid", filler, "Jo\xe3o", "windows-1252"},
		{"latin that says it is utf-8", `<meta charset="utf-8">`, "Jo\xe3o", "windows-1252"},
		{"greek", `<meta charset="iso-8859-7">`, "Jo\xe3o", "iso-8859-7"},
	}
	for _, tt := range tests {
		data := []byte("<html><head></head>" + tt.head + "<table><tr><td>" + tt.cell + "</td></tr></table></html>")
		if strings.HasPrefix(tt.head, "\xEF") {
			data = []byte(tt.head + "<table><tr><td>" + tt.cell + "</td></tr></table></html>")
		}
		b, err := Open(bytes.NewReader(data), int64(len(data)), sheet.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		want := "1: A=João"
		if tt.charset == "iso-8859-7" {
			want = "1: A=Joγo"
		}
		rows, err := sheettest.Rows(b, 0)
		if got := sheettest.Sketch(rows); err != nil || got != want || b.(*Book).Charset() != tt.charset {
			t.Errorf("%s: %s %s %v", tt.name, got, b.(*Book).Charset(), err)
		}
	}
	var wide []byte
	for _, c := range "<table><tr><td>x\u00e3</td></tr></table>" {
		wide = append(wide, byte(c), byte(c>>8))
	}
	for name, data := range map[string][]byte{"marked": append([]byte{0xFF, 0xFE}, wide...), "bare": wide} {
		rows, err := sheettest.Read(Open, data, 0, sheet.Limits{})
		if got := sheettest.Sketch(rows); err != nil || got != "1: A=xã" {
			t.Errorf("utf-16 %s: %q %v", name, got, err)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		html string
		lim  sheet.Limits
		code string
	}{
		{"no table", "<html><body>Hello</body></html>", sheet.Limits{}, "sheet.none"},
		{"empty", "", sheet.Limits{}, "sheet.none"},
		{"tables", strings.Repeat("<table></table>", 1001), sheet.Limits{}, "sheet.too_many_parts"},
		{"deep", strings.Repeat("<table><tr><td>", 100), sheet.Limits{}, "sheet.too_many_parts"},
		{"columns", "<table><tr>" + strings.Repeat("<td>x", 17000), sheet.Limits{}, "file.too_many_columns"},
		{"spans", "<table><tr>" + strings.Repeat(`<td colspan=1000 rowspan=65000>x`, 20), sheet.Limits{}, "file.too_many_columns"},
		{"cell", "<table><tr><td>" + strings.Repeat("x <b>", 1000), sheet.Limits{CellBytes: 1500}, "sheet.cell_too_long"},
		{"one text", "<table><tr><td>" + strings.Repeat("x", 5000), sheet.Limits{CellBytes: 1500}, "sheet.text_too_long"},
		{"rows", "<table>" + strings.Repeat("<tr><td>x", 3), sheet.Limits{Rows: 2}, "file.too_many_rows"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, err := sheettest.Drain(Open, []byte(tt.html), tt.lim); errs.CodeOf(err) != tt.code {
				t.Errorf("got %v, want %q", err, tt.code)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`<meta charset="latin1"><table><tr><td rowspan=2 colspan=3>a<td x:num="1">b</table>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, _ = sheettest.Drain(Open, data, sheet.Limits{})
	})
}
