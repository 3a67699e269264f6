package arena

import (
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestStore: every string comes back, in any order, from memory or from the file, and the file goes away.
func TestStore(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "")
		if err != nil {
			rt.Fatal(err)
		}
		memory := rapid.SampledFrom([]int64{0, 300 << 10, 100 << 20}).Draw(rt, "memory")
		sizes := rapid.SliceOfN(rapid.SampledFrom([]int{0, 1, 5, 127, 128, 300, 70_000}), 0, 200).Draw(rt, "sizes")
		s := New(memory, dir)
		want := make([]string, len(sizes))
		for i, n := range sizes {
			want[i] = strings.Repeat(string(rune('a'+i%26)), n)
			if err := s.Add([]byte(want[i])); err != nil {
				rt.Fatal(err)
			}
		}
		if err := s.Finish(); err != nil {
			rt.Fatal(err)
		}
		for _, i := range rapid.Permutation(indices(len(want))).Draw(rt, "order") {
			if got, ok, err := s.Get(i); err != nil || !ok || got != want[i] {
				rt.Fatalf("string %d: %v %v", i, ok, err)
			}
		}
		if _, ok, _ := s.Get(len(want)); ok {
			rt.Fatal("a string beyond the last")
		}
		if err := s.Close(); err != nil {
			rt.Fatal(err)
		}
		if left, _ := os.ReadDir(dir); len(left) > 0 {
			rt.Fatalf("left behind: %v", left)
		}
	})
}

func indices(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}
