package xls

import (
	"encoding/binary"
	"math"
	"unicode/utf16"
)

// stream builds a bare stream of records.
type stream struct{ b []byte }

func (s *stream) rec(kind uint16, data ...[]byte) {
	n := 0
	for _, d := range data {
		n += len(d)
	}
	s.b = binary.LittleEndian.AppendUint16(s.b, kind)
	s.b = binary.LittleEndian.AppendUint16(s.b, uint16(n))
	for _, d := range data {
		s.b = append(s.b, d...)
	}
}

func u16(v ...int) []byte {
	var b []byte
	for _, x := range v {
		b = binary.LittleEndian.AppendUint16(b, uint16(x))
	}
	return b
}

func u32(v int) []byte { return binary.LittleEndian.AppendUint32(nil, uint32(v)) }

func f64(v float64) []byte { return binary.LittleEndian.AppendUint64(nil, math.Float64bits(v)) }

// str is a BIFF8 string without its length: flags and characters.
func str(s string, wide bool) []byte {
	units := utf16.Encode([]rune(s))
	if !wide {
		b := []byte{0}
		for _, u := range units {
			b = append(b, byte(u))
		}
		return b
	}
	return append([]byte{1}, u16(ints(units)...)...)
}

func ints(units []uint16) []int {
	out := make([]int, len(units))
	for i, u := range units {
		out[i] = int(u)
	}
	return out
}

func bof(version, kind int) []byte { return append(u16(version, kind), make([]byte, 12)...) }

// workbook builds a BIFF8 stream: globals is called for the records between BOF and the list of sheets, then each
// sheet for its cells.
func workbook(version int, globals func(*stream), sheets ...func(*stream)) []byte {
	var s stream
	s.rec(recBOF, bof(version, 5))
	if globals != nil {
		globals(&s)
	}
	var places []int
	for i := range sheets {
		places = append(places, len(s.b)+4)
		name := []byte{'S', byte('1' + i)}
		head := append(u32(0), byte(i), 0, 2)
		if version == biff8 {
			head = append(head, 0)
		}
		s.rec(recBoundSheet, head, name)
	}
	s.rec(recEOF)
	for i, f := range sheets {
		binary.LittleEndian.PutUint32(s.b[places[i]:], uint32(len(s.b)))
		s.rec(recBOF, bof(version, 0x10))
		f(&s)
		s.rec(recEOF)
	}
	return s.b
}
