package i18n

import (
	"fmt"
	"strings"

	"cadastro/internal/errs"

	"golang.org/x/text/feature/plural"
)

// verb says how an argument is written.
type verb uint8

const (
	asText  verb = iota // in the manner of the language
	asPlain             // digits without grouping
	asBytes             // a size in bytes
)

// part is a piece of text and the argument behind it; arg is "" at the end of a text that ends in words.
type part struct {
	text string
	arg  string
	verb verb
}

// message is one key's text in one language, indexed by plural.Form; counted where it has more than one form.
type message struct {
	forms   [6][]part
	counted bool
}

// parse splits a text at its {{…}}.
func parse(text string) ([]part, error) {
	parts := []part{}
	for text != "" {
		before, rest, found := strings.Cut(text, "{{")
		if !found {
			return append(parts, part{text: text}), nil
		}
		inside, after, closed := strings.Cut(rest, "}}")
		if !closed {
			return nil, fmt.Errorf("a {{ without its }}")
		}
		p := part{text: before}
		switch f := strings.Fields(inside); {
		case len(f) == 1:
			p.arg = f[0]
		case len(f) == 2 && f[0] == "plain":
			p.arg, p.verb = f[1], asPlain
		case len(f) == 2 && f[0] == "bytes":
			p.arg, p.verb = f[1], asBytes
		}
		name, dotted := strings.CutPrefix(p.arg, ".")
		if !dotted || !isName(name) {
			return nil, fmt.Errorf("{{%s}} is neither {{.name}}, {{plain .name}} nor {{bytes .name}}", inside)
		}
		p.arg, text = name, after
		parts = append(parts, p)
	}
	return parts, nil
}

func isName(s string) bool {
	for _, r := range s {
		if r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') {
			return false
		}
	}
	return s != ""
}

// values are the arguments of one sentence: pairs of name and value, or a map, or an issue's value, or together.
type values struct {
	count    any // the number that chooses the plural form, nil for unknown
	pairs    []any
	named    errs.Args
	value    string
	hasValue bool
}

// get gives the argument of that name.
func (v *values) get(name string) (any, bool) {
	for i := 0; i+1 < len(v.pairs); i += 2 {
		if v.pairs[i] == name {
			return v.pairs[i+1], true
		}
	}
	if x, ok := v.named[name]; ok {
		return x, true
	}
	if v.count != nil && (name == "Count" || name == "count") {
		return v.count, true
	}
	return nil, false
}

// form chooses the plural form of m for these arguments (CLDR cardinal rules); Other where it has no such form.
func (p *Printer) form(m *message, v *values) []part {
	other := m.forms[plural.Other]
	if !m.counted {
		return other
	}
	n, ok := p.counted(other, v)
	if !ok {
		return other
	}
	// MatchPlural wants the last digits only of what may overflow an int on 32 bits.
	if n < 0 {
		n = -n
	}
	if n > 1_000_000 {
		n = 1_000_000 + n%1_000_000
	}
	if f := m.forms[plural.Cardinal.MatchPlural(p.tag, int(n), 0, 0, 0, 0)]; f != nil {
		return f
	}
	return other
}

// counted gives the number that a sentence is about.
func (p *Printer) counted(parts []part, v *values) (int64, bool) {
	for _, name := range [...]string{"count", "Count"} {
		if x, ok := v.get(name); ok {
			if n, whole := integer(x); whole {
				return n, true
			}
		}
	}
	for i := range parts {
		if x, ok := v.get(parts[i].arg); ok {
			if n, whole := integer(x); whole {
				return n, true
			}
		}
	}
	return 0, false
}

// integer gives the value of a whole number of any Go type.
func integer(x any) (int64, bool) {
	switch n := x.(type) {
	case int:
		return int64(n), true
	case int64:
		return n, true
	case int32:
		return int64(n), true
	case int16:
		return int64(n), true
	case int8:
		return int64(n), true
	case uint:
		return int64(n), true
	case uint64:
		return int64(n), true
	case uint32:
		return int64(n), true
	case uint16:
		return int64(n), true
	case uint8:
		return int64(n), true
	}
	return 0, false
}
