package table

import (
	"encoding/binary"
	"math/bits"
	"strconv"
	"strings"
	"unicode/utf8"
)

// classify tells if b holds bytes above 0x7F, and if it may hold control characters other than TAB, LF and CR.
func classify(b []byte) (high, control bool) {
	const top = 0x8080808080808080
	var all uint64
	i := 0
	for ; i+8 <= len(b); i += 8 {
		w := binary.LittleEndian.Uint64(b[i:])
		all |= w
		// A byte below 0x20 sets the top bit of its lane; a borrow reaches only the lanes behind such a byte.
		if m := (w - lanes*0x20) &^ w & top; m != 0 && !control {
			control = anyControl(b[i : i+8])
		}
		if m := (w ^ lanes*0x7F); (m-lanes)&^m&top != 0 {
			control = true
		}
	}
	for ; i < len(b); i++ {
		all |= uint64(b[i])
		control = control || isControl(b[i])
	}
	return all&top != 0, control
}

// validUTF8 is utf8.Valid for text that is ASCII but for a letter here and there, which it passes word by word.
func validUTF8(b []byte) bool {
	const top = 0x8080808080808080
	for i := 0; i < len(b); {
		if i+8 <= len(b) {
			m := binary.LittleEndian.Uint64(b[i:]) & top
			if m == 0 {
				i += 8
				continue
			}
			i += bits.TrailingZeros64(m) >> 3
		} else if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		if c := b[i]; c >= 0xC2 && c < 0xE0 && i+1 < len(b) && b[i+1]&0xC0 == 0x80 {
			i += 2
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			return false
		}
		i += n
	}
	return true
}

func anyControl(b []byte) bool {
	for _, c := range b {
		if isControl(c) {
			return true
		}
	}
	return false
}

// isControl tells if c is a control character that no cell should hold: TAB, LF and CR may be meant.
func isControl(c byte) bool {
	return c < 0x20 && c != '\t' && c != '\n' && c != '\r' || c == 0x7F
}

// appendClean appends text without its control characters. A vertical tab or form feed, the line break inside
// a cell of FileMaker and of old Excel, becomes LF. removed counts them all.
func appendClean(dst, text []byte) (out []byte, removed int) {
	for _, c := range text {
		switch {
		case !isControl(c):
			dst = append(dst, c)
		case c == '\v' || c == '\f':
			dst = append(dst, '\n')
			removed++
		default:
			removed++
		}
	}
	return dst, removed
}

// isBlank tells if s is empty or made of what cannot be seen: white space, zero-width marks, byte order marks.
func isBlank(s string) bool {
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			if c != ' ' && (c < '\t' || c > '\r') {
				return false
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if !isInvisible(r) {
			return false
		}
		i += n
	}
	return true
}

// blankBytes is isBlank for bytes that may still hold control characters.
func blankBytes(b []byte) bool {
	for i, c := range b {
		if c >= utf8.RuneSelf {
			return isBlank(string(b[i:]))
		}
		if c > ' ' {
			return false
		}
	}
	return true
}

// isInvisible tells if r takes no ink: Unicode's separators and the format characters that pad text.
func isInvisible(r rune) bool {
	switch r {
	case ' ', '\t', '\n', '\v', '\f', '\r', 0x85, 0xA0, 0xAD, 0x1680, 0x180E, 0x202F, 0x205F, 0x2060, 0x3000, 0xFEFF:
		return true
	}
	return r >= 0x2000 && r <= 0x200F || r >= 0x2028 && r <= 0x202E
}

// headerName gives a column name in one line, invisible marks at its ends and repeated blanks taken away.
func headerName(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return r == 0xFEFF || r == 0x200B || r == 0x2060 || isInvisible(r) && (r < 0x200B || r > 0x200F)
	}), " ")
}

// tellApart gives names in which a repeated one carries its number: "Telefone", "Telefone (2)". Names that
// are empty stay so.
func tellApart(names []string) []string {
	taken := make(map[string]bool, len(names))
	for _, n := range names {
		taken[n] = true
	}
	seen := make(map[string]int, len(names))
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = n
		if n == "" {
			continue
		}
		seen[n]++
		if seen[n] == 1 {
			continue
		}
		for {
			name := n + " (" + strconv.Itoa(seen[n]) + ")"
			if !taken[name] {
				taken[name] = true
				out[i] = name
				break
			}
			seen[n]++
		}
	}
	return out
}
