package pack

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"slices"

	"cadastro/internal/errs"
)

const (
	endLen       = 22
	end64Len     = 56
	locatorLen   = 20
	centralLen   = 46
	localLen     = 30
	maxDirectory = 8 << 20 // bytes of a directory of 1,000 entries with comments

	endSig     = 0x06054b50
	end64Sig   = 0x06064b50
	locatorSig = 0x07064b50
	centralSig = 0x02014b50
	localSig   = 0x04034b50
)

var (
	errNoDirectory  = errors.New("zip: no end of central directory")
	errBadDirectory = errors.New("zip: broken central directory")
	errOverlap      = errors.New("zip: entries overlap")
)

// directory is where the central directory stands. base is the number of bytes before the archive (it may follow
// other content, and its offsets then count from its own start).
type directory struct {
	offset, size, count, base int64
}

// findEnd reads the end of central directory record, and its zip64 form (APPNOTE.TXT 4.3.14 to 4.3.16).
func findEnd(r io.ReaderAt, size int64) (directory, error) {
	n := min(size, endLen+0xFFFF)
	tail := make([]byte, n)
	if _, err := r.ReadAt(tail, size-n); err != nil && err != io.EOF {
		return directory{}, err
	}
	for i := len(tail) - endLen; i >= 0; i-- {
		b := tail[i:]
		if binary.LittleEndian.Uint32(b) != endSig || i+endLen+int(binary.LittleEndian.Uint16(b[20:])) > len(tail) {
			continue
		}
		at := size - n + int64(i)
		d := directory{
			count:  int64(binary.LittleEndian.Uint16(b[10:])),
			size:   int64(binary.LittleEndian.Uint32(b[12:])),
			offset: int64(binary.LittleEndian.Uint32(b[16:])),
		}
		if d.count == 0xFFFF || d.size == 0xFFFFFFFF || d.offset == 0xFFFFFFFF {
			at = d.widen(r, at)
		}
		if d.count < 0 || d.size < 0 || d.offset < 0 || d.size > at || d.offset > at-d.size {
			return directory{}, errBadDirectory
		}
		if d.base = at - d.size - d.offset; d.base > 0 && signature(r, d.offset) == centralSig {
			d.base = 0
		}
		return d, nil
	}
	return directory{}, errNoDirectory
}

// widen reads the zip64 record, if there is one, and tells where it (or else the plain one) begins.
func (d *directory) widen(r io.ReaderAt, end int64) int64 {
	var loc [locatorLen]byte
	if end < locatorLen {
		return end
	}
	if _, err := r.ReadAt(loc[:], end-locatorLen); err != nil || binary.LittleEndian.Uint32(loc[:]) != locatorSig {
		return end
	}
	at := int64(binary.LittleEndian.Uint64(loc[8:]))
	var b [end64Len]byte
	if at < 0 || at > end {
		return end
	}
	if _, err := r.ReadAt(b[:], at); err != nil || binary.LittleEndian.Uint32(b[:]) != end64Sig {
		return end
	}
	d.count = int64(binary.LittleEndian.Uint64(b[32:]))
	d.size = int64(binary.LittleEndian.Uint64(b[40:]))
	d.offset = int64(binary.LittleEndian.Uint64(b[48:]))
	return at
}

func signature(r io.ReaderAt, at int64) uint32 {
	var b [4]byte
	if _, err := r.ReadAt(b[:], at); err != nil {
		return 0
	}
	return binary.LittleEndian.Uint32(b[:])
}

// readDirectory lists the entries. It believes no count: entries are counted as they are read.
func readDirectory(r io.ReaderAt, size int64, limit int) ([]Entry, error) {
	d, err := findEnd(r, size)
	if err != nil {
		return nil, err
	}
	if d.count > int64(limit) || d.size > maxDirectory {
		return nil, errs.New(errs.TooLarge, "sheet.too_many_parts", "limit", limit)
	}
	b := make([]byte, d.size)
	if _, err := r.ReadAt(b, d.base+d.offset); err != nil && err != io.EOF {
		return nil, err
	}
	var list []Entry
	for len(b) >= centralLen && binary.LittleEndian.Uint32(b) == centralSig {
		if len(list) == limit {
			return nil, errs.New(errs.TooLarge, "sheet.too_many_parts", "limit", limit)
		}
		e, n, err := readEntry(b)
		if err != nil {
			return nil, err
		}
		if e.header += d.base; e.header+localLen > size {
			return nil, errBadDirectory
		}
		list = append(list, e)
		b = b[n:]
	}
	if int64(len(list)) != d.count {
		return nil, errBadDirectory
	}
	return list, overlap(list, d.base+d.offset)
}

func readEntry(b []byte) (Entry, int, error) {
	nameLen := int(binary.LittleEndian.Uint16(b[28:]))
	extraLen := int(binary.LittleEndian.Uint16(b[30:]))
	n := centralLen + nameLen + extraLen + int(binary.LittleEndian.Uint16(b[32:]))
	if n > len(b) {
		return Entry{}, 0, errBadDirectory
	}
	e := Entry{
		Name:      string(bytes.ReplaceAll(b[centralLen:centralLen+nameLen], []byte{'\\'}, []byte{'/'})),
		Packed:    int64(binary.LittleEndian.Uint32(b[20:])),
		encrypted: b[8]&1 != 0,
		method:    binary.LittleEndian.Uint16(b[10:]),
		crc:       binary.LittleEndian.Uint32(b[16:]),
		header:    int64(binary.LittleEndian.Uint32(b[42:])),
	}
	plain := binary.LittleEndian.Uint32(b[24:])
	wide(&e, plain == 0xFFFFFFFF, b[centralLen+nameLen:centralLen+nameLen+extraLen])
	if e.Packed < 0 || e.header < 0 {
		return Entry{}, 0, errBadDirectory
	}
	return e, n, nil
}

// wide takes the 64-bit sizes of the zip64 extra field (APPNOTE.TXT 4.5.3): only those that do not fit are there.
func wide(e *Entry, skipPlain bool, extra []byte) {
	for len(extra) >= 4 {
		id, n := binary.LittleEndian.Uint16(extra), int(binary.LittleEndian.Uint16(extra[2:]))
		if n > len(extra)-4 {
			return
		}
		field := extra[4 : 4+n]
		extra = extra[4+n:]
		if id != 1 {
			continue
		}
		next := func() int64 {
			if len(field) < 8 {
				return -1
			}
			v := binary.LittleEndian.Uint64(field)
			field = field[8:]
			return int64(v)
		}
		if skipPlain {
			next()
		}
		if e.Packed == 0xFFFFFFFF {
			e.Packed = next()
		}
		if e.header == 0xFFFFFFFF {
			e.header = next()
		}
		return
	}
}

// overlap refuses entries that share bytes, as in bombs whose every entry inflates the same data. end is where the
// directory begins.
func overlap(list []Entry, end int64) error {
	order := make([]*Entry, len(list))
	for i := range list {
		order[i] = &list[i]
	}
	slices.SortFunc(order, func(a, b *Entry) int { return int(min(max(a.header-b.header, -1), 1)) })
	for i, e := range order {
		next := end
		if i+1 < len(order) {
			next = order[i+1].header
		}
		if e.Packed > next-e.header-localLen {
			return errOverlap
		}
	}
	return nil
}
