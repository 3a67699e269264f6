package cli

import (
	"strings"

	"cadastro/internal/table"
)

// rawHeaders gives the headers as the file has them. A reader tells repeated ones apart ("Tel", "Tel (2)"), so where
// some may have been, the header line is read once more as a row.
func (s *session) rawHeaders(src table.Source, g *table.Guess, lim table.Limits) []string {
	header := g.Sample.Header
	if g.Dialect.Header != 1 || !maybeToldApart(header) {
		return header
	}
	d := g.Dialect
	d.Header, d.Strict = 0, false
	sample, err := table.Preview(s.ctx, src, d, lim, 1)
	if err != nil || len(sample.Rows) == 0 {
		return header
	}
	out := make([]string, len(header))
	for i := range header {
		out[i] = header[i]
		if cells := sample.Rows[0].Cells; i < len(cells) && toldApart(header[i], strings.TrimSpace(cells[i])) {
			out[i] = strings.TrimSpace(cells[i])
		}
	}
	return out
}

func maybeToldApart(header []string) bool {
	for _, h := range header {
		if strings.HasSuffix(h, ")") {
			return true
		}
	}
	return false
}

// toldApart tells whether name is raw with a number behind it.
func toldApart(name, raw string) bool {
	rest, ok := strings.CutPrefix(name, raw)
	return ok && strings.HasPrefix(rest, " (") && strings.Trim(rest[2:], "0123456789") == ")"
}
