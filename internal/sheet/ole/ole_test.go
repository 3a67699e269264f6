package ole

import (
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"strings"
	"testing"

	"cadastro/internal/errs"
)

func TestOpen(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../sheettest/testdata/sample.xls")
	if err != nil {
		t.Fatal(err)
	}
	r := bytes.NewReader(data)
	s, size, err := Open(r, "None", "Workbook")
	if err != nil || s == nil {
		t.Fatal(s, err)
	}
	got, err := io.ReadAll(s)
	if err != nil || int64(len(got)) != size || binary.LittleEndian.Uint16(got) != 0x0809 {
		t.Errorf("%d of %d bytes, %v", len(got), size, err)
	}
	if s, _, err := Open(r, "None"); s != nil || err != nil {
		t.Errorf("%v %v", s, err)
	}
	if err := Refuse(r); errs.CodeOf(err) != "file.format_unsupported" {
		t.Errorf("got %v", err)
	}
	if !Is(r) || Is(bytes.NewReader(data[1:])) || Is(bytes.NewReader(nil)) {
		t.Error("not recognised")
	}
}

// TestLongDirectory: a directory of a million entries is refused before it is walked.
func TestLongDirectory(t *testing.T) {
	t.Parallel()
	const sectors, size = 32 << 10, 4096
	le := binary.LittleEndian
	fats := sectors*4/size + 1
	data := make([]byte, (1+fats+sectors)*size)
	le.PutUint64(data, 0xE11AB1A1E011CFD0)
	le.PutUint16(data[26:], 4)
	le.PutUint16(data[30:], 12)
	le.PutUint32(data[44:], uint32(fats))
	le.PutUint32(data[48:], uint32(fats)) // the directory follows the allocation table
	le.PutUint32(data[60:], 0xFFFFFFFE)
	for i := range 109 {
		le.PutUint32(data[76+4*i:], uint32(i))
	}
	for i := range sectors - 1 {
		le.PutUint32(data[size+4*(fats+i):], uint32(fats+i+1))
	}
	if _, _, err := Open(bytes.NewReader(data), "Workbook"); errs.CodeOf(err) != "file.corrupt" || !strings.Contains(err.Error(), errDirectory.Error()) {
		t.Errorf("got %v", err)
	}
}
