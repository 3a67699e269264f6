package xlsx

import (
	"strconv"
	"unicode/utf8"

	"cadastro/internal/sheet/numfmt"
)

// The cell styles of the writer, as frame writes them.
const (
	styleGeneral = iota
	styleText
	styleHeader
	styleDate
	styleDateTime
)

func (w *Writer) startRow() {
	w.row++
	w.buf = append(w.buf, `<row r="`...)
	w.buf = strconv.AppendInt(w.buf, int64(w.row), 10)
	w.buf = append(w.buf, `">`...)
}

func (w *Writer) endRow() error {
	w.buf = append(w.buf, "</row>"...)
	w.flush()
	return w.err
}

func (w *Writer) cell(i int, text string) {
	switch w.columns[i].Kind {
	case AsNumber:
		if isPlainNumber(text) {
			w.open(i, styleGeneral)
			w.buf = append(append(append(w.buf, "><v>"...), text...), "</v></c>"...)
			return
		}
	case AsDate:
		if v, style, ok := dateCell(text); ok {
			w.open(i, style)
			w.buf = append(w.buf, "><v>"...)
			w.buf = strconv.AppendFloat(w.buf, v, 'f', -1, 64)
			w.buf = append(w.buf, "</v></c>"...)
			return
		}
	}
	w.textCell(i, styleText, text)
}

// dateCell gives the serial number and the style of a date that reads back as it is. Days before March 1900 stay
// text: spreadsheet programs disagree about them.
func dateCell(text string) (v float64, style int, ok bool) {
	const firstSafe = 61
	v, _, ok = numfmt.ParseISO(text, false)
	if !ok || v < firstSafe {
		return 0, 0, false
	}
	kind, style := numfmt.Date, styleDate
	if len(text) > len("2025-12-31") {
		kind, style = numfmt.DateTime, styleDateTime
	}
	var tmp [32]byte
	back, ok := numfmt.AppendISO(tmp[:0], v, kind, false)
	if !ok || string(back) != text && string(back)+":00" != text {
		return 0, 0, false
	}
	return v, style, true
}

func (w *Writer) textCell(i, style int, text string) {
	w.open(i, style)
	w.buf = append(w.buf, ` t="inlineStr"><is><t`...)
	if text[0] <= ' ' || text[len(text)-1] <= ' ' {
		w.buf = append(w.buf, ` xml:space="preserve"`...)
	}
	w.buf = append(w.buf, '>')
	text, cut := clip(text)
	if cut {
		w.clipped++
	}
	w.buf = appendEscaped(w.buf, text)
	w.buf = append(w.buf, "</t></is></c>"...)
}

// open writes the start of a cell, without the end of its tag.
func (w *Writer) open(i, style int) {
	w.buf = append(w.buf, `<c r="`...)
	w.buf = append(w.buf, w.refs[i]...)
	w.buf = strconv.AppendInt(w.buf, int64(w.row), 10)
	if style != styleGeneral {
		w.buf = append(w.buf, `" s="`...)
		w.buf = strconv.AppendInt(w.buf, int64(style), 10)
	}
	w.buf = append(w.buf, '"')
}

// isPlainNumber tells decimals that a spreadsheet gives back letter by letter: 12, -3.5, 0.25; not 007, 1.50, 1e5.
func isPlainNumber(s string) bool {
	digits, point := 0, -1
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c == '.' && point < 0 && digits > 0:
			point = i
		case c == '-' && i == 0:
		default:
			return false
		}
	}
	body := s
	if s[0] == '-' {
		body = s[1:]
	}
	switch {
	case digits == 0 || digits > 15, point == len(s)-1, body == "0" && body != s:
		return false
	case len(body) > 1 && body[0] == '0' && body[1] != '.':
		return false
	case point >= 0 && s[len(s)-1] == '0':
		return false
	}
	return true
}

// clip cuts text to MaxCell UTF-16 units.
func clip(text string) (string, bool) {
	if len(text) <= MaxCell {
		return text, false
	}
	units := 0
	for i, r := range text {
		n := 1
		if r >= 0x10000 {
			n = 2
		}
		if units += n; units > MaxCell {
			return text[:i], true
		}
	}
	return text, false
}

// appendEscaped appends text as XML content: markup as references, what XML cannot hold as _xHHHH_, and the
// underscore of what only looks like such an escape as _x005F_.
func appendEscaped(dst []byte, text string) []byte {
	start := 0
	for i := 0; i < len(text); {
		c := text[i]
		if c >= 0x20 && c < utf8.RuneSelf && c != '&' && c != '<' && c != '>' && c != '_' {
			i++
			continue
		}
		size := 1
		esc := ""
		switch {
		case c == '&':
			esc = "&amp;"
		case c == '<':
			esc = "&lt;"
		case c == '>':
			esc = "&gt;"
		case c == '_':
			if !looksEscaped(text[i:]) {
				i++
				continue
			}
			esc = "_x005F_"
		case c == '\t' || c == '\n':
			i++
			continue
		case c < 0x20:
			const hex = "0123456789ABCDEF"
			esc = "_x00" + hex[c>>4:c>>4+1] + hex[c&15:c&15+1] + "_"
		default:
			var r rune
			r, size = utf8.DecodeRuneInString(text[i:])
			switch {
			case r == utf8.RuneError && size == 1:
				esc = "\uFFFD"
			case r == 0xFFFE:
				esc = "_xFFFE_"
			case r == 0xFFFF:
				esc = "_xFFFF_"
			default:
				i += size
				continue
			}
		}
		dst = append(append(dst, text[start:i]...), esc...)
		i += size
		start = i
	}
	return append(dst, text[start:]...)
}

func looksEscaped(s string) bool {
	if len(s) < escapeLen {
		return false
	}
	_, ok := escapeAt([]byte(s[:escapeLen]))
	return ok
}
