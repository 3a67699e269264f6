package charset

import (
	"bytes"
	"math"
)

// Bounds of the evidence.
const (
	maxWord  = 32  // bytes of one word
	maxWords = 600 // different words with high bytes
	maxASCII = 300 // different words without
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
}

func newEvidence() *evidence {
	return &evidence{highIndex: map[string]int{}, asciiIndex: map[string]int{}}
}

// full says that more words would not change the answer.
func (e *evidence) full() bool { return len(e.high) >= maxWords }

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
		w := word{text: string(line[start:i]), left: side(line, start-1), right: side(line, i), count: 1, offset: offset + int64(start)}
		if high {
			add(&e.high, e.highIndex, w, maxWords)
		} else if len(w.text) > 2 {
			add(&e.ascii, e.asciiIndex, w, maxASCII)
		}
	}
}

func add(list *[]word, index map[string]int, w word, limit int) {
	key := string([]byte{byte(w.left), byte(w.right)}) + w.text
	if i, ok := index[key]; ok {
		(*list)[i].count++
		return
	}
	if len(*list) < limit {
		index[key] = len(*list)
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
	for i := 0; i < len(b) && len(e.ascii) < maxASCII; {
		end := len(b)
		if n := bytes.IndexByte(b[i:], '\n'); n >= 0 {
			end = i + n + 1
		}
		e.add(b[i:end], 0)
		i = end
	}
}
