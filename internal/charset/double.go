package charset

import (
	"strings"
	"unicode/utf8"
)

// maxLevels is how many times over a text may have been encoded wrongly.
const maxLevels = 3

// What a repair must gain in the letter models to be certain, in eighths of a bit: UTF-8 that was read as a
// single-byte charset leaves sequences that hardly occur otherwise; a mix-up of two single-byte charsets leaves
// single letters and must be far likelier when undone.
const (
	sequenceGain = 8 * 8
	doubtfulGain = 17 * 8 // the sequence may as well be a capital and the sign after it: "AMANHÃ…", "IRMÃ–TIA"
	letterGain   = 15 * 8
)

// LooksDoubleDecoded tells whether [Repair] would change s.
func LooksDoubleDecoded(s string) bool {
	_, ok := Repair(s)
	return ok
}

// Repair undoes a wrong decoding that is visible in the text itself: UTF-8 read as windows-1252, ISO-8859-1,
// CP850, CP437 or Mac Roman ("JosÃ©", "Jo├úo", "Jo√£o"), up to three times over, and CP850 read as windows-1252
// or the other way round ("JoÆo"). Each word is repaired only where the result is certain: the bytes are valid
// in the other charset, and the letters of the result are far more wont to stand side by side, in any of the
// languages known, than those of s. ok is false, and the text is s, where nothing was repaired.
func Repair(s string) (text string, ok bool) {
	if !suspect(s) {
		return s, false
	}
	for range maxLevels {
		next, changed := repairOnce(s)
		if !changed {
			break
		}
		s, ok = next, true
	}
	return s, ok
}

// suspect is the quick look: it passes nearly all right text by.
func suspect(s string) bool {
	i := 0
	for i < len(s) && s[i] < utf8.RuneSelf {
		i++
	}
	prev := 'A'
	if i > 0 {
		prev = rune(s[i-1])
	}
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r >= utf8.RuneSelf && (leads(prev) || small(prev) && misplaced(r) || prev < utf8.RuneSelf && r == 'þ') {
			return true
		}
		prev, i = r, i+size
	}
	return false
}

func small(r rune) bool { return r >= 'a' && r <= 'z' || r >= 0xDF && r <= 0xFF }

// leads tells the characters that the first byte of a UTF-8 sequence (C2 to C5, D0, D1, E2, EF, F0) turns into.
func leads(r rune) bool {
	switch r {
	case 'Â', 'Ã', 'Ä', 'Å', 'Ð', 'Ñ', 'â', 'ï', 'ð', // windows-1252
		'┬', '├', '─', '┼', 'Ô', '´', 'Γ', '∩', '╨', '╤', // CP850 and CP437
		'¬', '√', 'ƒ', '≈', '–', '—', '‚': // Mac Roman
		return true
	}
	return false
}

// misplaced tells the letters and signs that hardly follow a small letter in right text.
func misplaced(r rune) bool {
	if r < 0xA0 || r >= 0xC0 && r < 0xDF || r == 'þ' {
		return true
	}
	switch kindOf(r) {
	case openQuote, currency, rareCurrency, inverted, section, arithmetic, stray, drawing, control, ordinal, degree:
		return true
	}
	return false
}

// repairOnce undoes one level, word by word. A word that is certain makes doubtful ones beside it certain.
func repairOnce(s string) (string, bool) {
	words := strings.FieldsFunc(s, blank)
	fixed := make([]string, len(words))
	any := false
	for i, w := range words {
		fixed[i] = repairWord(w, sequenceGain)
		any = any || fixed[i] != w
	}
	if !any {
		return s, false
	}
	var b strings.Builder
	rest := s
	for i, w := range words {
		if fixed[i] == w {
			fixed[i] = repairWord(w, 8)
		}
		at := strings.Index(rest, w)
		b.WriteString(rest[:at])
		b.WriteString(fixed[i])
		rest = rest[at+len(w):]
	}
	b.WriteString(rest)
	return b.String(), true
}

func blank(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' }

// repairWord gives the reading of the word that gains most, where that is at least gain; else the word.
func repairWord(w string, gain int) string {
	if !suspect(w) {
		return w
	}
	now := textCost(w)
	best, text := 0, w
	for _, c := range mixed() {
		if t, ok := c.undoSequences(w); ok {
			need := gain
			if doubtful(w) {
				need = max(gain, doubtfulGain)
			}
			if g := now - textCost(t); g >= need && g > best {
				best, text = g, t
			}
		}
	}
	if text != w {
		return text
	}
	for _, c := range mixed() {
		for _, o := range mixed() {
			if t, ok := c.swap(w, o); ok && c != o {
				if g := now - textCost(t); g >= letterGain && g > best {
					best, text = g, t
				}
			}
		}
	}
	return text
}

// doubtful says that every suspicious pair of w may be a capital, after another one or alone, and a sign that is
// wont to follow a word.
func doubtful(w string) bool {
	before, prev := 'A', 'A'
	for _, r := range w {
		if leads(prev) && r >= utf8.RuneSelf {
			switch kindOf(r) {
			case closeQuote, apostrophe, dash, ellipsis, hardSpace, bullet, mark, openQuote:
			default:
				return false
			}
			if small(before) {
				return false
			}
		}
		before, prev = prev, r
	}
	return true
}
