package xlsx

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"cadastro/internal/errs"
	"cadastro/internal/sheet"
)

func write(t testing.TB, columns []Column, rows ...[]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := NewWriter(&b, WriterOptions{})
	if err := w.Sheet("Contatos", columns); err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if err := w.Write(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestWriterOracle has another library read what the writer made.
func TestWriterOracle(t *testing.T) {
	t.Parallel()
	columns := []Column{{Header: "Nome"}, {Header: "Telefone", Width: 20}, {Header: "Pontos", Kind: AsNumber}, {Header: "Nascimento", Kind: AsDate}}
	data := write(t, columns,
		[]string{"João & <Ana>", "+5511987654321", "12.5", "1990-02-28"},
		[]string{`=HYPERLINK("http://example.com")`, "0011", "007", "never"},
		[]string{"", "", "-3", "2025-12-31 13:45"},
		[]string{" a\nb ", "x", "1e5", "1899-01-01", "beyond"})
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	got, err := f.GetRows("Contatos", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"Nome", "Telefone", "Pontos", "Nascimento"},
		{"João & <Ana>", "+5511987654321", "12.5", "32932"},
		{`=HYPERLINK("http://example.com")`, "0011", "007", "never"},
		{"", "", "-3", "46022.572916666664"},
		{" a\nb ", "x", "1e5", "1899-01-01"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for cell, want := range map[string]excelize.CellType{"B2": excelize.CellTypeInlineString, "A3": excelize.CellTypeInlineString, "C3": excelize.CellTypeInlineString} {
		if kind, _ := f.GetCellType("Contatos", cell); kind != want {
			t.Errorf("%s has type %v", cell, kind)
		}
		if formula, _ := f.GetCellFormula("Contatos", cell); formula != "" {
			t.Errorf("%s has formula %q", cell, formula)
		}
	}
	if panes, err := f.GetPanes("Contatos"); err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("panes %+v %v", panes, err)
	}
	if width, _ := f.GetColWidth("Contatos", "B"); width != 20 {
		t.Errorf("width %v", width)
	}
}

// TestWriterRoundTrip: what goes in comes out, whatever it is.
func TestWriterRoundTrip(t *testing.T) {
	t.Parallel()
	piece := rapid.OneOf(rapid.String(), rapid.StringN(0, 40, -1), rapid.SampledFrom([]string{
		"_x000D_", "_x005F_", "_X000d_", "\r\n", "\x00", "\x1f", "\ufffe", "=1+1", "+55", " ", "😀", "]]>", "&amp;", "\ud7ff",
	}))
	rapid.Check(t, func(rt *rapid.T) {
		rows := rapid.SliceOfN(rapid.SliceOfN(rapid.Map(rapid.SliceOfN(piece, 0, 4), func(s []string) string { return strings.Join(s, "") }), 3, 3), 1, 5).Draw(rt, "rows")
		data := write(t, []Column{{Header: "a"}, {Header: "b", Kind: AsNumber}, {Header: "c", Kind: AsDate}}, rows...)
		got := mustRead(t, data)[1:]
		for i, want := range rows {
			fill := make([]string, 3)
			for _, r := range got {
				if r.Line == int64(i+2) {
					r.Fill(fill)
				}
			}
			for k := range want {
				if want := strings.ToValidUTF8(want[k], "\uFFFD"); utf8.ValidString(rows[i][k]) && fill[k] != want {
					rt.Fatalf("row %d column %d: got %q, want %q", i, k, fill[k], want)
				}
			}
		}
	})
}

func TestWriterLimits(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	w := NewWriter(&b, WriterOptions{})
	if err := w.Sheet("x", make([]Column, MaxColumns+1)); errs.CodeOf(err) != "file.too_many_columns" {
		t.Errorf("columns: %v", err)
	}
	if err := w.Sheet("x", []Column{{Header: "a"}}); err != nil {
		t.Fatal(err)
	}
	w.row = MaxRows
	if err := w.Write([]string{"1"}); errs.CodeOf(err) != "sheet.too_many_rows" {
		t.Errorf("rows: %v", err)
	}
	w.opt.RollOver = true
	long := strings.Repeat("a", MaxCell-1) + "😀😀"
	if err := w.Write([]string{long}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if w.Clipped() != 1 {
		t.Errorf("clipped %d", w.Clipped())
	}
	rows, err := readAll(b.Bytes(), 1, sheet.Limits{})
	if err != nil || len(rows) != 2 || rows[0].Cells[0].Text != "a" || rows[1].Cells[0].Text != long[:MaxCell-1] {
		t.Errorf("second sheet: %d rows, %v", len(rows), err)
	}
}

func TestSheetNames(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		taken []string
		want  string
	}{
		{"Contatos", nil, "Contatos"},
		{"Contatos", []string{"contatos"}, "Contatos (2)"},
		{"a/b:c*d?e[f]g\\h", nil, "a-b-c-d-e-f-g-h"},
		{"", nil, "Sheet"},
		{"history", nil, "Sheethistory"},
		{"'x'", nil, "x"},
		{strings.Repeat("é", 40), nil, strings.Repeat("é", 31)},
		{strings.Repeat("é", 40), []string{strings.Repeat("é", 31)}, strings.Repeat("é", 27) + " (2)"},
	}
	for _, tt := range tests {
		if got := uniqueName(tt.name, tt.taken); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestEmptyWorkbook(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := NewWriter(&b, WriterOptions{}).Close(); err != nil {
		t.Fatal(err)
	}
	if rows := mustRead(t, b.Bytes()); len(rows) != 0 {
		t.Errorf("rows %v", rows)
	}
	if _, err := excelize.OpenReader(&b); err != nil {
		t.Error(err)
	}
}

func BenchmarkWrite(b *testing.B) {
	row := []string{"Inês Ramos", "(15) 91245-0407", "ines@example.com", "", "78673455154", "1990-01-02", "Macapá", "retorno;vip", "Grátis", "Site", "1702"}
	columns := make([]Column, len(row))
	for i := range columns {
		columns[i].Header = fmt.Sprintf("Coluna %d", i)
	}
	w := NewWriter(discard{}, WriterOptions{RollOver: true})
	if err := w.Sheet("x", columns); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := w.Write(row); err != nil {
			b.Fatal(err)
		}
	}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
