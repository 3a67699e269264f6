package table

import (
	"context"
	"errors"
	"io"
	"slices"

	"cadastro/internal/errs"
	"cadastro/internal/sheet"
)

const (
	maxProbeCells = 1 << 20 // of a sheet that are held in memory to find its shape
	maxGap        = 3       // rows without cells that are counted as blank rows of the shape; more say nothing more
	lastRows      = 200     // at the end of a sheet among which the footer is looked for
	footReach     = 60_000  // rows: the foot of a longer sheet is not looked for, as it takes reading it to its end
)

// sheetTop is the beginning of a sheet, blank rows included, and its last rows.
type sheetTop struct {
	rows   [][]string
	lines  []int64 // sheet row of each
	whole  bool    // rows are all of the sheet
	last   [][]string
	ended  bool // last are those at the end of the sheet
	hidden int  // rows seen that are hidden
}

// sniffSheet finds the table in a workbook.
func (g *Guess) sniffSheet(ctx context.Context, src Source, hint Dialect, lim Limits) (err error) {
	inner, remove, err := unpack(ctx, src, g.Dialect.Compression, lim)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, remove()) }()
	b, err := openBook(ctx, inner, g.Dialect.Format, lim)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	g.Sheets = sheetInfos(b)
	i, err := pickSheet(b, hint.Sheet)
	if err != nil {
		return err
	}
	top, err := readTop(ctx, b, i, hint.Skip)
	if err != nil {
		return err
	}
	g.Dialect.Sheet, g.Dialect.Charset, g.Dialect.Fallback = b.Sheets()[i].Name, "", ""
	g.shapeSheet(top, hint)
	g.noteSheet(b.Sheets()[i], top)
	r, err := newSheetReader(ctx, b, i, inner.Size, g.Dialect, lim)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.rows.Close()) }()
	g.Sample, err = sampleOf(r, sampleRows)
	return err
}

// readTop reads the beginning of a sheet below the first skip rows, and on to its end where that is near.
func readTop(ctx context.Context, b sheet.Book, i, skip int) (*sheetTop, error) {
	r, err := b.Rows(i)
	if err != nil {
		return nil, readError(err)
	}
	defer func() { _ = r.Close() }()
	t := &sheetTop{}
	var row sheet.Row
	cells, at := 0, int64(skip)
	for n := 0; n < footReach; n++ {
		if n&1023 == 0 && ctx.Err() != nil {
			return nil, errs.Wrap(ctx.Err(), errs.Cancelled, "cancelled")
		}
		if err := r.Next(&row); err == io.EOF {
			t.ended = true
			t.whole = len(t.last) == 0
			return t, nil
		} else if err != nil {
			return nil, readError(err)
		}
		if row.Line <= int64(skip) {
			continue
		}
		if row.Hidden {
			t.hidden++
		}
		gap := min(row.Line-at-1, maxGap)
		at = row.Line
		texts := sheetTexts(&row)
		if len(t.rows) >= shapedRows || cells >= maxProbeCells {
			if len(t.last) >= 2*lastRows {
				t.last = append(t.last[:0], t.last[lastRows:]...)
			}
			t.last = append(append(t.last, make([][]string, gap)...), texts)
			continue
		}
		for k := gap; k > 0; k-- {
			t.rows, t.lines = append(t.rows, nil), append(t.lines, row.Line-k)
		}
		t.rows, t.lines = append(t.rows, texts), append(t.lines, row.Line)
		cells += len(texts)
	}
	return t, nil
}

// shapeSheet sets what the dialect says of the table's place. What the hint fixes stays.
func (g *Guess) shapeSheet(t *sheetTop, hint Dialect) {
	d := &g.Dialect
	shape := Shape(t.rows, t.whole, false)
	g.Confidence = Confidence{Delimiter: 1, Quote: 1, Escape: 1, Skip: shape.FirstConfidence, Header: shape.HeaderConfidence, Footer: shape.FooterConfidence}
	if hint.Skip > 0 {
		g.Confidence.Skip = 1
	} else if shape.First < len(t.rows) {
		d.Skip = int(t.lines[shape.First] - 1)
	}
	if hint.Header > 0 {
		g.Confidence.Header = 1
	} else {
		d.Header = shape.Header
	}
	if shape.Second > 0 {
		g.SecondTable = int(t.lines[shape.Second])
		g.Notes = append(g.Notes, errs.NewIssue(errs.Warning, "sniff.second_table", "", "line", g.SecondTable))
	}
	if above := firstText(t.rows[:shape.First]); above != "" && hint.Skip == 0 {
		g.Notes = append(g.Notes, errs.NewIssue(errs.Note, "sniff.preamble", above, "count", d.Skip))
	}
	if d.Header == 0 {
		g.Notes = append(g.Notes, errs.NewIssue(errs.Note, "sniff.no_header", ""))
	} else if d.Header > 1 {
		g.Notes = append(g.Notes, errs.NewIssue(errs.Note, "sniff.header_rows", "", "count", d.Header))
	}
	foot, n := t.foot(shape)
	if hint.Footer > 0 {
		d.Footer, g.Confidence.Footer = hint.Footer, 1
	} else if d.Footer = n; n > 0 {
		d.DropFooter = true
		g.Notes = append(g.Notes, errs.NewIssue(errs.Note, "sniff.footer", firstText(foot), "count", n))
	}
}

// foot gives the rows below the table, and how many of them hold anything.
func (t *sheetTop) foot(shape ShapeResult) ([][]string, int) {
	if t.whole {
		return t.rows[shape.End:], shape.Footer
	}
	if !t.ended || shape.First >= len(t.rows) {
		return nil, 0
	}
	top := t.rows[shape.First:min(shape.First+shape.Header+100, max(shape.End, shape.First))]
	both := slices.Concat(top, t.last[max(0, len(t.last)-lastRows):])
	small := Shape(both, true, false)
	if small.First != 0 || small.Second > 0 || small.End < len(top) {
		return nil, 0
	}
	return both[small.End:], small.Footer
}

// noteSheet tells which sheet was taken of several, and what of it cannot be seen.
func (g *Guess) noteSheet(info sheet.Info, t *sheetTop) {
	if len(g.Sheets) > 1 {
		g.Notes = append(g.Notes, errs.NewIssue(errs.Note, "sheet.one_of", info.Name, "count", len(g.Sheets)))
	}
	if info.State != sheet.Visible {
		g.Notes = append(g.Notes, errs.NewIssue(errs.Warning, "sheet.hidden_sheet", info.Name))
	}
	if t.hidden > 0 {
		g.Notes = append(g.Notes, errs.NewIssue(errs.Warning, "sheet.hidden_rows", "", "count", t.hidden))
	}
}
