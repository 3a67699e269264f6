package filter

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"cadastro/internal/errs"
)

// Parse reads a query; an empty text asks nothing.
//
// Errors are Invalid and tell the position, counted in characters from 1: filter.too_long {limit}, filter.too_many
// {limit}, filter.too_deep {position}, filter.quote_open {position}, filter.paren_open {position}, filter.unexpected
// {text, position}, filter.nothing {word, position}, filter.field_unknown {field, position}, filter.value_missing {field,
// position}, filter.operator {field, operator, position}, filter.name_unknown {field, value, position}, filter.date
// {value, position}, filter.birthday {value, position}, filter.number {value, position}, filter.bool {value, position},
// filter.prefix {field, position}, filter.range {field, position}.
func Parse(text string, v Vocabulary) (*Query, error) {
	if len(text) > MaxText {
		return nil, errs.New(errs.Invalid, "filter.too_long", "limit", MaxText)
	}
	p := &parser{text: strings.ToValidUTF8(text, "\uFFFD"), words: v}
	root, err := p.or(0)
	if err != nil {
		return nil, err
	}
	if p.skip(); p.i < len(p.text) {
		return nil, errs.New(errs.Invalid, "filter.unexpected", "text", p.here(), "position", p.pos(p.i))
	}
	return &Query{Root: root, words: v}, nil
}

type parser struct {
	text  string
	words Vocabulary
	i     int // byte offset
	tests int
}

func (p *parser) pos(i int) int { return utf8.RuneCountInString(p.text[:i]) + 1 }

// here gives what stands at the cursor, for an error.
func (p *parser) here() string {
	r, n := utf8.DecodeRuneInString(p.text[p.i:])
	if isWord(r) {
		_, n = word(p.text[p.i:])
	}
	return errs.Clip(p.text[p.i:p.i+n], 40)
}

func (p *parser) skip() {
	p.i += len(p.text[p.i:]) - len(strings.TrimLeftFunc(p.text[p.i:], unicode.IsSpace))
}

// isWord tells the characters of a word, which operators and parentheses end.
func isWord(r rune) bool { return !unicode.IsSpace(r) && !strings.ContainsRune(`()":=<>!,`, r) }

func word(s string) (string, int) {
	n := strings.IndexFunc(s, func(r rune) bool { return !isWord(r) })
	if n < 0 {
		n = len(s)
	}
	return s[:n], n
}

// keyword takes the given word where it stands at the cursor by itself.
func (p *parser) keyword(w string) bool {
	p.skip()
	got, n := word(p.text[p.i:])
	if !strings.EqualFold(got, w) || n != len(w) {
		return false
	}
	if rest := p.text[p.i+n:]; rest != "" && strings.ContainsRune(":=<>!", rune(rest[0])) {
		return false
	}
	p.i += n
	return true
}

func (p *parser) or(depth int) (*Node, error) {
	root, err := p.and(depth)
	if err != nil {
		return nil, err
	}
	for at := p.i; p.keyword("or"); at = p.i {
		if root == nil {
			return nil, errs.New(errs.Invalid, "filter.nothing", "word", "or", "position", p.pos(at))
		}
		at = p.i - len("or")
		next, err := p.and(depth)
		if err != nil {
			return nil, err
		}
		if next == nil {
			return nil, errs.New(errs.Invalid, "filter.nothing", "word", "or", "position", p.pos(at))
		}
		root = join(Or, root, next)
	}
	return root, nil
}

func (p *parser) and(depth int) (*Node, error) {
	var kids []*Node
	for {
		joined := p.keyword("and")
		at := p.i
		if joined && len(kids) == 0 {
			return nil, errs.New(errs.Invalid, "filter.nothing", "word", "and", "position", p.pos(at-len("and")))
		}
		save := p.i
		if p.keyword("or") {
			p.i = save
			if joined {
				return nil, errs.New(errs.Invalid, "filter.nothing", "word", "and", "position", p.pos(at-len("and")))
			}
			break
		}
		n, err := p.unary(depth)
		if err != nil {
			return nil, err
		}
		if n == nil {
			if joined {
				return nil, errs.New(errs.Invalid, "filter.nothing", "word", "and", "position", p.pos(at-len("and")))
			}
			break
		}
		kids = append(kids, n)
	}
	return join(And, kids...), nil
}

// unary reads one condition, word or group; nil at the end of the text or of the group.
func (p *parser) unary(depth int) (*Node, error) {
	p.skip()
	if depth > maxDepth {
		return nil, errs.New(errs.Invalid, "filter.too_deep", "position", p.pos(p.i))
	}
	if p.i == len(p.text) || p.text[p.i] == ')' {
		return nil, nil
	}
	if at := p.i; p.keyword("not") {
		n, err := p.unary(depth + 1)
		if err != nil {
			return nil, err
		}
		if n == nil {
			return nil, errs.New(errs.Invalid, "filter.nothing", "word", "not", "position", p.pos(at))
		}
		return negate(n), nil
	}
	if p.text[p.i] == '(' {
		return p.group(depth)
	}
	return p.condition()
}

func (p *parser) group(depth int) (*Node, error) {
	open := p.i
	p.i++
	n, err := p.or(depth + 1)
	if err != nil {
		return nil, err
	}
	p.skip()
	if p.i == len(p.text) {
		return nil, errs.New(errs.Invalid, "filter.paren_open", "position", p.pos(open))
	}
	if p.text[p.i] != ')' {
		return nil, errs.New(errs.Invalid, "filter.unexpected", "text", p.here(), "position", p.pos(p.i))
	}
	p.i++
	if n == nil {
		return nil, errs.New(errs.Invalid, "filter.nothing", "word", "()", "position", p.pos(open))
	}
	return n, nil
}

// condition reads a free word, or a field with its operator and values.
func (p *parser) condition() (*Node, error) {
	if p.tests++; p.tests > MaxTests {
		return nil, errs.New(errs.Invalid, "filter.too_many", "limit", MaxTests)
	}
	start := p.i
	if p.text[p.i] == '"' {
		s, err := p.quoted()
		if err != nil {
			return nil, err
		}
		return p.free(s, start)
	}
	name, n := word(p.text[p.i:])
	if n == 0 {
		return nil, errs.New(errs.Invalid, "filter.unexpected", "text", p.here(), "position", p.pos(p.i))
	}
	p.i += n
	if strings.EqualFold(name, customDot) && p.i < len(p.text) && p.text[p.i] == '"' {
		label, err := p.quoted()
		if err != nil {
			return nil, err
		}
		name += label
	}
	op, not, ok := p.operator()
	if !ok {
		return p.free(name, start)
	}
	f, known := p.words.Field(name)
	if !known {
		return nil, errs.New(errs.Invalid, "filter.field_unknown", "field", errs.Clip(name, 60), "position", p.pos(start))
	}
	t := Test{Field: f, Op: op}
	if err := p.values(&t, name); err != nil {
		return nil, err
	}
	out := &Node{Kind: Cond, Test: t}
	if not {
		out = negate(out)
	}
	return out, nil
}

// customDot is what stands before the name of a custom field.
const customDot = "custom."

func (p *parser) free(s string, at int) (*Node, error) {
	if strings.TrimFunc(s, unicode.IsSpace) == "" {
		return nil, errs.New(errs.Invalid, "filter.nothing", "word", `""`, "position", p.pos(at))
	}
	return &Node{Kind: Cond, Test: Test{Field: Field{Type: Text}, Op: Is, Values: []Value{{Text: s}}}}, nil
}

func (p *parser) operator() (op Op, not, ok bool) {
	rest := p.text[p.i:]
	for _, o := range []struct {
		sign string
		op   Op
		not  bool
	}{{"!=", Equals, true}, {">=", GreaterEqual, false}, {"<=", LessEqual, false}, {":", Is, false}, {"=", Equals, false}, {">", Greater, false}, {"<", Less, false}} {
		if strings.HasPrefix(rest, o.sign) {
			p.i += len(o.sign)
			return o.op, o.not, true
		}
	}
	return 0, false, false
}

// quoted reads a text in quotation marks; a backslash takes the next character as it is.
func (p *parser) quoted() (string, error) {
	open := p.i
	var b strings.Builder
	for p.i++; p.i < len(p.text); p.i++ {
		switch c := p.text[p.i]; {
		case c == '"':
			p.i++
			return b.String(), nil
		case c == '\\' && p.i+1 < len(p.text):
			p.i++
			b.WriteByte(p.text[p.i])
		default:
			b.WriteByte(c)
		}
	}
	return "", errs.New(errs.Invalid, "filter.quote_open", "position", p.pos(open))
}
