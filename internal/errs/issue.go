package errs

import "unicode/utf8"

// Severity says what an issue does to its row.
type Severity uint8

// A Note is told where asked for, a Warning is counted and shown, a Reject makes the row an error.
const (
	Note Severity = iota + 1
	Warning
	Reject
)

// String gives the stable lower-case name, as in JSON.
func (s Severity) String() string {
	switch s {
	case Note:
		return "note"
	case Warning:
		return "warning"
	case Reject:
		return "error"
	}
	return "none"
}

// MaxIssueValue bounds, in bytes, the offending text that an issue keeps.
const MaxIssueValue = 200

// Issue is what there is to say of one value, or of one whole row.
//
// Column is the file column counted from 0, or -1 for the row as a whole; Field is the key of the field that
// the column feeds ("" where it feeds none). Value is the offending text, at most [MaxIssueValue] bytes.
// A producer that knows neither column nor field (a normaliser) leaves them at -1 and "": its caller fills them.
type Issue struct {
	Severity Severity
	Code     string
	Column   int
	Field    string
	Value    string
	Args     Args
}

// NewIssue returns an issue of no column and no field yet. args are pairs of name and value.
func NewIssue(s Severity, code, value string, args ...any) Issue {
	return Issue{Severity: s, Code: code, Column: -1, Value: Clip(value, MaxIssueValue), Args: pairs(args)}
}

// Clip cuts s to at most n bytes on a rune border, marking the cut with an ellipsis.
func Clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n -= len("…"); n > 0 && !utf8.RuneStart(s[n]); n-- {
	}
	return s[:n] + "…"
}

// Worst gives the highest severity among issues, 0 for none.
func Worst(issues []Issue) Severity {
	var w Severity
	for i := range issues {
		w = max(w, issues[i].Severity)
	}
	return w
}
