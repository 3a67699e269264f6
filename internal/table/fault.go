package table

import (
	"bytes"

	"cadastro/internal/errs"
)

// strictFault gives the error of a record's first fault where the dialect is strict, else nil.
func (r *delimited) strictFault(rec *record) error {
	if !r.d.Strict || len(rec.faults) == 0 {
		return nil
	}
	f := rec.faults[0]
	switch f.kind {
	case unclosedQuote:
		return errs.New(errs.Invalid, "file.unclosed_quote", "line", f.line, "column", f.cell+1)
	case recordTooLong:
		return errs.New(errs.TooLarge, "file.record_too_long", "line", f.line, "column", f.cell+1, "limit", r.p.max)
	}
	return errs.New(errs.Invalid, "file.stray_quote", "line", f.line, "column", f.cell+1)
}

// tellFaults makes issues of what is wrong in the writing of a record. A stray quote is a letter and a warning
// as long as the row has its width; else the row is broken: nobody knows which cells the quote was to hold together.
func (r *delimited) tellFaults(rec *record, row *Row) (broken bool) {
	for _, f := range rec.faults {
		value := ""
		if f.cell < len(row.Cells) {
			value = row.Cells[f.cell]
		}
		switch f.kind {
		case textAfterQuote:
			row.Issues = append(row.Issues, cellIssue(errs.Note, "cell.inner_quotes", f.cell, value))
		case unclosedQuote:
			if len(row.Cells) == r.width {
				row.Issues = append(row.Issues, cellIssue(errs.Warning, "cell.stray_quote", f.cell, value, "line", f.line))
			} else {
				row.Issues = append(row.Issues, cellIssue(errs.Reject, "cell.unclosed_quote", f.cell, value, "line", f.line))
				broken = true
			}
		case recordTooLong:
			row.Issues = append(row.Issues, cellIssue(errs.Reject, "row.too_long", f.cell, value, "line", f.line, "limit", r.p.max))
			broken = true
		}
	}
	return broken
}

// reread looks for another reading of a record that has not the table's width: single spaces as delimiters
// where runs of them are too few, a line that is quoted as a whole, a line with another delimiter. Each must
// give just the width. It gives rec itself where nothing fits.
func (r *delimited) reread(rec *record, row *Row) *record {
	if r.d.Strict || hasFault(rec, recordTooLong) {
		return rec
	}
	if r.p.spaces {
		return r.orElse(rec, rec.raw, r.singleSpaces())
	}
	if len(rec.cells) != 1 || r.width < 3 {
		return rec
	}
	if rec.cells[0].quoted && len(r.p.delim) > 0 && bytes.Contains(rec.cell(0), r.p.delim) {
		if inner := r.orElse(rec, bytes.Clone(rec.cell(0)), r.p.syntax); inner != rec {
			return inner
		}
	}
	if rec.cells[0].quoted || r.d.Delimiter == "" {
		return rec
	}
	for _, delim := range usualDelimiters {
		if delim == r.d.Delimiter {
			continue
		}
		d := r.d
		d.Delimiter = delim
		if inner := r.orElse(rec, rec.raw, newSyntax(d)); inner != rec {
			row.Issues = append(row.Issues, errs.NewIssue(errs.Warning, "row.other_delimiter", string(rec.raw), "delimiter", delim))
			return inner
		}
	}
	return rec
}

// orElse parses text, which holds one record, with other syntax, and gives that record if it has the table's
// width, else rec.
func (r *delimited) orElse(rec *record, text []byte, s syntax) *record {
	p := newTextParser(text, Dialect{})
	p.syntax = s
	if len(s.quote) > 0 {
		p.qt.c = s.quote[0]
	}
	p.esc.c = s.escape
	p.setWidth(r.width)
	if p.next(&r.inner) != nil || p.r != p.w || len(r.inner.cells) != r.width {
		return rec
	}
	r.inner.line, r.inner.lines = rec.line, rec.lines
	for i := range r.inner.faults {
		r.inner.faults[i].line = rec.line
	}
	return &r.inner
}

// singleSpaces is the syntax in which two spaces hold an empty cell between them.
func (r *delimited) singleSpaces() syntax {
	s := r.p.syntax
	s.spaces = false
	return s
}

func hasFault(rec *record, kind faultKind) bool {
	for _, f := range rec.faults {
		if f.kind == kind {
			return true
		}
	}
	return false
}
