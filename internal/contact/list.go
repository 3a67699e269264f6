package contact

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"cadastro/internal/auth"
	"cadastro/internal/db"
	"cadastro/internal/errs"
	"cadastro/internal/filter"
	"cadastro/internal/normalize"
)

// Sort says in which order contacts are listed.
type Sort string

// The orders. Names go in folded form; Created is the order in which contacts came.
const (
	SortUpdated Sort = "updated"
	SortName    Sort = "name"
	SortCreated Sort = "created"
)

// Limits of a page.
const (
	DefaultPage = 50
	MaxPage     = 1000
)

// ListQuery says which contacts to list.
type ListQuery struct {
	Search string   // the search box: part of a name, phone in any spelling, e-mail, document or code; all words have to fit
	Filter string   // in the filter language
	Bin    bool     // those in the bin instead
	Sort   Sort     // default SortUpdated
	Asc    bool     // from the first name, the oldest; SortName wants it as a rule
	After  string   // Page.Next of the page before
	Limit  int      // default [DefaultPage], at most [MaxPage]
	Fields []string // keys of the fields that are wanted; nil for all. Channels, tags and groups count as one each
}

// Page is one page of a list. Next is "" on the last one.
type Page struct {
	Contacts []Contact
	Next     string
	Query    *filter.Query // as it was understood, for the chips of the page
}

// Tally is a number of contacts; More tells that there are more than N.
type Tally struct {
	N    int64
	More bool
}

// Bounds of [Service.CountOf]: what is cheap to count is counted further.
const (
	CountBound     = 10_000
	CountBoundWide = 2_000_000
)

// List gives a page of contacts that the actor sees. Errors: those of [filter.Parse]; Invalid contact.cursor_bad,
// contact.sort_unknown {value}, contact.field_unknown {field}.
func (s *Service) List(ctx context.Context, workspace int64, lq ListQuery) (*Page, error) {
	if lq.Limit < 1 {
		lq.Limit = DefaultPage
	}
	lq.Limit = min(lq.Limit, MaxPage)
	part, err := partOf(lq.Fields)
	if err != nil {
		return nil, err
	}
	if lq.Sort = cmp.Or(lq.Sort, SortUpdated); lq.Sort == SortName && !slices.Contains(part.Scalars, Name) {
		part.Scalars = append(part.Scalars, Name) // the next page begins behind it
	}
	after, err := readCursor(lq)
	if err != nil {
		return nil, err
	}
	page := &Page{}
	err = s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		f, err := s.find(ctx, q, workspace, &lq, auth.ContactsRead)
		if err != nil {
			return err
		}
		page.Query = f.query
		list, err := f.page(ctx, &lq, after, part)
		if err != nil {
			return err
		}
		if len(list) > lq.Limit {
			list = list[:lq.Limit]
			page.Next = writeCursor(lq.Sort, &list[len(list)-1])
		}
		page.Contacts = list
		return nil
	})
	return page, err
}

// CountOf counts the contacts of a list, pages aside, up to a bound.
func (s *Service) CountOf(ctx context.Context, workspace int64, lq ListQuery) (Tally, error) {
	var t Tally
	err := s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		f, err := s.find(ctx, q, workspace, &lq, auth.ContactsRead)
		if err != nil {
			return err
		}
		bound := int64(CountBound)
		if f.query.Root == nil && len(words(lq.Search)) == 0 && Seen(f.sight) == "" {
			bound = CountBoundWide
		}
		t.N, err = f.count(ctx, bound+1)
		if t.More = t.N > bound; t.More {
			t.N = bound
		}
		return err
	})
	return t, err
}

// Count gives the number of contacts that the actor sees and that are not in the bin. The whole base is counted anew only
// when something has changed.
func (s *Service) Count(ctx context.Context, workspace int64) (n int64, err error) {
	err = s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		f, err := s.find(ctx, q, workspace, &ListQuery{}, auth.ContactsRead)
		if err != nil {
			return err
		}
		if Seen(f.sight) != "" {
			n, err = f.count(ctx, CountBoundWide)
			return err
		}
		at, err := momentOf(ctx, q, workspace)
		if err != nil {
			return err
		}
		var known bool
		if n, known = s.counts.at(workspace, at); known {
			return nil
		}
		if n, err = f.count(ctx, CountBoundWide); err == nil {
			s.counts.keep(workspace, at, n)
		}
		return err
	})
	return n, err
}

// moment changes with whatever changes the number of contacts: the newest act, contact, change and deletion.
type moment struct{ set, id, updated, deleted int64 }

func momentOf(ctx context.Context, q db.Querier, workspace int64) (m moment, err error) {
	err = q.QueryRow(ctx, `SELECT COALESCE((SELECT MAX(id) FROM change_set WHERE workspace_id = $1), 0), COALESCE((SELECT MAX(id) FROM contact WHERE workspace_id = $1), 0),
		COALESCE((SELECT MAX(updated_at) FROM contact WHERE workspace_id = $1 AND deleted_at IS NULL), 0),
		COALESCE((SELECT MAX(deleted_at) FROM contact WHERE workspace_id = $1 AND deleted_at IS NOT NULL), 0)`, workspace).Scan(&m.set, &m.id, &m.updated, &m.deleted)
	return m, err
}

// counts remembers how many contacts workspaces had at a moment. The zero value is ready.
type counts struct {
	mu   sync.Mutex
	list map[int64]counted
}

type counted struct {
	at moment
	n  int64
}

func (c *counts) at(workspace int64, at moment) (int64, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, ok := c.list[workspace]
	return k.n, ok && k.at == at
}

func (c *counts) keep(workspace int64, at moment, n int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.list == nil {
		c.list = map[int64]counted{}
	}
	c.list[workspace] = counted{at, n}
}

// Parse reads a filter with the workspace's fields and names, as the actor knows them.
func (s *Service) Parse(ctx context.Context, workspace int64, text string) (*filter.Query, error) {
	var out *filter.Query
	err := s.withWords(ctx, workspace, func(w *Words) (err error) {
		out, err = filter.Parse(text, w)
		return err
	})
	return out, err
}

// FromConditions puts the chips of a page together as a filter.
func (s *Service) FromConditions(ctx context.Context, workspace int64, list []filter.Condition) (*filter.Query, error) {
	var out *filter.Query
	err := s.withWords(ctx, workspace, func(w *Words) (err error) {
		out, err = filter.FromConditions(list, w)
		return err
	})
	return out, err
}

func (s *Service) withWords(ctx context.Context, workspace int64, f func(*Words) error) error {
	return s.DB.Read(ctx, func(ctx context.Context, q db.Querier) error {
		sight, err := sightOf(ctx, q, workspace, auth.ContactsRead)
		if err != nil {
			return err
		}
		cat, err := LoadCatalogue(ctx, q, workspace)
		if err != nil {
			return err
		}
		return f(NewWords(cat, sight))
	})
}

// partOf gives what is to be loaded for fields.
func partOf(fields []string) (Part, error) {
	if fields == nil {
		return Whole(), nil
	}
	p := Part{Sets: true} // what is seen depends on the groups
	for _, key := range fields {
		s, scalar := ScalarByKey(key)
		_, custom := CustomID(key)
		switch {
		case scalar && !slices.Contains(p.Scalars, s):
			p.Scalars = append(p.Scalars, s)
		case scalar, key == FieldTags, key == FieldGroups:
		case custom:
			p.Custom = true
		case IsChannel(key):
			p.Channels = true
		default:
			return p, errs.New(errs.Invalid, "contact.field_unknown", "field", errs.Clip(key, 60))
		}
	}
	return p, nil
}

// cursor is the place behind a contact in an order.
type cursor struct {
	Sort Sort   `json:"s"`
	Text string `json:"t,omitempty"` // name_key
	Num  int64  `json:"n,omitempty"` // updated_at
	ID   int64  `json:"i"`
}

func writeCursor(by Sort, c *Contact) string {
	at := cursor{Sort: by, ID: int64(c.ID)}
	switch by {
	case SortName:
		at.Text = normalize.Fold(c.Scalars[Name])
	case SortUpdated:
		at.Num = c.UpdatedAt
	}
	b, _ := json.Marshal(at) // texts and numbers always marshal
	return base64.RawURLEncoding.EncodeToString(b)
}

func readCursor(lq ListQuery) (*cursor, error) {
	if lq.Sort != SortName && lq.Sort != SortUpdated && lq.Sort != SortCreated {
		return nil, errs.New(errs.Invalid, "contact.sort_unknown", "value", errs.Clip(string(lq.Sort), 40))
	}
	if lq.After == "" {
		return nil, nil
	}
	var at cursor
	b, err := base64.RawURLEncoding.DecodeString(lq.After)
	if err == nil {
		err = json.Unmarshal(b, &at)
	}
	if err == nil && (at.Sort != lq.Sort || at.ID < 1) {
		err = fmt.Errorf("cursor of another list")
	}
	if err != nil {
		return nil, errs.Wrap(err, errs.Invalid, "contact.cursor_bad")
	}
	return &at, nil
}

// words cuts the text of the search box: what reads as one phone number stays whole.
func words(search string) []string {
	search = strings.TrimSpace(search)
	if search == "" {
		return nil
	}
	if t := newTerm(search, ""); len(t.digits) > 0 && len(t.digits[0]) >= 3 {
		return []string{search}
	}
	return strings.Fields(search)
}
