// Package ole looks into OLE compound files (MS-CFB), in which .xls workbooks, older Office documents and
// password-protected workbooks of every kind come.
package ole

import (
	"bytes"
	"errors"
	"io"
	"slices"

	"github.com/richardlehane/mscfb"

	"cadastro/internal/errs"
	"cadastro/internal/sheet"
)

// Is tells whether the file is a compound file.
func Is(r io.ReaderAt) bool {
	var b [8]byte
	n, _ := r.ReadAt(b[:], 0)
	return n == len(b) && bytes.Equal(b[:], []byte{0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1})
}

// Open gives the stream of the first of the given names that the root of the file has, and its size in bytes. nil
// without error: there is none.
func Open(r io.ReaderAt, names ...string) (io.ReadSeeker, int64, error) {
	doc, err := directory(r)
	if err != nil {
		return nil, 0, err
	}
	for _, name := range names {
		for _, f := range doc.File {
			if f.Name == name && len(f.Path) == 0 && !f.FileInfo().IsDir() {
				return f, f.Size, nil
			}
		}
	}
	return nil, 0, nil
}

// Refuse gives the error for a compound file that is no .xls workbook.
func Refuse(r io.ReaderAt) error {
	doc, err := directory(r)
	if err != nil {
		return err
	}
	has := func(name string) bool {
		return slices.ContainsFunc(doc.File, func(f *mscfb.File) bool { return f.Name == name })
	}
	switch {
	case has("EncryptedPackage"):
		return sheet.Encrypted()
	case has("Workbook"), has("Book"):
		return errs.New(errs.Invalid, "file.format_unsupported", "format", "XLS")
	case has("WordDocument"):
		return errs.New(errs.Invalid, "file.not_a_table", "kind", "Word")
	case has("PowerPoint Document"):
		return errs.New(errs.Invalid, "file.not_a_table", "kind", "PowerPoint")
	}
	return errs.New(errs.Invalid, "file.not_a_table", "kind", "OLE")
}

// directory reads the file's directory. The library bounds its work by the size of the file only, and walks the
// directory by recursion; here the number of its reads is bounded.
func directory(r io.ReaderAt) (*mscfb.Reader, error) {
	g := &guard{r: r, left: maxReads}
	doc, err := mscfb.New(g)
	if err != nil {
		return nil, sheet.Corrupt(err)
	}
	g.left = -1
	return doc, nil
}

// maxReads allows for a directory of some 40,000 entries. Workbooks have a few dozen.
const maxReads = 20_000

var errDirectory = errors.New("ole: directory too large")

// guard fails after a number of reads; a negative one is no bound.
type guard struct {
	r    io.ReaderAt
	left int
}

func (g *guard) ReadAt(p []byte, off int64) (int, error) {
	if g.left == 0 {
		return 0, errDirectory
	}
	if g.left > 0 {
		g.left--
	}
	return g.r.ReadAt(p, off)
}
