package charset

import (
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// A byteTable holds the UTF-8 of each byte of a single-byte charset: up to three bytes, low byte first, and their
// number in the top byte. A byte that the charset does not define has U+FFFD and the undefined mark.
type byteTable struct {
	code [256]uint32
	bad  [256]bool
}

func newByteTable(c *charmap.Charmap) *byteTable {
	t := &byteTable{}
	for i := range 256 {
		r := c.DecodeByte(byte(i))
		t.bad[i] = r == utf8.RuneError || r >= 0x80 && r < 0xA0
		var b [4]byte
		n := utf8.EncodeRune(b[:], r)
		t.code[i] = uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(n)<<24
	}
	return t
}

// append decodes src to the end of dst; bad counts undefined bytes and C1 controls.
func (t *byteTable) append(dst, src []byte) (out []byte, bad int) {
	for len(src) > 0 {
		n := ASCIIPrefix(src)
		dst = append(dst, src[:n]...)
		src = src[n:]
		for len(src) > 0 && src[0] >= utf8.RuneSelf {
			c := t.code[src[0]]
			if t.bad[src[0]] {
				bad++
			}
			if c>>24 == 2 {
				dst = append(dst, byte(c), byte(c>>8))
			} else {
				dst = append(dst, byte(c), byte(c>>8), byte(c>>16))
			}
			src = src[1:]
		}
	}
	return dst, bad
}
