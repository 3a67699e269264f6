package runs

import (
	"net/http"
	"time"

	"cadastro/internal/importer"
	"cadastro/internal/web/page"
)

// progressPage is an import, or its undoing, that waits for its turn or is under way.
type progressPage struct {
	page.Base
	Imp    *importer.Import
	URL    string
	State  status
	Live   live
	Undo   bool // an undoing
	Mine   bool // the reader is told at the end
	Mails  bool // mails are sent
	Cancel bool // may be stopped, or called off
}

// live is what changes while one looks.
type live struct {
	Waiting *waiting
	Percent string
	Step    int // of ten, at which the progress is spoken
	Done    int64
	Total   int64
	Left    string // how long still, "" where that cannot be told
	Silent  string // for how long nothing was heard of the work, "" where it goes on
	Ribbon  page.Ribbon
	Numbers []number
	Rate    string
	Chart   *chart
	Samples string
	Stages  []stage
	Since   string // how long it has been under way
	Errors  []fault
	Written int64 // contacts that stay when it is cancelled now
	Rest    int64
}

// waiting is a place in the line.
type waiting struct {
	Ahead int
	First *importer.Import // that is under way, nil where none is
	Left  string
}

// stage is a part of the work.
type stage struct {
	State string // ok, on, no
	Word  string
	Note  string
}

// silence is how long a run may write nothing before the page says so: it writes every half second.
const silence = 8 * time.Second

func (p *pages) progress(w http.ResponseWriter, r *http.Request, imp *importer.Import) error {
	d := &progressPage{Base: p.Base(r, "imports", "web.runs.progress.title"), Imp: imp, URL: address(imp), Undo: imp.State == importer.Undoing}
	d.State = statusOf(&d.Base, imp)
	d.Mine = imp.MemberID != 0 && imp.MemberID == member(r)
	d.Mails = p.App.Notify.Outbox.Domain != ""
	d.Cancel = d.May("imports.run") && !imp.Cancelling() && (!d.Undo || imp.UndoSet == 0)
	if err := p.live(r, d); err != nil {
		return err
	}
	d.Title = d.T("web.runs.tab", "percent", d.Live.Percent, "file", imp.FileName)
	if d.Live.Waiting != nil {
		d.Title = d.T("web.runs.tab_waiting", "file", imp.FileName)
	}
	if page.IsHTMX(r) {
		if r.FormValue("kind") != d.Kind() {
			return page.Redirect(w, r, d.URL) // its turn has come: what can be done with it is another thing now
		}
		return p.tpl.Fragment(w, r, http.StatusOK, "progress.html", "swap", d)
	}
	d.TakeFlash(w, r)
	return p.tpl.Show(w, r, http.StatusOK, "progress.html", d)
}

// Kind names what the page is of, which settles what it offers: a place in the line, an import or an undoing under way.
func (d *progressPage) Kind() string {
	switch {
	case d.Live.Waiting != nil:
		return "waiting"
	case d.Undo:
		return "undo"
	}
	return "import"
}

// live fills in what changes.
func (p *pages) live(r *http.Request, d *progressPage) error {
	ctx, imp, l := r.Context(), d.Imp, &d.Live
	now := p.App.Imports.Now()
	l.Done, l.Total = imp.Progress.Done, imp.Progress.Total
	if l.Total == 0 {
		l.Total = imp.Rows
	}
	l.Percent, l.Step = d.percent(l.Done, l.Total)
	c := imp.Counts
	l.Written, l.Rest = c.Imported+c.Updated, c.Unprocessed
	if imp.State == importer.Queued || d.Undo && imp.UndoSet == 0 {
		var err error
		if l.Waiting, err = p.waiting(r, d); err != nil {
			return err
		}
		if imp.State == importer.Queued {
			c = imp.Summary.Counts // what it will come to
		}
	}
	l.Ribbon = d.Ribbon(c, "l")
	l.Numbers = numbers(&d.Base, imp, c)
	d.shares(imp, c)
	if l.Waiting != nil {
		return nil
	}
	if at := imp.Progress.At; !at.IsZero() && now.Sub(at) > silence {
		l.Silent = d.Text.Duration(now.Sub(at).Round(time.Second))
	}
	if d.Undo {
		return nil
	}
	d.stages()
	d.speed(r.FormValue("s"), now)
	var err error
	l.Errors, err = p.lastFaults(ctx, d)
	return err
}

// percent writes how far it is; 100 stands for the very end alone.
func (d *progressPage) percent(done, total int64) (text string, step int) {
	if total <= 0 {
		return "0", 0
	}
	n := min(int(100*done/total), 100)
	return d.N(n), n / 10
}

// shares notes the share of each outcome among the rows that have one.
func (d *progressPage) shares(imp *importer.Import, c importer.Counts) {
	l := &d.Live
	kept := l.Numbers[:0]
	for i, o := range outcomes[:4] {
		one := l.Numbers[i]
		if imp.State == importer.Queued {
			one.URL = "" // the rows of the review are seen there
		}
		if sum := c.Sum(); sum > 0 {
			one.Note = d.Text.Percent(float64(countOf(&c, o.outcome)) / float64(sum))
		}
		kept = append(kept, one)
	}
	l.Numbers = kept
}

// speed tells the rows a second, as a number, as a line, and as the time that is left.
func (d *progressPage) speed(known string, now time.Time) {
	imp, l := d.Imp, &d.Live
	if imp.StartedAt.IsZero() {
		return
	}
	l.Since = d.Text.Duration(now.Sub(imp.StartedAt).Round(time.Second))
	var list []sample
	if !imp.Progress.At.IsZero() {
		list = addSample(parseSamples(known), sample{imp.Progress.At.Sub(imp.StartedAt), l.Done})
	}
	l.Samples = formatSamples(list)
	rate := rateOf(list)
	if rate <= 0 || l.Silent != "" {
		return
	}
	l.Rate = d.Text.Number(int64(rate))
	if c, ok := chartOf(list); ok {
		l.Chart = &c
	}
	if left := time.Duration(float64(l.Total-l.Done) / rate * float64(time.Second)); l.Done < l.Total {
		l.Left = d.Text.Duration(max(left.Round(time.Second), time.Second))
	}
}

// stages tells the parts of the work and which is at hand.
func (d *progressPage) stages() {
	imp, l := d.Imp, &d.Live
	write, file := "on", "no"
	if l.Done >= l.Total && l.Total > 0 {
		write, file = "ok", "on"
	}
	l.Stages = []stage{
		{"ok", d.T("web.runs.stage.review"), d.T("web.runs.rows", "count", imp.Rows)},
		{write, d.T("web.runs.stage.write"), d.Text.Number(l.Done)},
		{file, d.T("web.runs.stage.result"), d.T("web.runs.stage.formats")},
	}
}

// waiting tells an import's place in the line.
func (p *pages) waiting(r *http.Request, d *progressPage) (*waiting, error) {
	ctx, ws := r.Context(), workspace(r)
	ahead, err := p.App.Imports.Place(ctx, ws, d.Imp.ID)
	if err != nil {
		return nil, err
	}
	w := &waiting{Ahead: ahead}
	first, err := p.App.Imports.Running(ctx, ws)
	if err != nil {
		return nil, err
	}
	if first != nil && first.ID != d.Imp.ID {
		w.First = first
		if _, left, ok := first.Pace(); ok {
			w.Left = d.Text.Duration(max(left.Round(time.Second), time.Second))
		}
	}
	return w, nil
}

// Whole writes a speed.
func (d *progressPage) Whole(v float64) string { return d.Text.Number(int64(v)) }
