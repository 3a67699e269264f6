package importer

import (
	"context"
	"strings"

	"cadastro/internal/contact"
	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/normalize"
)

// doctor goes through the rows of one cause.
type doctor struct {
	*fixer
	imp     *Import
	cause   string
	args    map[string]string
	fixed   map[CellAt]struct{} // cells that were corrected already
	rows    int64               // of the cause, so far
	areas   map[string]int      // area codes of good phones in the file
	counted int                 // chunks that these are from
	city    []int               // columns that name the city
	state   []int
}

// patient is a row of the cause. Issues are those of the cause alone.
type patient struct {
	plan   *PlanRow
	cells  []string
	issues []errs.Issue
}

func (s *Service) openDoctor(ctx context.Context, q db.Querier, imp *Import, cause string, args map[string]string) (*doctor, error) {
	f, err := s.openFixer(ctx, q, imp)
	if err != nil {
		return nil, err
	}
	d := &doctor{fixer: f, imp: imp, cause: cause, args: args, fixed: map[CellAt]struct{}{}, areas: map[string]int{}}
	if err := d.prepare(ctx, q); err != nil {
		f.plan.Close()
		return nil, err
	}
	return d, nil
}

func (d *doctor) prepare(ctx context.Context, q db.Querier) error {
	err := q.Each(ctx, func(r *db.Row) error {
		d.fixed[CellAt{r.Int(0), int(r.Int(1))}] = struct{}{}
		return nil
	}, "row_number, col", "import_fix WHERE workspace_id = $1 AND import_id = $2", d.imp.Workspace, int64(d.imp.ID))
	if err != nil {
		return err
	}
	d.city, d.state = d.placed("address.city", cityWords), d.placed("address.state", stateWords)
	return nil
}

// Headers of columns that name a place although they feed no field of an address.
const (
	cityWords  = "|cidade|city|ciudad|municipio|localidade|localidad|cidade/uf|"
	stateWords = "|uf|estado|state|provincia|"
)

// placed gives the columns that feed a field, or that are headed by one of words.
func (d *doctor) placed(field, words string) (cols []int) {
	for i := range d.l.columns {
		if d.l.columns[i].Field == field {
			cols = append(cols, i)
		}
	}
	for i, h := range d.plan.index.Header {
		if len(cols) == 0 && h != "" && strings.Contains(words, "|"+normalize.Fold(h)+"|") {
			cols = append(cols, i)
		}
	}
	return cols
}

// first gives the first of the columns that has something.
func first(cells []string, cols []int) string {
	for _, c := range cols {
		if v := normalize.Trim(cellAt(cells, c)); v != "" {
			return v
		}
	}
	return ""
}

// each hands over the rows of the cause behind the one numbered after, in the order of the file, until f says that it has
// enough. ready, which may be nil, is called at the end.
func (d *doctor) each(ctx context.Context, after int64, f func(*patient) (more bool, err error), ready func()) error {
	for i := range d.plan.index.Chunks {
		ref := &d.plan.index.Chunks[i]
		if ref.First+int64(ref.Rows)-1 <= after || d.plan.tally(i)[d.cause] == 0 {
			continue
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		_, code, _ := strings.Cut(d.cause, ".")
		rows, err := d.plan.pick(i, code)
		if err != nil {
			return err
		}
		numbers := make([]int64, len(rows))
		for j := range rows {
			numbers[j] = rows[j].Record.Number
		}
		cells, err := d.plan.cellsOf(i, numbers)
		if err != nil {
			return err
		}
		if err := d.count(i); err != nil {
			return err
		}
		for j := range rows {
			p := patient{plan: &rows[j], cells: cells[j]}
			if rows[j].Record.Number <= after || !d.has(&p) {
				continue
			}
			d.rows++
			if more, err := f(&p); err != nil || !more {
				return err
			}
		}
	}
	if ready != nil {
		ready()
	}
	return nil
}

// has tells whether a row is one of the cause, and gathers what the cause says of it.
func (d *doctor) has(p *patient) bool {
	row := p.plan
	severity, code, _ := strings.Cut(d.cause, ".")
	want := errs.Warning
	switch {
	case severity == "error" && row.Outcome == RowError:
		want = errs.Reject
	case severity == "warning" && row.Outcome != RowError:
	default:
		return false
	}
	for _, list := range [2][]errs.Issue{row.Record.Issues, row.Issues} {
		for i := range list {
			if list[i].Severity == want && list[i].Code == code {
				p.issues = append(p.issues, list[i])
			}
		}
	}
	return len(p.issues) > 0
}

// areaChunks is from how many chunks the area codes of a file are counted.
const areaChunks = 4

// count notes the Brazilian area codes of good phones in a chunk.
func (d *doctor) count(chunk int) error {
	if d.cause != "error.phone.no_area_code" || d.counted == areaChunks {
		return nil
	}
	d.counted++
	rows, err := d.plan.chunk(chunk)
	if err != nil {
		return err
	}
	for i := range rows {
		for _, ch := range rows[i].Record.Channels {
			if ch.Kind == contact.Phone && len(ch.Value) > 5 && strings.HasPrefix(ch.Value, "+55") {
				d.areas[ch.Value[3:5]]++
			}
		}
	}
	return nil
}

// free tells whether a cell has not been corrected yet.
func (d *doctor) free(row int64, column int) bool {
	_, ok := d.fixed[CellAt{row, column}]
	return !ok
}

// samples shows corrections of the row.
func (p *patient) samples(list []Fix) []CureSample {
	out := make([]CureSample, len(list))
	for i := range list {
		f := &list[i]
		out[i] = CureSample{Row: f.Row, Line: p.plan.Record.Line, Column: f.Column, Before: cellAt(p.cells, max(f.Column, 0)), After: f.Value}
		if f.Column < 0 {
			out[i].Before = ""
		}
	}
	return out
}
