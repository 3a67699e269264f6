package page

import (
	"fmt"
	"strings"

	"cadastro/internal/importer"
)

// Ribbon draws the outcomes of an import to scale, always in the same order.
type Ribbon struct {
	Counts importer.Counts
	Class  string // "" 8 px high, "s" 6, "l" 14
	Label  string // what it says in words
}

// Segment is one colour of a ribbon; X and Width are percents.
type Segment struct {
	Class string
	X     string
	Width string
}

// minShare is the least width of a colour that has any rows, in percent: about 3 px of a ribbon in a table.
const minShare = 0.8

// gap is between two colours, in percent.
const gap = 0.25

// Segments gives the colours that have rows, from left to right. Their widths and the gaps between sum to 100.
func (rb Ribbon) Segments() []Segment {
	c := &rb.Counts
	parts := []struct {
		class string
		n     int64
	}{{"new", c.Imported}, {"upd", c.Updated}, {"skp", c.Skipped}, {"err", c.Errors}, {"left", c.Unprocessed}}
	var total int64
	shown := 0
	for _, p := range parts {
		if total += p.n; p.n > 0 {
			shown++
		}
	}
	if total == 0 {
		return []Segment{{Class: "left", X: "0%", Width: "100%"}}
	}
	// What the small ones get beyond their share, the large ones give in proportion.
	free := 100 - gap*float64(shown-1)
	var small, large float64
	for _, p := range parts {
		if w := free * float64(p.n) / float64(total); p.n > 0 && w < minShare {
			small += minShare
		} else {
			large += w
		}
	}
	scale := 1.0
	if large > 0 {
		scale = (free - small) / large
	}
	var out []Segment
	x := 0.0
	for _, p := range parts {
		if p.n == 0 {
			continue
		}
		w := free * float64(p.n) / float64(total)
		if w < minShare {
			w = minShare
		} else {
			w *= scale
		}
		out = append(out, Segment{Class: p.class, X: percent(x), Width: percent(w)})
		x += w + gap
	}
	return out
}

func percent(v float64) string { return strings.TrimSuffix(fmt.Sprintf("%.3f", v), ".000") + "%" }

// Ribbon begins a ribbon with its words in the reader's language.
func (b Base) Ribbon(c importer.Counts, class string) Ribbon {
	rb := Ribbon{Counts: c, Class: class}
	words := []string{
		b.Text.T("web.ribbon.new", "count", c.Imported), b.Text.T("web.ribbon.updated", "count", c.Updated),
		b.Text.T("web.ribbon.skipped", "count", c.Skipped), b.Text.T("web.ribbon.errors", "count", c.Errors),
	}
	if c.Unprocessed > 0 {
		words = append(words, b.Text.T("web.ribbon.left", "count", c.Unprocessed))
	}
	rb.Label = strings.Join(words, ", ")
	return rb
}
