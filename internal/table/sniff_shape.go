package table

import (
	"strings"

	"cadastro/internal/errs"
)

// shape finds header, preamble and footer with the chosen split and puts them into the result.
func (s *sniffer) shape(res *SniffResult, best candidate, tail string) {
	by := best.split
	by.quote = ""
	if res.Dialect.Quote != 0 {
		by.quote = string(res.Dialect.Quote)
	}
	by.escape = byte(res.Dialect.Escape)
	limit := shapedRows
	if !s.whole {
		limit = shapedRows / 5
	}
	g := cut(s.text, by, limit, !s.whole && strings.ContainsAny(s.text, "\r\n"))
	if len(g.rows) == 0 {
		g = cut(s.text, by, shapedRows, false)
	}
	rows := g.texts(0, len(g.rows))
	from := 0
	for from < len(g.rows) && int(g.rows[from].line)+s.sepLines() < s.hint.Skip {
		from++
	}
	all := s.whole && g.end >= len(s.text)
	shape := Shape(rows[from:], all, true)
	if shape.Header == 0 && res.Width > 1 && from == 0 {
		if d, rows2, shape2, ok := otherHeader(rows, shape, all); ok {
			res.HeaderDelimiter, rows, shape = d, rows2, shape2
		}
	}
	shape.First += from
	shape.End += from
	if shape.First < len(g.rows) && s.hint.Skip == 0 {
		res.Dialect.Skip = int(g.rows[shape.First].line) + s.sepLines()
		res.Confidence.Skip = shape.FirstConfidence
	} else {
		res.Confidence.Skip = 1
	}
	res.Confidence.Header = shape.HeaderConfidence
	if s.hint.Header > 0 {
		shape.Header, res.Confidence.Header = s.hint.Header, 1
	}
	res.Dialect.Header = shape.Header
	res.Width = max(shape.Width+shape.Left, 1)
	if shape.Second > 0 {
		res.SecondTable = int(g.rows[shape.Second+from].line) + s.sepLines() + 1
	}
	res.Confidence.Footer = shape.FooterConfidence
	res.Dialect.Footer = shape.Footer
	var foot [][]string
	if all {
		foot = rows[shape.End:]
	} else {
		foot = s.tailFoot(res, by, rows, shape, tail)
	}
	if s.hint.Footer > 0 {
		res.Dialect.Footer, res.Confidence.Footer = s.hint.Footer, 1
	} else if res.Dialect.Footer > 0 {
		res.Dialect.DropFooter = true
		res.Notes = append(res.Notes, errs.NewIssue(errs.Note, "sniff.footer", firstText(foot), "count", res.Dialect.Footer))
	}
}

func (s *sniffer) sepLines() int {
	if s.sep != "" {
		return 1
	}
	return 0
}

// tailFoot looks for the footer in the text's end: the table's beginning and the last records together make
// a small table whose foot is that of the text.
func (s *sniffer) tailFoot(res *SniffResult, by split, rows [][]string, shape ShapeResult, tail string) [][]string {
	if s.whole { // longer than what was cut: its own end will do
		tail = s.text[max(0, len(s.text)-tailBytes):]
	}
	end := strings.IndexAny(tail, "\r\n")
	if end < 0 {
		return nil
	}
	t := cut(tail[skipLineEnd(tail, end):], by, 1<<20, false)
	n := len(t.rows)
	last := t.texts(max(0, n-200), n)
	top := rows[min(shape.First, len(rows)):min(shape.First+shape.Header+100, len(rows), max(shape.End, shape.First))]
	both := append(append([][]string{}, top...), last...)
	whole := Shape(both, true, true)
	if whole.First != 0 || whole.Second > 0 || whole.End < len(top) {
		return nil
	}
	res.Dialect.Footer, res.Confidence.Footer = whole.Footer, whole.FooterConfidence
	return both[whole.End:]
}

// texts gives rows a to b as strings, quotes inside quotes undone.
func (g *grid) texts(a, b int) [][]string {
	rows := make([][]string, 0, b-a)
	for _, r := range g.rows[a:b] {
		if r.blank {
			rows = append(rows, nil)
			continue
		}
		row := make([]string, len(r.cells))
		for j, c := range r.cells {
			row[j] = g.text[c.from:c.to]
		}
		rows = append(rows, row)
	}
	return rows
}

// otherHeader looks for a header line that is cut by another delimiter than the rows below it. The line
// stands right above the first row.
func otherHeader(rows [][]string, shape ShapeResult, whole bool) (delim string, _ [][]string, _ ShapeResult, ok bool) {
	at := shape.First - 1
	if at < 0 || shape.First >= len(rows) || len(rows[at]) != 1 {
		return "", nil, shape, false
	}
	for _, d := range [...]string{";", ",", "\t", "|", ":", " "} {
		parts := cutHeader(rows[at][0], d)
		if n := len(parts) - shape.Width; n > 1 || n < -1 || len(parts) < 2 {
			continue
		}
		tried := append([][]string{}, rows...)
		tried[at] = parts
		if s := Shape(tried, whole, true); s.First == at && s.Header > 0 {
			return d, tried, s, true
		}
	}
	return "", nil, shape, false
}

// cutHeader cuts the header line by delim; quotes around names are taken off.
func cutHeader(line, delim string) []string {
	var parts []string
	if delim == " " {
		parts = strings.Fields(line)
	} else {
		parts = strings.Split(line, delim)
	}
	for i := range parts {
		p := strings.TrimSpace(parts[i])
		if len(p) > 1 && p[0] == '"' && p[len(p)-1] == '"' {
			p = p[1 : len(p)-1]
		}
		parts[i] = p
	}
	return parts
}

func firstText(rows [][]string) string {
	for _, row := range rows {
		for _, c := range row {
			if c = strings.TrimSpace(c); c != "" {
				return c
			}
		}
	}
	return ""
}

// note says what was recognised that a person should know of.
func (r *SniffResult) note(s *sniffer, best candidate) {
	add := func(code, value string, args ...any) {
		r.Notes = append(r.Notes, errs.NewIssue(errs.Note, code, value, args...))
	}
	d := &r.Dialect
	switch {
	case s.sep != "" && s.sep != d.Delimiter:
		r.Notes = append(r.Notes, errs.NewIssue(errs.Warning, "sniff.sep_line_wrong", "sep="+s.sep, "delimiter", showDelimiter(s.sep), "found", showDelimiter(d.Delimiter)))
	case s.sep != "":
		add("sniff.sep_line", "sep="+s.sep, "delimiter", showDelimiter(d.Delimiter))
	}
	if n := d.Skip - s.sepLines(); n > 0 && s.hint.Skip == 0 {
		first, _, _ := strings.Cut(strings.TrimLeft(s.text, "\r\n"), "\n")
		add("sniff.preamble", strings.TrimRight(first, "\r"), "count", n)
	}
	if d.Header == 0 {
		add("sniff.no_header", "")
	} else if d.Header > 1 {
		add("sniff.header_rows", "", "count", d.Header)
	}
	if r.HeaderDelimiter != "" {
		add("sniff.header_delimiter", "", "delimiter", showDelimiter(r.HeaderDelimiter), "rows", showDelimiter(d.Delimiter))
	}
	if r.SecondTable > 0 {
		r.Notes = append(r.Notes, errs.NewIssue(errs.Warning, "sniff.second_table", "", "line", r.SecondTable))
	}
	if d.Wrapped {
		add("sniff.wrapped", "")
	}
	if d.Quote != 0 && d.Quote != '"' {
		add("sniff.quote_other", "", "quote", string(d.Quote))
	}
	if d.Escape == '\\' {
		add("sniff.escape_backslash", "")
	}
	if d.Quote == 0 && strings.Contains(s.text, `"`) {
		add("sniff.quotes_are_letters", "")
	}
	if r.Confidence.Delimiter < 0.65 && len(r.Alternatives) > 0 && s.hint.Delimiter == "" {
		r.Notes = append(r.Notes, errs.NewIssue(errs.Warning, "sniff.delimiter_unsure", "", "delimiter", showDelimiter(d.Delimiter), "other", showDelimiter(r.Alternatives[0].Delimiter)))
	}
}

// showDelimiter gives a delimiter as people write it; signs that cannot be seen by their names in Unicode.
func showDelimiter(d string) string {
	switch d {
	case "":
		return "∅"
	case "\t":
		return "TAB"
	case " ":
		return "␠"
	case "\x1f":
		return "U+001F"
	case "\x1e":
		return "U+001E"
	case "\x01":
		return "U+0001"
	}
	return d
}
