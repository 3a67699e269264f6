package xlsx

import (
	"io"
	"slices"

	"cadastro/internal/sheet"
	"cadastro/internal/sheet/pack"
	"cadastro/internal/sheet/xmlscan"
)

// rows streams one worksheet.
type rows struct {
	book   *Book
	zip    *pack.Reader
	s      *xmlscan.Scanner
	shared *stringTable
	line   int64
	count  int64
	ended  bool

	text  []byte // texts of the row's cells, but those of shared strings
	spans []span
	value []byte // of the cell that is being read
	bytes int    // text of the row so far, shared strings included
}

// span is where the text of a cell stands in rows.text.
type span struct{ cell, start, end int }

// Rows implements sheet.Book. A sheet that is no worksheet has no rows.
func (b *Book) Rows(i int) (sheet.Rows, error) {
	if i < 0 || i >= len(b.list) {
		return nil, sheet.NoSheet()
	}
	t := &b.list[i]
	if t.Kind != sheet.Worksheet {
		return &rows{book: b, ended: true}, nil
	}
	e := b.zip.Find(t.part)
	if e == nil {
		return nil, sheet.Corrupt(errNoPart)
	}
	shared, err := b.table()
	if err != nil {
		return nil, err
	}
	z, err := b.zip.Open(e, 0)
	if err != nil {
		return nil, err
	}
	r := &rows{book: b, zip: z, s: xmlscan.New(xmlscan.Decode(z), b.lim.Depth), shared: shared}
	return r, nil
}

// Done implements sheet.Rows.
func (r *rows) Done() float64 {
	if r.zip == nil {
		return 1
	}
	return r.zip.Done()
}

// Close implements sheet.Rows.
func (r *rows) Close() error {
	if r.zip == nil {
		return nil
	}
	return r.zip.Close()
}

// Next implements sheet.Rows.
func (r *rows) Next(row *sheet.Row) error {
	row.Cells = row.Cells[:0]
	for !r.ended {
		tok, err := r.s.Next()
		if err != nil {
			return err
		}
		switch {
		case tok == xmlscan.EOF:
			r.ended = true
		case tok == xmlscan.Start && r.s.Is("row") && r.s.Depth == 3:
			if err := r.readRow(row); err != nil {
				return err
			}
			if len(row.Cells) > 0 {
				if r.count++; r.count > r.book.lim.Rows {
					return sheet.TooManyRows(r.book.lim.Rows)
				}
				return nil
			}
		}
	}
	return io.EOF
}

func (r *rows) readRow(row *sheet.Row) error {
	r.line++
	row.Hidden = false
	for {
		name, value, ok := r.s.NextAttr()
		if !ok {
			break
		}
		switch string(name) {
		case "r":
			if n, ok := parseRow(value); ok {
				r.line = n
			}
		case "hidden":
			row.Hidden = isTrue(string(value))
		}
	}
	row.Line = r.line
	row.Cells = row.Cells[:0]
	r.text, r.spans, r.bytes = r.text[:0], r.spans[:0], 0
	last, sorted := -1, true
	for {
		tok, err := r.s.Next()
		if err != nil {
			return err
		}
		switch {
		case tok == xmlscan.Start && r.s.Is("c"):
			col, err := r.readCell(row, last+1)
			if err != nil {
				return err
			}
			sorted = sorted && col > last
			last = col
		case tok == xmlscan.Start:
			if err := r.s.Skip(); err != nil {
				return err
			}
		case tok == xmlscan.End:
			r.finishRow(row, sorted)
			return nil
		}
	}
}

// finishRow makes the row's texts one string and cuts the cells out of it.
func (r *rows) finishRow(row *sheet.Row, sorted bool) {
	all := string(r.text)
	for _, s := range r.spans {
		row.Cells[s.cell].Text = all[s.start:s.end]
	}
	if sorted {
		return
	}
	// Some programs write cells in any order; of two for one column the later one counts.
	slices.SortStableFunc(row.Cells, func(a, b sheet.Cell) int { return a.Col - b.Col })
	out := row.Cells[:0]
	for i, c := range row.Cells {
		if i+1 < len(row.Cells) && row.Cells[i+1].Col == c.Col {
			continue
		}
		out = append(out, c)
	}
	row.Cells = out
}
