// Package xml2003 reads the XML spreadsheets of Excel 2002 and 2003 ("SpreadsheetML", urn:schemas-microsoft-com:
// office:spreadsheet), which many programs write under the name .xls.
package xml2003

import (
	"errors"
	"io"

	"cadastro/internal/errs"
	"cadastro/internal/sheet"
	"cadastro/internal/sheet/numfmt"
	"cadastro/internal/sheet/xmlscan"
)

const (
	sheetDepth = 2 // Workbook / Worksheet
	tableDepth = 3
	maxStyles  = 1 << 16
)

var errNoWorkbook = errors.New("xml: the root is no Workbook")

// Book is an open workbook.
type Book struct {
	r       io.ReaderAt
	size    int64
	lim     sheet.Limits
	list    []sheet.Info
	formats map[string]*numfmt.Format // by the style's identifier
	slow    bool
}

// Open reads the list of sheets and the styles. Another document is file.not_a_table, a broken one file.corrupt.
func Open(r io.ReaderAt, size int64, lim sheet.Limits) (sheet.Book, error) {
	b := &Book{r: r, size: size, lim: lim.WithDefaults()}
	err := b.load()
	if errs.CodeOf(err) == "file.corrupt" {
		b.slow = true
		err = b.load()
	}
	if err != nil {
		return nil, err
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

func (b *Book) scan() (*xmlscan.Scanner, *counter) {
	c := &counter{r: io.NewSectionReader(b.r, 0, b.size)}
	return xmlscan.New(xmlscan.Decode(c), b.lim.Depth), c
}

// load runs through the document, past the tables.
func (b *Book) load() error {
	b.list, b.formats = nil, map[string]*numfmt.Format{}
	s, _ := b.scan()
	style := ""
	for {
		tok, err := s.Next()
		if err != nil || tok == xmlscan.EOF {
			return err
		}
		if tok == xmlscan.Text && s.Depth == tableDepth+1 && s.Is("Visible") {
			b.visible(string(s.Raw))
		}
		if tok != xmlscan.Start {
			continue
		}
		switch {
		case s.Depth == 1:
			if !s.Is("Workbook") {
				return errs.Wrap(errNoWorkbook, errs.Invalid, "file.not_a_table", "kind", "XML")
			}
		case s.Is("Worksheet") && s.Depth == sheetDepth:
			if len(b.list) == b.lim.Entries {
				return errs.New(errs.TooLarge, "sheet.too_many_parts", "limit", b.lim.Entries)
			}
			b.list = append(b.list, sheet.Info{Name: s.Attr("Name")})
		case s.Is("Table") && s.Depth == tableDepth:
			err = b.skip(s)
		case s.Is("Style") && s.Depth == 3:
			style = s.Attr("ID")
		case s.Is("NumberFormat") && len(b.formats) < maxStyles:
			if code := named(s.Attr("Format")); code != "" {
				b.formats[style] = numfmt.New(code)
			}
		}
		if err != nil {
			return err
		}
	}
}

// visible takes the content of WorksheetOptions / Visible, which stands behind the table.
func (b *Book) visible(text string) {
	if len(b.list) == 0 {
		return
	}
	switch text {
	case "SheetHidden":
		b.list[len(b.list)-1].State = sheet.Hidden
	case "SheetVeryHidden":
		b.list[len(b.list)-1].State = sheet.VeryHidden
	}
}

func (b *Book) skip(s *xmlscan.Scanner) error {
	if b.slow {
		return s.Skip()
	}
	return s.SkipFast()
}

// named gives the code of a format, which may be one of the names that SpreadsheetML has; "" for General.
func named(format string) string {
	switch format {
	case "General", "General Number":
		return ""
	case "General Date":
		return numfmt.Builtin(22)
	case "Short Date":
		return numfmt.Builtin(14)
	case "Medium Date":
		return numfmt.Builtin(15)
	case "Long Date":
		return "[$-F800]dddd, mmmm dd, yyyy"
	case "Short Time":
		return numfmt.Builtin(20)
	case "Medium Time":
		return numfmt.Builtin(18)
	case "Long Time":
		return numfmt.Builtin(19)
	case "Currency":
		return numfmt.Builtin(7)
	case "Euro Currency":
		return `[$€-2] #,##0.00_);[Red]\([$€-2] #,##0.00\)`
	case "Fixed":
		return numfmt.Builtin(2)
	case "Standard":
		return numfmt.Builtin(4)
	case "Percent":
		return numfmt.Builtin(10)
	case "Scientific":
		return numfmt.Builtin(11)
	case "Yes/No":
		return `"Yes";"Yes";"No"`
	case "True/False":
		return `"True";"True";"False"`
	case "On/Off":
		return `"On";"On";"Off"`
	}
	return format
}

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
