package table

import (
	"os"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"
)

// FuzzSniff checks what must hold for any bytes: no panic, properties within bounds, the same answer twice.
func FuzzSniff(f *testing.F) {
	files, _ := filepath.Glob(filepath.Join("testdata", "sniff", "*"))
	for _, name := range files {
		if data, err := os.ReadFile(name); err == nil && len(data) < 2000 {
			f.Add(data, true)
		}
	}
	for _, text := range worstTexts(500) {
		f.Add([]byte(text), false)
	}
	f.Fuzz(func(t *testing.T, data []byte, whole bool) {
		if len(data) > 16<<10 {
			t.Skip()
		}
		checkSniff(t, data, whole)
	})
}

type failer interface {
	Fatalf(format string, args ...any)
}

func checkSniff(t failer, data []byte, whole bool) {
	r := Sniff(data, whole, data, Dialect{})
	d := r.Dialect
	lines := 1
	for _, b := range data {
		if b == '\n' || b == '\r' {
			lines++
		}
	}
	if d.Skip < 0 || d.Skip > lines || d.Header < 0 || d.Header > lines || d.Footer < 0 || d.Footer > lines {
		t.Fatalf("out of bounds: %+v of %d lines", d, lines)
	}
	if d.Skip+d.Header > lines {
		t.Fatalf("header below the end: %+v of %d lines", d, lines)
	}
	c := r.Confidence
	for _, v := range []float64{c.Delimiter, c.Quote, c.Escape, c.Skip, c.Header, c.Footer} {
		if !(v >= 0 && v <= 1) {
			t.Fatalf("confidence %v", c)
		}
	}
	for i, a := range r.Alternatives {
		if a.Delimiter == d.Delimiter || i > 0 && a.Score > r.Alternatives[i-1].Score {
			t.Fatalf("alternatives %+v to %q", r.Alternatives, d.Delimiter)
		}
	}
	if again := Sniff(data, whole, data, Dialect{}).Dialect; again != d {
		t.Fatalf("two answers: %+v and %+v", d, again)
	}
	fixed := Sniff(data, whole, nil, d)
	if d.Delimiter != "" && fixed.Dialect.Delimiter != d.Delimiter {
		t.Fatalf("delimiter %q not taken over: %q", d.Delimiter, fixed.Dialect.Delimiter)
	}
}

// TestSniffAnyBytes is FuzzSniff on text made of what matters to a sniffer.
func TestSniffAnyBytes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.SampledFrom([]string{
			"a", "Ana Souza", "nome", "11987654321", "1,5", "10.5", "ana@example.com", "2025-01-02", "", " ",
			",", ";", "\t", "|", "||", "\"", "'", "\"\"", "\\\"", "\n", "\r\n", "\r", "sep=;", "#", "Total", "é", "\x00", "\xff",
		}), 0, 200).Draw(t, "parts")
		text := ""
		for _, p := range parts {
			text += p
		}
		checkSniff(t, []byte(text), rapid.Bool().Draw(t, "whole"))
	})
}
