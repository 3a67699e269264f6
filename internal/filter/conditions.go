package filter

import (
	"strconv"
	"strings"

	"cadastro/internal/errs"
)

// Condition is one line of a form, or one chip of the list. Op is one of the words below. Values are texts as in the
// language; those of a named field are "#12", with the names in Labels.
type Condition struct {
	Field  string   `json:"field"` // "" for a free word
	Op     string   `json:"op"`
	Values []string `json:"values,omitempty"`
	Labels []string `json:"labels,omitempty"`
	Not    bool     `json:"not,omitempty"`
}

// The words of Condition.Op.
const (
	OpIs      = "is"      // holds the text; has the tag; lies in the period; equals
	OpStarts  = "starts"  // text
	OpEquals  = "equals"  // the whole text
	OpHas     = "has"     // has any value; with Not it is missing
	OpBefore  = "before"  // <
	OpUntil   = "until"   // <=
	OpAfter   = "after"   // >
	OpFrom    = "from"    // >=
	OpBetween = "between" // two values, both included
)

var signs = map[string]Op{OpIs: Is, OpEquals: Equals, OpBefore: Less, OpUntil: LessEqual, OpAfter: Greater, OpFrom: GreaterEqual}

var opWords = [...]string{Is: OpIs, Equals: OpEquals, Less: OpBefore, LessEqual: OpUntil, Greater: OpAfter, GreaterEqual: OpFrom}

// Conditions gives the query as a list of which all are to be met; flat is false where it is more than that ("or",
// parentheses) and only the text can say it.
func (q *Query) Conditions() (list []Condition, flat bool) {
	if q.Root == nil {
		return nil, true
	}
	kids := []*Node{q.Root}
	if q.Root.Kind == And {
		kids = q.Root.Kids
	}
	for _, n := range kids {
		c := Condition{}
		if n.Kind == Not {
			c.Not, n = true, n.Kids[0]
		}
		if n.Kind != Cond || !c.take(q, &n.Test) {
			return nil, false
		}
		list = append(list, c)
	}
	return list, true
}

func (c *Condition) take(q *Query, t *Test) bool {
	c.Field, c.Op = t.Field.Key, opWords[t.Op]
	if t.Field.Type == Presence {
		c.Field, c.Op = t.Values[0].Text, OpHas
		return len(t.Values) == 1
	}
	for i, v := range t.Values {
		switch {
		case v.To != "":
			c.Op, c.Values = OpBetween, []string{v.Text, v.To}
			return len(t.Values) == 1
		case t.Field.Type == Named:
			c.Values = append(c.Values, "#"+strconv.FormatInt(v.ID, 10))
			c.Labels = append(c.Labels, q.words.Name(t.Field, v.ID))
		default:
			c.Values = append(c.Values, v.Text)
		}
		if v.Prefix {
			c.Op = OpStarts
		}
		if v.Prefix != t.Values[0].Prefix && i > 0 {
			return false
		}
	}
	return true
}

// FromConditions gives the query that asks for all of a list. Errors are those of [Parse], positions in the text that the
// list comes to.
func FromConditions(list []Condition, v Vocabulary) (*Query, error) {
	w := &writer{}
	for i := range list {
		if i > 0 {
			w.WriteString(" and ")
		}
		if list[i].Not {
			w.WriteString("not ")
		}
		if err := list[i].write(w, v); err != nil {
			return nil, err
		}
	}
	return Parse(w.String(), v)
}

// write puts a condition into the language, whose parser then judges it.
func (c *Condition) write(w *writer, v Vocabulary) error {
	if c.Field == "" {
		w.free(strings.Join(c.Values, " "))
		return nil
	}
	f, ok := v.Field(c.Field)
	if !ok {
		return errs.New(errs.Invalid, "filter.field_unknown", "field", errs.Clip(c.Field, 60), "position", 1)
	}
	if c.Op == OpHas {
		w.WriteString("has:" + f.Key)
		return nil
	}
	sign := signs[c.Op]
	if sign == 0 {
		sign = Is
	}
	w.WriteString(f.Key + sign.String())
	if c.Op == OpBetween && len(c.Values) == 2 && plainValue(c.Values[0]) && plainValue(c.Values[1]) {
		w.WriteString(c.Values[0] + ".." + c.Values[1])
		return nil
	}
	if len(c.Values) != 1 {
		w.WriteByte('(')
	}
	for i, s := range c.Values {
		if i > 0 {
			w.WriteString(", ")
		}
		w.quote(s, plainValue(s) || f.Type == Named && isNumber(s))
		if c.Op == OpStarts {
			w.WriteByte('*')
		}
	}
	if len(c.Values) != 1 {
		w.WriteByte(')')
	}
	return nil
}

func isNumber(s string) bool {
	if !strings.HasPrefix(s, "#") {
		return false
	}
	n, err := strconv.ParseInt(s[1:], 10, 64)
	return err == nil && n > 0
}
