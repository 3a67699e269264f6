package wizard

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"cadastro/internal/errs"
	"cadastro/internal/importer"
)

// cureOffer is a way to correct many rows at once.
type cureOffer struct {
	Key, Question, Button string
	Samples               []sampleCell
	Ask                   string
	Options               []choiceOption
	Rows                  int64
}

// sampleCell is a cell before and after a cure.
type sampleCell struct{ Line, Before, After string }

// curedNote is a cure that was applied, and can be taken back.
type curedNote struct {
	Key, Text string
}

const (
	offered = 3 // how many cures are offered for a cause
	// soon is how long a page waits for the cures: what takes longer comes by itself when the rows are there already.
	soon = 60 * time.Millisecond
	// quitAfter ends a search for cures that nobody waits for.
	quitAfter = time.Minute
)

// cures offers what corrects the rows of the cause at once. That there is none to be had is no reason not to show the rows.
func (f *reviewPage) cures(ctx context.Context, p *pages) {
	fixed := fixedRows(&f.imp.Summary)
	for _, key := range slices.Sorted(maps.Keys(fixed)) {
		if key != importer.ByHand {
			kind, _, _ := strings.Cut(key, ":")
			f.Cured = append(f.Cured, curedNote{key, f.T("web.wizard.cured", "count", fixed[key], "cure", f.T("cure."+kind+".title"))})
		}
	}
	if f.cureCause() == "" {
		return
	}
	call := p.found.ask(ctx, p.app.Imports, f.imp, f.cureCause())
	late := time.NewTimer(soon)
	defer late.Stop()
	if f.q.Get("cures") != "" { // somebody waits for them
		late.Stop()
	}
	select {
	case <-call.done:
		f.offer(p, call)
	case <-late.C:
		f.CuresLater, f.CuresHere = f.At+"/cures?"+strings.TrimPrefix(f.link("cause", f.Cause), f.At+"/review?"), f.link("cause", f.Cause, "cures", "1")
	case <-ctx.Done():
	}
}

// cureCause is what cures are asked for, "" for nothing.
func (f *reviewPage) cureCause() string {
	switch {
	case f.Filter == filterUpdated && f.imp.Summary.Cleared > 0:
		return importer.CauseCleared
	case f.Filter == filterErrors && f.Cause != causeFixed:
		return f.Cause
	}
	return ""
}

// showCures answers with the cures that a page did not wait for.
func (p *pages) showCures(w http.ResponseWriter, r *http.Request) error {
	id, err := importID(r)
	if err != nil {
		return err
	}
	imp, err := p.app.Imports.Get(r.Context(), who(r), id)
	if err != nil {
		return err
	}
	f := &reviewPage{base: p.base(r, 3, id), State: "review", File: imp.FileName, imp: imp, q: r.URL.Query()}
	f.Filter, f.Cause = f.q.Get("f"), f.q.Get("cause")
	if cause := f.cureCause(); cause != "" && imp.State == importer.InReview {
		call := p.found.ask(r.Context(), p.app.Imports, imp, cause)
		select {
		case <-call.done:
			f.offer(p, call)
		case <-r.Context().Done():
			return r.Context().Err()
		}
	}
	return p.Fragment(w, r, http.StatusOK, "review.html", "offers", f)
}

// offer puts the cures that were found on the page.
func (f *reviewPage) offer(p *pages, call *cureCall) {
	if call.err != nil {
		p.kit.Log().LogAttrs(context.Background(), slog.LevelWarn, "no cures", slog.Int64("import", int64(f.imp.ID)), slog.String("error", call.err.Error()))
		return
	}
	for _, c := range call.list[:min(len(call.list), offered)] {
		args := []any{}
		for k, v := range c.Texts {
			args = append(args, k, v)
		}
		o := cureOffer{Key: c.Key, Question: f.T("cure."+c.Kind+".question", args...), Button: f.T("cure."+c.Kind+".button", args...), Ask: c.Ask, Rows: c.Rows}
		for _, v := range c.Options {
			o.Options = append(o.Options, choiceOption{Value: v, Text: v})
		}
		for _, s := range c.Samples {
			if s.Column >= 0 {
				o.Samples = append(o.Samples, sampleCell{f.N(s.Line), errs.Clip(s.Before, shownCell), errs.Clip(s.After, shownCell)})
			}
		}
		f.Cures = append(f.Cures, o)
	}
}

// cureCache keeps the cures of reviews that are looked at, since finding them reads all rows of a cause. What it holds is
// of one state of a review, and is found again by that alone.
type cureCache struct {
	mu    sync.Mutex
	calls map[cureKey]*cureCall
}

type cureKey struct {
	workspace    int64
	id           importer.ID
	cause, state string
}

// cureCall is one search; list and err are there when done is closed.
type cureCall struct {
	done chan struct{}
	list []importer.Cure
	err  error
}

// keptCures bounds the cache.
const keptCures = 64

// ask gives the search for the cures of a cause, which is begun where nobody has yet. It goes on when ctx ends: the page
// that follows wants the same.
func (c *cureCache) ask(ctx context.Context, s *importer.Service, imp *importer.Import, cause string) *cureCall {
	key := cureKey{imp.Workspace, imp.ID, cause, fmt.Sprint(imp.ReviewedAt.UnixMicro(), imp.Summary.Counts, imp.Summary.Reasons, imp.Summary.Cleared)}
	c.mu.Lock()
	defer c.mu.Unlock()
	if call := c.calls[key]; call != nil {
		return call
	}
	if c.calls == nil || len(c.calls) >= keptCures {
		c.calls = map[cureKey]*cureCall{}
	}
	call := &cureCall{done: make(chan struct{})}
	c.calls[key] = call
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), quitAfter)
	go func() {
		defer cancel()
		defer close(call.done)
		if call.list, call.err = s.Cures(ctx, imp, cause); call.err != nil {
			c.mu.Lock()
			delete(c.calls, key)
			c.mu.Unlock()
		}
	}()
	return call
}
