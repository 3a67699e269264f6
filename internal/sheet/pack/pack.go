// Package pack opens the zip containers of spreadsheet files (XLSX, ODS) within limits.
//
// It believes nothing that the directory says of sizes: bytes are counted as they are inflated. It refuses too many
// entries, entries that overlap, and data that inflates beyond reason; names are only keys, nothing is written.
// The format is described in PKWARE's APPNOTE.TXT.
package pack

import (
	"bufio"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"strings"

	"github.com/klauspost/compress/flate"

	"cadastro/internal/errs"
	"cadastro/internal/sheet"
)

const (
	stored    = 0
	deflated  = 8
	readAhead = 32 << 10
)

var (
	errMethod   = errors.New("zip: unknown compression method")
	errChecksum = errors.New("zip: wrong checksum")
	errLocal    = errors.New("zip: broken local header")
)

// Entry is one file of the archive. Name uses slashes; Packed is its size in the archive, in bytes.
type Entry struct {
	Name   string
	Packed int64

	encrypted bool
	method    uint16
	crc       uint32
	header    int64
}

// Archive is an open container.
type Archive struct {
	Entries []Entry
	r       io.ReaderAt
	lim     sheet.Limits
	byName  map[string]int
}

// Open reads the directory of the container.
func Open(r io.ReaderAt, size int64, lim sheet.Limits) (*Archive, error) {
	lim = lim.WithDefaults()
	list, err := readDirectory(r, size, lim.Entries)
	if err != nil {
		if errs.CodeOf(err) != "" {
			return nil, err
		}
		return nil, sheet.Corrupt(err)
	}
	a := &Archive{Entries: list, r: r, lim: lim, byName: make(map[string]int, 2*len(list))}
	for i := range list {
		low := strings.ToLower(list[i].Name)
		if _, ok := a.byName[low]; !ok {
			a.byName[low] = i
		}
	}
	return a, nil
}

// Find gives the entry of that name, whatever its case and with or without a slash in front; nil for none.
func (a *Archive) Find(name string) *Entry {
	name = strings.ToLower(strings.TrimLeft(name, "/"))
	for _, key := range [...]string{name, "/" + name} {
		if i, ok := a.byName[key]; ok {
			return &a.Entries[i]
		}
	}
	return nil
}

// Open gives a reader over the inflated entry, bounded by limit bytes (0: the limit of the archive). An encrypted
// entry, a wrong checksum and data over the limits are errors.
func (a *Archive) Open(e *Entry, limit int64) (*Reader, error) {
	if e.encrypted {
		return nil, sheet.Encrypted()
	}
	var b [localLen]byte
	if _, err := a.r.ReadAt(b[:], e.header); err != nil || binary.LittleEndian.Uint32(b[:]) != localSig {
		return nil, sheet.Corrupt(errLocal)
	}
	at := e.header + localLen + int64(binary.LittleEndian.Uint16(b[26:])) + int64(binary.LittleEndian.Uint16(b[28:]))
	if limit == 0 {
		limit = a.lim.Inflated
	}
	r := &Reader{entry: e, limit: limit, ratio: a.lim.Ratio, ratioFrom: a.lim.RatioFrom}
	r.packed.r = io.NewSectionReader(a.r, at, e.Packed)
	switch e.method {
	case stored:
		r.in = io.NopCloser(&r.packed)
	case deflated:
		r.in = flate.NewReader(bufio.NewReaderSize(&r.packed, readAhead)) // which flate has a fast path for
	default:
		return nil, sheet.Corrupt(errMethod)
	}
	return r, nil
}

// ReadAll gives a small entry whole.
func (a *Archive) ReadAll(e *Entry) ([]byte, error) {
	r, err := a.Open(e, a.lim.Part)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

// Reader reads one entry.
type Reader struct {
	entry     *Entry
	packed    counter
	in        io.ReadCloser
	total     int64
	limit     int64
	ratio     int64
	ratioFrom int64
	crc       uint32
	err       error
}

// Read implements io.Reader.
func (r *Reader) Read(p []byte) (int, error) {
	if r.err != nil {
		return 0, r.err
	}
	n, err := r.in.Read(p)
	r.total += int64(n)
	r.crc = crc32.Update(r.crc, crc32.IEEETable, p[:n])
	switch {
	case r.total > r.limit:
		n, err = 0, errs.New(errs.TooLarge, "file.inflated_too_large", "limit", r.limit)
	case r.total > r.ratioFrom && r.total/r.ratio > r.packed.n:
		n, err = 0, errs.New(errs.TooLarge, "file.bomb", "size", r.total, "packed", r.packed.n)
	case err == io.EOF && r.crc != r.entry.crc:
		err = sheet.Corrupt(errChecksum)
	case err != nil && err != io.EOF:
		err = sheet.Corrupt(err)
	}
	r.err = err
	return n, err
}

// Done tells how much of the entry has been read, from 0 to 1.
func (r *Reader) Done() float64 {
	if r.entry.Packed == 0 {
		return 1
	}
	return min(1, float64(r.packed.n)/float64(r.entry.Packed))
}

// Close releases the reader.
func (r *Reader) Close() error { return r.in.Close() }

// counter counts the bytes that were read.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
