package xls

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"cadastro/internal/errs"
	"cadastro/internal/sheet"
	"cadastro/internal/sheet/sheettest"
)

func globals(s *stream) {
	s.rec(recFormat, u16(164, 9), str("00000-000", false))
	for _, f := range []int{0, 14, 164, 9} {
		s.rec(recXF, u16(0, f), make([]byte, 16))
	}
	s.rec(recSST, u32(3), u32(3), u16(4), str("João", false), u16(3), str("東京Ω", true),
		u16(2), []byte{0x08 | 0x04}, u16(1), u32(5), []byte("ok"), make([]byte, 4+5))
}

func TestCells(t *testing.T) {
	t.Parallel()
	data := workbook(biff8, globals, func(s *stream) {
		s.rec(recRow, u16(0, 0, 9, 0, 0, 0), u32(0))
		s.rec(recRow, u16(1, 0, 9, 0, 0, 0), u32(0x20))
		s.rec(recLabelSST, u16(0, 0, 0), u32(0))
		s.rec(recLabelSST, u16(0, 1, 0), u32(1))
		s.rec(recLabelSST, u16(0, 2, 0), u32(2))
		s.rec(recNumber, u16(0, 3, 1), f64(46022))
		s.rec(recRK, u16(0, 4, 2), u32(1310100<<2|2))
		s.rec(recMulRK, u16(0, 5), u16(0), u32(-7<<2|2), u16(3), u32(1250<<2|3), u16(0), u32(int(math.Float64bits(0.5)>>32)), u16(7))
		s.rec(recLabel, u16(1, 0, 0), u16(5), str("Olá €", true))
		s.rec(recBoolErr, u16(1, 1, 0), []byte{1, 0})
		s.rec(recBoolErr, u16(1, 2, 0), []byte{0x2A, 1})
		s.rec(recFormula, u16(1, 3, 0), f64(2.5), make([]byte, 8))
		s.rec(recFormula, u16(1, 4, 0), []byte{0, 0, 0, 0, 0, 0, 0xFF, 0xFF}, make([]byte, 8))
		s.rec(0x04BC, make([]byte, 10))
		s.rec(recString, u16(4), str("soma", false))
		s.rec(recFormula, u16(1, 5, 0), []byte{1, 0, 1, 0, 0, 0, 0xFF, 0xFF}, make([]byte, 8))
		s.rec(recFormula, u16(1, 6, 0), []byte{2, 0, 7, 0, 0, 0, 0xFF, 0xFF}, make([]byte, 8))
		s.rec(recFormula, u16(1, 7, 0), []byte{3, 0, 0, 0, 0, 0, 0xFF, 0xFF}, make([]byte, 8))
		s.rec(recNumber, u16(65535, 255, 0), f64(5511987654321))
		s.rec(recBOF, bof(biff8, 0x20)) // a chart
		s.rec(recNumber, u16(0, 0, 0), f64(99))
		s.rec(recEOF)
	})
	rows, err := sheettest.Read(Open, data, 0, sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	want := "1: A=João|B=東京Ω|C=ok|D=2025-12-31|E=01310-100|F=-7|G=1250%|H=0.5\n" +
		"2h: A=Olá €|B=TRUE|C=#N/A|Df=2.5|Ef=soma|Ff=TRUE|Gf=#DIV/0!|Hf=\n" +
		"65536: IV=5511987654321"
	if got := sheettest.Sketch(rows); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestStates: sheets one, two and three are visible, hidden and very hidden; cells may come in any order.
func TestStates(t *testing.T) {
	t.Parallel()
	data := workbook(biff8, globals, func(s *stream) {
		s.rec(recNumber, u16(2, 0, 0), f64(3))
		s.rec(recNumber, u16(0, 1, 0), f64(1))
		s.rec(recNumber, u16(0, 0, 0), f64(0))
		s.rec(recNumber, u16(0, 1, 0), f64(2))
	}, func(*stream) {}, func(*stream) {})
	b, err := Open(bytes.NewReader(data), int64(len(data)), sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	for i, want := range []sheet.Info{{Name: "S1"}, {Name: "S2", State: sheet.Hidden}, {Name: "S3", State: sheet.VeryHidden}} {
		if got := b.Sheets()[i]; got != want {
			t.Errorf("sheet %d: %+v", i, got)
		}
	}
	rows, err := sheettest.Rows(b, 0)
	if got := sheettest.Sketch(rows); err != nil || got != "1: A=0|B=2\n3: A=3" {
		t.Errorf("%s %v", got, err)
	}
}

func TestBIFF5(t *testing.T) {
	t.Parallel()
	data := workbook(biff5, func(s *stream) {
		s.rec(recCodePage, u16(850))
		s.rec(recDateMode, u16(1))
		s.rec(recFormat, u16(30), []byte{8}, []byte("dd/mm/yy"))
		s.rec(recXF, u16(0, 30), make([]byte, 12))
	}, func(s *stream) {
		s.rec(recLabel, u16(0, 0, 0), u16(4), []byte("Jo\xc6o"))
		s.rec(recNumber, u16(0, 1, 0), f64(44560))
		s.rec(recRString, u16(0, 2, 0), u16(2), []byte("ok"), []byte{1, 0, 0})
	})
	rows, err := sheettest.Read(Open, data, 0, sheet.Limits{})
	if got := sheettest.Sketch(rows); err != nil || got != "1: A=João|B=2025-12-31|C=ok" {
		t.Errorf("%s %v", got, err)
	}
}

// TestContinue: strings come out whole wherever the table is cut into records.
func TestContinue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		texts := rapid.SliceOfN(rapid.StringN(0, 30, -1), 1, 20).Draw(rt, "texts")
		wide := rapid.SliceOfN(rapid.Bool(), len(texts), len(texts)).Draw(rt, "wide")
		w := cutter{cut: func() bool { return rapid.IntRange(0, 5).Draw(rt, "cut") == 0 }}
		w.whole(u32(len(texts)), u32(len(texts)))
		for i, text := range texts {
			w.text(text, wide[i])
		}
		w.records = append(w.records, w.rec)
		data := workbook(biff8, func(s *stream) {
			for i, r := range w.records {
				kind := uint16(recContinue)
				if i == 0 {
					kind = recSST
				}
				s.rec(kind, r)
			}
		}, func(s *stream) {
			for i := range texts {
				s.rec(recLabelSST, u16(i, 0, 0), u32(i))
			}
		})
		rows, err := sheettest.Read(Open, data, 0, sheet.Limits{})
		if err != nil {
			rt.Fatal(err)
		}
		got := make([]string, len(texts))
		for _, r := range rows {
			got[r.Line-1] = r.Cells[0].Text
		}
		for i, want := range texts {
			if want = string(utf16.Decode(utf16.Encode([]rune(want)))); got[i] != want {
				rt.Fatalf("string %d: got %q, want %q", i, got[i], want)
			}
		}
	})
}

// cutter writes a table of strings in records that end at random places.
type cutter struct {
	records [][]byte
	rec     []byte
	cut     func() bool
}

// whole writes what is never cut, in a record of its own at will.
func (w *cutter) whole(parts ...[]byte) {
	if len(w.rec) > 0 && w.cut() {
		w.records = append(w.records, w.rec)
		w.rec = nil
	}
	for _, p := range parts {
		w.rec = append(w.rec, p...)
	}
}

func (w *cutter) text(s string, wide bool) {
	units := utf16.Encode([]rune(s))
	for _, u := range units {
		wide = wide || u > 0xFF
	}
	runs, extra := len(units)%3, len(units)%4
	flags := byte(0x08 | 0x04)
	if wide {
		flags |= 1
	}
	w.whole(u16(len(units)), []byte{flags}, u16(runs), u32(extra))
	for i, u := range units {
		if w.cut() {
			// From here on the other width, where the rest allows it.
			rest := false
			for _, x := range units[i:] {
				rest = rest || x > 0xFF
			}
			wide = rest || !wide
			w.records = append(w.records, w.rec)
			w.rec = []byte{0}
			if wide {
				w.rec[0] = 1
			}
		}
		w.rec = append(w.rec, byte(u))
		if wide {
			w.rec = append(w.rec, byte(u>>8))
		}
	}
	for range 4*runs + extra {
		w.whole([]byte{0xEE})
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	good := workbook(biff8, globals, func(s *stream) { s.rec(recLabelSST, u16(0, 0, 0), u32(0)) })
	f := excelize.NewFile()
	defer f.Close()
	var encrypted bytes.Buffer
	if err := f.Write(&encrypted, excelize.Options{Password: "segredo"}); err != nil {
		t.Fatal(err)
	}
	sample, err := os.ReadFile("../sheet/sheettest/testdata/sample.xls")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		data []byte
		lim  sheet.Limits
		code string
	}{
		{"good", good, sheet.Limits{}, ""},
		{"empty", nil, sheet.Limits{}, "file.corrupt"},
		{"text", []byte("Nome;Telefone"), sheet.Limits{}, "file.corrupt"},
		{"Excel 4", []byte{0x09, 0x04, 6, 0, 0, 0, 0x10, 0, 0, 0}, sheet.Limits{}, "file.format_unsupported"},
		{"password of the workbook", workbook(biff8, func(s *stream) { s.rec(recFilePass, u16(1, 1, 1)) }, func(*stream) {}), sheet.Limits{}, "file.encrypted"},
		{"password of the package", encrypted.Bytes(), sheet.Limits{}, "file.encrypted"},
		{"no sheets", workbook(biff8, nil), sheet.Limits{}, "sheet.none"},
		{"cut in the globals", good[:40], sheet.Limits{}, "file.corrupt"},
		{"cut in the sheet", good[:len(good)-4], sheet.Limits{}, "file.corrupt"},
		{"sheet outside", bytes.Replace(good, binary.LittleEndian.AppendUint16(nil, recBoundSheet), binary.LittleEndian.AppendUint16(nil, recBoundSheet), 1)[:len(good)-len(good)/3], sheet.Limits{}, "file.corrupt"},
		{"string outside", workbook(biff8, globals, func(s *stream) { s.rec(recLabelSST, u16(0, 0, 0), u32(3)) }), sheet.Limits{}, "file.corrupt"},
		{"lying count of strings", workbook(biff8, func(s *stream) { s.rec(recSST, u32(0), u32(0x7FFFFFFF)) }, func(*stream) {}), sheet.Limits{}, "file.corrupt"},
		{"cell in two bytes", workbook(biff8, nil, func(s *stream) { s.rec(recNumber, u16(0, 0, 0)) }), sheet.Limits{}, "file.corrupt"},
		{"columns", workbook(biff8, nil, func(s *stream) { s.rec(recNumber, u16(0, 300, 0), f64(1)) }), sheet.Limits{Columns: 256}, "file.too_many_columns"},
		{"compound file cut", sample[:len(sample)/2], sheet.Limits{}, "file.corrupt"},
		{"strings", good, sheet.Limits{SharedBytes: 5}, "sheet.strings_too_large"},
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
	f.Add(workbook(biff8, globals, func(s *stream) {
		s.rec(recLabelSST, u16(0, 0, 0), u32(0))
		s.rec(recMulRK, u16(0, 5), u16(0), u32(7<<2|2), u16(3), u32(3), u16(6))
		s.rec(recFormula, u16(1, 4, 0), []byte{0, 0, 0, 0, 0, 0, 0xFF, 0xFF}, make([]byte, 8))
		s.rec(recString, u16(4), str("soma", false))
	}))
	f.Add(workbook(biff5, func(s *stream) { s.rec(recCodePage, u16(932)) }, func(s *stream) { s.rec(recLabel, u16(0, 0, 0), u16(2), []byte("ok")) }))
	if sample, err := os.ReadFile("../sheet/sheettest/testdata/sample.xls"); err == nil {
		f.Add(sample)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if strings.HasPrefix(string(data), "\xD0\xCF") && len(data) > 1<<20 {
			t.Skip()
		}
		_, _ = sheettest.Drain(Open, data, sheet.Limits{TempDir: t.TempDir()})
	})
}
