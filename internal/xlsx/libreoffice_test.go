package xlsx

import (
	"encoding/csv"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestLibreOffice has LibreOffice open what the writer made and save it as CSV: every text comes back, and none has
// become a formula. It runs where CADASTRO_TEST_SOFFICE names the program.
func TestLibreOffice(t *testing.T) {
	t.Parallel()
	soffice := os.Getenv("CADASTRO_TEST_SOFFICE")
	if soffice == "" {
		t.Skip("CADASTRO_TEST_SOFFICE is not set")
	}
	rows := [][]string{
		{"João & <Ana>", "+5511987654321", "12.5", "1990-02-28"},
		{`=HYPERLINK("http://example.com")`, "00110", "-3", "2025-12-31 13:45:10"},
		{"@SUM(1;1)", "5511987654321", "007", "never"},
		{"linha 1\nlinha 2", "123.456.789-09", "", "1899-01-01"},
		{"  spaces  ", "'+55", "0.25", ""},
		{"_x0041_ _x005F_", "😀 東京", "x", "31/12/2025"},
		{"a\x0bb", "-1+1", "1e5", "2025-02-31"},
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "made.xlsx")
	data := write(t, []Column{{Header: "Nome"}, {Header: "Telefone"}, {Header: "Pontos", Kind: AsNumber}, {Header: "Data", Kind: AsDate}}, rows...)
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(soffice, "-env:UserInstallation=file://"+dir+"/profile", "--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true", "--outdir", dir, file)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	f, err := os.Open(filepath.Join(dir, "made.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.LazyQuotes = true
	got, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := append([][]string{{"Nome", "Telefone", "Pontos", "Data"}}, rows...)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
