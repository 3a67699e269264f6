// Package ods reads OpenDocument spreadsheets (OASIS OpenDocument 1.3, part 3), such as LibreOffice writes.
//
// A document is one large XML part that holds all sheets; it is streamed, and sheets that are not wanted are passed
// over. Repeated rows and cells without content cost nothing; repeated content is bounded.
package ods

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"cadastro/internal/errs"
	"cadastro/internal/sheet"
	"cadastro/internal/sheet/pack"
	"cadastro/internal/sheet/xmlscan"
)

const mimePrefix = "application/vnd.oasis.opendocument."

var errNoContent = errors.New("no content.xml")

// Book is an open document.
type Book struct {
	zip  *pack.Archive
	lim  sheet.Limits
	list []sheet.Info
	slow bool // tables are nested, so that they cannot be passed over quickly
}

// Open reads the list of sheets. An encrypted document is file.encrypted, one of another kind file.not_a_table, a
// broken file file.corrupt.
func Open(r io.ReaderAt, size int64, lim sheet.Limits) (sheet.Book, error) {
	lim = lim.WithDefaults()
	zip, err := pack.Open(r, size, lim)
	if err != nil {
		return nil, err
	}
	b := &Book{zip: zip, lim: lim}
	if err := b.check(); err != nil {
		return nil, err
	}
	if err := b.loadSheets(); err != nil {
		var e *errs.Error
		if errors.As(err, &e) && e.Kind == errs.TooLarge {
			return nil, err
		}
		b.slow = true
		if err := b.loadSheets(); err != nil {
			return nil, err
		}
	}
	if len(b.list) == 0 {
		return nil, sheet.NoSheet()
	}
	return b, nil
}

// Sheets implements sheet.Book.
func (b *Book) Sheets() []sheet.Info { return append([]sheet.Info(nil), b.list...) }

// Close implements sheet.Book.
func (b *Book) Close() error { return nil }

// check refuses what is no spreadsheet and what is encrypted.
func (b *Book) check() error {
	if e := b.zip.Find("mimetype"); e != nil {
		mime, err := b.zip.ReadAll(e)
		if err != nil {
			return err
		}
		kind, ok := strings.CutPrefix(strings.TrimSpace(string(mime)), mimePrefix)
		if ok && !strings.HasPrefix(kind, "spreadsheet") {
			return errs.New(errs.Invalid, "file.not_a_table", "kind", "OpenDocument "+errs.Clip(kind, 40))
		}
	}
	if b.zip.Find("encrypted-package") != nil {
		return sheet.Encrypted()
	}
	if e := b.zip.Find("META-INF/manifest.xml"); e != nil {
		manifest, err := b.zip.ReadAll(e)
		if err != nil {
			return err
		}
		if bytes.Contains(manifest, []byte("encryption-data")) {
			return sheet.Encrypted()
		}
	}
	if b.zip.Find("content.xml") == nil {
		return errs.Wrap(errNoContent, errs.Invalid, "file.not_a_table", "kind", "ZIP")
	}
	return nil
}

// content opens the part with the sheets.
func (b *Book) content() (*xmlscan.Scanner, *pack.Reader, error) {
	r, err := b.zip.Open(b.zip.Find("content.xml"), 0)
	if err != nil {
		return nil, nil, err
	}
	return xmlscan.New(xmlscan.Decode(r), b.lim.Depth), r, nil
}

// loadSheets lists the tables right below the spreadsheet element. A table is hidden by its style.
func (b *Book) loadSheets() error {
	b.list = nil
	s, r, err := b.content()
	if err != nil {
		return err
	}
	defer r.Close()
	hidden := map[string]bool{}
	style := ""
	for {
		tok, err := s.Next()
		if err != nil || tok == xmlscan.EOF {
			return err
		}
		if tok != xmlscan.Start {
			continue
		}
		switch {
		case s.Is("style") && s.Depth == 3:
			style = s.Attr("name")
		case s.Is("table-properties") && s.Attr("display") == "false" && len(hidden) < b.lim.Entries:
			hidden[style] = true
		case s.Is("tracked-changes"):
			err = s.Skip()
		case s.Is("table") && s.Depth == tableDepth:
			if len(b.list) == b.lim.Entries {
				return errs.New(errs.TooLarge, "sheet.too_many_parts", "limit", b.lim.Entries)
			}
			info := sheet.Info{Name: s.Attr("name")}
			if hidden[s.Attr("style-name")] {
				info.State = sheet.Hidden
			}
			b.list = append(b.list, info)
			err = b.skip(s)
		}
		if err != nil {
			return err
		}
	}
}

// tableDepth is that of document-content / body / spreadsheet / table.
const tableDepth = 4

func (b *Book) skip(s *xmlscan.Scanner) error {
	if b.slow {
		return s.Skip()
	}
	return s.SkipFast()
}
