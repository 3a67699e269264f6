package xlsx

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cadastro/internal/errs"
	"cadastro/internal/sheet"
	"cadastro/internal/sheet/sheettest"
)

// inflating is a part that is head, then piece n times, then tail. It takes no more room and time than its packed form.
type inflating struct {
	head, piece, tail string
	n                 int
}

// bomb puts an inflating part into a workbook.
func bomb(t testing.TB, base parts, name string, p inflating) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for other, content := range base {
		if other == name {
			continue
		}
		w, err := z.Create(other)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, content); err != nil {
			t.Fatal(err)
		}
	}
	data := sheettest.Deflated(t, p.head, p.piece, p.tail, p.n)
	w, err := z.CreateRaw(&zip.FileHeader{Name: name, Method: zip.Deflate, CompressedSize64: uint64(len(data)), UncompressedSize64: 1})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestBombs: small files that ask for much are refused with the limit's code, or read, in bounded memory. Not parallel:
// it watches the heap.
func TestBombs(t *testing.T) {
	const sheet1 = "xl/worksheets/sheet1.xml"
	mega := func(s string) string { return strings.Repeat(s, 1<<20/len(s)) }
	one := oneSheet("")
	deep := strings.Repeat("<x>", 1<<20)
	tests := []struct {
		name string
		data []byte
		code string
	}{
		{"one cell of 800 MB", bomb(t, one, sheet1, inflating{`<worksheet><sheetData><row><c t="inlineStr"><is><t>`, mega("a"), `</t></is></c></row></sheetData></worksheet>`, 800}), "sheet.cell_too_long"},
		{"one shared string of 800 MB", bomb(t, oneSheet("<row/>"), "xl/sharedStrings.xml", inflating{`<sst><si><t>`, mega("a"), `</t></si></sst>`, 800}), "sheet.text_too_long"},
		{"800 MB of shared strings", bomb(t, oneSheet("<row/>"), "xl/sharedStrings.xml", inflating{`<sst>`, mega(`<si><t>` + strings.Repeat("a", 32700) + `</t></si>`), `</sst>`, 800}), "file.bomb"},
		{"800 MB of empty shared strings", bomb(t, oneSheet("<row/>"), "xl/sharedStrings.xml", inflating{`<sst>`, mega(`<si/>`), `</sst>`, 800}), "file.bomb"},
		{"800 MB of rows", bomb(t, one, sheet1, inflating{`<worksheet><sheetData>`, mega(`<row><c><v>1</v></c></row>`), `</sheetData></worksheet>`, 800}), "file.bomb"},
		{"800 MB of cells in a row", bomb(t, one, sheet1, inflating{`<worksheet><sheetData><row>`, mega(`<c><v>1</v></c>`), `</row></sheetData></worksheet>`, 800}), "file.too_many_columns"},
		{"800 MB of cells at one place", bomb(t, one, sheet1, inflating{`<worksheet><sheetData><row>`, mega(`<c r="A1" t="inlineStr"><is><t>` + strings.Repeat("a", 1000) + `</t></is></c>`), `</row></sheetData></worksheet>`, 800}), "sheet.row_too_long"},
		{"one tag of 800 MB", bomb(t, one, sheet1, inflating{`<worksheet><sheetData><row r="`, mega(`a`), `"/></sheetData></worksheet>`, 800}), "sheet.text_too_long"},
		{"comment of 800 MB", bomb(t, one, sheet1, inflating{`<worksheet><!--`, mega(`a`), `--><sheetData/></worksheet>`, 800}), "file.bomb"},
		{"styles of 800 MB", bomb(t, one, "xl/styles.xml", inflating{`<styleSheet><cellXfs>`, mega(`<xf numFmtId="14"/>`), `</cellXfs></styleSheet>`, 800}), "file.inflated_too_large"},
		{"workbook of 800 MB", bomb(t, one, "xl/workbook.xml", inflating{`<workbook><sheets>`, mega(`<sheet name="a"/>`), `</sheets></workbook>`, 800}), "sheet.too_many_parts"},
		{"a million sparse rows", bomb(t, one, sheet1, inflating{`<worksheet><sheetData>`, strings.Repeat(`<row><c r="XFD1"/><c r="XFD1"><v>1</v></c></row>`, 10000), `</sheetData></worksheet>`, 100}), "file.corrupt"},
		{"deep nesting", oneSheet("").with(sheet1, deep).zip(t), "sheet.too_deep"},
		{"entities", oneSheet("").with(sheet1, `<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><worksheet><sheetData><row><c t="str"><v>&b;</v></c></row></sheetData></worksheet>`).zip(t), "sheet.dtd"},
		{"outside file", oneSheet("").with("xl/sharedStrings.xml", `<!DOCTYPE sst [<!ENTITY x SYSTEM "file:///etc/passwd">]><sst><si><t>&x;</t></si></sst>`).zip(t), "sheet.dtd"},
		{"column XFE", oneSheet(`<row><c r="XFE1"><v>1</v></c></row>`).zip(t), "file.too_many_columns"},
		{"column without end", oneSheet(`<row><c r="ZZZZZZZZZZ1"><v>1</v></c><c><v>2</v></c></row>`).zip(t), "file.too_many_columns"},
		{"row beyond the last", oneSheet(`<row r="4294967296"><c><v>1</v></c></row>`).zip(t), ""},
		{"100,000 entries", crowd(t, 100_000), "sheet.too_many_parts"},
		{"zip in a zip", parts{"inner.xlsx": string(oneSheet(`<row><c><v>1</v></c></row>`).zip(t))}.zip(t), "file.not_a_table"},
		{"names with dots", oneSheet(`<row><c><v>1</v></c></row>`).with("../../etc/passwd", "x").with("xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="rId1" Type="`+relDoc+`worksheet" Target="../../../../etc/passwd"/></Relationships>`).zip(t), "file.corrupt"},
		{"outside relation", oneSheet(`<row><c><v>1</v></c></row>`).with("xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="rId1" TargetMode="External" Type="`+relDoc+`worksheet" Target="http://example.com/sheet.xml"/></Relationships>`).zip(t), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			runtime.GC()
			peak := watchHeap()
			lim := sheet.Limits{TempDir: t.TempDir()}
			if tt.code == "file.bomb" {
				lim.RatioFrom = 8 << 20 // the sooner the test is over
			}
			cells, err := sheettest.Drain(Open, tt.data, lim)
			grown := peak()
			code := errs.CodeOf(err)
			if err != nil && code == "" {
				code = err.Error()
			}
			// Only the checksum of that made-up file is wrong, which shows at its end.
			if tt.name == "a million sparse rows" && cells != 1_000_000 {
				t.Errorf("%d cells", cells)
			}
			if code != tt.code {
				t.Errorf("got %v, want %q", err, tt.code)
			}
			if grown > 120<<20 {
				t.Errorf("heap grew by %d MB", grown>>20)
			}
		})
	}
}

// crowd makes an archive of n empty entries.
func crowd(t testing.TB, n int) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := range n {
		if _, err := z.CreateRaw(&zip.FileHeader{Name: fmt.Sprint(i)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// watchHeap samples the heap until the function that it gives is called, which tells by how much it grew at most.
func watchHeap() func() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	start := m.HeapAlloc
	var peak atomic.Int64
	sample := func() {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		peak.Store(max(peak.Load(), int64(m.HeapAlloc)-int64(start)))
	}
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			case <-time.After(2 * time.Millisecond):
				sample()
			}
		}
	}()
	return func() int64 {
		close(stop)
		<-done
		sample()
		return peak.Load()
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	good := oneSheet(`<row><c><v>1</v></c></row>`)
	tests := []struct {
		name string
		data []byte
		lim  sheet.Limits
		code string
	}{
		{"empty", nil, sheet.Limits{}, "file.corrupt"},
		{"text", []byte("Nome;Telefone\nAna;1\n"), sheet.Limits{}, "file.corrupt"},
		{"cut", good.zip(t)[:300], sheet.Limits{}, "file.corrupt"},
		{"sheet cut", oneSheet("").with("xl/worksheets/sheet1.xml", `<worksheet><sheetData><row><c><v>1</v></c></row><row><c>`).zip(t), sheet.Limits{}, "file.corrupt"},
		{"sheet missing", parts{"xl/workbook.xml": good["xl/workbook.xml"]}.zip(t), sheet.Limits{}, "file.corrupt"},
		{"no sheets", parts{"xl/workbook.xml": `<workbook><sheets/></workbook>`}.zip(t), sheet.Limits{}, "sheet.none"},
		{"word", parts{"_rels/.rels": `<Relationships><Relationship Id="1" Type="` + relDoc + `officeDocument" Target="word/document.xml"/></Relationships>`, "word/document.xml": "<document/>"}.zip(t), sheet.Limits{}, "file.not_a_table"},
		{"xlsb", parts{"_rels/.rels": `<Relationships><Relationship Id="1" Type="` + relDoc + `officeDocument" Target="xl/workbook.bin"/></Relationships>`, "xl/workbook.bin": "x"}.zip(t), sheet.Limits{}, "file.format_unsupported"},
		{"rows", oneSheet(strings.Repeat(`<row><c><v>1</v></c></row>`, 3)).zip(t), sheet.Limits{Rows: 2}, "file.too_many_rows"},
		{"columns", oneSheet(`<row><c/><c/><c><v>1</v></c></row>`).zip(t), sheet.Limits{Columns: 2}, "file.too_many_columns"},
		{"cell", oneSheet(`<row><c t="str"><v>12345</v></c></row>`).zip(t), sheet.Limits{CellBytes: 4}, "sheet.cell_too_long"},
		{"strings", oneSheet(`<row/>`).with("xl/sharedStrings.xml", `<sst><si><t>abc</t></si><si><t>def</t></si></sst>`).zip(t), sheet.Limits{SharedBytes: 9}, "sheet.strings_too_large"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, err := sheettest.Drain(Open, tt.data, tt.lim); errs.CodeOf(err) != tt.code {
				t.Errorf("got %v, want %s", err, tt.code)
			}
		})
	}
}

// TestSpill reads a table of strings that is larger than the memory given to it.
func TestSpill(t *testing.T) {
	t.Parallel()
	data := sharedBook(t, 3000)
	want, err := readAll(data, 0, sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := readAll(data, 0, sheet.Limits{SharedMemory: 1, TempDir: t.TempDir()})
	if err != nil || sketch(got) != sketch(want) || len(want) != 3000 {
		t.Errorf("%d rows, %v", len(got), err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(oneSheet(`<row r="1" hidden="1"><c r="B1" s="1"><v>46022</v></c><c t="inlineStr"><is><r><t>a</t></r></is></c><c t="s"><v>0</v></c></row>`).styled("dd/mm/yyyy").with("xl/sharedStrings.xml", `<sst><si><t>x_x000D_</t></si></sst>`).zip(f))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, _ = sheettest.Drain(Open, data, sheet.Limits{Inflated: 1 << 20, Part: 1 << 20})
	})
}

// FuzzSheet puts anything into the sheet of a sound workbook.
func FuzzSheet(f *testing.F) {
	for _, s := range []string{`<row r="1"><c r="A1" s="1"><v>1</v></c></row>`, `<row><c t="s"><v>0</v></c><c t="d"><v>2025-01-01T10:00</v></c><c t="b"><v>1</v></c></row>`, `<row><c t="inlineStr"><is><t>_xD83D__xDE00_</t></is></c><c><f>1</f></c></row>`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, rows string) {
		data := oneSheet(rows).styled("dd/mm/yyyy").with("xl/sharedStrings.xml", `<sst><si><t>x</t></si></sst>`).zip(t)
		_, _ = sheettest.Drain(Open, data, sheet.Limits{})
	})
}
