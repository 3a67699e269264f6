package wizard

import (
	"slices"
	"strings"
	"unicode/utf8"

	"cadastro/internal/charset"
	"cadastro/internal/errs"
)

// telling gives the words of the file by which the ways to read its letters can be told apart: those that hold letters
// beyond ASCII, as many as fit a card.
func telling(lines []string) string {
	const room = 34
	var words []string
	n := 0
	for _, line := range lines {
		for _, w := range strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" ;,\t|\"\r\n", r) }) {
			size := utf8.RuneCountInString(w)
			if isASCII(w) || slices.Contains(words, w) || n > 0 && n+size > room {
				continue
			}
			words = append(words, w)
			n += size + 2
		}
	}
	if len(words) == 0 && len(lines) > 0 {
		return errs.Clip(strings.TrimSpace(lines[0]), 2*room)
	}
	return strings.Join(words, ", ")
}

func isASCII(s string) bool { return charset.ASCIIPrefix([]byte(s)) == len(s) }
