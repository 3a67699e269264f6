// Package ole looks into OLE compound files (MS-CFB), in which .xls workbooks, older Office documents and
// password-protected workbooks of every kind come.
package ole

import (
	"bytes"
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
	doc, err := mscfb.New(r)
	if err != nil {
		return nil, 0, sheet.Corrupt(err)
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
	doc, err := mscfb.New(r)
	if err != nil {
		return sheet.Corrupt(err)
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
