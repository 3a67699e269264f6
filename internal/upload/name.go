package upload

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxName bounds a file's name, in bytes: what file systems commonly hold.
const maxName = 255

// unnamed is the name of a file that came without one.
const unnamed = "upload"

// CleanName makes a client's name for a file fit to be shown and to be offered for a download: the last element of a
// path of any system, without control characters and without those that turn the direction of text, at most 255 bytes,
// its extension kept. It is "upload" where nothing is left.
func CleanName(name string) string {
	name = strings.ToValidUTF8(name, "�")
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\r' || unicode.Is(unicode.Zs, r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), unicode.Is(unicode.Zl, r), unicode.Is(unicode.Zp, r), r == '\ufeff', r == '\u200b':
			return -1
		}
		return r
	}, name)
	name = strings.Join(strings.Fields(name), " ")
	name = strings.TrimRight(name, ".")
	if len(name) > maxName {
		ext := extension(name)
		stem := name[:maxName-len(ext)]
		for !utf8.ValidString(stem) {
			stem = stem[:len(stem)-1]
		}
		name = strings.TrimSpace(stem) + ext
	}
	if name == "" {
		return unnamed
	}
	return name
}

// extension gives the end of a name from its last dot on, "" where that is too long to be one.
func extension(name string) string {
	if i := strings.LastIndexByte(name, '.'); i > 0 && len(name)-i <= 16 {
		return name[i:]
	}
	return ""
}
