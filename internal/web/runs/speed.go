package runs

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// sample is how many rows were done so long after the start.
type sample struct {
	at   time.Duration
	rows int64
}

// maxSamples is how many the chart shows; the page brings them back each time it asks, so that no node of the server
// has to remember who looks at what.
const maxSamples = 60

// parseSamples reads what the page brings back: pairs of milliseconds and rows, rising. What does not fit is let go.
func parseSamples(text string) []sample {
	var list []sample
	if len(text) > maxSamples*40 {
		return nil
	}
	for pair := range strings.SplitSeq(text, "_") {
		at, rows, _ := strings.Cut(pair, ".")
		ms, err1 := strconv.ParseInt(at, 10, 64)
		n, err2 := strconv.ParseInt(rows, 10, 64)
		if err1 != nil || err2 != nil || ms < 0 || n < 0 || ms > math.MaxInt32*1000 {
			return nil
		}
		s := sample{time.Duration(ms) * time.Millisecond, n}
		if k := len(list); k > 0 && (s.at <= list[k-1].at || s.rows < list[k-1].rows) {
			return nil
		}
		list = append(list, s)
	}
	return list
}

// addSample puts what is known now behind the others. Samples of another run, or of a time to come, are let go.
func addSample(list []sample, s sample) []sample {
	s.at = s.at.Truncate(time.Millisecond)
	if s.at <= 0 {
		return list
	}
	if k := len(list); k > 0 {
		if last := list[k-1]; s.at == last.at && s.rows == last.rows {
			return list
		} else if s.at <= last.at || s.rows < last.rows {
			list = nil
		}
	}
	if len(list) == 0 {
		list = append(list, sample{})
	}
	list = append(list, s)
	return list[max(0, len(list)-maxSamples):]
}

// formatSamples writes samples as [parseSamples] reads them.
func formatSamples(list []sample) string {
	var b strings.Builder
	for i, s := range list {
		if i > 0 {
			b.WriteByte('_')
		}
		fmt.Fprintf(&b, "%d.%d", s.at.Milliseconds(), s.rows)
	}
	return b.String()
}

// rateWindow is how far back the rate of the moment looks.
const rateWindow = 5 * time.Second

// rateOf gives the rows a second of the last seconds, 0 where there are no two samples.
func rateOf(list []sample) float64 {
	k := len(list) - 1
	if k < 1 {
		return 0
	}
	from := k - 1
	for from > 0 && list[k].at-list[from].at < rateWindow {
		from--
	}
	return float64(list[k].rows-list[from].rows) / (list[k].at - list[from].at).Seconds()
}

// chart is the speed as a line in a box of chartWidth by chartHeight.
type chart struct {
	Line, Area string // of an SVG path
	Low, High  float64
	Span       time.Duration
}

const (
	chartWidth  = 520.0
	chartHeight = 64.0
	chartTop    = 6.0 // above the fastest
)

// chartOf draws the samples; ok is false where there is no line yet.
func chartOf(list []sample) (c chart, ok bool) {
	if len(list) < 2 {
		return c, false
	}
	rates := make([]float64, len(list)-1)
	c.Low = math.Inf(1)
	for i := range rates {
		rates[i] = float64(list[i+1].rows-list[i].rows) / (list[i+1].at - list[i].at).Seconds()
		c.Low, c.High = min(c.Low, rates[i]), max(c.High, rates[i])
	}
	if len(rates) == 1 { // one speed is a level line
		rates, list = append(rates, rates[0]), append([]sample{{}}, list...)
	}
	first, last := list[1].at, list[len(list)-1].at
	c.Span = last - first
	var b strings.Builder
	for i, r := range rates {
		x := chartWidth * (list[i+1].at - first).Seconds() / (last - first).Seconds()
		y := chartHeight - (chartHeight-chartTop)*r/max(c.High, 1)
		sign := " L"
		if i == 0 {
			sign = "M"
		}
		fmt.Fprintf(&b, "%s%.1f,%.1f", sign, x, y)
	}
	c.Line = b.String()
	c.Area = fmt.Sprintf("%s L%.0f,%.0f L0,%.0f Z", c.Line, chartWidth, chartHeight, chartHeight)
	return c, true
}
