package layout

import (
	"strings"
	"unicode"

	"cadastro/internal/normalize"
)

// file is a file on its way to being recognised.
type file struct {
	header []string
	rows   [][]string
	keys   []string // of each header, see keyOf
	shapes []string // the keys with their numbers as "#"
	number []string // the first number in each header
	has    map[string]bool
	text   map[string]bool // the headers letter by letter
	filled []int           // columns with values in how many rows
}

func newFile(header []string, rows [][]string) *file {
	t := &file{header: header, rows: rows, has: make(map[string]bool, 2*len(header)), text: make(map[string]bool, len(header)), filled: make([]int, len(header))}
	for i, h := range header {
		k := keyOf(h)
		shape, number := shapeOf(k)
		t.keys, t.shapes, t.number = append(t.keys, k), append(t.shapes, shape), append(t.number, number)
		t.has[k], t.has[shape], t.text[h] = true, true, true
		for _, row := range rows {
			if i < len(row) && strings.TrimSpace(row[i]) != "" {
				t.filled[i]++
			}
		}
	}
	delete(t.has, "")
	return t
}

// keyOf gives a header without what does not count: case, accents, punctuation, spaces at the borders of numbers. "#"
// stays where it is a word of its own, for the patterns.
func keyOf(h string) string {
	var b strings.Builder
	var last rune // class of what was written last: 'a', '1', '#' or 0
	for _, r := range normalize.Fold(h) {
		class := rune(0)
		switch {
		case unicode.IsLetter(r) || unicode.Is(unicode.Mn, r):
			class = 'a'
		case unicode.IsDigit(r):
			class = '1'
		case r == '#':
			class = '#'
		case r == '\'' || r == '’':
			continue
		}
		if class == 0 {
			last = 0
			continue
		}
		if class != last && b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
		last = class
	}
	return b.String()
}

// shapeOf puts "#" in the place of a key's numbers, and gives the first of them.
func shapeOf(key string) (shape, number string) {
	if !strings.ContainsAny(key, "0123456789") {
		return key, ""
	}
	words := strings.Split(key, " ")
	for i, w := range words {
		if w[0] >= '0' && w[0] <= '9' {
			if number == "" {
				number = w
			}
			words[i] = "#"
		}
	}
	return strings.Join(words, " "), number
}

// unnumbered is a header without the number by which a repeated one is told apart: "Telefone (2)".
func unnumbered(header string) (string, bool) {
	open := strings.LastIndex(header, " (")
	if open < 0 || !strings.HasSuffix(header, ")") {
		return "", false
	}
	n := header[open+2 : len(header)-1]
	if n == "" || strings.Trim(n, "0123456789") != "" {
		return "", false
	}
	return header[:open], true
}
