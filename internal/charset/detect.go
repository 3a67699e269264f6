package charset

import (
	"bytes"
	"io"
	"slices"
	"unicode/utf8"
)

// Bounds of what [Detect] reads.
const (
	chunk     = 256 << 10 // bytes read at a time
	maxScan   = 64 << 20  // bytes searched in a row for the first high byte
	fullLook  = 2 << 20   // bytes looked at in a row from the first high byte on
	probes    = 32        // places looked at in the rest of the file
	probeSize = 64 << 10
)

// A Guess is what Detect finds out.
type Guess struct {
	Name       string  // canonical, as [Names] or of another charset that [Lookup] knows
	BOM        int     // bytes of byte order marks at the start, 0 for none
	Confidence float64 // 0 to 1: how sure Name gives the right text
	// ASCIIOnly says that no byte of what was read is above 0x7F: the name is "utf-8", and every ASCII-compatible
	// charset gives the same text so far. Complete says that all of the file was read.
	ASCIIOnly bool
	Complete  bool
	// FirstHigh is the offset of the first byte above 0x7F, -1 where none was seen.
	FirstHigh int64
	// BadLines counts the lines seen that are no valid UTF-8 in a file that is UTF-8 for the most part, and
	// Fallback names the single-byte charset that explains them best ("" for other charsets).
	BadLines int
	Fallback string
	// Alternatives are the charsets that give another text, the guess first, each with the same lines of the
	// file in its reading; empty where there is nothing to choose between.
	Alternatives []Alternative
}

// An Alternative is one way to read the file, for a person to choose by sight.
type Alternative struct {
	Name       string
	Confidence float64
	Lines      []string // at most 5, each at most 120 bytes of UTF-8
}

// Detect names the charset of a file of size bytes.
//
// It reads byte order marks first, then looks for UTF-16 and UTF-32 without one, then for UTF-8, and at last
// weighs the single-byte charsets by the letters that the high bytes would be. A file is searched from the start
// until its first high byte, at most 64 MiB far; 2 MiB from there on and 32 places of 64 KiB spread over the rest
// are looked at closely. A file of which most lines are UTF-8 is UTF-8. A read error ends the search: what was
// seen before is judged, and the caller will meet the error when it reads the file.
func Detect(r io.ReaderAt, size int64) Guess {
	head := make([]byte, min(size, chunk))
	n, _ := r.ReadAt(head, 0)
	head = head[:n]
	name, bom := byteOrderMark(head)
	switch {
	case bom > 0 && name == UTF8:
		g := detectBytes(r, size, bom)
		g.BOM, g.Confidence = bom, max(g.Confidence, 0.99)
		return g
	case bom > 0:
		return Guess{Name: name, BOM: bom, Confidence: 1, FirstHigh: -1, Complete: true}
	}
	if name, sure := wide(head); name != "" {
		return Guess{Name: name, Confidence: sure, FirstHigh: -1}
	}
	if name := escaped(head); name != "" {
		return Guess{Name: name, Confidence: 0.95, FirstHigh: -1}
	}
	return detectBytes(r, size, 0)
}

// DetectBytes is Detect for a file held in memory.
func DetectBytes(b []byte) Guess { return Detect(bytes.NewReader(b), int64(len(b))) }

// detectBytes judges a file of a charset that leaves ASCII alone, past its byte order mark; a file that has one is
// UTF-8 whatever its lines hold.
func detectBytes(r io.ReaderAt, size int64, bom int) Guess {
	s := newScan(r, size, int64(bom))
	s.run()
	g := Guess{Name: UTF8, Confidence: 1, FirstHigh: s.firstHigh, Complete: s.complete}
	if s.firstHigh < 0 {
		g.ASCIIOnly = true
		if !s.complete {
			g.Confidence = 0.9
		}
		return g
	}
	if s.strayBytes == 0 {
		return g
	}
	order := weighWide(rank(s.stray.high, s.stray.ascii), s.samples)
	mixed := ranked{UTF8, order[0].bits + 8}
	if bom > 0 || s.isUTF8() {
		mixed.bits = order[0].bits - 8
		g.BadLines, g.Fallback = s.badLines, firstSingle(order)
		g.Alternatives = alternatives(append([]ranked{mixed}, order...), s.samples, g.Fallback)
		g.Confidence = float64(s.validLines+1) / float64(s.validLines+s.badLines+1)
		return g
	}
	if s.validLines > 0 {
		order = slices.Insert(order, 1, mixed)
	}
	g.Name = order[0].name
	g.Alternatives = alternatives(order, s.samples, Windows1252)
	g.Confidence = 0.99 // nothing gives another text
	if len(g.Alternatives) > 0 {
		g.Confidence = g.Alternatives[0].Confidence
	}
	return g
}

// firstSingle gives the best single-byte charset of a ranking.
func firstSingle(order []ranked) string {
	for _, r := range order {
		if single(r.name) != nil {
			return r.name
		}
	}
	return Windows1252
}

// byteOrderMark tells the charset by the marks that the file starts with, and their length; a UTF-8 mark set
// twice (a file saved again by a careless program) counts as one.
func byteOrderMark(b []byte) (name string, n int) {
	switch {
	case bytes.HasPrefix(b, []byte{0xEF, 0xBB, 0xBF}):
		for bytes.HasPrefix(b[n:], []byte{0xEF, 0xBB, 0xBF}) {
			n += 3
		}
		return UTF8, n
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE, 0, 0}):
		return "utf-32le", 4
	case bytes.HasPrefix(b, []byte{0, 0, 0xFE, 0xFF}):
		return "utf-32be", 4
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE}):
		return UTF16LE, 2
	case bytes.HasPrefix(b, []byte{0xFE, 0xFF}):
		return UTF16BE, 2
	}
	return "", 0
}

// escaped knows the 7-bit charsets of Japan and China by their escape sequences (RFC 1468, RFC 1843).
func escaped(b []byte) string {
	if ASCIIPrefix(b) < len(b) {
		return ""
	}
	switch {
	case bytes.Contains(b, []byte("\x1b$B")), bytes.Contains(b, []byte("\x1b$@")), bytes.Contains(b, []byte("\x1b(J")):
		return "iso-2022-jp"
	case bytes.Contains(b, []byte("~{")) && bytes.Contains(b, []byte("~}")):
		return "hz-gb-2312"
	}
	return ""
}

// validUTF8 counts the sequences beyond ASCII in b that are valid, and the bytes that are part of none.
func validUTF8(b []byte) (valid, stray int) {
	for i := ASCIIPrefix(b); i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		switch {
		case size > 1:
			valid++
		case r == utf8.RuneError:
			stray++
		}
		i += size
	}
	return valid, stray
}
