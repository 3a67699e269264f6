package mail

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"strings"
	texttemplate "text/template"
	"time"

	"cadastro/internal/i18n"
)

//go:embed templates
var templates embed.FS

// Finished is what there is to tell of an import that has ended.
type Finished struct {
	Workspace   string // its name
	File        string
	State       string // done, cancelled, failed, undone
	Rows        int64  // of the file
	Imported    int64
	Updated     int64
	Skipped     int64
	Errors      int64
	Unprocessed int64
	Took        time.Duration
	Reasons     []Reason // why rows were errors or skipped, the most frequent first
	Fault       string   // the sentence that says why it failed
	Link        string   // to the result
	ErrorsLink  string   // to the rows with errors; "" where there are none
}

// Reason is one cause and how many rows it has.
type Reason struct {
	Text string
	Rows int64
}

// maxReasons bounds the causes that a mail lists.
const maxReasons = 5

// Texts writes mails. It is safe for concurrent use.
type Texts struct {
	cat  *i18n.Catalogue
	html *template.Template
	text *texttemplate.Template
}

// NewTexts reads the templates.
func NewTexts(cat *i18n.Catalogue) (*Texts, error) {
	h, err := template.ParseFS(templates, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("mail templates: %w", err)
	}
	t, err := texttemplate.ParseFS(templates, "templates/*.tmpl")
	if err != nil {
		return nil, fmt.Errorf("mail templates: %w", err)
	}
	return &Texts{cat, h, t}, nil
}

// page is what the templates see.
type page struct {
	*i18n.Printer
	Finished
	Subject string
	Lead    string
	Counts  []count
	Ribbon  []band
}

// count is one outcome with its number.
type count struct {
	Name, Color string
	Rows        string
}

// band is one colour of the ribbon.
type band struct {
	Name, Color string
	Percent     int
}

// Finished writes the mail about an import that has ended, without its reader.
func (t *Texts) Finished(lang i18n.Lang, f Finished) (Message, error) {
	p := t.cat.Printer(lang)
	f.File = Line(f.File, 120)
	f.Workspace = Line(f.Workspace, 120)
	if len(f.Reasons) > maxReasons {
		f.Reasons = f.Reasons[:maxReasons]
	}
	pg := page{Printer: p, Finished: f, Subject: subject(p, &f), Lead: lead(p, &f), Counts: counts(p, &f), Ribbon: ribbon(p, &f)}
	var h, x bytes.Buffer
	if err := t.html.ExecuteTemplate(&h, "import_finished.html", pg); err != nil {
		return Message{}, fmt.Errorf("mail: %w", err)
	}
	if err := t.text.ExecuteTemplate(&x, "import_finished.tmpl", pg); err != nil {
		return Message{}, fmt.Errorf("mail: %w", err)
	}
	return Message{Subject: pg.Subject, HTML: h.String(), Text: strings.TrimSpace(x.String()) + "\n"}, nil
}

func subject(p *i18n.Printer, f *Finished) string {
	switch f.State {
	case "cancelled":
		return p.T("mail.import.subject_cancelled", "file", f.File)
	case "failed":
		return p.T("mail.import.subject_failed", "file", f.File)
	case "undone":
		return p.T("mail.import.subject_undone", "file", f.File)
	}
	return p.T("mail.import.subject_done", "file", f.File)
}

func lead(p *i18n.Printer, f *Finished) string {
	switch f.State {
	case "cancelled":
		return p.T("mail.import.lead_cancelled", f.Unprocessed, "rows", f.Unprocessed)
	case "failed":
		return p.T("mail.import.lead_failed")
	case "undone":
		return p.T("mail.import.lead_undone")
	}
	return p.T("mail.import.lead_done", f.Rows, "rows", f.Rows, "took", f.Took)
}

// The colours of outcomes, as on every page: solid for areas, dark for numbers on white.
const (
	solidNew, solidUpdated, solidSkipped, solidError, solidLeft = "#2E9A5F", "#3C7FD6", "#B0A69C", "#D4483A", "#F1EDE8"
	darkNew, darkUpdated, darkSkipped, darkError, darkLeft      = "#14663C", "#1B57A0", "#5A5056", "#AB2318", "#564C52"
)

func counts(p *i18n.Printer, f *Finished) []count {
	list := []count{
		{p.T("import.outcome.imported"), darkNew, p.Number(f.Imported)},
		{p.T("import.outcome.updated"), darkUpdated, p.Number(f.Updated)},
		{p.T("import.outcome.skipped"), darkSkipped, p.Number(f.Skipped)},
		{p.T("import.outcome.error"), darkError, p.Number(f.Errors)},
	}
	if f.Unprocessed > 0 {
		list = append(list, count{p.T("import.outcome.unprocessed"), darkLeft, p.Number(f.Unprocessed)})
	}
	return list
}

// ribbon draws the outcomes to scale in whole percents that sum to 100; what is there at all has at least one.
func ribbon(p *i18n.Printer, f *Finished) []band {
	bands := []band{
		{Name: p.T("import.outcome.imported"), Color: solidNew}, {Name: p.T("import.outcome.updated"), Color: solidUpdated},
		{Name: p.T("import.outcome.skipped"), Color: solidSkipped}, {Name: p.T("import.outcome.error"), Color: solidError},
		{Name: p.T("import.outcome.unprocessed"), Color: solidLeft},
	}
	for i, n := range Shares(f.Imported, f.Updated, f.Skipped, f.Errors, f.Unprocessed) {
		bands[i].Percent = n
	}
	shown := bands[:0]
	for _, b := range bands {
		if b.Percent > 0 {
			shown = append(shown, b)
		}
	}
	return shown
}

// Shares gives whole percents of non-negative counts: they sum to 100 where any count is above zero, and a count above
// zero has at least 1.
func Shares(counts ...int64) []int {
	out := make([]int, len(counts))
	var sum int64
	largest := 0
	for i, n := range counts {
		sum += n
		if n > counts[largest] {
			largest = i
		}
	}
	if sum == 0 {
		return out
	}
	left := 100
	for i, n := range counts {
		if n > 0 {
			out[i] = max(1, int(float64(n)/float64(sum)*100))
		}
		left -= out[i]
	}
	out[largest] += left
	return out
}
