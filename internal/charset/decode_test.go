package charset

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"pgregory.net/rapid"
)

func TestAppendDecode(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		charset, in, want string
		bad               int
	}{
		{UTF8, "", "", 0},
		{UTF8, "João", "João", 0},
		{UTF8, "Jo\xe3o", "João", 1},
		{UTF8, "Jos\xe9 da Concei\xe7\xe3o", "José da Conceição", 3},
		{UTF8, "São João; Jos\xe9", "São João; José", 1},
		{UTF8, "São Paulo, Jos\xc3", "São Paulo, Jos\uFFFD", 1},
		{UTF8, "São João, 10 \xe2\x82", "São João, 10 \uFFFD", 2},
		{UTF8, "São João, 10 \xe2\x82;", "São João, 10 \uFFFD;", 2},
		{UTF8, "\xff", "ÿ", 1},
		{UTF8, "a\x00b", "a\x00b", 0},
		{Windows1252, "Jo\xe3o \x80 49 \x93VIP\x94", "João € 49 “VIP”", 0},
		{Windows1252, "a\x81b", "a\uFFFDb", 1},
		{ISO88591, "Jo\xe3o", "João", 0},
		{ISO88591, "a\x85b", "a\u0085b", 1},
		{ISO885915, "\xa4 10 \xbd", "€ 10 œ", 0},
		{CP850, "Jo\xc6o Mu\xa4oz M\x81ller", "João Muñoz Müller", 0},
		{CP437, "Mu\xa4oz", "Muñoz", 0},
		{MacRoman, "Jo\x8bo", "João", 0},
		{"windows-1250", "\xa3\xf3d\x9f", "Łódź", 0},
		{"koi8-r", "\xe9\xd7\xc1\xce", "Иван", 0},
	} {
		d, err := NewDecoder(c.charset, "")
		if err != nil {
			t.Fatal(err)
		}
		got, bad := d.AppendDecode([]byte(">"), []byte(c.in))
		if string(got) != ">"+c.want || bad != c.bad {
			t.Errorf("%s %q: %q, %d bad; want %q, %d", c.charset, c.in, got[1:], bad, c.want, c.bad)
		}
	}
}

func TestDecoderFallback(t *testing.T) {
	t.Parallel()
	d, err := NewDecoder(UTF8, CP850)
	if err != nil {
		t.Fatal(err)
	}
	if got, bad := d.AppendDecode(nil, []byte("Mu\xa4oz")); string(got) != "Muñoz" || bad != 1 {
		t.Errorf("got %q, %d", got, bad)
	}
}

func TestAppendDecodeAllocatesNothing(t *testing.T) {
	for _, name := range []string{UTF8, Windows1252} {
		d, _ := NewDecoder(name, "")
		buf := make([]byte, 0, 256)
		src := []byte("Jo\xe3o da Concei\xe7\xe3o; S\xe3o Paulo")
		if n := testing.AllocsPerRun(100, func() { buf, _ = d.AppendDecode(buf[:0], src) }); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

// TestByteTableAgreesWithXText: our tables are those of x/text.
func TestByteTableAgreesWithXText(t *testing.T) {
	t.Parallel()
	for _, cm := range []*charmap.Charmap{charmap.Windows1252, charmap.ISO8859_15, charmap.CodePage850, charmap.CodePage437, charmap.Macintosh, charmap.KOI8R, charmap.Windows874} {
		var all [256]byte
		for i := range all {
			all[i] = byte(i)
		}
		want, err := cm.NewDecoder().Bytes(all[:])
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := newByteTable(cm).append(nil, all[:]); !bytes.Equal(got, want) {
			t.Errorf("%s differs", cm)
		}
	}
}

func TestASCIIPrefix(t *testing.T) {
	t.Parallel()
	for n := range 100 {
		b := bytes.Repeat([]byte("a"), 100)
		b[n] = 0x80
		if got := ASCIIPrefix(b); got != n {
			t.Errorf("got %d, want %d", got, n)
		}
	}
	if got := ASCIIPrefix(bytes.Repeat([]byte{0x7f}, 77)); got != 77 {
		t.Errorf("got %d", got)
	}
}

func TestReader(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		charset, in, want string
		bad               int64
	}{
		{UTF16LE, "\xff\xfeJ\x00o\x00\xe3\x00o\x00", "João", 0},
		{UTF16LE, "J\x00o\x00\xe3\x00o\x00", "João", 0},
		{UTF16BE, "\xfe\xff\x00J\x00\xe3", "Jã", 0},
		{UTF16LE, "a\x00b", "a\uFFFD", 1},
		{UTF16LE, "a\x00\n\x00\n", "a\n", 1},
		{UTF16LE, "=\xd8\x00\xde!\x00", "😀!", 0},
		{UTF16LE, "a\x00=\xd8b\x00", "a\uFFFDb", 1},
		{UTF16LE, "\x00\xdeb\x00", "\uFFFDb", 1},
		{UTF16LE, "a\x00=\xd8", "a\uFFFD", 1},
		{UTF8, "\xef\xbb\xbfJoão", "João", 0},
		{UTF8, "Jo\xe3o", "Jo\uFFFDo", 1},
		{UTF8, "Jo\xc3", "Jo\uFFFD", 1},
		{Windows1252, "Jo\xe3o", "João", 0},
		{"shift_jis", "\x93\xfa\x96{", "日本", 0},
		{"gb18030", "\xc4\xe3\xba\xc3", "你好", 0},
		{"utf-32le", "\xff\xfe\x00\x00J\x00\x00\x00\xe3\x00\x00\x00", "Jã", 0},
		{"iso-2022-jp", "\x1b$BF|K\\\x1b(B!", "日本!", 0},
		{UTF16LE, "", "", 0},
	} {
		for _, source := range []func(io.Reader) io.Reader{
			func(r io.Reader) io.Reader { return r }, iotest.OneByteReader, iotest.DataErrReader, iotest.HalfReader,
		} {
			r, err := NewReader(source(strings.NewReader(c.in)), c.charset)
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(r)
			if string(got) != c.want || err != nil || r.Bad() != c.bad || r.Offset() != int64(len(c.in)) {
				t.Errorf("%s %q: %q, %v, %d bad, offset %d; want %q, %d", c.charset, c.in, got, err, r.Bad(), r.Offset(), c.want, c.bad)
			}
		}
	}
}

func TestReaderPassesErrors(t *testing.T) {
	t.Parallel()
	r, _ := NewReader(io.MultiReader(strings.NewReader("a\x00b"), iotest.ErrReader(io.ErrUnexpectedEOF)), UTF16LE)
	got, err := io.ReadAll(r)
	if string(got) != "a\uFFFD" || err != io.ErrUnexpectedEOF {
		t.Errorf("got %q, %v", got, err)
	}
}

// TestReaderRoundTrip: what the encoder writes, the reader reads, whatever the pieces.
func TestReaderRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom([]string{UTF8, UTF16LE, UTF16BE, "utf-32be"}).Draw(t, "charset")
		text := strings.ReplaceAll(strings.ToValidUTF8(rapid.String().Draw(t, "text"), ""), "\uFEFF", "")
		text = strings.ReplaceAll(text, "\uFFFD", "")
		e, err := NewEncoder(name)
		if err != nil {
			t.Fatal(err)
		}
		raw, lost := e.AppendEncode(e.BOM(), text)
		if lost > 0 {
			t.Fatalf("%d lost", lost)
		}
		var src io.Reader = bytes.NewReader(raw)
		if rapid.Bool().Draw(t, "halves") {
			src = iotest.HalfReader(src)
		}
		r, _ := NewReader(src, name)
		if got, err := io.ReadAll(r); string(got) != text || err != nil || r.Bad() != 0 {
			t.Fatalf("%q became %q, %v", text, got, err)
		}
	})
}

func TestAppendDecodeGivesUTF8(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom([]string{UTF8, Windows1252, ISO88591, ISO885915, CP850, CP437, MacRoman}).Draw(t, "charset")
		src := rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")
		d, _ := NewDecoder(name, "")
		got, bad := d.AppendDecode(nil, src)
		if !utf8.Valid(got) || utf8.RuneCount(got) > len(src) || bad > len(src) {
			t.Fatalf("%q, %d bad", got, bad)
		}
		if utf8.Valid(src) && name == UTF8 && (bad != 0 || !bytes.Equal(got, src)) {
			t.Fatalf("valid text became %q", got)
		}
	})
}
