package charset

import (
	"math"
	"slices"
	"strings"
)

// Bounds of what a person is shown.
const (
	maxAlternatives = 6
	maxLines        = 5
)

// alternatives turns the ranking into readings of the file that differ from one another, each with its share of
// the belief and with the same lines, those first in which the first two readings differ. fallback
// stands in where a line is no UTF-8.
func alternatives(order []ranked, samples [][]byte, fallback string) []Alternative {
	type reading struct {
		name  string
		bits  float64
		lines []string
	}
	var seen []reading
	for _, r := range order {
		lines := decodeLines(r.name, fallback, samples)
		if slices.ContainsFunc(seen, func(o reading) bool { return slices.Equal(o.lines, lines) }) {
			continue
		}
		if seen = append(seen, reading{r.name, r.bits, lines}); len(seen) == maxAlternatives {
			break
		}
	}
	if len(seen) < 2 {
		return nil
	}
	var pick []int
	for pass := range 2 {
		for i := range samples {
			if len(pick) < maxLines && (seen[0].lines[i] != seen[1].lines[i]) == (pass == 0) {
				pick = append(pick, i)
			}
		}
	}
	total := 0.0
	for _, r := range seen {
		total += belief(r.bits - seen[0].bits)
	}
	out := make([]Alternative, len(seen))
	for i, r := range seen {
		out[i] = Alternative{Name: r.name, Confidence: belief(r.bits-seen[0].bits) / total}
		for _, n := range pick {
			out[i].Lines = append(out[i].Lines, r.lines[n])
		}
	}
	return out
}

// belief flattens the odds of the models, which take neighbouring letters for independent: eight bits count as two.
func belief(bits float64) float64 { return math.Exp2(-bits / 4) }

func decodeLines(name, fallback string, samples [][]byte) []string {
	lines := make([]string, len(samples))
	if d, err := NewDecoder(name, fallback); err == nil {
		for i, s := range samples {
			b, _ := d.AppendDecode(nil, s)
			lines[i] = printable(string(b))
		}
		return lines
	}
	e := encodingOf(name)
	for i, s := range samples {
		if b, err := e.NewDecoder().Bytes(s); err == nil {
			lines[i] = printable(string(b))
		}
	}
	return lines
}

// printable shows controls as U+FFFD, as a person would see them.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r >= 0x7F && r < 0xA0 {
			return '\uFFFD'
		}
		return r
	}, s)
}
