package filter

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"cadastro/internal/errs"
)

// values reads what stands behind an operator: one value, or several in parentheses.
func (p *parser) values(t *Test, name string) error {
	p.skip()
	at := p.pos(p.i)
	if ordered := t.Op != Is && t.Op != Equals; ordered && t.Field.Type != Instant && t.Field.Type != Day && t.Field.Type != Number {
		return errs.New(errs.Invalid, "filter.operator", "field", name, "operator", t.Op.String(), "position", at)
	}
	if p.i == len(p.text) || p.text[p.i] != '(' {
		v, err := p.value(t, name, false)
		if err == nil {
			t.Values = []Value{v}
		}
		return err
	}
	open := p.i
	for p.i++; ; p.i++ {
		v, err := p.value(t, name, true)
		if err != nil {
			return err
		}
		if t.Values = append(t.Values, v); len(t.Values) > MaxTests {
			return errs.New(errs.Invalid, "filter.too_many", "limit", MaxTests)
		}
		p.skip()
		switch {
		case p.i == len(p.text):
			return errs.New(errs.Invalid, "filter.paren_open", "position", p.pos(open))
		case p.text[p.i] == ')':
			p.i++
			return nil
		case p.text[p.i] != ',':
			return errs.New(errs.Invalid, "filter.unexpected", "text", p.here(), "position", p.pos(p.i))
		}
	}
}

// value reads one value and holds it against the type of its field.
func (p *parser) value(t *Test, name string, listed bool) (Value, error) {
	p.skip()
	start := p.i
	var v Value
	bare := p.i == len(p.text) || p.text[p.i] != '"'
	if bare {
		n := strings.IndexFunc(p.text[p.i:], func(r rune) bool {
			return unicode.IsSpace(r) || strings.ContainsRune(`()"`, r) || listed && r == ','
		})
		if n < 0 {
			n = len(p.text) - p.i
		}
		v.Text = p.text[p.i : p.i+n]
		p.i += n
		if n > 1 && strings.HasSuffix(v.Text, "*") {
			v.Text, v.Prefix = v.Text[:n-1], true
		}
		if from, to, ok := strings.Cut(v.Text, ".."); ok && from != "" && to != "" && (t.Field.Type == Instant || t.Field.Type == Day || t.Field.Type == Number) {
			v.Text, v.To = from, to
		}
	} else {
		s, err := p.quoted()
		if err != nil {
			return v, err
		}
		v.Text = s
		if p.i < len(p.text) && p.text[p.i] == '*' {
			p.i++
			v.Prefix = true
		}
	}
	at := p.pos(start)
	if strings.TrimFunc(v.Text, unicode.IsSpace) == "" {
		return v, errs.New(errs.Invalid, "filter.value_missing", "field", name, "position", at)
	}
	if v.Prefix && (t.Field.Type != Text || t.Op != Is) {
		return v, errs.New(errs.Invalid, "filter.prefix", "field", name, "position", at)
	}
	if v.To != "" && t.Op != Is {
		return v, errs.New(errs.Invalid, "filter.range", "field", name, "position", at)
	}
	return v, p.fit(t, name, &v, bare, at)
}

// fit holds a value against the type of its field and finds its number.
func (p *parser) fit(t *Test, name string, v *Value, bare bool, at int) error {
	switch t.Field.Type {
	case Named:
		if bare && v.Text[0] == '#' {
			if id, err := strconv.ParseInt(v.Text[1:], 10, 64); err == nil && id > 0 {
				v.ID = id
				if p.words.Name(t.Field, id) != "" {
					return nil
				}
			}
		} else if id, ok := p.words.ID(t.Field, v.Text); ok {
			v.ID = id
			return nil
		}
		return errs.New(errs.Invalid, "filter.name_unknown", "field", name, "value", errs.Clip(v.Text, 60), "position", at)
	case Import:
		id, err := strconv.ParseInt(strings.TrimPrefix(v.Text, "#"), 10, 64)
		if err != nil || id < 1 {
			return errs.New(errs.Invalid, "filter.number", "value", errs.Clip(v.Text, 60), "position", at)
		}
		v.ID, v.Text = id, strconv.FormatInt(id, 10)
	case Instant, Day:
		for _, s := range []*string{&v.Text, &v.To} {
			*s = strings.ToLower(*s)
			if *s != "" && !isPeriod(*s) {
				return errs.New(errs.Invalid, "filter.date", "value", errs.Clip(*s, 60), "position", at)
			}
		}
	case Birthday:
		if v.Text = strings.ToLower(v.Text); !isBirthday(v.Text) {
			return errs.New(errs.Invalid, "filter.birthday", "value", errs.Clip(v.Text, 60), "position", at)
		}
	case Number:
		for _, s := range []*string{&v.Text, &v.To} {
			if *s != "" && !decimal.MatchString(*s) {
				return errs.New(errs.Invalid, "filter.number", "value", errs.Clip(*s, 60), "position", at)
			}
		}
	case Bool:
		yes, ok := truth(v.Text)
		if !ok {
			return errs.New(errs.Invalid, "filter.bool", "value", errs.Clip(v.Text, 60), "position", at)
		}
		v.Text = strconv.FormatBool(yes)
	case Presence:
		f, ok := p.words.Field(v.Text)
		if !ok || f.Type == Presence || f.Type == Birthday {
			return errs.New(errs.Invalid, "filter.field_unknown", "field", errs.Clip(v.Text, 60), "position", at)
		}
		v.Text = f.Key
	}
	return nil
}

var decimal = regexp.MustCompile(`^-?[0-9]{1,38}(\.[0-9]{1,38})?$`)

func truth(s string) (yes, ok bool) {
	switch strings.ToLower(s) {
	case "true", "yes", "sim", "sí", "si", "1":
		return true, true
	case "false", "no", "não", "nao", "0":
		return false, true
	}
	return false, false
}
