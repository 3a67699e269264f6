// Package jsonrows reads JSON as a table: an array of objects (RFC 8259), alone or inside a wrapping object, objects
// one after the other, or one object a line (NDJSON; RFC 7464's record separators are passed over).
//
// The columns are the union of the objects' keys. Objects inside objects are flattened with dots ("address.city"),
// lists of plain values become one cell, lists of objects are numbered ("phones.1.value"). Rows that are lists
// themselves take their names from the first of them. The text is streamed; a record is bounded.
package jsonrows

import (
	"io"

	"cadastro/internal/errs"
)

// Limits bound what a text may cost.
type Limits struct {
	RecordBytes int // of one record
	CellBytes   int // of one value
	Columns     int
}

// maxDepth bounds the nesting of a record's values; deeper ones are kept as JSON in one cell.
const maxDepth = 6

// Reader reads the records of a JSON text.
type Reader struct {
	cut     *cutter
	lim     Limits
	columns []string
	index   map[string]int
	learn   bool     // new keys become columns
	names   []string // of the columns of rows that are lists, from the first row; nil before it
	rows    int64
	cells   []string
	issues  []errs.Issue
	path    []byte
}

// Open reads the whole text once to learn its columns. open gives a new reader of the text, in UTF-8, each time. lines
// says that every line is a record of its own.
//
// Errors: json.broken {line}, json.cut where the text ends too early, file.too_many_columns {columns, limit}.
func Open(open func() (io.Reader, error), lines bool, lim Limits) (*Reader, error) {
	r := &Reader{lim: lim, index: map[string]int{}, learn: true}
	path, array := "", false
	if !lines {
		in, err := open()
		if err != nil {
			return nil, err
		}
		if path, array, err = locate(in); err != nil {
			return nil, err
		}
	}
	for pass := range 2 {
		in, err := open()
		if err != nil {
			return nil, err
		}
		r.cut = newCutter(in, lines, array, lim.RecordBytes)
		if array {
			if err := r.cut.enter(path); err != nil {
				return nil, err
			}
		}
		if pass == 1 {
			break
		}
		for {
			if _, _, _, err := r.Next(); err == io.EOF {
				break
			} else if err != nil {
				return nil, err
			}
		}
		r.learn, r.names, r.rows = false, nil, 0
	}
	return r, nil
}

// Header gives the columns in the order in which they first occur.
func (r *Reader) Header() []string { return r.columns }

// Next gives the next record: the line on which it starts, one text for each column of Header (reused by the next
// call), and what is wrong with it. A record that is no object or cannot be read is a Reject: json.bad_record
// {line}, json.no_object, json.too_long {limit}.
func (r *Reader) Next() (line int64, cells []string, issues []errs.Issue, err error) {
	for {
		raw, line, err := r.cut.next()
		if err != nil {
			return 0, nil, nil, err
		}
		r.issues = nil
		clear(r.cells)
		if raw == nil {
			r.issues = append(r.issues, errs.NewIssue(errs.Reject, "json.too_long", "", "limit", r.lim.RecordBytes))
			return line, r.cells, r.issues, nil
		}
		header, err := r.record(raw)
		if err != nil {
			return 0, nil, nil, err
		}
		if !header {
			return line, r.cells, r.issues, nil
		}
	}
}

// record puts one record into cells. header says that it was the names of rows that are lists.
func (r *Reader) record(raw []byte) (header bool, err error) {
	v, rest, ok := parse(raw, 0)
	if !ok || len(skipSpace(rest)) > 0 {
		r.issues = append(r.issues, errs.NewIssue(errs.Reject, "json.bad_record", string(raw[:min(len(raw), 300)])))
		return false, nil
	}
	if v.odd > 0 {
		r.issues = append(r.issues, errs.NewIssue(errs.Warning, "json.odd_characters", "", "count", v.odd))
	}
	switch v.kind {
	case object:
		return false, r.flatten(&v, 0)
	case list:
		if r.names == nil {
			r.names = []string{}
			for i := range v.items {
				r.names = append(r.names, v.items[i].text)
			}
			for _, name := range r.names {
				if err := r.column(name); err != nil {
					return true, err
				}
			}
			return true, nil
		}
		for i := range v.items {
			name := "" // beyond the names
			if i < len(r.names) {
				name = r.names[i]
			}
			if err := r.put(name, v.items[i].plain()); err != nil {
				return false, err
			}
		}
		return false, nil
	}
	r.issues = append(r.issues, errs.NewIssue(errs.Reject, "json.no_object", v.text))
	return false, nil
}

// flatten puts the values of an object into cells, under the path that leads to it.
func (r *Reader) flatten(v *value, depth int) error {
	at := len(r.path)
	defer func() { r.path = r.path[:at] }()
	for i := range v.items {
		item := &v.items[i]
		r.path = r.path[:at]
		if at > 0 {
			r.path = append(r.path, '.')
		}
		r.path = append(r.path, item.key...)
		if err := r.nested(item, depth); err != nil {
			return err
		}
	}
	return nil
}

// nested puts one value into cells, under the path that leads to it.
func (r *Reader) nested(item *value, depth int) error {
	at := len(r.path)
	switch {
	case depth >= maxDepth && item.kind != scalar:
		return r.put(string(r.path), string(item.raw))
	case item.kind == object && len(item.items) > 0:
		return r.flatten(item, depth+1)
	case item.kind == list && item.isNested():
		for k := range item.items {
			r.path = append(r.path[:at], '.')
			r.path = appendInt(r.path, k+1)
			if err := r.nested(&item.items[k], depth+1); err != nil {
				return err
			}
		}
		r.path = r.path[:at]
		return nil
	}
	return r.put(string(r.path), item.plain())
}

// put sets the cell of a column.
func (r *Reader) put(name, text string) error {
	if err := r.column(name); err != nil {
		return err
	}
	i, known := r.index[name]
	if !known { // the text has changed since its columns were learnt
		r.issues = append(r.issues, errs.NewIssue(errs.Warning, "json.unknown_key", name))
		return nil
	}
	for len(r.cells) < len(r.columns) {
		r.cells = append(r.cells, "")
	}
	if len(text) > r.lim.CellBytes {
		is := errs.NewIssue(errs.Reject, "cell.too_long", text, "limit", r.lim.CellBytes, "size", len(text))
		is.Column = i
		r.issues = append(r.issues, is)
		text = errs.Clip(text, errs.MaxIssueValue)
	}
	r.cells[i] = text
	return nil
}

// column makes sure that there is a column of the name, while they are learnt.
func (r *Reader) column(name string) error {
	if _, known := r.index[name]; known || !r.learn {
		return nil
	}
	if len(r.columns) == r.lim.Columns {
		return errs.New(errs.TooLarge, "file.too_many_columns", "columns", len(r.columns)+1, "limit", r.lim.Columns)
	}
	r.index[name] = len(r.columns)
	r.columns = append(r.columns, name)
	return nil
}
