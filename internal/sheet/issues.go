package sheet

import "cadastro/internal/errs"

// Issues tells what a person should know of the row, nil for almost every one: the row is hidden (a note), a number
// has lost digits, a formula was never computed or has failed (warnings). The columns are those of the sheet.
func (r *Row) Issues() []errs.Issue {
	var out []errs.Issue
	if r.Hidden {
		out = append(out, errs.NewIssue(errs.Note, "sheet.hidden_row", ""))
	}
	for i := range r.Cells {
		c := &r.Cells[i]
		if c.Flags&(DigitsLost|NoValue) == 0 && c.Type != Error {
			continue
		}
		var issue errs.Issue
		switch {
		case c.Type == Error:
			issue = errs.NewIssue(errs.Warning, "sheet.error_value", c.Text)
		case c.Flags&NoValue != 0:
			issue = errs.NewIssue(errs.Warning, "sheet.no_value", "")
		default:
			issue = errs.NewIssue(errs.Warning, "sheet.digits_lost", c.Text)
		}
		issue.Column = c.Col
		out = append(out, issue)
	}
	return out
}
