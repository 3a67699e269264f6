// Package filter is the language that asks for contacts: in the address of a page, in the API, on the command line, in
// saved views and segments.
//
//	tag:vip and (city:"São Paulo" or not has:email) and updated>2026-01-01
//
// # The language
//
// A query is made of conditions and free words, put together with "and", "or", "not" and parentheses; two things side by
// side are joined by "and", which binds tighter than "or". A free word is looked for in names, addresses and codes; with
// quotation marks a word may hold anything: "rua 7".
//
//	city:paulo              holds the text, case and accents left aside
//	city:são*               begins with it
//	city="São Paulo"        is it, and nothing more
//	tag:vip  owner:"Ana"    has the tag, belongs to the member; #12 names one by its number
//	tag:(vip, gold)         any one of them
//	has:email               has a value there; not has:email has none
//	created>=2026-01-01     dates: year, year-month or day; today, yesterday, week, month, year; -7d, -2w, -3m, -1y, -6h
//	created:2026-01..2026-03  from the first to the last, both included
//	birthday:07             born in July; 07-15 on that day
//	import:128              added or changed by import 128
//	custom.12>100           a custom field by its number, or custom."Plan":gold by its name
//	city!=Recife            the same as: not city=Recife
//
// Which fields there are is the [Vocabulary]'s to say; field words are known in the three languages and come out in
// English. [Query.String] gives the one canonical text of a query and [Query.Pinned] the same with numbers in the place
// of names, which stays right when a tag gets another name.
package filter

// Type is the type of a field: which operators and values it takes.
type Type uint8

// The types.
const (
	Text     Type = iota + 1
	Named         // tags, groups, members: values are names or "#number"
	Instant       // a moment: created, updated
	Day           // a day without a zone: birth date, custom dates
	Birthday      // month, or month and day
	Number        // decimal text
	Import        // number of an import
	Bool          // yes or no
	Presence      // has: the value is the word of another field
)

// Field is a thing that can be asked for. Key is what the canonical text calls it.
type Field struct {
	Key  string
	Type Type
}

// Vocabulary knows the fields of the base and the names that stand for numbers. Words and names come as they were
// typed; what counts as equal is the vocabulary's to say.
type Vocabulary interface {
	Field(word string) (Field, bool)
	// ID gives the number of what a field of type [Named] calls by a name.
	ID(f Field, name string) (int64, bool)
	// Name gives the name of a number, "" where there is none.
	Name(f Field, id int64) string
}

// Kind is the kind of a node.
type Kind uint8

// The kinds of nodes.
const (
	And Kind = iota + 1
	Or
	Not // of its one kid
	Cond
)

// Node is a part of a query. An And or Or has two kids at least, and none of its own kind.
type Node struct {
	Kind Kind
	Kids []*Node
	Test Test // of a Cond
}

// Op is what a condition asks of its field.
type Op uint8

// The operators. Is depends on the type: a text holds the value, a date lies in the period, a set has the member, the
// rest is equal.
const (
	Is Op = iota + 1
	Equals
	Less
	LessEqual
	Greater
	GreaterEqual
)

var opText = [...]string{Is: ":", Equals: "=", Less: "<", LessEqual: "<=", Greater: ">", GreaterEqual: ">="}

// String gives the sign.
func (o Op) String() string {
	if o < Is || o > GreaterEqual {
		return ""
	}
	return opText[o]
}

// Test is one condition. Field.Key is "" for a free word. Of several values one has to fit.
type Test struct {
	Field  Field
	Op     Op
	Values []Value
}

// Value is what a field is compared with.
type Value struct {
	Text   string // as typed, without quotation marks
	To     string // the end of a range, "" where there is none
	Prefix bool   // the text begins with it
	ID     int64  // of a [Named] field or an import
}

// Query is a parsed query. Root is nil for the query that asks nothing.
type Query struct {
	Root *Node

	words Vocabulary
}

// Limits of a query: what a person or a program writes stays far below.
const (
	MaxText  = 8000 // bytes
	MaxTests = 200
	maxDepth = 50
)

// Walk calls f with every condition of the query.
func (q *Query) Walk(f func(*Test)) { walk(q.Root, f) }

func walk(n *Node, f func(*Test)) {
	if n == nil {
		return
	}
	if n.Kind == Cond {
		f(&n.Test)
	}
	for _, k := range n.Kids {
		walk(k, f)
	}
}

// join makes an And or Or of nodes, without nodes of the same kind inside.
func join(kind Kind, kids ...*Node) *Node {
	var flat []*Node
	for _, k := range kids {
		switch {
		case k == nil:
		case k.Kind == kind:
			flat = append(flat, k.Kids...)
		default:
			flat = append(flat, k)
		}
	}
	switch len(flat) {
	case 0:
		return nil
	case 1:
		return flat[0]
	}
	return &Node{Kind: kind, Kids: flat}
}

func negate(n *Node) *Node {
	if n.Kind == Not {
		return n.Kids[0]
	}
	return &Node{Kind: Not, Kids: []*Node{n}}
}

// All joins queries of one vocabulary: what meets all of them.
func All(qs ...*Query) *Query {
	out := &Query{}
	for _, q := range qs {
		if q != nil && q.Root != nil {
			out.Root, out.words = join(And, out.Root, q.Root), q.words
		}
	}
	return out
}
