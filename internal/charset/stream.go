package charset

import (
	"encoding/binary"
	"io"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/transform"

	"cadastro/internal/errs"
)

// A Reader streams a file of any charset as UTF-8. Line ends and NULs pass as they are.
type Reader struct {
	src io.Reader
	buf []byte // raw bytes read and not decoded yet are buf[lo:hi]
	lo  int
	hi  int
	out []byte // decoded and not delivered yet
	mem []byte // the memory of out
	dec func(dst, src []byte, last bool) (out []byte, used, bad int)
	err error

	start bool  // nothing was decoded so far: a byte order mark may come
	bad   int64 // see Bad
	read  int64 // see Offset
}

// NewReader returns a reader of r, written in the named charset, as UTF-8. A byte order mark at the start is left
// out. An unknown charset is the error charset.unknown; nothing in the bytes is an error: what the charset does
// not define becomes U+FFFD and is counted by [Reader.Bad].
func NewReader(r io.Reader, name string) (*Reader, error) {
	canonical, ok := Lookup(name)
	if !ok {
		return nil, errs.New(errs.Invalid, "charset.unknown", "value", name)
	}
	d := &Reader{src: r, buf: make([]byte, 64<<10), start: true}
	switch {
	case canonical == UTF16LE:
		d.dec = utf16Decoder(binary.LittleEndian)
	case canonical == UTF16BE:
		d.dec = utf16Decoder(binary.BigEndian)
	case canonical == UTF8:
		d.dec = decodeUTF8
	case single(canonical) != nil:
		t := newByteTable(single(canonical))
		d.dec = func(dst, src []byte, _ bool) ([]byte, int, int) {
			dst, bad := t.append(dst, src)
			return dst, len(src), bad
		}
	default:
		e := encodingOf(canonical)
		if e == nil {
			return nil, errs.New(errs.Invalid, "charset.unknown", "value", name)
		}
		d.dec = textDecoder(e)
	}
	return d, nil
}

// Bad counts the units (bytes, or 16-bit words) met so far that the charset does not define: stray bytes, half
// surrogate pairs, the odd byte at the end of UTF-16.
func (d *Reader) Bad() int64 { return d.bad }

// Offset gives the bytes of the source decoded so far.
func (d *Reader) Offset() int64 { return d.read }

// Read implements io.Reader.
func (d *Reader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for len(d.out) == 0 {
		if d.err != nil && d.lo == d.hi {
			return 0, d.err
		}
		d.fill()
	}
	n := copy(p, d.out)
	d.out = d.out[n:]
	return n, nil
}

// fill reads once and decodes what is there.
func (d *Reader) fill() {
	if d.err == nil {
		d.hi, d.lo = copy(d.buf, d.buf[d.lo:d.hi]), 0
		for range 100 { // as many empty reads as bufio allows
			var n int
			n, d.err = d.src.Read(d.buf[d.hi:])
			d.hi += n
			if n > 0 || d.err != nil {
				break
			}
		}
		if d.hi == d.lo && d.err == nil {
			d.err = io.ErrNoProgress
		}
	}
	out, used, bad := d.dec(d.mem[:0], d.buf[d.lo:d.hi], d.err != nil)
	d.mem, d.out = out, out
	d.lo += used
	d.read += int64(used)
	d.bad += int64(bad)
	if d.start && len(d.out) >= len("\uFEFF") {
		d.start = false
		if string(d.out[:3]) == "\uFEFF" {
			d.out = d.out[3:]
		}
	} else if d.start && len(d.out) > 0 {
		d.start = false
	}
}

// utf16Decoder decodes UTF-16 (RFC 2781); a half surrogate pair and an odd byte at the end become U+FFFD.
func utf16Decoder(order binary.ByteOrder) func(dst, src []byte, last bool) ([]byte, int, int) {
	low := 0 // place of the low byte in a pair
	if order == binary.BigEndian {
		low = 1
	}
	return func(dst, src []byte, last bool) ([]byte, int, int) {
		i, bad := 0, 0
		for i+1 < len(src) {
			r := rune(src[i+low]) | rune(src[i+1-low])<<8
			i += 2
			switch {
			case r < utf8.RuneSelf:
				dst = append(dst, byte(r))
				continue
			case !utf16.IsSurrogate(r):
				dst = utf8.AppendRune(dst, r)
				continue
			case r < 0xDC00 && i+1 >= len(src) && !last:
				return dst, i - 2, bad
			case r < 0xDC00 && i+1 < len(src):
				if full := utf16.DecodeRune(r, rune(src[i+low])|rune(src[i+1-low])<<8); full != utf8.RuneError {
					dst = utf8.AppendRune(dst, full)
					i += 2
					continue
				}
			}
			dst = append(dst, "\uFFFD"...)
			bad++
		}
		if last && i < len(src) {
			if src[i] != 0 && src[i] != '\n' && src[i] != '\r' { // a byte of a line end is no loss
				dst = append(dst, "\uFFFD"...)
			}
			i, bad = len(src), bad+1
		}
		return dst, i, bad
	}
}

// decodeUTF8 passes valid UTF-8 and turns each stray byte into U+FFFD.
func decodeUTF8(dst, src []byte, last bool) ([]byte, int, int) {
	n := len(src)
	if !last {
		for i := max(0, n-utf8.UTFMax); i < n; i++ {
			if utf8.RuneStart(src[i]) && !utf8.FullRune(src[i:n]) {
				n = i
				break
			}
		}
	}
	if utf8.Valid(src[:n]) {
		return append(dst, src[:n]...), n, 0
	}
	bad := 0
	for i := 0; i < n; {
		r, size := utf8.DecodeRune(src[i:n])
		if r == utf8.RuneError && size == 1 {
			bad++
		}
		dst = utf8.AppendRune(dst, r)
		i += size
	}
	return dst, n, bad
}

// textDecoder decodes by an encoding of x/text, which counts nothing: U+FFFD in its output is counted instead.
func textDecoder(e encoding.Encoding) func(dst, src []byte, last bool) ([]byte, int, int) {
	t := e.NewDecoder()
	buf := make([]byte, 16<<10)
	return func(dst, src []byte, last bool) ([]byte, int, int) {
		used, bad := 0, 0
		for {
			n, m, err := t.Transform(buf, src[used:], last)
			for rest := buf[:n]; len(rest) > 0; {
				r, size := utf8.DecodeRune(rest)
				if r == utf8.RuneError {
					bad++
				}
				rest = rest[size:]
			}
			dst = append(dst, buf[:n]...)
			used += m
			switch {
			case err == transform.ErrShortDst:
				continue
			case err == transform.ErrShortSrc && !last:
				return dst, used, bad
			case err != nil && used < len(src): // what x/text refuses outright costs one byte
				dst = append(dst, "\uFFFD"...)
				used, bad = used+1, bad+1
				t.Reset()
				continue
			}
			return dst, used, bad
		}
	}
}
