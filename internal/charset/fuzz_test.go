package charset

import (
	"bytes"
	"io"
	"testing"
	"unicode/utf8"
)

func seeds(f *testing.F) {
	for _, s := range []string{
		"", "a;b\n", "João;José\n", "Jo\xe3o\nJos\xe9\n", "Jo\xc6o\n", "Jo\x8bo\n", "\xef\xbb\xbfa", "\xff\xfea\x00\xe3\x00", "\xfe\xff\x00a",
		"a\x00b\x00c", "\xff\xfe\x00\x00", "\x93\xfa\x96{", "\xc4\xe3\xba\xc3\xb0\xa1", "\x1b$BF|\x1b(B", "\x00\x00\x00", "=\xd8\x00\xde", "\xc3", "\xe2\x82", "\xf0\x9f\x98",
		"JosÃ©", "JoÃƒÂ£o", "Jo├úo", "Jo√£o", "AMANHÃ…", "â€œVIPâ€\u009d",
	} {
		f.Add([]byte(s))
	}
}

func FuzzDetect(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		g := DetectBytes(b)
		if _, ok := Lookup(g.Name); !ok || g.BOM > len(b) || !(g.Confidence > 0 && g.Confidence <= 1) {
			t.Fatalf("%+v", g)
		}
		for _, a := range g.Alternatives {
			for _, l := range a.Lines {
				if !utf8.ValidString(l) {
					t.Fatalf("%q", l)
				}
			}
		}
	})
}

func FuzzDecode(f *testing.F) {
	seeds(f)
	names := append(Names(), "gb18030", "shift_jis", "utf-32le", "iso-2022-jp", "big5", "euc-kr")
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, name := range names {
			r, err := NewReader(bytes.NewReader(b), name)
			if err != nil {
				t.Fatal(err)
			}
			out, err := io.ReadAll(r)
			if err != nil || !utf8.Valid(out) || r.Offset() != int64(len(b)) {
				t.Fatalf("%s: %q, %v, offset %d", name, out, err, r.Offset())
			}
			if d, err := NewDecoder(name, CP850); err == nil {
				if out, _ := d.AppendDecode(nil, b); !utf8.Valid(out) {
					t.Fatalf("%s: %q", name, out)
				}
			}
		}
	})
}

func FuzzRepair(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		s := string(b)
		got, ok := Repair(s)
		if ok == (got == s) || utf8.ValidString(s) && !utf8.ValidString(got) {
			t.Fatalf("%q became %q, %v", s, got, ok)
		}
	})
}
