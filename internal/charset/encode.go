package charset

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"

	"cadastro/internal/errs"
)

// An Encoder turns UTF-8 into another charset, piece by piece. It is not safe for many goroutines.
type Encoder struct {
	name  string
	table *charmap.Charmap // for single-byte charsets
	text  *encoding.Encoder
	wide  bool // the charset has all of Unicode
	nfc   []byte
}

// NewEncoder returns an encoder into the named charset; an unknown one is the error charset.unknown.
func NewEncoder(name string) (*Encoder, error) {
	canonical, ok := Lookup(name)
	if !ok {
		return nil, errs.New(errs.Invalid, "charset.unknown", "value", name)
	}
	e := &Encoder{name: canonical, table: single(canonical)}
	if e.table != nil || canonical == UTF8 {
		return e, nil
	}
	enc := encodingOf(canonical)
	if enc == nil {
		return nil, errs.New(errs.Invalid, "charset.unknown", "value", name)
	}
	e.text = enc.NewEncoder()
	e.wide = strings.HasPrefix(canonical, "utf-") || canonical == "gb18030"
	return e, nil
}

// Name gives the canonical name of the charset.
func (e *Encoder) Name() string { return e.name }

// BOM gives the byte order mark that a file of the charset should start with for spreadsheet programs to know it;
// empty for charsets that have none.
func (e *Encoder) BOM() []byte {
	switch e.name {
	case UTF8:
		return []byte{0xEF, 0xBB, 0xBF}
	case UTF16LE:
		return []byte{0xFF, 0xFE}
	case UTF16BE:
		return []byte{0xFE, 0xFF}
	}
	return nil
}

// AppendEncode appends s to dst in the charset. lost counts the characters that the charset lacks: each is
// replaced by the nearest it has (a curly quote by a straight one, "ő" by "o"), else by "?". Marks of no width are
// left out and not counted.
func (e *Encoder) AppendEncode(dst []byte, s string) (out []byte, lost int) {
	if e.name == UTF8 || e.text == nil && isASCII(s) {
		return append(dst, s...), 0
	}
	e.nfc = append(e.nfc[:0], s...)
	if !e.wide { // a letter and its combining accent are two characters there
		e.nfc = norm.NFC.AppendString(e.nfc[:0], s)
	}
	for b := e.nfc; len(b) > 0; {
		r, size := utf8.DecodeRune(b)
		b = b[size:]
		var ok bool
		if dst, ok = e.appendRune(dst, r); ok {
			continue
		}
		if zeroWidth(r) {
			continue
		}
		lost++
		near := nearest(r)
		done := near != ""
		mark := len(dst)
		for _, n := range near {
			if dst, ok = e.appendRune(dst, n); !ok {
				dst, done = dst[:mark], false
				break
			}
		}
		if !done {
			dst, _ = e.appendRune(dst, '?')
		}
	}
	return dst, lost
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func (e *Encoder) appendRune(dst []byte, r rune) ([]byte, bool) {
	if e.table != nil {
		if r < utf8.RuneSelf {
			return append(dst, byte(r)), true
		}
		b, ok := e.table.EncodeRune(r)
		if !ok || r >= 0x80 && r < 0xA0 && e.table == charmap.Windows1252 {
			return dst, false
		}
		return append(dst, b), true
	}
	var buf [utf8.UTFMax]byte
	b, err := e.text.Bytes(buf[:utf8.EncodeRune(buf[:], r)])
	if err != nil || r == utf8.RuneError {
		e.text.Reset()
		return dst, false
	}
	return append(dst, b...), true
}

// zeroWidth knows the marks that no reader sees; leaving them out loses nothing.
func zeroWidth(r rune) bool {
	return r >= 0x200B && r <= 0x200F || r == 0x2060 || r == 0xFEFF || r == 0xAD
}

// nearest spells a character by commoner ones: the typographic signs by those of a typewriter, an accented letter
// without its accent. "" where there is nothing near.
func nearest(r rune) string {
	switch r {
	case '‘', '’', '‚', '‛', 'ʼ', '′', '´', '`':
		return "'"
	case '“', '”', '„', '‟', '″', '«', '»':
		return `"`
	case '‐', '‑', '‒', '–', '—', '―', '−':
		return "-"
	case '…':
		return "..."
	case '€':
		return "EUR"
	case '™':
		return "(TM)"
	case '•', '·':
		return "*"
	case 0xA0, 0x2002, 0x2003, 0x2009, 0x200A, 0x202F, 0x3000:
		return " "
	case 'œ':
		return "oe"
	case 'Œ':
		return "OE"
	case 'æ':
		return "ae"
	case 'Æ':
		return "AE"
	case 'ß':
		return "ss"
	case 'ø':
		return "o"
	case 'ð':
		return "d"
	case 'Ø':
		return "O"
	case 'ł':
		return "l"
	case 'Ł':
		return "L"
	case 'đ':
		return "d"
	case 'Đ':
		return "D"
	case 'ı':
		return "i"
	}
	d := norm.NFKD.String(string(r))
	first, size := utf8.DecodeRuneInString(d)
	if first == r && size == len(d) {
		return ""
	}
	out := make([]rune, 0, 4)
	for _, c := range d {
		if c < 0x300 || c >= 0x370 { // leave out the combining marks
			out = append(out, c)
		}
	}
	return string(out)
}
