package importer

import (
	"context"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/contact"
	"cadastro/internal/db"
	"cadastro/internal/table"
)

// The parts of a dialect that a person may fix; the names are those of [Settings.Fixed].
const (
	FixSheet     = "sheet"
	FixCharset   = "charset"
	FixDelimiter = "delimiter"
	FixQuote     = "quote"
	FixHeader    = "header" // with the lines above it
	FixFooter    = "footer" // rows of totals are rows like others
)

// Reread finds out how a file is to be read, where a person fixed some parts of d: those that fixed names, also where
// they are zero (no quote, no header). The other parts of d do not count.
func Reread(ctx context.Context, src table.Source, d table.Dialect, fixed []string, lim table.Limits) (table.Guess, error) {
	is := func(part string) bool { return slices.Contains(fixed, part) }
	var hint table.Dialect
	if is(FixSheet) {
		hint.Sheet = d.Sheet
	}
	if is(FixCharset) {
		hint.Charset = d.Charset
	}
	if is(FixDelimiter) {
		hint.Delimiter = d.Delimiter
	}
	if is(FixQuote) {
		hint.Quote = d.Quote
	}
	if is(FixHeader) {
		hint.Skip, hint.Header = d.Skip, d.Header
	}
	g, err := table.Redetect(ctx, src, hint, lim)
	if err != nil {
		return g, err
	}
	// A zero is left to the detection, so what is fixed at zero is put in afterwards.
	want := g.Dialect
	if is(FixDelimiter) && d.Delimiter == "" {
		want.Delimiter = ""
	}
	if is(FixQuote) && d.Quote == 0 {
		want.Quote, want.Escape, want.Wrapped = 0, 0, false
	}
	if is(FixHeader) {
		want.Skip, want.Header = d.Skip, d.Header
	}
	if is(FixFooter) {
		want.DropFooter = false
	}
	if want != g.Dialect {
		g.Dialect = want
		g.Sample, err = table.Preview(ctx, src, want, lim, max(len(g.Sample.Rows), 1))
		g.Width = len(g.Sample.Header)
	}
	return g, err
}

// SaveDraft keeps what was chosen so far for an import that has not begun, without a review: it may still be
// incomplete. What was reviewed with other settings is dropped, and the import has to be reviewed before it can start.
func (s *Service) SaveDraft(ctx context.Context, workspace int64, id ID, set Settings) (imp *Import, err error) {
	if err := auth.RequireIn(ctx, workspace, auth.ImportsRun); err != nil {
		return nil, err
	}
	err = s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if imp, err = lockImport(ctx, tx, workspace, id); err != nil {
			return err
		}
		switch imp.State {
		case Uploaded, Validating, InReview, Expired:
		case Failed:
			if imp.Set != 0 {
				return startedError(imp)
			}
		default:
			return startedError(imp)
		}
		was, err := jsonText(imp.Settings)
		if err != nil {
			return err
		}
		text, err := jsonText(set)
		if err != nil || text == was {
			return err
		}
		if err := dropJob(ctx, tx, imp); err != nil {
			return err
		}
		imp.Settings, imp.State, imp.Err, imp.job = set, Uploaded, nil, 0
		imp.round++ // a review that is under way finds that it is not wanted any more
		_, err = tx.Exec(ctx, `UPDATE import SET state = 'uploaded', settings = $3, round = $4, job_id = 0, error = '', finished_at = NULL, phase = ''
			WHERE workspace_id = $1 AND id = $2`, workspace, int64(id), text, imp.round)
		return err
	})
	return imp, err
}

// CountRows counts the rows of a table, reading about upTo of them. exact is false where there are more: rows is then an
// estimate from how far these have come in the file.
func CountRows(ctx context.Context, src table.Source, d table.Dialect, lim table.Limits, upTo int64) (rows int64, exact bool, err error) {
	lim.Rows = 0 // that the file has too many is for the review to say
	r, err := table.Open(ctx, src, d, lim)
	if err != nil {
		return 0, false, err
	}
	defer r.Close()
	var row table.Row
	// A reader takes in more than it has given. When it asks for more, what it had is what the rows so far took.
	at, tookRows, tookBytes := r.Offset(), int64(0), int64(0)
	for rows < upTo || tookBytes == 0 {
		if err := r.Read(&row); errors.Is(err, io.EOF) {
			return rows, true, nil
		} else if err != nil {
			return rows, false, err
		}
		if now := r.Offset(); now > at {
			if rows > 0 {
				tookRows, tookBytes = rows, at
			}
			at = now
		}
		rows++
	}
	return int64(float64(tookRows) * float64(src.Size) / float64(tookBytes)), false, nil
}

// NextTag gives the first free tag of the form import-DATE-N of the day of now.
func NextTag(cat *contact.Catalogue, now time.Time) string {
	prefix := "import-" + now.Format(time.DateOnly) + "-"
	last := 0
	for _, t := range cat.Tags {
		if rest, ok := strings.CutPrefix(t.Name, prefix); ok {
			if n, err := strconv.Atoi(rest); err == nil {
				last = max(last, n)
			}
		}
	}
	return prefix + strconv.Itoa(last+1)
}
