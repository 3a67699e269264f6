package normalize

import (
	"strings"
	"unicode/utf8"

	"cadastro/internal/errs"
)

// Limits of lists: runes of one tag or group name, and items in one cell.
const (
	MaxTag   = 100
	MaxItems = 200
)

// List takes the tags or group names in one cell apart and appends them to dst, each once by [Fold], in order.
//
// sep is the column's separator ("" lets the cell decide: line break, " ::: ", ;, | or else comma). Items come
// trimmed, on one line. Rejects: list.item_too_long {limit, item}, list.too_many {limit, count}.
func List(dst []string, raw, sep string) ([]string, []errs.Issue) {
	s := Trim(raw)
	if s == "" {
		return dst, nil
	}
	if len(s) >= 3 && s[0] == '#' {
		if e := CellError(s); e != "" {
			return dst, reject("value.formula_error", s, "error", e)
		}
	}
	if sep == "" {
		var lc ListColumn
		lc.Add(s)
		sep = lc.Separator()
	}
	if len(s) > 2 && (s[0] == '[' && s[len(s)-1] == ']' || s[0] == '{' && s[len(s)-1] == '}') {
		s = s[1 : len(s)-1] // an array as JSON or PostgreSQL writes it
	}
	start := len(dst)
	var issues []errs.Issue
	for more := true; more; {
		var item string
		item, s, more = strings.Cut(s, sep)
		item, found := CleanLine(item)
		issues = append(issues, found...)
		item = listItem(item)
		if item == "" || listHas(dst[start:], item) {
			continue
		}
		if len(item) > MaxTag && utf8.RuneCountInString(item) > MaxTag {
			return dst[:start], reject("list.item_too_long", raw, "limit", MaxTag, "item", errs.Clip(item, 60))
		}
		dst = append(dst, item)
		if len(dst)-start > MaxItems {
			return dst[:start], reject("list.too_many", raw, "limit", MaxItems, "count", strings.Count(raw, sep)+1)
		}
	}
	return dst, issues
}

// listItem takes off the quotes of array notations and the star of Google's own groups.
func listItem(s string) string {
	if len(s) >= 2 && (s[0] == '"' && s[len(s)-1] == '"' || s[0] == '\'' && s[len(s)-1] == '\'') {
		s = Trim(s[1 : len(s)-1])
	}
	s = strings.TrimPrefix(s, "* ")
	if !hasContent(s) && isASCII(s) {
		return ""
	}
	return s
}

func listHas(items []string, s string) bool {
	if len(items) == 0 {
		return false
	}
	f := Fold(s)
	for _, it := range items {
		if it == s || Fold(it) == f {
			return true
		}
	}
	return false
}

// listSeparators in the order of their strength: the first that a column uses is its separator. A comma may be
// part of a name, so it comes last; a slash ("Compra/Venda") is never taken by itself.
var listSeparators = [...]string{" ::: ", "\n", ";", "|", ","}

// ListColumn gathers which separator the values of one column use. The zero value is ready.
type ListColumn struct{ cells [len(listSeparators)]int64 }

// Add takes the next value of the column.
func (lc *ListColumn) Add(raw string) {
	for i, sep := range listSeparators {
		if strings.Contains(raw, sep) {
			lc.cells[i]++
			return
		}
	}
}

// Separator gives the separator that most cells of the column use, "," where none does.
func (lc *ListColumn) Separator() string {
	best := len(listSeparators) - 1
	for i := best - 1; i >= 0; i-- {
		if lc.cells[i] > 0 && (lc.cells[i] >= lc.cells[best] || best == len(listSeparators)-1) {
			best = i
		}
	}
	return listSeparators[best]
}
