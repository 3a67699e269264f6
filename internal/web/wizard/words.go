package wizard

import (
	"strings"
	"unicode/utf8"

	"cadastro/internal/charset"
	"cadastro/internal/errs"
)

// telling gives the part of a line by which the ways to read its letters can be told apart: the words that hold letters
// beyond ASCII, as far as they fit a card.
func telling(line string, all []charset.Alternative) string {
	const room = 34
	var words []string
	n := 0
	for _, cell := range strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(";,\t|\"\r\n", r) }) {
		cell = strings.TrimSpace(cell)
		if isASCII(cell) {
			continue
		}
		if size := utf8.RuneCountInString(cell); n == 0 || n+size <= room {
			words = append(words, cell)
			n += size + 2
		}
	}
	if len(words) == 0 {
		return errs.Clip(strings.TrimSpace(line), 2*room)
	}
	return strings.Join(words, ", ")
}

func isASCII(s string) bool { return charset.ASCIIPrefix([]byte(s)) == len(s) }
