package table

import (
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestByteScans: what looks at eight bytes a time says the same as what looks at one.
func TestByteScans(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := rapid.OneOf(
			rapid.SliceOfN(rapid.Byte(), 0, 40),
			rapid.SliceOfN(rapid.SampledFrom([]byte{'a', ';', 0, 0x1F, 0x20, 0x7F, 0x80, 0xC3, 0xA3, 0xE2, 0x9F, '\t', '\n', 0xFF}), 0, 40),
			rapid.Map(rapid.String(), func(s string) []byte { return []byte(s) }),
		).Draw(t, "b")
		if validUTF8(b) != utf8.Valid(b) {
			t.Fatalf("validUTF8(%q) is %v", b, validUTF8(b))
		}
		var high, control bool
		for _, c := range b {
			high = high || c >= utf8.RuneSelf
			control = control || isControl(c)
		}
		if h, c := classify(b); h != high || control && !c {
			t.Fatalf("classify(%q) is %v %v", b, h, c)
		}
		var want []span
		start := 0
		for i := 0; i <= len(b); i++ {
			if i == len(b) || b[i] == ';' {
				want = append(want, span{start: int32(start), end: int32(i)})
				start = i + 1
			}
		}
		if diff := cmp.Diff(want, splitByte(b, ';', nil), cmp.AllowUnexported(span{})); diff != "" {
			t.Fatalf("splitByte(%q): %s", b, diff)
		}
	})
}

func TestTellApart(t *testing.T) {
	t.Parallel()
	got := tellApart([]string{"a", "", "a", "a (2)", "", "a"})
	if diff := cmp.Diff([]string{"a", "", "a (3)", "a (2)", "", "a (4)"}, got); diff != "" {
		t.Error(diff)
	}
}
