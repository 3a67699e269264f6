package table

import (
	"io"
	"slices"
	"strings"

	"cadastro/internal/errs"
)

// readRow reads the next record that is a row.
func (r *delimited) readRow(row *Row) error {
	for {
		if err := r.next(); err != nil {
			return err
		}
		rec := &r.rec
		if err := r.strictFault(rec); err != nil {
			return err
		}
		if len(r.heads) > 0 && (r.number == 0 || len(rec.raw) > 0 && rec.raw[0] == '+') && isRuler(rec.raw, r.width) {
			r.tally.Rulers++
			continue
		}
		if blankBytes(rec.cell(0)) && !hasFault(rec, recordTooLong) && rec.blankFrom(1) {
			r.tally.Blank++
			continue
		}
		row.Issues, row.Extra = nil, row.Extra[:0]
		if inner := r.unwrap(rec); inner != nil {
			rec = inner
		} else if len(rec.cells) != r.width {
			rec = r.reread(rec, row)
		}
		if r.pad.left || r.pad.right {
			r.pad.trim(rec)
		}
		if err := r.fill(rec, row); err != nil {
			return err
		}
		if allBlank(row.Cells) && !hasFault(rec, recordTooLong) {
			r.tally.Blank++
			continue
		}
		if len(r.heads) > 0 && r.isHeader(row.Cells) {
			r.tally.Headers++
			continue
		}
		if r.number == r.lim.Rows {
			return errs.New(errs.TooLarge, "file.too_many_rows", "limit", r.lim.Rows)
		}
		r.number++
		row.Number, row.Line = r.number, rec.line
		broken := r.tellFaults(rec, row)
		return r.settleCells(row, broken)
	}
}

// fill sets the row's cells to those of rec, as text.
func (r *delimited) fill(rec *record, row *Row) error {
	high, control := classify(rec.data)
	if control || high && !(r.utf8 && validUTF8(rec.data)) {
		return r.fillDecoded(rec, row)
	}
	cells := slices.Grow(row.Cells[:0], len(rec.cells))[:len(rec.cells)]
	text := string(rec.data)
	for i := range rec.cells {
		c := &rec.cells[i]
		cell := text[c.start:c.end]
		if len(cell) > 2 && cell[0] == '=' {
			cell = excelText(cell)
		}
		cells[i] = cell
	}
	row.Cells = cells
	if r.stream != nil {
		r.tellStreamed(row)
	}
	return nil
}

// fillDecoded is fill for a record that has bytes to decode or to take away, cell by cell, so that a bad byte
// costs one cell.
func (r *delimited) fillDecoded(rec *record, row *Row) error {
	row.Cells = row.Cells[:0]
	r.text = r.text[:0]
	ends := make([]int, 0, 32)
	scratch := make([]byte, 0, 256)
	for i := range rec.cells {
		raw := rec.cell(i)
		removed := 0
		if _, control := classify(raw); control {
			scratch, removed = appendClean(scratch[:0], raw)
			raw = scratch
		}
		start := len(r.text)
		var bad int
		r.text, bad = r.decoder.AppendDecode(r.text, raw)
		ends = append(ends, len(r.text))
		if bad == 0 && removed == 0 {
			continue
		}
		value := string(r.text[start:])
		if bad > 0 {
			if r.d.Strict {
				return errs.New(errs.Invalid, "file.bad_bytes", "line", rec.line, "charset", r.decoder.Name())
			}
			row.Issues = append(row.Issues, cellIssue(errs.Warning, "cell.bad_bytes", i, value, "count", bad, "charset", r.decoder.Name()))
		}
		if removed > 0 {
			if r.d.Strict {
				return errs.New(errs.Invalid, "file.control_characters", "line", rec.line)
			}
			row.Issues = append(row.Issues, cellIssue(errs.Warning, "cell.control_characters", i, value, "count", removed))
		}
	}
	text := string(r.text)
	start := 0
	for _, end := range ends {
		row.Cells = append(row.Cells, excelText(text[start:end]))
		start = end
	}
	if r.stream != nil {
		r.tellStreamed(row)
	}
	return nil
}

// tellStreamed warns of characters that the decoding of the whole stream could not read. They are U+FFFD by
// now, which the file itself may hold too: so the stream's own count is asked first.
func (r *delimited) tellStreamed(row *Row) {
	if r.stream.Bad() == 0 {
		return
	}
	for i, c := range row.Cells {
		if n := strings.Count(c, "\uFFFD"); n > 0 {
			row.Issues = append(row.Issues, cellIssue(errs.Warning, "cell.bad_bytes", i, c, "count", n, "charset", r.d.Charset))
		}
	}
}

// settleCells gives the row the table's width, and bounds its cells. In a broken row the number of cells says
// nothing.
func (r *delimited) settleCells(row *Row, broken bool) error {
	n := len(row.Cells)
	for i, c := range row.Cells {
		if len(c) > r.lim.CellBytes {
			row.Issues = append(row.Issues, cellIssue(errs.Reject, "cell.too_long", i, c, "limit", r.lim.CellBytes, "size", len(c)))
			row.Cells[i] = strings.Clone(errs.Clip(c, tasteBytes))
		}
	}
	switch {
	case n < r.width:
		if r.d.Strict {
			return errs.New(errs.Invalid, "file.ragged", "line", row.Line, "cells", n, "columns", r.width)
		}
		for len(row.Cells) < r.width {
			row.Cells = append(row.Cells, "")
		}
		if !broken && r.missed(n) {
			row.Issues = append(row.Issues, errs.NewIssue(errs.Warning, "row.short", "", "cells", n, "columns", r.width))
		}
	case n > r.width:
		surplus := row.Cells[r.width:]
		if r.d.Strict {
			return errs.New(errs.Invalid, "file.ragged", "line", row.Line, "cells", n, "columns", r.width)
		}
		if !allBlank(surplus) {
			row.Extra = append(row.Extra, surplus...)
		}
		if len(row.Extra) > 0 && !broken {
			row.Issues = append(row.Issues, errs.NewIssue(errs.Reject, "row.long", joinFilled(surplus), "cells", n, "columns", r.width))
		}
		row.Cells = row.Cells[:r.width]
	}
	return nil
}

// missed tells if a row of n cells lacks a column that has a name; all count where there is no header.
func (r *delimited) missed(n int) bool {
	if len(r.heads) == 0 {
		return true
	}
	for _, name := range r.header[n:] {
		if name != "" {
			return true
		}
	}
	return false
}

// joinFilled gives what a surplus holds, for a person to see.
func joinFilled(cells []string) string {
	var b strings.Builder
	for _, c := range cells {
		if isBlank(c) {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(" | ")
		}
		b.WriteString(c)
		if b.Len() > errs.MaxIssueValue {
			break
		}
	}
	return b.String()
}

// excelText takes the text out of ="00123", the way to keep Excel from making a number of it.
func excelText(s string) string {
	n := len(s)
	if n < 3 || s[0] != '=' || s[1] != '"' || s[n-1] != '"' || strings.IndexByte(s[2:n-1], '"') >= 0 {
		return s
	}
	return s[2 : n-1]
}

func cellIssue(s errs.Severity, code string, column int, value string, args ...any) errs.Issue {
	i := errs.NewIssue(s, code, value, args...)
	i.Column = column
	return i
}

var _ Reader = (*delimited)(nil)
var _ io.Closer = (*delimited)(nil)
