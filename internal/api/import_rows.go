package api

import (
	"context"
	"net/http"
	"strconv"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/errs"
	"cadastro/internal/importer"
)

// importRows registers what is asked and corrected at review, row by row and cause by cause.
func (a *API) importRows() {
	add(a, op{id: "list-causes", method: http.MethodGet, path: "/imports/{id}/causes", tag: tagReview, may: auth.ImportsRead, object: "import",
		summary: "List why rows are errors, are skipped or should be looked at"}, a.listCauses)
	add(a, op{id: "list-rows", method: http.MethodGet, path: "/imports/{id}/rows", tag: tagReview, may: auth.ImportsRead, object: "import",
		summary: "List an import's rows", text: "At review with what is planned, afterwards with what came to be. All conditions that are set have to hold."}, a.listRows)
	add(a, op{id: "fix-cells", method: http.MethodPatch, path: "/imports/{id}/cells", tag: tagReview, may: auth.ImportsRun, object: "import",
		summary: "Correct cells at review", text: "The file stays as it is. The rows are decided again, and with them those that shared or now share an identifier with them."}, a.fixCells)
	add(a, op{id: "unfix-cells", method: http.MethodPost, path: "/imports/{id}/cells/restore", tag: tagReview, may: auth.ImportsRun, object: "import",
		summary: "Give cells the value that they have in the file"}, a.unfixCells)
	add(a, op{id: "list-candidates", method: http.MethodGet, path: "/imports/{id}/rows/{row}/candidates", tag: tagReview, may: auth.ImportsRead, object: "import",
		summary: "List the contacts that a row's keys belong to"}, a.listCandidates)
	add(a, op{id: "decide-row", method: http.MethodPut, path: "/imports/{id}/rows/{row}/decision", tag: tagReview, may: auth.ImportsRun, object: "import",
		summary: "Decide about a row", text: "Whom it speaks of where its keys point at several contacts, or that it is left out."}, a.decideRow)
	add(a, op{id: "list-cures", method: http.MethodGet, path: "/imports/{id}/cures", tag: tagReview, may: auth.ImportsRead, object: "import",
		summary: "List the ways to correct all rows of a cause at once"}, a.listCures)
	add(a, op{id: "apply-cure", method: http.MethodPost, path: "/imports/{id}/cures", tag: tagReview, may: auth.ImportsRun, object: "import", once: true,
		summary: "Correct all rows of a cause", text: "Where the rows are many, or a setting changes, the review is done again and the import comes back in state validating."}, a.applyCure)
	add(a, op{id: "drop-cure", method: http.MethodDelete, path: "/imports/{id}/cures/{key}", tag: tagReview, may: auth.ImportsRun, object: "import",
		summary: "Take all corrections of a cure back"}, a.dropCure)
}

const tagReview = "Review"

// Cause is why rows are errors, are skipped or should be looked at. A row with several faults counts in each.
type Cause struct {
	Key         string `json:"key" doc:"As rows and cures take it." example:"error.phone.no_area_code"`
	Severity    string `json:"severity" enum:"error,skip,warning"`
	Rows        int64  `json:"rows"`
	Column      *int   `json:"column,omitempty" doc:"Of the file, from 0, where all its rows have it in that one."`
	Field       string `json:"field,omitempty"`
	Title       string `json:"title" doc:"In the caller's language."`
	Explanation string `json:"explanation" doc:"What is the matter and what helps."`
}

func (a *API) listCauses(ctx context.Context, in *ImportPath) (*struct{ Body Page[Cause] }, error) {
	imp, err := a.find(ctx, *in)
	if err != nil {
		return nil, err
	}
	causes, err := a.app.Imports.Causes(ctx, imp)
	if err != nil {
		return nil, err
	}
	text := callOf(ctx).text
	out := &struct{ Body Page[Cause] }{Page[Cause]{Items: []Cause{}}}
	for _, c := range causes {
		one := Cause{Key: c.Key, Severity: string(c.Severity), Rows: c.Rows, Field: c.Field, Title: c.Title(text), Explanation: c.Explanation(text)}
		if c.Column >= 0 {
			column := c.Column
			one.Column = &column
		}
		out.Body.Items = append(out.Body.Items, one)
	}
	return out, nil
}

// ImportRow is one row of an import and what became of it, or at review what would.
type ImportRow struct {
	Row     int64    `json:"row" doc:"From 1, the header excluded."`
	Line    int64    `json:"line" doc:"Of the file."`
	Outcome string   `json:"outcome" enum:"unprocessed,imported,updated,skipped,error"`
	Reason  string   `json:"reason,omitempty" doc:"Of a skip, or the rule between rows that made it an error."`
	Contact int64    `json:"contact,omitempty" doc:"The contact that it met or made."`
	Drifted bool     `json:"drifted,omitempty" doc:"Not what the review said."`
	Issues  []Note   `json:"issues,omitempty"`
	Text    string   `json:"text,omitempty" doc:"Why, in one line, in the caller's language."`
	Changes []Change `json:"changes,omitempty" doc:"What it changes, or would."`
	Cells   []string `json:"cells,omitempty" doc:"As the file has them."`
}

// Change is one field before and after.
type Change struct {
	Field string `json:"field"`
	Old   string `json:"old"`
	New   string `json:"new"`
}

func (a *API) rowOf(ctx context.Context, imp *importer.Import, r *importer.RowResult, cells []string) ImportRow {
	text := callOf(ctx).text
	headers := imp.Settings.Mapping.Headers()
	out := ImportRow{Row: r.Number, Line: r.Line, Outcome: r.Outcome.String(), Reason: r.Reason.String(), Contact: int64(r.Contact), Drifted: r.Drifted,
		Issues: notesOf(text, r.Issues), Text: importer.Explain(text, r, headers), Cells: cells}
	if r.Reason == importer.NoReason {
		out.Reason = ""
	}
	if r.Plan != nil {
		for _, c := range r.Plan.Changes {
			out.Changes = append(out.Changes, Change{c.Field, c.Old, c.New})
		}
	}
	return out
}

type rowsInput struct {
	ImportPath
	Paging
	Outcome string `query:"outcome" enum:"imported,updated,skipped,error,unprocessed"`
	Cause   string `query:"cause" maxLength:"200" doc:"Key of a cause."`
	Warned  bool   `query:"warned" doc:"Goes in, and should be looked at."`
	Drifted bool   `query:"drifted" doc:"Came out otherwise than the review said."`
	Change  string `query:"change" maxLength:"200" doc:"Field key: an update changes it."`
	Cleared bool   `query:"cleared" doc:"An update erases a value; of the field in change, where one is given."`
}

// RowsPage is a page of an import's rows.
type RowsPage struct {
	Page[ImportRow]
	Total int64 `json:"total" doc:"Rows that the conditions hold for."`
}

type rowsOutput struct {
	Link string `header:"Link" doc:"The address of the next page, rel=next (RFC 8288)."`
	Body RowsPage
}

func (a *API) listRows(ctx context.Context, in *rowsInput) (*rowsOutput, error) {
	imp, err := a.find(ctx, in.ImportPath)
	if err != nil {
		return nil, err
	}
	after, err := in.number()
	if err != nil {
		return nil, err
	}
	if imp.ReviewedAt.IsZero() {
		return nil, errs.New(errs.Conflict, "api.not_reviewed", "id", in.ID)
	}
	found, err := a.app.Imports.Rows(ctx, imp, importer.RowQuery{Outcome: in.Outcome, Cause: in.Cause, Warned: in.Warned, Drifted: in.Drifted, Change: in.Change,
		Cleared: in.Cleared, After: after, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	items := make([]ImportRow, len(found.Rows))
	for i, r := range found.Rows {
		items[i] = a.rowOf(ctx, imp, r, found.Cells[i])
	}
	next := ""
	if found.Next != 0 {
		next = strconv.FormatInt(found.Next, 10)
	}
	page := pageOf(ctx, items, next)
	return &rowsOutput{Link: page.Link, Body: RowsPage{page.Body, found.Total}}, nil
}

// fixed is the answer of a correction: the import, and the rows that came out otherwise.
type fixed struct {
	Body struct {
		Import *Import     `json:"import"`
		Rows   []ImportRow `json:"rows" nullable:"false" doc:"All rows of which the outcome or the cells changed."`
	}
}

func (a *API) fixedOf(ctx context.Context, imp *importer.Import, changed []*importer.RowResult) (*fixed, error) {
	out := &fixed{}
	var err error
	if out.Body.Import, err = a.importOf(ctx, imp, true); err != nil {
		return nil, err
	}
	out.Body.Rows = []ImportRow{}
	for _, r := range changed {
		out.Body.Rows = append(out.Body.Rows, a.rowOf(ctx, imp, r, nil))
	}
	return out, nil
}

// CellFix gives a cell the value that it should have.
type CellFix struct {
	Row    int64  `json:"row" minimum:"1"`
	Column int    `json:"column" minimum:"0" doc:"Of the file, from 0."`
	Value  string `json:"value" maxLength:"100000" doc:"What the cell should say."`
}

// CellAt names a cell.
type CellAt struct {
	Row    int64 `json:"row" minimum:"1"`
	Column int   `json:"column" minimum:"-1" doc:"Of the file, from 0; -1 takes the decision about the row back."`
}

type fixInput struct {
	ImportPath
	Body struct {
		Cells []CellFix `json:"cells" minItems:"1" maxItems:"1000" nullable:"false"`
	}
}

func (a *API) fixCells(ctx context.Context, in *fixInput) (*fixed, error) {
	fixes := make([]importer.CellFix, len(in.Body.Cells))
	for i, c := range in.Body.Cells {
		fixes[i] = importer.CellFix{Row: c.Row, Column: c.Column, Value: c.Value}
	}
	imp, changed, err := a.app.Imports.FixCells(ctx, workspace(ctx), importer.ID(in.ID), fixes)
	if err != nil {
		return nil, err
	}
	return a.fixedOf(ctx, imp, changed)
}

type unfixInput struct {
	ImportPath
	Body struct {
		Cells []CellAt `json:"cells" minItems:"1" maxItems:"1000" nullable:"false"`
	}
}

func (a *API) unfixCells(ctx context.Context, in *unfixInput) (*fixed, error) {
	cells := make([]importer.CellAt, len(in.Body.Cells))
	for i, c := range in.Body.Cells {
		cells[i] = importer.CellAt{Row: c.Row, Column: c.Column}
	}
	imp, changed, err := a.app.Imports.UnfixCells(ctx, workspace(ctx), importer.ID(in.ID), cells)
	if err != nil {
		return nil, err
	}
	return a.fixedOf(ctx, imp, changed)
}

type RowPath struct {
	ImportPath
	Row int64 `path:"row" minimum:"1" doc:"Number of the row, from 1."`
}

// Candidate is a contact that one of a row's keys belongs to.
type Candidate struct {
	Contact int64          `json:"contact"`
	Name    string         `json:"name,omitempty" doc:"Missing where the caller may not see the contact."`
	Keys    []CandidateKey `json:"keys" nullable:"false" doc:"The row's keys that are the contact's."`
}

// CandidateKey is an identity key.
type CandidateKey struct {
	Kind string `json:"kind" example:"phone"`
	Text string `json:"text"`
}

func (a *API) listCandidates(ctx context.Context, in *RowPath) (*struct{ Body Page[Candidate] }, error) {
	imp, err := a.find(ctx, in.ImportPath)
	if err != nil {
		return nil, err
	}
	found, err := a.app.Imports.Candidates(ctx, imp, in.Row)
	if err != nil {
		return nil, err
	}
	out := &struct{ Body Page[Candidate] }{Page[Candidate]{Items: []Candidate{}}}
	for _, c := range found {
		one := Candidate{Contact: int64(c.Contact), Name: c.Name, Keys: []CandidateKey{}}
		for _, k := range c.Keys {
			one.Keys = append(one.Keys, CandidateKey{string(k.Kind), k.Text})
		}
		out.Body.Items = append(out.Body.Items, one)
	}
	return out, nil
}

type decideInput struct {
	RowPath
	Body struct {
		Choice  string `json:"choice" enum:"contact,new,leave_out,none" doc:"none takes an earlier decision back."`
		Contact int64  `json:"contact,omitempty" minimum:"1" doc:"One of the row's candidates, with choice contact."`
	}
}

func (a *API) decideRow(ctx context.Context, in *decideInput) (*fixed, error) {
	choice := map[string]importer.Choice{"none": importer.ChooseNothing, "leave_out": importer.ChooseLeaveOut, "new": importer.ChooseNew, "contact": importer.ChooseContact}[in.Body.Choice]
	imp, changed, err := a.app.Imports.ResolveRow(ctx, workspace(ctx), importer.ID(in.ID), in.Row, choice, contact.ID(in.Body.Contact))
	if err != nil {
		return nil, err
	}
	return a.fixedOf(ctx, imp, changed)
}
