// Package sheet holds what every reader of spreadsheets gives: books, sheets, rows and cells.
//
// The readers are packages of their own (xlsx, xls, ods, sheet/xml2003, sheet/htmltable). Each has
// Open(io.ReaderAt, size, Limits), which gives a [Book]. Finding the header, the table's width and the columns is
// the work of the layer above; a sheet here is rows of cells as they stand in the file.
//
// # Text and shown text
//
// [Cell.Text] is what an importer wants: dates in ISO order, numbers with all their digits, codes with the zeros
// that their number format adds. [Cell.Shown] is what Excel displays (en-US), as in its own "Save as CSV".
package sheet

import (
	"io"

	"cadastro/internal/sheet/numfmt"
)

// Opener opens a workbook. Each reader's Open has this shape.
type Opener func(r io.ReaderAt, size int64, lim Limits) (Book, error)

// Book is an open workbook. It is used by one goroutine at a time.
type Book interface {
	// Sheets lists all sheets in the order of their tabs, hidden ones and charts too.
	Sheets() []Info
	// Rows starts reading the sheet of the given index in Sheets.
	Rows(sheet int) (Rows, error)
	// Close removes temporary files. The source stays open.
	Close() error
}

// State says whether a sheet can be seen in the spreadsheet program.
type State uint8

// The states of a sheet; a VeryHidden one can be shown by a macro only.
const (
	Visible State = iota
	Hidden
	VeryHidden
)

// Kind says what a sheet holds.
type Kind uint8

// The kinds of sheets. Only a Worksheet has rows.
const (
	Worksheet Kind = iota
	Chart
	Macro
	Dialog
)

// Info describes one sheet. Rows and Cols are the extent that the file claims, 0 where it does not say.
type Info struct {
	Name  string
	State State
	Kind  Kind
	Rows  int64
	Cols  int
}

// Rows streams the rows of one sheet.
type Rows interface {
	// Next fills row with the next row that has cells; io.EOF after the last.
	Next(row *Row) error
	// Done tells how much of the sheet has been read, from 0 to 1.
	Done() float64
	Close() error
}

// Row is one row of a sheet.
//
// Line is the sheet's row number, from 1; rows without cells are left out, so that Line may jump. Cells holds
// the filled cells in ascending order of Col. The slice is reused by the next call of Next, the strings may be kept
// (they share memory with the other strings of their row).
type Row struct {
	Line   int64
	Hidden bool
	Cells  []Cell
}

// Width is one more than the highest column of the row, 0 for an empty one.
func (r *Row) Width() int {
	if len(r.Cells) == 0 {
		return 0
	}
	return r.Cells[len(r.Cells)-1].Col + 1
}

// Fill puts the texts of the row into dst by column and gives those beyond its length as extra (nil for almost
// every row). Columns without a cell become "".
func (r *Row) Fill(dst []string) (extra []string) {
	clear(dst)
	for i := range r.Cells {
		c := &r.Cells[i]
		if c.Col < len(dst) {
			dst[c.Col] = c.Text
			continue
		}
		for len(extra) <= c.Col-len(dst) {
			extra = append(extra, "")
		}
		extra[c.Col-len(dst)] = c.Text
	}
	return extra
}

// Type is the kind of value that a cell holds in the file.
type Type uint8

// The types of cells. Date covers dates, times and durations.
const (
	Text Type = iota
	Number
	Bool
	Error
	Date
)

// Flags are what there is to know of a cell beyond its value.
type Flags uint8

// The flags of a cell.
const (
	// Formula: the cell holds a formula; Text is the value that was last computed.
	Formula Flags = 1 << iota
	// NoValue: the formula was never computed, so that there is no value (files made by programs).
	NoValue
	// DigitsLost: a number of more than 15 digits; spreadsheet programs keep 15 and put zeros for the rest.
	DigitsLost
	// Merged: the cell is the first of a merged range (told by ods, xml and html only).
	Merged
	// Link: the cell is a hyperlink (told by ods and html only).
	Link
	epoch1904
)

// Cell is one cell. Col counts from 0. Num is the number behind a Number, Date or Bool cell.
type Cell struct {
	Text    string
	Display string         // the shown text where the file itself tells it (ods, html), else ""
	Format  *numfmt.Format // the number format, nil for none
	Num     float64        //
	Col     int            //
	Type    Type           //
	Flags   Flags          //
}

// Set1904 marks the cell's date as counted from 1904.
func (c *Cell) Set1904(on bool) {
	if on {
		c.Flags |= epoch1904
	}
}

// Shown gives the text that Excel displays in the cell, in the en-US locale.
func (c *Cell) Shown() string {
	switch {
	case c.Display != "":
		return c.Display
	case c.Type == Number && c.Format == nil:
		return numfmt.ShowGeneral(c.Num)
	case c.Format == nil:
		return c.Text
	case c.Type == Number || c.Type == Date:
		return c.Format.Show(c.Num, c.Flags&epoch1904 != 0)
	case c.Type == Text:
		return c.Format.ShowText(c.Text)
	}
	return c.Text
}
