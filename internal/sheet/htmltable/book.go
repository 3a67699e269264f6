// Package htmltable reads the tables of an HTML page as sheets. Many programs write such a page under the name .xls.
//
// Every table is a sheet, those inside other tables too; the text of an inner table is not part of the outer one.
package htmltable

import (
	"errors"
	"io"
	"strconv"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"cadastro/internal/errs"
	"cadastro/internal/sheet"
)

// maxSpan bounds colspan, as browsers do (HTML standard, 4.9.11).
const maxSpan = 1000

// Book is an open page.
type Book struct {
	r       io.ReaderAt
	size    int64
	lim     sheet.Limits
	charset string
	list    []sheet.Info
}

// Open counts the tables of the page and their rows. A page without tables is sheet.none.
func Open(r io.ReaderAt, size int64, lim sheet.Limits) (sheet.Book, error) {
	b := &Book{r: r, size: size, lim: lim.WithDefaults()}
	var err error
	if b.charset, err = detect(r, size); err != nil {
		return nil, err
	}
	if err := b.load(); err != nil {
		return nil, err
	}
	if len(b.list) == 0 {
		return nil, sheet.NoSheet()
	}
	return b, nil
}

// Charset is the encoding that was found, by its WHATWG name.
func (b *Book) Charset() string { return b.charset }

// Sheets implements sheet.Book. Rows and Cols are counted, not claimed.
func (b *Book) Sheets() []sheet.Info { return append([]sheet.Info(nil), b.list...) }

// Close implements sheet.Book.
func (b *Book) Close() error { return nil }

// load counts tables, their rows and their cells side by side.
func (b *Book) load() error {
	z, _ := b.tokens()
	var open []int // tables that are open, by number
	cells := map[int]int{}
	for {
		switch z.Next() {
		case html.ErrorToken:
			return b.failure(z.Err())
		case html.StartTagToken:
			name, _ := z.TagName()
			tag := atom.Lookup(name)
			if tag == atom.Table {
				if len(b.list) == b.lim.Entries || len(open) == b.lim.Depth {
					return errs.New(errs.TooLarge, "sheet.too_many_parts", "limit", b.lim.Entries)
				}
				open = append(open, len(b.list))
				b.list = append(b.list, sheet.Info{Name: "Table " + strconv.Itoa(len(b.list)+1)})
				continue
			}
			if len(open) == 0 {
				continue
			}
			at := open[len(open)-1]
			t := &b.list[at]
			switch tag {
			case atom.Tr:
				t.Rows++
				cells[at] = 0
			case atom.Td, atom.Th:
				cells[at]++
				t.Rows = max(t.Rows, 1)
				t.Cols = max(t.Cols, min(cells[at], b.lim.Columns))
			}
		case html.EndTagToken:
			if name, _ := z.TagName(); atom.Lookup(name) == atom.Table && len(open) > 0 {
				open = open[:len(open)-1]
			}
		}
	}
}

// tokens starts reading the page anew.
func (b *Book) tokens() (*html.Tokenizer, *counter) {
	c := &counter{r: io.NewSectionReader(b.r, 0, b.size)}
	z := html.NewTokenizer(decode(c, b.charset))
	z.SetMaxBuf(2 * b.lim.CellBytes)
	return z, c
}

// failure gives nil at the end of the page, and else the error.
func (b *Book) failure(err error) error {
	switch {
	case err == io.EOF:
		return nil
	case errors.Is(err, html.ErrBufferExceeded):
		return errs.Wrap(err, errs.TooLarge, "sheet.text_too_long", "limit", b.lim.CellBytes)
	}
	return err
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
