package layout

import (
	"errors"
	"io"
	"strings"

	"cadastro/internal/errs"
	"cadastro/internal/table"
)

// Strictness says what makes a vendor refuse a file as a whole, where we refuse single rows. It holds only where a
// person asks for it.
type Strictness struct {
	Template []string `json:"template,omitempty"` // the columns that the file has to have
	Columns  bool     `json:"columns,omitempty"`  // refused: columns added or taken away
	Formulas bool     `json:"formulas,omitempty"` // refused: a cell with a formula
	Sheets   bool     `json:"sheets,omitempty"`   // refused: a workbook with more than one sheet
	Outside  bool     `json:"outside,omitempty"`  // refused: content outside of the columns
	Keys     []string `json:"keys,omitempty"`     // columns in which no cell may be empty
}

// Zero tells whether nothing makes the vendor refuse a file.
func (s *Strictness) Zero() bool {
	return !s.Columns && !s.Formulas && !s.Sheets && !s.Outside && len(s.Keys) == 0
}

// StrictOf gives the strictness of the layout with a key; ok is false where there is no such layout, or it refuses
// no file as a whole.
func StrictOf(key string) (s Strictness, ok bool) {
	for _, l := range known() {
		if l.key == key {
			return l.strict, !l.strict.Zero()
		}
	}
	return Strictness{}, false
}

// StrictKeys lists the layouts that refuse files as a whole.
func StrictKeys() []string {
	var out []string
	for _, l := range known() {
		if !l.strict.Zero() {
			out = append(out, l.key)
		}
	}
	return out
}

// Check reads a file to its end, or to the first thing for which the vendor refuses it. The errors are of kind
// Invalid and name the place: layout.column_missing {header}, layout.column_added {header}, layout.sheet_added
// {sheet}, layout.key_empty {line, header}, layout.formula {line, header, value}, layout.outside {line, value}.
// Lines are counted from 1; in a workbook they are its rows. Of a workbook's formulas only their values are known.
func (s *Strictness) Check(g *table.Guess, r table.Reader) error {
	if s.Sheets && len(g.Sheets) > 1 {
		for _, sheet := range g.Sheets {
			if sheet.Name != g.Dialect.Sheet {
				return errs.New(errs.Invalid, "layout.sheet_added", "sheet", sheet.Name)
			}
		}
	}
	header := r.Header()
	place := make(map[string]int, len(header))
	for i, h := range header {
		place[keyOf(h)] = i
	}
	if s.Columns {
		if err := s.columns(header, place); err != nil {
			return err
		}
	}
	var keys []int
	for _, k := range s.Keys {
		i, ok := place[keyOf(k)]
		if !ok {
			return errs.New(errs.Invalid, "layout.column_missing", "header", k)
		}
		keys = append(keys, i)
	}
	var row table.Row
	for {
		if err := r.Read(&row); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if err := s.row(header, keys, &row); err != nil {
			return err
		}
	}
}

// columns compares the header with the template, whatever the order.
func (s *Strictness) columns(header []string, place map[string]int) error {
	allowed := make(map[string]bool, len(s.Template))
	for _, h := range s.Template {
		k := keyOf(h)
		allowed[k] = true
		if _, ok := place[k]; !ok {
			return errs.New(errs.Invalid, "layout.column_missing", "header", h)
		}
	}
	for i, h := range header {
		if k := keyOf(h); !allowed[k] || place[k] != i {
			return errs.New(errs.Invalid, "layout.column_added", "header", h, "column", i+1)
		}
	}
	return nil
}

func (s *Strictness) row(header []string, keys []int, row *table.Row) error {
	for _, i := range keys {
		if i >= len(row.Cells) || strings.TrimSpace(row.Cells[i]) == "" {
			return errs.New(errs.Invalid, "layout.key_empty", "line", row.Line, "header", header[i])
		}
	}
	if s.Formulas {
		for i, c := range row.Cells {
			if len(c) > 1 && c[0] == '=' {
				return errs.New(errs.Invalid, "layout.formula", "line", row.Line, "header", header[i], "value", errs.Clip(c, errs.MaxIssueValue))
			}
		}
	}
	if s.Outside {
		for _, c := range row.Extra {
			if strings.TrimSpace(c) != "" {
				return errs.New(errs.Invalid, "layout.outside", "line", row.Line, "value", errs.Clip(c, errs.MaxIssueValue))
			}
		}
	}
	return nil
}
