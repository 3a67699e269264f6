package sheet

import (
	"io"
	"testing"
)

// fake is a book whose sheets have rows of the given numbers of cells.
type fake struct {
	infos []Info
	rows  [][]int
}

func (f fake) Sheets() []Info           { return f.infos }
func (f fake) Rows(i int) (Rows, error) { return &fakeRows{left: f.rows[i]}, nil }
func (f fake) Close() error             { return nil }

type fakeRows struct{ left []int }

func (r *fakeRows) Next(row *Row) error {
	if len(r.left) == 0 {
		return io.EOF
	}
	row.Cells = make([]Cell, r.left[0])
	r.left = r.left[1:]
	return nil
}

func (r *fakeRows) Done() float64 { return 0 }
func (r *fakeRows) Close() error  { return nil }

func TestPropose(t *testing.T) {
	t.Parallel()
	seen, hidden, chart := Info{}, Info{State: Hidden}, Info{Kind: Chart}
	tests := []struct {
		name  string
		infos []Info
		rows  [][]int
		want  int
	}{
		{"first", []Info{seen, seen}, [][]int{{2, 2}, {2, 2}}, 0},
		{"first is empty", []Info{seen, seen}, [][]int{nil, {2, 2}}, 1},
		{"first is a cover", []Info{seen, seen}, [][]int{{1}, {3, 3}}, 1},
		{"title over the table", []Info{seen, seen}, [][]int{{1, 1, 3, 3}, {3, 3}}, 0},
		{"hidden", []Info{hidden, seen}, [][]int{{3, 3}, {1}}, 1},
		{"only hidden has data", []Info{seen, hidden}, [][]int{nil, {3, 3}}, 1},
		{"chart", []Info{chart, seen}, [][]int{{3, 3}, {1}}, 1},
		{"one column", []Info{seen, seen}, [][]int{nil, {1, 1, 1}}, 1},
		{"nothing", []Info{seen, hidden}, [][]int{nil, nil}, -1},
	}
	for _, tt := range tests {
		if got, err := Propose(fake{tt.infos, tt.rows}); err != nil || got != tt.want {
			t.Errorf("%s: got %d %v, want %d", tt.name, got, err, tt.want)
		}
	}
}
