package xls

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// The records that are read (MS-XLS 2.3). Those of BIFF5 have the same numbers.
const (
	recFormula    = 0x0006
	recEOF        = 0x000A
	recDateMode   = 0x0022
	recFilePass   = 0x002F
	recContinue   = 0x003C
	recCodePage   = 0x0042
	recBoundSheet = 0x0085
	recMulRK      = 0x00BD
	recRString    = 0x00D6
	recXF         = 0x00E0
	recSST        = 0x00FC
	recLabelSST   = 0x00FD
	recNumber     = 0x0203
	recLabel      = 0x0204
	recBoolErr    = 0x0205
	recString     = 0x0207
	recRow        = 0x0208
	recRK         = 0x027E
	recFormat     = 0x041E
	recBOF        = 0x0809
)

var errCut = errors.New("xls: record cut off")

// records reads the records of a stream one after the other. The data of a record are valid until the next call.
type records struct {
	r    *bufio.Reader
	data []byte
	n    int64 // bytes read so far
}

func newRecords(r io.Reader) *records { return &records{r: bufio.NewReaderSize(r, 64<<10)} }

// next gives the next record, io.EOF at the end of the stream.
func (r *records) next() (kind uint16, data []byte, err error) {
	head, err := r.r.Peek(4)
	if len(head) < 4 {
		if err == io.EOF {
			return 0, nil, io.EOF
		}
		return 0, nil, err
	}
	kind = binary.LittleEndian.Uint16(head)
	size := int(binary.LittleEndian.Uint16(head[2:]))
	if _, err := r.r.Discard(4); err != nil {
		return 0, nil, err
	}
	if cap(r.data) < size {
		r.data = make([]byte, max(size, 8224))
	}
	r.data = r.data[:size]
	if _, err := io.ReadFull(r.r, r.data); err != nil {
		return 0, nil, errCut
	}
	r.n += int64(size) + 4
	return kind, r.data, nil
}

// more gives the data of the next record if it continues the last one.
func (r *records) more() ([]byte, bool) {
	head, err := r.r.Peek(2)
	if err != nil || binary.LittleEndian.Uint16(head) != recContinue {
		return nil, false
	}
	_, data, err := r.next()
	return data, err == nil
}

// fields reads the data of a record and of those that continue it.
type fields struct {
	recs *records
	b    []byte
}

// next gives n bytes, which may lie in several records.
func (f *fields) next(n int) ([]byte, error) {
	if n <= len(f.b) {
		out := f.b[:n]
		f.b = f.b[n:]
		return out, nil
	}
	out := append([]byte(nil), f.b...)
	for len(out) < n {
		b, ok := f.recs.more()
		if !ok {
			return nil, errCut
		}
		take := min(n-len(out), len(b))
		out = append(out, b[:take]...)
		f.b = b[take:]
	}
	return out, nil
}

// skip passes over n bytes.
func (f *fields) skip(n int) error {
	for n > len(f.b) {
		n -= len(f.b)
		b, ok := f.recs.more()
		if !ok {
			return errCut
		}
		f.b = b
	}
	f.b = f.b[n:]
	return nil
}

func (f *fields) u8() (byte, error) {
	b, err := f.next(1)
	if err != nil {
		return 0, err
	}
	return b[0], nil
}

func (f *fields) u16() (int, error) {
	b, err := f.next(2)
	if err != nil {
		return 0, err
	}
	return int(binary.LittleEndian.Uint16(b)), nil
}

func (f *fields) u32() (int, error) {
	b, err := f.next(4)
	if err != nil {
		return 0, err
	}
	return int(binary.LittleEndian.Uint32(b)), nil
}

// chars appends n characters to dst as UTF-8: UTF-16 where wide, else Latin-1 (the low bytes of UTF-16). Where
// the text goes on in another record, that begins with a byte that says anew whether it is wide (MS-XLS 2.5.293).
func (f *fields) chars(dst []byte, n int, wide bool) ([]byte, error) {
	var high uint16 // first half of a surrogate pair
	for n > 0 {
		if len(f.b) == 0 {
			b, ok := f.recs.more()
			if !ok || len(b) == 0 {
				return dst, errCut
			}
			wide, f.b = b[0]&1 != 0, b[1:]
			continue
		}
		size := 1
		if wide {
			size = 2
		}
		take := min(n, len(f.b)/size)
		if take == 0 {
			return dst, errCut
		}
		for i := range take {
			unit := uint16(f.b[i*size])
			if wide {
				unit |= uint16(f.b[i*size+1]) << 8
			}
			dst, high = appendUnit(dst, high, unit)
		}
		f.b = f.b[take*size:]
		n -= take
	}
	if high != 0 {
		dst = utf8.AppendRune(dst, utf8.RuneError)
	}
	return dst, nil
}

// appendUnit appends one UTF-16 unit as UTF-8. high is the first half of a pair that waits for its second.
func appendUnit(dst []byte, high, unit uint16) ([]byte, uint16) {
	if high != 0 {
		if r := utf16.DecodeRune(rune(high), rune(unit)); r != utf8.RuneError {
			return utf8.AppendRune(dst, r), 0
		}
		dst = utf8.AppendRune(dst, utf8.RuneError)
	}
	if unit >= 0xD800 && unit < 0xDC00 {
		return dst, unit
	}
	return utf8.AppendRune(dst, rune(unit)), 0
}
