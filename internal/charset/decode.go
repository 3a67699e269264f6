package charset

import (
	"encoding/binary"
	"unicode/utf8"

	"cadastro/internal/errs"
)

// A Decoder turns bytes of one ASCII-compatible charset into UTF-8, piece by piece (a record, a cell). It has no
// state and may be used by many goroutines at a time.
type Decoder struct {
	name  string
	table *byteTable // nil for UTF-8
	alt   *byteTable // for what is no UTF-8
}

// NewDecoder returns a decoder of the named charset, which must be [ASCIICompatible]. fallback names the
// single-byte charset for the pieces of a UTF-8 file that are no UTF-8; "" means windows-1252. An unknown charset
// is the error charset.unknown.
func NewDecoder(name, fallback string) (*Decoder, error) {
	canonical, ok := Lookup(name)
	if !ok || !ASCIICompatible(canonical) {
		return nil, errs.New(errs.Invalid, "charset.unknown", "value", name)
	}
	d := &Decoder{name: canonical}
	if canonical != UTF8 {
		d.table = newByteTable(single(canonical))
		return d, nil
	}
	alt, _ := Lookup(fallback)
	c := single(alt)
	if c == nil {
		c = single(Windows1252)
	}
	d.alt = newByteTable(c)
	return d, nil
}

// Name gives the canonical name of the charset.
func (d *Decoder) Name() string { return d.name }

// AppendDecode appends src in UTF-8 to dst. bad counts the bytes of src that the charset does not define.
//
// In a single-byte charset such a byte becomes U+FFFD. In UTF-8, a src that holds more stray bytes than valid
// sequences is a piece of another charset and is decoded by the fallback as a whole; otherwise the valid
// sequences stay and each stray byte costs one character: that of the fallback, or U+FFFD where a sequence was
// cut short.
func (d *Decoder) AppendDecode(dst, src []byte) (out []byte, bad int) {
	if d.table != nil {
		return d.table.append(dst, src)
	}
	n := ASCIIPrefix(src)
	if n == len(src) || utf8.Valid(src[n:]) {
		return append(dst, src...), 0
	}
	return d.appendMixed(dst, src, n)
}

// appendMixed decodes what is not wholly UTF-8; the first n bytes are ASCII.
func (d *Decoder) appendMixed(dst, src []byte, n int) ([]byte, int) {
	valid, stray := 0, 0
	for i := n; i < len(src); {
		r, size := utf8.DecodeRune(src[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			stray++
		case size > 1:
			valid++
		}
		i += size
	}
	if stray > valid {
		dst, _ = d.alt.append(dst, src)
		return dst, stray
	}
	dst = append(dst, src[:n]...)
	for i := n; i < len(src); {
		r, size := utf8.DecodeRune(src[i:])
		switch cut := cutSequence(src[i:]); {
		case r != utf8.RuneError || size != 1:
			dst = append(dst, src[i:i+size]...)
		case cut > 0:
			dst, size = append(dst, "\uFFFD"...), cut
		default:
			dst, _ = d.alt.append(dst, src[i:i+1])
		}
		i += size
	}
	return dst, stray
}

// cutSequence gives the length of a UTF-8 sequence of three or four bytes that breaks off after at least two, or
// of a two-byte one at the end of the piece; 0 for anything else.
func cutSequence(b []byte) int {
	if b[0] >= 0xC2 && b[0] < 0xE0 && len(b) == 1 {
		return 1
	}
	if b[0] < 0xE0 || b[0] > 0xF4 {
		return 0
	}
	n := 1
	for n < len(b) && n < 4 && b[n]&0xC0 == 0x80 {
		n++
	}
	if n == 1 || utf8.FullRune(b[:n]) {
		return 0
	}
	return n
}

// ASCIIPrefix gives the number of bytes before the first byte of 0x80 or above.
func ASCIIPrefix(b []byte) int {
	const high = 0x8080808080808080
	i := 0
	for ; i+32 <= len(b); i += 32 {
		w := b[i : i+32 : i+32]
		if (binary.LittleEndian.Uint64(w)|binary.LittleEndian.Uint64(w[8:])|binary.LittleEndian.Uint64(w[16:])|binary.LittleEndian.Uint64(w[24:]))&high != 0 {
			break
		}
	}
	for ; i < len(b) && b[i] < utf8.RuneSelf; i++ {
	}
	return i
}
