package sheettest

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cadastro/internal/ods"
	"cadastro/internal/sheet"
	"cadastro/internal/xls"
	"cadastro/internal/xlsx"
)

var update = flag.Bool("update", false, "rewrite the expected texts")

// TestSamples reads one workbook in the three forms in which LibreOffice has saved it. The forms differ in what they
// can say; texts must be the same.
func TestSamples(t *testing.T) {
	t.Parallel()
	golden := filepath.Join("testdata", "sample.txt")
	for _, tt := range []struct {
		file string
		open sheet.Opener
	}{{"sample.xlsx", xlsx.Open}, {"sample.xls", xls.Open}, {"sample.ods", ods.Open}} {
		data, err := os.ReadFile(filepath.Join("testdata", tt.file))
		if err != nil {
			t.Fatal(err)
		}
		b, err := tt.open(bytes.NewReader(data), int64(len(data)), sheet.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		var got strings.Builder
		for i, info := range b.Sheets() {
			rows, err := Rows(b, i)
			if err != nil {
				t.Fatal(err)
			}
			for r := range rows {
				for k := range rows[r].Cells {
					rows[r].Cells[k].Flags &^= sheet.Merged // told by ods only
				}
			}
			got.WriteString(info.Name + [...]string{"", " (hidden)", " (very hidden)"}[info.State] + "\n" + Sketch(rows) + "\n")
		}
		if *update && tt.file == "sample.xlsx" {
			if err := os.WriteFile(golden, []byte(got.String()), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got.String(), "\n")); diff != "" {
			t.Errorf("%s:\n%s", tt.file, diff)
		}
	}
}
