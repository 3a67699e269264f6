package charset

import (
	"bytes"
	"math"
)

// Bounds of the evidence.
const (
	maxWord  = 32     // bytes of one word
	maxWords = 600    // different words with high bytes
	maxASCII = 300    // different words without
	maxSeen  = 12_000 // words looked at of the second kind; of the first, an eighth of it in any one piece
)

// A word is a run of ASCII letters and high bytes, with what stands at its sides and how often it was seen.
type word struct {
	text        string
	left, right around
	count       int
	offset      int64 // of its first place in the file
}

// weight keeps a word that stands in every row from shouting down the others.
func (w word) weight() float64 { return 1 + math.Log2(float64(w.count)) }

// decode appends the word's glyphs in the charset.
func (w word) decode(c *candidate, dst []glyph) []glyph {
	for i := range len(w.text) {
		dst = append(dst, c.glyphs[w.text[i]])
	}
	return dst
}

// evidence gathers the words of a file.
type evidence struct {
	high, ascii           []word
	highIndex, asciiIndex map[string]int
	highSeen, asciiSeen   int
}

func newEvidence() *evidence {
	return &evidence{highIndex: map[string]int{}, asciiIndex: map[string]int{}}
}

// wantsASCII says that more words without high bytes would help.
func (e *evidence) wantsASCII() bool { return len(e.ascii) < maxASCII && e.asciiSeen < maxSeen }

// add gathers the words of one line, which starts at offset of the file.
func (e *evidence) add(line []byte, offset int64) {
	for i := 0; i < len(line); {
		if !wordByte(line[i]) {
			i++
			continue
		}
		start, high := i, false
		for i < len(line) && wordByte(line[i]) && i-start < maxWord {
			high = high || line[i] >= 0x80
			i++
		}
		w := word{left: side(line, start-1), right: side(line, i), offset: offset + int64(start)}
		if high {
			e.highSeen++
			add(&e.high, e.highIndex, w, line[start:i], maxWords)
		} else if i-start > 2 && e.wantsASCII() {
			e.asciiSeen++
			add(&e.ascii, e.asciiIndex, w, line[start:i], maxASCII)
		}
	}
}

func add(list *[]word, index map[string]int, w word, text []byte, limit int) {
	var buf [maxWord + 2]byte
	key := append(append(buf[:0], byte(w.left), byte(w.right)), text...)
	if i, ok := index[string(key)]; ok {
		(*list)[i].count++
		return
	}
	if len(*list) < limit {
		w.text, w.count = string(text), 1
		index[string(key)] = len(*list)
		*list = append(*list, w)
	}
}

func wordByte(b byte) bool {
	return b >= 0x80 || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}

// side says what stands at place i of the line.
func side(line []byte, i int) around {
	if i < 0 || i >= len(line) {
		return gap
	}
	switch b := line[i]; {
	case wordByte(b):
		return letter
	case b >= '0' && b <= '9':
		return digit
	case b <= ' ', b == ';', b == ',', b == '|', b == '"':
		return gap
	}
	return punct
}

// addASCII gathers words of a piece without high bytes.
func (e *evidence) addASCII(b []byte) {
	for i := 0; i < len(b) && e.wantsASCII(); {
		end := len(b)
		if n := bytes.IndexByte(b[i:], '\n'); n >= 0 {
			end = i + n + 1
		}
		e.add(b[i:end], 0)
		i = end
	}
}
