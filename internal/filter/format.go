package filter

import (
	"strconv"
	"strings"
	"unicode"
)

// String gives the canonical text, with names.
func (q *Query) String() string { return q.text(false) }

// Pinned gives the canonical text with numbers in the place of names, for what is kept.
func (q *Query) Pinned() string { return q.text(true) }

func (q *Query) text(pinned bool) string {
	if q.Root == nil {
		return ""
	}
	w := &writer{q: q, pinned: pinned}
	w.node(q.Root, 0)
	return w.String()
}

type writer struct {
	strings.Builder
	q      *Query
	pinned bool
}

// node writes n; outer is how tightly what stands around it binds: 0 not at all, 1 or, 2 and, 3 not.
func (w *writer) node(n *Node, outer int) {
	inner, word := 0, ""
	switch n.Kind {
	case Cond:
		w.test(&n.Test)
		return
	case Not:
		w.WriteString("not ")
		w.node(n.Kids[0], 3)
		return
	case And:
		inner, word = 2, " and "
	case Or:
		inner, word = 1, " or "
	}
	if outer > inner {
		w.WriteByte('(')
		defer w.WriteByte(')')
	}
	for i, k := range n.Kids {
		if i > 0 {
			w.WriteString(word)
		}
		w.node(k, inner)
	}
}

func (w *writer) test(t *Test) {
	if t.Field.Key == "" {
		w.free(t.Values[0].Text)
		return
	}
	w.WriteString(t.Field.Key)
	w.WriteString(t.Op.String())
	if len(t.Values) == 1 {
		w.value(t, &t.Values[0])
		return
	}
	for i := range t.Values {
		w.WriteString([]string{"(", ", "}[min(i, 1)])
		w.value(t, &t.Values[i])
	}
	w.WriteByte(')')
}

func (w *writer) value(t *Test, v *Value) {
	switch {
	case t.Field.Type == Named:
		name := ""
		if !w.pinned {
			name = w.q.words.Name(t.Field, v.ID)
		}
		if name == "" {
			w.WriteString("#" + strconv.FormatInt(v.ID, 10))
			return
		}
		w.quote(name, plainValue(name))
	case t.Field.Type == Text:
		w.quote(v.Text, plainValue(v.Text))
	default:
		w.quote(v.Text, plainValue(v.Text))
		if v.To != "" {
			w.WriteString("..")
			w.WriteString(v.To)
		}
	}
	if v.Prefix {
		w.WriteByte('*')
	}
}

func (w *writer) free(s string) {
	plain := plainValue(s) && strings.IndexFunc(s, func(r rune) bool { return !isWord(r) }) < 0
	for _, k := range []string{"and", "or", "not"} {
		plain = plain && !strings.EqualFold(s, k)
	}
	w.quote(s, plain && !strings.EqualFold(s, customDot))
}

// plainValue tells whether a value needs no quotation marks.
func plainValue(s string) bool {
	return s != "" && s[0] != '#' && !strings.Contains(s, "..") && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(`()",*\`, r)
	})
}

func (w *writer) quote(s string, plain bool) {
	if plain {
		w.WriteString(s)
		return
	}
	w.WriteByte('"')
	w.WriteString(strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s))
	w.WriteByte('"')
}
