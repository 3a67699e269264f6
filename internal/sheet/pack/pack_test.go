package pack

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"io"
	"strings"
	"testing"

	"cadastro/internal/errs"
	"cadastro/internal/sheet"
	"cadastro/internal/sheet/sheettest"
)

// archive makes a zip of names and contents, in that order.
func archive(t testing.TB, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i+1 < len(files); i += 2 {
		w, err := z.Create(files[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, files[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func read(data []byte, name string, lim sheet.Limits) (string, error) {
	a, err := Open(bytes.NewReader(data), int64(len(data)), lim)
	if err != nil {
		return "", err
	}
	e := a.Find(name)
	if e == nil {
		return "", io.EOF
	}
	r, err := a.Open(e, 0)
	if err != nil {
		return "", err
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	return string(b), err
}

func TestRead(t *testing.T) {
	t.Parallel()
	data := archive(t, "xl/Workbook.xml", "<a/>", `dir\part.xml`, "two", "/abs.xml", strings.Repeat("x", 100_000))
	for name, want := range map[string]string{"xl/workbook.xml": "<a/>", "/xl/workbook.xml": "<a/>", "dir/part.xml": "two", "abs.xml": strings.Repeat("x", 100_000)} {
		if got, err := read(data, name, sheet.Limits{}); err != nil || got != want {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
	prefixed := append([]byte("#!/bin/sh\nexec me\n"), data...)
	if got, err := read(prefixed, "dir/part.xml", sheet.Limits{}); err != nil || got != "two" {
		t.Errorf("with bytes before it: %q %v", got, err)
	}
	commented := append(append([]byte(nil), data[:len(data)-2]...), 3, 0, 'a', 'b', 'c')
	if got, err := read(commented, "dir/part.xml", sheet.Limits{}); err != nil || got != "two" {
		t.Errorf("with a comment: %q %v", got, err)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	good := archive(t, "a", strings.Repeat("data ", 1000), "b", "text")
	bomb := inflating(t, 80)
	var many []string
	for i := range 1001 {
		many = append(many, "f"+string(rune('a'+i%26))+strings.Repeat("x", i/26), "")
	}
	crowd := archive(t, many...)
	directory := bytes.LastIndex(good, []byte("PK\x01\x02"))
	tests := []struct {
		name string
		data []byte
		lim  sheet.Limits
		code string
	}{
		{"empty", nil, sheet.Limits{}, "file.corrupt"},
		{"cut", good[:len(good)-30], sheet.Limits{}, "file.corrupt"},
		{"front cut", good[20:], sheet.Limits{}, "file.corrupt"},
		{"flipped", patch(good, 40, 0xFF), sheet.Limits{}, "file.corrupt"},
		{"too many entries", crowd, sheet.Limits{}, "sheet.too_many_parts"},
		{"lying count", patch(patch(crowd, len(crowd)-14, 1), len(crowd)-13, 0), sheet.Limits{}, "sheet.too_many_parts"},
		{"count too high", patch(good, len(good)-12, 3), sheet.Limits{}, "file.corrupt"},
		{"limit of bytes", good, sheet.Limits{Inflated: 4999}, "file.inflated_too_large"},
		{"bomb", bomb, sheet.Limits{}, "file.bomb"},
		{"encrypted", patch(patch(good, bytes.Index(good, []byte("PK\x01\x02"))+8, 1), 6, 1), sheet.Limits{}, "file.encrypted"},
		{"unknown method", patch(good, bytes.Index(good, []byte("PK\x01\x02"))+10, 99), sheet.Limits{}, "file.corrupt"},
		{"overlap", overlapping(t), sheet.Limits{}, "file.corrupt"},
		{"entry outside", patch(good, directory+45, 0x7F), sheet.Limits{}, "file.corrupt"},
		{"not a zip", []byte(strings.Repeat("hello ", 100)), sheet.Limits{}, "file.corrupt"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			name := "a"
			if strings.HasPrefix(tt.name, "too") || strings.HasPrefix(tt.name, "lying") {
				name = "fa"
			}
			if _, err := read(tt.data, name, tt.lim); errs.CodeOf(err) != tt.code {
				t.Errorf("got %v, want %s", err, tt.code)
			}
		})
	}
}

// TestLyingSize: the size that the directory claims is not believed, in either direction.
func TestLyingSize(t *testing.T) {
	t.Parallel()
	data := archive(t, "a", strings.Repeat("data ", 1000))
	at := bytes.Index(data, []byte("PK\x01\x02")) + 24
	for _, claim := range []uint32{0, 1, 0xFFFFFFF0} {
		lie := append([]byte(nil), data...)
		binary.LittleEndian.PutUint32(lie[at:], claim)
		if got, err := read(lie, "a", sheet.Limits{}); err != nil || len(got) != 5000 {
			t.Errorf("claim %d: %d bytes, %v", claim, len(got), err)
		}
	}
}

// inflating makes an archive of one entry of n MiB.
func inflating(t testing.TB, n int) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	data := sheettest.Deflated(t, "", strings.Repeat("a", 1<<20), "", n)
	w, err := z.CreateRaw(&zip.FileHeader{Name: "a", Method: zip.Deflate, CompressedSize64: uint64(len(data))})
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

// patch gives a copy with one byte changed.
func patch(data []byte, at int, b byte) []byte {
	out := append([]byte(nil), data...)
	out[at] = b
	return out
}

// overlapping makes an archive whose two entries are the same bytes.
func overlapping(t testing.TB) []byte {
	data := archive(t, "a", "text", "b", "text")
	second := bytes.LastIndex(data, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(data[second+42:], 0)
	return data
}

// TestZip64 reads an archive whose sizes and offsets are in the 64-bit fields.
func TestZip64(t *testing.T) {
	t.Parallel()
	const text = "sixty-four"
	le := binary.LittleEndian
	var b []byte
	local := func(sig uint32, middle []byte) {
		b = le.AppendUint32(b, sig)
		b = append(b, middle...)
	}
	local(localSig, make([]byte, localLen-4))
	le.PutUint16(b[26:], 1)
	b = append(append(b, 'a'), text...)
	start := len(b)
	local(centralSig, make([]byte, 42))
	c := b[start:]
	le.PutUint32(c[16:], crc32.ChecksumIEEE([]byte(text)))
	le.PutUint32(c[20:], 0xFFFFFFFF)
	le.PutUint32(c[24:], 0xFFFFFFFF)
	le.PutUint16(c[28:], 1)
	le.PutUint16(c[30:], 28)
	le.PutUint32(c[42:], 0xFFFFFFFF)
	b = append(b, 'a')
	b = le.AppendUint16(b, 1)
	b = le.AppendUint16(b, 24)
	b = le.AppendUint64(b, uint64(len(text)))
	b = le.AppendUint64(b, uint64(len(text)))
	b = le.AppendUint64(b, 0)
	end64 := len(b)
	local(end64Sig, make([]byte, 52))
	le.PutUint64(b[end64+32:], 1)
	le.PutUint64(b[end64+40:], uint64(end64-start))
	le.PutUint64(b[end64+48:], uint64(start))
	local(locatorSig, make([]byte, 16))
	le.PutUint64(b[len(b)-12:], uint64(end64))
	local(endSig, bytes.Repeat([]byte{0xFF}, 18))
	le.PutUint16(b[len(b)-2:], 0)
	if got, err := read(b, "a", sheet.Limits{}); err != nil || got != text {
		t.Errorf("%q %v", got, err)
	}
}

func FuzzPack(f *testing.F) {
	f.Add(archive(f, "a", "text", "b", strings.Repeat("data ", 100)))
	f.Add(overlapping(f))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := Open(bytes.NewReader(data), int64(len(data)), sheet.Limits{Inflated: 1 << 20})
		if err != nil {
			return
		}
		for i := range a.Entries {
			_, _ = a.ReadAll(&a.Entries[i])
		}
	})
}
