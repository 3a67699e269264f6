package charset

import (
	"unicode"

	"golang.org/x/text/encoding/charmap"
)

// A glyph is what one byte means in one charset, as far as the detector cares.
type glyph struct {
	fold   rune // lower case for letters, the character itself for signs
	kind   kind
	letter bool
	upper  bool
	cased  bool
}

// kind groups the characters that are no letters by where they are wont to stand.
type kind uint8

const (
	plain kind = iota // a letter
	typed             // an ASCII digit or sign
	ordinal
	degree
	openQuote
	closeQuote
	apostrophe
	dash
	currency
	rareCurrency
	inverted // ¿ ¡
	ellipsis
	bullet
	hardSpace
	mark // ® © ™
	section
	power // ² ³ ½
	arithmetic
	accent // a spacing ´
	stray  // other spacing accents and signs that hardly anyone types
	drawing
	control
)

// A candidate is a charset that the detector weighs.
type candidate struct {
	name   string
	family byte // of the models it can be
	prior  int  // eighths of a bit
	glyphs [256]glyph
}

func newCandidate(name string, family byte, prior int, c *charmap.Charmap) *candidate {
	k := &candidate{name: name, family: family, prior: prior}
	for i := range 256 {
		k.glyphs[i] = glyphOf(c.DecodeByte(byte(i)))
	}
	return k
}

func glyphOf(r rune) glyph {
	kd := kindOf(r)
	if kd != plain {
		return glyph{kind: kd, fold: r}
	}
	g := glyph{letter: true, fold: r}
	g.upper, g.cased = unicode.IsUpper(r), unicode.IsUpper(r) || unicode.IsLower(r)
	if l := unicode.ToLower(r); l >= 0x80 || r < 0x80 {
		g.fold = l
	}
	return g
}

// lower is the folded letter, also for ASCII.
func (g glyph) lower() rune {
	if g.fold >= 'A' && g.fold <= 'Z' {
		return g.fold + 'a' - 'A'
	}
	return g.fold
}

func kindOf(r rune) kind {
	switch r {
	case 'ª', 'º':
		return ordinal
	case '°':
		return degree
	case '“', '‘', '„', '‚', '«', '‹':
		return openQuote
	case '”', '»', '›':
		return closeQuote
	case '’':
		return apostrophe
	case '–', '—':
		return dash
	case '€', '£':
		return currency
	case '¢', '¥', 'ƒ', '¤', '₧':
		return rareCurrency
	case '¿', '¡':
		return inverted
	case '…':
		return ellipsis
	case '•', '·':
		return bullet
	case 0xA0:
		return hardSpace
	case '®', '©', '™':
		return mark
	case '§', '¶':
		return section
	case '²', '³', '¹', '½', '¼', '¾':
		return power
	case '±', '×', '÷', 'µ':
		return arithmetic
	case '´':
		return accent
	case 'ﬁ', 'ﬂ', 'ˆ', 'ˇ':
		return stray
	}
	switch {
	case r >= 0x2190 && r < 0x2C00, r >= 0xE000 && r < 0xFB00, r == 0xFEFF:
		return drawing
	case r < 0x80:
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return plain
		}
		return typed
	case r < 0xA0, r == unicode.ReplacementChar:
		return control
	case unicode.IsLetter(r), unicode.IsMark(r):
		return plain
	}
	return stray
}

// around says what stands beside a character: a letter, a digit, a gap (space, delimiter, end of the line) or
// other punctuation.
type around uint8

const (
	gap around = iota
	letter
	digit
	punct
)

// cost is what a sign costs between its neighbours, in eighths of a bit: how rare it is in contact files, and how
// unwonted its place.
func (k kind) cost(l, r around) int {
	inWord := l == letter && r == letter
	beside := l == letter || r == letter
	at := func(base, odd int, isOdd bool) int {
		if isOdd {
			return 8 * (base + odd)
		}
		return 8 * base
	}
	switch k {
	case ordinal:
		return at(7, 4, l == gap) + at(0, 3, l == letter) + at(0, 6, r == letter)
	case degree:
		return at(9, 4, l == gap) + at(0, 4, l == letter) + at(0, 5, r == letter)
	case openQuote:
		return at(9, 8, l == letter || l == digit) + at(0, 3, r == gap)
	case closeQuote:
		return at(9, 8, r == letter || r == digit) + at(0, 3, l == gap)
	case apostrophe:
		return at(8, 5, l != letter) // [apostropheCost] adds what the word says
	case dash:
		return at(8, 6, inWord) + at(0, 4, !inWord && beside)
	case currency:
		return at(9, 8, beside)
	case rareCurrency:
		return at(13, 6, beside)
	case inverted:
		return at(9, 8, l == letter || l == digit) + at(0, 6, r != letter)
	case ellipsis:
		return at(11, 6, r == letter) + at(0, 3, l == gap)
	case bullet:
		return at(10, 6, beside)
	case hardSpace:
		return at(12, 4, inWord) + at(0, 2, r == gap)
	case mark:
		return at(11, 6, r == letter)
	case section:
		return at(12, 7, beside)
	case power:
		return at(11, 7, r == letter) + at(0, 3, l == letter)
	case arithmetic:
		return at(12, 6, beside)
	case accent:
		return at(12, 4, !inWord)
	case stray:
		return at(16, 5, beside)
	case drawing:
		return 26 * 8
	case control:
		return 30 * 8
	}
	return 0
}
