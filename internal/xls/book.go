// Package xls reads the workbooks of Excel 5 to 2003 (BIFF5 and BIFF8 in an OLE compound file; MS-XLS), and those of
// programs that leave out the compound file.
//
// Sheets are streamed; the shared strings are held compactly. Where a program has written the cells of a sheet in
// another order than by rows, that sheet is sorted in memory. Macros, drawings and links are never opened.
package xls

import (
	"encoding/binary"
	"errors"
	"io"

	"golang.org/x/text/encoding"

	"cadastro/internal/errs"
	"cadastro/internal/sheet"
	"cadastro/internal/sheet/arena"
	"cadastro/internal/sheet/numfmt"
	"cadastro/internal/sheet/ole"
)

const (
	biff5 = 0x0500
	biff8 = 0x0600

	maxFormats = 1 << 16
)

var (
	errNoGlobals = errors.New("xls: no workbook globals")
	errBadSheet  = errors.New("xls: broken list of sheets")
	errSize      = errors.New("xls: stream larger than the file")
)

// Book is an open workbook.
type Book struct {
	open     func() (io.ReadSeeker, error) // the stream of records, from its beginning
	size     int64                         // of the stream
	lim      sheet.Limits
	version  int
	charset  encoding.Encoding // of BIFF5 text
	date1904 bool
	list     []tab
	codes    map[int]string // number formats of the workbook
	xfs      []int          // the number format of each cell style
	formats  []*numfmt.Format
	strings  *arena.Store
}

type tab struct {
	sheet.Info
	at int64 // where its records begin
}

// Open reads the workbook's list of sheets, styles and strings. An encrypted workbook (of every kind that comes in a
// compound file) is file.encrypted, one of Excel 4 and before file.format_unsupported, another document
// file.not_a_table, a broken file file.corrupt.
func Open(r io.ReaderAt, size int64, lim sheet.Limits) (sheet.Book, error) {
	b := &Book{lim: lim.WithDefaults(), codes: map[int]string{}, charset: charset(0)}
	if err := b.find(r, size); err != nil {
		return nil, err
	}
	b.strings = arena.New(b.lim.SharedMemory, b.lim.TempDir)
	if err := b.globals(); err != nil {
		_ = b.Close()
		if errs.CodeOf(err) != "" {
			return nil, err
		}
		return nil, sheet.Corrupt(err)
	}
	return b, nil
}

// Sheets implements sheet.Book.
func (b *Book) Sheets() []sheet.Info {
	out := make([]sheet.Info, len(b.list))
	for i := range b.list {
		out[i] = b.list[i].Info
	}
	return out
}

// Close implements sheet.Book.
func (b *Book) Close() error { return b.strings.Close() }

// find looks for the stream of records: in the compound file, or bare.
func (b *Book) find(r io.ReaderAt, size int64) error {
	if !ole.Is(r) {
		var head [4]byte
		n, _ := r.ReadAt(head[:], 0)
		switch {
		case n < 4:
			return sheet.Corrupt(errNoGlobals)
		case binary.LittleEndian.Uint16(head[:]) == recBOF:
			b.size = size
			b.open = func() (io.ReadSeeker, error) { return io.NewSectionReader(r, 0, size), nil }
			return nil
		case head[0] == 0x09 && (head[1] == 0 || head[1] == 2 || head[1] == 4):
			return errs.New(errs.Invalid, "file.format_unsupported", "format", "Excel 4")
		}
		return sheet.Corrupt(errNoGlobals)
	}
	f, n, err := ole.Open(r, "Workbook", "Book", "WORKBOOK", "BOOK")
	switch {
	case err != nil:
		return err
	case f == nil:
		return ole.Refuse(r)
	case n > size:
		return sheet.Corrupt(errSize)
	}
	b.size = n
	b.open = func() (io.ReadSeeker, error) {
		f, _, err := ole.Open(r, "Workbook", "Book", "WORKBOOK", "BOOK")
		return f, err
	}
	return nil
}

// globals reads the records ahead of the first sheet.
func (b *Book) globals() error {
	stream, err := b.open()
	if err != nil {
		return err
	}
	recs := newRecords(stream)
	for first := true; ; first = false {
		kind, data, err := recs.next()
		if err == io.EOF {
			err = errCut
		}
		if err != nil {
			return err
		}
		if first && (kind != recBOF || len(data) < 4) {
			return errNoGlobals
		}
		f := &fields{recs: recs, b: data}
		switch kind {
		case recBOF:
			if b.version == 0 {
				b.version = int(binary.LittleEndian.Uint16(data))
			}
			if b.version != biff5 && b.version != biff8 {
				return errs.New(errs.Invalid, "file.format_unsupported", "format", "Excel 4")
			}
		case recFilePass:
			return sheet.Encrypted()
		case recCodePage:
			if len(data) >= 2 {
				b.charset = charset(int(binary.LittleEndian.Uint16(data)))
			}
		case recDateMode:
			b.date1904 = len(data) >= 1 && data[0] == 1
		case recFormat:
			err = b.format(f)
		case recXF:
			if len(data) >= 4 && len(b.xfs) < maxFormats {
				b.xfs = append(b.xfs, int(binary.LittleEndian.Uint16(data[2:])))
			}
		case recBoundSheet:
			err = b.boundSheet(f)
		case recSST:
			err = b.sst(f)
		case recEOF:
			b.parseFormats()
			if len(b.list) == 0 {
				return sheet.NoSheet()
			}
			return b.strings.Finish()
		}
		if err != nil {
			return err
		}
	}
}

func (b *Book) format(f *fields) error {
	id, err := f.u16()
	if err != nil {
		return err
	}
	code, err := b.text(f, b.version == biff8)
	if err == nil && len(b.codes) < maxFormats {
		b.codes[id] = code
	}
	return err
}

// parseFormats makes the formats of the cell styles, nil for General.
func (b *Book) parseFormats() {
	parsed := map[int]*numfmt.Format{}
	for _, id := range b.xfs {
		f, ok := parsed[id]
		if !ok {
			code, own := b.codes[id]
			if !own || code == "" {
				code = numfmt.Builtin(id)
			}
			if code != "" && code != "General" && code != "GENERAL" {
				f = numfmt.New(code)
			}
			parsed[id] = f
		}
		b.formats = append(b.formats, f)
	}
}

func (b *Book) boundSheet(f *fields) error {
	at, err := f.u32()
	if err != nil {
		return err
	}
	head, err := f.next(2)
	if err != nil {
		return err
	}
	t := tab{at: int64(at)}
	switch head[0] & 3 {
	case 1:
		t.State = sheet.Hidden
	case 2:
		t.State = sheet.VeryHidden
	}
	switch head[1] {
	case 0:
	case 1:
		t.Kind = sheet.Macro
	case 2:
		t.Kind = sheet.Chart
	default:
		return nil // a module of Visual Basic
	}
	if t.Name, err = b.text(f, false); err != nil {
		return err
	}
	if len(b.list) == b.lim.Entries {
		return errBadSheet
	}
	b.list = append(b.list, t)
	return nil
}
