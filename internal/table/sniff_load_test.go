package table

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
)

// TestLoadPollutions loads every polluted table as a person would, detected and read, and scores it as the
// benchmark does: one point for loading at all, three each for header, records and cells (F1 measures).
func TestLoadPollutions(t *testing.T) {
	t.Parallel()
	sum, n := 0.0, 0
	for _, p := range pollutions() {
		score := p.score(t)
		if score < 9.5 {
			t.Logf("%s: %.2f", p.name, score)
		}
		sum += score
		n++
	}
	mean := sum / float64(n)
	t.Logf("%.3f of 10 over %d files", mean, n)
	if mean < 9.9 {
		t.Errorf("simple score %.3f, want 9.9", mean)
	}
}

// score loads p. Trailing empty cells do not count, as rows are filled to the table's width.
func (p polluted) score(t *testing.T) float64 {
	header, rows, err := load(p.text)
	if err != nil {
		t.Logf("%s: %v", p.name, err)
		return 0
	}
	want := p.loaded()
	head := 1.0
	if p.want.Header > 0 {
		head = f1(want[0], header)
		want = want[1:]
	}
	wantRecords, wantCells := flatten(want)
	records, cells := flatten(rows)
	return 1 + 3*head + 3*f1(wantRecords, records) + 3*f1(wantCells, cells)
}

// loaded gives the rows that loading p should give: a delimiter too many makes an empty cell, one too few
// joins two cells, a stray quote is a letter.
func (p polluted) loaded() [][]string {
	want := make([][]string, len(p.rows))
	for i := range want {
		want[i] = slices.Clone(p.rows[i])
	}
	var i, j int
	switch {
	case scan(p.name, "more_sep_row%d_col%d", &i, &j):
		want[i] = slices.Insert(want[i], j, "")
	case scan(p.name, "less_sep_row%d_col%d", &i, &j):
		want[i][j-1] += want[i][j]
		want[i] = slices.Delete(want[i], j, j+1)
	case scan(p.name, "extra_quote_row%d_col%d", &i, &j):
		want[i][j] = `"` + want[i][j]
	}
	return want
}

func scan(s, format string, to ...any) bool {
	n, err := fmt.Sscanf(s, format, to...)
	return err == nil && n == len(to)
}

func load(text string) (header []string, rows [][]string, err error) {
	src := Source{Name: "file.csv", Size: int64(len(text)), Data: strings.NewReader(text)}
	guess, err := Detect(context.Background(), src, Limits{})
	if err != nil {
		return nil, nil, err
	}
	r, err := Open(context.Background(), src, guess.Dialect, Limits{})
	if err != nil {
		return nil, nil, err
	}
	defer r.Close()
	header = slices.Clone(r.Header())
	for {
		var row Row
		if err := r.Read(&row); errors.Is(err, io.EOF) {
			return header, rows, nil
		} else if err != nil {
			return header, rows, err
		}
		rows = append(rows, slices.Concat(row.Cells, row.Extra))
	}
}

// flatten gives records as single texts, and all cells that hold something.
func flatten(rows [][]string) (records, cells []string) {
	for _, r := range rows {
		for len(r) > 0 && r[len(r)-1] == "" {
			r = r[:len(r)-1]
		}
		records = append(records, strings.Join(r, "\x00"))
		for _, c := range r {
			if c != "" {
				cells = append(cells, c)
			}
		}
	}
	return records, cells
}

// f1 compares two multisets.
func f1(want, got []string) float64 {
	if len(want) == 0 {
		return 1
	}
	left := map[string]int{}
	for _, w := range want {
		left[w]++
	}
	both := 0
	for _, g := range got {
		if left[g] > 0 {
			left[g]--
			both++
		}
	}
	if both == 0 {
		return 0
	}
	precision, recall := float64(both)/float64(len(got)), float64(both)/float64(len(want))
	return 2 * precision * recall / (precision + recall)
}
