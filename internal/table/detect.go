package table

import (
	"context"
	"io"
	"slices"

	"cadastro/internal/charset"
	"cadastro/internal/errs"
)

// Guess is what Detect finds out about a file: how to read it, how sure that is, what else it might be.
type Guess struct {
	Dialect      Dialect
	Confidence   Confidence
	Charset      charset.Guess // with the lines that tell the charsets apart; for text formats
	Alternatives []Alternative // other delimiters, best first
	Notes        []errs.Issue  // what was recognised and left out, for the person who checks the dialect
	Name         string        // name of the file inside an archive, else the source's
	Sheets       []SheetInfo   // of a workbook, in the order of the tabs
	Width        int           // columns of the table
	QuoteSeen    bool          // some cell of the text is quoted; where none is, Quote is a guess for what comes later
	SecondTable  int           // line, from 1, on which another table begins below, 0 for none
	Sample       Sample
}

// Sample is the beginning of a table.
type Sample struct {
	Header []string
	Rows   []Row // copies, at most as many as asked for
}

// sampleRows is how many rows a Guess shows.
const sampleRows = 50

// Detect finds out what a file is, by its content and not by its name, and how it is to be read.
func Detect(ctx context.Context, src Source, lim Limits) (Guess, error) {
	return Redetect(ctx, src, Dialect{}, lim)
}

// Redetect is Detect where a person has fixed some fields of the dialect: those of hint that are not zero.
func Redetect(ctx context.Context, src Source, hint Dialect, lim Limits) (Guess, error) {
	lim = lim.WithDefaults()
	if err := checkSize(src, lim); err != nil {
		return Guess{}, err
	}
	f, err := identify(ctx, src, hint, lim)
	if err != nil {
		return Guess{}, err
	}
	g := Guess{Dialect: hint, Name: f.name}
	if f.format == CSV {
		s := Sniff(f.text, f.whole, f.tail, hint)
		g.Dialect, g.Confidence, g.Alternatives, g.Notes = s.Dialect, s.Confidence, s.Alternatives, s.Notes
		g.Width, g.QuoteSeen, g.SecondTable = s.Width, s.QuoteSeen, s.SecondTable
	}
	g.Dialect.Format, g.Dialect.Compression = f.format, f.compression
	if f.format.IsSheet() {
		err = g.sniffSheet(ctx, src, hint, lim)
	} else {
		g.takeCharset(f.charset)
		if f.format != CSV {
			g.Dialect.Header = 1 // the names stand in every record
			g.Confidence = Confidence{1, 1, 1, 1, 1, 1}
		}
		err = g.takeSample(ctx, src, lim)
	}
	if err != nil {
		return g, err
	}
	g.Width = len(g.Sample.Header)
	if len(g.Sample.Rows) == 0 {
		none := errs.NewIssue(errs.Reject, "file.no_rows", "")
		if slices.ContainsFunc(g.Sample.Header, func(s string) bool { return s != "" }) {
			none = errs.NewIssue(errs.Reject, "file.header_only", "")
		}
		g.Notes = append(g.Notes, none)
	}
	return g, nil
}

// takeSample reads the beginning of the table, and tells of lines that were only drawn.
func (g *Guess) takeSample(ctx context.Context, src Source, lim Limits) error {
	lim.Rows = max(lim.Rows, sampleRows)
	r, err := Open(ctx, src, g.Dialect, lim)
	if err != nil {
		return err
	}
	defer r.Close()
	g.Sample, err = sampleOf(r, sampleRows)
	if t, ok := r.(interface{ Tally() Tally }); ok && t.Tally().Rulers > 0 {
		g.Notes = append(g.Notes, errs.NewIssue(errs.Note, "sniff.ruler", ""))
	}
	return err
}

// takeCharset sets the charset of a text and tells what is not certain of it.
func (g *Guess) takeCharset(found charset.Guess) {
	g.Charset = found
	c := &g.Charset
	if c.Name != "" {
		g.Dialect.Charset = c.Name
	}
	if c.BadLines > 0 && g.Dialect.Fallback == "" {
		g.Dialect.Fallback = c.Fallback
	}
	if c.BadLines > 0 {
		g.Notes = append(g.Notes, errs.NewIssue(errs.Warning, "file.mixed_charsets", "",
			"count", c.BadLines, "charset", charset.Label(c.Name), "other", charset.Label(c.Fallback)))
	}
	if c.ASCIIOnly && !c.Complete {
		g.Notes = append(g.Notes, errs.NewIssue(errs.Note, "file.charset_open", ""))
	}
}

// Preview reads the header and the first n rows of a table as d says.
func Preview(ctx context.Context, src Source, d Dialect, lim Limits, n int) (Sample, error) {
	if lim.Rows > 0 {
		lim.Rows = max(lim.Rows, int64(n)) // a matter for the import, not for a look at the beginning
	}
	r, err := Open(ctx, src, d, lim)
	if err != nil {
		return Sample{}, err
	}
	defer r.Close()
	return sampleOf(r, n)
}

// sampleOf reads the first n rows.
func sampleOf(r Reader, n int) (Sample, error) {
	s := Sample{Header: r.Header()}
	var row Row
	for len(s.Rows) < n {
		if err := r.Read(&row); err != nil {
			if err == io.EOF {
				break
			}
			return s, err
		}
		one := row
		one.Cells, one.Extra = slices.Clone(row.Cells), slices.Clone(row.Extra)
		s.Rows = append(s.Rows, one)
	}
	return s, nil
}
