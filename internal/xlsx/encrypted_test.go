package xlsx

import (
	"bytes"
	"testing"

	"github.com/xuri/excelize/v2"

	"cadastro/internal/errs"
	"cadastro/internal/sheet"
)

// TestEncrypted: a workbook with a password is told as such by this reader too, though it is no zip.
func TestEncrypted(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	defer f.Close()
	var b bytes.Buffer
	if err := f.Write(&b, excelize.Options{Password: "segredo"}); err != nil {
		t.Fatal(err)
	}
	_, err := Open(bytes.NewReader(b.Bytes()), int64(b.Len()), sheet.Limits{})
	if errs.CodeOf(err) != "file.encrypted" {
		t.Errorf("got %v", err)
	}
}

// TestOracle reads what another library writes.
func TestOracle(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	defer f.Close()
	rows := [][]any{
		{"Nome", "Telefone", "Valor", "Ativo", "Nota"},
		{"Ana & Bia", "+55 (11) 98765-4321", 12.5, true, " espaço "},
		{"linha\nnova", 5511987654321, -0.001, false, "a_b"},
		{nil, "só B", nil, nil, "<tag>"},
	}
	for i, r := range rows {
		cell, _ := excelize.CoordinatesToCellName(1, i+1)
		if err := f.SetSheetRow("Sheet1", cell, &r); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.SetRowVisible("Sheet1", 3, false); err != nil {
		t.Fatal(err)
	}
	if err := f.SetCellFormula("Sheet1", "F2", "SUM(1,2)"); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	got := sketch(mustRead(t, b.Bytes()))
	want := "1:A=Nome,B=Telefone,C=Valor,D=Ativo,E=Nota 2:A=Ana & Bia,B=+55 (11) 98765-4321,C=12.5,D=TRUE,E= espaço ,F= " +
		"3h:A=linha\nnova,B=5511987654321,C=-0.001,D=FALSE,E=a_b 4:B=só B,E=<tag>"
	if got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
