package table

import (
	"strings"
	"unicode/utf8"

	"cadastro/internal/errs"
)

// SniffResult is what Sniff found. Dialect has every field that text decides; the others are as in the hint.
type SniffResult struct {
	Dialect      Dialect
	Confidence   Confidence
	Alternatives []Alternative // other ways to cut the text, best first, the chosen one left out
	Notes        []errs.Issue  // what was recognised, for the person who checks the dialect

	Width           int    // columns of the table
	QuoteSeen       bool   // some cell is quoted; where it is not, Quote is a guess for what comes later
	HeaderDelimiter string // delimiter of the header line where it differs from that of the rows, else ""
	SecondTable     int    // physical line, from 1, on which a further table begins below the first, 0 for none
}

// Confidence says, from 0 to 1, how sure each property of a dialect is.
type Confidence struct {
	Delimiter, Quote, Escape, Skip, Header, Footer float64
}

// Alternative is another way to cut the text. Score is relative to the chosen one's, 0..1.
type Alternative struct {
	Delimiter string
	Quote     rune
	Width     int
	Score     float64
}

// scoredBytes bounds the text on which candidates are compared.
const scoredBytes = 64 << 10

// tailBytes bounds the end of a whole text in which its footer is looked for.
const tailBytes = 64 << 10

// shapedRows bounds the records whose cells the search for header and footer looks at.
const shapedRows = 4000

// Sniff finds the dialect of delimited text.
//
// sample is the beginning of the text in UTF-8, 256 KiB are plenty; whole says that it is all of it. tail is
// the end of the text where the sample is not whole, from which totals and notes are found; it may begin in
// the middle of a record. Fields of hint that are not zero were fixed by a person and are taken over.
func Sniff(sample []byte, whole bool, tail []byte, hint Dialect) SniffResult {
	text := strings.TrimPrefix(strings.ToValidUTF8(string(sample), "\ufffd"), "\ufeff")
	res := SniffResult{Dialect: hint}
	sep, rest := cutSepLine(text)
	if strings.Trim(rest, "\r\n \t\x00\x1a") == "" {
		res.Dialect.SepLine = sep != ""
		res.Dialect.Delimiter = firstOf(hint.Delimiter, sep)
		return res
	}
	s := sniffer{text: rest, whole: whole, hint: hint, sep: sep}
	best := s.choose()
	if inner, ok := s.unwrap(best); ok {
		res.Dialect.Wrapped = true
		s = inner
		best = s.choose()
	}
	best.split = s.stretchDelimiter(best)
	quote, escape := s.quoting(&best)
	res.fill(&s, &best, quote, escape)
	if res.Dialect.Wrapped {
		res.Dialect.Quote = '"' // around the line, at least
	}
	s.shape(&res, best, strings.ToValidUTF8(string(tail), "\ufffd"))
	res.note(&s, best)
	return res
}

// sniffer holds the text and the candidates for its dialect.
type sniffer struct {
	text       string // behind the sep line
	whole      bool
	hint       Dialect
	sep        string // what a sep line says, "" for none
	candidates []candidate
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// fill puts the split into the result.
func (r *SniffResult) fill(s *sniffer, best *candidate, quote rune, escape rune) {
	d := &r.Dialect
	d.Delimiter, d.Quote, d.Escape = best.delim, quote, escape
	d.SepLine = s.sep != ""
	r.Width = best.width
	r.QuoteSeen = best.grid.quoted > 0
	second := 0.0
	for i := range s.candidates {
		c := &s.candidates[i]
		if c.delim == best.delim || c.score <= 0 {
			continue
		}
		second = max(second, c.score)
		if len(r.Alternatives) < 5 && !r.listed(c.delim) {
			q, _ := utf8.DecodeRuneInString(c.quote)
			if c.quote == "" {
				q = 0
			}
			score := c.score / max(best.score, c.score, 1e-9)
			r.Alternatives = append(r.Alternatives, Alternative{Delimiter: c.delim, Quote: q, Width: c.width, Score: score})
		}
	}
	margin := 1.0
	if best.score > 0 {
		margin = max(0, 1-second/best.score)
	}
	r.Confidence.Delimiter = (0.5 + 0.5*margin) * (0.7 + 0.3*best.consistency)
	if s.hint.Delimiter != "" {
		r.Confidence.Delimiter = 1
	}
	n := float64(best.grid.quoted + best.grid.broken)
	switch {
	case s.hint.Quote != 0:
		r.Confidence.Quote = 1
	case n > 0:
		r.Confidence.Quote = float64(max(best.grid.quoted, best.grid.broken)) / n
	case s.whole:
		r.Confidence.Quote = 0.95
	default:
		r.Confidence.Quote = 0.7
	}
	r.Confidence.Escape = 0.9
	if e := best.grid.doubled + best.grid.escaped; e > 0 {
		r.Confidence.Escape = float64(max(best.grid.doubled, best.grid.escaped)) / float64(e)
	}
}

func (r *SniffResult) listed(delim string) bool {
	for i := range r.Alternatives {
		if r.Alternatives[i].Delimiter == delim {
			return true
		}
	}
	return false
}

// cutSepLine takes a first line "sep=;" off the text, as spreadsheets write it. sep is "" where there is none.
func cutSepLine(text string) (sep, rest string) {
	end := strings.IndexAny(text, "\r\n")
	if end < 0 || end > 12 {
		return "", text
	}
	line := strings.Trim(text[:end], `" `)
	if len(line) < 5 || !strings.EqualFold(line[:4], "sep=") {
		if len(line) != 4 || !strings.EqualFold(line, "sep=") || !strings.HasPrefix(text[4:], "\t") {
			return "", text
		}
		line = text[:5]
	}
	sep = line[4:]
	if sep == `\t` {
		sep = "\t"
	}
	if len(sep) > 4 {
		return "", text
	}
	return sep, text[skipLineEnd(text, end):]
}
