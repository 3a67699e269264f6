package table

import "strings"

// ShapeResult says where the table lies among rows that are already split: rows[First:First+Header] is its
// header, rows[First+Header:End] its data. It serves delimited text and spreadsheets alike.
type ShapeResult struct {
	First  int // first row of the header, or of the data where Header is 0; rows above are titles and blanks
	Header int // rows of the header, 0 for none
	End    int // behind the last data row: totals, notes and further tables follow
	Footer int // rows after End that hold anything: totals, notes, page footers; 0 where rows are not whole
	Left   int // empty columns at the left of the table
	Width  int // columns from Left on
	Second int // first row of a second table below, 0 for none

	HeaderConfidence float64 // 0..1, of Header
	FirstConfidence  float64 // 0..1, of First
	FooterConfidence float64 // 0..1, of Footer and End
}

// shapeRows bounds the rows that are looked at from the top.
const shapeRows = 400

// shapeColumns bounds the columns that are looked at.
const shapeColumns = 80

// shaper is a table under examination: its rows and what each of its cells looks like.
type shaper struct {
	rows  [][]string
	kinds [][]cellKind // as rows, at most shapeColumns wide
	fill  []int        // cells that hold something, by row
	left  []int        // first such cell, -1 where none is among the columns looked at
	width int          // behind the last column that the table uses
	usual int          // cells that a typical row fills
	exact bool         // rows keep their own length (delimited text), so that a length tells something
}

// Shape finds header, titles above and notes below in rows. whole says that rows reach the end of the file;
// without it the foot is not looked for. Rows may be of any length, blank rows are empty or hold only "".
// exact says that the length of a row is as the file has it, as in delimited text. Callers pass the top of a
// long table, a few thousand rows at most: the cost grows with all of them.
func Shape(rows [][]string, whole, exact bool) ShapeResult {
	s := newShaper(rows, exact)
	var r ShapeResult
	r.End = len(rows)
	if s.usual == 0 {
		r.First = len(rows)
		return r
	}
	first := s.start()
	r.First, r.Header, r.HeaderConfidence, r.FirstConfidence = s.header(first)
	s.extent(&r)
	r.Second = s.second(r.First+r.Header, r.First, r.Header)
	if r.Second > 0 && s.isKeysAndValues(r.First, r.Second) {
		r.First, r.Header, r.HeaderConfidence, r.FirstConfidence = s.header(s.startFrom(r.Second))
		s.extent(&r)
		r.Second = s.second(r.First+r.Header, r.First, r.Header)
	}
	if r.Second > 0 {
		r.End = r.Second
	}
	for r.End > r.First+r.Header && s.fill[r.End-1] == 0 {
		r.End--
	}
	if whole {
		s.foot(&r)
	}
	return r
}

func newShaper(rows [][]string, exact bool) *shaper {
	s := &shaper{rows: rows, exact: exact}
	s.kinds = make([][]cellKind, len(rows))
	s.fill = make([]int, len(rows))
	s.left = make([]int, len(rows))
	for i, row := range rows {
		n := min(len(row), shapeColumns)
		ks := make([]cellKind, n)
		s.left[i] = -1
		for j, cell := range row {
			if j >= n {
				if strings.TrimSpace(cell) != "" {
					s.fill[i]++
				}
				continue
			}
			if ks[j] = kindOf(cell); ks[j] != kindEmpty {
				s.fill[i]++
				if s.left[i] < 0 {
					s.left[i] = j
				}
			}
		}
		s.kinds[i] = ks
	}
	s.measure()
	return s
}

// measure sets usual and width from the rows that hold something.
func (s *shaper) measure() {
	counts := map[int]int{}
	full := 0
	for i := range s.rows {
		if s.fill[i] > 0 {
			counts[s.fill[i]]++
			full++
		}
	}
	if full == 0 {
		return
	}
	multi := 0
	for n, c := range counts {
		if n > 1 {
			multi += c
		}
	}
	if multi*4 < full && counts[1] > 1 {
		s.usual, s.width = 1, 1
		for i := range s.rows {
			if s.fill[i] == 1 {
				s.width = max(s.width, s.left[i]+1)
			}
		}
		return
	}
	long := make([]int, 0, full)
	for i := range s.rows {
		if s.fill[i] > 0 {
			long = append(long, s.length(i))
		}
	}
	s.width = max(typical(long), 2)
	inside := map[int]int{}
	for i := range s.rows {
		if n := s.length(i); s.fill[i] > 1 && n <= s.width+1 && n*2 > s.width {
			inside[s.fill[i]]++
		}
	}
	s.usual = median(inside, 2)
}

// length is the number of cells up to the last that counts.
func (s *shaper) length(i int) int {
	n := len(s.rows[i])
	if s.exact {
		return n
	}
	for n > 0 && strings.TrimSpace(s.rows[i][n-1]) == "" {
		n--
	}
	return n
}

// median gives the middle of a histogram, of values from least on.
func median(counts map[int]int, least int) int {
	total, top := 0, 0
	for v, n := range counts {
		if v >= least {
			total += n
			top = max(top, v)
		}
	}
	if total == 0 {
		return 1
	}
	sum := 0
	for v := least; v <= top; v++ {
		if sum += counts[v]; sum*2 >= total {
			return v
		}
	}
	return top
}

func (s *shaper) firstFilled(from int) int {
	for from < len(s.rows) && s.fill[from] == 0 {
		from++
	}
	return from
}

// firstCell gives the first text of row i.
func (s *shaper) firstCell(i int) string {
	if s.left[i] < 0 {
		return ""
	}
	return trimCell(s.rows[i][s.left[i]])
}

func (s *shaper) kind(i, j int) cellKind {
	if j < 0 || j >= len(s.kinds[i]) {
		return kindEmpty
	}
	return s.kinds[i][j]
}

func (s *shaper) cell(i, j int) string {
	if j < 0 || j >= len(s.rows[i]) {
		return ""
	}
	return trimCell(s.rows[i][j])
}

// extent sets Left and Width from the table's rows.
func (s *shaper) extent(r *ShapeResult) {
	left, right := -1, 0
	for i := r.First; i < len(s.rows) && i < r.First+shapeRows; i++ {
		if s.left[i] >= 0 && (left < 0 || s.left[i] < left) && s.wide(i) {
			left = s.left[i]
		}
		if s.wide(i) {
			right = max(right, s.length(i))
		}
	}
	r.Left = max(left, 0)
	if s.exact {
		right = s.width
	}
	r.Width = max(right-r.Left, 1)
}
