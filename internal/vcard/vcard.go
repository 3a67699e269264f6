// Package vcard reads address books of vCard 2.1 (versit 1996), 3.0 (RFC 2426) and 4.0 (RFC 6350) as a table: one row
// for each card.
//
// Columns have English names and a fixed order; only those that some card fills are there, the name and the phone
// always. A card with several phones, addresses of e-mail or sites fills several columns. Photos, sounds and keys are
// passed over.
package vcard

import (
	"io"
	"strconv"

	"cadastro/internal/errs"
)

// Limits bound what a file may cost.
type Limits struct {
	CardBytes int // of one card, pictures not counted
	CellBytes int // of one value
	Columns   int
}

// The columns, in their order. Those from colPhone to colFax that may occur several times have a number from 2 on.
const (
	colName = iota
	colFirst
	colLast
	colNickname
	colPhone
	colEmail
	colCompany
	colDepartment
	colTitle
	colBirthday
	colStreet
	colComplement
	colCity
	colState
	colPostal
	colCountry
	colAddress
	colURL
	colTags
	colNotes
	colFax
	colGender
	colLanguage
	numColumns
)

var columnNames = [numColumns]string{
	"Name", "First name", "Last name", "Nickname", "Phone", "Email", "Company", "Department", "Job title", "Birthday",
	"Street", "Complement", "City", "State", "Postal code", "Country", "Other address", "Website", "Tags",
	"Notes", "Fax", "Gender", "Language",
}

// Reader reads the cards of a file.
type Reader struct {
	lines   *lines
	lim     Limits
	most    [numColumns]int // columns of each kind
	first   [numColumns]int // where they start
	names   []string
	cells   []string
	stray   string // text between cards, told of at the next one
	strayAt int64
	begun   bool  // the line BEGIN of the next card has been read
	next    int64 // and stands there
}

// Open reads the whole file once to learn its columns. open gives a new reader of the file, in UTF-8, each time.
//
// Errors: file.too_many_columns {columns, limit}.
func Open(open func() (io.Reader, error), lim Limits) (*Reader, error) {
	r := &Reader{lim: lim}
	r.most[colName], r.most[colPhone] = 1, 1
	for pass := range 2 {
		in, err := open()
		if err != nil {
			return nil, err
		}
		r.lines, r.stray, r.begun = newLines(in, lim.CardBytes), "", false
		if pass == 1 {
			break
		}
		for {
			c, err := r.card()
			if err == io.EOF {
				break
			}
			if err != nil {
				return nil, err
			}
			for i := range c.values {
				r.most[i] = max(r.most[i], len(c.values[i]))
			}
		}
	}
	for i, n := range r.most {
		r.first[i] = len(r.names)
		if len(r.names)+n > lim.Columns {
			return nil, errs.New(errs.TooLarge, "file.too_many_columns", "columns", len(r.names)+n, "limit", lim.Columns)
		}
		for k := range n {
			name := columnNames[i]
			if k > 0 {
				name += " " + strconv.Itoa(k+1)
			}
			r.names = append(r.names, name)
		}
	}
	r.cells = make([]string, len(r.names))
	return r, nil
}

// Header gives the columns.
func (r *Reader) Header() []string { return r.names }

// Next gives the next card: the line of its BEGIN, one text for each column of Header (reused by the next call), and
// what is wrong with it. A card that is cut or too large is a Reject: vcard.cut, vcard.too_long {limit}. Warnings are
// vcard.bad_line, vcard.stray_text and vcard.no_year.
func (r *Reader) Next() (line int64, cells []string, issues []errs.Issue, err error) {
	c, err := r.card()
	if err != nil {
		return 0, nil, nil, err
	}
	clear(r.cells)
	for i := range c.values {
		for k, v := range c.values[i] {
			if k >= r.most[i] {
				break
			}
			at := r.first[i] + k
			if len(v) > r.lim.CellBytes {
				is := errs.NewIssue(errs.Reject, "cell.too_long", v, "limit", r.lim.CellBytes, "size", len(v))
				is.Column = at
				c.issues = append(c.issues, is)
				v = errs.Clip(v, errs.MaxIssueValue)
			}
			r.cells[at] = v
		}
	}
	for i := range c.issues {
		if col := c.issues[i].Column; col <= -2 { // a kind of column
			c.issues[i].Column = -1
			if kind := -2 - col; r.most[kind] > 0 {
				c.issues[i].Column = r.first[kind]
			}
		}
	}
	return c.line, r.cells, c.issues, nil
}
