package importer

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"strconv"

	"cadastro/internal/contact"
	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/table"
)

// What a correction does, as the base keeps it.
const (
	actSet      = "set"
	actDrop     = "drop"
	actLeaveOut = "leave_out"
	actNew      = "new"
	actContact  = "contact"
)

// ByHand is the origin of corrections that no cure made.
const ByHand = "hand"

// note tells of the correction beside its row: Value is the file's cell, argument "cure" the origin and "result" the new
// text. It names no field, as what it tells of is no fault of one.
func (f *Fix) note() errs.Issue {
	code := "cell.corrected"
	switch {
	case f.Choice != ChooseNothing:
		code = "row.decided"
	case f.Dropped:
		code = "cell.dropped"
	case f.Was == "":
		code = "cell.filled"
	case f.Value == "":
		code = "cell.emptied"
	}
	was := f.Was
	if f.Column < 0 {
		was = ""
	}
	is := errs.NewIssue(errs.Note, code, was, "cure", f.Origin, "result", errs.Clip(f.Value, errs.MaxIssueValue))
	is.Column = f.Column
	return is
}

// originOf gives the origin of the correction that an issue tells of, "" where it tells of none.
func originOf(is *errs.Issue) string {
	switch is.Code {
	case "cell.corrected", "cell.filled", "cell.emptied", "cell.dropped", "row.decided":
		origin, _ := is.Args["cure"].(string)
		return origin
	}
	return ""
}

// fixes are the corrections of an import by row.
type fixes map[int64][]Fix

func byRow(list []Fix) fixes {
	if len(list) == 0 {
		return nil
	}
	out := fixes{}
	for _, f := range list {
		out[f.Row] = append(out[f.Row], f)
	}
	return out
}

// fixesOf reads the corrections of the rows from first to last.
func fixesOf(ctx context.Context, q db.Querier, imp *Import, first, last int64) ([]Fix, error) {
	return db.Collect(ctx, q, scanFix, `SELECT row_number, col, was, value, act, origin FROM import_fix
		WHERE workspace_id = $1 AND import_id = $2 AND row_number BETWEEN $3 AND $4 ORDER BY row_number, col`, imp.Workspace, int64(imp.ID), first, last)
}

func scanFix(r *sql.Rows) (f Fix, err error) {
	act := ""
	if err := r.Scan(&f.Row, &f.Column, &f.Was, &f.Value, &act, &f.Origin); err != nil {
		return f, err
	}
	switch act {
	case actDrop:
		f.Dropped = true
	case actLeaveOut:
		f.Choice = ChooseLeaveOut
	case actNew:
		f.Choice = ChooseNew
	case actContact:
		id, err := strconv.ParseInt(f.Value, 10, 64)
		if err != nil {
			return f, err
		}
		f.Choice, f.Contact, f.Value = ChooseContact, contact.ID(id), ""
	}
	return f, nil
}

// act gives what the base keeps of a correction.
func (f *Fix) act() (act, value string) {
	switch {
	case f.Choice == ChooseLeaveOut:
		return actLeaveOut, ""
	case f.Choice == ChooseNew:
		return actNew, ""
	case f.Choice == ChooseContact:
		return actContact, strconv.FormatInt(int64(f.Contact), 10)
	case f.Dropped:
		return actDrop, ""
	}
	return actSet, f.Value
}

// meets tells whether the file has, where the correction was made, what it had then: read in another way, it may not.
func (f *Fix) meets(cells []string) bool {
	if f.Column < 0 {
		return f.Was == digest(cells)
	}
	return f.Column < len(cells) && f.Was == cells[f.Column]
}

// digest stands for all cells of a row.
func digest(cells []string) string {
	h := sha256.New()
	for _, c := range cells {
		h.Write([]byte(strconv.Itoa(len(c))))
		h.Write([]byte{':'})
		h.Write([]byte(c))
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// corrected fills r from a row that has corrections. The cells of the row are changed.
func (c *cleaner) corrected(r *Record, row *table.Row, list []Fix) {
	var notes []errs.Issue
	was := row.Cells
	issues := row.Issues
	c.drop = c.drop[:0]
	own := false
	for i := range list {
		f := &list[i]
		if !f.meets(was) {
			continue
		}
		switch {
		case f.Choice != ChooseNothing:
			r.Choice = f.Choice
			if f.Choice == ChooseContact {
				r.ContactID = f.Contact
			}
		case f.Dropped:
			c.drop = append(c.drop, f.Column)
		default:
			if !own {
				row.Cells, own = append([]string(nil), was...), true
			}
			row.Cells[f.Column] = f.Value
			issues = but(issues, f.Column)
		}
		notes = append(notes, f.note())
	}
	row.Issues = issues
	chosen := r.ContactID
	c.clean(r, row)
	if chosen != 0 {
		r.ContactID = chosen
	}
	r.Issues = append(r.Issues, notes...)
	row.Cells, c.drop = was, c.drop[:0]
}

// but gives issues but those of one column: the reader of the file said them of the text that was there.
func but(issues []errs.Issue, column int) []errs.Issue {
	var out []errs.Issue
	for _, is := range issues {
		if is.Column != column {
			out = append(out, is)
		}
	}
	return out
}
