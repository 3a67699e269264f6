// Package sheettest helps the tests of the readers of spreadsheets.
package sheettest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"cadastro/internal/sheet"
)

// Read opens data and gives copies of the rows of one sheet.
func Read(open sheet.Opener, data []byte, i int, lim sheet.Limits) ([]sheet.Row, error) {
	b, err := open(bytes.NewReader(data), int64(len(data)), lim)
	if err != nil {
		return nil, err
	}
	defer b.Close()
	return Rows(b, i)
}

// Rows gives copies of the rows of one sheet of an open book.
func Rows(b sheet.Book, i int) ([]sheet.Row, error) {
	r, err := b.Rows(i)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var out []sheet.Row
	var row sheet.Row
	for {
		err := r.Next(&row)
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return out, err
		}
		c := row
		c.Cells = append([]sheet.Cell(nil), row.Cells...)
		out = append(out, c)
	}
}

// Drain opens data and reads all sheets to their end or to the first error. It checks what every reader promises of
// its rows, and gives the number of cells.
func Drain(open sheet.Opener, data []byte, lim sheet.Limits) (cells int, err error) {
	b, err := open(bytes.NewReader(data), int64(len(data)), lim)
	if err != nil {
		return 0, err
	}
	defer b.Close()
	for i := range b.Sheets() {
		n, err := drain(b, i)
		cells += n
		if err != nil {
			return cells, err
		}
	}
	return cells, nil
}

func drain(b sheet.Book, i int) (cells int, err error) {
	r, err := b.Rows(i)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	var row sheet.Row
	for {
		if err := r.Next(&row); err != nil {
			if errors.Is(err, io.EOF) {
				return cells, nil
			}
			return cells, err
		}
		if row.Line < 1 || len(row.Cells) == 0 {
			panic(fmt.Sprintf("line %d with %d cells", row.Line, len(row.Cells)))
		}
		for k := range row.Cells {
			c := &row.Cells[k]
			if c.Col < 0 || k > 0 && c.Col <= row.Cells[k-1].Col {
				panic(fmt.Sprintf("line %d: column %d out of order", row.Line, c.Col))
			}
			_ = c.Shown()
		}
		cells += len(row.Cells)
		if d := r.Done(); !(d >= 0 && d <= 1) {
			panic(fmt.Sprintf("done %v", d))
		}
	}
}

// Sketch writes rows as text, one per line: number, h where hidden, cells as column=text; a formula has an f behind
// the column, a text that was cut at its digits an l, a merged cell an m.
func Sketch(rows []sheet.Row) string {
	var out []string
	for i := range rows {
		r := &rows[i]
		var cells []string
		for _, c := range r.Cells {
			marks := ""
			for _, m := range [...]struct {
				flag sheet.Flags
				mark string
			}{{sheet.Formula, "f"}, {sheet.NoValue, "n"}, {sheet.DigitsLost, "l"}, {sheet.Merged, "m"}} {
				if c.Flags&m.flag != 0 {
					marks += m.mark
				}
			}
			cells = append(cells, sheet.ColumnName(c.Col)+marks+"="+c.Text)
		}
		h := ""
		if r.Hidden {
			h = "h"
		}
		out = append(out, strconv.FormatInt(r.Line, 10)+h+": "+strings.Join(cells, "|"))
	}
	return strings.Join(out, "\n")
}
