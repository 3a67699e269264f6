package importer

import (
	"context"
	"errors"
	"io"
	"time"

	"cadastro/internal/errs"
	"cadastro/internal/mapping"
	"cadastro/internal/normalize"
	"cadastro/internal/table"
)

// evidence is what the values of whole columns tell, where one value alone does not: the order of dates, the
// decimal sign of numbers, the separator of lists.
type evidence struct {
	dates   map[int]*normalize.DateColumn
	numbers map[int]*normalize.NumberColumn
	lists   map[int]*normalize.ListColumn
	genders map[int]*normalize.GenderColumn
	country string
	now     time.Time
	known   map[int]reading // what an earlier look at the columns settled; nothing else is asked then
}

// reading is how the values of a column are read, where its values had to tell.
type reading struct {
	Dates   normalize.DateOrder    `json:"dates,omitempty"`
	Numbers normalize.NumberFormat `json:"numbers,omitempty"`
	List    string                 `json:"list,omitempty"`
	WomanM  bool                   `json:"woman_m,omitempty"`
}

// readings gives what was settled of the columns.
func (ev *evidence) readings(cols []column) map[int]reading {
	out := map[int]reading{}
	for i := range cols {
		c := &cols[i]
		r := reading{Dates: ev.dateOrder(c), Numbers: ev.numberFormat(c), List: ev.separator(c), WomanM: ev.womanM(c)}
		if r != (reading{}) {
			out[c.index] = r
		}
	}
	return out
}

// decided is how many values that can be read in one way alone settle a column; rows after that are not asked.
const decided = 200

// gather reads rows until every date and number column is settled, or to the end of the file.
func gather(ctx context.Context, open func() (table.Reader, error), s *Settings, types map[int]string, now time.Time) (*evidence, error) {
	ev := &evidence{
		dates: map[int]*normalize.DateColumn{}, numbers: map[int]*normalize.NumberColumn{}, lists: map[int]*normalize.ListColumn{},
		genders: map[int]*normalize.GenderColumn{}, country: s.Country, now: now,
	}
	for i, c := range s.Mapping.Columns {
		switch {
		case c.Field == mapping.FieldBirthDate || types[i] == "date":
			ev.dates[i] = new(normalize.DateColumn)
		case types[i] == "number":
			ev.numbers[i] = new(normalize.NumberColumn)
		case c.Field == mapping.FieldTags || c.Field == mapping.FieldGroups:
			ev.lists[i] = new(normalize.ListColumn)
		case c.Field == mapping.FieldGender:
			ev.genders[i] = new(normalize.GenderColumn)
		}
	}
	if len(ev.dates)+len(ev.numbers)+len(ev.lists)+len(ev.genders) == 0 {
		return ev, nil
	}
	r, err := open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var row table.Row
	for n := 0; ; n++ {
		if err := r.Read(&row); errors.Is(err, io.EOF) {
			return ev, nil
		} else if err != nil {
			return nil, err
		}
		for i, col := range ev.dates {
			col.Add(cellAt(row.Cells, i))
		}
		for i, col := range ev.numbers {
			col.Add(cellAt(row.Cells, i))
		}
		for i, col := range ev.lists {
			col.Add(cellAt(row.Cells, i))
		}
		for i, col := range ev.genders {
			col.Add(cellAt(row.Cells, i))
		}
		if n%1000 == 999 {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			if n >= decided && ev.settled(n) {
				return ev, nil
			}
		}
	}
}

// settled tells whether more rows can change nothing that matters. Lists and genders are settled by a sample.
func (ev *evidence) settled(rows int) bool {
	for _, c := range ev.dates {
		d := c.Decide(ev.country)
		if d.Ask || max(d.DMYOnly, d.MDYOnly)+d.SelfExplaining < decided {
			return false
		}
	}
	for _, c := range ev.numbers {
		if _, ask := c.Decide(ev.country); ask {
			return false
		}
	}
	return rows >= 5000 || len(ev.lists)+len(ev.genders) == 0
}

func cellAt(cells []string, i int) string {
	if i < len(cells) {
		return cells[i]
	}
	return ""
}

func (ev *evidence) dateOrder(c *column) normalize.DateOrder {
	if o := normalize.ParseDateOrder(c.DateOrder); o != normalize.OrderUnknown {
		return o
	}
	if ev.known != nil {
		return ev.known[c.index].Dates
	}
	if col := ev.dates[c.index]; col != nil {
		// An open column is read in the likelier order; [evidence.questions] says so before anything is written.
		return col.Decide(c.country).Order
	}
	return normalize.OrderUnknown
}

func (ev *evidence) numberFormat(c *column) normalize.NumberFormat {
	switch c.Decimal {
	case "comma":
		return normalize.DecimalComma
	case "point":
		return normalize.DecimalPoint
	}
	if ev.known != nil {
		return ev.known[c.index].Numbers
	}
	if col := ev.numbers[c.index]; col != nil {
		if f, ask := col.Decide(c.country); !ask {
			return f
		}
	}
	return normalize.NumberUnknown
}

func (ev *evidence) separator(c *column) string {
	if c.Separator != "" {
		return c.Separator
	}
	if ev.known != nil {
		return ev.known[c.index].List
	}
	if col := ev.lists[c.index]; col != nil {
		return col.Separator()
	}
	return ""
}

func (ev *evidence) womanM(c *column) bool {
	if ev.known != nil {
		return ev.known[c.index].WomanM
	}
	col := ev.genders[c.index]
	return col != nil && col.WomanM()
}

// questions lists the columns whose values leave open how they are to be read, as notes for the review.
func (ev *evidence) questions(cols []column) []errs.Issue {
	var out []errs.Issue
	for i := range cols {
		c := &cols[i]
		if col := ev.dates[c.index]; col != nil && c.DateOrder == "" {
			if d := col.Decide(c.country); d.Ask {
				is := errs.NewIssue(errs.Warning, "column.date_order_open", d.OpenExample, "order", d.Order.String(), "header", c.Header)
				is.Column = c.index
				out = append(out, is)
			}
		}
		if col := ev.numbers[c.index]; col != nil && c.Decimal == "" {
			if _, ask := col.Decide(c.country); ask {
				is := errs.NewIssue(errs.Warning, "column.decimal_open", "", "header", c.Header)
				is.Column = c.index
				out = append(out, is)
			}
		}
	}
	return out
}
