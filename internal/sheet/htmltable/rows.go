package htmltable

import (
	"io"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"cadastro/internal/sheet"
)

// rows streams one table.
type rows struct {
	book  *Book
	z     *html.Tokenizer
	read  *counter
	level int // tables that are open inside this one
	ended bool
	line  int64
	count int64
	bytes int

	spans  []int // for each column, the rows below that a cell covers
	inRow  bool
	inCell bool
	hidden bool
	cells  []sheet.Cell
	col    int // behind the last cell
	cell   sheet.Cell
	value  string // the number that the cell has beside its text, "" for none
	width  int    // columns of the cell
	height int    // rows of the cell
	text   []byte
	space  bool // white space is due to be left out
	raw    atom.Atom

	done  sheet.Row // the row that was completed last
	ready bool      // it has not been given yet
}

// Rows implements sheet.Book.
func (b *Book) Rows(i int) (sheet.Rows, error) {
	if i < 0 || i >= len(b.list) {
		return nil, sheet.NoSheet()
	}
	r := &rows{book: b}
	r.z, r.read = b.tokens()
	for {
		switch r.z.Next() {
		case html.ErrorToken:
			if err := b.failure(r.z.Err()); err != nil {
				return nil, err
			}
			return nil, sheet.NoSheet()
		case html.StartTagToken:
			if name, _ := r.z.TagName(); atom.Lookup(name) == atom.Table {
				if i == 0 {
					return r, nil
				}
				i--
			}
		}
	}
}

// Done implements sheet.Rows.
func (r *rows) Done() float64 { return min(1, float64(r.read.n)/float64(max(r.book.size, 1))) }

// Close implements sheet.Rows.
func (r *rows) Close() error { return nil }

// Next implements sheet.Rows.
func (r *rows) Next(row *sheet.Row) error {
	row.Cells = row.Cells[:0]
	for !r.ended {
		if err := r.step(); err != nil {
			return err
		}
		if !r.ready {
			continue
		}
		r.ready = false
		if len(r.done.Cells) == 0 {
			continue
		}
		if r.count++; r.count > r.book.lim.Rows {
			return sheet.TooManyRows(r.book.lim.Rows)
		}
		row.Line, row.Hidden = r.done.Line, r.done.Hidden
		row.Cells = append(row.Cells, r.done.Cells...)
		return nil
	}
	return io.EOF
}

// step takes one token.
func (r *rows) step() error {
	switch r.z.Next() {
	case html.ErrorToken:
		if err := r.book.failure(r.z.Err()); err != nil {
			return err
		}
		r.ended = true
		return r.endRow()
	case html.TextToken:
		return r.addText(r.z.Text())
	case html.StartTagToken, html.SelfClosingTagToken:
		name, more := r.z.TagName()
		return r.startTag(atom.Lookup(name), more)
	case html.EndTagToken:
		name, _ := r.z.TagName()
		return r.endTag(atom.Lookup(name))
	}
	return nil
}

func (r *rows) startTag(tag atom.Atom, more bool) error {
	if tag == atom.Table {
		r.level++
		return nil
	}
	if r.level > 0 {
		return nil
	}
	switch tag {
	case atom.Tr:
		if err := r.endRow(); err != nil {
			return err
		}
		r.startRow(more)
	case atom.Td, atom.Th:
		if err := r.endCell(); err != nil {
			return err
		}
		if !r.inRow {
			r.startRow(false)
		}
		r.startCell(more)
	case atom.Br:
		r.breakLine(true)
	case atom.P, atom.Div, atom.Li:
		r.breakLine(false)
	case atom.A:
		r.cell.Flags |= sheet.Link
	case atom.Script, atom.Style, atom.Template, atom.Title, atom.Textarea:
		r.raw = tag
	}
	return nil
}

func (r *rows) endTag(tag atom.Atom) error {
	if tag == atom.Table {
		if r.level > 0 {
			r.level--
			return nil
		}
		r.ended = true
		return r.endRow()
	}
	if r.level > 0 {
		return nil
	}
	if tag == r.raw {
		r.raw = 0
	}
	switch tag {
	case atom.Tr:
		return r.endRow()
	case atom.Td, atom.Th:
		return r.endCell()
	case atom.P, atom.Div, atom.Li:
		r.breakLine(false)
	}
	return nil
}

func (r *rows) startRow(more bool) {
	r.inRow, r.hidden, r.col, r.bytes = true, false, 0, 0
	r.line++
	r.attributes(more, func(key, value string) {
		r.hidden = r.hidden || key == "hidden" || key == "style" && hides(value)
	})
}

func hides(style string) bool {
	return strings.Contains(strings.ReplaceAll(strings.ToLower(style), " ", ""), "display:none")
}

func (r *rows) attributes(more bool, each func(key, value string)) {
	for more {
		var key, value []byte
		key, value, more = r.z.TagAttr()
		each(string(key), string(value))
	}
}

// endRow ends the row that is open, and counts down the cells from above that reach into it.
func (r *rows) endRow() error {
	if !r.inRow {
		return nil
	}
	if err := r.endCell(); err != nil {
		return err
	}
	for i := range r.spans {
		r.spans[i] = max(r.spans[i]-1, 0)
	}
	r.done.Line, r.done.Hidden = r.line, r.hidden
	r.done.Cells, r.cells = r.cells, r.done.Cells[:0]
	r.inRow, r.ready = false, true
	return nil
}
