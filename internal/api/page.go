package api

import (
	"context"
	"net/url"
	"strconv"

	"cadastro/internal/errs"
)

// Page is one page of a list.
type Page[T any] struct {
	Items []T    `json:"items" nullable:"false"`
	Next  string `json:"next,omitempty" doc:"Pass it as after for the next page. Missing on the last page."`
}

// list is the answer with one page.
type list[T any] struct {
	Link string `header:"Link" doc:"The address of the next page, rel=next (RFC 8288)."`
	Body Page[T]
}

// Paging is what every list takes.
type Paging struct {
	After string `query:"after" maxLength:"500" doc:"next of the page before."`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"Items a page."`
}

// number reads a cursor that is a number, 0 for the first page. Error: api.cursor.
func (p *Paging) number() (int64, error) {
	if p.After == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(p.After, 10, 64)
	if err != nil || n <= 0 {
		return 0, at("query.after", errs.New(errs.Invalid, "api.cursor"))
	}
	return n, nil
}

// pageOf makes the answer of a page; next is "" on the last one.
func pageOf[T any](ctx context.Context, items []T, next string) *list[T] {
	if items == nil {
		items = []T{}
	}
	out := &list[T]{Body: Page[T]{Items: items, Next: next}}
	if next != "" {
		u := *callOf(ctx).r.URL
		q := u.Query()
		q.Set("after", next)
		out.Link = "<" + (&url.URL{Path: u.Path, RawQuery: q.Encode()}).String() + `>; rel="next"`
	}
	return out
}

// nextNumber gives the cursor behind a page whose ids count: that of its last item where the page is full.
func nextNumber(n, limit int, last func() int64) string {
	if n < limit || n == 0 {
		return ""
	}
	return strconv.FormatInt(last(), 10)
}

// number writes an id where JSON wants text: the keys of an object.
func number(n int64) string { return strconv.FormatInt(n, 10) }

// readNumber reads such an id. Error: api.number.
func readNumber(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 {
		return 0, errs.New(errs.Invalid, "api.number", "value", errs.Clip(s, maxEcho))
	}
	return n, nil
}
