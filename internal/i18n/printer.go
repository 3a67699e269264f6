package i18n

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"cadastro/internal/errs"

	"golang.org/x/text/language"
)

// Printer writes in one language. It is safe for use by many goroutines.
type Printer struct {
	Lang Lang

	cat    *Catalogue
	tag    language.Tag
	style  style
	texts  map[string]*message
	issues map[string]*message // by code
	errors map[string]*message // by code
}

func newPrinter(c *Catalogue, l Lang) *Printer {
	return &Printer{
		Lang: l, cat: c, tag: tagOf(l), style: styleOf(l),
		texts: map[string]*message{}, issues: map[string]*message{}, errors: map[string]*message{},
	}
}

func (p *Printer) add(key string, m *message) {
	p.texts[key] = m
	if code, ok := strings.CutPrefix(key, "issue."); ok {
		p.issues[code] = m
	}
	if code, ok := strings.CutPrefix(key, "error."); ok {
		p.errors[code] = m
	}
}

// T gives the text of key. args are pairs of name and value; a first argument that is a number and no name is the
// count, so that a template may say {{.T "import.done" .Count}}.
//
// A key that there is not comes back in brackets and is counted in [Catalogue.Missing]; so is an argument that
// the text wants and does not get, under "key.argument".
func (p *Printer) T(key string, args ...any) string {
	m := p.texts[key]
	if m == nil {
		return p.missing(key)
	}
	v := values{pairs: args}
	if len(args)%2 == 1 {
		v.count, v.pairs = args[0], args[1:]
	}
	return string(p.append(nil, key, m, &v))
}

// Has tells whether there is a text for key.
func (p *Printer) Has(key string) bool { return p.texts[key] != nil }

// Issue gives the sentence for an issue: what is wrong with the value, and the cure.
func (p *Printer) Issue(i errs.Issue) string { return string(p.AppendIssue(nil, &i)) }

// AppendIssue adds the sentence for an issue to dst.
func (p *Printer) AppendIssue(dst []byte, i *errs.Issue) []byte {
	m := p.issues[i.Code]
	if m == nil {
		return append(dst, p.missing("issue."+i.Code)...)
	}
	return p.append(dst, i.Code, m, &values{named: i.Args, value: i.Value, hasValue: true})
}

// Error gives the sentence for an error. Errors that are not ours come out as one sentence that gives nothing
// away: their text is for the log.
func (p *Printer) Error(err error) string {
	if e, ok := errors.AsType[*errs.Error](err); ok {
		m := p.errors[e.Code]
		if m == nil {
			return p.missing("error." + e.Code)
		}
		return string(p.append(nil, e.Code, m, &values{named: e.Args}))
	}
	switch {
	case errors.Is(err, context.Canceled):
		return p.T("error.cancelled")
	case errors.Is(err, context.DeadlineExceeded):
		return p.T("error.timeout")
	}
	return p.T("error.internal")
}

func (p *Printer) missing(key string) string {
	p.cat.miss(key)
	return "[" + key + "]"
}

// append writes m with its arguments.
func (p *Printer) append(dst []byte, key string, m *message, v *values) []byte {
	for _, part := range p.form(m, v) {
		dst = append(dst, part.text...)
		if part.arg == "" {
			continue
		}
		if v.hasValue && part.arg == "value" {
			dst = append(dst, v.value...)
			continue
		}
		x, ok := v.get(part.arg)
		if !ok {
			p.cat.miss(key + "." + part.arg)
			dst = append(dst, '?')
			continue
		}
		dst = p.appendValue(dst, x, part.verb)
	}
	return dst
}

// appendValue writes one argument.
func (p *Printer) appendValue(dst []byte, x any, as verb) []byte {
	if n, ok := integer(x); ok {
		switch as {
		case asPlain:
			return strconv.AppendInt(dst, n, 10)
		case asBytes:
			return append(dst, p.Bytes(n)...)
		}
		return p.appendNumber(dst, n)
	}
	switch x := x.(type) {
	case string:
		return append(dst, x...)
	case float64:
		return append(dst, p.Decimal(x, -1)...)
	case bool:
		if x {
			return append(dst, p.T("core.yes")...)
		}
		return append(dst, p.T("core.no")...)
	case time.Duration:
		return append(dst, p.Duration(x)...)
	case time.Time:
		return append(dst, p.Time(x)...)
	case []string:
		return append(dst, p.List(x)...)
	case error:
		return append(dst, p.Error(x)...)
	case interface{ TextKey() string }: // a word of ours, such as the state of an import
		if m := p.texts[x.TextKey()]; m != nil {
			return p.append(dst, x.TextKey(), m, &values{})
		}
		return append(dst, p.missing(x.TextKey())...)
	case nil:
		return dst
	}
	return fmt.Append(dst, x)
}
