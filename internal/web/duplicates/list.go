package duplicates

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"cadastro/internal/contact"
	"cadastro/internal/dedupe"
	"cadastro/internal/errs"
	"cadastro/internal/journal"
	"cadastro/internal/web/page"
)

type listData struct {
	page.Base
	Place
	Tabs   []tab
	Scan   *dedupe.Scan
	Batch  *dedupe.Batch // the last one, while there is something to tell of it
	Groups []item
	More   string // address of the next part of the list
	First  string // of its beginning
	Merged journal.SetID
	Detail *detail
	Left   int // groups that still stand
}

type tab struct {
	URL, Text string
	N         int64
	On        bool
}

type item struct {
	dedupe.Group
	Name  string
	Why   string
	URL   string
	On    bool
	Shade int // of the picture
}

// list shows the groups, and one of them to be decided.
func (p *pages) list(w http.ResponseWriter, r *http.Request) error {
	ctx, ws := r.Context(), p.workspace(r)
	d := listData{Base: p.Base(r, "duplicates", "web.duplicates.title"), Place: placeOf(r.URL.Query())}
	d.TakeFlash(w, r)
	if n, ok := number(r.URL.Query().Get("merged")); ok {
		d.Merged = journal.SetID(n)
	}
	var err error
	if d.Scan, err = p.App.Dedupe.Status(ctx, ws); err != nil {
		return err
	}
	if d.Batch, err = p.App.Dedupe.LastBatch(ctx, ws); err != nil {
		return err
	}
	if err := p.tabs(ctx, ws, &d); err != nil {
		return err
	}
	groups, more, err := p.App.Dedupe.Groups(ctx, ws, d.query())
	if err != nil {
		return err
	}
	if more != nil {
		at := d.Place
		at.From = cursorText(more)
		d.More = at.URL(0)
	}
	if d.From != "" {
		at := d.Place
		at.From = ""
		d.First = at.URL(0)
	}
	i := slices.IndexFunc(groups, func(g dedupe.Group) bool { return g.ID == d.At })
	if i < 0 {
		i = 0
	}
	if d.Groups, err = p.items(ctx, ws, &d, groups, i); err != nil {
		return err
	}
	if len(groups) > 0 {
		var before, after contact.ID
		if i > 0 {
			before = groups[i-1].ID
		}
		if i+1 < len(groups) {
			after = groups[i+1].ID
		}
		g := &groups[i]
		d.Detail, err = p.detail(ctx, ws, &d.Base, g.Members, dedupe.Choices{})
		if errs.KindOf(err) == errs.NotFound { // settled by somebody else in this moment
			err = nil
		}
		if err != nil {
			return err
		}
		if d.Detail != nil {
			d.Detail.Place, d.Detail.Before, d.Detail.Next = d.Place, before, after
			d.Detail.Group, d.Detail.Certain, d.Detail.Why = g.ID, g.Certain, why(&d.Base, g)
		}
	}
	return p.show.Show(w, r, http.StatusOK, "list.html", d)
}

func (p *pages) tabs(ctx context.Context, ws int64, d *listData) error {
	var bits []dedupe.Reasons
	for _, r := range reasons {
		bits = append(bits, r.bits)
	}
	counts, err := p.App.Dedupe.Counts(ctx, ws, bits...)
	if err != nil {
		return err
	}
	d.Tabs = append(d.Tabs, tab{URL: "/duplicates", Text: d.T("web.duplicates.all"), N: counts[0], On: d.Reason == ""})
	for _, r := range reasons {
		d.Tabs = append(d.Tabs, tab{URL: Place{Reason: r.word}.URL(0), Text: d.Text.T("web.duplicates.tab." + r.word), N: counts[r.bits], On: d.Reason == r.word})
	}
	return nil
}

// items gives the groups as the list shows them.
func (p *pages) items(ctx context.Context, ws int64, d *listData, groups []dedupe.Group, at int) ([]item, error) {
	out := make([]item, len(groups))
	for i, g := range groups {
		c, err := p.App.Contacts.Get(ctx, ws, g.Members[0])
		if err != nil && errs.KindOf(err) != errs.NotFound {
			return nil, err
		}
		out[i] = item{Group: g, Why: why(&d.Base, &g), URL: d.Place.URL(g.ID), On: i == at, Shade: int(g.ID%6) + 1}
		if c != nil {
			out[i].Name = nameOf(&d.Base, c)
		}
	}
	return out, nil
}

// nameOf gives what a contact is called: its name, else its first address, else its number.
func nameOf(b *page.Base, c *contact.Contact) string {
	if n := c.Scalars[contact.Name]; n != "" {
		return n
	}
	if len(c.Channels) > 0 {
		return page.ChannelText(c.Channels[0])
	}
	return b.T("web.duplicates.id", "id", strconv.FormatInt(int64(c.ID), 10))
}

// why says in words what speaks for a group: the reasons of its strongest pair.
func why(b *page.Base, g *dedupe.Group) string {
	var best *dedupe.Pair
	for i := range g.Pairs {
		if p := &g.Pairs[i]; p.Reasons != dedupe.ThroughAnother && (best == nil || p.Score > best.Score) {
			best = p
		}
	}
	if best == nil {
		return ""
	}
	var words []string
	for _, name := range best.Reasons.Names() {
		words = append(words, b.Text.T("web.duplicates.why."+name))
		if len(words) == 3 {
			break
		}
	}
	text := b.Text.List(words)
	first, size := firstRune(text)
	return strings.ToUpper(first) + text[size:]
}

func firstRune(s string) (string, int) {
	for i := range s {
		if i > 0 {
			return s[:i], i
		}
	}
	return s, len(s)
}

// work is the state of the search and of merges in one go, which the page asks for until they are over.
func (p *pages) work(w http.ResponseWriter, r *http.Request) error {
	ctx, ws := r.Context(), p.workspace(r)
	d := listData{Base: p.Base(r, "duplicates", "web.duplicates.title")}
	var err error
	if d.Scan, err = p.App.Dedupe.Status(ctx, ws); err != nil {
		return err
	}
	if d.Batch, err = p.App.Dedupe.LastBatch(ctx, ws); err != nil {
		return err
	}
	if !d.Working() {
		w.Header().Set("HX-Refresh", "true")
	}
	return p.show.Fragment(w, r, http.StatusOK, "list.html", "work", d)
}

// Working tells whether a search or a merge in one go is under way.
func (d listData) Working() bool { return d.Scan.Running() || d.BatchWorking() }

// BatchWorking tells whether a merge in one go, or its undoing, is under way.
func (d listData) BatchWorking() bool {
	return d.Batch != nil && (d.Batch.State == dedupe.BatchRunning || d.Batch.State == dedupe.BatchUndoing)
}

// BatchTold tells whether the last merge in one go is worth a note: it is done, and may be undone.
func (d listData) BatchTold() bool {
	return d.Batch != nil && d.Batch.State == dedupe.BatchDone && d.Batch.Merged > 0 && d.Reason == "" && d.From == "" && d.At == 0
}
