package runs

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestSamples: what a page brings back is read as it was written, stays bounded and rises; what is no such thing is let go.
func TestSamples(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var list []sample
		var at time.Duration
		var rows int64
		for range rapid.IntRange(1, 150).Draw(t, "asks") {
			at += time.Duration(rapid.Int64Range(0, 5000).Draw(t, "ms")) * time.Millisecond
			rows += rapid.Int64Range(0, 40_000).Draw(t, "rows")
			list = addSample(parseSamples(formatSamples(list)), sample{at, rows})
			if len(list) > maxSamples {
				t.Fatalf("%d samples", len(list))
			}
			for i := 1; i < len(list); i++ {
				if list[i].at <= list[i-1].at || list[i].rows < list[i-1].rows {
					t.Fatalf("%v does not rise", list)
				}
			}
			if got := parseSamples(formatSamples(list)); len(got) != len(list) {
				t.Fatalf("%v came back as %v", list, got)
			}
			if r := rateOf(list); r < 0 {
				t.Fatalf("rate %g of %v", r, list)
			}
			inBox(t, list)
		}
	})
	for _, text := range []string{"", "1", "a.b", "5.1_4.2", "5.3_6.2", "-1.2", strings.Repeat("1.1_", 10_000), "1.99999999999999999999"} {
		if got := parseSamples(text); got != nil {
			t.Errorf("%.40q was read as %v", text, got)
		}
	}
}

// inBox holds the chart to its box.
func inBox(t *rapid.T, list []sample) {
	c, ok := chartOf(list)
	if !ok {
		return
	}
	last := -1.0
	for pair := range strings.FieldsSeq(c.Line) {
		xs, ys, _ := strings.Cut(strings.TrimLeft(pair, "ML"), ",")
		x, err1 := strconv.ParseFloat(xs, 64)
		y, err2 := strconv.ParseFloat(ys, 64)
		if err1 != nil || err2 != nil || x < last || x > chartWidth || y < chartTop-0.1 || y > chartHeight {
			t.Fatalf("%q in %s", pair, c.Line)
		}
		last = x
	}
	if last != chartWidth {
		t.Fatalf("ends at %g: %s", last, c.Line)
	}
}

// TestRate: the rate is that of the last seconds, not of the whole run.
func TestRate(t *testing.T) {
	t.Parallel()
	list := []sample{{0, 0}, {10 * time.Second, 100_000}, {16 * time.Second, 100_600}}
	if got := rateOf(list); got != 100 {
		t.Errorf("%g rows a second", got)
	}
}
