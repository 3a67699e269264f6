package importer

import (
	"context"
	"strconv"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/blob"
	"cadastro/internal/contact"
	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/i18n"
	"cadastro/internal/table"
)

// Sink takes the rows of a file that is written: CSV, or a sheet of a workbook.
type Sink interface {
	Write(cells []string) error
}

// RowResult is one row of an import with what became of it, or at review what would.
type RowResult struct {
	Number  int64
	Line    int64
	Outcome Outcome
	Reason  Reason
	Contact contact.ID // 0 for none
	Drifted bool       // not what the review said
	Issues  []errs.Issue
	Plan    *PlanRow // what the review decided
}

// Results gives the rows of an import in the order of the file: with the outcome of each where it has been
// applied; else, at review, with the one that is planned, and afterwards as unprocessed.
func (s *Service) Results(ctx context.Context, imp *Import, f func(*RowResult) error) error {
	if err := auth.RequireIn(ctx, imp.Workspace, auth.ImportsRead); err != nil {
		return err
	}
	plan, err := s.planOf(ctx, imp)
	if err != nil {
		return err
	}
	defer plan.Close()
	return s.results(ctx, imp, plan, 0, f)
}

// planOf opens the plan of an import. The caller closes it.
func (s *Service) planOf(ctx context.Context, imp *Import) (*planReader, error) {
	if imp.planKey == "" || imp.Rows == 0 {
		return nil, errs.New(errs.Conflict, "import.no_rows", "id", int64(imp.ID), "state", imp.State)
	}
	return s.openPlan(ctx, imp)
}

func rowError(imp *Import, number int64) error {
	return errs.New(errs.NotFound, "import.row_not_found", "id", int64(imp.ID), "row", number)
}

// results goes through the rows from the given chunk on.
func (s *Service) results(ctx context.Context, imp *Import, plan *planReader, from int64, f func(*RowResult) error) error {
	for i := from; i < int64(len(plan.index.Chunks)); i++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		rows, done, err := s.chunkResults(ctx, imp, plan, i)
		if err != nil {
			return err
		}
		for j := range rows {
			r := resultOf(imp, &rows[j], done, j)
			if err := f(&r); err != nil {
				return err
			}
		}
	}
	return nil
}

// chunkResults gives the planned rows of a chunk, and their outcomes where it was applied.
func (s *Service) chunkResults(ctx context.Context, imp *Import, plan *planReader, chunk int64) (rows []PlanRow, done []applied, err error) {
	if rows, err = plan.chunk(int(chunk)); err != nil {
		return nil, nil, err
	}
	if chunk < imp.NextChunk {
		err = s.DB.Read(ctx, func(ctx context.Context, q db.Querier) (err error) {
			done, err = outcomes(ctx, q, imp, chunk, len(rows))
			return err
		})
	}
	return rows, done, err
}

func joinIssues(a, b []errs.Issue) []errs.Issue {
	if len(b) == 0 {
		return a
	}
	return append(a[:len(a):len(a)], b...)
}

func resultOf(imp *Import, p *PlanRow, done []applied, i int) RowResult {
	r := RowResult{Number: p.Record.Number, Line: p.Record.Line, Plan: p, Issues: joinIssues(p.Record.Issues, p.Issues)}
	switch {
	case done != nil:
		r.Outcome, r.Reason, r.Contact, r.Drifted = done[i].outcome, done[i].reason, done[i].contact, done[i].drifted
		if r.Drifted {
			r.Issues = joinIssues(p.Record.Issues, done[i].issues)
			if r.Reason == OutOfSight {
				r.Plan = veiled(p)
			}
		}
	case imp.Set == 0:
		r.Outcome, r.Reason, r.Contact = p.Outcome, p.Reason, p.Target
	}
	return r
}

// resultDialect gives the dialect of the files that go back to the person: what their spreadsheet program takes
// without a question.
func resultDialect(imp *Import) table.Dialect {
	d := table.Dialect{Format: table.CSV, Charset: "utf-8", Delimiter: ";", Quote: '"'}
	if imp.Settings.Language == string(i18n.English) {
		d.Delimiter = ","
	}
	return d
}

// WriteResult writes the original rows and columns with two more: what became of the row, and why.
func (s *Service) WriteResult(ctx context.Context, imp *Import, to Sink) error {
	if err := auth.RequireIn(ctx, imp.Workspace, auth.ImportsRead); err != nil {
		return err
	}
	return s.writeFile(ctx, imp, to, false)
}

// WriteErrors writes the rows that are errors, in their original columns and order, with their row number and the
// reasons. It is there from the review on.
func (s *Service) WriteErrors(ctx context.Context, imp *Import, to Sink) error {
	if err := auth.RequireIn(ctx, imp.Workspace, auth.ImportsRead); err != nil {
		return err
	}
	return s.writeFile(ctx, imp, to, true)
}

func (s *Service) writeFile(ctx context.Context, imp *Import, to Sink, errorsOnly bool) error {
	plan, err := s.planOf(ctx, imp)
	if err != nil {
		return err
	}
	defer plan.Close()
	w, err := s.newResultWriter(imp, plan, to, errorsOnly)
	if err != nil {
		return err
	}
	return s.results(ctx, imp, plan, 0, w.row)
}

// columnNames fills in names for columns that have none.
func columnNames(header []string, text *i18n.Printer) []string {
	out := make([]string, len(header))
	for i, h := range header {
		if out[i] = h; h == "" {
			out[i] = text.T("import.column_n", "n", i+1)
		}
	}
	return out
}

// resultWriter writes result and error files: the file's own cells, which the plan keeps, beside what became of each row.
type resultWriter struct {
	source     cellReader
	text       *i18n.Printer
	headers    []string
	to         Sink
	errorsOnly bool
	cells      []string
	status     map[Outcome]string
}

// newResultWriter gives a writer that has written the header.
func (s *Service) newResultWriter(imp *Import, plan *planReader, to Sink, errorsOnly bool) (*resultWriter, error) {
	text := s.Texts.Printer(i18n.Lang(imp.Settings.Language))
	w := &resultWriter{source: cellReader{plan: plan}, text: text, headers: columnNames(plan.index.Header, text), to: to, errorsOnly: errorsOnly}
	w.status = map[Outcome]string{}
	for o := RowUnprocessed; o <= RowError; o++ {
		w.status[o] = w.text.T("import.outcome." + o.String())
	}
	return w, w.head()
}

func (w *resultWriter) head() error {
	cells := append([]string(nil), w.headers...)
	if w.errorsOnly {
		return w.to.Write(append(cells, w.text.T("import.column.row"), w.text.T("import.column.error")))
	}
	return w.to.Write(append(cells, w.text.T("import.column.status"), w.text.T("import.column.errors")))
}

// row writes a row as the file has it with what became of it. Rows come in the order of the file.
func (w *resultWriter) row(r *RowResult) error {
	if w.errorsOnly && r.Outcome != RowError {
		return nil
	}
	var err error
	if w.cells, err = w.source.append(w.cells[:0], r.Number); err != nil {
		return err
	}
	for len(w.cells) < len(w.headers) {
		w.cells = append(w.cells, "")
	}
	if w.errorsOnly {
		w.cells = append(w.cells, strconv.FormatInt(r.Line, 10), Explain(w.text, r, w.headers))
	} else {
		w.cells = append(w.cells, w.status[r.Outcome], Explain(w.text, r, w.headers))
	}
	return w.to.Write(w.cells)
}

// Explain says in one line why a row became what it became: the reason of a skip, the faults of an error with
// their columns, and what was repaired or warned of in the others. "" where there is nothing to say.
func Explain(text *i18n.Printer, r *RowResult, headers []string) string {
	var b []byte
	if r.Outcome == RowSkipped && r.Reason != NoReason && r.Reason != RepeatedRow {
		b = append(b, text.T("import.skip."+r.Reason.String())...)
	}
	if r.Drifted {
		b = appendSentence(b, text.T("import.drifted"))
	}
	for i := range r.Issues {
		is := &r.Issues[i]
		if originOf(is) == "" && (r.Outcome == RowError && is.Severity != errs.Reject || is.Severity == errs.Note && r.Outcome != RowSkipped) {
			continue
		}
		if len(b) > 0 {
			b = append(b, ' ')
		}
		if is.Column >= 0 && is.Column < len(headers) {
			b = append(append(b, headers[is.Column]...), ": "...)
		}
		b = text.AppendIssue(b, is)
	}
	return string(b)
}

func appendSentence(b []byte, s string) []byte {
	if len(b) > 0 {
		b = append(b, ' ')
	}
	return append(b, s...)
}

// OpenResult opens the result file as CSV. The caller closes it. It is gone when its days are over.
func (s *Service) OpenResult(ctx context.Context, imp *Import) (blob.Reader, error) {
	if err := auth.RequireIn(ctx, imp.Workspace, auth.ImportsRead); err != nil {
		return nil, err
	}
	if imp.resultKey == "" {
		return nil, errs.New(errs.NotFound, "import.no_result", "id", int64(imp.ID))
	}
	return s.Blobs.Open(ctx, imp.resultKey)
}

func over(since, now time.Time, after time.Duration) bool {
	return !since.IsZero() && now.Sub(since) > after
}
