package importer

import (
	"context"
	"slices"
	"strings"
	"time"

	"cadastro/internal/errs"
	"cadastro/internal/mapping"
	"cadastro/internal/normalize"
)

// CauseDateOrder stands for a column of which the values leave open whether the day or the month comes first, where a
// cause is asked for. It is the code of a note of the review.
const CauseDateOrder = "column.date_order_open"

// isDateCause tells causes that another order of day and month may cure.
func isDateCause(cause string) bool {
	switch cause {
	case CauseDateOrder, "error.date.ambiguous_order", "error.date.other_order", "error.date.impossible":
		return true
	}
	return false
}

// dateColumn gives the one column that a cause speaks of, -1 where there are several or none.
func dateColumn(imp *Import, cause string) int {
	at, ok := imp.Summary.Columns[cause]
	if cause == CauseDateOrder {
		n := slices.IndexFunc(imp.Summary.Notes, func(is errs.Issue) bool { return is.Code == CauseDateOrder })
		if ok = n >= 0; ok {
			at = imp.Summary.Notes[n].Column
		}
	}
	if !ok || at < 0 || at >= len(imp.Settings.Mapping.Columns) {
		return -1
	}
	return at
}

// dateTrial is an order tried on all values of a column.
type dateTrial struct {
	key     string
	reader  normalize.DateReader
	cure    Cure
	mended  int64    // values that are read now for the first time
	against int64    // values that would no longer be read
	list    []string // some of them
}

// dateCures offers the other orders for a column of dates. Each is tried on all of its values, and offered where it reads
// some that are not read now or, for a column that was open, where it reads some otherwise; it says which values it would
// no longer read.
func (d *doctor) dateCures(ctx context.Context, column int) ([]Cure, error) {
	c := &d.l.columns[column]
	now := d.dates(c, normalize.ParseDateOrder(c.DateOrder))
	if c.DateOrder == "" {
		now.Order = d.plan.index.Readings[column].Dates
	}
	trials := []*dateTrial{{key: cureDayFirst, reader: d.dates(c, normalize.OrderDMY)}, {key: cureMonthFirst, reader: d.dates(c, normalize.OrderMDY)}}
	for i := range d.plan.index.Chunks {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		cells, err := d.plan.column(i, column)
		if err != nil {
			return nil, err
		}
		for j, raw := range cells {
			row := d.plan.index.Chunks[i].First + int64(j)
			if raw == "" || !d.free(row, column) {
				continue
			}
			before := readDate(now, raw)
			for _, t := range trials {
				if after := readDate(t.reader, raw); after != before {
					t.add(before, CureSample{Row: row, Column: column, Before: raw, After: after})
				}
			}
		}
	}
	var out []Cure
	for _, t := range trials {
		if t.mended == 0 && (d.cause != CauseDateOrder || t.cure.Rows == 0) {
			continue
		}
		for i := range t.cure.Samples {
			t.cure.Samples[i].Line = d.line(t.cure.Samples[i].Row)
		}
		t.cure.Key, t.cure.Kind, t.cure.Setting, t.cure.Of = t.key, t.key, true, max(d.imp.Summary.Reasons[d.cause], t.cure.Rows)
		t.cure.Texts = map[string]any{"rows": t.cure.Rows, "of": t.cure.Of, "header": c.Header, "against": t.against, "examples": strings.Join(t.list, ", ")}
		out = append(out, t.cure)
	}
	slices.SortStableFunc(out, func(a, b Cure) int { return int(a.Texts["against"].(int64) - b.Texts["against"].(int64)) })
	return out, nil
}

// add counts a value that is read otherwise than before.
func (t *dateTrial) add(before string, s CureSample) {
	if s.After == "" {
		if t.against++; len(t.list) < maxSamples && !slices.Contains(t.list, s.Before) {
			t.list = append(t.list, s.Before)
		}
		return
	}
	t.cure.Rows++
	if before == "" {
		t.mended++
	}
	if len(t.cure.Samples) < maxSamples {
		t.cure.Samples = append(t.cure.Samples, s)
	}
}

// dates reads a column's dates in an order.
func (d *doctor) dates(c *column, order normalize.DateOrder) normalize.DateReader {
	return normalize.DateReader{Order: order, Birth: c.Field == mapping.FieldBirthDate, Today: time.UnixMicro(d.plan.index.ReadAt)}
}

// readDate gives a date, "" where it cannot be read.
func readDate(r normalize.DateReader, raw string) string {
	text, issues := r.Read(raw)
	if errs.Worst(issues) == errs.Reject {
		return ""
	}
	return text
}
