package table

import (
	"bytes"
	"io"
	"slices"
	"strings"
)

// readHeader leaves out what stands above the table and reads the header records.
func (r *delimited) readHeader() error {
	for range r.d.Skip {
		if err := r.p.skipLine(); err != nil {
			if err == io.EOF {
				return nil
			}
			return readError(err)
		}
	}
	for len(r.heads) < r.d.Header {
		if err := r.next(); err != nil {
			if err == io.EOF {
				return nil
			}
			return err
		}
		cells := r.cellsOf(&r.rec, nil)
		if len(cells) > r.lim.Columns {
			return tooManyColumns(len(cells), r.lim.Columns)
		}
		if allBlank(cells) {
			r.tally.Blank++
			continue
		}
		if f := r.strictFault(&r.rec); f != nil {
			return f
		}
		r.heads = append(r.heads, cells)
	}
	return nil
}

// cellsOf gives the decoded cells of a record, for the few where speed is of no matter.
func (r *delimited) cellsOf(rec *record, dst []string) []string {
	if inner := r.unwrap(rec); inner != nil {
		rec = inner
	}
	for i := range rec.cells {
		text, _ := r.decoder.AppendDecode(nil, rec.cell(i))
		text, _ = appendClean(nil, text)
		dst = append(dst, excelText(string(text)))
	}
	return dst
}

// settleWidth learns the table's width from the header and from the first records, and names the columns.
func (r *delimited) settleWidth(head []byte, whole bool) {
	widths, surplus, rows := r.probe(head, whole)
	usual := 0
	for w, n := range widths {
		if n > widths[usual] || n == widths[usual] && w > usual {
			usual = w
		}
	}
	for _, h := range r.heads {
		r.width = max(r.width, len(h))
	}
	switch {
	case len(r.heads) == 0:
		r.width = usual
	case r.width == 1 && usual > 2 && len(r.heads) == 1:
		if cells := splitHeader(r.heads[0][0], usual); cells != nil {
			r.heads[0], r.width = cells, usual
		}
	case usual > r.width && 2*surplus > rows:
		r.width = usual // most rows hold something in columns that the header does not name
	}
	r.header = tellApart(r.names())
	r.pad.settle(r.d.Delimiter)
}

// probe parses the beginning of the text again, behind the header: how many records there are of each width,
// and how many hold something in a column that the header lacks.
func (r *delimited) probe(head []byte, whole bool) (widths map[int]int, surplus, rows int) {
	widths = map[int]int{}
	p := newTextParser(head, r.d)
	p.max = r.lim.RecordBytes
	p.r = int(min(r.p.consumed(), int64(len(head))))
	if len(r.heads) > 0 {
		p.width = len(r.heads[len(r.heads)-1])
	}
	columns := 0
	for _, h := range r.heads {
		columns = max(columns, len(h))
	}
	var rec record
	for rows < probeRows && p.next(&rec) == nil {
		if !whole && p.r == p.w && rows > 0 {
			break // it may be cut
		}
		one := &rec
		if inner := r.unwrap(one); inner != nil {
			one = inner
		}
		if one.blankFrom(0) {
			continue
		}
		if rows == 0 && len(r.heads) > 0 && isRuler(one.raw, len(r.heads[len(r.heads)-1])) {
			continue
		}
		rows++
		r.pad.learn(one)
		widths[len(one.cells)]++
		if len(one.cells) > columns && !one.blankFrom(columns) {
			surplus++
		}
	}
	return widths, surplus, rows
}

// names joins the header records, column by column, by a space.
func (r *delimited) names() []string {
	names := make([]string, r.width)
	if len(r.heads) == 0 {
		return names
	}
	for i := range names {
		var parts []string
		for _, h := range r.heads {
			if i < len(h) {
				if name := headerName(h[i]); name != "" {
					parts = append(parts, name)
				}
			}
		}
		names[i] = strings.Join(parts, " ")
	}
	return names
}

// isHeader tells if cells repeat one of the header records.
func (r *delimited) isHeader(cells []string) bool {
	for _, h := range r.heads {
		if len(h) > 1 && len(cells) >= 1 && h[0] == cells[0] && slices.Equal(h, cells) {
			return true
		}
	}
	return false
}

// headerDelimiters are those that a header may have though the rows have another. Blanks are among them: they stand
// in the names of few headers, but in many rows.
var headerDelimiters = []string{";", ",", "\t", "|", " "}

// usualDelimiters are those that a line may have though the file has another.
var usualDelimiters = []string{";", ",", "\t", "|"}

// splitHeader splits a header that has another delimiter than the rows; nil unless just one fits width.
func splitHeader(text string, width int) []string {
	var found []string
	for _, delim := range headerDelimiters {
		p := newTextParser([]byte(text), Dialect{Delimiter: delim, Quote: '"'})
		var rec record
		if p.next(&rec) != nil || len(rec.cells) != width || p.r != p.w {
			continue
		}
		if found != nil {
			return nil
		}
		for i := range rec.cells {
			found = append(found, string(rec.cell(i)))
		}
	}
	return found
}

func allBlank(cells []string) bool {
	for _, c := range cells {
		if !isBlank(c) {
			return false
		}
	}
	return true
}

// unwrap gives the record inside a line that is quoted as a whole, or nil.
func (r *delimited) unwrap(rec *record) *record {
	if !r.d.Wrapped || len(rec.cells) != 1 || !rec.cells[0].quoted {
		return nil
	}
	text := bytes.Clone(rec.cell(0))
	p := newTextParser(text, r.d)
	if p.next(&r.inner) != nil {
		return nil
	}
	r.inner.line, r.inner.lines = rec.line, rec.lines
	return &r.inner
}
