package charset

import (
	"math"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// A misreading is a charset that text may have been read in wrongly.
type misreading struct {
	table *charmap.Charmap
}

var mixed = sync.OnceValue(func() []*misreading {
	return []*misreading{{charmap.Windows1252}, {charmap.CodePage850}, {charmap.Macintosh}, {charmap.CodePage437}}
})

// byteOf gives the byte that was read as r. A C1 control stands for its own byte, as ISO-8859-1 has it.
func (m *misreading) byteOf(r rune) (byte, bool) {
	if r < utf8.RuneSelf || r >= 0x80 && r < 0xA0 && m.table == charmap.Windows1252 {
		return byte(r), true
	}
	return m.table.EncodeRune(r)
}

// undoSequences turns the characters that spell valid UTF-8 sequences into what these mean, and leaves the others.
func (m *misreading) undoSequences(s string) (string, bool) {
	out := make([]byte, 0, len(s))
	found := false
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r >= utf8.RuneSelf {
			if seq, used := m.sequence(s[i:]); used > 0 {
				out = utf8.AppendRune(out, seq)
				i += used
				found = true
				continue
			}
		}
		out = append(out, s[i:i+size]...)
		i += size
	}
	return string(out), found
}

// sequence reads one UTF-8 sequence off the start of s; used is its length in s, 0 for none that makes sense.
func (m *misreading) sequence(s string) (r rune, used int) {
	var buf [utf8.UTFMax]byte
	for n := range utf8.UTFMax {
		c, size := utf8.DecodeRuneInString(s[used:])
		b, ok := m.byteOf(c)
		if size == 0 || !ok || b < utf8.RuneSelf || n == 0 && (b < 0xC2 || b > 0xF4) || n > 0 && b >= 0xC0 {
			return 0, 0
		}
		buf[n] = b
		used += size
		if utf8.FullRune(buf[:n+1]) {
			r, width := utf8.DecodeRune(buf[:n+1])
			if width != n+1 || !sensible(r) {
				return 0, 0
			}
			return r, used
		}
	}
	return 0, 0
}

// sensible keeps the characters that contact data holds: letters of the scripts known, typographic signs, emoji.
func sensible(r rune) bool {
	return r >= 0xA0 && r < 0x180 || r == 'ƒ' || r == 'ˆ' || r == '˜' || r >= 0x218 && r < 0x21C || r >= 0x386 && r < 0x460 || r >= 0x5D0 && r < 0x700 ||
		r >= 0x2010 && r < 0x2040 || r == '€' || r == '™' || r >= 0x3040 && r < 0xA000 || r >= 0xAC00 && r < 0xD7A4 ||
		r == 0xFEFF || r >= 0x1F300 && r < 0x1FB00
}

// swap reads the bytes of s, which were read as m, as o. It answers only where letters come of it, and where s has
// three letters of ASCII and no signs that belong into right text.
func (m *misreading) swap(s string, o *misreading) (string, bool) {
	if asciiLetters(s) < 3 {
		return "", false
	}
	out := make([]byte, 0, len(s))
	for _, r := range s {
		b, ok := m.byteOf(r)
		if !ok || r == utf8.RuneError {
			return "", false
		}
		if b >= utf8.RuneSelf {
			switch kindOf(r) {
			case closeQuote, apostrophe, dash, ellipsis, hardSpace, degree, ordinal, mark, bullet, power:
				return "", false
			}
			if r == '«' || r == '“' || r == '‘' || r == 0xAD || r >= 0x2190 && r < 0x2500 {
				return "", false
			}
			if r = o.table.DecodeByte(b); kindOf(r) != plain || r >= 0x250 {
				return "", false
			}
		}
		out = utf8.AppendRune(out, r)
	}
	return string(out), string(out) != s
}

func asciiLetters(s string) int {
	n := 0
	for i := range len(s) {
		if s[i] < utf8.RuneSelf && wordByte(s[i]) {
			n++
		}
	}
	return n
}

// textCost is what a text costs in the language that explains it best, in eighths of a bit.
func textCost(s string) int {
	g := make([]glyph, 0, 64)
	for _, r := range s {
		g = append(g, glyphOf(r))
	}
	fixed := evenHabit().cost(g) + signCost(g, word{})
	best := math.MaxInt
	all := models()
	for _, m := range all {
		if m.eastAsian() {
			continue
		}
		best = min(best, m.wordCost(g, meanOf(all, m)))
	}
	return best + fixed
}
