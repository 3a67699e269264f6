// Package xlsx reads and writes Office Open XML workbooks (ECMA-376, ISO/IEC 29500): .xlsx, .xlsm, .xltx, .xltm,
// transitional and strict.
//
// # Reading
//
// Sheets are streamed by an own byte scanner; memory grows with the number of different strings only, and beyond a
// bound these go to a temporary file. Everything in the file is counted against [sheet.Limits]. Macros, external
// links, drawings and the like are never opened.
//
// # Writing
//
// [Writer] streams rows to a file whose cells are text, so that phones and codes stay as they are.
package xlsx

import (
	"errors"
	"io"
	"path"
	"strings"

	"cadastro/internal/errs"
	"cadastro/internal/sheet"
	"cadastro/internal/sheet/ole"
	"cadastro/internal/sheet/pack"
	"cadastro/internal/sheet/xmlscan"
)

var (
	errNoWorkbook = errors.New("no workbook part")
	errNoPart     = errors.New("the part of the sheet is missing")
	errNoStrings  = errors.New("shared string out of range")
	errManyRels   = errors.New("too many relations")
)

// Book is an open workbook.
type Book struct {
	zip      *pack.Archive
	lim      sheet.Limits
	list     []tab
	date1904 bool
	styles   []style
	shared   *stringTable
	strings  string // name of the part, "" for none
}

type tab struct {
	sheet.Info
	part string // name of the part, "" for none
}

// Open reads the workbook's list of sheets and its styles. An encrypted workbook is file.encrypted, a binary one
// (.xlsb) file.format_unsupported, what is no workbook file.not_a_table, a broken file file.corrupt.
func Open(r io.ReaderAt, size int64, lim sheet.Limits) (sheet.Book, error) {
	if ole.Is(r) {
		return nil, ole.Refuse(r)
	}
	lim = lim.WithDefaults()
	zip, err := pack.Open(r, size, lim)
	if err != nil {
		return nil, err
	}
	b := &Book{zip: zip, lim: lim}
	if err := b.load(); err != nil {
		return nil, err
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
func (b *Book) Close() error {
	if b.shared == nil {
		return nil
	}
	return b.shared.Close()
}

func (b *Book) load() error {
	main, err := b.mainPart()
	if err != nil {
		return err
	}
	rels, err := b.relations(main)
	if err != nil {
		return err
	}
	if err := b.workbook(main, rels); err != nil {
		return err
	}
	styles := ""
	for _, rel := range rels.list {
		switch rel.kind {
		case "sharedStrings":
			b.strings = rel.target
		case "styles":
			styles = rel.target
		}
	}
	dir := path.Dir(main)
	if b.strings == "" && b.zip.Find(dir+"/sharedStrings.xml") != nil {
		b.strings = dir + "/sharedStrings.xml"
	}
	if styles == "" {
		styles = dir + "/styles.xml"
	}
	if err := b.loadStyles(styles); err != nil {
		return err
	}
	b.extents()
	return nil
}

// mainPart finds the workbook by the package's relations, or by its usual place.
func (b *Book) mainPart() (string, error) {
	rels, err := b.relations("")
	if err != nil {
		return "", err
	}
	for _, rel := range rels.list {
		if rel.kind != "officeDocument" {
			continue
		}
		switch {
		case strings.HasSuffix(strings.ToLower(rel.target), ".bin"):
			return "", errs.New(errs.Invalid, "file.format_unsupported", "format", "XLSB")
		case strings.HasPrefix(strings.ToLower(rel.target), "word/"):
			return "", errs.New(errs.Invalid, "file.not_a_table", "kind", "Word")
		case strings.HasPrefix(strings.ToLower(rel.target), "ppt/"):
			return "", errs.New(errs.Invalid, "file.not_a_table", "kind", "PowerPoint")
		}
		if b.zip.Find(rel.target) != nil {
			return rel.target, nil
		}
	}
	if b.zip.Find("xl/workbook.xml") != nil {
		return "xl/workbook.xml", nil
	}
	return "", errs.Wrap(errNoWorkbook, errs.Invalid, "file.not_a_table", "kind", "ZIP")
}

// workbook reads the list of sheets and the date system.
func (b *Book) workbook(part string, rels relations) error {
	s, done, err := b.scan(part)
	if err != nil {
		return err
	}
	defer done()
	for {
		tok, err := s.Next()
		if err != nil {
			return err
		}
		switch {
		case tok == xmlscan.EOF:
			if len(b.list) == 0 {
				return sheet.NoSheet()
			}
			return nil
		case tok == xmlscan.Start && s.Is("workbookPr"):
			b.date1904 = isTrue(s.Attr("date1904"))
		case tok == xmlscan.Start && s.Is("sheet") && s.Depth == 3:
			if len(b.list) == b.lim.Entries {
				return errs.New(errs.TooLarge, "sheet.too_many_parts", "limit", b.lim.Entries)
			}
			b.addSheet(s, path.Dir(part), rels)
		}
	}
}

func (b *Book) addSheet(s *xmlscan.Scanner, dir string, rels relations) {
	t := tab{Info: sheet.Info{Name: s.Attr("name")}}
	switch strings.ToLower(s.Attr("state")) {
	case "hidden":
		t.State = sheet.Hidden
	case "veryhidden":
		t.State = sheet.VeryHidden
	}
	rel, ok := rels.byID[s.Attr("id")]
	if !ok {
		name := dir + "/worksheets/sheet" + s.Attr("sheetId") + ".xml"
		if b.zip.Find(name) != nil {
			rel = relation{target: name, kind: "worksheet"}
		}
	}
	switch {
	case rel.kind == "chartsheet":
		t.Kind = sheet.Chart
	case rel.kind == "dialogsheet":
		t.Kind = sheet.Dialog
	case strings.HasSuffix(strings.ToLower(rel.kind), "macrosheet"):
		t.Kind = sheet.Macro
	}
	t.part = rel.target
	b.list = append(b.list, t)
}

// scan opens a small part.
func (b *Book) scan(part string) (*xmlscan.Scanner, func(), error) {
	e := b.zip.Find(part)
	if e == nil {
		return nil, nil, sheet.Corrupt(errNoPart)
	}
	r, err := b.zip.Open(e, b.lim.Part)
	if err != nil {
		return nil, nil, err
	}
	return xmlscan.New(xmlscan.Decode(r), b.lim.Depth), func() { _ = r.Close() }, nil
}

// extents reads the dimension that sheets claim at their beginning; what cannot be read is told when the sheet is.
func (b *Book) extents() {
	const most = 64
	for i := range b.list[:min(len(b.list), most)] {
		t := &b.list[i]
		if t.Kind != sheet.Worksheet || b.zip.Find(t.part) == nil {
			continue
		}
		s, done, err := b.scan(t.part)
		if err != nil {
			continue
		}
		for {
			tok, err := s.Next()
			if err != nil || tok == xmlscan.EOF || tok == xmlscan.Start && s.Is("sheetData") {
				break
			}
			if tok == xmlscan.Start && s.Is("dimension") {
				_, last, _ := strings.Cut(s.Attr("ref"), ":")
				if col, row, ok := parseRef([]byte(last)); ok && col < b.lim.Columns {
					t.Rows, t.Cols = row, col+1
				}
				break
			}
		}
		done()
	}
}

func isTrue(s string) bool { return s == "1" || s == "true" || s == "on" || s == "t" }
