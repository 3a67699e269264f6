package api

import (
	"context"
	"time"

	"cadastro/internal/errs"
	"cadastro/internal/i18n"
	"cadastro/internal/importer"
)

// Import is one file on its way into the base. rows = imported + updated + skipped + errors + unprocessed, always; before the
// start all rows are unprocessed, and review says what they will be.
type Import struct {
	ID          int64     `json:"id" doc:"Number of the import in its workspace."`
	State       string    `json:"state" enum:"uploaded,validating,review,queued,importing,done,cancelled,failed,expired,undoing,undone"`
	File        File      `json:"file"`
	Rows        int64     `json:"rows" doc:"Rows of the file, 0 until the review has read it."`
	Imported    int64     `json:"imported" doc:"Rows that added a contact."`
	Updated     int64     `json:"updated" doc:"Rows that changed one."`
	Skipped     int64     `json:"skipped" doc:"Rows that changed nothing, by a rule."`
	Errors      int64     `json:"errors" doc:"Rows with a fault."`
	Unprocessed int64     `json:"unprocessed" doc:"Rows that nothing has been done with."`
	Drifted     int64     `json:"drifted,omitempty" doc:"Rows that came out otherwise than reviewed, because the base had changed."`
	Review      *Review   `json:"review,omitempty" doc:"What the review found, from state review on."`
	Progress    *Progress `json:"progress,omitempty" doc:"How far the work at hand is."`
	Ahead       int       `json:"ahead,omitempty" doc:"Imports of the workspace that are to end before this one begins."`
	Settings    *Settings `json:"settings,omitempty" doc:"What was chosen. Not in lists."`
	Error       *Problem  `json:"error,omitempty" doc:"Why it failed."`
	Actor       string    `json:"actor" doc:"Who brought the file: member 3, token 5, cli."`
	Member      string    `json:"member,omitempty" doc:"The member's name."`
	From        int64     `json:"from,omitempty" doc:"The import whose settings it took over."`
	CreatedAt   time.Time `json:"created_at"`

	ReviewedAt *time.Time `json:"reviewed_at,omitempty"`
	StartedAt  *time.Time `json:"started_at,omitempty"`
	FinishedAt *time.Time `json:"finished_at,omitempty"`
	UndoUntil  *time.Time `json:"undo_until,omitempty" doc:"Until when it can be undone; missing where it cannot."`
	Undo       *Undo      `json:"undo,omitempty" doc:"What the undoing did."`
	HasResult  bool       `json:"has_result" doc:"Whether the result file is there."`
}

// File is the file of an import.
type File struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Review is what a review found: rows = imported + updated + skipped + errors.
type Review struct {
	Rows     int64            `json:"rows"`
	Imported int64            `json:"imported" doc:"Rows that will add a contact."`
	Updated  int64            `json:"updated"`
	Skipped  int64            `json:"skipped"`
	Errors   int64            `json:"errors"`
	Warnings int64            `json:"warnings" doc:"Rows that will go in and should be looked at."`
	Cleared  int64            `json:"cleared" doc:"Values that will be erased."`
	Changes  map[string]int64 `json:"changes" nullable:"false" doc:"Field key to contacts whose value will change."`
	NewTags  []string         `json:"new_tags,omitempty"`
	Notes    []Note           `json:"notes,omitempty" doc:"What was recognised in the file as a whole."`
	Expires  *time.Time       `json:"expires,omitempty" doc:"When the review lapses if nobody starts the import."`
}

// Note is something to know of a file or of a value.
type Note struct {
	Severity string `json:"severity" enum:"note,warning,reject"`
	Code     string `json:"code"`
	Text     string `json:"text" doc:"In the caller's language."`
	Column   *int   `json:"column,omitempty" doc:"Of the file, from 0."`
	Field    string `json:"field,omitempty"`
	Value    string `json:"value,omitempty" doc:"The text at fault, at most 200 bytes."`
}

// Progress is how far the work at hand is.
type Progress struct {
	Phase   string    `json:"phase" enum:"upload,review,apply,result,undo"`
	Done    int64     `json:"done" doc:"Of total: bytes at review, else rows."`
	Total   int64     `json:"total" doc:"0 where it is not known."`
	Rows    int64     `json:"rows" doc:"Rows so far."`
	Rate    float64   `json:"rows_per_second,omitempty"`
	Seconds int64     `json:"seconds_left,omitempty"`
	At      time.Time `json:"at" doc:"When this was so."`
}

// Undo is what taking an import back did, or would do.
type Undo struct {
	Binned   int64  `json:"binned" doc:"Contacts that the import had added, now in the bin."`
	Restored int64  `json:"restored" doc:"Contacts that got old values back."`
	Kept     int64  `json:"kept" doc:"Contacts of which something was edited since and stays."`
	List     []Kept `json:"list,omitempty" doc:"The first of those."`
}

// Kept is a contact of which an undoing left something alone.
type Kept struct {
	Contact int64    `json:"contact"`
	Fields  []string `json:"fields,omitempty" doc:"Missing where the contact itself stays."`
}

func undoOf(r *importer.UndoReport) *Undo {
	if r == nil {
		return nil
	}
	out := &Undo{Binned: r.Binned, Restored: r.Restored, Kept: r.Kept}
	for _, k := range r.List {
		out.List = append(out.List, Kept{int64(k.Contact), k.Fields})
	}
	return out
}

// importOf tells of an import; whole brings its settings and its place in the line.
func (a *API) importOf(ctx context.Context, i *importer.Import, whole bool) (*Import, error) {
	text := callOf(ctx).text
	c := &i.Counts
	out := &Import{
		ID: int64(i.ID), State: string(i.State), File: File{i.FileName, i.FileSize, i.FileHash}, Rows: i.Rows, Imported: c.Imported, Updated: c.Updated,
		Skipped: c.Skipped, Errors: c.Errors, Unprocessed: i.Rows - c.Sum(), Drifted: i.Drifted, Actor: i.Actor, Member: i.MemberName, From: int64(i.FromID),
		CreatedAt: i.CreatedAt.UTC(), ReviewedAt: moment(i.ReviewedAt), StartedAt: moment(i.StartedAt), FinishedAt: moment(i.FinishedAt),
		Undo: undoOf(i.UndoReport), HasResult: i.HasResult(),
	}
	if until, ok := a.app.Imports.MayUndo(i); ok {
		out.UndoUntil = moment(until)
	}
	if i.State.Running() && !i.Progress.At.IsZero() {
		p := &i.Progress
		out.Progress = &Progress{Phase: string(p.Phase), Done: p.Done, Total: p.Total, Rows: p.Rows, At: p.At.UTC()}
		if rate, left, ok := i.Pace(); ok {
			out.Progress.Rate, out.Progress.Seconds = rate, int64(left.Seconds()+0.5)
		}
	}
	if !i.ReviewedAt.IsZero() && i.State != importer.Validating {
		out.Review = a.reviewOf(i, text)
	}
	if i.Err != nil {
		out.Error = a.problem(ctx, 0, i.Err)
		out.Error.Request, out.Error.Errors = "", nil
	}
	if !whole {
		return out, nil
	}
	if len(i.Settings.Mapping.Columns) > 0 {
		out.Settings = settingsOf(&i.Settings)
	}
	var err error
	if i.State == importer.Queued || i.State == importer.Undoing {
		out.Ahead, err = a.app.Imports.Place(ctx, i.Workspace, i.ID)
	}
	return out, err
}

func (a *API) reviewOf(i *importer.Import, text *i18n.Printer) *Review {
	s := &i.Summary
	r := &Review{Rows: s.Rows, Imported: s.Counts.Imported, Updated: s.Counts.Updated, Skipped: s.Counts.Skipped, Errors: s.Counts.Errors,
		Warnings: s.Warnings, Cleared: s.Cleared, Changes: s.Changes, NewTags: s.NewTags, Notes: notesOf(text, s.Notes)}
	if r.Changes == nil {
		r.Changes = map[string]int64{}
	}
	if i.State == importer.InReview {
		r.Expires = moment(i.ReviewedAt.Add(a.app.Imports.ReviewExpiry))
	}
	return r
}

func notesOf(text *i18n.Printer, list []errs.Issue) []Note {
	var out []Note
	for _, is := range list {
		n := Note{Severity: is.Severity.String(), Code: is.Code, Text: text.Issue(is), Field: is.Field, Value: is.Value}
		if is.Column >= 0 {
			column := is.Column
			n.Column = &column
		}
		out = append(out, n)
	}
	return out
}

// one is the answer with one import.
type one struct {
	Location string `header:"Location"`
	ImportID int64  `header:"Import-Id"`
	Body     *Import
}

// made answers with an import that was opened just now.
func (a *API) made(ctx context.Context, i *importer.Import) (*one, error) {
	body, err := a.importOf(ctx, i, true)
	return &one{Location: place("imports", int64(i.ID)), ImportID: int64(i.ID), Body: body}, err
}

// told answers with an import as it is now.
func (a *API) told(ctx context.Context, i *importer.Import) (*struct{ Body *Import }, error) {
	body, err := a.importOf(ctx, i, true)
	return &struct{ Body *Import }{body}, err
}
