package normalize

// DateColumn gathers what the values of one column tell of its order. The zero value is ready.
//
// Only values that one order alone can read are evidence: 25/12/2025 proves day first, 12/25/2025 month first.
// Dots between two-digit numbers count as day first where nothing is proved: nobody writes month first with dots.
type DateColumn struct {
	dmy, mdy, ymd, open, dots int64
	dmyExample, mdyExample    string
	openExample               string
}

// DateDecision says in which order a column is to be read.
//
// Ask is set where a person has to choose: nothing proves an order and some values have two readings, or both
// orders are proved often. Order is then the likelier one, to be offered. Conflicts counts the values that can
// only be read in the other order; each will be a Reject. The examples are the first value of each kind.
type DateDecision struct {
	Order          DateOrder
	Ask            bool
	Conflicts      int64
	Open           int64
	DMYExample     string
	MDYExample     string
	OpenExample    string
	DMYOnly        int64
	MDYOnly        int64
	SelfExplaining int64 // year first
}

// Add takes the next value of the column.
func (dc *DateColumn) Add(raw string) {
	a, b, c, sep, yearFirst := 0, 0, 0, byte(0), false
	if len(raw) == 10 && raw[2] == raw[5] && raw[2] < '0' && two(raw[0:2]) >= 0 && two(raw[3:5]) >= 0 {
		a, b, sep = two(raw[0:2]), two(raw[3:5]), raw[2]
	} else {
		t := scanDate(bare(raw))
		if !t.ok || t.month != 0 || t.n != 3 || t.digits[1] > 2 {
			return
		}
		a, b, c, sep, yearFirst = t.num[0], t.num[1], t.num[2], t.sep, t.digits[0] == 4
		if t.digits[2] == 2 && t.digits[0] <= 2 && a > 31 && b <= 12 && c <= 31 {
			yearFirst = true
		}
	}
	switch {
	case yearFirst:
		dc.ymd++
	case a == 0 || b == 0 || a > 31 || b > 31 || a > 12 && b > 12:
	case a > 12:
		if dc.dmy++; dc.dmyExample == "" {
			dc.dmyExample = raw
		}
	case b > 12:
		if dc.mdy++; dc.mdyExample == "" {
			dc.mdyExample = raw
		}
	case a != b:
		if dc.open++; dc.openExample == "" {
			dc.openExample = raw
		}
		if sep == '.' {
			dc.dots++
		}
	}
}

// Merge adds the evidence of another part of the same column.
func (dc *DateColumn) Merge(o DateColumn) {
	dc.dmy += o.dmy
	dc.mdy += o.mdy
	dc.ymd += o.ymd
	dc.open += o.open
	dc.dots += o.dots
	dc.dmyExample = firstOf(dc.dmyExample, o.dmyExample)
	dc.mdyExample = firstOf(dc.mdyExample, o.mdyExample)
	dc.openExample = firstOf(dc.openExample, o.openExample)
}

// Decide gives the order. country, an ISO 3166 code, tells which order to offer where a person must choose.
func (dc *DateColumn) Decide(country string) DateDecision {
	d := DateDecision{
		Open: dc.open, DMYOnly: dc.dmy, MDYOnly: dc.mdy, SelfExplaining: dc.ymd,
		DMYExample: dc.dmyExample, MDYExample: dc.mdyExample, OpenExample: dc.openExample,
	}
	usual := OrderDMY
	if country == "US" || country == "PH" || country == "PR" {
		usual = OrderMDY
	}
	const few = 20 // one proof against in twenty is a slip, more is a mixed column
	switch {
	case dc.dmy == 0 && dc.mdy == 0:
		d.Order = usual
		switch {
		case dc.open == 0 && dc.ymd > 0:
			d.Order = OrderYMD
		case dc.open > 0 && dc.dots == dc.open:
			d.Order = OrderDMY
		case dc.open > 0:
			d.Ask = true
		}
	case dc.dmy >= dc.mdy:
		d.Order, d.Conflicts = OrderDMY, dc.mdy
		d.Ask = dc.mdy*few > dc.dmy
	default:
		d.Order, d.Conflicts = OrderMDY, dc.dmy
		d.Ask = dc.dmy*few > dc.mdy
	}
	if d.Ask && dc.dmy == dc.mdy {
		d.Order = usual
	}
	return d
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
