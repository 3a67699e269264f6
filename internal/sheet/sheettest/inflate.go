package sheettest

import (
	"bytes"
	"compress/flate"
	"io"
	"testing"
)

// Deflated gives the packed form of head, then piece n times, then tail, in the time and room of one piece.
func Deflated(t testing.TB, head, piece, tail string, n int) []byte {
	t.Helper()
	var out bytes.Buffer
	pack := func(text string, times int) {
		var b bytes.Buffer
		w, err := flate.NewWriter(&b, flate.BestCompression)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, text); err != nil {
			t.Fatal(err)
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		for range times {
			out.Write(b.Bytes())
		}
	}
	pack(head, 1)
	pack(piece, n)
	pack(tail, 1)
	out.Write([]byte{1, 0, 0, 0xFF, 0xFF}) // the last block, empty
	return out.Bytes()
}
