package layout

import (
	"strconv"
	"unicode"

	"cadastro/internal/mapping"
)

// maxHeaderless bounds the columns of a headerless list of names and numbers.
const maxHeaderless = 12

// nameAndPhone lays a headerless list out: the first column with names, the one with phones of 13 digits; further
// columns become additional fields, as their maker has it. nil where the file is no such list.
func (t *file) nameAndPhone() []use {
	if len(t.header) < 2 || len(t.header) > maxHeaderless || len(t.rows) == 0 {
		return nil
	}
	name, phone := -1, -1
	for i := range t.header {
		switch {
		case phone < 0 && t.allDigits13(i):
			phone = i
		case name < 0 && t.allNames(i):
			name = i
		}
	}
	if name < 0 || phone < 0 || name > 1 || phone > 1 {
		return nil
	}
	out := make([]use, len(t.header))
	for i := range out {
		switch i {
		case name:
			out[i] = use{known: true, field: mapping.FieldName}
		case phone:
			out[i] = use{known: true, field: mapping.FieldPhone}
		default:
			out[i] = use{label: "Campo adicional " + strconv.Itoa(i-1)}
		}
	}
	return out
}

// allNames tells whether a column holds words, which may have a number to tell namesakes apart.
func (t *file) allNames(column int) bool {
	n := 0
	for _, row := range t.rows {
		if column >= len(row) || row[column] == "" {
			continue
		}
		letters, digits := 0, 0
		for _, r := range row[column] {
			switch {
			case unicode.IsLetter(r):
				letters++
			case unicode.IsDigit(r):
				digits++
			case r == '@' || r == '/':
				return false
			}
		}
		if letters < 2 || digits*3 > letters {
			return false
		}
		n++
	}
	return n > 0 && n == t.filled[column]
}
