package sheet

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"cadastro/internal/errs"
)

func TestIssues(t *testing.T) {
	t.Parallel()
	plain := Row{Line: 1, Cells: []Cell{{Text: "a", Flags: Formula | Merged | Link}, {Text: "1", Type: Number}}}
	if got := plain.Issues(); got != nil {
		t.Errorf("got %+v", got)
	}
	row := Row{Line: 2, Hidden: true, Cells: []Cell{
		{Col: 1, Text: "12345678901234500", Type: Number, Flags: DigitsLost},
		{Col: 2, Flags: Formula | NoValue},
		{Col: 5, Text: "#N/A", Type: Error, Flags: Formula},
	}}
	want := []errs.Issue{
		{Severity: errs.Note, Code: "sheet.hidden_row", Column: -1},
		{Severity: errs.Warning, Code: "sheet.digits_lost", Column: 1, Value: "12345678901234500"},
		{Severity: errs.Warning, Code: "sheet.no_value", Column: 2},
		{Severity: errs.Warning, Code: "sheet.error_value", Column: 5, Value: "#N/A"},
	}
	if diff := cmp.Diff(want, row.Issues()); diff != "" {
		t.Error(diff)
	}
}

func TestFill(t *testing.T) {
	t.Parallel()
	row := Row{Cells: []Cell{{Col: 1, Text: "b"}, {Col: 4, Text: "e"}}}
	dst := []string{"x", "x", "x"}
	extra := row.Fill(dst)
	if diff := cmp.Diff([]string{"", "b", ""}, dst); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"", "e"}, extra); diff != "" || row.Width() != 5 {
		t.Error(diff, row.Width())
	}
}
