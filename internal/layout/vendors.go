package layout

import (
	"embed"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"cadastro/internal/mapping"
)

//go:embed vendors/*.txt
var vendorFiles embed.FS

// vendor is one layout with the header rows by which it is recognised.
type vendor struct {
	key         string
	preset      string
	identifiers []mapping.Identifier
	strict      Strictness
	columns     map[string]feed
	variants    []variant
	voids       map[string]map[string]string // words that stand for nothing, by the name of their list
}

// variant is one header row of a layout.
type variant struct {
	of         *vendor
	name       string
	needs      [][]string // keys, of each list one
	texts      [][]string // the same as written, for exact
	marks      []string
	atLeast    int
	columns    map[string]feed
	only       bool
	exact      bool
	headerless bool
	few        int
	digits13   []string
}

// feed is what a header feeds.
type feed struct {
	field string
	opt   mapping.Options
	block string
	rank  int // place in the vendors' file
}

// Feeds beside the keys of fields.
const (
	feedNone    = "-"
	feedCustom  = "+"
	feedCreated = "created"
)

// known reads the vendors' files once; they are part of the program, so a fault in them is a programmer's.
var known = sync.OnceValue(func() []*vendor {
	var list []*vendor
	for _, name := range []string{"seeds", "address-books", "sales", "shops"} {
		text, err := vendorFiles.ReadFile("vendors/" + name + ".txt")
		if err != nil {
			panic(err)
		}
		more, err := parse(string(text))
		if err != nil {
			panic(fmt.Sprintf("layouts %s: %v", name, err))
		}
		list = append(list, more...)
	}
	return list
})

// parse reads one vendors' file.
func parse(text string) ([]*vendor, error) {
	p := &parser{}
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if err := p.line(line); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	for _, l := range p.list {
		for i := range l.variants {
			l.variants[i].of = l
		}
	}
	return p.list, nil
}

type parser struct {
	list []*vendor
	rank int
}

func (p *parser) line(line string) error {
	word, rest, _ := strings.Cut(line, " ")
	if word == "layout" {
		p.list = append(p.list, &vendor{key: rest, columns: map[string]feed{}})
		return nil
	}
	if len(p.list) == 0 {
		return fmt.Errorf("%q stands before the first layout", line)
	}
	l := p.list[len(p.list)-1]
	if at := strings.LastIndex(line, " = "); at >= 0 {
		return p.column(l, line[:at], line[at+3:])
	}
	switch word {
	case "preset":
		l.preset = rest
		if rest == "any" {
			l.preset = ""
		}
	case "identifier":
		for f := range strings.FieldsSeq(rest) {
			l.identifiers = append(l.identifiers, mapping.Identifier(f))
		}
	case "strict":
		return l.strict.parse(rest)
	case "void":
		name, words, _ := strings.Cut(rest, " ")
		if l.voids == nil {
			l.voids = map[string]map[string]string{}
		}
		l.voids[name] = map[string]string{}
		for _, w := range items(words, "; ") {
			l.voids[name][w] = ""
		}
	case "template":
		l.strict.Template = items(rest, "; ")
	case "keys":
		l.strict.Keys = items(rest, "; ")
	case "variant":
		l.variants = append(l.variants, variant{name: rest, columns: map[string]feed{}})
	default:
		if len(l.variants) == 0 {
			return fmt.Errorf("%q stands before the first variant", line)
		}
		return l.variants[len(l.variants)-1].parse(word, rest)
	}
	return nil
}

func (s *Strictness) parse(words string) error {
	for w := range strings.FieldsSeq(words) {
		switch w {
		case "columns":
			s.Columns = true
		case "formulas":
			s.Formulas = true
		case "sheets":
			s.Sheets = true
		case "outside":
			s.Outside = true
		default:
			return fmt.Errorf("unknown strictness %q", w)
		}
	}
	return nil
}

// parse reads a line that belongs to the variant.
func (v *variant) parse(word, rest string) (err error) {
	switch word {
	case "needs":
		list := items(rest, " | ")
		v.texts = append(v.texts, list)
		v.needs = append(v.needs, keysOf(list))
	case "marks":
		n, list, _ := strings.Cut(rest, " ")
		v.marks = keysOf(items(list, "; "))
		v.atLeast, err = strconv.Atoi(n)
	case "only":
		v.only = true
	case "exact":
		v.exact = true
	case "headerless":
		v.headerless = true
	case "few":
		v.few, err = strconv.Atoi(rest)
	case "digits13":
		v.digits13 = keysOf(items(rest, "; "))
	default:
		return fmt.Errorf("unknown word %q", word)
	}
	return err
}

// column reads a line of headers and the field that they feed.
func (p *parser) column(l *vendor, headers, what string) error {
	p.rank++
	words := strings.Fields(what)
	f := feed{field: words[0], rank: p.rank}
	switch f.field {
	case feedNone, feedCustom, feedCreated:
	default:
		if !mapping.Known(f.field) {
			return fmt.Errorf("unknown field %q", f.field)
		}
	}
	for _, w := range words[1:] {
		name, value, _ := strings.Cut(w, "=")
		switch name {
		case "sep":
			f.opt.Separator = value
		case "order":
			f.opt.DateOrder = value
		case "drop":
			f.opt.DropInvalid = true
		case "void":
			if f.opt.Choices = l.voids[value]; f.opt.Choices == nil {
				return fmt.Errorf("no words for %q", w)
			}
		case "block":
			f.block = value
		default:
			return fmt.Errorf("unknown option %q", w)
		}
	}
	into := l.columns
	if n := len(l.variants); n > 0 {
		into = l.variants[n-1].columns
	}
	for i, h := range items(headers, "; ") {
		k := keyOf(h)
		if k == "" {
			return fmt.Errorf("no header in %q", headers)
		}
		if _, twice := into[k]; !twice {
			f.rank = p.rank*100 + i
			into[k] = f
		}
	}
	return nil
}

func items(list, sep string) []string {
	out := strings.Split(list, sep)
	for i := range out {
		out[i] = strings.TrimSpace(out[i])
	}
	return out
}

func keysOf(headers []string) []string {
	out := make([]string, len(headers))
	for i, h := range headers {
		out[i] = keyOf(h)
	}
	return out
}
