package filter

import "strings"

// SQL puts the conditions of a query together as one expression, each made by leaf; "" for a query that asks nothing. What
// leaf gives must be TRUE or FALSE for every row, never NULL, or "not" would lose rows.
func (q *Query) SQL(leaf func(*Test) (string, error)) (string, error) {
	if q.Root == nil {
		return "", nil
	}
	return sql(q.Root, leaf)
}

func sql(n *Node, leaf func(*Test) (string, error)) (string, error) {
	switch n.Kind {
	case Cond:
		s, err := leaf(&n.Test)
		return "(" + s + ")", err
	case Not:
		s, err := sql(n.Kids[0], leaf)
		return "(NOT " + s + ")", err
	}
	word := " AND "
	if n.Kind == Or {
		word = " OR "
	}
	parts := make([]string, len(n.Kids))
	for i, k := range n.Kids {
		var err error
		if parts[i], err = sql(k, leaf); err != nil {
			return "", err
		}
	}
	return "(" + strings.Join(parts, word) + ")", nil
}

// Required gives the conditions that every row of the answer meets: the parts of the outermost "and". An index for one of
// them is a way to the answer.
func (q *Query) Required() []*Test {
	if q.Root == nil {
		return nil
	}
	kids := []*Node{q.Root}
	if q.Root.Kind == And {
		kids = q.Root.Kids
	}
	var out []*Test
	for _, n := range kids {
		if n.Kind == Cond {
			out = append(out, &n.Test)
		}
	}
	return out
}
