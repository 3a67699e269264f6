package contacts

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"cadastro/internal/contact"
)

// query is what the address of the list says.
type query struct {
	Search  string
	Filter  string // in the filter language
	Sort    contact.Sort
	Asc     bool
	Columns []string // field keys; the name is always there
	View    int64    // the saved view that the list began from
	Bin     bool
	After   string
	Page    int // how many pages were gone through, for "51–100"
}

// defaultColumns are those of the first visit.
var defaultColumns = []string{string(contact.Phone), string(contact.Email), contact.Owner.Key(), contact.FieldTags, string(contact.Telegram), columnUpdated}

// Columns that are no fields.
const (
	columnUpdated = "updated"
	columnCreated = "created"
)

// queryOf reads an address. The filter may also be called by its whole name, as in the API.
func queryOf(v url.Values) query {
	q := query{Search: strings.TrimSpace(v.Get("q")), Filter: strings.TrimSpace(cmp.Or(v.Get("f"), v.Get("filter"))), Sort: contact.Sort(v.Get("sort")), Asc: v.Get("asc") == "1",
		Bin: v.Get("bin") == "1", After: v.Get("after")}
	q.View, _ = strconv.ParseInt(v.Get("view"), 10, 64) // 0 is no view
	q.Page, _ = strconv.Atoi(v.Get("page"))             // 0 is the first
	q.Page = min(max(q.Page, 0), 1_000_000)
	if !slices.Contains([]contact.Sort{contact.SortUpdated, contact.SortName, contact.SortCreated}, q.Sort) {
		q.Sort = contact.SortUpdated
	}
	for _, list := range v["cols"] {
		for _, c := range strings.Split(list, ",") {
			if c != "" && !slices.Contains(q.Columns, c) && len(q.Columns) < 12 {
				q.Columns = append(q.Columns, c)
			}
		}
	}
	return q
}

// values gives the parameters of the address; those of the page are left out, since whatever changes the list begins anew.
func (q query) values() url.Values {
	v := url.Values{}
	set := func(key, value string) {
		if value != "" {
			v.Set(key, value)
		}
	}
	set("q", q.Search)
	set("f", q.Filter)
	if q.Sort != contact.SortUpdated {
		set("sort", string(q.Sort))
	}
	if q.Asc {
		set("asc", "1")
	}
	if len(q.Columns) > 0 {
		set("cols", strings.Join(q.Columns, ","))
	}
	if q.View != 0 {
		set("view", strconv.FormatInt(q.View, 10))
	}
	if q.Bin {
		set("bin", "1")
	}
	return v
}

// URL gives the address of the list from its first page on.
func (q query) URL() string { return address(q.values()) }

func (q query) next(after string) string {
	v := q.values()
	v.Set("after", after)
	v.Set("page", strconv.Itoa(q.Page+1))
	return address(v)
}

func address(v url.Values) string {
	if len(v) == 0 {
		return "/contacts"
	}
	return "/contacts?" + v.Encode()
}

// columns gives the keys of the columns that are shown.
func (q query) columns() []string {
	if len(q.Columns) > 0 {
		return q.Columns
	}
	return defaultColumns
}

// plain tells whether the list is everybody there is.
func (q query) plain() bool { return q.Search == "" && q.Filter == "" && !q.Bin }

// sortURL gives the address of the list in another order; asked again, the other way round.
func (q query) sortURL(s contact.Sort) string {
	q.Asc = (s == contact.SortName) != (q.Sort == s && q.Asc == (s == contact.SortName))
	q.Sort = s
	return q.URL()
}

func (q query) list(limit int) contact.ListQuery {
	return contact.ListQuery{Search: q.Search, Filter: q.Filter, Bin: q.Bin, Sort: q.Sort, Asc: q.Asc, After: q.After, Limit: limit}
}
