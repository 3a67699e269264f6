// Package scan is read by the test of the source walk, never built.
package scan

import (
	"cadastro/internal/errs"
	"cadastro/internal/i18n/testdata/scan/codes"
)

const constant = "b." + "constant"

var table = map[string]string{"x": "o.table"}

func literals() {
	_ = errs.New(errs.Invalid, "a.literal", "line", 1)
	_ = errs.Wrap(nil, errs.Invalid, constant)
	_ = errs.New(errs.Invalid, codes.Other)
	_ = &errs.Error{Kind: errs.Invalid, Code: "l.field"}
	_ = []errs.Issue{{Code: "n.composite"}}
}

func wrapper(value, code string) errs.Issue { return errs.NewIssue(errs.Reject, code, value) }

func wrapper2(code string) errs.Issue { return wrapper("", code) }

type cleaner struct{}

func (c *cleaner) warn(code string, args ...any) { _ = errs.NewIssue(errs.Warning, code, "", args...) }

func calls(c *cleaner, m map[string]string) {
	wrapper("x", "d.wrapped")
	wrapper2("e.twice_wrapped")
	c.warn("m.method")
	code := "f.variable"
	if c == nil {
		code = "g.variable_too"
	}
	_ = errs.NewIssue(errs.Note, code, "")
	reject := func(code string) errs.Issue { return errs.NewIssue(errs.Reject, code, "") }
	reject("h.closure")
	_ = errs.NewIssue(errs.Note, "i.prefix_"+m["x"], "")
	_ = errs.New(errs.Invalid, fromMap(m))
}

func fromMap(m map[string]string) string { return m["x"] }

type printer interface {
	T(string, ...any) string
	Has(string) bool
}

func texts(p printer) {
	p.T("j.text")
	p.T("k.counted", 3, "n", 4)
	p.Has("q.has")
}
